//! DO blocks: what they do, as far as it can be seen. What a condition asks of PostgreSQL's catalogs decides it; where
//! it is not decided, an IF without ELSE counts as taken, for such conditions ask whether the work is done already, and
//! of several branches any may have run ([`union`]).

mod data;
mod dynamic;
mod eval;
mod flow;
mod query;
mod reached;
mod rows;
mod statement;
mod text;
mod union;
mod value;

pub use reached::first_statement;
use std::collections::BTreeSet;

use eval::evaluate;
use statement::forget;
use value::{Value, Variables};

use super::Fold;
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::Catalog;
use crate::sql::Ident;
use crate::sql::hir::{Expr, Name};
use crate::sql::plpgsql::block::{Handler, Leave, Node, nodes};

/// Blocks inside blocks.
const MAX_DEPTH: u32 = 4;
/// Statements that one block may run, those of loops each time.
const MAX_STEPS: u32 = 5_000;

struct Run<'b> {
    body: &'b str,
    /// Where the body stands in the statement.
    start: TextSize,
    variables: Variables,
    /// The variables that hold what rows of tables said.
    data: BTreeSet<Ident>,
    n_steps: u32,
    /// What is there where a branch returned.
    returned: Vec<Catalog>,
    /// Blocks around the statement with handlers for tables that are missing.
    n_handled: u32,
    /// A statement in one was refused.
    refused: bool,
}

/// What comes behind a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Leave(Leave),
}

impl Fold<'_> {
    pub(super) fn do_block(&mut self, language: Option<&Name>, body: &str, range: TextRange) {
        let plpgsql = language.is_none_or(|it| it.ident.as_str() == "plpgsql");
        if !plpgsql || self.depth >= MAX_DEPTH {
            self.unknown_effects();
            return;
        }
        let before = self.catalog.clone();
        let mut run = Run {
            body,
            start: range.start(),
            variables: Variables::new(),
            data: BTreeSet::new(),
            n_steps: 0,
            returned: Vec::new(),
            n_handled: 0,
            refused: false,
        };
        if self.run(&nodes(body), &mut run) == Flow::Leave(Leave::Abort) {
            *self.catalog = before;
        }
        for returned in run.returned {
            union::unite(self.catalog, &returned);
        }
    }

    /// Folds a statement of the block into the same catalog; `at`: where its text stands.
    fn inside<'f>(&'f mut self, text: &'f str, exprs: &'f [Expr], at: TextSize) -> Fold<'f> {
        Fold {
            catalog: &mut *self.catalog,
            file: self.file,
            loc: self.loc,
            text,
            exprs,
            infer: self.infer,
            shift: self.shift + at,
            depth: self.depth + 1,
        }
    }

    fn run(&mut self, nodes: &[Node], run: &mut Run<'_>) -> Flow {
        for node in nodes {
            run.n_steps += 1;
            if run.n_steps > MAX_STEPS {
                if run.n_steps == MAX_STEPS + 1 {
                    self.unknown_effects();
                }
                return Flow::Next;
            }
            let flow = self.node(node, run);
            if flow != Flow::Next {
                return flow;
            }
        }
        Flow::Next
    }

    fn node(&mut self, node: &Node, run: &mut Run<'_>) -> Flow {
        match node {
            Node::Unknown => self.unknown_effects(),
            Node::Sql(range) => return self.sql(*range, run),
            Node::Execute { text, into } => {
                into.iter().for_each(|it| forget(&mut run.variables, it));
                return self.execute(*text, run);
            }
            Node::Assign { target, value, declares } => {
                let value = match value {
                    Some(range) => evaluate(self.catalog, &run.variables, slice(run.body, *range)),
                    None if *declares => Value::Null,
                    None => Value::Unknown,
                };
                run.variables.insert(target.clone(), value);
            }
            Node::Branch(arms) => return self.branch(arms, run),
            Node::Loop { head, body } => return self.repeat(head, body, run),
            Node::Block { body, handlers } => return self.block(body, handlers, run),
            Node::Leave { how, condition } => {
                let condition =
                    condition.map(|it| evaluate(self.catalog, &run.variables, slice(run.body, it)));
                return match condition {
                    None | Some(Value::Bool(true)) => Flow::Leave(*how),
                    _ => Flow::Next,
                };
            }
        }
        Flow::Next
    }

    /// What stands in a block with handlers is undone where a statement is refused; what else fails while it runs is not
    /// known, and counts as done.
    fn block(&mut self, body: &[Node], handlers: &[Handler], run: &mut Run<'_>) -> Flow {
        if handlers.is_empty() {
            return self.run(body, run);
        }
        let takes = |it: &&Handler| {
            it.conditions.iter().any(|it| matches!(it.as_str(), "others" | "42P01" | "undefined_table"))
        };
        let handler = handlers.iter().find(takes);
        let before = self.catalog.clone();
        run.n_handled += u32::from(handler.is_some());
        let flow = self.run(body, run);
        run.n_handled -= u32::from(handler.is_some());
        match handler {
            Some(handler) if std::mem::take(&mut run.refused) => {
                *self.catalog = before;
                self.run(&handler.body, run)
            }
            _ if flow == Flow::Leave(Leave::Abort) && !run.refused => Flow::Next,
            _ => flow,
        }
    }
}
