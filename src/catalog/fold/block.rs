//! DO blocks: what they do, as far as it can be seen. What a condition asks of PostgreSQL's catalogs decides it; where
//! it is not decided, an IF without ELSE counts as taken, for such conditions ask whether the work is done already, and
//! of several branches any may have run ([`union`]).

mod dynamic;
mod eval;
mod query;
mod rows;
mod text;
mod union;
mod value;

use std::collections::BTreeSet;
use std::sync::Arc;

use eval::{answer, evaluate};
use value::{Value, Variables};

use super::Fold;
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::{Catalog, lookup};
use crate::sql::hir::ddl::{AlterTable, RelationKind, TableConstraintKind};
use crate::sql::hir::{Ddl, Name, QName, QueryBody, StatementKind, WrapperKind};
use crate::sql::plpgsql::block::{Arm, Handler, Head, Leave, Node, When, nodes};
use crate::sql::{Dialect, Ident, parse, parse_statement, read_statement};

/// Blocks inside blocks.
const MAX_DEPTH: u32 = 4;
/// Statements that one block may run, those of loops each time.
const MAX_STEPS: u32 = 5_000;

struct Run<'b> {
    body: &'b str,
    /// Where the body stands in the statement.
    start: TextSize,
    variables: Variables,
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

    fn branch(&mut self, arms: &[Arm], run: &mut Run<'_>) -> Flow {
        let mut open: Vec<&Arm> = Vec::new();
        let mut exhaustive = false;
        for arm in arms {
            let when = match arm.when {
                When::Is(range) => evaluate(self.catalog, &run.variables, slice(run.body, range)),
                When::Value => Value::Unknown,
                When::Else => Value::Bool(true),
            };
            match when {
                Value::Bool(false) | Value::Null => {}
                Value::Bool(true) => {
                    open.push(arm);
                    exhaustive = true;
                    break;
                }
                _ => open.push(arm),
            }
        }
        if exhaustive && let [arm] = open.as_slice() {
            return self.run(&arm.body, run);
        }
        let before = self.catalog.clone();
        let variables = run.variables.clone();
        let mut worlds: Vec<(Catalog, Variables)> = Vec::new();
        for arm in open {
            *self.catalog = before.clone();
            run.variables = variables.clone();
            let flow = self.run(&arm.body, run);
            let world = std::mem::replace(self.catalog, before.clone());
            // Who leaves without having done anything only says that nothing is to be done.
            let idle = Arc::ptr_eq(&world.relations, &before.relations)
                && Arc::ptr_eq(&world.functions, &before.functions)
                && Arc::ptr_eq(&world.types.by_id, &before.types.by_id)
                && world.gaps == before.gaps;
            match flow {
                Flow::Leave(Leave::Abort) => {}
                Flow::Leave(_) if idle => {}
                Flow::Leave(Leave::Return) => run.returned.push(world),
                _ => worlds.push((world, std::mem::take(&mut run.variables))),
            }
        }
        run.variables = variables;
        let mut worlds = worlds.into_iter();
        match worlds.next() {
            Some((first, variables)) => {
                *self.catalog = first;
                join(&mut run.variables, &variables);
                for (world, variables) in worlds {
                    union::unite(self.catalog, &world);
                    join(&mut run.variables, &variables);
                }
            }
            None => *self.catalog = before,
        }
        Flow::Next
    }

    fn repeat(&mut self, head: &Head, body: &[Node], run: &mut Run<'_>) -> Flow {
        let rounds = match head {
            Head::Plain => None,
            Head::Each { target, over } => {
                match evaluate(self.catalog, &run.variables, slice(run.body, *over)) {
                    Value::List(items) => {
                        Some(items.into_iter().map(|it| vec![(target.clone(), it)]).collect())
                    }
                    _ => None,
                }
            }
            Head::For { targets, over } => self.rounds(targets, slice(run.body, *over), run),
        };
        let rounds: Vec<Vec<(Ident, Value)>> = match rounds {
            Some(rounds) => rounds,
            None => {
                // How often is not known, nor what of the variables is left from the time before.
                let mut assigned = BTreeSet::new();
                assigned_in(
                    std::slice::from_ref(&Node::Loop { head: head.clone(), body: body.to_vec() }),
                    run.body,
                    &mut assigned,
                );
                let unknown: Vec<(Ident, Value)> =
                    assigned.into_iter().map(|it| (it, Value::Unknown)).collect();
                let flow = self.round(body, unknown.clone(), run);
                run.variables.extend(unknown);
                return if flow == Flow::Leave(Leave::Abort) { flow } else { Flow::Next };
            }
        };
        for round in rounds {
            match self.round(body, round, run) {
                Flow::Next | Flow::Leave(Leave::Continue) => {}
                Flow::Leave(Leave::Exit) => break,
                flow => return flow,
            }
        }
        Flow::Next
    }

    fn round(&mut self, body: &[Node], variables: Vec<(Ident, Value)>, run: &mut Run<'_>) -> Flow {
        run.variables.extend(variables);
        self.run(body, run)
    }

    /// What a FOR's variables are each time; `None`: not known.
    fn rounds(&self, targets: &[Ident], over: &str, run: &Run<'_>) -> Option<Vec<Vec<(Ident, Value)>>> {
        let found = answer(self.catalog, &run.variables, over).filter(|it| it.complete)?;
        let rows = found.rows.into_iter().map(|row| match targets {
            [target] => vec![(target.clone(), Value::Record(found.names.iter().cloned().zip(row).collect()))],
            _ => targets.iter().cloned().zip(row).collect(),
        });
        Some(rows.collect())
    }

    fn sql(&mut self, range: TextRange, run: &mut Run<'_>) -> Flow {
        let text = slice(run.body, range);
        let at = run.start + range.start();
        if self.is_into(text, run) {
            return Flow::Next;
        }
        self.inner(text, at, run)
    }

    /// Queries whose results variables take.
    fn is_into(&self, text: &str, run: &mut Run<'_>) -> bool {
        let tokens = crate::sql::token::significant(text);
        let word = tokens.first().map_or_else(String::new, |it| it.text(text).to_ascii_lowercase());
        if !matches!(
            word.as_str(),
            "select" | "with" | "insert" | "update" | "delete" | "merge" | "get" | "fetch" | "values"
        ) {
            return false;
        }
        let named = tokens.iter().map(|it| Ident::from_source(it.text(text)));
        let taken: Vec<Ident> = match word.as_str() {
            "get" => named.collect(),
            _ => named.skip_while(|it| it.as_str() != "into").skip(1).collect(),
        };
        let value = (word == "select").then(|| self.selected(text, &run.variables)).flatten();
        let known: Vec<Ident> = taken.into_iter().filter(|it| run.variables.contains_key(it)).collect();
        known.iter().for_each(|it| forget(&mut run.variables, it));
        if let Some((target, value)) = value {
            run.variables.insert(target, value);
        }
        true
    }

    /// `SELECT value INTO variable FROM …`.
    fn selected(&self, text: &str, variables: &Variables) -> Option<(Ident, Value)> {
        let statement = read_statement(text, Dialect::Postgres);
        let StatementKind::Query(query) = &statement.kind else { return None };
        let QueryBody::Select(select) = &query.body else { return None };
        let [part] = select.into.as_ref()?.parts.as_slice() else { return None };
        if select.targets.len() != 1 || part.ident.as_str() == "strict" {
            return None;
        }
        let found = answer(self.catalog, variables, text).filter(|it| it.complete)?;
        let first = found.rows.into_iter().next().and_then(|it| it.into_iter().next());
        Some((part.ident.clone(), first.unwrap_or(Value::Null)))
    }

    fn execute(&mut self, range: TextRange, run: &mut Run<'_>) -> Flow {
        match evaluate(self.catalog, &run.variables, slice(run.body, range)) {
            it @ Value::Text(_) if !it.known() => {
                if let Value::Text(text) = it {
                    self.approximate(&text);
                }
                Flow::Next
            }
            Value::Text(text) => {
                let at = run.start + range.start();
                for (range, _) in parse(&text, Dialect::Postgres).statements {
                    if self.inner(slice(&text, range), at, run) != Flow::Next {
                        return Flow::Leave(Leave::Abort);
                    }
                }
                Flow::Next
            }
            _ => {
                self.unknown_effects();
                Flow::Next
            }
        }
    }

    fn inner(&mut self, text: &str, at: TextSize, run: &mut Run<'_>) -> Flow {
        let parsed = parse_statement(text, Dialect::Postgres);
        let kind = &parsed.hir.kind;
        match kind {
            StatementKind::Ddl(ddl) if run.n_handled > 0 && self.names_no_table(ddl) => {
                run.refused = true;
                return Flow::Leave(Leave::Abort);
            }
            StatementKind::Ddl(_) | StatementKind::Wrapped { kind: WrapperKind::Explain, .. } => {}
            _ => return Flow::Next,
        }
        let mut fold = Fold {
            catalog: &mut *self.catalog,
            file: self.file,
            loc: self.loc,
            text,
            exprs: &parsed.hir.exprs,
            infer: self.infer,
            shift: self.shift + at,
            depth: self.depth + 1,
        };
        fold.statement(kind);
        Flow::Next
    }

    /// Whether a definition certainly is refused for want of a table: `42P01`.
    fn names_no_table(&self, ddl: &Ddl) -> bool {
        let gone = |name: &QName| match name.last() {
            Some(last) if self.catalog.gaps.loose.is_none() && !self.catalog.gaps.partial => {
                let schema = name.schema().map(|it| &it.ident);
                !schema.is_some_and(lookup::is_hosted)
                    && matches!(lookup::relation(self.catalog, schema, &last.ident), lookup::Lookup::Missing)
            }
            _ => false,
        };
        match ddl {
            Ddl::AlterTable { name, kind: RelationKind::Table, if_exists: false, actions, .. } => {
                gone(name)
                    || actions.iter().any(|it| match it {
                        AlterTable::AddConstraint(constraint) => match &constraint.kind {
                            TableConstraintKind::ForeignKey { references, .. } => gone(&references.table),
                            _ => false,
                        },
                        _ => false,
                    })
            }
            Ddl::CreateIndex(index) => gone(&index.table),
            Ddl::CreatePolicy(policy) => gone(&policy.table),
            Ddl::CreateTrigger { table, .. } => gone(table),
            _ => false,
        }
    }
}

fn forget(variables: &mut Variables, name: &Ident) {
    variables.get_mut(name).into_iter().for_each(|it| *it = Value::Unknown);
}

/// What differs is not known.
fn join(own: &mut Variables, other: &Variables) {
    for (name, value) in other {
        let known = own.entry(name.clone()).or_insert_with(|| value.clone());
        if known != value {
            *known = Value::Unknown;
        }
    }
}

/// The variables that statements give values to.
fn assigned_in(nodes: &[Node], body: &str, acc: &mut BTreeSet<Ident>) {
    for node in nodes {
        match node {
            Node::Assign { target, .. } => {
                acc.insert(target.clone());
            }
            Node::Execute { into, .. } => acc.extend(into.iter().cloned()),
            // Behind INTO, and of GET DIAGNOSTICS: what is no variable does no harm.
            Node::Sql(range) => {
                let text = slice(body, *range);
                let names = crate::sql::token::significant(text);
                let names = names.iter().map(|it| Ident::from_source(it.text(text)));
                acc.extend(names.skip_while(|it| !matches!(it.as_str(), "into" | "get")));
            }
            Node::Branch(arms) => arms.iter().for_each(|it| assigned_in(&it.body, body, acc)),
            Node::Loop { head, body: inner } => {
                match head {
                    Head::For { targets, .. } => acc.extend(targets.iter().cloned()),
                    Head::Each { target, .. } => {
                        acc.insert(target.clone());
                    }
                    Head::Plain => {}
                }
                assigned_in(inner, body, acc);
            }
            Node::Block { body: inner, handlers } => {
                assigned_in(inner, body, acc);
                handlers.iter().for_each(|it| assigned_in(&it.body, body, acc));
            }
            Node::Leave { .. } | Node::Unknown => {}
        }
    }
}
