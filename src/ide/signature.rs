//! The signatures of the call, or the columns of the INSERT, around the cursor.

mod call;
mod context;
mod insert;
mod special;

use std::sync::Arc;

use context::{Context, Place};

use super::lab::Lab;
use super::sheet::{self, Sheet};
use super::{FilePosition, Markup};
use crate::base::cancel::Cancellable;
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::Catalog;
use crate::db::{FileKind, Snapshot, SqlUnit, UnitKind};
use crate::project::Workspace;
use crate::project::database::Membership;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHelp {
    pub signatures: Vec<Signature>,
    /// Index of the signature that fits what is written so far best.
    pub active: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `substr(string text, start integer, count integer) → text`.
    pub label: String,
    /// Bytes of `label`, one range a parameter.
    pub params: Vec<TextRange>,
    /// The parameter that the cursor is in.
    pub active_param: Option<usize>,
    pub documentation: Option<Markup>,
}

/// What surrounds the cursor.
struct Around<'a> {
    /// Text that holds the cursor, and where in it that stands.
    text: &'a str,
    offset: TextSize,
    catalog: &'a Catalog,
    /// What is known of the text's expressions; their ranges are those of `text`.
    unit: Option<&'a SqlUnit>,
}

pub fn signature_help(snap: &Snapshot, pos: FilePosition) -> Cancellable<Option<SignatureHelp>> {
    let Some(lab) = Lab::new(snap, pos.file)? else { return Ok(None) };
    let kind = FileKind::of(&snap.path(pos.file));
    let sheets = sheet::sheets(snap, pos.file)?;
    // The innermost: a fragment may stand in a hole of another.
    let Some(sheet) = sheets.iter().rev().find(|it| it.host.contains_inclusive(pos.value)) else {
        return Ok(None);
    };
    if sheet.holes.iter().any(|it| it.contains(pos.value) && it.start() != pos.value) {
        return Ok(None);
    }
    let found = match kind {
        Some(FileKind::Sql) => in_file(&lab, sheet, pos.value),
        _ => in_fragment(&lab, sheet, pos.value),
    };
    Ok(found)
}

/// In a SQL file: from the beginning of the statement that is being written, which may go on behind its last token.
fn in_file(lab: &Lab<'_>, sheet: &Sheet, at: TextSize) -> Option<SignatureHelp> {
    let units = &lab.analysis.units;
    let last = units.partition_point(|it| it.host.start() <= at).checked_sub(1);
    let unit = last.and_then(|idx| units.get(idx));
    let start = unit.map_or(TextSize::default(), |it| it.host.start());
    let end =
        last.and_then(|idx| units.get(idx + 1)).map_or(TextSize::of(&*sheet.text), |it| it.host.start());
    let catalog = match last.and_then(|idx| lab.catalog(idx)) {
        Some(it) => it,
        None => catalog_of(lab),
    };
    let text = slice(&sheet.text, TextRange::new(start, end.max(start)));
    help(&Around { text, offset: at - start, catalog: &catalog, unit })
}

fn in_fragment(lab: &Lab<'_>, sheet: &Sheet, at: TextSize) -> Option<SignatureHelp> {
    for (idx, unit) in lab.analysis.units.iter().enumerate() {
        if !unit.host.contains_inclusive(at) || matches!(unit.kind, UnitKind::Statement(_)) {
            continue;
        }
        let Some(offset) = unit.placement.from_host(at) else { continue };
        let Some(catalog) = lab.catalog(idx) else { continue };
        let around = Around { text: &unit.text, offset, catalog: &catalog, unit: Some(unit) };
        if let Some(found) = help(&around) {
            return Some(found);
        }
    }
    // Not analysed: half-typed, with holes that may be anything.
    let catalog = catalog_of(lab);
    let text = insert::with_tables(lab, sheet, &catalog);
    help(&Around { text: &text, offset: at - sheet.host.start(), catalog: &catalog, unit: None })
}

/// The catalog of the file's database; one of PostgreSQL's own objects where there is none.
fn catalog_of(lab: &Lab<'_>) -> Arc<Catalog> {
    let model = lab.snap.model();
    match model.membership(lab.snap, lab.file) {
        Membership::Database(it) | Membership::History { database: it, .. } => {
            model.built(lab.snap, it).map(|it| Arc::clone(&it.catalog)).unwrap_or_default()
        }
        Membership::None(_) => Arc::default(),
    }
}

fn help(around: &Around<'_>) -> Option<SignatureHelp> {
    let context: Context = context::at(around.text, around.offset)?;
    match &context.place {
        Place::Call(call) => call::help(around, &context, call),
        Place::Row(target) => insert::help(around, &context, target),
    }
}

/// A label that is built piece by piece.
#[derive(Default)]
struct Label {
    text: String,
    params: Vec<TextRange>,
}

impl Label {
    fn param(&mut self, text: &str) {
        let start = TextSize::of(self.text.as_str());
        self.text.push_str(text);
        self.params.push(TextRange::at(start, TextSize::of(text)));
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn finish(self, active_param: Option<usize>, documentation: Option<String>) -> Signature {
        let documentation = documentation.filter(|it| !it.is_empty()).map(Markup);
        let active_param = active_param.filter(|it| *it < self.params.len());
        Signature { label: self.text, params: self.params, active_param, documentation }
    }
}

#[cfg(test)]
mod tests;
