//! The web page: it finds its APIs by the names of the cluster, and has the keys and tokens that those who open it have not.
//!
//! A name has an address here only where the policy of the page lets it go there.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

use servers::{Mlflow, Postgres};
use tests::manifests::{at, identity, items, text};

use super::{cluster::Cluster, network::Network, running::Running};
use crate::{
    page::forms::{Visitor, token},
    program::get,
};

/// The Services that the policy of the page lets it out to, by name, each with an address of its own.
fn reached(cluster: &Cluster, network: &Network) -> BTreeMap<String, SocketAddr> {
    let rules = items(cluster.object("NetworkPolicy", "mlops", "ui"), &["spec", "egress"]);
    let peers = rules.flat_map(|rule| {
        let port = at(rule, &["ports"])[0]["port"].as_u64().unwrap();
        items(rule, &["to"]).map(move |peer| (peer, u16::try_from(port).unwrap()))
    });
    let of = |(peer, port)| {
        let namespace = text(peer, &["namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"]);
        let namespace = if namespace.is_empty() { "mlops" } else { namespace };
        let pods = text(peer, &["podSelector", "matchLabels", "app.kubernetes.io/name"]);
        assert_eq!(identity(cluster.object("Service", namespace, pods)).2, pods);
        let name = format!("{pods}.{namespace}.svc.cluster.local");
        (name.clone(), SocketAddr::from((network.pod(&name), port)))
    };
    peers.filter(|(_, port)| *port != 53).map(of).collect()
}

/// The page, once it says so about so many of its models.
fn started(cluster: &Cluster, network: &Network, states: &[(&str, usize)]) -> Running {
    let page = cluster.pod("Deployment", "mlops", "ui").on(network).start().ready();
    page.until("the states of the models", |page| {
        let home = get(&page.url("/en")).1;
        states.iter().all(|(state, models)| home.matches(&format!("<strong>{state}</strong>")).count() == *models)
    });
    page
}

const FLOWER: &str = "sepal_length=5&sepal_width=3&petal_length=1,4&petal_width=0.2";
const PATIENT: &str =
    "Pregnancies=1&Glucose=120&BloodPressure=70&SkinThickness=20&Insulin=80&BMI=32&DiabetesPedigreeFunction=0.5&Age=33";
const CUSTOMERS: &str = "tenure,monthly_charges,total_charges,support_calls,contract,payment_method,internet_service,\
                         tech_support,paperless_billing,senior\n\
                         2,95,190,4,month-to-month,electronic-check,fiber,no,yes,no\n\
                         60,20,1200,0,two-year,credit-card,none,no,no,no\n";

/// `out/local`: a model with a key from MLflow, one with a monitoring token from a claim, and one that nobody has trained.
#[test]
fn people_use_the_models_without_a_key() {
    let postgres = Postgres::start();
    postgres.database("predictions", "secret");
    let mlflow = Mlflow::start("3.17.2", &postgres);
    let network = Network::new();
    let cluster = Cluster::committed("local")
        .secret("mlops", "postgres", "PREDICTIONS_USER", "predictions")
        .secret("mlops", "postgres", "PREDICTIONS_PASSWORD", "secret")
        .secret("mlops", "iris-api", "API_KEY", "k3y")
        .secret("churn-mlops", "churn-api", "MONITORING_TOKEN", "t0ken")
        .secret("mlops", "churn-api", "MONITORING_TOKEN", "t0ken")
        .service("mlflow.mlops.svc.cluster.local:5000", mlflow.port())
        .service("postgres.mlops.svc.cluster.local:5432", postgres.port())
        .named();
    let reached = reached(&cluster, &network);
    for (namespace, name) in [("mlops", "iris-training"), ("churn-mlops", "churn-training")] {
        cluster.pod("Job", namespace, name).run();
    }
    let api = |namespace: &str, name: &str| {
        let address = reached[&format!("{name}.{namespace}.svc.cluster.local")];
        cluster.pod("Deployment", namespace, name).start_at(address)
    };
    let (iris, churn) = (api("mlops", "iris-api").ready(), api("churn-mlops", "churn-api").ready());
    let _untrained = api("mlops", "diabetes-api");
    let page = started(&cluster, &network, &[("connected, no model", 1), ("connected, model loaded, version 1", 2)]);
    // Where it went is where it may.
    let names: BTreeSet<String> = reached.keys().cloned().collect();
    assert_eq!(network.asked(), names);

    // Who has no scripts, and no key.
    let visitor = Visitor::new();
    let url = page.url("/en/models/iris");
    let (text, cookie) = visitor.open(&url);
    let (status, answer) = visitor.send(&url, &cookie, &format!("{FLOWER}&.token={}", token(&text)));
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("<h2>Iris setosa</h2>") && !answer.contains("k3y"), "{answer}");
    let (status, answer) =
        visitor.send(&page.url("/en/models/diabetes"), &cookie, &format!("{PATIENT}&.token={}", token(&text)));
    assert_eq!(status, 503, "{answer}");
    assert!(answer.contains(r#"data-trouble="no-model""#), "{answer}");

    // A file goes through the volume at /tmp.
    let part = |head: &str, body: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let file =
        part(r#"name=".token""#, token(&text)) + &part(r#"name="file"; filename="c.csv""#, CUSTOMERS) + "--b--\r\n";
    let url = page.url("/en/models/churn/batch");
    let (status, answer) = visitor.send_as("multipart/form-data; boundary=b", &url, &cookie, &file);
    assert_eq!((status, answer.lines().count()), (200, 3), "{answer}");

    // Who watches has no token; the page has one.
    for (model, api) in [("iris", &iris), ("churn", &churn)] {
        let parts = page.url(&format!("/en/models/{model}/watch/parts"));
        page.until("versions and traffic", |_| {
            let text = get(&parts).1;
            text.contains(">champion<") && text.contains("answers now") && text.contains("<dt>Requests per second</dt>")
        });
        let text = get(&parts).1;
        assert!(!text.contains("data-stale") && !text.contains("t0ken"), "{text}");
        assert_eq!(get(&api.url("/traffic")).0, if model == "churn" { 401 } else { 200 });
    }
    page.stop();
}

/// A page whose token is of another day says so, and everything else of it goes on.
#[test]
fn another_token_shows_nothing_of_how_a_model_is_doing() {
    let network = Network::new();
    let cluster = Cluster::committed("local")
        .secret("mlops", "iris-api", "API_KEY", "k3y")
        .secret("churn-mlops", "churn-api", "MONITORING_TOKEN", "t0ken")
        .secret("mlops", "churn-api", "MONITORING_TOKEN", "of another day")
        .named();
    let address = reached(&cluster, &network)["churn-api.churn-mlops.svc.cluster.local"];
    let _churn = cluster.pod("Deployment", "churn-mlops", "churn-api").start_at(address);
    let page = started(&cluster, &network, &[("connected, no model", 1)]);
    let parts = page.url("/en/models/churn/watch/parts");
    page.until("a refusal", |_| get(&parts).1.matches("its monitoring token is refused").count() == 3);
}

/// The other environments: tokens of all models, and names that nobody answers to for a while.
#[test]
fn it_waits_for_apis_that_are_away() {
    for environment in ["staging", "production"] {
        let network = Network::new();
        let cluster =
            ["diabetes-api", "iris-api", "churn-api"].iter().fold(Cluster::committed(environment), |it, api| {
                it.secret("mlops", api, "MONITORING_TOKEN", "t0ken").secret("mlops", api, "API_KEY", "k3y")
            });
        let cluster = cluster.named();
        let names: BTreeSet<String> = reached(&cluster, &network).into_keys().collect();
        let page = started(&cluster, &network, &[("unreachable", names.len())]);
        assert_eq!(network.asked(), names, "{environment}");
        page.stop();
    }
}
