//! What the page says where a model does not answer as it should, and how it goes on.

use browser::{Browser, browse};
use serde_json::{Value, json};
use servers::free_port;

use super::{
    between::Between,
    stack::{Page, find, serve, until, well},
};
use crate::{
    program::{Api, get},
    project::Project,
};

const CARD: &str = "return !!document.querySelector('#result [data-entry]')";
const HISTORY: &str = "return document.querySelectorAll('#history-table tbody tr').length";

/// Serves the model at this port.
fn serve_at(project: &Project, port: u16, variables: &[(&str, &str)]) -> Api {
    let address = format!("127.0.0.1:{port}").parse().unwrap();
    serve(&project.model_file(), &project.registry(), address, variables)
}

/// Opens the form and presses Predict.
async fn predict(browser: &Browser, page: &Page) {
    browser.goto(&page.url("/en/models/iris")).await.unwrap();
    until(browser, "return !!document.querySelector('#models .loaded')").await;
    browser.goto(&page.url("/en/models/iris")).await.unwrap();
    find(browser, ".primary").await.click().await.unwrap();
}

/// Waits for the card of a trouble, which says so; looks at it on a wide screen by day and a narrow one at night.
async fn told(browser: &Browser, trouble: &str, words: &str) {
    until(browser, &format!("return !!document.querySelector('[data-trouble={trouble}]')")).await;
    let said = find(browser, "[data-trouble]").await.text().await.unwrap();
    assert!(said.contains(words), "{trouble}: {said}");
    assert!(!said.contains('{') && !said.contains("Error"), "{trouble}: {said}");
    for (width, scheme) in [(1440, "light"), (360, "dark")] {
        browser.resize(width, 900).await;
        browser.scheme(scheme).await;
        well(browser, &format!("page-state-{trouble}-{width}-{scheme}")).await;
    }
}

#[test]
fn a_refused_key_is_for_who_runs_the_page() {
    let project = Project::new();
    project.train(&project.registry(), 0);
    let port = free_port();
    let serve = |key: &str| serve_at(&project, port, &[("API_KEY", key)]);
    let api = serve("right");
    let url = api.url("");
    for variables in [&[("API_URL_IRIS", url.as_str())][..], &[("API_URL_IRIS", &url), ("API_KEY_IRIS", "another")]] {
        let page = Page::of(variables);
        browse(async |browser| {
            predict(browser, &page).await;
            told(browser, "key", "This page is not allowed to ask the model.").await;
            assert_eq!(browser.evaluate(HISTORY).await, 0);
            assert!(!browser.source().await.unwrap().contains("another"));
        });
    }
    // Whoever runs it mends it, and who has waited goes on.
    let page = Page::of(&[("API_URL_IRIS", &url), ("API_KEY_IRIS", "mended")]);
    browse(async |browser| {
        predict(browser, &page).await;
        until(browser, "return !!document.querySelector('[data-trouble=key]')").await;
        drop(api);
        let _mended = serve("mended");
        find(browser, ".primary").await.click().await.unwrap();
        until(browser, CARD).await;
        assert_eq!(browser.evaluate(HISTORY).await, 1);
    });
}

/// An API, somebody between it and the page, and the page.
fn interrupted(project: &Project) -> (Api, Between, Page) {
    project.train(&project.registry(), 0);
    let api = project.serve(&project.registry(), &[]).ready();
    let between = Between::of(&api);
    let page = Page::of(&[("API_URL_IRIS", &between.url)]);
    (api, between, page)
}

#[test]
fn a_busy_model_is_asked_again_by_itself() {
    let project = Project::new();
    let (_api, between, page) = interrupted(&project);
    browse(async |browser| {
        let busy = |path: &str| {
            let answer = json!({"error": "too many requests are being answered", "hint": "try again"});
            path.starts_with("/predict").then_some((503, answer))
        };
        between.says(busy);
        predict(browser, &page).await;
        told(browser, "busy", "The model is very busy right now.").await;
        // Some of them still meet a busy one.
        let mut left = 2;
        between.says(move |path| {
            let refused = busy(path).filter(|_| left > 0);
            left -= u8::from(refused.is_some());
            refused
        });
        until(browser, CARD).await;
        assert_eq!(browser.evaluate(HISTORY).await, 1);
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}

#[test]
fn what_a_new_model_does_not_take_is_marked_at_its_field() {
    let project = Project::new();
    let (_api, between, page) = interrupted(&project);
    browse(async |browser| {
        between.says(|path| {
            let wrong = json!([{"row": 0, "field": "petal_width", "problem": "must be under 1"}]);
            path.starts_with("/predict").then(|| (422, json!({"error": "fields are wrong", "fields": wrong})))
        });
        predict(browser, &page).await;
        told(browser, "wrong", "Petal width: The model does not accept this value.").await;
        let marked = "return [...document.querySelectorAll('[aria-invalid]')].map(one => one.name).join()";
        assert_eq!(browser.evaluate(marked).await, "petal_width");
        // In a colour of its own, at whatever place.
        let bordered = "return getComputedStyle(document.querySelector('[name=petal_width]')).borderTopWidth";
        assert_eq!(browser.evaluate(bordered).await, "2px");
        // The list leads to the field.
        find(browser, "[data-problem] a").await.click().await.unwrap();
        assert_eq!(browser.evaluate("return document.activeElement.name").await, "petal_width");
        between.says(|_| None);
        find(browser, "[name=petal_width]").await.send_keys("1\u{e007}").await.unwrap();
        until(browser, CARD).await;
        assert_eq!(browser.evaluate(marked).await, "");
    });
}

#[test]
fn a_model_with_another_input_gets_a_form_for_it() {
    let project = Project::new();
    let (api, between, page) = interrupted(&project);
    let mut described: Value = serde_json::from_str(&get(&api.url("/model")).1).unwrap();
    let mut stem = described["features"][0].clone();
    stem["name"] = json!("stem_length");
    described["features"].as_array_mut().unwrap().push(stem);
    described["version"] = json!("2");
    browse(async |browser| {
        predict(browser, &page).await;
        until(browser, CARD).await;
        between.says(move |path| (path == "/model").then(|| (200, described.clone())));
        until(browser, "return document.querySelector('#models .loaded span').textContent.endsWith('2')").await;
        let box_ = find(browser, "[name=petal_width]").await;
        box_.clear().await.unwrap();
        box_.send_keys("0.3\u{e007}").await.unwrap();
        until(browser, "return !!document.querySelector('[name=stem_length][aria-invalid=true]')").await;
        assert_eq!(browser.evaluate("return document.querySelector('[name=petal_width]').value").await, "0.3");
        // It begins with what the model says; the API behind it, which knows nothing of it, refuses it.
        assert_eq!(browser.evaluate("return document.querySelector('[name=stem_length]').value").await, "5.8");
        let said = find(browser, "[data-trouble=wrong]").await.text().await.unwrap();
        assert!(said.contains("stem_length: The model does not accept this value."), "{said}");
        // The console says that the page itself came with a status of 422.
        browser.complaints().await;
        well(browser, "page-state-another-input").await;
    });
}

#[test]
fn a_model_to_come_is_there_by_itself_when_it_comes() {
    let project = Project::new();
    let api = project.serve(&project.registry(), &[]);
    let page = Page::of(&[("API_URL_IRIS", &api.url(""))]);
    browse(async |browser| {
        browser.goto(&page.url("/en/models/iris")).await.unwrap();
        until(browser, "return !!document.querySelector('#models .no-model')").await;
        let state = find(browser, "#models [aria-current] span").await.text().await.unwrap();
        assert_eq!(state, "connected, no model");
        browser.goto(&page.url("/en/models/iris")).await.unwrap();
        find(browser, ".primary").await.click().await.unwrap();
        told(browser, "no-model", "The model is not ready yet.").await;
        project.train(&project.registry(), 0);
        until(browser, "return !!document.querySelector('#models .loaded')").await;
        until(browser, CARD).await;
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}

#[test]
fn what_answers_in_the_place_of_a_model_is_not_waited_for() {
    let other = Page::of(&[("API_URL_IRIS", &format!("http://127.0.0.1:{}", free_port()))]);
    let page = Page::of(&[("API_URL_IRIS", &other.url(""))]);
    browse(async |browser| {
        page.page.until("a first look", |_| get(&page.url("/en/models/iris")).1.contains("data-trouble=\"foreign\""));
        browser.goto(&page.url("/en/models/iris")).await.unwrap();
        // The console says that the page itself came with a status of 502.
        browser.complaints().await;
        let state = find(browser, "#models .foreign span").await.text().await.unwrap();
        assert_eq!(state, "answers, but not as a model does");
        told(browser, "foreign", "What answers here is not a model.").await;
    });
}

#[test]
fn who_comes_before_the_api_gets_the_form_when_it_is_there() {
    let project = Project::new();
    project.train(&project.registry(), 0);
    let port = free_port();
    let page = Page::of(&[("API_URL_IRIS", &format!("http://127.0.0.1:{port}"))]);
    browse(async |browser| {
        browser.goto(&page.url("/en/models/iris")).await.unwrap();
        // The console says that the page itself came with a status of 502.
        until(browser, "return !!document.querySelector('#models .unreachable')").await;
        browser.complaints().await;
        told(browser, "unreachable", "The model cannot be reached at the moment.").await;
        let _api = serve_at(&project, port, &[]);
        find(browser, "#inputs").await;
        find(browser, ".primary").await.click().await.unwrap();
        until(browser, CARD).await;
    });
}
