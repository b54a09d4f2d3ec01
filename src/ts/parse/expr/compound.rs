//! Strings, templates, arrays and objects.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::super::build::Builder;
use super::super::kinds::{Field, Kind};
use super::super::{Kid, Lower, node_range};
use crate::base::text::{TextRange, range};
use crate::ts::hir::{ExprId, ExprKind, Prop, StringLit, Template};

impl<'t> Lower<'t> {
    pub(super) fn string(&mut self, node: Node<'t>) -> ExprId {
        let lit = self.string_literal(node);
        self.alloc(ExprKind::String(lit), node_range(node))
    }

    pub(in crate::ts::parse) fn string_literal(&self, node: Node<'_>) -> StringLit {
        Builder::string_literal(self.source(node), node.start_byte())
    }

    #[inline(never)]
    pub(super) fn template(
        &mut self,
        node: Node<'t>,
        whole: TextRange,
        tag: Option<ExprId>,
        type_args: Vec<SmolStr>,
    ) -> ExprId {
        let kids = self.kids(node);
        let closed = kids.len() > 1
            && kids.last().is_some_and(|it| it.kind == Kind::TokBackquote && !it.node.is_missing());
        let start = node.start_byte() + 1;
        let end = if closed { node.end_byte() - 1 } else { node.end_byte() };
        let template = self.template_body(&kids, start, end.max(start), tag, type_args, closed);
        self.alloc(ExprKind::Template(template), whole)
    }

    /// The template between bytes `start` and `end`, whose holes are among `kids`.
    pub(in crate::ts::parse) fn template_body(
        &mut self,
        kids: &[Kid<'t>],
        start: usize,
        end: usize,
        tag: Option<ExprId>,
        type_args: Vec<SmolStr>,
        closed: bool,
    ) -> Template {
        let (mut quasis, mut holes) = (Vec::new(), Vec::new());
        let mut from = start;
        for kid in kids {
            if kid.kind != Kind::Substitution && kid.kind != Kind::Error {
                continue;
            }
            let (hole_start, hole_end) = (kid.node.start_byte(), kid.node.end_byte());
            if hole_start < from || hole_end > end {
                continue;
            }
            quasis.push(self.quasi(from, hole_start));
            holes.push(if kid.kind == Kind::Error {
                self.error(kid.node)
            } else {
                self.only_child(kid.node)
            });
            from = hole_end;
        }
        quasis.push(self.quasi(from, end));
        Template { tag, type_args, quasis, holes, inner: range(start, end), closed }
    }

    #[inline(never)]
    pub(super) fn array(&mut self, node: Node<'t>) -> ExprId {
        let kids = self.kids(node);
        let mut items = Vec::new();
        let mut after_comma = true;
        for kid in kids {
            match kid.kind {
                // A hole in `[a, , b]` is undefined.
                Kind::TokComma if after_comma => {
                    items.push(self.alloc(ExprKind::Undefined, node_range(kid.node)))
                }
                Kind::TokComma => after_comma = true,
                Kind::Error => {
                    let error = self.error(kid.node);
                    items.push(self.alloc(ExprKind::Spread(error), node_range(kid.node)));
                }
                kind if kind.is_expression() => {
                    items.push(self.expr(kid.node));
                    after_comma = false;
                }
                _ => {}
            }
        }
        self.alloc(ExprKind::Array(items), node_range(node))
    }

    #[inline(never)]
    pub(super) fn object(&mut self, node: Node<'t>) -> ExprId {
        let mut props = Vec::new();
        for kid in self.kids(node) {
            let range = node_range(kid.node);
            match kid.kind {
                Kind::Pair => self.pair(kid.node, &mut props),
                Kind::Shorthand | Kind::Identifier => {
                    let key = self.name(kid.node);
                    let value = self.alloc(ExprKind::Ident(key.clone()), range);
                    props.push(Prop::Field { key, key_range: range, value, shorthand: true });
                }
                Kind::Method => self.method_prop(kid.node, &mut props),
                Kind::SpreadElement => {
                    let operand = self.only_child(kid.node);
                    props.push(Prop::Spread(operand));
                }
                // What an error swallowed may be any number of properties.
                Kind::Error => {
                    let error = self.error(kid.node);
                    props.push(Prop::Spread(error));
                }
                _ => {}
            }
        }
        self.alloc(ExprKind::Object(props), node_range(node))
    }

    #[inline(never)]
    fn pair(&mut self, node: Node<'t>, props: &mut Vec<Prop>) {
        let kids = self.kids(node);
        let Some(key) = kids.iter().find(|it| it.field == Field::Key).copied() else { return };
        // What the error swallowed may have been further properties.
        let damaged = node.has_error();
        let value = if kids.iter().any(|it| it.kind == Kind::Error) {
            self.damaged(node, &kids, None)
        } else {
            self.field_expr(&kids, Field::Value, node_range(node))
        };
        self.push_prop(key.node, key.kind, value, props);
        if damaged {
            let missing = self.missing(TextRange::empty(node_range(node).end()));
            props.push(Prop::Spread(missing));
        }
    }

    fn push_prop(&mut self, key: Node<'t>, kind: Kind, value: ExprId, props: &mut Vec<Prop>) {
        match self.property_name(key, kind) {
            Some((key, key_range)) => props.push(Prop::Field { key, key_range, value, shorthand: false }),
            None => {
                let key = self.only_child(key);
                let prop = self.computed_prop(key, value);
                props.push(prop);
            }
        }
    }

    /// The name that a property key spells, unless it is computed.
    pub(in crate::ts::parse) fn property_name(
        &self,
        key: Node<'_>,
        kind: Kind,
    ) -> Option<(SmolStr, TextRange)> {
        match kind {
            Kind::ComputedName => None,
            Kind::String => Some((self.string_literal(key).value, node_range(key))),
            _ => Some((self.name(key), node_range(key))),
        }
    }

    #[inline(never)]
    fn method_prop(&mut self, node: Node<'t>, props: &mut Vec<Prop>) {
        let kids = self.kids(node);
        let Some(key) = kids.iter().find(|it| it.field == Field::Name).copied() else { return };
        let name = self.property_name(key.node, key.kind).map(|it| it.0);
        let function = self.function(node, name);
        // An accessor's value is what it returns, not the function.
        let accessor = kids.iter().any(|it| matches!(it.kind, Kind::TokGet | Kind::TokSet));
        let value =
            if accessor { self.alloc(ExprKind::Other(vec![function]), node_range(node)) } else { function };
        self.push_prop(key.node, key.kind, value, props);
    }
}
