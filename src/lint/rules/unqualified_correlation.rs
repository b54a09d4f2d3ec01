//! Correlated subqueries whose outer column loses its table: drizzle-orm 0.x.

use crate::embed::chain::{Kind, is_join};
use crate::embed::{Fragment, Frame};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::lint::template::{Hole, Template};
use crate::sema::code::Severity::Warning;
use crate::sema::fragment::ScopeRelation;
use crate::sema::render::Library;
use crate::ts::hir::ExprId;

pub const RULE: Lint =
    Lint::query("unqualified-correlation", Warning, include_str!("unqualified-correlation.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    // 1.0 keeps the table's name once a second table appears.
    if script.database.is_none() || script.is_v1() {
        return;
    }
    for fragment in script.fragments() {
        let Some(call) = selecting_call(fragment) else { continue };
        if script.library(fragment) != Library::Drizzle {
            continue;
        }
        let query = script.queries().iter().find(|it| it.steps.iter().any(|it| it.call == call));
        let Some(query) = query.filter(|it| it.is_closed() && it.relations.len() == 1) else { continue };
        if query
            .steps
            .iter()
            .any(|it| is_join(&it.method) || (it.method == "from" && query.kind != Kind::Select))
        {
            continue;
        }
        let Some(Some(outer)) = query.relations.first() else { continue };
        let template = Template::new(script, fragment);
        // The tables that the template itself selects from: behind `${users}.` stands a column.
        let tables = template.holes.iter().filter(|it| !template.after(it).starts_with('.'));
        let inner: Vec<(&Hole, ScopeRelation)> =
            tables.filter_map(|it| Some((it, script.relation(it.expr)?))).collect();
        for hole in &template.holes {
            let Some((relation, column)) = script.column(hole.expr) else { continue };
            if relation != *outer || !template.is_in_subquery(hole) {
                continue;
            }
            // Of several queries around it, the innermost that has such a column is meant: be it the table's own.
            let mut shadow: Option<(usize, &ScopeRelation)> = None;
            for (at, relation) in &inner {
                let table = script.table(&relation.name);
                let has_it = table.is_some_and(|it| it.columns.iter().any(|it| it.name == column.name));
                let depth = template.depth(at);
                if has_it
                    && template.is_within_query_of(hole, at)
                    && shadow.is_none_or(|known| known.0 < depth || known.0 == depth && relation == outer)
                {
                    shadow = Some((depth, relation));
                }
            }
            let Some((_, shadow)) = shadow.filter(|it| it.1 != outer) else { continue };
            let shadow_name = shadow.alias.as_ref().unwrap_or(&shadow.name.name);
            let message = format!(
                "this renders as \"{}\" without its table, and means the column of {}",
                column.name,
                shadow_name.quoted()
            );
            let report = acc.report(hole.host, message);
            let source = script.source(hole.expr);
            if let Some((table, _)) = source.rsplit_once('.') {
                let text =
                    format!("{table}}}.${{sql.identifier('{}')", column.name.as_str().replace('\'', "\\'"));
                report.fix("Keep its table", vec![(hole.host, text)]);
            }
        }
    }
}

/// The call whose select list a fragment is a field of, as it stands.
fn selecting_call(fragment: &Fragment) -> Option<ExprId> {
    for frame in &fragment.context {
        match frame {
            Frame::Receiver { method, .. } if matches!(method.as_str(), "as" | "mapWith") => {}
            Frame::Key { .. } => {}
            Frame::Arg { call, method, index: 0 }
                if matches!(method.as_str(), "select" | "selectDistinct" | "returning") =>
            {
                return Some(*call);
            }
            _ => return None,
        }
    }
    None
}
