//! `timestamp` columns that forget the time zone.

use crate::base::text::{TextRange, TextSize};
use crate::catalog::TypeId;
use crate::embed::chain;
use crate::lint::repair::property;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::lint::script::Script;
use crate::sema::code::Severity::Hint;
use crate::ts::hir::{ExprKind, Prop};

pub const RULE: Lint =
    Lint::schema("timestamp-without-time-zone", Hint, include_str!("timestamp-without-time-zone.md"), run)
        .off();

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    if !schema.is_postgres() {
        return;
    }
    for table in &schema.tables {
        for column in &table.relation.columns {
            if column.ty.is_some_and(|it| it.id == TypeId::TIMESTAMP) {
                let message = format!("{} has no time zone", column.name.quoted());
                let at = super::origin_range(schema.script.look.snap, column.origin);
                let Some(at) = at.filter(|it| it.file == schema.script.file) else { continue };
                let report = acc.report(at.value, message);
                if let Some(edit) = with_time_zone(schema.script, at.value) {
                    report.fix("Give it a time zone", vec![edit]);
                }
            }
        }
    }
}

/// `timestamp('at')` under a key → `timestamp('at', { withTimezone: true })`.
fn with_time_zone(script: &Script<'_>, key: TextRange) -> Option<(TextRange, String)> {
    let value = property(script, key)?;
    let head = chain::inward(script.module, value).last().filter(|it| it.method == "timestamp")?;
    let said = "{ withTimezone: true }";
    match head.args.as_slice() {
        [] => {
            let end = script.range(head.call).end();
            let at = end.checked_sub(TextSize::from(1))?;
            Some((TextRange::empty(at), said.to_owned()))
        }
        [name] if matches!(script.expr(*name), ExprKind::String(_)) => {
            Some((TextRange::empty(script.range(*name).end()), format!(", {said}")))
        }
        [.., options] => {
            let ExprKind::Object(props) = script.expr(*options) else { return None };
            let is_said = |it: &Prop| matches!(it, Prop::Field { key, .. } if key == "withTimezone");
            if props.is_empty() || props.iter().any(is_said) {
                return None;
            }
            let at = script.range(*options).start() + TextSize::from(1);
            Some((TextRange::empty(at), " withTimezone: true,".to_owned()))
        }
    }
}
