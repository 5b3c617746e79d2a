//! An address that clients connect to, with everything they need to use it.

use std::marker::PhantomData;

use super::{Http, Protocol, SecretKey, Sql};
use crate::{model::WorkloadId, peers::Peer, values::Name};

/// A port of a workload behind its Service, speaking `P`.
///
/// Only finishing a workload makes one, so what it points at exists.
#[derive(Debug, Clone)]
pub struct Endpoint<P> {
    pub(crate) target: Target,
    protocol: PhantomData<P>,
}

/// What an edge needs to know of its server.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// The workload behind it; none for a server outside the stack.
    pub(crate) workload: Option<WorkloadId>,
    /// Whom the client's policy names.
    pub(crate) peer: Peer,
    /// The server's full name, so that the URL is right from every namespace.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) scheme: &'static str,
    /// Behind the authority, with its slash; empty for the whole server.
    pub(crate) path: String,
    /// libpq's `PGUSER` and `PGPASSWORD`.
    pub(crate) login: Option<(SecretKey, SecretKey)>,
    /// Seconds until the server answers, counted from when everything is applied.
    pub(crate) starts_within: u32,
}

impl<P: Protocol> Endpoint<P> {
    pub(crate) fn new(target: Target) -> Self {
        Self { target, protocol: PhantomData }
    }

    pub(crate) fn url(&self) -> String {
        let Target { host, port, scheme, path, .. } = &self.target;
        format!("{scheme}://{host}:{port}{path}")
    }

    /// Seconds until it can be expected to answer, counted from when everything is applied.
    pub const fn starts_within(&self) -> u32 {
        self.target.starts_within
    }
}

impl Endpoint<Sql> {
    /// One database of this server and the role that owns it.
    ///
    /// The login never stands in the URL: clients get it beside, as libpq's `PGUSER` and `PGPASSWORD`.
    pub fn database(&self, name: &Name, user: SecretKey, password: SecretKey) -> Self {
        let target = Target { path: format!("/{name}"), login: Some((user, password)), ..self.target.clone() };
        Self::new(target)
    }

    /// All of this server, as a role that names its database when it connects.
    #[must_use]
    pub fn login(&self, user: SecretKey, password: SecretKey) -> Self {
        Self::new(Target { login: Some((user, password)), ..self.target.clone() })
    }

    /// The same server or database by TLS, as libpq's `sslmode` says.
    #[must_use]
    pub fn by_tls(&self, mode: &str) -> Self {
        Self::new(Target { path: format!("{}?sslmode={mode}", self.target.path), ..self.target.clone() })
    }

    /// The same database as SQLAlchemy is told of it: with the driver in the scheme, since a bare
    /// `postgresql://` means psycopg2 to SQLAlchemy 2.0 and psycopg 3 to 2.1.
    #[must_use]
    pub fn sqlalchemy(&self) -> Self {
        Self::new(Target { scheme: "postgresql+psycopg2", ..self.target.clone() })
    }
}

/// An environment variable in which a program expects the URL of a server that speaks `P`.
///
/// The contract of an image is a list of these; [`TakesUrlOf`] holds the two sides together.
#[derive(Debug, Clone)]
pub struct Variable<P> {
    pub(crate) name: std::borrow::Cow<'static, str>,
    protocol: PhantomData<P>,
}

impl Variable<Http> {
    /// A variable for the URL of an HTTP server.
    pub const fn http(name: &'static str) -> Self {
        Self { name: std::borrow::Cow::Borrowed(name), protocol: PhantomData }
    }

    /// `prefix` and the name of `what`: `API_URL_` and `diabetes` give `API_URL_DIABETES`.
    pub fn http_for(prefix: &'static str, what: &Name) -> Self {
        Self { name: format!("{prefix}{}", what.to_variable()).into(), protocol: PhantomData }
    }
}

impl Variable<Sql> {
    /// A variable for the URL of a PostgreSQL database.
    pub const fn sql(name: &'static str) -> Self {
        Self { name: std::borrow::Cow::Borrowed(name), protocol: PhantomData }
    }
}

/// A variable that stands for the URL of a server that speaks `P`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take the URL of a server that speaks `{P}`",
    label = "this variable is for another protocol than the endpoint's",
    note = "pass the endpoint that the client means: for `Http` that of an API or of MLflow, for `Sql` a database of Postgres",
    note = "if the client does mean this endpoint, the variable is declared wrong: see `Variable::http` and `Variable::sql`"
)]
pub trait TakesUrlOf<P: Protocol> {
    /// The variable itself.
    fn variable(&self) -> &Variable<P>;
}

impl<P: Protocol> TakesUrlOf<P> for Variable<P> {
    fn variable(&self) -> &Self {
        self
    }
}
