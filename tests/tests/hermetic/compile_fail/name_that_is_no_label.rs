//! A name that Kubernetes would refuse.
use builders::*;

fn main() {
    let _ = name!("Diabetes_API");
}
