//! What drizzle-kit 1.0 would do to bring a snapshot of MySQL's or SQLite's to another one, as far as it looks at that to
//! tell whether two branches of migrations go together: the kinds of its statements and what each is about.
//!
//! Those of PostgreSQL are written down in its snapshots ([`super::Footprint`]); these are found by comparing whole schemas,
//! a rename being a drop and an addition.

mod mysql;
mod rows;
mod sqlite;

use rustc_hash::FxHashSet;
use serde_json::Value;
use smol_str::SmolStr;

use crate::sql::Dialect;
use rows::Rows;

/// A statement of a migration: what it does to which table, view, or column or index of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub action: &'static str,
    /// A table or view.
    pub object: SmolStr,
    /// A column or index of it; empty where the step is about the whole.
    pub part: SmolStr,
}

impl Step {
    fn new(action: &'static str, object: &SmolStr) -> Step {
        Step { action, object: object.clone(), part: SmolStr::default() }
    }

    fn of_part(action: &'static str, object: &SmolStr, part: &SmolStr) -> Step {
        Step { action, object: object.clone(), part: part.clone() }
    }
}

/// What leads from one whole snapshot (`None`: from nothing) to another. `None` where one of them is no such snapshot.
pub fn steps(dialect: Dialect, from: Option<&str>, to: &str) -> Option<Vec<Step>> {
    let read = |text: &str| Rows::new(&serde_json::from_str::<Value>(text).ok()?, dialect);
    let from = match from {
        Some(text) => read(text)?,
        None => Rows::default(),
    };
    let to = read(to)?;
    match dialect {
        Dialect::Mysql => Some(mysql::steps(from, to)),
        Dialect::Sqlite => Some(sqlite::steps(from, to)),
        _ => None,
    }
}

/// The first two steps of two branches that do not go together.
pub fn collision<'a>(dialect: Dialect, a: &'a [Step], b: &'a [Step]) -> Option<(&'a Step, &'a Step)> {
    let find = |from: &'a [Step], to: &'a [Step]| {
        from.iter().find_map(|step| Some((step, to.iter().rev().find(|it| excludes(dialect, it, step))?)))
    };
    // Only those that touch the same table can.
    let objects = |steps: &'a [Step]| steps.iter().map(|it| &it.object).collect::<FxHashSet<_>>();
    let (of_a, of_b) = (objects(a), objects(b));
    if of_a.is_disjoint(&of_b) {
        return None;
    }
    find(a, b).or_else(|| find(b, a).map(|(b, a)| (a, b)))
}

/// Whether `step` rules out that another branch does `other`.
fn excludes(dialect: Dialect, step: &Step, other: &Step) -> bool {
    // A step about a column or an index is one about its table, too.
    let touches = step.object == other.object && (step.part == other.part || step.part.is_empty());
    touches
        && match dialect {
            Dialect::Mysql => mysql::excluded_by(step.action),
            _ => sqlite::excluded_by(step.action),
        }
        .contains(&other.action)
}

#[cfg(test)]
mod tests;
