//! ALTER COLUMN TYPE makes indexes and checks anew from their texts (`ATPostAlterTypeCleanup`), in which constants have the
//! types that they had: `status = 'new'` of an enum is `status = 'new'::status`, which no text is compared with.

use std::sync::Arc;

use crate::base::text::TextSize;
use crate::catalog::{Catalog, Relation, Type, TypeKind, pg};
use crate::sema::{Context, Problem, Ty, code};
use crate::sql::hir::{ExprId, ExprKind, Literal, Name, Statement};
use crate::sql::{Ident, parse_statement};

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::super::super::walk::{self, Child};

impl<'a> Binder<'a> {
    /// What hangs on a column that gets another type.
    pub(super) fn rebuilt(&mut self, relation: &Relation, name: &Name, to: Type) {
        let Some(from) = relation.columns.iter().find(|it| it.name == name.ident).and_then(|it| it.ty) else {
            return;
        };
        if from.id == to.id || relation.open || self.catalog.gaps.keys || self.catalog.gaps.functions {
            return;
        }
        let n_problems = self.problems.len();
        self.classes_of(relation, name, to);
        if self.problems.len() > n_problems {
            return;
        }
        let fresh = |it: &Option<Ident>| it.as_ref().is_some_and(|it| !relation.details.stale.contains(it));
        let checks = relation.checks.iter().filter(|it| fresh(&it.name));
        let checks = checks.filter_map(|it| it.expression.as_deref()).map(|it| (it, true));
        let indexes = relation.indexes.iter().filter(|it| fresh(&it.name)).flat_map(|it| {
            let items = it.items.iter().filter_map(|it| it.expression.as_deref()).map(|it| (it, false));
            items.chain(it.predicate.as_deref().map(|it| (it, true)))
        });
        let full = qualified(relation);
        let mut after = Catalog::clone(self.catalog);
        let mut changed = relation.clone();
        for column in changed.columns.iter_mut().filter(|it| it.name == name.ident) {
            column.ty = Some(to);
        }
        Arc::make_mut(&mut after.relations).insert(full.clone(), Arc::new(changed));
        let mut before = Catalog::clone(self.catalog);
        Arc::make_mut(&mut before.relations).insert(full.clone(), Arc::new(relation.clone()));
        let table = format!("{}.{}", full.schema.quoted(), full.name.quoted());
        let others = self.retyped_besides(&name.ident);
        for (text, condition) in checks.chain(indexes) {
            if !crate::sql::token::significant(text)
                .iter()
                .any(|it| Ident::from_source(it.text(text)) == name.ident)
            {
                continue;
            }
            // It is made anew when all of the statement's columns have their types.
            let tokens = crate::sql::token::significant(text);
            if tokens.iter().any(|it| others.contains(&Ident::from_source(it.text(text)))) {
                continue;
            }
            let text = match condition {
                true => format!("select 1 from {table} where ({text})"),
                false => format!("select ({text}) from {table}"),
            };
            let Some(stored) = as_stored(&before, &text, &name.ident, from) else { continue };
            let parsed = parse_statement(&stored, self.catalog.dialect);
            if parsed.error.is_some() {
                continue;
            }
            if let Some(problem) = first_problem(&after, &parsed.hir, &stored) {
                self.report(problem.code, name.range, problem.message);
                return;
            }
            if !condition && let Some(message) = self.no_longer_immutable((&before, &after), &table, &stored)
            {
                self.report(code::INVALID_OBJECT_DEFINITION, name.range, message);
                return;
            }
        }
    }

    /// The other columns that the statement gives types: `ALTER c TYPE …`.
    fn retyped_besides(&self, name: &Ident) -> Vec<Ident> {
        let tokens = crate::sql::token::significant(self.text);
        let word = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(self.text, word));
        let column = |at: usize| {
            let data = at > 2 && word(at - 1, "data") && word(at - 2, "set");
            let before = if data { at.checked_sub(3) } else { at.checked_sub(1) };
            before.and_then(|it| tokens.get(it)).map(|it| Ident::from_source(it.text(self.text)))
        };
        let all = (0..tokens.len()).filter(|it| word(*it, "type")).filter_map(column);
        all.filter(|it| it != name).collect()
    }

    /// An index over an expression that was immutable with the old type.
    fn no_longer_immutable(
        &self,
        (before, after): (&Catalog, &Catalog),
        table: &str,
        query: &str,
    ) -> Option<String> {
        let rest = query.strip_prefix("select (")?;
        let expression = rest.strip_suffix(&format!(") from {table}"))?;
        let text = format!("create index on {table} (({expression}))");
        let parsed = parse_statement(&text, self.catalog.dialect);
        let refused = |catalog: &Catalog| {
            let ctx = Context { catalog, params: &[], variables: &[] };
            let all = crate::sema::analyze(ctx, &parsed.hir, &text).problems;
            all.into_iter().map(|it| it.message).find(|it| it.ends_with("must be marked IMMUTABLE"))
        };
        if parsed.error.is_some() || refused(before).is_some() {
            return None;
        }
        refused(after)
    }

    /// Indexes and keys want an operator class for the new type.
    fn classes_of(&mut self, relation: &Relation, name: &Name, to: Type) {
        let mut methods: Vec<&str> = Vec::new();
        let keys = relation.primary_key.iter().chain(&relation.uniques);
        for key in keys.filter(|it| it.columns.contains(&name.ident)) {
            methods.push(if key.without_overlaps { "gist" } else { "btree" });
        }
        for index in &relation.indexes {
            // Which schema a class is of is not kept.
            let plain = |it: &crate::catalog::IndexItem| {
                it.column.as_ref() == Some(&name.ident) && it.opclass.is_none()
            };
            if index.items.iter().any(plain) {
                methods.push(index.method.as_str());
            }
        }
        for method in methods {
            let n_problems = self.problems.len();
            if pg::access_methods().any(|it| it == method) {
                self.default_class(to.id, method, name.range);
            }
            if self.problems.len() > n_problems {
                return;
            }
        }
    }
}

fn first_problem(catalog: &Catalog, statement: &Statement, text: &str) -> Option<Problem> {
    let ctx = Context { catalog, params: &[], variables: &[] };
    let problems = crate::sema::analyze(ctx, statement, text).problems;
    problems.into_iter().find(|it| it.code.severity == code::Severity::Error)
}

/// A text with the types of its constants, as PostgreSQL writes it; `None`: where casts that were not written would stand
/// is not known.
fn as_stored(catalog: &Catalog, text: &str, column: &Ident, from: Type) -> Option<String> {
    let parsed = parse_statement(text, catalog.dialect);
    if parsed.error.is_some() || first_problem(catalog, &parsed.hir, text).is_some() {
        return None;
    }
    let analysis = crate::sema::analyze(Context { catalog, params: &[], variables: &[] }, &parsed.hir, text);
    let exprs = &parsed.hir.exprs;
    let node = |id: ExprId| exprs.get(id.0 as usize).map(|it| &it.kind);
    let is_column = |id: ExprId| {
        let mut id = id;
        while let Some(ExprKind::Paren(inner)) = node(id) {
            id = *inner;
        }
        matches!(node(id), Some(ExprKind::Column(name)) if name.last().is_some_and(|it| it.ident == *column))
    };
    // A type that operators take as it is.
    let kind = &catalog.type_info(from.id)?.kind;
    let polymorphic = matches!(kind, TypeKind::Enum { .. } | TypeKind::Range { .. } | TypeKind::Array);
    let exact = |op: &str| {
        polymorphic || pg::operators(op).iter().any(|it| it.left == Some(from.id) || it.right == from.id)
    };
    let mut inserts: Vec<(TextSize, String)> = Vec::new();
    for (idx, expr) in exprs.iter().enumerate() {
        let direct = children(&expr.kind).into_iter().any(is_column);
        let fits = match &expr.kind {
            _ if !direct => true,
            ExprKind::Paren(_) | ExprKind::Is { .. } | ExprKind::Cast { .. } => true,
            ExprKind::Bool { .. } | ExprKind::Not(_) => true,
            ExprKind::Operator { op, .. } => op.schema.is_empty() && exact(&op.op),
            ExprKind::InList { .. } => exact("="),
            ExprKind::Between { .. } => exact("<="),
            ExprKind::QuantifiedArray { op, .. } => exact(&op.op),
            ExprKind::Call(call) => {
                let name = call.name.last()?;
                let all = pg::functions(name.ident.as_str());
                let place = call.args.iter().position(|it| is_column(it.value))?;
                call.args.len() == 1
                    && all.iter().any(|it| it.params.get(place).is_some_and(|it| it.ty == Some(from.id)))
            }
            _ => false,
        };
        if !fits {
            return None;
        }
        if !matches!(expr.kind, ExprKind::Literal(Literal::String(_))) {
            continue;
        }
        let cast = exprs.iter().any(|it| match &it.kind {
            ExprKind::Cast { expr, .. } => {
                let mut id = *expr;
                while let Some(ExprKind::Paren(inner)) = node(id) {
                    id = *inner;
                }
                id.0 as usize == idx
            }
            _ => false,
        });
        if cast {
            continue;
        }
        let Some(Ty::Known(ty)) = analysis.exprs.get(idx).map(|it| it.ty) else { return None };
        if ty.id == crate::catalog::TypeId::UNKNOWN {
            return None;
        }
        let shown = crate::catalog::types::format_type_id(catalog, ty.id);
        inserts.push((expr.range.end(), format!("::{shown}")));
    }
    inserts.sort_by_key(|it| std::cmp::Reverse(it.0));
    let mut res = text.to_owned();
    for (at, cast) in inserts {
        let at = usize::from(at);
        if !res.is_char_boundary(at) {
            return None;
        }
        res.insert_str(at, &cast);
    }
    Some(res)
}

fn children(kind: &ExprKind) -> Vec<ExprId> {
    let mut res = Vec::new();
    walk::children(kind, &mut |child| {
        if let Child::Expr(id) = child {
            res.push(id);
        }
    });
    res
}
