//! Which operator or function an analysed expression is: looked up again, with the types that analysis found.

use crate::catalog::{Catalog, Type};
use crate::db::SqlUnit;
use crate::sema::Ty;
use crate::sema::resolve::{self, ArgTy, CallShape, FuncOutcome, OpOutcome, ResolvedOperator};
use crate::sql::Ident;
use crate::sql::hir::{Call, ExprId, ExprKind, OpName};

pub fn ty(unit: &SqlUnit, id: ExprId) -> Ty {
    unit.analysis.exprs.get(id.0 as usize).map_or(Ty::Unknown, |it| it.ty)
}

/// An operator as it is applied.
pub struct Applied<'a> {
    pub schema: Option<&'a Ident>,
    pub op: &'a str,
    pub lhs: Option<Ty>,
    pub rhs: Ty,
}

/// The operator of an expression that is written with one.
pub fn applied<'a>(unit: &'a SqlUnit, catalog: &Catalog, kind: &'a ExprKind) -> Option<Applied<'a>> {
    let schema = |it: &'a OpName| it.schema.last().map(|it| &it.ident);
    Some(match kind {
        ExprKind::Operator { op, lhs, rhs } => {
            Applied { schema: schema(op), op: &op.op, lhs: lhs.map(|it| ty(unit, it)), rhs: ty(unit, *rhs) }
        }
        ExprKind::QuantifiedArray { lhs, op, array, .. } => {
            let element = match ty(unit, *array) {
                Ty::Known(it) => catalog.element_type(it.id).map(|it| Ty::Known(Type::plain(it))),
                Ty::Unknown => None,
            };
            let rhs = element.unwrap_or(Ty::Unknown);
            Applied { schema: schema(op), op: &op.op, lhs: Some(ty(unit, *lhs)), rhs }
        }
        ExprKind::Like { kind, negated, expr, pattern, .. } => {
            let op = kind.operator(*negated);
            Applied { schema: None, op, lhs: Some(ty(unit, *expr)), rhs: ty(unit, *pattern) }
        }
        ExprKind::InList { expr, list, negated, .. } => {
            let rhs = list.first().map_or(Ty::Unknown, |it| ty(unit, *it));
            Applied { schema: None, op: if *negated { "<>" } else { "=" }, lhs: Some(ty(unit, *expr)), rhs }
        }
        _ => return None,
    })
}

pub fn operator<'a>(catalog: &'a Catalog, it: &Applied<'_>) -> Option<ResolvedOperator<'a>> {
    match resolve::operator(catalog, it.schema, it.op, it.lhs, it.rhs) {
        OpOutcome::Resolved(found) => Some(found),
        _ => None,
    }
}

pub fn call<'a>(unit: &SqlUnit, catalog: &'a Catalog, call: &Call) -> Option<FuncOutcome<'a>> {
    let last = call.name.last()?;
    let schema = call.name.schema().map(|it| &it.ident);
    let args: Vec<ArgTy<'_>> = call
        .args
        .iter()
        .map(|it| ArgTy { name: it.name.as_ref().map(|it| &it.ident), ty: ty(unit, it.value) })
        .chain(call.within_group.iter().map(|it| ArgTy { name: None, ty: ty(unit, it.expr) }))
        .collect();
    Some(resolve::function(catalog, schema, &last.ident, &args, CallShape::of(call)))
}
