//! The pods of a run: a backup, and a restore.

use builders::{App, Config, CronJob, ImageRef, Name, Priority, Quantity, Scratch, Sql, Unfinished, Variable, name};

use super::{Values, place::Place};
use crate::{postgres::Whole, serving};

const POSTGRES_URL: Variable<Sql> = Variable::sql("POSTGRES_URL");

/// Where a run puts dumps, and where its scripts are.
const DUMPS: &str = "/dumps";
const SCRIPTS: &str = "/etc/backups";

/// What both have.
pub(super) struct Runs<'r> {
    pub image: &'r serving::Values,
    pub tools: &'r ImageRef,
    pub values: &'r Values,
    pub whole: &'r Whole,
    pub scripts: &'r Config,
    pub place: &'r Place<'r>,
}

impl Runs<'_> {
    fn of<'m>(&self, job: Unfinished<'m, CronJob>) -> Unfinished<'m, CronJob> {
        job.resources(&self.values.resources)
            .deadline(self.values.deadline_seconds.get())
            .connect(&self.whole.server, &POSTGRES_URL)
            .priority(Priority::Batch)
            .mount(&self.scripts.files(), SCRIPTS)
            .mount(&Scratch::disk(self.values.scratch), DUMPS)
            .mount(&Scratch::disk(Quantity::mebibytes(64)), "/tmp")
    }

    /// A backup of everything.
    pub(super) fn dump(&self, app: &mut App) {
        let job = app
            .cron_job(name!("backup"), &self.image.image, &self.values.schedule)
            .args(serving::BACKUP_KEEP)
            .args([DUMPS])
            .retries(2)
            // The container's own: of dumps that are not whole, and of a place that is none.
            .fails_for_good_on([2])
            .variable("BACKUP_KEEP", self.values.keep.get().to_string())
            .variable("DATABASES", self.whole.databases.each_ref().map(Name::as_str).join(" "))
            .step_of(name!("dump"), self.tools, ["sh", "/etc/backups/dump.sh"], [DUMPS]);
        self.place.write(self.of(job)).run();
    }

    /// A restore; what of, its Job is told by whoever starts it.
    pub(super) fn restore(&self, app: &mut App) {
        let fetch = serving::BACKUP_FETCH.into_iter().chain([DUMPS]);
        let job = app
            .cron_job(name!("restore"), self.tools, &self.values.schedule)
            .by_hand()
            .command(["sh", "/etc/backups/restore.sh"])
            .args([DUMPS])
            // A second try would find what the first one found.
            .retries(0)
            .variable(serving::BACKUP_FILE, "none")
            .step_of(name!("fetch"), &self.image.image, [], fetch);
        self.place.read(self.of(job)).run();
    }
}
