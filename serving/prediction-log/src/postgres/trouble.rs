//! Why rows do not arrive, in words that give nothing away: a server's own words may name roles and rows.

use std::error::Error as _;

use tokio_postgres::error::SqlState;

/// What went wrong with the server.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// No answer in time.
    #[error("it does not answer in time\n\nhint: check the network policy and the server's load")]
    Silent,
    /// The connection ended.
    #[error("the connection ended")]
    Closed,
    /// No connection, or no TLS.
    #[error("{0}\n\nhint: check host, port and sslmode in the database's URL")]
    Unreachable(String),
    /// An answer that is an error.
    #[error("{0}\n\nhint: {1}")]
    Answer(&'static str, &'static str),
    /// An answer that nobody foresaw.
    #[error("it answers with SQLSTATE {0}\n\nhint: look it up under this code in the server's log")]
    Code(String),
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(code) = error.code() else {
            // Below the database: sockets and certificates.
            return match error.source() {
                _ if error.is_closed() => Self::Closed,
                Some(source) => Self::Unreachable(source.to_string()),
                None => Self::Unreachable(error.to_string()),
            };
        };
        match *code {
            SqlState::INVALID_PASSWORD => {
                Self::Answer("it refuses the user or the password", "check PGUSER and PGPASSWORD")
            }
            SqlState::INVALID_AUTHORIZATION_SPECIFICATION => Self::Answer(
                "it lets this user not in from here",
                "check PGUSER and the server's pg_hba.conf; where it asks for TLS, write sslmode=verify-full",
            ),
            SqlState::INVALID_CATALOG_NAME => {
                Self::Answer("there is no such database", "check the name at the end of the database's URL")
            }
            SqlState::INSUFFICIENT_PRIVILEGE => Self::Answer(
                "the user may not make, fill or read the table prediction",
                "make the user the owner of the database, or grant INSERT and SELECT on the table",
            ),
            SqlState::CANNOT_CONNECT_NOW => Self::Answer("it starts or ends", "wait"),
            SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => Self::Closed,
            _ => Self::Code(code.code().to_owned()),
        }
    }
}
