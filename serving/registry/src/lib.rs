//! Versions of models and their aliases.
