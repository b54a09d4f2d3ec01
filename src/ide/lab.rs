//! Tries edits out: what a file's statements would be, and whether they still mean the same.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::cancel::Cancellable;
use crate::base::file::{FileId, InFile};
use crate::base::text::{TextRange, TextSize};
use crate::catalog::{Catalog, fold};
use crate::db::{FileAnalysis, Snapshot, SqlUnit, UnitKind};
use crate::facts::Loc;
use crate::lint::TextEdit;
use crate::lint::rules::may_write;
use crate::project::Workspace;
use crate::project::database::Membership;
use crate::sema::Analysis;
use crate::sema::bindings::{Bindings, bindings};
use crate::sema::fragment::Placement;
use crate::sql::{self, Dialect, Ident};

/// A file and what is known of its SQL.
pub struct Lab<'a> {
    pub snap: &'a Snapshot,
    pub file: FileId,
    pub text: Arc<str>,
    pub analysis: Arc<FileAnalysis>,
    catalogs: RefCell<FxHashMap<usize, Option<Arc<Catalog>>>>,
}

/// What an edit has to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// What every name means, and what the statement yields.
    Meaning,
    /// What the statement yields.
    Output,
    /// Nothing new is wrong.
    Peace,
}

/// An analysed text.
pub struct Trial {
    pub analysis: Analysis,
    pub bindings: Bindings,
    broken: bool,
}

impl<'a> Lab<'a> {
    pub fn new(snap: &'a Snapshot, file: FileId) -> Cancellable<Option<Lab<'a>>> {
        let Some(text) = snap.text(file) else { return Ok(None) };
        let analysis = snap.analysis(file)?;
        Ok(Some(Lab { snap, file, text, analysis, catalogs: RefCell::default() }))
    }

    pub fn dialect(&self, unit: &SqlUnit) -> Dialect {
        let model = self.snap.model();
        model.databases.list.get(unit.database).map_or_else(Dialect::default, |it| it.dialect)
    }

    /// The catalog that a unit was checked against.
    pub fn catalog(&self, idx: usize) -> Option<Arc<Catalog>> {
        if let Some(found) = self.catalogs.borrow().get(&idx) {
            return found.clone();
        }
        let made = self.make_catalog(idx);
        self.catalogs.borrow_mut().insert(idx, made.clone());
        made
    }

    fn make_catalog(&self, idx: usize) -> Option<Arc<Catalog>> {
        let unit = self.analysis.units.get(idx)?;
        let model = self.snap.model();
        let built = model.built(self.snap, unit.database)?;
        let mut catalog = match model.membership(self.snap, self.file) {
            Membership::History { .. } => {
                let step = built.replay.files.iter().find(|it| it.file == self.file);
                step.map_or_else(|| Catalog::clone(&built.catalog), |it| Catalog::clone(&it.before))
            }
            _ => Catalog::clone(&built.catalog),
        };
        let created = self.snap.state(self.file)?.created_names();
        if matches!(unit.kind, UnitKind::Fragment(_)) && created.iter().any(Ident::is_dynamic) {
            catalog.gaps.relations = true;
        }
        // What the statements before it have made.
        for before in self.analysis.units.iter().take(idx) {
            match (before.kind, unit.kind) {
                (UnitKind::Statement(loc), UnitKind::Statement(_) | UnitKind::Body(_)) => {
                    fold::apply(&mut catalog, self.file, loc, &before.parsed, &before.text);
                }
                (UnitKind::Fragment(_), UnitKind::Fragment(_)) if precedes(before, unit) => {
                    fold::apply(&mut catalog, self.file, Loc(u32::MAX), &before.parsed, &before.text);
                }
                _ => {}
            }
        }
        if let Some(env) = &unit.env {
            catalog = env.catalog(&catalog).into_owned();
        }
        Some(Arc::new(catalog))
    }

    /// Analyses a text in the place of a unit.
    pub fn trial(&self, idx: usize, text: &str) -> Option<Trial> {
        let unit = self.analysis.units.get(idx)?;
        let catalog = self.catalog(idx)?;
        let parsed = sql::parse_statement(text, self.dialect(unit));
        let (analysis, bindings) = bindings(unit.context(&catalog), &parsed.hir, text);
        Some(Trial { analysis, bindings, broken: parsed.error.is_some() })
    }

    /// Edits of a unit's text as edits of the file, if they can be made there and everything that reads the edited
    /// bytes keeps what it has to.
    pub fn edits(&self, idx: usize, edits: &[(TextRange, String)], keep: Keep) -> Option<Vec<TextEdit>> {
        let unit = self.analysis.units.get(idx)?;
        let mut host: Vec<(TextRange, &str)> = Vec::new();
        for (range, text) in edits {
            let at = unit.placement.to_host_exact(*range)?;
            if !unit.host.contains_range(at) || !may_write(self.snap, self.file, unit, text) {
                return None;
            }
            host.push((at, text));
        }
        if host.is_empty() {
            return None;
        }
        let first = self.analysis.units.partition_point(|it| it.host.start() < unit.host.start());
        for (other_idx, other) in self.analysis.units.iter().enumerate().skip(first) {
            if other.host != unit.host {
                break;
            }
            let own: Option<Vec<(TextRange, String)>> = if other_idx == idx {
                Some(edits.to_vec())
            } else {
                host.iter().map(|(at, text)| Some((unit_range(other, *at)?, (*text).to_owned()))).collect()
            };
            match own {
                Some(own) if !self.keeps(other_idx, &own, keep)? => return None,
                Some(_) => {}
                None if host.iter().any(|(at, _)| unit_range(other, *at).is_some()) => return None,
                // Another statement of the fragment, or an alternative without this text.
                None => {}
            }
        }
        host.sort_by_key(|it| (it.0.start(), it.0.end()));
        let edit = |(at, text): &(TextRange, &str)| TextEdit {
            at: InFile::new(self.file, *at),
            text: (*text).to_owned(),
        };
        Some(host.iter().map(edit).collect())
    }

    fn keeps(&self, idx: usize, edits: &[(TextRange, String)], keep: Keep) -> Option<bool> {
        let unit = self.analysis.units.get(idx)?;
        let before = self.trial(idx, &unit.text)?;
        let after = self.trial(idx, &apply(&unit.text, edits)?)?;
        Some(after.keeps(&before, keep))
    }
}

impl Trial {
    fn keeps(&self, before: &Trial, keep: Keep) -> bool {
        let mut old: Vec<_> = before.analysis.problems.iter().map(|it| (it.code.name, &it.message)).collect();
        let nothing_new = self.analysis.problems.iter().all(|it| {
            let known = old.iter().position(|old| *old == (it.code.name, &it.message));
            known.map(|known| old.swap_remove(known)).is_some()
        });
        if !nothing_new || (self.broken && !before.broken) {
            return false;
        }
        let (a, b) = (&self.analysis, &before.analysis);
        let same_output = a.columns == b.columns && a.columns_open == b.columns_open && a.params == b.params;
        let same_names = || {
            let relations = |it: &Bindings| it.items.iter().map(|it| it.relation.clone()).collect::<Vec<_>>();
            self.bindings.exprs == before.bindings.exprs
                && relations(&self.bindings) == relations(&before.bindings)
        };
        match keep {
            Keep::Peace => true,
            Keep::Output => same_output,
            Keep::Meaning => same_output && same_names(),
        }
    }
}

/// The bytes of a unit's text that stand for bytes of the file.
fn unit_range(unit: &SqlUnit, host: TextRange) -> Option<TextRange> {
    if !unit.host.contains_range(host) {
        return None;
    }
    let (start, end) = (unit.placement.from_host(host.start())?, unit.placement.from_host(host.end())?);
    let res = (start <= end).then(|| TextRange::new(start, end))?;
    // A boundary of a hole may be found on its other side.
    (unit.placement.to_host_exact(res) == Some(host)).then_some(res)
}

/// One statement of a rendered text stands before another.
fn precedes(a: &SqlUnit, b: &SqlUnit) -> bool {
    match (&a.placement, &b.placement) {
        (
            Placement::Fragment { start: a, map: map_a, .. },
            Placement::Fragment { start: b, map: map_b, .. },
        ) => Arc::ptr_eq(map_a, map_b) && a < b,
        _ => false,
    }
}

/// The text with edits applied; `None` where they overlap or lie outside.
pub fn apply(text: &str, edits: &[(TextRange, String)]) -> Option<String> {
    let mut sorted: Vec<&(TextRange, String)> = edits.iter().collect();
    sorted.sort_by_key(|it| (it.0.start(), it.0.end()));
    let mut res = String::with_capacity(text.len() + 64);
    let mut at = TextSize::default();
    for (range, new) in sorted {
        if range.start() < at {
            return None;
        }
        res.push_str(text.get(at.into()..range.start().into())?);
        res.push_str(new);
        at = range.end();
    }
    res.push_str(text.get(at.into()..)?);
    Some(res)
}
