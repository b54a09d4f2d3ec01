//! Chains of method calls, as a query builder is written: `db.select(…).from(users).where(…)`. Who `db` is, resolution
//! decides; here stand the words of drizzle-orm's builders and the way from link to link.

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::ts::hir::{ExprId, ExprKind, Module};

#[cfg(test)]
mod tests;

/// Longer chains are not followed.
pub const MAX_LINKS: usize = 64;

/// A call in a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub call: ExprId,
    /// `from`; of a call at the beginning that is no method's, the function: `index` of `index('i').on(…)`.
    pub method: SmolStr,
    pub name_range: TextRange,
    pub args: Vec<ExprId>,
    /// What the method is called on; `None`: it is a function.
    pub receiver: Option<ExprId>,
}

impl Link {
    /// The call that an expression is, of a method or of a function with a name.
    pub fn at(module: &Module, call: ExprId) -> Option<Link> {
        let ExprKind::Call { callee, args, .. } = &module.expr(call).kind else { return None };
        let (method, name_range, receiver) = match &module.expr(bare(module, *callee)).kind {
            ExprKind::Member { object, name, name_range, .. } => (name.clone(), *name_range, Some(*object)),
            ExprKind::Ident(name) => (name.clone(), module.expr(*callee).range, None),
            _ => return None,
        };
        Some(Link { call, method, name_range, args: args.clone(), receiver })
    }
}

/// The links from a call to the beginning of its chain, the last one first.
pub fn inward(module: &Module, call: ExprId) -> Inward<'_> {
    Inward { module, end: Some(bare(module, call)), n_links: 0 }
}

/// See [`inward`].
pub struct Inward<'m> {
    module: &'m Module,
    /// Where the walk stands: when it is over, what the chain begins with; `None`: with a function's call.
    pub end: Option<ExprId>,
    n_links: usize,
}

impl Inward<'_> {
    /// The chain is longer than is followed.
    pub fn is_cut(&self) -> bool {
        self.n_links >= MAX_LINKS
    }
}

impl Iterator for Inward<'_> {
    type Item = Link;

    fn next(&mut self) -> Option<Link> {
        if self.is_cut() {
            return None;
        }
        let link = Link::at(self.module, self.end?)?;
        self.n_links += 1;
        self.end = link.receiver.map(|it| bare(self.module, it));
        Some(link)
    }
}

/// The links behind a call, in order.
pub fn outward(module: &Module, call: ExprId) -> impl Iterator<Item = Link> {
    let next = move |call: ExprId| {
        let mut member = call;
        for _ in 0..MAX_LINKS {
            let parent = module.expr(member).parent?;
            match &module.expr(parent).kind {
                ExprKind::Assertion { .. } => member = parent,
                ExprKind::Member { object, .. } if *object == member => {
                    member = parent;
                    break;
                }
                _ => return None,
            }
        }
        let outer = module.expr(member).parent?;
        let is_callee =
            matches!(&module.expr(outer).kind, ExprKind::Call { callee, .. } if *callee == member);
        Link::at(module, outer).filter(|_| is_callee)
    };
    std::iter::successors(next(call), move |it| next(it.call)).take(MAX_LINKS)
}

/// The expression without assertions around it.
pub fn bare(module: &Module, mut id: ExprId) -> ExprId {
    for _ in 0..MAX_LINKS {
        match &module.expr(id).kind {
            ExprKind::Assertion { expr, .. } => id = *expr,
            _ => break,
        }
    }
    id
}

/// What a builder makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Select,
    Insert,
    Update,
    Delete,
}

/// What a handle's method begins.
pub fn begins(method: &str) -> Option<Kind> {
    Some(match method {
        "select" | "selectDistinct" | "selectDistinctOn" => Kind::Select,
        "insert" => Kind::Insert,
        "update" => Kind::Update,
        "delete" => Kind::Delete,
        _ => return None,
    })
}

pub fn is_join(method: &str) -> bool {
    matches!(
        method,
        "leftJoin"
            | "rightJoin"
            | "innerJoin"
            | "fullJoin"
            | "crossJoin"
            | "leftJoinLateral"
            | "innerJoinLateral"
            | "crossJoinLateral"
    )
}

/// Whether a method's first argument is a relation of the query.
pub fn brings_relation(method: &str) -> bool {
    matches!(method, "from" | "insert" | "update" | "delete" | "$count") || is_join(method)
}

/// A method of a builder that has begun, which neither runs it nor hands it on.
pub fn continues(method: &str) -> bool {
    is_join(method)
        || matches!(
            method,
            "from"
                | "set"
                | "values"
                | "where"
                | "having"
                | "groupBy"
                | "orderBy"
                | "limit"
                | "offset"
                | "for"
                | "returning"
                | "onConflictDoNothing"
                | "onConflictDoUpdate"
                | "overridingSystemValue"
                | "union"
                | "unionAll"
                | "select"
                | "$withCache"
        )
}

/// The handle of `db.query.users`, on which `findMany` is called.
pub fn relational_handle(module: &Module, receiver: ExprId) -> Option<ExprId> {
    let ExprKind::Member { object: query, .. } = &module.expr(receiver).kind else { return None };
    match &module.expr(*query).kind {
        ExprKind::Member { object, name, .. } if name == "query" => Some(*object),
        _ => None,
    }
}

/// Functions of drizzle-orm that yield a boolean from booleans.
pub fn is_logical(function: &str) -> bool {
    matches!(function, "and" | "or" | "not")
}

/// Functions of drizzle-orm that write their arguments, any expressions, into the query as they are.
pub fn is_operator(function: &str) -> bool {
    matches!(
        function,
        "eq" | "ne"
            | "gt"
            | "gte"
            | "lt"
            | "lte"
            | "isNull"
            | "isNotNull"
            | "inArray"
            | "notInArray"
            | "between"
            | "notBetween"
            | "like"
            | "notLike"
            | "ilike"
            | "notIlike"
            | "arrayContains"
            | "arrayContained"
            | "arrayOverlaps"
            | "count"
            | "countDistinct"
            | "sum"
            | "sumDistinct"
            | "avg"
            | "avgDistinct"
            | "max"
            | "min"
            | "asc"
            | "desc"
            | "l2Distance"
            | "l1Distance"
            | "cosineDistance"
            | "innerProduct"
            | "hammingDistance"
            | "jaccardDistance"
            | "lower"
            | "upper"
            | "coalesce"
            | "nullsFirst"
            | "nullsLast"
    )
}
