//! What holds for every environment, tried on generated ones.

use std::fmt::Write;

use builders::Quantity;
use proptest::prelude::*;
use tests::{
    edges::one_sided,
    largest::{largest, quotas},
    manifests::{objects, text},
    references::dangling,
    restricted::violations,
    texts::Texts,
};

fn replicas() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u32..5).prop_map(|count| count.to_string()),
        (1_u32..4, 0_u32..9, 1_u32..200)
            .prop_map(|(min, more, cpu)| format!("{{min: {min}, max: {}, cpu: {cpu}}}", min + more)),
    ]
}

fn exposure(node_port: u32) -> impl Strategy<Value = String> {
    prop_oneof![
        Just("{type: ClusterIP}".to_owned()),
        Just("{type: LoadBalancer}".to_owned()),
        Just(format!("{{type: NodePort, nodePort: {node_port}}}")),
    ]
}

fn environment() -> impl Strategy<Value = (String, Vec<String>)> {
    let names = proptest::collection::btree_set("[a-z]([a-z0-9-]{0,18}[a-z0-9])?", 1..5);
    let models = names.prop_flat_map(|names| {
        let models: Vec<_> =
            (30_000..).zip(names).map(|(port, name)| (Just(name), replicas(), exposure(port))).collect();
        models
    });
    let rest = (replicas(), exposure(31_000), exposure(31_001), "[a-z][a-z0-9]{0,8}", any::<bool>(), any::<bool>());
    (models, rest).prop_map(|(models, (ui, page, mlflow, namespace, pods, old))| {
        let mut text = format!("kubernetes: \"1.34\"\nsecrets: {{type: Generated}}\nnamespace: {namespace}\n");
        if pods {
            text.push_str("podCidr: 10.42.0.0/16\n");
        }
        let version = if old { "2.17.2" } else { "3.17.2" };
        let _ = writeln!(
            text,
            "postgres: {{type: Server}}\nmlflow: {{version: {version}, exposure: {mlflow}}}\nui: {{replicas: {ui}, exposure: {page}}}\nmodels:"
        );
        for (name, replicas, exposure) in &models {
            let _ = writeln!(text, "  - {{name: {name}, api: {{replicas: {replicas}, exposure: {exposure}}}}}");
        }
        (text, models.into_iter().map(|(name, ..)| name).collect())
    })
}

fn texts(environment: &str, models: &[String]) -> Texts {
    let mut texts = Texts::with(environment);
    let diabetes = texts.models["diabetes"].clone();
    // Each its own registered model, as two may not share one.
    let own = |name: &String| {
        String::from_utf8_lossy(&diabetes)
            .replace("model: diabetes-model", &format!("model: {name}-model"))
            .into_bytes()
    };
    texts.models = models.iter().map(|name| (name.clone(), own(name))).collect();
    texts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reference_resolves_and_every_workload_is_restricted((environment, models) in environment()) {
        // Words like `true` are names to Kubernetes but not to YAML: those are told, not compiled.
        let compiled = match texts(&environment, &models).compile() {
            Ok(artifacts) => artifacts.compiled,
            Err(told) => {
                prop_assert!(told.contains("put it in quotes") || told.contains("declared twice") || told.contains("must be text"), "{}", told);
                return Ok(());
            }
        };
        let objects = objects(compiled.files.values());
        prop_assert_eq!(objects.len(), compiled.objects);
        prop_assert_eq!(dangling(&objects, &compiled.inventory), Vec::<String>::new());
        prop_assert_eq!(violations(&objects), Vec::<String>::new());
        // The quota is the sum of what the manifests ask for; a missing claim counts nothing.
        for (namespace, sums) in largest(&objects) {
            for (what, held) in &quotas(&objects)[&namespace] {
                prop_assert_eq!(held.to_string(), sums.get(what).copied().unwrap_or(Quantity::ZERO).to_string(), "{}", what);
            }
        }
        // No Secret is ever in the manifests, not even an empty one.
        prop_assert!(objects.iter().all(|object| text(object, &["kind"]) != "Secret"));
        // Every client of an egress rule finds the matching ingress rule: what one side opens, the other does.
        prop_assert_eq!(one_sided(&objects), Vec::<String>::new());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC*", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Texts::with(text).compile();
        let _ = Texts::with(bytes).compile();
    }

    #[test]
    fn no_mutation_of_an_environment_makes_the_reader_panic(at in 0_usize..400, what in "\\PC{0,4}", cut in 0_usize..5) {
        let good = include_str!("../../environments/full.yaml");
        let at = good.floor_char_boundary(at.min(good.len()));
        let end = good.floor_char_boundary((at + cut).min(good.len()));
        if let Err(told) = Texts::with(format!("{}{what}{}", &good[..at], &good[end..])).compile() {
            prop_assert!(told.starts_with("error: "), "{}", told);
        }
    }
}
