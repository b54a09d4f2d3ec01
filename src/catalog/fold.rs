//! DDL applied to a catalog, statement by statement, as PostgreSQL would (manual, part VI, SQL commands).
//!
//! Folding never fails and reports nothing: what PostgreSQL would refuse leaves the catalog as it is, what cannot be
//! seen (dynamic SQL, objects that are not modelled) is noted in [`Gaps`](super::Gaps). A catalog that was cloned
//! before keeps its state; only what a statement touches is copied.
//!
//! `SET search_path` and what [`Catalog::session`] holds stay in force until the caller puts both back, which it does where
//! a session ends: behind each file.

mod alter;
mod block;
mod casts;
mod cascade;
mod constraint;
mod conversion;
mod create;
mod depend;
mod dialect;
mod family;
mod hosted;
mod drop;
mod index;
mod inherit;
mod keys;
mod label;
pub(super) mod naming;
mod not_null;
mod object;
mod operator;
mod partition;
mod rename;
mod routine;
mod sequence;
mod session;
mod trigger;
mod types;
mod view;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use block::first_statement;
pub use family::{default_of, member};
pub use hosted::table_key;
pub use object::{cast_key, sides};
pub use partition::bound_of;
pub(crate) use routine::IMMUTABLE;

use super::{Catalog, Origin, QualifiedName, Relation, Type, lookup, pg};
use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize, slice};
use crate::facts::Loc;
use crate::sql::hir::ddl::{CastBy, CastUse, CommandKind, CreateCast, CreateRule, Drop};
use crate::sql::hir::{self, Ddl, ExprId, Name, QName, StatementKind};
use crate::sql::{Dialect, Ident, ParsedStatement};

/// What a higher room knows of queries.
pub trait Infer {
    /// The names, types and collations of the columns that a query yields; `None` when they are not all known.
    /// `query` is a statement of its own, with ranges relative to `text`.
    fn query_columns(
        &self,
        catalog: &Catalog,
        query: &hir::Statement,
        text: &str,
    ) -> Option<Vec<(Ident, Option<Type>, super::Collation)>>;

    /// What a statement that makes something makes it of; `None` when not all of it is understood.
    fn uses(
        &self,
        _catalog: &Catalog,
        _statement: &hir::Statement,
        _text: &str,
    ) -> Option<BTreeSet<super::depend::Used>> {
        None
    }
}

/// Applies one statement; the columns of views are named but have no types.
pub fn apply(catalog: &mut Catalog, file: FileId, loc: Loc, statement: &ParsedStatement, text: &str) {
    apply_with(catalog, file, loc, statement, text, None);
}

/// Applies one statement; `infer` tells the columns of views.
pub fn apply_with(
    catalog: &mut Catalog,
    file: FileId,
    loc: Loc,
    statement: &ParsedStatement,
    text: &str,
    infer: Option<&dyn Infer>,
) {
    let exprs = &statement.hir.exprs;
    if catalog.applied.last() != Some(&file) && !catalog.applied.contains(&file) {
        Arc::make_mut(&mut catalog.applied).push(file);
    }
    let mut fold = Fold { catalog, file, loc, text, exprs, infer, shift: TextSize::default(), depth: 0 };
    fold.statement(&statement.hir.kind);
}

/// A session ends: its prepared statements, cursors and temporary tables are gone. Whether the next file runs in a session of its own is not known, so
/// that nothing is said of their names.
pub fn end_session(catalog: &mut Catalog, file: FileId) {
    catalog.session = Default::default();
    let temporary = |it: &&QualifiedName| it.schema.as_str() == lookup::TEMP_SCHEMA;
    let gone: Vec<QualifiedName> = catalog.relations.keys().filter(temporary).cloned().collect();
    if gone.is_empty() {
        return;
    }
    Arc::make_mut(&mut catalog.gaps.named).extend(gone.iter().map(|it| it.name.clone()));
    let (loc, shift) = (Loc(u32::MAX), TextSize::default());
    let mut fold = Fold { catalog, file, loc, text: "", exprs: &[], infer: None, shift, depth: 0 };
    for name in gone {
        fold.drop_relation(&name, true);
    }
}

/// The catalog that a statement leaves; a table that it creates replaces one of the same name.
pub fn preview(catalog: &Catalog, ddl: &Ddl, exprs: &[hir::Expr], text: &str) -> Catalog {
    let mut res = catalog.clone();
    let (file, loc, shift) = (FileId(0), Loc(u32::MAX), TextSize::default());
    let mut fold = Fold { catalog: &mut res, file, loc, text, exprs, infer: None, shift, depth: 0 };
    if let Ddl::CreateTable(table) = ddl
        && let Some(name) = fold.new_name(&table.name, table.temporary)
        && fold.catalog.relations.contains_key(&name)
    {
        Arc::make_mut(&mut fold.catalog.relations).remove(&name);
    }
    match ddl {
        Ddl::CreateTable(table) => fold.create_table(table),
        Ddl::AlterTable { name, actions, only, .. } => fold.alter_table(name, *only, actions),
        _ => {}
    }
    res
}

/// The catalog in which the elements of CREATE SCHEMA are made: with the schema, first on the path.
pub fn schema_made(catalog: &Catalog, ddl: &Ddl, exprs: &[hir::Expr], text: &str) -> Catalog {
    let mut res = catalog.clone();
    if let Ddl::CreateSchema { name: Some(name), .. } = ddl {
        let made = Ddl::CreateSchema { name: Some(name.clone()), if_not_exists: true, elements: Vec::new() };
        res = after(&res, &StatementKind::Ddl(Box::new(made)), exprs, text);
        res.search_path.insert(0, name.ident.clone());
    }
    res
}

/// The catalog behind one element of a statement.
pub fn after(catalog: &Catalog, kind: &StatementKind, exprs: &[hir::Expr], text: &str) -> Catalog {
    let mut res = catalog.clone();
    let (file, loc, shift) = (FileId(0), Loc(u32::MAX), TextSize::default());
    Fold { catalog: &mut res, file, loc, text, exprs, infer: None, shift, depth: 0 }.statement(kind);
    res
}

/// The full name that a statement gives to a new relation, type or function.
pub fn created_name(catalog: &Catalog, name: &QName, temporary: bool) -> Option<QualifiedName> {
    let last = name.last()?;
    if last.ident.as_str().is_empty() || name.is_dynamic() {
        return None;
    }
    let schema = match name.schema() {
        Some(schema) => schema.ident.clone(),
        None if temporary => Ident::new(lookup::TEMP_SCHEMA),
        None => {
            let path = &catalog.search_path;
            let found = path.iter().find(|it| lookup::schema_exists(catalog, it));
            found.or(path.first()).cloned().unwrap_or_else(|| Ident::new("public"))
        }
    };
    Some(QualifiedName { schema, name: last.ident.clone() })
}

struct Fold<'a> {
    catalog: &'a mut Catalog,
    file: FileId,
    loc: Loc,
    text: &'a str,
    exprs: &'a [hir::Expr],
    infer: Option<&'a dyn Infer>,
    /// Where `text` starts in the statement that the origins speak of (DO bodies).
    shift: TextSize,
    depth: u32,
}

impl<'a> Fold<'a> {
    fn statement(&mut self, kind: &'a StatementKind) {
        self.doubt_session(kind);
        match kind {
            StatementKind::Ddl(ddl) => self.ddl(ddl),
            StatementKind::Query(query) => self.query(query),
            // CREATE RULE is not modelled.
            StatementKind::Other(_) => {
                self.ends_transaction();
                self.catalog.gaps.rules |= self.text.to_ascii_lowercase().contains("rule");
            }
            // EXPLAIN ANALYZE runs what it explains.
            StatementKind::Wrapped { kind: hir::WrapperKind::Explain, options, inner, .. } => {
                let analyze = options.iter().rev().find(|it| it.0.ident.as_str() == "analyze");
                let off = |it: &Option<Name>| {
                    it.as_ref().is_some_and(|it| matches!(it.ident.as_str(), "false" | "off"))
                };
                if analyze.is_some_and(|it| !off(&it.1)) {
                    self.statement(inner);
                }
            }
            StatementKind::Wrapped { kind: hir::WrapperKind::Call, .. } => {
                self.catalog.gaps.relations |= self.calls_maker();
            }
            StatementKind::Wrapped { kind, name, inner, .. } => self.wrapped(*kind, name.as_ref(), inner),
            StatementKind::Session(session) => self.session(session),
            _ => {}
        }
    }

    fn ddl(&mut self, ddl: &'a Ddl) {
        self.forget_volatility();
        let made = if self.is_postgres() { self.made_of(ddl) } else { None };
        self.apply_ddl(ddl);
        self.note_made_of(made);
        match ddl {
            Ddl::CreateRange { name, options, .. } => self.note_type(name, options),
            Ddl::CreateShellType { name, options: Some(options) } => self.note_type(name, options),
            _ => {}
        }
    }

    fn apply_ddl(&mut self, ddl: &'a Ddl) {
        match ddl {
            Ddl::CreateSchema { name, if_not_exists: _, elements } => {
                self.create_schema(name.as_ref(), elements)
            }
            Ddl::CreateTable(table) => {
                self.create_table(table);
                self.foreign_table(table);
            }
            Ddl::CreateView(view) => self.create_view(view),
            Ddl::CreateIndex(index) => self.create_index(index),
            Ddl::CreateSequence { name, ty, owned_by, options, .. } => {
                self.create_sequence(name, ty.as_ref(), owned_by.as_ref(), options);
            }
            Ddl::CreateEnum { name, labels } => self.create_enum(name, labels),
            Ddl::CreateComposite { name, columns, .. } => self.create_composite(name, columns),
            Ddl::CreateRange { name, subtype, options } => {
                self.create_range(name, subtype.as_ref(), options);
            }
            Ddl::CreateShellType { name, options } => {
                self.create_shell(name);
                if let Some(full) = self.find_type(name).filter(|_| options.is_some()) {
                    self.shell_gone(&full);
                }
            }
            Ddl::CreateDomain { name, base, not_null, constraints, collation, .. } => {
                self.create_domain(name, base, *not_null, collation.as_ref());
                self.domain_constraints(name, constraints);
            }
            Ddl::CreateExtension { name, schema, .. } => self.create_extension(name, schema.as_ref()),
            Ddl::CreateFunction(function) => self.create_function(function),
            Ddl::CreateAggregate(aggregate) => self.create_aggregate(aggregate),
            Ddl::CreateTrigger { name, table, function, details, .. } => {
                self.create_trigger(name, table, function, details);
            }
            Ddl::CreatePolicy(policy) => self.create_policy(policy),
            Ddl::AlterPolicy(policy) => self.alter_policy(policy),
            Ddl::AlterTable { name, actions, only, .. } => {
                self.alter_table(name, *only, actions);
                self.foreign_options(name, actions);
            }
            Ddl::AlterEnum { name, action } => self.alter_enum(name, action),
            Ddl::AlterComposite { name, actions } => self.alter_composite(name, actions),
            Ddl::AlterDomain { name, action } => self.alter_domain(name, action),
            Ddl::AlterSequence { name, ty, owned_by, options, .. } => {
                self.alter_sequence(name, ty.as_ref(), owned_by.as_ref(), options);
            }
            Ddl::Rename { object, name, args, new_name, .. } => {
                self.rename(*object, name, args.as_deref(), &new_name.ident);
            }
            Ddl::RenameTables(pairs) => self.rename_tables(pairs),
            Ddl::SetSchema { object, name, args, schema, .. } => {
                self.set_schema(*object, name, args.as_deref(), &schema.ident);
            }
            Ddl::Drop(drop) => {
                self.drop(drop);
                self.dropped_with(drop);
            }
            Ddl::Comment { object, name, text, .. } => self.comment(*object, name, text.clone()),
            Ddl::SetSearchPath { schemas, .. } => self.set_search_path(schemas),
            Ddl::Do { language, body, body_range } => self.do_block(language.as_ref(), body, *body_range),
            Ddl::Command(command) if command.kind == CommandKind::Refresh => {
                for (name, _) in &command.tables {
                    let found = self.find(name);
                    if let Some(view) = found.and_then(|it| self.relation_mut(&it)) {
                        view.unpopulated = command.flags.1;
                    }
                }
            }
            Ddl::Truncate { .. } | Ddl::Command(_) | Ddl::Grant(_) => {}
            Ddl::CreatePublication(made) => {
                if made.change.is_none() {
                    self.make_object("PUBLICATION", &QName { parts: vec![made.name.clone()] }, "", None);
                }
                self.publish(made);
            }
            Ddl::NamedCast { source, target, drops: true, .. } => {
                if let (Some(from), Some(to)) = (self.type_of(source), self.type_of(target)) {
                    Arc::make_mut(&mut self.catalog.casts).remove(&(from.id, to.id));
                    let key = cast_key(from.id, to.id);
                    Arc::make_mut(&mut self.catalog.objects).remove(&key);
                    let gone = super::depend::Dependent::Object(key);
                    super::depend::forget(&mut self.catalog.depends, &gone);
                }
            }
            Ddl::NamedCast { .. } => {}
            Ddl::Named(mentions) => self.mentioned(mentions),
            Ddl::CreateRule(rule) => self.create_rule(rule),
            Ddl::CreateStatistics(made) => {
                let on = made.table.as_ref().and_then(|it| self.find(it));
                match &made.name {
                    Some(name) => self.make_object("STATISTICS", name, "", on),
                    None => self.other("STATISTICS", &QName::default()),
                }
            }
            Ddl::CreateOperator(made) => self.create_operator(made),
            Ddl::OperatorClass(made) => self.operator_class(made),
            Ddl::CreateEventTrigger(made) => {
                let on = self.own_function(&made.function);
                self.make_object("EVENT TRIGGER", &QName { parts: vec![made.name.clone()] }, "", on);
            }
            Ddl::CreateCast(cast) => self.create_cast(cast),
            Ddl::Define(made) => self.define(made),
            Ddl::Foreign(foreign) => self.foreign(foreign),
            Ddl::SearchMapping(mapping) => self.map_tokens(mapping),
            Ddl::Opaque { kind, name } => {
                self.make_object(kind, name, "", None);
                self.opaque(kind);
                if kind == "CONVERSION" {
                    self.conversion(name);
                }
            }
        }
    }

    /// The function of the project that a name means.
    fn own_function(&self, name: &QName) -> Option<QualifiedName> {
        self.candidates(name).into_iter().find(|it| self.catalog.functions.contains_key(it))
    }

    fn create_cast(&mut self, cast: &CreateCast) {
        let (Some(from), Some(to)) = (self.type_of(&cast.source), self.type_of(&cast.target)) else {
            self.catalog.gaps.functions = true;
            return;
        };
        let method = match cast.by {
            CastBy::Function { .. } => pg::CastMethod::Function,
            CastBy::Binary => pg::CastMethod::Binary,
            CastBy::Io => pg::CastMethod::Io,
        };
        let context = match cast.context {
            CastUse::Explicit => pg::CastContext::Explicit,
            CastUse::Assignment => pg::CastContext::Assignment,
            CastUse::Implicit => pg::CastContext::Implicit,
        };
        Arc::make_mut(&mut self.catalog.casts).insert((from.id, to.id), pg::Cast { context, method });
        let on = match &cast.by {
            CastBy::Function { name, .. } => self.own_function(name),
            _ => None,
        };
        let made = super::object::Object {
            origin: self.origin(cast.source.range),
            on,
            gone: false,
            operator: None,
            parts: None,
        };
        Arc::make_mut(&mut self.catalog.objects).insert(cast_key(from.id, to.id), made);
    }

    fn create_rule(&mut self, rule: &CreateRule) {
        self.other("RULE", &QName { parts: vec![rule.name.clone()] });
        let origin = self.origin(rule.name.range);
        let made = super::Rule {
            name: rule.name.ident.clone(),
            event: rule.event.clone(),
            instead: rule.instead,
            conditional: rule.where_.is_some(),
            switched: false,
            definition: Arc::from(self.text),
            origin,
        };
        let table = self.find(&rule.table);
        match table.and_then(|it| self.relation_mut(&it)) {
            // That of a view is the view.
            Some(_) if rule.event == "SELECT" => {}
            Some(relation) => {
                relation.rules.retain(|it| it.name != made.name);
                relation.rules.push(made);
            }
            None => self.catalog.gaps.rules = true,
        }
    }

    /// What else goes with what is dropped.
    fn dropped_with(&mut self, drop: &Drop) {
        use crate::sql::hir::ddl::ObjectKind;
        if drop.cascade {
            self.doubt_objects();
        }
        if drop.object == ObjectKind::Role {
            for name in drop.names.iter().filter_map(|it| it.name.last()) {
                self.role(name, true);
            }
        }
    }

    /// Keeps the name of an object of a kind that is not modelled.
    fn other(&mut self, kind: &str, name: &QName) {
        if let Some(last) = name.last() {
            Arc::make_mut(&mut self.catalog.others).insert((kind.into(), last.ident.clone()));
        }
    }

    /// Objects that are not modelled: what they make possible is not known.
    fn opaque(&mut self, kind: &str) {
        let gaps = &mut self.catalog.gaps;
        gaps.rules |= kind == "OWNED";
        match kind {
            "FOREIGN SCHEMA" => {
                gaps.relations = true;
                gaps.types = true;
            }
            "OWNED" => {
                gaps.relations = true;
                gaps.functions = true;
                gaps.types = true;
                // Nor is anything certain to be there still.
                self.catalog.objects = Arc::default();
                gaps.loose = Some(FileId(u32::MAX));
            }
            _ => {}
        }
    }

    fn set_search_path(&mut self, schemas: &[Name]) {
        // `SET search_path = ''` names one schema that cannot exist; `"$user"` is never known.
        let user = ("SEARCH PATH".into(), Ident::new("$user"));
        let says_user = schemas.iter().any(|it| it.ident.as_str() == "$user");
        if says_user != self.catalog.others.contains(&user) {
            let others = Arc::make_mut(&mut self.catalog.others);
            if says_user {
                others.insert(user);
            } else {
                others.remove(&user);
            }
        }
        let names = schemas.iter().map(|it| it.ident.clone());
        self.catalog.search_path = names.filter(|it| !matches!(it.as_str(), "" | "$user")).collect();
    }

    /// Where a name was written.
    fn origin(&self, range: TextRange) -> Origin {
        let range = range.checked_add(self.shift).unwrap_or(range);
        Origin::Sql { file: self.file, loc: self.loc, range }
    }

    fn expr_text(&self, expr: ExprId) -> Option<smol_str::SmolStr> {
        let range = self.exprs.get(expr.0 as usize)?.range;
        Some(slice(self.text, range)).filter(|it| !it.is_empty()).map(Into::into)
    }

    fn type_of(&self, ty: &hir::TypeName) -> Option<Type> {
        lookup::type_of(self.catalog, ty, self.exprs)
    }

    /// The name that a new object gets: in its schema, else in the first of the search path that exists.
    fn new_name(&self, name: &QName, temporary: bool) -> Option<QualifiedName> {
        created_name(self.catalog, name, temporary)
    }

    fn creation_schema(&self) -> Ident {
        let path = &self.catalog.search_path;
        let found = path.iter().find(|it| lookup::schema_exists(self.catalog, it));
        found.or(path.first()).cloned().unwrap_or_else(|| Ident::new("public"))
    }

    /// The full names that a name may mean, in the order of the search path.
    fn candidates(&self, name: &QName) -> Vec<QualifiedName> {
        let Some(last) = name.last() else { return Vec::new() };
        let qualify = |schema: Ident| QualifiedName { schema, name: last.ident.clone() };
        match name.schema() {
            Some(schema) => vec![qualify(schema.ident.clone())],
            None => {
                lookup::effective_path(self.catalog).into_iter().map(|it| qualify(Ident::new(it))).collect()
            }
        }
    }

    /// The relation of this catalog that a name means. SQLite and MySQL do not tell cases apart.
    fn find(&self, name: &QName) -> Option<QualifiedName> {
        let candidates = self.candidates(name);
        let found = candidates.iter().find(|it| self.catalog.relations.contains_key(it));
        if found.is_some() || self.catalog.dialect == Dialect::Postgres {
            return found.cloned();
        }
        let last = &name.last()?.ident;
        let same = |it: &&QualifiedName| it.name.as_str().eq_ignore_ascii_case(last.as_str());
        self.catalog.relations.keys().find(same).cloned()
    }

    /// The type of this catalog that a name means.
    fn find_type(&self, name: &QName) -> Option<QualifiedName> {
        self.candidates(name).into_iter().find(|it| self.catalog.types.id(it).is_some())
    }

    fn relation(&self, name: &QualifiedName) -> Option<&Relation> {
        self.catalog.relations.get(name).map(|it| &**it)
    }

    fn relation_mut(&mut self, name: &QualifiedName) -> Option<&mut Relation> {
        Arc::make_mut(&mut self.catalog.relations).get_mut(name).map(Arc::make_mut)
    }

    /// Adds a relation with its row type.
    fn insert(&mut self, mut relation: Relation) {
        let name = QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() };
        relation.parents.retain(|it| *it != name);
        if relation.kind != super::RelationKind::Sequence {
            self.catalog.types.intern_row_type(name.clone(), relation.origin);
        }
        Arc::make_mut(&mut self.catalog.relations).insert(name, Arc::new(relation));
    }

    /// Every relation that INHERITS or is a PARTITION OF this one, directly.
    fn children(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let is_child =
            |it: &&Arc<Relation>| it.kind != super::RelationKind::Sequence && it.parents.contains(name);
        let all = self.catalog.relations.values().filter(is_child);
        all.map(|it| QualifiedName { schema: it.schema.clone(), name: it.name.clone() }).collect()
    }
}

/// A relation with nothing in it.
fn empty_relation(name: &QualifiedName, kind: super::RelationKind, origin: Origin) -> Relation {
    Relation::new(name.clone(), kind, origin)
}

fn empty_column(name: Ident, origin: Origin) -> super::Column {
    super::Column::new(name, origin)
}

#[cfg(test)]
mod tests;
