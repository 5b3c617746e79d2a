//! The words of backups: `serving backup`.

/// Keeps dumps of the folder that is named behind it.
pub const BACKUP_KEEP: [&str; 2] = ["backup", "keep"];
/// Fetches the dump that [`BACKUP_FILE`] names into the folder that is named behind it.
pub const BACKUP_FETCH: [&str; 3] = ["backup", "fetch", "--into"];
/// Tells the age of backups on [`super::api_port`].
pub const BACKUP_WATCH: [&str; 2] = ["backup", "watch"];
/// Names the place of backups: a directory, or one in an object store.
pub const BACKUP_STORE: &str = "BACKUP_STORE";
/// Its place in the container, where it is on a volume.
pub const BACKUPS_DIR: &str = "/var/lib/mlstack/backups";
/// Names a backup.
pub const BACKUP_FILE: &str = "BACKUP_FILE";
