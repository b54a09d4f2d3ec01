//! Type names: the grammar's spellings → the catalog's names and PostgreSQL's modifiers (gram.y, `Typename`).

use super::Lower;
use super::lex::{Class, Kind};
use crate::base::text::TextRange;
use crate::sql::hir::{ExprId, Name, QName, TypeName};
use crate::sql::interval::{DAY, FULL_RANGE, HOUR, MINUTE, MONTH, SECOND, YEAR};
use crate::sql::{Dialect, Ident};

impl Lower<'_> {
    /// `Typename`: a type with SETOF, array bounds and `%TYPE`.
    pub(super) fn type_name(&mut self) -> TypeName {
        let start = self.start();
        let setof = self.eat_kw("setof");
        let mut ty = self.simple_type(false);
        if self.at_op("%") && (self.nth_kw(1, "type") || self.nth_kw(1, "rowtype")) {
            self.bump();
            self.bump();
            ty.of_column = true;
        }
        if self.eat_kw("array") {
            ty.array_dims = 1;
            if self.at(Kind::LBrack) {
                self.array_bound();
            }
        } else {
            while self.at(Kind::LBrack) {
                self.array_bound();
                ty.array_dims += 1;
            }
        }
        if self.dialect == Dialect::Mysql {
            // `int(11) unsigned`.
            if self.at(Kind::LParen) {
                self.skip_one();
            }
            while self.eat_any_kw(&["unsigned", "signed", "zerofill"]) {}
        }
        ty.setof = setof;
        ty.range = self.span(start);
        ty
    }

    fn array_bound(&mut self) {
        self.bracketed(Kind::LBrack, Kind::RBrack, |it| it.eat(Kind::Number));
    }

    /// A type without array bounds. A constant's type (`char 'x'`) gets no default length.
    pub(super) fn simple_type(&mut self, constant: bool) -> TypeName {
        let start = self.start();
        let token = self.peek();
        let known = match token.kind {
            Kind::Word => self.grammar_type(constant),
            _ => None,
        };
        let (name, modifiers) = match known {
            Some((catalog_name, words, modifiers)) => (system_name(catalog_name, words), modifiers),
            None => self.generic_type(),
        };
        TypeName { modifiers, ..TypeName::plain(self.span(start), name) }
    }

    /// A type that the grammar spells in its own way: its name in pg_catalog, the range of its words, its
    /// modifiers.
    fn grammar_type(&mut self, constant: bool) -> Option<(&'static str, TextRange, Vec<ExprId>)> {
        let start = self.start();
        let first = self.peek();
        // A qualified name is never a spelling of the grammar.
        if self.nth(1).kind == Kind::Dot {
            return None;
        }
        let word = self.str(first).to_ascii_lowercase();
        let plain = match word.as_str() {
            "int" | "integer" => Some("int4"),
            "smallint" => Some("int2"),
            "bigint" => Some("int8"),
            "real" => Some("float4"),
            "boolean" => Some("bool"),
            "json" => Some("json"),
            _ => None,
        };
        if let Some(name) = plain {
            self.bump();
            return Some((name, self.span(start), Vec::new()));
        }
        match word.as_str() {
            "double" if self.nth_kw(1, "precision") => {
                self.bump();
                self.bump();
                Some(("float8", self.span(start), Vec::new()))
            }
            "float" => {
                self.bump();
                let words = self.span(start);
                let mut name = "float8";
                self.unsigned_modifier();
                if self.at(Kind::LParen) {
                    let bits = self.parens(|it| {
                        let token = it.peek();
                        let bits =
                            super::primary::integer(it.str(token)).and_then(|it| u32::try_from(it).ok());
                        it.expect(Kind::Number).then(|| (bits.unwrap_or(53), it.token_range(token)))
                    });
                    match bits.flatten() {
                        Some((0, at)) => {
                            self.refuse_value(at, "precision for type float must be at least 1 bit");
                        }
                        Some((1..=24, _)) => name = "float4",
                        Some((54.., at)) => {
                            self.refuse_value(at, "precision for type float must be less than 54 bits");
                        }
                        _ => {}
                    }
                }
                Some((name, words, Vec::new()))
            }
            "decimal" | "dec" | "numeric" => {
                self.bump();
                let words = self.span(start);
                Some(("numeric", words, self.modifiers()))
            }
            "bit" => {
                self.bump();
                let varying = self.eat_kw("varying");
                let words = self.span(start);
                let mut modifiers = self.modifiers();
                if !varying && modifiers.is_empty() && !constant {
                    modifiers.push(self.integer_expr(words, 1));
                }
                Some((if varying { "varbit" } else { "bit" }, words, modifiers))
            }
            "character" | "char" | "nchar" | "national" | "varchar" => {
                if word == "national" {
                    if !(self.nth_kw(1, "char") || self.nth_kw(1, "character")) {
                        return None;
                    }
                    self.bump();
                }
                self.bump();
                let varying = word == "varchar" || self.eat_kw("varying");
                let words = self.span(start);
                self.unsigned_modifier();
                let mut modifiers = self.modifiers();
                if !varying && modifiers.is_empty() && !constant {
                    modifiers.push(self.integer_expr(words, 1));
                }
                Some((if varying { "varchar" } else { "bpchar" }, words, modifiers))
            }
            "timestamp" | "time" => {
                self.bump();
                self.unsigned_modifier();
                let modifiers = self.modifiers();
                let with_zone = self.eat_kws(&["with", "time", "zone"]);
                if !with_zone {
                    self.eat_kws(&["without", "time", "zone"]);
                }
                let name = match (word.as_str(), with_zone) {
                    ("timestamp", false) => "timestamp",
                    ("timestamp", true) => "timestamptz",
                    (_, false) => "time",
                    (_, true) => "timetz",
                };
                Some((name, self.span(start), modifiers))
            }
            "interval" => {
                self.bump();
                let words = self.span(start);
                self.unsigned_modifier();
                let modifiers = if self.at(Kind::LParen) {
                    let precision = self.modifiers();
                    let mut res = vec![self.integer_expr(words, FULL_RANGE.into())];
                    res.extend(precision);
                    res
                } else if constant {
                    // The fields of a constant stand behind its string.
                    Vec::new()
                } else {
                    self.interval_fields()
                };
                Some(("interval", words, modifiers))
            }
            _ => None,
        }
    }

    /// `opt_interval`: `day to second(3)` → the mask and the precision.
    pub(super) fn interval_fields(&mut self) -> Vec<ExprId> {
        const FIELDS: [(&str, i32); 6] = [
            ("year", YEAR),
            ("month", MONTH),
            ("day", DAY),
            ("hour", HOUR),
            ("minute", MINUTE),
            ("second", SECOND),
        ];
        let start = self.start();
        let Some(from) = FIELDS.iter().position(|(word, _)| self.at_kw(word)) else { return Vec::new() };
        self.bump();
        let mut last = from;
        let lowest = if from < 2 { 1 } else { 5 };
        if self.at_kw("to") {
            let to = FIELDS.iter().position(|(word, _)| self.nth_kw(1, word));
            if let Some(to) = to.filter(|&to| to > from && to <= lowest) {
                self.bump();
                self.bump();
                last = to;
            }
        }
        let mask = FIELDS[from..=last].iter().fold(0, |acc, (_, bit)| acc | i64::from(*bit));
        let words = self.span(start);
        let mut res = vec![self.integer_expr(words, mask)];
        if last == 5 && self.at(Kind::LParen) {
            res.extend(self.modifiers());
        }
        res
    }

    /// The grammar takes a number behind some types, and no sign.
    fn unsigned_modifier(&mut self) {
        let sign = self.nth(1);
        if self.dialect == super::Dialect::Postgres
            && self.at(Kind::LParen)
            && sign.kind == Kind::Op
            && matches!(self.str(sign), "-" | "+")
        {
            let message = format!("syntax error at or near \"{}\"", self.str(sign));
            self.refuse(self.token_range(sign), message);
        }
    }

    /// `( expr, … )` behind a type.
    fn modifiers(&mut self) -> Vec<ExprId> {
        if !self.at(Kind::LParen) {
            return Vec::new();
        }
        self.parens(|it| it.list(|it| it.expr())).unwrap_or_default()
    }

    fn generic_type(&mut self) -> (QName, Vec<ExprId>) {
        let token = self.peek();
        let first = match token.kind {
            Kind::Quoted => Some(self.take_name()),
            // `out`, `row`, … are no type names, but nothing else can be meant here.
            Kind::Word if token.class != Class::Reserved => Some(self.take_name()),
            _ => {
                self.clean = false;
                None
            }
        };
        let Some(first) = first else { return (QName::default(), Vec::new()) };
        let name = self.qname_rest(first);
        (name, self.modifiers())
    }
}

/// `pg_catalog.name`, standing where the grammar's words stand.
pub(super) fn system_name(name: &str, range: TextRange) -> QName {
    let part = |name: &str| Name { ident: Ident::new(name), range };
    QName { parts: vec![part("pg_catalog"), part(name)] }
}
