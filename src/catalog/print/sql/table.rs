//! Tables with their columns, keys, checks and bounds.

use std::fmt::Write;

use super::super::column_type;
use super::super::parts::{bound_text, closed, comes_later, constraint, has_parameter, key_columns, unique};
use super::Printer;
use crate::catalog::{Check, Collation, Column, ColumnDefault, Identity, Partition, Relation};
use crate::sql::{Dialect, Ident};

impl<'a> Printer<'a> {
    pub(super) fn table(&mut self, table: &'a Relation) {
        let mut parts: Vec<String> = table.columns.iter().map(|it| self.column(it)).collect();
        if let Some(key) = &table.primary_key {
            // PostgreSQL finds this name itself, and another one where it is taken; but beside UNIQUE of the same columns
            // it makes one index, by the only name there is.
            let usual = format!("{}_pkey", table.name);
            // A key of one column is written at the column, without a name.
            let alone = key.columns.len() == 1 || !table.uniques.iter().any(|it| it.columns == key.columns);
            let name = key.name.as_ref().filter(|it| it.as_str() != usual || !alone);
            parts.push(format!("{}PRIMARY KEY {}", constraint(name), key_columns(table, key)));
        }
        for key in table.uniques.iter().filter(|it| !comes_later(table, it)) {
            parts.push(unique(table, key));
        }
        let mut unknown = Vec::new();
        let mut later = Vec::new();
        let inherited = |it: &Check| {
            self.parents(table).any(|parent| parent.checks.iter().any(|own| own.name == it.name))
        };
        for check in &table.checks {
            let Some(text) = check.expression.as_ref().filter(|it| !has_parameter(it)) else {
                unknown.extend(check.name.as_ref());
                continue;
            };
            let state = |it: &Vec<Ident>| check.name.as_ref().is_some_and(|name| it.contains(name));
            let no_inherit = if check.no_inherit { " NO INHERIT" } else { "" };
            let enforced = if state(&table.details.not_enforced) { " NOT ENFORCED" } else { "" };
            let text =
                format!("{}CHECK ({}){no_inherit}{enforced}", constraint(check.name.as_ref()), closed(text));
            match state(&table.details.not_valid) {
                // A partition's has to be what its table's is.
                true if inherited(check) => {}
                true => later.push(format!("{text} NOT VALID")),
                false => parts.push(text),
            }
        }
        let name = self.name(&table.schema, &table.name);
        let body: Vec<String> = parts.iter().map(|it| format!("    {it}")).collect();
        let by = match table.partition.as_deref() {
            Some(Partition { strategy: Some(strategy), by: Some(by), .. }) => {
                format!(" PARTITION BY {} ({by})", strategy.to_ascii_uppercase())
            }
            _ => String::new(),
        };
        let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
        self.line(&format!("CREATE {unlogged}TABLE {name} (\n{}\n){by};", body.join(",\n")));
        for text in later {
            self.line(&format!("ALTER TABLE {name} ADD {text};"));
        }
        match table.unlisted.as_ref().filter(|_| table.open) {
            Some(names) => {
                let names: Vec<String> = names.iter().map(Ident::quoted).collect();
                self.line(&format!("-- {name} may have these columns, or not: {}", names.join(", ")));
            }
            None if table.open => self.line(&format!("-- {name} may have more columns")),
            None => {}
        }
        for check in unknown {
            self.line(&format!("-- check {} of {name}: not known", check.quoted()));
        }
    }

    /// Those that it inherits from, or is a partition of.
    pub(super) fn parents(&self, table: &'a Relation) -> impl Iterator<Item = &'a Relation> {
        let catalog = self.catalog;
        table.parents.iter().filter_map(|it| catalog.relations.get(it)).map(|it| &**it)
    }

    /// PostgreSQL makes one index of what says the same in one statement (`transformIndexConstraints`).
    pub(super) fn later_keys(&mut self, table: &Relation) {
        let name = self.name(&table.schema, &table.name);
        for key in table.uniques.iter().filter(|it| comes_later(table, it)) {
            self.line(&format!("ALTER TABLE {name} ADD {};", unique(table, key)));
        }
    }

    /// Makes a table a partition.
    pub(super) fn attach(&mut self, table: &'a Relation) {
        let Some(bound) = table.partition.as_ref().and_then(|it| it.bound.as_ref()) else { return };
        let Some(parent) = self.parents(table).next() else { return };
        let name = self.name(&table.schema, &table.name);
        let parent = self.name(&parent.schema, &parent.name);
        match bound_text(bound) {
            Some(bound) => self.line(&format!("ALTER TABLE {parent} ATTACH PARTITION {name} {bound};")),
            None => self.line(&format!("-- {name} is a partition of {parent}: its bound is not known")),
        }
    }

    fn column(&self, column: &Column) -> String {
        let ty = match column.type_text.as_str() {
            it @ ("serial" | "bigserial" | "smallserial") => it.to_owned(),
            _ if self.catalog.dialect != Dialect::Postgres => column.type_text.to_string(),
            _ => column_type(self.catalog, column).unwrap_or_else(|| "text /* not known */".to_owned()),
        };
        let mut res = format!("{} {ty}", column.name.quoted());
        if let Collation::Named(name) = &column.collation {
            let _ = write!(res, " COLLATE {}", Ident::new(name.clone()).quoted());
        }
        match &column.default {
            Some(ColumnDefault::Sql(text))
                if column.generated.is_none()
                    && column.identity.is_none()
                    && !column.type_text.ends_with("serial") =>
            {
                let _ = write!(res, " DEFAULT {}", closed(text));
            }
            _ => {}
        }
        if let Some(generated) = &column.generated {
            match &generated.expression {
                Some(text) => {
                    let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
                    let _ = write!(res, " GENERATED ALWAYS AS ({}) {kind}", closed(text));
                }
                None => res.push_str(" /* generated */"),
            }
        }
        match column.identity {
            Some(Identity::Always) => res.push_str(" GENERATED ALWAYS AS IDENTITY"),
            Some(Identity::ByDefault) => res.push_str(" GENERATED BY DEFAULT AS IDENTITY"),
            None => {}
        }
        if column.not_null {
            res.push_str(" NOT NULL");
        }
        res
    }
}
