//! Room 8: rules. Each is a `rule.rs` and a `rule.md`; the registry is one sorted list. A rule turns what the
//! rooms below learned into [`Diagnostic`]s. See [`rule`] for how one is written.

pub mod builder;
pub mod check;
pub mod configure;
pub mod delivered;
pub mod folder;
mod handles;
pub mod history;
pub mod journal;
pub mod keys;
pub mod migration;
pub mod registry;
pub mod repair;
pub mod rule;
pub mod rules;
pub mod safety;
pub mod schema;
pub mod script;
pub mod suppress;
pub mod taint;
pub mod template;

use smol_str::SmolStr;

use crate::base::file::{FileId, FileRange, InFile};
use crate::base::text::{TextRange, slice};
use crate::sema::Code;
pub use crate::sema::code::Severity;

/// Something to tell the user, with places in files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub at: FileRange,
    pub severity: Severity,
    /// Kebab-case and stable.
    pub code: &'static str,
    pub sqlstate: Option<&'static str>,
    pub message: String,
    /// PostgreSQL's hint, or ours; shown behind the message.
    pub hint: Option<String>,
    pub related: Vec<Related>,
    pub fixes: Vec<Fix>,
    /// Text of the statement or declaration it is about, white space folded: the key of a baseline, with code
    /// and file.
    pub subject: SmolStr,
}

impl Diagnostic {
    /// About a piece of a file's text by itself.
    fn of_text(file: FileId, text: &str, range: TextRange, code: Code, message: String) -> Diagnostic {
        Diagnostic {
            at: InFile::new(file, range),
            severity: code.severity,
            code: code.name,
            sqlstate: code.sqlstate,
            message,
            hint: None,
            related: Vec::new(),
            fixes: Vec::new(),
            subject: slice(text, range).split_whitespace().collect::<Vec<_>>().join(" ").into(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub at: FileRange,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub title: String,
    /// It cannot change what a correct program does (CONTRACTS, "Fixes"); `check --fix` applies only these.
    pub safe: bool,
    /// Disjoint, over the current text of their files.
    pub edits: Vec<TextEdit>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    pub at: FileRange,
    pub text: String,
}
