//! Every use of a table, column, enum label … in the workspace, asked from SQL or from its declaration.

mod search;
mod words;

use super::FilePosition;
use super::entity::{self, At, Found, Seen, names};
use crate::base::cancel::Cancellable;
use crate::base::file::{FileId, FileRange, InFile};
use crate::base::text::TextRange;
use crate::db::Snapshot;
use crate::sql::hir::{ExprId, ExprKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    pub at: FileRange,
    pub declaration: bool,
    /// It is assigned there.
    pub write: bool,
}

/// `None`: nothing that has references stands at the cursor. Sorted by file and place.
pub fn references(snap: &Snapshot, pos: FilePosition) -> Cancellable<Option<Vec<Use>>> {
    within(snap, pos, None)
}

/// The references in one file, or in all.
pub(super) fn within(
    snap: &Snapshot,
    pos: FilePosition,
    only: Option<FileId>,
) -> Cancellable<Option<Vec<Use>>> {
    let at = entity::at(snap, pos)?;
    if at.found.is_empty() {
        return Ok(None);
    }
    let globals = at.globals();
    let mut res = if globals.is_empty() { Vec::new() } else { search::search(snap, &globals, only)? };
    for found in &at.found {
        match &found.seen {
            Seen::Local(range) => res.extend(locals(snap, pos.file, &at, found, *range)),
            Seen::Expr(id) => res.extend(parameters(pos.file, &at, found, *id)),
            Seen::Global(_) | Seen::Row => {}
        }
    }
    Ok((!res.is_empty()).then(|| sorted(res)))
}

/// Sorted, each place once.
fn sorted(mut uses: Vec<Use>) -> Vec<Use> {
    uses.sort_by_key(|it| (it.at.file, it.at.value.start(), it.at.value.end()));
    let mut res: Vec<Use> = Vec::with_capacity(uses.len());
    for it in uses {
        match res.last_mut() {
            Some(last) if last.at == it.at => {
                last.declaration |= it.declaration;
                last.write |= it.write;
            }
            _ => res.push(it),
        }
    }
    res
}

/// The uses of what a statement introduces at `range`, in every rendering of the fragment.
pub(super) fn locals(snap: &Snapshot, file: FileId, at: &At, found: &Found, range: TextRange) -> Vec<Use> {
    let Some(unit) = at.unit(found) else { return Vec::new() };
    let Some(home) = unit.placement.to_host(range) else { return Vec::new() };
    let model = snap.model();
    let mut res = Vec::new();
    for other in at.analysis.units.iter().filter(|it| it.host == unit.host) {
        let Some(built) = model.built(snap, other.database) else { continue };
        for (host, name) in entity::host_names(&built, other, file) {
            if let names::Named::Local(range) = name.named
                && other.placement.to_host(range) == Some(home)
            {
                let at = InFile::new(file, host);
                res.push(Use { at, declaration: name.declares, write: name.write });
            }
        }
    }
    // What has no name of its own is declared by itself: `count(*)`, read as `count`.
    if !res.iter().any(|it| it.declaration) {
        res.push(Use { at: InFile::new(file, home), declaration: true, write: false });
    }
    res
}

/// `$1` wherever the statement writes it.
fn parameters(file: FileId, at: &At, found: &Found, id: ExprId) -> Vec<Use> {
    let Some(unit) = at.unit(found) else { return Vec::new() };
    let exprs = &unit.parsed.hir.exprs;
    let Some(ExprKind::Param(number)) = exprs.get(id.0 as usize).map(|it| &it.kind) else {
        return Vec::new();
    };
    exprs
        .iter()
        .filter(|it| it.kind == ExprKind::Param(*number))
        .filter_map(|it| unit.placement.to_host_exact(it.range))
        .map(|it| Use { at: InFile::new(file, it), declaration: false, write: false })
        .collect()
}

#[cfg(test)]
mod tests;
