//! Values of Secrets, on their way to where they are kept: in a file of the developer's own machine ([`Vault`]),
//! or sealed (`crate::sealed`). They come from a file ([`Given`]), from the terminal or from chance
//! ([`values`]); the type that holds one has no way to be shown.

mod given;
mod keys;
mod manifests;
#[cfg(test)]
mod tests;
mod values;
mod vault;

pub(crate) use given::Given;
pub(crate) use keys::{KeyPath, Wanted, choose, wanted};
pub(crate) use manifests::manifests;
pub(crate) use values::{ask, draw};
pub(crate) use vault::Vault;
