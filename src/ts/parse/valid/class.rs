//! Classes: their methods, the values of their fields, their base and decorators.

use oxc_ast::ast::{Class, ClassElement, Decorator, FunctionType, MethodDefinition, MethodDefinitionKind};
use oxc_span::Span;

use super::{Lower, text_range};
use crate::ts::hir::{ExprId, StaticField};

impl<'t> Lower<'t> {
    pub(super) fn class(&mut self, it: &Class<'_>) -> ExprId {
        let mut span = it.span;
        if it.declare {
            // `declare` belongs to the declaration.
            span.start = self.after_trivia(span.start + "declare".len() as u32);
        }
        self.class_at(it, &it.decorators, span)
    }

    /// A class at `span`, with those of its decorators that stand in it.
    pub(super) fn class_at(&mut self, it: &Class<'_>, decorators: &[Decorator<'_>], span: Span) -> ExprId {
        let range = text_range(span);
        if !self.enter() {
            return self.missing(range);
        }
        let mut items: Vec<ExprId> = decorators.iter().map(|it| self.expr(&it.expression)).collect();
        if let Some(base) = &it.heritage {
            items.push(self.expr(&base.expression));
        }
        let mut statics = Vec::new();
        let mut fields = Vec::new();
        for member in &it.body.body {
            self.member_of_class(member, &mut items, &mut statics);
            if let ClassElement::PropertyDefinition(it) = member
                && !it.computed
                && let Some(ty) = &it.type_annotation
                && let Some((name, _)) = self.key(&it.key, it.computed)
            {
                fields.push((name, self.annotation(ty.span)));
            }
        }
        self.leave();
        self.class_expr(items, statics, fields, range)
    }

    fn member_of_class(
        &mut self,
        member: &ClassElement<'_>,
        items: &mut Vec<ExprId>,
        statics: &mut Vec<StaticField>,
    ) {
        match member {
            ClassElement::StaticBlock(it) => {
                if !it.body.is_empty() {
                    let outer = self.open_scope();
                    self.statements(&it.body);
                    self.scope = outer;
                }
            }
            ClassElement::MethodDefinition(it) => self.method(it, items, statics),
            ClassElement::PropertyDefinition(it) => {
                items.extend(it.decorators.iter().map(|it| self.expr(&it.expression)));
                let Some(value) = it.value.as_ref().map(|it| self.expr(it)) else { return };
                items.push(value);
                if let Some((name, name_range)) = self.key(&it.key, it.computed).filter(|_| it.r#static) {
                    statics.push(StaticField { name, name_range, value });
                }
            }
            ClassElement::AccessorProperty(it) => {
                items.extend(it.decorators.iter().map(|it| self.expr(&it.expression)));
                items.extend(it.value.iter().map(|it| self.expr(it)));
            }
            ClassElement::TSIndexSignature(_) => {}
        }
    }

    fn method(&mut self, it: &MethodDefinition<'_>, items: &mut Vec<ExprId>, statics: &mut Vec<StaticField>) {
        items.extend(it.decorators.iter().map(|it| self.expr(&it.expression)));
        // Overloads and abstract methods have no body.
        if it.value.r#type == FunctionType::TSEmptyBodyFunctionExpression || it.value.body.is_none() {
            return;
        }
        let start = it.decorators.last().map_or(it.span.start, |it| self.after_trivia(it.span.end));
        let key = self.key(&it.key, it.computed);
        let name = key.as_ref().map(|it| it.0.clone());
        let value = self.function(&it.value, name, text_range(Span::new(start, it.span.end)));
        items.push(value);
        if let Some((name, name_range)) =
            key.filter(|_| it.r#static && it.kind == MethodDefinitionKind::Method)
        {
            statics.push(StaticField { name, name_range, value });
        }
    }

    /// The offset of the class after the `export` at or after `offset`.
    pub(super) fn after_modifiers(&self, offset: u32) -> u32 {
        let mut at = self.after_trivia(offset);
        for word in ["export", "default", "declare"] {
            if self.text.get(at as usize..).is_some_and(|it| it.starts_with(word)) {
                at = self.after_trivia(at + word.len() as u32);
            }
        }
        at
    }

    /// The offset of the first token at or after `offset`.
    pub(super) fn after_trivia(&self, offset: u32) -> u32 {
        let mut at = offset as usize;
        loop {
            let rest = self.text.get(at..).unwrap_or("");
            let trimmed = rest.trim_start();
            at += rest.len() - trimmed.len();
            let len = if trimmed.starts_with("//") {
                trimmed.find(['\n', '\r']).unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map_or(trimmed.len(), |it| it + 2)
            } else {
                return at as u32;
            };
            at += len;
        }
    }
}
