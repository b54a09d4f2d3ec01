//! Definitions (DDL): which kind of name stands at the cursor, told by the words before it.

use std::sync::Arc;

use super::context::Cx;
use super::rank::Tier;
use super::relation::{self, Want};
use super::typed::Quoting;
use super::{DataKind, ItemKind, assign, function, types, value};
use crate::base::file::FileId;
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::types::TypeKind;
use crate::catalog::{Catalog, FunctionKind, Relation, fold, pg};
use crate::facts::Loc;
use crate::sema::Context;
use crate::sema::scope::{self, MARKER, Slot};
use crate::sql::token::{TokenKind, significant};
use crate::sql::{self, Dialect, Ident, ParsedStatement};

/// The words before the cursor.
struct Words<'t> {
    text: Vec<&'t str>,
    lower: Vec<String>,
    is_name: Vec<bool>,
    ends: Vec<usize>,
    /// Indexes of brackets that are open at the cursor.
    open: Vec<usize>,
}

impl<'t> Words<'t> {
    fn new(head: &'t str) -> Words<'t> {
        let mut res = Words {
            text: Vec::new(),
            lower: Vec::new(),
            is_name: Vec::new(),
            ends: Vec::new(),
            open: Vec::new(),
        };
        for token in significant(head) {
            match token.kind {
                TokenKind::OpenParen => res.open.push(res.text.len()),
                TokenKind::CloseParen => {
                    res.open.pop();
                }
                _ => {}
            }
            let text = token.text(head);
            res.is_name.push(matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent { .. }));
            res.lower.push(text.to_ascii_lowercase());
            res.text.push(text);
            res.ends.push(token.range.end().into());
        }
        res
    }

    fn len(&self) -> usize {
        self.text.len()
    }

    fn at(&self, idx: usize) -> &str {
        self.lower.get(idx).map_or("", String::as_str)
    }

    /// The word `n` before the cursor, 1 being the last.
    fn back(&self, n: usize) -> &str {
        self.len().checked_sub(n).map_or("", |idx| self.at(idx))
    }

    /// The words before `end` are these.
    fn ends_with(&self, end: usize, words: &[&str]) -> bool {
        let Some(from) = end.checked_sub(words.len()) else { return false };
        words.iter().enumerate().all(|(n, it)| self.at(from + n) == *it)
    }

    fn last_are(&self, words: &[&str]) -> bool {
        self.ends_with(self.len(), words)
    }

    fn find(&self, word: &str, from: usize) -> Option<usize> {
        (from..self.len()).find(|it| self.at(*it) == word)
    }

    /// A possibly qualified name at `idx`, with the index behind it.
    fn name(&self, mut idx: usize) -> Option<(Option<Ident>, Ident, usize)> {
        let ident = |idx: usize| {
            let is_name = self.is_name.get(idx).copied().unwrap_or(false);
            self.text.get(idx).filter(|_| is_name).map(|it| Ident::from_source(it))
        };
        let mut schema = None;
        let mut name = ident(idx)?;
        while self.at(idx + 1) == "."
            && let Some(next) = ident(idx + 2)
        {
            schema = Some(std::mem::replace(&mut name, next));
            idx += 2;
        }
        Some((schema, name, idx + 1))
    }

    /// The name that ends right before `end`.
    fn name_before(&self, end: usize) -> Option<(Option<Ident>, Ident, usize)> {
        let mut from = end.checked_sub(1)?;
        while from >= 2 && self.at(from - 1) == "." {
            from -= 2;
        }
        let (schema, name, behind) = self.name(from)?;
        (behind == end).then_some((schema, name, from))
    }
}

/// Offers names where the statement is a definition; analysis found no place for the stand-in.
pub fn items(cx: &Cx<'_>) {
    let head = cx.typed.head();
    let words = Words::new(head);
    if words.len() == 0 {
        return;
    }
    if let Quoting::String { .. } = cx.quoting() {
        return enum_labels(cx, &words);
    }
    if words.at(0) == "insert" && words.at(1) == "into" {
        if let Some((schema, name, behind)) = words.name(2)
            && behind == words.len()
            && let Some(relation) = find(cx, schema.as_ref(), &name)
        {
            assign::columns_and_values(cx, &relation);
        }
        return;
    }
    if words.back(1) == "." {
        return behind_dot(cx, &words);
    }
    match words.open.last() {
        Some(&open) => in_brackets(cx, &words, open),
        None => outside(cx, &words),
    }
}

fn find(cx: &Cx<'_>, schema: Option<&Ident>, name: &Ident) -> Option<Arc<Relation>> {
    match lookup::relation(cx.catalog, schema, name) {
        Lookup::Found(it) => Some(Arc::clone(it)),
        _ => {
            let same = |it: &&Arc<Relation>| it.name.as_str().eq_ignore_ascii_case(name.as_str());
            let folded = cx.dialect() != Dialect::Postgres;
            folded.then(|| cx.catalog.relations.values().find(same).cloned()).flatten()
        }
    }
}

/// The table that the statement is about: with the columns that it is about to have.
fn subject(cx: &Cx<'_>, words: &Words<'_>) -> Option<Arc<Relation>> {
    let skip = |mut idx: usize| {
        while matches!(words.at(idx), "if" | "not" | "exists" | "only" | "concurrently") {
            idx += 1;
        }
        idx
    };
    let at = match (words.at(0), words.find("on", 1), words.find("table", 1)) {
        ("create" | "drop" | "alter" | "comment" | "grant", _, Some(table)) if table <= 4 => skip(table + 1),
        (_, Some(on), _) => skip(on + 1),
        _ => return None,
    };
    let (schema, name, _) = words.name(at)?;
    if words.at(0) == "create" && words.find("table", 1).is_some_and(|it| it <= 4) {
        return created(cx, &name);
    }
    find(cx, schema.as_ref(), &name)
}

/// What CREATE TABLE has said so far.
fn created(cx: &Cx<'_>, name: &Ident) -> Option<Arc<Relation>> {
    let mut catalog = Catalog::clone(cx.catalog);
    let existing = catalog.relations.iter().find(|it| it.0.name == *name).map(|it| it.0.clone());
    if let Some(existing) = existing {
        Arc::make_mut(&mut catalog.relations).remove(&existing);
    }
    let parsed = ParsedStatement { hir: sql::read_statement(&cx.typed.text, cx.dialect()), error: None };
    fold::apply(&mut catalog, FileId(u32::MAX), Loc(u32::MAX), &parsed, &cx.typed.text);
    let found = catalog.relations.iter().find(|it| it.0.name == *name)?;
    let mut relation = Relation::clone(found.1);
    relation.columns.retain(|it| !scope::is_marker(&it.name));
    Some(Arc::new(relation))
}

fn columns(cx: &Cx<'_>, relation: &Relation, listed: &[Ident], tier: Tier) {
    for (idx, column) in relation.columns.iter().enumerate().filter(|it| !listed.contains(&it.1.name)) {
        let mut item = cx.item(column.name.as_str(), ItemKind::Column, &cx.ident(&column.name));
        item.detail = cx.table_detail(column);
        item.origin = Some(relation.name.to_string());
        item.data = cx.data(&relation.schema, &relation.name, Some(&column.name), DataKind::Column);
        cx.add(column.name.as_str(), tier, idx as u32, item);
    }
}

fn in_brackets(cx: &Cx<'_>, words: &Words<'_>, open: usize) {
    let listed: Vec<Ident> = (open + 1..words.len())
        .filter(|it| words.is_name.get(*it).copied().unwrap_or(false))
        .filter_map(|it| words.text.get(it).map(|it| Ident::from_source(it)))
        .collect();
    let begins = matches!(words.back(1), "(" | ",");
    if let Some((schema, name, from)) = words.name_before(open)
        && words.ends_with(from, &["references"])
    {
        if let Some(relation) = find(cx, schema.as_ref(), &name).or_else(|| created(cx, &name)) {
            columns(cx, &relation, &listed, Tier::Fit);
        }
        return;
    }
    let before = words.at(open.wrapping_sub(1));
    match before {
        "key" | "unique" | "include" | "distinct" => {
            if let Some(relation) = subject(cx, words) {
                columns(cx, &relation, &listed, Tier::Fit);
            }
            return;
        }
        "check" | "as" | "when" | "default" => return expression(cx, words, open),
        "using" if matches!(words.at(1), "policy") => return expression(cx, words, open),
        "inherits" => return relation::relations(cx, None, Want::Tables, None),
        "enum" => return,
        _ => {}
    }
    let head = words.at(0);
    if head == "create" && (words.at(1) == "index" || words.at(2) == "index") {
        if words.open.len() > 1 || !begins {
            return expression(cx, words, words.open.first().copied().unwrap_or(open));
        }
        expression(cx, words, open);
        return;
    }
    let creates_table = head == "create" && words.find("table", 1).is_some_and(|it| it <= 4);
    if creates_table && words.open.len() == 1 {
        if words.back(1) == "like" {
            return relation::relations(cx, None, Want::Tables, None);
        }
        // `(name |`, `, name |`: its type.
        let named = words.is_name.last().copied().unwrap_or(false) && matches!(words.back(2), "(" | ",");
        let constraint = ["primary", "foreign", "unique", "check", "constraint", "exclude", "like"];
        if named && !constraint.contains(&words.back(1)) {
            types::items(cx, None, true);
        }
        if words.back(1) == "references" {
            relation::relations(cx, None, Want::Tables, None);
        }
        if words.back(1) == "default" {
            expression(cx, words, words.len() - 1);
        }
        return;
    }
    let defines_routine =
        head == "create" && words.lower.iter().take(4).any(|it| it == "function" || it == "procedure");
    let defines_type = head == "create" && words.at(1) == "type";
    if defines_routine || defines_type || matches!(words.at(1), "aggregate") {
        return types::items(cx, None, false);
    }
    expression(cx, words, open);
}

/// An expression over the columns of the statement's table, from the bracket at `open`.
fn expression(cx: &Cx<'_>, words: &Words<'_>, open: usize) {
    let head = cx.typed.head();
    let from = words.ends.get(open).copied().unwrap_or(head.len());
    let inner = head.get(from..).unwrap_or("");
    let mut catalog = std::borrow::Cow::Borrowed(cx.catalog);
    let table = subject(cx, words);
    let source = table.as_ref().map(|relation| {
        let name =
            crate::catalog::QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() };
        if !catalog.relations.contains_key(&name) && pg::relation(&name).is_none() {
            Arc::make_mut(&mut catalog.to_mut().relations).insert(name.clone(), Arc::clone(relation));
        }
        format!(" from {}.{}", quoted(&relation.schema), quoted(&relation.name))
    });
    let text = format!("select 1{} where ({inner} {MARKER}", source.unwrap_or_default());
    let statement = sql::read_statement(&text, cx.dialect());
    let ctx = Context { catalog: &catalog, params: &[], variables: &[] };
    let Some(found) = scope::at(ctx, &statement, &text) else { return };
    if let Slot::Value { qualifier } = &found.slot {
        value::items(cx, &found, qualifier);
    } else if let Slot::Type { schema } = &found.slot {
        types::items(cx, schema.as_ref(), false);
    }
}

fn quoted(name: &Ident) -> String {
    format!("\"{}\"", name.as_str().replace('"', "\"\""))
}

fn outside(cx: &Cx<'_>, words: &Words<'_>) {
    use Want::{MaterializedViews, Rows, Sequences, Tables, Views};
    let head = words.at(0);
    let tables = |want| {
        relation::relations(cx, None, want, None);
        relation::schemas(cx);
    };
    // Words that may stand between the kind of an object and its name.
    let mut end = words.len();
    while end > 1 && matches!(words.at(end - 1), "exists" | "not" | "if" | "only" | "concurrently") {
        end -= 1;
    }
    let kind = words.at(end - 1);
    if words.back(1) == "references"
        || words.last_are(&["partition", "of"])
        || words.last_are(&["attach", "partition"])
    {
        return tables(Tables);
    }
    if words.last_are(&["execute", "function"]) || words.last_are(&["execute", "procedure"]) {
        return function::for_triggers(cx);
    }
    let altered = || subject(cx, words);
    if head == "alter" && words.at(1) == "table" && words.len() > 2 {
        let behind_column = words.back(1) == "column"
            || (words.last_are(&["if", "exists"]) && words.ends_with(end, &["column"]));
        if behind_column && !words.ends_with(end, &["add", "column"])
            || words.back(1) == "alter" && words.len() > 3
        {
            return altered().iter().for_each(|it| columns(cx, it, &[], Tier::Fit));
        }
        if matches!(words.back(1), "drop" | "rename") && words.len() > 3 {
            return altered().iter().for_each(|it| columns(cx, it, &[], Tier::Near));
        }
        if kind == "constraint" && !words.ends_with(end, &["add", "constraint"]) {
            return altered().iter().for_each(|it| constraints(cx, it));
        }
        let adds = words.ends_with(words.len() - 1, &["column"])
            && words.ends_with(words.len() - 2, &["add"])
            || words.ends_with(words.len() - 1, &["add"])
                && !matches!(
                    words.back(1),
                    "column" | "constraint" | "primary" | "foreign" | "unique" | "check"
                );
        if words.back(1) == "type" || adds && words.is_name.last().copied().unwrap_or(false) {
            return types::items(cx, None, true);
        }
        if matches!(words.back(1), "using" | "default") {
            return expression(cx, words, words.len() - 1);
        }
    }
    match (head, kind) {
        (
            "drop" | "alter" | "comment" | "truncate" | "lock" | "grant" | "revoke" | "copy" | "table",
            "table",
        ) => {
            return tables(Tables);
        }
        ("truncate" | "lock" | "copy" | "cluster", word) if word == head => return tables(Tables),
        ("analyze" | "vacuum", word) if word == head || matches!(word, "full" | "verbose" | "analyze") => {
            return tables(Tables);
        }
        ("drop" | "alter" | "comment" | "refresh", "view") => {
            return tables(if words.ends_with(end, &["materialized", "view"]) {
                MaterializedViews
            } else {
                Views
            });
        }
        ("drop" | "alter" | "comment", "sequence") => return tables(Sequences),
        ("drop" | "alter" | "comment" | "reindex", "index") => return indexes(cx),
        ("drop" | "alter" | "comment", "type" | "domain") => return types::items(cx, None, false),
        ("drop" | "alter" | "comment", "schema") | ("grant" | "revoke", "schema") => {
            return relation::schemas(cx);
        }
        ("drop" | "alter" | "comment", "function" | "procedure" | "routine") => {
            return function::declared(cx, &[FunctionKind::Function, FunctionKind::Procedure]);
        }
        ("call", "call") => return function::declared(cx, &[FunctionKind::Procedure]),
        ("drop" | "alter" | "comment", "extension") => {
            return names(cx, cx.catalog.extensions.keys().map(Ident::as_str));
        }
        ("create", "extension") => return names(cx, pg::ext::names()),
        ("drop" | "alter" | "comment", "policy") => {
            let all = cx.catalog.relations.values().flat_map(|it| &it.policies);
            return names(cx, all.map(|it| it.name.as_str()));
        }
        ("drop" | "comment", "trigger") => {
            return names(
                cx,
                cx.catalog.relations.values().flat_map(|it| &it.triggers).map(|it| it.as_str()),
            );
        }
        ("comment", "column") => return tables(Rows),
        ("create" | "drop" | "alter" | "grant" | "revoke" | "comment", "on") if !comment_on(words) => {
            return tables(if head == "create" && words.at(1) == "trigger" { Rows } else { Tables });
        }
        _ => {}
    }
    let last = words.back(1);
    if head == "create" && last == "using" && words.lower.iter().take(3).any(|it| it == "index") {
        return names(cx, pg::access_methods());
    }
    if last == "returns" || head == "create" && words.at(1) == "domain" && (last == "as" || words.len() == 3)
    {
        return types::items(cx, None, false);
    }
    if words.last_are(&["owned", "by"]) {
        return tables(Tables);
    }
    if head == "set" && words.lower.iter().any(|it| it == "search_path") && matches!(last, "to" | "=" | ",") {
        return relation::schemas(cx);
    }
    if head == "set" && matches!(words.len(), 1 | 2) && matches!(last, "set" | "local" | "session") {
        let settings =
            ["search_path", "timezone", "role", "statement_timeout", "lock_timeout", "transaction"];
        return names(cx, settings.into_iter());
    }
    if matches!(head, "set" | "grant" | "revoke" | "create" | "alter")
        && (words.last_are(&["owner", "to"])
            || words.last_are(&["set", "role"])
            || last == "to"
            || last == "role")
    {
        let roles = cx.catalog.relations.values().flat_map(|it| &it.policies).flat_map(|it| &it.roles);
        let mut known: Vec<&str> = roles.map(|it| it.as_str()).collect();
        known.extend(["public", "current_user", "session_user"]);
        return names(cx, known.into_iter());
    }
    if matches!(last, "where") || last == "when" {
        expression(cx, words, words.len() - 1);
    } else if let Some(at) = words.find("where", 1).filter(|_| head == "create") {
        expression(cx, words, at);
    }
}

/// `COMMENT ON` names the kind of object next.
fn comment_on(words: &Words<'_>) -> bool {
    words.at(0) == "comment" && words.len() == 2
}

fn behind_dot(cx: &Cx<'_>, words: &Words<'_>) {
    let Some((schema, name, from)) = words.name_before(words.len() - 1) else { return };
    let before = words.at(from.wrapping_sub(1));
    let names_column =
        before == "column" && words.at(0) == "comment" || words.ends_with(from, &["owned", "by"]);
    if names_column && let Some(relation) = find(cx, schema.as_ref(), &name) {
        columns(cx, &relation, &[], Tier::Fit);
    }
    if schema.is_none() && relation::is_schema(cx, &name) {
        let want = match words.lower.iter().find(|it| matches!(it.as_str(), "view" | "sequence" | "type")) {
            Some(it) if it == "view" && words.lower.iter().any(|it| it == "materialized") => {
                Want::MaterializedViews
            }
            Some(it) if it == "view" => Want::Views,
            Some(it) if it == "sequence" => Want::Sequences,
            Some(_) => return types::items(cx, Some(&name), false),
            None => Want::Tables,
        };
        relation::relations(cx, Some(&name), want, None);
        return types::items(cx, Some(&name), true);
    }
    if let Some(open) = words.open.first() {
        expression(cx, words, *open);
    }
}

fn constraints(cx: &Cx<'_>, relation: &Relation) {
    let keys = relation.primary_key.iter().chain(&relation.uniques).filter_map(|it| it.name.as_ref());
    let foreign = relation.foreign_keys.iter().filter_map(|it| it.name.as_ref());
    let checks = relation.checks.iter().filter_map(|it| it.name.as_ref());
    for name in keys.chain(foreign).chain(checks) {
        let mut item = cx.item(name.as_str(), ItemKind::Alias, &cx.ident(name));
        item.detail = Some("constraint".to_owned());
        cx.add(name.as_str(), Tier::Fit, 0, item);
    }
}

/// `ON CONFLICT ON CONSTRAINT |`.
pub fn arbiters(cx: &Cx<'_>, relation: &Relation) {
    constraints(cx, relation);
}

fn indexes(cx: &Cx<'_>) {
    for relation in cx.catalog.relations.values() {
        for name in relation.indexes.iter().filter_map(|it| it.name.as_ref()) {
            let mut item = cx.item(name.as_str(), ItemKind::Alias, &cx.ident(name));
            item.detail = Some(format!("index on {}", relation.name));
            cx.add(name.as_str(), Tier::Fit, 0, item);
        }
    }
}

fn names<'n>(cx: &Cx<'_>, all: impl Iterator<Item = &'n str>) {
    for name in all {
        let item = cx.item(name, ItemKind::Alias, &cx.ident(&Ident::new(name)));
        cx.add(name, Tier::Fit, 0, item);
    }
}

/// `ALTER TYPE mood ADD VALUE 'x' BEFORE '|'`, `RENAME VALUE '|'`.
fn enum_labels(cx: &Cx<'_>, words: &Words<'_>) {
    if words.at(0) != "alter"
        || words.at(1) != "type"
        || !matches!(words.back(1), "before" | "after" | "value")
    {
        return;
    }
    if words.last_are(&["add", "value"]) || words.last_are(&["exists"]) {
        return;
    }
    let Some((schema, name, _)) = words.name(2) else { return };
    let found = lookup::named_type(cx.catalog, schema.as_ref(), &name);
    let Some(info) = found.and_then(|it| cx.catalog.type_info(it)) else { return };
    if let TypeKind::Enum { labels } = &info.kind {
        for (idx, label) in labels.iter().enumerate() {
            let mut sql = label.label.replace('\'', "''");
            if cx.quoting() == (Quoting::String { closed: false }) {
                sql.push('\'');
            }
            let item = cx.item(label.label.as_str(), ItemKind::EnumLabel, &sql);
            cx.add(label.label.as_str(), Tier::Best, idx as u32, item);
        }
    }
}
