//! SEARCH and CYCLE of a recursive CTE (`analyzeCTE`): what they name must be its columns, what they add must be new.

use crate::base::text::TextRange;
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::{Cte as CteNode, ExprId, FromItem, Name, Query, QueryBody, StatementKind};

use super::binder::Binder;
use super::query::unwrap;
use super::scope::RteColumn;

impl<'a> Binder<'a> {
    /// `TO value DEFAULT otherwise`: of one type, which can be compared.
    pub fn cycle_mark(&mut self, cte: &'a CteNode, value: ExprId, otherwise: ExprId) {
        self.expr(value);
        self.expr(otherwise);
        if !self.typed {
            return;
        }
        let ty = self.unify(&[Some(value), Some(otherwise)], "CYCLE");
        self.cycle_marks.insert(cte.range, ty);
        let at = self.place(value);
        self.type_must_equal(ty, at);
    }

    /// `columns`: the CTE's own.
    pub fn check_searching(&mut self, cte: &'a CteNode, recursive: bool, columns: &[RteColumn]) {
        if !self.typed || (cte.search.is_none() && cte.cycle.is_none()) {
            return;
        }
        let StatementKind::Query(query) = &cte.body else { return };
        let sides = match unwrap(query).1 {
            QueryBody::SetOp { left, right, .. } => Some([left, right]),
            _ => None,
        };
        let Some([left, right]) = sides.filter(|_| recursive && self.reads_itself(cte)) else {
            self.report(code::SYNTAX_ERROR, cte.name.range, "WITH query is not recursive");
            return;
        };
        for (side, words) in [(left, "left"), (right, "right")] {
            // One with clauses of its own is a query by itself.
            if matches!(&side.body, QueryBody::SetOp { .. }) || is_bare_operation(side) {
                let message =
                    format!("with a SEARCH or CYCLE clause, the {words} side of the UNION must be a SELECT");
                self.report(code::SYNTAX_ERROR, cte.name.range, message);
                return;
            }
        }
        let mut direct = false;
        if let QueryBody::Select(select) = unwrap(right).1 {
            select.from.iter().for_each(|it| direct |= reads_directly(it, &cte.name.ident));
        }
        if !direct {
            let message = format!(
                "with a SEARCH or CYCLE clause, the recursive reference to WITH query \"{}\" must be at the top level of its right-hand SELECT",
                cte.name.ident
            );
            self.report(code::FEATURE_NOT_SUPPORTED, cte.name.range, message);
            return;
        }
        if let Some(search) = &cte.search {
            self.must_be_columns(&search.by, "search", search.range, columns);
            self.added(&search.set, "search sequence", search.range, columns);
        }
        let Some(cycle) = &cte.cycle else { return };
        self.must_be_columns(&cycle.columns, "cycle", cycle.range, columns);
        self.added(&cycle.mark, "cycle mark", cycle.range, columns);
        self.added(&cycle.path, "cycle path", cycle.range, columns);
        let set = cte.search.as_ref().map(|it| (&it.set, it.range));
        self.different((&cycle.mark, "cycle mark"), (&cycle.path, "cycle path"), cycle.range);
        if let Some((set, range)) = set {
            self.different((set, "search sequence"), (&cycle.mark, "cycle mark"), range);
            self.different((set, "search sequence"), (&cycle.path, "cycle path"), range);
        }
    }

    fn must_be_columns(&mut self, names: &[Name], what: &str, at: TextRange, columns: &[RteColumn]) {
        let mut seen: Vec<&Ident> = Vec::new();
        for name in names.iter().map(|it| &it.ident).filter(|it| is_said(it)) {
            if !columns.iter().any(|it| self.same(&it.name, name)) {
                let message = format!("{what} column \"{name}\" not in WITH query column list");
                self.report(code::SYNTAX_ERROR, at, message);
                return;
            }
            if seen.contains(&name) {
                let message = format!("{what} column \"{name}\" specified more than once");
                self.report(code::DUPLICATE_COLUMN, at, message);
                return;
            }
            seen.push(name);
        }
    }

    fn added(&mut self, name: &Name, what: &str, at: TextRange, columns: &[RteColumn]) {
        if is_said(&name.ident) && columns.iter().any(|it| self.same(&it.name, &name.ident)) {
            let message =
                format!("{what} column name \"{}\" already used in WITH query column list", name.ident);
            self.report(code::SYNTAX_ERROR, at, message);
        }
    }

    fn different(&mut self, one: (&Name, &str), other: (&Name, &str), at: TextRange) {
        if is_said(&one.0.ident) && one.0.ident == other.0.ident {
            let message = format!("{} column name and {} column name are the same", one.1, other.1);
            self.report(code::SYNTAX_ERROR, at, message);
        }
    }
}

/// `(a UNION b)`: part of the operation around it.
fn is_bare_operation(query: &Query) -> bool {
    let (clauses, body) = unwrap(query);
    let plain = clauses.with.is_empty()
        && clauses.order_by.is_empty()
        && clauses.limit.is_none()
        && clauses.offset.is_none()
        && clauses.locking.is_empty();
    plain && matches!(body, QueryBody::SetOp { .. })
}

fn reads_directly(item: &FromItem, cte: &Ident) -> bool {
    match item {
        FromItem::Relation { name, .. } => {
            name.parts.len() == 1 && name.last().is_some_and(|it| it.ident == *cte)
        }
        FromItem::Join(join) => reads_directly(&join.left, cte) || reads_directly(&join.right, cte),
        _ => false,
    }
}

fn is_said(name: &Ident) -> bool {
    !name.is_dynamic() && !name.as_str().is_empty()
}
