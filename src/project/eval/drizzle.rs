//! The few functions of drizzle-orm that give back what they were given, so that no call must stay symbolic for them.

use smol_str::SmolStr;

use super::{Cx, Entry, Evaluator, Site, Value, ValueKind};

impl Evaluator<'_> {
    /// `getTableColumns(users)` (0.x), `getColumns(users)` (1.0): the table's properties by name. `None`: stays a call.
    pub(super) fn drizzle_call(
        &self,
        cx: &mut Cx,
        package: &str,
        path: &[SmolStr],
        args: &[Value],
        site: Site,
    ) -> Option<Value> {
        let ([function], [table]) = (path, args) else { return None };
        if package != "drizzle-orm" || !matches!(function.as_str(), "getTableColumns" | "getColumns") {
            return None;
        }
        let columns = self.columns_argument(cx, table)?;
        let ValueKind::Object { entries, open } = &*columns.kind else { return None };
        if !cx.spend(entries.len()) {
            return None;
        }
        let column = |entry: &Entry| {
            let value = ValueKind::Member { object: table.clone(), name: entry.key.clone(), site };
            Entry { key: entry.key.clone(), site: entry.site, value: value.into() }
        };
        Some(ValueKind::Object { entries: entries.iter().map(column).collect(), open: *open }.into())
    }

    /// The object of columns that a table was made with: the second argument of the innermost call of a chain, or what a
    /// callback there gives.
    fn columns_argument(&self, cx: &mut Cx, table: &Value) -> Option<Value> {
        let mut call = table;
        loop {
            let ValueKind::Call { callee, args, .. } = &*call.kind else { return None };
            match (args.as_slice(), &*callee.kind) {
                // `pgTable('users', { … }).enableRLS()`
                ([], ValueKind::Member { object, .. }) => call = object,
                ([_, columns, ..], _) => {
                    return match &*columns.kind {
                        ValueKind::Object { .. } => Some(columns.clone()),
                        // The builders it gets say nothing of the names.
                        ValueKind::Closure(closure) => {
                            let builders = ValueKind::Bound("builders".into());
                            self.apply(cx, closure, vec![builders.into()], false)
                        }
                        _ => None,
                    };
                }
                _ => return None,
            }
        }
    }
}

/// `crudPolicy` of `drizzle-orm/neon`, which gives a list of policies.
pub(super) fn gives_policies(callee: &Value) -> bool {
    matches!(&*callee.kind, ValueKind::External { package, path }
        if package == "drizzle-orm/neon" && path.last().is_some_and(|it| it == "crudPolicy"))
}
