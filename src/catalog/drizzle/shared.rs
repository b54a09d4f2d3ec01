//! One builder in several tables: the first table gives it its name, and the others have that name too
//! (`ColumnBuilder.setName`, which does nothing where a name is known). In 0.x its `.unique()` has the name of the first
//! table's constraint in all of them (`PgColumn`'s constructor writes it into the builder).

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::casing::Casing;
use super::chain::{Given, unwind};
use super::column::{ColumnDraft, listed};
use super::known::tracked;
use super::reader::{Reader, TableDraft};
use super::{Line, Reading};
use crate::base::file::FileId;
use crate::facts::Loc;
use crate::project::eval::{Deps, Order, Site, Value, ValueKind};

/// The builders that tables of a module take from elsewhere, in the order of the tables.
pub struct Module {
    uses: Vec<Use>,
    deps: Deps,
}

struct Use {
    /// Of the table.
    table: Loc,
    /// Keeps its address from becoming another's.
    builder: Value,
    key: SmolStr,
    name: SmolStr,
}

/// Gives the columns whose builder an earlier table of the module has named that table's name.
pub fn rename(reader: &Reader<'_>, table: &Value, list: &Value, columns: &mut [ColumnDraft]) {
    let (Some(Site { file, loc }), ValueKind::Object { entries, .. }) = (table.site, &*list.kind) else {
        return;
    };
    // A spread keeps the keys, so that only casing makes other names of them, which 0.x has one of.
    let is_candidate = |key: &Site, builder: &Site| {
        is_before(builder, file, loc) && (reader.line == Line::V1 || !is_before(key, file, loc))
    };
    let taken: Vec<(&SmolStr, &Value)> = entries
        .iter()
        .filter_map(|it| {
            let (builder, site) = nameless(&it.value)?;
            is_candidate(&it.site, &site).then_some((&it.key, builder))
        })
        .collect();
    if taken.is_empty() {
        return;
    }
    let module = module(reader, file);
    reader.eval.used(&module.deps);
    let mut firsts: FxHashMap<*const ValueKind, &Use> = FxHashMap::default();
    for it in module.uses.iter().take_while(|it| it.table < loc) {
        firsts.entry(Arc::as_ptr(&it.builder.kind)).or_insert(it);
    }
    for (key, builder) in taken {
        let Some(first) = firsts.get(&Arc::as_ptr(&builder.kind)) else { continue };
        if columns.iter().any(|it| it.name == first.name) {
            continue;
        }
        let Some(column) = columns.iter_mut().find(|it| it.key == *key) else { continue };
        column.name = first.name.clone();
        if reader.line == Line::V0 {
            column.raw_name = first.key.clone();
        }
    }
}

/// A `.unique()` without a name, of a builder that other tables may have too.
#[derive(Debug, Clone, Copy)]
pub struct SharedUnique {
    /// Its place among the relation's uniques.
    idx: usize,
    builder: usize,
}

/// Marks the columns whose builder a table takes from elsewhere.
pub fn mark(table: &Value, list: &Value, columns: &mut [ColumnDraft]) {
    let (Some(Site { file, loc }), ValueKind::Object { entries, .. }) = (table.site, &*list.kind) else {
        return;
    };
    for entry in entries {
        let Some((builder, _, site)) = call(&entry.value) else { continue };
        if is_before(&site, file, loc)
            && let Some(column) = columns.iter_mut().find(|it| it.key == entry.key)
        {
            column.builder = Some(address(builder));
        }
    }
}

/// Those of a table's uniques that [`name_uniques`] may have to name.
pub fn uniques(draft: &TableDraft) -> Vec<SharedUnique> {
    let own = draft.columns.iter().filter_map(|it| Some((it.unique.as_ref()?, it.builder)));
    let shared = own.enumerate().filter(|(_, (unique, _))| unique.name == Given::Nothing);
    shared.filter_map(|(idx, (_, builder))| Some(SharedUnique { idx, builder: builder? })).collect()
}

/// Gives the uniques of shared builders the name of the first table that is made; where modules may run in several orders
/// that make another one the first, or one of them has a table with it that is not exported, their name is not known.
/// `tables`: where they are declared, their place among the relations. `files`: what is loaded.
pub fn name_uniques(
    reader: &Reader<'_>,
    tables: Vec<(Site, usize, Vec<SharedUnique>)>,
    files: &[FileId],
    reading: &mut Reading,
) {
    if reader.line != Line::V0 {
        return;
    }
    let mut by_builder: FxHashMap<usize, Vec<(Site, usize, usize)>> = FxHashMap::default();
    for (site, place, uniques) in tables {
        for it in uniques {
            by_builder.entry(it.builder).or_default().push((site, place, it.idx));
        }
    }
    let mut known: Option<Vec<Order>> = None;
    for (builder, mut uses) in by_builder {
        uses.sort_by_key(|(site, ..)| (site.file, site.loc));
        let Some(first) = uses.first().copied() else { continue };
        let orders = known.get_or_insert_with(|| reader.eval.run_orders(files));
        let first = match uses.iter().all(|it| it.0.file == first.0.file) {
            true => Some(first),
            false => first_of(&uses, orders),
        };
        let first = first.filter(|first| orders.iter().all(|it| !has_earlier(reader, it, builder, &first.0)));
        let unique_of = |(_, place, idx): (Site, usize, usize)| {
            reading.relations.get(place)?.value.uniques.get(idx)?.name.clone()
        };
        let name = first.and_then(unique_of);
        for (_, place, idx) in uses {
            let Some(declared) = reading.relations.get_mut(place) else { continue };
            if declared.value.uniques.get(idx).is_some_and(|it| it.name != name)
                && let Some(unique) = Arc::make_mut(&mut declared.value).uniques.get_mut(idx)
            {
                unique.name = name.clone();
            }
        }
    }
}

/// The use that comes first in each of the orders.
fn first_of(uses: &[(Site, usize, usize)], orders: &[Order]) -> Option<(Site, usize, usize)> {
    let mut found: Option<(Site, usize, usize)> = None;
    for order in orders {
        let mut first: Option<(usize, (Site, usize, usize))> = None;
        for it in uses {
            let place = *order.get(&it.0.file)?;
            let is_earlier =
                |(known, other): &(usize, (Site, usize, usize))| (place, it.0.loc) < (*known, other.0.loc);
            if first.as_ref().is_none_or(is_earlier) {
                first = Some((place, *it));
            }
        }
        let first = first?.1;
        if found.is_some_and(|it| it.0 != first.0) {
            return None;
        }
        found = Some(first);
    }
    found
}

/// Whether a table with the builder is made before the one at `first`.
fn has_earlier(reader: &Reader<'_>, order: &Order, builder: usize, first: &Site) -> bool {
    let Some(until) = order.get(&first.file) else { return true };
    order.iter().filter(|it| it.1 <= until).any(|(file, _)| {
        let is_before = |it: &Site| it.file != first.file || it.loc < first.loc;
        let has_it = |it: &TableDraft| it.columns.iter().any(|it| it.builder == Some(builder));
        let mut tables = reader.eval.declarations(*file).into_iter();
        tables.any(|it| {
            it.site.as_ref().is_some_and(is_before) && reader.table(&it).is_some_and(|it| has_it(&it))
        })
    })
}

fn address(builder: &Value) -> usize {
    Arc::as_ptr(&builder.kind).cast::<()>() as usize
}

fn is_before(site: &Site, file: FileId, loc: Loc) -> bool {
    site.file != file || site.loc < loc
}

/// The call that makes a builder, where it is given no name.
fn nameless(value: &Value) -> Option<(&Value, Site)> {
    let (builder, args, site) = call(value)?;
    let is_nameless =
        args.first().is_none_or(|it| matches!(*it.kind, ValueKind::Object { .. } | ValueKind::Undefined));
    is_nameless.then_some((builder, site))
}

/// The call that makes a builder.
fn call(value: &Value) -> Option<(&Value, &[Value], Site)> {
    let mut current = value;
    loop {
        let ValueKind::Call { callee, args, site } = &*current.kind else { return None };
        match &*callee.kind {
            ValueKind::Member { object, .. } => current = object,
            _ => return Some((current, args, *site)),
        }
    }
}

fn module(reader: &Reader<'_>, file: FileId) -> Rc<Module> {
    if let Some(found) = reader.modules.borrow().get(&file) {
        return Rc::clone(found);
    }
    let (uses, deps) = tracked(reader.eval, || uses(reader, file));
    let res = Rc::new(Module { uses, deps });
    reader.modules.borrow_mut().insert(file, Rc::clone(&res));
    res
}

fn uses(reader: &Reader<'_>, file: FileId) -> Vec<Use> {
    let mut values: Vec<Value> = reader.eval.exports(file).into_iter().map(|it| it.1).collect();
    values.extend(reader.eval.declarations(file));
    values.retain(|it| it.site.is_some_and(|it| it.file == file));
    values.sort_by_key(|it| it.site.map(|it| it.loc));
    values.dedup_by_key(|it| it.site.map(|it| it.loc));
    let mut res = Vec::new();
    for value in &values {
        let chain = unwind(value);
        let (Some(declaration), Some(site)) = (reader.declaration(&chain), value.site) else { continue };
        let casing: Casing = declaration.casing.unwrap_or(reader.casing);
        let Some(list) = declaration.args.get(1) else { continue };
        let list = listed(reader, declaration.family, list);
        let ValueKind::Object { entries, .. } = &*list.kind else { continue };
        for entry in entries {
            let Some((builder, place)) = nameless(&entry.value) else { continue };
            if is_before(&place, file, site.loc) {
                res.push(Use {
                    table: site.loc,
                    builder: builder.clone(),
                    key: entry.key.clone(),
                    name: casing.apply(&entry.key).into(),
                });
            }
        }
    }
    res
}
