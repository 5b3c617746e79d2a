//! What is broken on purpose, and what is told of it.

use std::fs;

use super::stack::Stack;

#[test]
fn an_outage_raises_its_alert_alone_and_until_it_is_over() {
    let mut stack = Stack::start();
    stack.prometheus.stays_quiet(8);

    stack.kill_api();
    stack.prometheus.until_firing(&["ApiDown"], 20);
    stack.start_api();
    stack.prometheus.until_firing(&[], 20);

    // A file in its place is no registry that has nothing.
    let (registry, away) = (stack.project.path("registry"), stack.project.path("away"));
    fs::rename(&registry, &away).unwrap();
    fs::write(&registry, "").unwrap();
    stack.prometheus.until_firing(&["RegistryUnreachable"], 40);
    fs::remove_file(&registry).unwrap();
    fs::rename(&away, &registry).unwrap();
    stack.prometheus.until_firing(&[], 20);

    stack.spoil_champion();
    stack.prometheus.until_firing(&["ModelRefused"], 20);
    // The version before is served on, and the rise of the counter is over after a while.
    assert_eq!(stack.api().version().as_deref(), Some("1"));
    stack.prometheus.until_firing(&[], 40);

    // A new pod finds nothing it could serve.
    stack.kill_api();
    stack.start_api();
    stack.prometheus.until_firing(&["NoModelLoaded"], 30);
    stack.mend_champion();
    stack.prometheus.until_firing(&[], 60);
}
