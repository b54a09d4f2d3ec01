//! Recognises what values are: tables, views, enums, schemas, sequences, and the columns of tables. Remembers every
//! table it has taken apart, because references lead to the same ones again and again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::casing::Casing;
use super::chain::{Chain, Head, string, unwind};
use super::column::{ColumnDraft, columns, listed};
use super::known::tracked;
use super::shared::{Module, mark, rename};
use super::{Eval, Family, Line, default_schema};
use crate::base::file::FileId;
use crate::catalog::{EnumLabel, Origin, QualifiedName};
use crate::project::eval::{DeclRef, Deps, Value, ValueKind};
use crate::sql::Ident;

pub struct Reader<'e> {
    pub eval: &'e dyn Eval,
    pub line: Line,
    /// Of drizzle.config; from 1.0.0-rc.1 each table says it itself.
    pub casing: Casing,
    /// `None`: it is being read.
    tables: RefCell<FxHashMap<Key, Option<Drafted>>>,
    /// A table asked for itself while it was being read.
    circle: Cell<bool>,
    /// Keeps values alive whose address is a key.
    alive: RefCell<Vec<Value>>,
    /// The tables and views of a module.
    pub modules: RefCell<FxHashMap<FileId, Rc<Module>>>,
}

/// What a value is read as, and what was read for it.
type Drafted = (Option<Rc<TableDraft>>, Deps);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Decl(DeclRef),
    Address(usize),
}

/// A table or view whose columns are known by name and type; everything that leads to other tables is still a value.
#[derive(Debug)]
pub struct TableDraft {
    pub name: QualifiedName,
    /// The schema was said, so that Drizzle writes it in SQL.
    pub explicit_schema: bool,
    pub family: Family,
    pub columns: Vec<ColumnDraft>,
    pub open: bool,
    pub kind: DraftKind,
    pub row_security: bool,
    /// In a schema that somebody else looks after: drizzle-kit passes over it.
    pub elsewhere: bool,
    pub origin: Origin,
    /// The table itself, to be handed to its callbacks.
    pub value: Value,
}

impl TableDraft {
    pub fn is_view(&self) -> bool {
        matches!(self.kind, DraftKind::View { .. })
    }
}

#[derive(Debug)]
pub enum DraftKind {
    Table {
        extras: Option<Value>,
    },
    View {
        materialized: bool,
        /// Declared with its columns, not with a query.
        declared_columns: bool,
        existing: bool,
        /// The argument of `.as(…)`.
        query: Option<Value>,
    },
}

/// What a table or view is called with.
pub struct Declaration<'a> {
    pub family: Family,
    pub name: Option<SmolStr>,
    pub schema: SchemaName,
    pub casing: Option<Casing>,
    pub args: &'a [Value],
    pub row_security: bool,
    pub view: Option<bool>,
    /// Its schema exists already: `pgSchema('auth').existing().table(…)`.
    pub elsewhere: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaName {
    Default,
    Named(SmolStr),
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumDraft {
    pub name: QualifiedName,
    pub explicit_schema: bool,
    /// `None`: not known.
    pub labels: Option<Vec<EnumLabel>>,
    pub origin: Origin,
}

impl<'e> Reader<'e> {
    pub fn new(eval: &'e dyn Eval, line: Line, casing: Casing) -> Reader<'e> {
        Reader {
            eval,
            line,
            casing,
            tables: RefCell::default(),
            circle: Cell::default(),
            alive: RefCell::default(),
            modules: RefCell::default(),
        }
    }

    /// The table or view that a value is.
    pub fn table(&self, value: &Value) -> Option<Rc<TableDraft>> {
        let key = match &value.decl {
            Some(decl) => Key::Decl(decl.clone()),
            None => Key::Address(std::sync::Arc::as_ptr(&value.kind).cast::<()>() as usize),
        };
        if let Some(found) = self.tables.borrow().get(&key) {
            let Some((draft, deps)) = found else {
                self.circle.set(true);
                return None;
            };
            self.eval.used(deps);
            return draft.clone();
        }
        if value.decl.is_none() {
            self.alive.borrow_mut().push(value.clone());
        }
        self.tables.borrow_mut().insert(key.clone(), None);
        let (draft, deps) = tracked(self.eval, || self.read_table(value).map(Rc::new));
        self.tables.borrow_mut().insert(key, Some((draft.clone(), deps)));
        draft
    }

    /// Some table's description leads to itself.
    pub fn went_in_circles(&self) -> bool {
        self.circle.get()
    }

    fn read_table(&self, value: &Value) -> Option<TableDraft> {
        let chain = unwind(value);
        let declaration = self.declaration(&chain)?;
        let name = declaration.name.clone()?;
        let (schema, explicit_schema) = match &declaration.schema {
            SchemaName::Default => (default_schema(), false),
            SchemaName::Named(it) => (stored(it), true),
            SchemaName::Unknown => return None,
        };
        let casing = declaration.casing.unwrap_or(self.casing);
        let list = declaration.args.get(1);
        let (columns, open) = match list {
            Some(list) => {
                let list = listed(self, declaration.family, list);
                let (mut columns, open) = columns(self, declaration.family, casing, &list);
                mark(value, &list, &mut columns);
                rename(self, value, &list, &mut columns);
                (columns, open)
            }
            None => (Vec::new(), declaration.view.is_none()),
        };
        let kind = match declaration.view {
            None => DraftKind::Table { extras: declaration.args.get(2).cloned() },
            Some(materialized) => DraftKind::View {
                materialized,
                declared_columns: list.is_some(),
                existing: chain.has("existing"),
                query: chain.method("as").and_then(|it| it.args.first()).cloned(),
            },
        };
        Some(TableDraft {
            name: QualifiedName { schema, name: stored(&name) },
            explicit_schema,
            family: declaration.family,
            columns,
            open,
            kind,
            row_security: declaration.row_security || chain.has("enableRLS"),
            elsewhere: declaration.elsewhere,
            origin: origin(value),
            value: value.clone(),
        })
    }

    /// Whether a chain declares a table or a view, and how.
    pub fn declaration<'a>(&self, chain: &Chain<'a>) -> Option<Declaration<'a>> {
        match &chain.head {
            Head::Call { package, path, args, .. } => {
                let names: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
                if let Some(method) = chain
                    .methods
                    .iter()
                    .find(|it| matches!(it.name, "table" | "view" | "materializedView" | "withRLS"))
                {
                    let (schema, family) = self.schema_call(package, &names, args)?;
                    let view = match method.name {
                        "view" => Some(false),
                        "materializedView" => Some(true),
                        _ => None,
                    };
                    return Some(Declaration {
                        family,
                        name: method.args.first().and_then(string).cloned(),
                        schema,
                        casing: casing_of(&names),
                        args: method.args,
                        row_security: method.name == "withRLS",
                        view,
                        elsewhere: chain.methods.first().is_some_and(|it| it.name == "existing"),
                    });
                }
                let (rest, row_security) = match names.as_slice() {
                    [rest @ .., "withRLS"] => (rest, true),
                    rest => (rest, false),
                };
                let last = *rest.last()?;
                let (family, view) = match (last, casing_of(rest)) {
                    ("table", Some(_)) => (family_of_package(package)?, None),
                    ("view", Some(_)) => (family_of_package(package)?, Some(false)),
                    ("materializedView", Some(_)) => (family_of_package(package)?, Some(true)),
                    _ => {
                        let (family, what) = family_of_function(last)?;
                        let view = match what {
                            "Table" => None,
                            "View" => Some(false),
                            "MaterializedView" => Some(true),
                            _ => return None,
                        };
                        (family, view)
                    }
                };
                Some(Declaration {
                    family,
                    name: args.first().and_then(string).cloned(),
                    schema: SchemaName::Default,
                    casing: casing_of(rest),
                    args,
                    row_security,
                    view,
                    elsewhere: false,
                })
            }
            Head::Applied { function, args, .. } => {
                // pgTableCreator((name) => `app_${name}`)('posts', …)
                let creator = unwind(function);
                let Head::Call { path, args: creator_args, .. } = &creator.head else { return None };
                let (family, what) = family_of_function(path.last()?)?;
                if what != "TableCreator" {
                    return None;
                }
                let name = match (creator_args.first().map(|it| &*it.kind), args.first()) {
                    (Some(ValueKind::Closure(closure)), Some(name)) => {
                        string(&self.eval.call(closure, vec![name.clone()])).cloned()
                    }
                    _ => None,
                };
                let casing = creator_args.get(1).and_then(string).map(|it| Casing::from_config(it));
                Some(Declaration {
                    family,
                    name,
                    schema: SchemaName::Default,
                    casing,
                    args,
                    row_security: false,
                    view: None,
                    elsewhere: false,
                })
            }
            Head::Value(value) => {
                // schema.table.withRLS('posts', …)
                let ValueKind::Member { object, name, .. } = &*value.kind else { return None };
                let method = chain.methods.first().filter(|it| it.name == "withRLS" && name == "table")?;
                let outer = unwind(object);
                let Head::Call { package, path, args, .. } = &outer.head else { return None };
                let names: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
                let (schema, family) = self.schema_call(package, &names, args)?;
                Some(Declaration {
                    family,
                    name: method.args.first().and_then(string).cloned(),
                    schema,
                    casing: casing_of(&names),
                    args: method.args,
                    row_security: true,
                    view: None,
                    elsewhere: outer.has("existing"),
                })
            }
        }
    }

    /// `pgSchema('x')`, `snakeCase.schema('x')`.
    fn schema_call(&self, package: &str, path: &[&str], args: &[Value]) -> Option<(SchemaName, Family)> {
        let last = *path.last()?;
        let family = match family_of_function(last) {
            Some((family, "Schema" | "Database")) => family,
            _ if last == "schema" && casing_of(path).is_some() => family_of_package(package)?,
            _ => return None,
        };
        let schema = match args.first().and_then(string) {
            // `pgSchema('public')` throws; reading it as the default does no harm.
            Some(it) if it == "public" => SchemaName::Default,
            Some(it) => SchemaName::Named(it.clone()),
            None => SchemaName::Unknown,
        };
        Some((schema, family))
    }

    /// The schema that a value declares.
    pub fn schema(&self, value: &Value) -> Option<SchemaName> {
        let chain = unwind(value);
        if chain.methods.iter().any(|it| it.name != "existing") {
            return None;
        }
        let Head::Call { package, path, args, .. } = &chain.head else { return None };
        let names: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        Some(self.schema_call(package, &names, args)?.0)
    }

    /// The enum that a value declares: `pgEnum('mood', …)`, `schema.enum('mood', …)`.
    pub fn enum_(&self, value: &Value) -> Option<EnumDraft> {
        let chain = unwind(value);
        let Head::Call { package, path, args, .. } = &chain.head else { return None };
        let names: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        let (schema, explicit_schema, args) = match chain.methods.as_slice() {
            [] => {
                let (family, what) = family_of_function(names.last()?)?;
                if what != "Enum" || matches!(family, Family::Mysql | Family::Singlestore) {
                    return None;
                }
                (default_schema(), false, *args)
            }
            [.., method] if method.name == "enum" => match self.schema_call(package, &names, args)?.0 {
                SchemaName::Named(it) => (stored(&it), true, method.args),
                SchemaName::Default => (default_schema(), false, method.args),
                SchemaName::Unknown => return None,
            },
            _ => return None,
        };
        let name = args.first().and_then(string)?;
        Some(EnumDraft {
            name: QualifiedName { schema, name: stored(name) },
            explicit_schema,
            labels: args.get(1).and_then(|it| enum_labels(it, origin(value))),
            origin: origin(value),
        })
    }

    /// `pgSequence('s', …)`, `schema.sequence('s', …)`: its name and options.
    pub fn sequence<'v>(&self, value: &'v Value) -> Option<(QualifiedName, Option<&'v Value>)> {
        let chain = unwind(value);
        let Head::Call { package, path, args, .. } = &chain.head else { return None };
        let names: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        let (schema, args) = match chain.methods.as_slice() {
            [] => match family_of_function(names.last()?)? {
                (_, "Sequence") => (default_schema(), *args),
                _ => return None,
            },
            [.., method] if method.name == "sequence" => match self.schema_call(package, &names, args)?.0 {
                SchemaName::Named(it) => (stored(&it), method.args),
                SchemaName::Default => (default_schema(), method.args),
                SchemaName::Unknown => return None,
            },
            _ => return None,
        };
        let name = args.first().and_then(string)?;
        Some((QualifiedName { schema, name: stored(name) }, args.get(1)))
    }

    /// The table and the column's name in the database, when a value is a column: `users.email`.
    pub fn column_of(&self, value: &Value) -> Option<(Rc<TableDraft>, SmolStr)> {
        let (table, idx) = self.column_draft_of(value)?;
        let name = table.columns.get(idx)?.name.clone();
        Some((table, name))
    }

    /// Like [`Reader::column_of`], with the index of the column.
    pub fn column_draft_of(&self, value: &Value) -> Option<(Rc<TableDraft>, usize)> {
        let ValueKind::Member { object, name, .. } = &*value.kind else { return None };
        let table = self.table(object)?;
        let idx = table.columns.iter().position(|it| it.key == *name)?;
        Some((table, idx))
    }

    /// How Drizzle writes a table, view or enum in SQL: schema where said, and name.
    pub fn relation_text(&self, value: &Value) -> Option<(Option<SmolStr>, SmolStr)> {
        if let Some(table) = self.table(value) {
            let schema = table.explicit_schema.then(|| table.name.schema.as_str().into());
            return Some((schema, table.name.name.as_str().into()));
        }
        let draft = self.enum_(value)?;
        let schema = draft.explicit_schema.then(|| draft.name.schema.as_str().into());
        Some((schema, draft.name.name.as_str().into()))
    }
}

/// An identifier as the database stores a name that Drizzle always quotes.
pub fn stored(name: &str) -> Ident {
    if name.len() <= crate::sql::ident::MAX_BYTES {
        return Ident::new(name);
    }
    Ident::from_source(&format!("\"{}\"", name.replace('"', "\"\"")))
}

/// The labels of an enum, each where its text stands.
fn enum_labels(list: &Value, fallback: Origin) -> Option<Vec<EnumLabel>> {
    let texts = super::builders::labels(list)?;
    let values: Vec<&Value> = match &*list.kind {
        ValueKind::Array { items, .. } => items.iter().collect(),
        ValueKind::Object { entries, .. } => entries.iter().map(|it| &it.value).collect(),
        _ => Vec::new(),
    };
    let label = |(idx, label): (usize, SmolStr)| {
        let site = values.get(idx).and_then(|it| it.site);
        let origin = site.map_or(fallback, |it| Origin::Ts { file: it.file, loc: it.loc });
        EnumLabel { label, origin }
    };
    Some(texts.into_iter().enumerate().map(label).collect())
}

pub fn origin(value: &Value) -> Origin {
    let site = value.site.or(match &*value.kind {
        ValueKind::Call { site, .. } => Some(*site),
        _ => None,
    });
    site.map_or(Origin::Builtin, |it| Origin::Ts { file: it.file, loc: it.loc })
}

fn casing_of(path: &[&str]) -> Option<Casing> {
    if path.contains(&"snakeCase") {
        Some(Casing::Snake)
    } else if path.contains(&"camelCase") {
        Some(Casing::Camel)
    } else {
        None
    }
}

pub fn family_of_package(package: &str) -> Option<Family> {
    let module = package.strip_prefix("drizzle-orm/")?.split('/').next()?;
    Some(match module {
        "pg-core" => Family::Pg,
        "mysql-core" => Family::Mysql,
        "sqlite-core" => Family::Sqlite,
        "singlestore-core" => Family::Singlestore,
        "gel-core" => Family::Gel,
        "mssql-core" => Family::Mssql,
        "cockroach-core" => Family::Cockroach,
        _ => return None,
    })
}

/// `pgTable` → (PostgreSQL, `Table`).
fn family_of_function(name: &str) -> Option<(Family, &str)> {
    const PREFIXES: [(&str, Family); 7] = [
        ("pg", Family::Pg),
        ("mysql", Family::Mysql),
        ("sqlite", Family::Sqlite),
        ("singlestore", Family::Singlestore),
        ("gel", Family::Gel),
        ("mssql", Family::Mssql),
        ("cockroach", Family::Cockroach),
    ];
    PREFIXES.iter().find_map(|(prefix, family)| {
        let rest = name.strip_prefix(prefix)?;
        matches!(
            rest,
            "Table"
                | "View"
                | "MaterializedView"
                | "TableCreator"
                | "Schema"
                | "Database"
                | "Enum"
                | "Sequence"
        )
        .then_some((*family, rest))
    })
}
