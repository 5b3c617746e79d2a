//! What people do at the page.

use browser::browse;
use servers::free_port;

use super::stack::{Page, churn, find, serve_churn, until};
use crate::{
    program::{Api, done, model_file, serving},
    project::Project,
    samples::diabetes,
};

const CARD: &str = "return !!document.querySelector('#result [data-entry]')";

#[test]
fn somebody_predicts_on_any_screen_in_either_language() {
    let project = Project::new();
    churn(&project);
    let address = format!("127.0.0.1:{}", free_port());
    let api = serve_churn(&project, address.parse().unwrap(), &[("API_KEY", "of-the-page")]);
    let page = Page::of(&[("API_URL_CHURN", &api.url("")), ("API_KEY_CHURN", "of-the-page")]);
    let home = page.url("/");
    browse(async |browser| {
        browser.goto(&page.url("/en")).await.unwrap();
        until(browser, "return !!document.querySelector('#models .loaded')").await;
        for (language, width, scheme) in
            [("en", 360, "light"), ("fr", 360, "dark"), ("fr", 1440, "light"), ("en", 1440, "dark")]
        {
            browser.resize(width, 900).await;
            browser.scheme(scheme).await;
            browser.goto(&page.url(&format!("/{language}/models/churn"))).await.unwrap();
            let state = find(browser, "#models [aria-current] span").await.text().await.unwrap();
            let loaded = if language == "en" {
                "connected, model loaded, version 1"
            } else {
                "connecté, modèle chargé, version 1"
            };
            assert_eq!(state, loaded);
            find(browser, ".primary").await.click().await.unwrap();
            until(browser, CARD).await;
            until(browser, "return document.querySelectorAll('#history-table tbody tr').length > 0").await;
            let picture = browser.picture(&format!("page-{language}-{width}-{scheme}")).await;
            let picture = picture.display();
            let beyond = browser.evaluate("return document.documentElement.scrollWidth - innerWidth").await;
            assert_eq!(beyond, 0, "{picture}: the page is wider than the window");
            assert_eq!(browser.inaccessible().await, [""; 0], "{picture}");
            for asked in browser.requests().await {
                assert!(asked.starts_with(&home), "{picture}: {asked}");
                assert!(!asked.contains("of-the-page"), "{picture}: {asked}");
            }
            assert_eq!(browser.complaints().await, [""; 0], "{picture}");
            assert!(!browser.source().await.unwrap().contains("of-the-page"), "the key is in the page");
        }
    });
}

#[test]
fn somebody_reads_a_model_in_their_language() {
    let project = Project::new();
    let (file, registry, data) = (model_file("diabetes"), project.text("registry"), project.text("diabetes.csv"));
    std::fs::write(&data, diabetes()).unwrap();
    done(&mut serving(&["train", "--model-file", &file, "--data", &data, "--registry", &registry]));
    let api = Api::start(&file, &registry, &[], &[]).ready();
    let page = Page::of(&[("API_URL_DIABETES", &api.url(""))]);
    let row = "return [...document.querySelectorAll('#history-table tbody td')].map((cell) => cell.textContent)";
    browse(async |browser| {
        browser.resize(360, 900).await;
        browser.goto(&page.url("/fr/models/diabetes")).await.unwrap();
        until(browser, "return !!document.querySelector('#inputs')").await;
        let label = find(browser, "[data-field=BloodPressure] label").await.text().await.unwrap();
        assert_eq!(label, "Pression artérielle diastolique (mmHg)");
        assert_eq!(find(browser, "h1").await.text().await.unwrap(), "Diabète");
        find(browser, ".primary").await.click().await.unwrap();
        until(browser, "return document.querySelectorAll('#history-table tbody tr').length === 1").await;
        let french = browser.evaluate(row).await;
        let english = match french[1].as_str().unwrap() {
            "Pas de diabète" => "No diabetes",
            "Diabète" => "Diabetes",
            other => panic!("{other}"),
        };
        browser.picture("page-diabetes-fr-360").await;
        assert_eq!(browser.evaluate("return document.documentElement.scrollWidth - innerWidth").await, 0);
        // The history goes along into another language; what is exported of it is data.
        find(browser, ".languages [lang=en]").await.click().await.unwrap();
        until(browser, "return document.querySelector('h1').textContent === 'Diabetes'").await;
        until(browser, "return document.querySelectorAll('#history-table tbody tr').length === 1").await;
        assert_eq!(browser.evaluate(row).await[1], english);
        assert_eq!(find(browser, "#result h2").await.text().await.unwrap(), english);
        browser.picture("page-diabetes-en-360").await;
        let export = "URL.createObjectURL = (blob) => { window.exported = blob.arrayBuffer(); return '#' };
                      document.getElementById('export').click();
                      return window.exported.then((bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))";
        let csv = browser.evaluate(export).await;
        let (head, kept) = csv.as_str().unwrap().split_once("\r\n").unwrap();
        assert!(
            head.starts_with("time,label,probability,risk_level,model_version,Pregnancies,Glucose,BloodPressure,"),
            "{head}"
        );
        assert_eq!(kept.split(',').nth(1), french[1].as_str());
        assert!(["Faible", "Modéré", "Élevé"].contains(&kept.split(',').nth(3).unwrap()), "{kept}");
        // As spreadsheets of the language have it, and no formula in it.
        browser
            .evaluate(
                "document.dispatchEvent(new CustomEvent('predicted', { detail: { label: '-1+cmd', probability: 0.25,
                 risk: '-1', version: '=3', inputs: { Pregnancies: -2, BMI: 30.5 }, query: '' } }))",
            )
            .await;
        find(browser, ".languages [lang=fr]").await.click().await.unwrap();
        until(browser, "return document.querySelectorAll('#history-table tbody tr').length === 2").await;
        let csv = browser.evaluate(export).await;
        let (head, kept) = csv.as_str().unwrap().split_once("\r\n").unwrap();
        assert!(head.starts_with("\u{feff}time;label;probability;"), "{head}");
        assert!(kept.contains(";'-1+cmd;0,25;-1;'=3;-2;") && kept.contains(";30,5;"), "{kept}");
        browser.goto(&page.url("/en/models/diabetes/batch")).await.unwrap();
        browser.picture("page-diabetes-columns-en-360").await;
        assert_eq!(browser.evaluate("return document.documentElement.scrollWidth - innerWidth").await, 0);
        assert_eq!(browser.inaccessible().await, [""; 0]);
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}

/// Moves a slider for a second and a half, and counts the results meanwhile.
const MOVES: &str = "return new Promise((done) => {
    let [seen, step] = [0, 0];
    const results = new MutationObserver(() => seen++);
    results.observe(document.getElementById('result'), { childList: true });
    const slider = document.querySelector('[data-field=petal_width] [type=range]');
    const moving = setInterval(() => {
        slider.value = String(0.1 + (step++ % 24) / 10);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
    }, 20);
    setTimeout(() => { clearInterval(moving); results.disconnect(); done(seen) }, 1500);
})";

#[test]
fn the_result_follows_the_keyboard_and_the_link_brings_it_back() {
    let project = Project::new();
    project.train(&project.registry(), 0);
    let api = project.serve(&project.registry(), &[]).ready();
    let page = Page::of(&[("API_URL_IRIS", &api.url(""))]);
    browse(async |browser| {
        browser.goto(&page.url("/en/models/iris")).await.unwrap();
        until(browser, "return !!document.querySelector('#inputs')").await;
        let predicted = || {
            api.metrics()
                .lines()
                .filter(|line| line.starts_with("model_predictions_total"))
                .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
                .sum::<f64>()
        };
        // A slider by the arrow keys.
        let slider = find(browser, "[data-field=petal_length] [type=range]").await;
        for _ in 0..30 {
            slider.send_keys("\u{e012}").await.unwrap();
        }
        let shown = "return document.querySelector('[name=petal_length]').value";
        assert_eq!(browser.evaluate(shown).await, "1.3");
        until(browser, CARD).await;
        until(browser, "return document.querySelector('#result h2').textContent === 'Iris setosa'").await;
        assert!(predicted().abs() < 0.5, "what is tried is counted");
        assert_eq!(browser.evaluate("return document.querySelectorAll('#history-table tbody tr').length").await, 0);
        // A box and Enter.
        let number = find(browser, "[name=petal_length]").await;
        number.clear().await.unwrap();
        number.send_keys("6,1\u{e007}").await.unwrap();
        until(browser, "return document.querySelectorAll('#history-table tbody tr').length === 1").await;
        assert!((predicted() - 1.0).abs() < 0.5, "{}", predicted());
        let link = browser.current_url().await.unwrap();
        assert_eq!(link.query(), Some("sepal_length=5.8&sepal_width=3.0&petal_length=6.1&petal_width=1.3"));
        let label = find(browser, "#result h2").await.text().await.unwrap();
        browser.goto(&page.url("/en")).await.unwrap();
        browser.goto(link.as_str()).await.unwrap();
        assert_eq!(find(browser, "#result h2").await.text().await.unwrap(), label);
        // While a slider moves, one after another is tried, and not each step of it.
        let seen = browser.evaluate(MOVES).await.as_u64().unwrap();
        assert!((2..=13).contains(&seen), "{seen} results");
        // What nobody can predict from is said at its field.
        let number = find(browser, "[name=sepal_width]").await;
        number.clear().await.unwrap();
        number.send_keys("wide\u{e007}").await.unwrap();
        until(browser, "return !!document.querySelector('[name=sepal_width][aria-invalid=true]')").await;
        assert_eq!(
            browser.evaluate("return document.querySelector('[data-field=sepal_width] .problem').textContent").await,
            "Write a number."
        );
        assert_eq!(browser.inaccessible().await, [""; 0]);
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}

#[test]
fn an_api_goes_away_and_comes_back_while_the_page_is_open() {
    let project = Project::new();
    churn(&project);
    let address: std::net::SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let api = serve_churn(&project, address, &[]);
    let page = Page::of(&[("API_URL_CHURN", &api.url(""))]);
    browse(async |browser| {
        browser.goto(&page.url("/en/models/churn")).await.unwrap();
        find(browser, ".primary").await.click().await.unwrap();
        until(browser, CARD).await;
        drop(api);
        until(browser, "return !!document.querySelector('#models .unreachable')").await;
        find(browser, ".primary").await.click().await.unwrap();
        until(browser, "return !!document.querySelector('#result [data-trouble=unreachable]')").await;
        browser.picture("page-unreachable").await;
        assert_eq!(browser.inaccessible().await, [""; 0]);
        let _back = serve_churn(&project, address, &[]);
        until(browser, CARD).await;
        until(browser, "return !!document.querySelector('#models .loaded')").await;
        // It was pressed for, and still is a prediction when it can be made.
        until(browser, "return document.querySelectorAll('#history-table tbody tr').length === 2").await;
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}
