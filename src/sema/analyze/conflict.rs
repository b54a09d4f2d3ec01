//! ON CONFLICT (`transformOnConflictClause`, `infer_arbiter_indexes`).

mod arbiter;
mod implied;
mod plan;

use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::{
    ConflictTarget, ExprId, ExprKind, Name, OnConflict, QName, StatementKind, WrapperKind,
};
use crate::sql::{Dialect, Ident};

use self::arbiter::Arbiter;
use self::plan::Node;
use super::binder::Binder;
use super::place::Place;
use super::scope::{NsItem, Resolved, Rte, RteId};
use super::updatable::Below;

/// The columns of a view and of the table below it; `None`: an expression.
type Names = Vec<(Ident, Option<Ident>)>;

impl<'a> Binder<'a> {
    pub fn on_conflict(&mut self, target: RteId, conflict: &'a OnConflict) {
        self.level().namespace = vec![NsItem::new(target)];
        let system = self.rte(target).relation.as_ref().is_some_and(|it| {
            it.origin == crate::catalog::Origin::Builtin
                && it.kind == RelationKind::Table
                && it.schema.as_str() == "pg_catalog"
        });
        if system && !matches!(conflict.target, ConflictTarget::None if conflict.update.is_some()) {
            let message = "ON CONFLICT is not supported with system catalog tables";
            return self.refuse(code::FEATURE_NOT_SUPPORTED, conflict.range, message);
        }
        match &conflict.target {
            ConflictTarget::None => {
                if conflict.update.is_some() && self.typed {
                    let message = "ON CONFLICT DO UPDATE requires inference specification or constraint name";
                    self.report(code::SYNTAX_ERROR, conflict.range, message)
                        .hint("For example, ON CONFLICT (column_name).");
                }
            }
            ConflictTarget::Index { range, misplaced: Some(words), .. } if self.typed => {
                let message = format!("{words} not allowed in ON CONFLICT clause");
                self.refuse(code::INVALID_COLUMN_REFERENCE, *range, message);
            }
            ConflictTarget::Index { range, items, where_, .. } => {
                let n_problems = self.problems.len();
                // `(id collate "C")` is the column: whether its type has collations is nobody's question.
                let items: Vec<(ExprId, Option<&'a QName>)> =
                    items.iter().map(|it| self.uncollated(*it)).collect();
                let ids: Vec<ExprId> = items.iter().map(|it| it.0).collect();
                self.in_place(Place::IndexExpression, |it| it.exprs(&ids));
                // PostgreSQL places a missing column at the parenthesis.
                let bare = ids.iter().filter(|it| matches!(self.expr_node(**it).kind, ExprKind::Column(_)));
                let bare: Vec<TextRange> = bare.map(|it| self.expr_node(*it).range).collect();
                for problem in self.problems.iter_mut().skip(n_problems) {
                    if problem.code == code::UNDEFINED_COLUMN && bare.contains(&problem.range) {
                        problem.range = TextRange::new(range.start(), problem.range.end());
                    }
                }
                for (id, collation) in &items {
                    let Some(collation) = collation else { continue };
                    let at = self.expr_node(*id).range;
                    self.missing_collation(collation, at, false);
                }
                if let Some(where_) = where_ {
                    // Compared with the predicates of indexes, never cast to boolean (`transformOnConflictArbiter`).
                    self.in_place(Place::IndexPredicate, |it| it.expr(*where_));
                }
                self.check_arbiter(target, &items, *where_, *range);
            }
            ConflictTarget::Constraint(name) => {
                self.check_constraint(target, name);
                self.refuse_constraint(target, name, conflict.update.is_some());
            }
        }
        self.level().namespace = vec![NsItem::new(target)];
        let Some(update) = &conflict.update else { return };
        if self.catalog.dialect == Dialect::Mysql {
            // `VALUES(a)`, a row alias, the columns of the SELECT: what else the values may name is not followed.
            let open = std::mem::replace(&mut self.level().open, true);
            self.assignments(target, &update.set);
            self.level().open = open;
            return;
        }
        let row =
            Rte { name: Ident::new("excluded"), aliased: true, systemless: true, ..self.rte(target).clone() };
        let excluded = self.add_rte(row);
        // The row that was to be inserted is part of the statement, with all of its columns (`exclRelTlist`).
        for column in 0..self.rte(target).columns.len() {
            self.use_column(super::scope::Var { rte: target, column: column as u32 });
        }
        // To SQLite an unqualified column is the table's.
        let items = [NsItem::new(target), NsItem { columns: self.typed, ..NsItem::new(excluded) }];
        // A table of that name makes the name ambiguous, where it is said.
        self.level().namespace = items.to_vec();
        self.assignments(target, &update.set);
        if let Some(where_) = update.where_ {
            self.in_place(Place::Where, |it| it.condition(where_, "WHERE"));
        }
        self.level().namespace = vec![NsItem::new(target)];
    }

    fn uncollated(&self, item: ExprId) -> (ExprId, Option<&'a QName>) {
        match &self.expr_node(item).kind {
            ExprKind::Collate { expr, collation } => (*expr, Some(collation)),
            _ => (item, None),
        }
    }

    /// `ON CONFLICT (a, b)` needs a unique key of exactly these columns. Silent where expression or partial indexes
    /// might serve.
    fn check_arbiter(
        &mut self,
        target: RteId,
        items: &[(ExprId, Option<&'a QName>)],
        where_: Option<ExprId>,
        range: TextRange,
    ) {
        let Some(mut relation) = self.rte(target).relation.clone() else { return };
        let mut names: Option<Names> = None;
        if relation.kind == RelationKind::View {
            let Some((base, columns)) = self.base_of_view(&relation) else { return };
            relation = base;
            names = Some(columns);
        }
        // Rules refuse ON CONFLICT, with another code.
        if !relation.rules.is_empty() {
            return;
        }
        // A partition has its parent's keys; a table that inherits has none of them.
        let Some(owners) = self.key_owners(&relation) else { return };
        let is_table = matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable);
        if !self.typed || relation.open || !is_table {
            return;
        }
        let mut wanted: Vec<Ident> = Vec::new();
        let mut collated: Vec<(Ident, Ident)> = Vec::new();
        let mut exprs: Vec<Part> = Vec::new();
        let anything = Node::Unknown(relation.columns.iter().map(|it| it.name.clone()).collect());
        for &(item, collation) in items {
            let mut item = self.without_casts(item);
            // `(a COLLATE x)` in parentheses is an expression, and the column where the collation is its own.
            if let ExprKind::Collate { expr, collation: own } = &self.expr_node(item).kind {
                let column = self.without_casts(*expr);
                if !matches!(self.expr_node(column).kind, ExprKind::Column(_)) {
                    return;
                }
                let is_own = collation.is_none()
                    && own.last().is_some_and(|own| self.has_own_collation(target, column, &own.ident));
                if !is_own {
                    return;
                }
                item = column;
            }
            match &self.expr_node(item).kind {
                ExprKind::Column(name) if name.parts.len() == 1 && !name.is_dynamic() => {
                    let Some(name) = name.last() else { return };
                    let below = match &names {
                        None => &name.ident,
                        Some(names) => match names.iter().find(|it| it.0 == name.ident) {
                            Some((_, Some(below))) => below,
                            Some((_, None)) if !has_expressions(&owners) => {
                                wanted.push(Ident::new(""));
                                continue;
                            }
                            _ => return,
                        },
                    };
                    // No index has a system column.
                    let system = names.is_none() && super::scope::system_column(below.as_str()).is_some();
                    if !system && !relation.columns.iter().any(|it| it.name == *below) {
                        return;
                    }
                    wanted.push(below.clone());
                    if let Some(collation) = collation {
                        // What a schema declares may have been given another collation by hand.
                        let declared = matches!(relation.origin, crate::catalog::Origin::Ts { .. });
                        let Some(name) = collation.last().filter(|_| !declared && !collation.is_dynamic())
                        else {
                            return;
                        };
                        collated.push((below.clone(), name.ident.clone()));
                    }
                }
                ExprKind::Missing | ExprKind::Column(_) => return,
                // An expression needs an index on the same.
                _ if names.is_some() && has_expressions(&owners) => return,
                _ => {
                    let node = match names {
                        Some(_) => anything.clone(),
                        None => self.plan(item),
                    };
                    // The planner leaves the column alone.
                    match node {
                        Node::Column(name) => wanted.push(name),
                        node => {
                            exprs.push(Part { words: words_of(self.slice(self.expr_node(item).range)), node })
                        }
                    }
                }
            }
        }
        wanted.sort();
        wanted.dedup();
        // What may come to a column in the end may be the column of any key.
        let arbiter = Arbiter { catalog: self.catalog, relation: &relation };
        if !exprs.iter().all(|it| it.node.is_expression() || arbiter.stays(&it.words)) {
            return;
        }
        let predicate = where_.map(|it| match names {
            Some(_) => anything.clone(),
            None => self.plan(it),
        });
        let wanted = Wanted { columns: wanted, collated, exprs, predicate };
        if owners.iter().any(|it| self.has_arbiter(it, &wanted) != Some(false)) {
            return;
        }
        let keyed = &self.catalog.gaps.keyed;
        // Of extensions' tables the keys are not known.
        if relation.origin == crate::catalog::Origin::Builtin {
            return;
        }
        if self.catalog.gaps.keys || owners.iter().any(|it| keyed.contains(&it.name)) || self.is_prepared() {
            return;
        }
        let message = "there is no unique or exclusion constraint matching the ON CONFLICT specification";
        let related = self.declaration(target);
        self.report(code::INVALID_COLUMN_REFERENCE, range, message).related.extend(related);
    }

    /// The collation is what the column has anyway.
    fn has_own_collation(&self, target: RteId, column: ExprId, collation: &Ident) -> bool {
        let Resolved::Var(var) = self.resolved(column) else { return false };
        let Some(relation) = self.rte(target).relation.as_ref() else { return false };
        let Some(column) = relation.columns.get(var.column as usize).filter(|_| var.rte == target) else {
            return false;
        };
        let Some(ty) = column.ty else { return false };
        self.collation_name(crate::sema::Ty::Known(ty), &column.collation)
            .is_some_and(|it| it == collation.as_str())
    }

    /// The table below a view, and its names for the view's columns.
    fn base_of_view(&self, view: &Relation) -> Option<(Arc<Relation>, Names)> {
        let gaps = &self.catalog.gaps;
        if gaps.rules || gaps.relations || !view.rules.is_empty() {
            return None;
        }
        let mut base = None;
        let mut names = Names::new();
        for (idx, column) in view.columns.iter().enumerate() {
            let below = match self.below_view(view, idx, 0)? {
                Below::Column(relation, below) => {
                    base = Some(relation);
                    Some(below.name)
                }
                Below::Expression { .. } => None,
            };
            names.push((column.name.clone(), below));
        }
        Some((base?, names))
    }

    /// The tables whose keys a table has: itself, and what it is a partition of. `None`: not all are known.
    fn key_owners(&self, relation: &Arc<Relation>) -> Option<Vec<Arc<Relation>>> {
        let mut res = vec![relation.clone()];
        let mut last = relation.clone();
        // Partitions of partitions are few; the bound guards against a circle.
        for _ in 0..16 {
            let parents: Option<Vec<&Arc<Relation>>> =
                last.parents.iter().map(|it| self.catalog.relations.get(it)).collect();
            let Some(parent) = parents?.into_iter().find(|it| it.kind != RelationKind::Table) else {
                return Some(res);
            };
            if parent.kind != RelationKind::PartitionedTable || parent.open {
                return None;
            }
            last = parent.clone();
            res.push(last.clone());
        }
        None
    }

    /// Only constraints with an index serve, and DO UPDATE needs a key of equal values.
    fn refuse_constraint(&mut self, target: RteId, name: &Name, updates: bool) {
        let Some(relation) = self.rte(target).relation.clone() else { return };
        if self.catalog.gaps.keys || !self.typed || self.is_prepared() {
            return;
        }
        let is = |it: &Option<Ident>| it.as_ref() == Some(&name.ident);
        let mut keys = relation.primary_key.iter().chain(&relation.uniques);
        if let Some(key) = keys.find(|it| is(&it.name)) {
            if updates && key.without_overlaps {
                let message = "ON CONFLICT DO UPDATE not supported with exclusion constraints";
                self.refuse(code::WRONG_OBJECT_TYPE, name.range, message);
            }
            return;
        }
        if relation.indexes.iter().any(|it| is_exclusion(it) && is(&it.name)) {
            if updates {
                let message = "ON CONFLICT DO UPDATE not supported with exclusion constraints";
                self.refuse(code::WRONG_OBJECT_TYPE, name.range, message);
            }
            return;
        }
        let indexless = relation.checks.iter().any(|it| is(&it.name))
            || relation.foreign_keys.iter().any(|it| is(&it.name))
            || self.catalog.serves(18) && relation.not_nulls.iter().any(|it| it.0 == name.ident);
        if indexless {
            let message = "constraint in ON CONFLICT clause has no associated index";
            self.refuse(code::WRONG_OBJECT_TYPE, name.range, message);
        }
    }

    /// PREPARE plans nothing yet.
    fn is_prepared(&self) -> bool {
        matches!(self.stmt.kind, StatementKind::Wrapped { kind: WrapperKind::Prepare, .. })
    }

    fn check_constraint(&mut self, target: RteId, name: &Name) {
        if self.see_constraint(target, name) {
            return;
        }
        let Some(relation) = self.rte(target).relation.clone() else { return };
        if !self.typed || name.ident.is_dynamic() || relation.open || !relation.parents.is_empty() {
            return;
        }
        let keys = relation.primary_key.iter().chain(&relation.uniques).map(|it| it.name.as_ref());
        let others = relation
            .foreign_keys
            .iter()
            .map(|it| it.name.as_ref())
            .chain(relation.checks.iter().map(|it| it.name.as_ref()));
        let excluding = relation.indexes.iter().filter(|it| is_exclusion(it)).map(|it| it.name.as_ref());
        let not_nulls = relation.not_nulls.iter().map(|it| Some(&it.0));
        let names: Vec<Option<&Ident>> = keys.chain(others).chain(excluding).chain(not_nulls).collect();
        // `t_a_key1` and `t_a_not_null` are names that the database chooses.
        let included = relation.uniques.iter().any(|key| {
            let columns: Vec<&str> = key.columns.iter().map(Ident::as_str).collect();
            // `UNIQUE (a) INCLUDE (b)` is `t_a_b_key`.
            let start = format!("{}_{}_", relation.name, columns.join("_"));
            let is_chosen = key.name.as_ref().is_none_or(|it| it.as_str() == format!("{start}key"));
            is_chosen && name.ident.as_str().starts_with(&start) && name.ident.as_str().ends_with("_key")
        });
        let chosen = included
            || name.ident.as_str().ends_with(|it: char| it.is_ascii_digit())
            || name.ident.as_str().contains("_not_null");
        // A name that the database chose may be this one.
        if chosen || names.iter().any(|it| it.is_none_or(|it| *it == name.ident)) {
            return;
        }
        let similar =
            super::suggest::nearest(name.ident.as_str(), names.iter().flatten().map(|it| it.as_str()))
                .map(Ident::new);
        let gaps = &self.catalog.gaps;
        let sure = !gaps.relations
            && !gaps.keys
            && !gaps.partial
            && gaps.loose.is_none()
            && !name.ident.as_str().contains("excl");
        if similar.is_none() && !sure {
            return;
        }
        let message = format!("constraint \"{}\" for table \"{}\" does not exist", name.ident, relation.name);
        let problem = self.report(code::UNDEFINED_OBJECT, name.range, message);
        if let Some(similar) = similar {
            problem.hint(format!("Perhaps you meant the constraint \"{similar}\"."));
            problem.fixes.push(super::suggest::rename(name.range, &similar));
        }
    }
}

/// What stands for an exclusion constraint.
fn is_exclusion(index: &crate::catalog::Index) -> bool {
    !index.unique && index.items.is_empty()
}

/// A unique index has an expression.
fn has_expressions(owners: &[Arc<Relation>]) -> bool {
    let unique = owners.iter().flat_map(|it| &it.indexes).filter(|it| it.unique);
    unique.flat_map(|it| &it.items).any(|it| it.column.is_none())
}

/// What a conflict target asks of an index.
struct Wanted {
    /// Sorted.
    columns: Vec<Ident>,
    /// Columns, and the collations that are asked for.
    collated: Vec<(Ident, Ident)>,
    exprs: Vec<Part>,
    /// Its WHERE, which a partial index needs.
    predicate: Option<Node>,
}

/// An expression as it is written, and what the planner makes of it.
struct Part {
    words: Vec<SmolStr>,
    node: Node,
}

/// An expression's words, without parentheses around it and without qualifiers.
fn words_of(text: &str) -> Vec<SmolStr> {
    let tokens = crate::sql::token::significant(text);
    let word = |it: &crate::sql::token::Token| -> SmolStr {
        let written = it.text(text);
        match written.starts_with(|c: char| c == '"' || c == '_' || c.is_alphabetic()) {
            true => Ident::from_source(written).as_str().into(),
            false => written.into(),
        }
    };
    let mut res: Vec<SmolStr> = Vec::new();
    for it in &tokens {
        let it = word(it);
        if it == "." {
            res.pop();
        } else {
            res.push(it);
        }
    }
    while res.len() > 2 && res.first().is_some_and(|it| it == "(") && closes_at_end(&res) {
        res.pop();
        res.remove(0);
    }
    res
}

/// The parenthesis at the start closes with the last.
fn closes_at_end(words: &[SmolStr]) -> bool {
    let mut depth = 0usize;
    for (idx, it) in words.iter().enumerate() {
        match it.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return idx + 1 == words.len();
        }
    }
    false
}

/// Whether the expressions of an index are those of a conflict target.
fn same_expressions(arbiter: &Arbiter<'_>, index: &[Part], wanted: &[Part]) -> Option<bool> {
    let same = |one: &Part, other: &Part| {
        let alike = one.words == other.words;
        let known = one.node.is_known() && other.node.is_known();
        match one.node.differs(&other.node) {
            true if !alike => Some(false),
            false if !alike && known => None,
            _ => arbiter.same_words(&one.words, &other.words),
        }
    };
    let mut unsure = false;
    for (ones, others) in [(wanted, index), (index, wanted)] {
        for one in ones {
            let found: Vec<Option<bool>> = others.iter().map(|it| same(one, it)).collect();
            if found.contains(&Some(true)) {
                continue;
            }
            if !found.contains(&None) {
                return Some(false);
            }
            unsure = true;
        }
    }
    if unsure { None } else { Some(true) }
}

impl Binder<'_> {
    /// Whether an index serves a conflict target (`infer_arbiter_indexes`); `None`: not sure.
    fn has_arbiter(&self, relation: &Relation, wanted: &Wanted) -> Option<bool> {
        let same = |columns: &[Ident]| {
            let mut columns = columns.to_vec();
            columns.sort();
            columns.dedup();
            columns == wanted.columns
        };
        let collated = &wanted.collated;
        let mut unsure = false;
        // Keys WITHOUT OVERLAPS are exclusion constraints.
        let keys = relation.primary_key.iter().chain(&relation.uniques).filter(|it| !it.without_overlaps);
        for key in keys.filter(|it| wanted.exprs.is_empty() && same(&it.columns)) {
            let items: Vec<(&Ident, Option<&str>)> = key.columns.iter().map(|it| (it, None)).collect();
            match self.has_collations(relation, &items, collated) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unsure = true,
            }
        }
        for index in relation.indexes.iter().filter(|it| it.unique) {
            if index.predicate.is_some() && wanted.predicate.is_none() {
                continue;
            }
            // One that is not known might serve.
            if index.items.iter().any(|it| it.column.is_none() && it.expression.is_none()) {
                return None;
            }
            let columns: Vec<Ident> = index.items.iter().filter_map(|it| it.column.clone()).collect();
            let (exprs, predicate) = self.planned(relation, index);
            // An expression that is a column is the column.
            let (bare, exprs): (Vec<Part>, Vec<Part>) =
                exprs.into_iter().partition(|it| matches!(it.node, Node::Column(_)));
            let mut all = columns.clone();
            all.extend(bare.into_iter().filter_map(|it| match it.node {
                Node::Column(name) => Some(name),
                _ => None,
            }));
            if !same(&all) {
                continue;
            }
            if let (Some(wanted), Some(own)) = (&wanted.predicate, &predicate)
                && implied::implies(wanted, own) == Some(false)
            {
                continue;
            }
            let named = index.items.iter().filter(|it| it.column.is_some());
            let collations = named.map(|it| it.collation.as_deref());
            let items: Vec<(&Ident, Option<&str>)> = columns.iter().zip(collations).collect();
            let arbiter = Arbiter { catalog: self.catalog, relation };
            match (
                same_expressions(&arbiter, &exprs, &wanted.exprs),
                self.has_collations(relation, &items, collated),
            ) {
                (Some(false), _) | (_, Some(false)) => {}
                (Some(true), Some(true)) if predicate.is_none() => return Some(true),
                _ => unsure = true,
            }
        }
        if unsure { None } else { Some(false) }
    }

    /// What the planner makes of an index's expressions and predicate.
    fn planned(&self, relation: &Relation, index: &crate::catalog::Index) -> (Vec<Part>, Option<Node>) {
        let exprs = index.items.iter().filter(|it| it.column.is_none());
        let exprs: Vec<&str> = exprs.filter_map(|it| it.expression.as_deref()).collect();
        let unknown = || Node::Unknown(relation.columns.iter().map(|it| it.name.clone()).collect());
        let part = |text: &&str| Part { words: words_of(text), node: unknown() };
        let open = (exprs.iter().map(part).collect(), index.predicate.as_ref().map(|_| unknown()));
        let of_relation = crate::catalog::Origin::Builtin != relation.origin;
        if exprs.is_empty() && index.predicate.is_none() || !of_relation {
            return open;
        }
        let listed: Vec<String> = exprs.iter().map(|it| format!("({it}\n)")).collect();
        let where_ = match index.predicate.as_deref() {
            Some("") => return open,
            Some(it) => format!(" where ({it}\n)"),
            None => String::new(),
        };
        let (schema, name) = (relation.schema.quoted(), relation.name.quoted());
        let text = format!("select {} from {schema}.{name}{where_}", listed.join(", "));
        let parsed = crate::sql::parse_statement(&text, Dialect::Postgres);
        let StatementKind::Query(query) = &parsed.hir.kind else { return open };
        let crate::sql::hir::QueryBody::Select(select) = &query.body else { return open };
        if parsed.error.is_some() || select.targets.len() != exprs.len() {
            return open;
        }
        let ctx = crate::sema::Context { catalog: self.catalog, params: &[], variables: &[] };
        let mut inner = Binder::new(ctx, &parsed.hir, &text);
        inner.statement(&parsed.hir.kind);
        if !inner.problems.is_empty() {
            return open;
        }
        let parts = select.targets.iter().zip(&exprs);
        // An index on a column in another collation is one on the column (`ComputeIndexAttrs`).
        let bare = |id: ExprId| {
            let mut id = inner.unparen(id);
            while let ExprKind::Collate { expr, .. } = &inner.expr_node(id).kind {
                id = inner.unparen(*expr);
            }
            id
        };
        let node = |id: ExprId| match inner.plan(bare(id)) {
            it @ Node::Column(_) => it,
            _ => inner.plan(id),
        };
        let parts = parts.map(|(target, text)| Part { words: words_of(text), node: node(target.expr) });
        (parts.collect(), select.where_.map(|it| inner.plan(it)))
    }

    /// Whether an index has the collations that a conflict target asks for (`infer_collation_opclass_match`).
    fn has_collations(
        &self,
        relation: &Relation,
        items: &[(&Ident, Option<&str>)],
        collated: &[(Ident, Ident)],
    ) -> Option<bool> {
        let mut unsure = false;
        for (name, wanted) in collated {
            let mut found = false;
            for (_, own) in items.iter().filter(|it| it.0 == name) {
                if let Some(own) = own {
                    found |= *own == wanted.as_str();
                    continue;
                }
                let column = relation.columns.iter().find(|it| it.name == *name)?;
                let ty = column.ty?;
                let info = self.type_info(ty.id)?;
                if !info.collatable {
                    continue;
                }
                match self.collation_name(crate::sema::Ty::Known(ty), &column.collation) {
                    Some(own) => found |= own == wanted.as_str(),
                    None => unsure = true,
                }
            }
            if !found {
                return if unsure { None } else { Some(false) };
            }
        }
        Some(true)
    }
}
