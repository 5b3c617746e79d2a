//! What is seen of backups, in Prometheus' text format.

use backups::Listing;
use prometheus::{Encoder, IntGaugeVec, Opts, Registry, TextEncoder};

/// A database without a whole backup has no series at all: there is nothing whose age could be told.
pub(super) fn text(listing: &Listing) -> Result<String, prometheus::Error> {
    let all = Registry::new();
    let gauge = |name: &str, help: &str| {
        let gauge = IntGaugeVec::new(Opts::new(name, help), &["database"])?;
        all.register(Box::new(gauge.clone())).map(|()| gauge)
    };
    let last = gauge(
        "backup_last_success_timestamp_seconds",
        "When the newest whole backup was begun, in seconds since 1970",
    )?;
    let size = gauge("backup_size_bytes", "Length of the newest whole backup")?;
    let files = gauge("backup_files", "Whole backups that are kept")?;
    // The newest of a database comes last.
    for backup in &listing.backups {
        let database = [backup.name.database.as_str()];
        last.with_label_values(&database).set(backup.name.taken.as_second());
        size.with_label_values(&database).set(i64::try_from(backup.bytes).unwrap_or(i64::MAX));
        files.with_label_values(&database).inc();
    }
    let mut text = Vec::new();
    TextEncoder::new().encode(&all.gather(), &mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
