//! The columns that a row of an INSERT gives values.

use super::context::{Context, InsertTarget};
use super::{Around, Label, SignatureHelp};
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::types::format_type;
use crate::catalog::{Catalog, Column, Entity};
use crate::embed::Piece;
use crate::ide::lab::Lab;
use crate::ide::sheet::Sheet;
use crate::sema::render::values::Values;
use crate::sql::Ident;

pub fn help(around: &Around<'_>, context: &Context, target: &InsertTarget) -> Option<SignatureHelp> {
    let name = target.table.last()?;
    let schema = target.table.len().checked_sub(2).and_then(|idx| target.table.get(idx));
    let Lookup::Found(relation) = lookup::relation(around.catalog, schema, name) else { return None };
    let all: Vec<Ident> = relation.columns.iter().map(|it| it.name.clone()).collect();
    let wanted = target.columns.as_ref().unwrap_or(&all);
    if wanted.is_empty() {
        return None;
    }
    let mut label = Label::default();
    label.push(&relation.name.quoted());
    label.push("(");
    let mut documentation = None;
    for (idx, wanted) in wanted.iter().enumerate() {
        if idx > 0 {
            label.push(", ");
        }
        match relation.columns.iter().find(|it| it.name == *wanted) {
            Some(column) => {
                label.param(&describe(around.catalog, column));
                if idx == context.arg {
                    documentation = column.comment.as_ref().map(|it| it.to_string());
                }
            }
            None => label.param(&wanted.quoted()),
        }
    }
    label.push(")");
    let signature = label.finish(Some(context.arg), documentation);
    Some(SignatureHelp { signatures: vec![signature], active: 0 })
}

/// `title text not null default 'x'`.
fn describe(catalog: &Catalog, column: &Column) -> String {
    let ty = column.ty.map_or_else(|| column.type_text.to_string(), |it| format_type(catalog, it));
    let mut res = format!("{} {ty}", column.name.quoted());
    if column.generated.is_some() {
        res.push_str(" generated");
    } else if column.identity.is_some() || column.default.is_some() {
        res.push_str(if column.not_null { " not null = default" } else { " = default" });
    } else if column.not_null {
        res.push_str(" not null");
    }
    res
}

/// The sheet's text with the names of tables in the holes that are tables, where there is room for them.
pub fn with_tables(lab: &Lab<'_>, sheet: &Sheet, catalog: &Catalog) -> String {
    let mut res = sheet.text.to_string();
    let Some(state) = lab.snap.state(lab.file) else { return res };
    let fragments = state.fragments();
    let Some(fragment) = fragments.iter().find(|it| Some(it.host) == sheet.fragment) else { return res };
    let (model, module) = (lab.snap.model(), state.module());
    let eval = model.evaluator(lab.snap);
    let values = Values::new(&eval, catalog, &module, lab.file);
    for piece in &fragment.pieces {
        let Piece::Hole { expr, host } = piece else { continue };
        let Some(decl) = values.value(*expr).decl.clone() else { continue };
        let Some(Entity::Relation(name)) = catalog.decls.get(&decl) else { continue };
        let Some(at) = host.checked_sub(sheet.host.start()) else { continue };
        let range = usize::from(at.start())..usize::from(at.end());
        // Qualified where that fits, or another schema's table would be taken.
        let qualified = format!("{}.{}", name.schema.quoted(), name.name.quoted());
        let written = [qualified, name.name.quoted()].into_iter().find(|it| it.len() <= range.len());
        if let (Some(written), true) = (written, res.get(range.clone()).is_some()) {
            let padded = format!("{written:<width$}", width = range.len());
            if padded.len() == range.len() {
                res.replace_range(range, &padded);
            }
        }
    }
    res
}
