//! Files of rows in a browser: by the keyboard, dropped, cancelled, and while their API goes away.

use browser::{Browser, browse};
use serde_json::{Value, json};
use servers::free_port;

use super::{
    rows::{Rows, ended, told},
    stack::{Page, find, serve_churn, until, well},
};
use crate::program::Api;

const ENTER: &str = "\u{e007}";

/// An API of the customers' model, and the page of it.
fn start(rows: &Rows, variables: &[(&str, &str)]) -> (Api, Page) {
    let address = format!("127.0.0.1:{}", free_port());
    let api = serve_churn(&rows.project, address.parse().unwrap(), variables);
    let page = Page::of(&[("API_URL_CHURN", &api.url(""))]);
    (api, page)
}

async fn open(browser: &Browser, page: &Page, language: &str) {
    browser.goto(&page.url(&format!("/{language}/models/churn/batch"))).await.unwrap();
    find(browser, "#file").await;
}

/// Goes on by the tabulator until something has the focus. The keys are the window's: a field for files takes none by `WebDriver`.
async fn tab_to(browser: &Browser, selector: &str) {
    let there = format!("return document.activeElement.matches('{selector}')");
    for _ in 0..40 {
        if browser.evaluate(&there).await == true {
            return;
        }
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9});
            browser.devtools("Input.dispatchKeyEvent", &key).await;
        }
    }
    panic!("the keyboard does not get to {selector}");
}

#[test]
fn a_file_comes_back_row_by_row_by_the_keyboard_on_any_screen() {
    let rows = Rows::of(7000, &[10, 2500, 6999]);
    let (api, page) = start(&rows, &[("MAX_ROWS", "300")]);
    let file = rows.file(1000);
    let whole = rows.answered(&api, 7000);
    browse(async |browser| {
        for (language, width, scheme) in
            [("en", 1440, "light"), ("fr", 360, "dark"), ("en", 360, "light"), ("fr", 1440, "dark")]
        {
            browser.resize(width, 900).await;
            browser.scheme(scheme).await;
            open(browser, &page, language).await;
            let name = |what: &str| format!("page-batch-{what}-{language}-{width}-{scheme}");
            well(browser, &name("empty")).await;
            tab_to(browser, "#file").await;
            find(browser, "#file").await.send_keys(&file).await.unwrap();
            tab_to(browser, "#batch .primary").await;
            browser.active_element().await.unwrap().send_keys(ENTER).await.unwrap();
            ended(browser).await;
            let (said, counts) = told(browser).await;
            let finished = match language {
                "en" => "Finished. Rows: 7,000. With a problem: 3.",
                _ => "Terminé. Lignes : 7\u{202f}000. À corriger : 3.",
            };
            assert_eq!(said, finished);
            assert_eq!((counts.len(), &counts[..2], counts[2] + counts[3]), (4, &[7000, 3][..], 6997));
            let bars = "return [...document.querySelectorAll('[data-bin]')].reduce((sum, cell) => sum + Number(cell.textContent.replace(/\\D/g, '')), 0)";
            assert_eq!(browser.evaluate(bars).await, 6997);
            // Where they are in a spreadsheet, the blank line before the second counted.
            let lines =
                "return [...document.querySelectorAll('#wrong-rows th')].map((cell) => cell.textContent).join()";
            assert_eq!(browser.evaluate(lines).await, "12,2503,7002");
            assert_eq!(browser.evaluate("return document.querySelectorAll('#shown-rows tr').length").await, 100);
            scrolls(browser).await;
            well(browser, &name("done")).await;
            tab_to(browser, "#batch-download").await;
            if language == "en" {
                assert!(rows.downloaded(browser, "rows-predictions.csv").await == whole, "other bytes at {width}");
            }
        }
    });
}

/// A long table moves under its names by the keyboard.
async fn scrolls(browser: &Browser) {
    tab_to(browser, "#shown-card .wide").await;
    // A browser that is busy takes two presses for one.
    browser.active_element().await.unwrap().send_keys("\u{e00f}").await.unwrap();
    until(browser, "return document.querySelector('#shown-card .wide').scrollTop > 100").await;
    let names = "const box = document.querySelector('#shown-card .wide').getBoundingClientRect(); const names = document.querySelector('#shown-card thead th').getBoundingClientRect(); return Math.abs(box.top - names.top)";
    assert!(browser.evaluate(names).await.as_f64().unwrap() < 2.0, "the names of the columns have gone");
}

/// Drags a file over the page, and drops it if so asked; says how the field looks.
async fn drag(browser: &Browser, file: &str, events: &[&str]) -> Value {
    let script = format!(
        "const data = new DataTransfer(); data.items.add(new File([{file:?}], 'dropped.csv', {{ type: 'text/csv' }})); \
         for (const kind of {events:?}) document.querySelector('h1').dispatchEvent(new DragEvent(kind, {{ dataTransfer: data, bubbles: true, cancelable: true }})); \
         return getComputedStyle(document.getElementById('file')).borderStyle"
    );
    browser.evaluate(&script).await
}

#[test]
fn a_file_is_dropped_anywhere_on_the_page() {
    // One whole piece, and nothing but a blank line after it.
    let rows = Rows::of(2000, &[3]);
    let (api, page) = start(&rows, &[]);
    let whole = rows.answered(&api, 2000);
    let text = format!("{}\n{}\n\n", rows.header, rows.list.join("\n"));
    browse(async |browser| {
        open(browser, &page, "en").await;
        assert_eq!(drag(browser, &text, &["dragenter", "dragover"]).await, "solid");
        browser.picture("page-batch-dragged").await;
        assert_eq!(drag(browser, &text, &["dragleave"]).await, "dashed");
        assert_eq!(drag(browser, &text, &["dragover", "drop"]).await, "dashed");
        ended(browser).await;
        assert_eq!(told(browser).await.0, "Finished. Rows: 2,000. With a problem: 1.");
        assert!(rows.downloaded(browser, "dropped-predictions.csv").await == whole, "other bytes");
        assert_eq!(browser.evaluate("return document.getElementById('file').files[0].name").await, "dropped.csv");
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}

/// Starts a file and waits for its first rows.
async fn half_way(browser: &Browser, file: &str) {
    find(browser, "#file").await.send_keys(file).await.unwrap();
    find(browser, "#batch .primary").await.click().await.unwrap();
    let some = "return new Promise((some) => { const look = setInterval(() => { if (!document.querySelector('[data-results]').hidden) { clearInterval(look); some(true); } }, 5); })";
    assert_eq!(browser.evaluate(some).await, true);
}

#[test]
fn what_was_done_before_cancel_is_kept_and_an_api_that_comes_back_goes_on() {
    let rows = Rows::of(60_000, &[5]);
    let (api, page) = start(&rows, &[]);
    let file = rows.file(20_000);
    let whole = rows.answered(&api, 60_000);
    let address = api.address();
    browse(async |browser| {
        open(browser, &page, "en").await;
        half_way(browser, &file).await;
        find(browser, "#cancel").await.send_keys(ENTER).await.unwrap();
        ended(browser).await;
        let (said, counts) = told(browser).await;
        assert_eq!(said, "Stopped. What was done so far can be downloaded.");
        assert!((500..60_000).contains(&counts[0]), "{counts:?}");
        let part = rows.downloaded(browser, "rows-predictions.csv").await;
        assert!(whole.starts_with(&part) && part.lines().count() == counts[0] + 1, "other rows than the first");
        assert_eq!(browser.evaluate("return document.activeElement.id").await, "batch-download");
        well(browser, "page-batch-cancelled").await;
        half_way(browser, &file).await;
        drop(api);
        until(browser, "return !!document.querySelector('#batch-trouble [data-trouble=unreachable]')").await;
        let card = find(browser, "#batch-trouble").await.text().await.unwrap();
        assert!(card.contains("your file goes on from where it is"), "{card}");
        well(browser, "page-batch-waiting").await;
        let _back = serve_churn(&rows.project, address.parse().unwrap(), &[]);
        ended(browser).await;
        assert_eq!(told(browser).await.0, "Finished. Rows: 60,000. With a problem: 1.");
        assert!(rows.downloaded(browser, "rows-predictions.csv").await == whole, "other bytes");
        assert_eq!(browser.evaluate("return document.getElementById('batch-trouble').childElementCount").await, 0);
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}
