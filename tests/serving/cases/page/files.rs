//! How a model is doing, in a browser.

use browser::browse;
use servers::free_port;

use super::stack::{Page, churn, serve_churn, until, well};
use crate::project::Project;

#[test]
fn the_model_tells_how_it_is_doing() {
    let project = Project::new();
    churn(&project);
    let address = format!("127.0.0.1:{}", free_port());
    let api = serve_churn(&project, address.parse().unwrap(), &[]);
    let page = Page::of(&[("API_URL_CHURN", &api.url(""))]);
    browse(async |browser| {
        for (language, width, scheme) in [("en", 1440, "light"), ("fr", 360, "dark")] {
            browser.resize(width, 900).await;
            browser.scheme(scheme).await;
            browser.goto(&page.url(&format!("/{language}/models/churn/watch"))).await.unwrap();
            until(browser, "return document.querySelectorAll('#watch table tbody tr').length > 0").await;
            well(browser, &format!("page-watch-{language}-{width}-{scheme}")).await;
        }
    });
}
