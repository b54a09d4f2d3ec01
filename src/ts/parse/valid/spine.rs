//! What leans to the left (`a.b().c + d as T`): followed without recursion.

use oxc_ast::ast::{
    BinaryExpression, CallExpression, ChainElement, ComputedMemberExpression, Expression, LogicalExpression,
    PrivateFieldExpression, SimpleAssignmentTarget, StaticMemberExpression, TSAsExpression,
    TSNonNullExpression, TSSatisfiesExpression, TaggedTemplateExpression,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

use super::{Lower, text_range};
use crate::base::text::{TextRange, range};
use crate::ts::hir::{ExprId, ExprKind};
use crate::ts::parse::generics;

/// An expression around the one to its left.
pub(super) enum Around<'n, 'a> {
    Call(&'n CallExpression<'a>),
    Tagged(&'n TaggedTemplateExpression<'a>),
    Static(&'n StaticMemberExpression<'a>),
    Computed(&'n ComputedMemberExpression<'a>),
    Private(&'n PrivateFieldExpression<'a>),
    NonNull(&'n TSNonNullExpression<'a>),
    Satisfies(&'n TSSatisfiesExpression<'a>),
    As(&'n TSAsExpression<'a>),
    Binary(&'n BinaryExpression<'a>),
    Logical(&'n LogicalExpression<'a>),
}

impl<'n, 'a> Around<'n, 'a> {
    pub fn left(&self) -> &'n Expression<'a> {
        match self {
            Around::Call(it) => &it.callee,
            Around::Tagged(it) => &it.tag,
            Around::Static(it) => &it.object,
            Around::Computed(it) => &it.object,
            Around::Private(it) => &it.object,
            Around::NonNull(it) => &it.expression,
            Around::Satisfies(it) => &it.expression,
            Around::As(it) => &it.expression,
            Around::Binary(it) => &it.left,
            Around::Logical(it) => &it.left,
        }
    }

    fn of_chain(element: &'n ChainElement<'a>) -> Around<'n, 'a> {
        match element {
            ChainElement::CallExpression(it) => Around::Call(it),
            ChainElement::TSNonNullExpression(it) => Around::NonNull(it),
            ChainElement::ComputedMemberExpression(it) => Around::Computed(it),
            ChainElement::StaticMemberExpression(it) => Around::Static(it),
            ChainElement::PrivateFieldExpression(it) => Around::Private(it),
        }
    }

    /// `None`: the target leans on nothing.
    pub fn of_target(target: &'n SimpleAssignmentTarget<'a>) -> Option<Around<'n, 'a>> {
        Some(match target {
            SimpleAssignmentTarget::TSAsExpression(it) => Around::As(it),
            SimpleAssignmentTarget::TSSatisfiesExpression(it) => Around::Satisfies(it),
            SimpleAssignmentTarget::TSNonNullExpression(it) => Around::NonNull(it),
            SimpleAssignmentTarget::ComputedMemberExpression(it) => Around::Computed(it),
            SimpleAssignmentTarget::StaticMemberExpression(it) => Around::Static(it),
            SimpleAssignmentTarget::PrivateFieldExpression(it) => Around::Private(it),
            SimpleAssignmentTarget::AssignmentTargetIdentifier(_)
            | SimpleAssignmentTarget::TSTypeAssertion(_) => return None,
        })
    }
}

/// The first expression to the left that leans on nothing; what leans on it is pushed, outermost first.
fn descend<'n, 'a>(mut current: &'n Expression<'a>, spine: &mut Vec<Around<'n, 'a>>) -> &'n Expression<'a> {
    loop {
        let around = match current {
            Expression::ParenthesizedExpression(it) => {
                current = &it.expression;
                continue;
            }
            Expression::TSInstantiationExpression(it) => {
                current = &it.expression;
                continue;
            }
            Expression::ChainExpression(it) => Around::of_chain(&it.expression),
            Expression::CallExpression(it) => Around::Call(it),
            Expression::TaggedTemplateExpression(it) => Around::Tagged(it),
            Expression::StaticMemberExpression(it) => Around::Static(it),
            Expression::ComputedMemberExpression(it) => Around::Computed(it),
            Expression::PrivateFieldExpression(it) => Around::Private(it),
            Expression::TSNonNullExpression(it) => Around::NonNull(it),
            Expression::TSSatisfiesExpression(it) => Around::Satisfies(it),
            Expression::TSAsExpression(it) => Around::As(it),
            Expression::BinaryExpression(it) => Around::Binary(it),
            Expression::LogicalExpression(it) => Around::Logical(it),
            _ => return current,
        };
        current = around.left();
        spine.push(around);
    }
}

impl<'t> Lower<'t> {
    pub(super) fn expr(&mut self, expr: &Expression<'_>) -> ExprId {
        if !self.enter() {
            return self.missing(text_range(expr.span()));
        }
        let mut spine = Vec::new();
        let atom = descend(expr, &mut spine);
        let id = self.atom(atom);
        let id = self.unwind(id, spine);
        self.leave();
        id
    }

    /// An expression that is known to lean on another.
    pub(super) fn leaning(&mut self, around: Around<'_, '_>) -> ExprId {
        if !self.enter() {
            return self.missing(TextRange::default());
        }
        let left = around.left();
        let mut spine = vec![around];
        let atom = descend(left, &mut spine);
        let id = self.atom(atom);
        let id = self.unwind(id, spine);
        self.leave();
        id
    }

    fn unwind(&mut self, mut id: ExprId, mut spine: Vec<Around<'_, '_>>) -> ExprId {
        while let Some(around) = spine.pop() {
            id = self.wrap(&around, id);
        }
        id
    }

    fn wrap(&mut self, around: &Around<'_, '_>, left: ExprId) -> ExprId {
        match around {
            Around::Call(it) => {
                let type_args = match &it.type_arguments {
                    Some(types) => types.params.iter().map(|it| self.name(it.span())).collect(),
                    None => Vec::new(),
                };
                let args = self.arguments(&it.arguments);
                self.note_mutation(left, &args);
                let kind = ExprKind::Call { callee: left, args, type_args, optional: it.optional };
                self.alloc(kind, text_range(it.span))
            }
            Around::Tagged(it) => {
                let gap = usize::from(self.module.expr(left).range.end())..it.quasi.span.start as usize;
                let type_args = generics::split(self.text.get(gap).unwrap_or(""));
                self.template(&it.quasi, text_range(it.span), Some(left), type_args)
            }
            Around::Static(it) => self.member(it.span, left, it.property.span, it.optional),
            Around::Private(it) => self.member(it.span, left, it.field.span, it.optional),
            Around::Computed(it) => {
                let index = self.expr(&it.expression);
                self.index(left, index, it.optional, text_range(it.span))
            }
            Around::NonNull(it) => self.assertion(left, SmolStr::default(), it.span),
            Around::Satisfies(it) => self.assertion(left, SmolStr::default(), it.span),
            Around::As(it) => {
                let start = it.type_annotation.span().start;
                let ty = self.source(Span::new(start, it.span.end)).trim().into();
                self.assertion(left, ty, it.span)
            }
            Around::Binary(it) => {
                let right = self.expr(&it.right);
                self.binary(SmolStr::new_static(it.operator.as_str()), left, right, text_range(it.span))
            }
            Around::Logical(it) => {
                let right = self.expr(&it.right);
                self.binary(SmolStr::new_static(it.operator.as_str()), left, right, text_range(it.span))
            }
        }
    }

    pub(super) fn assertion(&mut self, expr: ExprId, ty: SmolStr, span: Span) -> ExprId {
        self.alloc(ExprKind::Assertion { expr, ty }, text_range(span))
    }

    fn member(&mut self, span: Span, object: ExprId, name: Span, optional: bool) -> ExprId {
        let name_range = range(name.start as usize, name.end as usize);
        let kind = ExprKind::Member { object, name: self.name(name), name_range, optional };
        self.alloc(kind, text_range(span))
    }
}
