//! Functions.

use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, BindingPattern, Expression, FormalParameters, Function,
    FunctionBody, FunctionType, Statement, VariableDeclarationKind,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

use super::{Lower, text_range};
use crate::base::text::TextRange;
use crate::ts::hir::{BindingKind, ExprId, Param};
use crate::ts::parse::build::{self, Header};

impl<'t> Lower<'t> {
    pub(super) fn arrow(&mut self, it: &ArrowFunctionExpression<'_>) -> ExprId {
        let range = text_range(it.span);
        if !self.enter() {
            return self.missing(range);
        }
        let outer = self.open_function();
        // The declaration of the parameter in `x => y` is the whole function.
        let bare = (!self.source(it.params.span).starts_with('(')).then_some(range);
        let params = self.params(&it.params, bare);
        let mut guards = Vec::new();
        let simple = match &it.body {
            ArrowFunctionBody::FunctionBody(body) => self.body(body, &mut guards),
            other => {
                let value = self.expr(other.to_expression());
                self.returned(value);
                true
            }
        };
        self.leave();
        let header = Header {
            name: None,
            params,
            is_async: it.r#async,
            is_generator: false,
            simple,
            guards,
            body: text_range(it.body.span()),
        };
        self.close_function(outer, header, range)
    }

    /// A function of any other shape; `name` is the key of a method, `range` the method's.
    pub(super) fn function(&mut self, it: &Function<'_>, name: Option<SmolStr>, range: TextRange) -> ExprId {
        if !self.enter() {
            return self.missing(range);
        }
        let outer = self.open_function();
        let own_name = it.id.as_ref().map(|it| (self.name(it.span), text_range(it.span)));
        if it.r#type == FunctionType::FunctionExpression
            && !it.generator
            && let Some((name, name_range)) = own_name.clone()
        {
            self.bind_name(name, name_range, BindingKind::Opaque, range);
        }
        let params = self.params(&it.params, None);
        let mut guards = Vec::new();
        let mut simple = false;
        let mut body_range = TextRange::empty(range.end());
        if let Some(body) = &it.body {
            body_range = text_range(body.span);
            simple = self.body(body, &mut guards);
        }
        self.leave();
        let header = Header {
            name: name.or(own_name.map(|it| it.0)),
            params,
            is_async: it.r#async,
            is_generator: it.generator,
            simple,
            guards,
            body: body_range,
        };
        self.close_function(outer, header, range)
    }

    fn params(&mut self, it: &FormalParameters<'_>, bare: Option<TextRange>) -> Vec<Param> {
        let mut res = Vec::with_capacity(it.items.len());
        for param in &it.items {
            let ty = param.type_annotation.as_ref().map(|it| self.annotation(it.span));
            let default = param.initializer.as_ref().map(|it| self.expr(it));
            let names = self.names(&param.pattern);
            let plain = matches!(param.pattern, BindingPattern::BindingIdentifier(_));
            let decl = bare.unwrap_or(text_range(param.span));
            self.param(names, plain, Param { name: None, default, ty, rest: false }, decl, &mut res);
        }
        if let Some(param) = &it.rest {
            let ty = param.type_annotation.as_ref().map(|it| self.annotation(it.span));
            let names = match &param.rest.argument {
                it @ BindingPattern::BindingIdentifier(_) => self.names(it),
                _ => Vec::new(),
            };
            let param_ = Param { name: None, default: None, ty, rest: true };
            self.param(names, true, param_, text_range(param.span), &mut res);
        }
        res
    }

    /// The type in `: T`.
    pub(super) fn annotation(&self, span: Span) -> SmolStr {
        build::annotation(self.source(span))
    }

    /// The statements of a block body; whether it is only constants and one returned expression. `guards` gets the
    /// tests of early returns, when there is nothing else in it.
    fn body(&mut self, body: &FunctionBody<'_>, guards: &mut Vec<ExprId>) -> bool {
        let mut simple = false;
        let mut tests = Vec::new();
        let counts = |it: &&Statement<'_>| {
            !matches!(
                it,
                Statement::EmptyStatement(_)
                    | Statement::DebuggerStatement(_)
                    | Statement::BreakStatement(_)
                    | Statement::ContinueStatement(_)
                    | Statement::TSTypeAliasDeclaration(_)
                    | Statement::TSInterfaceDeclaration(_)
            )
        };
        let statements: Vec<&Statement<'_>> = body.statements.iter().filter(counts).collect();
        if let Some((last, before)) = statements.split_last()
            && is_return(last)
        {
            let no_directive = body.directives.is_empty();
            simple = no_directive && before.iter().all(|it| is_const(it));
            let others = before.iter().filter(|it| !is_const(it));
            tests = others
                .map(|it| guard(it))
                .collect::<Option<Vec<_>>>()
                .filter(|_| no_directive)
                .unwrap_or_default();
        }
        let n_before = self.module.exprs.len();
        self.directives(&body.directives);
        self.statements(&body.statements);
        *guards = self.exprs_at(n_before, &tests);
        simple
    }
}

fn is_const(statement: &Statement<'_>) -> bool {
    matches!(
        statement,
        Statement::VariableDeclaration(it) if it.kind == VariableDeclarationKind::Const && !it.declare
    )
}

fn is_return(statement: &Statement<'_>) -> bool {
    matches!(statement, Statement::ReturnStatement(it) if it.argument.is_some())
}

/// The range of the test of `if (test) return x;`, with or without braces.
fn guard(statement: &Statement<'_>) -> Option<TextRange> {
    let Statement::IfStatement(it) = statement else { return None };
    let then = match &it.consequent {
        Statement::BlockStatement(block) => match block.body.as_slice() {
            [only] => only,
            _ => return None,
        },
        other => other,
    };
    let mut test = &it.test;
    while let Expression::ParenthesizedExpression(inner) = test {
        test = &inner.expression;
    }
    (it.alternate.is_none() && is_return(then)).then(|| text_range(test.span()))
}
