//! Whatever rules and dashboards ask for is there to be asked for, and each alert has a page that says what to do.

use std::{collections::BTreeSet, fs};

use components::{
    monitoring::{dashboards, rules},
    serving::LATENCY_BOUNDS,
};
use serde_json::Value;
use tests::{
    monitoring::{
        Query,
        exported::{Exported, FOREIGN, OF_TARGETS},
        of_dashboard, of_dashboards, of_rules,
        promql::{Selector, selectors},
        runbooks, stacks,
    },
    repository,
};

/// What is wrong with a query: a metric that nobody exports, or a label that it does not have.
fn problems(query: &Query, exported: &Exported, recorded: &BTreeSet<String>) -> Vec<String> {
    let asked = match selectors(&query.expr) {
        Ok(asked) => asked,
        Err(error) => return vec![format!("{error}: {}", query.expr)],
    };
    let mut problems: Vec<String> =
        asked.iter().filter_map(|selector| problem(selector, exported, recorded).err()).collect();
    let kept: BTreeSet<&String> = asked.iter().flat_map(|selector| &selector.kept).collect();
    let unknown = query.shown.iter().filter(|label| !kept.is_empty() && !kept.contains(label));
    problems.extend(unknown.map(|label| format!("the label {label} is shown, and no aggregation keeps it")));
    problems
}

fn problem(selector: &Selector, exported: &Exported, recorded: &BTreeSet<String>) -> Result<(), String> {
    let Selector { metric, matchers, kept } = selector;
    let used = || matchers.iter().map(|matcher| matcher.name.as_str()).chain(kept.iter().map(String::as_str));
    let has = |labels: &[&str]| match used().find(|label| !labels.contains(label)) {
        Some(label) => Err(format!("{metric} has no label {label}")),
        None => Ok(()),
    };
    if let Some((_, labels)) = FOREIGN.iter().find(|(name, _)| name == metric) {
        return has(labels);
    }
    if recorded.contains(metric) {
        return has(&["job", "namespace"]);
    }
    let series = exported.series(metric).ok_or_else(|| format!("nobody exports {metric}"))?;
    let labels: Vec<&str> = exported.labels(metric).into_iter().chain(OF_TARGETS).collect();
    has(&labels)?;
    let own = matchers.iter().filter(|matcher| !OF_TARGETS.contains(&matcher.name.as_str()));
    let fits = |labels: &tests::monitoring::exported::Labels| {
        own.clone().all(|matcher| matcher.is_match(labels.get(&matcher.name).map_or("", String::as_str)))
    };
    if series.iter().any(fits) { Ok(()) } else { Err(format!("no series of {metric} fits {matchers:?}")) }
}

fn recorded() -> BTreeSet<String> {
    let groups = stacks().into_iter().flat_map(|watched| rules(&watched, &runbooks()));
    groups.flat_map(|group| group.rules).filter_map(|rule| rule.record).collect()
}

#[test]
fn rules_and_dashboards_ask_for_what_is_exported() {
    let (exported, recorded) = (Exported::by_the_program(), recorded());
    for watched in stacks() {
        let queries: Vec<Query> = of_rules(&watched).into_iter().chain(of_dashboards(&watched)).collect();
        assert!(queries.len() > 60, "{}", queries.len());
        for query in queries {
            assert_eq!(problems(&query, &exported, &recorded), [""; 0], "{}: {}", query.asked_by, query.expr);
        }
    }
}

#[test]
fn a_dashboard_that_asks_for_what_nobody_exports_is_found() {
    let (exported, recorded) = (Exported::by_the_program(), recorded());
    let text = &dashboards(&stacks()[0])[1].json;
    for (right, wrong, told) in [
        ("http_requests_total", "http_request_total", "nobody exports http_request_total"),
        ("job:prediction_errors:ratio_rate5m", "job:prediction_errors:ratio_rate7m", "nobody exports job:"),
        ("sum by (model, class)", "sum by (model, klass)", "model_predictions_total has no label klass"),
        ("{{model}} {{class}}", "{{model}} {{klass}}", "the label klass is shown"),
        (r#"statistic=\"psi\""#, r#"statistic=\"ps\""#, "no series of model_drift_score fits"),
        ("/predict|/explain|/v2/.+/infer", "/predicted", "no series of http_requests_total fits"),
        ("label_values(serving_build_info", "label_values(serving_info", "nobody exports serving_info"),
        ("sum by (job, status) (rate(", "sum by (job, status) (rate((", "unclosed left parenthesis"),
    ] {
        let broken = text.replace(right, wrong);
        assert_ne!(&broken, text, "{right}");
        let broken: Value = serde_json::from_str(&broken).expect("JSON");
        let found: Vec<String> =
            of_dashboard(&broken).iter().flat_map(|query| problems(query, &exported, &recorded)).collect();
        assert!(found.iter().any(|problem| problem.contains(told)), "{wrong}: {found:?}");
    }
}

#[test]
fn an_objective_is_a_bound_of_the_programs_histogram() {
    let exported = Exported::by_the_program();
    let buckets = exported.series("http_request_duration_seconds_bucket").expect("a histogram");
    let bounds: BTreeSet<u64> = buckets.iter().filter_map(|labels| micros(&labels["le"])).collect();
    assert_eq!(bounds, LATENCY_BOUNDS.map(u64::from).into());
}

/// Seconds as microseconds; nothing of what is no number.
fn micros(seconds: &str) -> Option<u64> {
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, ""));
    format!("{whole}{part:0<6}").parse().ok()
}

/// Headings that every page has, in this order.
const HEADINGS: [&str; 5] =
    ["## What it means", "## Who notices", "## How to look", "## What to do", "## When it is no problem"];

#[test]
fn every_alert_has_a_page_and_every_page_an_alert() {
    let folder = repository().join("docs/runbooks");
    let groups = stacks().into_iter().flat_map(|watched| rules(&watched, &runbooks()));
    let mut alerts = BTreeSet::new();
    for rule in groups.flat_map(|group| group.rules) {
        let Some(alert) = rule.alert else { continue };
        alerts.insert(alert.to_owned());
        assert_eq!(rule.annotations["runbook_url"], format!("https://example.com/runbooks/{alert}.md"));
        assert!(matches!(rule.labels["severity"].as_str(), "critical" | "warning"), "{alert}");
        for annotation in ["summary", "description"] {
            assert!(rule.annotations[annotation].len() > 10, "{alert}");
        }
    }
    let pages = fs::read_dir(&folder).expect("the pages").flatten().map(|entry| entry.file_name());
    let pages: BTreeSet<String> = pages
        .filter_map(|name| Some(name.to_str()?.strip_suffix(".md")?.to_owned()))
        .filter(|name| name != "README")
        .collect();
    assert_eq!(pages, alerts, "pages on the left, alerts on the right");
    for alert in alerts {
        let page = fs::read_to_string(folder.join(format!("{alert}.md"))).expect("a page");
        assert!(page.starts_with(&format!("# {alert}\n")), "{alert}");
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings, HEADINGS, "{alert}");
    }
}

#[test]
fn two_rules_for_one_alert_can_be_told_apart() {
    for watched in stacks() {
        for group in rules(&watched, &runbooks()) {
            let series = group.rules.iter().map(|rule| (rule.alert, &rule.record, &rule.labels));
            assert_eq!(series.collect::<BTreeSet<_>>().len(), group.rules.len(), "{}", group.name);
        }
    }
}

/// The text between `begin` and the next fence, for each.
fn fenced<'p>(page: &'p str, begin: &str) -> impl Iterator<Item = &'p str> {
    page.split(begin).skip(1).filter_map(|rest| rest.split("```").next())
}

#[test]
fn what_a_page_says_to_ask_and_to_run_is_there() {
    let (exported, recorded) = (Exported::by_the_program(), recorded());
    let recipes = fs::read_to_string(repository().join("justfile")).expect("the recipes");
    let recipes: BTreeSet<&str> = recipes.lines().filter_map(|line| line.split([' ', ':']).next()).collect();
    let (mut asked, mut ran) = (0, 0);
    for page in fs::read_dir(repository().join("docs/runbooks")).expect("the pages").flatten() {
        let (name, text) = (page.file_name(), fs::read_to_string(page.path()).expect("a page"));
        for expr in fenced(&text, "```promql\n").flat_map(str::lines) {
            let query = Query { asked_by: String::new(), expr: expr.replace("JOB", "churn-api"), shown: Vec::new() };
            assert_eq!(problems(&query, &exported, &recorded), [""; 0], "{}: {expr}", name.display());
            asked += 1;
        }
        let commands = text.split(['`', '\n']).filter_map(|line| line.strip_prefix("just "));
        for recipe in commands.filter_map(|line| line.split_whitespace().next()).filter(|recipe| *recipe != "…") {
            assert!(recipes.contains(recipe), "{}: just {recipe}", name.display());
            ran += 1;
        }
    }
    assert!(asked > 10 && ran > 15, "{asked} {ran}");
}
