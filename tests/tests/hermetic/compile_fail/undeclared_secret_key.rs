//! A key that no Secret declares.
use builders::*;

fn api(app: &mut App, image: &ImageRef) -> Endpoint<Http> {
    app.deployment(name!("api"), image).secret("API_KEY", &key!("API_KEY")).serve(&http(name!("http"), 8000))
}

fn main() {}
