//! The text of a template with its holes, for rules that look at what stands around a hole.

use crate::base::text::TextRange;
use crate::embed::{Fragment, Piece};
use crate::lint::script::Script;
use crate::sql::token::{Token, TokenKind, lex};
use crate::ts::hir::ExprId;

/// Stands for a hole; nobody types it, and the lexer takes it for a letter.
const MARK: char = '\u{E001}';

pub struct Template {
    pub text: String,
    pub holes: Vec<Hole>,
}

pub struct Hole {
    pub expr: ExprId,
    /// The expression in the file, `${` and `}` left out.
    pub host: TextRange,
    /// Where it stands in the text.
    pub at: usize,
}

impl Template {
    pub fn new(script: &Script<'_>, fragment: &Fragment) -> Template {
        let (mut text, mut holes) = (String::new(), Vec::new());
        for piece in &fragment.pieces {
            match piece {
                Piece::Text { text: it, .. } => text.push_str(it),
                Piece::Hole { expr, .. } => {
                    holes.push(Hole { expr: *expr, host: script.range(*expr), at: text.len() });
                    text.push(MARK);
                }
            }
        }
        Template { text, holes }
    }

    pub fn before(&self, hole: &Hole) -> &str {
        self.text.get(..hole.at).unwrap_or("")
    }

    pub fn after(&self, hole: &Hole) -> &str {
        self.text.get(hole.at + MARK.len_utf8()..).unwrap_or("")
    }

    /// The token that a hole is part of.
    pub fn token(&self, hole: &Hole) -> Option<Token> {
        let holds =
            |it: &Token| usize::from(it.range.start()) <= hole.at && hole.at < usize::from(it.range.end());
        lex(&self.text).into_iter().find(holds)
    }

    /// The hole stands in a string constant.
    pub fn is_quoted(&self, hole: &Hole) -> bool {
        self.token(hole).is_some_and(|it| matches!(it.kind, TokenKind::String { terminated: true, .. }))
    }

    /// The hole stands in a subquery: behind a parenthesis that opens with SELECT.
    pub fn is_in_subquery(&self, hole: &Hole) -> bool {
        self.open_at(hole).iter().any(|it| it.1)
    }

    /// A table named at `table` can be meant at `hole`, which stands in its query or in one inside of it.
    pub fn is_within_query_of(&self, hole: &Hole, table: &Hole) -> bool {
        self.open_at(hole).starts_with(&self.open_at(table))
    }

    /// How many parentheses are open before a hole.
    pub fn depth(&self, hole: &Hole) -> usize {
        self.open_at(hole).len()
    }

    /// The parentheses open before a hole, outermost first: where each stands, and whether SELECT follows.
    fn open_at(&self, hole: &Hole) -> Vec<(usize, bool)> {
        let before = self.before(hole);
        let mut open: Vec<(usize, bool)> = Vec::new();
        let tokens: Vec<Token> = lex(before).into_iter().filter(|it| !is_trivia(it)).collect();
        for (idx, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::OpenParen => {
                    let next = tokens.get(idx + 1).map(|it| it.text(before).to_ascii_lowercase());
                    open.push((token.range.start().into(), next.is_some_and(|it| it == "select")));
                }
                TokenKind::CloseParen => {
                    open.pop();
                }
                _ => {}
            }
        }
        open
    }
}

fn is_trivia(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. })
}
