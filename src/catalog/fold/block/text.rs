//! Texts that are put together (manual §9.4), and patterns that they match (§9.7.1).

use smol_str::SmolStrBuilder;

use super::value::Value;
use crate::sql::{DYNAMIC_MARK, Ident};

/// `quote_ident`; of what a part is not known, nothing is.
pub(super) fn quoted(text: &str) -> String {
    match text.contains(DYNAMIC_MARK) {
        true => DYNAMIC_MARK.to_string(),
        false => Ident::new(text).quoted(),
    }
}

/// `quote_literal`.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `format` with `%s`, `%I`, `%L` and `%n$s` (manual §9.4.1).
pub(super) fn format(text: &str, args: &[Value]) -> Value {
    let mut res = SmolStrBuilder::new();
    let mut next = 0usize;
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, behind) = rest.split_at(at);
        res.push_str(before);
        let behind = behind.get(1..).unwrap_or("");
        let n_digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, mut tail) = behind.split_at(n_digits);
        let mut index = None;
        if !digits.is_empty()
            && let Some(behind) = tail.strip_prefix('$')
        {
            index = digits.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
            tail = behind;
        }
        let Some(kind) = tail.chars().next() else { return Value::Unknown };
        rest = tail.get(kind.len_utf8()..).unwrap_or("");
        if kind == '%' {
            res.push('%');
            continue;
        }
        let at = index.unwrap_or(next);
        next = at + 1;
        let value = args.get(at).unwrap_or(&Value::Unknown);
        let written = value.written();
        match kind {
            'I' => res.push_str(&quoted(&written)),
            'L' if *value == Value::Null => res.push_str("NULL"),
            'L' => res.push_str(&literal(&written)),
            's' => res.push_str(&written),
            _ => return Value::Unknown,
        }
    }
    res.push_str(rest);
    Value::Text(res.finish())
}

/// LIKE with `%`, `_` and the escape character `\` (manual §9.7.1).
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // What a pattern reached so far: positions in the text, for each character of the pattern.
    let mut reached = vec![false; text.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let mut next = vec![false; text.len() + 1];
        match c {
            '%' => {
                let mut any = false;
                for (to, from) in next.iter_mut().zip(&reached) {
                    any |= from;
                    *to = any;
                }
            }
            _ => {
                let wanted = match c {
                    '_' => None,
                    '\\' => chars.next(),
                    c => Some(c),
                };
                for (at, here) in text.iter().enumerate() {
                    if reached.get(at) == Some(&true) && wanted.is_none_or(|it| it == *here) {
                        next.get_mut(at + 1).into_iter().for_each(|it| *it = true);
                    }
                }
            }
        }
        reached = next;
    }
    reached.last() == Some(&true)
}
