//! The APIs that the page shows, by the variables that name them.
//!
//! A setting that is misspelt would open a page that lacks a model or its key, and nobody would know why: what belongs to nothing is
//! refused at the start. Values are not in the errors, since an address may hold a password by mistake.

use std::{collections::BTreeMap, env};

use documents::instead;
use page::Api;
use reqwest::Url;
use secrecy::SecretString;

use super::{Trouble, options::secret};
use crate::serve::keys;

/// What the variable of a model's address begins with.
const URL: &str = "API_URL_";
/// What the variable of its key begins with, and that of the token for who watches it.
const SECRETS: [&str; 2] = ["API_KEY_", "MONITORING_TOKEN_"];

/// A model, as a variable names it.
#[derive(Debug, PartialEq)]
struct Named {
    /// In addresses of the page.
    name: String,
    /// In the names of variables.
    suffix: String,
    url: String,
}

/// The APIs that variables name, by name.
pub fn apis() -> Result<Vec<Api>, Trouble> {
    let text = |(variable, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((variable.into_string().ok()?, value.to_string_lossy().trim().to_owned()))
    };
    let named = named(&env::vars_os().filter_map(text).collect()).map_err(Trouble::Input)?;
    registry::tls();
    let https = named.iter().any(|api| api.url.starts_with("https://"));
    let client = registry::client(https).map_err(|error| {
        Trouble::Input(format!("no client for https can be made: {error}\n\nhint: name a CA bundle with SSL_CERT_FILE"))
    })?;
    let api = |Named { name, suffix, url }: Named| {
        let [key, token] = SECRETS.map(|prefix| first(&format!("{prefix}{suffix}")));
        Ok(Api::new(&name, &url, key?, token?, client.clone()))
    };
    named.into_iter().map(api).collect()
}

/// A key that an API knows. There may be several as the API has them, while one takes the place of another: it knows each.
fn first(variable: &str) -> Result<Option<SecretString>, Trouble> {
    let Some(text) = secret(variable)? else { return Ok(None) };
    let key = keys(variable, &text).map_err(Trouble::Input)?[0];
    if !key.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        let found = format!("{variable} holds characters that no request can carry");
        return Err(Trouble::Input(format!("{found}\n\nhint: make a key of letters and digits")));
    }
    Ok(Some(key.into()))
}

/// The models that `variables` name, whose every setting belongs to one of them.
fn named(variables: &BTreeMap<String, String>) -> Result<Vec<Named>, String> {
    let mut named = BTreeMap::<String, Named>::new();
    let urls = variables.iter().filter_map(|(variable, url)| Some((variable, variable.strip_prefix(URL)?, url)));
    for (variable, suffix, url) in urls.filter(|(_, _, url)| !url.is_empty()) {
        if suffix.is_empty() || !suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
            return Err(format!(
                "{variable:?} names no model\n\nhint: write letters, digits and _ behind {URL}, as in {URL}DIABETES"
            ));
        }
        let name = suffix.to_ascii_lowercase().replace('_', "-");
        let url = address(url).map_err(|(problem, hint)| format!("{variable} {problem}\n\nhint: {hint}"))?;
        let api = Named { name: name.clone(), suffix: suffix.to_owned(), url };
        if let Some(other) = named.insert(name.clone(), api) {
            let other = format!("{URL}{}", other.suffix);
            return Err(format!(
                "{other} and {variable} name the same model, {name}\n\nhint: leave one of them out, or give it another name"
            ));
        }
    }
    if named.is_empty() {
        let hint = format!("set one for each model, such as {URL}DIABETES=http://localhost:8000");
        return Err(format!("no variable {URL}<MODEL> names an API\n\nhint: {hint}"));
    }
    for prefix in SECRETS {
        let known = |end: &str| named.values().map(|api| format!("{prefix}{}{end}", api.suffix)).collect::<Vec<_>>();
        let (values, files) = (known(""), known("_FILE"));
        let stray = |it: &&String| {
            it.len() > prefix.len() && it.starts_with(prefix) && !values.contains(it) && !files.contains(it)
        };
        if let Some(stray) = variables.keys().find(stray) {
            let known = if stray.ends_with("_FILE") { &files } else { &values };
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            return Err(format!("{stray} belongs to no model\n\nhint: {}", instead(stray, &known, "settings")));
        }
    }
    Ok(named.into_values().collect())
}

/// An address below which an API can be asked, or what is wrong with it and what to do.
fn address(url: &str) -> Result<String, (String, &'static str)> {
    let example = "write http://host:8000";
    let url = Url::parse(url).map_err(|error| (format!("is no address of an API: {error}"), example))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(("is no address of an API: it begins with neither http:// nor https://".to_owned(), example));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let hint = "a key goes into API_KEY_<MODEL>, or into the file that API_KEY_<MODEL>_FILE names";
        return Err(("holds a user or a password, which would be logged".to_owned(), hint));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(("goes on behind ? or #, where no path can follow".to_owned(), example));
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Vec<Named>, String> {
        named(&variables.iter().map(|&(variable, value)| (variable.to_owned(), value.to_owned())).collect())
    }

    fn refused(variables: &[(&str, &str)]) -> String {
        of(variables).expect_err("it is refused")
    }

    const HERE: &str = "http://localhost:8000";

    #[test]
    fn each_variable_names_a_model() {
        let named = of(&[
            ("API_URL_IRIS", HERE),
            ("API_URL_A_B", "https://h/below"),
            ("API_URL_OFF", ""),
            ("API_KEY_IRIS", "k"),
            ("MONITORING_TOKEN_A_B_FILE", "/token"),
            // Of something else.
            ("API_KEY", "k"),
            ("MONITORING_TOKEN", "t"),
            ("MY_API_KEY_FOO", "k"),
            ("IRIS_API_SERVICE_HOST", "10.0.0.1"),
        ]);
        let model =
            |name: &str, suffix: &str, url: &str| Named { name: name.into(), suffix: suffix.into(), url: url.into() };
        let wanted = [model("a-b", "A_B", "https://h/below"), model("iris", "IRIS", "http://localhost:8000/")];
        assert_eq!(named.expect("all is well"), wanted);
        assert!(refused(&[("API_URL_OFF", "")]).starts_with("no variable API_URL_<MODEL> names an API\n\nhint: "));
    }

    #[test]
    fn two_settings_do_not_name_the_same_model() {
        for (one, other, name) in [("IRIS", "iris", "iris"), ("A-B", "A_B", "a-b")] {
            let (one, other) = (format!("API_URL_{one}"), format!("API_URL_{other}"));
            let error = refused(&[(&one, HERE), (&other, HERE)]);
            assert!(error.starts_with(&format!("{one} and {other} name the same model, {name}\n\nhint: ")), "{error}");
        }
        for name in ["API_URL_A B", "API_URL_", "API_URL_é", "API_URL_../x"] {
            let error = refused(&[(name, HERE)]);
            assert!(error.starts_with(&format!("{name:?} names no model\n\nhint: ")), "{error}");
        }
    }

    #[test]
    fn a_setting_belongs_to_a_model() {
        let iris = ("API_URL_IRIS", HERE);
        for (stray, hint) in [
            ("API_KEY_IRSI", "did you mean `API_KEY_IRIS`?"),
            ("API_KEY_IRSI_FILE", "did you mean `API_KEY_IRIS_FILE`?"),
            ("MONITORING_TOKEN_FOO", "did you mean `MONITORING_TOKEN_IRIS`?"),
            ("API_KEY_iris", "did you mean `API_KEY_IRIS`?"),
            ("API_KEY_SOMETHING_ELSE", "the settings here are `API_KEY_IRIS`"),
        ] {
            assert_eq!(refused(&[iris, (stray, "s3cret")]), format!("{stray} belongs to no model\n\nhint: {hint}"));
        }
    }

    #[test]
    fn an_address_that_cannot_work_is_refused_and_not_shown() {
        for (url, problem) in [
            ("http://localhost:99999", "is no address of an API: invalid port number"),
            ("localhost:8000", "is no address of an API: it begins with neither"),
            ("http://u:p4ss@host", "holds a user or a password"),
            ("http://token@host", "holds a user or a password"),
            ("http://u:p4ss@host:99999", "is no address of an API: invalid port number"),
            ("http://host/?key=p4ss", "goes on behind ? or #"),
            ("http://host#p4ss", "goes on behind ? or #"),
        ] {
            let error = refused(&[("API_URL_IRIS", url)]);
            assert!(error.starts_with(&format!("API_URL_IRIS {problem}")), "{error}");
            assert!(error.contains("\n\nhint: ") && !error.contains("p4ss") && !error.contains("token@"), "{error}");
        }
    }
}
