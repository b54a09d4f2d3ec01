//! What depends on an object (`pg_depend`), as far as the catalog surely knows it.

use crate::base::text::TextRange;
use crate::catalog::depend::{self, FunctionKey, Used};
use crate::catalog::object::ObjectKey;
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
    Function(FunctionKey),
    /// An operator, an operator class, a collation, …
    Object(ObjectKey),
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
                let mut made = Vec::new();
                self.made_of(|it| it.is_of(name), &mut made);
                // What belongs to it goes with it.
                made.retain(|it| it.name != *name);
                res.extend(made);
                self.held_by_others(name, None, &mut res);
            }
            Subject::Column(table, column) => {
                self.views_on(table, Some(column), &mut res);
                let uses = |it: &crate::catalog::ForeignKey| it.target_columns.contains(column);
                let n_before = res.len();
                self.keys_to(table, uses, &mut res);
                // Its own that it is part of go with it.
                let own = |it: &crate::catalog::ForeignKey| {
                    let name = it.name.as_ref().map_or("", |it| it.as_str());
                    it.columns.contains(column).then(|| format!("constraint {name} on table {}", table.name))
                };
                let relation = self.catalog.relations.get(table);
                let going: Vec<String> =
                    relation.into_iter().flat_map(|it| &it.foreign_keys).filter_map(own).collect();
                let mut idx = 0;
                res.retain(|it| {
                    idx += 1;
                    idx <= n_before || it.name != *table || !going.contains(&it.words)
                });
                if let Some(relation) = self.catalog.relations.get(table) {
                    self.generated_from(relation, column, &mut res);
                }
                self.policies_on(table, column, &mut res);
                self.held_by_others(table, Some(column), &mut res);
                self.made_of(
                    |it| matches!(it, Used::Column(of, own) if of == table && own == column),
                    &mut res,
                );
            }
            Subject::Key(table, name) => {
                if let Some(target) = self.catalog.relations.get(table) {
                    self.keys_to(table, |it| it.hangs_on(target, name), &mut res);
                }
                self.made_of(|it| matches!(it, Used::Key(of, key) if of == table && key == name), &mut res);
            }
            Subject::Type(ids) => {
                self.users_of(ids, None, &mut res);
                let made = depend::texts::made_of_types(self.catalog, ids).into_iter();
                res.extend(made.map(|(name, words)| Dependent { words, name }));
                self.made_of(|it| matches!(it, Used::Type(id) if ids.contains(id)), &mut res);
            }
            Subject::Function(key) => {
                self.made_of(|it| matches!(it, Used::Function(own) if own == key), &mut res)
            }
            Subject::Object(key) => {
                self.made_of(|it| matches!(it, Used::Object(own) if own == key), &mut res);
                self.indexes_by_default(key, &mut res);
                let texts = depend::texts::texts_of_configuration(self.catalog, key);
                let texts = depend::texts::words(texts).into_iter();
                res.extend(texts.map(|(name, words)| Dependent { words, name }));
            }
            Subject::Sequence(name) => {
                self.defaults_from(name, &mut res);
                self.made_of(|it| *it == Used::Relation(name.clone()), &mut res);
            }
        }
        res
    }

    /// Keys and indexes of columns whose type has a class of the project's own as its default.
    fn indexes_by_default(&self, class: &ObjectKey, acc: &mut Vec<Dependent>) {
        let parts = self.catalog.objects.get(class).and_then(|it| it.parts.as_ref());
        let Some(parts) = parts.filter(|_| class.kind == "OPERATOR CLASS") else { return };
        for (name, relation) in self.catalog.relations.iter() {
            let is = |column: &Ident| {
                let ty = relation.columns.iter().find(|it| it.name == *column).and_then(|it| it.ty);
                ty.is_some_and(|it| parts.contains_key(&crate::catalog::fold::default_of(it.id)))
            };
            let keys = relation.primary_key.iter().chain(&relation.uniques);
            let keyed = class.of == "btree" && keys.into_iter().any(|it| it.columns.iter().any(is));
            let indexed = relation.indexes.iter().any(|it| {
                it.method == class.of.as_str()
                    && it.items.iter().any(|it| it.opclass.is_none() && it.column.as_ref().is_some_and(is))
            });
            if keyed || indexed {
                acc.push(Dependent { words: format!("an index of table {}", name.name), name: name.clone() });
            }
        }
    }

    /// What was written down to be made of a column.
    pub fn column_users(&self, table: &QualifiedName, column: &Ident) -> Vec<Dependent> {
        let mut res = Vec::new();
        self.made_of(|it| matches!(it, Used::Column(of, own) if of == table && own == column), &mut res);
        res
    }

    /// What was written down to be made of something.
    fn made_of(&self, is: impl Fn(&Used) -> bool, acc: &mut Vec<Dependent>) {
        for (dependent, _) in self.catalog.depends.iter().filter(|it| it.1.iter().any(&is)) {
            let made = self.dependent(dependent);
            if !acc.iter().any(|it| it.words == made.words) {
                acc.push(made);
            }
        }
    }

    fn dependent(&self, it: &depend::Dependent) -> Dependent {
        use depend::Dependent as Made;
        let (words, name) = match it {
            Made::View(name) => {
                let kind = self.catalog.relations.get(name).map_or("view", |it| it.kind.words());
                (format!("{kind} {}", name.name), name.clone())
            }
            Made::Function(key) => {
                let list: Vec<String> = key.params.iter().map(|it| self.format_id(*it)).collect();
                (format!("function {}({})", key.name.name, list.join(",")), key.name.clone())
            }
            Made::Policy(table, name) => (format!("policy {name} on table {}", table.name), table.clone()),
            Made::Rule(table, name) => (format!("rule {name} on table {}", table.name), table.clone()),
            Made::Trigger(table, name) => (format!("trigger {name} on table {}", table.name), table.clone()),
            Made::Index(table, name) => (format!("index {name}"), table.clone()),
            Made::Member(publication, table) => {
                (format!("publication of table {} in publication {publication}", table.name), table.clone())
            }
            Made::MemberSchema(publication, schema) => {
                let name = QualifiedName { schema: schema.clone(), name: Ident::new("") };
                (format!("publication of schema {schema} in publication {publication}"), name)
            }
            Made::Object(key) => {
                let name = QualifiedName { schema: key.schema.clone(), name: key.name.clone() };
                (format!("{} {}", key.kind.to_ascii_lowercase(), key.name), name)
            }
            Made::Type(id) => {
                let name = QualifiedName { schema: Ident::new(""), name: Ident::new("") };
                (format!("type {}", self.format_id(*id)), name)
            }
        };
        Dependent { words, name }
    }

    fn keys_to(
        &self,
        table: &QualifiedName,
        test: impl Fn(&crate::catalog::ForeignKey) -> bool,
        acc: &mut Vec<Dependent>,
    ) {
        // Code has dropped some, and nobody knows which.
        if self.catalog.gaps.keys {
            return;
        }
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
    fn generated_from(&self, relation: &Relation, column: &Ident, acc: &mut Vec<Dependent>) {
        let table = qualified(relation);
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
            let noted = |it: &&crate::catalog::Policy| {
                let key = depend::Dependent::Policy(name.clone(), it.name.clone());
                self.catalog.depends.contains_key(&key)
            };
            for policy in relation.policies.iter().filter(|it| !noted(it)) {
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
            let noted = |it: &&crate::catalog::Policy| {
                let key = depend::Dependent::Policy(table.clone(), it.name.clone());
                self.catalog.depends.contains_key(&key)
            };
            for policy in relation.policies.iter().filter(|it| !noted(it)) {
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
            let noted = self.catalog.depends.contains_key(&depend::Dependent::View(name.clone()));
            if noted || !matches!(view.kind, RelationKind::View | RelationKind::MaterializedView) {
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
            let uses = |it: &crate::catalog::Function| it.types().any(is);
            if functions.iter().any(|it| uses(it)) {
                acc.push(Dependent { words: format!("function {}", name.name), name: name.clone() });
            }
        }
    }

    /// Defaults and checks that hold a sequence.
    fn defaults_from(&self, sequence: &QualifiedName, acc: &mut Vec<Dependent>) {
        for (name, relation) in self.catalog.relations.iter() {
            for column in &relation.columns {
                let Some(ColumnDefault::Sql(text)) = &column.default else { continue };
                if depend::holds_sequence(text, sequence) {
                    let words = format!("default value for column {} of table {}", column.name, name.name);
                    acc.push(Dependent { words, name: name.clone() });
                }
            }
            for check in &relation.checks {
                let text = check.expression.as_deref().unwrap_or("");
                if !self.catalog.gaps.keys && depend::holds_sequence(text, sequence) {
                    let check = check.name.as_ref().map_or("", |it| it.as_str());
                    let words = format!("constraint {check} on table {}", name.name);
                    acc.push(Dependent { words, name: name.clone() });
                }
            }
        }
    }

    /// The same of the sequences that a table, or one of its columns, owns: what hangs on them of other tables, or of
    /// other columns.
    fn held_by_others(&self, table: &QualifiedName, column: Option<&Ident>, acc: &mut Vec<Dependent>) {
        for (name, sequence) in self.catalog.relations.iter() {
            let owned = sequence.kind == RelationKind::Sequence
                && sequence.parents.contains(table)
                && column.is_none_or(|it| sequence.definition.as_deref() == Some(it.as_str()));
            if !owned {
                continue;
            }
            let mut found = Vec::new();
            self.defaults_from(name, &mut found);
            let own = column.map(|it| format!("default value for column {it} of table {}", table.name));
            found.retain(|it| match &own {
                None => it.name != *table,
                Some(own) => it.name != *table || it.words != *own,
            });
            acc.extend(found);
        }
    }

    /// `cannot alter type of a column used by …` (`RememberAllDependentForRebuilding`).
    pub fn refuse_retyping(&mut self, relation: &Relation, column: &crate::sql::hir::Name) {
        let table = qualified(relation);
        let (mut views, mut generated, mut policies) = (Vec::new(), Vec::new(), Vec::new());
        let (mut triggers, mut functions, mut members) = (Vec::new(), Vec::new(), Vec::new());
        self.views_on(&table, Some(&column.ident), &mut views);
        let is = |it: &Used| matches!(it, Used::Column(of, own) if *of == table && *own == column.ident);
        for (dependent, _) in self.catalog.depends.iter().filter(|it| it.1.iter().any(is)) {
            use depend::Dependent as Made;
            let acc = match dependent {
                Made::View(_) | Made::Rule(..) => &mut views,
                Made::Policy(..) => &mut policies,
                Made::Trigger(..) => &mut triggers,
                Made::Function(_) => &mut functions,
                Made::Member(..) => &mut members,
                _ => continue,
            };
            acc.push(self.dependent(dependent));
        }
        self.generated_from(relation, &column.ident, &mut generated);
        self.policies_on(&table, &column.ident, &mut policies);
        let (found, words) = if !views.is_empty() {
            (views, "cannot alter type of a column used by a view or rule")
        } else if !generated.is_empty() {
            (generated, "cannot alter type of a column used by a generated column")
        } else if !policies.is_empty() {
            (policies, "cannot alter type of a column used in a policy definition")
        } else if !triggers.is_empty() {
            (triggers, "cannot alter type of a column used in a trigger definition")
        } else if !functions.is_empty() {
            (functions, "cannot alter type of a column used by a function or procedure")
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
