//! Room 7: the inputs of a workspace and what is computed from them. [`World`] is changed by one thread only; a
//! [`Snapshot`] is a handful of `Arc`s that anyone may hold for as long as they like.
//!
//! Invariants: no I/O but through the [`Disk`] that the owner hands in; everything computed is a lazy cell or a
//! memo table of the snapshot, so the first who asks pays and all others share.
//!
//! # From snapshot to snapshot
//!
//! A snapshot goes on where another of the same world left off; what it takes over is what it would find itself.
//!
//! - *Files* are a shared list and the few that changed beside it: a keystroke copies neither paths nor slots.
//! - The *model* is made from the one that was made last, of whatever snapshot, and the files that differ. Each model is
//!   one epoch of [`crate::project::eval::memory`]: what of the changed files' facts differs is written to a log, and a
//!   finding of evaluation, the databases, a catalog, an analysis hold while nothing they rest on stands there. Facts hold
//!   no places, so that typing in a function's body changes none. Other files, other folders, another JSON file: the
//!   databases are searched for anew.
//! - A *catalog* is built again from the first migration that changed. What it differs in from the one before is kept as
//!   a set of names ([`crate::catalog::touched`]).
//! - An *analysis* holds while no name that the file's SQL says was touched, no declaration that its holes read has
//!   changed, and the file's text is the same. In a file that is analysed again, statements and renderings of the same text
//!   are taken from before.
//!
//! Snapshots may be asked in any order, from several threads: an older one takes nothing over that a newer one has found.
//!
//! - *Findings of rules* ([`Snapshot::found`]) hold while the file's text and analysis are the same, nothing of what
//!   evaluation told them has changed, and no name that they looked up in a catalog was touched.
//!
//! # For a server
//!
//! - [`World::snapshot`] after the waiting edits; it costs nothing that grows with the workspace.
//! - [`Snapshot::affected`]: which of the open files may have other problems than in the snapshot before. Others need no
//!   check; [`Snapshot::analysis`] gives the same `Arc` for them.
//! - [`World::set_loading`] while the workspace is walked: nothing is said against any file.
//! - [`Snapshot::prepare`] before files are analysed on several threads; it is cheap once it was done for the same files.
//! - [`Snapshot::release`] for files that were looked at once and are not open.
//! - [`Snapshot::counts`] and [`Snapshot::n_kept`] for tests: what was computed, and what is kept.

pub mod analysis;
mod analyze;
mod change;
pub mod drivers;
pub mod file;
mod files;
pub mod found;
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
pub use found::Look;
pub use infer::QueryColumns;
pub use model::Model;
pub use shared::Counts;
pub use snapshot::Snapshot;
pub use world::{Disk, World};
