//! Semantic tokens of SQL, in SQL files and inside of templates.

mod marks;

use marks::Marks;

use super::sheet::{self, Sheet};
use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize, slice};
use crate::db::Snapshot;
use crate::sql::hir::{Ddl, StatementKind};
use crate::sql::keywords::{Category, keyword};
use crate::sql::token::{self, lex};

/// What a token is; the server names them to the client in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum TokenKind {
    Keyword,
    Table,
    Column,
    Alias,
    Function,
    Type,
    EnumLabel,
    Parameter,
    String,
    Number,
    Operator,
    Comment,
}

impl TokenKind {
    pub const ALL: [TokenKind; 12] = [
        TokenKind::Keyword,
        TokenKind::Table,
        TokenKind::Column,
        TokenKind::Alias,
        TokenKind::Function,
        TokenKind::Type,
        TokenKind::EnumLabel,
        TokenKind::Parameter,
        TokenKind::String,
        TokenKind::Number,
        TokenKind::Operator,
        TokenKind::Comment,
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Never empty; may span lines (comments, dollar quotes): the server cuts it where the client wants that.
    pub range: TextRange,
    pub kind: TokenKind,
    pub declaration: bool,
    /// PostgreSQL's own, or an extension's.
    pub builtin: bool,
}

/// In text order, disjoint; only those that touch `within`.
pub fn tokens(snap: &Snapshot, file: FileId, within: Option<TextRange>) -> Cancellable<Vec<Token>> {
    let sheets = sheet::sheets(snap, file)?;
    if sheets.is_empty() {
        return Ok(Vec::new());
    }
    let analysis = snap.analysis(file)?;
    let mut marks = Marks::default();
    for unit in &analysis.units {
        snap.check()?;
        if within.is_none_or(|it| it.intersect(unit.host).is_some()) {
            marks.add(unit);
        }
    }
    marks.sort();
    let mut res = Vec::new();
    for sheet in sheets.iter().filter(|it| !it.unclosed) {
        snap.check()?;
        let mut painter = Painter { sheet, marks: &marks, in_body: false, acc: &mut res };
        if sheet.fragment.is_some() {
            if within.is_none_or(|it| it.intersect(sheet.host).is_some()) {
                painter.part(sheet.host);
            }
            continue;
        }
        let statements = snap.statements(file);
        for part in sheet::parts(snap, file, &sheet.text, within) {
            let Some(loc) = part.statement else {
                painter.comments(sheet::comments_of_gap(&sheet.text, part.range));
                continue;
            };
            painter.part(part.range);
            let body = statements.0.statements.get(loc.0 as usize).and_then(|it| body(&it.parsed.hir.kind));
            if let Some(body) = body {
                painter.body(body + part.range.start());
            }
        }
    }
    // Fragments in holes of others stand between the tokens of those.
    res.sort_by_key(|it| (it.range.start(), it.range.end()));
    res.retain(|it| within.is_none_or(|within| it.range.intersect(within).is_some()));
    Ok(res)
}

/// The text inside the quotes of a function's body, where it is SQL or PL/pgSQL.
fn body(kind: &StatementKind) -> Option<TextRange> {
    let StatementKind::Ddl(ddl) = kind else { return None };
    let (language, at) = match &**ddl {
        Ddl::CreateFunction(it) => (it.language.as_ref(), it.body.as_ref()?.1),
        Ddl::Do { language, body_range, .. } => (language.as_ref(), *body_range),
        _ => return None,
    };
    language.is_none_or(|it| matches!(it.ident.as_str(), "sql" | "plpgsql")).then_some(at)
}

struct Painter<'a> {
    sheet: &'a Sheet,
    marks: &'a Marks,
    /// In a function's body, whose names nothing marks.
    in_body: bool,
    acc: &'a mut Vec<Token>,
}

impl<'a> Painter<'a> {
    fn text(&self, at: TextRange) -> &'a str {
        let sheet = self.sheet;
        at.checked_sub(sheet.host.start()).map_or("", |at| slice(&sheet.text, at))
    }

    /// The tokens of a part of the sheet, which begins and ends between tokens.
    fn part(&mut self, at: TextRange) {
        let text = self.text(at);
        let tokens = lex(text);
        let mut before: Option<&token::Token> = None;
        for (idx, it) in tokens.iter().enumerate() {
            let range = it.range + at.start();
            let word = it.text(text);
            if let Some(token) = self.token(it, word, range, before, || next(&tokens, idx)) {
                self.push(token);
            }
            if !it.kind.is_trivia() {
                before = Some(it);
            }
        }
    }

    /// Only the comments of a part.
    fn comments(&mut self, at: TextRange) {
        if !self.text(at).contains(['-', '/']) {
            return;
        }
        for it in lex(self.text(at)) {
            if it.kind != token::TokenKind::Whitespace && it.kind.is_trivia() {
                self.push(plain(it.range + at.start(), TokenKind::Comment));
            }
        }
    }

    /// A function's body instead of the one string that it is.
    fn body(&mut self, body: TextRange) {
        let Some(last) = self.acc.iter().rposition(|it| it.range.contains_range(body)) else { return };
        let Some(&string) = self.acc.get(last).filter(|it| it.kind == TokenKind::String) else { return };
        // Quotes inside of `'…'` are doubled: only dollar quotes hold the text as it is.
        if !self.text(string.range).starts_with('$') {
            return;
        }
        let rest = self.acc.split_off(last);
        self.push(plain(TextRange::new(string.range.start(), body.start()), TokenKind::String));
        self.in_body = true;
        self.part(body);
        self.in_body = false;
        self.push(plain(TextRange::new(body.end(), string.range.end()), TokenKind::String));
        self.acc.extend(rest.into_iter().skip(1));
    }

    fn token(
        &self,
        it: &token::Token,
        word: &str,
        range: TextRange,
        before: Option<&token::Token>,
        next: impl Fn() -> Option<token::TokenKind>,
    ) -> Option<Token> {
        use token::TokenKind as T;
        let mark = self.marks.at(range);
        match it.kind {
            T::LineComment | T::BlockComment { .. } => Some(plain(range, TokenKind::Comment)),
            T::String { .. } => Some(match mark {
                Some(it) if it.kind == TokenKind::EnumLabel => it,
                _ => plain(range, TokenKind::String),
            }),
            T::Number(_) => Some(plain(range, TokenKind::Number)),
            T::Param { .. } => Some(plain(range, TokenKind::Parameter)),
            T::Operator | T::Typecast | T::ColonEquals => Some(plain(range, TokenKind::Operator)),
            T::QuotedIdent { .. } => mark,
            T::Word => {
                if let Some(mark) = mark {
                    return Some(mark);
                }
                if self.in_body {
                    return body_word(word).then(|| plain(range, TokenKind::Keyword));
                }
                let keyword = keyword(word)?;
                let qualified = before.is_some_and(|it| it.kind == T::Dot);
                if qualified && keyword.category != Category::Reserved {
                    return None;
                }
                // `coalesce(`, `extract(`: functions with a grammar of their own.
                let called = keyword.category == Category::ColumnName
                    && !matches!(keyword.word, "values" | "exists" | "row" | "setof" | "between" | "none")
                    && next() == Some(T::OpenParen);
                Some(Token {
                    builtin: called,
                    ..plain(range, if called { TokenKind::Function } else { TokenKind::Keyword })
                })
            }
            _ => None,
        }
    }

    /// Adds a token without what of it stands in holes.
    fn push(&mut self, token: Token) {
        let mut from = token.range.start();
        let touching = self.sheet.holes.partition_point(|it| it.end() <= from);
        let mut cut = false;
        for hole in self.sheet.holes.iter().skip(touching) {
            if hole.start() >= token.range.end() {
                break;
            }
            cut = true;
            self.piece(token, from, hole.start());
            from = hole.end();
        }
        if cut && !matches!(token.kind, TokenKind::String | TokenKind::Comment) {
            return;
        }
        self.piece(token, from, token.range.end());
    }

    fn piece(&mut self, token: Token, from: TextSize, to: TextSize) {
        // Half a name is no name.
        let whole = from == token.range.start() && to == token.range.end();
        if from < to && (whole || matches!(token.kind, TokenKind::String | TokenKind::Comment)) {
            self.acc.push(Token { range: TextRange::new(from, to), ..token });
        }
    }
}

/// Whether a word of a function's body is none of its names, for all one can tell.
fn body_word(word: &str) -> bool {
    const WORDS: [&str; 38] = [
        "alias",
        "assert",
        "begin",
        "by",
        "call",
        "close",
        "continue",
        "cursor",
        "declare",
        "delete",
        "diagnostics",
        "elseif",
        "elsif",
        "exception",
        "execute",
        "exit",
        "fetch",
        "foreach",
        "get",
        "if",
        "insert",
        "loop",
        "next",
        "notice",
        "open",
        "over",
        "partition",
        "perform",
        "query",
        "raise",
        "record",
        "return",
        "reverse",
        "set",
        "strict",
        "update",
        "while",
        "values",
    ];
    let lower = word.to_ascii_lowercase();
    WORDS.contains(&lower.as_str()) || keyword(&lower).is_some_and(|it| it.category == Category::Reserved)
}

fn plain(range: TextRange, kind: TokenKind) -> Token {
    Token { range, kind, declaration: false, builtin: false }
}

fn next(tokens: &[token::Token], idx: usize) -> Option<token::TokenKind> {
    tokens.iter().skip(idx + 1).find(|it| !it.kind.is_trivia()).map(|it| it.kind)
}

#[cfg(test)]
mod tests;
