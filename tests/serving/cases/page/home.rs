//! What somebody sees first: the models, however many, on any screen.

use browser::browse;
use serde_json::json;
use servers::free_port;

use super::stack::{Page, churn, find, serve_churn, until, well};
use crate::{program::Api, project::Project};

const TITLES: &str = "return [...document.querySelectorAll('#models h2')].map((title) => title.textContent)";

/// Where nobody is.
fn nobody() -> String {
    format!("http://127.0.0.1:{}", free_port())
}

#[test]
fn each_model_has_a_card_that_keeps_up() {
    let project = Project::new();
    churn(&project);
    project.train(&project.registry(), 0);
    let address = nobody();
    let api = |variables: &[(&str, &str)]| {
        serve_churn(&project, address.trim_start_matches("http://").parse().unwrap(), variables)
    };
    let [one, other]: [Api; 2] = [0, 1].map(|_| project.serve(&project.registry(), &[]).ready());
    let away = nobody();
    let page = Page::of(&[
        ("API_URL_CHURN", &address),
        ("API_URL_IRIS", &one.url("")),
        ("API_URL_IRIS_NEW", &other.url("")),
        ("API_URL_AWAY", &away),
    ]);
    browse(async |browser| {
        browser.goto(&page.url("/en")).await.unwrap();
        until(browser, "return document.querySelectorAll('#models .card .unreachable').length === 2").await;
        // Who is at a link stays there while the states go on.
        browser.evaluate("document.querySelector('#models a[href$=churn]').focus()").await;
        let _churn = api(&[]);
        until(browser, "return document.querySelectorAll('#models .card .loaded').length === 3").await;
        assert_eq!(browser.evaluate("return document.activeElement.getAttribute('href')").await, "/en/models/churn");
        // Whoever runs the page reads why, once.
        for url in [&address, &away] {
            let said: Vec<_> =
                page.page.log().lines().filter(|line| line.contains(url.as_str())).map(str::to_owned).collect();
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(said[0].contains("Connection refused"), "{said:?}");
        }
        // One model file behind two APIs: their names tell them apart.
        let title = |name: &str| format!("Iris species ({name})");
        let titles = browser.evaluate(TITLES).await;
        assert_eq!(titles, json!(["Away", "Customer churn", title("iris"), title("iris-new")]));
        for (language, width, scheme) in
            [("en", 360, "light"), ("fr", 360, "dark"), ("fr", 1440, "light"), ("en", 1440, "dark")]
        {
            browser.resize(width, 900).await;
            browser.scheme(scheme).await;
            browser.goto(&page.url(&format!("/{language}"))).await.unwrap();
            well(browser, &format!("page-home-{language}-{width}-{scheme}")).await;
        }
        for (view, heading) in [("", "#inputs"), ("/batch", "#batch"), ("/watch", "#watch")] {
            browser.goto(&page.url("/en")).await.unwrap();
            find(browser, &format!("#models a[href='/en/models/iris-new{view}']")).await.click().await.unwrap();
            find(browser, heading).await;
            assert!(find(browser, "h1").await.text().await.unwrap().starts_with(&title("iris-new")));
        }
    });
}

#[test]
fn many_models_leave_room_for_the_page() {
    let project = Project::new();
    project.train(&project.registry(), 0);
    let api = project.serve(&project.registry(), &[]).ready();
    let apis: [_; 9] = std::array::from_fn(|place| (format!("API_URL_IRIS_{}", place + 1), api.url("")));
    let page = Page::of(&apis.each_ref().map(|(variable, url)| (variable.as_str(), url.as_str())));
    browse(async |browser| {
        browser.goto(&page.url("/en")).await.unwrap();
        until(browser, "return document.querySelectorAll('#models .loaded').length === 9").await;
        for (width, most) in [(360, 150), (1440, 190)] {
            browser.resize(width, 900).await;
            browser.goto(&page.url("/en/models/iris-9")).await.unwrap();
            find(browser, "#inputs").await;
            let top = browser.evaluate("return document.querySelector('main').getBoundingClientRect().top").await;
            assert!(top.as_f64().unwrap() <= f64::from(most), "{width}: the page begins at {top}");
            let beside = "const [home, languages] = ['.home', '.languages'].map((one) => document.querySelector(one).getBoundingClientRect());
                          return languages.top < home.bottom && languages.right <= innerWidth";
            assert_eq!(browser.evaluate(beside).await, true, "{width}: the languages are beside the home page");
            // The model of the page is in sight, and the others by the keyboard.
            let inside = |which: &str| {
                format!(
                    "const it = document.querySelector('#models {which}').getBoundingClientRect();
                         return it.left >= 0 && it.right <= innerWidth"
                )
            };
            until(browser, &inside("[aria-current]")).await;
            browser.evaluate("document.querySelector('#models a').focus()").await;
            until(browser, &inside("a")).await;
            well(browser, &format!("page-many-{width}")).await;
        }
    });
}

#[test]
fn states_have_their_colours_where_the_system_has_its_own() {
    let away = nobody();
    let page = Page::of(&[("API_URL_AWAY", &away)]);
    browse(async |browser| {
        let media = json!({"features": [{"name": "forced-colors", "value": "active"}]});
        browser.devtools("Emulation.setEmulatedMedia", &media).await;
        for path in ["/en", "/en/models/away", "/en/models/away/watch"] {
            browser.goto(&page.url(path)).await.unwrap();
            until(browser, "return !!document.querySelector('.unreachable')").await;
            browser.picture(&format!("page-forced-colours-{}", path.replace('/', "-"))).await;
            let dots = "const ground = getComputedStyle(document.body).backgroundColor;
                        return [...document.querySelectorAll('.unreachable :is(span, strong)')]
                            .every((one) => getComputedStyle(one, '::before').backgroundColor !== ground)";
            assert_eq!(browser.evaluate("return matchMedia('(forced-colors: active)').matches").await, true);
            assert_eq!(browser.evaluate(dots).await, true, "{path}");
        }
    });
}
