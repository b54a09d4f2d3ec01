//! What the name of a type tells of its values.

use super::{Kind, both};

/// A property of an object of a named type.
pub(super) fn by_name(key: &str, ty: &str) -> Kind {
    if is_data_type(ty) && !names_sql(key) { Kind::Param } else { Kind::Dynamic }
}

/// Names under which SQL is handed around.
pub(super) fn names_sql(name: &str) -> bool {
    const WORDS: [&str; 28] = [
        "sql",
        "where",
        "condition",
        "filter",
        "order",
        "table",
        "column",
        "query",
        "expr",
        "schema",
        "clause",
        "col",
        "tbl",
        "alias",
        "join",
        "field",
        "select",
        "predicate",
        "operator",
        "raw",
        "db",
        "from",
        "group",
        "having",
        "direction",
        "search",
        "sort",
        "fragment",
    ];
    let lower = name.to_ascii_lowercase();
    WORDS.iter().any(|it| lower.contains(it))
}

/// Whether values of a type are objects of plain data.
pub(super) fn is_data_type(ty: &str) -> bool {
    const SQL: [&str; 16] = [
        "SQL",
        "Column",
        "Table",
        "Pg",
        "any",
        "unknown",
        "Drizzle",
        "Database",
        "Query",
        "typeof",
        "Schema",
        "Builder",
        "Expression",
        "View",
        "Subquery",
        "Alias",
    ];
    if ty.is_empty() {
        return false;
    }
    if ty.contains("$infer") || ty.contains("InferSelectModel") || ty.contains("InferInsertModel") {
        return true;
    }
    !SQL.iter().any(|it| ty.contains(it)) && !ty.chars().all(|it| it.is_ascii_uppercase())
}

/// The kind that a type's values have; `None`: a named type of which nothing is known.
pub fn of_type(ty: &str) -> Option<Kind> {
    let mut res: Option<Kind> = None;
    for part in split_union(ty) {
        let kind = match part {
            "undefined" | "null" | "void" => continue,
            _ => of_type_part(part)?,
        };
        res = match res {
            None => Some(kind),
            Some(before) => Some(both(before, kind)),
        };
    }
    res
}

fn of_type_part(part: &str) -> Option<Kind> {
    let part = part.trim().strip_prefix("readonly ").unwrap_or(part).trim();
    let list = |of: &str| match of_type(of.trim().trim_start_matches('(').trim_end_matches(')')) {
        Some(Kind::Param) => Some(Kind::List),
        Some(_) => Some(Kind::Dynamic),
        None => None,
    };
    if let Some(of) = part.strip_suffix("[]") {
        return list(of);
    }
    for name in ["Array<", "ReadonlyArray<"] {
        if let Some(of) = part.strip_prefix(name).and_then(|it| it.strip_suffix('>')) {
            return list(of);
        }
    }
    let first = part.chars().next()?;
    match part {
        "string" | "number" | "boolean" | "bigint" | "Date" | "Buffer" | "Uint8Array" | "true" | "false"
        | "object" => Some(Kind::Param),
        "any" | "unknown" | "never" => Some(Kind::Dynamic),
        _ if matches!(first, '\'' | '"' | '`') || first.is_ascii_digit() || first == '-' => Some(Kind::Param),
        _ if part.starts_with("Record<") || first == '{' => Some(Kind::Param),
        _ if part.starts_with("SQL") || part.contains("Column") || part.contains("Table") => {
            Some(Kind::Dynamic)
        }
        // `typeof STATUSES[number]`, `Post['status']`.
        _ => None,
    }
}

/// The alternatives of a union type.
pub(super) fn split_union(ty: &str) -> Vec<&str> {
    let mut res = Vec::new();
    let (mut depth, mut from, mut quote) = (0i32, 0, None);
    let mut previous = ' ';
    for (at, c) in ty.char_indices() {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '\'' | '"' | '`' => quote = Some(c),
            '<' | '(' | '[' | '{' => depth += 1,
            '>' if previous == '=' => {}
            '>' | ')' | ']' | '}' => depth -= 1,
            '|' if depth == 0 => {
                res.push(ty.get(from..at).unwrap_or("").trim());
                from = at + 1;
            }
            _ => {}
        }
        previous = c;
    }
    res.push(ty.get(from..).unwrap_or("").trim());
    res.retain(|it| !it.is_empty());
    res
}

/// The type of a property in `{ id: string; limit?: number }`.
pub(super) fn property_type<'t>(ty: &'t str, key: &str) -> Option<&'t str> {
    let body = ty.trim().strip_prefix('{')?.strip_suffix('}')?;
    let (mut depth, mut from) = (0i32, 0);
    let mut parts = Vec::new();
    for (at, c) in body.char_indices() {
        match c {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' | ')' | ']' | '}' => depth -= 1,
            ';' | ',' | '\n' if depth == 0 => {
                parts.push(body.get(from..at).unwrap_or(""));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(body.get(from..).unwrap_or(""));
    parts.iter().find_map(|part| {
        let (name, ty) = part.split_once(':')?;
        (name.trim().trim_end_matches('?') == key).then(|| ty.trim())
    })
}
