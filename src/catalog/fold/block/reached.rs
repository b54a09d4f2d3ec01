//! What a DO block surely does first: nothing on the way has changed what it finds.

use super::eval::evaluate;
use super::value::{Value, Variables};
use crate::base::text::{TextRange, slice};
use crate::catalog::Catalog;
use crate::sql::plpgsql::block::{Node, When, nodes};

/// The first statement of SQL that a block runs; `None`: that is not known.
pub fn first_statement(catalog: &Catalog, body: &str) -> Option<TextRange> {
    let mut walk = Walk { catalog, body, variables: Variables::new() };
    match walk.nodes(&nodes(body)) {
        Reached::Statement(it) => Some(it),
        Reached::Nothing | Reached::Unknown => None,
    }
}

enum Reached {
    /// It comes out behind.
    Nothing,
    Statement(TextRange),
    Unknown,
}

struct Walk<'a> {
    catalog: &'a Catalog,
    body: &'a str,
    variables: Variables,
}

impl Walk<'_> {
    fn nodes(&mut self, nodes: &[Node]) -> Reached {
        for node in nodes {
            match self.node(node) {
                Reached::Nothing => {}
                found => return found,
            }
        }
        Reached::Nothing
    }

    fn node(&mut self, node: &Node) -> Reached {
        match node {
            Node::Sql(range) => Reached::Statement(*range),
            Node::Assign { target, value, declares } => {
                let value = match value {
                    Some(range) => self.value(*range),
                    None if *declares => Value::Null,
                    None => Value::Unknown,
                };
                self.variables.insert(target.clone(), value);
                Reached::Nothing
            }
            Node::Branch(arms) => {
                for arm in arms {
                    let when = match arm.when {
                        When::Is(range) => self.value(range),
                        When::Value => Value::Unknown,
                        When::Else => Value::Bool(true),
                    };
                    match when {
                        Value::Bool(false) | Value::Null => {}
                        Value::Bool(true) => return self.nodes(&arm.body),
                        _ => return Reached::Unknown,
                    }
                }
                Reached::Nothing
            }
            Node::Block { body, handlers } if handlers.is_empty() => self.nodes(body),
            _ => Reached::Unknown,
        }
    }

    fn value(&self, range: TextRange) -> Value {
        evaluate(self.catalog, &self.variables, slice(self.body, range))
    }
}
