//! The serving image.
