//! Files of rows in a browser.

use std::fs;

use browser::browse;
use servers::free_port;

use super::stack::{Page, churn, find, serve_churn, until, well};
use crate::project::Project;

#[test]
fn a_file_comes_back_whole() {
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
        }
    });
}
