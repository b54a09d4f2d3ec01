//! Statements with one small mistake each, made from statements that are right.

/// A token of SQL, as far as mistakes need to tell them apart.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Word,
    Number,
    Text,
    Operator,
    Other,
}

fn tokens(sql: &str) -> Vec<(Kind, usize, usize)> {
    let bytes = sql.as_bytes();
    let mut res = Vec::new();
    let mut pos = 0;
    let run = |from: usize, wanted: &dyn Fn(u8) -> bool| {
        from + bytes[from..].iter().take_while(|it| wanted(**it)).count()
    };
    while pos < bytes.len() {
        let byte = bytes[pos];
        let (kind, end) = if byte.is_ascii_whitespace() {
            pos += 1;
            continue;
        } else if byte.is_ascii_alphabetic() || byte == b'_' {
            (Kind::Word, run(pos, &|it| it.is_ascii_alphanumeric() || it == b'_'))
        } else if byte.is_ascii_digit() {
            (Kind::Number, run(pos, &|it| it.is_ascii_digit() || it == b'.'))
        } else if byte == b'\'' || byte == b'"' {
            let close = sql[pos + 1..].find(byte as char).map_or(bytes.len(), |it| pos + it + 2);
            (if byte == b'\'' { Kind::Text } else { Kind::Other }, close)
        } else if b"+-*/<>=~!@#%^&|?".contains(&byte) {
            (Kind::Operator, run(pos, &|it| b"+-*/<>=~!@#%^&|?".contains(&it)))
        } else if byte == b'$' {
            (Kind::Other, run(pos + 1, &|it| it.is_ascii_digit()))
        } else {
            (Kind::Other, pos + sql[pos..].chars().next().map_or(1, char::len_utf8))
        };
        res.push((kind, pos, end.max(pos + 1)));
        pos = end.max(pos + 1);
    }
    res
}

const KEYWORDS: &[&str] = &[
    "select",
    "from",
    "where",
    "and",
    "or",
    "not",
    "on",
    "join",
    "left",
    "right",
    "full",
    "inner",
    "outer",
    "cross",
    "group",
    "by",
    "order",
    "having",
    "limit",
    "offset",
    "as",
    "in",
    "is",
    "null",
    "insert",
    "into",
    "values",
    "update",
    "set",
    "delete",
    "using",
    "returning",
    "with",
    "recursive",
    "union",
    "all",
    "except",
    "intersect",
    "case",
    "when",
    "then",
    "else",
    "end",
    "distinct",
    "exists",
    "between",
    "like",
    "ilike",
    "cast",
    "array",
    "row",
    "lateral",
    "over",
    "partition",
    "filter",
    "within",
    "conflict",
    "do",
    "nothing",
    "merge",
    "matched",
    "asc",
    "desc",
    "nulls",
    "first",
    "last",
    "any",
    "default",
    "true",
    "false",
    "natural",
    "window",
    "rows",
    "range",
    "for",
    "share",
    "only",
    "interval",
    "collate",
    "similar",
    "to",
    "escape",
    "unknown",
    "of",
    "table",
    "ordinality",
    "rollup",
    "cube",
    "grouping",
    "sets",
    "explain",
    "prepare",
    "extract",
    "at",
    "time",
    "zone",
    "both",
    "leading",
    "trailing",
    "trim",
    "substring",
    "position",
    "overlay",
    "symmetric",
    "some",
    "fetch",
    "next",
    "preceding",
    "following",
    "unbounded",
    "current",
    "materialized",
    "overriding",
    "system",
    "user",
    "value",
    "temporary",
    "view",
    "create",
    "replace",
    "nothing",
    "constraint",
    "document",
];

fn replaced(sql: &str, from: usize, to: usize, with: &str) -> String {
    format!("{}{with}{}", &sql[..from], &sql[to..])
}

/// Every mistake that can be made at one token.
fn at_token(sql: &str, kind: Kind, from: usize, to: usize) -> Vec<String> {
    let text = &sql[from..to];
    match kind {
        Kind::Word if KEYWORDS.contains(&text) => match text {
            "distinct" | "lateral" => vec![replaced(sql, from, to, "")],
            "and" => vec![replaced(sql, from, to, "or 1 and")],
            "union" => vec![replaced(sql, from, to, "union select 1, 2 union")],
            _ => Vec::new(),
        },
        Kind::Word => vec![
            replaced(sql, from, to, &format!("{text}x")),
            replaced(sql, from, to, "id"),
            replaced(sql, from, to, "name"),
        ],
        Kind::Number => vec![
            replaced(sql, from, to, "'abc'"),
            replaced(sql, from, to, "true"),
            replaced(sql, from, to, "99"),
            replaced(sql, from, to, "null"),
            replaced(sql, from, to, "now()"),
        ],
        Kind::Text => vec![
            replaced(sql, from, to, "42"),
            replaced(sql, from, to, "false"),
            replaced(sql, from, to, "'zzz'"),
            replaced(sql, from, to, "array[1]"),
            replaced(sql, from, to, "$7"),
        ],
        Kind::Operator => vec![
            replaced(sql, from, to, "+"),
            replaced(sql, from, to, "||"),
            replaced(sql, from, to, "->"),
            replaced(sql, from, to, "="),
        ],
        Kind::Other => match text {
            "," => vec![replaced(sql, from, to, ", 1,"), replaced(sql, from, to, ", count(*),")],
            _ => Vec::new(),
        },
    }
}

/// From `a, b` one of them, and a whole clause less.
fn shortened(sql: &str) -> Vec<String> {
    let mut res = Vec::new();
    for clause in [" group by ", " where ", " join ", " order by ", " left join ", " having "] {
        let Some(start) = sql.find(clause) else { continue };
        let rest = &sql[start + clause.len()..];
        let ends = [
            " where ",
            " group by ",
            " order by ",
            " limit ",
            " having ",
            " join ",
            " left join ",
            " returning ",
        ];
        let end = ends.iter().filter_map(|it| rest.find(it)).min().unwrap_or(rest.len());
        res.push(format!("{}{}", &sql[..start], &rest[end..]));
        if let Some(comma) = rest[..end].find(", ") {
            res.push(format!("{}{clause}{}", &sql[..start], &rest[comma + 2..]));
        }
    }
    res
}

/// A reproducible choice of mistakes: a few of every statement.
pub fn mutants(statements: &[String]) -> Vec<String> {
    let mut res = Vec::new();
    let mut state = 0x9e37_79b9_u64;
    let mut random = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % bound.max(1)
    };
    for sql in statements {
        res.extend(shortened(sql));
        let tokens = tokens(sql);
        for _ in 0..5 {
            let Some(&(kind, from, to)) = tokens.get(random(tokens.len())) else { continue };
            let mistakes = at_token(sql, kind, from, to);
            if let Some(it) = mistakes.get(random(mistakes.len())) {
                res.push(it.clone());
            }
        }
    }
    let mut seen: std::collections::HashSet<String> = statements.iter().cloned().collect();
    res.retain(|it| seen.insert(it.clone()));
    res
}
