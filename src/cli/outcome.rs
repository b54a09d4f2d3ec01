//! What a check found, with the texts that its places lie in: the input of every output format.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::coverage::Coverage;
use crate::base::file::{FileId, FileRange};
use crate::base::line_index::{Encoding, LineIndex};
use crate::base::text::TextSize;
use crate::lint::{Diagnostic, Severity};

/// A file that something is said about.
#[derive(Debug, Clone)]
pub struct Source {
    /// Relative to the start directory, with `/`.
    pub path: String,
    pub text: Arc<str>,
    pub lines: Arc<LineIndex>,
}

#[derive(Debug, Default)]
pub struct Outcome {
    /// Sorted by path, then by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Of every file that a diagnostic, a related place, a fix or a skipped fragment names.
    pub sources: FxHashMap<FileId, Source>,
    pub coverage: Coverage,
    pub n_files: u32,
    /// Hidden by a baseline.
    pub n_hidden: u32,
    pub fixed: Vec<Fixed>,
    pub milliseconds: u64,
    /// The directory the command was started in, absolute.
    pub start: String,
}

/// A fix that `--fix` applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub path: String,
    /// From 1.
    pub line: u32,
    pub code: &'static str,
    pub title: String,
}

/// A position as machine output gives it: byte from 0, line and column (Unicode scalar values) from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub byte: u32,
    pub line: u32,
    pub column: u32,
}

impl Outcome {
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|it| it.severity == severity).count()
    }

    pub fn fails(&self, lowest: Severity) -> bool {
        self.diagnostics.iter().any(|it| it.severity >= lowest)
    }

    pub fn source(&self, file: FileId) -> Option<&Source> {
        self.sources.get(&file)
    }

    /// The shown path; empty for a file that is not known.
    pub fn path(&self, file: FileId) -> &str {
        self.source(file).map_or("", |it| &it.path)
    }

    pub fn positions(&self, at: FileRange) -> (Position, Position) {
        match self.source(at.file) {
            Some(source) => (source.position(at.value.start()), source.position(at.value.end())),
            None => (Position { byte: 0, line: 1, column: 1 }, Position { byte: 0, line: 1, column: 1 }),
        }
    }
}

impl Source {
    pub fn new(path: String, text: Arc<str>) -> Source {
        let lines = Arc::new(LineIndex::new(&text));
        Source { path, text, lines }
    }

    pub fn position(&self, offset: TextSize) -> Position {
        let at = self.lines.line_col(&self.text, offset, Encoding::Char);
        Position { byte: offset.into(), line: at.line + 1, column: at.col + 1 }
    }
}

/// `1 error`, `2 errors`.
pub fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// The severity's name in configuration and machine output.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "information",
        Severity::Hint => "hint",
    }
}
