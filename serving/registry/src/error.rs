//! What can go wrong with a registry.
//!
//! Texts of servers are shown only where they are known to be harmless: MLflow's hold database details, and those of object
//! stores hold parts of signatures.

/// Why a registry did not do as asked. No text holds a credential.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The location is none.
    #[error("{problem}\n\nhint: {hint}")]
    Location {
        /// What is wrong with it.
        problem: String,
        /// What to write instead.
        hint: String,
    },
    /// A name that no registry takes.
    #[error("{what} {name:?} {problem}\n\nhint: choose another name")]
    Name {
        /// What it names.
        what: &'static str,
        /// The name.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Nobody answered, or the answer broke off. Later it may.
    #[error(
        "{registry} cannot be reached: {problem}\n\nhint: check that it runs and that the network lets this program through"
    )]
    Unreachable {
        /// The registry, without credentials.
        registry: String,
        /// What the network said.
        problem: String,
    },
    /// The registry answered with an error.
    #[error("{registry} did not {call}: {problem}\n\nhint: {hint}")]
    Refused {
        /// The registry, without credentials.
        registry: String,
        /// What it was asked to do.
        call: String,
        /// Its code for that, such as `RESOURCE_DOES_NOT_EXIST`, or nothing.
        code: String,
        /// What it said, as far as that may be shown.
        problem: String,
        /// What to do.
        hint: String,
        /// Whether it may say otherwise later.
        transient: bool,
    },
    /// There is no such version.
    #[error("model {model:?} has no version {number:?}\n\nhint: register it first")]
    NoVersion {
        /// The model.
        model: String,
        /// The number that was asked for.
        number: String,
    },
    /// The version's files are larger than allowed.
    #[error(
        "version {number} of model {model:?} has {bytes} bytes or more, and {limit} are allowed\n\nhint: raise the limit, or register a smaller model"
    )]
    TooLarge {
        /// The model.
        model: String,
        /// The version.
        number: String,
        /// What it has, as far as it was read.
        bytes: u64,
        /// What was allowed.
        limit: u64,
    },
    /// What is stored is not what was registered.
    #[error("version {number} of model {model:?} is damaged: {problem}\n\nhint: register the model again")]
    Damaged {
        /// The model.
        model: String,
        /// The version.
        number: String,
        /// What differs.
        problem: String,
    },
}

impl Error {
    /// Whether the same call may succeed later: the registry is away or overloaded. Everything else wants a person.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { transient, .. } => *transient,
            _ => false,
        }
    }

    pub(crate) fn no_version(model: &str, number: &str) -> Self {
        Self::NoVersion { model: model.to_owned(), number: number.to_owned() }
    }

    pub(crate) fn damaged(model: &str, number: &str, problem: impl Into<String>) -> Self {
        Self::Damaged { model: model.to_owned(), number: number.to_owned(), problem: problem.into() }
    }
}

/// The texts of an error and of what caused it, without repetitions.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    text
}
