//! ALTER of every object.

use super::super::Lower;
use super::super::lex::Kind;
use super::{
    cascade, create, if_exists, if_not_exists, inside, mysql, object, skip_group, skip_item, string_value,
    table,
};
use crate::sql::Dialect;
use crate::sql::hir::ddl::{AlterDomain, AlterEnum, AlterMysql, AlterTable, ObjectKind, RelationKind};
use crate::sql::hir::{Ddl, Name, QName};

/// Behind ALTER.
pub(super) fn alter(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kws(&["default", "privileges"]) {
        return None;
    }
    let kind = object(lower)?;
    match kind {
        ObjectKind::Relation(kind) => relation(lower, kind),
        ObjectKind::Type => type_(lower),
        ObjectKind::Domain => domain(lower),
        ObjectKind::Schema | ObjectKind::Extension => {
            let name = lower.qname();
            moved(lower, kind, name, false)
        }
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
            let first = lower.label()?;
            let name = lower.qname_rest(first);
            skip_group(lower);
            moved(lower, kind, name, false)
        }
        ObjectKind::Trigger => {
            let name = create::name_on_table(lower)?;
            moved(lower, kind, name, false)
        }
        ObjectKind::Policy => {
            let from = lower.pos;
            let if_exists = if_exists(lower);
            let name = create::name_on_table(lower)?;
            if lower.at_kw("rename") {
                return moved(lower, kind, name, if_exists);
            }
            lower.pos = from;
            create::policy(lower).map(Ddl::AlterPolicy)
        }
        _ => None,
    }
}

/// `RENAME TO new`, `SET SCHEMA s`.
fn moved(lower: &mut Lower<'_>, object: ObjectKind, name: QName, if_exists: bool) -> Option<Ddl> {
    if lower.eat_kws(&["rename", "to"]) {
        return Some(Ddl::Rename { object, name, if_exists, new_name: lower.label()? });
    }
    if lower.eat_kws(&["set", "schema"]) {
        return Some(Ddl::SetSchema { object, name, if_exists, schema: lower.col_id()? });
    }
    None
}

fn relation(lower: &mut Lower<'_>, kind: RelationKind) -> Option<Ddl> {
    let if_exists = if_exists(lower);
    if lower.at_kws(&["all", "in"]) {
        return None;
    }
    let only = lower.eat_kw("only");
    let name = lower.qname();
    lower.eat_op("*");
    if let Some(ddl) = moved(lower, ObjectKind::Relation(kind), name.clone(), if_exists) {
        return Some(ddl);
    }
    if kind == RelationKind::Sequence {
        return Some(sequence(lower, name, if_exists));
    }
    let mut actions = Vec::new();
    loop {
        actions.push(action(lower).unwrap_or(AlterTable::Other));
        while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::Semi) {
            lower.skip_one();
        }
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    Some(Ddl::AlterTable { name, kind, if_exists, only, actions })
}

fn sequence(lower: &mut Lower<'_>, name: QName, if_exists: bool) -> Ddl {
    let mut owned_by = None;
    while !lower.at_end() && !lower.at(Kind::Semi) {
        if lower.eat_kws(&["owned", "by"]) {
            owned_by = create::owner(lower);
        } else {
            lower.skip_one();
        }
    }
    Ddl::AlterSequence { name, if_exists, owned_by }
}

/// One action of ALTER TABLE; `None` when it changes no names and types.
fn action(lower: &mut Lower<'_>) -> Option<AlterTable> {
    if let Some(action) = mysql::action(lower) {
        return Some(action);
    }
    if lower.eat_kw("add") {
        return add(lower);
    }
    if lower.eat_kw("drop") {
        return drop(lower);
    }
    if lower.eat_kw("alter") {
        return alter_column(lower);
    }
    if lower.eat_kws(&["rename", "constraint"]) {
        let (name, new_name) = renamed(lower)?;
        return Some(AlterTable::RenameConstraint { name, new_name });
    }
    if lower.eat_kw("rename") {
        lower.eat_kw("column");
        let (name, new_name) = renamed(lower)?;
        return Some(AlterTable::RenameColumn { name, new_name });
    }
    if lower.eat_kws(&["validate", "constraint"]) {
        return Some(AlterTable::ValidateConstraint { name: lower.col_id()? });
    }
    if lower.eat_kws(&["enable", "row", "level", "security"]) {
        return Some(AlterTable::RowSecurity { enabled: true });
    }
    if lower.eat_kws(&["disable", "row", "level", "security"]) {
        return Some(AlterTable::RowSecurity { enabled: false });
    }
    if lower.eat_kw("inherit") {
        return Some(AlterTable::Inherit { parent: lower.qname(), inherit: true });
    }
    if lower.eat_kws(&["no", "inherit"]) {
        return Some(AlterTable::Inherit { parent: lower.qname(), inherit: false });
    }
    if lower.eat_kws(&["attach", "partition"]) {
        return Some(AlterTable::AttachPartition(lower.qname()));
    }
    if lower.eat_kws(&["detach", "partition"]) {
        return Some(AlterTable::DetachPartition(lower.qname()));
    }
    None
}

/// `a TO b`.
fn renamed(lower: &mut Lower<'_>) -> Option<(Name, Name)> {
    let name = lower.col_id()?;
    lower.eat_kw("to");
    Some((name, lower.col_id()?))
}

fn add(lower: &mut Lower<'_>) -> Option<AlterTable> {
    if table::at_table_constraint(lower) {
        return table::table_constraint(lower).map(AlterTable::AddConstraint);
    }
    lower.eat_kw("column");
    let if_not_exists = if_not_exists(lower);
    let column = table::column(lower, false)?;
    Some(AlterTable::AddColumn { column, if_not_exists })
}

fn drop(lower: &mut Lower<'_>) -> Option<AlterTable> {
    let constraint = lower.eat_kw("constraint");
    if !constraint {
        lower.eat_kw("column");
    }
    let if_exists = if_exists(lower);
    let name = lower.col_id()?;
    let cascade = cascade(lower);
    Some(if constraint {
        AlterTable::DropConstraint { name, if_exists, cascade }
    } else {
        AlterTable::DropColumn { name, if_exists, cascade }
    })
}

fn alter_column(lower: &mut Lower<'_>) -> Option<AlterTable> {
    if lower.at_kw("constraint") {
        return None;
    }
    lower.eat_kw("column");
    let name = lower.col_id()?;
    if lower.dialect == Dialect::Sqlite && lower.eat_kw("to") {
        // libSQL: `ALTER COLUMN a TO a text NOT NULL`.
        let column = table::column(lower, false)?;
        return Some(AlterTable::Mysql(AlterMysql::Redefine { from: Some(name), column }));
    }
    if lower.eat_kw("type") || lower.eat_kws(&["set", "data", "type"]) {
        let ty = lower.type_name();
        if lower.eat_kw("collate") {
            lower.qname();
        }
        let using = if lower.eat_kw("using") { Some(lower.expr()) } else { None };
        return Some(AlterTable::SetType { name, ty, using });
    }
    if lower.eat_kws(&["set", "default"]) {
        return Some(AlterTable::SetDefault { name, expr: lower.expr() });
    }
    if lower.eat_kws(&["drop", "default"]) {
        return Some(AlterTable::DropDefault { name });
    }
    if lower.eat_kws(&["set", "not", "null"]) {
        return Some(AlterTable::SetNotNull { name });
    }
    if lower.eat_kws(&["drop", "not", "null"]) {
        return Some(AlterTable::DropNotNull { name });
    }
    if lower.eat_kws(&["add", "generated"]) {
        return Some(AlterTable::AddIdentity { name, always: lower.at_kw("always") });
    }
    if lower.eat_kws(&["drop", "identity"]) {
        return Some(AlterTable::DropIdentity { name });
    }
    if lower.eat_kws(&["set", "expression", "as"]) {
        return Some(AlterTable::SetExpression { name, expr: lower.expr() });
    }
    if lower.eat_kws(&["drop", "expression"]) {
        return Some(AlterTable::DropExpression { name });
    }
    // `SET GENERATED ALWAYS SET START 5 …` in any order.
    while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::Semi) {
        if lower.eat_kws(&["set", "generated"]) {
            return Some(AlterTable::SetIdentity { name, always: lower.at_kw("always") });
        }
        lower.skip_one();
    }
    None
}

fn type_(lower: &mut Lower<'_>) -> Option<Ddl> {
    let name = lower.qname();
    if let Some(ddl) = moved(lower, ObjectKind::Type, name.clone(), false) {
        return Some(ddl);
    }
    if lower.eat_kws(&["add", "value"]) {
        let if_not_exists = if_not_exists(lower);
        let (label, range) = string_value(lower)?;
        let before = if lower.eat_kw("before") { string_value(lower) } else { None };
        let after = if lower.eat_kw("after") { string_value(lower) } else { None };
        let (before, after) = (before.map(|it| it.0), after.map(|it| it.0));
        return Some(Ddl::AlterEnum {
            name,
            action: AlterEnum::AddValue { label, range, if_not_exists, before, after },
        });
    }
    if lower.eat_kws(&["rename", "value"]) {
        let (from, from_range) = string_value(lower)?;
        lower.eat_kw("to");
        let (to, _) = string_value(lower)?;
        return Some(Ddl::AlterEnum { name, action: AlterEnum::RenameValue { from, from_range, to } });
    }
    let mut actions = Vec::new();
    loop {
        actions.extend(attribute(lower));
        skip_item(lower);
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    if actions.is_empty() { None } else { Some(Ddl::AlterComposite { name, actions }) }
}

fn attribute(lower: &mut Lower<'_>) -> Option<AlterTable> {
    if lower.eat_kws(&["add", "attribute"]) {
        let column = table::column(lower, false)?;
        return Some(AlterTable::AddColumn { column, if_not_exists: false });
    }
    if lower.eat_kws(&["drop", "attribute"]) {
        let if_exists = if_exists(lower);
        let name = lower.col_id()?;
        return Some(AlterTable::DropColumn { name, if_exists, cascade: cascade(lower) });
    }
    if lower.eat_kws(&["alter", "attribute"]) {
        let name = lower.col_id()?;
        lower.eat_kws(&["set", "data"]);
        lower.eat_kw("type");
        return Some(AlterTable::SetType { name, ty: lower.type_name(), using: None });
    }
    if lower.eat_kws(&["rename", "attribute"]) {
        let (name, new_name) = renamed(lower)?;
        return Some(AlterTable::RenameColumn { name, new_name });
    }
    None
}

fn domain(lower: &mut Lower<'_>) -> Option<Ddl> {
    let name = lower.qname();
    if lower.at_kws(&["rename", "constraint"]) {
        lower.bump();
        lower.bump();
        let (old, new_name) = renamed(lower)?;
        return Some(Ddl::Rename {
            object: ObjectKind::Constraint,
            name: inside(name, old),
            if_exists: false,
            new_name,
        });
    }
    if let Some(ddl) = moved(lower, ObjectKind::Domain, name.clone(), false) {
        return Some(ddl);
    }
    let action = if lower.eat_kws(&["set", "default"]) {
        AlterDomain::SetDefault(lower.expr())
    } else if lower.eat_kws(&["drop", "default"]) {
        AlterDomain::DropDefault
    } else if lower.eat_kws(&["set", "not", "null"]) {
        AlterDomain::SetNotNull
    } else if lower.eat_kws(&["drop", "not", "null"]) {
        AlterDomain::DropNotNull
    } else if lower.eat_kw("add") {
        if lower.eat_kw("constraint") {
            lower.col_id();
        }
        if lower.eat_kw("check") { AlterDomain::AddCheck(lower.expr()) } else { AlterDomain::Other }
    } else {
        AlterDomain::Other
    };
    Some(Ddl::AlterDomain { name, action })
}
