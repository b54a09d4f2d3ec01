//! Expressions that lean on nothing to their left.

use oxc_ast::ast::{
    Argument, ArrayExpression, ArrayExpressionElement, AssignmentExpression, AssignmentTarget, Expression,
    ImportExpression, JSXAttributeItem, JSXAttributeValue, JSXChild, JSXElement, JSXExpression, JSXFragment,
    ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyKey, PropertyKind, SimpleAssignmentTarget,
    SpreadElement, StringLiteral, TSTypeAssertion, TemplateLiteral,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

use super::spine::Around;
use super::{Lower, text_range};
use crate::base::text::{TextRange, range};
use crate::ts::hir::{ExprId, ExprKind, Prop, StringLit, Template};
use crate::ts::parse::build::Builder;

impl<'t> Lower<'t> {
    pub(super) fn atom(&mut self, expr: &Expression<'_>) -> ExprId {
        let span = expr.span();
        let range = text_range(span);
        match expr {
            Expression::Identifier(_) => self.reference(span),
            // `import.meta` is a name like any other to whoever follows names.
            Expression::ImportMeta(_) | Expression::NewTarget(_) => {
                let name = self.name(span);
                self.alloc(ExprKind::Ident(name), range)
            }
            Expression::ThisExpression(_) | Expression::Super(_) => self.alloc(ExprKind::This, range),
            Expression::BooleanLiteral(it) => self.alloc(ExprKind::Bool(it.value), range),
            Expression::NullLiteral(_) => self.alloc(ExprKind::Null, range),
            Expression::NumericLiteral(_) | Expression::BigIntLiteral(_) => {
                let text = self.source(span);
                self.number(text, range)
            }
            Expression::RegExpLiteral(_) => {
                let text = self.name(span);
                self.alloc(ExprKind::Regex(text), range)
            }
            Expression::StringLiteral(it) => self.string(it),
            Expression::TemplateLiteral(it) => self.template(it, range, None, Vec::new()),
            Expression::ArrayExpression(it) => self.array(it),
            Expression::ObjectExpression(it) => self.object(it),
            Expression::ArrowFunctionExpression(it) => self.arrow(it),
            Expression::FunctionExpression(it) => self.function(it, None, range),
            Expression::ClassExpression(it) => self.class(it),
            Expression::ConditionalExpression(it) => {
                let test = self.expr(&it.test);
                let then = self.expr(&it.consequent);
                let else_ = self.expr(&it.alternate);
                self.alloc(ExprKind::Conditional { test, then, else_ }, range)
            }
            Expression::UnaryExpression(it) => {
                let operand = self.expr(&it.argument);
                self.unary(it.operator.as_str(), operand, range)
            }
            Expression::UpdateExpression(it) => {
                let operand = self.target(&it.argument);
                self.unary(it.operator.as_str(), operand, range)
            }
            Expression::AssignmentExpression(it) => self.assignment(it),
            Expression::AwaitExpression(it) => {
                let operand = self.expr(&it.argument);
                self.alloc(ExprKind::Await(operand), range)
            }
            Expression::NewExpression(it) => {
                let callee = self.expr(&it.callee);
                let args = self.arguments(&it.arguments);
                self.alloc(ExprKind::New { callee, args }, range)
            }
            Expression::TSTypeAssertion(it) => self.type_assertion(it),
            Expression::SequenceExpression(it) => {
                let items = it.expressions.iter().map(|it| self.expr(it)).collect();
                self.sequence(items, range)
            }
            Expression::ImportExpression(it) => self.import_call(it),
            Expression::YieldExpression(it) => {
                let items = it.argument.iter().map(|it| self.expr(it)).collect();
                self.other(items, range)
            }
            Expression::PrivateInExpression(it) => {
                let right = self.expr(&it.right);
                self.other(vec![right], range)
            }
            Expression::JSXElement(it) => self.element(it),
            Expression::JSXFragment(it) => self.fragment(it),
            Expression::V8IntrinsicExpression(it) => {
                let items = self.arguments(&it.arguments);
                self.other(items, range)
            }
            // These lean to the left: `expr` has followed them.
            Expression::ParenthesizedExpression(_)
            | Expression::TSInstantiationExpression(_)
            | Expression::ChainExpression(_)
            | Expression::CallExpression(_)
            | Expression::TaggedTemplateExpression(_)
            | Expression::StaticMemberExpression(_)
            | Expression::ComputedMemberExpression(_)
            | Expression::PrivateFieldExpression(_)
            | Expression::TSNonNullExpression(_)
            | Expression::TSSatisfiesExpression(_)
            | Expression::TSAsExpression(_)
            | Expression::BinaryExpression(_)
            | Expression::LogicalExpression(_) => self.expr(expr),
        }
    }

    fn reference(&mut self, span: Span) -> ExprId {
        let kind = match self.source(span) {
            "undefined" => ExprKind::Undefined,
            name => ExprKind::Ident(name.into()),
        };
        self.alloc(kind, text_range(span))
    }

    fn unary(&mut self, op: &'static str, operand: ExprId, range: TextRange) -> ExprId {
        self.note_unary(op, operand);
        self.alloc(ExprKind::Unary { op: SmolStr::new_static(op), operand }, range)
    }

    /// What is assigned to, if it is one expression.
    fn target(&mut self, target: &SimpleAssignmentTarget<'_>) -> ExprId {
        match Around::of_target(target) {
            Some(around) => self.leaning(around),
            None => match target {
                SimpleAssignmentTarget::TSTypeAssertion(it) => self.type_assertion(it),
                other => self.reference(other.span()),
            },
        }
    }

    fn assignment(&mut self, it: &AssignmentExpression<'_>) -> ExprId {
        let left = match it.left.as_simple_assignment_target() {
            Some(target) => self.target(target),
            None => {
                self.assign_names(&it.left);
                self.missing(text_range(it.left.span()))
            }
        };
        self.note_assignment(left);
        let right = self.expr(&it.right);
        let op = SmolStr::new_static(it.operator.as_str());
        self.alloc(ExprKind::Assign { op, left, right }, text_range(it.span))
    }

    /// Notes the names in a pattern that is assigned to.
    pub(super) fn assign_names(&mut self, target: &AssignmentTarget<'_>) {
        let mut names = Vec::new();
        self.target_pattern(target, &mut names);
        self.note_names(names);
    }

    fn type_assertion(&mut self, it: &TSTypeAssertion<'_>) -> ExprId {
        let ty = self.name(it.type_annotation.span());
        let expr = self.expr(&it.expression);
        self.assertion(expr, ty, it.span)
    }

    fn import_call(&mut self, it: &ImportExpression<'_>) -> ExprId {
        let mut args = vec![self.expr(&it.source)];
        args.extend(it.options.iter().map(|it| self.expr(it)));
        self.dynamic_import(&args, text_range(it.span))
    }

    pub(super) fn arguments(&mut self, args: &[Argument<'_>]) -> Vec<ExprId> {
        args.iter()
            .map(|it| match it {
                Argument::SpreadElement(it) => self.spread(it),
                other => self.expr(other.to_expression()),
            })
            .collect()
    }

    fn spread(&mut self, it: &SpreadElement<'_>) -> ExprId {
        let operand = self.expr(&it.argument);
        self.alloc(ExprKind::Spread(operand), text_range(it.span))
    }

    fn string(&mut self, it: &StringLiteral<'_>) -> ExprId {
        let lit = self.literal(it.span);
        self.alloc(ExprKind::String(lit), text_range(it.span))
    }

    /// The string literal at `span`.
    pub(super) fn literal(&self, span: Span) -> StringLit {
        Builder::string_literal(self.source(span), span.start as usize)
    }

    pub(super) fn template(
        &mut self,
        it: &TemplateLiteral<'_>,
        whole: TextRange,
        tag: Option<ExprId>,
        type_args: Vec<SmolStr>,
    ) -> ExprId {
        let mut quasis = Vec::with_capacity(it.quasis.len());
        let mut holes = Vec::with_capacity(it.expressions.len());
        for (i, quasi) in it.quasis.iter().enumerate() {
            quasis.push(self.quasi(quasi.span.start as usize, quasi.span.end as usize));
            if let Some(hole) = it.expressions.get(i) {
                holes.push(self.expr(hole));
            }
        }
        let (start, end) = (it.span.start as usize + 1, it.span.end as usize);
        let inner = range(start, end.saturating_sub(1));
        self.alloc(ExprKind::Template(Template { tag, type_args, quasis, holes, inner, closed: true }), whole)
    }

    fn array(&mut self, it: &ArrayExpression<'_>) -> ExprId {
        let items = it
            .elements
            .iter()
            .map(|it| match it {
                ArrayExpressionElement::SpreadElement(it) => self.spread(it),
                // A hole in `[a, , b]` is undefined.
                ArrayExpressionElement::Elision(it) => self.alloc(ExprKind::Undefined, text_range(it.span)),
                other => self.expr(other.to_expression()),
            })
            .collect();
        self.alloc(ExprKind::Array(items), text_range(it.span))
    }

    fn object(&mut self, it: &ObjectExpression<'_>) -> ExprId {
        let mut props = Vec::with_capacity(it.properties.len());
        for prop in &it.properties {
            let prop = match prop {
                ObjectPropertyKind::ObjectProperty(it) => self.property(it),
                ObjectPropertyKind::SpreadProperty(it) => Prop::Spread(self.expr(&it.argument)),
            };
            props.push(prop);
        }
        self.alloc(ExprKind::Object(props), text_range(it.span))
    }

    fn property(&mut self, it: &ObjectProperty<'_>) -> Prop {
        let range = text_range(it.span);
        if it.shorthand {
            let key = self.name(it.span);
            let value = self.alloc(ExprKind::Ident(key.clone()), range);
            return Prop::Field { key, key_range: range, value, shorthand: true };
        }
        let name = self.key(&it.key, it.computed);
        let value = match &it.value {
            Expression::FunctionExpression(function) if it.method || it.kind != PropertyKind::Init => {
                let function = self.function(function, name.as_ref().map(|it| it.0.clone()), range);
                // An accessor's value is what it returns, not the function.
                match it.kind {
                    PropertyKind::Init => function,
                    PropertyKind::Get | PropertyKind::Set => self.other(vec![function], range),
                }
            }
            value => self.expr(value),
        };
        match name {
            Some((key, key_range)) => Prop::Field { key, key_range, value, shorthand: false },
            None => {
                let key = self.expr(it.key.to_expression());
                self.computed_prop(key, value)
            }
        }
    }

    /// The name that a property key spells, unless it is computed.
    pub(super) fn key(&self, key: &PropertyKey<'_>, computed: bool) -> Option<(SmolStr, TextRange)> {
        let span = key.span();
        match key {
            PropertyKey::StringLiteral(_) if !computed => Some((self.literal(span).value, text_range(span))),
            PropertyKey::StaticIdentifier(_) | PropertyKey::PrivateIdentifier(_) => {
                Some((self.name(span), text_range(span)))
            }
            _ if computed => None,
            _ => Some((self.name(span), text_range(span))),
        }
    }

    // Markup: the values of attributes and the children, without names and text.

    fn element(&mut self, it: &JSXElement<'_>) -> ExprId {
        let mut items = Vec::new();
        for attribute in &it.opening_element.attributes {
            match attribute {
                JSXAttributeItem::SpreadAttribute(it) => items.push(self.expr(&it.argument)),
                JSXAttributeItem::Attribute(it) => match &it.value {
                    Some(JSXAttributeValue::StringLiteral(it)) => items.push(self.string(it)),
                    Some(JSXAttributeValue::ExpressionContainer(it)) => {
                        self.container(&it.expression, &mut items);
                    }
                    Some(JSXAttributeValue::Element(it)) => items.push(self.nested_element(it)),
                    Some(JSXAttributeValue::Fragment(it)) => items.push(self.nested_fragment(it)),
                    None => {}
                },
            }
        }
        self.children(&it.children, &mut items);
        self.other(items, text_range(it.span))
    }

    fn fragment(&mut self, it: &JSXFragment<'_>) -> ExprId {
        let mut items = Vec::new();
        self.children(&it.children, &mut items);
        self.other(items, text_range(it.span))
    }

    fn children(&mut self, children: &[JSXChild<'_>], items: &mut Vec<ExprId>) {
        for child in children {
            match child {
                JSXChild::Text(_) => {}
                JSXChild::Element(it) => items.push(self.nested_element(it)),
                JSXChild::Fragment(it) => items.push(self.nested_fragment(it)),
                JSXChild::ExpressionContainer(it) => self.container(&it.expression, items),
                JSXChild::Spread(it) => items.push(self.expr(&it.expression)),
            }
        }
    }

    fn container(&mut self, it: &JSXExpression<'_>, items: &mut Vec<ExprId>) {
        if let Some(it) = it.as_expression() {
            items.push(self.expr(it));
        }
    }

    fn nested_element(&mut self, it: &JSXElement<'_>) -> ExprId {
        if !self.enter() {
            return self.missing(text_range(it.span));
        }
        let id = self.element(it);
        self.leave();
        id
    }

    fn nested_fragment(&mut self, it: &JSXFragment<'_>) -> ExprId {
        if !self.enter() {
            return self.missing(text_range(it.span));
        }
        let id = self.fragment(it);
        self.leave();
        id
    }
}
