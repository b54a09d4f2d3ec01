//! Database objects in TypeScript: where Drizzle declares them and where code mentions them.

mod declared;
mod meaning;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::super::FilePosition;
use super::{Global, What};
use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize};
use crate::catalog::{self, TypeKind};
use crate::db::{Model, Snapshot};
use crate::project::database::Membership;
use crate::sema::fragment::Env;
use crate::sema::render::values::Values;
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Prop, ScopeId};
use declared::Script;
pub use meaning::what_of;
use meaning::{assigned, changes, relational, selected};

/// The databases whose objects a script may speak of.
pub fn databases(snap: &Snapshot, model: &Model, file: FileId) -> Vec<usize> {
    match model.membership(snap, file) {
        Membership::Database(it) | Membership::History { database: it, .. } => vec![it],
        Membership::None(_) => (0..model.databases.list.len()).collect(),
    }
}

/// What the cursor's name declares or mentions.
pub fn at(snap: &Snapshot, model: &Model, pos: FilePosition) -> Cancellable<Vec<(TextRange, Global)>> {
    let file = pos.file;
    let Some(state) = snap.state(file) else { return Ok(Vec::new()) };
    let mut res: Vec<(TextRange, Global)> = Vec::new();
    // Most cursors stand in no file that has to do with a database.
    let all = databases(snap, model, file);
    if all.is_empty() {
        return Ok(res);
    }
    // A tree that is kept costs nothing; another is made only where the cursor's word can mean something.
    if !state.may_hold_fragments() && !may_mean(snap, model, &all, &state.text, pos.value) {
        return Ok(res);
    }
    let module = state.module();
    for database in all {
        snap.check()?;
        let Some(built) = model.built(snap, database) else { continue };
        let mut add = |range: TextRange, what: Vec<What>| {
            for what in what {
                let found = (range, Global { database, what });
                if !res.contains(&found) {
                    res.push(found);
                }
            }
        };
        let evaluator = model.evaluator(snap);
        let script = Script::new(snap, &built.catalog, &module, file);
        let values = Values::new(&evaluator, &built.catalog, &module, file);
        let value = |id| values.value(id);
        let package = |file: FileId, ty: &str, path: &[SmolStr]| values.package(file, ty, path);
        let env = Env { module: &module, file, catalog: &built.catalog, value: &value, package: &package };
        if let Some(range) = script.declaration_at(pos.value) {
            let declared = script.declared_at(range);
            if !declared.is_empty() {
                let shown = script.shown(range, pos.value);
                add(shown, declared);
                continue;
            }
        }
        for binding in &module.scope(ScopeId::MODULE).bindings {
            if binding.name_range.contains_inclusive(pos.value) {
                let value = evaluator.name(file, &binding.name);
                add(binding.name_range, what_of(&built.catalog, &value).into_iter().collect());
            }
        }
        for (idx, expr) in module.exprs.iter().enumerate() {
            let id = ExprId(idx as u32);
            match &expr.kind {
                ExprKind::Ident(_) if expr.range.contains_inclusive(pos.value) => {
                    add(expr.range, what_of(&built.catalog, &value(id)).into_iter().collect());
                }
                ExprKind::Member { object, name, name_range, .. }
                    if name_range.contains_inclusive(pos.value) =>
                {
                    let what = what_of(&built.catalog, &value(id))
                        .or_else(|| relational(&built.catalog, &module, *object, name));
                    add(*name_range, what.into_iter().collect());
                }
                ExprKind::String(_) if expr.range.contains_inclusive(pos.value) => {
                    add(expr.range, script.label(&env, id).into_iter().collect());
                }
                ExprKind::Object(props) if expr.range.contains_inclusive(pos.value) => {
                    for prop in props {
                        if let Prop::Field { key, key_range, .. } = prop
                            && key_range.contains_inclusive(pos.value)
                        {
                            let what = assigned(&env, id, key).or_else(|| selected(&env, id, key));
                            add(*key_range, what.into_iter().collect());
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Ok(res)
}

/// Whether the word at the cursor is a name that a catalog has, or a local name for one.
fn may_mean(snap: &Snapshot, model: &Model, databases: &[usize], text: &str, offset: TextSize) -> bool {
    let is_word = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'$' | b'-') || *it >= 0x80;
    // At a quote the string's text is meant.
    let at = usize::from(offset).min(text.len());
    let quote = |it: Option<&u8>| matches!(it, Some(b'\'' | b'"' | b'`'));
    let at = match text.as_bytes().get(at) {
        it if quote(it)
            && !at.checked_sub(1).is_some_and(|it| text.as_bytes().get(it).is_some_and(is_word)) =>
        {
            at + 1
        }
        _ => at,
    };
    let (before, after) = text.as_bytes().split_at(at);
    let start = before.iter().rposition(|it| !is_word(it)).map_or(0, |it| it + 1);
    let len = after.iter().take_while(|it| is_word(it)).count();
    let Some(word) = text.get(start..before.len() + len).filter(|it| !it.is_empty()) else {
        return false;
    };
    if memchr::memmem::find(text.as_bytes(), format!(" as {word}").as_bytes()).is_some() {
        return true;
    }
    databases.iter().filter_map(|it| model.built(snap, *it)).any(|built| {
        let catalog = &built.catalog;
        let in_relation = |it: &catalog::Relation| {
            it.name.as_str() == word
                || it.columns.iter().any(|it| it.key.as_deref() == Some(word) || it.name.as_str() == word)
                || it.indexes.iter().filter_map(|it| it.name.as_ref()).any(|it| it.as_str() == word)
                || it.checks.iter().filter_map(|it| it.name.as_ref()).any(|it| it.as_str() == word)
                || it.foreign_keys.iter().filter_map(|it| it.name.as_ref()).any(|it| it.as_str() == word)
                || it
                    .primary_key
                    .iter()
                    .chain(&it.uniques)
                    .any(|it| it.name.as_ref().is_some_and(|it| it.as_str() == word))
        };
        let in_type = |it: &catalog::TypeInfo| match &it.kind {
            TypeKind::Enum { labels } => it.name.as_str() == word || labels.iter().any(|it| it.label == word),
            _ => false,
        };
        catalog.decls.keys().any(|it| it.name == word)
            || catalog.relations.values().any(|it| in_relation(it))
            || catalog.types.iter().any(in_type)
            || catalog.schemas.keys().any(|it| it.as_str() == word)
    })
}

/// A mention of a database object in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub range: TextRange,
    pub what: What,
    pub write: bool,
}

/// What to look for: names as TypeScript has them.
pub struct Wanted<'a> {
    pub whats: &'a FxHashSet<What>,
    /// Keys of columns and names of declarations; a local name that an import gives counts as well.
    pub words: &'a FxHashSet<SmolStr>,
}

/// Every mention of what is wanted; declarations are none.
pub fn mentions(
    snap: &Snapshot,
    model: &Model,
    file: FileId,
    database: usize,
    wanted: &Wanted<'_>,
) -> Vec<Mention> {
    let mut res: Vec<Mention> = Vec::new();
    let (Some(state), Some(built)) = (snap.state(file), model.built(snap, database)) else { return res };
    let module = state.module();
    let evaluator = model.evaluator(snap);
    let values = Values::new(&evaluator, &built.catalog, &module, file);
    let value = |id| values.value(id);
    let package = |file: FileId, ty: &str, path: &[SmolStr]| values.package(file, ty, path);
    let env = Env { module: &module, file, catalog: &built.catalog, value: &value, package: &package };
    let script = Script::new(snap, &built.catalog, &module, file);
    let mut locals: FxHashSet<&str> = wanted.words.iter().map(SmolStr::as_str).collect();
    for import in &module.imports {
        if let crate::ts::hir::ImportName::Named(name) = &import.name
            && wanted.words.contains(name)
        {
            locals.insert(&import.local);
        }
        if import.name == crate::ts::hir::ImportName::Default {
            locals.insert(&import.local);
        }
    }
    let mut add = |range: TextRange, what: Option<What>, write: bool| {
        if let Some(what) = what.filter(|it| wanted.whats.contains(it)) {
            let found = Mention { range, what, write };
            if !res.contains(&found) {
                res.push(found);
            }
        }
    };
    for binding in &module.scope(ScopeId::MODULE).bindings {
        if matches!(binding.kind, BindingKind::Import(_)) && locals.contains(binding.name.as_str()) {
            add(binding.name_range, what_of(&built.catalog, &evaluator.name(file, &binding.name)), false);
        }
    }
    for (idx, expr) in module.exprs.iter().enumerate() {
        let id = ExprId(idx as u32);
        match &expr.kind {
            ExprKind::Ident(name) if locals.contains(name.as_str()) => {
                add(expr.range, what_of(&built.catalog, &value(id)), changes(&module, id));
            }
            ExprKind::Member { object, name, name_range, .. } if wanted.words.contains(name) => {
                let what = what_of(&built.catalog, &value(id))
                    .or_else(|| relational(&built.catalog, &module, *object, name));
                add(*name_range, what, changes(&module, id));
            }
            ExprKind::String(text) if wanted.words.contains(&text.value) => {
                add(expr.range, script.label(&env, id), false);
            }
            ExprKind::Object(props) => {
                for prop in props {
                    if let Prop::Field { key, key_range, .. } = prop
                        && wanted.words.contains(key)
                    {
                        match assigned(&env, id, key) {
                            Some(what) => add(*key_range, Some(what), true),
                            None => add(*key_range, selected(&env, id, key), false),
                        }
                    }
                }
            }
            _ => {}
        }
    }
    res
}
