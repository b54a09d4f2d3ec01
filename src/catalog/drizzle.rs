//! The evaluated values of a database's schema modules → what they declare: tables, views, enums, schemas,
//! sequences, policies and Drizzle's own relations, as drizzle-kit would see them.
//!
//! drizzle-kit looks at the exports of the schema files. A table that is declared there and not exported exists in
//! no migration, but code can use it: it is read all the same and listed in [`Catalog::unexported`].

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{Catalog, Entity, Origin, QualifiedName, Relation, RelationKind, Role, Schema};
use crate::base::file::FileId;
use crate::project::eval::{Closure, DeclRef, Deps, Evaluator, Order, Site, Value};
use crate::sql::{Dialect, Ident};

mod builders;
mod casing;
pub(crate) mod chain;
mod column;
mod date;
mod defaults;
mod extras;
mod kept;
mod known;
pub mod names;
mod query;
mod reader;
mod relations;
mod render;
mod resolve;
mod role;
mod shared;
mod table;
mod twice;
mod view;

pub use casing::Casing;
pub(crate) use extras::sequence_text;
pub use kept::{Finished, Taken};
pub use known::Base;
use known::{Known, What};
use reader::{EnumDraft, Reader, SchemaName};
pub use resolve::overlay;
pub(crate) use resolve::{imply_extensions, imply_extensions_but, resolve_types, resolve_types_but};
use shared::SharedUnique;
pub use twice::Twice;

/// What reading needs of evaluation.
pub trait Eval {
    fn exports(&self, file: FileId) -> Vec<(SmolStr, Value)>;
    /// Whether a module may export what nobody here can know.
    fn has_unknown_exports(&self, file: FileId) -> bool;
    /// The names of a module's declarations, exported or not, in order.
    fn declared(&self, file: FileId) -> Vec<DeclRef>;
    fn declaration(&self, decl: &DeclRef) -> Value;
    /// Every declaration of the module, exported or not.
    fn declarations(&self, file: FileId) -> Vec<Value>;
    fn call(&self, closure: &Closure, args: Vec<Value>) -> Value;
    fn member(&self, object: &Value, name: &str) -> Value;
    /// What is read from here on is written down, until [`Eval::leave`] tells it.
    fn enter(&self);
    fn leave(&self) -> Deps;
    /// Something was used that rests on these.
    fn used(&self, deps: &Deps);
    /// The orders in which the modules may run when `files` are loaded; empty: not known.
    fn run_orders(&self, files: &[FileId]) -> Vec<Order>;
}

impl Eval for Evaluator<'_> {
    fn exports(&self, file: FileId) -> Vec<(SmolStr, Value)> {
        Evaluator::exports(self, file)
    }

    fn has_unknown_exports(&self, file: FileId) -> bool {
        Evaluator::has_unknown_exports(self, file)
    }

    fn declared(&self, file: FileId) -> Vec<DeclRef> {
        Evaluator::declared(self, file)
    }

    fn declaration(&self, decl: &DeclRef) -> Value {
        self.decl(decl)
    }

    fn declarations(&self, file: FileId) -> Vec<Value> {
        Evaluator::declarations(self, file)
    }

    fn call(&self, closure: &Closure, args: Vec<Value>) -> Value {
        self.call_with(closure, args)
    }

    fn member(&self, object: &Value, name: &str) -> Value {
        Evaluator::member(self, object, name)
    }

    fn enter(&self) {
        Evaluator::enter(self);
    }

    fn leave(&self) -> Deps {
        Evaluator::leave(self)
    }

    fn used(&self, deps: &Deps) {
        Evaluator::used(self, deps);
    }

    fn run_orders(&self, files: &[FileId]) -> Vec<Order> {
        Evaluator::run_orders(self, files)
    }
}

/// Which of Drizzle's two lines the project has installed: names of constraints and casing differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Line {
    /// drizzle-orm 0.x with drizzle-kit 0.x.
    #[default]
    V0,
    /// 1.0 betas and release candidates.
    V1,
}

/// Drizzle's module that a table comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    Pg,
    Mysql,
    Sqlite,
    Singlestore,
    Gel,
    Mssql,
    Cockroach,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cardinality {
    One,
    Many,
}

/// A relation of `relations(…)` or `defineRelations(…)`: something of Drizzle's query API, not of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrizzleRelation {
    pub source: QualifiedName,
    /// The key under `with`.
    pub name: SmolStr,
    pub cardinality: Cardinality,
    /// `None`: not known.
    pub target: Option<QualifiedName>,
    /// It says its columns (v1: it has a configuration at all), known or not; else Drizzle takes them from the other side.
    pub configured: bool,
    /// Column names of the source table; empty when Drizzle infers them from the other side.
    pub fields: Vec<SmolStr>,
    pub references: Vec<SmolStr>,
    /// The junction table of a many-to-many relation.
    pub through: Option<QualifiedName>,
    /// `relationName` (v1) or `alias` (v2).
    pub alias: Option<SmolStr>,
    /// 1 or 2: which API declares it.
    pub version: u8,
    /// What drizzle-orm 1.0 throws for it when the relations are defined.
    pub error: Option<SmolStr>,
    /// The declaration of the `relations(…)` that it is one of.
    pub decl: Option<DeclRef>,
    pub origin: Origin,
}

/// What the schema modules declare. Types of columns are text only; [`overlay`] puts them into a catalog.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub relations: Vec<Declared<Arc<Relation>>>,
    pub enums: Vec<Declared<EnumDraft>>,
    pub schemas: Vec<Declared<Schema>>,
    pub decls: Arc<FxHashMap<DeclRef, Entity>>,
    pub drizzle_relations: Vec<DrizzleRelation>,
    /// Roles that drizzle-kit makes; `None` where one of them is not understood.
    pub roles: Option<BTreeMap<SmolStr, Role>>,
    /// What is exported more than once under one name.
    pub twice: Vec<Twice>,
    /// There are tables whose names could not be read.
    pub incomplete: bool,
    known: Known,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared<T> {
    pub value: T,
    pub exported: bool,
}

/// The schema where Drizzle puts what is declared without one. SQLite's and MySQL's tables go there too.
pub fn default_schema() -> Ident {
    Ident::new("public")
}

impl Family {
    /// drizzle-kit looks at the tables of its own dialect only, where a folder holds several.
    fn belongs_to(self, dialect: Dialect) -> bool {
        match self {
            Family::Mysql | Family::Singlestore => dialect == Dialect::Mysql,
            Family::Sqlite => dialect == Dialect::Sqlite,
            Family::Pg | Family::Gel | Family::Mssql | Family::Cockroach => dialect == Dialect::Postgres,
        }
    }
}

/// Reads what the schema modules `files` declare for a database of `dialect`; of an earlier reading is kept what holds.
pub fn read(
    eval: &dyn Eval,
    files: &[FileId],
    line: Line,
    casing: Casing,
    dialect: Dialect,
    base: Option<Base<'_>>,
) -> Reading {
    let reader = Reader::new(eval, line, casing);
    let mut res = Collector {
        reader: &reader,
        dialect,
        base,
        reading: Reading { roles: Some(BTreeMap::new()), ..Reading::default() },
        seen: FxHashMap::default(),
        seen_enums: FxHashMap::default(),
        linked: Vec::new(),
        shared: Vec::new(),
    };
    if let Some(base) = base {
        res.reading.expect_as_many_as(base.reading);
        res.seen.reserve(base.reading.relations.len());
    }
    let mut met = FxHashMap::default();
    for &file in files {
        res.reading.incomplete |= eval.has_unknown_exports(file);
        for (_, value) in eval.exports(file) {
            res.entity(&value, true);
            res.again(&value, &mut met);
        }
    }
    for &file in files {
        for decl in eval.declared(file) {
            // What is exported has been met.
            if !res.reading.decls.contains_key(&decl) && !res.reading.known.has(&decl) {
                res.entity(&eval.declaration(&decl), false);
            }
        }
    }
    for policy in std::mem::take(&mut res.linked) {
        res.link(&policy);
    }
    shared::name_uniques(&reader, std::mem::take(&mut res.shared), files, &mut res.reading);
    if reader.went_in_circles() {
        // What was found depends on where it began.
        res.reading.known.clear();
    }
    res.reading
}

struct Collector<'r, 'e> {
    reader: &'r Reader<'e>,
    dialect: Dialect,
    base: Option<Base<'r>>,
    reading: Reading,
    /// Relations and sequences that were met, with their places in the reading.
    seen: FxHashMap<QualifiedName, usize>,
    seen_enums: FxHashMap<QualifiedName, usize>,
    /// Policies that are linked to a table, which may be met later.
    linked: Vec<Value>,
    /// Tables with `.unique()` of builders that others may have too, by their place among the relations.
    shared: Vec<(Site, usize, Vec<SharedUnique>)>,
}

impl Reading {
    /// Tables, views and relations that were read for it; the others were known from the one before.
    pub fn n_new(&self) -> usize {
        self.known.n_new
    }

    fn expect_as_many_as(&mut self, other: &Reading) {
        self.relations.reserve(other.relations.len());
        Arc::make_mut(&mut self.decls).reserve(other.decls.len());
        self.known.reserve(&other.known);
    }
}

impl Collector<'_, '_> {
    fn entity(&mut self, value: &Value, exported: bool) {
        let reader = self.reader;
        let dialect = self.dialect;
        let read = self.reading.known.read(reader, value, self.base, |it| it.belongs_to(dialect));
        if let Some(read) = read {
            match &read.what {
                What::Relation { relation, enums, elsewhere, uniques } => {
                    let name = QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() };
                    let place = self.relation(name.clone(), relation, enums, exported && !elsewhere);
                    if !self.is_hidden(&name, relation) {
                        self.declare(value, Entity::Relation(name));
                    }
                    if let Some(place) = place {
                        let site = value.site.filter(|_| !uniques.is_empty());
                        self.shared.extend(site.map(|it| (it, place, uniques.clone())));
                    }
                }
                What::Foreign => {}
                What::Relations(found) => self.relations(found),
            }
        } else if let Some(draft) = reader.enum_(value) {
            self.declare(value, Entity::Enum(draft.name.clone()));
            self.enum_(&draft, exported);
        } else if let Some(schema) = reader.schema(value) {
            let exists = chain::unwind(value).has("existing");
            if let SchemaName::Named(name) = schema {
                let name = reader::stored(&name);
                self.declare(value, Entity::Schema(name.clone()));
                if !self.reading.schemas.iter().any(|it| it.value.name == name) {
                    let value = Schema { name, origin: reader::origin(value) };
                    // MySQL's are databases, which drizzle-kit does not make.
                    let exported = exported && self.dialect == Dialect::Postgres && !exists;
                    self.reading.schemas.push(Declared { value, exported });
                }
            }
        } else if let Some((name, options)) = reader.sequence(value) {
            self.declare(value, Entity::Sequence(name.clone()));
            if !self.seen.contains_key(&name) {
                self.seen.insert(name.clone(), self.reading.relations.len());
                let value = sequence(name, extras::sequence_options(options), reader::origin(value));
                self.reading.relations.push(Declared { value: Arc::new(value), exported });
            }
        } else {
            self.other(value, exported);
        }
    }

    fn other(&mut self, value: &Value, exported: bool) {
        let chain = chain::unwind(value);
        if chain.is_call("pgPolicy") {
            if exported {
                self.linked.push(value.clone());
            }
        } else if chain.is_call("pgRole") {
            if exported && !chain.has("existing") {
                match role::read(&chain, reader::origin(value)).zip(self.reading.roles.as_mut()) {
                    Some((role, roles)) => _ = roles.insert(role.name.clone(), role),
                    None => self.reading.roles = None,
                }
            }
        } else if self.reader.declaration(&chain).is_some() {
            // A table whose name is computed.
            self.reading.incomplete = true;
        }
    }

    fn relations(&mut self, found: &[DrizzleRelation]) {
        for relation in found {
            let mut known = self.reading.drizzle_relations.iter();
            if !known.any(|it| it.origin == relation.origin && it.name == relation.name) {
                self.reading.drizzle_relations.push(relation.clone());
            }
        }
    }

    fn link(&mut self, value: &Value) {
        let chain = chain::unwind(value);
        let target = chain.method("link").and_then(|it| it.args.first());
        let Some(table) = target.and_then(|it| self.reader.table(it)) else { return };
        let policy = extras::policy(self.reader, &table, &chain, reader::origin(value));
        let mut relations = self.reading.relations.iter_mut().map(|it| &mut it.value);
        let relation = relations.find(|it| it.schema == table.name.schema && it.name == table.name.name);
        if let (Some(policy), Some(relation)) = (policy, relation)
            && !relation.policies.iter().any(|it| it.name == policy.name)
        {
            let relation = Arc::make_mut(relation);
            relation.policies.push(policy);
            relation.row_security = true;
        }
    }

    fn declare(&mut self, value: &Value, entity: Entity) {
        if let Some(decl) = &value.decl {
            Arc::make_mut(&mut self.reading.decls).entry(decl.clone()).or_insert(entity);
        }
    }
}

/// A sequence as a relation; `options` are kept as its definition.
pub(crate) fn sequence(name: QualifiedName, options: String, origin: Origin) -> Relation {
    Relation { definition: Some(options.into()), ..Relation::new(name, RelationKind::Sequence, origin) }
}

/// The catalog that the schema modules alone describe.
pub fn catalog(reading: &Reading, dialect: Dialect) -> Catalog {
    let mut res = Catalog { dialect, search_path: vec![default_schema()], ..Catalog::default() };
    overlay(&mut res, reading, None);
    imply_extensions(&mut res);
    resolve_types(&mut res);
    res
}

#[cfg(test)]
mod tests;
