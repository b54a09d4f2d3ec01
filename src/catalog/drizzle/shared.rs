//! One builder in several tables: the first table gives it its name, and the others have that name too
//! (`ColumnBuilder.setName`, which does nothing where a name is known).

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Line;
use super::casing::Casing;
use super::chain::unwind;
use super::column::ColumnDraft;
use super::known::tracked;
use super::reader::Reader;
use crate::base::file::FileId;
use crate::facts::Loc;
use crate::project::eval::{Deps, Site, Value, ValueKind};

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

fn is_before(site: &Site, file: FileId, loc: Loc) -> bool {
    site.file != file || site.loc < loc
}

/// The call that makes a builder, where it is given no name.
fn nameless(value: &Value) -> Option<(&Value, Site)> {
    let mut current = value;
    loop {
        let ValueKind::Call { callee, args, site } = &*current.kind else { return None };
        match &*callee.kind {
            ValueKind::Member { object, .. } => current = object,
            _ => {
                let is_nameless = args
                    .first()
                    .is_none_or(|it| matches!(*it.kind, ValueKind::Object { .. } | ValueKind::Undefined));
                return is_nameless.then_some((current, *site));
            }
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
        let Some(ValueKind::Object { entries, .. }) = declaration.args.get(1).map(|it| &*it.kind) else {
            continue;
        };
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
