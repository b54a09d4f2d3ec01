//! Statements and declarations.

use oxc_ast::ast::{BindingPattern, Expression};
use oxc_ast::ast::{
    Class, Declaration, Directive, ForStatementInit, ForStatementLeft, Function, FunctionType, Statement,
    SwitchStatement, TSEnumDeclaration, TSEnumMemberName, TSModuleBlock, TSNamespaceDeclaration,
    TSNamespaceDeclarationBody, TryStatement, VariableDeclaration, VariableDeclarationKind,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

use super::{Lower, text_range};
use crate::base::text::TextRange;
use crate::ts::hir::{BindingKind, EnumDecl, ExprKind};
use crate::ts::parse::build::{self, Declaring};

impl<'t> Lower<'t> {
    pub(super) fn directives(&mut self, directives: &[Directive<'_>]) {
        for it in directives {
            let lit = self.literal(it.expression.span);
            let id = self.alloc(ExprKind::String(lit), text_range(it.expression.span));
            self.expression_statement(id);
        }
    }

    pub(super) fn statements(&mut self, statements: &[Statement<'_>]) {
        for it in statements {
            self.statement(it);
        }
    }

    fn block(&mut self, statements: &[Statement<'_>]) {
        // What holds nothing needs no scope.
        if !statements.is_empty() {
            let outer = self.open_scope();
            self.statements(statements);
            self.scope = outer;
        }
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        if !self.enter() {
            return;
        }
        match statement {
            Statement::BlockStatement(it) => self.block(&it.body),
            Statement::BreakStatement(_)
            | Statement::ContinueStatement(_)
            | Statement::DebuggerStatement(_)
            | Statement::EmptyStatement(_) => {}
            Statement::DoWhileStatement(it) => {
                self.loop_body(text_range(it.body.span()));
                self.statement(&it.body);
                self.expr(&it.test);
            }
            Statement::ExpressionStatement(it) => {
                let id = self.expr(&it.expression);
                self.expression_statement(id);
            }
            Statement::ForInStatement(it) => self.for_in(&it.left, &it.right, &it.body),
            Statement::ForOfStatement(it) => self.for_in(&it.left, &it.right, &it.body),
            Statement::ForStatement(it) => {
                let outer = self.open_scope();
                match &it.init {
                    Some(ForStatementInit::VariableDeclaration(it)) => {
                        let decl = build::without_semicolon(self.text, text_range(it.span));
                        self.variables(it, decl);
                    }
                    Some(other) => {
                        self.expr(other.to_expression());
                    }
                    None => {}
                }
                for part in it.test.iter().chain(&it.update) {
                    self.expr(part);
                }
                self.loop_body(text_range(it.body.span()));
                self.statement(&it.body);
                self.scope = outer;
            }
            Statement::IfStatement(it) => {
                self.expr(&it.test);
                self.statement(&it.consequent);
                if let Some(alternate) = &it.alternate {
                    self.statement(alternate);
                }
            }
            Statement::LabeledStatement(it) => self.statement(&it.body),
            Statement::ReturnStatement(it) => {
                if let Some(value) = &it.argument {
                    let value = self.expr(value);
                    self.returned(value);
                }
            }
            Statement::SwitchStatement(it) => self.switch(it),
            Statement::ThrowStatement(it) => {
                self.expr(&it.argument);
            }
            Statement::TryStatement(it) => self.try_(it),
            Statement::WhileStatement(it) => {
                self.expr(&it.test);
                self.loop_body(text_range(it.body.span()));
                self.statement(&it.body);
            }
            Statement::WithStatement(it) => {
                self.expr(&it.object);
                self.statement(&it.body);
            }
            other => {
                if let Some(it) = other.as_declaration() {
                    self.declaration(it, text_range(it.span()));
                } else if let Some(it) = other.as_module_declaration() {
                    self.module_declaration(it);
                }
            }
        }
        self.leave();
    }

    fn switch(&mut self, it: &SwitchStatement<'_>) {
        self.expr(&it.discriminant);
        if it.cases.is_empty() {
            return;
        }
        let outer = self.open_scope();
        for case in &it.cases {
            if let Some(test) = &case.test {
                self.expr(test);
            }
            self.statements(&case.consequent);
        }
        self.scope = outer;
    }

    fn try_(&mut self, it: &TryStatement<'_>) {
        self.block(&it.block.body);
        if let Some(handler) = &it.handler {
            let outer = self.open_scope();
            if let Some(param) = &handler.param {
                self.opaque_names(&param.pattern);
            }
            self.block(&handler.body.body);
            self.scope = outer;
        }
        if let Some(last) = &it.finalizer {
            self.block(&last.body);
        }
    }

    fn for_in(&mut self, left: &ForStatementLeft<'_>, right: &Expression<'_>, body: &Statement<'_>) {
        let outer = self.open_scope();
        match left {
            ForStatementLeft::VariableDeclaration(it) => {
                for it in &it.declarations {
                    self.opaque_names(&it.id);
                }
            }
            other => self.assign_names(other.to_assignment_target()),
        }
        self.expr(right);
        self.loop_body(text_range(body.span()));
        self.statement(body);
        self.scope = outer;
    }

    fn opaque_names(&mut self, pattern: &BindingPattern<'_>) {
        let mut names = Vec::new();
        self.pattern(pattern, &mut None, &mut names);
        self.bind_opaque(names, text_range(pattern.span()));
    }

    fn variables(&mut self, it: &VariableDeclaration<'_>, decl: TextRange) -> Vec<SmolStr> {
        let constant = !matches!(it.kind, VariableDeclarationKind::Var | VariableDeclarationKind::Let);
        let var = it.kind == VariableDeclarationKind::Var;
        let scope = if var { self.function_scope } else { self.scope };
        let mut declared = Vec::new();
        for it in &it.declarations {
            let plain = matches!(it.id, BindingPattern::BindingIdentifier(_));
            let ty = it.type_annotation.as_ref().filter(|_| plain).map(|it| self.annotation(it.span));
            let init = it.init.as_ref().map(|it| self.expr(it));
            let names = self.names(&it.id);
            self.declare(names, init, ty, Declaring { constant, scope, decl }, &mut declared);
        }
        declared
    }

    /// A declaration of any kind; the names declared.
    pub(super) fn declaration(&mut self, it: &Declaration<'_>, decl: TextRange) -> Vec<SmolStr> {
        match it {
            Declaration::VariableDeclaration(it) => self.variables(it, decl),
            Declaration::FunctionDeclaration(it) => self.function_declaration(it, decl),
            Declaration::ClassDeclaration(it) => self.class_declaration(it, decl),
            Declaration::TSEnumDeclaration(it) => {
                let kind = self.enum_(it);
                self.declared(it.id.span, kind, decl)
            }
            Declaration::TSNamespaceDeclaration(it) => {
                let name = self.namespace(it);
                self.declared(name, BindingKind::Opaque, decl)
            }
            Declaration::TSExternalModuleDeclaration(it) => {
                let outer = self.open_scope();
                if let Some(body) = &it.body {
                    self.module_block(body);
                }
                self.scope = outer;
                Vec::new()
            }
            Declaration::TSImportEqualsDeclaration(it) => {
                self.import_equals(it, decl);
                Vec::new()
            }
            Declaration::TSTypeAliasDeclaration(it) => {
                self.type_declared(text_range(it.span));
                Vec::new()
            }
            Declaration::TSInterfaceDeclaration(it) => {
                self.type_declared(text_range(it.span));
                Vec::new()
            }
            Declaration::TSGlobalDeclaration(_) => Vec::new(),
        }
    }

    pub(super) fn declared(&mut self, name: Span, kind: BindingKind, decl: TextRange) -> Vec<SmolStr> {
        let text = self.name(name);
        self.bind_name(text.clone(), text_range(name), kind, decl);
        vec![text]
    }

    pub(super) fn function_declaration(&mut self, it: &Function<'_>, decl: TextRange) -> Vec<SmolStr> {
        let kind = match it.r#type {
            FunctionType::TSDeclareFunction => BindingKind::Opaque,
            _ => BindingKind::Function(self.function(it, None, text_range(it.span))),
        };
        let Some(id) = &it.id else { return Vec::new() };
        self.declared(id.span, kind, decl)
    }

    pub(super) fn class_declaration(&mut self, it: &Class<'_>, decl: TextRange) -> Vec<SmolStr> {
        let kind = BindingKind::Class(Some(self.class(it)));
        let Some(id) = &it.id else { return Vec::new() };
        self.declared(id.span, kind, decl)
    }

    /// The body of a namespace; its whole name, which may have dots.
    fn namespace(&mut self, it: &TSNamespaceDeclaration<'_>) -> Span {
        let mut name = it.id.span;
        let mut body = &it.body;
        let block = loop {
            match body {
                TSNamespaceDeclarationBody::TSModuleBlock(it) => break it,
                TSNamespaceDeclarationBody::TSNamespaceDeclaration(it) => {
                    name.end = it.id.span.end;
                    body = &it.body;
                }
            }
        };
        let outer = self.open_scope();
        self.module_block(block);
        self.scope = outer;
        name
    }

    fn module_block(&mut self, it: &TSModuleBlock<'_>) {
        if !it.directives.is_empty() || !it.body.is_empty() {
            let outer = self.open_scope();
            self.directives(&it.directives);
            self.statements(&it.body);
            self.scope = outer;
        }
    }

    fn enum_(&mut self, it: &TSEnumDeclaration<'_>) -> BindingKind {
        let mut members = Vec::new();
        for member in &it.body.members {
            let key = match &member.id {
                TSEnumMemberName::Identifier(it) => self.name(it.span),
                TSEnumMemberName::String(it) => self.literal(it.span).value,
                _ => continue,
            };
            let value = member.initializer.as_ref().and_then(|it| {
                let value = self.expr(it);
                build::member_value(&self.module.expr(value).kind)
            });
            members.push((key, value));
        }
        let name = self.name(it.id.span);
        self.module.enums.push(EnumDecl { name, members });
        BindingKind::Enum(self.module.enums.len() as u32 - 1)
    }
}
