//! The SQL statements inside a PL/pgSQL block, as far as they can be seen without running it: the DDL that
//! `DO $$ … $$` blocks of migrations hold.

pub mod program;

use super::token::{Token, TokenKind, lex, significant};
use crate::base::text::{TextRange, range};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// In the body; without the `;`. For [`StepKind::Dynamic`], what follows EXECUTE.
    pub range: TextRange,
    pub kind: StepKind,
    /// One of several branches (IF … ELSE, CASE): it may not run even where its objects are missing.
    pub alternative: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    Sql,
    /// `EXECUTE …`: SQL that is put together at run time.
    Dynamic,
}

/// The statements of `body` in order, those in exception handlers left out: they run only when something failed.
/// A statement under `IF … THEN` without ELSE counts as run, for such conditions ask whether the work is done already.
pub fn steps(body: &str) -> Vec<Step> {
    let tokens: Vec<Token> = significant(body);
    let mut reader = Reader { body, tokens, at: 0, open: Vec::new(), res: Vec::new() };
    while reader.at < reader.tokens.len() {
        reader.step();
    }
    reader.res
}

enum Open {
    Block {
        handling: bool,
    },
    /// The first step of the IF, and whether it has several branches.
    If {
        first: usize,
        branches: bool,
    },
    Case,
    Loop,
}

struct Reader<'a> {
    body: &'a str,
    tokens: Vec<Token>,
    at: usize,
    open: Vec<Open>,
    res: Vec<Step>,
}

impl Reader<'_> {
    fn word(&self, n: usize) -> String {
        match self.tokens.get(self.at + n) {
            Some(it) if it.kind == TokenKind::Word => it.text(self.body).to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|it| it.kind)
    }

    /// At the start of a statement.
    fn step(&mut self) {
        let word = self.word(0);
        match word.as_str() {
            // Declarations run up to BEGIN; each ends with a `;`.
            "declare" => {
                while self.at < self.tokens.len() && self.word(0) != "begin" {
                    self.skip_to_semicolon();
                    self.at += 1;
                }
            }
            "begin" => {
                self.at += 1;
                self.open.push(Open::Block { handling: false });
            }
            "exception" => {
                self.at += 1;
                if let Some(Open::Block { handling }) = self.open.last_mut() {
                    *handling = true;
                }
            }
            "when" if matches!(self.open.last(), Some(Open::Block { handling: true } | Open::Case)) => {
                self.skip_past("then")
            }
            "if" => {
                self.skip_past("then");
                self.open.push(Open::If { first: self.res.len(), branches: false });
            }
            "elsif" | "elseif" | "else" => {
                if word == "else" {
                    self.at += 1;
                } else {
                    self.skip_past("then");
                }
                if let Some(Open::If { branches, .. }) = self.open.last_mut() {
                    *branches = true;
                }
            }
            "case" => {
                self.at += 1;
                self.open.push(Open::Case);
                while self.at < self.tokens.len() && self.word(0) != "when" {
                    self.at += 1;
                }
            }
            "loop" | "while" | "for" | "foreach" => {
                self.skip_past("loop");
                self.open.push(Open::Loop);
            }
            "end" => self.end(),
            "execute" => {
                self.at += 1;
                self.push(StepKind::Dynamic);
            }
            // `<<label>>`.
            _ if self.kind() == Some(TokenKind::Operator) => self.at += 3,
            _ if self.kind() == Some(TokenKind::Semicolon) => self.at += 1,
            _ => self.push(StepKind::Sql),
        }
    }

    fn end(&mut self) {
        if let Some(Open::If { first, branches: true }) = self.open.pop() {
            for step in self.res.iter_mut().skip(first) {
                step.alternative = true;
            }
        }
        self.skip_to_semicolon();
        self.at += 1;
    }

    /// Behind `word`, CASE expressions and brackets on the way skipped.
    fn skip_past(&mut self, word: &str) {
        let mut depth = 0usize;
        self.at += usize::from(word != "loop" || self.word(0) != "loop");
        while let Some(kind) = self.kind() {
            let here = self.word(0);
            self.at += 1;
            match kind {
                TokenKind::OpenParen => depth += 1,
                TokenKind::CloseParen => depth = depth.saturating_sub(1),
                TokenKind::Semicolon => return,
                _ if here == word && depth == 0 => return,
                _ if here == "case" => depth += 1,
                _ if here == "end" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn skip_to_semicolon(&mut self) {
        while self.kind().is_some_and(|it| it != TokenKind::Semicolon) {
            self.at += 1;
        }
    }

    /// The statement under the cursor, up to its `;`.
    fn push(&mut self, kind: StepKind) {
        let first = self.at;
        self.skip_to_semicolon();
        let handled = self.open.iter().any(|it| matches!(it, Open::Block { handling: true }));
        let (Some(start), Some(end)) = (self.tokens.get(first), self.tokens.get(self.at.saturating_sub(1)))
        else {
            return;
        };
        if !handled && self.at > first {
            let range = range(start.range.start().into(), end.range.end().into());
            let alternative = self.open.iter().any(|it| matches!(it, Open::Case));
            self.res.push(Step { range, kind, alternative });
        }
        self.at += 1;
    }
}

/// The string constant that `text` starts with, decoded; and whether it is all of it.
pub fn leading_string(text: &str) -> Option<(String, bool)> {
    let tokens = lex(text);
    let mut tokens = tokens.iter().filter(|it| !it.kind.is_trivia());
    let mut first = tokens.next()?;
    // `format('…', …)`.
    let mut whole = true;
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
