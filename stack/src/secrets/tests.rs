//! Keys from every source: who is asked for which, and what is printed.

use std::collections::BTreeMap;

use builders::{Cluster, Inventory, Model, Resources, http, key, name};
use documents::{Style, render};
use secrecy::ExposeSecret;

use super::{Given, KeyPath, Vault, manifests, wanted};
use crate::project::Project;

fn inventory() -> Inventory {
    let mut model = Model::new(Cluster::named("shop"));
    let mut app = model.namespace(&name!("shop"));
    let bucket = app.secret(name!("bucket")).supplied(key!("key.json"));
    let (user, password) = app.secret(name!("role")).basic_auth(&name!("reader"));
    let made = app.operator_secret(name!("db-app"), "CloudNativePG").key(key!("password"));
    let (image, port) = ("example/web:1".parse().expect("an image"), http(name!("http"), 8080));
    let web = app.deployment(name!("web"), &image).resources(&Resources::new((100, 64), (500, 128)));
    let web = web.mount(&bucket.file(), "/etc/bucket").secret("USER", &user).secret("PASSWORD", &password);
    web.secret("DB", &made).ready(port.get("/ready")).live(port.get("/health")).serve(&port);
    model.finish().expect("nothing clashes").inventory
}

fn path(text: &str) -> KeyPath {
    let (secret, key) = text.split_once('/').expect("a path");
    KeyPath { secret: secret.parse().expect("a name"), key: key.parse().expect("a key") }
}

#[test]
fn nobody_is_asked_for_what_is_fixed_or_made_by_an_operator() {
    let wanted: Vec<_> =
        wanted(&inventory()).into_iter().map(|(key, wanted)| (key.to_string(), wanted.random)).collect();
    assert_eq!(wanted, [("bucket/key.json".to_owned(), false), ("role/password".to_owned(), true)]);
}

#[test]
fn a_file_of_values_holds_nothing_else() {
    let inventory = inventory();
    let read = |text: &str| Given::read("f.yaml", text.as_bytes(), &wanted(&inventory), &inventory);
    let told = |text: &str| read(text).map_or_else(|mistakes| render(&mistakes, Style::Plain), |_| String::new());
    let given = read("bucket:\n  key.json: |\n    {\"a\": 1}\n").map_err(|all| all.len()).expect("it is right");
    assert_eq!(given.get(&path("bucket/key.json")).map(ExposeSecret::expose_secret), Some("{\"a\": 1}\n"));
    assert!(given.get(&path("role/password")).is_none());
    let told =
        told("db-app: {password: hunter2}\nrole: {username: hunter2, pasword: hunter2}\nbuckets: {key: hunter2}\n");
    for what in [
        "the key db-app/password is made by CloudNativePG\n--> f.yaml:1:10\n",
        "the key role/username has a fixed value\n--> f.yaml:2:8\n",
        "nobody declares the key role/pasword\n--> f.yaml:2:27\n\nhint: did you mean role/password?",
        "nobody declares the key buckets/key\n--> f.yaml:3:11\n\nhint: there are bucket/key.json, role/password",
    ] {
        assert!(told.contains(what), "{told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn what_is_printed_has_its_type_and_is_ours_to_make() {
    let inventory = inventory();
    let mut vault = Vault::open(&Project::at("/nowhere"), "local").expect("an empty one");
    vault.set(&path("bucket/key.json"), "one".into());
    vault.set(&path("role/password"), "two".into());
    let printed = manifests(&builders::name!("mlstack"), &inventory, &vault);
    assert!(!printed.contains("db-app"), "its operator makes it");
    let objects: Vec<&str> = printed.split("---\n").skip(1).collect();
    let typed: BTreeMap<_, _> = [("bucket", "Opaque"), ("role", "kubernetes.io/basic-auth")].into();
    for (object, (name, kind)) in objects.iter().zip(typed) {
        assert!(
            object.contains(&format!("  name: {name}\n")) && object.ends_with(&format!("type: {kind}\n")),
            "{object}"
        );
    }
    assert!(objects[1].contains("stringData:\n  password: two\n  username: reader\n"), "{}", objects[1]);
}
