//! Database objects in TypeScript: where Drizzle declares them and where code mentions them.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::super::FilePosition;
use super::{Global, What};
use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize};
use crate::catalog::{self, Catalog, Origin, QualifiedName, TypeKind};
use crate::db::{Model, Snapshot};
use crate::project::Workspace;
use crate::project::database::Membership;
use crate::project::eval::{Value, ValueKind};
use crate::sema::fragment::Env;
use crate::sema::fragment::chain::Chain;
use crate::sema::render::values::Values;
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Module, Prop, ScopeId};

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
        let env = Env { module: &module, file, catalog: &built.catalog, value: &value };
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
    let env = Env { module: &module, file, catalog: &built.catalog, value: &value };
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

/// `insert(users)`, `update(users)`, `delete(users)`.
fn changes(module: &Module, id: ExprId) -> bool {
    let Some(parent) = module.expr(id).parent else { return false };
    let ExprKind::Call { callee, args, .. } = &module.expr(parent).kind else { return false };
    args.first() == Some(&id)
        && matches!(&module.expr(*callee).kind, ExprKind::Member { name, .. }
            if matches!(name.as_str(), "insert" | "update" | "delete"))
}

/// The object that a value is.
pub fn what_of(catalog: &Catalog, value: &Value) -> Option<What> {
    if let Some(entity) = value.decl.as_ref().and_then(|it| catalog.decls.get(it)) {
        return Some(match entity {
            catalog::Entity::Relation(it) | catalog::Entity::Sequence(it) => What::Relation(it.clone()),
            catalog::Entity::Enum(it) => What::Type(it.clone()),
            catalog::Entity::Schema(it) => What::Schema(it.clone()),
        });
    }
    match &*value.kind {
        ValueKind::Member { object, name, .. } => {
            let table = table_of(catalog, object)?;
            column_of(catalog, table, name)
        }
        ValueKind::Call { .. } => table_of(catalog, value).cloned().map(What::Relation),
        _ => None,
    }
}

fn column_of(catalog: &Catalog, table: &QualifiedName, key: &str) -> Option<What> {
    let column = catalog.relations.get(table)?.columns.iter().find(|it| it.key.as_deref() == Some(key))?;
    Some(What::Column(table.clone(), column.name.clone()))
}

/// The table that a value is, under its own name or an alias.
fn table_of<'a>(catalog: &'a Catalog, value: &Value) -> Option<&'a QualifiedName> {
    if let Some(catalog::Entity::Relation(it)) = value.decl.as_ref().and_then(|it| catalog.decls.get(it)) {
        return Some(it);
    }
    let ValueKind::Call { callee, args, .. } = &*value.kind else { return None };
    let (package, path) = callee.as_external()?;
    let name = path.last()?.as_str();
    let known =
        matches!(name, "alias" | "aliasedTable" | "getTableColumns" | "getColumns" | "getViewSelectedFields");
    if package.starts_with("drizzle-orm") && known { table_of(catalog, args.first()?) } else { None }
}

/// `users` of `db.query.users`.
fn relational(catalog: &Catalog, module: &Module, object: ExprId, name: &str) -> Option<What> {
    let ExprKind::Member { name: query, .. } = &module.expr(object).kind else { return None };
    if query != "query" && query != "_query" {
        return None;
    }
    relational_table(catalog, name).map(What::Relation)
}

fn relational_table(catalog: &Catalog, name: &str) -> Option<QualifiedName> {
    let mut found = None;
    for (decl, entity) in catalog.decls.iter().filter(|it| it.0.name == name) {
        if let catalog::Entity::Relation(it) = entity {
            if found.is_some() {
                return None;
            }
            let _ = decl;
            found = Some(it.clone());
        }
    }
    found
}

/// The column that a key of `.values({ … })` or `.set({ … })` gives a value.
fn assigned(env: &Env<'_>, object: ExprId, key: &str) -> Option<What> {
    let (call, name, path) = argument(env.module, object)?;
    let is_row = match (name, path.as_slice()) {
        ("values" | "set", []) => true,
        ("onConflictDoUpdate" | "onDuplicateKeyUpdate", [it]) => *it == "set",
        _ => false,
    };
    if !is_row {
        return None;
    }
    column_of(env.catalog, &Chain::around(env, call).target()?, key)
}

/// The column that a key of `findMany({ columns: { … }, where: { … } })` chooses.
fn selected(env: &Env<'_>, object: ExprId, key: &str) -> Option<What> {
    let (call, name, path) = argument(env.module, object)?;
    if !matches!(name, "findMany" | "findFirst")
        || !matches!(path.as_slice(), ["columns" | "where" | "orderBy"])
    {
        return None;
    }
    let ExprKind::Call { callee, .. } = &env.module.expr(call).kind else { return None };
    let ExprKind::Member { object, .. } = &env.module.expr(*callee).kind else { return None };
    let ExprKind::Member { object: query, name: table, .. } = &env.module.expr(*object).kind else {
        return None;
    };
    let What::Relation(table) = relational(env.catalog, env.module, *query, table).or_else(|| {
        let ExprKind::Member { name, .. } = &env.module.expr(*query).kind else { return None };
        matches!(name.as_str(), "query" | "_query")
            .then(|| relational_table(env.catalog, table))
            .flatten()
            .map(What::Relation)
    })?
    else {
        return None;
    };
    column_of(env.catalog, &table, key)
}

/// The method call that an object literal is (in) an argument of, with the keys between, innermost first.
fn argument(module: &Module, object: ExprId) -> Option<(ExprId, &str, Vec<&str>)> {
    let mut path = Vec::new();
    let mut current = object;
    for _ in 0..8 {
        let parent = module.expr(current).parent?;
        match &module.expr(parent).kind {
            ExprKind::Array(_) | ExprKind::Assertion { .. } => {}
            ExprKind::Object(props) => {
                let key = props.iter().find_map(|it| match it {
                    Prop::Field { key, value, .. } if *value == current => Some(key.as_str()),
                    _ => None,
                })?;
                path.push(key);
            }
            ExprKind::Call { callee, args, .. } if args.contains(&current) => {
                let ExprKind::Member { name, .. } = &module.expr(*callee).kind else { return None };
                return Some((parent, name, path));
            }
            _ => return None,
        }
        current = parent;
    }
    None
}

/// Where a script declares database objects.
struct Script<'a> {
    snap: &'a Snapshot,
    catalog: &'a Catalog,
    module: &'a Module,
    file: FileId,
}

impl<'a> Script<'a> {
    fn new(snap: &'a Snapshot, catalog: &'a Catalog, module: &'a Module, file: FileId) -> Script<'a> {
        Script { snap, catalog, module, file }
    }

    /// The name that catalogs give as the place of what the cursor declares: a property's key, a variable's name, an
    /// enum label. A name in quotes (`text('email')`) leads to that.
    fn declaration_at(&self, offset: TextSize) -> Option<TextRange> {
        let module = self.module;
        let bindings = &module.scope(ScopeId::MODULE).bindings;
        if let Some(it) = bindings.iter().find(|it| it.name_range.contains_inclusive(offset)) {
            return Some(it.name_range);
        }
        for (idx, expr) in module.exprs.iter().enumerate() {
            if !expr.range.contains_inclusive(offset) {
                continue;
            }
            match &expr.kind {
                ExprKind::Object(props) => {
                    let key = props.iter().find_map(|it| match it {
                        Prop::Field { key_range, shorthand: false, .. }
                            if key_range.contains_inclusive(offset) =>
                        {
                            Some(*key_range)
                        }
                        _ => None,
                    });
                    if key.is_some() {
                        return key;
                    }
                }
                ExprKind::String(_) => {
                    if !self.declared_at(expr.range).is_empty() {
                        return Some(expr.range);
                    }
                    return self.named_by(ExprId(idx as u32));
                }
                _ => {}
            }
        }
        None
    }

    /// The declaration whose database name is this string: `text('email')` → the property.
    fn named_by(&self, string: ExprId) -> Option<TextRange> {
        let module = self.module;
        let mut call = module.expr(string).parent?;
        if matches!(module.expr(call).kind, ExprKind::Object(_)) {
            // `primaryKey({ name: 'pk', … })`, `foreignKey({ name: 'fk', … })`.
            call = module.expr(call).parent?;
            let range = module.expr(call).range;
            return (!self.declared_at(range).is_empty()).then_some(range);
        }
        let ExprKind::Call { callee, args, .. } = &module.expr(call).kind else { return None };
        // `.default('x')` names nothing.
        let is_modifier = matches!(&module.expr(*callee).kind, ExprKind::Member { object, .. }
            if matches!(module.expr(*object).kind, ExprKind::Call { .. }));
        if args.first() != Some(&string) || is_modifier {
            return None;
        }
        // `index('by_email')`, `check('positive', …)`.
        let range = module.expr(call).range;
        if !self.declared_at(range).is_empty() {
            return Some(range);
        }
        self.declared_with(call)
    }

    /// The declaration whose value a call begins.
    fn declared_with(&self, call: ExprId) -> Option<TextRange> {
        let module = self.module;
        // Through the methods behind the call.
        let mut value = call;
        loop {
            let parent = module.expr(value).parent;
            match parent.map(|it| (it, &module.expr(it).kind)) {
                Some((it, ExprKind::Member { object, .. })) if *object == value => value = it,
                Some((it, ExprKind::Call { callee, .. })) if *callee == value => value = it,
                Some((it, ExprKind::Assertion { .. })) => value = it,
                Some((_, ExprKind::Object(props))) => {
                    return props.iter().find_map(|it| match it {
                        Prop::Field { key_range, value: it, .. } if *it == value => Some(*key_range),
                        _ => None,
                    });
                }
                _ => break,
            }
        }
        let binding = module.scope(ScopeId::MODULE).bindings.iter().find(
            |it| matches!(&it.kind, BindingKind::Const { init: Some(init), path } if *init == value && path.is_empty()),
        )?;
        Some(binding.name_range)
    }

    /// The enum label that a string is, as the default of a column, beside one in `eq(…)`, or as the value of one.
    fn label(&self, env: &Env<'_>, string: ExprId) -> Option<What> {
        let module = self.module;
        let ExprKind::String(text) = &module.expr(string).kind else { return None };
        let mut child = string;
        let mut parent = module.expr(child).parent?;
        if let ExprKind::Array(_) = &module.expr(parent).kind {
            child = parent;
            parent = module.expr(child).parent?;
        }
        let columns = match &module.expr(parent).kind {
            ExprKind::Call { callee, args, .. } if args.contains(&child) => {
                let is_default =
                    matches!(&module.expr(*callee).kind, ExprKind::Member { name, .. } if name == "default");
                if is_default {
                    self.declared_with(parent).map(|it| self.declared_at(it)).unwrap_or_default()
                } else {
                    let first = args.first().filter(|it| **it != child)?;
                    what_of(self.catalog, &(env.value)(*first)).into_iter().collect()
                }
            }
            ExprKind::Object(props) => {
                let key = props.iter().find_map(|it| match it {
                    Prop::Field { key, value, .. } if *value == child => Some(key),
                    _ => None,
                })?;
                assigned(env, parent, key).into_iter().collect()
            }
            _ => return None,
        };
        columns.iter().find_map(|it| {
            let What::Column(relation, name) = it else { return None };
            let column = self.catalog.relations.get(relation)?.columns.iter().find(|it| it.name == *name)?;
            let info = self.catalog.type_info(column.ty?.id)?;
            let TypeKind::Enum { labels } = &info.kind else { return None };
            let label = labels.iter().find(|it| it.label == text.value)?;
            let ty = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
            Some(What::Label(ty, label.label.clone()))
        })
    }

    /// The range to show for a declaration that the cursor led to: the string it stands in, if it does.
    fn shown(&self, declared: TextRange, offset: TextSize) -> TextRange {
        let strings = self.module.exprs.iter().filter(|it| matches!(it.kind, ExprKind::String(_)));
        let within = |it: &TextRange| it.contains_inclusive(offset);
        if within(&declared)
            && !self
                .module
                .exprs
                .iter()
                .any(|it| it.range == declared && matches!(it.kind, ExprKind::Call { .. }))
        {
            return declared;
        }
        strings.map(|it| it.range).find(within).unwrap_or(declared)
    }

    /// Every object of the catalog that is declared at a place of this file.
    fn declared_at(&self, range: TextRange) -> Vec<What> {
        let facts = self.snap.ts_facts(self.file);
        let is_here = |origin: &Origin| match origin {
            Origin::Ts { file, loc } => *file == self.file && facts.1.range(*loc) == range,
            _ => false,
        };
        let mut res = Vec::new();
        for (name, relation) in self.catalog.relations.iter() {
            if is_here(&relation.origin) {
                res.push(What::Relation(name.clone()));
                continue;
            }
            let columns = relation.columns.iter().filter(|it| is_here(&it.origin));
            res.extend(columns.map(|it| What::Column(name.clone(), it.name.clone())));
            let keys = relation.primary_key.iter().chain(&relation.uniques);
            let named = keys
                .filter(|it| is_here(&it.origin))
                .filter_map(|it| it.name.as_ref())
                .chain(
                    relation
                        .indexes
                        .iter()
                        .filter(|it| is_here(&it.origin))
                        .filter_map(|it| it.name.as_ref()),
                )
                .chain(
                    relation.checks.iter().filter(|it| is_here(&it.origin)).filter_map(|it| it.name.as_ref()),
                )
                .chain(
                    relation
                        .foreign_keys
                        .iter()
                        .filter(|it| is_here(&it.origin))
                        .filter_map(|it| it.name.as_ref()),
                );
            if res.is_empty() {
                res.extend(named.map(|it| What::Constraint(name.clone(), it.clone())));
            }
        }
        for info in self.catalog.types.iter() {
            let name = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
            match &info.kind {
                TypeKind::Enum { labels } => {
                    if is_here(&info.origin) {
                        res.push(What::Type(name));
                    } else {
                        let labels = labels.iter().filter(|it| is_here(&it.origin));
                        res.extend(labels.map(|it| What::Label(name.clone(), it.label.clone())));
                    }
                }
                TypeKind::Domain { .. } if is_here(&info.origin) => res.push(What::Type(name)),
                _ => {}
            }
        }
        let schemas = self.catalog.schemas.values().filter(|it| is_here(&it.origin));
        res.extend(schemas.map(|it| What::Schema(it.name.clone())));
        res
    }
}
