//! Holes of other libraries' templates.

use super::super::kind::{self, Kind};
use super::super::value::Arg;
use super::super::{Library, Renderer, callee_name, library};
use super::Elements;
use crate::project::eval::ValueKind;
use crate::ts::hir::{BindingKind, ExprId, ExprKind};

impl Renderer<'_, '_> {
    /// Holes of other libraries' templates.
    pub(super) fn foreign(&mut self, id: ExprId) {
        let Some(Arg::Expr(id)) = self.settle(Arg::Expr(id)) else { return };
        let module = self.env.module;
        match &module.expr(id).kind {
            ExprKind::Assertion { expr, .. } => self.foreign(*expr),
            ExprKind::Template(it) => match it.tag {
                Some(tag) if library::of_tag(self.env, tag) == self.library => self.nested(id, it),
                Some(_) => self.dynamic(false),
                None => self.param(Some(id)),
            },
            ExprKind::Ident(name) => match module.lookup(module.expr(id).scope, name).map(|it| &it.1.kind) {
                Some(BindingKind::Const { init: Some(init), path })
                    if path.is_empty() && matches!(module.expr(*init).kind, ExprKind::Template(_)) =>
                {
                    self.foreign(*init);
                }
                _ => self.foreign_leaf(id),
            },
            ExprKind::Call { callee, args, .. } => self.foreign_call(id, *callee, args),
            _ => self.foreign_leaf(id),
        }
    }

    fn foreign_call(&mut self, id: ExprId, callee: ExprId, args: &[ExprId]) {
        let name = callee_name(self.env, callee).unwrap_or_default();
        let of_tag = match &self.env.module.expr(callee).kind {
            ExprKind::Member { object, .. } => library::of_tag(self.env, *object) == self.library,
            _ => false,
        };
        let first = args.first().copied();
        match (self.library, name.as_str(), first) {
            (Library::PostgresJs, "array" | "json" | "typed", _) if of_tag => self.param(Some(id)),
            (Library::Slonik, "identifier", Some(first)) if of_tag => {
                match self.elements(&Arg::Expr(first)) {
                    Elements::All(parts) => {
                        for (i, part) in parts.iter().enumerate() {
                            if i > 0 {
                                self.push(".");
                            }
                            self.identifier_arg(part);
                        }
                    }
                    _ => self.dynamic(true),
                }
            }
            (Library::Slonik, "array" | "json" | "jsonb" | "timestamp" | "date" | "binary" | "uuid", _)
                if of_tag =>
            {
                self.param(Some(id));
            }
            (Library::Kysely, "ref" | "id" | "table", Some(_)) if of_tag => {
                for (i, part) in args.iter().enumerate() {
                    if i > 0 {
                        self.push(".");
                    }
                    match (self.env.value)(*part).as_str().cloned() {
                        Some(text) => {
                            for (i, part) in text.split('.').enumerate() {
                                if i > 0 {
                                    self.push(".");
                                }
                                self.identifier(part);
                            }
                        }
                        None => self.dynamic(true),
                    }
                }
            }
            (Library::Kysely, "val" | "value", _) if of_tag => self.param(Some(id)),
            (Library::Kysely, "raw", Some(first)) if of_tag => self.text(&Arg::Expr(first)),
            _ if of_tag => self.dynamic(false),
            _ => self.foreign_leaf(id),
        }
    }

    fn foreign_leaf(&mut self, id: ExprId) {
        let value = (self.env.value)(id);
        let plain = matches!(
            *value.kind,
            ValueKind::String(_)
                | ValueKind::Number(_)
                | ValueKind::Bool(_)
                | ValueKind::BigInt(_)
                | ValueKind::Null
        );
        let kind = if plain { Kind::Param } else { kind::of_expr(self.env, id) };
        match (self.library, kind) {
            (_, Kind::Param | Kind::List) | (Library::Params, _) => self.param(Some(id)),
            _ => self.dynamic(false),
        }
    }
}
