//! Columnist: a language server and checker for the database layer of TypeScript applications.
//!
//! The rooms, lowest first, and what each may know: `ARCHITECTURE.md` beside this file. What must mean one thing
//! everywhere: `CONTRACTS.md`. Style: `STYLE.md`.

pub mod base;
pub mod sql;
pub mod ts;
pub mod embed;
pub mod facts;
pub mod project;
pub mod catalog;
pub mod sema;
pub mod db;
pub mod lint;
pub mod load;
pub mod ide;
pub mod server;
pub mod cli;
#[cfg(test)]
mod testing;
