//! What drizzle-kit demands of its snapshots before it goes on from them: the shapes of its zod schemas (0.x,
//! `validateWithReport`) and of the entities of 1.0 (`validatorForDialect`), written down in `shapes.json` by
//! `tests/oracle/shapes.mjs`.

mod rows;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;
use smol_str::SmolStr;

use crate::sql::Dialect;

/// Which drizzle-kit reads the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Line {
    /// 0.22 to 0.31: `meta/0000_snapshot.json`.
    Journal,
    /// 1.0: `20260101000000_name/snapshot.json`.
    Folders,
}

/// Why drizzle-kit does not go on from a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It calls it malformed.
    Malformed(Wrong),
    /// `drizzle-kit up` writes it anew.
    Old,
    /// Only a later drizzle-kit reads it.
    New,
}

/// A place of a snapshot that has not the shape it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub path: Vec<Step>,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Member(SmolStr),
    Item(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It must not be there; these may.
    Unknown(Vec<SmolStr>),
    /// The object at the path lacks this member.
    Missing(SmolStr),
    /// It must be this.
    Not(SmolStr),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Shape {
    String,
    Number,
    Boolean,
    Any,
    /// One of these.
    Words(Vec<Option<SmolStr>>),
    Array(Box<Shape>),
    /// An object with any members, all of one shape.
    Record(Box<Shape>),
    /// It may be missing.
    Optional(Box<Shape>),
    /// It may be null.
    Nullable(Box<Shape>),
    Union(Vec<Shape>),
    /// Other members are overlooked.
    Object(BTreeMap<SmolStr, Shape>),
    /// There are no other members.
    Strict(BTreeMap<SmolStr, Shape>),
}

#[derive(Debug, Deserialize)]
struct Shapes {
    /// Of 0.x, by dialect: a union of the versions that it knows.
    objects: BTreeMap<SmolStr, Shape>,
    /// Of 1.0, by dialect and the name of the entity.
    entities: BTreeMap<SmolStr, BTreeMap<SmolStr, Shape>>,
}

static SHAPES: LazyLock<Option<Shapes>> =
    LazyLock::new(|| serde_json::from_str(include_str!("shapes.json")).ok());

/// Why the drizzle-kit of a line does not go on from a snapshot of a database; `None` too for text that is no JSON, and for
/// snapshots of SingleStore, Gel and other databases of which nothing is known here.
pub fn fault(text: &str, dialect: Dialect, line: Line) -> Option<Fault> {
    let value: Value = serde_json::from_str(text).ok()?;
    let dialect = match dialect {
        Dialect::Postgres => "postgresql",
        Dialect::Mysql => "mysql",
        Dialect::Sqlite => "sqlite",
    };
    if value.get("dialect").and_then(Value::as_str).is_some_and(|it| ELSEWHERE.contains(&it)) {
        return None;
    }
    let shapes = SHAPES.as_ref()?;
    match line {
        Line::Journal => of_objects(&value, shapes.objects.get(dialect)?, dialect),
        Line::Folders => rows::fault(&value, dialect, shapes.entities.get(dialect)?),
    }
}

const ELSEWHERE: [&str; 5] = ["singlestore", "gel", "turso", "mssql", "cockroach"];

/// `validateWithReport` of drizzle-kit 0.x.
fn of_objects(value: &Value, shape: &Shape, dialect: &str) -> Option<Fault> {
    let newest = match dialect {
        "postgresql" => 7,
        "mysql" => 5,
        _ => 6,
    };
    if value.get("version").and_then(number).is_some_and(|it| it > f64::from(newest)) {
        return Some(Fault::New);
    }
    if let Err(wrong) = check(value, shape, &mut Vec::new()) {
        return Some(Fault::Malformed(wrong));
    }
    let is_newest = value.get("version").and_then(Value::as_str) == Some(&newest.to_string());
    (!is_newest).then_some(Fault::Old)
}

/// What JavaScript's `Number` makes of a version; `None`: nothing, or nothing that is one.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(it) => it.as_f64(),
        Value::String(it) => it.trim().parse().ok(),
        Value::Bool(true) => Some(1.0),
        Value::Array(items) if items.len() == 1 => items.first().and_then(number),
        _ => None,
    }
}

fn check(value: &Value, shape: &Shape, path: &mut Vec<Step>) -> Result<(), Wrong> {
    let not = |what: &str, path: &[Step]| Err(Wrong { path: path.to_vec(), what: What::Not(what.into()) });
    match (shape, value) {
        (Shape::Any, _) | (Shape::Nullable(_), Value::Null) => Ok(()),
        (Shape::String, Value::String(_))
        | (Shape::Number, Value::Number(_))
        | (Shape::Boolean, Value::Bool(_)) => Ok(()),
        (Shape::String, _) => not("a string", path),
        (Shape::Number, _) => not("a number", path),
        (Shape::Boolean, _) => not("true or false", path),
        (Shape::Words(words), _) => {
            let is_one = words.iter().any(|it| match it {
                Some(word) => value.as_str() == Some(word),
                None => value.is_null(),
            });
            let quoted =
                words.iter().map(|it| it.as_ref().map_or("null".to_owned(), |it| format!("\"{it}\"")));
            if is_one { Ok(()) } else { not(&quoted.collect::<Vec<_>>().join(" or "), path) }
        }
        (Shape::Array(item), Value::Array(items)) => {
            items.iter().enumerate().try_for_each(|(idx, it)| below(it, item, Step::Item(idx), path))
        }
        (Shape::Array(_), _) => not("an array", path),
        (Shape::Record(member), Value::Object(members)) => {
            members.iter().try_for_each(|(name, it)| below(it, member, Step::Member(name.into()), path))
        }
        (Shape::Optional(inner) | Shape::Nullable(inner), _) => check(value, inner, path),
        (Shape::Union(all), _) => {
            let depth = path.len();
            let mut tried = Vec::new();
            for it in all {
                tried.push((it, check(value, it, path)));
                path.truncate(depth);
            }
            if tried.iter().any(|it| it.1.is_ok()) {
                return Ok(());
            }
            let own = tried.iter().rposition(|it| has_version(it.0, value)).unwrap_or(all.len() - 1);
            tried.into_iter().nth(own).map_or(Ok(()), |it| it.1)
        }
        (Shape::Object(members) | Shape::Strict(members), Value::Object(found)) => {
            for (name, it) in found {
                match members.get(name.as_str()) {
                    Some(member) => below(it, member, Step::Member(name.into()), path)?,
                    None if matches!(shape, Shape::Object(_)) => {}
                    None => {
                        path.push(Step::Member(name.into()));
                        let what = What::Unknown(members.keys().cloned().collect());
                        return Err(Wrong { path: path.clone(), what });
                    }
                }
            }
            let is_due = |it: &&SmolStr| {
                !found.contains_key(it.as_str())
                    && !matches!(members.get(*it), Some(Shape::Optional(_) | Shape::Any))
            };
            match members.keys().find(is_due) {
                Some(name) => Err(Wrong { path: path.clone(), what: What::Missing(name.clone()) }),
                None => Ok(()),
            }
        }
        (Shape::Object(_) | Shape::Strict(_) | Shape::Record(_), _) => not("an object", path),
    }
}

/// The same one step further down.
fn below(value: &Value, shape: &Shape, step: Step, path: &mut Vec<Step>) -> Result<(), Wrong> {
    path.push(step);
    check(value, shape, path)?;
    path.pop();
    Ok(())
}

/// The alternative is that of the snapshot's version.
fn has_version(shape: &Shape, value: &Value) -> bool {
    let (Shape::Object(members) | Shape::Strict(members)) = shape else { return false };
    let (Some(Shape::Words(words)), Some(version)) = (members.get("version"), value.get("version")) else {
        return false;
    };
    words.iter().flatten().any(|it| version.as_str() == Some(it))
}

#[cfg(test)]
mod tests;
