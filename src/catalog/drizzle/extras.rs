//! The third argument of a table: indexes, keys, checks and policies.

use std::rc::Rc;

use smol_str::{SmolStr, format_smolstr};

use super::chain::{Chain, Given, field, number, string, unwind};
use super::column::ColumnDraft;
use super::reader::{Reader, TableDraft, stored};
use super::render::{Columns, Renderer};
use super::table::{foreign_key, recase};
use super::{Family, Line, names as naming};
use crate::catalog::{Check, Index, IndexItem, Key, Origin, Policy, Relation};
use crate::project::eval::{Value, ValueKind};
use crate::sql::Ident;

pub fn apply(reader: &Reader<'_>, draft: &Rc<TableDraft>, extras: &Value, res: &mut Relation) {
    let list = match &*extras.kind {
        ValueKind::Closure(closure) => reader.eval.call(closure, vec![draft.value.clone()]),
        _ => extras.clone(),
    };
    match reader.line {
        Line::V0 => parts(&list, &mut |it| one(reader, draft, it, res)),
        Line::V1 => each(reader, draft, &list, res),
    }
}

/// What 0.x looks at: of a list, its items and those of the lists in it; of an object, its values. Nothing deeper
/// (`[{ key: index(…) }]`) is seen.
fn parts(list: &Value, take: &mut dyn FnMut(&Value)) {
    let is_list = |it: &&Value| matches!(*it.kind, ValueKind::Array { .. });
    // A list, unless it is spread there, which is how people write it in lists.
    let is_policies = |it: &&Value| unwind(it).head.function() == Some("crudPolicy");
    match &*list.kind {
        ValueKind::Array { items, .. } => {
            for item in items {
                match &*item.kind {
                    ValueKind::Array { items, .. } => {
                        items.iter().filter(|it| !is_list(it)).for_each(&mut *take)
                    }
                    _ => take(item),
                }
            }
        }
        ValueKind::Object { entries, .. } => {
            let values = entries.iter().map(|it| &it.value);
            values.filter(|it| !is_list(it) && !is_policies(it)).for_each(take);
        }
        _ => take(list),
    }
}

fn each(reader: &Reader<'_>, draft: &Rc<TableDraft>, value: &Value, res: &mut Relation) {
    match &*value.kind {
        ValueKind::Array { items, .. } => items.iter().for_each(|it| each(reader, draft, it, res)),
        ValueKind::Object { entries, .. } => {
            entries.iter().for_each(|it| each(reader, draft, &it.value, res))
        }
        _ => one(reader, draft, value, res),
    }
}

fn one(reader: &Reader<'_>, draft: &Rc<TableDraft>, value: &Value, res: &mut Relation) {
    let chain = unwind(value);
    let origin = chain_origin(&chain, draft.origin);
    let args = chain.head.args();
    match chain.head.function() {
        Some("index") => res.indexes.push(index(reader, draft, &chain, false, origin)),
        Some("uniqueIndex") => res.indexes.push(index(reader, draft, &chain, true, origin)),
        Some("unique") => {
            let Some(on) = chain.method("on") else { return };
            let Some(columns) = own_columns(reader, draft, on.args) else { return };
            let name = Given::of(args.first()).or_else(|| {
                let columns: Vec<&str> = columns.iter().map(|it| raw(reader, it)).collect();
                let table = draft.name.name.as_str();
                Some(naming::table_unique(reader.line, draft.family, table, &columns.join("_")))
            });
            res.uniques.push(Key {
                name: name.map(|it| stored(&it)),
                columns: names(&columns),
                nulls_not_distinct: chain.has("nullsNotDistinct"),
                without_overlaps: false,
                deferrable: false,
                origin,
            });
        }
        Some("primaryKey") => {
            let config = args.first();
            let listed = config.and_then(|it| field(it, "columns"));
            let items: &[Value] = match listed.map(|it| &*it.kind) {
                Some(ValueKind::Array { items, .. }) => items,
                _ => args,
            };
            let Some(columns) = own_columns(reader, draft, items) else { return };
            // Without a list of columns the arguments are the columns.
            let explicit = listed.map_or(Given::Nothing, |_| Given::in_config(config));
            let table = draft.name.name.as_str();
            let name = match reader.line {
                // MySQL calls every one `PRIMARY`.
                Line::V1 if matches!(draft.family, Family::Mysql | Family::Singlestore) => {
                    Some(naming::primary_key(draft.family, table))
                }
                Line::V1 => explicit.or_else(|| Some(naming::primary_key(draft.family, table))),
                Line::V0 => {
                    let name = explicit.or_else(|| {
                        let names: Vec<&str> = columns.iter().map(|it| it.raw_name.as_str()).collect();
                        Some(format_smolstr!("{table}_{}_pk", names.join("_")))
                    });
                    name.map(|it| {
                        let mut name = it.to_string();
                        recase(reader.casing, &mut name, columns.iter());
                        name.into()
                    })
                }
            };
            res.primary_key = Some(Key {
                name: name.map(|it| stored(&it)),
                columns: names(&columns),
                nulls_not_distinct: false,
                without_overlaps: false,
                deferrable: false,
                origin,
            });
        }
        Some("foreignKey") => {
            // Until 0.30 the configuration came from a function.
            let config = match args.first().map(|it| &*it.kind) {
                Some(ValueKind::Closure(closure)) => reader.eval.call(closure, Vec::new()),
                _ => match args.first() {
                    Some(it) => it.clone(),
                    None => return,
                },
            };
            let items = |key: &str| match field(&config, key).map(|it| &*it.kind) {
                Some(ValueKind::Array { items, .. }) => items.clone(),
                _ => Vec::new(),
            };
            let Some(columns) = own_columns(reader, draft, &items("columns")) else { return };
            let explicit = Given::in_config(Some(&config));
            let columns: Vec<&ColumnDraft> = columns;
            let mut key = foreign_key(reader, draft, &columns, &items("foreignColumns"), explicit);
            let action =
                |name: &str| chain.method(name).and_then(|it| it.args.first()).and_then(string).cloned();
            key.on_delete = action("onDelete").unwrap_or(key.on_delete);
            key.on_update = action("onUpdate").unwrap_or(key.on_update);
            key.origin = origin;
            res.foreign_keys.push(key);
        }
        Some("check") => {
            let name = Given::of(args.first()).or_else(|| None).map(|it| stored(&it));
            let expression = args.get(1).and_then(|it| text(reader, draft, Place::Check, it));
            res.checks.push(Check { name, expression, no_inherit: false, origin });
        }
        Some("pgPolicy") => res.policies.extend(policy(reader, draft, &chain, origin)),
        Some("crudPolicy") => crud_policies(reader, draft, &chain, origin, &mut res.policies),
        _ => {}
    }
}

fn chain_origin(chain: &Chain<'_>, fallback: Origin) -> Origin {
    match &chain.head {
        super::chain::Head::Call { site, .. } | super::chain::Head::Applied { site, .. } => {
            Origin::Ts { file: site.file, loc: site.loc }
        }
        super::chain::Head::Value(_) => fallback,
    }
}

fn raw<'a>(reader: &Reader<'_>, column: &'a ColumnDraft) -> &'a str {
    if reader.line == Line::V0 { &column.raw_name } else { &column.name }
}

fn names(columns: &[&ColumnDraft]) -> Vec<Ident> {
    columns.iter().map(|it| stored(&it.name)).collect()
}

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Check,
    Predicate,
}

/// SQL text as drizzle-kit of the project's line writes it.
fn text(reader: &Reader<'_>, draft: &TableDraft, place: Place, value: &Value) -> Option<SmolStr> {
    let columns = match (reader.line, draft.family, place) {
        (Line::V0, ..) | (Line::V1, Family::Mysql | Family::Singlestore, _) => Columns::Qualified,
        (Line::V1, Family::Sqlite, Place::Predicate) => Columns::Qualified,
        (Line::V1, ..) => Columns::Bare,
    };
    let renderer = Renderer::new(reader, draft.family, columns);
    match (reader.line, draft.family) {
        (Line::V1, Family::Pg) => renderer.inlined().sql(value),
        _ => {
            let mut renderer = renderer;
            renderer.sql(value)
        }
    }
}

/// The draft's own columns that the values are. `None` when one of them is not known.
fn own_columns<'d>(
    reader: &Reader<'_>,
    draft: &'d Rc<TableDraft>,
    values: &[Value],
) -> Option<Vec<&'d ColumnDraft>> {
    values
        .iter()
        .map(|it| {
            let chain = unwind(it);
            let super::chain::Head::Value(value) = chain.head else { return None };
            let (table, idx) = reader.column_draft_of(value)?;
            if table.name != draft.name {
                return None;
            }
            draft.columns.get(idx)
        })
        .collect::<Option<Vec<_>>>()
        .filter(|it| !it.is_empty())
}

fn index(
    reader: &Reader<'_>,
    draft: &Rc<TableDraft>,
    chain: &Chain<'_>,
    unique: bool,
    origin: Origin,
) -> Index {
    let mut method: SmolStr = "btree".into();
    let mut args: Vec<Value> = Vec::new();
    for call in &chain.methods {
        match call.name {
            "on" | "onOnly" => args.extend(call.args.iter().cloned()),
            "using" => {
                if let Some(it) = call.args.first().and_then(string)
                    && draft.family == Family::Pg
                {
                    method = it.clone();
                }
                args.extend(call.args.iter().skip(1).cloned());
            }
            _ => {}
        }
    }
    let items: Vec<IndexItem> = args.iter().map(|it| item(reader, draft, it)).collect();
    let name = Given::of(chain.head.args().first()).or_else(|| {
        let names: Option<Vec<&str>> = items.iter().map(|it| it.column.as_ref().map(Ident::as_str)).collect();
        Some(format_smolstr!("{}_{}_index", draft.name.name.as_str(), names?.join("_")))
    });
    let predicate = chain
        .method("where")
        .and_then(|it| it.args.first())
        .map(|it| text(reader, draft, Place::Predicate, it).unwrap_or_default());
    Index {
        name: name.map(|it| stored(&it)),
        unique,
        method,
        items,
        predicate,
        nulls_not_distinct: false,
        include: Vec::new(),
        part_of: None,
        origin,
    }
}

fn item(reader: &Reader<'_>, draft: &Rc<TableDraft>, value: &Value) -> IndexItem {
    let chain = unwind(value);
    let mut res = IndexItem::default();
    let head = match chain.head {
        super::chain::Head::Value(it) => reader.column_draft_of(it),
        _ => None,
    };
    let Some((table, idx)) = head else {
        res.expression = Renderer::new(reader, draft.family, Columns::Bare).sql(value);
        return res;
    };
    if table.name != draft.name {
        // Of another table: drizzle-orm fails, and nobody knows what was meant.
        return res;
    }
    res.column = draft.columns.get(idx).map(|it| stored(&it.name));
    // Drizzle writes both out always, and `.desc()` alone leaves NULLS LAST.
    if draft.family == Family::Pg {
        res.nulls = Some("last".into());
    }
    for method in &chain.methods {
        match method.name {
            "asc" => res.descending = false,
            "desc" => res.descending = true,
            "nullsFirst" => res.nulls = Some("first".into()),
            "nullsLast" => res.nulls = Some("last".into()),
            "op" => res.opclass = method.args.first().and_then(string).cloned(),
            _ => {}
        }
    }
    res
}

pub fn policy(reader: &Reader<'_>, draft: &TableDraft, chain: &Chain<'_>, origin: Origin) -> Option<Policy> {
    let args = chain.head.args();
    let name = match Given::of(args.first()) {
        Given::Nothing => return None,
        Given::Name(it) => it,
        Given::Unknown => SmolStr::default(),
    };
    let option = |key: &str| args.get(1).and_then(|it| field(it, key));
    let sql = |key: &str| {
        let value = option(key).filter(|it| !matches!(*it.kind, ValueKind::Undefined))?;
        let text = Renderer::new(reader, draft.family, Columns::Qualified).sql(value);
        Some(text.unwrap_or_default())
    };
    let mut roles = option("to").map_or_else(|| vec!["public".into()], roles);
    roles.sort();
    Some(Policy {
        name: stored(&name),
        command: option("for")
            .and_then(string)
            .map_or_else(|| "ALL".into(), |it| it.to_ascii_uppercase().into()),
        permissive: option("as").and_then(string).is_none_or(|it| !it.eq_ignore_ascii_case("restrictive")),
        roles,
        using: sql("using"),
        with_check: sql("withCheck"),
        origin,
    })
}

/// `crudPolicy({ role, read, modify })` of `drizzle-orm/neon`: a policy for each of the four commands.
fn crud_policies(
    reader: &Reader<'_>,
    draft: &TableDraft,
    chain: &Chain<'_>,
    origin: Origin,
    acc: &mut Vec<Policy>,
) {
    let option = |key: &str| chain.head.args().first().and_then(|it| field(it, key));
    let Some(named) = option("role").map(roles).filter(|it| !it.is_empty()) else { return };
    // `null` leaves the policy out.
    let condition = |key: &str| match option(key).map(|it| (&*it.kind, it)) {
        None | Some((ValueKind::Null | ValueKind::Undefined, _)) => None,
        Some((ValueKind::Bool(it), _)) => Some(SmolStr::new_static(if *it { "true" } else { "false" })),
        Some((_, value)) => {
            Some(Renderer::new(reader, draft.family, Columns::Qualified).sql(value).unwrap_or_default())
        }
    };
    let (read, modify) = (condition("read"), condition("modify"));
    let commands = [
        ("select", read, None),
        ("insert", None, modify.clone()),
        ("update", modify.clone(), modify.clone()),
        ("delete", modify, None),
    ];
    let names = named.join("-");
    let mut sorted = named;
    sorted.sort();
    for (command, using, with_check) in commands.into_iter().filter(|it| it.1.is_some() || it.2.is_some()) {
        acc.push(Policy {
            name: stored(&format!("crud-{names}-policy-{command}")),
            command: command.to_ascii_uppercase().into(),
            permissive: true,
            roles: sorted.clone(),
            using,
            with_check,
            origin,
        });
    }
}

fn roles(value: &Value) -> Vec<SmolStr> {
    match &*value.kind {
        ValueKind::Array { items, .. } => items.iter().filter_map(role).collect(),
        _ => role(value).into_iter().collect(),
    }
}

/// `'public'`, a `pgRole('x')`, or one of the roles that Drizzle has ready for Supabase and Neon.
fn role(value: &Value) -> Option<SmolStr> {
    if let Some(name) = string(value) {
        return Some(name.clone());
    }
    if let ValueKind::External { package, path } = &*value.kind
        && super::chain::is_drizzle(package)
    {
        return match path.last()?.as_str() {
            "anonRole" => Some("anon".into()),
            "authenticatedRole" => Some("authenticated".into()),
            "anonymousRole" => Some("anonymous".into()),
            "serviceRole" => Some("service_role".into()),
            "postgresRole" => Some("postgres_role".into()),
            "supabaseAuthAdminRole" => Some("supabase_auth_admin".into()),
            _ => None,
        };
    }
    let chain = unwind(value);
    chain.is_call("pgRole").then(|| chain.head.args().first().and_then(string).cloned())?
}

/// Sequence options as SQL writes them, drizzle-kit's defaults filled in.
pub fn sequence_options(options: Option<&Value>) -> String {
    let get = |key: &str| {
        let value = options.and_then(|it| field(it, key))?;
        string(value).cloned().or_else(|| number(value))
    };
    let increment = get("increment").unwrap_or_else(|| "1".into());
    let down = increment.starts_with('-');
    let min = get("minValue").unwrap_or_else(|| if down { "-9223372036854775808" } else { "1" }.into());
    let max = get("maxValue").unwrap_or_else(|| if down { "-1" } else { "9223372036854775807" }.into());
    let start = get("startWith").unwrap_or_else(|| if down { max.clone() } else { min.clone() });
    let cache = get("cache").unwrap_or_else(|| "1".into());
    let cycle = super::chain::is_true(options.and_then(|it| field(it, "cycle")));
    sequence_text(&increment, &min, &max, &start, &cache, cycle)
}

/// The options of an identity's sequence, drizzle-kit's defaults filled in; `None` where one of them is not known.
pub fn identity_options(options: Option<&Value>, sql_type: &str) -> Option<SmolStr> {
    let get = |key: &str| {
        let Some(value) = options.and_then(|it| field(it, key)) else { return Some(None) };
        let known = string(value).cloned().or_else(|| number(value))?;
        Some(Some(known))
    };
    if let Some(options) = options
        && !matches!(&*options.kind, ValueKind::Object { open: false, .. })
    {
        return None;
    }
    let increment = get("increment")?.unwrap_or_else(|| "1".into());
    let down = increment.starts_with('-');
    let highest = match sql_type {
        "integer" => "2147483647",
        "bigint" => "9223372036854775807",
        _ => "32767",
    };
    // drizzle-kit asks for the lowest value of a type that it names otherwise.
    let min = get("minValue")?.unwrap_or_else(|| if down { "-32768" } else { "1" }.into());
    let max = get("maxValue")?.unwrap_or_else(|| if down { "-1" } else { highest }.into());
    let start = get("startWith")?.unwrap_or_else(|| if down { max.clone() } else { min.clone() });
    let cache = get("cache")?.unwrap_or_else(|| "1".into());
    let cycle = super::chain::is_true(options.and_then(|it| field(it, "cycle")));
    Some(sequence_text(&increment, &min, &max, &start, &cache, cycle).into())
}

pub fn sequence_text(increment: &str, min: &str, max: &str, start: &str, cache: &str, cycle: bool) -> String {
    let cycle = if cycle { " CYCLE" } else { "" };
    format!("INCREMENT BY {increment} MINVALUE {min} MAXVALUE {max} START WITH {start} CACHE {cache}{cycle}")
}
