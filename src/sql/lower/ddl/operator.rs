//! Operators, their classes and families; event triggers; roles, servers and what else belongs to a whole server.

use super::super::Lower;
use super::super::lex::Kind;
use super::named::{arguments, mention};
use super::{items, options, string_value};
use crate::sql::Ident;
use crate::sql::hir::ddl::{
    ClassItem, ClassItemKind, ClassKind, CreateEventTrigger, CreateOperator, Mentioned, OperatorClass,
    Setting,
};
use crate::sql::hir::{Ddl, Name, OpName, QName, TypeName};

/// `[schema .] operator` (`any_operator`).
pub(super) fn name(lower: &mut Lower<'_>) -> QName {
    let mut parts = Vec::new();
    while lower.nth(1).kind == Kind::Dot {
        parts.extend(lower.col_id());
        lower.eat(Kind::Dot);
    }
    if lower.at(Kind::Op) {
        parts.push(part(&lower.take_op()));
    }
    QName { parts }
}

fn part(op: &OpName) -> Name {
    Name { ident: Ident::new(op.op.as_str()), range: op.range }
}

/// `+`, `s.+`, `OPERATOR(s.+)`.
pub(super) fn any(lower: &mut Lower<'_>) -> Option<OpName> {
    if lower.at_qualified_op() {
        return Some(lower.qualified_op());
    }
    let mut schema = Vec::new();
    while lower.at_col_id() && lower.nth(1).kind == Kind::Dot {
        schema.extend(lower.col_id());
        lower.eat(Kind::Dot);
    }
    let op = if lower.at(Kind::Op) { lower.take_op() } else { return None };
    Some(OpName { schema, ..op })
}

fn whole(op: OpName) -> QName {
    let own = part(&op);
    let mut parts = op.schema;
    parts.push(own);
    QName { parts }
}

/// Behind OPERATOR: `name (LEFTARG = …, …)`.
pub(super) fn create(lower: &mut Lower<'_>) -> Ddl {
    let mut res = CreateOperator { name: name(lower), ..CreateOperator::default() };
    items(lower, |it| {
        let label = it.label()?;
        let valued = it.eat_op("=");
        let reads = valued && !it.at(Kind::Str) && !it.at(Kind::Number);
        match label.ident.as_str() {
            "leftarg" if reads => res.left = Some(it.type_name()),
            "rightarg" if reads => res.right = Some(it.type_name()),
            "function" | "procedure" if reads => res.function = function(it),
            "restrict" if reads => res.restrict = function(it),
            "join" if reads => res.join = function(it),
            "commutator" if reads => res.commutator = any(it).map(whole),
            "negator" if reads => res.negator = any(it).map(whole),
            "hashes" if !valued => res.hashes = Some(label.range),
            "merges" if !valued => res.merges = Some(label.range),
            _ => {}
        }
        None::<()>
    });
    Ddl::CreateOperator(Box::new(res))
}

fn function(lower: &mut Lower<'_>) -> Option<QName> {
    let first = lower.label()?;
    Some(lower.qname_rest(first))
}

/// Behind `OPERATOR CLASS`.
pub(super) fn class(lower: &mut Lower<'_>) -> Option<Ddl> {
    let name = lower.qname();
    let default = lower.eat_kw("default");
    lower.eat_kws(&["for", "type"]);
    let ty = Some(lower.type_name());
    lower.eat_kw("using");
    let method = lower.col_id()?;
    let family = if lower.eat_kw("family") { Some(lower.qname()) } else { None };
    lower.eat_kw("as");
    let items = class_items(lower, false);
    let what = ClassKind::Class;
    Some(Ddl::OperatorClass(Box::new(OperatorClass { what, name, default, ty, method, family, items })))
}

/// Behind `CREATE OPERATOR FAMILY`.
pub(super) fn family(lower: &mut Lower<'_>) -> Option<Ddl> {
    let name = lower.qname();
    lower.eat_kw("using");
    let method = lower.col_id()?;
    Some(of_family(ClassKind::Family, name, method, Vec::new()))
}

/// Behind `ALTER OPERATOR FAMILY f USING m`: `ADD …`, `DROP …`.
pub(super) fn alter_family(lower: &mut Lower<'_>, name: QName, method: Name) -> Option<Ddl> {
    let drops = lower.at_kw("drop");
    if !lower.eat_any_kw(&["add", "drop"]) {
        return None;
    }
    Some(of_family(ClassKind::AlterFamily, name, method, class_items(lower, drops)))
}

fn of_family(what: ClassKind, name: QName, method: Name, items: Vec<ClassItem>) -> Ddl {
    let of = OperatorClass { what, name, default: false, ty: None, method, family: None, items };
    Ddl::OperatorClass(Box::new(of))
}

fn class_items(lower: &mut Lower<'_>, drops: bool) -> Vec<ClassItem> {
    let mut res = Vec::new();
    loop {
        let start = lower.start();
        let Some((number, kind)) = class_item(lower, drops) else { break };
        res.push(ClassItem { range: lower.span(start), number, kind });
        super::skip_item(lower);
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    res
}

fn class_item(lower: &mut Lower<'_>, drops: bool) -> Option<(i64, ClassItemKind)> {
    if lower.eat_kw("storage") {
        return Some((0, ClassItemKind::Storage(lower.type_name())));
    }
    let operator = lower.at_kw("operator");
    if !lower.eat_any_kw(&["operator", "function"]) {
        return None;
    }
    let number = lower.c_number()?;
    if drops {
        let types = items(lower, |it| Some(it.type_name()));
        let kind = match operator {
            true => ClassItemKind::DropOperator(types),
            false => ClassItemKind::DropFunction(types),
        };
        return Some((number, kind));
    }
    if operator {
        let op = any(lower)?;
        let sides = lower.at(Kind::LParen).then(|| {
            let mut both =
                items(lower, |it| Some(if it.eat_kw("none") { None } else { Some(it.type_name()) }));
            let right = both.pop().flatten();
            (both.pop().flatten(), right)
        });
        let mut order_by = None;
        if lower.eat_kws(&["for", "order", "by"]) {
            order_by = Some(lower.qname());
        } else {
            lower.eat_kws(&["for", "search"]);
        }
        return Some((number, ClassItemKind::Operator { op, sides, order_by }));
    }
    let types: Vec<TypeName> = items(lower, |it| Some(it.type_name()));
    let name = function(lower)?;
    Some((number, ClassItemKind::Function { types, name, args: arguments(lower) }))
}

/// Behind `EVENT TRIGGER`.
pub(super) fn event_trigger(lower: &mut Lower<'_>) -> Option<Ddl> {
    let name = lower.col_id()?;
    lower.eat_kw("on");
    let event = lower.label()?;
    let mut filters = Vec::new();
    if lower.eat_kw("when") {
        while let Some(variable) = lower.col_id() {
            lower.eat_kw("in");
            filters.push((variable, items(lower, string_value)));
            if !lower.eat_kw("and") {
                break;
            }
        }
    }
    lower.eat_kw("execute");
    lower.eat_any_kw(&["function", "procedure"]);
    let function = function(lower)?;
    Some(Ddl::CreateEventTrigger(Box::new(CreateEventTrigger { name, event, filters, function })))
}

/// `SET (…)` behind an operator.
pub(super) fn settings(lower: &mut Lower<'_>) -> Option<Vec<Setting>> {
    (lower.at_kw("set") && lower.nth(1).kind == Kind::LParen).then(|| {
        lower.bump();
        options::settings(lower)
    })
}

/// The kinds of objects that belong to a whole server, or of which the project is not the only maker.
const HOSTED: [(&[&str], &str); 7] = [
    (&["event", "trigger"], "EVENT TRIGGER"),
    (&["publication"], "PUBLICATION"),
    (&["server"], "SERVER"),
    (&["foreign", "data", "wrapper"], "FOREIGN DATA WRAPPER"),
    (&["language"], "LANGUAGE"),
    (&["procedural", "language"], "LANGUAGE"),
    (&["trusted", "language"], "LANGUAGE"),
];

pub(super) fn hosted(lower: &mut Lower<'_>) -> Option<&'static str> {
    HOSTED.iter().find(|(words, _)| lower.eat_kws(words)).map(|it| it.1)
}

/// Behind CREATE: roles, servers, wrappers.
pub(super) fn create_hosted(lower: &mut Lower<'_>) -> Option<Ddl> {
    let from = lower.pos;
    if let Some(made) = super::foreign::create(lower) {
        return Some(made);
    }
    lower.pos = from;
    if !lower.eat_any_kw(&["role", "user", "group"]) {
        return None;
    }
    let name = QName { parts: vec![lower.col_id()?] };
    role_options(lower);
    Some(Ddl::Named(vec![mention(Mentioned::New("ROLE"), name)]))
}

/// An option that is said twice (`CreateRole`).
pub(super) fn role_options(lower: &mut Lower<'_>) {
    const FLAGS: [(&str, &str); 14] = [
        ("superuser", "superuser"),
        ("nosuperuser", "superuser"),
        ("createdb", "createdb"),
        ("nocreatedb", "createdb"),
        ("createrole", "createrole"),
        ("nocreaterole", "createrole"),
        ("inherit", "inherit"),
        ("noinherit", "inherit"),
        ("login", "login"),
        ("nologin", "login"),
        ("replication", "replication"),
        ("noreplication", "replication"),
        ("bypassrls", "bypassrls"),
        ("nobypassrls", "bypassrls"),
    ];
    let mut seen: Vec<&str> = Vec::new();
    lower.eat_kw("with");
    while !lower.at_end() && !lower.at(Kind::Semi) {
        let at = lower.token_range(lower.peek());
        if let Some((_, flag)) = FLAGS.iter().find(|it| lower.at_kw(it.0)) {
            if seen.contains(flag) {
                lower.refuse(at, "conflicting or redundant options");
                return;
            }
            seen.push(flag);
            lower.bump();
        } else if lower.at_any_kw(&["password", "encrypted", "valid", "connection", "sysid"]) {
            // With a value.
            let words = ["password", "encrypted", "valid", "connection", "sysid"];
            let own = words.into_iter().find(|it| lower.at_kw(it)).unwrap_or_default();
            let own = if own == "encrypted" { "password" } else { own };
            if seen.contains(&own) {
                lower.refuse(at, "conflicting or redundant options");
                return;
            }
            seen.push(own);
            lower.bump();
            lower.eat_any_kw(&["password", "until", "limit"]);
            lower.eat_op("-");
            lower.skip_one();
        } else {
            // Names of roles, which any word may be.
            return;
        }
    }
}
