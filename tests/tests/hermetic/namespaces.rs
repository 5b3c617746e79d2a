//! Edges cross namespaces: full names, namespace selectors on both sides, a Secret in each.

use builders::{Cluster, Http, Model, Resources, Sql, Variable, http, key, name, sql};
use tests::{edges::one_sided, manifests::objects, references::dangling, restricted::violations};

const DATABASE_URL: Variable<Sql> = Variable::sql("DATABASE_URL");
const API_URL: Variable<Http> = Variable::http("API_URL");

#[test]
fn an_edge_between_namespaces_is_complete() {
    let image = "example/web:1".parse().expect("an image");
    let resources = Resources::new((100, 64), (200, 128));
    let (web, port) = (http(name!("http"), 8000), sql(name!("postgres"), 5432));
    let mut model = Model::new(Cluster::named("shop"));
    let mut data = model.namespace(&name!("data"));
    let secret = data.secret(name!("postgres"));
    let (user, password) = (secret.fixed(key!("APP_USER"), &name!("app")), secret.key(key!("APP_PASSWORD")));
    let server = data
        .deployment(name!("postgres"), &image)
        .resources(&resources)
        .secret("APP_PASSWORD", &password)
        .ready(builders::exec(["pg_isready"]))
        .live(builders::exec(["true"]))
        .serve(&port);
    let database = server.database(&name!("app"), user, password);
    let api = model
        .namespace(&name!("science"))
        .deployment(name!("api"), &image)
        .resources(&resources)
        .connect(&database, &DATABASE_URL)
        .ready(web.get("/ready"))
        .live(web.get("/health"))
        .serve(&web);
    model
        .namespace(&name!("data"))
        .deployment(name!("page"), &image)
        .resources(&resources)
        .connect(&api, &API_URL)
        .ready(web.get("/ready"))
        .live(web.get("/health"))
        .serve(&web);

    let compiled = model.finish().expect("nothing clashes");
    let objects = objects(compiled.files.values());
    assert_eq!(dangling(&objects, &compiled.inventory), [""; 0]);
    assert_eq!(violations(&objects), [""; 0]);
    assert_eq!(one_sided(&objects), [""; 0]);

    let api = &compiled.files["020-api.yaml"];
    assert!(api.contains("value: postgresql://postgres.data.svc.cluster.local:5432/app"));
    // The server's policy names the client's namespace, and the other way round.
    let selector = |namespace: &str| {
        format!("namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: {namespace}\n")
    };
    assert!(compiled.files["010-postgres.yaml"].contains(&selector("science")));
    assert!(api.contains(&selector("data")) && compiled.files["030-page.yaml"].contains(&selector("science")));
    // A pod reads Secrets of its own namespace: the same Secret is declared in both, with the keys that are read there.
    let keys = |namespace| {
        compiled.inventory.secrets[&(namespace, name!("postgres"))]
            .keys
            .keys()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (keys(name!("data")), keys(name!("science"))),
        (vec!["APP_PASSWORD".into()], vec!["APP_PASSWORD".into(), "APP_USER".into()])
    );
    for namespace in ["data", "science"] {
        let file = &compiled.files[&format!("000-namespace-{namespace}.yaml")];
        assert!(
            file.contains("kind: ResourceQuota")
                && file.contains("name: deny-all")
                && file.contains("enforce: restricted")
        );
    }
    // Each quota holds its own pods: two and their surges there, one and its surge here.
    assert!(
        compiled.files["000-namespace-data.yaml"].contains("pods: \"4\"")
            && compiled.files["000-namespace-science.yaml"].contains("pods: \"2\"")
    );
}
