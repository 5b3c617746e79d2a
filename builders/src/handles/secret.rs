//! Secrets by reference. No value is ever known here: a manifest says where one is, not what it is.

use crate::values::{KeyName, Name};

/// A Secret that the environment brings to be; asking it for a key declares the key.
#[derive(Debug, Clone)]
pub struct Secret {
    name: Name,
}

/// One key of a declared Secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretKey {
    pub(crate) secret: Name,
    pub(crate) key: KeyName,
    pub(crate) source: Source,
}

/// Where the value of a key comes from when somebody makes the Secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Nobody needs to choose it: it is drawn at random.
    Random,
    /// No secret at all, but it travels with one: a role's name beside its password.
    Fixed(Name),
}

impl Secret {
    pub(crate) const fn new(name: Name) -> Self {
        Self { name }
    }

    /// Declares a key whose value is drawn at random, such as a password.
    pub fn key(&self, key: KeyName) -> SecretKey {
        SecretKey { secret: self.name.clone(), key, source: Source::Random }
    }

    /// Declares a key with a known value that belongs beside a secret one, such as a role's name.
    pub fn fixed(&self, key: KeyName, value: &Name) -> SecretKey {
        SecretKey { secret: self.name.clone(), key, source: Source::Fixed(value.clone()) }
    }
}

/// A key that a declared Secret gave out.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key of a declared Secret",
    label = "no Secret declares this key",
    note = "a key comes from its Secret: `let password = app.secret(name!(\"postgres\")).key(key!(\"POSTGRES_PASSWORD\"));`, then pass `&password`",
    note = "so that no pod waits for ever in `CreateContainerConfigError` for a key that nobody makes"
)]
pub trait DeclaredKey {
    /// The key itself.
    fn declared(&self) -> &SecretKey;
}

impl DeclaredKey for SecretKey {
    fn declared(&self) -> &SecretKey {
        self
    }
}
