//! Room 7: the inputs of a workspace and what is computed from them. [`World`] is changed by one thread only; a
//! [`Snapshot`] is a handful of `Arc`s that anyone may hold for as long as they like.
//!
//! Invariants: no I/O but through the [`Disk`] that the owner hands in; everything computed is a lazy cell or a
//! memo table of the snapshot, so the first who asks pays and all others share.

pub mod analysis;
mod analyze;
mod change;
pub mod file;
mod files;
mod importers;
mod infer;
mod kept;
pub mod model;
mod shared;
pub mod snapshot;
mod units;
pub mod world;

#[cfg(test)]
mod tests;

pub use analysis::{FileAnalysis, SkipReason, Skipped, SqlUnit, UnitKind};
pub use file::{FileKind, FileState};
pub use model::Model;
pub use shared::Counts;
pub use snapshot::Snapshot;
pub use world::{Disk, World};
