//! What every provider of items needs: the place, the schema, and how an item is made.

use std::cell::RefCell;

use super::rank::{Ranked, Tier};
use super::site::Host;
use super::typed::{Quoting, Typed};
use super::{Config, Data, DataKind, Item, ItemKind};
use crate::base::file::FileId;
use crate::base::path;
use crate::catalog::types::format_type;
use crate::catalog::{Catalog, Column as TableColumn, Origin, QualifiedName, Relation, Type};
use crate::db::Snapshot;
use crate::lint::TextEdit;
use crate::project::Workspace;
use crate::sema::Ty;
use crate::sema::body::Env;
use crate::sema::resolve::{Coercion, CoercionContext, can_coerce};
use crate::sema::scope::{Column, Scope};
use crate::sql::token::{TokenKind, significant};
use crate::sql::{Dialect, Ident, keywords};

/// A Drizzle table as the file can name it in a hole.
#[derive(Debug, Clone)]
pub struct HoleTable {
    /// `users`, `schema.users`.
    pub expr: String,
    /// Brings the name into the file.
    pub import: Option<TextEdit>,
}

/// Finds the Drizzle declarations of relations.
pub trait Holes {
    /// How the file names a relation's declaration; `None` where there is none that it can import.
    fn table(&self, relation: &QualifiedName) -> Option<HoleTable>;
    /// The relations whose declarations the file has imported.
    fn imported(&self) -> Vec<QualifiedName>;
    /// The file writes its tables as holes, or this fragment does.
    fn is_usual(&self) -> bool;
    /// The cursor is inside of a hole.
    fn inside(&self) -> bool;
}

pub struct Cx<'a> {
    pub snap: &'a Snapshot,
    pub catalog: &'a Catalog,
    pub database: usize,
    pub config: Config,
    pub typed: &'a Typed,
    pub host: &'a Host,
    pub scope: Option<&'a Scope>,
    /// The parameters and variables of the function around.
    pub env: Option<&'a Env>,
    pub holes: Option<&'a dyn Holes>,
    /// Keywords are written in upper case.
    pub upper: bool,
    /// The statement qualifies its columns.
    pub qualifies: bool,
    pub ranked: RefCell<Ranked>,
}

/// A part of what is inserted.
#[derive(Debug, Clone)]
pub enum Seg {
    Text(String),
    /// A place for the user to fill in, with what stands there at first.
    Stop(u32, String),
}

impl Cx<'_> {
    pub fn dialect(&self) -> Dialect {
        self.catalog.dialect
    }

    pub fn prefix(&self) -> &str {
        &self.typed.prefix
    }

    pub fn quoting(&self) -> Quoting {
        self.typed.quoting
    }

    pub fn add(&self, name: &str, tier: Tier, order: u32, item: Item) {
        self.ranked.borrow_mut().push(self.prefix(), name, tier, order, item);
    }

    pub fn cut(&self) {
        self.ranked.borrow_mut().cut = true;
    }

    /// An item that inserts SQL.
    pub fn item(&self, label: impl Into<String>, kind: ItemKind, sql: &str) -> Item {
        let label = label.into();
        let insert = self.host.escape(sql);
        let filter = (self.quoting() == Quoting::Ident).then(|| format!("\"{label}\""));
        Item {
            label,
            label_detail: None,
            detail: None,
            origin: None,
            kind,
            filter,
            replace: self.host.replace(self.typed.before, self.typed.after),
            insert,
            snippet: false,
            extra: Vec::new(),
            data: None,
            deprecated: false,
        }
    }

    /// An item that inserts SQL with places to fill in.
    pub fn snippet(&self, label: impl Into<String>, kind: ItemKind, segs: &[Seg]) -> Item {
        let mut item = self.item(label, kind, "");
        let has_stops = segs.iter().any(|it| matches!(it, Seg::Stop(..)));
        item.snippet = has_stops && self.config.snippets;
        for seg in segs {
            match seg {
                Seg::Text(text) | Seg::Stop(_, text) if !item.snippet => {
                    item.insert.push_str(&self.host.escape(text));
                }
                Seg::Text(text) => item.insert.push_str(&snippet_text(&self.host.escape(text))),
                Seg::Stop(number, text) if text.is_empty() => item.insert.push_str(&format!("${number}")),
                Seg::Stop(number, text) => {
                    let text = snippet_text(&self.host.escape(text));
                    item.insert.push_str(&format!("${{{number}:{text}}}"));
                }
            }
        }
        item
    }

    /// A name as it must be written here.
    pub fn ident(&self, name: &Ident) -> String {
        if self.quoting() == Quoting::Ident {
            return format!("\"{}\"", name.as_str().replace('"', "\"\""));
        }
        self.quote(name)
    }

    /// A name as it must be written in the dialect.
    pub fn quote(&self, name: &Ident) -> String {
        let text = name.as_str();
        let plain = text.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !text.starts_with(|c: char| c.is_ascii_digit())
            && !text.is_empty()
            && !keywords::needs_quotes(&text.to_ascii_lowercase());
        match self.dialect() {
            Dialect::Postgres => name.quoted(),
            _ if plain => text.to_owned(),
            Dialect::Mysql => format!("`{}`", text.replace('`', "``")),
            Dialect::Sqlite => format!("\"{}\"", text.replace('"', "\"\"")),
        }
    }

    /// A keyword in the case that the user writes them in.
    pub fn keyword(&self, words: &str) -> String {
        if self.upper { words.to_ascii_uppercase() } else { words.to_owned() }
    }

    /// `text not null`.
    pub fn column_detail(&self, column: &Column) -> Option<String> {
        let ty = match column.ty {
            Ty::Known(ty) => Some(format_type(self.catalog, ty)),
            Ty::Unknown => {
                self.table_column(column).map(|it| it.type_text.to_string()).filter(|it| !it.is_empty())
            }
        };
        match (ty, column.nullable) {
            (Some(ty), Some(false)) => Some(format!("{ty} not null")),
            (ty, _) => ty,
        }
    }

    pub fn table_detail(&self, column: &TableColumn) -> Option<String> {
        let ty = crate::catalog::print::column_type(self.catalog, column)?;
        Some(if column.not_null { format!("{ty} not null") } else { ty })
    }

    /// The table column that a column is an unchanged copy of.
    pub fn table_column(&self, column: &Column) -> Option<&TableColumn> {
        let (relation, name) = column.source.as_ref()?;
        self.relation(relation)?.columns.iter().find(|it| it.name == *name)
    }

    pub fn relation(&self, name: &QualifiedName) -> Option<&std::sync::Arc<Relation>> {
        self.catalog.relations.get(name).or_else(|| crate::catalog::pg::relation(name))
    }

    /// `src/schema.ts`, `pg_catalog`.
    pub fn origin(&self, origin: Origin) -> Option<String> {
        match origin {
            Origin::Ts { file, .. } | Origin::Sql { file, .. } => Some(self.path(file)),
            Origin::Builtin => Some("pg_catalog".to_owned()),
        }
    }

    fn path(&self, file: FileId) -> String {
        let full = self.snap.path(file);
        let roots = self.snap.roots();
        let inside = roots.iter().filter(|it| path::is_within(&full, it)).map(|it| it.len()).max();
        full.get(inside.unwrap_or(0)..).unwrap_or(&full).trim_start_matches('/').to_owned()
    }

    pub fn data(&self, schema: &Ident, name: &Ident, column: Option<&Ident>, kind: DataKind) -> Option<Data> {
        Some(Data {
            database: self.database,
            schema: schema.as_str().to_owned(),
            name: name.as_str().to_owned(),
            column: column.map(|it| it.as_str().to_owned()),
            kind,
        })
    }

    /// How well a value of a type fits: 0 the same type, 1 converted by itself, 2 not known, 3 not at all.
    pub fn fit(&self, ty: Ty, expected: &[Type]) -> u8 {
        let Ty::Known(ty) = ty else { return 2 };
        if expected.is_empty() {
            return 2;
        }
        if expected.iter().any(|it| it.id == ty.id) {
            return 0;
        }
        let converts = |to: &Type| {
            can_coerce(self.catalog, ty.id, to.id, CoercionContext::Implicit) == Coercion::Yes
                || can_coerce(self.catalog, to.id, ty.id, CoercionContext::Implicit) == Coercion::Yes
        };
        if expected.iter().any(converts) { 1 } else { 3 }
    }

    /// The words before the typed one, in lower case, last first.
    pub fn words_before(&self, n: usize) -> Vec<String> {
        let head = self.typed.head();
        let tokens = significant(head);
        tokens.iter().rev().take(n).map(|it| it.text(head).to_ascii_lowercase()).collect()
    }
}

/// `$`, `}` and `\` mean something in snippets (LSP 3.17, snippet syntax).
fn snippet_text(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '$' | '}') {
            res.push('\\');
        }
        res.push(c);
    }
    res
}

/// Whether the statement's keywords are written in upper case; what is being typed decides where there are none.
pub fn writes_upper(typed: &Typed) -> bool {
    let (mut upper, mut lower) = (0u32, 0u32);
    for token in significant(&typed.text) {
        let word = token.text(&typed.text);
        let reserved = token.kind == TokenKind::Word
            && keywords::keyword(word).is_some_and(|it| it.category == keywords::Category::Reserved);
        if reserved || matches!(word, "INSERT" | "UPDATE" | "DELETE" | "insert" | "update" | "delete") {
            match word.bytes().all(|it| it.is_ascii_uppercase() || it == b'_') {
                true => upper += 1,
                false => lower += 1,
            }
        }
    }
    if upper == lower {
        let prefix = typed.prefix.as_bytes();
        return !prefix.is_empty() && prefix.iter().all(|it| it.is_ascii_uppercase() || *it == b'_');
    }
    upper > lower
}

/// Whether the statement qualifies columns somewhere.
pub fn qualifies(typed: &Typed) -> bool {
    significant(&typed.text).iter().any(|it| it.kind == TokenKind::Dot)
}
