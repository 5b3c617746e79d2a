//! What is to be sealed, and what stays.

use std::collections::BTreeMap;

use documents::Diagnostic;
use secrecy::SecretString;

use super::{Certificate, Sealed, Tree};
use crate::secrets::{KeyPath, Wanted};

/// A key that is to be sealed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Due<'k> {
    pub(crate) key: &'k KeyPath,
    /// Whether its value can be drawn.
    pub(crate) random: bool,
    /// Whether another namespace has its value sealed already. Only the controller knows it, and another one would
    /// lock out who uses it: none is drawn unasked.
    pub(crate) elsewhere: bool,
}

/// Keys that lack a ciphertext in some namespace, and those of which `anew` wants another.
pub(crate) fn due<'k>(
    wanted: &'k BTreeMap<KeyPath, Wanted>,
    before: &Sealed,
    anew: impl Fn(&KeyPath) -> bool,
) -> Vec<Due<'k>> {
    let due = wanted.iter().filter_map(|(key, wanted)| {
        let has = |namespace: &&_| before.get(namespace, &key.secret, &key.key).is_some();
        let (have, anew) = (wanted.namespaces.iter().filter(has).count(), anew(key));
        let elsewhere = have > 0 && !anew;
        let due = anew || have < wanted.namespaces.len();
        due.then_some(Due { key, random: wanted.random, elsewhere })
    });
    due.collect()
}

/// The ciphertexts of all `wanted` keys: of their `values`, the same in every namespace, or as they were before.
///
/// # Errors
/// When nothing can be encrypted to the certificate.
pub(crate) fn seal<'k>(
    wanted: &'k BTreeMap<KeyPath, Wanted>,
    before: &Sealed,
    values: &BTreeMap<KeyPath, SecretString>,
    certificate: &Certificate,
) -> Result<Tree<'k>, Diagnostic> {
    let mut all = Tree::new();
    for (path, wanted) in wanted {
        let KeyPath { secret, key } = path;
        for namespace in &wanted.namespaces {
            let sealed = values.get(path).map(|value| certificate.seal(namespace.as_str(), secret.as_str(), value));
            let Some(ciphertext) = sealed.transpose()?.or_else(|| before.get(namespace, secret, key).cloned()) else {
                continue;
            };
            all.entry(namespace).or_default().entry(secret).or_default().insert(key, ciphertext);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use builders::{key, name};

    use super::*;
    use crate::project::{Missing, Source, Sources};

    /// A file of ciphertexts, and nothing else.
    struct File(String);

    impl Sources for File {
        fn environment(&self, _: &str) -> Result<Source, Vec<Diagnostic>> {
            Err(Vec::new())
        }

        fn model(&self, name: &str) -> Result<Source, Missing> {
            Err(Missing { message: name.into(), hint: String::new() })
        }

        fn sealed(&self, name: &str) -> Result<Option<Source>, Missing> {
            Ok(Some(Source { name: name.into(), bytes: self.0.clone().into() }))
        }

        fn data(&self, path: &str) -> Result<Vec<u8>, Missing> {
            Err(Missing { message: path.into(), hint: String::new() })
        }
    }

    const CERTIFICATE: &[u8] = include_bytes!("../../../tests/tests/hermetic/certificates/controller.pem");

    fn wanted() -> BTreeMap<KeyPath, Wanted> {
        let namespaces = [name!("here"), name!("there")].into();
        [(KeyPath { secret: name!("s"), key: key!("K") }, Wanted { random: true, namespaces })].into()
    }

    fn sealed(wanted: &BTreeMap<KeyPath, Wanted>, before: &Sealed, value: &str) -> Sealed {
        let certificate =
            Certificate::read("c.pem", CERTIFICATE).map_err(|mistake| mistake.message).expect("it is good");
        let values = wanted.keys().map(|key| (key.clone(), value.into())).collect();
        let tree = seal(wanted, before, &values, &certificate).map_err(|mistake| mistake.message).expect("it seals");
        Sealed::read("e", &File(super::super::text("e", &tree))).map_err(|all| all.len()).expect("it is good")
    }

    #[test]
    fn a_value_is_sealed_for_every_namespace_that_reads_it() {
        let (wanted, none) = (wanted(), Sealed::read("e", &File("{}".into())).expect("an empty file"));
        let (first, all) = (&wanted.keys().next().expect("a key"), |_: &KeyPath| true);
        let Some(found) = due(&wanted, &none, |_| false).pop() else { panic!("it is due") };
        assert_eq!(found, Due { key: first, random: true, elsewhere: false });
        let both = sealed(&wanted, &none, "hunter2");
        let text = |namespace| both.get(&namespace, &first.secret, &first.key).expect("a ciphertext").clone();
        assert_ne!(text(name!("here")), text(name!("there")), "each is bound to its own");
        assert_eq!(due(&wanted, &both, |_| false), []);
        assert_eq!(due(&wanted, &both, all), [Due { key: first, random: true, elsewhere: false }]);
    }

    #[test]
    fn what_another_namespace_has_sealed_is_known() {
        let mut here = wanted();
        for wanted in here.values_mut() {
            wanted.namespaces = [name!("here")].into();
        }
        let one = sealed(&here, &Sealed::read("e", &File("{}".into())).expect("an empty file"), "hunter2");
        let wanted = wanted();
        let first = &wanted.keys().next().expect("a key");
        assert_eq!(due(&wanted, &one, |_| false), [Due { key: first, random: true, elsewhere: true }]);
        assert_eq!(due(&wanted, &one, |_| true), [Due { key: first, random: true, elsewhere: false }]);
    }
}
