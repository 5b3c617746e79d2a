//! What a version of a model is made of, and how it is read.

mod bundle;
mod features;
mod loaded;
mod mlmodel;

pub use bundle::{Bundle, MLMODEL, MODEL, REFERENCE, SPECIFICATION, TRAINED_ON};
pub use features::{Feature, Features, Kind};
pub use loaded::{Broken, Loaded, reference};
pub use mlmodel::{Signature, mlmodel};
