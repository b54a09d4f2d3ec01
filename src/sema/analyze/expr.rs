//! Expressions (`transformExprRecurse`). Each gets its type and nullability; sublinks, calls and operators have files
//! of their own.

use crate::catalog::{Type, TypeId};
use crate::sema::resolve::CoercionContext;
use crate::sema::{ExprInfo, Ty, code};
use crate::sql::hir::{BoolOp, CastStyle, ExprId, ExprKind, IsTest, Literal, QName, TypeName};

use super::binder::{Binder, UNDECIDED, UNKNOWN_INFO, known};
use super::pseudo::PseudoCast;
use super::scope::Resolved;

/// Deeper expressions are not analysed: far beyond what people write, far below what a stack holds.
const MAX_DEPTH: u32 = 400;

fn of(id: TypeId, nullable: Option<bool>) -> ExprInfo {
    ExprInfo { ty: known(id), nullable }
}

impl<'a> Binder<'a> {
    /// Analyses an expression and everything inside.
    pub fn expr(&mut self, id: ExprId) -> ExprInfo {
        if self.depth > MAX_DEPTH {
            return UNKNOWN_INFO;
        }
        self.depth += 1;
        let mut info = self.expr_kind(id);
        self.depth -= 1;
        if !self.typed {
            info.ty = Ty::Unknown;
        }
        self.set_info(id, info);
        info
    }

    pub fn exprs(&mut self, ids: &[ExprId]) {
        for &id in ids {
            self.expr(id);
        }
    }

    fn expr_kind(&mut self, id: ExprId) -> ExprInfo {
        if self.is_forbidden(id) {
            return UNKNOWN_INFO;
        }
        match &self.expr_node(id).kind {
            ExprKind::Missing => UNKNOWN_INFO,
            ExprKind::Column(name) => self.column_ref(id, name),
            // `t.*` where one value is wanted is the row; in lists of columns it never gets here.
            ExprKind::Star { qualifier } if !qualifier.parts.is_empty() => match self.star_item(qualifier) {
                Some((rte, _)) => self.whole_row(id, rte),
                None => UNKNOWN_INFO,
            },
            ExprKind::Star { .. } => UNKNOWN_INFO,
            ExprKind::Param(number) => self.param(id, *number),
            ExprKind::Literal(literal) => {
                if let Literal::Bit(digits) = literal {
                    self.bit_digits(id, digits);
                }
                if let Literal::Numeric(digits) = literal
                    && !digits.contains(['x', 'X', 'o', 'O', 'b', 'B'])
                    && let Err(error) = crate::sema::literal::fits_numeric(digits)
                {
                    let at = self.expr_node(id).range;
                    self.refuse(error.code, at, error.message);
                }
                literal_info(literal)
            }
            ExprKind::Cast { expr, ty, style } => self.cast(*expr, ty, *style, id),
            ExprKind::Operator { op, lhs, rhs } => self.operator(op, *lhs, *rhs),
            ExprKind::Bool { op, args } => self.bool_expr(*op, args),
            ExprKind::Not(arg) => {
                self.condition(*arg, "NOT");
                of(TypeId::BOOL, self.info(*arg).nullable)
            }
            ExprKind::Is { expr, test, negated } => self.is_test(*expr, test, *negated),
            ExprKind::IsDistinct { lhs, rhs, .. } => self.is_distinct(*lhs, *rhs),
            ExprKind::Like { kind, negated, expr, pattern, escape, op_range } => {
                self.like(*kind, *negated, *expr, *pattern, *escape, *op_range)
            }
            ExprKind::Between { expr, low, high, negated, symmetric } => {
                self.between(*expr, *low, *high, *negated, *symmetric)
            }
            ExprKind::InList { expr, list, negated, op_range } => {
                self.in_list(*expr, list, *negated, *op_range)
            }
            ExprKind::InQuery { expr, query, op_range, .. } => self.in_query(*expr, query, *op_range),
            ExprKind::QuantifiedArray { lhs, op, array, .. } => self.quantified_array(*lhs, op, *array),
            ExprKind::QuantifiedQuery { lhs, op, query, .. } => self.quantified_query(*lhs, op, query),
            ExprKind::Exists(query) => {
                self.query(query, true);
                of(TypeId::BOOL, Some(false))
            }
            ExprKind::Subquery(query) => self.scalar_subquery(id, query),
            ExprKind::ArraySubquery(query) => self.array_subquery(id, query),
            ExprKind::Array(items) => self.array(id, items, None),
            ExprKind::Row { items, .. } => {
                self.row_items(items);
                of(TypeId::RECORD, Some(false))
            }
            ExprKind::Call(call) => self.call(id, call),
            ExprKind::Coalesce(args) => {
                let before = self.level().last_set.take();
                self.exprs(args);
                self.no_sets("COALESCE", before);
                let ids: Vec<_> = args.iter().copied().map(Some).collect();
                ExprInfo { ty: self.unify(&ids, "COALESCE"), nullable: self.coalesce_nullable(args) }
            }
            ExprKind::NullIf(lhs, rhs) => self.null_if(id, *lhs, *rhs),
            ExprKind::MinMax { greatest, args } => {
                self.exprs(args);
                let ids: Vec<_> = args.iter().copied().map(Some).collect();
                let ty = self.unify(&ids, if *greatest { "GREATEST" } else { "LEAST" });
                ExprInfo { ty, nullable: self.coalesce_nullable(args) }
            }
            ExprKind::SqlValue { name, precision } => self.sql_value(id, name, *precision),
            ExprKind::Grouping(args) => {
                if args.len() > MAX_GROUPING_ARGUMENTS {
                    let at = self.expr_node(id).range;
                    self.refuse(code::TOO_MANY_ARGUMENTS, at, "GROUPING must have fewer than 32 arguments");
                }
                self.exprs(args);
                self.note_grouping(id, args);
                of(TypeId::INT4, Some(false))
            }
            ExprKind::Case { operand, whens, else_ } => self.case(*operand, whens, *else_),
            ExprKind::Field { expr, name } => self.field(id, *expr, name),
            ExprKind::FieldStar(expr) => {
                self.expr(*expr);
                UNKNOWN_INFO
            }
            ExprKind::Subscript { expr, subscripts } => self.subscript(id, *expr, subscripts),
            ExprKind::Collate { expr, collation } => self.collate(id, *expr, collation),
            ExprKind::SqlFunction { name, args, returning } => {
                self.sql_function(id, name, args, returning.as_ref())
            }
            ExprKind::Default => {
                let at = self.expr_node(id).range;
                self.refuse(code::SYNTAX_ERROR, at, "DEFAULT is not allowed in this context");
                UNKNOWN_INFO
            }
            ExprKind::CurrentOf(_) => of(TypeId::BOOL, Some(false)),
            ExprKind::Paren(inner) => {
                let info = self.expr(*inner);
                let resolved = self.resolved(*inner);
                self.set_resolved(id, resolved);
                info
            }
        }
    }

    fn bool_expr(&mut self, op: BoolOp, args: &[ExprId]) -> ExprInfo {
        let construct = if op == BoolOp::And { "AND" } else { "OR" };
        for &arg in args {
            self.condition(arg, construct);
        }
        of(TypeId::BOOL, self.strict_nullable(args))
    }

    fn is_test(&mut self, expr: ExprId, test: &IsTest, negated: bool) -> ExprInfo {
        self.expr(expr);
        let word = match test {
            IsTest::True => Some("TRUE"),
            IsTest::False => Some("FALSE"),
            IsTest::Unknown => Some("UNKNOWN"),
            _ => None,
        };
        let not = if negated { "NOT " } else { "" };
        match (word, test) {
            (Some(word), _) => self.must_be(expr, TypeId::BOOL, &format!("IS {not}{word}")),
            (None, IsTest::Document) => self.must_be(expr, TypeId::XML, &format!("IS {not}DOCUMENT")),
            (None, IsTest::Normalized) => {
                self.decide_text(expr);
                let at = self.token_after(self.expr_node(expr).range.end());
                let ty = self.ty(expr);
                self.must_be_called("is_normalized", &[ty], at);
            }
            (None, IsTest::Json) => {
                self.decide_text(expr);
                self.must_hold_json(expr);
            }
            _ => {
                // `$1 IS NULL` alone leaves the parameter undecided.
                if matches!(self.bare(expr), ExprKind::Literal(_)) {
                    self.decide_text(expr);
                }
            }
        }
        let nullable = match test {
            IsTest::Document | IsTest::Normalized | IsTest::Json => self.info(expr).nullable,
            _ => Some(false),
        };
        of(TypeId::BOOL, nullable)
    }

    /// `CAST(x AS t)` (`transformTypeCast`).
    fn cast(&mut self, expr: ExprId, ty: &'a TypeName, style: CastStyle, id: ExprId) -> ExprInfo {
        let target = self.type_name(ty);
        let inner = self.unparen(expr);
        if let (ExprKind::Array(items), Ty::Known(array)) = (&self.expr_node(inner).kind, target)
            && self.catalog.element_type(array.id).is_some()
        {
            let info = self.array(inner, items, Some(array));
            self.set_info(inner, info);
            self.set_info(expr, info);
        } else if matches!(&self.expr_node(inner).kind, ExprKind::Array(items) if items.is_empty())
            && target == Ty::Unknown
        {
            // The cast says what it is, in a type that is not known here.
            self.set_info(inner, UNKNOWN_INFO);
            self.set_info(expr, UNKNOWN_INFO);
        } else {
            self.expr(expr);
        }
        let pseudo = match target {
            Ty::Known(to) => self.cast_to_pseudo(expr, to),
            Ty::Unknown => PseudoCast::Ordinary,
        };
        if let PseudoCast::Done(info) = pseudo {
            return info;
        }
        let from = self.ty(expr);
        // A row is a record already.
        if let (Ty::Known(row), Ty::Known(to)) = (from, target)
            && to.id == TypeId::RECORD
            && self
                .type_info(row.id)
                .is_some_and(|it| matches!(it.kind, crate::catalog::TypeKind::Composite { .. }))
        {
            return self.info(expr);
        }
        let row = match target {
            Ty::Known(to) => self.coerce_row(expr, to, CoercionContext::Explicit),
            Ty::Unknown => None,
        };
        if self.typed
            && (matches!(pseudo, PseudoCast::Refused)
                || row == Some(false)
                || row.is_none() && self.coerce(expr, target, CoercionContext::Explicit).is_no())
            && let (Ty::Known(from), Ty::Known(to)) = (from, target)
        {
            let message =
                format!("cannot cast type {} to {}", self.format_id(from.id), self.format_id(to.id));
            let at = match style {
                CastStyle::Colons => self.colons(expr, ty),
                _ => self.expr_node(id).range,
            };
            self.report(code::CANNOT_COERCE, at, message);
        }
        let at = self.expr_node(id).range;
        self.note_cast(from, target, at);
        // A composite is a record as it is, and stays what it is (`coerce_type`).
        if let (Ty::Known(given), Ty::Known(to)) = (from, target)
            && to.id == TypeId::RECORD
            && self.is_composite(self.base(given.id))
        {
            return ExprInfo { ty: from, nullable: self.info(expr).nullable };
        }
        ExprInfo { ty: target, nullable: self.cast_nullable(from, target, self.info(expr).nullable) }
    }

    /// The `::` of a cast.
    fn colons(&self, expr: ExprId, ty: &TypeName) -> crate::base::text::TextRange {
        self.word_before(ty.range.start(), "::")
            .map_or_else(|| self.expr_node(expr).range, |it| it.cover(ty.range))
    }

    /// `ARRAY[…]` (`transformArrayExpr`); `target` is the array type of a cast around it.
    fn array(&mut self, id: ExprId, items: &'a [ExprId], target: Option<Type>) -> ExprInfo {
        let element = target.and_then(|it| self.catalog.element_type(it.id));
        let mut nested = false;
        for &item in items {
            if let (ExprKind::Array(inner), Some(array)) = (&self.expr_node(self.unparen(item)).kind, target)
            {
                let bare = self.unparen(item);
                let info = self.array(bare, inner, Some(array));
                self.set_info(bare, info);
                self.set_info(item, info);
                nested = true;
                continue;
            }
            self.expr(item);
            // A domain over an array is an element like others.
            let is_array = matches!(self.ty(item), Ty::Known(ty) if self
                .type_info(ty.id)
                .is_some_and(|it| it.kind == crate::catalog::TypeKind::Array));
            nested |= is_array || matches!(self.bare(item), ExprKind::Array(_));
        }
        let not_null = Some(false);
        if let (Some(array), Some(element)) = (target, element) {
            let wanted = if nested {
                Ty::Known(Type::plain(array.id))
            } else {
                Ty::Known(Type { id: element, typmod: array.typmod })
            };
            for &item in items {
                let from = self.ty(item);
                if self.coerce(item, wanted, CoercionContext::Explicit).is_no()
                    && let (Ty::Known(from), Ty::Known(to)) = (from, wanted)
                {
                    let message =
                        format!("cannot cast type {} to {}", self.format_id(from.id), self.format_id(to.id));
                    let at = self.place(item);
                    self.refuse(code::CANNOT_COERCE, at, message);
                }
            }
            return ExprInfo { ty: Ty::Known(array), nullable: not_null };
        }
        if items.is_empty() {
            let at = self.expr_node(id).range;
            if self.typed {
                self.report(code::INDETERMINATE_DATATYPE, at, "cannot determine type of empty array")
                    .hint("Explicitly cast to the desired type, for example ARRAY[]::integer[].");
            }
            return UNKNOWN_INFO;
        }
        let ids: Vec<_> = items.iter().copied().map(Some).collect();
        let common = self.unify(&ids, "ARRAY");
        let Ty::Known(common) = common else { return ExprInfo { ty: Ty::Unknown, nullable: not_null } };
        // The modifier of the elements is the array's (`exprTypmod`).
        let of_elements = |id| Ty::Known(Type { id, typmod: common.typmod });
        let ty = match self.catalog.array_type(common.id) {
            _ if nested => of_elements(common.id),
            Some(array) => of_elements(array),
            None => Ty::Unknown,
        };
        ExprInfo { ty, nullable: not_null }
    }

    /// The items of a row; `t.*` inside stands for its columns.
    pub fn row_items(&mut self, items: &'a [ExprId]) {
        for &item in items {
            match &self.expr_node(item).kind {
                ExprKind::Star { qualifier } => {
                    self.star(item, qualifier);
                }
                _ => {
                    self.expr(item);
                }
            }
            // A record's fields are decided at last.
        }
    }

    fn case(
        &mut self,
        operand: Option<ExprId>,
        whens: &[(ExprId, ExprId)],
        else_: Option<ExprId>,
    ) -> ExprInfo {
        let before = self.level().last_set.take();
        if let Some(operand) = operand {
            self.expr(operand);
            self.decide_text(operand);
        }
        for &(when, then) in whens {
            match operand {
                Some(operand) => {
                    self.expr(when);
                    let start = self.expr_node(when).range.start();
                    let at = self.word_before(start, "when").unwrap_or(self.expr_node(when).range);
                    self.compare("=", operand, when, at);
                }
                None => self.condition(when, "CASE/WHEN"),
            }
            self.expr(then);
        }
        if let Some(else_) = else_ {
            self.expr(else_);
        }
        self.no_sets("CASE", before);
        // The ELSE result counts as the first, also when it is not written.
        let mut ids = vec![else_];
        ids.extend(whens.iter().map(|it| Some(it.1)));
        let ty = self.unify(&ids, "CASE");
        let results = whens.iter().map(|it| self.info(it.1).nullable).chain([match else_ {
            Some(it) => self.info(it).nullable,
            None => Some(true),
        }]);
        ExprInfo { ty, nullable: super::nullable::any(results) }
    }

    /// COALESCE and CASE take no set-returning functions.
    fn no_sets(&mut self, construct: &str, before: Option<ExprId>) {
        if let Some(set) = self.level().last_set {
            let at = self.place(set);
            let message = format!("set-returning functions are not allowed in {construct}");
            if self.typed {
                self.report(code::FEATURE_NOT_SUPPORTED, at, message)
                    .hint("You might be able to move the set-returning function into a LATERAL FROM item.");
            }
        }
        let level = self.level();
        level.last_set = level.last_set.or(before);
    }

    fn collate(&mut self, id: ExprId, expr: ExprId, collation: &'a QName) -> ExprInfo {
        let info = self.expr(expr);
        let at = self.collation_range(id, expr);
        if self.typed && self.missing_collation(collation, at, false) {
            return info;
        }
        self.use_collation(collation);
        if let Ty::Known(ty) = info.ty
            && ty.id != TypeId::UNKNOWN
            && self
                .type_info(ty.id)
                .is_some_and(|it| !it.collatable && it.kind != crate::catalog::TypeKind::Opaque)
        {
            let message = format!("collations are not supported by type {}", self.format_id(ty.id));
            self.refuse(code::DATATYPE_MISMATCH, at, message);
        }
        info
    }

    fn sql_value(&mut self, id: ExprId, name: &str, precision: Option<ExprId>) -> ExprInfo {
        let at = self.expr_node(id).range;
        self.note_mutable(at);
        let typmod = match precision.map(|it| &self.expr_node(it).kind) {
            Some(ExprKind::Literal(Literal::Integer(it))) => i32::try_from(*it).unwrap_or(-1).min(6),
            _ => -1,
        };
        if let Some(precision) = precision {
            self.expr(precision);
        }
        let id = match name {
            "CURRENT_DATE" => return of(TypeId::DATE, Some(false)),
            "CURRENT_TIME" => TypeId::TIMETZ,
            "CURRENT_TIMESTAMP" => TypeId::TIMESTAMPTZ,
            "LOCALTIME" => TypeId::TIME,
            "LOCALTIMESTAMP" => TypeId::TIMESTAMP,
            "CURRENT_SCHEMA" => return of(TypeId::NAME, None),
            "CURRENT_ROLE" | "CURRENT_USER" | "USER" | "SESSION_USER" | "CURRENT_CATALOG" | "SYSTEM_USER" => {
                let id = if name == "SYSTEM_USER" { TypeId::TEXT } else { TypeId::NAME };
                return of(id, if name == "SYSTEM_USER" { None } else { Some(false) });
            }
            _ => return UNKNOWN_INFO,
        };
        ExprInfo { ty: Ty::Known(Type { id, typmod }), nullable: Some(false) }
    }

    /// A set-returning call stands at a place that allows it, or is reported.
    pub fn note_set(&mut self, id: ExprId) {
        self.set_resolved(id, Resolved::SetReturning);
        self.level().last_set = Some(id);
        if let Some(words) = self.level().place.refuses_sets() {
            let at = self.place(id);
            self.refuse(
                code::FEATURE_NOT_SUPPORTED,
                at,
                format!("set-returning functions are not allowed in {words}"),
            );
        }
    }
}

/// One bit of an integer for each (`transformGroupingFunc`).
const MAX_GROUPING_ARGUMENTS: usize = 31;

fn literal_info(literal: &Literal) -> ExprInfo {
    match literal {
        Literal::Null => ExprInfo { ty: UNDECIDED, nullable: Some(true) },
        Literal::Bool(_) => of(TypeId::BOOL, Some(false)),
        Literal::Integer(value) => {
            of(if i32::try_from(*value).is_ok() { TypeId::INT4 } else { TypeId::INT8 }, Some(false))
        }
        Literal::Numeric(_) => of(TypeId::NUMERIC, Some(false)),
        Literal::String(_) => ExprInfo { ty: UNDECIDED, nullable: Some(false) },
        Literal::Bit(_) => of(TypeId::BIT, Some(false)),
    }
}
