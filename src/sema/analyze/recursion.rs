//! Where a recursive CTE may name itself (`parse_cte.c`, `checkWellFormedRecursion`): PostgreSQL looks at the bare tree,
//! before it analyses any of the queries.

use crate::base::text::TextRange;
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::*;

use super::binder::Binder;
use super::walk::{Child, children};

/// With more items than this WITH is taken in the order of the text.
const MOST_SORTED: usize = 64;

/// Whether a reference is fine here, or the words that refuse it.
type Context = Option<&'static str>;

struct Walk<'a> {
    stmt: &'a Statement,
    name: &'a Ident,
    /// CTEs inside that hide the name.
    hidden: u32,
    context: Context,
    n_uses: u32,
    found: Option<(TextRange, String)>,
}

impl<'a> Binder<'a> {
    /// The order in which the items of WITH are analysed: those of WITH RECURSIVE may name later ones
    /// (`TopologicalSort`).
    pub fn cte_order(&mut self, with: &'a With) -> Vec<&'a Cte> {
        let mut items: Vec<&'a Cte> = with.ctes.iter().collect();
        if !with.recursive || items.len() < 2 || items.len() > MOST_SORTED || !self.typed {
            return items;
        }
        let reads = |cte: &'a Cte, other: &'a Cte| {
            let name = &other.name.ident;
            let mut walk = Walk { stmt: self.stmt, name, hidden: 0, context: None, n_uses: 0, found: None };
            match &cte.body {
                StatementKind::Query(query) => walk.query(query),
                other => walk.modifying(other),
            }
            walk.n_uses > 0
        };
        let mut needs: Vec<Vec<usize>> = items
            .iter()
            .enumerate()
            .map(|(idx, cte)| {
                let others = with.ctes.iter().enumerate();
                others.filter(|(at, other)| *at != idx && reads(cte, other)).map(|it| it.0).collect()
            })
            .collect();
        // Everything is read after it is written: the everyday case.
        if needs.iter().enumerate().all(|(idx, it)| it.iter().all(|it| *it < idx)) {
            return items;
        }
        let mut ids: Vec<usize> = (0..items.len()).collect();
        for at in 0..items.len() {
            let free = (at..items.len()).find(|it| needs.get(*it).is_some_and(Vec::is_empty));
            let Some(free) = free else {
                let name = items.get(at).map_or(self.stmt.range, |it| it.name.range);
                let message = "mutual recursion between WITH items is not implemented";
                self.refuse(code::FEATURE_NOT_SUPPORTED, name, message);
                return with.ctes.iter().collect();
            };
            items.swap(at, free);
            needs.swap(at, free);
            ids.swap(at, free);
            let done = ids.get(at).copied();
            needs.iter_mut().for_each(|it| it.retain(|it| Some(*it) != done));
        }
        items
    }

    /// Whether a CTE names itself anywhere.
    pub fn reads_itself(&self, cte: &'a Cte) -> bool {
        let name = &cte.name.ident;
        let mut walk = Walk { stmt: self.stmt, name, hidden: 0, context: None, n_uses: 0, found: None };
        if let StatementKind::Query(query) = &cte.body {
            walk.query(query);
        }
        walk.n_uses > 0
    }

    /// Reports the first reference of `cte` to itself that is not allowed, or that its form is not.
    pub fn check_recursion(&mut self, cte: &'a Cte) {
        if cte.name.ident.is_dynamic() || !self.typed {
            return;
        }
        let name = &cte.name.ident;
        let mut all = Walk { stmt: self.stmt, name, hidden: 0, context: None, n_uses: 0, found: None };
        let query = match &cte.body {
            StatementKind::Query(query) => query,
            other => {
                all.modifying(other);
                if all.n_uses > 0 {
                    let message =
                        format!("recursive query \"{name}\" must not contain data-modifying statements");
                    self.refuse(code::INVALID_RECURSION, cte.name.range, message);
                }
                return;
            }
        };
        all.query(query);
        if all.n_uses == 0 {
            return;
        }
        let (clauses, body) = super::query::unwrap(query);
        let QueryBody::SetOp { op: SetOp::Union, left, right, .. } = body else {
            let message = format!(
                "recursive query \"{name}\" does not have the form non-recursive-term UNION [ALL] recursive-term"
            );
            self.refuse(code::INVALID_RECURSION, cte.name.range, message);
            return;
        };
        let mut walk = Walk { n_uses: 0, found: None, ..all };
        walk.context = Some("a subquery");
        clauses.with.iter().for_each(|it| walk.with(it));
        walk.hidden = 0;
        walk.context = Some("its non-recursive term");
        walk.query(left);
        walk.context = None;
        walk.n_uses = 0;
        walk.query(right);
        if let Some((at, message)) = walk.found {
            self.refuse(code::INVALID_RECURSION, at, message);
            return;
        }
        let clause = clauses.order_by.first().map(|it| ("ORDER BY", it.expr));
        let clause = clause.or(clauses.offset.map(|it| ("OFFSET", it)));
        if let Some((word, at)) = clause.or(clauses.limit.map(|it| ("LIMIT", it))) {
            let at = self.place(at);
            let message = format!("{word} in a recursive query is not implemented");
            self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
        } else if let Some(lock) = clauses.locking.first() {
            let message = "FOR UPDATE/SHARE in a recursive query is not implemented";
            self.refuse(code::FEATURE_NOT_SUPPORTED, lock.range, message);
        }
    }
}

impl<'a> Walk<'a> {
    fn relation(&mut self, name: &'a QName) {
        let [single] = name.parts.as_slice() else { return };
        if self.hidden > 0 || single.ident != *self.name {
            return;
        }
        self.n_uses += 1;
        if self.found.is_some() {
            return;
        }
        if let Some(place) = self.context {
            let message =
                format!("recursive reference to query \"{}\" must not appear within {place}", self.name);
            self.found = Some((single.range, message));
        } else if self.n_uses > 1 {
            let message =
                format!("recursive reference to query \"{}\" must not appear more than once", self.name);
            self.found = Some((single.range, message));
        }
    }

    fn within(&mut self, context: Context, walk: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.context, context);
        walk(self);
        self.context = before;
    }

    /// The items of a WITH; names that hide stay hidden: the caller puts `hidden` back.
    fn with(&mut self, with: &'a With) {
        let hides = |it: &&Cte| it.name.ident == *self.name;
        let hiding = with.ctes.iter().filter(hides).count() as u32;
        if with.recursive {
            self.hidden += hiding;
        }
        for cte in &with.ctes {
            if let StatementKind::Query(query) = &cte.body {
                self.query(query);
            }
            if !with.recursive && cte.name.ident == *self.name {
                self.hidden += 1;
            }
        }
    }

    /// What INSERT, UPDATE, DELETE and MERGE read.
    fn modifying(&mut self, kind: &'a StatementKind) {
        let (with, from, where_, returning) = match kind {
            StatementKind::Insert(it) => {
                it.with.iter().for_each(|it| self.with(it));
                if let InsertSource::Query(query) = &it.source {
                    self.query(query);
                }
                (None, [].as_slice(), None, &it.returning)
            }
            StatementKind::Update(it) => (it.with.as_ref(), it.from.as_slice(), it.where_, &it.returning),
            StatementKind::Delete(it) => (it.with.as_ref(), it.using.as_slice(), it.where_, &it.returning),
            StatementKind::Merge(it) => {
                (it.with.as_ref(), std::slice::from_ref(&it.source), Some(it.on), &it.returning)
            }
            _ => return,
        };
        with.into_iter().for_each(|it| self.with(it));
        from.iter().for_each(|it| self.from(it));
        where_.into_iter().for_each(|it| self.expr(it));
        returning.iter().for_each(|it| self.expr(it.expr));
    }

    fn query(&mut self, query: &'a Query) {
        let hidden = self.hidden;
        if let Some(with) = &query.with {
            self.with(with);
        }
        match &query.body {
            QueryBody::Select(select) => self.select(select),
            QueryBody::Values { rows, .. } => rows.iter().flatten().for_each(|it| self.expr(*it)),
            QueryBody::Table(name) => self.relation(name),
            QueryBody::SetOp { op, all, left, right, .. } => {
                let before = self.context;
                let (of_left, of_right) = match op {
                    _ if before.is_some() => (before, before),
                    SetOp::Union => (None, None),
                    SetOp::Intersect => {
                        let both = all.then_some("INTERSECT");
                        (both, both)
                    }
                    SetOp::Except => (all.then_some("EXCEPT"), Some("EXCEPT")),
                };
                self.within(of_left, |it| it.query(left));
                self.within(of_right, |it| it.query(right));
            }
            QueryBody::Nested(inner) => self.query(inner),
            QueryBody::Execute(_) | QueryBody::Missing => {}
        }
        query.order_by.iter().for_each(|it| self.expr(it.expr));
        query.limit.iter().chain(&query.offset).for_each(|it| self.expr(*it));
        self.hidden = hidden;
    }

    fn select(&mut self, select: &'a Select) {
        select.targets.iter().for_each(|it| self.expr(it.expr));
        select.from.iter().for_each(|it| self.from(it));
        select.where_.iter().chain(&select.having).for_each(|it| self.expr(*it));
    }

    fn from(&mut self, item: &'a FromItem) {
        match item {
            FromItem::Relation { name, .. } => self.relation(name),
            FromItem::Query { query, .. } => self.query(query),
            FromItem::Function(it) => it.calls.iter().for_each(|it| self.expr(it.0)),
            FromItem::Table(it) => it.inputs.iter().for_each(|it| self.expr(*it)),
            FromItem::Missing(_) => {}
            FromItem::Join(join) => {
                let outer = self.context.or(Some("an outer join"));
                let (left, right) = match join.kind {
                    JoinKind::Inner | JoinKind::Cross => (self.context, self.context),
                    JoinKind::Left => (self.context, outer),
                    JoinKind::Right => (outer, self.context),
                    JoinKind::Full => (outer, outer),
                };
                self.within(left, |it| it.from(&join.left));
                self.within(right, |it| it.from(&join.right));
                join.on.iter().for_each(|it| self.expr(*it));
            }
        }
    }

    fn expr(&mut self, id: ExprId) {
        let Some(node) = self.stmt.exprs.get(id.0 as usize) else { return };
        children(&node.kind, &mut |child| match child {
            Child::Expr(it) => self.expr(it),
            Child::Query(it) => self.within(Some("a subquery"), |walk| walk.query(it)),
        });
    }
}
