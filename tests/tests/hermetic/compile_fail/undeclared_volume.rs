//! A mount of a volume that nobody made.
use builders::*;

fn api(app: &mut App, image: &ImageRef) -> Endpoint<Http> {
    app.deployment(name!("api"), image).mount(&"models", "/models").serve(&http(name!("http"), 8000))
}

fn main() {}
