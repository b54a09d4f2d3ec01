//! Indexes and foreign keys.

use std::fmt::Write;

use super::super::parts::{closed, constraint, has_parameter, item, list};
use super::Printer;
use crate::catalog::{ForeignKey, Index, Relation};
use crate::sql::Ident;

impl Printer<'_> {
    pub(super) fn index(&mut self, table: &Relation, index: &Index) {
        let tail = table.details.tail(index.name.as_ref());
        if index.items.is_empty()
            && let Some(tail) = tail
        {
            let on = self.name(&table.schema, &table.name);
            let name = constraint(index.name.as_ref());
            self.line(&format!("ALTER TABLE {on} ADD {name}EXCLUDE {};", closed(tail)));
            return;
        }
        // It comes with that of the partitioned table.
        if index.part_of.is_some() && table.partition.as_ref().is_some_and(|it| it.bound.is_some()) {
            return;
        }
        let has_schema = |it: &Ident| self.catalog.schemas.contains_key(it);
        let items: Option<Vec<String>> = index.items.iter().map(|it| item(it, &has_schema)).collect();
        let name = index.name.as_ref().map(Ident::quoted).unwrap_or_default();
        let predicate = match &index.predicate {
            Some(text) if text.is_empty() || has_parameter(text) => None,
            Some(text) => Some(format!(" WHERE {}", closed(text))),
            None => Some(String::new()),
        };
        let on = self.name(&table.schema, &table.name);
        let (Some(items), Some(predicate)) = (items, predicate) else {
            self.line(&format!("-- index {name} on {on}: not known"));
            return;
        };
        let unique = if index.unique { "UNIQUE " } else { "" };
        let nulls = if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
        let method = if index.method == "btree" { String::new() } else { format!(" USING {}", index.method) };
        let include = match index.include.as_slice() {
            [] => String::new(),
            columns => format!(" INCLUDE ({})", list(columns)),
        };
        let with = tail.map(|it| format!(" {it}")).unwrap_or_default();
        self.line(&format!(
            "CREATE {unique}INDEX {name} ON {on}{method} ({}){include}{nulls}{with}{predicate};",
            items.join(", ")
        ));
    }

    pub(super) fn foreign_keys(&mut self, table: &Relation) {
        let name = self.name(&table.schema, &table.name);
        for key in &table.foreign_keys {
            // Partitions have those of their table.
            let same = |it: &&ForeignKey| it.columns == key.columns && it.target == key.target;
            let is_part = table.partition.as_ref().is_some_and(|it| it.bound.is_some());
            if is_part && self.parents(table).any(|it| it.foreign_keys.iter().any(|it| same(&it))) {
                continue;
            }
            let state = |it: &Vec<Ident>| key.name.as_ref().is_some_and(|name| it.contains(name));
            let deferrable = match state(&table.details.deferred) {
                true => " DEFERRABLE INITIALLY DEFERRED",
                false if state(&table.details.deferrable) => " DEFERRABLE",
                false => "",
            };
            let enforced = if state(&table.details.not_enforced) { " NOT ENFORCED" } else { "" };
            let valid = if state(&table.details.not_valid) { " NOT VALID" } else { "" };
            let columns = list(&key.columns);
            let constraint = constraint(key.name.as_ref());
            let Some(target) = &key.target else {
                self.line(&format!("-- {name}: foreign key ({columns}) to a table that is not known"));
                continue;
            };
            let target = self.name(&target.schema, &target.name);
            let target_columns = if key.target_columns.is_empty() {
                String::new()
            } else {
                format!(" ({})", list(&key.target_columns))
            };
            let action = |event: &str, it: &str| {
                if it == "no action" {
                    String::new()
                } else {
                    format!(" ON {event} {}", it.to_ascii_uppercase())
                }
            };
            let mut delete = action("DELETE", &key.on_delete);
            if !key.set_columns.is_empty() {
                let _ = write!(delete, " ({})", list(&key.set_columns));
            }
            let update = action("UPDATE", &key.on_update);
            self.line(&format!(
                "ALTER TABLE {name} ADD {constraint}FOREIGN KEY ({columns}) REFERENCES {target}{target_columns}{delete}{update}{deferrable}{enforced}{valid};"
            ));
        }
    }
}
