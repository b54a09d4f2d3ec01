//! Statements that name objects and change nothing which is modelled (COMMENT, GRANT, CLUSTER, REINDEX and the like): what
//! they name.

use super::super::Lower;
use super::super::lex::Kind;
use super::{drop, foreign, if_exists, items, operator, options, rule, search, skip_item};
use crate::sql::Dialect;
use crate::sql::hir::ddl::{
    CastBy, CastUse, CreateCast, CreatePublication, CreateStatistics, Define, Grant, Mention, MentionChange,
    Mentioned, ObjectKind, OperatorName, PublicationChange, RelationKind,
};
use crate::sql::hir::{Ddl, ExprId, ExprKind, Name, QName, TypeName};

fn one(what: Mentioned, name: QName, if_exists: bool) -> Ddl {
    Ddl::Named(vec![Mention { if_exists, ..mention(what, name) }])
}

pub(super) fn mention(what: Mentioned, name: QName) -> Mention {
    Mention { what, name, if_exists: false, drops: false, cascade: false, change: None }
}

/// The argument types behind a function's name, where they are written.
pub(super) fn arguments(lower: &mut Lower<'_>) -> Option<Vec<TypeName>> {
    if !lower.eat(Kind::LParen) {
        return None;
    }
    let mut res = Vec::new();
    // `(float8 ORDER BY text)`, `(*)`: of aggregates. One VARIADIC is both sides'.
    let (mut variadic, mut ordered) = (false, false);
    while !lower.at_end() && !lower.at(Kind::RParen) {
        ordered |= lower.eat_kws(&["order", "by"]);
        let from = lower.pos;
        let is_variadic = lower.at_kw("variadic");
        if !lower.eat_op("*") {
            let ty = drop::argument(lower);
            res.extend(ty.filter(|_| !(ordered && variadic)));
        }
        variadic |= is_variadic;
        if !lower.at_kw("order") {
            lower.suspect |= !matches!(lower.kind(), Kind::Comma | Kind::RParen);
            skip_item(lower);
        }
        if lower.pos == from {
            lower.skip_one();
        }
        lower.eat(Kind::Comma);
    }
    lower.eat(Kind::RParen);
    Some(res)
}

/// `CLUSTER [t USING i]`, `REINDEX INDEX i`, `VACUUM t`.
pub(super) fn maintenance(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kw("cluster") {
        skip_options(lower);
        lower.eat_kw("verbose");
        if lower.at_end() {
            return None;
        }
        let table = lower.qname();
        let mut res = vec![relation(table.clone())];
        if lower.eat_kw("using") {
            res.push(mention(Mentioned::IndexOf(table), lower.qname()));
        }
        return Some(Ddl::Named(res));
    }
    if lower.eat_kw("reindex") {
        skip_options(lower);
        let what = if lower.eat_kw("index") {
            Mentioned::Relation(Some(RelationKind::Index))
        } else if lower.eat_kw("table") {
            Mentioned::Reindexed
        } else if lower.eat_kw("schema") {
            Mentioned::Schema
        } else {
            return None;
        };
        lower.eat_kw("concurrently");
        return Some(one(what, lower.qname(), false));
    }
    None
}

fn skip_options(lower: &mut Lower<'_>) {
    if lower.at(Kind::LParen) {
        lower.skip_one();
    }
}

fn relation(name: QName) -> Mention {
    mention(Mentioned::Relation(None), name)
}

/// What stands behind GRANT and REVOKE: privileges, and the columns they are for.
pub(super) fn privilege_list(lower: &mut Lower<'_>) -> Vec<(Name, Vec<Name>)> {
    let mut res = Vec::new();
    if lower.eat_kw("all") {
        let all = lower.missing_name();
        lower.eat_kw("privileges");
        if lower.at(Kind::LParen) {
            res.push((all, lower.paren_names()));
        }
        return res;
    }
    while matches!(lower.kind(), Kind::Word | Kind::Quoted) {
        let name = lower.take_name();
        let columns = if lower.at(Kind::LParen) { lower.paren_names() } else { Vec::new() };
        res.push((name, columns));
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    res
}

/// Behind `GRANT … ON` and `REVOKE … ON`, for all but tables.
pub(super) fn privileges(lower: &mut Lower<'_>, privileges: Vec<(Name, Vec<Name>)>) -> Option<Ddl> {
    let granted = |kind, objects| {
        Some(Ddl::Grant(Box::new(Grant { privileges: privileges.clone(), kind, objects, default: false })))
    };
    for (word, kind) in [("function", "function"), ("procedure", "procedure"), ("routine", "routine")] {
        if !lower.eat_kw(word) {
            continue;
        }
        let mut res = Vec::new();
        while let Some(first) = lower.label() {
            let name = lower.qname_rest(first);
            let args = arguments(lower);
            let object = match kind {
                "function" => ObjectKind::Function,
                "procedure" => ObjectKind::Procedure,
                _ => ObjectKind::Other,
            };
            let what = Mentioned::Function { object, args };
            res.push(mention(what, name));
            if !lower.eat(Kind::Comma) {
                break;
            }
        }
        return granted(kind, res);
    }
    let (what, kind) = if lower.eat_kw("sequence") {
        (Mentioned::Relation(Some(RelationKind::Sequence)), "sequence")
    } else if lower.eat_kw("schema") {
        (Mentioned::Schema, "schema")
    } else if lower.eat_kws(&["all", "tables", "in", "schema"]) {
        (Mentioned::Schema, "relation")
    } else if lower.eat_kws(&["all", "sequences", "in", "schema"]) {
        (Mentioned::Schema, "sequence")
    } else if lower.eat_kws(&["all", "functions", "in", "schema"]) {
        (Mentioned::Schema, "function")
    } else if lower.eat_kws(&["all", "procedures", "in", "schema"]) {
        (Mentioned::Schema, "procedure")
    } else if lower.eat_kws(&["all", "routines", "in", "schema"]) {
        (Mentioned::Schema, "routine")
    } else if lower.eat_kw("type") {
        (Mentioned::Type, "type")
    } else if lower.eat_kw("domain") {
        (Mentioned::Domain, "domain")
    } else {
        // They are not the database's own definitions, but have rights of their own.
        const OTHERS: [(&[&str], &str); 7] = [
            (&["database"], "database"),
            (&["language"], "language"),
            (&["tablespace"], "tablespace"),
            (&["parameter"], "parameter"),
            (&["foreign", "server"], "foreign server"),
            (&["foreign", "data", "wrapper"], "foreign-data wrapper"),
            (&["large", "object"], "large object"),
        ];
        let (_, kind) = OTHERS.iter().find(|it| lower.eat_kws(it.0))?;
        return granted(kind, Vec::new());
    };
    let mut res = Vec::new();
    while lower.at_col_id() {
        // Types are named as other objects are: `int` is no type here.
        res.push(mention(what.clone(), lower.qname()));
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    granted(kind, res)
}

/// Behind `ALTER DEFAULT PRIVILEGES`.
pub(super) fn default_privileges(lower: &mut Lower<'_>) -> Option<Ddl> {
    let mut objects = Vec::new();
    loop {
        if lower.eat_kws(&["in", "schema"]) {
            loop {
                objects.push(mention(Mentioned::Schema, lower.qname()));
                if !lower.eat(Kind::Comma) {
                    break;
                }
            }
        } else if lower.eat_kws(&["for", "role"]) || lower.eat_kws(&["for", "user"]) {
            while !lower.at_end() && !lower.at_any_kw(&["in", "for", "grant", "revoke"]) {
                lower.skip_one();
            }
        } else {
            break;
        }
    }
    let mut res = Grant { privileges: Vec::new(), kind: "", objects, default: true };
    if lower.eat_any_kw(&["grant", "revoke"]) {
        lower.eat_kws(&["grant", "option", "for"]);
        res.privileges = privilege_list(lower);
        if lower.eat_kw("on") {
            const KINDS: [(&str, &str); 7] = [
                ("large", "large object"),
                ("tables", "relation"),
                ("sequences", "sequence"),
                ("functions", "function"),
                ("routines", "function"),
                ("types", "type"),
                ("schemas", "schema"),
            ];
            res.kind = KINDS.iter().find(|it| lower.at_kw(it.0)).map_or("", |it| it.1);
        }
    }
    Some(Ddl::Grant(Box::new(res)))
}

/// The kinds of objects of which only the names are kept.
fn class(lower: &mut Lower<'_>) -> Option<Mentioned> {
    const KINDS: [(&[&str], Mentioned); 8] = [
        (&["statistics"], Mentioned::Statistics),
        (&["collation"], Mentioned::Collation),
        (&["conversion"], Mentioned::Conversion),
        (&["access", "method"], Mentioned::AccessMethod),
        (&["text", "search", "parser"], Mentioned::TextSearchParser),
        (&["text", "search", "template"], Mentioned::TextSearchTemplate),
        (&["text", "search", "dictionary"], Mentioned::TextSearchDictionary),
        (&["text", "search", "configuration"], Mentioned::TextSearchConfiguration),
    ];
    KINDS.iter().find(|(words, _)| lower.eat_kws(words)).map(|it| it.1.clone())
}

/// `SET CONSTRAINTS a, b DEFERRED`.
pub(super) fn set_constraints(lower: &mut Lower<'_>) -> Option<Ddl> {
    lower.eat_kws(&["set", "constraints"]);
    if lower.at_kw("all") {
        return None;
    }
    let mut res = Vec::new();
    while lower.at_col_id() {
        res.push(mention(Mentioned::AnyConstraint, lower.qname()));
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    Some(Ddl::Named(res))
}

/// Behind COMMENT ON.
pub(super) fn comment(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kw("cast") {
        return cast(lower, false, false);
    }
    if let Some(named) = rule(lower, false).or_else(|| by_signature(lower, false)) {
        return Some(named);
    }
    let what = match class(lower) {
        Some(it) => it,
        None => Mentioned::Hosted(operator::hosted(lower)?),
    };
    Some(one(what, lower.qname(), false))
}

fn rule(lower: &mut Lower<'_>, drops: bool) -> Option<Ddl> {
    if !lower.eat_kw("rule") {
        return None;
    }
    let if_exists = if_exists(lower);
    let name = lower.col_id()?;
    lower.eat_kw("on");
    let table = lower.qname();
    let name = QName { parts: vec![name] };
    Some(changed(lower, Mention { if_exists, drops, ..mention(Mentioned::Rule(table), name) }))
}

/// `OPERATOR CLASS c USING m`, `OPERATOR + (a, b)`, `TRANSFORM FOR t LANGUAGE l`.
fn by_signature(lower: &mut Lower<'_>, drops: bool) -> Option<Ddl> {
    let family = lower.at_kws(&["operator", "family"]);
    if family || lower.at_kws(&["operator", "class"]) {
        lower.bump();
        lower.bump();
        let if_exists = if_exists(lower);
        let name = lower.qname();
        lower.eat_kw("using");
        let method = lower.col_id()?;
        if family && !drops {
            let from = lower.pos;
            if let Some(altered) = operator::alter_family(lower, name.clone(), method.clone()) {
                return Some(altered);
            }
            lower.pos = from;
        }
        let what = if family { Mentioned::OperatorFamily(method) } else { Mentioned::OperatorClass(method) };
        return Some(changed(lower, Mention { if_exists, drops, ..mention(what, name) }));
    }
    if lower.eat_kw("operator") {
        let if_exists = if_exists(lower);
        let op = operator::any(lower)?;
        let close = lower.peek().close as usize;
        let mut sides = items(lower, |it| Some(if it.eat_kw("none") { None } else { Some(it.type_name()) }));
        if sides.len() == 1
            && let Some(close) = lower.tokens.get(close)
        {
            lower.refuse(lower.token_range(*close), "missing argument");
        }
        let right = sides.pop()?;
        let left = sides.pop()?;
        let name = Name { ident: crate::sql::Ident::new(op.op.as_str()), range: op.range };
        let schema = op.schema.clone();
        let what = Mentioned::Operator(Box::new(OperatorName { op, left, right }));
        let mut parts = schema;
        parts.push(name);
        let name = QName { parts };
        let mut res = Mention { if_exists, drops, ..mention(what, name) };
        if !drops && let Some(settings) = operator::settings(lower) {
            res.change = Some(MentionChange::Set(settings));
        }
        return Some(changed(lower, res));
    }
    if lower.eat_kw("transform") {
        let if_exists = if_exists(lower);
        lower.eat_kw("for");
        let ty = lower.type_name();
        lower.eat_kw("language");
        let name = QName { parts: vec![lower.col_id()?] };
        let what = Mentioned::Transform(Box::new(ty));
        return Some(Ddl::Named(vec![Mention { if_exists, drops, ..mention(what, name) }]));
    }
    None
}

/// Behind CAST of DROP and COMMENT ON.
fn cast(lower: &mut Lower<'_>, if_exists: bool, drops: bool) -> Option<Ddl> {
    if !lower.eat(Kind::LParen) {
        return None;
    }
    let source = lower.type_name();
    lower.eat_kw("as");
    let target = lower.type_name();
    Some(Ddl::NamedCast { source, target, if_exists, drops })
}

/// Behind DROP.
pub(super) fn drop(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kw("cast") {
        let if_exists = if_exists(lower);
        return cast(lower, if_exists, true);
    }
    if let Some(dropped) = foreign::drop(lower) {
        return Some(dropped);
    }
    named(lower, true)
}

fn named(lower: &mut Lower<'_>, drops: bool) -> Option<Ddl> {
    if let Some(named) = rule(lower, drops).or_else(|| by_signature(lower, drops)) {
        return Some(named);
    }
    let what = match class(lower) {
        Some(it) => it,
        None => Mentioned::Hosted(operator::hosted(lower)?),
    };
    let if_exists = if_exists(lower);
    let mut res = Vec::new();
    loop {
        let name = lower.qname();
        let change = if drops { None } else { change(lower) };
        res.push(Mention { if_exists, drops, change, ..mention(what.clone(), name) });
        if !drops || !lower.eat(Kind::Comma) {
            break;
        }
    }
    if drops && super::cascade(lower) {
        res.iter_mut().for_each(|it| it.cascade = true);
    }
    Some(Ddl::Named(res))
}

/// `RENAME TO name`, `SET SCHEMA name`.
fn change(lower: &mut Lower<'_>) -> Option<MentionChange> {
    if lower.eat_kws(&["rename", "to"]) {
        return lower.label().map(MentionChange::Rename);
    }
    if lower.eat_kws(&["set", "schema"]) {
        return lower.col_id().map(MentionChange::Schema);
    }
    None
}

/// What stands behind the object's name.
fn changed(lower: &mut Lower<'_>, mut mention: Mention) -> Ddl {
    if mention.drops {
        mention.cascade = super::cascade(lower);
    } else if mention.change.is_none() {
        mention.change = change(lower);
    }
    Ddl::Named(vec![mention])
}

/// Behind ALTER.
pub(super) fn alter(lower: &mut Lower<'_>) -> Option<Ddl> {
    let from = lower.pos;
    if lower.eat_kw("publication")
        && let Some(altered) = alter_publication(lower)
    {
        return Some(altered);
    }
    lower.pos = from;
    if lower.dialect == Dialect::Postgres
        && let Some(altered) = foreign::alter(lower).or_else(|| search::alter(lower))
    {
        return Some(altered);
    }
    lower.pos = from;
    named(lower, false)
}

/// `name ADD TABLE …`, `name SET (…)`.
fn alter_publication(lower: &mut Lower<'_>) -> Option<Ddl> {
    let name = lower.col_id()?;
    let change = if lower.at_kw("set") && lower.nth(1).kind == Kind::LParen {
        PublicationChange::Options
    } else if lower.at_kw("add") {
        PublicationChange::Add
    } else if lower.at_kw("drop") {
        PublicationChange::Drop
    } else if lower.at_kw("set") && !lower.nth_kw(1, "schema") {
        PublicationChange::Set
    } else {
        return None;
    };
    lower.bump();
    let (tables, schemas, options) = (Vec::new(), Vec::new(), Vec::new());
    let mut res = CreatePublication { name, tables, schemas, options, change: Some(change) };
    match change {
        PublicationChange::Options => res.options = options::settings(lower),
        _ => published(lower, &mut res)?,
    }
    Some(Ddl::CreatePublication(Box::new(res)))
}

/// Behind CREATE: what is made is not modelled, but names objects.
pub(super) fn create(lower: &mut Lower<'_>, or_replace: bool) -> Option<Ddl> {
    if lower.eat_kw("rule") {
        return rule::create(lower, or_replace);
    }
    if lower.eat_kw("statistics") {
        return Some(statistics(lower));
    }
    if lower.eat_kw("cast") {
        return create_cast(lower);
    }
    if lower.eat_kw("collation") {
        let if_not_exists = super::if_not_exists(lower);
        let name = lower.qname();
        let from = if lower.eat_kw("from") { Some(lower.qname()) } else { None };
        let options = if from.is_none() { options::settings(lower) } else { Vec::new() };
        return Some(Ddl::Define(Box::new(Define { kind: "COLLATION", name, if_not_exists, from, options })));
    }
    for (words, kind) in [
        (["text", "search", "configuration"], "TEXT SEARCH CONFIGURATION"),
        (["text", "search", "dictionary"], "TEXT SEARCH DICTIONARY"),
        (["text", "search", "parser"], "TEXT SEARCH PARSER"),
        (["text", "search", "template"], "TEXT SEARCH TEMPLATE"),
    ] {
        if lower.eat_kws(&words) {
            return Some(text_search(lower, kind));
        }
    }
    if lower.eat_kw("publication") {
        return publication(lower);
    }
    None
}

fn statistics(lower: &mut Lower<'_>) -> Ddl {
    let if_not_exists = super::if_not_exists(lower);
    let name = if lower.at_kw("on") || lower.at(Kind::LParen) { None } else { Some(lower.qname()) };
    let kinds = items(lower, |it| it.col_id());
    let mut all = Vec::new();
    if lower.eat_kw("on") {
        loop {
            let doubled =
                lower.at(Kind::LParen) && lower.nth(1).kind == Kind::LParen && lower.nth_starts_query(2);
            all.push(if doubled { super::table::parenthesized(lower) } else { lower.b_expr() });
            if !lower.eat(Kind::Comma) {
                break;
            }
        }
    }
    let mut table = None;
    if lower.eat_kw("from") {
        table = Some(lower.qname());
        // Another name for it matters to expressions alone.
        let kind = |it: &ExprId| lower.exprs.get(it.0 as usize).map(|it| &it.kind);
        let bare = all.iter().all(|it| matches!(kind(it), Some(ExprKind::Column(_))));
        if bare && (lower.eat_kw("as") || matches!(lower.peek().kind, Kind::Word | Kind::Quoted)) {
            lower.col_id();
        }
        table.take_if(|_| !lower.at_end() && !lower.at(Kind::Semi));
    }
    Ddl::CreateStatistics(Box::new(CreateStatistics { name, if_not_exists, kinds, items: all, table }))
}

fn create_cast(lower: &mut Lower<'_>) -> Option<Ddl> {
    if !lower.eat(Kind::LParen) {
        return None;
    }
    let source = lower.type_name();
    lower.eat_kw("as");
    let target = lower.type_name();
    lower.eat(Kind::RParen);
    let by = if lower.eat_kws(&["with", "function"]) {
        let first = lower.label()?;
        CastBy::Function { name: lower.qname_rest(first), args: arguments(lower) }
    } else if lower.eat_kws(&["with", "inout"]) {
        CastBy::Io
    } else {
        CastBy::Binary
    };
    while !lower.at_end() && !lower.at(Kind::Semi) && !lower.at_kw("as") {
        lower.skip_one();
    }
    let context = if lower.eat_kws(&["as", "implicit"]) {
        CastUse::Implicit
    } else if lower.eat_kws(&["as", "assignment"]) {
        CastUse::Assignment
    } else {
        CastUse::Explicit
    };
    Some(Ddl::CreateCast(Box::new(CreateCast { source, target, by, context })))
}

/// Behind PUBLICATION.
fn publication(lower: &mut Lower<'_>) -> Option<Ddl> {
    // The tolerant parser takes more than the grammar does.
    lower.suspect = true;
    let name = lower.col_id()?;
    let (tables, schemas, options) = (Vec::new(), Vec::new(), Vec::new());
    let mut res = CreatePublication { name, tables, schemas, options, change: None };
    if lower.eat_kw("for") {
        published(lower, &mut res)?;
    }
    while !lower.at_end() && !lower.at(Kind::Semi) {
        if lower.eat_kw("with") {
            res.options = options::settings(lower);
        } else {
            lower.skip_one();
        }
    }
    Some(Ddl::CreatePublication(Box::new(res)))
}

/// `TABLE a, TABLES IN SCHEMA b, …`.
fn published(lower: &mut Lower<'_>, res: &mut CreatePublication) -> Option<()> {
    let mut of_schemas = false;
    let first = lower.peek();
    if !lower.at_any_kw(&["all", "table"]) && !lower.at_kws(&["tables", "in", "schema"]) {
        lower.bump();
        lower.refuse(lower.token_range(first), "invalid publication object list");
        return None;
    }
    loop {
        if lower.eat_kws(&["tables", "in", "schema"]) {
            of_schemas = true;
        } else if lower.at_kw("table") && !lower.nth_kw(1, "where") {
            lower.bump();
            of_schemas = false;
        }
        if of_schemas {
            match lower.eat_kw("current_schema") {
                true => {}
                false => res.schemas.extend(lower.col_id()),
            }
        } else if lower.at_col_id() {
            let only = lower.eat_kw("only");
            let name = lower.qname();
            lower.eat_star(only);
            let columns = if lower.at(Kind::LParen) { lower.paren_names() } else { Vec::new() };
            let where_ = if lower.eat_kw("where") { Some(lower.expr()) } else { None };
            res.tables.push((name, columns, where_));
        }
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    Some(())
}

/// Behind `TEXT SEARCH …`: the name, then `(option = name, …)`.
fn text_search(lower: &mut Lower<'_>, kind: &'static str) -> Ddl {
    let name = lower.qname();
    let options = options::settings(lower);
    Ddl::Define(Box::new(Define { kind, name, if_not_exists: false, from: None, options }))
}
