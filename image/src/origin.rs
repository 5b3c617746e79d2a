//! Where the image comes from: the commit, its time, and the public address of the repository.

use std::{path::Path, process::Command};

use url::{Host, Url};

/// What Git knows of the workspace.
#[derive(Debug)]
pub struct Origin {
    /// The commit, with `-dirty` behind it if files differ from it; nothing outside a repository.
    pub revision: Option<String>,
    /// The commit's time in UTC (RFC 3339). The time of the build would make two builds differ.
    pub created: String,
    /// Where the sources are for everybody to read.
    pub source: Option<String>,
}

impl Origin {
    /// Asks Git in the folder of the workspace. Sources without a repository have no revision.
    pub fn of(workspace: &Path) -> Self {
        let git = |arguments: &[&str]| {
            let output = Command::new("git").args(arguments).current_dir(workspace).env("TZ", "UTC").output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let changed = git(&["status", "--porcelain"]).is_some_and(|changes| !changes.is_empty());
        let created = git(&["log", "-1", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", "--format=%cd"]);
        Self {
            revision: git(&["rev-parse", "HEAD"]).map(|commit| if changed { commit + "-dirty" } else { commit }),
            created: created.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned()),
            source: git(&["remote", "get-url", "origin"]).and_then(|remote| public(&remote)),
        }
    }
}

/// A remote that means the same everywhere: not a path, not a host of somebody's network, and without a token.
fn public(remote: &str) -> Option<String> {
    const PRIVATE: [&str; 6] = ["example", "internal", "lan", "local", "localhost", "test"];
    let mut url = Url::parse(remote).ok().filter(|url| url.scheme() == "https")?;
    let Some(Host::Domain(host)) = url.host() else { return None };
    let (_, top) = host.rsplit_once('.')?;
    if PRIVATE.contains(&top) {
        return None;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::public;

    #[test]
    fn only_what_everybody_can_open_is_a_source() {
        for (remote, source) in [
            ("https://github.com/team/stack.git", Some("https://github.com/team/stack.git")),
            ("https://robot:token@github.com/team/stack?token=1", Some("https://github.com/team/stack")),
            ("http://github.com/team/stack", None),
            ("git@github.com:team/stack.git", None),
            ("https://forge/team/stack", None),
            ("https://forge.internal/team/stack", None),
            ("https://10.0.0.7/team/stack", None),
            ("/home/somebody/stack", None),
            ("file:///home/somebody/stack", None),
        ] {
            assert_eq!(public(remote).as_deref(), source, "{remote}");
        }
    }
}
