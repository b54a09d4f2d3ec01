//! Renames what a statement itself names (aliases, CTEs, output columns) and, where every use is known, entities.

mod global;

use super::entity::{self, At, Found, Seen, local, names};
use super::{FilePosition, RangeInfo};
use crate::base::cancel::Cancellable;
use crate::base::file::{FileId, InFile};
use crate::base::text::{TextRange, slice};
use crate::db::{FileKind, Snapshot, SqlUnit};
use crate::lint::TextEdit;
use crate::project::Workspace;
use crate::sql::Ident;
use crate::sql::hir::{ExprKind, Name};
use crate::sql::ident::MAX_BYTES;
use local::Local;

/// The name under the cursor that can be renamed.
pub fn prepare(snap: &Snapshot, pos: FilePosition) -> Cancellable<Option<RangeInfo<String>>> {
    let at = entity::at(snap, pos)?;
    let Some(found) = at.found.first() else { return Ok(None) };
    let name = match &found.seen {
        Seen::Local(range) => at
            .unit(found)
            .and_then(|unit| Plan::new(snap, pos, &at, found, unit, *range).ok())
            .map(|it| it.name),
        Seen::Global(global) => global::name(snap, pos, &at, global),
        Seen::Expr(_) | Seen::Row => None,
    };
    Ok(name.map(|info| RangeInfo { range: found.range, info: info.as_str().to_owned() }))
}

/// The edits that rename it, or why that is not possible, in words for the user.
pub fn rename(snap: &Snapshot, pos: FilePosition, name: &str) -> Cancellable<Result<Vec<TextEdit>, String>> {
    let at = entity::at(snap, pos)?;
    let Some(found) = at.found.first() else { return Ok(Err(NOTHING.to_owned())) };
    let new = match new_name(name) {
        Ok(it) => it,
        Err(why) => return Ok(Err(why)),
    };
    match &found.seen {
        Seen::Local(range) => {
            let Some(unit) = at.unit(found) else { return Ok(Err(NOTHING.to_owned())) };
            Ok(Plan::new(snap, pos, &at, found, unit, *range).and_then(|it| it.edits(snap, pos, unit, &new)))
        }
        Seen::Global(global) => global::rename(snap, pos, &at, global, &new),
        Seen::Expr(_) | Seen::Row => Ok(Err(NOTHING.to_owned())),
    }
}

const NOTHING: &str = "there is nothing to rename here";

/// What the user typed, as an identifier: `Total` as typed, not folded, for an editor shows what it will be called.
fn new_name(text: &str) -> Result<Ident, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("a name must not be empty".to_owned());
    }
    let ident = match text.starts_with('"') {
        true if text.len() < 3 || !text.ends_with('"') => {
            return Err(format!("{text} is not a quoted identifier"));
        }
        true => Ident::from_source(text),
        false => Ident::new(text),
    };
    if ident.as_str().len() > MAX_BYTES {
        return Err(format!("PostgreSQL cuts names after {MAX_BYTES} bytes"));
    }
    if ident.as_str().contains(['\0', '\u{E000}']) {
        return Err("the name holds a character that no identifier has".to_owned());
    }
    Ok(ident)
}

/// The places of a local name.
struct Plan {
    name: Ident,
    places: Vec<TextRange>,
    /// An output column without alias gets one: `count(*)` → `count(*) as total`, behind this.
    appended: Option<TextRange>,
}

impl Plan {
    fn new(
        snap: &Snapshot,
        pos: FilePosition,
        at: &At,
        found: &Found,
        unit: &SqlUnit,
        range: TextRange,
    ) -> Result<Plan, String> {
        let declared = local::local(unit, range).ok_or_else(|| NOTHING.to_owned())?;
        let uses = super::references::locals(snap, pos.file, at, found, range);
        let text = snap.text(pos.file).ok_or_else(|| NOTHING.to_owned())?;
        let home = unit.placement.to_host_exact(range);
        let appended = match &declared {
            Local::Output(target) if target.alias.is_none() => {
                return Err("the column has no name of its own: give it an alias first".to_owned());
            }
            Local::Merged => return Err("a column of USING is named by the tables".to_owned()),
            Local::Output(_)
            | Local::Cte(_)
            | Local::CteColumn(_)
            | Local::AliasColumn(_)
            | Local::Window
            | Local::From(_)
            | Local::Modified(_) => None,
        };
        let home = home.ok_or_else(|| "the name comes out of a hole of the template".to_owned())?;
        let name = Ident::from_source(slice(&text, home));
        if slice(&text, home).contains(|c: char| c.is_whitespace()) && !slice(&text, home).starts_with('"') {
            return Err(NOTHING.to_owned());
        }
        // `excluded`, `old` and `new` speak of the same rows under names of their own.
        let same = |it: &TextRange| Ident::from_source(slice(&text, *it)) == name;
        let places: Vec<TextRange> = uses.iter().map(|it| it.at.value).filter(same).collect();
        if !places.contains(&found.range) {
            return Err(format!("`{}` has a meaning of its own here", slice(&text, found.range)));
        }
        // A name that a hole brings in as well would keep its old form.
        let in_holes = names_in_holes(snap, unit, pos.file, range);
        if in_holes {
            return Err("a hole of the template uses the name, too".to_owned());
        }
        Ok(Plan { name, places, appended })
    }

    fn edits(
        self,
        snap: &Snapshot,
        pos: FilePosition,
        unit: &SqlUnit,
        new: &Ident,
    ) -> Result<Vec<TextEdit>, String> {
        if *new != self.name && introduced(unit).contains(new) {
            return Err(format!("the statement already has something named {}", new.quoted()));
        }
        let is_script = matches!(FileKind::of(&snap.path(pos.file)), Some(FileKind::Script(_)));
        let text = new.quoted();
        if is_script && text.contains(['`', '\\', '$']) {
            return Err("the name cannot be written in a template".to_owned());
        }
        let _ = self.appended;
        let mut places = self.places;
        places.sort_by_key(|it| it.start());
        places.dedup();
        Ok(places
            .into_iter()
            .map(|at| TextEdit { at: InFile::new(pos.file, at), text: text.clone() })
            .collect())
    }
}

/// Whether a use of the local stands in a hole.
fn names_in_holes(snap: &Snapshot, unit: &SqlUnit, file: FileId, range: TextRange) -> bool {
    let model = snap.model();
    let Some(built) = model.built(snap, unit.database) else { return false };
    names::names(&built, unit, file)
        .iter()
        .any(|it| it.named == names::Named::Local(range) && unit.placement.to_host_exact(it.range).is_none())
}

/// Every name that the statement introduces or that its tables have: a new one must be none of these.
fn introduced(unit: &SqlUnit) -> Vec<Ident> {
    let mut res: Vec<Ident> = Vec::new();
    let mut add = |it: &Name| res.push(it.ident.clone());
    use super::entity::visit::{self, Node};
    use crate::sql::hir::FromItem;
    visit::statement(&unit.parsed.hir, &mut |node| match node {
        Node::Cte(it) => {
            add(&it.name);
            it.columns.iter().for_each(&mut add);
        }
        Node::From(FromItem::Relation { name, alias, .. }) => {
            alias.iter().for_each(|it| add(&it.name));
            name.last().into_iter().for_each(&mut add);
        }
        Node::From(FromItem::Query { alias: Some(it), .. }) => add(&it.name),
        Node::From(FromItem::Function(it)) => it.alias.iter().for_each(|it| add(&it.name)),
        Node::Modified { table, alias } => {
            alias.into_iter().for_each(&mut add);
            table.last().into_iter().for_each(&mut add);
        }
        Node::Target(it) => it.alias.iter().for_each(&mut add),
        Node::Window(it) => add(it),
        _ => {}
    });
    // A bare name anywhere may be a column that the new name would hide.
    for expr in &unit.parsed.hir.exprs {
        if let ExprKind::Column(name) = &expr.kind {
            name.parts.iter().for_each(&mut add);
        }
    }
    res
}

#[cfg(test)]
mod tests;
