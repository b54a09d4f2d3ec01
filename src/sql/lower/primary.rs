//! Operands: constants, names, parentheses, rows, arrays, CASE, CAST (`c_expr` of gram.y).

use super::lex::{Class, Kind};
use super::{Lower, string};
use crate::sql::Dialect;
use crate::sql::hir::{CastStyle, ExprId, ExprKind, Literal, Name, QName, Subscript, TypeName};

/// Words that start a type name of the grammar's own.
const TYPE_WORDS: [&str; 18] = [
    "int",
    "integer",
    "smallint",
    "bigint",
    "real",
    "float",
    "decimal",
    "dec",
    "numeric",
    "boolean",
    "bit",
    "character",
    "char",
    "varchar",
    "nchar",
    "timestamp",
    "time",
    "interval",
];

impl Lower<'_> {
    /// One operand with its subscripts and fields; takes nothing if none starts here.
    pub(super) fn primary(&mut self) -> ExprId {
        let start = self.start();
        let token = self.peek();
        match token.kind {
            Kind::Number => {
                self.bump();
                let literal = number(self.str(token));
                self.node(start, ExprKind::Literal(literal))
            }
            Kind::Str => self.string_literal(),
            Kind::Bit => {
                self.bump();
                let text = self.str(token);
                let letter = text.get(..1).unwrap_or("").to_ascii_lowercase();
                let value = format!("{letter}{}", string::value(text, '\\'));
                self.node(start, ExprKind::Literal(Literal::Bit(value.into())))
            }
            Kind::Param => {
                self.bump();
                let n = self.str(token).get(1..).and_then(|it| it.parse().ok()).unwrap_or(0);
                let res = self.node(start, ExprKind::Param(n));
                self.indirection(start, res)
            }
            Kind::Op if self.positional_holes && self.str(token) == "?" => {
                self.bump();
                self.n_holes += 1;
                self.node(start, ExprKind::Param(self.n_holes))
            }
            Kind::Op if self.str(token) == "*" => {
                self.bump();
                self.clean = false;
                self.node(start, ExprKind::Star { qualifier: QName::default() })
            }
            Kind::LParen => self.paren(),
            // `:name`, the placeholder of many tools.
            Kind::Colon if self.nth(1).kind == Kind::Word && self.nth(1).start == token.end => {
                self.bump();
                self.bump();
                self.clean = false;
                self.node(start, ExprKind::Param(0))
            }
            Kind::Quoted => self.named(),
            Kind::Word => self.word(),
            _ => self.missing(),
        }
    }

    /// A string constant, `N'…'` among them, which PostgreSQL reads as `nchar '…'`.
    fn string_literal(&mut self) -> ExprId {
        let token = self.bump();
        let text = self.str(token);
        let mut escape = '\\';
        if text.starts_with(['u', 'U'])
            && let Some(it) = self.uescape()
        {
            escape = it;
        }
        let res = self.node(token.start, ExprKind::Literal(Literal::String(string::value(text, escape))));
        if !text.starts_with(['n', 'N']) {
            return res;
        }
        let range = self.span(token.start);
        let ty = TypeName::plain(range, super::types::system_name("bpchar", range));
        self.node(token.start, ExprKind::Cast { expr: res, ty, style: CastStyle::Prefix })
    }

    fn word(&mut self) -> ExprId {
        let token = self.peek();
        let word = self.str(token);
        let start = token.start;
        match token.class {
            Class::Unreserved => {
                if self.at_kws(&["double", "precision"])
                    && let Some(res) = self.typed_literal()
                {
                    return res;
                }
                self.named()
            }
            Class::ColName => {
                if self.nth(1).kind == Kind::LParen {
                    // MySQL: VALUES(a) behind ON DUPLICATE KEY UPDATE is the value that was to be inserted into a.
                    if self.dialect == Dialect::Mysql && self.at_kw("values") {
                        self.bump();
                        let column = self.parens(|it| it.expr());
                        let column = column.unwrap_or_else(|| self.missing());
                        return self.node(start, ExprKind::Paren(column));
                    }
                    if let Some(res) = self.special_form() {
                        return res;
                    }
                }
                let lower = word.to_ascii_lowercase();
                if (TYPE_WORDS.contains(&lower.as_str()) || lower == "national" || lower == "json")
                    && let Some(res) = self.typed_literal()
                {
                    return res;
                }
                // These words are no function names.
                self.clean &= self.nth(1).kind != Kind::LParen;
                self.named()
            }
            Class::TypeFunc => match word.to_ascii_lowercase().as_str() {
                "collation" if self.nth_kw(1, "for") => self.collation_for(),
                "current_schema" if self.nth(1).kind != Kind::LParen => self.sql_value(),
                _ => match self.nth(1).kind {
                    Kind::LParen | Kind::Str => self.named(),
                    // These words name functions and types, but nothing that has parts.
                    Kind::Dot => {
                        self.clean = false;
                        self.named()
                    }
                    _ => self.missing(),
                },
            },
            Class::Reserved => match word.to_ascii_lowercase().as_str() {
                "null" => self.constant(Literal::Null),
                "true" => self.constant(Literal::Bool(true)),
                "false" => self.constant(Literal::Bool(false)),
                "default" => {
                    self.bump();
                    self.node(start, ExprKind::Default)
                }
                "case" => self.case(),
                "cast" if self.nth(1).kind == Kind::LParen => self.cast(),
                "array" if matches!(self.nth(1).kind, Kind::LBrack | Kind::LParen) => self.array(),
                "unique" if self.nth(1).kind == Kind::LParen || self.nth_kw(1, "nulls") => {
                    self.bump();
                    if self.eat_kw("nulls") {
                        self.eat_kw("not");
                        self.expect_kw("distinct");
                    }
                    let query = self.parens(|it| it.query());
                    let at = self.token_range(token);
                    self.refuse_feature(at, "UNIQUE predicate is not yet implemented");
                    match query {
                        Some(query) => self.node(start, ExprKind::Exists(Box::new(query))),
                        None => self.missing(),
                    }
                }
                "current_date" | "current_time" | "current_timestamp" | "localtime" | "localtimestamp"
                | "current_user" | "current_role" | "session_user" | "system_user" | "user"
                | "current_catalog" => self.sql_value(),
                _ => self.missing(),
            },
        }
    }

    fn constant(&mut self, literal: Literal) -> ExprId {
        let token = self.bump();
        self.node(token.start, ExprKind::Literal(literal))
    }

    /// CURRENT_DATE and its kin.
    fn sql_value(&mut self) -> ExprId {
        let token = self.bump();
        let name = self.str(token).to_ascii_uppercase();
        let takes_precision = name.ends_with("TIME") || name.ends_with("TIMESTAMP");
        let precision = if takes_precision { self.parens(|it| it.expr()) } else { None };
        if let Some(it) = precision.and_then(|it| self.exprs.get(it.0 as usize)) {
            self.clean &= matches!(it.kind, ExprKind::Literal(Literal::Integer(_)));
        }
        self.node(token.start, ExprKind::SqlValue { name: name.into(), precision })
    }

    /// `type 'constant'` for the types that the grammar spells in its own way; nothing is taken if it is none.
    fn typed_literal(&mut self) -> Option<ExprId> {
        let (pos, n_exprs, clean, stumble) = (self.pos, self.exprs.len(), self.clean, self.stumble);
        let start = self.start();
        let is_interval = self.at_kw("interval");
        let mut ty = self.simple_type(true);
        if self.at_psql_string() {
            let expr = self.psql_string();
            return Some(self.node(start, ExprKind::Cast { expr, ty, style: CastStyle::Prefix }));
        }
        if !self.at(Kind::Str) {
            self.pos = pos;
            self.exprs.truncate(n_exprs);
            self.clean = clean;
            self.stumble = stumble;
            return None;
        }
        let expr = self.string_literal();
        if is_interval && ty.modifiers.is_empty() {
            ty.modifiers = self.interval_fields();
        }
        Some(self.node(start, ExprKind::Cast { expr, ty, style: CastStyle::Prefix }))
    }

    /// At `:'name'`, where psql puts a string constant.
    fn at_psql_string(&self) -> bool {
        let (colon, string) = (self.peek(), self.nth(1));
        colon.kind == Kind::Colon && string.kind == Kind::Str && string.start == colon.end
    }

    fn psql_string(&mut self) -> ExprId {
        let start = self.start();
        self.bump();
        self.bump();
        self.clean = false;
        self.node(start, ExprKind::Param(0))
    }

    /// A column, a call, `type 'constant'` or `t.*`: what starts with a name.
    fn named(&mut self) -> ExprId {
        let start = self.start();
        let first = self.take_name();
        let mut name = QName { parts: vec![first] };
        while self.at(Kind::Dot) {
            match self.after_dot() {
                Some(part) => name.parts.push(part),
                None => {
                    self.bump();
                    self.bump();
                    return self.node(start, ExprKind::Star { qualifier: name });
                }
            }
        }
        // `json_object(key :'value')` has a colon of its own.
        const TYPES: [&str; 6] = ["date", "timestamptz", "timetz", "uuid", "json", "jsonb"];
        let is_type = matches!(name.parts.as_slice(), [only] if TYPES.contains(&only.ident.as_str()));
        match self.kind() {
            Kind::LParen => self.call(start, name),
            Kind::Colon if is_type && self.at_psql_string() => {
                let ty = TypeName::plain(self.span(start), name);
                let expr = self.psql_string();
                self.node(start, ExprKind::Cast { expr, ty, style: CastStyle::Prefix })
            }
            Kind::Str => {
                let ty = TypeName::plain(self.span(start), name);
                let expr = self.string_literal();
                self.node(start, ExprKind::Cast { expr, ty, style: CastStyle::Prefix })
            }
            _ => {
                let res = self.node(start, ExprKind::Column(name));
                self.indirection(start, res)
            }
        }
    }

    /// `[1]`, `[1:2]`, `.field`, `.*` behind an operand.
    pub(super) fn indirection(&mut self, start: u32, base: ExprId) -> ExprId {
        let mut res = base;
        let mut chain = 0u32;
        loop {
            chain += 1;
            if chain > super::guard::MAX_CHAIN {
                self.refused = true;
                self.pos = self.end;
            }
            if self.at(Kind::LBrack) {
                let subscripts = self.subscripts();
                res = self.node(start, ExprKind::Subscript { expr: res, subscripts });
            } else if self.at(Kind::Dot) {
                match self.after_dot() {
                    Some(name) => res = self.node(start, ExprKind::Field { expr: res, name }),
                    None => {
                        self.bump();
                        self.bump();
                        return self.node(start, ExprKind::FieldStar(res));
                    }
                }
            } else {
                return res;
            }
        }
    }

    pub(super) fn subscripts(&mut self) -> Vec<Subscript> {
        let mut res = Vec::new();
        while self.at(Kind::LBrack) {
            let subscript = self.bracketed(Kind::LBrack, Kind::RBrack, |it| {
                let low = if it.at(Kind::Colon) { None } else { Some(it.expr()) };
                if !it.eat(Kind::Colon) {
                    return Subscript::Index(low.unwrap_or_else(|| it.missing()));
                }
                let high = if it.at(Kind::RBrack) { None } else { Some(it.expr()) };
                Subscript::Slice(low, high)
            });
            res.extend(subscript);
        }
        res
    }

    /// `(expr)`, `(a, b)` or `(SELECT …)`.
    fn paren(&mut self) -> ExprId {
        let start = self.start();
        if self.at_paren_query() {
            let query = self.parens(|it| it.query());
            let res = match query {
                Some(query) => self.node(start, ExprKind::Subquery(Box::new(query))),
                None => self.missing(),
            };
            return self.indirection(start, res);
        }
        let items = self.parens(|it| it.list(|it| it.expr())).unwrap_or_default();
        match items[..] {
            // Parentheses around a star leave it a star.
            [inner]
                if matches!(
                    self.exprs.get(inner.0 as usize).map(|it| &it.kind),
                    Some(ExprKind::Star { .. } | ExprKind::FieldStar(_))
                ) && !self.at(Kind::Dot)
                    && !self.at(Kind::LBrack) =>
            {
                inner
            }
            [inner] => {
                let paren = self.node(start, ExprKind::Paren(inner));
                let res = self.indirection(start, paren);
                // gram.y keeps no parentheses: `(t.*)` is `t.*` and `(DEFAULT)` is DEFAULT.
                let kind = self.exprs.get(inner.0 as usize).map(|it| &it.kind);
                let plain =
                    matches!(kind, Some(ExprKind::Star { .. } | ExprKind::FieldStar(_) | ExprKind::Default));
                if res == paren && plain { inner } else { res }
            }
            _ => {
                let row = self.node(start, ExprKind::Row { items, explicit: false });
                self.overlaps(start, row)
            }
        }
    }

    /// `ROW(…)`; the cursor is on the word.
    pub(super) fn row(&mut self) -> ExprId {
        let token = self.bump();
        let items = self
            .parens(|it| if it.at(Kind::RParen) { Vec::new() } else { it.list(|it| it.expr()) })
            .unwrap_or_default();
        let row = self.node(token.start, ExprKind::Row { items, explicit: true });
        self.overlaps(token.start, row)
    }

    /// `CASE [operand] WHEN … THEN … [ELSE …] END`.
    fn case(&mut self) -> ExprId {
        let token = self.bump();
        if !self.enter() {
            self.leave();
            return self.missing();
        }
        let operand = if self.at_any_kw(&["when", "end", "else"]) { None } else { Some(self.expr()) };
        let mut whens = Vec::new();
        while self.eat_kw("when") {
            let condition = self.expr();
            let value = if self.expect_kw("then") { self.expr() } else { self.missing() };
            whens.push((condition, value));
        }
        self.clean &= !whens.is_empty();
        let else_ = if self.eat_kw("else") { Some(self.expr()) } else { None };
        self.expect_kw("end");
        self.leave();
        self.node(token.start, ExprKind::Case { operand, whens, else_ })
    }

    fn cast(&mut self) -> ExprId {
        let token = self.bump();
        let parts = self.parens(|it| {
            let expr = it.expr();
            let ty = if it.expect_kw("as") { it.type_name() } else { it.missing_type() };
            (expr, ty)
        });
        match parts {
            Some((expr, ty)) => self.node(token.start, ExprKind::Cast { expr, ty, style: CastStyle::Cast }),
            None => self.missing(),
        }
    }

    pub(super) fn missing_type(&mut self) -> TypeName {
        self.clean = false;
        let at = self.prev_end();
        TypeName::plain(self.span(at), QName::default())
    }

    fn array(&mut self) -> ExprId {
        let token = self.bump();
        if self.at(Kind::LBrack) {
            let items = self.array_items();
            let res = self.node(token.start, ExprKind::Array(items));
            // The grammar wants parentheses here; the meaning is plain without.
            self.clean &= !matches!(self.kind(), Kind::LBrack | Kind::Dot);
            return self.indirection(token.start, res);
        }
        match self.parens(|it| it.query()) {
            Some(query) => self.node(token.start, ExprKind::ArraySubquery(Box::new(query))),
            None => self.missing(),
        }
    }

    /// `[a, b]`; an element may be such a list itself.
    fn array_items(&mut self) -> Vec<ExprId> {
        if !self.enter() {
            self.leave();
            return Vec::new();
        }
        let res = self.bracketed(Kind::LBrack, Kind::RBrack, |it| {
            if it.at(Kind::RBrack) {
                return Vec::new();
            }
            let nested = it.at(Kind::LBrack);
            it.list(|it| {
                // Either all are lists or none is.
                it.clean &= it.at(Kind::LBrack) == nested;
                if it.at(Kind::LBrack) {
                    let start = it.start();
                    let items = it.array_items();
                    return it.node(start, ExprKind::Array(items));
                }
                it.expr()
            })
        });
        self.leave();
        res.unwrap_or_default()
    }

    /// Names in an expression that is only a name, for `name => value`.
    pub(super) fn at_named_argument(&self) -> bool {
        matches!(self.kind(), Kind::Word | Kind::Quoted)
            && matches!(self.nth(1).kind, Kind::EqualsGreater | Kind::ColonEquals)
    }

    pub(super) fn argument_name(&mut self) -> Option<Name> {
        if !self.at_named_argument() {
            return None;
        }
        // The name of a parameter is no keyword that names columns alone.
        self.clean &= self.peek().class != Class::ColName;
        let name = self.take_name();
        self.bump();
        Some(name)
    }
}

/// Integers of any base that fit in 64 bits by value, all else as written (manual §4.1.2.6).
fn number(text: &str) -> Literal {
    let text = text.replace('_', "");
    match integer(&text) {
        Some(value) => Literal::Integer(value),
        None => Literal::Numeric(text.into()),
    }
}

/// The value of an integer of any base, with or without a minus sign.
pub(super) fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |it| ("-", it));
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        _ => (10, digits),
    };
    i64::from_str_radix(&format!("{sign}{digits}"), radix).ok()
}
