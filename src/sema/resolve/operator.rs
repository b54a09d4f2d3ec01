//! Operators by name and operand types (parse_oper.c, manual §10.2).

use super::coerce::Cx;
use super::select::{self, Args};
use super::{CoercionContext, OpOutcome, Refusal, ResolvedOperator, poly};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Type, TypeId, lookup, pg};
use crate::sema::{Ty, code};
use crate::sql::Ident;

/// The operator `name` for these operands; `lhs` is `None` for a prefix operator. `schema` when written
/// `OPERATOR(schema.op)`.
pub fn operator<'a>(
    catalog: &'a Catalog,
    schema: Option<&Ident>,
    name: &str,
    lhs: Option<Ty>,
    rhs: Ty,
) -> OpOutcome<'a> {
    let cx = Cx::new(catalog);
    let (left, right) = match (lhs, rhs) {
        (None, Ty::Known(right)) => (None, right.id),
        (Some(Ty::Known(left)), Ty::Known(right)) => (Some(left.id), right.id),
        _ => return of_unknown(&cx, schema, name, lhs, rhs),
    };
    let found = match left {
        Some(left) => binary_exact(&cx, schema, name, left, right),
        None => exact(&cx, schema, name, None, right),
    };
    let decl = match found {
        Some(decl) => decl,
        None => {
            let inputs: Args = left.into_iter().chain([right]).collect();
            let mut candidates: Vec<(Args, &'a pg::Operator)> = lookup::operators(catalog, schema, name)
                .filter(|it| it.left.is_some() == left.is_some())
                .map(|it| (it.left.into_iter().chain([it.right]).collect(), it))
                .collect();
            hide_shadowed(&mut candidates);
            select::matching(&cx, &inputs, &mut candidates);
            let chosen = match &candidates[..] {
                [] => None,
                [only] => Some(only.1),
                many => match select::best(&cx, &inputs, many) {
                    Some(idx) => many.get(idx).map(|it| it.1),
                    None => {
                        let text = |id| id == TypeId::TEXT;
                        let extension =
                            || may_be_of_extension(catalog, schema, name, left.map(|_| text), text);
                        if cx.unsure.get() || catalog.gaps.has_operator(name) || extension() {
                            return OpOutcome::Unknown(same_result(many.iter().map(|it| it.1)));
                        }
                        return OpOutcome::Refused(ambiguous(catalog, schema, name, left, right));
                    }
                },
            };
            if cx.unsure.get() {
                return OpOutcome::Unknown(Ty::Unknown);
            }
            match chosen {
                Some(decl) => decl,
                None if catalog.gaps.has_operator(name)
                    || has_unknown_extension(catalog)
                    || pg::since::has_lost_operator(catalog, name) =>
                {
                    return OpOutcome::Unknown(Ty::Unknown);
                }
                None if may_be_of_extension(
                    catalog,
                    schema,
                    name,
                    left.map(|it| takes(&cx, it)),
                    takes(&cx, right),
                ) =>
                {
                    return OpOutcome::Unknown(Ty::Unknown);
                }
                None => return OpOutcome::Refused(not_found(catalog, schema, name, left, right)),
            }
        }
    };
    if decl.result.is_none() {
        return OpOutcome::Refused(only_a_shell(catalog, schema, name, decl));
    }
    resolved(&cx, decl, left, right)
}

fn resolved<'a>(cx: &Cx<'_>, decl: &'a pg::Operator, left: Option<TypeId>, right: TypeId) -> OpOutcome<'a> {
    let actual: Args = left.into_iter().chain([right]).collect();
    let mut declared: Args = decl.left.into_iter().chain([decl.right]).collect();
    match poly::enforce(cx, &actual, &mut declared, decl.result) {
        _ if cx.unsure.get() => OpOutcome::Unknown(Ty::Unknown),
        Err(refusal) => OpOutcome::Refused(refusal),
        Ok(result) => OpOutcome::Resolved(ResolvedOperator {
            decl,
            lhs: left.and(declared.first().copied()),
            rhs: declared.last().copied().unwrap_or(right),
            result,
        }),
    }
}

/// `binary_oper_exact`: an undecided operand is first taken to have the other's type, or the type under its domain.
fn binary_exact<'a>(
    cx: &Cx<'a>,
    schema: Option<&Ident>,
    name: &str,
    left: TypeId,
    right: TypeId,
) -> Option<&'a pg::Operator> {
    let (left, right, assumed) = match (left == TypeId::UNKNOWN, right == TypeId::UNKNOWN) {
        (true, _) => (right, right, true),
        (false, true) => (left, left, true),
        (false, false) => (left, right, false),
    };
    if let Some(found) = exact(cx, schema, name, Some(left), right) {
        return Some(found);
    }
    let base = cx.base(left);
    if assumed && base != left { exact(cx, schema, name, Some(base), base) } else { None }
}

fn exact<'a>(
    cx: &Cx<'a>,
    schema: Option<&Ident>,
    name: &str,
    left: Option<TypeId>,
    right: TypeId,
) -> Option<&'a pg::Operator> {
    let explicit_path = || cx.catalog.search_path.iter().any(|it| it.as_str() == lookup::PG_CATALOG);
    if schema.is_none_or(|it| it.as_str() == lookup::PG_CATALOG) && (schema.is_some() || !explicit_path()) {
        let found = pg::operator(name, left.unwrap_or(TypeId::NONE), right);
        if found.is_some() || cx.catalog.extensions.is_empty() && cx.catalog.objects.is_empty() {
            return found;
        }
    }
    lookup::operators(cx.catalog, schema, name).find(|it| it.left == left && it.right == right)
}

/// Of two operators with the same operands only the first of the search path is seen.
fn hide_shadowed(candidates: &mut Vec<(Args, &pg::Operator)>) {
    if candidates.iter().all(|it| it.1.is_core()) {
        return;
    }
    let mut seen: rustc_hash::FxHashSet<Args> = Default::default();
    candidates.retain(|it| seen.insert(it.0.clone()));
}

/// An operand of this type may stand where the operator wants the given one.
fn takes<'a>(cx: &'a Cx<'_>, from: TypeId) -> impl Fn(TypeId) -> bool + 'a {
    move |to| cx.can_coerce(&[from], &[to], CoercionContext::Implicit)
}

/// An extension that may be installed unseen has an operator of this name whose operands satisfy `left` and `right`. One
/// between its own types, to which only its casts lead, is not what text and bytes stand beside each other for.
fn may_be_of_extension(
    catalog: &Catalog,
    schema: Option<&Ident>,
    name: &str,
    left: Option<impl Fn(TypeId) -> bool>,
    right: impl Fn(TypeId) -> bool,
) -> bool {
    let possible = |it: &pg::ext::ExtensionData| {
        let is_own = |id: TypeId| it.types.iter().any(|own| own.id == id);
        it.operators.get(name).into_iter().flatten().any(|it| match (&left, it.left) {
            (Some(left), Some(declared)) => {
                !(is_own(declared) && is_own(it.right)) && left(declared) && right(it.right)
            }
            (None, None) => !is_own(it.right) && right(it.right),
            _ => false,
        })
    };
    pg::ext::with_operator(name).filter(|it| lookup::may_be_installed(catalog, schema, it)).any(possible)
}

fn has_unknown_extension(catalog: &Catalog) -> bool {
    catalog.extensions.values().any(|it| !it.known)
}

/// With an operand of which we know nothing: the result, where every operator that may be meant has the same.
fn of_unknown<'a>(
    cx: &Cx<'a>,
    schema: Option<&Ident>,
    name: &str,
    lhs: Option<Ty>,
    rhs: Ty,
) -> OpOutcome<'a> {
    let catalog = cx.catalog;
    let mut n_named = 0;
    let mut possible = Vec::new();
    for it in lookup::operators(catalog, schema, name) {
        if it.left.is_some() != lhs.is_some() {
            continue;
        }
        n_named += 1;
        let fits = |ty: Option<Ty>, declared: Option<TypeId>| match (ty, declared) {
            (Some(Ty::Known(ty)), Some(declared)) => {
                poly::is_polymorphic(declared)
                    || cx.can_coerce(&[ty.id], &[declared], CoercionContext::Implicit)
            }
            _ => true,
        };
        if fits(lhs, it.left) && fits(Some(rhs), Some(it.right)) {
            possible.push(it);
        }
    }
    let open = catalog.gaps.has_operator(name) || has_unknown_extension(catalog);
    let of_extension =
        || pg::ext::with_operator(name).any(|it| lookup::may_be_installed(catalog, schema, it));
    if n_named == 0 && !open && of_extension() {
        return OpOutcome::Unknown(Ty::Unknown);
    }
    if n_named == 0 && !open {
        let kind = if lhs.is_some() { "operator does not exist: ? " } else { "operator does not exist: " };
        return OpOutcome::Refused(Refusal {
            code: code::UNDEFINED_FUNCTION,
            message: format!("{kind}{name} ?"),
            hint: None,
        });
    }
    if open && !matches!(name, "=" | "<>" | "<" | ">" | "<=" | ">=" | "~~" | "!~~" | "~~*" | "!~~*") {
        return OpOutcome::Unknown(Ty::Unknown);
    }
    OpOutcome::Unknown(same_result(possible.into_iter()))
}

/// The result's type, when it is one and the same and not polymorphic.
fn same_result<'a>(mut operators: impl Iterator<Item = &'a pg::Operator>) -> Ty {
    let Some(first) = operators.next() else { return Ty::Unknown };
    if poly::is_polymorphic(first.result) || !operators.all(|it| it.result == first.result) {
        return Ty::Unknown;
    }
    Ty::Known(Type::plain(first.result))
}

fn ambiguous(
    catalog: &Catalog,
    schema: Option<&Ident>,
    name: &str,
    left: Option<TypeId>,
    right: TypeId,
) -> Refusal {
    Refusal {
        code: code::AMBIGUOUS_FUNCTION,
        message: format!("operator is not unique: {}", signature(catalog, schema, name, left, right)),
        hint: Some(String::from(
            "Could not choose a best candidate operator. You might need to add explicit type casts.",
        )),
    }
}

/// Other operators speak of it, and nothing defines it.
fn only_a_shell(catalog: &Catalog, schema: Option<&Ident>, name: &str, decl: &pg::Operator) -> Refusal {
    let message =
        format!("operator is only a shell: {}", signature(catalog, schema, name, decl.left, decl.right));
    Refusal { code: code::UNDEFINED_FUNCTION, message, hint: None }
}

fn not_found(
    catalog: &Catalog,
    schema: Option<&Ident>,
    name: &str,
    left: Option<TypeId>,
    right: TypeId,
) -> Refusal {
    if let Some(schema) = schema.filter(|it| !lookup::schema_exists(catalog, it)) {
        let message = format!("schema \"{schema}\" does not exist");
        return Refusal { code: code::UNDEFINED_SCHEMA, message, hint: None };
    }
    let hint = match left {
        None => {
            "No operator matches the given name and argument type. You might need to add an explicit type cast."
        }
        Some(_) => {
            "No operator matches the given name and argument types. You might need to add explicit type casts."
        }
    };
    Refusal {
        code: code::UNDEFINED_FUNCTION,
        message: format!("operator does not exist: {}", signature(catalog, schema, name, left, right)),
        hint: Some(hint.to_owned()),
    }
}

/// `op_signature_string`.
fn signature(
    catalog: &Catalog,
    schema: Option<&Ident>,
    name: &str,
    left: Option<TypeId>,
    right: TypeId,
) -> String {
    let left = left.map(|it| format!("{} ", format_type_id(catalog, it))).unwrap_or_default();
    let schema = schema.map(|it| format!("{it}.")).unwrap_or_default();
    format!("{left}{schema}{name} {}", format_type_id(catalog, right))
}
