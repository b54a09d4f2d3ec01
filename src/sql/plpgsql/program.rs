//! The variables of a PL/pgSQL block, and the SQL inside of it (manual chapter 41): every statement and expression that
//! `pl_gram.y` hands to the SQL parser, with where it stands and what can be named there.
//!
//! Tolerant: what is not understood is left out. Nothing here decides what PostgreSQL would refuse.

use crate::base::text::{TextRange, TextSize, range};
use crate::sql::Ident;
use crate::sql::token::{Token, TokenKind, significant};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    pub scopes: Vec<Scope>,
    /// In text order.
    pub pieces: Vec<Piece>,
    /// Every block was closed, and nothing stood where it could not be read.
    pub whole: bool,
    /// SQL that is put together at run time is executed, or objects are made: names may appear on the way.
    pub makes: bool,
    /// `#variable_conflict use_variable | use_column` was written.
    pub resolves_conflicts: bool,
}

/// What one block, loop or cursor declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub parent: Option<usize>,
    pub label: Option<Ident>,
    pub variables: Vec<Declared>,
    /// The block has exception handlers: SQLSTATE and SQLERRM may be named.
    pub handles: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub name: Ident,
    /// Of the name, in the body.
    pub range: TextRange,
    pub ty: DeclaredType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclaredType {
    /// As written there: `numeric(10,2)`, `users.id%TYPE`, `users%ROWTYPE`, `record`.
    Written(TextRange),
    /// `ALIAS FOR` what stands there.
    Alias(TextRange),
    /// The variable of `FOR i IN 1..n`.
    Integer,
    Cursor,
    /// The variable of a loop over rows that nothing else declares, and the like.
    Unknown,
}

/// SQL that PL/pgSQL runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// In the body.
    pub range: TextRange,
    pub kind: PieceKind,
    /// Index of the innermost scope.
    pub scope: usize,
    /// Bytes that PL/pgSQL takes out before it runs the rest: `INTO STRICT a, b`.
    pub blank: Vec<TextRange>,
    /// It may be passed by: in a branch, in a loop, behind a RETURN.
    pub conditional: bool,
    /// A handler catches what it raises.
    pub guarded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A statement as it stands.
    Statement,
    /// `PERFORM …`: SELECT is run in its place.
    Perform,
    /// An expression, or several with commas between: `SELECT …` is run.
    Expression,
    /// The type of a variable; looked up when the function is made.
    Type,
}

/// Words that begin a statement of SQL which parse analysis looks into.
const QUERIES: [&str; 9] =
    ["call", "insert", "update", "delete", "select", "with", "merge", "values", "table"];

/// Reads a body.
pub fn program(body: &str) -> Program {
    let tokens = significant(body);
    let mut reader =
        Reader { body, tokens, at: 0, open: Vec::new(), label: None, left: false, res: Program::default() };
    reader.res.scopes.push(Scope::default());
    reader.res.whole = true;
    reader.run();
    reader.res.pieces.sort_by_key(|it| it.range.start());
    reader.res
}

enum Open {
    Block { scope: usize, first: usize, handling: bool },
    If,
    Case,
    Loop { scope: usize },
}

struct Reader<'a> {
    body: &'a str,
    tokens: Vec<Token>,
    at: usize,
    open: Vec<Open>,
    label: Option<Ident>,
    /// A RETURN, EXIT or RAISE stood before: what follows may not be reached.
    left: bool,
    res: Program,
}

impl Reader<'_> {
    fn run(&mut self) {
        self.directives();
        while self.at < self.tokens.len() {
            let before = self.at;
            self.statement();
            if self.at == before {
                self.at += 1;
                self.res.whole = false;
            }
        }
        self.res.whole &= self.open.is_empty() && self.n_blocks_read();
    }

    /// A body without a block is none.
    fn n_blocks_read(&self) -> bool {
        self.tokens.iter().any(|it| it.is_word(self.body, "begin"))
    }

    /// `#variable_conflict use_column` and its like, each on a line.
    fn directives(&mut self) {
        while let Some(token) = self.tokens.get(self.at)
            && token.kind == TokenKind::Operator
            && token.text(self.body) == "#"
        {
            self.res.resolves_conflicts |= self.word(1) == "variable_conflict" && self.word(2) != "error";
            self.at += 3;
        }
    }

    // ---------------------------------------------------------------- tokens

    fn word(&self, n: usize) -> String {
        match self.tokens.get(self.at + n) {
            Some(it) if it.kind == TokenKind::Word => it.text(self.body).to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    fn kind(&self, n: usize) -> Option<TokenKind> {
        self.tokens.get(self.at + n).map(|it| it.kind)
    }

    fn is_op(&self, n: usize, op: &str) -> bool {
        self.tokens
            .get(self.at + n)
            .is_some_and(|it| it.kind == TokenKind::Operator && it.text(self.body) == op)
    }

    fn is_assign(&self, n: usize) -> bool {
        self.kind(n) == Some(TokenKind::ColonEquals) || self.is_op(n, "=")
    }

    fn ident(&self, n: usize) -> Option<(Ident, TextRange)> {
        let token = self.tokens.get(self.at + n)?;
        let name = match token.kind {
            TokenKind::Word | TokenKind::QuotedIdent { .. } => Ident::from_source(token.text(self.body)),
            _ => return None,
        };
        Some((name, token.range))
    }

    /// The bytes of the tokens from `from` up to, not including, `to`.
    fn bytes(&self, from: usize, to: usize) -> Option<TextRange> {
        let first = self.tokens.get(from)?;
        let last = self.tokens.get(to.checked_sub(1)?)?;
        (from < to).then(|| first.range.cover(last.range))
    }

    /// The first token from the cursor on, outside of brackets, for which `is` holds; the end of the statement where
    /// there is none.
    fn find(&self, is: impl Fn(&Token) -> bool) -> (usize, bool) {
        let mut depth = 0usize;
        let mut at = self.at;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                TokenKind::Semicolon => return (at, false),
                _ if depth == 0 && is(token) => return (at, true),
                TokenKind::OpenParen | TokenKind::OpenBracket => depth += 1,
                TokenKind::CloseParen | TokenKind::CloseBracket => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        (at, false)
    }

    fn find_word(&self, words: &[&str]) -> (usize, bool) {
        self.find(|it| words.iter().any(|word| it.is_word(self.body, word)))
    }

    fn end_of_statement(&self) -> usize {
        self.find(|_| false).0
    }

    /// Behind the `;` that ends the statement.
    fn skip_statement(&mut self) {
        let end = self.end_of_statement();
        self.res.whole &= end < self.tokens.len();
        self.at = end + 1;
    }

    // ---------------------------------------------------------------- scopes

    fn scope(&self) -> usize {
        let found = self.open.iter().rev().find_map(|it| match it {
            Open::Block { scope, .. } | Open::Loop { scope } => Some(*scope),
            _ => None,
        });
        found.unwrap_or(0)
    }

    fn new_scope(&mut self) -> usize {
        let parent = Some(self.scope());
        let label = self.label.take();
        self.res.scopes.push(Scope { parent, label, ..Scope::default() });
        self.res.scopes.len() - 1
    }

    fn declare(&mut self, scope: usize, name: Ident, range: TextRange, ty: DeclaredType) {
        if let Some(scope) = self.res.scopes.get_mut(scope) {
            scope.variables.push(Declared { name, range, ty });
        }
    }

    // ---------------------------------------------------------------- pieces

    fn piece(&mut self, kind: PieceKind, from: usize, to: usize) {
        let scope = self.scope();
        self.piece_in(scope, kind, from, to);
    }

    fn piece_in(&mut self, scope: usize, kind: PieceKind, from: usize, to: usize) {
        let Some(range) = self.bytes(from, to) else { return };
        let conditional = self.open.iter().any(|it| !matches!(it, Open::Block { .. }))
            || self.open.iter().any(|it| matches!(it, Open::Block { handling: true, .. }))
            || self.left;
        let blank = match kind {
            PieceKind::Statement => self.into_targets(from, to),
            _ => Vec::new(),
        };
        self.res.pieces.push(Piece { range, kind, scope, blank, conditional, guarded: false });
    }

    /// The expression from the cursor up to one of `words`, and the cursor behind that word.
    fn expression_until(&mut self, words: &[&str]) {
        let (end, found) = self.find_word(words);
        self.res.whole &= found;
        self.piece(PieceKind::Expression, self.at, end);
        self.at = end + 1;
    }

    /// The expression from the cursor up to the `;`, and the cursor behind it.
    fn expression(&mut self) {
        let end = self.end_of_statement();
        self.piece(PieceKind::Expression, self.at, end);
        self.at = end + 1;
    }

    /// `INTO [STRICT] target, …` within a statement (`make_execsql_stmt`): not that of INSERT and MERGE.
    fn into_targets(&self, from: usize, to: usize) -> Vec<TextRange> {
        let word = |at: usize, word: &str| self.tokens.get(at).is_some_and(|it| it.is_word(self.body, word));
        for at in from..to {
            let before = at.checked_sub(1).filter(|it| *it >= from);
            let is_target = before.is_none_or(|it| !word(it, "insert") && !word(it, "merge"));
            if !word(at, "into") || !is_target {
                continue;
            }
            let mut end = at + 1;
            if word(end, "strict") {
                end += 1;
            }
            loop {
                end += 1;
                while matches!(self.tokens.get(end).map(|it| it.kind), Some(TokenKind::Dot)) {
                    end += 2;
                }
                if end < to && matches!(self.tokens.get(end).map(|it| it.kind), Some(TokenKind::Comma)) {
                    end += 1;
                } else {
                    break;
                }
            }
            return self.bytes(at, end.min(to)).into_iter().collect();
        }
        Vec::new()
    }

    // ------------------------------------------------------------ statements

    fn statement(&mut self) {
        let word = self.word(0);
        let is_target = match self.kind(1) {
            Some(TokenKind::ColonEquals) => true,
            _ => self.is_op(1, "=") && !matches!(word.as_str(), "if" | "while" | "case" | "return" | "when"),
        };
        if is_target {
            return self.assignment();
        }
        match word.as_str() {
            "declare" => self.declarations(),
            "begin" => {
                let scope = self.new_scope();
                self.at += 1;
                self.open.push(Open::Block { scope, first: self.res.pieces.len(), handling: false });
            }
            "exception" => self.handlers(),
            "when" => self.when(),
            "if" => {
                self.at += 1;
                self.open.push(Open::If);
                self.expression_until(&["then"]);
            }
            "elsif" | "elseif" => {
                self.at += 1;
                self.expression_until(&["then"]);
            }
            "else" => self.at += 1,
            "case" => {
                self.at += 1;
                self.open.push(Open::Case);
                if self.word(0) != "when" {
                    let (end, _) = self.find_word(&["when"]);
                    self.piece(PieceKind::Expression, self.at, end);
                    self.at = end;
                }
            }
            "loop" => {
                let scope = self.new_scope();
                self.at += 1;
                self.open.push(Open::Loop { scope });
            }
            "while" => {
                let scope = self.new_scope();
                self.at += 1;
                self.open.push(Open::Loop { scope });
                self.expression_until(&["loop"]);
            }
            "for" => self.for_loop(),
            "foreach" => self.foreach(),
            "end" => self.end(),
            "exit" | "continue" => {
                let (at, found) = self.find_word(&["when"]);
                self.at = at + usize::from(found);
                self.expression();
                self.left = true;
            }
            "return" => self.return_(),
            "raise" => self.raise(),
            "assert" => {
                self.at += 1;
                self.expression();
            }
            "perform" => {
                let end = self.end_of_statement();
                self.piece(PieceKind::Perform, self.at, end);
                self.skip_statement();
            }
            "execute" => {
                self.res.makes = true;
                self.skip_statement();
            }
            "open" => self.open_cursor(),
            "create" | "alter" | "drop" | "import" | "discard" => {
                self.res.makes = true;
                self.skip_statement();
            }
            "null" | "do" | "fetch" | "move" | "close" | "get" | "commit" | "rollback" | "truncate"
            | "grant" | "revoke" | "set" | "reset" | "lock" | "notify" | "listen" | "unlisten"
            | "refresh" | "reindex" | "analyze" | "vacuum" | "cluster" | "comment" | "copy" | "explain"
            | "prepare" | "deallocate" | "security" | "show" | "start" | "savepoint" | "release" => {
                self.skip_statement()
            }
            _ if QUERIES.contains(&word.as_str()) || self.kind(0) == Some(TokenKind::OpenParen) => {
                let end = self.end_of_statement();
                self.piece(PieceKind::Statement, self.at, end);
                self.skip_statement();
            }
            _ if self.is_op(0, "<<") => {
                self.label = self.ident(1).map(|it| it.0);
                self.at += 3;
            }
            _ if self.kind(0) == Some(TokenKind::Semicolon) => self.at += 1,
            _ => self.assignment(),
        }
    }

    /// `target := expression;`, the target with fields and subscripts.
    fn assignment(&mut self) {
        let (at, found) = self.find(|it| {
            it.kind == TokenKind::ColonEquals || (it.kind == TokenKind::Operator && it.text(self.body) == "=")
        });
        if !found {
            self.res.whole = false;
            return self.skip_statement();
        }
        self.at = at + 1;
        self.expression();
    }

    fn declarations(&mut self) {
        // The block that follows owns them.
        let scope = self.new_scope();
        let first = self.res.pieces.len();
        self.open.push(Open::Block { scope, first, handling: false });
        self.at += 1;
        while self.at < self.tokens.len() && self.word(0) != "begin" {
            if self.word(0) == "declare" {
                self.at += 1;
                continue;
            }
            self.declaration(scope);
        }
        self.res.whole &= self.word(0) == "begin";
        self.at += 1;
    }

    fn declaration(&mut self, scope: usize) {
        let Some((name, at)) = self.ident(0) else {
            if !self.is_op(0, "<<") && self.kind(0) != Some(TokenKind::Semicolon) {
                self.res.whole = false;
            }
            return self.skip_statement();
        };
        self.at += 1;
        if self.word(0) == "alias" && self.word(1) == "for" {
            let what = self.bytes(self.at + 2, self.end_of_statement());
            self.declare(scope, name, at, what.map_or(DeclaredType::Unknown, DeclaredType::Alias));
            return self.skip_statement();
        }
        let is_cursor = match self.word(0).as_str() {
            "cursor" => {
                matches!(self.word(1).as_str(), "for" | "is") || self.kind(1) == Some(TokenKind::OpenParen)
            }
            "scroll" => self.word(1) == "cursor",
            "no" => self.word(1) == "scroll",
            _ => false,
        };
        if is_cursor {
            self.declare(scope, name, at, DeclaredType::Cursor);
            return self.cursor(scope);
        }
        if self.word(0) == "constant" {
            self.at += 1;
        }
        let from = self.at;
        let (end, found) = self.find(|it| {
            let word = |word| it.is_word(self.body, word);
            word("default")
                || word("collate")
                || word("not")
                || it.kind == TokenKind::ColonEquals
                || (it.kind == TokenKind::Operator && it.text(self.body) == "=")
        });
        let ty = self.bytes(from, end).map_or(DeclaredType::Unknown, DeclaredType::Written);
        self.declare(scope, name, at, ty);
        self.declared_type(from, end);
        self.at = end;
        if !found {
            return self.skip_statement();
        }
        let (value, found) = self.find(|it| {
            it.is_word(self.body, "default")
                || it.kind == TokenKind::ColonEquals
                || (it.kind == TokenKind::Operator && it.text(self.body) == "=")
        });
        if !found {
            return self.skip_statement();
        }
        self.at = value + 1;
        self.expression();
    }

    /// Types that are not copied from something else.
    fn declared_type(&mut self, from: usize, to: usize) {
        let Some(range) = self.bytes(from, to) else { return };
        let Some(text) = self.body.get(usize::from(range.start())..usize::from(range.end())) else { return };
        let copies = text.contains(['%', '\n']) || text.eq_ignore_ascii_case("record") || text.contains("--");
        if !copies {
            self.piece(PieceKind::Type, from, to);
        }
    }

    /// `c [NO] [SCROLL] CURSOR [(a type, …)] FOR | IS query;`
    fn cursor(&mut self, scope: usize) {
        let (at, found) = self.find_word(&["for", "is"]);
        let inner = self.res.scopes.len();
        self.res.scopes.push(Scope { parent: Some(scope), ..Scope::default() });
        // Names of its arguments: every word behind `(` or `,`.
        let mut names = Vec::new();
        for idx in self.at..at {
            let after = self.tokens.get(idx).map(|it| it.kind);
            if matches!(after, Some(TokenKind::OpenParen | TokenKind::Comma)) {
                let shift = idx + 1 - self.at;
                names.extend(self.ident(shift));
            }
        }
        for (name, range) in names {
            self.declare(inner, name, range, DeclaredType::Unknown);
        }
        self.at = at + usize::from(found);
        let end = self.end_of_statement();
        if found && QUERIES.contains(&self.word(0).as_str()) {
            self.piece_in(inner, PieceKind::Statement, self.at, end);
        }
        self.skip_statement();
    }

    fn handlers(&mut self) {
        self.at += 1;
        let Some(Open::Block { scope, first, handling }) =
            self.open.iter_mut().rev().find(|it| matches!(it, Open::Block { .. }))
        else {
            self.res.whole = false;
            return;
        };
        *handling = true;
        let (scope, first) = (*scope, *first);
        if let Some(scope) = self.res.scopes.get_mut(scope) {
            scope.handles = true;
        }
        for piece in self.res.pieces.iter_mut().skip(first) {
            piece.guarded = true;
        }
    }

    fn when(&mut self) {
        self.at += 1;
        match self.open.last() {
            Some(Open::Case) => self.expression_until(&["then"]),
            _ => {
                let (end, found) = self.find_word(&["then"]);
                self.res.whole &= found;
                self.at = end + 1;
            }
        }
    }

    fn for_loop(&mut self) {
        self.at += 1;
        let names = self.at;
        let scope = self.new_scope();
        let (at, found) = self.find_word(&["in"]);
        let variable = self.ident(0).filter(|_| at == names + 1);
        self.at = at + usize::from(found);
        if self.word(0) == "reverse" {
            self.at += 1;
        }
        let (end, closed) = self.find_word(&["loop"]);
        self.res.whole &= found && closed;
        let (dots, is_range) = self.find(|it| it.kind == TokenKind::DotDot || it.is_word(self.body, "loop"));
        let is_range = is_range && self.tokens.get(dots).is_some_and(|it| it.kind == TokenKind::DotDot);
        if is_range {
            self.piece(PieceKind::Expression, self.at, dots);
            self.at = dots + 1;
            let (by, stepped) = self.find_word(&["by", "loop"]);
            let stepped = stepped && by < end;
            self.piece(PieceKind::Expression, self.at, by.min(end));
            if stepped {
                self.piece(PieceKind::Expression, by + 1, end);
            }
        } else if self.word(0) == "execute" {
            self.res.makes = true;
        } else if QUERIES.contains(&self.word(0).as_str()) || self.kind(0) == Some(TokenKind::OpenParen) {
            self.piece(PieceKind::Statement, self.at, end);
        }
        if let Some((name, range)) = variable {
            let ty = if is_range { DeclaredType::Integer } else { DeclaredType::Unknown };
            // A loop over rows uses the variable that is declared, unless it goes over a cursor.
            if is_range || !self.is_declared(&name) {
                self.declare(scope, name, range, ty);
            }
        }
        self.open.push(Open::Loop { scope });
        self.at = end + 1;
    }

    fn is_declared(&self, name: &Ident) -> bool {
        let mut scope = Some(self.scope());
        while let Some(it) = scope.and_then(|it| self.res.scopes.get(it)) {
            if it.variables.iter().any(|it| it.name == *name) {
                return true;
            }
            scope = it.parent;
        }
        false
    }

    fn foreach(&mut self) {
        let scope = self.new_scope();
        let (at, found) = self.find_word(&["in"]);
        self.at = at + usize::from(found);
        if self.word(0) == "array" {
            self.at += 1;
        }
        self.open.push(Open::Loop { scope });
        self.expression_until(&["loop"]);
    }

    fn end(&mut self) {
        match (self.open.pop(), self.word(1).as_str()) {
            (Some(Open::If), "if") | (Some(Open::Case), "case") | (Some(Open::Loop { .. }), "loop") => {}
            (Some(Open::Block { .. }), word) if !matches!(word, "if" | "case" | "loop") => {}
            _ => self.res.whole = false,
        }
        let end = self.end_of_statement();
        self.at = end + 1;
    }

    fn return_(&mut self) {
        self.at += 1;
        let set = matches!(self.word(0).as_str(), "query" | "next");
        match (self.word(0).as_str(), self.word(1).as_str()) {
            ("query", "execute") => {
                self.res.makes = true;
                self.skip_statement();
            }
            ("query", _) => {
                let end = self.end_of_statement();
                self.piece(PieceKind::Statement, self.at + 1, end);
                self.skip_statement();
            }
            ("next", _) => {
                self.at += 1;
                self.expression();
            }
            _ => self.expression(),
        }
        self.left |= !set;
    }

    /// `RAISE [level] ['format' [, expression, …]] [USING option = expression, …];`
    fn raise(&mut self) {
        self.at += 1;
        if matches!(self.word(0).as_str(), "debug" | "log" | "info" | "notice" | "warning" | "exception") {
            self.at += 1;
        }
        let end = self.end_of_statement();
        let (using, has_options) = self.find_word(&["using"]);
        if matches!(self.kind(0), Some(TokenKind::String { .. })) && self.kind(1) == Some(TokenKind::Comma) {
            self.piece(PieceKind::Expression, self.at + 2, using.min(end));
        }
        if has_options {
            self.at = using + 1;
            while self.at < end {
                let (comma, _) = self.find(|it| it.kind == TokenKind::Comma);
                if self.is_assign(1) {
                    self.piece(PieceKind::Expression, self.at + 2, comma.min(end));
                }
                self.at = comma + 1;
            }
        }
        self.left = true;
        self.at = end + 1;
    }

    fn open_cursor(&mut self) {
        let (at, found) = self.find_word(&["for"]);
        if found {
            self.at = at + 1;
            match self.word(0).as_str() {
                "execute" => self.res.makes = true,
                word if QUERIES.contains(&word) => {
                    let end = self.end_of_statement();
                    self.piece(PieceKind::Statement, self.at, end);
                }
                _ => {}
            }
        }
        self.skip_statement();
    }
}

/// The text of a piece as SQL, with the number of bytes put before it. What is taken out becomes spaces, so that all
/// else keeps its place.
pub fn sql_of(body: &str, piece: &Piece) -> Option<(String, TextSize)> {
    let source = body.get(usize::from(piece.range.start())..usize::from(piece.range.end()))?;
    match piece.kind {
        PieceKind::Expression => Some((format!("SELECT {source}"), TextSize::of("SELECT "))),
        PieceKind::Type => Some((format!("SELECT NULL::{source}"), TextSize::of("SELECT NULL::"))),
        PieceKind::Perform => {
            let rest = source.get("perform".len()..)?;
            Some((format!("SELECT {rest}"), TextSize::default()))
        }
        PieceKind::Statement => {
            let mut bytes = source.as_bytes().to_vec();
            for blank in &piece.blank {
                let at = *blank - piece.range.start();
                let at = range(at.start().into(), usize::from(at.end()).min(bytes.len()));
                // Lines stay lines, for comments end with them.
                let part = bytes.get_mut(usize::from(at.start())..usize::from(at.end()))?;
                part.iter_mut().filter(|it| **it != b'\n').for_each(|it| *it = b' ');
            }
            Some((String::from_utf8(bytes).ok()?, TextSize::default()))
        }
    }
}
