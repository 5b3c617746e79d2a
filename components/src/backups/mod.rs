//! Backups of PostgreSQL: a run dumps every database and keeps what it has read back, another puts one dump back by hand, and a
//! small server tells Prometheus how old the newest are.
//!
//! PostgreSQL's own tools dump and restore, in the image of their version; the serving image keeps, rotates and fetches. So a
//! run is a pod of both, which hand each other an empty directory.

mod values;

use builders::{
    App, Config, ImageRef, Metrics, Mountable, Name, Priority, Quantity, Resources, Scratch, SharedVolume, Sql,
    Unfinished, Variable, key, name,
};
pub use values::{To, Values, Volume};

use crate::{
    ObjectStore, Postgres,
    monitoring::{BackupMetrics, WatchedBackups},
    object_store::Bucket,
    postgres::Whole,
    serving,
};

const POSTGRES_URL: Variable<Sql> = Variable::sql("POSTGRES_URL");

/// Where a run puts dumps, and where its scripts are.
const DUMPS: &str = "/dumps";
const SCRIPTS: &str = "/etc/backups";

/// Where backups are kept.
enum Place<'s> {
    Volume(SharedVolume),
    ObjectStore(&'s ObjectStore, Bucket),
}

/// Declares backups of all databases of `postgres`, unless its operator makes them; gives back what there is to watch of them.
/// Nothing where the environment lacks what they need, which is refused before a stack is declared.
pub fn backups(
    app: &mut App,
    image: &serving::Values,
    values: &Values,
    postgres: &Postgres,
    store: Option<&ObjectStore>,
) -> Option<WatchedBackups> {
    let Some(whole) = &postgres.whole else { return postgres.archived.clone() };
    let tools = values.image.as_ref().or(whole.image.as_ref())?;
    let place = match &values.to {
        To::Volume(volume) => Place::Volume(app.shared_volume(name!("backups"), &volume.size)),
        To::ObjectStore => Place::ObjectStore(store?, store?.place("backups")),
    };
    let scripts = app.config(
        name!("backup-scripts"),
        [
            (key!("clear.sql"), include_str!("clear.sql").to_owned()),
            (key!("dump.sh"), include_str!("dump.sh").to_owned()),
            (key!("restore.sh"), include_str!("restore.sh").to_owned()),
        ],
    );
    let run = Run { values, whole, scripts: &scripts };
    // First, so that the claim is applied with who mounts it first.
    let watched = watch(app, image, values, &place);
    dump(app, image, tools, &run, &place);
    restore(app, image, tools, &run, &place);
    Some(watched)
}

/// What both runs have.
struct Run<'r> {
    values: &'r Values,
    whole: &'r Whole,
    scripts: &'r Config,
}

impl Run<'_> {
    fn of<'m>(&self, job: Unfinished<'m, builders::CronJob>) -> Unfinished<'m, builders::CronJob> {
        job.resources(&self.values.resources)
            .deadline(self.values.deadline_seconds.get())
            .connect(&self.whole.server, &POSTGRES_URL)
            .priority(Priority::Batch)
            .mount(&self.scripts.files(), SCRIPTS)
            .mount(&Scratch::disk(self.values.scratch), DUMPS)
            .mount(&Scratch::disk(Quantity::mebibytes(64)), "/tmp")
    }
}

fn dump(app: &mut App, image: &serving::Values, tools: &ImageRef, run: &Run, place: &Place<'_>) {
    let job = app
        .cron_job(name!("backup"), &image.image, &run.values.schedule)
        .args(serving::BACKUP_KEEP)
        .args([DUMPS])
        .retries(2)
        // The container's own: of dumps that are not whole, and of a place that is none.
        .fails_for_good_on([2])
        .variable("BACKUP_KEEP", run.values.keep.get().to_string())
        .variable("DATABASES", run.whole.databases.each_ref().map(Name::as_str).join(" "))
        .step_of(name!("dump"), tools, ["sh", "/etc/backups/dump.sh"], [DUMPS]);
    place.write(run.of(job)).run();
}

/// What is to be restored, its Job is told by whoever starts it.
fn restore(app: &mut App, image: &serving::Values, tools: &ImageRef, run: &Run, place: &Place<'_>) {
    let fetch = serving::BACKUP_FETCH.into_iter().chain([DUMPS]);
    let job = app
        .cron_job(name!("restore"), tools, &run.values.schedule)
        .by_hand()
        .command(["sh", "/etc/backups/restore.sh"])
        .args([DUMPS])
        // A second try would find what the first one found.
        .retries(0)
        .variable(serving::BACKUP_FILE, "")
        .step_of(name!("fetch"), &image.image, [], fetch);
    place.read(run.of(job)).run();
}

fn watch(app: &mut App, image: &serving::Values, values: &Values, place: &Place<'_>) -> WatchedBackups {
    let (web, name) = (serving::api_port(), name!("backups"));
    let server = app
        .deployment(name.clone(), &image.image)
        .args(serving::BACKUP_WATCH)
        .resources(&Resources::new((10, 16), (100, 64)))
        .variable("LOG_LEVEL", image.log_level.as_str())
        .started(web.get("/health"))
        .ready(web.get("/ready"))
        .live(web.get("/health"))
        .exports(Metrics { path: serving::METRICS, requests: None, token: None });
    place.read(server).serve(&web);
    values.watched(name, app.own_namespace(), BackupMetrics::Dump)
}

impl Place<'_> {
    fn write<'m, K>(&self, client: Unfinished<'m, K>) -> Unfinished<'m, K> {
        self.attach(client, SharedVolume::writer)
    }

    fn read<'m, K>(&self, client: Unfinished<'m, K>) -> Unfinished<'m, K> {
        self.attach(client, SharedVolume::reader)
    }

    fn attach<'m, K, M: Mountable>(
        &self,
        client: Unfinished<'m, K>,
        mount: impl Fn(&SharedVolume) -> M,
    ) -> Unfinished<'m, K> {
        match self {
            Self::Volume(volume) => {
                client.mount(&mount(volume), serving::BACKUPS_DIR).variable(serving::BACKUP_STORE, serving::BACKUPS_DIR)
            }
            Self::ObjectStore(store, place) => store.attach(client.variable(serving::BACKUP_STORE, place.to_string())),
        }
    }
}
