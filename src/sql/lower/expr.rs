//! Expressions: operators with the precedence of gram.y (manual §4.1.6).

use super::Lower;
use super::lex::Kind;
use super::types::system_name;
use crate::sql::hir::{Arg, BoolOp, Call, CastStyle, ExprId, ExprKind, IsTest, LikeKind, Literal, OpName};

/// Binding strength, weakest first. An operand read "at" a level takes every operator of that level or tighter.
mod level {
    pub(super) const ANY: u8 = 0;
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const IS: u8 = 4;
    pub(super) const COMPARE: u8 = 5;
    /// BETWEEN, IN, LIKE, ILIKE, SIMILAR TO.
    pub(super) const LIKE: u8 = 6;
    /// Operators without a level of their own.
    pub(super) const OTHER: u8 = 8;
    pub(super) const ADD: u8 = 9;
    pub(super) const MULTIPLY: u8 = 10;
    pub(super) const POWER: u8 = 11;
    pub(super) const AT: u8 = 12;
    pub(super) const COLLATE: u8 = 13;
    pub(super) const SIGN: u8 = 14;
    pub(super) const TYPECAST: u8 = 15;
}

/// What stands behind an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Infix {
    Or,
    And,
    Is,
    IsNull,
    NotNull,
    /// A symbol of pg_operator.
    Symbol,
    QualifiedOp,
    Like(LikeKind),
    Between,
    In,
    At,
    Collate,
    Typecast,
}

impl Lower<'_> {
    /// `a_expr`. Takes nothing if no expression starts here.
    pub(super) fn expr(&mut self) -> ExprId {
        self.expr_at(level::ANY, false)
    }

    /// `b_expr`: without AND, OR, NOT, IS NULL, LIKE, IN and BETWEEN at its top.
    pub(super) fn b_expr(&mut self) -> ExprId {
        self.expr_at(level::ANY, true)
    }

    fn expr_at(&mut self, min: u8, basic: bool) -> ExprId {
        if !self.enter() {
            self.leave();
            return self.missing();
        }
        let start = self.start();
        let mut lhs = self.prefix(basic);
        let mut chain = 0u32;
        // The level of the last operator if it does not associate and ended with an operand.
        let mut nonassociative = None;
        while let Some((infix, level, negated)) = self.infix(basic) {
            if level < min {
                break;
            }
            self.clean &= nonassociative != Some(level);
            if infix != Infix::Or && infix != Infix::And {
                chain += 1;
                if chain > super::guard::MAX_CHAIN {
                    self.refused = true;
                    self.pos = self.end;
                    break;
                }
            }
            lhs = self.infix_expr(start, lhs, infix, level, negated, basic);
            nonassociative = self.is_nonassociative(lhs).then_some(level);
        }
        self.leave();
        lhs
    }

    /// `a = b = c`, `a like b like c`, `a is distinct from b is null`: refused by gram.y's `%nonassoc`.
    fn is_nonassociative(&self, id: ExprId) -> bool {
        match self.exprs.get(id.0 as usize).map(|it| &it.kind) {
            Some(ExprKind::Operator { op, lhs: Some(_), .. }) => {
                op.schema.is_empty() && op_level(&op.op) == level::COMPARE
            }
            Some(ExprKind::Like { .. } | ExprKind::Between { .. } | ExprKind::IsDistinct { .. }) => true,
            _ => false,
        }
    }

    fn prefix(&mut self, basic: bool) -> ExprId {
        let start = self.start();
        if self.at(Kind::Op) && !self.at_op("*") && !(self.positional_holes && self.at_op("?")) {
            let op = self.take_op();
            let is_sign = matches!(op.op.as_str(), "+" | "-");
            // The operators with a level of their own have no prefix form.
            self.clean &= is_sign || op_level(&op.op) == level::OTHER;
            let min = if is_sign { level::SIGN + 1 } else { level::OTHER + 1 };
            let rhs = self.expr_at(min, basic);
            if op.op == "-" && op.schema.is_empty() && self.negate(rhs, start) {
                return rhs;
            }
            return self.node(start, ExprKind::Operator { op, lhs: None, rhs });
        }
        if self.at_qualified_op() {
            let op = self.qualified_op();
            let rhs = self.expr_at(level::OTHER + 1, basic);
            return self.node(start, ExprKind::Operator { op, lhs: None, rhs });
        }
        if !basic && self.at_kw("not") {
            self.bump();
            let arg = self.expr_at(level::NOT, basic);
            return self.node(start, ExprKind::Not(arg));
        }
        self.primary()
    }

    /// `doNegate` of gram.y: a minus sign before a number is part of it. Turns the number into its negative.
    fn negate(&mut self, id: ExprId, start: u32) -> bool {
        let mut inner = id;
        while let Some(ExprKind::Paren(next)) = self.exprs.get(inner.0 as usize).map(|it| &it.kind) {
            inner = *next;
        }
        let Some(ExprKind::Literal(literal)) = self.exprs.get(inner.0 as usize).map(|it| &it.kind) else {
            return false;
        };
        let negative = match literal {
            Literal::Integer(value) => match value.checked_neg() {
                Some(value) => Literal::Integer(value),
                None => return false,
            },
            Literal::Numeric(text) => match text.strip_prefix('-') {
                Some(positive) => Literal::Numeric(positive.into()),
                None => match super::primary::integer(&format!("-{text}")) {
                    Some(value) => Literal::Integer(value),
                    None => Literal::Numeric(format!("-{text}").into()),
                },
            },
            _ => return false,
        };
        let range = self.span(start);
        if let Some(expr) = self.exprs.get_mut(id.0 as usize) {
            expr.kind = ExprKind::Literal(negative);
            expr.range = range;
        }
        true
    }

    /// The operator behind an operand, its level, and whether NOT stands before it; takes nothing.
    fn infix(&self, basic: bool) -> Option<(Infix, u8, bool)> {
        let token = self.peek();
        match token.kind {
            Kind::Typecast => return Some((Infix::Typecast, level::TYPECAST, false)),
            Kind::Op if self.positional_holes && self.str(token) == "?" => return None,
            Kind::Op => return Some((Infix::Symbol, op_level(self.str(token)), false)),
            Kind::Word => {}
            _ => return None,
        }
        if self.is_bare_label() {
            return None;
        }
        let word = |it: &str| self.nth_kw(0, it);
        // The first letter decides most cases; this is the hottest loop of the reader.
        let found = match self.str(token).as_bytes().first()?.to_ascii_lowercase() {
            b'o' if word("or") => (Infix::Or, level::OR),
            b'o' if self.at_qualified_op() => (Infix::QualifiedOp, level::OTHER),
            b'a' if word("and") => (Infix::And, level::AND),
            b'a' if word("at") && (self.nth_kw(1, "time") || self.nth_kw(1, "local")) => {
                (Infix::At, level::AT)
            }
            b'i' if word("is") => (Infix::Is, level::IS),
            b'i' if word("isnull") => (Infix::IsNull, level::IS),
            b'i' if word("in") => (Infix::In, level::LIKE),
            b'i' if word("ilike") => (Infix::Like(LikeKind::ILike), level::LIKE),
            b'n' if word("notnull") => (Infix::NotNull, level::IS),
            b'n' if word("not") => {
                let infix = if self.nth_kw(1, "in") {
                    Infix::In
                } else if self.nth_kw(1, "like") {
                    Infix::Like(LikeKind::Like)
                } else if self.nth_kw(1, "ilike") {
                    Infix::Like(LikeKind::ILike)
                } else if self.nth_kw(1, "similar") {
                    Infix::Like(LikeKind::SimilarTo)
                } else if self.nth_kw(1, "between") {
                    Infix::Between
                } else {
                    return None;
                };
                return (!basic).then_some((infix, level::LIKE, true));
            }
            b'l' if word("like") => (Infix::Like(LikeKind::Like), level::LIKE),
            b's' if word("similar") && !self.in_similar => (Infix::Like(LikeKind::SimilarTo), level::LIKE),
            b'b' if word("between") => (Infix::Between, level::LIKE),
            b'c' if word("collate") => (Infix::Collate, level::COLLATE),
            _ => return None,
        };
        let is_basic = matches!(found.0, Infix::QualifiedOp)
            || (found.0 == Infix::Is && {
                let n = 1 + usize::from(self.nth_kw(1, "not"));
                self.nth_kw(n, "distinct") || self.nth_kw(n, "document")
            });
        (!basic || is_basic).then_some((found.0, found.1, false))
    }

    /// `SELECT a is`: with nothing behind it, the word of an operator is the label of a target.
    fn is_bare_label(&self) -> bool {
        self.target_at == Some(self.open)
            && (matches!(self.nth(1).kind, Kind::Eof | Kind::Comma | Kind::RParen | Kind::Semi)
                || self.nth_kw(1, "from"))
            && self.at_bare_label()
    }

    fn infix_expr(
        &mut self,
        start: u32,
        lhs: ExprId,
        infix: Infix,
        level: u8,
        negated: bool,
        basic: bool,
    ) -> ExprId {
        match infix {
            Infix::Or | Infix::And => {
                let op = if infix == Infix::And { BoolOp::And } else { BoolOp::Or };
                self.bump();
                let rhs = self.expr_at(level + 1, basic);
                self.bool_expr(start, op, lhs, rhs)
            }
            Infix::Symbol | Infix::QualifiedOp => {
                let op = if infix == Infix::QualifiedOp { self.qualified_op() } else { self.take_op() };
                if let Some(all) = self.at_quantifier() {
                    return self.quantified(start, lhs, op, all);
                }
                let rhs = self.expr_at(level + 1, basic);
                self.node(start, ExprKind::Operator { op, lhs: Some(lhs), rhs })
            }
            Infix::Typecast => {
                self.bump();
                let ty = self.type_name();
                self.node(start, ExprKind::Cast { expr: lhs, ty, style: CastStyle::Colons })
            }
            Infix::Collate => {
                self.bump();
                let collation = self.expect_qname();
                self.node(start, ExprKind::Collate { expr: lhs, collation })
            }
            Infix::At => self.at_time_zone(start, lhs, basic),
            Infix::Is => self.is_test(start, lhs, basic),
            Infix::IsNull | Infix::NotNull => {
                self.bump();
                let negated = infix == Infix::NotNull;
                self.node(start, ExprKind::Is { expr: lhs, test: IsTest::Null, negated })
            }
            Infix::In => self.in_expr(start, lhs, negated),
            Infix::Like(kind) => self.like(start, lhs, kind, negated),
            Infix::Between => {
                if negated {
                    self.bump();
                }
                self.bump();
                let symmetric = self.eat_kw("symmetric");
                if !symmetric {
                    self.eat_kw("asymmetric");
                }
                let low = self.b_expr();
                let high =
                    if self.expect_kw("and") { self.expr_at(level + 1, basic) } else { self.missing() };
                self.node(start, ExprKind::Between { expr: lhs, low, high, negated, symmetric })
            }
        }
    }

    /// `makeAndExpr`: a run of the same connective is one node. A parenthesised run is not merged, unlike
    /// PostgreSQL's: it keeps its place in the text.
    fn bool_expr(&mut self, start: u32, op: BoolOp, lhs: ExprId, rhs: ExprId) -> ExprId {
        let range = self.span(start);
        if let Some(expr) = self.exprs.get_mut(lhs.0 as usize)
            && let ExprKind::Bool { op: left_op, args } = &mut expr.kind
            && *left_op == op
        {
            args.push(rhs);
            expr.range = range;
            return lhs;
        }
        self.push(range, ExprKind::Bool { op, args: vec![lhs, rhs] })
    }

    /// `ANY (`, `SOME (` → `false`; `ALL (` → `true`.
    fn at_quantifier(&self) -> Option<bool> {
        if self.nth(1).kind != Kind::LParen {
            return None;
        }
        if self.at_kw("all") {
            return Some(true);
        }
        self.at_any_kw(&["any", "some"]).then_some(false)
    }

    fn quantified(&mut self, start: u32, lhs: ExprId, op: OpName, all: bool) -> ExprId {
        self.bump();
        if self.at_paren_query() {
            let query = self.parens(|it| it.query()).map(Box::new);
            if let Some(query) = query {
                return self.node(start, ExprKind::QuantifiedQuery { lhs, op, all, query });
            }
        }
        let array = self.parens(|it| it.expr());
        let array = array.unwrap_or_else(|| self.missing());
        self.node(start, ExprKind::QuantifiedArray { lhs, op, all, array })
    }

    fn at_time_zone(&mut self, start: u32, lhs: ExprId, basic: bool) -> ExprId {
        let at = self.bump();
        let mut args = Vec::new();
        let words;
        if self.eat_kw("local") {
            words = self.span(at.start);
        } else {
            self.bump();
            self.expect_kw("zone");
            words = self.span(at.start);
            let zone = self.expr_at(level::AT + 1, basic);
            args.push(Arg { name: None, value: zone });
        }
        args.push(Arg { name: None, value: lhs });
        let call = Call { args, ..form(system_name("timezone", words)) };
        self.node(start, ExprKind::Call(Box::new(call)))
    }

    fn is_test(&mut self, start: u32, lhs: ExprId, basic: bool) -> ExprId {
        self.bump();
        let negated = self.eat_kw("not");
        if self.at_kw("distinct") {
            self.bump();
            self.expect_kw("from");
            let rhs = self.expr_at(level::IS + 1, basic);
            return self.node(start, ExprKind::IsDistinct { lhs, rhs, negated });
        }
        let test = if self.eat_kw("null") {
            IsTest::Null
        } else if self.eat_kw("true") {
            IsTest::True
        } else if self.eat_kw("false") {
            IsTest::False
        } else if self.eat_kw("unknown") {
            IsTest::Unknown
        } else if self.eat_kw("document") {
            IsTest::Document
        } else if self.at_kw("normalized")
            || (self.at_any_kw(&["nfc", "nfd", "nfkc", "nfkd"]) && self.nth_kw(1, "normalized"))
        {
            if !self.eat_kw("normalized") {
                self.bump();
                self.bump();
            }
            IsTest::Normalized
        } else if self.eat_kw("json") {
            self.eat_any_kw(&["value", "object", "array", "scalar"]);
            if self.at_any_kw(&["with", "without"]) && self.nth_kw(1, "unique") {
                self.bump();
                self.bump();
                self.eat_kw("keys");
            }
            IsTest::Json
        } else {
            // `x is` and nothing: the likeliest continuation has no consequence for types.
            self.clean = false;
            IsTest::Null
        };
        self.node(start, ExprKind::Is { expr: lhs, test, negated })
    }

    fn in_expr(&mut self, start: u32, lhs: ExprId, negated: bool) -> ExprId {
        let first = self.bump();
        if negated {
            self.bump();
        }
        let op_range = self.span(first.start);
        if self.at_paren_query() {
            let query = self.parens(|it| it.query()).map(Box::new);
            if let Some(query) = query {
                return self.node(start, ExprKind::InQuery { expr: lhs, query, negated, op_range });
            }
        }
        let list = if self.at(Kind::LParen) {
            self.parens(|it| if it.at(Kind::RParen) { vec![it.missing()] } else { it.list(|it| it.expr()) })
                .unwrap_or_default()
        } else if matches!(self.kind(), Kind::Param | Kind::Number | Kind::Str) || self.at_col_id() {
            // `in $1`: refused by PostgreSQL; the operand is kept.
            self.clean = false;
            vec![self.expr_at(level::OTHER, false)]
        } else {
            vec![self.missing()]
        };
        self.node(start, ExprKind::InList { expr: lhs, list, negated, op_range })
    }

    fn like(&mut self, start: u32, lhs: ExprId, kind: LikeKind, negated: bool) -> ExprId {
        let first = self.bump();
        if negated {
            self.bump();
        }
        if kind == LikeKind::SimilarTo {
            self.expect_kw("to");
        }
        let op_range = self.span(first.start);
        if kind != LikeKind::SimilarTo
            && let Some(all) = self.at_quantifier()
        {
            let op = OpName { schema: Vec::new(), op: kind.operator(negated).into(), range: op_range };
            return self.quantified(start, lhs, op, all);
        }
        let pattern = self.expr_at(level::LIKE + 1, false);
        let escape = if self.at_kw("escape") && !self.in_similar {
            self.bump();
            Some(self.expr_at(level::LIKE + 1, false))
        } else {
            None
        };
        self.node(start, ExprKind::Like { kind, negated, expr: lhs, pattern, escape, op_range })
    }

    /// Reads the pattern of `substring(x similar pattern escape c)`: ESCAPE and SIMILAR end it.
    pub(super) fn similar_pattern(&mut self) -> ExprId {
        let outer = std::mem::replace(&mut self.in_similar, true);
        let res = self.expr();
        self.in_similar = outer;
        res
    }
}

/// A call that the grammar makes from a form of its own.
pub(super) fn form(name: crate::sql::hir::QName) -> Call {
    Call { syntax_form: true, ..plain_call(name) }
}

pub(super) fn plain_call(name: crate::sql::hir::QName) -> Call {
    Call {
        name,
        args: Vec::new(),
        star: false,
        distinct: false,
        variadic: false,
        order_by: Vec::new(),
        within_group: Vec::new(),
        filter: None,
        over: None,
        syntax_form: false,
    }
}

fn op_level(op: &str) -> u8 {
    match op {
        "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => level::COMPARE,
        "+" | "-" => level::ADD,
        "*" | "/" | "%" => level::MULTIPLY,
        "^" => level::POWER,
        _ => level::OTHER,
    }
}
