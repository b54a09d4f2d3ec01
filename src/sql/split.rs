//! A text → its statements, cut where psql and drizzle-kit cut it.

use super::token::{Token, TokenKind, lex, normalise};
use super::{Dialect, block};
use crate::base::text::{TextRange, range};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PieceKind {
    Sql,
    /// A psql meta-command line (`\connect x`), or a statement that such a line stands inside of.
    Meta,
    /// The data lines of `COPY … FROM stdin`, with the closing `\.`.
    CopyData,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Without the `;` and without surrounding white space and comments.
    pub range: TextRange,
    pub kind: PieceKind,
}

/// What drizzle-kit writes between the statements of a migration.
const BREAKPOINT: &str = "--> statement-breakpoint";

/// Comments at which a tool cuts a text, whether or not a `;` stands before them.
pub fn is_cut(comment: &str) -> bool {
    if comment.starts_with(BREAKPOINT) || block::name(comment).is_some() {
        return true;
    }
    let mut words = comment.trim_start_matches("--").split_whitespace().take(2).map(str::to_ascii_lowercase);
    match (words.next().as_deref(), words.next().as_deref()) {
        // dbmate.
        (Some("migrate:up" | "migrate:down"), _) => true,
        // goose and sql-migrate.
        (Some("+goose" | "+migrate"), Some("up" | "down" | "statementbegin" | "statementend")) => true,
        _ => false,
    }
}

/// The pieces in order; what lies between them is white space, comments and `;`.
///
/// A `;` ends a statement even inside parentheses, so that a missing `)` costs one statement; only CREATE RULE may
/// hold several commands in them. Bodies written `BEGIN ATOMIC … END` are kept whole, as psql does.
pub fn split(text: &str, dialect: Dialect) -> Vec<Piece> {
    let normal = normalise(text, dialect);
    let mut splitter = Splitter { text: &normal, dialect, res: Vec::new(), state: State::default() };
    let mut base = 0;
    // Skipping psql's lines moves the lexer, so lexing starts anew behind each of them.
    while let Some(rest) = normal.get(base..).filter(|it| !it.is_empty()) {
        match splitter.run(rest, base) {
            Some(next) if next > base => base = next,
            _ => break,
        }
    }
    splitter.flush();
    splitter.res
}

#[derive(Default)]
struct State {
    start: Option<usize>,
    end: usize,
    /// Leading words in lower case, at most eight.
    head: Vec<String>,
    /// A meta-command stands inside the statement.
    interrupted: bool,
    parens: u32,
    /// Depth of `BEGIN … END` and `CASE … END` inside a body.
    body: u32,
    /// The previous token was BEGIN.
    after_begin: bool,
    saw_from: bool,
    copies_stdin: bool,
}

struct Splitter<'a> {
    text: &'a str,
    dialect: Dialect,
    res: Vec<Piece>,
    state: State,
}

impl Splitter<'_> {
    /// Reads tokens of `rest`, which starts at `base`; returns where lexing must start anew.
    fn run(&mut self, rest: &str, base: usize) -> Option<usize> {
        for token in lex(rest) {
            let start = base + usize::from(token.range.start());
            let end = base + usize::from(token.range.end());
            let text = token.text(rest);
            match token.kind {
                TokenKind::LineComment if is_cut(text) => self.flush(),
                TokenKind::Whitespace
                | TokenKind::LineComment
                | TokenKind::BlockComment { terminated: true } => {}
                TokenKind::Unknown if self.is_meta(rest, &token) => return Some(self.meta(start)),
                TokenKind::Semicolon if self.splits() => {
                    let copies = self.state.copies_stdin;
                    self.flush();
                    if copies && let Some(next) = self.copy_data(end) {
                        return Some(next);
                    }
                }
                _ => self.token(&token, text, start, end),
            }
        }
        None
    }

    fn splits(&self) -> bool {
        let rule = self.state.parens > 0 && is_create(&self.state.head, &["rule"]);
        self.state.body == 0 && !rule
    }

    fn token(&mut self, token: &Token, text: &str, start: usize, end: usize) {
        let state = &mut self.state;
        state.start.get_or_insert(start);
        state.end = end;
        match token.kind {
            TokenKind::OpenParen => state.parens += 1,
            TokenKind::CloseParen => state.parens = state.parens.saturating_sub(1),
            TokenKind::Word => {
                let word = text.to_ascii_lowercase();
                self.word(&word);
                if self.state.head.len() < 8 {
                    self.state.head.push(word);
                }
                return;
            }
            _ => {}
        }
        state.after_begin = false;
        state.saw_from = false;
    }

    fn word(&mut self, word: &str) {
        let state = &mut self.state;
        let after_begin = std::mem::replace(&mut state.after_begin, word == "begin");
        let after_from = std::mem::replace(&mut state.saw_from, word == "from");
        match word {
            "stdin" if after_from && state.head.first().is_some_and(|it| it == "copy") => {
                state.copies_stdin = true
            }
            "atomic" if after_begin && is_create(&state.head, &["function", "procedure"]) => state.body += 1,
            "case" if state.body > 0 => state.body += 1,
            "begin"
                if self.dialect != Dialect::Postgres
                    && is_create(&state.head, &["trigger", "procedure", "function", "event"]) =>
            {
                state.body += 1;
            }
            "end" => state.body = state.body.saturating_sub(1),
            _ => {}
        }
    }

    /// psql takes a backslash outside quotes for a command wherever it stands.
    fn is_meta(&self, rest: &str, token: &Token) -> bool {
        let mut chars = rest.get(token.range.start().into()..).unwrap_or("").chars();
        self.dialect == Dialect::Postgres
            && chars.next() == Some('\\')
            && chars.next().is_some_and(|it| it.is_ascii_alphabetic() || matches!(it, '!' | '?'))
    }

    /// The meta-command at `start`; returns its end, which is that of its line.
    fn meta(&mut self, start: usize) -> usize {
        let line = self.text.get(start..).unwrap_or("");
        let line = &line[..line.find(['\n', '\r']).unwrap_or(line.len())];
        let name: String = line.chars().skip(1).take_while(char::is_ascii_alphabetic).collect();
        let line = line.trim_end();
        let sends = matches!(
            name.as_str(),
            "g" | "gx"
                | "gset"
                | "gexec"
                | "gdesc"
                | "crosstabview"
                | "watch"
                | "bind"
                | "parse"
                | "sendpipeline"
        );
        if self.state.start.is_none() || sends {
            self.flush();
            self.res.push(Piece { range: range(start, start + line.len()), kind: PieceKind::Meta });
        } else {
            // `\if` and the like inside a statement: what is sent depends on variables.
            self.state.interrupted = true;
            self.state.end = start + line.len();
        }
        start + line.len()
    }

    /// The data behind `COPY … FROM stdin;`: from the next line to `\.`, or to the end of the text.
    fn copy_data(&mut self, after: usize) -> Option<usize> {
        let rest = self.text.get(after..)?;
        let newline = rest.find('\n')?;
        let behind = rest.get(..newline)?.trim();
        if !behind.is_empty() && !behind.starts_with("--") {
            // Something else goes on in this line: no script for psql.
            return None;
        }
        let start = after + newline + 1;
        let mut at = start;
        for line in self.text.get(start..)?.split_inclusive('\n') {
            at += line.len();
            if line.trim_end_matches(['\n', '\r']) == "\\." {
                let end = at - (line.len() - 2);
                self.res.push(Piece { range: range(start, end), kind: PieceKind::CopyData });
                return Some(end);
            }
        }
        if at > start {
            self.res.push(Piece { range: range(start, at), kind: PieceKind::CopyData });
        }
        Some(at)
    }

    fn flush(&mut self) {
        let state = std::mem::take(&mut self.state);
        if let Some(start) = state.start {
            let kind = if state.interrupted { PieceKind::Meta } else { PieceKind::Sql };
            self.res.push(Piece { range: range(start, state.end), kind });
        }
    }
}

/// Whether the leading words are CREATE, modifiers, and one of `objects`.
fn is_create(head: &[String], objects: &[&str]) -> bool {
    head.first().is_some_and(|it| it == "create")
        && head
            .iter()
            .skip(1)
            .find(|it| !matches!(it.as_str(), "or" | "replace" | "temp" | "temporary" | "definer"))
            .is_some_and(|it| objects.contains(&it.as_str()))
}

#[cfg(test)]
mod tests;
