//! Definitions made from `templates.txt` with the names of a catalog: mostly right ones, some of another kind, some misspelt.

use columnist::catalog::{Catalog, FunctionKind, RelationKind, TypeKind, types};

use super::mutate::{LITERALS, Random, TYPES, misspelt};

/// What a statement can name.
pub struct World {
    tables: Vec<Table>,
    views: Vec<Table>,
    materialized: Vec<Table>,
    sequences: Vec<String>,
    partitioned: Vec<Table>,
    partitions: Vec<String>,
    indexes: Vec<String>,
    types: Vec<String>,
    domains: Vec<String>,
    enums: Vec<String>,
    composites: Vec<String>,
    labels: Vec<String>,
    functions: Vec<(String, String)>,
    trigger_functions: Vec<String>,
    triggers: Vec<String>,
    policies: Vec<String>,
    schemas: Vec<String>,
}

struct Table {
    name: String,
    columns: Vec<String>,
    constraints: Vec<String>,
}

impl World {
    pub fn new(catalog: &Catalog) -> World {
        let path = |schema: &columnist::sql::Ident| catalog.search_path.contains(schema);
        let full = |schema: &columnist::sql::Ident, name: &columnist::sql::Ident| match path(schema) {
            true => name.quoted(),
            false => format!("{}.{}", schema.quoted(), name.quoted()),
        };
        let mut res = World {
            tables: Vec::new(),
            views: Vec::new(),
            materialized: Vec::new(),
            sequences: Vec::new(),
            partitioned: Vec::new(),
            partitions: Vec::new(),
            indexes: Vec::new(),
            types: TYPES.iter().map(|it| (*it).to_owned()).collect(),
            domains: Vec::new(),
            enums: Vec::new(),
            composites: Vec::new(),
            labels: Vec::new(),
            functions: Vec::new(),
            trigger_functions: Vec::new(),
            triggers: Vec::new(),
            policies: Vec::new(),
            schemas: catalog.schemas.keys().map(|it| it.quoted()).collect(),
        };
        for relation in catalog.relations.values() {
            let name = full(&relation.schema, &relation.name);
            let keys = relation.primary_key.iter().chain(&relation.uniques).filter_map(|it| it.name.clone());
            let checks = relation.checks.iter().filter_map(|it| it.name.clone());
            let foreign = relation.foreign_keys.iter().filter_map(|it| it.name.clone());
            let constraints = keys.chain(checks).chain(foreign).map(|it| it.quoted()).collect();
            let columns = relation.columns.iter().map(|it| it.name.quoted()).collect();
            res.indexes.extend(
                relation.indexes.iter().filter_map(|it| Some(full(&relation.schema, it.name.as_ref()?))),
            );
            res.triggers.extend(relation.triggers.iter().map(|it| it.to_string()));
            res.policies.extend(relation.policies.iter().map(|it| it.name.quoted()));
            if relation.kind != RelationKind::Sequence && !relation.parents.is_empty() {
                res.partitions.push(name.clone());
            }
            let table = Table { name: name.clone(), columns, constraints };
            match relation.kind {
                RelationKind::Sequence => res.sequences.push(name),
                RelationKind::View => res.views.push(table),
                RelationKind::MaterializedView => res.materialized.push(table),
                RelationKind::PartitionedTable => {
                    res.partitioned.push(Table {
                        name: name.clone(),
                        columns: table.columns.clone(),
                        constraints: Vec::new(),
                    });
                    res.tables.push(table);
                }
                _ => res.tables.push(table),
            }
        }
        for info in catalog.types.iter() {
            let name = full(&info.schema, &info.name);
            match &info.kind {
                TypeKind::Domain { .. } => res.domains.push(name.clone()),
                TypeKind::Enum { labels } => {
                    res.enums.push(name.clone());
                    res.labels.extend(labels.iter().map(|it| format!("'{}'", it.label)));
                }
                TypeKind::Composite { relation: None, .. } => res.composites.push(name.clone()),
                _ => {}
            }
            if !info.name.as_str().starts_with('_') {
                res.types.push(name);
            }
        }
        for (name, overloads) in catalog.functions.iter() {
            for it in overloads {
                let args: Vec<String> = it
                    .params
                    .iter()
                    .map(|it| it.ty.map_or_else(|| "int".into(), |it| types::format_type_id(catalog, it)))
                    .collect();
                let name = full(&name.schema, &name.name);
                if it.params.is_empty() && it.kind == FunctionKind::Function {
                    res.trigger_functions.push(format!("{name}()"));
                }
                res.functions.push((name.clone(), format!("{name}({})", args.join(", "))));
            }
        }
        res
    }

    fn all(&self) -> Vec<&Table> {
        self.tables.iter().chain(&self.views).chain(&self.materialized).collect()
    }
}

/// A statement of the catalog's names.
pub fn statement(world: &World, random: &mut Random) -> String {
    let templates: Vec<&str> =
        include_str!("templates.txt").lines().filter(|it| !it.starts_with('#') && !it.is_empty()).collect();
    let template = random.pick(&templates).copied().unwrap_or("");
    let mut maker = Maker { world, random, table: 0, tables: world.all(), depth: 0 };
    maker.table = maker.random.below(world.tables.len());
    maker.expand(template)
}

struct Maker<'w, 'r> {
    world: &'w World,
    random: &'r mut Random,
    tables: Vec<&'w Table>,
    /// The one that was named last.
    table: usize,
    depth: u32,
}

const CONDITIONS: [&str; 16] = [
    "{c} is not null",
    "{c} > {l}",
    "{c} = {c}",
    "length({c}) > 2",
    "{c} in ({l}, {l})",
    "true",
    "{c}",
    "{c} between {l} and {l}",
    "{c} is null or {c} is not null",
    "count(*) > 1",
    "exists (select 1)",
    "{c} like 'x%'",
    "now() > {l}",
    "nosuch > 1",
    "coalesce({c}, {l}) = {l}",
    "random() > 0.5",
];

const EXPRESSIONS: [&str; 20] = [
    "{c}",
    "{c} + 1",
    "lower({c})",
    "{c} || 'x'",
    "{c}::text",
    "coalesce({c}, {l})",
    "{l}",
    "now()",
    "random()",
    "nextval('{s}')",
    "nextval('nosuch')",
    "(select 1)",
    "sum({c})",
    "row_number() over ()",
    "generate_series(1, 3)",
    "case when {c} is null then {l} else {l} end",
    "nosuch({c})",
    "{c}::{y}",
    "$1",
    "current_user",
];

const PARAMS: [&str; 8] =
    ["", "int", "a int", "a text, b int", "a int default 1", "x int", "a {y}", "a int, out b text"];

impl Maker<'_, '_> {
    fn expand(&mut self, template: &str) -> String {
        self.depth += 1;
        let mut res = String::new();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '«']) {
            res.push_str(&rest[..at]);
            if rest[at..].starts_with('{') {
                let Some(end) = rest[at..].find('}') else { break };
                let name = &rest[at + 1..at + end];
                match self.name(name) {
                    Some(it) => res.push_str(&it),
                    None => res.push_str(&rest[at..=at + end]),
                }
                rest = &rest[at + end + 1..];
            } else {
                let (choice, behind) = self.choose(&rest[at + '«'.len_utf8()..]);
                let choice = choice.to_owned();
                res.push_str(&self.expand(&choice));
                rest = behind;
            }
        }
        res.push_str(rest);
        self.depth -= 1;
        res
    }

    /// One of the alternatives up to `»`, and what is behind it.
    fn choose<'t>(&mut self, text: &'t str) -> (&'t str, &'t str) {
        let (mut depth, mut from, mut all, mut end) = (0, 0, Vec::new(), text.len());
        for (at, c) in text.char_indices() {
            match c {
                '«' => depth += 1,
                '»' if depth == 0 => {
                    all.push(&text[from..at]);
                    end = at + c.len_utf8();
                    break;
                }
                '»' => depth -= 1,
                '¦' if depth == 0 => {
                    all.push(&text[from..at]);
                    from = at + c.len_utf8();
                }
                _ => {}
            }
        }
        (self.random.pick(&all).copied().unwrap_or(""), &text[end..])
    }

    fn one(&mut self, all: &[String]) -> String {
        let found = self.random.pick(all).cloned().unwrap_or_else(|| "nosuch".into());
        match self.random.below(40) {
            0 => misspelt(&found, self.random),
            1 => "nosuch".into(),
            2 => self.tables.get(self.random.below(self.tables.len())).map_or(found, |it| it.name.clone()),
            _ => found,
        }
    }

    fn relation(&mut self, from: usize, n: usize) -> String {
        if n > 0 {
            self.table = from + self.random.below(n);
        }
        let name = self.tables.get(self.table).map_or_else(|| "nosuch".into(), |it| it.name.clone());
        self.one(&[name])
    }

    fn name(&mut self, what: &str) -> Option<String> {
        if self.depth > 6 {
            return Some("1".into());
        }
        let world = self.world;
        let (n_tables, n_views) = (world.tables.len(), world.views.len());
        Some(match what {
            "t" => self.relation(0, n_tables),
            "v" => self.relation(n_tables, n_views),
            "m" => self.relation(n_tables + n_views, world.materialized.len()),
            "w" => {
                let names: Vec<String> = world.partitioned.iter().map(|it| it.name.clone()).collect();
                let name = self.one(&names);
                self.table = self.tables.iter().position(|it| it.name == name).unwrap_or(self.table);
                name
            }
            "c" => {
                let columns = self.tables.get(self.table).map_or(&[] as &[String], |it| &it.columns).to_vec();
                match self.random.below(25) {
                    0 => "ctid".into(),
                    _ => self.one(&columns),
                }
            }
            "k" => {
                let all = self.tables.get(self.table).map_or(&[] as &[String], |it| &it.constraints).to_vec();
                self.one(&all)
            }
            "dk" => "above".into(),
            "s" => self.one(&world.sequences),
            "q" => self.one(&world.partitions),
            "i" => self.one(&world.indexes),
            "y" => self.one(&world.types),
            "d" => self.one(&world.domains),
            "e" => self.one(&world.enums),
            "a" => self.random.pick(&world.labels).cloned().unwrap_or_else(|| "'x'".into()),
            "o" => self.one(&world.composites),
            "f" => self.random.pick(&world.functions).map_or("nosuch(int)".into(), |it| it.1.clone()),
            "h" => self.random.pick(&world.functions).map_or("nosuch".into(), |it| it.0.clone()),
            "tf" => self.one(&world.trigger_functions),
            "g" => self.one(&world.triggers),
            "p" => self.one(&world.policies),
            "z" => self.one(&world.schemas),
            "r" => match self.random.below(6) {
                0 => self.one(&world.sequences),
                1 => self.one(&world.indexes),
                2 => self.one(&world.types),
                _ => self.relation(0, self.tables.len()),
            },
            "n" => {
                let names = ["n1", "n2", "\"New\"", "fresh", "made"];
                self.random.pick(&names).copied().unwrap_or("n1").into()
            }
            "l" => self.random.pick(&LITERALS).copied().unwrap_or("1").into(),
            "pl" => {
                let all = [
                    "'2024-02-01'",
                    "'2024-03-01'",
                    "'a'",
                    "'c'",
                    "1",
                    "10",
                    "null",
                    "minvalue",
                    "now()",
                    "5 + 5",
                ];
                self.random.pick(&all).copied().unwrap_or("1").into()
            }
            "num" => {
                let all = ["0", "1", "2", "5", "10", "63", "100", "1000", "-1", "70000", "3000000000"];
                self.random.pick(&all).copied().unwrap_or("1").into()
            }
            "col" => {
                let all =
                    ["\"C\"", "\"en_US\"", "nosuch", "pg_catalog.\"default\"", "\"POSIX\"", "\"und-x-icu\""];
                self.random.pick(&all).copied().unwrap_or("\"C\"").into()
            }
            "am" => {
                let all = ["btree", "btree", "hash", "gist", "gin", "brin", "spgist", "nosuch"];
                self.random.pick(&all).copied().unwrap_or("btree").into()
            }
            "b" => self.template(&CONDITIONS),
            "b0" => self.template(&["true", "1 > 0", "value > 0", "nosuch > 1", "1"]),
            "x" => self.template(&EXPRESSIONS),
            "params" => self.template(&PARAMS),
            _ => return None,
        })
    }

    fn template(&mut self, all: &[&str]) -> String {
        let found = self.random.pick(all).copied().unwrap_or("true");
        self.expand(found)
    }
}
