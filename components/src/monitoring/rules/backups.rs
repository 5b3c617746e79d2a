//! Whether there is a good backup that is young enough.

use std::time::Duration;

use builders::Name;

use super::{Group, Rule, Severity, duration, series_of};
use crate::monitoring::{BackupMetrics, WatchedBackups};

/// How long nobody may tell of backups: a pod is moved in minutes.
const UNSEEN: Duration = Duration::from_mins(15);

/// Everything about the backups of the database.
pub fn group(backups: &WatchedBackups) -> Group {
    let WatchedBackups { workload, namespace, .. } = backups;
    let rules = [old(backups), unseen(backups)].into_iter().chain(missing(backups));
    let rules = rules.map(|rule| rule.labelled(workload, namespace)).collect();
    Group { name: format!("{namespace}/{workload}"), namespace: namespace.clone(), watches: workload.clone(), rules }
}

impl WatchedBackups {
    /// When the last good one was made, in seconds since 1970. `CloudNativePG` says 0 before the first.
    pub(in crate::monitoring) fn last_success(&self) -> String {
        self.last_success_of("")
    }

    /// The same of what `further` selects among them.
    fn last_success_of(&self, further: &str) -> String {
        let metric = match self.metrics {
            BackupMetrics::Dump => "backup_last_success_timestamp_seconds",
            BackupMetrics::BarmanCloud => "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
        };
        format!("{metric}{{{}{further}}} > 0", self.series())
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

/// Nobody tells of backups: neither would an age be too great, nor can anybody know.
fn unseen(backups: &WatchedBackups) -> Rule {
    let WatchedBackups { workload, namespace, .. } = backups;
    let expr = format!("absent(up{{{}}} == 1)", backups.series());
    Rule::alert("BackupTooOld", Severity::Warning, expr).because("unseen").lasting(UNSEEN).says(
        "nobody tells how old the backups are",
        format!("Prometheus has reached no pod of {workload} in {namespace} for {}.", duration(UNSEEN)),
    )
}

/// The first backup may take until the first run is due. Each database by itself: another's would hide that it has none.
fn missing(backups: &WatchedBackups) -> Vec<Rule> {
    let rule = |last: String, what: &str| {
        let expr = format!("absent({last})");
        Rule::alert("BackupTooOld", Severity::Warning, expr).because("missing").lasting(backups.max_age).says(
            format!("there is no backup{what}"),
            format!("{} has told of no good backup{what} for {}.", backups.workload, duration(backups.max_age)),
        )
    };
    if backups.databases.is_empty() {
        return vec![rule(backups.last_success(), "")];
    }
    let of = |name: &Name| {
        let last = backups.last_success_of(&format!(",database=\"{name}\""));
        rule(last, &format!(" of {name}")).with("database", name.as_str())
    };
    backups.databases.iter().map(of).collect()
}
