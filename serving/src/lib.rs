//! The program of the serving image.
