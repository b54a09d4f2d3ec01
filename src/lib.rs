//! Columnist: a language server and checker for the database layer of TypeScript applications.
//!
//! The rooms, lowest first, and what each may know: `ARCHITECTURE.md` beside this file. What must mean one thing
//! everywhere: `CONTRACTS.md`. Style: `STYLE.md`.

pub mod base;
// One line a room; a room imports only rooms above this line and its own files.
