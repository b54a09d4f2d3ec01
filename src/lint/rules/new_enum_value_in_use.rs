//! Values of an enum that are not there before the transaction ends.

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{QualifiedName, Relation, TypeId};
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, in_transaction, top_steps};
use crate::sema::code::Severity::Warning;
use crate::sql::Ident;
use crate::sql::hir::ddl::{AlterEnum, AlterTable, ColumnConstraintKind};
use crate::sql::hir::{
    Assignment, Ddl, ExprId, ExprKind, InsertSource, Literal, QName, QueryBody, StatementKind, TypeName,
};

pub const RULE: Lint =
    Lint::migration("new-enum-value-in-use", Warning, include_str!("new-enum-value-in-use.md"), run)
        .state("55P04");

struct Added {
    ty: QualifiedName,
    label: SmolStr,
    at: TextRange,
}

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    let mut added: Vec<Added> = Vec::new();
    for step in top_steps(migration) {
        if !added.is_empty() && in_transaction(migration, step.idx) {
            for (range, label, ty) in uses(&step) {
                let Some(it) = added.iter().find(|it| it.label == label && it.ty == ty) else { continue };
                let message =
                    format!("unsafe use of new value \"{label}\" of enum type {}", it.ty.name.quoted());
                let report = acc.report(step.at(range), message);
                report
                    .hint("New enum values must be committed before they can be used: use it in a later migration that runs after this one was deployed.")
                    .related_here(it.at, "added here, in the same transaction");
            }
        }
        if let Some(Ddl::AlterEnum { name, action: AlterEnum::AddValue { label, range, .. } }) = step.ddl()
            && let Some(ty) = existing_enum(&step, name)
        {
            added.push(Added { ty, label: label.clone(), at: step.at(*range) });
        }
    }
}

/// An enum that was there before the migration: the values of one that it makes itself may be used at once.
fn existing_enum(step: &Step<'_>, name: &QName) -> Option<QualifiedName> {
    let last = name.last()?;
    let id = lookup::named_type(&step.before, name.schema().map(|it| &it.ident), &last.ident)?;
    let info = step.before.type_info(id)?;
    let full = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
    (!step.is_own(info.origin)).then_some(full)
}

/// Where a statement certainly says a value of an enum, which value, and of which.
fn uses(step: &Step<'_>) -> Vec<(TextRange, SmolStr, QualifiedName)> {
    let mut res = Vec::new();
    let named = |id: TypeId| {
        let info = step.before.type_info(id)?;
        Some(QualifiedName { schema: info.schema.clone(), name: info.name.clone() })
    };
    let mut add = |expr: ExprId, ty: Option<QualifiedName>| {
        if let (Some((range, label)), Some(ty)) = (literal(step, expr), ty) {
            res.push((range, label, ty));
        }
    };
    // `'x'::mood`, wherever it stands.
    for expr in step.exprs {
        if let ExprKind::Cast { expr, ty, .. } = &expr.kind {
            add(*expr, type_named(step, ty));
        }
    }
    let column_type = |table: &Relation, column: &Ident| {
        let column = table.columns.iter().find(|it| it.name == *column)?;
        named(column.ty?.id)
    };
    match &step.statement.kind {
        StatementKind::Ddl(ddl) => {
            if let Ddl::AlterTable { name, actions, .. } = &**ddl {
                let table = found(step, name);
                for action in actions {
                    match (action, &table) {
                        (AlterTable::SetDefault { name, expr }, Some(table)) => {
                            add(*expr, column_type(table, &name.ident));
                        }
                        (AlterTable::AddColumn { column, .. }, _) => {
                            for it in &column.constraints {
                                if let (ColumnConstraintKind::Default(expr), Some(ty)) =
                                    (&it.kind, &column.ty)
                                {
                                    add(*expr, type_named(step, ty));
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        StatementKind::Update(update) => {
            let Some(table) = found(step, &update.table) else { return res };
            for it in &update.set {
                if let Assignment::One { target, value } = it {
                    add(*value, column_type(table, &target.name.ident));
                }
            }
            if update.from.is_empty() {
                compared(step, table, &column_type, &mut add);
            }
        }
        StatementKind::Delete(delete) => {
            let Some(table) = found(step, &delete.table) else { return res };
            if delete.using.is_empty() {
                compared(step, table, &column_type, &mut add);
            }
        }
        StatementKind::Insert(insert) => {
            let (Some(table), InsertSource::Query(query)) = (found(step, &insert.table), &insert.source)
            else {
                return res;
            };
            if let QueryBody::Values { rows, .. } = &query.body {
                for row in rows {
                    for (target, value) in insert.columns.iter().zip(row) {
                        add(*value, column_type(table, &target.name.ident));
                    }
                }
            }
        }
        _ => {}
    }
    res
}

fn found<'s>(step: &'s Step<'_>, name: &QName) -> Option<&'s Relation> {
    match lookup::relation(&step.before, name.schema().map(|it| &it.ident), &name.last()?.ident) {
        Lookup::Found(it) => Some(it),
        _ => None,
    }
}

fn type_named(step: &Step<'_>, ty: &TypeName) -> Option<QualifiedName> {
    let id = lookup::type_of(&step.before, ty, step.exprs)?.id;
    let info = step.before.type_info(id)?;
    Some(QualifiedName { schema: info.schema.clone(), name: info.name.clone() })
}

fn literal(step: &Step<'_>, expr: ExprId) -> Option<(TextRange, SmolStr)> {
    let expr = step.exprs.get(expr.0 as usize)?;
    match &expr.kind {
        ExprKind::Literal(Literal::String(value)) => Some((expr.range, value.clone())),
        _ => None,
    }
}

/// `status = 'x'` in a statement that reads one table.
fn compared(
    step: &Step<'_>,
    table: &Relation,
    column_type: &dyn Fn(&Relation, &Ident) -> Option<QualifiedName>,
    add: &mut dyn FnMut(ExprId, Option<QualifiedName>),
) {
    if step
        .exprs
        .iter()
        .any(|it| matches!(it.kind, ExprKind::Subquery(_) | ExprKind::Exists(_) | ExprKind::InQuery { .. }))
    {
        return;
    }
    let column = |it: ExprId| match step.exprs.get(it.0 as usize).map(|it| &it.kind) {
        Some(ExprKind::Column(name)) => name.last().and_then(|it| column_type(table, &it.ident)),
        _ => None,
    };
    for expr in step.exprs {
        match &expr.kind {
            ExprKind::Operator { lhs: Some(lhs), rhs, .. } => {
                add(*rhs, column(*lhs));
                add(*lhs, column(*rhs));
            }
            ExprKind::InList { expr, list, .. } => list.iter().for_each(|it| add(*it, column(*expr))),
            _ => {}
        }
    }
}
