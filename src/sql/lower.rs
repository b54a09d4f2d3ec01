//! A statement's text → [`super::hir`].
//!
//! The recursive-descent reader in this folder follows gram.y, precedence included, and keeps whatever stands in a
//! broken text. The tolerant parser (`squawk-syntax`) is only asked whether it refuses the text.
//!
//! A name that is missing is an empty identifier with an empty range; a missing expression is
//! [`ExprKind::Missing`], empty, behind the token before it.

mod actions;
mod call;
mod cursor;
mod ddl;
mod dml;
mod expr;
mod from;
mod guard;
mod joined;
mod json;
mod lex;
mod primary;
mod probe;
mod query;
mod special;
mod statement;
mod string;
mod types;
mod utility;

use std::borrow::Cow;

pub use probe::accepts;

use squawk_syntax::SourceFile;

use self::guard::Nesting;
use self::lex::{Kind, Token};
use super::hir::{Expr, QueryBody, Statement, StatementKind, Utility, WrapperKind};
use super::{Dialect, ParsedStatement, SyntaxError, verdict};
use crate::base::text::range;

pub fn parse_statement(text: &str, dialect: Dialect) -> ParsedStatement {
    let source = normalise(text, dialect);
    let tokens = lex::lex(&source);
    let nesting = guard::measure(&source, &tokens);
    let parsed = match nesting.is_refused() {
        true => None,
        false => nesting.run(|| read(&source, &tokens, dialect, nesting)).flatten(),
    };
    match parsed {
        // The tree is PostgreSQL's: what it cannot hold of another dialect would be misread.
        Some((hir, true, _))
            if dialect != Dialect::Postgres && !matches!(hir.kind, StatementKind::Ddl(_)) =>
        {
            ParsedStatement { hir: refused(text), error: verdict::verdict(text, dialect, true) }
        }
        // The other judge does not know all of them.
        Some((hir, false, _))
            if matches!(hir.kind, StatementKind::Wrapped { kind: WrapperKind::Joined, .. }) =>
        {
            ParsedStatement { hir, error: None }
        }
        Some((hir, broken, refusal)) => {
            let error = verdict::verdict(text, dialect, broken);
            ParsedStatement { hir, error: earlier(error, refusal) }
        }
        None => ParsedStatement { hir: refused(text), error: None },
    }
}

/// PostgreSQL stops at the first that it meets.
fn earlier(error: Option<SyntaxError>, refusal: Option<actions::Refusal>) -> Option<SyntaxError> {
    match (error, refusal) {
        (Some(error), Some(refusal)) if usize::from(error.range.start()) >= refusal.read as usize => {
            Some(refusal.error)
        }
        (Some(error), _) => Some(error),
        (None, refusal) => refusal.map(|it| it.error),
    }
}

/// The tree alone, without a verdict on the text.
pub fn tree(text: &str, dialect: Dialect) -> Statement {
    let source = normalise(text, dialect);
    let tokens = lex::lex(&source);
    let nesting = guard::measure(&source, &tokens);
    let read = || {
        let (lower, kind) = read_leniently(&source, &tokens, dialect);
        let range = lower.span(tokens.first().map_or(0, |it| it.start));
        (!lower.refused).then_some(Statement { range, kind, exprs: lower.exprs, utility: lower.utility })
    };
    match nesting.is_refused() {
        true => refused(text),
        false => nesting.run(read).flatten().unwrap_or_else(|| refused(text)),
    }
}

/// SQLite's and MySQL's backquotes become double quotes, byte for byte, so that ranges stay.
fn normalise(text: &str, dialect: Dialect) -> Cow<'_, str> {
    match dialect {
        Dialect::Sqlite | Dialect::Mysql if text.contains('`') => text.replace('`', "\"").into(),
        _ => text.into(),
    }
}

/// A statement of which nothing is said.
pub fn left_alone(text: &str) -> ParsedStatement {
    ParsedStatement { hir: refused(text), error: None }
}

/// A statement that is not looked at.
fn refused(text: &str) -> Statement {
    let start = text.len() - text.trim_ascii_start().len();
    let range = range(start, text.trim_ascii_end().len());
    Statement { range, kind: statement::nothing(), exprs: Vec::new(), utility: None }
}

/// Who says whether a statement is broken.
enum Judge {
    /// This reader, whose verdict is PostgreSQL's for queries and changes of data.
    Reader,
    /// This reader for the statement inside, the tolerant parser for the words around it.
    Both,
    Tolerant,
}

fn judge(kind: &StatementKind) -> Judge {
    match kind {
        StatementKind::Query(query) if matches!(query.body, QueryBody::Execute(_)) => Judge::Tolerant,
        StatementKind::Query(_)
        | StatementKind::Insert(_)
        | StatementKind::Update(_)
        | StatementKind::Delete(_)
        | StatementKind::Merge(_) => Judge::Reader,
        StatementKind::Wrapped { kind: WrapperKind::Joined, .. } => Judge::Reader,
        StatementKind::Wrapped { kind: WrapperKind::Call, .. } => Judge::Tolerant,
        StatementKind::Wrapped { inner, .. } => match judge(inner) {
            Judge::Tolerant => Judge::Tolerant,
            _ => Judge::Both,
        },
        StatementKind::Ddl(_) | StatementKind::Session(_) | StatementKind::Other(_) => Judge::Tolerant,
    }
}

/// The tree, and whether a tolerant parser refuses the text.
fn read(
    text: &str,
    tokens: &[Token],
    dialect: Dialect,
    nesting: Nesting,
) -> Option<(Statement, bool, Option<actions::Refusal>)> {
    let (lower, kind) = read_leniently(text, tokens, dialect);
    if lower.refused {
        return None;
    }
    let clean = lower.strictly_clean;
    let broken = match judge(&kind) {
        Judge::Reader => !clean,
        Judge::Both => !clean || tolerant_refuses(text, nesting).unwrap_or(false),
        Judge::Tolerant => lower.suspect || tolerant_refuses(text, nesting).unwrap_or(!clean),
    };
    let range = lower.span(tokens.first().map_or(0, |it| it.start));
    let refusal = lower.refusal.filter(|_| dialect == Dialect::Postgres);
    Some((Statement { range, kind, exprs: lower.exprs, utility: lower.utility }, broken, refusal))
}

fn read_leniently<'t>(text: &'t str, tokens: &'t [Token], dialect: Dialect) -> (Lower<'t>, StatementKind) {
    let mut lower = Lower::new(text, tokens, dialect);
    let mut kind = lower.whole_statement();
    let clean = lower.clean;
    if !clean && lower.saw_half_typed_dot && !lower.refused {
        lower = Lower { lenient: true, ..Lower::new(text, tokens, dialect) };
        kind = lower.whole_statement();
    }
    lower.strictly_clean = clean;
    (lower, kind)
}

/// `None`: the text is too deep for it.
fn tolerant_refuses(text: &str, nesting: Nesting) -> Option<bool> {
    if !nesting.allows_tree() {
        return None;
    }
    std::panic::catch_unwind(|| !SourceFile::parse(text).errors().is_empty()).ok()
}

/// The statement being read: its text, its tokens, a cursor, and the expressions made so far.
struct Lower<'t> {
    text: &'t str,
    tokens: &'t [Token],
    dialect: Dialect,
    pos: usize,
    /// Index of the first token that does not belong to what is being read.
    end: usize,
    exprs: Vec<Expr>,
    utility: Option<Box<Utility>>,
    /// Brackets around the cursor.
    open: u32,
    depth: u32,
    /// Deeper or longer than we read.
    refused: bool,
    /// No deviation from the grammar was met so far.
    clean: bool,
    /// A definition has something where this reader knows nothing to stand: PostgreSQL's grammar is to decide.
    suspect: bool,
    /// What an action of PostgreSQL's grammar refuses: the first of it.
    refusal: Option<actions::Refusal>,
    /// What `clean` was when a half-typed dot was taken for a whole one.
    strictly_clean: bool,
    /// The first token that was taken after the text had ceased to be clean.
    stumble: Option<usize>,
    /// Inside the pattern of `SUBSTRING(x SIMILAR … ESCAPE …)`.
    in_similar: bool,
    /// Brackets around the item of a target list that is being read (see [`Lower::is_bare_label`]).
    target_at: Option<u32>,
    /// `u. from t`: the dot ends the name (see [`Lower::after_dot`]).
    lenient: bool,
    saw_half_typed_dot: bool,
    /// `?` is a parameter (SQLite, MySQL), not an operator.
    positional_holes: bool,
    n_holes: u32,
}

impl<'t> Lower<'t> {
    fn new(text: &'t str, tokens: &'t [Token], dialect: Dialect) -> Lower<'t> {
        Lower {
            text,
            tokens,
            dialect,
            pos: 0,
            end: tokens.len().saturating_sub(1),
            exprs: Vec::new(),
            utility: None,
            open: 0,
            depth: 0,
            refused: false,
            clean: true,
            suspect: false,
            refusal: None,
            strictly_clean: true,
            stumble: None,
            in_similar: false,
            target_at: None,
            lenient: false,
            saw_half_typed_dot: false,
            positional_holes: dialect != Dialect::Postgres,
            n_holes: 0,
        }
    }

    fn whole_statement(&mut self) -> StatementKind {
        if self.at_end() {
            return statement::nothing();
        }
        let res = self.statement();
        while self.eat(Kind::Semi) {}
        if !self.at_end() {
            self.clean = false;
            self.stumble = self.stumble.or(Some(self.pos));
        }
        self.pos = self.end;
        res
    }
}

#[cfg(test)]
mod picture;
#[cfg(test)]
mod tests;
