//! Branches and loops of a block.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::eval::{answer, evaluate};
use super::union;
use super::value::{Value, Variables};
use super::{Flow, Fold, Run, data};
use crate::base::text::slice;
use crate::catalog::Catalog;
use crate::sql::Ident;
use crate::sql::plpgsql::block::{Arm, Head, Leave, Node, When};

impl Fold<'_> {
    pub(super) fn branch(&mut self, arms: &[Arm], run: &mut Run<'_>) -> Flow {
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
        let asks = |it: &Arm| matches!(it.when, When::Is(at) if data::asks(self.catalog, &run.data, slice(run.body, at)));
        let by_rows = !exhaustive && open.iter().any(|it| asks(it));
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
        if by_rows && worlds.iter().any(|it| !data::is_same(&it.0, &before)) {
            worlds.push((before.clone(), run.variables.clone()));
        }
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

    pub(super) fn repeat(&mut self, head: &Head, body: &[Node], run: &mut Run<'_>) -> Flow {
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
