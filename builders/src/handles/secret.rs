//! Secrets by reference. No value is ever known here: a manifest says where one is, not what it is.

use std::fmt;

use crate::values::{KeyName, Name};

/// A Secret that the environment brings to be; asking it for a key declares the key.
#[derive(Debug)]
pub struct Secret {
    name: Name,
}

/// A Secret that an operator makes in the cluster, beside an object of its own.
#[derive(Debug)]
pub struct OperatorSecret {
    pub(crate) name: Name,
    pub(crate) namespace: Name,
    pub(crate) by: &'static str,
}

/// One key of a declared Secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretKey {
    pub(crate) secret: Name,
    pub(crate) kind: SecretType,
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
    /// It is given to us by others, such as a cloud's credentials: nobody can draw it.
    Supplied,
    /// An operator makes it in the cluster.
    Operator {
        /// The operator's name, for people.
        by: &'static str,
        /// Where it makes the Secret.
        namespace: Name,
    },
}

/// What a Secret is for, in the words of its `type`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretType {
    /// Anything.
    #[default]
    Opaque,
    /// A user's name and password, by these names.
    BasicAuth,
}

impl SecretType {
    /// As the API server has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opaque => "Opaque",
            Self::BasicAuth => "kubernetes.io/basic-auth",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Random => out.write_str("random"),
            Self::Fixed(_) => out.write_str("fixed"),
            Self::Supplied => out.write_str("supplied"),
            Self::Operator { by, .. } => write!(out, "made by {by}"),
        }
    }
}

impl Secret {
    pub(crate) const fn new(name: Name) -> Self {
        Self { name }
    }

    /// Declares a key whose value is drawn at random, such as a password.
    pub fn key(&self, key: KeyName) -> SecretKey {
        self.declare(key, Source::Random)
    }

    /// Declares a key with a known value that belongs beside a secret one, such as a role's name.
    pub fn fixed(&self, key: KeyName, value: &Name) -> SecretKey {
        self.declare(key, Source::Fixed(value.clone()))
    }

    /// Declares a key whose value others give, such as a cloud's credentials.
    pub fn supplied(&self, key: KeyName) -> SecretKey {
        self.declare(key, Source::Supplied)
    }

    /// Declares the two keys of a `kubernetes.io/basic-auth` Secret, `username` (as given) and `password`
    /// (random), and makes it one.
    pub fn basic_auth(self, user: &Name) -> (SecretKey, SecretKey) {
        let of_type = |key| SecretKey { kind: SecretType::BasicAuth, ..key };
        let username = self.fixed(KeyName::literal("username"), user);
        (of_type(username), of_type(self.key(KeyName::literal("password"))))
    }

    fn declare(&self, key: KeyName, source: Source) -> SecretKey {
        SecretKey { secret: self.name.clone(), kind: SecretType::Opaque, key, source }
    }
}

impl OperatorSecret {
    /// A key that the operator is known to make.
    pub fn key(&self, key: KeyName) -> SecretKey {
        let source = Source::Operator { by: self.by, namespace: self.namespace.clone() };
        SecretKey { secret: self.name.clone(), kind: SecretType::Opaque, key, source }
    }
}

/// One key of a Secret as a file of its name, to be mounted read-only.
#[derive(Debug, Clone)]
pub struct SecretFile(pub(crate) SecretKey);

impl SecretKey {
    /// To be mounted: a directory that holds this key alone, as a file of its name.
    pub fn file(&self) -> SecretFile {
        SecretFile(self.clone())
    }

    /// The name of the Secret, for an operator's object that refers to all of it.
    pub const fn secret(&self) -> &Name {
        &self.secret
    }

    /// The name of the key, which is its file's name where it is mounted.
    pub const fn key(&self) -> &KeyName {
        &self.key
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
