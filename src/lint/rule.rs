//! What a rule is: a code with its document, and a pure function over what the rooms below know of a file.
//!
//! Each stands in `rules/name.rs` beside its document `rules/name.md`, and in the list [`super::rules::ALL`]. What a rule
//! looks up in a catalog it looks up through its context, which notes it: what a report rests on follows edits elsewhere.

use smol_str::SmolStr;

use super::history::History;
use super::migration::Migration;
use super::schema::Schema;
use super::script::Script;
use super::{Diagnostic, Fix, Related, TextEdit};
use crate::base::file::{FileId, FileRange, InFile};
use crate::base::text::{TextRange, slice};
use crate::catalog::Origin;
use crate::db::Snapshot;
use crate::sema::Code;
use crate::sema::code::Severity;

/// A rule that is not an answer of PostgreSQL's.
#[derive(Debug, Clone, Copy)]
pub struct Lint {
    pub code: Code,
    pub group: &'static str,
    /// Markdown; also its test.
    pub document: &'static str,
    /// Reported where configuration says nothing.
    pub is_on: bool,
    pub run: Run,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    /// Tables, enums and relations that a script declares; called once a script that declares any.
    Schema(fn(&Schema<'_>, &mut Acc<'_>)),
    /// A script's query builder calls and templates.
    Query(fn(&Script<'_>, &mut Acc<'_>)),
    /// A file of a database's history.
    Migration(fn(&Migration<'_>, &mut Acc<'_>)),
    /// drizzle-kit's journal of migrations, or a snapshot in the folder of its migration.
    History(fn(&History<'_>, &mut Acc<'_>)),
}

impl Lint {
    pub const fn schema(
        name: &'static str,
        severity: Severity,
        document: &'static str,
        run: fn(&Schema<'_>, &mut Acc<'_>),
    ) -> Lint {
        Lint::new(name, severity, "drizzle-schema", document, Run::Schema(run))
    }

    pub const fn query(
        name: &'static str,
        severity: Severity,
        document: &'static str,
        run: fn(&Script<'_>, &mut Acc<'_>),
    ) -> Lint {
        Lint::new(name, severity, "drizzle-query", document, Run::Query(run))
    }

    pub const fn migration(
        name: &'static str,
        severity: Severity,
        document: &'static str,
        run: fn(&Migration<'_>, &mut Acc<'_>),
    ) -> Lint {
        Lint::new(name, severity, "migrations", document, Run::Migration(run))
    }

    pub const fn history(
        name: &'static str,
        severity: Severity,
        document: &'static str,
        run: fn(&History<'_>, &mut Acc<'_>),
    ) -> Lint {
        Lint::new(name, severity, "migrations", document, Run::History(run))
    }

    const fn new(
        name: &'static str,
        severity: Severity,
        group: &'static str,
        document: &'static str,
        run: Run,
    ) -> Lint {
        Lint { code: Code { name, sqlstate: None, severity }, group, document, is_on: true, run }
    }

    /// PostgreSQL answers the same mistake with this SQLSTATE.
    pub const fn state(mut self, state: &'static str) -> Lint {
        self.code.sqlstate = Some(state);
        self
    }

    /// Reported only where configuration gives it a severity.
    pub const fn off(mut self) -> Lint {
        self.is_on = false;
        self
    }
}

/// Collects what one rule finds in one file.
pub struct Acc<'a> {
    snap: &'a Snapshot,
    file: FileId,
    text: &'a str,
    code: Code,
    found: Vec<Diagnostic>,
}

impl<'a> Acc<'a> {
    pub fn new(snap: &'a Snapshot, file: FileId, text: &'a str) -> Acc<'a> {
        let code = Code { name: "", sqlstate: None, severity: Severity::Hint };
        Acc { snap, file, text, code, found: Vec::new() }
    }

    /// What is reported from now on has this code.
    pub fn begin(&mut self, code: Code) {
        self.code = code;
    }

    pub fn finish(self) -> Vec<Diagnostic> {
        self.found
    }

    /// Reports a place of the file.
    pub fn report(&mut self, at: TextRange, message: impl Into<String>) -> Report<'_, 'a> {
        let idx = self.found.len();
        self.found.push(Diagnostic {
            at: InFile::new(self.file, at),
            severity: self.code.severity,
            code: self.code.name,
            sqlstate: self.code.sqlstate,
            message: message.into(),
            hint: None,
            related: Vec::new(),
            fixes: Vec::new(),
            subject: lines_of(self.text, at),
        });
        Report { acc: self, idx }
    }

    /// Reports the declaration of a catalog's entity, if it stands in this file.
    pub fn report_origin(&mut self, origin: Origin, message: impl Into<String>) -> Option<Report<'_, 'a>> {
        let at = super::rules::origin_range(self.snap, origin).filter(|it| it.file == self.file)?;
        Some(self.report(at.value, message))
    }
}

/// What was just reported, to say more about it.
pub struct Report<'r, 'a> {
    acc: &'r mut Acc<'a>,
    idx: usize,
}

impl Report<'_, '_> {
    fn change(self, change: impl FnOnce(&mut Diagnostic, &Snapshot, FileId)) -> Self {
        let (snap, file) = (self.acc.snap, self.acc.file);
        if let Some(it) = self.acc.found.get_mut(self.idx) {
            change(it, snap, file);
        }
        self
    }

    pub fn severity(self, severity: Severity) -> Self {
        self.change(|it, _, _| it.severity = severity)
    }

    pub fn hint(self, hint: impl Into<String>) -> Self {
        self.change(|it, _, _| it.hint = Some(hint.into()))
    }

    pub fn related(self, at: FileRange, message: impl Into<String>) -> Self {
        self.change(|it, _, _| it.related.push(Related { at, message: message.into() }))
    }

    pub fn related_here(self, at: TextRange, message: impl Into<String>) -> Self {
        self.change(|it, _, file| {
            it.related.push(Related { at: InFile::new(file, at), message: message.into() });
        })
    }

    /// Points at the declaration of a catalog's entity; at nothing for what PostgreSQL brings.
    pub fn related_origin(self, origin: Origin, message: impl Into<String>) -> Self {
        self.change(|it, snap, _| {
            if let Some(at) = super::rules::origin_range(snap, origin) {
                it.related.push(Related { at, message: message.into() });
            }
        })
    }

    /// Edits of the file that mend it; not safe unless it was said (CONTRACTS, "Fixes").
    pub fn fix(self, title: impl Into<String>, edits: Vec<(TextRange, String)>) -> Self {
        self.change(|it, _, file| {
            let edit = |(at, text)| TextEdit { at: InFile::new(file, at), text };
            let edits = edits.into_iter().map(edit).collect();
            it.fixes.push(Fix { title: title.into(), safe: false, edits });
        })
    }
}

/// The lines that a range begins and ends on, white space folded: the key of a baseline.
fn lines_of(text: &str, at: TextRange) -> SmolStr {
    let before = slice(text, TextRange::up_to(at.start()));
    let after = text.get(usize::from(at.end())..).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    let end = usize::from(at.end()) + after.find('\n').unwrap_or(after.len());
    let lines = text.get(start..end).unwrap_or("");
    lines.split_whitespace().collect::<Vec<_>>().join(" ").into()
}
