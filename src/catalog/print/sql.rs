//! The SQL of `columnist schema`: statements that make the catalog's objects in an empty PostgreSQL database, in an
//! order in which they can run. What is not known stands as a comment.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::column_type;
use super::parts::{
    bound_text, closed, comes_later, constraint, has_parameter, item, key_columns, list, sequence_options,
    unique,
};
use super::routine::{self, Stage};
use crate::catalog::{
    Catalog, Check, Collation, Column, ColumnDefault, ForeignKey, Identity, Index, Partition, Policy,
    Relation, RelationKind, Type, TypeKind, types,
};
use crate::sql::{Dialect, Ident};

/// Every statement ends with `;` and a line end. For other dialects: tables only, as far as they are known.
pub fn schema_sql(catalog: &Catalog) -> String {
    let mut out = Printer { catalog, out: String::new(), unread: false };
    out.extensions();
    out.schemas();
    out.types();
    out.composites(false);
    let tables = out.of_kind(|it| {
        matches!(it, RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign)
    });
    for sequence in out.of_kind(|it| it == RelationKind::Sequence) {
        out.sequence(sequence);
    }
    out.functions(Stage::BeforeTables);
    for table in &tables {
        out.table(table);
    }
    for sequence in out.of_kind(|it| it == RelationKind::Sequence) {
        out.owned(sequence);
    }
    for table in &tables {
        out.later_keys(table);
    }
    for table in &tables {
        out.attach(table);
    }
    for table in &tables {
        for index in &table.indexes {
            out.index(table, index);
        }
    }
    for table in &tables {
        out.foreign_keys(table);
    }
    out.composites(true);
    out.functions(Stage::BehindTables);
    let views = out.of_kind(|it| matches!(it, RelationKind::View | RelationKind::MaterializedView));
    for view in in_order(views) {
        out.view(view);
    }
    out.functions(Stage::BehindViews);
    for relation in out.of_kind(|_| true) {
        out.triggers(relation);
    }
    out.roles(&tables);
    for table in &tables {
        out.policies(table);
    }
    out.out
}

struct Printer<'a> {
    catalog: &'a Catalog,
    out: String,
    /// Bodies of functions are not read from here.
    unread: bool,
}

/// A view after those that its text names.
fn in_order(mut views: Vec<&Relation>) -> Vec<&Relation> {
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
fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let before = text[..at].chars().next_back().is_some_and(word);
        let after = text[at + name.len()..].chars().next().is_some_and(word);
        !before && !after
    })
}

impl<'a> Printer<'a> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn of_kind(&self, test: impl Fn(RelationKind) -> bool) -> Vec<&'a Relation> {
        let catalog = self.catalog;
        let exported = catalog.relations.iter().filter(|(name, _)| !catalog.unexported.contains(name));
        exported.map(|(_, it)| &**it).filter(|it| test(it.kind)).collect()
    }

    /// The schema is left out where the search path finds the object without it.
    fn name(&self, schema: &Ident, name: &Ident) -> String {
        if self.catalog.search_path.first() == Some(schema) {
            name.quoted()
        } else {
            format!("{}.{}", schema.quoted(), name.quoted())
        }
    }

    fn extensions(&mut self) {
        for extension in self.catalog.extensions.values() {
            let default = self.catalog.search_path.first() == Some(&extension.schema)
                || extension.name.as_str() == "plpgsql"
                || !self.catalog.schemas.contains_key(&extension.schema);
            let schema =
                if default { String::new() } else { format!(" SCHEMA {}", extension.schema.quoted()) };
            if !schema.is_empty() {
                self.line(&format!("CREATE SCHEMA IF NOT EXISTS {};", extension.schema.quoted()));
            }
            self.line(&format!("CREATE EXTENSION IF NOT EXISTS {}{schema};", extension.name.quoted()));
        }
    }

    fn schemas(&mut self) {
        let mut names: BTreeSet<&Ident> = self.catalog.schemas.keys().collect();
        names.extend(self.catalog.relations.keys().map(|it| &it.schema));
        names.extend(self.catalog.types.iter().map(|it| &it.schema));
        for name in names {
            if name.as_str() != "public" && self.catalog.dialect == Dialect::Postgres {
                self.line(&format!("CREATE SCHEMA IF NOT EXISTS {};", name.quoted()));
            }
        }
    }

    fn types(&mut self) {
        let ty = |catalog: &Catalog, ty: Type| types::format_type(catalog, ty);
        for info in self.catalog.types.iter() {
            let name = self.name(&info.schema, &info.name);
            match &info.kind {
                TypeKind::Enum { labels } => {
                    let labels: Vec<String> =
                        labels.iter().map(|it| format!("'{}'", it.label.replace('\'', "''"))).collect();
                    self.line(&format!("CREATE TYPE {name} AS ENUM ({});", labels.join(", ")));
                }
                TypeKind::Domain { base, not_null } => {
                    let base = ty(self.catalog, *base);
                    let not_null = if *not_null { " NOT NULL" } else { "" };
                    self.line(&format!("CREATE DOMAIN {name} AS {base}{not_null};"));
                }
                TypeKind::Range { subtype } => {
                    let subtype = types::format_type_id(self.catalog, *subtype);
                    self.line(&format!("CREATE TYPE {name} AS RANGE (subtype = {subtype});"));
                }
                TypeKind::Opaque => self.line(&format!("-- type {name}: not known")),
                _ => {}
            }
        }
    }

    /// Composite types, each behind those that it is made of; `late`: those that are made of the rows of tables.
    fn composites(&mut self, late: bool) {
        for (info, is_late) in routine::composites(self.catalog) {
            let TypeKind::Composite { columns, .. } = &info.kind else { continue };
            if is_late == late {
                let name = self.name(&info.schema, &info.name);
                let columns: Vec<String> = columns
                    .iter()
                    .map(|(column, it)| {
                        let it =
                            it.map_or_else(|| "text".to_owned(), |it| types::format_type(self.catalog, it));
                        format!("{} {it}", column.quoted())
                    })
                    .collect();
                self.line(&format!("CREATE TYPE {name} AS ({});", columns.join(", ")));
            }
        }
    }

    fn sequence(&mut self, sequence: &Relation) {
        let name = self.name(&sequence.schema, &sequence.name);
        if !sequence.parents.is_empty() {
            if self.owner(sequence).is_some() {
                let options = sequence.details.sequence.map(sequence_options).unwrap_or_default();
                self.line(&format!("CREATE SEQUENCE {name}{options};"));
            }
            return;
        }
        let options = sequence.definition.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
        self.line(&format!("CREATE SEQUENCE {name}{options};"));
    }

    /// The table and column of a sequence that is made by itself: one that a column owns (its name stands as the definition)
    /// comes with the column, unless that is an integer whose default reads it.
    fn owner(&self, sequence: &Relation) -> Option<(&'a Relation, &'a Column)> {
        let catalog = self.catalog;
        let table = catalog.relations.get(sequence.parents.first()?)?;
        let column =
            table.columns.iter().find(|it| Some(it.name.as_str()) == sequence.definition.as_deref())?;
        let reads_it =
            matches!(&column.default, Some(ColumnDefault::Sql(it)) if mentions(it, sequence.name.as_str()));
        let by_hand = column.identity.is_none() && reads_it && !column.type_text.ends_with("serial");
        by_hand.then_some((&**table, column))
    }

    fn owned(&mut self, sequence: &Relation) {
        let Some((table, column)) = self.owner(sequence) else { return };
        let name = self.name(&sequence.schema, &sequence.name);
        let table = self.name(&table.schema, &table.name);
        self.line(&format!("ALTER SEQUENCE {name} OWNED BY {table}.{};", column.name.quoted()));
    }

    fn table(&mut self, table: &'a Relation) {
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
    fn parents(&self, table: &'a Relation) -> impl Iterator<Item = &'a Relation> {
        let catalog = self.catalog;
        table.parents.iter().filter_map(|it| catalog.relations.get(it)).map(|it| &**it)
    }

    /// PostgreSQL makes one index of what says the same in one statement (`transformIndexConstraints`).
    fn later_keys(&mut self, table: &Relation) {
        let name = self.name(&table.schema, &table.name);
        for key in table.uniques.iter().filter(|it| comes_later(table, it)) {
            self.line(&format!("ALTER TABLE {name} ADD {};", unique(table, key)));
        }
    }

    /// Makes a table a partition.
    fn attach(&mut self, table: &'a Relation) {
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

    fn index(&mut self, table: &Relation, index: &Index) {
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

    fn foreign_keys(&mut self, table: &Relation) {
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

    /// Those that are made now; bodies are read when all is there (`check_function_bodies`).
    fn functions(&mut self, now: Stage) {
        let catalog = self.catalog;
        for function in catalog.functions.values().flatten() {
            let name = self.name(&function.schema, &function.name);
            match routine::function(function, &name) {
                Some((stage, text)) if stage.max(routine::stage_of(catalog, function)) == now => {
                    if !std::mem::replace(&mut self.unread, true) {
                        self.line("SET check_function_bodies = off;");
                    }
                    self.line(&format!("{text};"));
                }
                None if now == Stage::BehindTables => {
                    let params: Vec<String> = function
                        .params
                        .iter()
                        .map(|it| {
                            it.ty.map_or_else(|| "?".to_owned(), |id| types::format_type_id(catalog, id))
                        })
                        .collect();
                    self.line(&format!("-- function {name}({})", params.join(", ")));
                }
                _ => {}
            }
        }
    }

    fn triggers(&mut self, relation: &Relation) {
        let texts = routine::triggers(relation, &|schema, name| self.name(schema, name));
        for text in texts {
            self.line(&format!("{text};"));
        }
    }

    fn view(&mut self, view: &Relation) {
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

    fn roles(&mut self, tables: &[&Relation]) {
        let mut roles: BTreeSet<&str> = BTreeSet::new();
        for policy in tables.iter().flat_map(|it| &it.policies) {
            roles.extend(policy.roles.iter().map(|it| it.as_str()).filter(|it| !is_pseudo_role(it)));
        }
        for role in roles {
            let name = Ident::new(role).quoted();
            self.line(&format!(
                "DO $$ BEGIN CREATE ROLE {name}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
            ));
        }
    }

    fn policies(&mut self, table: &Relation) {
        let name = self.name(&table.schema, &table.name);
        if table.row_security {
            self.line(&format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;"));
        }
        for policy in &table.policies {
            let text = self.policy(&name, policy);
            self.line(&text);
        }
    }

    fn policy(&self, table: &str, policy: &Policy) -> String {
        let unknown =
            |it: &Option<smol_str::SmolStr>| it.as_ref().is_some_and(|it| it.is_empty() || has_parameter(it));
        if policy.name.as_str().is_empty() || unknown(&policy.using) || unknown(&policy.with_check) {
            return format!("-- policy {} on {table}: not known", policy.name.quoted());
        }
        let kind = if policy.permissive { "" } else { " AS RESTRICTIVE" };
        let command = if policy.command.eq_ignore_ascii_case("all") {
            String::new()
        } else {
            format!(" FOR {}", policy.command)
        };
        let roles: Vec<String> = policy
            .roles
            .iter()
            .map(|it| if is_pseudo_role(it) { it.to_string() } else { Ident::new(it.as_str()).quoted() })
            .collect();
        let roles = if roles.is_empty() { String::new() } else { format!(" TO {}", roles.join(", ")) };
        let using = policy.using.as_ref().map(|it| format!(" USING ({})", closed(it))).unwrap_or_default();
        let check =
            policy.with_check.as_ref().map(|it| format!(" WITH CHECK ({})", closed(it))).unwrap_or_default();
        format!("CREATE POLICY {} ON {table}{kind}{command}{roles}{using}{check};", policy.name.quoted())
    }
}

fn is_pseudo_role(role: &str) -> bool {
    matches!(role.to_ascii_lowercase().as_str(), "public" | "current_role" | "current_user" | "session_user")
}
