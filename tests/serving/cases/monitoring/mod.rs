//! A real Prometheus scrapes the real program under load: whatever rules and dashboards ask for is there, and an outage raises the
//! alert that is about it, that one alone, and until it is over.

mod outages;
mod picture;
mod prometheus;
mod stack;

use std::{thread, time::Duration};

use tests::monitoring::{of_dashboards, of_rules, promql::selectors};

use self::stack::Stack;

/// Metrics that the stack of this test has: the program's own, and what is recorded of them.
fn is_here(metric: &str) -> bool {
    let elsewhere = ["kube", "backup_", "barman_", "ALERTS"];
    !elsewhere.iter().any(|beginning| metric.starts_with(beginning))
}

#[test]
fn whatever_is_asked_for_is_there() {
    let stack = Stack::start();
    // The longest wait: a rate over five minutes, which are five seconds here, of what was recorded.
    thread::sleep(Duration::from_secs(15));
    let (rules, dashboards) = (of_rules(&stack.watched), of_dashboards(&stack.watched));
    assert!(rules.len() > 20 && dashboards.len() > 30);
    for query in rules.iter().chain(&dashboards) {
        for selector in selectors(&query.expr).unwrap() {
            let matchers: Vec<String> = selector.matchers.iter().map(ToString::to_string).collect();
            let series = format!("{}{{{}}}", selector.metric, matchers.join(","));
            if is_here(&selector.metric) {
                assert!(!stack.prometheus.ask(&series).is_empty(), "{}: {series}", query.asked_by);
            }
        }
    }
    for query in dashboards.iter().filter(|query| selectors(&query.expr).unwrap().iter().all(|it| is_here(&it.metric)))
    {
        let expr = query.expr.replace("[1m]", "[5s]");
        let samples = stack.prometheus.ask(&expr);
        assert!(!samples.is_empty(), "{}: {expr}", query.asked_by);
        for (labels, value) in samples {
            assert!(value.is_finite(), "{}: {value} of {labels:?}", query.asked_by);
            for label in &query.shown {
                assert!(labels.contains_key(label), "{}: {label} is shown, and not among {labels:?}", query.asked_by);
            }
        }
    }
    stack.prometheus.stays_quiet(1);
}
