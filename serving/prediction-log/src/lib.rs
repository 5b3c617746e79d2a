//! What was predicted, kept for drift.
