//! Room 9: what an editor asks for, one file a feature; plain data in and out.
//!
//! Invariants: a feature answers from a snapshot and its parameters and remembers nothing; every range it gives is
//! in bytes of the file's text in that snapshot; loops over files or units call `snap.check()?`.

pub mod actions;
pub mod builtin;
pub mod completion;
pub mod cursor;
pub mod entity;
pub mod folding;
pub mod goto;
pub mod highlight;
pub mod hover;
mod lab;
pub mod lens;
pub mod names;
pub mod references;
pub mod rename;
pub mod sheet;
pub mod signature;
pub mod status;
pub mod symbols;
pub mod tokens;

use crate::base::file::{FileRange, InFile};
use crate::base::text::{TextRange, TextSize};

/// A cursor: byte offset in the current text of a file.
pub type FilePosition = InFile<TextSize>;

/// An answer and the bytes of the asked file that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeInfo<T> {
    pub range: TextRange,
    pub info: T,
}

/// Text for people, in Markdown (CommonMark; SQL and TypeScript in fenced blocks).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markup(pub String);

/// A place to jump to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavTarget {
    pub place: NavPlace,
    /// What stands there, for lists: `users.email`.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NavPlace {
    /// `full` holds the whole declaration, `focus` its name; both in `focus.file`.
    File { full: TextRange, focus: FileRange },
    /// In the read-only document of PostgreSQL's own objects (see [`builtin`]).
    Builtin { page: builtin::Page, focus: TextRange },
}

#[cfg(test)]
mod laws;
