//! The session: a random cookie, whose only use is that a form can prove it came from a page of ours.
//!
//! The token in a form is a digest of the cookie, so any pod can check it and none keeps it. Another site can send the cookie
//! along but not read it, so it cannot know the token; and where a browser says whom a request comes from, that is asked too
//! (<https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html>).

use std::fmt::Write;

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

const COOKIE: &str = "session";

/// Somebody's session.
#[derive(Debug, Clone)]
pub struct Session {
    id: String,
    /// The cookie to set, where the browser has none yet.
    new: Option<HeaderValue>,
}

impl Session {
    /// The one of a request, or a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        if let Some(id) = sent(headers) {
            return Self { id: id.to_owned(), new: None };
        }
        let mut random = [0; 16];
        // Without the system's random numbers there is no session to be had: then no form of this answer is taken.
        let id = getrandom::fill(&mut random).map_or(String::new(), |()| hex(&random));
        let https = headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
        let secure = if https { "; Secure" } else { "" };
        let cookie = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax{secure}");
        Self { id, new: HeaderValue::from_str(&cookie).ok() }
    }

    /// What a form of this session sends.
    pub fn token(&self) -> String {
        hex(&Sha256::digest(format!("form {}", self.id)))
    }

    /// The cookie to set, if there is one.
    pub fn cookie(self) -> Option<HeaderValue> {
        self.new
    }
}

/// Whether a form with this token came from a page of ours.
pub fn is_ours(headers: &HeaderMap, token: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let same_site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let session = sent(headers).map(|id| Session { id: id.to_owned(), new: None });
    same_site && session.is_some_and(|session| token == Some(&session.token()))
}

fn sent(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let id = pairs.find_map(|(name, id)| (name == COOKIE).then_some(id))?;
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(id)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into memory does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair =
            |&(name, value): &(&'static str, &str)| (HeaderName::from_static(name), value.parse().expect("text"));
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_form_needs_the_token_of_its_cookie() {
        let session = Session::of(&HeaderMap::new());
        let cookie = format!("other=1; session={}", session.id);
        let own = headers(&[("cookie", &cookie)]);
        assert!(is_ours(&own, Some(&session.token())));
        assert!(!is_ours(&own, None) && !is_ours(&own, Some("")) && !is_ours(&own, Some(&session.id)));
        assert!(!is_ours(&HeaderMap::new(), Some(&session.token())));
        let elsewhere = headers(&[("cookie", &cookie), ("sec-fetch-site", "cross-site")]);
        assert!(!is_ours(&elsewhere, Some(&session.token())));
        let another = Session::of(&HeaderMap::new());
        assert!(!is_ours(&own, Some(&another.token())));
    }

    #[test]
    fn a_cookie_is_set_once_and_only_ours_is_taken() {
        let new = Session::of(&HeaderMap::new());
        let set = new.cookie().expect("a cookie");
        let set = set.to_str().expect("text");
        assert!(set.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{set}");
        let kept = Session::of(&headers(&[("cookie", set.split(';').next().expect("a pair"))]));
        assert!(kept.cookie().is_none());
        assert!(Session::of(&headers(&[("cookie", "session=<script>")])).cookie().is_some());
        let secure = Session::of(&headers(&[("x-forwarded-proto", "https")])).cookie().expect("a cookie");
        assert!(secure.to_str().expect("text").ends_with("; Secure"));
    }
}
