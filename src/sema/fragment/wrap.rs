//! A rendered fragment → the statement that PostgreSQL would see it in.
//!
//! Relations that the fragment's holes speak of but its query does not list stand in an outer query: a
//! correlated subquery of the builder may bring them. A scope that may hold more has a dynamic relation there,
//! in which every name may be found.

use super::{Place, Role, Scope, ScopeRelation};
use crate::catalog::QualifiedName;
use crate::sql::ident::DYNAMIC_MARK;

/// One way to read a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    pub role: Role,
    pub text: String,
    /// Bytes before the rendered text.
    pub prefix: u32,
}

/// The readings of `rendered` in `place`, likeliest first. A fragment whose role is known has one.
pub fn wrap(
    place: &Place,
    rendered: &str,
    mentioned: &[ScopeRelation],
    column: Option<&str>,
) -> Vec<Wrapped> {
    let roles: Vec<Role> = match &place.role {
        Role::Nested | Role::Part => return Vec::new(),
        Role::Unknown if starts_statement(rendered) => vec![Role::Statement],
        Role::Unknown => vec![Role::Expression, Role::OrderBy, Role::TableReference],
        role => vec![role.clone()],
    };
    roles.into_iter().map(|role| one(role, &place.scope, rendered, mentioned, column)).collect()
}

fn one(
    role: Role,
    scope: &Scope,
    rendered: &str,
    mentioned: &[ScopeRelation],
    column: Option<&str>,
) -> Wrapped {
    if role == Role::Statement {
        return Wrapped { role, text: rendered.to_owned(), prefix: 0 };
    }
    if role == Role::IndexItem {
        // The table of the index is the one whose columns it has; another would be an error of its own.
        let name = mentioned.first().map_or_else(|| format!("{DYNAMIC_MARK}table"), |it| qualified(&it.name));
        let before = format!("create index on {name} (");
        return Wrapped { role, prefix: before.len() as u32, text: format!("{before}{rendered})") };
    }
    let extra: Vec<&ScopeRelation> = mentioned.iter().filter(|it| !scope.relations.contains(it)).collect();
    let mut outer: Vec<String> = extra.iter().map(|it| table(it)).collect();
    if scope.open {
        outer.push(format!("{DYNAMIC_MARK}scope"));
    }
    let from = match scope.relations.as_slice() {
        [] => String::new(),
        relations => format!(" from {}", relations.iter().map(table).collect::<Vec<_>>().join(", ")),
    };
    let (before, after) = match &role {
        Role::Assigned { table, conflict, .. } if outer.is_empty() => {
            let column = column.map_or_else(|| format!("{DYNAMIC_MARK}column"), quote);
            let table = qualified(table);
            if *conflict {
                let head =
                    format!("insert into {table} default values on conflict on constraint {DYNAMIC_MARK}key");
                (format!("{head} do update set {column} = "), String::new())
            } else {
                (format!("insert into {table} ({column}) select "), from)
            }
        }
        Role::Predicate => (format!("select 1{from} where "), String::new()),
        Role::Having => (format!("select 1{from} having "), String::new()),
        // A number is the position of a column: of how many, nobody knows.
        Role::OrderBy if scope.open => {
            (format!("select {DYNAMIC_MARK}list.*{from} order by "), String::new())
        }
        Role::OrderBy => (format!("select 1{from} order by "), String::new()),
        Role::Sorted(word) if scope.open => {
            (format!("select {DYNAMIC_MARK}list.*{from} order by "), format!(" {word}"))
        }
        Role::Limit => ("select 1 limit ".to_owned(), String::new()),
        Role::TableReference => ("select * from ".to_owned(), String::new()),
        _ => ("select ".to_owned(), from),
    };
    let (before, after) = if outer.is_empty() {
        (before, after)
    } else {
        (format!("select ({before}"), format!("{after}) from {}", outer.join(", ")))
    };
    Wrapped { role, prefix: before.len() as u32, text: format!("{before}{rendered}{after}") }
}

fn table(it: &ScopeRelation) -> String {
    match &it.alias {
        Some(alias) => format!("{} {}", qualified(&it.name), quote(alias.as_str())),
        None => qualified(&it.name),
    }
}

fn qualified(name: &QualifiedName) -> String {
    format!("{}.{}", quote(name.schema.as_str()), quote(name.name.as_str()))
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether a text begins as a statement does.
pub fn starts_statement(text: &str) -> bool {
    const KEYWORDS: [&str; 24] = [
        "select", "insert", "update", "delete", "with", "values", "merge", "create", "alter", "drop",
        "explain", "set", "truncate", "grant", "revoke", "begin", "commit", "refresh", "do", "call", "lock",
        "notify", "comment", "copy",
    ];
    let trimmed = strip_leading_trivia(text);
    let word: String = trimmed.chars().take_while(|c| c.is_ascii_alphabetic()).collect();
    // `set "a" = 1` is the tail of an UPDATE, `values (…)` alone a statement.
    KEYWORDS.contains(&word.to_ascii_lowercase().as_str())
}

/// The text after leading white space and comments.
fn strip_leading_trivia(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let next = if let Some(comment) = rest.strip_prefix("--") {
            comment.split_once('\n').map_or("", |(_, rest)| rest)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, rest)| rest)
        } else {
            return rest;
        };
        rest = next.trim_start();
    }
}
