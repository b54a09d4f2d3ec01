//! Which call or row of values the cursor stands in, from the tokens before it: half-typed text has no tree.

use smol_str::SmolStr;

use crate::base::text::{TextRange, TextSize, slice};
use crate::sql::Ident;
use crate::sql::token::{StringPrefix, Token, TokenKind, lex};

/// The innermost call or row around the cursor.
#[derive(Debug)]
pub struct Context {
    pub place: Place,
    /// The argument that the cursor is in, by the commas before it.
    pub arg: usize,
    /// Arguments that are written, also behind the cursor.
    pub n_args: usize,
    /// `name =>` of the argument that the cursor is in.
    pub arg_name: Option<Ident>,
    /// Commas and words between the parenthesis and the cursor, in lower case.
    pub words: Vec<SmolStr>,
}

#[derive(Debug)]
pub enum Place {
    Call(Callee),
    Row(InsertTarget),
}

#[derive(Debug, Clone)]
pub struct Callee {
    pub schema: Option<Ident>,
    pub name: Ident,
    /// Of the last name; relative to the text.
    pub range: TextRange,
}

#[derive(Debug, Clone)]
pub struct InsertTarget {
    pub table: Vec<Ident>,
    /// `None`: no column list is written.
    pub columns: Option<Vec<Ident>>,
}

/// `None`: the cursor is in no call and in no row.
pub fn at(text: &str, offset: TextSize) -> Option<Context> {
    at_depth(text, offset, 0)
}

fn at_depth(text: &str, offset: TextSize, depth: u32) -> Option<Context> {
    let all = lex(text);
    let inside = |it: &Token| it.range.start() < offset && offset < it.range.end();
    if let Some(around) = all.iter().find(|it| inside(it)) {
        match around.kind {
            TokenKind::BlockComment { .. } | TokenKind::LineComment => return None,
            // A function's body.
            TokenKind::String { prefix: StringPrefix::Dollar, .. } if depth < 4 => {
                let string = around.text(text);
                let quote = string.get(1..)?.find('$')? + 2;
                let end = string.len() - if string.len() >= 2 * quote { quote } else { 0 };
                let inner = offset.checked_sub(around.range.start() + TextSize::from(quote as u32))?;
                let mut res = at_depth(string.get(quote..end)?, inner, depth + 1)?;
                if let Place::Call(call) = &mut res.place {
                    // It is a place of another text.
                    call.range = TextRange::default();
                }
                return Some(res);
            }
            _ => {}
        }
    }
    // Behind an unfinished line comment too.
    let ends_in_comment = all.iter().any(|it| it.kind == TokenKind::LineComment && it.range.end() == offset);
    if ends_in_comment {
        return None;
    }
    let tokens: Vec<Token> = all.into_iter().filter(|it| !it.kind.is_trivia()).collect();
    let mut reader = Reader { text, tokens: &tokens, frames: vec![Frame::default()] };
    let n_before =
        tokens.iter().take_while(|it| it.range.end() <= offset || inside_string(it, offset)).count();
    for idx in 0..n_before {
        reader.token(idx);
    }
    reader.context(n_before)
}

fn inside_string(it: &Token, offset: TextSize) -> bool {
    it.range.start() < offset && matches!(it.kind, TokenKind::String { .. } | TokenKind::QuotedIdent { .. })
}

#[derive(Debug, Default)]
struct Frame {
    kind: FrameKind,
    /// The token behind the parenthesis.
    first: usize,
    /// The token behind the last comma.
    arg_first: usize,
    n_commas: usize,
    words: Vec<SmolStr>,
    /// The INSERT whose rows may come.
    insert: Option<Insert>,
}

#[derive(Debug, Default)]
enum FrameKind {
    #[default]
    Other,
    Call(Callee),
    Row(InsertTarget),
}

#[derive(Debug, Clone)]
struct Insert {
    target: InsertTarget,
    /// VALUES was read.
    values: bool,
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    frames: Vec<Frame>,
}

impl Reader<'_> {
    fn token(&mut self, idx: usize) {
        let Some(&token) = self.tokens.get(idx) else { return };
        match token.kind {
            TokenKind::OpenParen => {
                let kind = self.opened(idx);
                self.frames.push(Frame { kind, first: idx + 1, arg_first: idx + 1, ..Frame::default() });
            }
            TokenKind::OpenBracket => {
                self.frames.push(Frame { first: idx + 1, arg_first: idx + 1, ..Frame::default() });
            }
            TokenKind::CloseParen | TokenKind::CloseBracket if self.frames.len() > 1 => {
                self.frames.pop();
            }
            TokenKind::CloseParen | TokenKind::CloseBracket => {}
            TokenKind::Semicolon => self.frames = vec![Frame { first: idx + 1, ..Frame::default() }],
            TokenKind::Comma => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.n_commas += 1;
                    frame.arg_first = idx + 1;
                    frame.words.push(",".into());
                }
            }
            TokenKind::Word => self.word(idx, &token),
            _ => {}
        }
    }

    fn word(&mut self, idx: usize, token: &Token) {
        let word = token.text(self.text).to_ascii_lowercase();
        let insert = match word.as_str() {
            "insert" if self.is_word(idx + 1, "into") => self.insert(idx + 2),
            _ => None,
        };
        let Some(frame) = self.frames.last_mut() else { return };
        match word.as_str() {
            "insert" => frame.insert = insert,
            "values" => frame.insert.iter_mut().for_each(|it| it.values = true),
            "select" | "on" | "returning" => frame.insert = None,
            _ => {}
        }
        frame.words.push(word.into());
    }

    fn is_word(&self, idx: usize, word: &str) -> bool {
        self.tokens.get(idx).is_some_and(|it| it.is_word(self.text, word))
    }

    fn kind(&self, idx: usize) -> Option<TokenKind> {
        self.tokens.get(idx).map(|it| it.kind)
    }

    fn ident(&self, idx: usize) -> Option<Ident> {
        let token = self.tokens.get(idx)?;
        matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent { .. })
            .then(|| Ident::from_source(token.text(self.text)))
    }

    /// `schema.table [AS alias] [(a, b)]`.
    fn insert(&self, mut idx: usize) -> Option<Insert> {
        let mut table = vec![self.ident(idx)?];
        idx += 1;
        while self.kind(idx) == Some(TokenKind::Dot) {
            table.push(self.ident(idx + 1)?);
            idx += 2;
        }
        if self.is_word(idx, "as") {
            idx += 2;
        }
        let mut columns = None;
        if self.kind(idx) == Some(TokenKind::OpenParen) && !self.is_word(idx + 1, "select") {
            let mut names = Vec::new();
            let mut expects = true;
            for it in idx + 1..self.tokens.len() {
                match self.kind(it) {
                    Some(TokenKind::CloseParen | TokenKind::OpenParen | TokenKind::Semicolon) | None => break,
                    Some(TokenKind::Comma) => expects = true,
                    _ if expects => {
                        names.extend(self.ident(it));
                        expects = false;
                    }
                    _ => {}
                }
            }
            columns = Some(names);
        }
        Some(Insert { target: InsertTarget { table, columns }, values: false })
    }

    /// What a parenthesis opens.
    fn opened(&self, idx: usize) -> FrameKind {
        let Some(before) = idx.checked_sub(1) else { return FrameKind::Other };
        let insert = self.frames.last().and_then(|it| it.insert.as_ref()).filter(|it| it.values);
        if let Some(insert) = insert
            && (self.is_word(before, "values") || self.kind(before) == Some(TokenKind::Comma))
        {
            return FrameKind::Row(insert.target.clone());
        }
        let Some(name) = self.ident(before) else { return FrameKind::Other };
        let mut schema = None;
        if before >= 2 && self.kind(before - 1) == Some(TokenKind::Dot) {
            schema = self.ident(before - 2);
        }
        // `insert into t (`, `create table t (`: names, but not of functions.
        let head = if schema.is_some() { before.wrapping_sub(3) } else { before.wrapping_sub(1) };
        let declares = [
            "into",
            "table",
            "exists",
            "references",
            "as",
            "on",
            "index",
            "view",
            "function",
            "procedure",
            "recursive",
            "type",
            "domain",
        ];
        if declares.iter().any(|it| self.is_word(head, it)) {
            return FrameKind::Other;
        }
        let range = self.tokens.get(before).map(|it| it.range).unwrap_or_default();
        FrameKind::Call(Callee { schema, name, range })
    }

    /// The innermost call or row when all tokens before the cursor were read.
    fn context(mut self, n_before: usize) -> Option<Context> {
        while self.frames.len() > 1 {
            let frame = self.frames.pop()?;
            let query = ["select", "with", "values", "insert", "update", "delete"];
            let place = match frame.kind {
                _ if query.iter().any(|it| self.is_word(frame.first, it)) => return None,
                FrameKind::Other => continue,
                FrameKind::Call(call) => Place::Call(call),
                FrameKind::Row(target) => Place::Row(target),
            };
            return Some(Context {
                place,
                arg: frame.n_commas,
                n_args: self.n_args(frame.first, n_before, frame.n_commas),
                arg_name: self.arg_name(frame.arg_first),
                words: frame.words,
            });
        }
        None
    }

    /// Arguments up to the closing parenthesis, if there is one.
    fn n_args(&self, first: usize, n_before: usize, n_commas: usize) -> usize {
        let mut n = n_commas;
        let mut depth = 0;
        let mut closed = None;
        for idx in n_before..self.tokens.len() {
            match self.kind(idx) {
                Some(TokenKind::OpenParen | TokenKind::OpenBracket) => depth += 1,
                Some(TokenKind::CloseParen | TokenKind::CloseBracket) if depth == 0 => {
                    closed = Some(idx);
                    break;
                }
                Some(TokenKind::CloseParen | TokenKind::CloseBracket) => depth -= 1,
                Some(TokenKind::Comma) if depth == 0 => n += 1,
                Some(TokenKind::Semicolon) => break,
                _ => {}
            }
        }
        // Without a closing parenthesis what follows may belong to anything.
        let (n, end) = match closed {
            Some(end) => (n, end),
            None => (n_commas, n_before),
        };
        if n == 0 && end <= first { 0 } else { n + 1 }
    }

    fn arg_name(&self, first: usize) -> Option<Ident> {
        let arrow = self.tokens.get(first + 1)?;
        let named = arrow.kind == TokenKind::ColonEquals
            || (arrow.kind == TokenKind::Operator && slice(self.text, arrow.range) == "=>");
        named.then(|| self.ident(first))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        let at_cursor = text.find('|').expect("a cursor");
        let text = text.replacen('|', "", 1);
        let Some(it) = at(&text, TextSize::from(at_cursor as u32)) else { return "-".to_owned() };
        let what = match &it.place {
            Place::Call(call) => call.name.to_string(),
            Place::Row(target) => format!("row of {:?} {:?}", target.table, target.columns),
        };
        let name = it.arg_name.map_or(String::new(), |it| format!(" {it}"));
        format!("{what} {}/{}{name}", it.arg, it.n_args)
    }

    #[test]
    fn calls() {
        assert_eq!(check("select lower(|"), "lower 0/0");
        assert_eq!(check("select lower(|)"), "lower 0/0");
        assert_eq!(check("select substr(a, |"), "substr 1/2");
        assert_eq!(check("select substr(a|, 1, 2)"), "substr 0/3");
        assert_eq!(check("select f(a, (b + g(c, d), |"), "f 1/2");
        assert_eq!(check("select f(array[1, |]"), "f 0/1");
        assert_eq!(check("select f(a, (select |"), "-");
        assert_eq!(check("select f(a) |"), "-");
        assert_eq!(check("select f(days => |"), "f 0/1 days");
        assert_eq!(check("select f('a, |b"), "f 0/1");
        assert_eq!(check("select f(a -- |"), "-");
        assert_eq!(check("select f(a; select |"), "-");
        assert_eq!(check("create table f (a |"), "-");
        assert_eq!(check("do $$ begin perform f(1, |); end $$"), "f 1/2");
    }

    #[test]
    fn rows() {
        assert_eq!(check("insert into t values (|"), "row of [t] None 0/0");
        assert_eq!(
            check("insert into s.t as x (a, b) values (1, 2), (3, |)"),
            "row of [s, t] Some([a, b]) 1/2"
        );
        assert_eq!(check("insert into t (|) values (1)"), "-");
        assert_eq!(check("insert into t (a) values (lower(|"), "lower 0/0");
        assert_eq!(check("insert into t (a) select f(|"), "f 0/0");
    }
}
