//! Names of objects as values: `regclass` and its kin (regproc.c).

use super::{Checked, invalid_name, refuse, trim};
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{Catalog, TypeId};
use crate::sema::code;
use crate::sql::Ident;

/// `regclass`; the others' names are not all known.
pub const REGCLASS: TypeId = TypeId(2205);

enum Name {
    Parts(Vec<Ident>),
    Malformed,
    /// `-`, a number: not looked up.
    Number,
}

/// `stringToQualifiedNameList`.
fn name(text: &str) -> Name {
    let body = trim(text);
    if body == "-" || (!body.is_empty() && body.bytes().all(|it| it.is_ascii_digit())) {
        return Name::Number;
    }
    let mut parts = Vec::new();
    let mut rest = body;
    loop {
        rest = rest.trim_start();
        let end = if let Some(quoted) = rest.strip_prefix('"') {
            let mut at = 0;
            loop {
                let Some(next) = quoted.get(at..).and_then(|it| it.find('"')) else { return Name::Malformed };
                at += next + 1;
                if !quoted.get(at..).is_some_and(|it| it.starts_with('"')) {
                    break;
                }
                at += 1;
            }
            at + 1
        } else {
            rest.find(|c: char| c == '.' || c.is_whitespace()).unwrap_or(rest.len())
        };
        let (part, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if part.is_empty() {
            return Name::Malformed;
        }
        parts.push(Ident::from_source(part));
        let behind = behind.trim_start();
        match behind.strip_prefix('.') {
            Some(it) => rest = it,
            None if behind.is_empty() => return Name::Parts(parts),
            None => return Name::Malformed,
        }
    }
}

/// `regclassin`. Indexes are relations too.
pub fn relation(catalog: &Catalog, text: &str) -> Checked {
    let parts = match name(text) {
        Name::Parts(it) => it,
        Name::Malformed => return invalid_name(),
        Name::Number => return Ok(()),
    };
    let (schema, name) = match parts.as_slice() {
        [name] => (None, name),
        [schema, name] => (Some(schema), name),
        _ => return Ok(()),
    };
    if schema.is_some_and(|it| it.as_str().starts_with("pg_t")) || may_be_made(name.as_str()) {
        return Ok(());
    }
    let gaps = &catalog.gaps;
    let certain = !gaps.partial && gaps.loose.is_none();
    if !certain || !matches!(lookup::relation(catalog, schema, name), Lookup::Missing) {
        return Ok(());
    }
    let indexes = catalog.relations.values().any(|it| {
        let keys = it.primary_key.iter().chain(&it.uniques).map(|it| &it.name);
        keys.chain(it.indexes.iter().map(|it| &it.name)).flatten().any(|it| it == name)
    });
    if indexes {
        return Ok(());
    }
    let written: Vec<&str> = parts.iter().map(Ident::as_str).collect();
    refuse(code::UNDEFINED_TABLE, format!("relation \"{}\" does not exist", written.join(".")))
}

/// Names as PostgreSQL chooses them for sequences and indexes; not all of those are kept.
fn may_be_made(name: &str) -> bool {
    ["_seq", "_idx", "_key", "_pkey", "_excl", "_unique", "_index", "_pk"].iter().any(|it| name.contains(it))
}
