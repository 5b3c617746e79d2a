//! Where backups are kept, as pods see it.

use builders::{Mountable, SharedVolume, Unfinished};

use crate::{ObjectStore, object_store::Bucket, serving};

/// Where backups are kept.
pub(super) enum Place<'s> {
    Volume(SharedVolume),
    ObjectStore(&'s ObjectStore, Bucket),
}

impl Place<'_> {
    /// Gives a program its way to the place, to add and to remove.
    pub(super) fn write<'m, K>(&self, client: Unfinished<'m, K>) -> Unfinished<'m, K> {
        self.attach(client, SharedVolume::writer)
    }

    /// The same, to look.
    pub(super) fn read<'m, K>(&self, client: Unfinished<'m, K>) -> Unfinished<'m, K> {
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
