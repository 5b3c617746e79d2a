//! Files of rows, and how a model is doing, in a browser.

use std::fs;

use browser::browse;
use servers::free_port;

use super::stack::{Page, churn, find, serve_churn, until};
use crate::project::Project;

#[test]
fn a_file_comes_back_whole_and_the_model_tells_how_it_is_doing() {
    let project = Project::new();
    churn(&project);
    let address = format!("127.0.0.1:{}", free_port());
    let api = serve_churn(&project, address.parse().unwrap(), &[]);
    let page = Page::of(&[("API_URL_CHURN", &api.url(""))]);
    // Four pieces, and three rows that nobody can predict from.
    let known = fs::read_to_string(project.text("churn.csv")).unwrap();
    let (header, rows) = known.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().cycle().take(7000).collect();
    let mut rows: Vec<String> = rows.into_iter().map(str::to_owned).collect();
    for place in [10, 2500, 6999] {
        rows[place] = rows[place].split_once(',').map(|(_, rest)| format!("many,{rest}")).unwrap();
    }
    let file = project.text("rows.csv");
    fs::write(&file, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    browse(async |browser| {
        for (language, width, scheme) in [("en", 1440, "light"), ("fr", 360, "dark")] {
            browser.resize(width, 900).await;
            browser.scheme(scheme).await;
            browser.goto(&page.url(&format!("/{language}/models/churn/batch"))).await.unwrap();
            find(browser, "#file").await.send_keys(&file).await.unwrap();
            find(browser, "#batch .primary").await.click().await.unwrap();
            until(browser, "return !document.getElementById('batch-download').disabled && document.getElementById('batch-rows').textContent.replace(/\\D/g, '') === '7000'").await;
            assert_eq!(browser.evaluate("return document.getElementById('batch-wrong').textContent").await, "3");
            let counted = "return [...document.querySelectorAll('[data-count]')].reduce((sum, cell) => sum + Number(cell.textContent.replace(/\\D/g, '')), 0)";
            assert_eq!(browser.evaluate(counted).await, 6997);
            well(browser, &format!("page-batch-{language}-{width}-{scheme}")).await;
            browser.goto(&page.url(&format!("/{language}/models/churn/watch"))).await.unwrap();
            until(browser, "return document.querySelectorAll('#watch table tbody tr').length > 0").await;
            well(browser, &format!("page-watch-{language}-{width}-{scheme}")).await;
        }
    });
}

/// Everybody can use what is shown, on any screen, and nothing went wrong.
async fn well(browser: &browser::Browser, name: &str) {
    let picture = browser.picture(name).await;
    let picture = picture.display();
    let beyond = browser.evaluate("return document.documentElement.scrollWidth - innerWidth").await;
    assert_eq!(beyond, 0, "{picture}: the page is wider than the window");
    assert_eq!(browser.inaccessible().await, [""; 0], "{picture}");
    assert_eq!(browser.complaints().await, [""; 0], "{picture}");
}
