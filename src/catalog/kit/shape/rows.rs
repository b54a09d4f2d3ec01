//! What drizzle-kit 1.0 demands of a snapshot: flat rows, each with all fields of its entity and no others.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use smol_str::SmolStr;

use super::{Fault, Shape, Step, What, Wrong, below, check, number};

type Entities = BTreeMap<SmolStr, Shape>;
type Checked = Result<(), Wrong>;

/// `validatorForDialect(dialect)(snapshot)` of drizzle-kit 1.0.
pub fn fault(value: &Value, dialect: &str, entities: &Entities) -> Option<Fault> {
    let newest = match dialect {
        "postgresql" => 9,
        "mysql" => 6,
        _ => 7,
    };
    let root = match value {
        Value::Object(it) => it,
        Value::Array(_) => return Some(Fault::New),
        _ => return Some(Fault::Malformed(Wrong { path: Vec::new(), what: What::Not("an object".into()) })),
    };
    match root.get("version").and_then(number).filter(|it| *it != 0.0) {
        None => return Some(Fault::New),
        Some(it) if it > f64::from(newest) => return Some(Fault::New),
        Some(it) if it < f64::from(newest) => return Some(Fault::Old),
        Some(_) => {}
    }
    let found = if dialect == "postgresql" {
        of_postgres(root, entities)
    } else {
        of_others(root, &newest.to_string(), dialect, entities)
    };
    found.err().map(Fault::Malformed)
}

fn of_postgres(root: &Map<String, Value>, entities: &Entities) -> Checked {
    let is_diff = root.get("type").and_then(Value::as_str) == Some("diff");
    member(root, "type", |it, path| word(it, if is_diff { "diff" } else { "base" }, path))?;
    member(root, "version", |it, path| word(it, "9", path))?;
    member(root, "dialect", |it, path| word(it, "postgres", path))?;
    member(root, "id", |it, path| check(it, &Shape::String, path))?;
    member(root, "prevIds", strings)?;
    if is_diff {
        member(root, "deltas", |it, path| each(it, path, |it, path| delta(it, entities, path)))?;
    } else {
        member(root, "ddl", |it, path| each(it, path, |it, path| entity(it, entities, path)))?;
    }
    member(root, "footprints", |it, path| each(it, path, footprint))
}

fn of_others(root: &Map<String, Value>, version: &str, dialect: &str, entities: &Entities) -> Checked {
    let list = |it: &Value, path: &mut Vec<Step>| each(it, path, |_, _| Ok(()));
    member(root, "version", |it, path| word(it, version, path))?;
    member(root, "dialect", |it, path| word(it, dialect, path))?;
    member(root, "id", |it, path| check(it, &Shape::String, path))?;
    member(root, "prevIds", list)?;
    member(root, "ddl", |it, path| each(it, path, |it, path| entity(it, entities, path)))?;
    member(root, "renames", list)
}

fn not(what: &str, path: &[Step]) -> Checked {
    Err(Wrong { path: path.to_vec(), what: What::Not(what.into()) })
}

fn missing(name: &str, path: &[Step]) -> Checked {
    Err(Wrong { path: path.to_vec(), what: What::Missing(name.into()) })
}

/// A member of the snapshot itself.
fn member(
    root: &Map<String, Value>,
    name: &str,
    test: impl FnOnce(&Value, &mut Vec<Step>) -> Checked,
) -> Checked {
    match root.get(name) {
        Some(it) => test(it, &mut vec![Step::Member(name.into())]),
        None => missing(name, &[]),
    }
}

fn word(value: &Value, due: &str, path: &[Step]) -> Checked {
    if value.as_str() == Some(due) { Ok(()) } else { not(&format!("\"{due}\""), path) }
}

fn each(
    value: &Value,
    path: &mut Vec<Step>,
    mut test: impl FnMut(&Value, &mut Vec<Step>) -> Checked,
) -> Checked {
    let Value::Array(items) = value else { return not("an array", path) };
    for (idx, it) in items.iter().enumerate() {
        path.push(Step::Item(idx));
        test(it, path)?;
        path.pop();
    }
    Ok(())
}

fn strings(value: &Value, path: &mut Vec<Step>) -> Checked {
    each(value, path, |it, path| check(it, &Shape::String, path))
}

/// A row; the name of its entity says which fields it has.
fn entity(value: &Value, entities: &Entities, path: &mut Vec<Step>) -> Checked {
    let Value::Object(row) = value else { return not("an object", path) };
    let Some(kind) = row.get("entityType") else { return missing("entityType", path) };
    let Some(Shape::Strict(fields)) = kind.as_str().and_then(|it| entities.get(it)) else {
        path.push(Step::Member("entityType".into()));
        return not("the name of an entity", path);
    };
    for (name, it) in row.iter().filter(|it| it.0 != "entityType") {
        let step = Step::Member(name.into());
        match fields.get(name.as_str()) {
            Some(field) => below(it, field, step, path)?,
            None => {
                path.push(step);
                let what = What::Unknown(fields.keys().cloned().collect());
                return Err(Wrong { path: path.clone(), what });
            }
        }
    }
    match fields.keys().find(|it| !row.contains_key(it.as_str())) {
        Some(name) => missing(name, path),
        None => Ok(()),
    }
}

/// What a migration changes: `isDelta`.
fn delta(value: &Value, entities: &Entities, path: &mut Vec<Step>) -> Checked {
    let Value::Object(object) = value else { return not("an object", path) };
    let op = object.get("op").and_then(Value::as_str).unwrap_or_default();
    if op == "create" {
        let Some(row) = object.get("row") else { return missing("row", path) };
        path.push(Step::Member("row".into()));
        entity(row, entities, path)?;
        path.pop();
        return Ok(());
    }
    if !matches!(op, "drop" | "alter" | "rename") {
        path.push(Step::Member("op".into()));
        return not("\"create\", \"drop\", \"alter\" or \"rename\"", path);
    }
    let key = object.get("key").and_then(Value::as_str).and_then(|it| it.split_once('\0'));
    let Some(Shape::Strict(fields)) = key.and_then(|it| entities.get(it.0)) else {
        path.push(Step::Member("key".into()));
        return not("the key of an entity", path);
    };
    if op == "drop" {
        return Ok(());
    }
    path.push(Step::Member("set".into()));
    match object.get("set") {
        Some(Value::Object(set)) => match set.keys().find(|it| !fields.contains_key(it.as_str())) {
            Some(name) => {
                path.push(Step::Member(name.into()));
                Err(Wrong { path: path.clone(), what: What::Unknown(fields.keys().cloned().collect()) })
            }
            None => {
                path.pop();
                Ok(())
            }
        },
        Some(Value::Array(items)) if items.is_empty() => {
            path.pop();
            Ok(())
        }
        _ => not("an object", path),
    }
}

/// `isFootprint`.
fn footprint(value: &Value, path: &mut Vec<Step>) -> Checked {
    const FIELDS: [&str; 6] =
        ["statementType", "statementTarget", "writes", "reads", "sharedWrites", "sqlHash"];
    let Value::Object(object) = value else { return not("an object", path) };
    for (name, it) in object {
        path.push(Step::Member(name.into()));
        match name.as_str() {
            "statementType" | "sqlHash" => check(it, &Shape::String, path)?,
            "statementTarget" => {
                strings(it, path)?;
                if it.as_array().is_some_and(|it| it.len() < 2) {
                    return not("an array of at least two strings", path);
                }
            }
            "writes" | "reads" | "sharedWrites" => strings(it, path)?,
            _ => {
                let what = What::Unknown(FIELDS.map(SmolStr::new).to_vec());
                return Err(Wrong { path: path.clone(), what });
            }
        }
        path.pop();
    }
    match ["statementType", "statementTarget", "writes"].iter().find(|it| !object.contains_key(**it)) {
        Some(name) => missing(name, path),
        None => Ok(()),
    }
}
