//! Query builders in holes: a parenthesised query of which only the shape is known.

use super::Renderer;
use crate::embed::chain;
use crate::project::eval::{Value, ValueKind};
use crate::sema::fragment::Env;
use crate::ts::hir::ExprId;

/// What is known of a builder.
pub(super) struct Builder {
    /// `.as('x')`: a subquery with this alias.
    alias: Option<String>,
    /// Declared with `$with`: only its name is written.
    is_with: bool,
}

/// The builder that a chain of calls makes.
pub(super) fn of_expr(env: &Env<'_>, id: ExprId) -> Option<Builder> {
    let mut alias = None;
    let mut is_query = false;
    let mut is_with = false;
    for link in chain::inward(env.module, id) {
        match link.method.as_str() {
            "as" if link.call == id => {
                alias = link.args.first().and_then(|it| (env.value)(*it).as_str().cloned());
            }
            "$with" => is_with = true,
            name if starts(name) => is_query = true,
            _ => {}
        }
    }
    (is_query || is_with).then_some(Builder { alias: alias.map(|it| it.to_string()), is_with })
}

pub(super) fn of_value(value: &Value) -> Option<Builder> {
    let mut alias = None;
    let mut is_query = false;
    let mut is_with = false;
    let mut current = value.clone();
    for step in 0..64 {
        let ValueKind::Call { callee, args, .. } = &*current.kind else { break };
        let ValueKind::Member { object, name, .. } = &*callee.kind else { break };
        match name.as_str() {
            "as" if step == 0 => alias = args.first().and_then(|it| it.as_str().cloned()),
            "$with" => is_with = true,
            name if starts(name) => is_query = true,
            _ => {}
        }
        let object = object.clone();
        current = object;
    }
    (is_query || is_with).then_some(Builder { alias: alias.map(|it| it.to_string()), is_with })
}

fn starts(method: &str) -> bool {
    chain::begins(method).is_some() || method == "$count"
}

impl Renderer<'_, '_> {
    pub(super) fn builder(&mut self, builder: Builder) {
        if builder.is_with {
            return self.dynamic(true);
        }
        // Its columns are not known: a star over a relation that is not known.
        self.push("(select * from ");
        self.dynamic(true);
        self.push(")");
        if let Some(alias) = builder.alias {
            self.push(" ");
            self.identifier(&alias);
        }
    }
}
