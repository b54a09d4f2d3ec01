//! One spelling for what PostgreSQL, drizzle-orm and drizzle-kit spell differently.

use crate::sql::Dialect;

/// The text of a type: lower case, no needless blanks and quotes, catalog names replaced by SQL's. A collation is no
/// part of it.
pub fn type_text(text: &str) -> String {
    let mut res = String::new();
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {}
            ' ' if matches!(chars.peek(), Some('(' | ')' | ',' | '[' | ' '))
                || res.ends_with([',', '(', ' ']) => {}
            c => res.extend(c.to_lowercase()),
        }
    }
    let res = res.split_once(" collate ").map_or(res.as_str(), |(it, _)| it);
    let res = res.strip_prefix("public.").unwrap_or(res);
    let base_end = res.find(['(', '[']).unwrap_or(res.len());
    let (base, rest) = res.split_at(base_end);
    let base = match base {
        "character varying" => "varchar",
        "character" | "bpchar" => "char",
        "bool" => "boolean",
        "int" | "int4" => "integer",
        "int2" => "smallint",
        "int8" => "bigint",
        "float4" => "real",
        "float8" => "double precision",
        "decimal" => "numeric",
        "timestamptz" => "timestamp with time zone",
        "timetz" => "time with time zone",
        "timestamp without time zone" => "timestamp",
        "time without time zone" => "time",
        "bit varying" => "varbit",
        other => other,
    };
    let rest = rest.replace(" without time zone", "");
    let res = format!("{base}{rest}");
    if res == "char(1)" { "char".to_owned() } else { res }
}

/// The text of a default: no cast of a literal, no outer parentheses; `None` for `null`, which is no default.
pub fn default(text: &str) -> Option<String> {
    let mut text = text.trim();
    loop {
        let inner = strip_parens(text);
        let inner = strip_cast(inner).trim();
        if inner == text {
            break;
        }
        text = inner;
    }
    let lower = text.to_ascii_lowercase();
    Some(match lower.as_str() {
        "null" => return None,
        "current_timestamp" | "now()" | "transaction_timestamp()" => "now()".to_owned(),
        "true" | "'true'" | "'t'" => "true".to_owned(),
        "false" | "'false'" | "'f'" => "false".to_owned(),
        _ => match text.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')) {
            // Array literals may quote their elements or not; numbers may be quoted or not.
            Some(body) if body.starts_with('{') => {
                format!("'{}'", body.replace("''", "'").replace(['"', ' '], ""))
            }
            Some(body) if body.parse::<f64>().is_ok() => body.to_owned(),
            Some(_) => text.to_owned(),
            None => collapse(text),
        },
    })
}

/// The text of an expression: blanks collapsed, outer parentheses and the names of tables before columns gone.
pub fn expression(text: &str, dialect: Dialect) -> String {
    let quotes: &[char] = match dialect {
        Dialect::Mysql => &['`'],
        Dialect::Postgres => &['"'],
        Dialect::Sqlite => &['"', '`'],
    };
    let is_quote = |it: char| quotes.contains(&it);
    let mut res = String::new();
    let text = collapse(text);
    let mut rest = strip_parens(&text);
    while let Some(at) = rest.find(|it| is_quote(it) || it == '\'') {
        let (before, quoted) = rest.split_at(at);
        res.push_str(&before.to_ascii_lowercase());
        let opener = quoted.chars().next().unwrap_or('\'');
        let end = quoted.get(1..).and_then(|it| it.find(opener)).map_or(quoted.len(), |it| it + 2);
        let (name, after) = quoted.split_at(end);
        rest = after;
        if is_quote(opener) && after.starts_with('.') && !after.starts_with(".*") {
            // A qualifier.
            rest = after.get(1..).unwrap_or("");
        } else if is_quote(opener) {
            res.push_str(name.trim_matches(opener));
        } else {
            res.push_str(name);
        }
    }
    res.push_str(&rest.to_ascii_lowercase());
    strip_parens(res.trim()).to_owned()
}

/// What of two expressions is compared: neither blanks that part nothing nor parentheses count. Where those change what is
/// meant, drizzle-kit compares letters anyway.
pub fn key(text: &str, dialect: Dialect) -> String {
    let text = expression(text, dialect);
    let mut res = String::with_capacity(text.len());
    let mut quote = None;
    let mut parted = false;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), _) => {
                quote = Some(open).filter(|it| *it != c);
                res.push(c);
                continue;
            }
            (None, '(' | ')') => {
                parted = true;
                continue;
            }
            (None, c) if c.is_whitespace() => {
                parted = true;
                continue;
            }
            (None, '\'' | '"' | '`') => quote = Some(c),
            _ => {}
        }
        let is_word = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '\'' | '"' | '`');
        if parted && is_word(c) && res.ends_with(is_word) {
            res.push(' ');
        }
        parted = false;
        res.push(c);
    }
    res
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without the parentheses that enclose all of it.
fn strip_parens(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        let mut depth = 0_i32;
        let mut quote = None;
        for c in inner.chars() {
            match (quote, c) {
                (Some(open), c) if open == c => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"' | '`') => quote = Some(c),
                (None, '(') => depth += 1,
                (None, ')') => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                return text;
            }
        }
        text = inner.trim();
    }
    text
}

/// `'x'::text` → `'x'`, `now()::date` stays (the cast changes the value).
fn strip_cast(text: &str) -> &str {
    let Some(at) = text.rfind("::") else { return text };
    let (value, ty) = text.split_at(at);
    let is_literal = value.starts_with('\'') && value.ends_with('\'')
        || value.trim_start_matches('-').parse::<f64>().is_ok();
    let is_name = ty.chars().all(|c| {
        c.is_alphanumeric() || matches!(c, ':' | '_' | '.' | '"' | ' ' | '[' | ']' | '(' | ')' | ',')
    });
    if is_literal && is_name { value } else { text }
}
