//! Destructuring patterns, functions and classes.

use smol_str::{SmolStr, ToSmolStr};
use tree_sitter::Node;

use super::kinds::{Field, Kind};
use super::{Kid, Lower, MAX_DEPTH, node_range};
use crate::base::text::TextRange;
use crate::ts::hir::{Binding, BindingKind, ExprId, ExprKind, Function, Param};

/// A name that a pattern binds, and the keys that lead to it; `None`: not by keys alone (a rest, a default).
pub(super) struct PatternName {
    pub name: SmolStr,
    pub range: TextRange,
    pub path: Option<Vec<SmolStr>>,
}

impl<'t> Lower<'t> {
    /// Collects the names of a pattern. Default values in it are lowered for their own sake.
    pub(super) fn pattern(
        &mut self,
        node: Node<'t>,
        path: &mut Option<Vec<SmolStr>>,
        names: &mut Vec<PatternName>,
    ) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        self.depth += 1;
        match self.kind(node) {
            Kind::Identifier | Kind::ShorthandPattern => {
                let shorthand = self.kind(node) == Kind::ShorthandPattern;
                let name = self.name(node);
                let mut path = path.clone();
                if let (true, Some(path)) = (shorthand, &mut path) {
                    path.push(name.clone());
                }
                names.push(PatternName { name, range: node_range(node), path });
            }
            Kind::ObjectPattern => {
                for kid in self.kids(node) {
                    self.pattern(kid.node, path, names);
                }
            }
            Kind::ArrayPattern => {
                let mut index = 0usize;
                for kid in self.kids(node) {
                    if kid.kind == Kind::TokComma {
                        index += 1;
                    } else {
                        with_key(path, Some(index.to_smolstr()), |path| self.pattern(kid.node, path, names));
                    }
                }
            }
            Kind::PairPattern => {
                let kids = self.kids(node);
                let key = kids.iter().find(|it| it.field == Field::Key);
                let key = key.and_then(|it| self.property_name(it.node, it.kind)).map(|it| it.0);
                if let Some(value) = kids.iter().find(|it| it.field == Field::Value) {
                    with_key(path, key, |path| self.pattern(value.node, path, names));
                }
            }
            // The value may be the default.
            Kind::AssignmentPattern | Kind::ObjectAssignment => {
                for kid in self.kids(node) {
                    match kid.field {
                        Field::Left => self.pattern(kid.node, &mut None, names),
                        Field::Right => {
                            self.expr(kid.node);
                        }
                        _ => {}
                    }
                }
            }
            Kind::RestPattern => {
                for kid in self.kids(node) {
                    self.pattern(kid.node, &mut None, names);
                }
            }
            _ => {}
        }
        self.depth -= 1;
    }

    /// A function of any shape; `name` is the key of a method.
    #[inline(never)]
    pub(super) fn function(&mut self, node: Node<'t>, name: Option<SmolStr>) -> ExprId {
        let kids = self.kids(node);
        let range = node_range(node);
        if self.depth >= MAX_DEPTH {
            return self.missing(range);
        }
        self.depth += 1;
        let outer = self.open_scope();
        let outer_function = std::mem::replace(&mut self.function_scope, self.scope);
        let scope = self.scope;
        self.returns.push(Vec::new());

        let own_name = kids
            .iter()
            .find(|it| it.field == Field::Name && it.kind == Kind::Identifier)
            .map(|it| (self.name(it.node), node_range(it.node)));
        if self.kind(node) == Kind::FunctionExpression
            && let Some((name, name_range)) = own_name.clone()
        {
            let kind = BindingKind::Opaque;
            self.bind(scope, Binding { name, name_range, kind, ty: None, decl: range });
        }
        let params = self.params(&kids, range);
        let generator = kids.iter().any(|it| it.kind == Kind::TokStar);
        let mut simple = false;
        let mut guards = Vec::new();
        let mut body_range = TextRange::empty(range.end());
        if let Some(body) = kids.iter().find(|it| it.field == Field::Body).copied() {
            body_range = node_range(body.node);
            if body.kind == Kind::Block {
                simple = self.body(body.node, &mut guards) && !generator;
            } else {
                let value = self.expr(body.node);
                if let Some(returns) = self.returns.last_mut() {
                    returns.push(value);
                }
                simple = true;
            }
        }
        self.depth -= 1;
        self.scope = outer;
        self.function_scope = outer_function;
        let returns = self.returns.pop().unwrap_or_default();
        if generator || returns.len() != guards.len() + 1 {
            guards.clear();
        }
        let function = Function {
            name: name.or(own_name.map(|it| it.0)),
            params,
            is_async: kids.iter().any(|it| it.kind == Kind::TokAsync),
            scope,
            returns,
            simple,
            guards,
            body: body_range,
        };
        let id = self.alloc(ExprKind::Function(function), range);
        if let Some(scope) = self.module.scopes.get_mut(scope.0 as usize) {
            scope.function = Some(id);
        }
        id
    }

    /// The statements of a block body; whether it is only constants and one returned expression. `guards` gets the
    /// tests of early returns, when there is nothing else in it.
    fn body(&mut self, block: Node<'t>, guards: &mut Vec<ExprId>) -> bool {
        let kids = self.kids(block);
        let statements: Vec<Kid<'t>> = kids
            .iter()
            .filter(|it| (it.kind.is_statement() || it.kind == Kind::Error) && !it.kind.is_type())
            .filter(|it| it.kind != Kind::Empty)
            .copied()
            .collect();
        let mut simple = false;
        let mut tests = Vec::new();
        if let Some((last, before)) = statements.split_last()
            && self.is_return(last.node)
        {
            let is_const =
                |it: &Kid<'t>| it.kind == Kind::Lexical && self.source(it.node).starts_with("const");
            simple = before.iter().all(is_const);
            let others = before.iter().filter(|it| !is_const(it));
            tests = others.map(|it| self.guard(it.node)).collect::<Option<Vec<_>>>().unwrap_or_default();
        }
        let n_before = self.module.exprs.len();
        self.statements(&kids);
        let new = self.module.exprs.get(n_before..).unwrap_or_default();
        let test = |range: &TextRange| {
            // The outermost of those that have the same range was made last.
            let at = new.iter().rposition(|it| it.range == *range)?;
            u32::try_from(n_before + at).ok().map(ExprId)
        };
        *guards = tests.iter().map(test).collect::<Option<Vec<_>>>().unwrap_or_default();
        simple
    }

    fn is_return(&self, node: Node<'t>) -> bool {
        self.kind(node) == Kind::Return && node.named_child_count() > 0
    }

    /// The range of the test of `if (test) return x;`, with or without braces.
    fn guard(&self, node: Node<'t>) -> Option<TextRange> {
        let (test, then) = (node.child_by_field_name("condition")?, node.child_by_field_name("consequence")?);
        if self.kind(node) != Kind::If || node.child_by_field_name("alternative").is_some() {
            return None;
        }
        let only =
            then.named_child(0).filter(|_| self.kind(then) == Kind::Block && then.named_child_count() == 1);
        let mut test = test;
        while self.kind(test) == Kind::Parenthesized {
            test = test.named_child(0)?;
        }
        self.is_return(only.unwrap_or(then)).then(|| node_range(test))
    }

    fn params(&mut self, kids: &[Kid<'t>], decl: TextRange) -> Vec<Param> {
        let mut res = Vec::new();
        if let Some(it) = kids.iter().find(|it| it.field == Field::Parameter) {
            let (name, name_range) = (self.name(it.node), node_range(it.node));
            let kind = BindingKind::Param { index: 0, path: Vec::new() };
            self.bind(self.scope, Binding { name: name.clone(), name_range, kind, ty: None, decl });
            res.push(Param { name: Some(name), default: None, ty: None, rest: false });
        }
        let Some(list) = kids.iter().find(|it| it.field == Field::Parameters) else { return res };
        for kid in self.kids(list.node) {
            if matches!(kid.kind, Kind::RequiredParameter | Kind::OptionalParameter) {
                self.param(kid.node, &mut res);
            }
        }
        res
    }

    fn param(&mut self, node: Node<'t>, params: &mut Vec<Param>) {
        let kids = self.kids(node);
        let pattern = kids.iter().find(|it| matches!(it.field, Field::Pattern | Field::Name)).copied();
        let Some(pattern) = pattern else { return };
        // `this: T` is no parameter.
        if pattern.kind == Kind::This {
            return;
        }
        let ty = kids.iter().find(|it| it.kind == Kind::TypeAnnotation).map(|it| self.annotation(it.node));
        let default = kids.iter().find(|it| it.field == Field::Value).map(|it| self.expr(it.node));
        let index = params.len() as u32;
        let rest = pattern.kind == Kind::RestPattern;
        let mut names = Vec::new();
        if rest {
            let inner = self.kids(pattern.node).into_iter().find(|it| it.kind == Kind::Identifier);
            if let Some(inner) = inner {
                self.pattern(inner.node, &mut Some(Vec::new()), &mut names);
            }
        } else {
            self.pattern(pattern.node, &mut Some(Vec::new()), &mut names);
        }
        let plain = matches!(pattern.kind, Kind::Identifier | Kind::RestPattern);
        let name = if plain { names.first().map(|it| it.name.clone()) } else { None };
        for it in names {
            let kind = match it.path {
                Some(path) => BindingKind::Param { index, path },
                _ => BindingKind::Opaque,
            };
            let ty = if plain { ty.clone() } else { None };
            let decl = node_range(node);
            self.bind(self.scope, Binding { name: it.name, name_range: it.range, kind, ty, decl });
        }
        params.push(Param { name, default, ty, rest });
    }

    /// The type in `: T`.
    pub(super) fn annotation(&self, node: Node<'_>) -> SmolStr {
        self.source(node).trim_start_matches(':').trim().into()
    }

    /// A class: its methods, the values of its fields, its base and decorators.
    #[inline(never)]
    pub(super) fn class(&mut self, node: Node<'t>) -> ExprId {
        let range = node_range(node);
        if self.depth >= MAX_DEPTH {
            return self.missing(range);
        }
        self.depth += 1;
        let mut items = Vec::new();
        for kid in self.kids(node) {
            match kid.kind {
                Kind::ClassBody => {
                    for member in self.kids(kid.node) {
                        self.class_member(member, &mut items);
                    }
                }
                Kind::ClassHeritage | Kind::ExtendsClause | Kind::Decorator => {
                    let kids = self.kids(kid.node);
                    items.push(self.damaged(kid.node, &kids, None));
                }
                Kind::Error => items.push(self.error(kid.node)),
                _ => {}
            }
        }
        self.depth -= 1;
        self.alloc(ExprKind::Other(items), range)
    }

    fn class_member(&mut self, member: Kid<'t>, items: &mut Vec<ExprId>) {
        match member.kind {
            Kind::Method => {
                let kids = self.kids(member.node);
                let key = kids.iter().find(|it| it.field == Field::Name);
                let name = key.and_then(|it| self.property_name(it.node, it.kind)).map(|it| it.0);
                items.push(self.function(member.node, name));
            }
            Kind::FieldDefinition => {
                let kids = self.kids(member.node);
                for kid in kids {
                    match kid.field {
                        Field::Value => items.push(self.expr(kid.node)),
                        _ if kid.kind == Kind::Decorator => {
                            let kids = self.kids(kid.node);
                            items.push(self.damaged(kid.node, &kids, None));
                        }
                        _ => {}
                    }
                }
            }
            Kind::StaticBlock => {
                let kids = self.kids(member.node);
                self.statements(&kids);
            }
            Kind::Decorator => {
                let kids = self.kids(member.node);
                items.push(self.damaged(member.node, &kids, None));
            }
            Kind::Error => items.push(self.error(member.node)),
            _ => {}
        }
    }
}

/// Runs `then` with one more key at the end of the path; without a known key there is no path.
fn with_key(
    path: &mut Option<Vec<SmolStr>>,
    key: Option<SmolStr>,
    then: impl FnOnce(&mut Option<Vec<SmolStr>>),
) {
    match (path.as_mut(), key) {
        (Some(keys), Some(key)) => {
            keys.push(key);
            then(path);
            if let Some(keys) = path {
                keys.pop();
            }
        }
        _ => then(&mut None),
    }
}
