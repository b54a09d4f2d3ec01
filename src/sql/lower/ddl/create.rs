//! CREATE of everything but tables and routines.

use super::super::Lower;
use super::super::lex::Kind;
use super::attributes::{Attributes, Takes};
use super::{
    alter, column_list, if_not_exists, inside, items, mysql, named, operator, options, recursive, routine,
    skip_group, string_value, table,
};
use crate::base::text::TextRange;
use crate::sql::Dialect;
use crate::sql::hir::ddl::{
    CreateIndex, CreateView, DomainConstraint, DomainConstraintKind, IndexItem, Policy, Setting,
    TriggerDetails, ViewKind,
};
use crate::sql::hir::{Ddl, ExprKind, Name, QName, Query, StatementKind};

/// Behind CREATE.
pub(super) fn create(lower: &mut Lower<'_>) -> Option<Ddl> {
    let or_replace = lower.eat_kws(&["or", "replace"]);
    lower.eat_any_kw(&["global", "local"]);
    mysql::skip_view_options(lower);
    let temporary = lower.eat_any_kw(&["temporary", "temp"]);
    let at = lower.token_range(lower.peek());
    let unlogged = !temporary && lower.eat_kw("unlogged");
    if unlogged && lower.at_kw("view") {
        lower.refuse(at, "views cannot be unlogged because they do not have storage");
    }
    if unlogged && lower.at_kws(&["materialized", "view"]) {
        lower.refuse_feature(at, "materialized views cannot be unlogged");
    }
    let foreign = lower.at_kws(&["foreign", "table"]);
    // SQLite's, of whose columns its module decides: `CREATE VIRTUAL TABLE name USING fts5(…)`.
    if lower.dialect == Dialect::Sqlite && lower.at_kws(&["virtual", "table"]) {
        lower.bump();
    }
    if lower.eat_kw("table") || lower.eat_kws(&["foreign", "table"]) {
        let mut made = table::create_table(lower, temporary);
        if let Ddl::CreateTable(table) = &mut made {
            table.foreign = foreign;
            table.unlogged = unlogged;
        }
        return Some(made);
    }
    if lower.at_kw("view") || lower.at_kws(&["recursive", "view"]) {
        let recursive = lower.eat_kw("recursive");
        lower.bump();
        let mut made = view(lower, ViewKind::View, or_replace, temporary);
        if let Ddl::CreateView(view) = &mut made
            && recursive
        {
            recursive::read_itself(lower, view);
        }
        return Some(made);
    }
    if lower.eat_kws(&["materialized", "view"]) {
        return Some(view(lower, ViewKind::Materialized, false, false));
    }
    if lower.dialect == Dialect::Mysql {
        lower.eat_any_kw(&["fulltext", "spatial"]);
    }
    if lower.at_kw("index") || lower.at_kws(&["unique", "index"]) {
        return Some(index(lower));
    }
    if lower.eat_kw("sequence") {
        return Some(sequence(lower, temporary));
    }
    if lower.eat_kw("type") {
        return Some(type_(lower));
    }
    if lower.eat_kw("domain") {
        return Some(domain(lower));
    }
    if lower.eat_kw("schema") {
        return Some(schema(lower));
    }
    if lower.eat_kw("extension") {
        return extension(lower);
    }
    if lower.at_any_kw(&["function", "procedure"]) {
        let procedure = lower.at_kw("procedure");
        lower.bump();
        return Some(routine::create(lower, procedure, or_replace));
    }
    if lower.at_kw("trigger") || lower.at_kws(&["constraint", "trigger"]) {
        let constraint = lower.eat_kw("constraint");
        lower.bump();
        return trigger(lower, or_replace, constraint);
    }
    if lower.eat_kw("policy") {
        lower.suspect = true;
        return policy(lower).map(Ddl::CreatePolicy);
    }
    const OPAQUE: &[(&[&str], &str)] = &[
        (&["conversion"], "CONVERSION"),
        (&["default", "conversion"], "CONVERSION"),
        (&["language"], "LANGUAGE"),
        (&["trusted", "language"], "LANGUAGE"),
        (&["procedural", "language"], "LANGUAGE"),
        (&["trusted", "procedural", "language"], "LANGUAGE"),
        (&["access", "method"], "ACCESS METHOD"),
        (&["transform"], "TRANSFORM"),
    ];
    if lower.eat_kw("aggregate") {
        return Some(routine::aggregate(lower, or_replace));
    }
    if let Some(named) = named::create(lower, or_replace) {
        return Some(named);
    }
    if lower.eat_kws(&["operator", "class"]) {
        return operator::class(lower);
    }
    if lower.eat_kws(&["operator", "family"]) {
        return operator::family(lower);
    }
    if lower.eat_kw("operator") {
        return Some(operator::create(lower));
    }
    if lower.eat_kws(&["event", "trigger"]) {
        return operator::event_trigger(lower);
    }
    if lower.dialect == Dialect::Postgres
        && let Some(made) = operator::create_hosted(lower)
    {
        return Some(made);
    }
    let (_, kind) = OPAQUE.iter().find(|(words, _)| lower.eat_kws(words))?;
    if or_replace && *kind == "LANGUAGE" {
        return None;
    }
    Some(Ddl::Opaque { kind: (*kind).into(), name: lower.qname() })
}

/// What a view or a table is made of: where this reader stumbles in it, PostgreSQL's grammar is to decide.
pub fn defining_query(lower: &mut Lower<'_>) -> Query {
    let clean = lower.clean;
    let res = lower.query();
    let ends = lower.at_end() || lower.at(Kind::Semi) || lower.at_any_kw(&["with", "create", "grant"]);
    lower.suspect |= clean && !lower.clean || !ends;
    res
}

/// Behind VIEW.
fn view(lower: &mut Lower<'_>, kind: ViewKind, or_replace: bool, temporary: bool) -> Ddl {
    let if_not_exists = if_not_exists(lower);
    let name = lower.qname();
    let columns = if lower.at(Kind::LParen) { column_list(lower) } else { Vec::new() };
    // USING, TABLESPACE.
    let (mut options, mut method) = (Vec::new(), None);
    while !lower.at_end() && !lower.at_any_kw(&["as", "select", "create"]) {
        if lower.at_kw("with") && lower.nth(1).kind == Kind::LParen {
            lower.bump();
            options = options::settings(lower);
        } else if lower.eat_kw("using") {
            method = lower.col_id();
        } else {
            lower.skip_one();
        }
    }
    lower.eat_kw("as");
    let start = lower.start();
    let query = Box::new(defining_query(lower));
    let query_range = lower.span(start);
    let start = lower.start();
    let mut check_option = None;
    if lower.at_kw("with") && !lower.at_kws(&["with", "no"]) && !lower.at_kws(&["with", "data"]) {
        lower.bump();
        lower.eat_any_kw(&["local", "cascaded"]);
        if lower.eat_kws(&["check", "option"]) {
            check_option = Some(lower.span(start));
        }
    }
    Ddl::CreateView(CreateView {
        kind,
        name,
        or_replace,
        if_not_exists,
        temporary,
        columns,
        query,
        query_range,
        options,
        check_option,
        method,
        on_commit: None,
    })
}

fn index(lower: &mut Lower<'_>) -> Ddl {
    let unique = lower.eat_kw("unique");
    lower.eat_kw("index");
    let concurrently = lower.eat_kw("concurrently");
    let if_not_exists = if_not_exists(lower);
    let name = if lower.at_kw("on") { None } else { lower.col_id() };
    if lower.eat_kw("using") {
        // MySQL names the method here.
        lower.col_id();
    }
    // Its name has no schema.
    lower.suspect |= !lower.eat_kw("on");
    let only = lower.eat_kw("only");
    let mut res = CreateIndex {
        name,
        table: lower.qname(),
        only,
        unique,
        concurrently,
        if_not_exists,
        method: None,
        items: Vec::new(),
        include: Vec::new(),
        refused_includes: Vec::new(),
        nulls_not_distinct: false,
        where_: None,
        options: Vec::new(),
    };
    if lower.eat_kw("using") {
        res.method = lower.col_id();
    }
    res.items = items(lower, |it| Some(index_item(it)));
    while !lower.at_end() && !lower.at_any_kw(&["create", "grant"]) && !lower.at(Kind::Semi) {
        if lower.eat_kw("include") {
            (res.include, res.refused_includes) = included(lower);
        } else if lower.eat_kws(&["nulls", "not", "distinct"]) {
            res.nulls_not_distinct = true;
        } else if lower.at_kw("with") && lower.nth(1).kind == Kind::LParen {
            lower.bump();
            res.options = options::settings(lower);
        } else if lower.eat_kw("where") {
            res.where_ = Some(lower.expr());
            break;
        } else {
            lower.skip_one();
        }
    }
    Ddl::CreateIndex(res)
}

/// `INCLUDE (a, b)`: the columns, and what PostgreSQL's grammar takes there but no index does (`ComputeIndexAttrs`).
fn included(lower: &mut Lower<'_>) -> (Vec<Name>, Vec<(TextRange, &'static str)>) {
    let (mut columns, mut refused) = (Vec::new(), Vec::new());
    for (range, item) in items(lower, |it| {
        let start = it.start();
        let item = index_item(it);
        Some((it.span(start), item))
    }) {
        let name = match lower.exprs.get(item.expr.0 as usize).map(|it| &it.kind) {
            Some(ExprKind::Column(name)) if name.parts.len() == 1 => name.last(),
            _ => None,
        };
        columns.extend(name.cloned());
        let words = if name.is_none() {
            "expressions are not supported in included columns"
        } else if item.collation.is_some() {
            "including column does not support a collation"
        } else if item.opclass.is_some() {
            "including column does not support an operator class"
        } else if item.descending {
            "including column does not support ASC/DESC options"
        } else if item.nulls_first.is_some() {
            "including column does not support NULLS FIRST/LAST options"
        } else {
            continue;
        };
        refused.push((range, words));
    }
    (columns, refused)
}

/// `a`, `lower(a)`, `(a + b)`, then COLLATE, an operator class with options, direction and place of nulls.
pub(super) fn index_item(lower: &mut Lower<'_>) -> IndexItem {
    let own = lower.at(Kind::LParen);
    lower.suspect |= own && lower.nth_starts_query(1);
    let doubled = own && lower.nth(1).kind == Kind::LParen && lower.nth_starts_query(2);
    let mut expr = if doubled { table::parenthesized(lower) } else { lower.b_expr() };
    let kind = lower.exprs.get(expr.0 as usize).map(|it| &it.kind);
    let plain = matches!(kind, Some(ExprKind::Column(name)) if name.parts.len() == 1)
        || matches!(kind, Some(ExprKind::Call(_)));
    let windowed = matches!(kind, Some(ExprKind::Call(it)) if it.over.is_some() || it.filter.is_some() || !it.within_group.is_empty());
    let wrapped = matches!(kind, Some(ExprKind::Paren(_) | ExprKind::Collate { .. }));
    lower.suspect |= !own && (!plain || windowed) || own && !wrapped;
    let mut collation = None;
    if let Some(ExprKind::Collate { expr: inner, collation: name }) =
        lower.exprs.get(expr.0 as usize).map(|it| &it.kind)
    {
        (expr, collation) = (*inner, Some(name.clone()));
    }
    if lower.eat_kw("collate") {
        collation = Some(lower.qname());
    }
    let mut res = IndexItem { expr, collation, opclass: None, descending: false, nulls_first: None };
    if lower.at_col_id() && !lower.at_any_kw(&["asc", "desc"]) && !lower.at_kw("nulls") {
        res.opclass = Some(lower.qname());
        skip_group(lower);
    }
    res.descending = lower.eat_kw("desc");
    lower.eat_kw("asc");
    if lower.eat_kw("nulls") {
        res.nulls_first = Some(lower.at_kw("first"));
        lower.eat_any_kw(&["first", "last"]);
    }
    res
}

fn sequence(lower: &mut Lower<'_>, temporary: bool) -> Ddl {
    let if_not_exists = if_not_exists(lower);
    let mut name = lower.qname();
    if let Some(first) = name.parts.first().filter(|_| temporary && name.parts.len() == 1) {
        // The schema of what is temporary, which is not written.
        let range = TextRange::empty(first.range.start());
        name.parts.insert(0, Name { ident: crate::sql::Ident::new("pg_temp"), range });
    }
    let (ty, owned_by, options) = alter::sequence_options(lower);
    Ddl::CreateSequence { name, if_not_exists, ty, owned_by, options }
}

/// Behind OWNED BY: a column, or NONE.
pub(super) fn owner(lower: &mut Lower<'_>) -> Option<QName> {
    if lower.eat_kw("none") { None } else { Some(lower.qname()).filter(|it| !it.parts.is_empty()) }
}

fn type_(lower: &mut Lower<'_>) -> Ddl {
    lower.suspect = true;
    let name = lower.qname();
    if lower.eat_kws(&["as", "enum"]) {
        return Ddl::CreateEnum { name, labels: items(lower, enum_label) };
    }
    if lower.eat_kws(&["as", "range"]) {
        let mut subtype = None;
        let mut options = Vec::new();
        items(lower, |it| {
            if it.eat_kw("subtype") && it.eat_op("=") {
                subtype = Some(it.type_name());
            } else {
                options.extend(range_option(it));
            }
            None::<()>
        });
        return Ddl::CreateRange { name, subtype, options };
    }
    if lower.eat_kw("as") {
        let mut collations = Vec::new();
        let columns = items(lower, |it| {
            let name = it.col_id()?;
            let ty = it.type_name();
            collations.push(if it.eat_kw("collate") { Some(it.qname()) } else { None });
            Some((name, ty))
        });
        return Ddl::CreateComposite { name, columns, collations };
    }
    let options = lower.at(Kind::LParen).then(|| options::settings(lower));
    Ddl::CreateShellType { name, options }
}

/// `subtype_opclass = name` and its like.
fn range_option(lower: &mut Lower<'_>) -> Option<Setting> {
    let name = QName { parts: vec![lower.label()?] };
    let start = lower.start();
    lower.eat_op("=");
    let value = lower.qname();
    let text = value.parts.iter().map(|it| it.ident.as_str()).collect::<Vec<_>>().join(".");
    Some(Setting { name, value: Some(text.into()), value_range: lower.span(start) })
}

fn enum_label(lower: &mut Lower<'_>) -> Option<(smol_str::SmolStr, TextRange)> {
    string_value(lower)
}

fn domain(lower: &mut Lower<'_>) -> Ddl {
    lower.suspect = true;
    let name = lower.qname();
    lower.eat_kw("as");
    let base = lower.type_name();
    let (mut not_null, mut default, mut checks) = (false, None, Vec::new());
    let (mut collation, mut constraints) = (None, Vec::new());
    while !lower.at_end() && !lower.at(Kind::Semi) {
        let start = lower.start();
        let at = lower.token_range(lower.peek());
        if lower.eat_kw("collate") {
            let twice = collation.replace(lower.qname()).is_some();
            if twice {
                lower.refuse(at, "multiple COLLATE clauses not allowed");
            }
            continue;
        }
        let own = if lower.eat_kw("constraint") { lower.col_id() } else { None };
        let kind = if lower.eat_kws(&["not", "null"]) {
            not_null = true;
            DomainConstraintKind::NotNull
        } else if lower.eat_kw("null") {
            DomainConstraintKind::Null
        } else if lower.eat_kw("default") {
            default = Some(lower.b_expr());
            DomainConstraintKind::Default
        } else if lower.eat_kw("check") {
            checks.push(lower.expr());
            DomainConstraintKind::Check { no_inherit: lower.eat_kws(&["no", "inherit"]) }
        } else if lower.eat_kw("unique") {
            DomainConstraintKind::Refused("unique constraints")
        } else if lower.eat_kws(&["primary", "key"]) {
            DomainConstraintKind::Refused("primary key constraints")
        } else if lower.eat_kw("references") {
            DomainConstraintKind::Refused("foreign key constraints")
        } else if lower.eat_kw("generated") {
            DomainConstraintKind::Unsupported("GENERATED")
        } else if lower.at_any_kw(&["deferrable", "initially"]) || lower.at_kws(&["not", "deferrable"]) {
            lower.bump();
            lower.eat_any_kw(&["deferrable", "deferred", "immediate"]);
            DomainConstraintKind::Unsupported("constraint deferrability")
        } else if lower.eat_kw("enforced") || lower.eat_kws(&["not", "enforced"]) {
            DomainConstraintKind::Unsupported("constraint enforceability")
        } else {
            lower.skip_one();
            continue;
        };
        constraints.push(DomainConstraint { range: lower.span(start), name: own, kind });
    }
    Ddl::CreateDomain { name, base, not_null, default, checks, collation, constraints }
}

fn schema(lower: &mut Lower<'_>) -> Ddl {
    let if_not_exists = if_not_exists(lower);
    let mut name = if lower.at_kw("authorization") { None } else { lower.col_id() };
    if lower.eat_kw("authorization") {
        // Without a name of its own the schema is named after the role.
        let role = if lower.at_any_kw(&["current_user", "session_user", "current_role"]) {
            lower.bump();
            None
        } else {
            lower.col_id()
        };
        name = name.or(role);
    }
    let mut elements = Vec::new();
    let first = lower.token_range(lower.peek());
    let has_elements = lower.at_any_kw(&["create", "grant"]);
    while !lower.at_end() && !lower.at(Kind::Semi) {
        if lower.at_kw("create") {
            // An element ends where the next one starts; its reader must not look further.
            let (from, whole) = (lower.pos, lower.end);
            lower.bump();
            while !lower.at_end() && !lower.at_any_kw(&["create", "grant"]) {
                lower.skip_one();
            }
            let end = lower.pos;
            (lower.pos, lower.end) = (from, end);
            if let Some(ddl) = super::statement(lower) {
                elements.push(StatementKind::Ddl(Box::new(ddl)));
            }
            (lower.pos, lower.end) = (end, whole);
        } else {
            lower.skip_one();
        }
    }
    if if_not_exists && has_elements {
        lower.refuse_feature(first, "CREATE SCHEMA IF NOT EXISTS cannot include schema elements");
    }
    Ddl::CreateSchema { name, if_not_exists, elements }
}

fn extension(lower: &mut Lower<'_>) -> Option<Ddl> {
    let if_not_exists = if_not_exists(lower);
    let name = lower.col_id()?;
    let mut schema = None;
    while !lower.at_end() && !lower.at(Kind::Semi) {
        if lower.eat_kw("schema") {
            schema = lower.col_id();
        } else {
            lower.skip_one();
        }
    }
    Some(Ddl::CreateExtension { name, if_not_exists, schema })
}

fn trigger(lower: &mut Lower<'_>, or_replace: bool, constraint: bool) -> Option<Ddl> {
    let name = lower.col_id()?;
    let mut details = TriggerDetails { constraint, ..TriggerDetails::default() };
    lower.suspect = true;
    while !lower.at_end() && !lower.eat_kw("on") {
        trigger_event(lower, &mut details);
    }
    let table = lower.qname();
    let mut attributes = Attributes::default();
    while !lower.at_end()
        && !lower.at_kws(&["execute", "function"])
        && !lower.at_kws(&["execute", "procedure"])
    {
        if lower.eat_kw("for") {
            lower.eat_kw("each");
            details.for_each_row = lower.at_kw("row");
        } else if lower.eat_kw("referencing") {
            while lower.at_any_kw(&["new", "old"]) {
                let new = lower.eat_kw("new");
                if !new {
                    lower.bump();
                }
                let table = lower.eat_kw("table");
                if !table {
                    lower.eat_kw("row");
                }
                lower.eat_kw("as");
                let name = lower.col_id();
                details.transition_tables.push((new, name.filter(|_| table)));
            }
        } else if constraint && details.from.is_none() && lower.eat_kw("from") {
            details.from = Some(lower.qname());
        } else if constraint && attributes.step(lower) {
            continue;
        } else if lower.at_kw("when") && lower.nth(1).kind == Kind::LParen {
            lower.bump();
            details.when = Some(lower.expr());
        } else {
            lower.skip_one();
        }
    }
    let takes =
        Takes { kind: "TRIGGER", deferrable: true, not_valid: false, no_inherit: false, enforced: false };
    attributes.check(lower, &takes);
    lower.bump();
    lower.bump();
    let function = lower.qname();
    if or_replace && constraint {
        let create = lower.tokens.first().map(|it| lower.token_range(*it)).unwrap_or_default();
        while !lower.at_end() && !lower.at(Kind::Semi) {
            lower.skip_one();
        }
        lower.refuse_feature(create, "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported");
    }
    Some(Ddl::CreateTrigger { name, table, function, or_replace, details })
}

/// A word before ON: when the trigger fires, or for what.
fn trigger_event(lower: &mut Lower<'_>, details: &mut TriggerDetails) {
    for (word, timing) in [("before", "BEFORE"), ("after", "AFTER"), ("instead", "INSTEAD OF")] {
        if lower.eat_kw(word) {
            details.timing = timing.into();
            return;
        }
    }
    for (word, event) in
        [("insert", "INSERT"), ("update", "UPDATE"), ("delete", "DELETE"), ("truncate", "TRUNCATE")]
    {
        let start = lower.peek();
        if !lower.eat_kw(word) {
            continue;
        }
        // The grammar's own action, which looks one token ahead behind UPDATE.
        let twice = details.events.iter().any(|it| it == event);
        details.events.push(event.into());
        if event == "UPDATE" && lower.eat_kw("of") {
            while let Some(column) = lower.col_id() {
                details.columns.push(column);
                if !lower.eat(Kind::Comma) {
                    break;
                }
            }
        }
        if twice {
            let token = if event == "UPDATE" { lower.peek() } else { start };
            let at = lower.token_range(token);
            let message = match lower.at_end() && event == "UPDATE" {
                true => "duplicate trigger events specified at end of input".to_owned(),
                false => {
                    format!("duplicate trigger events specified at or near \"{}\"", lower.str(token))
                }
            };
            lower.refuse(at, message);
        }
        return;
    }
    lower.skip_one();
}

/// Behind POLICY: a policy created, or altered without RENAME.
pub(super) fn policy(lower: &mut Lower<'_>) -> Option<Policy> {
    let name = lower.col_id()?;
    lower.eat_kw("on");
    let mut res = Policy {
        name,
        table: lower.qname(),
        permissive: true,
        command: "ALL".into(),
        roles: Vec::new(),
        using: None,
        with_check: None,
    };
    while !lower.at_end() && !lower.at(Kind::Semi) {
        if lower.eat_kw("as") {
            res.permissive = !lower.at_kw("restrictive");
            let token = lower.bump();
            let ident = crate::sql::Ident::from_source(lower.str(token));
            let known = matches!(ident.as_str(), "restrictive" | "permissive") || ident.is_dynamic();
            let word = match token.kind {
                Kind::Word => crate::sql::keywords::keyword(lower.str(token)).is_none(),
                it => it == Kind::Quoted,
            };
            if !known && word {
                let message = format!("unrecognized row security option \"{ident}\"");
                lower.refuse(lower.token_range(token), message);
            }
        } else if lower.eat_kw("for") {
            let token = lower.bump();
            res.command = lower.str(token).to_ascii_uppercase().into();
        } else if lower.eat_kw("to") {
            res.roles = roles(lower);
        } else if lower.eat_kw("using") {
            res.using = Some(lower.expr());
        } else if lower.eat_kws(&["with", "check"]) {
            res.with_check = Some(lower.expr());
        } else {
            lower.skip_one();
        }
    }
    Some(res)
}

fn roles(lower: &mut Lower<'_>) -> Vec<Name> {
    let mut res = Vec::new();
    while matches!(lower.kind(), Kind::Word | Kind::Quoted) && !lower.at_any_kw(&["using", "with"]) {
        res.push(lower.take_name());
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    res
}

/// `name ON table`: the table's parts, then the name.
pub(super) fn name_on_table(lower: &mut Lower<'_>) -> Option<QName> {
    let name = lower.col_id()?;
    lower.eat_kw("on");
    lower.eat_kw("domain");
    Some(inside(lower.qname(), name))
}
