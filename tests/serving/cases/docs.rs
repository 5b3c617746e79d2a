//! The page of the API's document in a real browser: nothing that it loads was left out of the program.

use std::time::Duration;

use browser::browse;
use tokio::time::sleep;

use crate::{
    program::{Api, model_file},
    project::Project,
};

#[test]
fn a_browser_shows_what_can_be_asked() {
    let project = Project::new();
    let api = Api::start(&model_file("iris"), &project.registry(), &[], &[]);
    browse(async |browser| {
        browser.goto(&api.url("/docs/")).await.unwrap();
        // It asks for the document when it is there itself.
        for _ in 0..100 {
            let shown = browser.evaluate("return document.querySelectorAll('.opblock').length").await;
            if shown.as_u64().unwrap() > 10 {
                return;
            }
            sleep(Duration::from_millis(200)).await;
        }
        panic!("{}", browser.picture("docs").await.display());
    });
}
