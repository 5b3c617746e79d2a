//! The parts of the serving image against real servers. `cargo xtask test` brings them.

mod prediction_log;
