//! How a model is doing, in a browser.

use std::net::SocketAddr;

use browser::{Browser, browse};
use serde_json::json;
use servers::{free_port, run};

use super::stack::{Page, churn, find, serve_churn, until, well};
use crate::{
    program::{Api, done, get, model_file, serving},
    project::Project,
};

/// Two versions of the customers' model, and a report that says that how often they call and how they are bound has changed.
fn reported(project: &Project) {
    churn(project);
    let (file, registry) = (model_file("churn"), project.text("churn-registry"));
    let (data, lately) = (project.text("later.csv"), project.text("lately.csv"));
    let sample = |seed, output: &str, drift: &[&str]| {
        done(serving(&["sample", "churn", "--rows", "1500", "--seed", seed, "--output", output]).args(drift));
    };
    sample("8", &data, &[]);
    done(&mut serving(&["train", "--model-file", &file, "--registry", &registry, "--data", &data]));
    sample("9", &lately, &["--drift", "support_calls=2", "--drift", "contract=-0.7"]);
    let mut drift = serving(&["drift", "--model-file", &file, "--registry", &registry, "--window", &lately]);
    let judged = run(drift.arg("--publish"));
    assert_eq!(judged.status.code(), Some(1), "{}", String::from_utf8_lossy(&judged.stderr));
}

fn serve(project: &Project, address: SocketAddr) -> Api {
    let api = serve_churn(project, address, &[]);
    api.until("the report", |api| get(&api.url("/drift")).0 == 200);
    api
}

fn address() -> SocketAddr {
    format!("127.0.0.1:{}", free_port()).parse().unwrap()
}

const TOLD: &str = "return document.querySelectorAll('[data-part=versions] tbody tr').length === 2 \
                    && document.querySelectorAll('[data-part=drift] > details').length === 10 \
                    && !!document.querySelector('.figures') && !document.querySelector('[data-stale]')";
const CHANGED: &str = "return [...document.querySelectorAll('[data-part=drift] > details[open] > summary')]\
                       .map(one => one.textContent).join('; ')";

#[test]
fn what_is_known_is_shown_on_any_screen_in_either_language() {
    let project = Project::new();
    reported(&project);
    let api = serve(&project, address());
    let page = Page::of(&[("API_URL_CHURN", &api.url(""))]);
    let parts = page.url("/en/models/churn/watch/parts");
    page.page.until("a first look", |_| get(&parts).1.contains("<dt>Requests per second</dt>"));
    let customer = json!({"tenure": 2, "monthly_charges": 95, "total_charges": 190, "support_calls": 4,
        "contract": "month-to-month", "payment_method": "electronic-check", "internet_service": "fiber",
        "tech_support": "no", "paperless_billing": "yes", "senior": "no"});
    (0..50).for_each(|_| assert_eq!(api.predict(&customer).0, 200));
    page.page.until("they are counted", |_| get(&parts).1.contains("95 of 100 are answered within"));
    browse(async |browser| {
        for (language, width, scheme, changed) in [
            ("en", 1440, "light", "Calls to support: has changed; Contract: has changed"),
            ("fr", 360, "dark", "Appels à l’assistance\u{a0}: a changé; Contrat\u{a0}: a changé"),
            ("en", 360, "light", "Calls to support: has changed; Contract: has changed"),
            ("fr", 1440, "dark", "Appels à l’assistance\u{a0}: a changé; Contrat\u{a0}: a changé"),
        ] {
            browser.resize(width, 900).await;
            browser.scheme(scheme).await;
            browser.goto(&page.url(&format!("/{language}/models/churn/watch"))).await.unwrap();
            until(browser, TOLD).await;
            assert_eq!(browser.evaluate(CHANGED).await, changed);
            assert_eq!(browser.evaluate("return document.querySelectorAll('.figures dd').length").await, 4);
            // A histogram, and bars that lie: of both, each bin has its two.
            for (place, shapes) in [(1, "svg.plot rect"), (2, ".bars rect")] {
                let of = |kind: &str| format!("document.querySelectorAll('#drift-{place} {shapes}.{kind}').length");
                let pairs = format!("return {0} > 2 && {0} === {1}", of("reference"), of("window"));
                assert_eq!(browser.evaluate(&pairs).await, true, "{shapes}");
            }
            well(browser, &format!("page-watch-{language}-{width}-{scheme}")).await;
            browser.evaluate("for (const one of document.querySelectorAll('details')) one.open = true").await;
            well(browser, &format!("page-watch-{language}-{width}-{scheme}-all")).await;
        }
    });
}

/// Presses a key where the focus is.
async fn press(browser: &Browser, key: &str) {
    browser.active_element().await.unwrap().send_keys(key).await.unwrap();
}

const TAB: &str = "\u{e004}";
/// What the keyboard has to reach, and where it is now.
const STOPS: &str = "return [...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')]\
                     .filter(one => one.checkVisibility()).length";
const HERE: &str =
    "window.met ??= new Set(); met.add(document.activeElement); met.delete(document.body); return met.size";

#[test]
fn the_keyboard_reaches_and_unfolds_everything() {
    let project = Project::new();
    reported(&project);
    let api = serve(&project, address());
    let page = Page::of(&[("API_URL_CHURN", &api.url(""))]);
    browse(async |browser| {
        browser.resize(360, 900).await;
        browser.goto(&page.url("/en/models/churn")).await.unwrap();
        find(browser, "#inputs").await;
        // To the page itself: models, languages, then the tabs.
        for _ in 0..20 {
            press(browser, TAB).await;
            if browser.evaluate("return document.activeElement.pathname?.endsWith('/watch') ?? false").await == true {
                break;
            }
        }
        press(browser, "\u{e007}").await;
        until(browser, TOLD).await;
        let mut met = 0.into();
        for _ in 0..120 {
            press(browser, TAB).await;
            let folded =
                "const one = document.activeElement; return one.tagName === 'SUMMARY' && !one.parentElement.open";
            if browser.evaluate(folded).await == true {
                press(browser, "\u{e007}").await;
            }
            met = browser.evaluate(HERE).await;
        }
        let stops = browser.evaluate(STOPS).await;
        assert_eq!(met, stops, "the keyboard misses some");
        assert_eq!(browser.evaluate("return document.querySelectorAll('details:not([open])').length").await, 0);
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}

#[test]
fn what_was_last_known_stays_while_the_api_is_away() {
    let project = Project::new();
    reported(&project);
    let address = address();
    let api = serve(&project, address);
    let page = Page::of(&[("API_URL_CHURN", &api.url(""))]);
    browse(async |browser| {
        browser.resize(360, 900).await;
        browser.goto(&page.url("/fr/models/churn/watch")).await.unwrap();
        until(browser, TOLD).await;
        // Somebody reads on.
        find(browser, "#drift-5 summary").await.click().await.unwrap();
        drop(api);
        until(browser, "return !!document.querySelector('[data-part=state] .unreachable')").await;
        until(browser, "return document.querySelectorAll('[data-stale] time').length === 3").await;
        let reads = "return document.getElementById('drift-5').open && document.activeElement.closest('details')?.id === 'drift-5'";
        assert_eq!(browser.evaluate(reads).await, true);
        assert_eq!(browser.evaluate(CHANGED).await.as_str().unwrap().matches("a changé").count(), 2);
        well(browser, "page-watch-away").await;
        let _back = serve(&project, address);
        until(browser, "return !!document.querySelector('[data-part=state] .loaded')").await;
        until(browser, TOLD).await;
        assert_eq!(browser.evaluate(reads).await, true);
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}
