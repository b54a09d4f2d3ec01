//! What was made of what (`pg_depend`), where the objects themselves do not tell: of views, policies, rules, triggers,
//! bodies of functions that are read when they are made, and members of publications. Written down when an object is
//! made, by name; what gets another name gets it here, too.

pub mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::object::ObjectKey;
use super::{QualifiedName, TypeId};
use crate::sql::Ident;
use crate::sql::token::{TokenKind, significant};

/// One of the functions of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionKey {
    pub name: QualifiedName,
    /// What it takes (IN, INOUT, VARIADIC).
    pub params: Vec<TypeId>,
}

impl FunctionKey {
    /// `None`: a type of the signature is not known.
    pub fn of(function: &super::Function) -> Option<FunctionKey> {
        let params = function.params.iter().map(|it| it.ty).collect::<Option<Vec<_>>>()?;
        let name = QualifiedName { schema: function.schema.clone(), name: function.name.clone() };
        Some(FunctionKey { name, params })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dependent {
    /// A view, materialized view or foreign table.
    View(QualifiedName),
    /// A function whose body is written in SQL itself, an aggregate.
    Function(FunctionKey),
    /// Policies, rules and triggers of a table.
    Policy(QualifiedName, Ident),
    Rule(QualifiedName, Ident),
    Trigger(QualifiedName, Ident),
    /// An index, for functions and operator classes: it goes with its columns by itself.
    Index(QualifiedName, Ident),
    /// A table of a publication.
    Member(Ident, QualifiedName),
    /// A schema of a publication.
    MemberSchema(Ident, Ident),
    /// An operator, a cast, …
    Object(ObjectKey),
    /// A range or base type.
    Type(TypeId),
}

impl From<FunctionKey> for Dependent {
    fn from(it: FunctionKey) -> Dependent {
        Dependent::Function(it)
    }
}

impl From<ObjectKey> for Dependent {
    fn from(it: ObjectKey) -> Dependent {
        Dependent::Object(it)
    }
}

impl Dependent {
    /// The relation that it is, or that it goes with.
    pub fn relation(&self) -> Option<&QualifiedName> {
        match self {
            Dependent::View(it)
            | Dependent::Policy(it, _)
            | Dependent::Rule(it, _)
            | Dependent::Trigger(it, _)
            | Dependent::Index(it, _)
            | Dependent::Member(_, it) => Some(it),
            _ => None,
        }
    }

    /// The publication that it is a member of.
    pub fn publication(&self) -> Option<&str> {
        match self {
            Dependent::Member(it, _) | Dependent::MemberSchema(it, _) => Some(it.as_str()),
            _ => None,
        }
    }

    fn relation_mut(&mut self) -> Option<&mut QualifiedName> {
        match self {
            Dependent::View(it)
            | Dependent::Policy(it, _)
            | Dependent::Rule(it, _)
            | Dependent::Trigger(it, _)
            | Dependent::Index(it, _)
            | Dependent::Member(_, it) => Some(it),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Used {
    Relation(QualifiedName),
    Column(QualifiedName, Ident),
    /// A primary key that GROUP BY rests on.
    Key(QualifiedName, Ident),
    Function(FunctionKey),
    Type(TypeId),
    /// An operator, an operator class, a collation, …
    Object(ObjectKey),
}

impl From<FunctionKey> for Used {
    fn from(it: FunctionKey) -> Used {
        Used::Function(it)
    }
}

impl From<ObjectKey> for Used {
    fn from(it: ObjectKey) -> Used {
        Used::Object(it)
    }
}

impl Used {
    fn relation_mut(&mut self) -> Option<&mut QualifiedName> {
        match self {
            Used::Relation(it) | Used::Column(it, _) | Used::Key(it, _) => Some(it),
            _ => None,
        }
    }

    /// What a statement that is about it says; types have none here.
    pub fn name(&self) -> Option<&str> {
        Some(match self {
            Used::Relation(it) => it.name.as_str(),
            Used::Column(_, it) | Used::Key(_, it) => it.as_str(),
            Used::Function(it) => it.name.name.as_str(),
            Used::Object(it) => it.name.as_str(),
            Used::Type(_) => return None,
        })
    }

    /// Whether it is a relation, or of it.
    pub fn is_of(&self, relation: &QualifiedName) -> bool {
        match self {
            Used::Relation(it) | Used::Column(it, _) | Used::Key(it, _) => it == relation,
            _ => false,
        }
    }
}

pub type Depends = BTreeMap<Dependent, BTreeSet<Used>>;

/// What stands for all that an extension has brought.
pub fn extension(name: &str) -> ObjectKey {
    let empty = Ident::new("");
    ObjectKey { kind: "EXTENSION".into(), schema: empty, name: Ident::new(name), of: "".into() }
}

/// Rewrites the names in all entries; `dependent` and `used` change what they are given.
fn rewrite(
    depends: &mut Arc<Depends>,
    concerns: impl Fn(&Dependent, &BTreeSet<Used>) -> bool,
    dependent: impl Fn(&mut Dependent),
    used: impl Fn(&mut Used),
) {
    if !depends.iter().any(|it| concerns(it.0, it.1)) {
        return;
    }
    let old = std::mem::take(Arc::make_mut(depends));
    let entry = |(mut key, all): (Dependent, BTreeSet<Used>)| {
        dependent(&mut key);
        let all = all.into_iter().map(|mut it| {
            used(&mut it);
            it
        });
        (key, all.collect())
    };
    *Arc::make_mut(depends) = old.into_iter().map(entry).collect();
}

/// A relation has another full name.
pub fn rename_relation(depends: &mut Arc<Depends>, from: &QualifiedName, to: &QualifiedName) {
    let swap = |name: Option<&mut QualifiedName>| {
        if let Some(name) = name.filter(|it| *it == from) {
            *name = to.clone();
        }
    };
    rewrite(
        depends,
        |it, used| it.relation() == Some(from) || used.iter().any(|it| it.is_of(from)),
        |it| swap(it.relation_mut()),
        |it| swap(it.relation_mut()),
    );
}

pub fn rename_column(depends: &mut Arc<Depends>, table: &QualifiedName, from: &Ident, to: &Ident) {
    let is = |it: &Used| matches!(it, Used::Column(own, name) if own == table && name == from);
    rewrite(
        depends,
        |_, used| used.iter().any(is),
        |_| {},
        |it| {
            if is(it) {
                *it = Used::Column(table.clone(), to.clone());
            }
        },
    );
}

pub fn rename_key(depends: &mut Arc<Depends>, table: &QualifiedName, from: &Ident, to: &Ident) {
    let is = |it: &Used| matches!(it, Used::Key(own, name) if own == table && name == from);
    rewrite(
        depends,
        |_, used| used.iter().any(is),
        |_| {},
        |it| {
            if is(it) {
                *it = Used::Key(table.clone(), to.clone());
            }
        },
    );
}

/// A function, an operator, … is called otherwise, as what depends and as what others depend on.
pub fn rename_made<K: Clone>(depends: &mut Arc<Depends>, from: &K, to: &K)
where
    Dependent: From<K>,
    Used: From<K>,
{
    let (dependent, used) = (Dependent::from(from.clone()), Used::from(from.clone()));
    rewrite(
        depends,
        |it, all| *it == dependent || all.contains(&used),
        |it| {
            if *it == dependent {
                *it = Dependent::from(to.clone());
            }
        },
        |it| {
            if *it == used {
                *it = Used::from(to.clone());
            }
        },
    );
}

/// A dependent is called otherwise: a policy, rule or trigger of a table, an object.
pub fn rename_dependent(depends: &mut Arc<Depends>, from: &Dependent, to: Dependent) {
    if depends.contains_key(from) {
        let map = Arc::make_mut(depends);
        if let Some(used) = map.remove(from) {
            map.insert(to, used);
        }
    }
}

/// Takes an entry out.
pub fn forget(depends: &mut Arc<Depends>, dependent: &Dependent) {
    if depends.contains_key(dependent) {
        Arc::make_mut(depends).remove(dependent);
    }
}

/// Takes out what goes with a relation.
pub fn forget_relation(depends: &mut Arc<Depends>, relation: &QualifiedName) {
    if depends.keys().any(|it| it.relation() == Some(relation)) {
        Arc::make_mut(depends).retain(|it, _| it.relation() != Some(relation));
    }
}

/// Whether a text calls a function, by its bare name or with its schema.
pub fn calls(text: &str, function: &QualifiedName) -> bool {
    let tokens = significant(text);
    tokens.iter().enumerate().any(|(idx, token)| {
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent { .. });
        let called = tokens.get(idx + 1).is_some_and(|it| it.kind == TokenKind::OpenParen);
        if !is_name || !called || Ident::from_source(token.text(text)) != function.name {
            return false;
        }
        let dotted =
            idx.checked_sub(1).and_then(|it| tokens.get(it)).is_some_and(|it| it.kind == TokenKind::Dot);
        let schema =
            idx.checked_sub(2).and_then(|it| tokens.get(it)).map(|it| Ident::from_source(it.text(text)));
        !dotted || schema.as_ref() == Some(&function.schema)
    })
}

/// `nextval('s'::regclass)`, with or without the schema.
pub fn takes_next(text: &str, sequence: &QualifiedName) -> bool {
    let lower = text.trim_start().to_ascii_lowercase();
    if !lower.starts_with("nextval") {
        return false;
    }
    let mut parts = text.split('\'').skip(1);
    let Some(inner) = parts.next() else { return false };
    // `nextval('s'::text)` looks the name up when it runs.
    if parts.next().is_some_and(|it| it.contains("::") && !it.contains("regclass")) {
        return false;
    }
    let name = inner.rsplit('.').next().unwrap_or(inner);
    let schema = inner.rsplit_once('.').map(|it| Ident::from_source(it.0));
    Ident::from_source(name) == sequence.name && schema.is_none_or(|it| it == sequence.schema)
}

/// Whether an expression holds a sequence as a constant: `nextval('s')`, `'s'::regclass` (`find_expr_references_walker`).
pub fn holds_sequence(text: &str, sequence: &QualifiedName) -> bool {
    const FUNCTIONS: [&str; 3] = ["nextval", "currval", "setval"];
    let tokens = significant(text);
    let word = |idx: Option<usize>, all: &[&str]| {
        let token = idx.and_then(|it| tokens.get(it));
        token.is_some_and(|it| all.iter().any(|word| it.is_word(text, word)))
    };
    tokens.iter().enumerate().any(|(idx, token)| {
        let written = token.text(text).strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
        let Some(written) = written else { return false };
        // `nextval('s'::text)` looks the name up when it runs.
        let holds = match tokens.get(idx + 1).is_some_and(|it| it.text(text) == "::") {
            true => word(Some(idx + 2), &["regclass"]),
            false => {
                let called = idx.checked_sub(1).and_then(|it| tokens.get(it));
                called.is_some_and(|it| it.kind == TokenKind::OpenParen)
                    && word(idx.checked_sub(2), &FUNCTIONS)
            }
        };
        let (schema, name) = match written.rsplit_once('.') {
            Some((schema, name)) => (Some(Ident::from_source(schema)), name),
            None => (None, written),
        };
        let named = Ident::from_source(name) == sequence.name;
        holds && named && schema.is_none_or(|it| it == sequence.schema)
    })
}
