//! Destructuring patterns, functions and classes.

use smol_str::{SmolStr, ToSmolStr};
use tree_sitter::Node;

use super::build::{self, Header, PatternName, with_key};
use super::kinds::{Field, Kind};
use super::{Kid, Lower, MAX_DEPTH, node_range};
use crate::base::text::TextRange;
use crate::ts::hir::{BindingKind, ExprId, Param, Rest, StaticField};

impl<'t> Lower<'t> {
    /// The key that a part of an object's pattern takes; `Some(None)`: it is not known; `None`: it takes none.
    fn taken(&mut self, kid: &Kid<'t>) -> Option<Option<SmolStr>> {
        match kid.kind {
            Kind::Identifier | Kind::ShorthandPattern => Some(Some(self.name(kid.node))),
            Kind::PairPattern => {
                let kids = self.kids(kid.node);
                let key = kids.iter().find(|it| it.field == Field::Key)?;
                Some(self.property_name(key.node, key.kind).map(|it| it.0))
            }
            Kind::ObjectAssignment | Kind::AssignmentPattern => {
                let kids = self.kids(kid.node);
                self.taken(kids.iter().find(|it| it.field == Field::Left)?)
            }
            _ => None,
        }
    }

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
                let kids = self.kids(node);
                let mut keys = Some(Vec::new());
                for kid in &kids {
                    if kid.kind != Kind::RestPattern {
                        self.pattern(kid.node, path, names);
                        if let (Some(known), Some(taken)) = (&mut keys, self.taken(kid)) {
                            match taken {
                                Some(key) => known.push(key),
                                None => keys = None,
                            }
                        }
                        continue;
                    }
                    let rest =
                        keys.as_ref().map(|it| Rest::Without(it.iter().map(SmolStr::as_str).collect()).key());
                    for kid in self.kids(kid.node) {
                        with_key(path, rest.clone(), |path| self.pattern(kid.node, path, names));
                    }
                }
            }
            Kind::ArrayPattern => {
                let mut index = 0usize;
                for kid in self.kids(node) {
                    if kid.kind == Kind::TokComma {
                        index += 1;
                    } else if kid.kind == Kind::RestPattern {
                        let rest = Rest::From(index).key();
                        for kid in self.kids(kid.node) {
                            with_key(path, Some(rest.clone()), |path| self.pattern(kid.node, path, names));
                        }
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
        let outer = self.open_function();
        let own_name = kids
            .iter()
            .find(|it| it.field == Field::Name && it.kind == Kind::Identifier)
            .map(|it| (self.name(it.node), node_range(it.node)));
        if self.kind(node) == Kind::FunctionExpression
            && let Some((name, name_range)) = own_name.clone()
        {
            self.bind_name(name, name_range, BindingKind::Opaque, range);
        }
        let params = self.params(&kids, range);
        let is_generator = kids.iter().any(|it| it.kind == Kind::TokStar);
        let mut simple = false;
        let mut guards = Vec::new();
        let mut body_range = TextRange::empty(range.end());
        if let Some(body) = kids.iter().find(|it| it.field == Field::Body).copied() {
            body_range = node_range(body.node);
            if body.kind == Kind::Block {
                simple = self.body(body.node, &mut guards);
            } else {
                let value = self.expr(body.node);
                self.returned(value);
                simple = true;
            }
        }
        self.depth -= 1;
        let header = Header {
            name: name.or(own_name.map(|it| it.0)),
            params,
            is_async: kids.iter().any(|it| it.kind == Kind::TokAsync),
            is_generator,
            simple,
            guards,
            body: body_range,
        };
        self.close_function(outer, header, range)
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
            simple = before.iter().all(|it| self.is_const(it));
            let others: Vec<Node<'t>> =
                before.iter().filter(|it| !self.is_const(it)).map(|it| it.node).collect();
            tests = others.iter().map(|it| self.guard(*it)).collect::<Option<Vec<_>>>().unwrap_or_default();
        }
        let n_before = self.module.exprs.len();
        self.statements(&kids);
        *guards = self.exprs_at(n_before, &tests);
        simple
    }

    fn is_return(&mut self, node: Node<'t>) -> bool {
        self.kind(node) == Kind::Return && !self.named(node).is_empty()
    }

    fn is_const(&self, kid: &Kid<'t>) -> bool {
        kid.kind == Kind::Lexical && self.source(kid.node).starts_with("const")
    }

    /// The named children of a node, comments left out.
    fn named(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        self.kids(node).into_iter().map(|it| it.node).filter(Node::is_named).collect()
    }

    /// The range of the test of `if (test) return x;`, with or without braces.
    fn guard(&mut self, node: Node<'t>) -> Option<TextRange> {
        let (mut test, mut then) =
            (node.child_by_field_name("condition")?, node.child_by_field_name("consequence")?);
        if self.kind(node) != Kind::If || node.child_by_field_name("alternative").is_some() {
            return None;
        }
        if self.kind(then) == Kind::Block
            && let [only] = self.named(then)[..]
        {
            then = only;
        }
        while self.kind(test) == Kind::Parenthesized {
            test = *self.named(test).first()?;
        }
        self.is_return(then).then(|| node_range(test))
    }

    fn params(&mut self, kids: &[Kid<'t>], decl: TextRange) -> Vec<Param> {
        let mut res = Vec::new();
        if let Some(it) = kids.iter().find(|it| it.field == Field::Parameter) {
            let (name, name_range) = (self.name(it.node), node_range(it.node));
            let names = vec![PatternName { name, range: name_range, path: Some(Vec::new()) }];
            self.param(
                names,
                true,
                Param { name: None, default: None, ty: None, rest: false },
                decl,
                &mut res,
            );
        }
        let Some(list) = kids.iter().find(|it| it.field == Field::Parameters) else { return res };
        for kid in self.kids(list.node) {
            if matches!(kid.kind, Kind::RequiredParameter | Kind::OptionalParameter) {
                self.formal(kid.node, &mut res);
            }
        }
        res
    }

    fn formal(&mut self, node: Node<'t>, params: &mut Vec<Param>) {
        let kids = self.kids(node);
        let pattern = kids.iter().find(|it| matches!(it.field, Field::Pattern | Field::Name)).copied();
        let Some(pattern) = pattern else { return };
        // `this: T` is no parameter.
        if pattern.kind == Kind::This {
            return;
        }
        let ty = kids.iter().find(|it| it.kind == Kind::TypeAnnotation).map(|it| self.annotation(it.node));
        let default = kids.iter().find(|it| it.field == Field::Value).map(|it| self.expr(it.node));
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
        self.param(names, plain, Param { name: None, default, ty, rest }, node_range(node), params);
    }

    pub(super) fn annotation(&self, node: Node<'_>) -> SmolStr {
        build::annotation(self.source(node))
    }

    /// A class: its methods, the values of its fields, its base and decorators.
    #[inline(never)]
    pub(super) fn class(&mut self, node: Node<'t>) -> ExprId {
        let range = node_range(node);
        if self.depth >= MAX_DEPTH {
            return self.missing(range);
        }
        self.depth += 1;
        let (mut items, mut statics, mut fields) = (Vec::new(), Vec::new(), Vec::new());
        for kid in self.kids(node) {
            match kid.kind {
                Kind::ClassBody => {
                    for member in self.kids(kid.node) {
                        self.class_member(member, &mut items, &mut statics);
                        fields.extend(self.typed_field(member));
                    }
                }
                Kind::Decorator => items.push(self.only_child(kid.node)),
                Kind::ClassHeritage => {
                    for clause in self.kids(kid.node) {
                        match clause.kind {
                            Kind::ExtendsClause => items.push(self.only_child(clause.node)),
                            Kind::Error => items.push(self.error(clause.node)),
                            // JavaScript's heritage is the expression itself.
                            kind if kind.is_expression() => items.push(self.expr(clause.node)),
                            _ => {}
                        }
                    }
                }
                Kind::Error => items.push(self.error(kid.node)),
                _ => {}
            }
        }
        self.depth -= 1;
        self.class_expr(items, statics, fields, range)
    }

    /// The name of a field and its type as written.
    fn typed_field(&mut self, member: Kid<'t>) -> Option<(SmolStr, SmolStr)> {
        if member.kind != Kind::FieldDefinition {
            return None;
        }
        let kids = self.kids(member.node);
        let ty = kids.iter().find(|it| it.kind == Kind::TypeAnnotation)?;
        let key = kids.iter().find(|it| it.field == Field::Name && it.kind != Kind::ComputedName)?;
        let (name, _) = self.property_name(key.node, key.kind)?;
        Some((name, self.annotation(ty.node)))
    }

    /// Whether `static` stands before a member's name.
    fn is_static(&self, member: Node<'t>, name: Node<'t>) -> bool {
        let before = self.text.get(member.start_byte()..name.start_byte()).unwrap_or("");
        before.split_whitespace().any(|it| it == "static")
    }

    /// Whether `get` or `set` stands before a member's name.
    fn is_accessor(&self, member: Node<'t>, name: Node<'t>) -> bool {
        let before = self.text.get(member.start_byte()..name.start_byte()).unwrap_or("");
        before.split_whitespace().any(|it| matches!(it, "get" | "set"))
    }

    fn class_member(&mut self, member: Kid<'t>, items: &mut Vec<ExprId>, statics: &mut Vec<StaticField>) {
        match member.kind {
            Kind::Method => {
                let kids = self.kids(member.node);
                let key = kids.iter().find(|it| it.field == Field::Name);
                let key = key.copied();
                let named = key.and_then(|it| self.property_name(it.node, it.kind));
                let value = self.function(member.node, named.as_ref().map(|it| it.0.clone()));
                items.push(value);
                // What an accessor gives is no function.
                let is_method = |it: Kid<'t>| {
                    self.is_static(member.node, it.node) && !self.is_accessor(member.node, it.node)
                };
                if let Some((name, name_range)) = named.filter(|_| key.is_some_and(is_method)) {
                    statics.push(StaticField { name, name_range, value });
                }
            }
            Kind::FieldDefinition => {
                let kids = self.kids(member.node);
                let key = kids.iter().find(|it| it.field == Field::Name).copied();
                for kid in kids {
                    match kid.field {
                        Field::Value => {
                            let value = self.expr(kid.node);
                            items.push(value);
                            let name = key.filter(|it| self.is_static(member.node, it.node));
                            if let Some((name, name_range)) =
                                name.and_then(|it| self.property_name(it.node, it.kind))
                            {
                                statics.push(StaticField { name, name_range, value });
                            }
                        }
                        _ if kid.kind == Kind::Decorator => items.push(self.only_child(kid.node)),
                        _ => {}
                    }
                }
            }
            Kind::StaticBlock => {
                let kids = self.kids(member.node);
                self.statements(&kids);
            }
            Kind::Decorator => items.push(self.only_child(member.node)),
            Kind::Error => items.push(self.error(member.node)),
            _ => {}
        }
    }
}
