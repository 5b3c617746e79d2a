//! A workload that nobody finishes, in a workspace that denies unused results as ours does.
#![deny(unused_must_use)]
use builders::*;

fn api(app: &mut App, image: &ImageRef) {
    app.deployment(name!("api"), image).args(["serve"]);
}

fn main() {}
