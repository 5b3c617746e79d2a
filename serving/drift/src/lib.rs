//! Whether what a model is asked still looks like what it was trained on.
//!
//! The forces: an alarm that rings without a reason is switched off, and one that never rings is none. A p-value alone calls the
//! smallest difference in a large window drift; a distance alone calls noise in a small window drift. So a feature drifts when the
//! difference is significant (p-value, corrected over all features) *and* large (population stability index). Numbers are
//! compared by the two-sample Kolmogorov-Smirnov test, which needs the reference sample itself, words by the chi-square test of the
//! contingency table; p-values are those of `scipy.stats`. A window with too few rows says nothing either way, and that is said.
//!
//! A window may be of any size, so its values are counted as they come and not kept: between two neighbours of the reference the
//! one distribution function is flat and the other rises, so that counts at and between the reference's values are all that the
//! test asks for.
//!
//! Architecture invariant: nothing here opens a file, a socket or a clock, nor knows what a model is.

mod category;
mod chi_square;
mod distance;
mod holm;
mod kolmogorov;
mod ks;
mod number;
mod picture;
mod report;
mod window;

pub use chi_square::{chi_square, pool};
pub use distance::{EMPTY, jensen_shannon, population_stability_index};
pub use holm::holm;
pub use ks::{EXACT, ks_p_value};
pub use picture::{Bars, Picture};
pub use report::{Bin, Comparison, Feature, Kind, Limits, Report, Status, Test};
pub use window::{Sample, Window};
