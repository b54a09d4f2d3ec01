//! Edits of Drizzle's declarations that rules offer: something more behind a column's builder, an index among what the table's
//! third argument holds, an import.

use smol_str::SmolStr;

use super::schema::{Schema, Table};
use super::script::Script;
use crate::base::text::{TextRange, TextSize, range, slice};
use crate::catalog::{Column, Entity, Origin, QualifiedName, Relation};
use crate::embed::chain;
use crate::project::eval::DeclRef;
use crate::sql::Ident;
use crate::ts::hir::{BindingKind, ExprId, ExprKind, ImportName, Prop, ScopeId};

/// An edit of the file.
pub type Edit = (TextRange, String);

/// The value of the property whose key stands there.
pub fn property(script: &Script<'_>, key: TextRange) -> Option<ExprId> {
    script.ids().find_map(|id| {
        let ExprKind::Object(props) = script.expr(id) else { return None };
        props.iter().find_map(|it| match it {
            Prop::Field { key_range, value, shorthand: false, .. } if *key_range == key => Some(*value),
            _ => None,
        })
    })
}

/// `text` behind the builder of a column that this script declares in an object of columns.
pub fn behind_column(script: &Script<'_>, column: &Column, text: &str) -> Option<Edit> {
    let Origin::Ts { file, .. } = column.origin else { return None };
    let at = super::rules::origin_range(script.look.snap, column.origin)?;
    let value = property(script, at.value).filter(|_| file == script.file)?;
    // A column that a function or another module makes may be that of other tables too.
    let head = chain::inward(script.module, value).last()?;
    script.drizzle(script.call(head.call)?.0)?;
    Some((TextRange::empty(script.range(value).end()), text.to_owned()))
}

/// An index of columns of a table that this script declares.
pub fn add_index(schema: &Schema<'_>, table: &Table<'_>, columns: &[Ident]) -> Option<Vec<Edit>> {
    let script = schema.script;
    let column = |name: &Ident| table.relation.columns.iter().find(|it| it.name == *name)?.key.clone();
    let keys: Vec<SmolStr> = columns.iter().map(column).collect::<Option<_>>()?;
    let is_name = |it: &SmolStr| it.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '$'));
    if !keys.iter().all(is_name) {
        return None;
    }
    let binding = script.module.lookup(ScopeId::MODULE, &table.decl.name)?.1;
    let BindingKind::Const { init: Some(init), path } = &binding.kind else { return None };
    let head = chain::inward(script.module, *init).last().filter(|_| path.is_empty())?;
    let names: Vec<&str> = columns.iter().map(Ident::as_str).collect();
    let name = format!("{}_{}_idx", table.name.name.as_str(), names.join("_"));
    let index = |variable: &str| {
        let columns: Vec<String> = keys.iter().map(|it| format!("{variable}.{it}")).collect();
        format!("index('{name}').on({})", columns.join(", "))
    };
    let edit = match head.args.as_slice() {
        [_, columns] => {
            (TextRange::empty(script.range(*columns).end()), format!(", (t) => [{}]", index("t")))
        }
        [_, _, extras] => {
            let ExprKind::Function(function) = script.expr(*extras) else { return None };
            let ([param], [returned]) = (function.params.as_slice(), function.returns.as_slice()) else {
                return None;
            };
            let text = index(param.name.as_deref()?);
            let ExprKind::Array(items) = script.expr(script.bare(*returned)) else { return None };
            match items.last() {
                Some(last) => (TextRange::empty(script.range(*last).end()), format!(", {text}")),
                None => {
                    let start = script.range(script.bare(*returned)).start() + TextSize::from(1);
                    (TextRange::empty(start), text)
                }
            }
        }
        _ => return None,
    };
    let mut res = vec![edit];
    res.splice(0..0, import(script, "index")?);
    Some(res)
}

/// What imports a name of Drizzle's module of columns, where the script does not yet; `None`: it means something else there.
fn import(script: &Script<'_>, name: &str) -> Option<Vec<Edit>> {
    if let Some((_, binding)) = script.module.lookup(ScopeId::MODULE, name) {
        let BindingKind::Import(idx) = binding.kind else { return None };
        let import = script.module.imports.get(idx as usize)?;
        return is_core(&import.specifier).then(Vec::new);
    }
    let core = script
        .module
        .imports
        .iter()
        .find(|it| is_core(&it.specifier) && matches!(it.name, ImportName::Named(_)) && !it.type_only)?;
    let before = slice(script.text, TextRange::up_to(core.specifier_range.start()));
    let (brace, keyword) = before.rfind('{').zip(before.rfind("import"))?;
    (brace > keyword).then(|| vec![(range(brace + 1, brace + 1), format!(" {name},"))])
}

fn is_core(specifier: &str) -> bool {
    specifier.starts_with("drizzle-orm/") && specifier.ends_with("-core")
}

/// `users.id`, as this script writes it.
pub fn column_path(
    script: &Script<'_>,
    table: &QualifiedName,
    relation: &Relation,
    column: &str,
) -> Option<String> {
    let key = relation.columns.iter().find(|it| it.name.as_str() == column)?.key.clone()?;
    let decl = |it: &(&DeclRef, &Entity)| matches!(it.1, Entity::Relation(it) if it == table);
    let (decl, _) = script.catalog().decls.iter().find(decl)?;
    let local = if decl.file == script.file {
        decl.name.clone()
    } else {
        let is_it = |it: &&crate::ts::hir::Import| {
            matches!(&it.name, ImportName::Named(name) if *name == decl.name) && !it.type_only
        };
        script.module.imports.iter().find(is_it)?.local.clone()
    };
    Some(format!("{local}.{key}"))
}
