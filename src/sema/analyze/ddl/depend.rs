//! What depends on an object (`pg_depend`), as far as the catalog surely knows it.

use crate::base::text::TextRange;
use crate::catalog::{Catalog, ColumnDefault, QualifiedName, Relation, RelationKind, TypeId, TypeKind};
use crate::sema::{Context, Target, code};
use crate::sql::token::{TokenKind, significant};
use crate::sql::{Ident, parse_statement};

use super::super::binder::Binder;
use super::super::relation::qualified;
use super::name::relation_origin;

/// What is dropped, or changes its type.
pub enum Subject {
    Relation(QualifiedName),
    Column(QualifiedName, Ident),
    /// A primary key, unique constraint or unique index of a table.
    Key(QualifiedName, Ident),
    /// A type with its array type.
    Type([TypeId; 2]),
    Sequence(QualifiedName),
}

/// An object that depends on another, in PostgreSQL's words.
pub struct Dependent {
    pub words: String,
    pub name: QualifiedName,
}

impl<'a> Binder<'a> {
    /// `cannot drop x because other objects depend on it`; the words name what is done to what.
    pub fn refuse_dependents(&mut self, subject: &Subject, at: TextRange, words: &str) {
        let found = self.dependents(subject);
        self.refuse_all(&found, at, words);
    }

    pub fn refuse_all(&mut self, found: &[Dependent], at: TextRange, words: &str) {
        if found.is_empty() {
            return;
        }
        let catalog = self.catalog;
        let message = format!("{words} because other objects depend on it");
        let problem = self.report(code::DEPENDENT_OBJECTS, at, message);
        problem.hint("Use DROP ... CASCADE to drop the dependent objects too.");
        for it in found.iter().take(8) {
            if let Some(origin) = relation_origin(catalog, &it.name) {
                let place = crate::sema::Place::Origin(origin);
                problem.related(place, format!("{} depends on it", it.words));
            }
        }
    }

    /// What PostgreSQL would not drop without CASCADE.
    pub fn dependents(&self, subject: &Subject) -> Vec<Dependent> {
        let mut res = Vec::new();
        match subject {
            Subject::Relation(name) => {
                self.views_on(name, None, &mut res);
                let n_before = res.len();
                self.keys_to(name, |_| true, &mut res);
                // Its own go with it.
                let mut idx = 0;
                res.retain(|it| {
                    idx += 1;
                    idx <= n_before || it.name != *name
                });
                if let Some(id) = self.catalog.types.id(name) {
                    let array = self.catalog.array_type(id).unwrap_or(TypeId::NONE);
                    self.users_of(&[id, array], Some(name), &mut res);
                }
                // Keys to a partitioned table are keys to each of its partitions.
                let relation = self.catalog.relations.get(name);
                for above in relation.map(|it| self.partitioned_parents(it)).unwrap_or_default() {
                    let mut keys = Vec::new();
                    self.keys_to(&above, |_| true, &mut keys);
                    keys.retain(|it| it.name != *name && it.name != above);
                    res.extend(keys);
                }
                self.children_of(name, &mut res);
                self.policies_reading(name, &mut res);
            }
            Subject::Column(table, column) => {
                self.views_on(table, Some(column), &mut res);
                let uses = |it: &crate::catalog::ForeignKey| {
                    it.target_columns.contains(column) && !it.columns.contains(column)
                };
                self.keys_to(table, uses, &mut res);
                self.generated_from(table, column, &mut res);
                self.policies_on(table, column, &mut res);
            }
            Subject::Key(table, name) => {
                if let Some(target) = self.catalog.relations.get(table) {
                    self.keys_to(table, |it| it.hangs_on(target, name), &mut res);
                }
            }
            Subject::Type(ids) => {
                self.users_of(ids, None, &mut res);
                let made = crate::catalog::fold::made_of_types(self.catalog, ids).into_iter();
                res.extend(made.map(|(name, words)| Dependent { words, name }));
            }
            Subject::Sequence(name) => self.defaults_from(name, &mut res),
        }
        res
    }

    fn keys_to(
        &self,
        table: &QualifiedName,
        test: impl Fn(&crate::catalog::ForeignKey) -> bool,
        acc: &mut Vec<Dependent>,
    ) {
        for (name, relation) in self.catalog.relations.iter() {
            let to_it = |it: &&crate::catalog::ForeignKey| it.target.as_ref() == Some(table) && test(it);
            for key in relation.foreign_keys.iter().filter(to_it) {
                let constraint = key.name.as_ref().map_or("", |it| it.as_str());
                let words = format!("constraint {constraint} on table {}", name.name);
                acc.push(Dependent { words, name: name.clone() });
            }
        }
    }

    /// Tables that inherit, but for partitions: those go with their table.
    fn children_of(&self, table: &QualifiedName, acc: &mut Vec<Dependent>) {
        let Some(parent) = self.catalog.relations.get(table) else { return };
        if parent.kind == RelationKind::PartitionedTable {
            return;
        }
        for (name, relation) in self.catalog.relations.iter() {
            // One made ON COMMIT DROP is gone: nothing tells.
            let lasts = name.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA;
            if lasts && relation.kind != RelationKind::Sequence && relation.parents.contains(table) {
                acc.push(Dependent { words: format!("table {}", name.name), name: name.clone() });
            }
        }
    }

    /// Generated columns whose expression names a column.
    fn generated_from(&self, table: &QualifiedName, column: &Ident, acc: &mut Vec<Dependent>) {
        let Some(relation) = self.catalog.relations.get(table) else { return };
        for other in relation.columns.iter().filter(|it| it.name != *column) {
            let text = other.generated.as_ref().and_then(|it| it.expression.as_deref());
            if text.is_some_and(|it| names_column(it, column, false)) {
                let words = format!("column {} of table {}", other.name, table.name);
                acc.push(Dependent { words, name: table.clone() });
            }
        }
    }

    fn policies_on(&self, table: &QualifiedName, column: &Ident, acc: &mut Vec<Dependent>) {
        if self.catalog.gaps.policies {
            return;
        }
        for (name, relation) in self.catalog.relations.iter() {
            for policy in &relation.policies {
                let uses = |it: &Option<smol_str::SmolStr>| {
                    let Some(text) = it.as_deref().filter(|it| names_column(it, column, true)) else {
                        return false;
                    };
                    // In a subquery the name may be another table's.
                    match has_word(text, "select") {
                        true => self.policy_reads(name, text, table, column),
                        false => name == table && names_column(text, column, false),
                    }
                };
                if uses(&policy.using) || uses(&policy.with_check) {
                    let words = format!("policy {} on table {}", policy.name, name.name);
                    acc.push(Dependent { words, name: name.clone() });
                }
            }
        }
    }

    /// Whether a policy's condition reads a column of a table.
    fn policy_reads(&self, own: &QualifiedName, text: &str, table: &QualifiedName, column: &Ident) -> bool {
        let text = format!("select 1 from {}.{} where {text}", own.schema.quoted(), own.name.quoted());
        let parsed = parse_statement(&text, self.catalog.dialect);
        if parsed.error.is_some() {
            return false;
        }
        let ctx = Context { catalog: self.catalog, params: &[], variables: &[] };
        let mut binder = Binder::new(ctx, &parsed.hir, &text);
        binder.statement(&parsed.hir.kind);
        let analysis = binder.finish();
        analysis.problems.is_empty()
            && analysis
                .references
                .iter()
                .any(|it| matches!(&it.target, Target::Column(name, own) if name == table && own == column))
    }

    /// Policies of other tables whose conditions read a relation.
    fn policies_reading(&self, name: &QualifiedName, acc: &mut Vec<Dependent>) {
        for (table, relation) in self.catalog.relations.iter().filter(|it| it.0 != name) {
            for policy in &relation.policies {
                let texts = policy.using.iter().chain(&policy.with_check);
                if texts.into_iter().any(|it| follows_from(it, &name.name)) {
                    let words = format!("policy {} on table {}", policy.name, table.name);
                    acc.push(Dependent { words, name: table.clone() });
                }
            }
        }
    }

    /// Views that read a relation, or one of its columns.
    fn views_on(&self, table: &QualifiedName, column: Option<&Ident>, acc: &mut Vec<Dependent>) {
        let needle = table.name.as_str().to_ascii_lowercase();
        for (name, view) in self.catalog.relations.iter().filter(|it| it.0 != table) {
            if !matches!(view.kind, RelationKind::View | RelationKind::MaterializedView) {
                continue;
            }
            let Some(text) = view.definition.as_deref() else { continue };
            if !text.to_ascii_lowercase().contains(&needle) || !reads(self.catalog, view, text, table, column)
            {
                continue;
            }
            acc.push(Dependent { words: format!("{} {}", view.kind.words(), name.name), name: name.clone() });
        }
    }

    /// Columns, domains, composite types and functions of one of these types.
    fn users_of(&self, ids: &[TypeId], own: Option<&QualifiedName>, acc: &mut Vec<Dependent>) {
        let is = |it: TypeId| !it.is_none() && ids.contains(&it);
        for (name, relation) in self.catalog.relations.iter().filter(|it| Some(it.0) != own) {
            if matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView) {
                continue;
            }
            if relation.of_type.is_some_and(is) {
                acc.push(Dependent { words: format!("table {}", name.name), name: name.clone() });
            }
            for column in relation.columns.iter().filter(|it| it.ty.is_some_and(|it| is(it.id))) {
                let words = format!("column {} of table {}", column.name, name.name);
                acc.push(Dependent { words, name: name.clone() });
            }
        }
        for info in self.catalog.types.iter() {
            let uses = match &info.kind {
                TypeKind::Domain { base, .. } => is(base.id),
                TypeKind::Composite { relation: None, columns } => {
                    columns.iter().any(|(_, ty)| ty.is_some_and(|it| is(it.id)))
                }
                TypeKind::Range { subtype } => is(*subtype),
                _ => false,
            };
            if uses {
                let name = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
                acc.push(Dependent { words: format!("type {}", info.name), name });
            }
        }
        // The constructors of a range type and of its multirange go with it.
        let infos: Vec<_> = ids.iter().filter_map(|it| self.catalog.type_info(*it)).collect();
        let is_range = infos.iter().any(|it| matches!(it.kind, TypeKind::Range { .. }));
        let of_it = |range: &TypeId| infos.iter().any(|it| it.id == *range);
        let multi = self.catalog.types.iter().find(|it| match &it.kind {
            TypeKind::Multirange { range } => of_it(range),
            _ => false,
        });
        let is_constructor = |it: &QualifiedName| {
            is_range
                && (multi.is_some_and(|own| own.name == it.name)
                    || infos.iter().any(|own| own.name == it.name))
        };
        for (name, functions) in self.catalog.functions.iter().filter(|it| !is_constructor(it.0)) {
            let uses = |it: &crate::catalog::Function| {
                it.params.iter().filter_map(|it| it.ty).chain(it.returns).any(is)
            };
            if functions.iter().any(|it| uses(it)) {
                acc.push(Dependent { words: format!("function {}", name.name), name: name.clone() });
            }
        }
    }

    /// Columns whose default takes the next value of a sequence.
    fn defaults_from(&self, sequence: &QualifiedName, acc: &mut Vec<Dependent>) {
        for (name, relation) in self.catalog.relations.iter() {
            for column in &relation.columns {
                let Some(ColumnDefault::Sql(text)) = &column.default else { continue };
                if takes_next(text, sequence) {
                    let words = format!("default value for column {} of table {}", column.name, name.name);
                    acc.push(Dependent { words, name: name.clone() });
                }
            }
        }
    }

    /// `cannot alter type of a column used by …` (`RememberAllDependentForRebuilding`).
    pub fn refuse_retyping(&mut self, relation: &Relation, column: &crate::sql::hir::Name) {
        let table = qualified(relation);
        let (mut views, mut generated, mut policies) = (Vec::new(), Vec::new(), Vec::new());
        self.views_on(&table, Some(&column.ident), &mut views);
        self.generated_from(&table, &column.ident, &mut generated);
        self.policies_on(&table, &column.ident, &mut policies);
        let (found, words) = if !views.is_empty() {
            (views, "cannot alter type of a column used by a view or rule")
        } else if !generated.is_empty() {
            (generated, "cannot alter type of a column used by a generated column")
        } else if !policies.is_empty() {
            (policies, "cannot alter type of a column used in a policy definition")
        } else {
            return;
        };
        let catalog = self.catalog;
        let problem = self.report(code::FEATURE_NOT_SUPPORTED, column.range, words);
        for it in found.iter().take(8) {
            if let Some(origin) = relation_origin(catalog, &it.name) {
                let place = crate::sema::Place::Origin(origin);
                problem.related(place, format!("{} depends on the column", it.words));
            }
        }
    }
}

/// Whether a view's query, as the catalog is now, reads a relation or one of its columns.
fn reads(
    catalog: &Catalog,
    view: &Relation,
    text: &str,
    table: &QualifiedName,
    column: Option<&Ident>,
) -> bool {
    let parsed = parse_statement(text, catalog.dialect);
    if parsed.error.is_some() {
        return false;
    }
    let ctx = Context { catalog, params: &[], variables: &[] };
    let mut binder = Binder::new(ctx, &parsed.hir, text);
    binder.statement(&parsed.hir.kind);
    let analysis = binder.finish();
    if !analysis.problems.is_empty() {
        return false;
    }
    let named = analysis.references.iter().any(|it| match (&it.target, column) {
        (Target::Relation(name), None) => name == table,
        (Target::Column(name, own), Some(column)) => name == table && own == column,
        _ => false,
    });
    // What `*` or NATURAL stood for when the view was made, its own columns tell where no table has got more since;
    // new columns of a single table stand behind the others.
    let written = significant(text);
    let spread = written.iter().any(|it| it.text(text) == "*" || it.is_word(text, "natural"));
    let tables: std::collections::BTreeSet<_> =
        analysis.columns.iter().map(|it| it.source.as_ref().map(|it| it.0.clone())).collect();
    let joins = written.iter().any(|it| it.is_word(text, "join") || it.kind == TokenKind::Comma);
    if column.is_some()
        && spread
        && analysis.columns.len() != view.columns.len()
        && (joins || tables.len() > 1)
    {
        return false;
    }
    let listed = |column: &Ident| {
        analysis
            .columns
            .iter()
            .take(view.columns.len())
            .any(|it| it.source.as_ref().is_some_and(|(name, own)| name == table && own == column))
    };
    named || column.is_some_and(listed)
}

/// Whether a bare name stands behind FROM or JOIN.
fn follows_from(text: &str, name: &Ident) -> bool {
    let tokens = significant(text);
    tokens.windows(2).any(|it| {
        let [word, next] = it else { return false };
        (word.is_word(text, "from") || word.is_word(text, "join"))
            && Ident::from_source(next.text(text)) == *name
    }) && !tokens.iter().any(|it| it.is_word(text, "with"))
}

fn has_word(text: &str, word: &str) -> bool {
    significant(text).iter().any(|it| it.is_word(text, word))
}

/// Whether an expression names a column: not a function, not another table's unless `any`.
fn names_column(text: &str, column: &Ident, any: bool) -> bool {
    let tokens = significant(text);
    tokens.iter().enumerate().any(|(idx, token)| {
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent { .. });
        let next = tokens.get(idx + 1).map(|it| it.kind);
        let called = matches!(next, Some(TokenKind::OpenParen | TokenKind::Dot));
        let cast = idx > 0 && tokens.get(idx - 1).is_some_and(|it| it.text(text) == "::");
        is_name && (any || !called && !cast) && Ident::from_source(token.text(text)) == *column
    })
}

/// `nextval('s'::regclass)`, with or without the schema.
fn takes_next(text: &str, sequence: &QualifiedName) -> bool {
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
