//! Which words may follow a text: each is read behind it, and is refused where the reader stumbles before its end.

use super::super::token::{Token as SqlToken, significant};
use super::lex::{self, Kind, NO_CLOSE, Token};
use super::{Lower, guard, normalise};
use crate::sql::{Dialect, verdict};

/// Longer texts are not tried: each probe reads the whole of it.
const MAX_BYTES: usize = 20_000;

/// For each of `probes` whether it may stand behind `prefix`, which ends where a token may begin. A probe may be
/// several words; what must follow it is not missed. Exact for queries and changes of data; for other statements
/// PostgreSQL's tables are asked.
pub fn accepts(prefix: &str, dialect: Dialect, probes: &[&str]) -> Vec<bool> {
    let refused = || vec![false; probes.len()];
    if prefix.len() > MAX_BYTES {
        return refused();
    }
    let source = normalise(prefix, dialect);
    let mut tokens = lex::lex(&source);
    tokens.pop();
    let nesting = guard::measure(&source, &tokens);
    if tokens.last().is_some_and(|it| it.kind == Kind::Junk && it.start == it.end) || !nesting.is_shallow() {
        return refused();
    }
    if !is_query(&source, &tokens) {
        let before: Vec<SqlToken> = significant(&source);
        return verdict::accepts(&source, &before, probes);
    }
    let n_tokens = tokens.len();
    let mut text = source.into_owned();
    text.push(' ');
    let len = text.len();
    let mut accept = |probe: &&str| {
        text.truncate(len);
        text.push_str(probe);
        tokens.truncate(n_tokens);
        tokens.extend(lex::lex(probe).into_iter().map(|it| shifted(it, len as u32, n_tokens as u32)));
        let mut lower = Lower::new(&text, &tokens, dialect);
        lower.whole_statement();
        !lower.refused && lower.stumble.is_none()
    };
    probes.iter().map(&mut accept).collect()
}

fn shifted(token: Token, bytes: u32, index: u32) -> Token {
    let close = if token.close == NO_CLOSE { NO_CLOSE } else { token.close + index };
    Token { start: token.start + bytes, end: token.end + bytes, close, ..token }
}

/// A statement of which this reader is the judge.
fn is_query(text: &str, tokens: &[Token]) -> bool {
    const HEADS: [&str; 11] = [
        "select", "insert", "update", "delete", "with", "values", "table", "merge", "explain", "replace",
        "declare",
    ];
    let Some(first) = tokens.iter().find(|it| it.kind != Kind::LParen) else { return false };
    let word = text.get(first.start as usize..first.end as usize).unwrap_or("");
    HEADS.iter().any(|it| it.eq_ignore_ascii_case(word))
}
