//! Walking the tokens: what the reader's other files ask of the text.

use smol_str::SmolStr;

use super::lex::{self, Class, Kind, NO_CLOSE, Token};
use super::{Lower, string};
use crate::base::text::{TextRange, range};
use crate::sql::hir::{Expr, ExprId, ExprKind, Literal, Name, OpName, QName};
use crate::sql::{Dialect, Ident};

impl<'t> Lower<'t> {
    /// The token `n` ahead; the end-of-text token behind the last one.
    pub(super) fn nth(&self, n: usize) -> Token {
        let idx = self.pos + n;
        match self.tokens.get(idx) {
            Some(token) if idx < self.end => *token,
            _ => {
                let at = self.tokens.get(self.end).map_or(self.text.len() as u32, |it| it.start);
                let at = if n == 0 { at } else { at.max(self.prev_end()) };
                Token { kind: Kind::Eof, class: Class::Reserved, start: at, end: at, close: NO_CLOSE }
            }
        }
    }

    pub(super) fn peek(&self) -> Token {
        self.nth(0)
    }

    pub(super) fn kind(&self) -> Kind {
        self.nth(0).kind
    }

    pub(super) fn at(&self, kind: Kind) -> bool {
        self.kind() == kind
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.end
    }

    pub(super) fn bump(&mut self) -> Token {
        let token = self.peek();
        if self.pos < self.end {
            self.note_stumble();
            self.pos += 1;
        }
        token
    }

    /// The text was found to deviate from the grammar before the token under the cursor.
    fn note_stumble(&mut self) {
        if !self.clean && self.stumble.is_none() {
            self.stumble = Some(self.pos);
        }
    }

    pub(super) fn eat(&mut self, kind: Kind) -> bool {
        let res = self.at(kind);
        if res {
            self.bump();
        }
        res
    }

    /// Takes the token if it is there; else the text is broken at this place.
    pub(super) fn expect(&mut self, kind: Kind) -> bool {
        let res = self.eat(kind);
        self.clean &= res;
        res
    }

    pub(super) fn str(&self, token: Token) -> &'t str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or("")
    }

    /// Whether the token `n` ahead is this keyword (lower case), unquoted.
    pub(super) fn nth_kw(&self, n: usize, word: &str) -> bool {
        let token = self.nth(n);
        token.kind == Kind::Word && self.str(token).eq_ignore_ascii_case(word)
    }

    pub(super) fn at_kw(&self, word: &str) -> bool {
        self.nth_kw(0, word)
    }

    pub(super) fn at_any_kw(&self, words: &[&str]) -> bool {
        words.iter().any(|it| self.at_kw(it))
    }

    pub(super) fn at_kws(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(n, it)| self.nth_kw(n, it))
    }

    pub(super) fn eat_kw(&mut self, word: &str) -> bool {
        let res = self.at_kw(word);
        if res {
            self.bump();
        }
        res
    }

    /// All of them in a row, or none.
    pub(super) fn eat_kws(&mut self, words: &[&str]) -> bool {
        let res = self.at_kws(words);
        if res {
            self.note_stumble();
            self.pos += words.len();
        }
        res
    }

    pub(super) fn eat_any_kw(&mut self, words: &[&str]) -> bool {
        words.iter().any(|it| self.eat_kw(it))
    }

    pub(super) fn expect_kw(&mut self, word: &str) -> bool {
        let res = self.eat_kw(word);
        self.clean &= res;
        res
    }

    pub(super) fn at_op(&self, op: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Op && self.str(token) == op
    }

    pub(super) fn eat_op(&mut self, op: &str) -> bool {
        let res = self.at_op(op);
        if res {
            self.bump();
        }
        res
    }

    /// `*` behind a relation's name: its children, too, which ONLY leaves out (`relation_expr`).
    pub(super) fn eat_star(&mut self, only: bool) {
        let refused = self.eat_op("*") && only;
        self.clean &= !refused;
        self.suspect |= refused;
    }

    /// Start of the next token.
    pub(super) fn start(&self) -> u32 {
        self.peek().start
    }

    /// End of the token before the cursor.
    pub(super) fn prev_end(&self) -> u32 {
        match self.pos.checked_sub(1).and_then(|idx| self.tokens.get(idx)) {
            Some(token) => token.end,
            None => self.tokens.first().map_or(0, |it| it.start),
        }
    }

    /// From `start` to the last token taken.
    pub(super) fn span(&self, start: u32) -> TextRange {
        range(start as usize, (self.prev_end().max(start)) as usize)
    }

    pub(super) fn token_range(&self, token: Token) -> TextRange {
        range(token.start as usize, token.end as usize)
    }

    pub(super) fn push(&mut self, range: TextRange, kind: ExprKind) -> ExprId {
        let id = ExprId(u32::try_from(self.exprs.len()).unwrap_or(u32::MAX));
        self.exprs.push(Expr { range, kind });
        id
    }

    /// An expression from `start` to the last token taken.
    pub(super) fn node(&mut self, start: u32, kind: ExprKind) -> ExprId {
        let range = self.span(start);
        self.push(range, kind)
    }

    /// Something that must stand here and does not: empty, behind the last token taken.
    pub(super) fn missing(&mut self) -> ExprId {
        self.clean = false;
        let at = self.prev_end();
        self.push(range(at as usize, at as usize), ExprKind::Missing)
    }

    pub(super) fn range_of_expr(&self, id: ExprId) -> TextRange {
        self.exprs.get(id.0 as usize).map_or_else(TextRange::default, |it| it.range)
    }

    pub(super) fn string_expr(&mut self, range: TextRange, value: impl Into<SmolStr>) -> ExprId {
        self.push(range, ExprKind::Literal(Literal::String(value.into())))
    }

    pub(super) fn integer_expr(&mut self, range: TextRange, value: i64) -> ExprId {
        self.push(range, ExprKind::Literal(Literal::Integer(value)))
    }

    /// `(`, unless the text is nested deeper than anyone writes; the caller goes on without it then.
    pub(super) fn enter(&mut self) -> bool {
        self.depth += 1;
        if self.depth > super::guard::MAX_RECURSION {
            self.refused = true;
            self.pos = self.end;
        }
        !self.refused
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Reads what stands between brackets; the closing one may be missing.
    pub(super) fn bracketed<T>(
        &mut self,
        open: Kind,
        close: Kind,
        read: impl FnOnce(&mut Lower<'t>) -> T,
    ) -> Option<T> {
        if !self.eat(open) {
            return None;
        }
        self.open += 1;
        let res = read(self);
        if !self.at(close) && !self.at_end() {
            self.skip_to_close(close);
        }
        self.open -= 1;
        self.expect(close);
        Some(res)
    }

    pub(super) fn parens<T>(&mut self, read: impl FnOnce(&mut Lower<'t>) -> T) -> Option<T> {
        self.bracketed(Kind::LParen, Kind::RParen, read)
    }

    /// Something stands before the closing bracket that does not belong there: skip it, unless a new clause
    /// starts first, which means that the bracket was left open.
    fn skip_to_close(&mut self, close: Kind) {
        self.clean = false;
        let from = self.pos;
        while !self.at_end() && !self.at(close) && !self.at_clause() && !self.at(Kind::Semi) {
            self.skip_one();
        }
        if !self.at(close) {
            self.pos = from;
        }
    }

    /// One token, or a bracketed group as a whole.
    pub(super) fn skip_one(&mut self) {
        let token = self.bump();
        let close = token.close as usize;
        if token.close != NO_CLOSE && close >= self.pos && close < self.end {
            self.pos = close + 1;
        }
    }

    /// Index of the next `;` outside of brackets; the end where there is none.
    pub(super) fn next_semicolon(&self) -> usize {
        let mut at = self.pos;
        while let Some(token) = self.tokens.get(at).filter(|_| at < self.end) {
            if token.kind == Kind::Semi {
                return at;
            }
            let close = token.close as usize;
            at = if token.close != NO_CLOSE && close > at { close + 1 } else { at + 1 };
        }
        self.end
    }

    /// A list with commas; ends where neither an item nor a comma stands. Junk behind an item is skipped.
    pub(super) fn list<T>(&mut self, mut read: impl FnMut(&mut Lower<'t>) -> T) -> Vec<T> {
        let mut res = vec![read(self)];
        loop {
            if self.eat(Kind::Comma) {
                res.push(read(self));
            } else if !self.recover_to_comma() {
                return res;
            }
        }
    }

    /// Skips junk up to a comma of the same list; stays put if a clause or the end comes first.
    fn recover_to_comma(&mut self) -> bool {
        let from = self.pos;
        while !self.at_end() && !self.at_stop() {
            self.skip_one();
        }
        if self.at(Kind::Comma) && self.pos > from {
            self.clean = false;
            return true;
        }
        self.pos = from;
        false
    }

    /// Where junk ends.
    fn at_stop(&self) -> bool {
        matches!(self.kind(), Kind::Comma | Kind::RParen | Kind::RBrack | Kind::Semi | Kind::Eof)
            || self.at_clause()
    }

    /// Skips junk between clauses, at least one token; `false` at the end of what belongs to this query.
    pub(super) fn recover_to_clause(&mut self) -> bool {
        if self.at_end() || (self.at(Kind::RParen) && self.open > 0) || self.at(Kind::Semi) {
            return false;
        }
        self.clean = false;
        loop {
            self.skip_one();
            if self.at_end() || (self.at(Kind::RParen) && self.open > 0) || self.at(Kind::Semi) {
                return false;
            }
            if self.at_clause() {
                return true;
            }
        }
    }

    /// A reserved word that starts a clause of a query or of a data-modifying statement.
    pub(super) fn at_reserved_clause(&self) -> bool {
        let token = self.peek();
        token.kind == Kind::Word
            && token.class == Class::Reserved
            && self.at_any_kw(&[
                "from",
                "where",
                "group",
                "having",
                "window",
                "order",
                "limit",
                "offset",
                "fetch",
                "for",
                "union",
                "intersect",
                "except",
                "returning",
                "on",
                "into",
                "using",
                "select",
            ])
    }

    /// Where junk ends: a clause, also one whose word is not reserved, told by what follows it.
    pub(super) fn at_clause(&self) -> bool {
        let token = self.peek();
        if token.kind != Kind::Word {
            return false;
        }
        match token.class {
            Class::Reserved => self.at_reserved_clause(),
            Class::TypeFunc => {
                self.at_any_kw(&["join", "inner", "cross", "natural"])
                    || (self.at_any_kw(&["left", "right", "full"])
                        && (self.nth_kw(1, "join") || self.nth_kw(1, "outer")))
            }
            _ => match self.nth(1).kind {
                Kind::Word | Kind::Quoted => self.at_any_kw(&["set", "update", "delete", "insert", "merge"]),
                Kind::LParen => self.at_any_kw(&["set", "values"]),
                _ => false,
            },
        }
    }

    /// A name behind a dot, or an alias behind AS: any word.
    pub(super) fn label(&mut self) -> Option<Name> {
        match self.kind() {
            Kind::Word | Kind::Quoted => Some(self.take_name()),
            _ => None,
        }
    }

    pub(super) fn at_col_id(&self) -> bool {
        let token = self.peek();
        match token.kind {
            Kind::Quoted => true,
            Kind::Word => {
                matches!(token.class, Class::Unreserved | Class::ColName)
                    // Reserved in PostgreSQL alone.
                    || self.dialect != Dialect::Postgres
                        && (self.at_any_kw(&["user", "authorization", "placing", "analyse"]))
            }
            _ => false,
        }
    }

    /// `ColId`: a name of a column or table; no reserved word.
    pub(super) fn col_id(&mut self) -> Option<Name> {
        self.at_col_id().then(|| self.take_name())
    }

    /// A name that must stand here.
    pub(super) fn name_or_missing(&mut self) -> Name {
        match self.col_id() {
            Some(name) => name,
            None => self.missing_name(),
        }
    }

    /// Any word.
    pub(super) fn label_or_missing(&mut self) -> Name {
        match self.label() {
            Some(it) => it,
            None => self.missing_name(),
        }
    }

    pub(super) fn missing_name(&mut self) -> Name {
        self.clean = false;
        let at = self.prev_end() as usize;
        Name { ident: Ident::new(""), range: range(at, at) }
    }

    /// The word or quoted identifier under the cursor.
    pub(super) fn take_name(&mut self) -> Name {
        let token = self.bump();
        let text = self.str(token);
        let mut name = Name { ident: Ident::from_source(text), range: self.token_range(token) };
        if token.kind == Kind::Quoted
            && !text.starts_with('"')
            && self.at_kw("uescape")
            && let Some(escape) = self.uescape()
        {
            let body = text.get(3..).unwrap_or("");
            let body = body.strip_suffix('"').unwrap_or(body).replace("\"\"", "\"");
            name.ident = Ident::from_source(&Ident::new(string::unicode(&body, escape)).quoted());
            name.range = self.span(token.start);
        }
        name
    }

    /// `UESCAPE '!'`.
    pub(super) fn uescape(&mut self) -> Option<char> {
        if !(self.at_kw("uescape") && self.nth(1).kind == Kind::Str) {
            return None;
        }
        self.bump();
        let token = self.bump();
        string::value(self.str(token), '\\').chars().next()
    }

    /// `name.name.name`; a keyword may stand behind a dot.
    pub(super) fn qname(&mut self) -> QName {
        match self.col_id() {
            Some(first) => self.qname_rest(first),
            None => QName::default(),
        }
    }

    /// A name that must stand here.
    pub(super) fn expect_qname(&mut self) -> QName {
        let res = self.qname();
        self.clean &= !res.parts.is_empty();
        res
    }

    pub(super) fn qname_rest(&mut self, first: Name) -> QName {
        let mut parts = vec![first];
        while self.at(Kind::Dot) {
            match self.after_dot() {
                Some(part) => parts.push(part),
                None => break,
            }
        }
        QName { parts }
    }

    /// Takes `.name`. A dot with nothing behind it gives a name that is empty; `.*` is left alone.
    pub(super) fn after_dot(&mut self) -> Option<Name> {
        let next = self.nth(1);
        if next.kind == Kind::Op && self.str(next) == "*" {
            return None;
        }
        let dot = self.bump();
        // `select u. from users u`: any word is a name there for PostgreSQL, but someone is typing.
        let maybe_half_typed = next.start > dot.end && self.at_half_typed_stop();
        self.saw_half_typed_dot |= maybe_half_typed;
        let half_typed = maybe_half_typed && self.lenient;
        match self.kind() {
            Kind::Word | Kind::Quoted if !half_typed => Some(self.take_name()),
            _ => Some(self.missing_name()),
        }
    }

    fn at_half_typed_stop(&self) -> bool {
        let token = self.peek();
        token.kind == Kind::Word
            && (self.at_clause()
                || self.at_any_kw(&[
                    "and", "or", "as", "then", "else", "end", "when", "is", "in", "like", "ilike", "not",
                    "between", "asc", "desc", "set", "values", "left", "right", "full",
                ]))
    }

    pub(super) fn paren_names(&mut self) -> Vec<Name> {
        self.parens(|it| it.list(|it| it.name_or_missing())).unwrap_or_default()
    }

    /// The operator under the cursor.
    pub(super) fn take_op(&mut self) -> OpName {
        let token = self.bump();
        let text = self.str(token);
        let op = if text == "!=" { "<>" } else { text };
        OpName { schema: Vec::new(), op: op.into(), range: self.token_range(token) }
    }

    /// `OPERATOR(schema.op)`; the cursor is on the keyword.
    pub(super) fn qualified_op(&mut self) -> OpName {
        let start = self.start();
        self.bump();
        let mut schema = Vec::new();
        let mut op = SmolStr::default();
        self.parens(|it| {
            while let Some(name) = it.col_id() {
                schema.push(name);
                it.expect(Kind::Dot);
            }
            if it.at(Kind::Op) {
                op = it.take_op().op;
            } else {
                it.clean = false;
            }
        });
        OpName { schema, op, range: self.span(start) }
    }

    pub(super) fn at_qualified_op(&self) -> bool {
        self.at_kw("operator") && self.nth(1).kind == Kind::LParen
    }

    /// Whether the parenthesis under the cursor holds a query rather than an expression or a join: it does if
    /// SELECT, VALUES, WITH or TABLE follows the opening parentheses and behind each inner closing one comes
    /// what may follow a query.
    pub(super) fn at_paren_query(&self) -> bool {
        let mut n_parens = 0;
        while self.nth(n_parens).kind == Kind::LParen {
            n_parens += 1;
        }
        if n_parens == 0 || !self.nth_starts_query(n_parens) {
            return false;
        }
        (1..n_parens).rev().all(|n| self.nth_paren_goes_on(n).unwrap_or(true))
    }

    /// Whether behind the closing partner of the `n`th token, a parenthesis, a query ends or goes on: a set operation,
    /// ORDER BY, LIMIT. `None`: nothing stands there.
    fn nth_paren_goes_on(&self, n: usize) -> Option<bool> {
        let close = self.nth(n).close;
        if close == NO_CLOSE {
            return None;
        }
        let next = self.tokens.get(close as usize + 1).copied();
        let next = next.filter(|_| (close as usize) + 1 < self.end)?;
        Some(match next.kind {
            Kind::RParen => true,
            Kind::Word => ["union", "intersect", "except", "order", "limit", "offset", "fetch", "for"]
                .iter()
                .any(|it| self.str(next).eq_ignore_ascii_case(it)),
            _ => false,
        })
    }

    /// A query without parentheses of its own that begins with one: `(select 1) union select 2`.
    pub(super) fn at_query_behind_paren(&self) -> bool {
        self.at_paren_query()
            && self.nth_paren_goes_on(0) == Some(true)
            && self.tokens.get(self.nth(0).close as usize + 1).is_some_and(|it| it.kind == Kind::Word)
    }

    pub(super) fn nth_starts_query(&self, n: usize) -> bool {
        ["select", "with", "table"].iter().any(|it| self.nth_kw(n, it))
            || (self.nth_kw(n, "values") && self.nth(n + 1).kind == Kind::LParen)
    }

    pub(super) fn at_bare_label(&self) -> bool {
        let token = self.peek();
        match token.kind {
            Kind::Quoted => true,
            Kind::Word => lex::is_bare_label(self.str(token)),
            _ => false,
        }
    }
}
