//! A database where a client wants an HTTP server.
use builders::*;

const MLFLOW_TRACKING_URI: Variable<Http> = Variable::http("MLFLOW_TRACKING_URI");

fn api(app: &mut App, image: &ImageRef, postgres: &Endpoint<Sql>) -> Endpoint<Http> {
    app.deployment(name!("api"), image).connect(postgres, &MLFLOW_TRACKING_URI).serve(&http(name!("http"), 8000))
}

fn main() {}
