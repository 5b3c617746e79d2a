//! Clashes between declarations that are each right by themselves, told with the lines that declared them.

use builders::{
    App, Cluster, Deployment, Finding, ImageRef, Model, Origin, Quantity, Resources, Scratch, Storage, Unfinished,
    http, key, name,
};

fn image() -> ImageRef {
    "example/web:1".parse().expect("an image")
}

/// A workload with everything it needs.
#[track_caller]
fn web<'m>(app: &'m mut App<'_>, name: builders::Name) -> Unfinished<'m, Deployment> {
    let port = http(name!("http"), 8080);
    app.deployment(name, &image())
        .resources(&Resources::new((100, 64), (200, 128)))
        .ready(port.get("/ready"))
        .live(port.get("/health"))
}

/// What is found in what `declare` declares, and how many lines of this file it points at.
fn found(declare: impl FnOnce(&mut App<'_>)) -> Vec<(String, usize)> {
    let mut model = Model::new(Cluster::named("shop"));
    declare(&mut model.namespace(&name!("shop")));
    let findings = model.finish().err().unwrap_or_default();
    let here = |finding: &Finding| {
        let lines = finding
            .origins
            .iter()
            .filter(|origin| matches!(origin, Origin::Code(at) if at.file().ends_with("findings.rs")));
        assert!(!finding.hint.is_empty() && !finding.message.ends_with('.'));
        (finding.message.clone(), lines.count())
    };
    findings.iter().map(here).collect()
}

fn is(message: &str, lines: usize) -> Vec<(String, usize)> {
    vec![(message.to_owned(), lines)]
}

#[test]
fn a_good_stack_has_none() {
    assert_eq!(found(|app| drop(web(app, name!("a")).serve(&http(name!("http"), 8080)))), []);
}

#[test]
fn names_variables_and_paths_are_used_once() {
    let port = http(name!("http"), 8080);
    let twice = found(|app| {
        web(app, name!("a")).serve(&port);
        web(app, name!("a")).serve(&port);
    });
    assert_eq!(twice, is("the workload a is declared twice", 2));
    let variable = found(|app| drop(web(app, name!("a")).variable("X", "1").variable("X", "2").serve(&port)));
    assert_eq!(variable, is("the variable X of a is set twice", 1));
    let scratch = Scratch::disk(Quantity::mebibytes(1));
    let path = found(|app| drop(web(app, name!("a")).mount(&scratch, "/tmp").mount(&scratch, "/tmp").serve(&port)));
    assert_eq!(path, is("a mounts two things at /tmp", 1));
}

#[test]
fn a_claim_has_one_writer() {
    let port = http(name!("http"), 8080);
    let size = Storage::gibibytes(1);
    assert_eq!(found(|app| drop(app.volume(name!("data"), &size))), is("nobody mounts the volume data", 1));
    let two = found(|app| {
        let data = app.volume(name!("data"), &size);
        web(app, name!("a")).mount(&data, "/data").serve(&port);
        web(app, name!("b")).mount(&data, "/data").serve(&port);
    });
    assert_eq!(two, is("the volume data has one writer, but a and b mount it", 3));
}

#[test]
fn what_was_forgotten_is_told_at_the_workload() {
    let port = http(name!("http"), 8080);
    let bare = found(|app| drop(app.deployment(name!("a"), &image()).serve(&port)));
    assert_eq!(bare, [("a states no resources".to_owned(), 1), ("a has no probes".to_owned(), 1)]);
    let odd = http(name!("a-very-long-port"), 8080);
    let long = found(|app| drop(web(app, name!("a")).ready(odd.get("/")).live(odd.get("/")).serve(&odd)));
    assert_eq!(long, is("the port name a-very-long-port of a is too long", 1));
}

#[test]
fn what_belongs_together_is_in_one_namespace() {
    let port = http(name!("http"), 8080);
    let mut model = Model::new(Cluster::named("shop"));
    let config = model.namespace(&name!("a")).config(name!("c"), [(key!("k"), "v".to_owned())]);
    web(&mut model.namespace(&name!("b")), name!("w")).mount(&config.files(), "/etc/c").serve(&port);
    let findings = model.finish().expect_err("a pod cannot read a ConfigMap of another namespace");
    assert_eq!(findings[0].message, "w is in namespace b, but the ConfigMap c it uses is in a");
    assert_eq!(findings[0].origins.len(), 2);
}

#[test]
fn a_secret_has_one_owner_and_a_key_one_source() {
    let port = http(name!("http"), 8080);
    let owners = found(|app| {
        let (one, other) = (app.secret(name!("s")).key(key!("K")), app.secret(name!("s")).key(key!("K")));
        web(app, name!("a")).secret("X", &one).secret("Y", &other).serve(&port);
    });
    assert_eq!(owners, is("the Secret s is declared twice", 2));
    let sources = found(|app| {
        let secret = app.secret(name!("s"));
        web(app, name!("a")).secret("X", &secret.key(key!("K"))).serve(&port);
        web(app, name!("b")).secret("X", &secret.fixed(key!("K"), &name!("v"))).serve(&port);
    });
    assert_eq!(sources, is("the key K of the Secret s is both random and fixed", 2));
    let bare = found(|app| {
        let user = app.secret(name!("s")).fixed(key!("USER"), &name!("v"));
        web(app, name!("a")).secret("X", &user).serve(&port);
    });
    assert_eq!(bare, is("nothing that is read of the Secret s in namespace shop is secret", 1));
}

#[test]
fn what_an_operator_makes_is_read_where_it_makes_it() {
    let port = http(name!("http"), 8080);
    let mut model = Model::new(Cluster::named("shop"));
    let login = model.namespace(&name!("a")).operator_secret(name!("db-app"), "CloudNativePG").key(key!("password"));
    web(&mut model.namespace(&name!("a")), name!("here")).secret("X", &login).serve(&port);
    web(&mut model.namespace(&name!("b")), name!("there")).secret("X", &login).serve(&port);
    let findings = model.finish().expect_err("nobody copies the Secret");
    let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(told, ["there is in namespace b, but CloudNativePG makes the Secret db-app in a"]);
}

#[test]
fn what_no_container_would_take_is_refused() {
    let port = http(name!("http"), 8080);
    let size = Scratch::memory(Quantity::mebibytes(1));
    let probe = found(|app| drop(web(app, name!("a")).ready(http(name!("admin"), 9000).get("/")).serve(&port)));
    assert_eq!(probe, is("a probe of a asks the port admin, which it does not serve", 1));
    let relative = found(|app| drop(web(app, name!("a")).mount(&size, "data").serve(&port)));
    assert_eq!(relative, is("a mounts something at \"data\"", 1));
    let alike =
        found(|app| drop(web(app, name!("a")).mount(&size, "/var/cache").mount(&size, "/var-cache").serve(&port)));
    assert_eq!(alike, is("two volumes of a would be named var-cache, after their paths", 1));
    let nowhere = found(|app| drop(web(app, name!("a")).serve(&http(name!("http"), 0))));
    assert_eq!(nowhere, is("a serves port 0", 1));
    let silenced = found(|app| drop(web(app, name!("a"))));
    assert_eq!(silenced, is("the workload a is never finished", 1));
}

#[test]
fn an_empty_directory_in_memory_says_so() {
    let mut model = Model::new(Cluster::named("shop"));
    let memory = Scratch::memory(Quantity::mebibytes(8));
    web(&mut model.namespace(&name!("shop")), name!("a")).mount(&memory, "/run").serve(&http(name!("http"), 8080));
    assert!(
        model.finish().expect("nothing clashes").files["010-a.yaml"]
            .contains("medium: Memory\n          sizeLimit: 8Mi")
    );
}

#[test]
fn a_config_map_fits_the_api_server() {
    let port = http(name!("http"), 8080);
    let large = found(|app| {
        let config = app.config(name!("c"), [(key!("k"), "x".repeat(1024 * 1024 + 1))]);
        web(app, name!("a")).mount(&config.files(), "/etc/c").serve(&port);
    });
    assert_eq!(large, is("the ConfigMap c holds 1048577 bytes, more than the 1 MiB that the API server takes", 1));
}
