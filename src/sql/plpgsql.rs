//! The SQL statements inside a PL/pgSQL block, as far as they can be seen without running it: the DDL that
//! `DO $$ … $$` blocks of migrations hold.

pub mod block;
pub mod program;

use block::{Node, nodes};

use super::token::{TokenKind, lex};
use crate::base::text::TextRange;

/// What follows EXECUTE in a body, those in exception handlers left out.
pub fn executed(body: &str) -> Vec<TextRange> {
    let mut res = Vec::new();
    let mut todo: Vec<Node> = nodes(body);
    todo.reverse();
    while let Some(node) = todo.pop() {
        match node {
            Node::Execute { text, .. } => res.push(text),
            Node::Branch(arms) => todo.extend(arms.into_iter().flat_map(|it| it.body).rev()),
            Node::Loop { body, .. } | Node::Block { body, .. } => todo.extend(body.into_iter().rev()),
            _ => {}
        }
    }
    res
}

/// The string constant that `text` starts with, decoded; and whether it is all of it.
pub fn leading_string(text: &str) -> Option<(String, bool)> {
    let tokens = lex(text);
    let mut tokens = tokens.iter().filter(|it| !it.kind.is_trivia());
    let mut first = tokens.next()?;
    // `format('…', …)`.
    let mut whole = true;
    if first.is_word(text, "pg_catalog") && tokens.next()?.kind == TokenKind::Dot {
        first = tokens.next()?;
    }
    if first.is_word(text, "format") && tokens.next()?.kind == TokenKind::OpenParen {
        first = tokens.next()?;
        whole = false;
    }
    let TokenKind::String { prefix, terminated: true } = first.kind else { return None };
    let text = first.text(text);
    let value = match prefix {
        super::token::StringPrefix::Dollar => {
            let tag = text.get(1..)?.find('$')? + 2;
            text.get(tag..text.len().checked_sub(tag)?)?.to_owned()
        }
        super::token::StringPrefix::None => text.get(1..text.len() - 1)?.replace("''", "'"),
        _ => return None,
    };
    Some((value, whole && tokens.next().is_none()))
}

#[cfg(test)]
mod tests;
