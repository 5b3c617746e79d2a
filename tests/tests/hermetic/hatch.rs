//! The escape hatch changes the pod and says why; and no component uses it without need.

use std::fs;

use builders::{Cluster, ImageRef, Model, Resources, http, name};
use tests::repository;

#[test]
fn a_patch_is_in_the_manifest_with_its_reason() {
    let image: ImageRef = "example/web:1".parse().expect("an image");
    let web = http(name!("http"), 8080);
    let mut model = Model::new(Cluster::named("shop"));
    model
        .namespace(&name!("shop"))
        .deployment(name!("web"), &image)
        .resources(&Resources::new((100, 64), (200, 128)))
        .ready(web.get("/ready"))
        .live(web.get("/health"))
        .escape_hatch("the image needs a host name of its own", |pod| pod.hostname = Some("web".into()))
        .serve(&web);
    let text = &model.finish().expect("nothing clashes").files["010-web.yaml"];
    assert!(text.contains("hostname: web"));
    assert!(text.contains("mlstack.dev/escape-hatch: the image needs a host name of its own"));
}

#[test]
fn no_component_uses_it_and_none_is_long() {
    let mut folders = vec![repository().join("components/src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the components are there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a text file");
            assert!(!text.contains("escape_hatch"), "{}: state the need in DESIGN.md and here", path.display());
            let own = text.split("#[cfg(test)]").next().unwrap_or_default();
            assert!(own.lines().count() < 120, "{} is longer than a component may be", path.display());
            files += 1;
        }
    }
    assert!(files > 8);
}
