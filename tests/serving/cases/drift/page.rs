//! The report's page in a real browser: complete by itself, and its pictures are there on a telephone as on a wide screen.

use std::fs;

use browser::browse;
use serde_json::{Value, from_value};
use servers::run;

use crate::{
    program::{done, model_file, serving},
    project::Project,
};

/// What is measured of a feature's picture: its left and right edge, its height, the height of its longest bar, the size of its
/// smallest letters, all in CSS pixels, and how many colours its bars have.
const PICTURES: &str = "
return [...document.querySelectorAll('section')].map(section => {
    const picture = section.querySelector('svg, .lying'), box = picture.getBoundingClientRect();
    const bars = [...picture.querySelectorAll('rect, i')];
    const lying = picture.tagName !== 'svg';
    const long = bars.map(bar => bar.getBoundingClientRect()).map(bar => lying ? bar.width : bar.height);
    const words = [...picture.querySelectorAll(lying ? 'span, div div' : 'text')];
    const scale = lying ? 1 : box.width / picture.viewBox.baseVal.width;
    const colour = bar => { const of = getComputedStyle(bar); return lying ? of.backgroundColor : of.fill };
    return {
        name: section.querySelector('h2').textContent, left: box.left, right: box.right, height: box.height,
        longest: Math.max(...long), bars: bars.length, letters: Math.min(...words.map(word => parseFloat(getComputedStyle(word).fontSize) * scale)),
        colours: new Set(bars.map(colour)).size,
    };
});";

/// Customers of another month, beside those of the training.
fn report(project: &Project) -> String {
    let (file, registry) = (model_file("churn"), project.registry());
    let sample = |rows: &str, seed: &str, more: &[&str], to: &str| {
        done(serving(&["sample", "churn", "--rows", rows, "--seed", seed, "--output", to]).args(more));
    };
    let (data, window, html) = (project.text("data.csv"), project.text("window.csv"), project.text("report.html"));
    sample("1500", "7", &[], &data);
    sample("600", "9", &["--drift", "monthly_charges=1"], &window);
    done(&mut serving(&["train", "--model-file", &file, "--registry", &registry, "--data", &data]));
    let drift = ["drift", "--model-file", &file, "--registry", &registry, "--window", &window, "--html", &html];
    let judged = run(&mut serving(&drift));
    assert_eq!(judged.status.code(), Some(1), "{}", String::from_utf8_lossy(&judged.stderr));
    html
}

#[test]
fn a_browser_shows_every_histogram_and_asks_nobody_for_anything() {
    let project = Project::new();
    let address = format!("file://{}", report(&project));
    browse(async |browser| {
        for (width, scheme) in [(360, "light"), (1440, "light"), (1440, "dark")] {
            browser.resize(width, 900).await;
            browser.scheme(scheme).await;
            browser.goto(&address).await.unwrap();
            let picture = browser.picture(&format!("drift-{width}-{scheme}")).await;
            let picture = picture.display();
            assert_eq!(browser.title().await.unwrap(), "churn-model, version 1: drift in monthly_charges");
            let sections: Vec<Value> = from_value(browser.evaluate(PICTURES).await).unwrap();
            assert_eq!(sections.len(), 10, "{picture}");
            for section in sections {
                let number = |key: &str| section[key].as_f64().unwrap();
                assert!(number("left") >= 0.0 && number("right") <= f64::from(width), "{picture}: {section}");
                assert!(number("right") - number("left") >= 200.0 && number("height") >= 40.0, "{picture}: {section}");
                assert!(number("longest") >= 30.0 && number("bars") >= 4.0, "{picture}: {section}");
                assert!(number("letters") >= 11.0, "{picture}: {section}");
                assert_eq!(section["colours"], 2, "{picture}: reference and window look the same: {section}");
            }
            let beyond = browser.evaluate("return document.documentElement.scrollWidth - innerWidth").await;
            assert_eq!(beyond, 0, "{picture}: the page is wider than the window");
            assert_eq!(browser.requests().await, [address.as_str()], "{picture}");
            assert_eq!(browser.complaints().await, [""; 0], "{picture}");
        }
    });
}

/// Silence proves nothing of a browser that never speaks.
#[test]
fn a_browser_tells_of_a_page_that_asks_and_fails() {
    let project = Project::new();
    let file = project.path("page.html");
    fs::write(&file, "<img src=\"http://pictures.example/a.png\"><script>nothing.there()</script>").unwrap();
    browse(async |browser| {
        browser.goto(&format!("file://{}", file.display())).await.unwrap();
        assert!(browser.requests().await.contains(&"http://pictures.example/a.png".to_owned()));
        let complaints = browser.complaints().await.concat();
        assert!(complaints.contains("nothing is not defined") && complaints.contains("a.png"), "{complaints}");
    });
}
