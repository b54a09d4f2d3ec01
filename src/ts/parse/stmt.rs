//! Statements and declarations.

use tree_sitter::Node;

use super::build::{self, Declaring};
use super::kinds::{Field, Kind};
use super::{Kid, Lower, MAX_DEPTH, node_range};
use crate::base::text::TextRange;
use crate::ts::hir::{Binding, BindingKind, EnumDecl, ExprId, ExprKind, ScopeId};

impl<'t> Lower<'t> {
    pub(super) fn program(&mut self, root: Node<'t>) {
        if self.kind(root) == Kind::Error {
            self.error(root);
            return;
        }
        let kids = self.kids(root);
        self.statements(&kids);
    }

    pub(super) fn statements(&mut self, kids: &[Kid<'t>]) {
        for (i, kid) in kids.iter().enumerate() {
            match kid.kind {
                Kind::Error => {
                    self.error(kid.node);
                }
                kind if kind.is_expression() => {
                    self.expr(kid.node);
                }
                _ => {
                    let before = self.n_bindings();
                    self.statement(kid.node);
                    // `const x = pgTable` and then an error: the error is the rest of the value.
                    if kids.get(i + 1).is_some_and(|it| it.kind == Kind::Error)
                        && !self.source(kid.node).ends_with(';')
                    {
                        self.damage_bindings(before);
                    }
                }
            }
        }
    }

    fn n_bindings(&self) -> usize {
        self.module.scopes.get(self.scope.0 as usize).map_or(0, |it| it.bindings.len())
    }

    /// The values of the current scope's bindings from `first` on are not known.
    fn damage_bindings(&mut self, first: usize) {
        let missing = self.missing(TextRange::default());
        let scope = self.scope.0 as usize;
        let scope = self.module.scopes.get_mut(scope);
        for binding in scope.into_iter().flat_map(|it| it.bindings.iter_mut().skip(first)) {
            if let BindingKind::Const { init, .. } | BindingKind::Let { init, .. } = &mut binding.kind {
                *init = Some(missing);
            }
        }
    }

    pub(super) fn statement(&mut self, node: Node<'t>) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        self.depth += 1;
        if matches!(node.kind(), "for_statement" | "for_in_statement" | "while_statement" | "do_statement")
            && let Some(body) = node.child_by_field_name("body")
        {
            self.loop_body(node_range(body));
        }
        match self.kind(node) {
            Kind::ExpressionStatement => self.expressions(node),
            Kind::Lexical | Kind::Variable => {
                let decl = self.extent(node);
                self.variables(node, decl);
            }
            Kind::FunctionDeclaration
            | Kind::GeneratorDeclaration
            | Kind::FunctionSignature
            | Kind::ClassDeclaration
            | Kind::AbstractClass
            | Kind::Enum
            | Kind::InternalModule
            | Kind::ModuleDeclaration
            | Kind::Ambient => {
                let decl = self.extent(node);
                self.declaration(node, decl);
            }
            Kind::ImportStatement => self.import(node),
            Kind::ImportAlias => {
                let kids = self.kids(node);
                if let Some(name) = kids.iter().find(|it| it.kind == Kind::Identifier) {
                    let decl = self.extent(node);
                    self.bind_node(name.node, BindingKind::Opaque, decl);
                }
            }
            Kind::ExportStatement => self.export(node),
            Kind::Return => {
                let kids = self.kids(node);
                let value = kids.iter().find(|it| it.kind.is_expression() || it.kind == Kind::Error);
                if let Some(value) = value {
                    let value = self.expr(value.node);
                    self.returned(value);
                }
            }
            Kind::ForIn => self.for_in(node),
            Kind::TypeAlias | Kind::Interface => self.type_declared(node_range(node)),
            Kind::Empty => {}
            Kind::For => {
                let outer = self.open_scope();
                for kid in self.kids(node) {
                    match kid.kind {
                        // The semicolon is the loop's.
                        Kind::Lexical | Kind::Variable => {
                            let decl = build::without_semicolon(self.text, node_range(kid.node));
                            self.variables(kid.node, decl);
                        }
                        _ => self.nested(&[kid]),
                    }
                }
                self.scope = outer;
            }
            kind @ (Kind::Block | Kind::Catch | Kind::SwitchBody) => {
                let kids = self.kids(node);
                // What holds nothing needs no scope.
                if kind == Kind::Catch || kids.iter().any(|it| it.node.is_named()) {
                    let outer = self.open_scope();
                    if kind == Kind::Catch {
                        self.opaque_names(node, Field::Parameter);
                    }
                    self.nested(&kids);
                    self.scope = outer;
                }
            }
            _ => {
                let kids = self.kids(node);
                self.nested(&kids);
            }
        }
        self.depth -= 1;
    }

    /// Expressions and statements among the children of a compound statement.
    fn nested(&mut self, kids: &[Kid<'t>]) {
        for kid in kids {
            match kid.kind {
                Kind::Error => {
                    self.error(kid.node);
                }
                Kind::ObjectPattern | Kind::ArrayPattern => {}
                _ if kid.field == Field::Parameter => {}
                kind if kind.is_type() => {}
                kind if kind.is_expression() => {
                    self.expr(kid.node);
                }
                _ if kid.node.named_child_count() > 0 => self.statement(kid.node),
                _ => {}
            }
        }
    }

    fn expressions(&mut self, node: Node<'t>) {
        let kids = self.kids(node);
        for kid in kids {
            if kid.kind == Kind::Error {
                self.error(kid.node);
            } else if kid.kind.is_expression() {
                let id = self.expr(kid.node);
                self.expression_statement(id);
            } else if kid.kind == Kind::InternalModule {
                // A namespace that is not exported.
                self.declaration(kid.node, node_range(node));
            }
        }
    }

    /// `const`, `let` and `var`; the names declared.
    pub(super) fn variables(&mut self, node: Node<'t>, decl: TextRange) -> Vec<smol_str::SmolStr> {
        let kids = self.kids(node);
        let constant = kids.iter().any(|it| it.kind == Kind::TokConst);
        let var = kids.iter().any(|it| it.kind == Kind::TokVar);
        let scope = if var { self.function_scope } else { self.scope };
        let mut declared = Vec::new();
        for kid in kids {
            let before = self.module.scopes.get(scope.0 as usize).map_or(0, |it| it.bindings.len());
            match kid.kind {
                Kind::Error if scope == self.scope => {
                    self.damage_bindings(before.saturating_sub(1));
                    self.error(kid.node);
                }
                Kind::Declarator => {
                    self.declarator(kid.node, Declaring { constant, scope, decl }, &mut declared);
                }
                Kind::Error => {
                    self.error(kid.node);
                }
                _ => {}
            }
        }
        declared
    }

    fn declarator(&mut self, node: Node<'t>, how: Declaring, declared: &mut Vec<smol_str::SmolStr>) {
        let kids = self.kids(node);
        let Some(target) = kids.iter().find(|it| it.field == Field::Name).copied() else { return };
        let ty = kids.iter().find(|it| it.kind == Kind::TypeAnnotation).map(|it| self.annotation(it.node));
        let damaged = kids.iter().any(|it| it.kind == Kind::Error);
        let value = kids.iter().find(|it| it.field == Field::Value);
        let init = match value {
            _ if damaged => {
                let parts: Vec<Kid<'t>> = kids.iter().filter(|it| it.field != Field::Name).copied().collect();
                Some(self.damaged(node, &parts, None))
            }
            Some(it) => Some(self.expr(it.node)),
            None => None,
        };
        let mut names = Vec::new();
        self.pattern(target.node, &mut Some(Vec::new()), &mut names);
        let plain = target.kind == Kind::Identifier;
        let ty = if plain { ty } else { None };
        self.declare(names, init, ty, how, declared);
    }

    /// A function, class, enum, namespace or ambient declaration; the names declared.
    pub(super) fn declaration(&mut self, node: Node<'t>, decl: TextRange) -> Vec<smol_str::SmolStr> {
        let kind = self.kind(node);
        let kids = self.kids(node);
        let name = kids.iter().find(|it| it.field == Field::Name).copied();
        let binding = match kind {
            Kind::Lexical | Kind::Variable => return self.variables(node, decl),
            Kind::FunctionDeclaration | Kind::GeneratorDeclaration => {
                let function = self.function(node, None);
                BindingKind::Function(function)
            }
            Kind::ClassDeclaration | Kind::AbstractClass => BindingKind::Class(Some(self.class(node))),
            Kind::Enum => self.enum_(&kids),
            Kind::InternalModule | Kind::ModuleDeclaration => {
                let outer = self.open_scope();
                let body: Vec<Kid<'t>> = kids.iter().filter(|it| it.field == Field::Body).copied().collect();
                self.nested(&body);
                self.scope = outer;
                BindingKind::Opaque
            }
            Kind::Ambient => {
                let mut names = Vec::new();
                for kid in kids.iter().filter(|it| it.kind.is_statement()) {
                    names.extend(self.declaration(kid.node, decl));
                }
                return names;
            }
            Kind::TypeAlias | Kind::Interface => {
                self.type_declared(node_range(node));
                return Vec::new();
            }
            _ => BindingKind::Opaque,
        };
        let Some(name) = name.filter(|it| it.kind != Kind::String) else { return Vec::new() };
        self.bind_node(name.node, binding, decl);
        vec![self.name(name.node)]
    }

    pub(super) fn bind_node(&mut self, name: Node<'t>, kind: BindingKind, decl: TextRange) {
        let text = self.name(name);
        self.bind_name(text, node_range(name), kind, decl);
    }

    fn enum_(&mut self, kids: &[Kid<'t>]) -> BindingKind {
        let name =
            kids.iter().find(|it| it.field == Field::Name).map(|it| self.name(it.node)).unwrap_or_default();
        let mut members = Vec::new();
        let body = kids.iter().find(|it| it.kind == Kind::EnumBody);
        for kid in body.map(|it| self.kids(it.node)).unwrap_or_default() {
            if kid.kind == Kind::EnumAssignment {
                let kids = self.kids(kid.node);
                let Some(key) = kids.iter().find(|it| it.field == Field::Name) else { continue };
                let Some((key, _)) = self.property_name(key.node, key.kind) else { continue };
                let value = self.field_expr(&kids, Field::Value, node_range(kid.node));
                let value = build::member_value(&self.module.expr(value).kind);
                members.push((key, value));
            } else if kid.field == Field::Name
                && let Some((key, _)) = self.property_name(kid.node, kid.kind)
            {
                members.push((key, None));
            }
        }
        self.module.enums.push(EnumDecl { name, members });
        BindingKind::Enum(self.module.enums.len() as u32 - 1)
    }

    fn for_in(&mut self, node: Node<'t>) {
        let outer = self.open_scope();
        let kids = self.kids(node);
        if kids.iter().any(|it| it.field == Field::Kind) {
            self.opaque_names(node, Field::Left);
        } else {
            let mut names = Vec::new();
            if let Some(left) = kids.iter().find(|it| it.field == Field::Left) {
                self.pattern(left.node, &mut None, &mut names);
            }
            self.note_names(names);
        }
        let rest: Vec<Kid<'t>> = kids.into_iter().filter(|it| it.field != Field::Left).collect();
        self.nested(&rest);
        self.scope = outer;
    }

    fn opaque_names(&mut self, node: Node<'t>, field: Field) {
        let kids = self.kids(node);
        let Some(pattern) = kids.iter().find(|it| it.field == field) else { return };
        let mut names = Vec::new();
        self.pattern(pattern.node, &mut None, &mut names);
        self.bind_opaque(names, node_range(pattern.node));
    }

    /// What a syntax error holds: whole statements and expressions are kept, and a declaration that it damages
    /// stays known by name, with a value that is `Missing`.
    pub(super) fn error(&mut self, node: Node<'t>) -> ExprId {
        let range = node_range(node);
        if self.depth >= MAX_DEPTH {
            return self.missing(range);
        }
        self.depth += 1;
        let kids = self.kids(node);
        let mut items = Vec::new();
        let mut idx = 0;
        while let Some(kid) = kids.get(idx).copied() {
            idx += 1;
            match kid.kind {
                Kind::TokConst | Kind::TokLet | Kind::TokVar | Kind::TokFunction | Kind::TokClass => {
                    let exported = idx >= 2 && kids.get(idx - 2).is_some_and(|it| it.kind == Kind::TokExport);
                    if let Some(name) = kids.get(idx).copied() {
                        let named = self.damaged_declaration(kid, name, exported);
                        idx += usize::from(named);
                    }
                }
                // An unclosed template: up to the end of the line where the error ends.
                Kind::TokBackquote => {
                    let tag = items.last().copied().filter(|it| self.ends_at(*it, kid.node.start_byte()));
                    if tag.is_some() {
                        items.pop();
                    }
                    let rest = kids.get(idx..).unwrap_or_default();
                    let (start, end) = (kid.node.end_byte(), self.line_end(node.end_byte()));
                    let template = self.template_body(rest, start, end, tag, Vec::new(), false);
                    let from = tag.map_or(node_range(kid.node), |it| self.module.expr(it).range);
                    let whole = crate::base::text::range(from.start().into(), end);
                    items.push(self.alloc(ExprKind::Template(template), whole));
                    break;
                }
                Kind::Error => items.push(self.error(kid.node)),
                kind if kind.is_expression() => items.push(self.expr(kid.node)),
                kind if kind.is_statement() => self.statement(kid.node),
                kind if kind.is_type() => {}
                Kind::Declarator => {
                    let how = Declaring { constant: false, scope: self.scope, decl: range };
                    self.declarator(kid.node, how, &mut Vec::new());
                }
                _ if kid.node.named_child_count() > 0 => {
                    let kids = self.kids(kid.node);
                    items.push(self.damaged(kid.node, &kids, None));
                }
                _ => {}
            }
        }
        self.depth -= 1;
        self.other(items, range)
    }

    fn line_end(&self, offset: usize) -> usize {
        let rest = self.text.as_bytes().get(offset..).unwrap_or_default();
        offset + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
    }

    fn ends_at(&self, id: ExprId, offset: usize) -> bool {
        let expr = self.module.expr(id);
        usize::from(expr.range.end()) == offset
            && matches!(expr.kind, ExprKind::Ident(_) | ExprKind::Member { .. })
    }

    /// `const users = pgTable(` in an error: binds the name to a value that is not known.
    fn damaged_declaration(&mut self, keyword: Kid<'t>, name: Kid<'t>, exported: bool) -> bool {
        let name = match name.kind {
            Kind::Identifier | Kind::TypeIdentifier => name.node,
            Kind::Declarator => {
                let kids = self.kids(name.node);
                match kids.iter().find(|it| it.field == Field::Name && it.kind == Kind::Identifier) {
                    Some(it) => it.node,
                    None => return false,
                }
            }
            _ => return false,
        };
        // An export stands in the module's scope, wherever the error has carried it.
        let scope = if exported { ScopeId::MODULE } else { self.scope };
        let range = node_range(name);
        let init = self.missing(TextRange::empty(range.end()));
        let decl = node_range(keyword.node).cover(range);
        let kind = BindingKind::Const { init: Some(init), path: Vec::new() };
        let text = self.name(name);
        self.bind(scope, Binding { name: text.clone(), name_range: range, kind, ty: None, decl });
        if exported {
            self.export_local(text.clone(), text, false);
        }
        true
    }
}
