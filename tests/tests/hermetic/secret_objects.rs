//! What stands in the manifests for Secrets that something in the cluster makes, and how pods read them.

use builders::{
    Ciphertexts, Cluster, Compiled, Model, Name, Resources, SecretsPlan, Store, StoreKind, http, key, name,
};
use insta::assert_snapshot;
use stack::commands::show;
use tests::environments;

/// Keys from every source, some of them read in two namespaces.
fn compiled(secrets: SecretsPlan) -> Compiled {
    let mut model = Model::new(Cluster { secrets, ..Cluster::named("shop") });
    let mut app = model.namespace(&name!("shop"));
    let postgres = app.secret(name!("postgres"));
    let (user, password) = (postgres.fixed(key!("USER"), &name!("shop")), postgres.key(key!("PASSWORD")));
    let credentials = app.secret(name!("bucket")).supplied(key!("key.json"));
    let (login, word) = app.secret(name!("role")).basic_auth(&name!("reader"));
    let made = app.operator_secret(name!("db-app"), "CloudNativePG").key(key!("password"));
    app.reads(&name!("db"), &login);
    app.reads(&name!("db"), &word);
    let (image, port) = ("example/web:1".parse().expect("an image"), http(name!("http"), 8080));
    for (namespace, name) in [(name!("shop"), name!("web")), (name!("elsewhere"), name!("copy"))] {
        let here = namespace == name!("shop");
        let mut app = model.namespace(&namespace);
        let web = app.deployment(name, &image).resources(&Resources::new((100, 64), (500, 128)));
        let web = web.secret("USER", &user).secret("PASSWORD", &password).mount(&credentials.file(), "/etc/bucket");
        let web = if here { web.secret("DB_PASSWORD", &made) } else { web };
        web.ready(port.get("/ready")).live(port.get("/health")).serve(&port);
    }
    model.finish().expect("nothing clashes")
}

/// What `compiled` declares, each with a text in the place of its ciphertext.
fn ciphertexts(mark: &str) -> Ciphertexts {
    let text = |namespace: &str, secret: &str| format!("{mark}-{namespace}-{secret}");
    let secrets = |namespace: &str, role: bool| {
        let all = [(name!("bucket"), key!("key.json")), (name!("postgres"), key!("PASSWORD"))];
        let role = role.then(|| (name!("role"), key!("password")));
        let sealed = |(secret, key): (Name, _)| (secret.clone(), [(key, text(namespace, secret.as_str()))].into());
        all.into_iter().chain(role).map(sealed).collect()
    };
    [(name!("shop"), secrets("shop", true)), (name!("elsewhere"), secrets("elsewhere", false))].into()
}

fn of_secrets(compiled: &Compiled) -> String {
    let files = compiled.files.iter().filter(|(name, _)| name.starts_with("001-"));
    files.fold(String::new(), |all, (name, text)| format!("{all}== {name}\n{text}"))
}

#[test]
fn sealed() {
    assert_snapshot!("secrets-sealed", of_secrets(&compiled(SecretsPlan::Sealed(ciphertexts("one")))));
}

#[test]
fn external() {
    let store = Store {
        store: "vault".parse().expect("a name"),
        store_kind: StoreKind::SecretStore,
        prefix: Some("shop/production".parse().expect("a path")),
        refresh_interval: "90s".parse().expect("an interval"),
    };
    let compiled = compiled(SecretsPlan::ExternalSecrets(store));
    assert_snapshot!("secrets-external", of_secrets(&compiled));
    assert_snapshot!("secrets-external-inventory", show::text(&compiled.inventory));
}

#[test]
fn elsewhere_is_not_in_the_manifests() {
    assert_eq!(of_secrets(&compiled(SecretsPlan::Elsewhere)), "");
}

#[test]
fn another_ciphertext_changes_its_own_file_alone() {
    let [one, other] = ["one", "other"].map(|mark| compiled(SecretsPlan::Sealed(ciphertexts(mark))).files);
    let changed: Vec<&str> = one.keys().filter(|file| one[*file] != other[*file]).map(String::as_str).collect();
    assert_eq!(changed, ["001-secrets-elsewhere.yaml", "001-secrets-shop.yaml"]);
}

#[test]
fn a_key_is_mounted_as_a_file_and_counts_as_read() {
    let compiled = compiled(SecretsPlan::Elsewhere);
    let text = &compiled.files["010-web.yaml"];
    let volume = "\
      - name: etc-bucket
        secret:
          defaultMode: 288
          items:
          - key: key.json
            path: key.json
          secretName: bucket
";
    assert!(text.contains(volume), "{text}");
    assert!(text.contains("        - name: etc-bucket\n          mountPath: /etc/bucket\n          readOnly: true\n"));
    let readers = |namespace: Name| {
        let (_, readers) = &compiled.inventory.secrets[&(namespace, name!("bucket"))].keys[&key!("key.json")];
        readers.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!((readers(name!("shop")), readers(name!("elsewhere"))), (vec!["web".into()], vec!["copy".into()]));
}

#[test]
fn cloudnative_pg_is_told_when_the_password_of_a_role_changes() {
    let (_, production) = environments::all().into_iter().find(|(name, _)| name == "production").expect("production");
    let made =
        production.compiled.files["001-secrets-mlops.yaml"].split("---\n").filter(|it| it.contains("cnpg.io/reload"));
    let names: Vec<_> = made.map(|it| it.contains("\n  name: postgres-predictions\n")).collect();
    assert_eq!(names, [true]);
}
