//! ALTER COLUMN TYPE makes indexes and checks anew from their texts (`ATPostAlterTypeCleanup`), in which constants have the
//! types that they had: `status = 'new'` of an enum is `status = 'new'::status`, which no text is compared with.

use std::sync::Arc;

use crate::base::text::TextSize;
use crate::catalog::{Catalog, Relation, Type, TypeId, TypeKind, pg};
use crate::sema::{Context, Problem, Ty, code};
use crate::sql::hir::{ExprId, ExprKind, Literal, Name, Statement};
use crate::sql::{Ident, parse_statement};

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::super::super::walk::{self, Child};

impl<'a> Binder<'a> {
    /// What hangs on columns that got other types: indexes are read before checks are.
    pub(super) fn rebuilt(&mut self, relation: &Relation, typed: &[(Name, Type, Type)]) {
        let changed: Vec<_> = typed.iter().filter(|(_, from, to)| from.id != to.id).collect();
        if changed.is_empty() || relation.open || self.catalog.gaps.keys || self.catalog.gaps.functions {
            return;
        }
        let n_problems = self.problems.len();
        for (name, _, to) in &changed {
            self.classes_of(relation, name, *to);
            if self.problems.len() > n_problems {
                return;
            }
        }
        let fresh = |it: &Option<Ident>| it.as_ref().is_some_and(|it| !relation.details.stale.contains(it));
        let checks = relation.checks.iter().filter(|it| fresh(&it.name));
        let checks = checks.filter_map(|it| it.expression.as_deref()).map(|it| (it, true));
        let indexes = relation.indexes.iter().filter(|it| fresh(&it.name)).flat_map(|it| {
            let items = it.items.iter().filter_map(|it| it.expression.as_deref()).map(|it| (it, false));
            items.chain(it.predicate.as_deref().map(|it| (it, true)))
        });
        let full = qualified(relation);
        let with = |relation: Relation| {
            let mut res = Catalog::clone(self.catalog);
            Arc::make_mut(&mut res.relations).insert(full.clone(), Arc::new(relation));
            res
        };
        let mut untouched = relation.clone();
        for column in &mut untouched.columns {
            if let Some((_, from, _)) = typed.iter().find(|it| it.0.ident == column.name) {
                column.ty = Some(*from);
            }
        }
        let (before, after) = (with(untouched), with(relation.clone()));
        let columns: Vec<(Ident, Type)> = changed.iter().map(|it| (it.0.ident.clone(), it.1)).collect();
        let table = format!("{}.{}", full.schema.quoted(), full.name.quoted());
        for (text, condition) in indexes.chain(checks) {
            let tokens = crate::sql::token::significant(text);
            let says = |name: &Name| tokens.iter().any(|it| Ident::from_source(it.text(text)) == name.ident);
            let Some((name, ..)) = changed.iter().rev().find(|it| says(&it.0)) else { continue };
            let text = match condition {
                true => format!("select 1 from {table} where ({text})"),
                false => format!("select ({text}) from {table}"),
            };
            let Some(stored) = as_stored(&before, &text, &columns) else { continue };
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
fn as_stored(catalog: &Catalog, text: &str, columns: &[(Ident, Type)]) -> Option<String> {
    let parsed = parse_statement(text, catalog.dialect);
    if parsed.error.is_some() || first_problem(catalog, &parsed.hir, text).is_some() {
        return None;
    }
    let analysis = crate::sema::analyze(Context { catalog, params: &[], variables: &[] }, &parsed.hir, text);
    let exprs = &parsed.hir.exprs;
    let node = |id: ExprId| exprs.get(id.0 as usize).map(|it| &it.kind);
    // The type of a column that gets another one.
    let column_type = |id: ExprId| {
        let mut id = id;
        while let Some(ExprKind::Paren(inner)) = node(id) {
            id = *inner;
        }
        let Some(ExprKind::Column(name)) = node(id) else { return None };
        let name = name.last()?;
        columns.iter().find(|it| it.0 == name.ident).map(|it| it.1.id)
    };
    // Types that operators take as they are.
    let exact = |op: &str, types: &[TypeId]| {
        types.iter().all(|id| {
            let polymorphic = catalog.type_info(*id).is_some_and(|it| {
                matches!(it.kind, TypeKind::Enum { .. } | TypeKind::Range { .. } | TypeKind::Array)
            });
            polymorphic || pg::operators(op).iter().any(|it| it.left == Some(*id) || it.right == *id)
        })
    };
    let mut inserts: Vec<(TextSize, String)> = Vec::new();
    for (idx, expr) in exprs.iter().enumerate() {
        let direct: Vec<TypeId> = children(&expr.kind).into_iter().filter_map(column_type).collect();
        let fits = match &expr.kind {
            _ if direct.is_empty() => true,
            ExprKind::Paren(_) | ExprKind::Is { .. } | ExprKind::Cast { .. } => true,
            ExprKind::Bool { .. } | ExprKind::Not(_) => true,
            ExprKind::Operator { op, .. } => op.schema.is_empty() && exact(&op.op, &direct),
            ExprKind::InList { .. } => exact("=", &direct),
            ExprKind::Between { .. } => exact("<=", &direct),
            ExprKind::QuantifiedArray { op, .. } => exact(&op.op, &direct),
            ExprKind::Call(call) => {
                let name = call.name.last()?;
                let all = pg::functions(name.ident.as_str());
                let from = call.args.first().and_then(|it| column_type(it.value));
                call.args.len() == 1
                    && all
                        .iter()
                        .any(|it| it.params.first().is_some_and(|it| it.ty.is_some() && it.ty == from))
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
