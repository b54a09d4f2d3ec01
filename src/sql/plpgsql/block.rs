//! The statements of a PL/pgSQL block as a tree (manual §41.6): what runs, what decides whether it does, and what is
//! kept in variables on the way.
//!
//! Tolerant: what is not understood is a statement of SQL.

use super::super::Ident;
use super::super::token::{Token, TokenKind, significant};
use crate::base::text::{TextRange, range};

/// Blocks inside blocks.
const MAX_DEPTH: u32 = 48;

/// A statement of PL/pgSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Without the `;`.
    Sql(TextRange),
    /// `EXECUTE text [INTO …] [USING …]`: the text's expression, and the variables that take the result.
    Execute {
        text: TextRange,
        into: Vec<Ident>,
    },
    /// Also of declarations. `value`: `None` where there is none, or where only a part of the variable is assigned to.
    Assign {
        target: Ident,
        value: Option<TextRange>,
        declares: bool,
    },
    /// IF and CASE.
    Branch(Vec<Arm>),
    Loop {
        head: Head,
        body: Vec<Node>,
    },
    Block {
        body: Vec<Node>,
        handlers: Vec<Handler>,
    },
    Leave {
        how: Leave,
        condition: Option<TextRange>,
    },
    /// Nested too deeply.
    Unknown,
}

/// One of the branches of IF and CASE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    pub when: When,
    pub body: Vec<Node>,
}

/// What decides for a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The condition.
    Is(TextRange),
    /// One of the values of a CASE with an operand.
    Value,
    Else,
}

/// What a loop goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// LOOP, WHILE.
    Plain,
    /// `FOR targets IN query`, also over numbers and what EXECUTE yields.
    For { targets: Vec<Ident>, over: TextRange },
    /// `FOREACH target IN ARRAY expression`.
    Each { target: Ident, over: TextRange },
}

/// `WHEN conditions THEN …` of EXCEPTION (manual §41.6.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handler {
    /// In lower case; SQLSTATEs as they stand in their string.
    pub conditions: Vec<String>,
    pub body: Vec<Node>,
}

/// What ends a block, a loop or a round of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    Return,
    Exit,
    Continue,
    /// RAISE at the level of an exception.
    Abort,
}

/// The statements of a body.
pub fn nodes(body: &str) -> Vec<Node> {
    let mut reader = Reader { body, tokens: significant(body), at: 0, depth: 0 };
    let mut res = Vec::new();
    while reader.at < reader.tokens.len() {
        res.append(&mut reader.statements(&[]));
        // An END too many.
        reader.at += 1;
    }
    res
}

struct Reader<'a> {
    body: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn word_at(&self, at: usize) -> String {
        match self.tokens.get(at) {
            Some(it) if it.kind == TokenKind::Word => it.text(self.body).to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    fn word(&self, n: usize) -> String {
        self.word_at(self.at + n)
    }

    fn kind(&self, n: usize) -> Option<TokenKind> {
        self.tokens.get(self.at + n).map(|it| it.kind)
    }

    /// Up to a word of `ends`, or an END.
    fn statements(&mut self, ends: &[&str]) -> Vec<Node> {
        let mut res = Vec::new();
        self.depth += 1;
        while self.at < self.tokens.len() {
            let word = self.word(0);
            if word == "end" || ends.contains(&word.as_str()) {
                break;
            }
            let before = self.at;
            self.statement(&word, &mut res);
            self.at = self.at.max(before + 1);
        }
        self.depth -= 1;
        res
    }

    fn statement(&mut self, word: &str, acc: &mut Vec<Node>) {
        if self.depth > MAX_DEPTH && matches!(word, "begin" | "if" | "case" | "loop" | "while" | "for") {
            self.at = self.tokens.len();
            acc.push(Node::Unknown);
            return;
        }
        match word {
            "declare" => self.declarations(acc),
            "begin" => acc.push(self.block()),
            "if" => acc.push(self.branches()),
            "case" => acc.push(self.cases()),
            "loop" | "while" => {
                self.condition("loop");
                acc.push(self.looped(Head::Plain));
            }
            "for" => {
                let head = self.for_head();
                acc.push(self.looped(head));
            }
            "foreach" => {
                let target = self.ident(1);
                self.at += 1;
                while self.at < self.tokens.len() && !matches!(self.word(0).as_str(), "array" | "loop") {
                    self.at += 1;
                }
                let over = self.condition("loop");
                acc.push(self.looped(Head::Each { target, over }));
            }
            "execute" => acc.push(self.execute()),
            "return" => {
                let leaves = !matches!(self.word(1).as_str(), "next" | "query");
                self.skip_statement();
                if leaves {
                    acc.push(Node::Leave { how: Leave::Return, condition: None });
                }
            }
            "exit" | "continue" => {
                let how = if word == "exit" { Leave::Exit } else { Leave::Continue };
                let all = self.until(|_, _| false);
                let when = all.clone().find(|at| self.word_at(*at) == "when");
                let condition = when.map(|at| self.range_of(at + 1..all.end));
                self.at = all.end + 1;
                acc.push(Node::Leave { how, condition });
            }
            "raise" => {
                let level = self.word(1);
                let told = matches!(level.as_str(), "debug" | "log" | "info" | "notice" | "warning");
                self.skip_statement();
                if !told {
                    acc.push(Node::Leave { how: Leave::Abort, condition: None });
                }
            }
            "null" if self.kind(1) == Some(TokenKind::Semicolon) => self.at += 2,
            _ => match self.kind(0) {
                // `<<label>>`.
                Some(TokenKind::Operator) => self.at += 3,
                Some(TokenKind::Semicolon) => self.at += 1,
                _ => acc.push(self.assignment_or_sql()),
            },
        }
    }

    /// `DECLARE name [CONSTANT] type [… := value]; …`, up to BEGIN.
    fn declarations(&mut self, acc: &mut Vec<Node>) {
        self.at += 1;
        while self.at < self.tokens.len() && self.word(0) != "begin" {
            let target = self.ident(0);
            let all = self.until(|_, _| false);
            let gives = all.clone().skip(1).find(|at| self.gives(*at) || self.word_at(*at) == "default");
            let value = gives.map(|at| self.range_of(at + 1..all.end));
            self.at = all.end + 1;
            if self.kind(0) != Some(TokenKind::Semicolon) {
                acc.push(Node::Assign { target, value, declares: true });
            }
        }
    }

    /// `:=` or `=`.
    fn gives(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        token.kind == TokenKind::ColonEquals
            || (token.kind == TokenKind::Operator && token.text(self.body) == "=")
    }

    fn block(&mut self) -> Node {
        self.at += 1;
        let body = self.statements(&["exception"]);
        let mut handlers = Vec::new();
        if self.word(0) == "exception" {
            self.at += 1;
            while self.word(0) == "when" {
                let first = self.at + 1;
                self.condition("then");
                let tokens = self.tokens.get(first..self.at.saturating_sub(1)).unwrap_or_default();
                let conditions = tokens.iter().filter_map(|it| match it.kind {
                    TokenKind::Word => Some(it.text(self.body).to_ascii_lowercase()),
                    TokenKind::String { .. } => Some(it.text(self.body).trim_matches('\'').to_owned()),
                    _ => None,
                });
                let conditions = conditions.filter(|it| it != "or" && it != "sqlstate").collect();
                let body = self.statements(&["when"]);
                handlers.push(Handler { conditions, body });
            }
        }
        self.skip_statement();
        Node::Block { body, handlers }
    }

    fn branches(&mut self) -> Node {
        let mut arms = Vec::new();
        loop {
            let when = match self.word(0).as_str() {
                "if" | "elsif" | "elseif" => When::Is(self.condition("then")),
                "else" => {
                    self.at += 1;
                    When::Else
                }
                _ => break,
            };
            let body = self.statements(&["elsif", "elseif", "else"]);
            arms.push(Arm { when, body });
        }
        self.skip_statement();
        Node::Branch(arms)
    }

    /// Without ELSE, what no WHEN takes is an error (manual §41.6.4).
    fn cases(&mut self) -> Node {
        let operand = self.word(1) != "when";
        self.at += 1;
        while self.at < self.tokens.len() && self.word(0) != "when" {
            self.at += 1;
        }
        let mut arms = Vec::new();
        loop {
            let when = match self.word(0).as_str() {
                "when" => {
                    let condition = self.condition("then");
                    if operand { When::Value } else { When::Is(condition) }
                }
                "else" => {
                    self.at += 1;
                    When::Else
                }
                _ => break,
            };
            let body = self.statements(&["when", "else"]);
            arms.push(Arm { when, body });
        }
        if !arms.iter().any(|it| it.when == When::Else) {
            let body = vec![Node::Leave { how: Leave::Abort, condition: None }];
            arms.push(Arm { when: When::Else, body });
        }
        self.skip_statement();
        Node::Branch(arms)
    }

    fn looped(&mut self, head: Head) -> Node {
        let body = self.statements(&[]);
        self.skip_statement();
        Node::Loop { head, body }
    }

    /// `FOR a, b IN query LOOP`.
    fn for_head(&mut self) -> Head {
        let mut targets = Vec::new();
        self.at += 1;
        while self.at < self.tokens.len() && !matches!(self.word(0).as_str(), "in" | "loop") {
            if matches!(self.kind(0), Some(TokenKind::Word | TokenKind::QuotedIdent { .. })) {
                targets.push(self.ident(0));
            }
            self.at += 1;
        }
        let over = self.condition("loop");
        Head::For { targets, over }
    }

    /// `EXECUTE text [INTO [STRICT] targets] [USING …];`
    fn execute(&mut self) -> Node {
        self.at += 1;
        let all = self.until(|_, _| false);
        let text = self.until(|it, at| matches!(it.word_at(at).as_str(), "into" | "using"));
        let into = match self.word_at(text.end).as_str() {
            "into" => self.targets(text.end + 1..all.end),
            // `USING … INTO …`.
            _ => {
                let found = (text.end..all.end).find(|at| self.word_at(*at) == "into");
                found.map(|at| self.targets(at + 1..all.end)).unwrap_or_default()
            }
        };
        self.at = all.end + 1;
        Node::Execute { text: self.range_of(text), into }
    }

    /// The variables behind INTO.
    fn targets(&self, tokens: std::ops::Range<usize>) -> Vec<Ident> {
        let all = tokens.take_while(|at| !matches!(self.word_at(*at).as_str(), "using" | "from"));
        let words = all.filter_map(|at| self.tokens.get(at));
        let words = words.filter(|it| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent { .. }));
        words.map(|it| Ident::from_source(it.text(self.body))).collect()
    }

    fn assignment_or_sql(&mut self) -> Node {
        let target = self.ident(0);
        let named = matches!(self.kind(0), Some(TokenKind::Word | TokenKind::QuotedIdent { .. }));
        let all = self.until(|_, _| false);
        if named && self.gives(self.at + 1) {
            let value = Some(self.range_of(self.at + 2..all.end));
            self.at = all.end + 1;
            return Node::Assign { target, value, declares: false };
        }
        let part = matches!(self.kind(1), Some(TokenKind::Dot | TokenKind::OpenBracket));
        if named && part {
            self.at = all.end + 1;
            return Node::Assign { target, value: None, declares: false };
        }
        let range = self.range_of(all.clone());
        self.at = all.end + 1;
        Node::Sql(range)
    }

    fn ident(&self, n: usize) -> Ident {
        let text = self.tokens.get(self.at + n).map_or("", |it| it.text(self.body));
        Ident::from_source(text)
    }

    /// From behind the word under the cursor up to `end`, which the cursor is put behind; brackets and CASE
    /// expressions on the way skipped.
    fn condition(&mut self, end: &str) -> TextRange {
        let first = self.at + usize::from(self.word(0) != end);
        self.at = first;
        let all = self.until(|it, at| it.word_at(at) == end);
        self.at = all.end + 1;
        self.range_of(first..all.end)
    }

    /// The tokens from the cursor up to one that `is_end`, or the `;`.
    fn until(&self, is_end: impl Fn(&Self, usize) -> bool) -> std::ops::Range<usize> {
        let mut depth = 0usize;
        let mut at = self.at;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                TokenKind::Semicolon => break,
                _ if depth == 0 && is_end(self, at) => break,
                TokenKind::OpenParen | TokenKind::OpenBracket => depth += 1,
                TokenKind::CloseParen | TokenKind::CloseBracket => depth = depth.saturating_sub(1),
                TokenKind::Word if token.is_word(self.body, "case") => depth += 1,
                TokenKind::Word if token.is_word(self.body, "end") => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        self.at..at
    }

    /// Behind the next `;`.
    fn skip_statement(&mut self) {
        self.at = self.until(|_, _| false).end + 1;
    }

    fn range_of(&self, tokens: std::ops::Range<usize>) -> TextRange {
        let all = self.tokens.get(tokens).unwrap_or_default();
        let (Some(first), Some(last)) = (all.first(), all.last()) else { return TextRange::default() };
        range(first.range.start().into(), last.range.end().into())
    }
}
