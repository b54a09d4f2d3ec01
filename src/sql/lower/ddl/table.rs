//! CREATE TABLE: columns and constraints.

use smol_str::SmolStr;

use super::super::Lower;
use super::super::lex::Kind;
use super::attributes::{Attributes, Takes};
use super::{column_list, if_not_exists, key_columns, mysql, options, skip_group};
use crate::sql::Dialect;
use crate::sql::hir::ddl::{
    ColumnConstraint, ColumnConstraintKind, ColumnDef, ConstraintAttribute, CreateTable, CreateView, Exclude,
    Like, PartitionBy, References, SequenceOption, TableConstraint, TableConstraintKind, ViewKind,
};
use crate::sql::hir::{Ddl, Name};

/// Behind `CREATE … TABLE`.
pub(super) fn create_table(lower: &mut Lower<'_>, temporary: bool) -> Ddl {
    let if_not_exists = if_not_exists(lower);
    let name = lower.qname();
    let mut res = CreateTable {
        name,
        if_not_exists,
        temporary,
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        likes: Vec::new(),
        inherits: Vec::new(),
        partition_of: None,
        partitioned: false,
        partition_by: None,
        of_type: None,
        bound: None,
        options: Vec::new(),
        method: None,
        on_commit: None,
        foreign: false,
        server: None,
        unlogged: false,
    };
    if is_create_as(lower) {
        return create_table_as(lower, res);
    }
    if lower.eat_kws(&["partition", "of"]) {
        res.partition_of = Some(lower.qname());
    } else if lower.eat_kw("of") {
        res.of_type = Some(lower.qname());
        lower.suspect |= !lower.at_end() && !lower.at(Kind::LParen);
    }
    if lower.at(Kind::LParen) {
        elements(lower, &mut res);
    }
    // `FOR VALUES …`, storage and the rest.
    while !lower.at_end() && !lower.at_any_kw(&["create", "grant"]) && !lower.at(Kind::Semi) {
        if lower.eat_kw("inherits") {
            res.inherits = super::items(lower, |it| Some(it.qname()));
        } else if lower.eat_kws(&["partition", "by"]) {
            res.partitioned = true;
            res.partition_by = partition_by(lower);
        } else if res.partition_of.is_some() && res.bound.is_none() && lower.at_any_kw(&["for", "default"]) {
            let from = lower.pos;
            res.bound = options::bound(lower);
            if lower.pos == from {
                lower.bump();
            }
        } else if lower.at_kw("with") && lower.nth(1).kind == Kind::LParen {
            lower.bump();
            res.options = options::settings(lower);
        } else if lower.eat_kw("server") {
            res.server = lower.col_id().map(|it| (it, Vec::new()));
        } else if let Some((_, options)) = &mut res.server
            && lower.at_kw("options")
        {
            *options = super::foreign::options(lower);
        } else if lower.eat_kw("using") {
            res.method = lower.col_id();
        } else if lower.at_kws(&["on", "commit"]) {
            let start = lower.start();
            lower.bump();
            lower.bump();
            res.on_commit = Some(lower.span(start));
        } else {
            lower.skip_one();
        }
    }
    Ddl::CreateTable(res)
}

/// Behind PARTITION BY.
fn partition_by(lower: &mut Lower<'_>) -> Option<PartitionBy> {
    let strategy = lower.col_id()?;
    Some(PartitionBy { strategy, items: super::items(lower, |it| Some(super::create::index_item(it))) })
}

/// Whether the cursor, behind a table's name, is in `CREATE TABLE … AS`: AS stands outside all brackets.
fn is_create_as(lower: &mut Lower<'_>) -> bool {
    let from = lower.pos;
    while !lower.at_end() && !lower.at_kw("as") && !lower.at_any_kw(&["create", "partition"]) {
        lower.skip_one();
    }
    let res = lower.at_kw("as");
    lower.pos = from;
    res
}

fn create_table_as(lower: &mut Lower<'_>, table: CreateTable) -> Ddl {
    let columns = if lower.at(Kind::LParen) { column_list(lower) } else { Vec::new() };
    let (mut options, mut method, mut on_commit) = (Vec::new(), None, None);
    while !lower.at_end() && !lower.eat_kw("as") {
        if lower.at_kw("with") && lower.nth(1).kind == Kind::LParen {
            lower.bump();
            options = options::settings(lower);
        } else if lower.eat_kw("using") {
            method = lower.col_id();
        } else if lower.at_kws(&["on", "commit"]) {
            let start = lower.start();
            lower.bump();
            lower.bump();
            on_commit = Some(lower.span(start));
        } else {
            lower.skip_one();
        }
    }
    let start = lower.start();
    let executed = if lower.at_kw("execute") { lower.execute() } else { None };
    let query = Box::new(executed.unwrap_or_else(|| super::create::defining_query(lower)));
    Ddl::CreateView(CreateView {
        kind: ViewKind::Table,
        name: table.name,
        or_replace: false,
        if_not_exists: table.if_not_exists,
        temporary: table.temporary,
        columns,
        query,
        query_range: lower.span(start),
        options,
        check_option: None,
        method,
        on_commit,
    })
}

fn elements(lower: &mut Lower<'_>, table: &mut CreateTable) {
    let untyped = table.of_type.is_some() || table.partition_of.is_some();
    super::items(lower, |it| {
        if it.at_kw("like") {
            let position = u32::try_from(table.columns.len()).unwrap_or(u32::MAX);
            table.likes.push(like(it, position));
        } else if mysql::at_index(it) {
            table.indexes.push(mysql::index(it));
        } else if at_table_constraint(it) {
            table.constraints.extend(table_constraint(it));
            // SQLite takes the next one without a comma before it (`tconscomma` of its grammar).
            while at_next_of_sqlite(it) {
                let Some(next) = table_constraint(it) else { break };
                table.constraints.push(next);
            }
        } else {
            table.columns.extend(column(it, untyped));
        }
        None::<()>
    });
}

fn at_next_of_sqlite(lower: &Lower<'_>) -> bool {
    lower.dialect == Dialect::Sqlite && at_table_constraint(lower)
}

fn like(lower: &mut Lower<'_>, position: u32) -> Like {
    lower.bump();
    let mut res = Like {
        source: lower.qname(),
        position,
        including_defaults: false,
        including_identity: false,
        including_generated: false,
        including_indexes: false,
        including_constraints: false,
    };
    while lower.at_any_kw(&["including", "excluding"]) {
        let including = lower.at_kw("including");
        lower.bump();
        let token = lower.peek();
        let word = lower.str(token).to_ascii_lowercase();
        if lower.kind() == Kind::Word {
            lower.bump();
        }
        let all = word == "all";
        let set = |name: &str, flag: &mut bool| {
            if all || word == name {
                *flag = including;
            }
        };
        set("defaults", &mut res.including_defaults);
        set("identity", &mut res.including_identity);
        set("generated", &mut res.including_generated);
        set("indexes", &mut res.including_indexes);
        set("constraints", &mut res.including_constraints);
    }
    res
}

/// Whether a table constraint starts under the cursor, rather than a column.
pub(super) fn at_table_constraint(lower: &Lower<'_>) -> bool {
    lower.at_any_kw(&["constraint", "check", "unique"])
        || lower.at_kws(&["primary", "key"])
        || lower.at_kws(&["foreign", "key"])
        || lower.at_kws(&["not", "null"])
        || (lower.at_kw("exclude") && (lower.nth_kw(1, "using") || lower.nth(1).kind == Kind::LParen))
}

/// A column definition: name, type, constraints. `untyped`: in `OF type` and `PARTITION OF` tables.
pub(super) fn column(lower: &mut Lower<'_>, untyped: bool) -> Option<ColumnDef> {
    let start = lower.start();
    let name = lower.col_id()?;
    if untyped {
        lower.eat_kws(&["with", "options"]);
    }
    let ty = match lower.kind() {
        Kind::Quoted if !untyped => Some(lower.type_name()),
        Kind::Word if !untyped && !at_column_constraint(lower) => Some(lower.type_name()),
        _ => None,
    };
    let modified = ty.as_ref().is_some_and(|it| !it.modifiers.is_empty());
    lower.suspect |= (ty.is_none() && !untyped) || modified;
    let mut res = ColumnDef {
        range: lower.span(start),
        name,
        ty,
        collation: None,
        constraints: Vec::new(),
        storage: None,
        compression: None,
        options: Vec::new(),
        misplaced: Vec::new(),
    };
    let mut seen = Vec::new();
    while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::RParen) {
        let at = lower.token_range(lower.peek());
        if lower.eat_kw("collate") {
            let twice = res.collation.replace(lower.qname()).is_some();
            if twice {
                lower.refuse(at, "multiple COLLATE clauses not allowed");
            }
        } else if at_column_constraint(lower) {
            match attribute(lower, res.constraints.last().map(|it| &it.kind), &mut seen) {
                Some((at, Some(wrong))) if lower.dialect == Dialect::Postgres => {
                    res.misplaced.push((at, wrong));
                }
                Some(_) => {
                    let deferrable = matches!(
                        seen.last(),
                        Some(ConstraintAttribute::Deferrable | ConstraintAttribute::InitiallyDeferred)
                    );
                    if let Some(last) = res.constraints.last_mut() {
                        last.deferrable |= deferrable;
                        last.deferred |= seen.last() == Some(&ConstraintAttribute::InitiallyDeferred);
                        last.not_enforced |= seen.last() == Some(&ConstraintAttribute::NotEnforced);
                    }
                }
                None => {
                    seen.clear();
                    res.constraints.extend(column_constraint(lower));
                }
            }
        } else if lower.eat_kw("storage") {
            res.storage = Some(lower.label_or_missing());
        } else if lower.eat_kw("compression") {
            res.compression = Some(lower.label_or_missing());
        } else if lower.at_kw("options") && lower.nth(1).kind == Kind::LParen {
            res.options = super::foreign::options(lower);
        } else {
            // What does not belong here.
            lower.suspect = true;
            lower.skip_one();
        }
    }
    res.range = lower.span(start);
    Some(res)
}

/// `[NOT] DEFERRABLE`, `INITIALLY …`, `[NOT] ENFORCED` of a column's constraint: where, and what is wrong with it
/// (`transformConstraintAttrs`). `seen`: those of the same constraint before.
fn attribute(
    lower: &mut Lower<'_>,
    last: Option<&ColumnConstraintKind>,
    seen: &mut Vec<ConstraintAttribute>,
) -> Option<(crate::base::text::TextRange, Option<&'static str>)> {
    use ConstraintAttribute::{
        Deferrable, Enforced, InitiallyDeferred, InitiallyImmediate, NotDeferrable, NotEnforced,
    };
    let deferrable = matches!(
        last,
        Some(
            ColumnConstraintKind::PrimaryKey
                | ColumnConstraintKind::Unique { .. }
                | ColumnConstraintKind::References(_)
        )
    );
    let enforced = matches!(last, Some(ColumnConstraintKind::Check(_) | ColumnConstraintKind::References(_)));
    let all: [(&[&str], ConstraintAttribute, bool, &str); 6] = [
        (&["deferrable"], Deferrable, deferrable, "misplaced DEFERRABLE clause"),
        (&["not", "deferrable"], NotDeferrable, deferrable, "misplaced NOT DEFERRABLE clause"),
        (&["initially", "deferred"], InitiallyDeferred, deferrable, "misplaced INITIALLY DEFERRED clause"),
        (&["initially", "immediate"], InitiallyImmediate, deferrable, "misplaced INITIALLY IMMEDIATE clause"),
        (&["enforced"], Enforced, enforced, "misplaced ENFORCED clause"),
        (&["not", "enforced"], NotEnforced, enforced, "misplaced NOT ENFORCED clause"),
    ];
    let start = lower.start();
    let (_, kind, fits, misplaced) = all.into_iter().find(|(words, ..)| lower.eat_kws(words))?;
    let has = |it: &[ConstraintAttribute]| seen.iter().any(|own| it.contains(own));
    let wrong = match kind {
        _ if !fits => Some(misplaced),
        Deferrable | NotDeferrable if has(&[Deferrable, NotDeferrable]) => {
            Some("multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed")
        }
        InitiallyDeferred | InitiallyImmediate if has(&[InitiallyDeferred, InitiallyImmediate]) => {
            Some("multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed")
        }
        Enforced | NotEnforced if has(&[Enforced, NotEnforced]) => {
            Some("multiple ENFORCED/NOT ENFORCED clauses not allowed")
        }
        NotDeferrable if has(&[InitiallyDeferred]) => {
            Some("constraint declared INITIALLY DEFERRED must be DEFERRABLE")
        }
        InitiallyDeferred if has(&[NotDeferrable]) => {
            Some("constraint declared INITIALLY DEFERRED must be DEFERRABLE")
        }
        _ => None,
    };
    seen.push(kind);
    Some((lower.span(start), wrong))
}

fn at_column_constraint(lower: &Lower<'_>) -> bool {
    lower.at_any_kw(&["constraint", "not", "null", "default", "unique", "primary", "references", "check", "generated", "deferrable", "initially", "enforced", "collate"])
        // `generated`, `enforced` are words that a type may have, too.
        && !(lower.at_kw("generated") && !lower.nth_kw(1, "always") && !lower.nth_kw(1, "by"))
}

/// One constraint or attribute; the cursor moves on by at least one token.
fn column_constraint(lower: &mut Lower<'_>) -> Option<ColumnConstraint> {
    let start = lower.start();
    let name = if lower.eat_kw("constraint") { lower.col_id() } else { None };
    let mut no_inherit = false;
    let kind = if lower.eat_kws(&["not", "null"]) {
        ColumnConstraintKind::NotNull { no_inherit: lower.eat_kws(&["no", "inherit"]) }
    } else if lower.eat_kw("null") {
        ColumnConstraintKind::Null
    } else if lower.eat_kw("default") {
        ColumnConstraintKind::Default(lower.b_expr())
    } else if lower.eat_kws(&["generated", "always", "as"]) {
        if lower.eat_kw("identity") {
            ColumnConstraintKind::Identity { always: true, options: identity_options(lower) }
        } else {
            let expr = parenthesized(lower);
            let stored = lower.eat_kw("stored");
            if !stored {
                lower.eat_kw("virtual");
            }
            ColumnConstraintKind::Generated { expr, stored }
        }
    } else if lower.at_kws(&["generated", "by", "default", "as"]) && lower.nth(4).kind == Kind::LParen {
        let at = lower.token_range(lower.nth(1));
        lower.eat_kws(&["generated", "by", "default", "as"]);
        let expr = parenthesized(lower);
        let stored = lower.eat_kw("stored");
        if !stored {
            lower.eat_kw("virtual");
        }
        lower.refuse(at, "for a generated column, GENERATED ALWAYS must be specified");
        ColumnConstraintKind::Generated { expr, stored }
    } else if lower.eat_kws(&["generated", "by", "default", "as", "identity"]) {
        ColumnConstraintKind::Identity { always: false, options: identity_options(lower) }
    } else if lower.eat_kw("unique") {
        let nulls_not_distinct = nulls_not_distinct(lower);
        index_options(lower);
        ColumnConstraintKind::Unique { nulls_not_distinct }
    } else if lower.eat_kws(&["primary", "key"]) {
        index_options(lower);
        ColumnConstraintKind::PrimaryKey
    } else if lower.eat_kw("references") {
        ColumnConstraintKind::References(references(lower))
    } else if lower.eat_kw("check") {
        let expr = parenthesized(lower);
        no_inherit = lower.eat_kws(&["no", "inherit"]);
        ColumnConstraintKind::Check(expr)
    } else {
        // DEFERRABLE, NOT DEFERRABLE, INITIALLY …, [NOT] ENFORCED.
        if lower.at_any_kw(&["not", "initially"]) {
            lower.bump();
        }
        lower.skip_one();
        return None;
    };
    Some(ColumnConstraint {
        range: lower.span(start),
        name,
        kind,
        no_inherit,
        deferrable: false,
        deferred: false,
        not_enforced: false,
    })
}

/// `(START 5 …)` behind IDENTITY.
pub(super) fn identity_options(lower: &mut Lower<'_>) -> Vec<SequenceOption> {
    let (open, behind) = (lower.peek(), lower.end);
    let close = open.close as usize;
    if !lower.at(Kind::LParen) || close >= behind {
        skip_group(lower);
        return Vec::new();
    }
    lower.bump();
    lower.end = close;
    let res = super::alter::sequence_options(lower).2;
    (lower.pos, lower.end) = (close, behind);
    lower.eat(Kind::RParen);
    res
}

/// `(expression)`; of `((SELECT …))` the inner parentheses are the query's.
pub(super) fn parenthesized(lower: &mut Lower<'_>) -> crate::sql::hir::ExprId {
    let double = lower.at(Kind::LParen) && lower.nth(1).kind == Kind::LParen;
    if double && lower.nth_starts_query(2) {
        return lower.parens(|it| it.expr()).unwrap_or_else(|| lower.missing());
    }
    lower.expr()
}

fn nulls_not_distinct(lower: &mut Lower<'_>) -> bool {
    if lower.eat_kws(&["nulls", "not", "distinct"]) {
        return true;
    }
    lower.eat_kws(&["nulls", "distinct"]);
    false
}

/// `INCLUDE (…) WITH (…) USING INDEX TABLESPACE x`.
fn index_options(lower: &mut Lower<'_>) {
    if lower.at_kw("include") && lower.nth(1).kind == Kind::LParen {
        lower.bump();
        skip_group(lower);
    }
    if lower.at_kw("with") && lower.nth(1).kind == Kind::LParen {
        lower.bump();
        skip_group(lower);
    }
    if lower.eat_kws(&["using", "index", "tablespace"]) {
        lower.col_id();
    }
}

/// Behind REFERENCES.
fn references(lower: &mut Lower<'_>) -> References {
    let table = lower.qname();
    let (columns, period) = if lower.at(Kind::LParen) { key_columns(lower) } else { (Vec::new(), false) };
    let mut res = References {
        table,
        columns,
        period,
        on_delete: None,
        on_update: None,
        set_columns: Vec::new(),
        partial: None,
    };
    loop {
        let start = lower.start();
        if lower.eat_kw("match") {
            if lower.at_kw("partial") {
                res.partial = Some(lower.span(start));
            }
            lower.eat_any_kw(&["full", "partial", "simple"]);
        } else if lower.eat_kws(&["on", "delete"]) {
            res.on_delete = action(lower, &mut res.set_columns);
        } else if lower.eat_kws(&["on", "update"]) {
            let at = lower.span(start);
            let mut columns = Vec::new();
            res.on_update = action(lower, &mut columns);
            if let (false, Some(action)) = (columns.is_empty(), &res.on_update) {
                let message = format!("a column list with {action} is only supported for ON DELETE actions");
                lower.refuse_feature(at, message);
            }
        } else {
            return res;
        }
    }
}

fn action(lower: &mut Lower<'_>, columns: &mut Vec<Name>) -> Option<SmolStr> {
    const ACTIONS: [(&[&str], &str); 5] = [
        (&["no", "action"], "NO ACTION"),
        (&["restrict"], "RESTRICT"),
        (&["cascade"], "CASCADE"),
        (&["set", "null"], "SET NULL"),
        (&["set", "default"], "SET DEFAULT"),
    ];
    let (_, name) = ACTIONS.iter().find(|(words, _)| lower.eat_kws(words))?;
    if lower.at(Kind::LParen) {
        *columns = column_list(lower);
    }
    Some((*name).into())
}

/// A table constraint with its attributes; `None` when nothing of it can be read.
pub(super) fn table_constraint(lower: &mut Lower<'_>) -> Option<TableConstraint> {
    let start = lower.start();
    let mut name = if lower.eat_kw("constraint") { constraint_name(lower) } else { None };
    let kind = constraint_kind(lower, &mut name)?;
    let mut res = TableConstraint {
        range: lower.span(start),
        name,
        kind,
        not_valid: false,
        no_inherit: false,
        attributes: Vec::new(),
        include: Vec::new(),
    };
    let mut attributes = Attributes::default();
    while !lower.at_end()
        && !matches!(lower.kind(), Kind::Comma | Kind::RParen | Kind::Semi)
        && !at_next_of_sqlite(lower)
    {
        if lower.at_kw("include") && lower.nth(1).kind == Kind::LParen {
            lower.bump();
            res.include = column_list(lower);
        } else if !attributes.step(lower) {
            lower.skip_one();
        }
    }
    attributes.check(lower, &takes(&res.kind));
    res.not_valid = attributes.all.iter().any(|it| it.1 == ConstraintAttribute::NotValid);
    res.no_inherit = attributes.all.iter().any(|it| it.1 == ConstraintAttribute::NoInherit);
    res.attributes = attributes.all;
    res.range = lower.span(start);
    Some(res)
}

/// The attributes that each `ConstraintElem` takes.
fn takes(kind: &TableConstraintKind) -> Takes {
    let of = |kind| Takes { kind, deferrable: false, not_valid: false, no_inherit: false, enforced: false };
    match kind {
        TableConstraintKind::Check(_) => {
            Takes { not_valid: true, no_inherit: true, enforced: true, ..of("CHECK") }
        }
        TableConstraintKind::NotNull(_) => Takes { not_valid: true, no_inherit: true, ..of("NOT NULL") },
        TableConstraintKind::Unique { .. } => Takes { deferrable: true, ..of("UNIQUE") },
        TableConstraintKind::PrimaryKey { .. } => Takes { deferrable: true, ..of("PRIMARY KEY") },
        TableConstraintKind::Exclude(_) => Takes { deferrable: true, ..of("EXCLUDE") },
        TableConstraintKind::ForeignKey { .. } => {
            Takes { deferrable: true, not_valid: true, enforced: true, ..of("FOREIGN KEY") }
        }
    }
}

/// MySQL takes CONSTRAINT without a name.
fn constraint_name(lower: &mut Lower<'_>) -> Option<Name> {
    let unnamed =
        lower.dialect == Dialect::Mysql && lower.at_any_kw(&["primary", "unique", "foreign", "check"]);
    if unnamed { None } else { lower.col_id() }
}

/// `name`: MySQL's keys have theirs behind their words.
fn constraint_kind(lower: &mut Lower<'_>, name: &mut Option<Name>) -> Option<TableConstraintKind> {
    let key_name = |lower: &mut Lower<'_>, name: &mut Option<Name>| {
        if lower.dialect == Dialect::Mysql && !lower.at(Kind::LParen) && !lower.at_kw("using") {
            let own = lower.col_id();
            if name.is_none() {
                *name = own;
            }
        }
    };
    let using_index = |lower: &mut Lower<'_>| -> Option<Name> {
        if lower.eat_kws(&["using", "index"]) { lower.col_id() } else { None }
    };
    if lower.eat_kws(&["primary", "key"]) {
        let using_index = using_index(lower);
        let (columns, without_overlaps) = key_columns(lower);
        return Some(TableConstraintKind::PrimaryKey { columns, using_index, without_overlaps });
    }
    if lower.eat_kw("unique") {
        if lower.dialect == Dialect::Mysql {
            lower.eat_any_kw(&["index", "key"]);
            key_name(lower, name);
        }
        let nulls_not_distinct = nulls_not_distinct(lower);
        let using_index = using_index(lower);
        let (columns, without_overlaps) = key_columns(lower);
        return Some(TableConstraintKind::Unique {
            columns,
            nulls_not_distinct,
            using_index,
            without_overlaps,
        });
    }
    if lower.eat_kws(&["foreign", "key"]) {
        key_name(lower, name);
        let (columns, period) = key_columns(lower);
        lower.eat_kw("references");
        return Some(TableConstraintKind::ForeignKey { columns, period, references: references(lower) });
    }
    if lower.eat_kw("check") {
        return Some(TableConstraintKind::Check(parenthesized(lower)));
    }
    if lower.eat_kw("exclude") {
        return Some(TableConstraintKind::Exclude(exclude(lower)));
    }
    if lower.eat_kws(&["not", "null"]) {
        return Some(TableConstraintKind::NotNull(lower.col_id()?));
    }
    None
}

/// Behind EXCLUDE.
fn exclude(lower: &mut Lower<'_>) -> Exclude {
    let method = if lower.eat_kw("using") { lower.col_id() } else { None };
    let items = super::items(lower, |it| {
        let item = super::create::index_item(it);
        it.eat_kw("with");
        let op = if it.at_qualified_op() {
            it.qualified_op()
        } else if it.at(Kind::Op) {
            it.take_op()
        } else {
            return None;
        };
        Some((item, op))
    });
    while lower.at_any_kw(&["include", "with", "using"]) {
        index_options_step(lower);
    }
    let mut where_ = None;
    if lower.at_kw("where") && lower.nth(1).kind == Kind::LParen {
        lower.bump();
        where_ = Some(lower.expr());
    }
    Exclude { method, items, where_ }
}

fn index_options_step(lower: &mut Lower<'_>) {
    let from = lower.pos;
    index_options(lower);
    if lower.pos == from {
        lower.bump();
    }
}
