//! Drizzle's relations, v1 (`relations(table, …)`) and v2 (`defineRelations(schema, …)`), as data.

use smol_str::SmolStr;

use super::chain::{Head, field, string, unwind};
use super::reader::Reader;
use super::{Cardinality, DrizzleRelation};
use crate::catalog::{Origin, QualifiedName};
use crate::project::eval::{Entry, Value, ValueKind};

/// Adds the relations that a value declares, if it declares any.
pub fn read(reader: &Reader<'_>, value: &Value, acc: &mut Vec<DrizzleRelation>) {
    let chain = unwind(value);
    let args = chain.head.args();
    let n_before = acc.len();
    match (chain.head.function(), args) {
        (Some("relations"), [table, callback, ..]) => v1(reader, table, callback, acc),
        (Some(name @ ("defineRelations" | "defineRelationsPart")), [schema, callback, ..]) => {
            v2(reader, schema, callback, name == "defineRelationsPart", acc);
        }
        _ => {}
    }
    for it in acc.iter_mut().skip(n_before) {
        it.decl.clone_from(&value.decl);
    }
}

fn bound(name: &str) -> Value {
    Value { kind: ValueKind::Bound(name.into()).into(), decl: None, site: None }
}

fn entry_origin(entry: &Entry) -> Origin {
    Origin::Ts { file: entry.site.file, loc: entry.site.loc }
}

fn v1(reader: &Reader<'_>, table: &Value, callback: &Value, acc: &mut Vec<DrizzleRelation>) {
    let Some(source) = reader.table(table) else { return };
    let ValueKind::Closure(closure) = &*callback.kind else { return };
    let helpers = Value {
        kind: ValueKind::Object {
            entries: ["one", "many"]
                .into_iter()
                .filter_map(|name| {
                    let site = table.site.or(callback.site).or(value_site(callback))?;
                    Some(Entry { key: name.into(), site, value: bound(name) })
                })
                .collect(),
            open: false,
        }
        .into(),
        decl: None,
        site: None,
    };
    let res = reader.eval.call(closure, vec![helpers]);
    let ValueKind::Object { entries, .. } = &*res.kind else { return };
    for entry in entries {
        let Some((kind, args)) = helper_call(&entry.value) else { continue };
        let target = args.first().and_then(|it| reader.table(it));
        let config = args.get(1);
        acc.push(DrizzleRelation {
            source: source.name.clone(),
            name: entry.key.clone(),
            cardinality: kind,
            target: target.map(|it| it.name.clone()),
            configured: config.is_some(),
            fields: column_list(reader, config, "fields"),
            references: column_list(reader, config, "references"),
            through: None,
            alias: config.and_then(|it| field(it, "relationName")).and_then(string).cloned(),
            version: 1,
            error: None,
            decl: None,
            origin: entry_origin(entry),
        });
    }
}

fn value_site(value: &Value) -> Option<crate::project::eval::Site> {
    match &*value.kind {
        ValueKind::Closure(closure) => {
            Some(crate::project::eval::Site { file: closure.file, loc: crate::facts::Loc(0) })
        }
        _ => None,
    }
}

/// `one(users, …)` or `r.one.users(…)`.
fn helper_call(value: &Value) -> Option<(Cardinality, &[Value])> {
    let ValueKind::Call { callee, args, .. } = &*value.kind else { return None };
    match &*callee.kind {
        ValueKind::Bound(name) => Some((cardinality(name)?, args)),
        _ => None,
    }
}

fn cardinality(name: &str) -> Option<Cardinality> {
    match name {
        "one" => Some(Cardinality::One),
        "many" => Some(Cardinality::Many),
        _ => None,
    }
}

fn column_list(reader: &Reader<'_>, config: Option<&Value>, key: &str) -> Vec<SmolStr> {
    let Some(value) = config.and_then(|it| field(it, key)) else { return Vec::new() };
    let ValueKind::Array { items, .. } = &*value.kind else { return Vec::new() };
    items.iter().filter_map(|it| reader.column_of(it)).map(|(_, name)| name).collect()
}

/// A side of a v2 relation: `from` or `to`.
#[derive(Debug, Clone, PartialEq)]
enum Side {
    Absent,
    Unknown,
    Known(Vec<SideColumn>),
}

#[derive(Debug, Clone, PartialEq)]
struct SideColumn {
    /// The key of its table in the schema object.
    table: SmolStr,
    /// Its name in the database; `None`: the table has no such column.
    name: Option<SmolStr>,
    /// The key of the table of the column that it is joined through.
    through: Option<SmolStr>,
}

/// A relation of `defineRelations`, as [`problem`] looks at it.
struct Defined {
    source: SmolStr,
    name: SmolStr,
    helper: SmolStr,
    target: SmolStr,
    /// `None`: it has one that is not known.
    alias: Option<Option<SmolStr>>,
    from: Side,
    to: Side,
    /// `where: undefined`.
    where_undefined: bool,
    /// A column of the source table has its name.
    collides: bool,
    target_table: Option<QualifiedName>,
    source_table: QualifiedName,
}

fn v2(reader: &Reader<'_>, schema: &Value, callback: &Value, is_part: bool, acc: &mut Vec<DrizzleRelation>) {
    let ValueKind::Closure(closure) = &*callback.kind else { return };
    let res = reader.eval.call(closure, vec![bound("r")]);
    let ValueKind::Object { entries, open } = &*res.kind else { return };
    let table = |key: &str| {
        let value = match &*schema.kind {
            ValueKind::Object { .. } => field(schema, key).cloned()?,
            _ => reader.eval.member(schema, key),
        };
        reader.table(&value)
    };
    // `r.posts.authorId`: the table's key and the column's.
    let member = |value: &Value| -> Option<(SmolStr, SmolStr)> {
        let ValueKind::Member { object, name, .. } = &*value.kind else { return None };
        let ValueKind::Member { object, name: key, .. } = &*object.kind else { return None };
        matches!(&*object.kind, ValueKind::Bound(it) if it == "r").then(|| (key.clone(), name.clone()))
    };
    let side_column = |value: &Value| -> Option<SideColumn> {
        let chain = unwind(value);
        let Head::Value(head) = &chain.head else { return None };
        let (key, column) = member(head)?;
        let draft = table(&key)?;
        let through = match chain.method("through") {
            Some(it) => Some(member(it.args.first()?)?.0),
            None => None,
        };
        let name = draft.columns.iter().find(|it| it.key == column).map(|it| it.name.clone());
        Some(SideColumn { table: key, name, through })
    };
    let side = |config: Option<&Value>, key: &str| -> Side {
        let Some(config) = config else { return Side::Absent };
        let ValueKind::Object { entries, open: false } = &*config.kind else { return Side::Unknown };
        let Some(entry) = entries.iter().find(|it| it.key == key) else { return Side::Absent };
        let single = std::slice::from_ref(&entry.value);
        let items = match &*entry.value.kind {
            ValueKind::Undefined => return Side::Absent,
            ValueKind::Array { items, open: false } => items.as_slice(),
            _ => single,
        };
        items.iter().map(side_column).collect::<Option<Vec<_>>>().map_or(Side::Unknown, Side::Known)
    };
    let (mut defined, mut open_tables) = (Vec::new(), Vec::new());
    let first = acc.len();
    for entry in entries {
        let Some(source) = table(&entry.key) else { continue };
        let ValueKind::Object { entries: fields, open } = &*entry.value.kind else {
            open_tables.push(entry.key.clone());
            continue;
        };
        if *open {
            open_tables.push(entry.key.clone());
        }
        for relation in fields {
            let Some((helper, target, args)) = v2_call(&relation.value) else {
                open_tables.push(entry.key.clone());
                continue;
            };
            let Some(kind) = cardinality(helper) else { continue };
            let config = args.first();
            let (from, to) = (side(config, "from"), side(config, "to"));
            let names = |side: &Side| match side {
                Side::Known(columns) => columns.iter().filter_map(|it| it.name.clone()).collect(),
                _ => Vec::new(),
            };
            let through = [&from, &to].into_iter().find_map(|it| match it {
                Side::Known(columns) => columns.iter().find_map(|it| it.through.as_ref()),
                _ => None,
            });
            let alias = config.and_then(|it| field(it, "alias"));
            let target_table = table(target).map(|it| it.name.clone());
            acc.push(DrizzleRelation {
                source: source.name.clone(),
                name: relation.key.clone(),
                cardinality: kind,
                target: target_table.clone(),
                configured: from != Side::Absent || to != Side::Absent,
                fields: names(&from),
                references: names(&to),
                through: through.and_then(|it| table(it)).map(|it| it.name.clone()),
                alias: alias.and_then(string).cloned(),
                version: 2,
                error: None,
                decl: None,
                origin: entry_origin(relation),
            });
            let known = config.is_none_or(|it| matches!(&*it.kind, ValueKind::Object { open: false, .. }));
            defined.push(Defined {
                source: entry.key.clone(),
                name: relation.key.clone(),
                helper: helper.clone(),
                target: target.clone(),
                alias: match alias.map(|it| (&*it.kind, string(it))) {
                    None if known => Some(None),
                    Some((ValueKind::Undefined, _)) => Some(None),
                    Some((_, Some(alias))) => Some(Some(alias.clone())),
                    _ => None,
                },
                from,
                to,
                where_undefined: config
                    .and_then(|it| field(it, "where"))
                    .is_some_and(|it| matches!(*it.kind, ValueKind::Undefined)),
                collides: source.columns.iter().any(|it| it.key == relation.key),
                target_table,
                source_table: source.name.clone(),
            });
        }
    }
    let is_open = |key: &SmolStr| *open || open_tables.contains(key);
    // A part knows of the tables only that it says something of.
    let is_known = |key: &SmolStr| !is_part || entries.iter().any(|it| it.key == *key);
    let errors = problems(&defined, is_open, is_known);
    for (relation, error) in acc.iter_mut().skip(first).zip(errors) {
        relation.error = error;
    }
}

/// `r.one.users(…)`.
fn v2_call(value: &Value) -> Option<(&SmolStr, &SmolStr, &[Value])> {
    let ValueKind::Call { callee, args, .. } = &*value.kind else { return None };
    let ValueKind::Member { object, name: target, .. } = &*callee.kind else { return None };
    let ValueKind::Member { name: helper, .. } = &*object.kind else { return None };
    Some((helper, target, args))
}

/// What drizzle-orm 1.0 throws for each relation (`processRelations`), in its words.
fn problems(
    all: &[Defined],
    is_open: impl Fn(&SmolStr) -> bool,
    is_known: impl Fn(&SmolStr) -> bool,
) -> Vec<Option<SmolStr>> {
    // Those whose columns are said, or were taken from the other side.
    let is_said = |it: &Defined| it.from != Side::Absent && it.to != Side::Absent;
    let mut filled: Vec<bool> = all.iter().map(is_said).collect();
    let mut res = Vec::new();
    for (idx, relation) in all.iter().enumerate() {
        let found = problem(all, idx, &filled, &is_open, &is_known);
        if let (Ok(()), Some(it)) = (&found, filled.get_mut(idx)) {
            *it = true;
        }
        let name = format!(
            "relations -> {}: {{ {}: r.{}.{}(...) }}",
            relation.source, relation.name, relation.helper, relation.target
        );
        res.push(match found {
            _ if relation.where_undefined => Some(UNDEFINED_WHERE.into()),
            Err(Some(what)) => Some(format!("{name}: {what}").into()),
            _ => None,
        });
    }
    res
}

const UNDEFINED_WHERE: &str =
    "Unexpected 'undefined' in filter value. Use 'EmptyFilter' if you want the filter field to be skipped.";

/// `Err(None)`: it cannot be said.
fn problem(
    all: &[Defined],
    idx: usize,
    filled: &[bool],
    is_open: &impl Fn(&SmolStr) -> bool,
    is_known: &impl Fn(&SmolStr) -> bool,
) -> Result<(), Option<String>> {
    let Some(relation) = all.get(idx) else { return Err(None) };
    let fail = |what: String| Err(Some(what));
    let (source, target) = (&relation.source, &relation.target);
    if relation.collides {
        return fail(format!(
            "relation name collides with column \"{}\" of table \"{source}\"",
            relation.name
        ));
    }
    if relation.alias == Some(Some(SmolStr::default())) {
        return fail("\"alias\" cannot be an empty string - omit it if you don't need it".to_owned());
    }
    if relation.from == Side::Known(Vec::new()) {
        return fail("\"from\" cannot be empty".to_owned());
    }
    if relation.to == Side::Known(Vec::new()) {
        return fail("\"to\" cannot be empty".to_owned());
    }
    match (&relation.from, &relation.to) {
        (Side::Unknown, _) | (_, Side::Unknown) => return Err(None),
        (Side::Known(from), Side::Known(to)) => return sides(relation, from, to),
        (Side::Absent, Side::Absent) => {}
        _ => {
            return fail(
                "relation must have either both \"from\" and \"to\" defined, or none of them".to_owned(),
            );
        }
    }
    let Some(alias) = &relation.alias else { return Err(None) };
    if is_open(target) {
        return Err(None);
    }
    let of_target = || all.iter().enumerate().filter(|(_, it)| it.source == *target);
    if of_target().any(|(_, it)| it.alias.is_none() || it.target_table.is_none()) {
        return Err(None);
    }
    const FROM: &str =
        "not enough data provided to build the relation - \"from\"/\"to\" are not defined, and";
    if relation.target_table.is_none() {
        return Err(None);
    }
    if !is_known(target) {
        return fail(format!("{FROM} no reverse relations of table \"{target}\" were found\""));
    }
    let is_reverse = |at: usize, it: &Defined| {
        at != idx
            && match alias {
                Some(alias) => it.alias.as_ref().and_then(Option::as_ref) == Some(alias),
                None => it.target_table.as_ref() == Some(&relation.source_table) && it.alias == Some(None),
            }
    };
    let reverse: Vec<(usize, &Defined)> = of_target().filter(|(at, it)| is_reverse(*at, it)).collect();
    match (reverse.as_slice(), alias) {
        ([], Some(alias)) => {
            fail(format!("{FROM} there is no reverse relation of table \"{target}\" with alias \"{alias}\""))
        }
        ([], None) => fail(format!(
            "{FROM} no reverse relation of table \"{target}\" with target table \"{source}\" was found"
        )),
        ([(at, only)], _) => match filled.get(*at) {
            Some(true) => Ok(()),
            _ if only.from == Side::Unknown || only.to == Side::Unknown => Err(None),
            _ => fail(format!(
                "{FROM} reverse relation \"{target}.{}\" does not have \"from\"/\"to\" defined",
                only.name
            )),
        },
        (several, Some(alias)) => fail(format!(
            "{FROM} multiple relations with alias \"{alias}\" found in table \"{target}\": {}",
            several.iter().map(|it| format!("\"{}\"", it.1.name)).collect::<Vec<_>>().join(", ")
        )),
        (_, None) => fail(format!(
            "{FROM} multiple relations between \"{target}\" and \"{source}\" were found.\nHint: you can \
             specify \"alias\" on both sides of the relation with the same value"
        )),
    }
}

fn sides(relation: &Defined, from: &[SideColumn], to: &[SideColumn]) -> Result<(), Option<String>> {
    let (source, target) = (&relation.source, &relation.target);
    let through = from.iter().chain(to).find_map(|it| it.through.as_ref());
    if from.len() != to.len() && through.is_none() {
        let what = "\"from\" and \"to\" fields without \"through\" must have the same length";
        return Err(Some(what.to_owned()));
    }
    for (side, table, columns) in [("from", source, from), ("to", target, to)] {
        if let Some(other) = columns.iter().find(|it| it.table != *table) {
            return Err(Some(format!(
                "all \"{side}\" columns must belong to table \"{table}\", found column of table \"{}\"",
                other.table
            )));
        }
    }
    let Some(through) = through else { return Ok(()) };
    if from.iter().chain(to).any(|it| it.through.is_none()) {
        let what = "\".through(column)\" must be used either on all columns in \"from\" and \"to\" or not \
                    defined on any of them";
        return Err(Some(what.to_owned()));
    }
    if from.iter().chain(to).any(|it| it.through.as_ref() != Some(through)) {
        let what = "\".through(column)\" must be used on the same table by all columns of the relation";
        return Err(Some(what.to_owned()));
    }
    Ok(())
}
