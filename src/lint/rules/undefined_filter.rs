//! `undefined` in the filter of a relational query: drizzle-orm 1.0.

use crate::base::path;
use crate::base::text::TextRange;
use crate::catalog::Entity;
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::project::Workspace;
use crate::project::package::Version;
use crate::sema::code::Severity::{Error, Information, Warning};
use crate::ts::hir::{ExprId, ExprKind, Prop};

pub const RULE: Lint = Lint::query("undefined-filter", Error, include_str!("undefined-filter.md"), run);

/// Filters nested more deeply are not followed.
const MAX_DEPTH: u32 = 16;

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if !script.is_v1() {
        return;
    }
    let Some(throws) = throws(script) else { return };
    let mut found = Filters { script, throws, acc };
    for id in script.ids() {
        let Some((receiver, method, args)) = script.method(id) else { continue };
        let Some(config) = args.first().filter(|_| matches!(method.as_str(), "findMany" | "findFirst"))
        else {
            continue;
        };
        if is_table_of_query(script, receiver) {
            found.config(*config, 0);
        }
    }
}

/// Whether the installed drizzle-orm refuses `undefined` (since 1.0.0-rc.5; before, it left the condition out); `None`: not
/// known.
fn throws(script: &Script<'_>) -> Option<bool> {
    let snap = script.look.snap;
    let own = Workspace::path(snap, script.file);
    let dir = path::parent(&own).unwrap_or("/");
    let installed = script.look.eval.resolver().packages().installed(snap, "drizzle-orm", dir)?;
    Some(installed.version? >= Version::parse("1.0.0-rc.5")?)
}

/// `db.query.users`, where `users` is a table that some module declares.
fn is_table_of_query(script: &Script<'_>, receiver: ExprId) -> bool {
    let ExprKind::Member { object, name: table, .. } = script.expr(receiver) else { return false };
    let ExprKind::Member { name, .. } = script.expr(*object) else { return false };
    let is_it = |(decl, entity): (&crate::project::eval::DeclRef, &Entity)| {
        decl.name == *table && matches!(entity, Entity::Relation(_))
    };
    if name != "query" || !script.catalog().decls.iter().any(is_it) {
        return false;
    }
    script.look.note(table);
    true
}

/// Walks over the filters of a query.
struct Filters<'r, 's, 'a, 'acc> {
    script: &'s Script<'a>,
    throws: bool,
    acc: &'r mut Acc<'acc>,
}

impl Filters<'_, '_, '_, '_> {
    /// `{ where, with: { posts: { where } } }`.
    fn config(&mut self, id: ExprId, depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        for (key, value) in fields(self.script, id) {
            match key {
                "where" => self.filter(None, value, depth + 1),
                "with" => {
                    for (_, value) in fields(self.script, value) {
                        self.config(value, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// A filter, or the value of one of its keys.
    fn filter(&mut self, key: Option<&str>, value: ExprId, depth: u32) {
        let script = self.script;
        if depth > MAX_DEPTH {
            return;
        }
        let id = script.definition(value);
        match script.expr(id) {
            ExprKind::Undefined => self.certain(key, value),
            ExprKind::Conditional { then, else_, .. } => {
                let is_nothing =
                    |it: &ExprId| matches!(script.expr(script.definition(*it)), ExprKind::Undefined);
                if [*then, *else_].iter().any(is_nothing) {
                    self.possible(key, value);
                }
                for branch in [*then, *else_].into_iter().filter(|it| !is_nothing(it)) {
                    self.filter(key, branch, depth + 1);
                }
            }
            ExprKind::Member { .. } | ExprKind::Call { .. } => {
                let root = optional_root(script, script.bare(value));
                if root.is_some_and(|it| !is_tested(script, it)) {
                    self.possible(key, value);
                }
            }
            ExprKind::Array(items) if matches!(key, Some("AND" | "OR")) => {
                if items.is_empty() && self.throws {
                    let key = key.unwrap_or_default();
                    self.acc.report(
                        script.range(value),
                        format!("Unexpected empty array in filters' '{key}' section. Omit field or use 'EmptyFilter' if you want filter to be skipped."),
                    );
                }
                for it in items {
                    self.filter(None, *it, depth + 1);
                }
            }
            ExprKind::Object(_) => {
                // Below a column stand operators.
                let column = key.filter(|it| !matches!(*it, "AND" | "OR" | "NOT"));
                for (key, value) in fields(self.script, id) {
                    self.filter(column.or(Some(key)), value, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn certain(&mut self, key: Option<&str>, value: ExprId) {
        let at = self.script.range(value);
        if self.throws {
            let message = "Unexpected 'undefined' in filter value. Use 'EmptyFilter' if you want the filter field to be skipped.";
            self.acc.report(at, message);
        } else {
            self.acc
                .report(at, format!("this condition is left out: rows of any {} are found", any(key)))
                .severity(Warning);
        }
    }

    fn possible(&mut self, key: Option<&str>, value: ExprId) {
        let at = self.script.range(value);
        let message = match self.throws {
            true => "where this is undefined, Drizzle refuses the query".to_owned(),
            false => format!("where this is undefined, rows of any {} are found", any(key)),
        };
        self.acc.report(at, message).severity(Information);
    }
}

/// The fields that an object literal certainly has: what is spread over a field may replace it.
fn fields<'a>(script: &Script<'a>, id: ExprId) -> Vec<(&'a str, ExprId)> {
    let ExprKind::Object(props) = script.expr(script.definition(id)) else { return Vec::new() };
    let last_spread = props.iter().rposition(|it| !matches!(it, Prop::Field { .. }));
    let own = props.iter().skip(last_spread.map_or(0, |it| it + 1));
    let field = |it: &'a Prop| match it {
        Prop::Field { key, value, .. } => Some((key.as_str(), *value)),
        _ => None,
    };
    own.filter_map(field).collect()
}

fn any(key: Option<&str>) -> &str {
    key.unwrap_or("kind")
}

/// `session` of `session?.user.id`: it may be missing, and nothing stands in for it.
fn optional_root(script: &Script<'_>, mut id: ExprId) -> Option<ExprId> {
    let mut res = None;
    loop {
        match script.expr(id) {
            ExprKind::Member { object, optional, .. } => {
                id = *object;
                res = if *optional { Some(id) } else { res };
            }
            ExprKind::Call { callee, optional, .. } => {
                id = *callee;
                res = if *optional { Some(id) } else { res };
            }
            ExprKind::Assertion { expr, .. } => id = *expr,
            _ => return res,
        }
    }
}

/// The program looks elsewhere whether it is there: `if (!session) return;`, `session?.role === 'admin' && …`.
fn is_tested(script: &Script<'_>, root: ExprId) -> bool {
    let source = script.source(root);
    let (own, name) = (script.range(root), base(script, root));
    let same = |it: &ExprId| {
        script.range(*it) != own && script.source(*it).starts_with(source) && base(script, *it) == name
    };
    script.ids().filter(same).any(|it| script.is_tested(it))
}

/// What the name is bound to that an expression begins with.
fn base(script: &Script<'_>, mut id: ExprId) -> Option<TextRange> {
    loop {
        match script.expr(id) {
            ExprKind::Member { object, .. } => id = *object,
            ExprKind::Call { callee, .. } => id = *callee,
            ExprKind::Assertion { expr, .. } => id = *expr,
            _ => return script.binding(id).map(|it| it.1.name_range),
        }
    }
}
