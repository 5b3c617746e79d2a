//! Ports and the protocols spoken on them. A protocol is a type, so that a database's address cannot
//! be handed to a client that wants HTTP.

use std::marker::PhantomData;

use crate::values::Name;

mod sealed {
    pub trait Sealed {}
}

/// A protocol that an endpoint speaks.
pub trait Protocol: sealed::Sealed {
    /// The scheme of its URLs.
    const SCHEME: &'static str;
}

/// HTTP/1.1 or 2, in the clear inside the cluster.
#[derive(Debug, Clone, Copy)]
pub enum Http {}

/// PostgreSQL's wire protocol.
#[derive(Debug, Clone, Copy)]
pub enum Sql {}

impl sealed::Sealed for Http {}
impl sealed::Sealed for Sql {}

impl Protocol for Http {
    const SCHEME: &'static str = "http";
}

impl Protocol for Sql {
    const SCHEME: &'static str = "postgresql";
}

/// A named port that a container listens on.
#[derive(Debug, Clone)]
pub struct Port<P> {
    pub(crate) name: Name,
    pub(crate) number: u16,
    protocol: PhantomData<P>,
}

/// An HTTP port, as in `http(name!("http"), 8000)`.
pub const fn http(name: Name, number: u16) -> Port<Http> {
    Port { name, number, protocol: PhantomData }
}

/// A PostgreSQL port, as in `sql(name!("postgres"), 5432)`.
pub const fn sql(name: Name, number: u16) -> Port<Sql> {
    Port { name, number, protocol: PhantomData }
}

impl Port<Http> {
    /// A probe: a GET of `path` on this port, green for 200 to 399.
    pub fn get(&self, path: &'static str) -> Handler {
        Handler::Get { port: self.name.clone(), path }
    }
}

/// What a probe does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handler {
    /// Asks for a path on a named port.
    Get {
        /// The container's port.
        port: Name,
        /// The path, with its leading slash.
        path: &'static str,
    },
    /// Runs a command in the container; green when it exits 0.
    Exec(Vec<String>),
}

/// A probe that runs a command in the container.
pub fn exec<const N: usize>(command: [&str; N]) -> Handler {
    Handler::Exec(command.map(str::to_owned).to_vec())
}
