//! Whether there is a good backup that is young enough.

use std::time::Duration;

use super::{Group, Rule, Severity, duration, series_of};
use crate::monitoring::{BackupMetrics, WatchedBackups};

/// Everything about the backups of the database.
pub fn group(backups: &WatchedBackups) -> Group {
    let WatchedBackups { workload, namespace, .. } = backups;
    let rules = [old(backups), missing(backups)].map(|rule| rule.labelled(workload, namespace)).into();
    Group { name: format!("{namespace}/{workload}"), namespace: namespace.clone(), rules }
}

impl WatchedBackups {
    /// When the last good one was made, in seconds since 1970. `CloudNativePG` says 0 before the first.
    pub(in crate::monitoring) fn last_success(&self) -> String {
        let metric = match self.metrics {
            BackupMetrics::Dump => "backup_last_success_timestamp_seconds",
            BackupMetrics::BarmanCloud => "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
        };
        format!("{metric}{{{}}} > 0", self.series())
    }

    /// What selects their series.
    pub(in crate::monitoring) fn series(&self) -> String {
        series_of(&self.workload, &self.namespace)
    }

    /// What sets the series of several databases apart.
    pub(in crate::monitoring) const fn by(&self) -> &'static str {
        match self.metrics {
            BackupMetrics::Dump => "job, namespace, database",
            BackupMetrics::BarmanCloud => "job, namespace",
        }
    }
}

fn old(backups: &WatchedBackups) -> Rule {
    let (by, last, most) = (backups.by(), backups.last_success(), backups.max_age.as_secs());
    let expr = format!("time() - max by ({by}) ({last}) > {most}");
    let which = match backups.metrics {
        BackupMetrics::Dump => " of {{ $labels.database }}",
        BackupMetrics::BarmanCloud => "",
    };
    Rule::alert("BackupTooOld", Severity::Warning, expr).because("old").lasting(Duration::from_mins(5)).says(
        "the last good backup is too old",
        format!("The last good backup{which} by {} is {{{{ $value | humanizeDuration }}}} old.", backups.workload),
    )
}

/// The first backup may take until the first run is due.
fn missing(backups: &WatchedBackups) -> Rule {
    let expr = format!("absent({})", backups.last_success());
    Rule::alert("BackupTooOld", Severity::Warning, expr).because("missing").lasting(backups.max_age).says(
        "there is no backup",
        format!("{} has told of no good backup for {}.", backups.workload, duration(backups.max_age)),
    )
}
