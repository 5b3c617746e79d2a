//! The manifests and the program agree: pods are started with the very arguments, variables, files and mounts of the manifests.
//!
//! A pod here is what a kubelet would make of it: the image, a read-only root of its own, the user and groups of the manifest,
//! configuration as files, a folder for each claim that pods of one test share, init containers first. What the manifests name and
//! nobody has, fails the test by its name; so does what this harness does not know, so that it cannot be passed over. Three
//! things differ: services are on loopback (their addresses are replaced), an API listens on a free port, and it polls faster.

mod backups;
mod churn;
mod cloud;
mod cluster;
mod diabetes;
mod drift;
mod harness;
mod iris;
mod network;
mod pod;
mod prometheus;
mod retraining;
mod running;
mod ui;
mod volumes;
