//! The words of a statement that an older grammar does not know: which stops it first. The statement is one that the
//! grammar of PostgreSQL 18 takes, so that a few words around tell what each is.

use super::{FUNCTIONS, SyntaxError};
use crate::base::text::TextRange;
use crate::sql::token::{Number, Token, TokenKind, significant};

/// The first token at which the grammar of `version` stops in a statement that 18 reads, or reads that far.
pub(super) fn stop(text: &str, version: u32) -> Option<SyntaxError> {
    let tokens = significant(text);
    let mut words = Words::new(version, text, &tokens);
    words.look();
    let (range, message, since) = words.found.into_iter().min_by_key(|it| it.0.start())?;
    Some(SyntaxError { range, message, certain: true, sqlstate: "42601", since: Some(since) })
}

/// The tokens of a statement, and what an older server of `version` would not read in them.
pub(super) struct Words<'a> {
    pub version: u32,
    pub text: &'a str,
    pub tokens: &'a [Token],
    /// Depth of parentheses at each token.
    depths: Vec<u32>,
    pub found: Vec<(TextRange, String, u32)>,
}

/// Words that begin a clause inside the parentheses of these functions, wherever they stand behind a value.
const CLAUSES: [&str; 9] =
    ["returning", "passing", "default", "columns", "as", "format", "value", "keep", "omit"];
/// Those that begin one only before `on`, or before what they make.
const BEHAVIOURS: [&str; 7] = ["null", "error", "empty", "absent", "true", "false", "unknown"];
/// Ways to store a column's values.
const STORAGE: [&str; 5] = ["plain", "external", "extended", "main", "default"];

impl<'a> Words<'a> {
    pub fn new(version: u32, text: &'a str, tokens: &'a [Token]) -> Words<'a> {
        let mut depth = 0u32;
        let depths = tokens
            .iter()
            .map(|it| match it.kind {
                TokenKind::OpenParen => {
                    depth += 1;
                    depth - 1
                }
                TokenKind::CloseParen => {
                    depth = depth.saturating_sub(1);
                    depth
                }
                _ => depth,
            })
            .collect();
        Words { version, text, tokens, depths, found: Vec::new() }
    }

    pub fn range_of(&self, at: usize) -> Option<TextRange> {
        self.tokens.get(at).map(|it| it.range)
    }

    pub fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|it| it.is_word(self.text, word))
    }

    pub fn are(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(n, word)| self.is(at + n, word))
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    pub fn is_kind(&self, at: usize, kind: TokenKind) -> bool {
        self.tokens.get(at).is_some_and(|it| it.kind == kind)
    }

    /// Whether the token before `at` is of that kind.
    fn follows(&self, at: usize, kind: TokenKind) -> bool {
        at.checked_sub(1).is_some_and(|at| self.is_kind(at, kind))
    }

    fn follows_word(&self, at: usize, words: &[&str]) -> bool {
        at.checked_sub(1).is_some_and(|at| self.is_any(at, words))
    }

    fn is_name(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|it| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent { .. }))
    }

    fn depth(&self, at: usize) -> u32 {
        self.depths.get(at).copied().unwrap_or(0)
    }

    /// The `)` that closes the `(` at `open`.
    pub fn closing(&self, open: usize) -> Option<usize> {
        let depth = self.depth(open);
        (open + 1..self.tokens.len())
            .find(|at| self.is_kind(*at, TokenKind::CloseParen) && self.depth(*at) == depth)
    }

    /// The grammar before `since` stops at a token; behind the last at the end.
    pub fn stop(&mut self, since: u32, at: usize) {
        if self.version >= since {
            return;
        }
        match self.range_of(at) {
            Some(range) => {
                let word = crate::base::text::slice(self.text, range);
                self.found.push((range, format!("syntax error at or near \"{word}\""), since));
            }
            None => {
                let end = self.tokens.last().map_or(0.into(), |it| it.range.end());
                self.found.push((TextRange::empty(end), String::from("syntax error at end of input"), since));
            }
        }
    }

    pub fn look(&mut self) {
        self.numbers();
        let defines = self.is_any(0, &["create", "alter"]);
        for at in 0..self.tokens.len() {
            if self.tokens.get(at).is_none_or(|it| it.kind != TokenKind::Word) {
                continue;
            }
            self.anywhere(at);
            if defines {
                self.definition(at);
            }
        }
        self.statement();
    }

    /// What may stand in any statement.
    fn anywhere(&mut self, at: usize) {
        if self.is(at, "merge") && self.is(at + 1, "into") && self.begins_statement(at) {
            self.stop(15, at);
        }
        if self.are(at, &["at", "local"]) {
            self.stop(17, at + 1);
        }
        if self.are(at, &["not", "matched", "by"]) {
            self.stop(17, at + 2);
        }
        if self.are(at, &["returning", "with"]) && self.is_kind(at + 2, TokenKind::OpenParen) {
            self.stop(18, at + 1);
        }
        if self.is(at, "is") {
            let json = if self.is(at + 1, "not") { at + 2 } else { at + 1 };
            if self.is(json, "json") {
                self.stop(16, json);
            }
        }
        if self.is_kind(at + 1, TokenKind::OpenParen) && !self.follows(at, TokenKind::Dot) {
            self.function(at);
        }
    }

    /// MERGE as the first word of a statement: of the whole, of a CTE, of what is explained or copied.
    fn begins_statement(&self, at: usize) -> bool {
        at == 0
            || self.follows(at, TokenKind::OpenParen)
            || self.follows(at, TokenKind::CloseParen)
            || self.follows_word(at, &["explain", "analyze", "verbose", "as"])
    }

    /// SQL/JSON: to an older server a call like any other, until something stands in it that no call has.
    fn function(&mut self, at: usize) {
        let Some((name, since)) = FUNCTIONS.iter().find(|it| self.is(at, it.0)).copied() else { return };
        if self.version >= since {
            return;
        }
        if name == "merge_action" {
            return;
        }
        if let Some(stop) = self.foreign(at + 1) {
            self.stop(since, stop);
        }
    }

    /// The first token between the parentheses at `open` that no call has.
    pub fn foreign(&self, open: usize) -> Option<usize> {
        let close = self.closing(open).unwrap_or(self.tokens.len());
        let depth = self.depth(open) + 1;
        let first = open + 1;
        if self.is_any(first, &["select", "values", "with", "table", "returning"]) {
            return Some(first);
        }
        (first + 1..close).find(|&at| {
            let starts_value = self.follows(at, TokenKind::OpenParen)
                || self.follows(at, TokenKind::Comma)
                || self.follows(at, TokenKind::Dot);
            if self.depth(at) != depth || starts_value {
                return false;
            }
            let makes =
                self.is(at + 1, "on") || self.is(at, "empty") && self.is_any(at + 1, &["array", "object"]);
            self.is_kind(at, TokenKind::Colon)
                || self.is_any(at, &CLAUSES)
                || self.is_any(at, &BEHAVIOURS) && makes
                || self.is_any(at, &["with", "without"]) && !self.is(at + 1, "time")
        })
    }

    /// `0x1F`, `1_000`: junk behind a number to 15, another column's name to 14.
    fn numbers(&mut self) {
        if self.version >= 16 {
            return;
        }
        for (at, token) in self.tokens.iter().enumerate() {
            let TokenKind::Number(Number::Integer | Number::Decimal) = token.kind else { continue };
            let text = token.text(self.text);
            let radix = text.starts_with('0')
                && text
                    .as_bytes()
                    .get(1)
                    .is_some_and(|it| it.is_ascii_alphabetic() && !it.eq_ignore_ascii_case(&b'e'));
            if !radix && !text.contains('_') {
                continue;
            }
            if self.version < 15 {
                // `1_000` is `1 AS _000` there, where a name may follow.
                let listed = self.is_label_place(at);
                if !listed && let Some(word) = text.find(|it: char| it == '_' || it.is_ascii_alphabetic()) {
                    let range = TextRange::new(
                        token.range.start() + text_size::TextSize::of(text.get(..word).unwrap_or_default()),
                        token.range.end(),
                    );
                    let word = crate::base::text::slice(self.text, range);
                    self.found.push((range, format!("syntax error at or near \"{word}\""), 16));
                }
                return;
            }
            self.found.push((
                token.range,
                format!("trailing junk after numeric literal at or near \"{text}\""),
                16,
            ));
            return;
        }
    }

    /// Whether a name could follow the value at `at`, or nobody knows.
    fn is_label_place(&self, at: usize) -> bool {
        let before = (0..at).rev().find(|it| {
            self.is_any(
                *it,
                &["select", "from", "where", "set", "values", "returning", "having", "on", "limit"],
            )
        });
        !before.is_some_and(|it| {
            self.is_any(it, &["where", "having", "set"]) && self.depth(it) == self.depth(at)
        })
    }

    /// What definitions of tables and their parts have.
    fn definition(&mut self, at: usize) {
        if self.is(at, "nulls") && (self.is(at + 1, "distinct") || self.are(at + 1, &["not", "distinct"])) {
            self.stop(15, at);
        }
        let acts = self.are(at, &["set", "null"]) || self.are(at, &["set", "default"]);
        if acts && self.follows_word(at, &["delete", "update"]) && self.is_kind(at + 2, TokenKind::OpenParen)
        {
            self.stop(15, at + 2);
        }
        if self.is(0, "alter") && self.are(at, &["set", "access", "method"]) {
            self.stop(15, at + 1);
        }
        let stores = self.is(at, "storage") && self.is_any(at + 1, &STORAGE);
        if stores && self.is_in_table() && !self.follows_word(at, &["set", "including", "excluding"]) {
            self.stop(16, at);
        }
        if self.is(0, "alter") && self.are(at, &["set", "expression"]) {
            self.stop(17, at + 1);
        }
        if self.is(0, "alter") && self.are(at, &["set", "statistics", "default"]) {
            self.stop(17, at + 2);
        }
        self.definition_of_18(at);
    }

    fn is_in_table(&self) -> bool {
        (1..5).any(|at| self.is(at, "table"))
    }

    fn definition_of_18(&mut self, at: usize) {
        if self.version >= 18 || !self.is_in_table() && !self.is(1, "domain") {
            return;
        }
        if self.are(at, &["always", "as"])
            && self.is_kind(at + 2, TokenKind::OpenParen)
            && let Some(close) = self.closing(at + 2)
            && !self.is(close + 1, "stored")
        {
            self.stop(18, close + 1);
        }
        if self.is(at, "enforced") && self.is_constraint_attribute(at) {
            self.stop(18, at);
        }
        if self.are(at, &["without", "overlaps"]) {
            self.stop(18, at);
        }
        let listed = self.follows(at, TokenKind::Comma) || self.follows(at, TokenKind::OpenParen);
        if listed
            && self.is(at, "period")
            && self.is_name(at + 1)
            && self.depth(at) > 0
            && self.is_key_list(at)
        {
            self.stop(18, at + 1);
        }
        if self.are(at, &["not", "null"]) && self.is_table_element(at) {
            self.stop(18, at);
        }
        if self.are(at, &["alter", "constraint"]) && self.is(at + 3, "inherit") {
            self.stop(18, at + 3);
        }
    }

    /// `ENFORCED` behind a constraint and no name of its own.
    fn is_constraint_attribute(&self, at: usize) -> bool {
        self.follows_word(at, &["not"])
            || self.follows(at, TokenKind::CloseParen)
            || self.follows_word(at, &["deferrable", "deferred", "immediate", "valid", "inherit"])
    }

    /// The columns of a key, of a foreign key, or of what it refers to.
    fn is_key_list(&self, at: usize) -> bool {
        let depth = self.depth(at);
        let open =
            (0..at).rev().find(|it| self.is_kind(*it, TokenKind::OpenParen) && self.depth(*it) + 1 == depth);
        open.is_some_and(|open| {
            self.follows_word(open, &["key", "unique"])
                || (1..=4).any(|n| open.checked_sub(n).is_some_and(|it| self.is(it, "references")))
        })
    }

    /// A constraint of the table, not of a column.
    fn is_table_element(&self, at: usize) -> bool {
        let named = at >= 2 && self.is(at - 2, "constraint");
        let start = if named { at - 2 } else { at };
        let created = self.depth(start) == 1
            && (self.follows(start, TokenKind::Comma) || self.follows(start, TokenKind::OpenParen));
        created || self.depth(start) == 0 && self.follows_word(start, &["add"])
    }

    /// What whole statements begin with.
    fn statement(&mut self) {
        if self.is(0, "merge") || self.is(0, "with") || self.is(0, "copy") || self.is(0, "explain") {
            self.merge_returning();
        } else if self.are(0, &["create", "publication"]) || self.are(0, &["alter", "publication"]) {
            self.publication();
        } else if self.are(0, &["create", "statistics"]) {
            let name = if self.are(2, &["if", "not", "exists"]) { 5 } else { 2 };
            if self.is(name, "on") || self.is_kind(name, TokenKind::OpenParen) {
                self.stop(16, name);
            }
        } else if self.are(0, &["alter", "database"]) && self.is(3, "refresh") {
            self.stop(15, 3);
        } else if self.is(0, "reindex") {
            self.reindex();
        } else if self.is_any(0, &["vacuum", "analyze", "analyse"]) {
            self.maintenance();
        } else if self.is_any(0, &["grant", "revoke"]) {
            self.privileges();
        }
    }

    fn merge_returning(&mut self) {
        if self.version >= 17 {
            return;
        }
        for at in 0..self.tokens.len() {
            if !(self.is(at, "merge") && self.is(at + 1, "into") && self.begins_statement(at)) {
                continue;
            }
            let depth = self.depth(at);
            let returning = (at..self.tokens.len())
                .take_while(|it| self.depth(*it) >= depth)
                .find(|it| self.depth(*it) == depth && self.is(*it, "returning"));
            if let Some(returning) = returning {
                self.stop(17, returning);
            }
        }
    }

    fn publication(&mut self) {
        let with = (2..self.tokens.len()).find(|it| self.depth(*it) == 0 && self.is(*it, "with"));
        for at in 3..with.unwrap_or(self.tokens.len()) {
            let is_list = self.is_kind(at, TokenKind::OpenParen) && self.is_name(at - 1);
            let is_set = self.is_any(at.saturating_sub(1), &["set"]);
            if self.are(at, &["tables", "in"])
                || self.is(at, "where")
                || is_list && !is_set && self.depth(at) == 0
            {
                self.stop(15, at);
                return;
            }
        }
    }

    fn reindex(&mut self) {
        let mut at = 1;
        if self.is_kind(at, TokenKind::OpenParen) {
            at = self.closing(at).map_or(self.tokens.len(), |it| it + 1);
        }
        if !self.is_any(at, &["database", "system"]) {
            return;
        }
        at += usize::from(self.is(at + 1, "concurrently")) + 1;
        if at >= self.tokens.len() {
            self.stop(16, at);
        }
    }

    /// `VACUUM ONLY t`.
    fn maintenance(&mut self) {
        for at in 1..self.tokens.len() {
            if self.depth(at) == 0 && self.is(at, "only") && (self.is_name(at + 1)) {
                self.stop(18, at);
                return;
            }
        }
    }

    fn privileges(&mut self) {
        if self.are(0, &["grant", "alter"]) && self.is(2, "system") {
            self.stop(15, 2);
        }
        let parameter = (1..self.tokens.len()).find(|it| self.are(*it, &["on", "parameter"]));
        if let Some(at) = parameter {
            self.stop(15, at + 2);
        }
        if self.is(0, "revoke") && self.is_any(1, &["inherit", "set"]) && self.is(2, "option") {
            self.stop(16, 2);
        }
        let with = (1..self.tokens.len()).find(|it| self.depth(*it) == 0 && self.is(*it, "with"));
        if let Some(at) = with.filter(|_| self.is(0, "grant")) {
            if self.is_any(at + 1, &["inherit", "set"]) {
                self.stop(16, at + 1);
            } else if self.is(at + 1, "admin") && !self.is(at + 2, "option") {
                self.stop(16, at + 2);
            }
        }
    }
}
