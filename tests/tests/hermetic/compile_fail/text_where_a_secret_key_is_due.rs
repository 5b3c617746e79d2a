//! Plain text where a secret key is due.
use builders::*;

fn api(app: &mut App, image: &ImageRef) -> Endpoint<Http> {
    app.deployment(name!("api"), image).secret("API_KEY", &"hunter2").serve(&http(name!("http"), 8000))
}

fn main() {}
