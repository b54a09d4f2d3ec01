//! DDL folded by us and executed by PostgreSQL: the same catalog.
//!
//! Needs node and the packages of `tests/oracle` (or of `COLUMNIST_ORACLE`); without them it says so and passes.

#[path = "analyze/infer.rs"]
mod infer;
#[path = "analyze/oracle.rs"]
#[allow(dead_code, reason = "shared with tests of queries")]
mod oracle;

use std::collections::BTreeSet;

use columnist::base::file::FileId;
use columnist::catalog::types::format_type;
use columnist::catalog::{
    Catalog, ColumnDefault, FunctionKind, Identity, RelationKind, Type, TypeKind, fold,
};
use columnist::facts::Loc;
use columnist::sql::{self, Dialect, Ident, split};
use serde_json::json;

fn statements(script: &str) -> Vec<&str> {
    let pieces = split::split(script, Dialect::Postgres);
    pieces.iter().map(|it| &script[usize::from(it.range.start())..usize::from(it.range.end())]).collect()
}

fn fold_script(script: &str) -> Catalog {
    let mut catalog = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    for (idx, text) in statements(script).into_iter().enumerate() {
        let parsed = sql::parse_statement(text, Dialect::Postgres);
        assert_eq!(parsed.error, None, "{text}");
        fold::apply_with(&mut catalog, FileId(0), Loc(idx as u32), &parsed, text, Some(&infer::Analysis));
    }
    catalog.search_path.clear();
    catalog
}

/// What `catalog.sql` says of the database, of our catalog.
fn describe(catalog: &Catalog) -> BTreeSet<String> {
    let mut res = BTreeSet::new();
    let ty = |it: Option<Type>| it.map_or_else(|| "?".into(), |it| format_type(catalog, it));
    let list = |it: &[Ident]| it.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ");
    for (name, relation) in catalog.relations.iter() {
        let full = format!("{}.{}", name.schema, name.name);
        let kind = match relation.kind {
            RelationKind::Table => "r",
            RelationKind::PartitionedTable => "p",
            RelationKind::View => "v",
            RelationKind::MaterializedView => "m",
            RelationKind::Sequence => "S",
            RelationKind::Foreign => "f",
        };
        let rls = if relation.row_security { " rls" } else { "" };
        let open = if relation.open { " open" } else { "" };
        res.insert(format!("relation {full} {kind}{rls}{open}"));
        if let Some(comment) = &relation.comment {
            res.insert(format!("comment {full} {comment}"));
        }
        if relation.kind == RelationKind::Sequence {
            continue;
        }
        for (idx, column) in relation.columns.iter().enumerate() {
            let mut line = format!("column {full} {} {}", idx + 1, column.name);
            if !matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView) {
                line.push_str(&format!(" {}", ty(column.ty)));
                if column.not_null {
                    line.push_str(" not null");
                }
                if matches!(column.default, Some(ColumnDefault::Sql(_) | ColumnDefault::Unknown)) {
                    line.push_str(" default");
                }
                match column.identity {
                    Some(Identity::Always) => line.push_str(" always"),
                    Some(Identity::ByDefault) => line.push_str(" by default"),
                    None => {}
                }
                if let Some(it) = &column.generated {
                    line.push_str(if it.stored { " stored" } else { " virtual" })
                }
            }
            res.insert(line);
            if let Some(comment) = &column.comment {
                res.insert(format!("comment {full}.{} {comment}", column.name));
            }
        }
        let named = |it: &Option<Ident>| it.as_ref().map_or_else(|| "?".into(), Ident::to_string);
        if let Some(key) = &relation.primary_key {
            res.insert(format!("constraint {full} {} p ({})", named(&key.name), list(&key.columns)));
        }
        for key in &relation.uniques {
            res.insert(format!("constraint {full} {} u ({})", named(&key.name), list(&key.columns)));
        }
        for check in &relation.checks {
            res.insert(format!("constraint {full} {} c", named(&check.name)));
        }
        for key in &relation.foreign_keys {
            let letter = |it: &str| match it {
                "no action" => 'a',
                "restrict" => 'r',
                "cascade" => 'c',
                "set null" => 'n',
                _ => 'd',
            };
            let target =
                key.target.as_ref().map_or_else(|| "?".into(), |it| format!("{}.{}", it.schema, it.name));
            let (delete, update) = (letter(&key.on_delete), letter(&key.on_update));
            res.insert(format!(
                "constraint {full} {} f ({}) {target} ({}) {delete}{update}",
                named(&key.name),
                list(&key.columns),
                list(&key.target_columns)
            ));
        }
        for index in &relation.indexes {
            if index.items.is_empty() {
                res.insert(format!("constraint {full} {} x", named(&index.name)));
                continue;
            }
            let unique = if index.unique { " unique" } else { "" };
            let items: Vec<&str> =
                index.items.iter().map(|it| it.column.as_ref().map_or("expr", |it| it.as_str())).collect();
            let predicate = if index.predicate.is_some() { " where" } else { "" };
            res.insert(format!(
                "index {full} {}{unique} {} {}{predicate}",
                named(&index.name),
                index.method,
                items.join(", ")
            ));
        }
        for policy in &relation.policies {
            let command = match policy.command.as_str() {
                "all" => "*",
                "select" => "r",
                "insert" => "a",
                "update" => "w",
                _ => "d",
            };
            let restrictive = if policy.permissive { "" } else { " restrictive" };
            res.insert(format!("policy {full} {} {command}{restrictive}", policy.name));
        }
        for trigger in &relation.triggers {
            res.insert(format!("trigger {full} {trigger}"));
        }
    }
    for info in catalog.types.iter() {
        let full = format!("{}.{}", info.schema, info.name);
        match &info.kind {
            TypeKind::Enum { labels } => {
                let labels: Vec<&str> = labels.iter().map(|it| it.label.as_str()).collect();
                res.insert(format!("enum {full} {}", labels.join(", ")));
            }
            TypeKind::Domain { base, not_null } => {
                let not_null = if *not_null { " not null" } else { "" };
                res.insert(format!("domain {full} {}{not_null}", ty(Some(*base))));
            }
            TypeKind::Composite { relation: None, columns } => {
                let columns: Vec<String> =
                    columns.iter().map(|(name, it)| format!("{name} {}", ty(*it))).collect();
                res.insert(format!("composite {full} {}", columns.join(", ")));
            }
            TypeKind::Range { subtype } => {
                res.insert(format!("range {full} {}", ty(Some(Type::plain(*subtype)))));
            }
            _ => {}
        }
    }
    for (name, overloads) in catalog.functions.iter() {
        for it in overloads {
            let params: Vec<String> = it.params.iter().map(|it| ty(it.ty.map(Type::plain))).collect();
            let kind = if it.kind == FunctionKind::Procedure { "p" } else { "f" };
            let set = if it.returns_set { " set" } else { "" };
            let variadic = if it.variadic { " variadic" } else { "" };
            let strict = if it.strict { " strict" } else { "" };
            res.insert(format!(
                "function {}.{}({}) {kind} {}{set} {}{variadic}{strict}",
                name.schema,
                name.name,
                params.join(", "),
                ty(it.returns.map(Type::plain)),
                it.n_defaults
            ));
        }
    }
    for it in catalog.extensions.values() {
        res.insert(format!("extension {} {}", it.name, it.schema));
    }
    for it in catalog.schemas.values().filter(|it| it.name.as_str() != "public") {
        res.insert(format!("schema {}", it.name));
    }
    res
}

#[test]
fn folds_as_postgresql_executes() {
    let Some(mut server) = oracle::Server::start() else {
        panic!("the oracles are not installed: run npm ci in tests/oracle");
    };
    let ledger = include_str!("oracle/ledger/fold.tsv");
    let known: BTreeSet<&str> = ledger
        .lines()
        .filter(|it| !it.starts_with('#'))
        .filter_map(|it| it.rsplit_once('\t'))
        .map(|it| it.0)
        .collect();
    let mut wrong = Vec::new();
    let (mut n_scripts, mut n_facts) = (0, 0);
    for section in include_str!("fold/scripts.sql").split("--# ").filter(|it| !it.trim().is_empty()) {
        let (title, script) = section.split_once('\n').expect("a script has a title");
        n_scripts += 1;
        server.ask(&json!({"op": "reset"}));
        let done = server.ask(&json!({"op": "exec_each", "sqls": statements(script)}));
        if done["ok"] != true {
            wrong.push(format!("{title}\tPostgreSQL refuses: {done}"));
            continue;
        }
        server.ask(&json!({"op": "exec", "sql": "set search_path = ''"}));
        let answer = server.ask(&json!({"op": "exec", "sql": include_str!("fold/catalog.sql")}));
        assert_eq!(answer["ok"], true, "{answer}");
        let rows = answer["rows"].as_array().expect("rows");
        let theirs: BTreeSet<String> =
            rows.iter().filter_map(|it| it[0].as_str()).map(str::to_owned).collect();
        let ours = describe(&fold_script(script));
        n_facts += theirs.len();
        for (sign, line) in
            ours.difference(&theirs).map(|it| ('+', it)).chain(theirs.difference(&ours).map(|it| ('-', it)))
        {
            if line == "extension plpgsql pg_catalog"
                || known.contains(format!("{title}\t{sign}{line}").as_str())
            {
                continue;
            }
            wrong.push(format!("{title}\t{sign}{line}"));
        }
    }
    println!(
        "{n_scripts} scripts, {n_facts} facts, {} differences, {} in the ledger",
        wrong.len(),
        known.len()
    );
    assert!(wrong.is_empty(), "ours (+) and PostgreSQL's (-):\n{}", wrong.join("\n"));
}
