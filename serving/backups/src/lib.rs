//! Dumps of databases, in a folder or an object store.
//!
//! ```text
//! mlflow-20261121T023000Z.dump        what pg_dump wrote, in its custom format
//! mlflow-20261121T023000Z.dump.json   the receipt: {"bytes":…,"sha256":"…"}; the backup exists from the moment this exists
//! ```
//!
//! The forces: a backup is believed in for months and needed once, by somebody in a hurry, perhaps when all else is gone. So a
//! name says what it is of and when it was taken, and no index beside the files can be lost or lie. A run can end anywhere, and a
//! store knows no transactions but one object: so the dump goes first and is read back, then its receipt is written, and only
//! then older ones go. What has no receipt is no backup; it is removed a day later, when nobody can be writing it any more.
//! Whoever asks how old the last backup is (`Store::list`) looks at the files, not at what a run said of itself.
//!
//! How a dump is made, and what is in it, PostgreSQL's own tools know: nothing here opens one.

mod error;
mod fetch;
mod keep;
mod name;
mod receipt;
mod store;

pub use error::Error;
pub use fetch::fetch;
pub use keep::{Kept, SUMS, keep};
pub use name::DumpName;
pub use store::{Backup, Listing, Store};
