//! Views, each behind those that it names.

use super::super::parts::{closed, has_parameter, list};
use super::Printer;
use crate::catalog::{Relation, RelationKind};
use crate::sql::Ident;

/// A view after those that its text names.
pub(super) fn in_order(mut views: Vec<&Relation>) -> Vec<&Relation> {
    let mut res: Vec<&Relation> = Vec::new();
    while !views.is_empty() {
        let ready = views.iter().position(|it| {
            let text = it.definition.as_deref().unwrap_or("");
            !views.iter().any(|other| other.name != it.name && mentions(text, other.name.as_str()))
        });
        // A circle cannot be: any of them may be next.
        res.push(views.remove(ready.unwrap_or(0)));
    }
    res
}

/// Whether `name` stands in `text` as a whole word.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let before = text[..at].chars().next_back().is_some_and(word);
        let after = text[at + name.len()..].chars().next().is_some_and(word);
        !before && !after
    })
}

impl Printer<'_> {
    pub(super) fn view(&mut self, view: &Relation) {
        let name = self.name(&view.schema, &view.name);
        let kind = if view.kind == RelationKind::MaterializedView { "MATERIALIZED VIEW" } else { "VIEW" };
        match &view.definition {
            Some(text) if !has_parameter(text) => {
                let text = text.trim().trim_end_matches(';');
                let details = &view.details;
                let columns = match details.named_columns {
                    true => {
                        let names: Vec<Ident> = view.columns.iter().map(|it| it.name.clone()).collect();
                        format!(" ({})", list(&names))
                    }
                    false => String::new(),
                };
                let with = details.view_options.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
                let check = details.check_option.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
                self.line(&format!("CREATE {kind} {name}{columns}{with} AS {}{check};", closed(text)));
            }
            _ => self.line(&format!("-- {} {name}: its query is not known", kind.to_lowercase())),
        }
        for index in &view.indexes {
            self.index(view, index);
        }
    }
}
