//! The parts of a statement that are no expressions, wherever they stand: subqueries inside expressions included.

use crate::sql::hir::*;

/// Something that names, or is named.
pub enum Node<'a> {
    Cte(&'a Cte),
    From(&'a FromItem),
    /// An item of a select list or of RETURNING.
    Target(&'a Target),
    /// The relation that INSERT, UPDATE, DELETE or MERGE changes.
    Modified {
        table: &'a QName,
        alias: Option<&'a Name>,
    },
    /// `TABLE name`, `SELECT … INTO name`.
    Relation(&'a QName),
    /// A column that gets a value.
    Written(&'a TargetColumn),
    Window(&'a Name),
    Select(&'a Select),
    /// The select list behind RETURNING.
    Returning(&'a [Target]),
    /// `ON CONFLICT ON CONSTRAINT name` of a table.
    Constraint(&'a Name, &'a QName),
    Ddl(&'a Ddl),
}

/// Visits every part once, outer ones first.
pub fn statement<'a>(stmt: &'a Statement, acc: &mut dyn FnMut(Node<'a>)) {
    kind(&stmt.kind, acc);
    for expr in &stmt.exprs {
        match &expr.kind {
            ExprKind::InQuery { query: it, .. }
            | ExprKind::QuantifiedQuery { query: it, .. }
            | ExprKind::Exists(it)
            | ExprKind::Subquery(it)
            | ExprKind::ArraySubquery(it) => query(it, acc),
            _ => {}
        }
    }
}

fn kind<'a>(it: &'a StatementKind, acc: &mut dyn FnMut(Node<'a>)) {
    match it {
        StatementKind::Query(it) => query(it, acc),
        StatementKind::Insert(it) => {
            with(it.with.as_ref(), acc);
            acc(Node::Modified { table: &it.table, alias: it.alias.as_ref() });
            it.columns.iter().for_each(|it| acc(Node::Written(it)));
            if let InsertSource::Query(it) = &it.source {
                query(it, acc);
            }
            if let Some(conflict) = &it.on_conflict {
                if let ConflictTarget::Constraint(name) = &conflict.target {
                    acc(Node::Constraint(name, &it.table));
                }
                if let Some(update) = &conflict.update {
                    assignments(&update.set, acc);
                }
            }
            returning(&it.returning, acc);
        }
        StatementKind::Update(it) => {
            with(it.with.as_ref(), acc);
            acc(Node::Modified { table: &it.table, alias: it.alias.as_ref() });
            assignments(&it.set, acc);
            it.from.iter().for_each(|it| from(it, acc));
            returning(&it.returning, acc);
        }
        StatementKind::Delete(it) => {
            with(it.with.as_ref(), acc);
            acc(Node::Modified { table: &it.table, alias: it.alias.as_ref() });
            it.using.iter().for_each(|it| from(it, acc));
            returning(&it.returning, acc);
        }
        StatementKind::Merge(it) => {
            with(it.with.as_ref(), acc);
            acc(Node::Modified { table: &it.table, alias: it.alias.as_ref() });
            from(&it.source, acc);
            for when in &it.whens {
                match &when.action {
                    MergeAction::Update(set) => assignments(set, acc),
                    MergeAction::Insert { columns, .. } => {
                        columns.iter().for_each(|it| acc(Node::Written(it)))
                    }
                    MergeAction::DoNothing | MergeAction::Delete => {}
                }
            }
            returning(&it.returning, acc);
        }
        StatementKind::Ddl(it) => {
            acc(Node::Ddl(it));
            match &**it {
                Ddl::CreateView(view) => query(&view.query, acc),
                Ddl::CreateSchema { elements, .. } => elements.iter().for_each(|it| kind(it, acc)),
                _ => {}
            }
        }
        StatementKind::Wrapped { inner, .. } => kind(inner, acc),
        StatementKind::Session(_) | StatementKind::Other(_) => {}
    }
}

fn returning<'a>(targets: &'a [Target], acc: &mut dyn FnMut(Node<'a>)) {
    if !targets.is_empty() {
        acc(Node::Returning(targets));
        targets.iter().for_each(|it| acc(Node::Target(it)));
    }
}

fn with<'a>(it: Option<&'a With>, acc: &mut dyn FnMut(Node<'a>)) {
    for cte in it.map_or(&[][..], |it| &it.ctes) {
        acc(Node::Cte(cte));
        kind(&cte.body, acc);
    }
}

fn assignments<'a>(set: &'a [Assignment], acc: &mut dyn FnMut(Node<'a>)) {
    for it in set {
        match it {
            Assignment::One { target, .. } => acc(Node::Written(target)),
            Assignment::Many { targets, .. } => targets.iter().for_each(|it| acc(Node::Written(it))),
        }
    }
}

fn query<'a>(it: &'a Query, acc: &mut dyn FnMut(Node<'a>)) {
    with(it.with.as_ref(), acc);
    body(&it.body, acc);
}

fn body<'a>(it: &'a QueryBody, acc: &mut dyn FnMut(Node<'a>)) {
    match it {
        QueryBody::Select(it) => {
            acc(Node::Select(it));
            it.targets.iter().for_each(|it| acc(Node::Target(it)));
            if let Some(name) = &it.into {
                acc(Node::Relation(name));
            }
            it.from.iter().for_each(|it| from(it, acc));
            it.windows.iter().for_each(|it| acc(Node::Window(&it.0)));
        }
        QueryBody::Table(name) => acc(Node::Relation(name)),
        QueryBody::SetOp { left, right, .. } => {
            query(left, acc);
            query(right, acc);
        }
        QueryBody::Nested(it) => query(it, acc),
        QueryBody::Values { .. } | QueryBody::Execute(_) | QueryBody::Missing => {}
    }
}

fn from<'a>(it: &'a FromItem, acc: &mut dyn FnMut(Node<'a>)) {
    acc(Node::From(it));
    match it {
        FromItem::Query { query: it, .. } => query(it, acc),
        FromItem::Join(join) => {
            from(&join.left, acc);
            from(&join.right, acc);
        }
        FromItem::Relation { .. } | FromItem::Function(_) | FromItem::Table(_) | FromItem::Missing(_) => {}
    }
}
