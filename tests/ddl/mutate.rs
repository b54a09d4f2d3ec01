//! Slips in definitions: misspelt and exchanged names, other types, things doubled, dropped and transposed.

use columnist::sql::token::{TokenKind, significant};

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn pick<'t, T>(&mut self, all: &'t [T]) -> Option<&'t T> {
        if all.is_empty() { None } else { all.get(self.below(all.len())) }
    }
}

pub const TYPES: [&str; 16] = [
    "int",
    "text",
    "bool",
    "uuid",
    "jsonb",
    "timestamptz",
    "date",
    "numeric",
    "bigint",
    "smallint",
    "bytea",
    "json",
    "point",
    "int[]",
    "varchar(3)",
    "nosuch",
];

pub const LITERALS: [&str; 10] =
    ["1", "'x'", "now()", "true", "null", "'2024-01-01'", "1.5", "'{}'", "random()", "array[1, 2]"];

/// The text with one slip.
pub fn mutate(text: &str, others: &[String], random: &mut Random) -> Option<String> {
    let tokens = significant(text);
    let slice = |idx: usize| tokens.get(idx).map_or("", |it| it.text(text));
    let is_name = |idx: usize| {
        tokens.get(idx).is_some_and(|it| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent { .. }))
    };
    let words: Vec<usize> = (1..tokens.len()).filter(|it| is_name(*it) && !is_keyword(slice(*it))).collect();
    let put = |idx: usize, new: &str| {
        let token = tokens.get(idx)?;
        let (start, end) = (usize::from(token.range.start()), usize::from(token.range.end()));
        Some(format!("{}{new}{}", &text[..start], &text[end..]))
    };
    match random.below(9) {
        0 => {
            let idx = *random.pick(&words)?;
            let word = slice(idx);
            put(idx, &misspelt(word, random))
        }
        1 => {
            let (a, b) = (*random.pick(&words)?, *random.pick(&words)?);
            put(a, slice(b))
        }
        2 => {
            // A name of another statement.
            let other = random.pick(others)?.clone();
            let names: Vec<String> = significant(&other)
                .iter()
                .filter(|it| matches!(it.kind, TokenKind::Word))
                .map(|it| it.text(&other).to_owned())
                .filter(|it| !is_keyword(it))
                .collect();
            let new = random.pick(&names)?.clone();
            put(*random.pick(&words)?, &new)
        }
        3 => {
            let types: Vec<usize> = words.iter().copied().filter(|it| is_type(slice(*it))).collect();
            let new = *random.pick(&TYPES)?;
            put(*random.pick(&types)?, new)
        }
        4 => {
            let constants: Vec<usize> = (0..tokens.len())
                .filter(|it| {
                    let first = slice(*it).chars().next().unwrap_or(' ');
                    first.is_ascii_digit() || first == '\''
                })
                .collect();
            let new = *random.pick(&LITERALS)?;
            put(*random.pick(&constants)?, new)
        }
        5 => {
            // A column definition or a list's item doubled.
            let commas: Vec<usize> = (0..tokens.len()).filter(|it| slice(*it) == ",").collect();
            let at = *random.pick(&commas)?;
            let end = (at + 1..tokens.len()).find(|it| matches!(slice(*it), "," | ")" | ";"))?;
            let (start, stop) =
                (usize::from(tokens.get(at)?.range.start()), usize::from(tokens.get(end)?.range.start()));
            let item = &text[start..stop];
            Some(format!("{}{item}{}", &text[..stop], &text[stop..]))
        }
        6 => {
            // A word left out.
            let idx = random.below(tokens.len().saturating_sub(2)) + 2;
            put(idx, "")
        }
        7 => {
            // Another statement of the script at this point.
            random.pick(others).map(|it| it.trim_end_matches(';').to_owned())
        }
        _ => {
            for (from, to) in [
                (" if not exists", ""),
                (" if exists", ""),
                (" or replace", ""),
                (" cascade", ""),
                ("unique ", ""),
            ] {
                if let Some(at) = text.find(from) {
                    return Some(format!("{}{to}{}", &text[..at], &text[at + from.len()..]));
                }
            }
            None
        }
    }
}

pub fn misspelt(word: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = word.trim_matches('"').chars().collect();
    let at = random.below(chars.len());
    match random.below(3) {
        0 if chars.len() > 1 => {
            chars.remove(at);
        }
        1 => chars.insert(at, 'q'),
        _ => {
            if let Some(c) = chars.get_mut(at) {
                *c = 'z';
            }
        }
    }
    chars.into_iter().collect()
}

fn is_type(word: &str) -> bool {
    matches!(
        word,
        "int" | "text" | "bool" | "uuid" | "jsonb" | "timestamptz" | "date" | "numeric" | "bigint" | "json"
    )
}

/// Words that make the statement what it is.
fn is_keyword(word: &str) -> bool {
    const WORDS: &str = " create table alter drop column add constraint primary key foreign references unique check \
        default not null generated always as identity stored virtual index on using where type enum domain schema view \
        materialized sequence owned by trigger before after instead of insert update delete for each row statement \
        execute function procedure returns language policy with to from select set rename value values is and or if \
        exists replace cascade comment extension inherits like including all partition range list hash attach detach \
        inherit no only temp temporary when referencing new old row begin end in out variadic setof ";
    WORDS.contains(&format!(" {} ", word.to_ascii_lowercase()))
}
