//! A statement's text → [`super::hir`].
//!
//! Queries, data-modifying statements, expressions and type names are read by the recursive-descent reader in
//! this folder: it follows gram.y, precedence included, and keeps whatever stands in a broken text. The
//! structure of DDL comes from the tolerant parser's tree (`squawk-syntax`); the parts inside (names, types,
//! expressions, queries) are read from the token ranges of its nodes by the same reader.
//!
//! A name that is missing is an empty identifier with an empty range; a missing expression is
//! [`ExprKind::Missing`], empty, behind the token before it.

mod call;
mod cursor;
mod ddl;
mod dml;
mod expr;
mod from;
mod guard;
mod json;
mod lex;
mod primary;
mod query;
mod special;
mod statement;
mod string;
mod types;

use std::borrow::Cow;

use smol_str::SmolStr;
use squawk_syntax::{SourceFile, SyntaxNode};

use self::guard::Nesting;
use self::lex::{Kind, Token};
use super::hir::{Expr, ExprId, Name, QName, Query, Statement, StatementKind, TypeName};
use super::{Dialect, ParsedStatement, verdict};
use crate::base::text::{TextRange, range, slice};

pub fn parse_statement(text: &str, dialect: Dialect) -> ParsedStatement {
    let source = normalise(text, dialect);
    let tokens = lex::lex(&source);
    let nesting = guard::measure(&source, &tokens);
    let parsed = match nesting.is_refused() {
        true => None,
        false => nesting.run(|| read(&source, &tokens, dialect, nesting)).flatten(),
    };
    match parsed {
        Some((hir, broken)) => ParsedStatement { hir, error: verdict::verdict(text, dialect, broken) },
        None => ParsedStatement { hir: refused(text), error: None },
    }
}

/// SQLite's and MySQL's backquotes become double quotes, byte for byte, so that ranges stay.
fn normalise(text: &str, dialect: Dialect) -> Cow<'_, str> {
    match dialect {
        Dialect::Sqlite | Dialect::Mysql if text.contains('`') => text.replace('`', "\"").into(),
        _ => text.into(),
    }
}

/// Too deep to be looked at.
fn refused(text: &str) -> Statement {
    Statement { range: range(0, text.len()), kind: statement::nothing(), exprs: Vec::new() }
}

/// The tree, and whether the tolerant parser refuses the text.
fn read(text: &str, tokens: &[Token], dialect: Dialect, nesting: Nesting) -> Option<(Statement, bool)> {
    let parse = if nesting.allows_tree() {
        std::panic::catch_unwind(|| {
            let parse = SourceFile::parse(text);
            let is_broken = !parse.errors().is_empty();
            (parse, is_broken)
        })
        .ok()
    } else {
        None
    };
    let root = parse.as_ref().map(|(parse, _)| parse.syntax_node());
    let mut lower = Lower::new(text, tokens, dialect, root.clone());
    let mut kind = lower.whole_statement();
    if !lower.clean && lower.saw_half_typed_dot && !lower.refused {
        lower = Lower { lenient: true, ..Lower::new(text, tokens, dialect, root) };
        kind = lower.whole_statement();
    }
    if lower.refused {
        return None;
    }
    let broken = parse.map_or(!lower.clean, |(_, is_broken)| is_broken);
    let range = lower.span(tokens.first().map_or(0, |it| it.start));
    Some((Statement { range, kind, exprs: lower.exprs }, broken))
}

/// The statement being read: its text, its tokens, a cursor, and the expressions made so far.
struct Lower<'t> {
    text: &'t str,
    tokens: &'t [Token],
    dialect: Dialect,
    /// The tolerant parser's tree.
    root: Option<SyntaxNode>,
    pos: usize,
    /// Index of the first token that does not belong to what is being read.
    end: usize,
    exprs: Vec<Expr>,
    /// Brackets around the cursor.
    open: u32,
    depth: u32,
    /// Deeper or longer than we read.
    refused: bool,
    /// No deviation from the grammar was met so far.
    clean: bool,
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
    fn new(text: &'t str, tokens: &'t [Token], dialect: Dialect, root: Option<SyntaxNode>) -> Lower<'t> {
        Lower {
            text,
            tokens,
            dialect,
            root,
            pos: 0,
            end: tokens.len().saturating_sub(1),
            exprs: Vec::new(),
            open: 0,
            depth: 0,
            refused: false,
            clean: true,
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
        self.clean &= self.at_end();
        self.pos = self.end;
        res
    }
}

/// What DDL lowering needs: readers for the text under a node of the tolerant tree. All ranges are exact: they
/// start at the first token and end at the last one, trivia excluded.
#[allow(dead_code)]
impl<'t> Lower<'t> {
    /// Indexes of the tokens that lie in the range.
    fn tokens_in(&self, range: TextRange) -> (usize, usize) {
        let (start, end) = (u32::from(range.start()), u32::from(range.end()));
        let first = self.tokens.partition_point(|it| it.start < start);
        let last = self.tokens.partition_point(|it| it.end <= end && it.kind != Kind::Eof);
        (first, last.max(first))
    }

    /// Reads with the cursor confined to a range of the text.
    fn within<T>(&mut self, range: TextRange, read: impl FnOnce(&mut Lower<'t>) -> T) -> T {
        let (first, last) = self.tokens_in(range);
        let outer = (self.pos, self.end, self.open);
        (self.pos, self.end, self.open) = (first, last, 0);
        let res = read(self);
        (self.pos, self.end, self.open) = outer;
        res
    }

    /// The node's range without surrounding white space and comments; empty at its start if it has no tokens.
    fn range_of(&self, node: &SyntaxNode) -> TextRange {
        let whole = node.text_range();
        let (first, last) = self.tokens_in(whole);
        match (self.tokens.get(first), last.checked_sub(1).and_then(|it| self.tokens.get(it))) {
            (Some(from), Some(to)) if last > first => range(from.start as usize, to.end as usize),
            _ => range(whole.start().into(), whole.start().into()),
        }
    }

    /// The text under a range.
    fn text_of(&self, range: TextRange) -> &'t str {
        slice(self.text, range)
    }

    /// The first identifier (or keyword used as one) in the node.
    fn name_of(&mut self, node: &SyntaxNode) -> Option<Name> {
        self.within(node.text_range(), |it| {
            while !it.at_end() && !matches!(it.kind(), Kind::Word | Kind::Quoted) {
                it.bump();
            }
            it.label()
        })
    }

    /// A dotted name: all of the node, or as much as is one.
    fn qname_of(&mut self, node: &SyntaxNode) -> QName {
        self.within(node.text_range(), |it| match it.label() {
            Some(first) => it.qname_rest(first),
            None => QName::default(),
        })
    }

    /// The names of a list node `(a, b, c)`, with or without its parentheses.
    fn names_of(&mut self, node: &SyntaxNode) -> Vec<Name> {
        self.within(node.text_range(), |it| {
            it.eat(Kind::LParen);
            if it.at_end() || it.at(Kind::RParen) {
                return Vec::new();
            }
            it.list(|it| it.label().unwrap_or_else(|| it.missing_name()))
        })
    }

    fn type_of(&mut self, node: &SyntaxNode) -> TypeName {
        self.within(node.text_range(), |it| it.type_name())
    }

    /// The one expression that the node is.
    fn expr_of(&mut self, node: &SyntaxNode) -> ExprId {
        self.within(node.text_range(), |it| it.expr())
    }

    /// A SELECT, VALUES, TABLE or WITH query, parenthesised or not.
    fn query_of(&mut self, node: &SyntaxNode) -> Query {
        self.within(node.text_range(), |it| it.query())
    }

    /// A whole statement of any kind (DDL included), e.g. an element of CREATE SCHEMA.
    fn statement_of(&mut self, node: &SyntaxNode) -> StatementKind {
        self.within(node.text_range(), |it| it.statement())
    }

    /// The value of the first string constant in the node, escapes decoded, with the range of the text between
    /// its quotes.
    fn string_of(&mut self, node: &SyntaxNode) -> Option<(SmolStr, TextRange)> {
        self.within(node.text_range(), |it| {
            while !it.at_end() && !it.at(Kind::Str) {
                it.bump();
            }
            let token = it.peek();
            if token.kind != Kind::Str {
                return None;
            }
            let text = it.str(token);
            let (start, end) = string::body(text);
            let offset = token.start as usize;
            Some((string::value(text, '\\'), range(offset + start, offset + end)))
        })
    }
}
