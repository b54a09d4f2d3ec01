//! What MySQL's definitions have beyond PostgreSQL's: keys among the columns, MODIFY, CHANGE, DROP INDEX, RENAME TABLE
//! (reference manual, 15.1 Data Definition Statements).

use super::super::Lower;
use super::super::lex::Kind;
use super::{create, table};
use crate::sql::Dialect;
use crate::sql::hir::ddl::{AlterMysql, AlterTable, CreateIndex, ObjectKind, RelationKind};
use crate::sql::hir::{Ddl, QName};

/// Whether an index is defined here rather than a column: its words are reserved in MySQL.
pub(super) fn at_index(lower: &Lower<'_>) -> bool {
    lower.dialect == Dialect::Mysql && lower.at_any_kw(&["index", "key", "fulltext", "spatial"])
}

/// `{INDEX | KEY} [name] [USING method] (item, …)` inside the definition of a table.
pub(super) fn index(lower: &mut Lower<'_>) -> CreateIndex {
    lower.eat_any_kw(&["fulltext", "spatial"]);
    lower.eat_any_kw(&["index", "key"]);
    let at_name = !lower.at(Kind::LParen) && !lower.at_kw("using");
    let name = if at_name { lower.col_id() } else { None };
    let method = if lower.eat_kw("using") { lower.col_id() } else { None };
    CreateIndex {
        name,
        table: QName::default(),
        only: false,
        unique: false,
        concurrently: false,
        if_not_exists: false,
        method,
        items: super::items(lower, |it| Some(create::index_item(it))),
        include: Vec::new(),
        refused_includes: Vec::new(),
        nulls_not_distinct: false,
        where_: None,
        options: Vec::new(),
    }
}

/// An action of ALTER TABLE that only MySQL has; nothing is taken where there is none.
pub(super) fn action(lower: &mut Lower<'_>) -> Option<AlterTable> {
    if lower.dialect != Dialect::Mysql {
        return None;
    }
    if lower.eat_kw("modify") {
        lower.eat_kw("column");
        let column = table::column(lower, false)?;
        return Some(AlterTable::Mysql(AlterMysql::Redefine { from: None, column }));
    }
    if lower.eat_kw("change") {
        lower.eat_kw("column");
        let from = lower.col_id();
        let column = table::column(lower, false)?;
        return Some(AlterTable::Mysql(AlterMysql::Redefine { from, column }));
    }
    if lower.at_kw("add") && ["index", "key", "fulltext", "spatial"].iter().any(|it| lower.nth_kw(1, it)) {
        lower.bump();
        return Some(AlterTable::Mysql(AlterMysql::AddIndex(index(lower))));
    }
    if lower.eat_kws(&["drop", "index"]) || lower.eat_kws(&["drop", "key"]) {
        return Some(AlterTable::Mysql(AlterMysql::DropIndex { name: lower.col_id()? }));
    }
    if lower.eat_kws(&["drop", "primary", "key"]) {
        return Some(AlterTable::Mysql(AlterMysql::DropPrimaryKey));
    }
    if lower.eat_kws(&["drop", "foreign", "key"]) || lower.eat_kws(&["drop", "check"]) {
        let name = lower.col_id()?;
        return Some(AlterTable::DropConstraint { name, if_exists: false, cascade: false });
    }
    if lower.eat_kws(&["rename", "index"]) || lower.eat_kws(&["rename", "key"]) {
        let name = lower.col_id()?;
        lower.eat_kw("to");
        return Some(AlterTable::Mysql(AlterMysql::RenameIndex { name, new_name: lower.col_id()? }));
    }
    None
}

/// `RENAME TABLE a TO b, …`, the cursor on its first word.
pub(super) fn rename_tables(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.dialect != Dialect::Mysql || !lower.eat_kws(&["rename", "table"]) {
        return None;
    }
    let mut pairs = Vec::new();
    loop {
        let name = lower.qname();
        lower.eat_kw("to");
        pairs.push((name, lower.qname()));
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    if pairs.len() > 1 {
        return Some(Ddl::RenameTables(pairs));
    }
    let (name, mut to) = pairs.pop()?;
    let object = ObjectKind::Relation(RelationKind::Table);
    Some(Ddl::Rename { object, name, args: None, if_exists: false, new_name: to.parts.pop()? })
}

/// `ALGORITHM = x DEFINER = y SQL SECURITY z` before VIEW.
pub(super) fn skip_view_options(lower: &mut Lower<'_>) {
    if lower.dialect == Dialect::Mysql && lower.at_any_kw(&["algorithm", "definer", "sql"]) {
        while !lower.at_end() && !lower.at_any_kw(&["view", "function", "procedure", "trigger"]) {
            lower.skip_one();
        }
    }
}
