//! Backups of PostgreSQL: a run dumps every database and keeps what it has read back, another puts one dump back by hand, and a
//! small server tells Prometheus how old the newest are.
//!
//! PostgreSQL's own tools dump and restore, in the image of their version; the serving image keeps, rotates and fetches. So a
//! run is a pod of both, which hand each other an empty directory.

mod place;
mod runs;
mod values;

use builders::{App, Metrics, Resources, key, name};
pub use values::{To, Values, Volume};

use self::{place::Place, runs::Runs};
use crate::{
    ObjectStore, Postgres,
    monitoring::{BackupMetrics, WatchedBackups},
    serving,
};

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
    // First, so that the claim is applied with who mounts it first.
    let watched = watch(app, image, values, &place);
    let runs = Runs { image, tools, values, whole, scripts: &scripts, place: &place };
    runs.dump(app);
    runs.restore(app);
    Some(WatchedBackups { databases: whole.databases.to_vec(), ..watched })
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
