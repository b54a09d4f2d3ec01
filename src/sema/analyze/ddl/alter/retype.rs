//! ALTER COLUMN TYPE (`ATPrepAlterColumnType`, `ATExecAlterColumnType`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Column, Relation, RelationKind, Type};
use crate::sema::resolve::{self, CoercionContext};
use crate::sema::{Ty, code};
use crate::sql::hir::{ExprId, Name, QName, TypeName};

use super::super::super::binder::Binder;
use super::State;

impl<'a> Binder<'a> {
    pub(super) fn set_type(
        &mut self,
        before: &Arc<Relation>,
        state: &mut State,
        name: &Name,
        ty: &'a TypeName,
        using: Option<ExprId>,
        collation: Option<&'a QName>,
    ) {
        let to = self.type_name(ty);
        // USING is read before the column is looked for.
        let value = using.map(|using| {
            self.transform(before, using);
            (using, self.ty(using))
        });
        if before.of_type.is_some() && self.is_certain(before.origin) {
            self.report(code::WRONG_OBJECT_TYPE, name.range, "cannot alter column type of typed table");
            return;
        }
        let Some(column) = self.altered_column(state, name) else { return };
        if state.retyped.contains(&name.ident) {
            let message = format!("cannot alter type of column \"{}\" twice", name.ident);
            self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
            return;
        }
        // One that changes nothing does not count.
        if let Ty::Known(to) = to
            && column.ty.is_some_and(|it| it != to)
        {
            state.retyped.push(name.ident.clone());
        }
        if self.is_inherited(before, &name.ident) {
            let message = format!("cannot alter inherited column \"{}\"", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if let Some(child) = self.child_of_others(before, &name.ident) {
            let message = format!("cannot alter inherited column \"{}\" of relation \"{child}\"", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if let Some(of) = self.keyed_by(before, &name.ident) {
            let message = format!(
                "cannot alter column \"{}\" because it is part of the partition key of relation \"{of}\"",
                name.ident
            );
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if column.generated.is_some()
            && let Some(using) = using
        {
            let message = "cannot specify USING when altering type of generated column";
            let at = self.expr_node(using).range;
            self.report(code::INVALID_COLUMN_DEFINITION, name.range.cover(at), message);
            return;
        }
        let Ty::Known(to) = to else { return };
        if self.is_pseudo(to.id) {
            let message = format!("column \"{}\" has pseudo-type {}", name.ident, self.format_id(to.id));
            self.report(code::INVALID_TABLE_DEFINITION, ty.range, message);
            return;
        }
        if let Some(collation) = collation {
            let n_problems = self.problems.len();
            self.collation_of(to.id, collation);
            if self.problems.len() > n_problems {
                return;
            }
        }
        if self.member_of_itself(before, to.id, ty.range) {
            return;
        }
        // The statement is read before its actions are done.
        let identity = before.columns.iter().find(|it| it.name == name.ident).and_then(|it| it.identity);
        if column.identity.or(identity).is_some() {
            self.identity_type(to.id, ty.range);
        }
        if before.kind == crate::catalog::RelationKind::Foreign {
            // Its rows are not converted.
            if let Some(column) = state.relation.columns.iter_mut().find(|it| it.name == name.ident) {
                column.ty = Some(to);
            }
            return;
        }
        if !self.converts(&column, name, to, value, ty.range) {
            return;
        }
        if self.is_exact() {
            let n_problems = self.problems.len();
            self.refuse_retyping(&state.relation, name);
            self.row_type_in_use(before, name);
            if self.problems.len() == n_problems {
                self.keys_retyped(before, state, name, to);
            }
        }
        if let Some(column) = state.relation.columns.iter_mut().find(|it| it.name == name.ident) {
            state.typed.extend(column.ty.map(|it| (name.clone(), it, to)));
            column.ty = Some(to);
        }
    }

    /// `cannot alter table "t" because column "u.x" uses its row type` (`find_composite_type_dependencies`).
    pub(super) fn row_type_in_use(&mut self, relation: &Relation, column: &Name) {
        let stored = matches!(relation.kind, RelationKind::Table | RelationKind::MaterializedView);
        let own = super::super::super::relation::qualified(relation);
        let Some(id) = self.catalog.types.id(&own).filter(|_| stored) else { return };
        if let Some((table, other)) = self.column_holding(id) {
            let message = format!(
                "cannot alter table \"{}\" because column \"{table}.{other}\" uses its row type",
                relation.name
            );
            self.report(code::FEATURE_NOT_SUPPORTED, column.range, message);
        }
    }

    /// Foreign keys from and to the column are made anew.
    fn keys_retyped(&mut self, before: &Relation, state: &State, name: &Name, to: Type) {
        let own = super::super::super::relation::qualified(before);
        if self.catalog.gaps.keys {
            return;
        }
        let type_of = |table: &crate::catalog::QualifiedName, column: &crate::sql::Ident| {
            let relation = self.catalog.relations.get(table)?;
            relation.columns.iter().find(|it| it.name == *column)?.ty.map(|it| it.id)
        };
        let clash = |key: &crate::catalog::ForeignKey, mine: bool, holder: &crate::catalog::QualifiedName| {
            let target = key.target.as_ref()?;
            key.columns.iter().zip(&key.target_columns).find_map(|(fk, pk)| {
                let here = if mine { fk } else { pk };
                if *here != name.ident {
                    return None;
                }
                let (fk, pk) = match mine {
                    true => (to.id, type_of(target, pk)?),
                    false => (type_of(holder, fk)?, to.id),
                };
                (!super::super::constraint::fits(self.catalog, fk, pk)).then(|| key.name.clone())
            })
        };
        let from_here = state
            .relation
            .foreign_keys
            .iter()
            .filter(|it| it.target.as_ref() != Some(&own))
            .find_map(|it| clash(it, true, &own));
        let to_here = || {
            self.catalog.relations.iter().filter(|it| *it.0 != own).find_map(|(holder, relation)| {
                let keys = relation.foreign_keys.iter().filter(|it| it.target.as_ref() == Some(&own));
                keys.into_iter().find_map(|it| clash(it, false, holder))
            })
        };
        if let Some(Some(key)) = from_here.or_else(to_here) {
            let message = format!("foreign key constraint \"{key}\" cannot be implemented");
            self.report(code::DATATYPE_MISMATCH, name.range, message);
        }
    }

    /// The old values, and the default, become values of the new type.
    fn converts(
        &mut self,
        column: &Column,
        name: &Name,
        to: Type,
        value: Option<(ExprId, Ty)>,
        at: TextRange,
    ) -> bool {
        let words = self.type_words(to);
        let refused = match value {
            Some((using, _)) => self.coerce(using, Ty::Known(to), CoercionContext::Assignment).is_no(),
            None => {
                let from = column.ty.map_or(Ty::Unknown, Ty::Known);
                resolve::assignment(self.catalog, from, Ty::Known(to)).is_no()
            }
        };
        if refused {
            let (message, hint) = match value {
                Some(_) => (
                    format!(
                        "result of USING clause for column \"{}\" cannot be cast automatically to type {}",
                        name.ident,
                        self.format_id(to.id)
                    ),
                    "You might need to add an explicit cast.".to_owned(),
                ),
                None => (
                    format!(
                        "column \"{}\" cannot be cast automatically to type {}",
                        name.ident,
                        self.format_id(to.id)
                    ),
                    format!("You might need to specify \"USING {}::{words}\".", name.ident.quoted()),
                ),
            };
            let at = value.map_or(at, |(using, _)| self.place(using));
            self.report(code::DATATYPE_MISMATCH, at, message).hint(hint);
            return false;
        }
        let has_default = column.default.is_some() && column.generated.is_none();
        if has_default && resolve::assignment(self.catalog, self.default_type(column), Ty::Known(to)).is_no()
        {
            let message = format!(
                "default for column \"{}\" cannot be cast automatically to type {}",
                name.ident,
                self.format_id(to.id)
            );
            self.report(code::DATATYPE_MISMATCH, at, message);
            return false;
        }
        true
    }

    /// The type of a column's default, before it is made one of the column's (`strip_implicit_coercions`).
    fn default_type(&self, column: &Column) -> Ty {
        let Some(crate::catalog::ColumnDefault::Sql(text)) = &column.default else { return Ty::Unknown };
        let text = format!("select {text}");
        let parsed = crate::sql::parse_statement(&text, self.catalog.dialect);
        let crate::sql::hir::StatementKind::Query(query) = &parsed.hir.kind else { return Ty::Unknown };
        let crate::sql::hir::QueryBody::Select(select) = &query.body else { return Ty::Unknown };
        let [target] = select.targets.as_slice() else { return Ty::Unknown };
        let mut binder = Binder::new(self.ctx, &parsed.hir, &text);
        binder.push_level();
        binder.expr(target.expr);
        if parsed.error.is_some() || !binder.problems.is_empty() {
            return Ty::Unknown;
        }
        match binder.ty(target.expr) {
            // A literal was read as the column's type.
            super::super::super::binder::UNDECIDED => column.ty.map_or(Ty::Unknown, Ty::Known),
            ty => ty,
        }
    }
}
