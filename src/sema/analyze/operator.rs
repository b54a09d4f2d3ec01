//! Operators and what is written like one: comparisons of rows, LIKE, BETWEEN, IN (…), ANY (array)
//! (`make_op`, `make_scalar_array_op`, `make_row_comparison_op`, `transformAExpr*`).

use crate::base::text::TextRange;
use crate::catalog::TypeId;
use crate::sema::resolve::{self, OpOutcome};
use crate::sema::{ExprInfo, Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, LikeKind, Literal, OpName};

use super::binder::{Binder, UNDECIDED, UNKNOWN_INFO, known};
use super::nullable;
use super::scope::Resolved;

/// One side of an operator: an expression, or a value that is none (a subquery's column).
#[derive(Debug, Clone, Copy)]
pub struct Operand {
    pub ty: Ty,
    pub id: Option<ExprId>,
    pub nullable: Option<bool>,
}

/// What an operator gives, and what its left side became.
#[derive(Debug, Clone, Copy)]
pub struct Applied {
    pub info: ExprInfo,
    pub left: Ty,
}

const BOOL_UNKNOWN: ExprInfo = ExprInfo { ty: known_bool(), nullable: None };

const fn known_bool() -> Ty {
    Ty::Known(crate::catalog::Type { id: TypeId::BOOL, typmod: -1 })
}

impl<'a> Binder<'a> {
    pub fn operand(&self, id: ExprId) -> Operand {
        let info = self.info(id);
        Operand { ty: info.ty, id: Some(id), nullable: info.nullable }
    }

    pub fn operator(&mut self, op: &'a OpName, lhs: Option<ExprId>, rhs: ExprId) -> ExprInfo {
        if let Some(info) = self.row_operator(op, lhs, rhs) {
            return info;
        }
        if let Some(lhs) = lhs {
            self.expr(lhs);
        }
        self.expr(rhs);
        let schema = op.schema.last().map(|it| it.ident.clone());
        let left = lhs.map(|it| self.operand(it));
        let right = self.operand(rhs);
        self.apply(schema.as_ref(), &op.op, left, right, op.range).info
    }

    /// Looks an operator up and converts its operands (`make_op`).
    pub fn apply(
        &mut self,
        schema: Option<&Ident>,
        op: &str,
        left: Option<Operand>,
        right: Operand,
        at: TextRange,
    ) -> Applied {
        let unknown = Applied { info: UNKNOWN_INFO, left: Ty::Unknown };
        if !self.typed || op.starts_with(crate::sql::ident::DYNAMIC_MARK) {
            return unknown;
        }
        match resolve::operator(self.catalog, schema, op, left.map(|it| it.ty), right.ty) {
            OpOutcome::Resolved(found) => {
                self.note_operator(&found, left.map(|it| it.ty), right.ty, at);
                if let (Some(Operand { id: Some(id), .. }), Some(target)) = (left, found.lhs) {
                    self.coerce_operand(id, target);
                }
                if let Some(id) = right.id {
                    self.coerce_operand(id, found.rhs);
                }
                let nullable = nullable::of_operator(&found, left.and_then(|it| it.nullable), right.nullable);
                Applied {
                    info: ExprInfo { ty: known(found.result), nullable },
                    left: found.lhs.map_or(Ty::Unknown, known),
                }
            }
            OpOutcome::Refused(refusal) => {
                let problem = self.report(refusal.code, at, refusal.message);
                problem.hint = refusal.hint;
                self.forget_params(left.and_then(|it| it.id));
                self.forget_params(right.id);
                // Whatever was meant, a comparison is boolean.
                if is_comparison(op) { Applied { info: BOOL_UNKNOWN, left: Ty::Unknown } } else { unknown }
            }
            OpOutcome::Unknown(result) => {
                self.forget_params(left.and_then(|it| it.id));
                self.forget_params(right.id);
                Applied { info: ExprInfo { ty: result, nullable: None }, left: Ty::Unknown }
            }
        }
    }

    fn coerce_operand(&mut self, id: ExprId, target: TypeId) {
        if Self::is_polymorphic(target) {
            return;
        }
        // Only a project's own take rows of a certain type.
        match target.is_user() {
            true => self.coerce_argument(id, target),
            false if self.is_undecided(id) => self.decide(id, known(target)),
            false => {}
        }
    }

    /// An undecided side of an operator that is not understood stays open, in silence.
    pub fn forget_params(&mut self, id: Option<ExprId>) {
        if let Some(id) = id
            && self.is_undecided(id)
        {
            self.decide(id, Ty::Unknown);
        }
    }

    /// `lhs op rhs` of two analysed expressions, as a condition of CASE, JOIN and so on.
    pub fn compare(&mut self, op: &str, lhs: ExprId, rhs: ExprId, at: TextRange) -> ExprInfo {
        let (left, right) = (self.operand(lhs), self.operand(rhs));
        self.apply(None, op, Some(left), right, at).info
    }

    /// Rows on both sides, or a row and a subquery; `None`: an operator like any other.
    fn row_operator(&mut self, op: &'a OpName, lhs: Option<ExprId>, rhs: ExprId) -> Option<ExprInfo> {
        let ExprKind::Row { items: left, .. } = self.bare(lhs?) else { return None };
        match self.bare(rhs) {
            ExprKind::Row { items: right, .. } => {
                self.expr(lhs?);
                self.expr(rhs);
                Some(self.compare_rows(&op.op, left, right, op.range))
            }
            ExprKind::Subquery(query) => {
                self.expr(lhs?);
                let shape = self.query(query, true);
                let Some(outer) = self.row_operands(left) else {
                    left.iter().for_each(|it| self.forget_params(Some(*it)));
                    return Some(BOOL_UNKNOWN);
                };
                Some(self.compare_with_query(&op.op, outer, &shape, op.range))
            }
            _ => None,
        }
    }

    /// The values of an analysed row; `t.*` stands for its columns. `None`: not all of them are known.
    pub fn row_operands(&self, items: &[ExprId]) -> Option<Vec<Operand>> {
        let mut res = Vec::with_capacity(items.len());
        for &item in items {
            let row = match self.bare(item) {
                ExprKind::Star { .. } => Some(item),
                ExprKind::FieldStar(row) => Some(*row),
                ExprKind::Missing => return None,
                _ if self.may_be_several(item) => return None,
                _ => None,
            };
            let Some(row) = row else {
                res.push(self.operand(item));
                continue;
            };
            let columns = match self.resolved(self.unparen(row)) {
                Resolved::WholeRow(rte) if !self.rte(rte).open => {
                    self.rte(rte).columns.iter().map(|it| it.ty).collect::<Vec<_>>()
                }
                Resolved::WholeRow(_) => return None,
                _ => self.row_columns(row)?.into_iter().map(|it| it.1).collect(),
            };
            res.extend(columns.into_iter().map(|ty| Operand { ty, id: None, nullable: None }));
        }
        Some(res)
    }

    /// `(a, b) = (c, d)`.
    pub fn compare_rows(&mut self, op: &str, left: &[ExprId], right: &[ExprId], at: TextRange) -> ExprInfo {
        let (Some(left), Some(right)) = (self.row_operands(left), self.row_operands(right)) else {
            left.iter().chain(right).for_each(|it| self.forget_params(Some(*it)));
            return BOOL_UNKNOWN;
        };
        if left.len() != right.len() {
            self.refuse(code::SYNTAX_ERROR, at, "unequal number of entries in row expressions");
            return BOOL_UNKNOWN;
        }
        if left.is_empty() && self.typed {
            self.refuse(code::FEATURE_NOT_SUPPORTED, at, "cannot compare rows of zero length");
            return BOOL_UNKNOWN;
        }
        let mut nullables = Vec::new();
        let mut certain = true;
        let mut own = false;
        for (&l, &r) in left.iter().zip(&right) {
            own |= self.is_own_operator(None, op, l.ty, r.ty);
            let applied = self.apply(None, op, Some(l), r, at);
            nullables.push(applied.info.nullable);
            certain &= applied.info.ty == known(TypeId::BOOL);
            self.must_yield_bool(applied.info.ty, at, "row comparison operator must yield type boolean");
        }
        if certain && left.len() > 1 {
            self.must_be_of_btree(op, own, at);
        }
        ExprInfo { ty: known(TypeId::BOOL), nullable: nullable::any(nullables.into_iter()) }
    }

    /// Only operators of btree say how rows compare.
    pub fn must_be_of_btree(&mut self, op: &str, own: bool, at: TextRange) {
        let gaps = &self.catalog.gaps;
        let own = own && !gaps.classes && !gaps.functions;
        if own || ["~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*"].contains(&op) {
            let message = format!("could not determine interpretation of row comparison operator {op}");
            self.report(code::FEATURE_NOT_SUPPORTED, at, message)
                .hint("Row comparison operators must be associated with btree operator families.");
        }
    }

    /// One that the project makes, which no operator class has of itself.
    pub fn is_own_operator(&self, schema: Option<&Ident>, op: &str, left: Ty, right: Ty) -> bool {
        !self.catalog.objects.is_empty()
            && matches!(
                resolve::operator(self.catalog, schema, op, Some(left), right),
                OpOutcome::Resolved(it) if !it.decl.is_core() && it.decl.extension.is_none()
            )
    }

    pub fn must_yield_bool(&mut self, ty: Ty, at: TextRange, words: &str) {
        if let Ty::Known(ty) = ty
            && ty.id != TypeId::BOOL
        {
            let message = format!("{words}, not type {}", self.format_id(ty.id));
            self.refuse(code::DATATYPE_MISMATCH, at, message);
        }
    }

    pub fn is_distinct(&mut self, lhs: ExprId, rhs: ExprId) -> ExprInfo {
        let is_null = |it: ExprId, this: &Self| matches!(this.bare(it), ExprKind::Literal(Literal::Null));
        let res = ExprInfo { ty: known(TypeId::BOOL), nullable: Some(false) };
        self.expr(lhs);
        self.expr(rhs);
        if is_null(lhs, self) || is_null(rhs, self) {
            self.decide_literal(lhs);
            self.decide_literal(rhs);
            return res;
        }
        let at = self.token_after(self.expr_node(lhs).range.end());
        if let (ExprKind::Row { items: left, .. }, ExprKind::Row { items: right, .. }) =
            (self.bare(lhs), self.bare(rhs))
        {
            self.compare_rows("=", left, right, at);
            return res;
        }
        let applied = self.compare("=", lhs, rhs, at);
        self.must_yield_bool(applied.ty, at, "IS DISTINCT FROM requires = operator to yield boolean");
        res
    }

    fn decide_literal(&mut self, id: ExprId) {
        if matches!(self.bare(id), ExprKind::Literal(_)) {
            self.decide_text(id);
        }
    }

    pub fn null_if(&mut self, id: ExprId, lhs: ExprId, rhs: ExprId) -> ExprInfo {
        self.expr(lhs);
        self.expr(rhs);
        let at = self.expr_node(id).range;
        let (left, right) = (self.operand(lhs), self.operand(rhs));
        let applied = self.apply(None, "=", Some(left), right, at);
        let ty = match (left.ty, applied.left) {
            // Nothing was converted: the modifier stays.
            (Ty::Known(a), Ty::Known(b)) if a.id == b.id => left.ty,
            // A row compares as a record and stays what it is.
            (Ty::Known(a), Ty::Known(b)) if b.id == TypeId::RECORD && self.is_composite(self.base(a.id)) => {
                left.ty
            }
            (Ty::Known(_), Ty::Known(b)) if b.id == TypeId::RECORD_ARRAY => left.ty,
            (_, other) => other,
        };
        ExprInfo { ty, nullable: Some(true) }
    }

    /// The function of pg_catalog that a construct of the grammar stands for; whether there is none, which is reported.
    pub fn must_be_called(&mut self, name: &str, args: &[Ty], at: TextRange) -> bool {
        use crate::sema::resolve::{ArgTy, CallShape, FuncOutcome, function};
        if !self.typed || args.contains(&Ty::Unknown) {
            return false;
        }
        let schema = crate::sql::Ident::new("pg_catalog");
        let given: Vec<ArgTy<'_>> = args.iter().map(|ty| ArgTy { name: None, ty: *ty }).collect();
        let name = crate::sql::Ident::new(name);
        let FuncOutcome::Refused(refusal) =
            function(self.catalog, Some(&schema), &name, &given, CallShape::default())
        else {
            return false;
        };
        // Open texts are chosen among as elsewhere; what is refused is certain only for the missing.
        if refusal.code != code::UNDEFINED_FUNCTION {
            return false;
        }
        self.report(refusal.code, at, refusal.message).hint = refusal.hint;
        true
    }

    pub fn like(
        &mut self,
        kind: LikeKind,
        negated: bool,
        expr: ExprId,
        pattern: ExprId,
        escape: Option<ExprId>,
        at: TextRange,
    ) -> ExprInfo {
        self.expr(expr);
        self.expr(pattern);
        if let (LikeKind::Like, None, ExprKind::Row { items: left, .. }, ExprKind::Row { items: right, .. }) =
            (kind, escape, self.bare(expr), self.bare(pattern))
        {
            return self.compare_rows(if negated { "!~~" } else { "~~" }, left, right, at);
        }
        let text = known(TypeId::TEXT);
        let mut right = self.operand(pattern);
        if let Some(escape) = escape {
            self.expr(escape);
            self.decide_text(escape);
        }
        if escape.is_some() || kind == LikeKind::SimilarTo {
            let name = if kind == LikeKind::SimilarTo { "similar_to_escape" } else { "like_escape" };
            let args: Vec<Ty> =
                [Some(right.ty), escape.map(|it| self.ty(it))].into_iter().flatten().collect();
            if self.must_be_called(name, &args, at) {
                return ExprInfo { ty: known(TypeId::BOOL), nullable: None };
            }
            // The pattern goes through like_escape() or similar_to_escape().
            let bytes = right.ty == known(TypeId::BYTEA) && kind != LikeKind::SimilarTo;
            self.decide_text(pattern);
            let parts = [Some(pattern), escape].into_iter().flatten().map(|it| self.info(it).nullable);
            let nullable = nullable::any(parts);
            right = Operand { ty: if bytes { right.ty } else { text }, id: None, nullable };
        }
        let left = self.operand(expr);
        self.apply(None, kind.operator(negated), Some(left), right, at).info
    }

    pub fn between(
        &mut self,
        expr: ExprId,
        low: ExprId,
        high: ExprId,
        negated: bool,
        symmetric: bool,
    ) -> ExprInfo {
        self.exprs(&[expr, low]);
        let at = self.token_after(self.expr_node(expr).range.end());
        let (first, second) = if negated { ("<", ">") } else { (">=", "<=") };
        let before = self.ty(expr);
        let mut comparisons = vec![(first, low), (second, high)];
        if symmetric {
            comparisons.extend([(first, high), (second, low)]);
        }
        let mut bounds = (self.ty(low), UNDECIDED);
        for (idx, (op, bound)) in comparisons.into_iter().enumerate() {
            // The second comparison is looked at when the first is done: what that decides is decided.
            if idx == 1 {
                self.expr(high);
                bounds.1 = self.ty(high);
            }
            // PostgreSQL copies the expressions as written, so that each comparison decides a literal anew; a
            // parameter has its type by then.
            let used = [(expr, before, idx > 0), (low, bounds.0, idx > 1), (high, bounds.1, idx > 1)];
            for (id, ty, again) in used {
                if again && !matches!(self.bare(id), ExprKind::Param(_)) {
                    self.reopen(id, ty);
                }
            }
            self.compare(op, expr, bound, at);
        }
        ExprInfo { ty: known(TypeId::BOOL), nullable: self.strict_nullable(&[expr, low, high]) }
    }

    /// An expression that is used again as it was written.
    fn reopen(&mut self, id: ExprId, before: Ty) {
        if before != UNDECIDED {
            return;
        }
        let mut id = id;
        self.set_ty(id, before);
        while let ExprKind::Paren(inner) = self.expr_node(id).kind {
            id = inner;
            self.set_ty(id, before);
        }
    }

    /// `x IN (a, b)` (`transformAExprIn`).
    pub fn in_list(&mut self, expr: ExprId, list: &'a [ExprId], negated: bool, at: TextRange) -> ExprInfo {
        self.expr(expr);
        self.exprs(list);
        let mut all = vec![expr];
        all.extend(list);
        let res = ExprInfo { ty: known(TypeId::BOOL), nullable: self.strict_nullable(&all) };
        let op = if negated { "<>" } else { "=" };
        let row = match self.bare(expr) {
            ExprKind::Row { items, .. } => Some(items),
            _ => None,
        };
        // Constants become one array, if they have a type in common; the rest is compared one by one.
        let (plain, vars): (Vec<ExprId>, Vec<ExprId>) = list.iter().partition(|it| !self.contains_vars(**it));
        let mut single = vars;
        // Each comparison has the left side as it was written.
        let before = self.ty(expr);
        let values: Vec<(ExprId, Ty)> = row.into_iter().flatten().map(|it| (*it, self.ty(*it))).collect();
        if plain.len() > 1 && row.is_none() {
            let types: Vec<Ty> = [expr].iter().chain(&plain).map(|it| self.ty(*it)).collect();
            let (common, problem) = self.common(&types, "IN");
            let is_record = common == known(TypeId::RECORD);
            match common {
                Ty::Known(ty)
                    if problem.is_none() && !is_record && self.catalog.array_type(ty.id).is_some() =>
                {
                    for &it in &plain {
                        self.coerce_implicit(it, common);
                    }
                    let left = self.operand(expr);
                    self.apply(None, op, Some(left), Operand { ty: common, id: None, nullable: None }, at);
                }
                Ty::Unknown if problem.is_none() => {
                    for &it in &all {
                        self.forget_params(Some(it));
                    }
                    return res;
                }
                _ => single = list.to_vec(),
            }
        } else {
            single = list.to_vec();
        }
        // A parameter gets its type in place, which the comparisons beside the array then have; without an array each
        // of them has a copy of its own.
        let decided = single.len() < list.len() && matches!(self.bare(expr), ExprKind::Param(_));
        for it in single {
            if !decided {
                self.reopen(expr, before);
            }
            for &(value, ty) in &values {
                self.reopen(value, ty);
            }
            match (row, self.bare(it)) {
                (Some(left), ExprKind::Row { items: right, .. }) => {
                    self.compare_rows(op, left, right, at);
                }
                _ => {
                    self.compare(op, expr, it, at);
                }
            }
        }
        res
    }

    /// `x = ANY (array)` (`make_scalar_array_op`).
    pub fn quantified_array(&mut self, lhs: ExprId, op: &'a OpName, array: ExprId) -> ExprInfo {
        self.expr(lhs);
        self.expr(array);
        let res = ExprInfo {
            ty: known(TypeId::BOOL),
            nullable: self.strict_nullable(&[lhs, array]).filter(|it| *it),
        };
        if !self.typed {
            return res;
        }
        let left = self.operand(lhs);
        let element = match self.ty(array) {
            UNDECIDED => UNDECIDED,
            Ty::Unknown => Ty::Unknown,
            Ty::Known(ty) => match self.catalog.element_type(ty.id) {
                Some(element) => known(element),
                None => {
                    self.refuse(
                        code::WRONG_OBJECT_TYPE,
                        op.range,
                        "op ANY/ALL (array) requires array on right side",
                    );
                    self.forget_params(Some(lhs));
                    return res;
                }
            },
        };
        let schema = op.schema.last().map(|it| it.ident.clone());
        let right = Operand { ty: element, id: None, nullable: None };
        let outcome = resolve::operator(self.catalog, schema.as_ref(), &op.op, Some(left.ty), right.ty);
        let applied = self.apply(schema.as_ref(), &op.op, Some(left), right, op.range);
        match outcome {
            OpOutcome::Resolved(found) => {
                if applied.info.ty != known(TypeId::BOOL) {
                    let message = "op ANY/ALL (array) requires operator to yield boolean";
                    self.refuse(code::WRONG_OBJECT_TYPE, op.range, message);
                }
                if self.is_undecided(array) {
                    // There are no arrays of arrays.
                    if self.catalog.element_type(found.rhs).is_some()
                        && self.catalog.array_type(found.rhs).is_none()
                    {
                        let ty = self.format_id(found.rhs);
                        let message = format!("could not find array type for data type {ty}");
                        self.refuse(code::UNDEFINED_OBJECT, op.range, message);
                    }
                    match self.catalog.array_type(found.rhs) {
                        Some(wanted) if !Self::is_polymorphic(found.rhs) => self.decide(array, known(wanted)),
                        _ => self.decide(array, Ty::Unknown),
                    }
                }
            }
            _ => self.forget_params(Some(array)),
        }
        res
    }
}

pub(super) fn is_comparison(op: &str) -> bool {
    matches!(
        op,
        "=" | "<>" | "<" | "<=" | ">" | ">=" | "~~" | "!~~" | "~~*" | "!~~*" | "~" | "!~" | "~*" | "!~*"
    )
}
