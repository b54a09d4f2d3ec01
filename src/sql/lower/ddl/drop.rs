//! DROP and COMMENT.

use super::super::Lower;
use super::super::lex::Kind;
use super::{cascade, create, if_exists, named, object, string_value};
use crate::sql::hir::ddl::{Drop, DropName, ObjectKind, RelationKind};
use crate::sql::hir::{Ddl, TypeName};

/// Behind DROP.
pub(super) fn drop(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.at_kws(&["user", "mapping"]) {
        return named::drop(lower);
    }
    let object = match object(lower) {
        Some(it) => it,
        None => return opaque(lower),
    };
    if object == ObjectKind::Relation(RelationKind::Index) {
        lower.eat_kw("concurrently");
    }
    lower.suspect = true;
    let if_exists = if_exists(lower);
    let mut names = Vec::new();
    loop {
        names.extend(dropped(lower, object));
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    Some(Ddl::Drop(Drop { object, names, if_exists, cascade: cascade(lower) }))
}

/// Objects that are not modelled: something that was known may be gone.
fn opaque(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kws(&["owned", "by"]) {
        return Some(Ddl::Opaque { kind: "OWNED".into(), name: lower.qname() });
    }
    named::drop(lower)
}

fn dropped(lower: &mut Lower<'_>, object: ObjectKind) -> Option<DropName> {
    let name = match object {
        ObjectKind::Type | ObjectKind::Domain => lower.type_name().name,
        _ => {
            let first = lower.label()?;
            lower.qname_rest(first)
        }
    };
    let mut res = DropName { name, args: None, on: None };
    match object {
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate if lower.at(Kind::LParen) => {
            res.args = named::arguments(lower);
        }
        // MySQL's indexes are their table's.
        ObjectKind::Relation(RelationKind::Index) if lower.eat_kw("on") => res.on = Some(lower.qname()),
        ObjectKind::Trigger | ObjectKind::Policy => {
            lower.eat_kw("on");
            res.on = Some(lower.qname());
        }
        _ => {}
    }
    Some(res)
}

/// An argument type as DROP FUNCTION names it, with mode and name as it may be; OUT arguments are not counted.
pub(super) fn argument(lower: &mut Lower<'_>) -> Option<TypeName> {
    let param = super::routine::param(lower)?;
    (param.mode != crate::sql::hir::ddl::ParamMode::Out).then_some(param.ty)
}

/// Behind COMMENT.
pub(super) fn comment(lower: &mut Lower<'_>) -> Option<Ddl> {
    lower.eat_kw("on");
    let from = lower.pos;
    let Some(object) = object(lower) else {
        lower.pos = from;
        return named::comment(lower);
    };
    let mut args = None;
    let name = match object {
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
            lower.suspect = true;
            let first = lower.label()?;
            let name = lower.qname_rest(first);
            args = named::arguments(lower);
            name
        }
        ObjectKind::Type | ObjectKind::Domain => lower.type_name().name,
        ObjectKind::Constraint | ObjectKind::Trigger | ObjectKind::Policy => create::name_on_table(lower)?,
        _ => lower.qname(),
    };
    while !lower.at_end() && !lower.eat_kw("is") {
        lower.skip_one();
    }
    Some(Ddl::Comment { object, name, args, text: string_value(lower).map(|it| it.0) })
}
