//! The tables are PostgreSQL 17's grammar: what version 18 added is rewritten to something that 17 takes in the same
//! place (`gram.y`, REL_18_STABLE against REL_17_STABLE).

use super::grammar::{Place, Plain};

/// `Some`: this is where version 18 finds the first error that the remaining tokens do not hold.
pub fn to_17(tokens: &mut Vec<Plain>) -> Option<Place> {
    let mut idx = 0;
    while idx < tokens.len() {
        if word(tokens, idx) == "returning" && word(tokens, idx + 1) == "with" && before(tokens, idx) != "." {
            match returning_options(tokens, idx + 2) {
                Ok(end) => drop(tokens.drain(idx + 1..end)),
                Err(at) => {
                    let place = tokens.get(at).map_or(Place::End, |it| Place::Token(it.range));
                    tokens.truncate(idx);
                    return Some(place);
                }
            }
        }
        if let Some(place) = table_not_null(tokens, idx) {
            tokens.truncate(idx);
            return Some(place);
        }
        rewrite(tokens, idx);
        idx += 1;
    }
    None
}

/// `(OLD AS o, NEW AS n)` at `idx`: the index behind it, or that of the offending token.
fn returning_options(tokens: &[Plain], idx: usize) -> Result<usize, usize> {
    let expect = |at: usize, good: bool| if good { Ok(at + 1) } else { Err(at) };
    let mut at = expect(idx, word(tokens, idx) == "(")?;
    loop {
        at = expect(at, matches!(word(tokens, at), "old" | "new"))?;
        at = expect(at, word(tokens, at) == "as")?;
        at = expect(at, is_name(word(tokens, at)))?;
        match word(tokens, at) {
            "," => at += 1,
            _ => return expect(at, word(tokens, at) == ")"),
        }
    }
}

fn word(tokens: &[Plain], idx: usize) -> &str {
    tokens.get(idx).map_or("", |it| it.word.as_str())
}

fn before(tokens: &[Plain], idx: usize) -> &str {
    idx.checked_sub(1).map_or("", |it| word(tokens, it))
}

fn starts_with(tokens: &[Plain], idx: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(n, it)| word(tokens, idx + n) == *it)
}

/// Index of the `)` that closes the `(` at `idx`.
fn closing(tokens: &[Plain], idx: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(idx) {
        match token.word.as_str() {
            "(" => depth += 1,
            ")" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn is_name(word: &str) -> bool {
    use crate::sql::keywords::{Category, keyword};
    match keyword(word) {
        Some(it) => matches!(it.category, Category::Unreserved | Category::ColumnName),
        None => word == "x",
    }
}

/// Whether the list around the token at `idx` is a foreign key's: `KEY (a, …` or `REFERENCES s.t (a, …`.
fn is_in_key(tokens: &[Plain], idx: usize) -> bool {
    let Some(open) = (0..idx).rev().find(|it| !is_name(word(tokens, *it)) && word(tokens, *it) != ",") else {
        return false;
    };
    let is_part = |it: &usize| is_name(word(tokens, *it)) || word(tokens, *it) == ".";
    let head = (0..open).rev().find(|it| !is_part(it)).map_or("", |it| word(tokens, it));
    word(tokens, open) == "(" && (before(tokens, open) == "key" || head == "references")
}

fn rewrite(tokens: &mut Vec<Plain>, idx: usize) {
    let first = word(tokens, 0).to_owned();
    let defines = matches!(first.as_str(), "create" | "alter");
    // `GENERATED ALWAYS AS (…) [VIRTUAL | STORED]` → `GENERATED ALWAYS AS (…) STORED`.
    if defines && starts_with(tokens, idx, &["generated", "always", "as", "("]) {
        if let Some(close) = closing(tokens, idx + 3) {
            match word(tokens, close + 1) {
                "stored" => {}
                "virtual" => tokens[close + 1].word = "stored".into(),
                _ => {
                    let range = tokens[close].range;
                    tokens.insert(close + 1, super::grammar::Plain { word: "stored".into(), range });
                }
            }
        }
        return;
    }
    if defines {
        constraint(tokens, idx);
    }
    // `VACUUM ONLY t`, `ANALYZE t, ONLY u`.
    let maintains = matches!(first.as_str(), "vacuum" | "analyze" | "analyse");
    if maintains && word(tokens, idx) == "only" && is_name(word(tokens, idx + 1)) {
        tokens.remove(idx);
    }
    if starts_with(tokens, idx, &["on", "large", "x", "to"]) && first == "alter" {
        // `ALTER DEFAULT PRIVILEGES … ON LARGE OBJECTS`: no grammar of 17 has the word.
        tokens[idx + 1].word = "tables".into();
        tokens.remove(idx + 2);
    }
}

/// `ADD CONSTRAINT c NOT NULL a`, `, NOT NULL a`: a table constraint, made a check; or the place where it is none.
fn table_not_null(tokens: &mut Vec<Plain>, idx: usize) -> Option<Place> {
    let is_table =
        matches!(word(tokens, 0), "create" | "alter") && tokens.iter().take(5).any(|it| it.word == "table");
    if !is_table || !starts_with(tokens, idx, &["not", "null"]) {
        return None;
    }
    let depth = tokens.iter().take(idx).fold(0i32, |depth, it| match it.word.as_str() {
        "(" => depth + 1,
        ")" => depth - 1,
        _ => depth,
    });
    let named = idx >= 2 && word(tokens, idx - 2) == "constraint" && is_name(before(tokens, idx));
    let place = if named { before(tokens, idx - 2) } else { before(tokens, idx) };
    if !(depth == 1 && matches!(place, "," | "(") || depth == 0 && place == "add") {
        return None;
    }
    if !is_name(word(tokens, idx + 2)) {
        return Some(tokens.get(idx + 2).map_or(Place::End, |it| Place::Token(it.range)));
    }
    let (start, end) = (tokens[idx + 1].range, tokens[idx + 2].range);
    tokens[idx].word = "check".into();
    tokens[idx + 1] = Plain { word: "(".into(), range: start };
    tokens[idx + 2].word = "x".into();
    tokens.insert(idx + 3, Plain { word: ")".into(), range: end });
    None
}

fn constraint(tokens: &mut Vec<Plain>, idx: usize) {
    // `a int NOT NULL NO INHERIT`.
    if starts_with(tokens, idx, &["not", "null", "no", "inherit"]) {
        tokens.drain(idx + 2..idx + 4);
    }
    // `[NOT] ENFORCED`, no keyword in 17.
    let attribute = matches!(
        before(tokens, idx),
        ")" | "x"
            | "deferrable"
            | "deferred"
            | "immediate"
            | "valid"
            | "cascade"
            | "unique"
            | "key"
            | "null"
            | "action"
            | "restrict"
            | "default"
            | "full"
            | "simple"
            | "inherit"
    );
    if attribute && starts_with(tokens, idx, &["not", "enforced"]) {
        tokens.drain(idx..idx + 2);
        return;
    }
    if attribute && word(tokens, idx) == "enforced" {
        tokens.remove(idx);
        return;
    }
    // `UNIQUE (a, b WITHOUT OVERLAPS)`.
    if starts_with(tokens, idx, &["without", "overlaps"])
        && matches!(word(tokens, idx + 2), ")" | "")
        && is_name(before(tokens, idx))
    {
        tokens.drain(idx..idx + 2);
        return;
    }
    // `FOREIGN KEY (a, PERIOD b) REFERENCES t (a, PERIOD b)`.
    if word(tokens, idx) == "period"
        && before(tokens, idx) == ","
        && is_name(word(tokens, idx + 1))
        && word(tokens, idx + 2) == ")"
        && is_in_key(tokens, idx)
    {
        tokens.remove(idx);
        return;
    }
    // `ALTER CONSTRAINT c INHERIT`.
    if word(tokens, idx) == "inherit"
        && idx >= 3
        && word(tokens, idx - 2) == "constraint"
        && word(tokens, idx - 3) == "alter"
    {
        tokens[idx].word = "deferrable".into();
    }
}
