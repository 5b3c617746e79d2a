//! The store as an operator sees it that keeps the archive of a database there.

use builders::{Archive, Credentials, Name, Recovery, Schedule};

use super::ObjectStore;

impl ObjectStore {
    /// An archive in the store, of a cluster that keeps its part of it in `folder` and goes back `days`.
    pub fn archive(&self, folder: &Name, schedule: &Schedule, days: u32, recovery: Option<Recovery>) -> Archive {
        let credentials = match self.keys.as_slice() {
            [id, secret] => Credentials::Key(id.clone(), secret.clone()),
            [file] => Credentials::File(file.clone()),
            _ => Credentials::Identity,
        };
        Archive {
            place: self.place("postgres").to_string(),
            folder: folder.clone(),
            endpoint: self.values.endpoint.clone(),
            region: self.values.region.clone(),
            credentials,
            schedule: schedule.clone(),
            days,
            recovery,
        }
    }
}
