//! The page without JavaScript, and what it does not take: forms of others, hostile models, refused keys.

use std::fs;

use super::stack::Page;
use crate::{
    program::{Api, get},
    project::Project,
};

/// Somebody without JavaScript: what a browser sends and gets.
pub struct Visitor(ureq::Agent);

impl Visitor {
    pub fn new() -> Self {
        Self(ureq::Agent::config_builder().http_status_as_error(false).build().into())
    }

    /// The page, and the cookie that it sets.
    pub fn open(&self, url: &str) -> (String, String) {
        let mut answer = self.0.get(url).call().unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        (answer.body_mut().read_to_string().unwrap(), cookie)
    }

    pub fn send(&self, url: &str, cookie: &str, form: &str) -> (u16, String) {
        self.send_as("application/x-www-form-urlencoded", url, cookie, form)
    }

    /// The same with a form of another kind.
    pub fn send_as(&self, kind: &str, url: &str, cookie: &str, form: &str) -> (u16, String) {
        let post = self.0.post(url).header("Content-Type", kind).header("Cookie", cookie);
        let mut answer = post.send(form).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }
}

pub fn token(page: &str) -> &str {
    page.split_once(r#"name=".token" value=""#).unwrap().1.split_once('"').unwrap().0
}

const FLOWER: &str = "sepal_length=5&sepal_width=3&petal_length=1,4&petal_width=0.2";

fn ready(page: &Page, path: &str) -> String {
    let url = page.url(path);
    page.page.until("the page knows the model", |_| get(&url).1.contains(r#"id="inputs""#));
    url
}

fn iris(project: &Project, arguments: &[&str], variables: &[(&str, &str)]) -> Api {
    project.train(&project.registry(), 0);
    Api::start(&project.model_file(), &project.registry(), arguments, variables).ready()
}

#[test]
fn a_form_works_without_scripts_and_only_from_our_page() {
    let project = Project::new();
    let api = iris(&project, &[], &[]);
    let page = Page::of(&[("API_URL_IRIS", &api.url(""))]);
    let url = ready(&page, "/fr/models/iris");
    let visitor = Visitor::new();
    let (text, cookie) = visitor.open(&url);
    let form = format!("{FLOWER}&.token={}", token(&text));
    let (status, answer) = visitor.send(&url, &cookie, &form);
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("<h2>Iris setosa</h2>") && answer.contains("100,0\u{a0}%"), "{answer}");
    let (status, answer) = visitor.send(&url, &cookie, &format!("{form}&sepal_width=large"));
    assert_eq!(status, 422);
    assert!(answer.contains("Écrivez un nombre.") && answer.contains(r#"aria-invalid="true""#), "{answer}");
    for (cookie, form) in
        [("", form.as_str()), (cookie.as_str(), FLOWER), ("session=00112233445566778899aabbccddeeff", &form)]
    {
        assert_eq!(visitor.send(&url, cookie, form).0, 403, "{cookie} {form}");
    }
    assert_eq!(visitor.send(&url, &cookie, &"a".repeat(70_000)).0, 413);
}

#[test]
fn a_hostile_model_file_is_text() {
    let project = Project::new();
    let file = project.path("model.yaml");
    let stated = fs::read_to_string(&file).unwrap();
    let hostile = stated
        .replace("label: Iris setosa", r#"label: '"><script>alert(1)</script>'"#)
        .replace("unit: cm", "unit: '<img src=x onerror=alert(1)>'")
        .replace("sepal_length: Sepal length", "sepal_length: '<script>alert(2)</script>'");
    assert!(hostile.contains("alert(2)"), "{stated}");
    fs::write(&file, hostile).unwrap();
    let api = iris(&project, &[], &[]);
    let page = Page::of(&[("API_URL_IRIS", &api.url(""))]);
    let url = ready(&page, "/en/models/iris");
    let text = get(&format!("{url}?{FLOWER}&.curve=%3Cscript%3E")).1;
    for written in ["&#60;script&#62;alert(1)", "&#60;script&#62;alert(2)"] {
        assert!(text.contains(written), "{text}");
    }
    assert!(!text.contains("<script>") && !text.contains("<img"), "{text}");
}

#[test]
fn a_refused_key_a_model_to_come_and_an_api_that_is_away_have_words_of_their_own() {
    let project = Project::new();
    let api = iris(&project, &[], &[("API_KEY", "right")]);
    let other = Project::new();
    let untrained = other.serve(&other.registry(), &[]);
    let page = Page::of(&[
        ("API_URL_IRIS", &api.url("")),
        ("API_KEY_IRIS", "wrong"),
        ("API_URL_TO_COME", &untrained.url("")),
        ("API_URL_AWAY", "http://127.0.0.1:9"),
    ]);
    let iris = ready(&page, "/en/models/iris");
    let to_come = ready(&page, "/en/models/to-come");
    for (url, trouble) in [(&iris, "key"), (&to_come, "no-model"), (&page.url("/en/models/away"), "unreachable")] {
        let text = get(&format!("{url}?{FLOWER}")).1;
        assert!(text.contains(&format!(r#"data-trouble="{trouble}""#)), "{url}: {text}");
        assert!(!text.contains("wrong\""), "{url}: {text}");
    }
    assert_eq!(get(&page.url("/en/models/nobody")).0, 404);
    assert_eq!(get(&page.url("/de")).0, 404);
    assert!(!page.page.log().contains("wrong"), "{}", page.page.log());
}
