//! References of a table to itself whose type TypeScript cannot infer.

use crate::base::text::{TextRange, slice};
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Information;
use crate::ts::hir::{BindingKind, ExprKind, ScopeId};

pub const RULE: Lint =
    Lint::schema("self-reference-type", Information, include_str!("self-reference-type.md"), run);

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    let script = schema.script;
    let path = crate::project::Workspace::path(script.look.snap, script.file);
    if !schema.is_postgres() || !matches!(crate::base::path::extension(&path), "ts" | "tsx" | "mts" | "cts") {
        return;
    }
    for id in script.ids() {
        let Some((_, method, args)) = script.method(id) else { continue };
        let (true, Some(&function)) = (method == "references", args.first()) else { continue };
        let ExprKind::Function(it) = script.expr(function) else { continue };
        let [returned] = it.returns.as_slice() else { continue };
        let ExprKind::Member { object, .. } = script.expr(*returned) else { continue };
        let Some((ScopeId::MODULE, binding)) = script.binding(*object) else { continue };
        let BindingKind::Const { init: Some(init), .. } = binding.kind else { continue };
        // A table with a type of its own is not inferred.
        if binding.ty.is_some() || !script.range(init).contains_range(script.range(id)) {
            continue;
        }
        let Some(table) = schema.tables.iter().find(|it| it.decl.name == binding.name) else { continue };
        let head = TextRange::new(script.range(function).start(), script.range(*returned).start());
        let head_text = slice(script.text, head);
        let Some(arrow) = head_text.rfind("=>") else { continue };
        if head_text.contains(':') || !head_text.starts_with('(') {
            continue;
        }
        let message = format!("the type of {} leads to itself: TypeScript makes it any", binding.name);
        let report = acc.report(script.range(*returned), message);
        let report = report.related_origin(table.relation.origin, "the table");
        let before = head_text.get(..arrow).unwrap_or("").trim_end().len();
        let at = TextRange::empty(head.start() + crate::base::text::TextSize::from(before as u32));
        let mut edits = vec![(at, ": AnyPgColumn".to_owned())];
        let imports = &script.module.imports;
        let is_imported = imports.iter().any(|it| it.local == "AnyPgColumn");
        if !is_imported {
            let Some(core) = imports.iter().find(|it| it.specifier == "drizzle-orm/pg-core") else {
                continue;
            };
            let before = slice(script.text, TextRange::up_to(core.specifier_range.start()));
            let brace =
                before.rfind('{').zip(before.rfind("import")).filter(|(brace, import)| brace > import);
            let Some((brace, _)) = brace else { continue };
            let at = crate::base::text::range(brace + 1, brace + 1);
            edits.insert(0, (at, " type AnyPgColumn,".to_owned()));
        }
        let _ = report.fix("Write its type: AnyPgColumn", edits);
    }
}
