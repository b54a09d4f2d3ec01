//! DDL that holds queries: views and tables made from them.

use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::Ddl;
use crate::sql::hir::ddl::{CreateView, ViewKind};

use super::binder::Binder;

impl<'a> Binder<'a> {
    pub fn ddl(&mut self, ddl: &'a Ddl) {
        match ddl {
            Ddl::CreateView(view) => self.create_view(view),
            Ddl::CreateSchema { elements, .. } => {
                for element in elements {
                    self.statement(element);
                }
            }
            Ddl::CreateFunction(create) => {
                self.result_type(create);
                if let Some(inline) = &create.inline {
                    self.inline_body(create, inline);
                }
            }
            _ => {}
        }
    }

    fn create_view(&mut self, view: &'a CreateView) {
        let shape = self.query(&view.query, true);
        if shape.open {
            return;
        }
        let n_columns = shape.columns.len();
        if view.columns.len() > n_columns {
            let message = match view.kind {
                ViewKind::View => "CREATE VIEW specifies more column names than columns",
                ViewKind::Materialized | ViewKind::Table => "too many column names were specified",
            };
            let at = view.columns.get(n_columns).map_or(view.query_range, |it| it.range);
            self.report(code::SYNTAX_ERROR, at, message);
            return;
        }
        let mut seen: Vec<Ident> = Vec::new();
        for (idx, column) in shape.columns.iter().enumerate() {
            let written = view.columns.get(idx);
            let name = written.map_or(&column.name, |it| &it.ident);
            if seen.contains(name) {
                let at = written.map(|it| it.range).or(column.range).unwrap_or(view.query_range);
                self.report(
                    code::DUPLICATE_COLUMN,
                    at,
                    format!("column \"{name}\" specified more than once"),
                );
                return;
            }
            seen.push(name.clone());
        }
    }
}
