//! What models, aliases and files may be called: what MLflow 3 takes, for every registry, so that a model can move between them.

use crate::{Error, Submission};

const MODEL: &str = "model name";
const ALIAS: &str = "alias";
const FILE: &str = "file path";

/// MLflow 3 takes any name but these; its column holds 256 characters, and a file name 255 bytes.
pub(crate) fn model(name: &str) -> Result<(), Error> {
    let problem = match name {
        _ if name.trim().is_empty() => "is empty",
        _ if name == "." || name.starts_with("..") => "begins like a relative folder",
        _ if name.contains(['/', ':']) => "holds a slash or a colon",
        _ if name.contains(char::is_control) => "holds a control character",
        _ if crate::directory::escaped(name).len() > 255 => "is longer than 255 bytes when escaped",
        _ => return Ok(()),
    };
    Err(Error::Name { what: MODEL, name: name.to_owned(), problem })
}

/// `latest` and `v1` mean something else to MLflow.
pub(crate) fn alias(name: &str) -> Result<(), Error> {
    let lower = name.to_ascii_lowercase();
    let version = lower.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()));
    let problem = match name {
        "" => "is empty",
        _ if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) => {
            "holds something other than letters, digits, `_` and `-`"
        }
        _ if name.len() > 200 => "is longer than 200 characters",
        _ if version || lower == "latest" => "is reserved by MLflow",
        _ => return Ok(()),
    };
    Err(Error::Name { what: ALIAS, name: name.to_owned(), problem })
}

/// A path that stays in its folder on every system.
pub(crate) fn file(path: &str) -> Result<(), Error> {
    let bad = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains(['\\', ':']);
    let problem = match path {
        _ if path.contains(char::is_control) => "holds a control character",
        _ if path.split('/').any(bad) => "is no plain relative path",
        _ => return Ok(()),
    };
    Err(Error::Name { what: FILE, name: path.to_owned(), problem })
}

pub(crate) fn submission(submission: &Submission) -> Result<(), Error> {
    model(&submission.model)?;
    for one in submission.model_files.iter().chain(&submission.run_files) {
        file(&one.path)?;
        // MLflow unescapes paths until nothing changes, refuses fragments, and its client escapes no `?`.
        if one.path.contains(['#', '%', '?']) {
            return Err(Error::Name { what: FILE, name: one.path.clone(), problem: "holds a `#`, `%` or `?`" });
        }
    }
    let beside = submission.run_files.iter().find(|one| one.path == "model" || one.path.starts_with("model/"));
    beside.map_or(Ok(()), |one| {
        let problem = "would lie in the version's folder";
        Err(Error::Name { what: FILE, name: one.path.clone(), problem })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mlflow_refuses_are_refused() {
        for name in ["iris", "Diabetes (Pima) 100%", "größe", "a.b", "it's", "C\\D"] {
            model(name).unwrap();
        }
        for name in ["", "  ", ".", "..", "..a", "a/b", "a:b", "a\nb", &"ä".repeat(50)] {
            assert!(model(name).is_err(), "{name:?}");
        }
        for name in ["champion", "Blue-2_b", "vintage", "v"] {
            alias(name).unwrap();
        }
        for name in ["", "v1", "V22", "Latest", "a b", "a/b", "../x", "ä"] {
            assert!(alias(name).is_err(), "{name:?}");
        }
        for name in ["", "/etc/passwd", "a//b", "../a", "a/..", "./a", "a\\b", "C:x", "a\0"] {
            assert!(file(name).is_err(), "{name:?}");
        }
        file("plots/roc curve 100%.svg").unwrap();
    }
}
