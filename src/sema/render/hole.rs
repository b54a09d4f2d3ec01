//! Expressions of the file → SQL text.

mod elements;
mod foreign;

use super::kind::{self, Kind};
use super::value::Arg;
use super::{Columns, Inlined, Library, Renderer, condition_key, library};
use crate::base::text::TextRange;
use crate::project::eval::ValueKind;
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Template};

/// The elements of an array, as far as the text tells.
pub(super) enum Elements {
    All(Vec<Arg>),
    /// Any number of elements, each one of these.
    Some(Vec<Arg>),
    Unknown,
}

impl Renderer<'_, '_> {
    /// What `${id}` renders to.
    pub(super) fn hole(&mut self, id: ExprId) {
        match self.library {
            Library::Text => self.text(&Arg::Expr(id)),
            Library::Drizzle => self.expr(id),
            _ => self.foreign(id),
        }
    }

    pub(super) fn expr(&mut self, id: ExprId) {
        if !self.enter() {
            return;
        }
        self.expr_inner(id);
        self.leave();
    }

    fn expr_inner(&mut self, id: ExprId) {
        let module = self.env.module;
        match &module.expr(id).kind {
            ExprKind::Assertion { expr, ty } => match kind::of_type(ty) {
                Some(known @ (Kind::Param | Kind::List)) if (self.env.value)(*expr).is_unknown() => {
                    self.by_kind(known, id);
                }
                _ => self.expr(*expr),
            },
            ExprKind::Conditional { .. } | ExprKind::Logical { .. } => {
                match self.settle(Arg::Expr(id)) {
                    Some(Arg::Expr(it)) if it == id => self.leaf(id),
                    Some(it) => self.arg(&it),
                    None => {}
                };
            }
            ExprKind::Template(it) => match it.tag {
                None => self.leaf(id),
                Some(tag) if library::of_tag(self.env, tag) == self.library => self.nested(id, it),
                Some(_) => self.dynamic(false),
            },
            ExprKind::Array(_) => match self.elements(&Arg::Expr(id)) {
                Elements::All(items) => self.list(&items),
                Elements::Some(items) => self.repeated_list(items),
                Elements::Unknown => self.dynamic_list(),
            },
            ExprKind::Call { callee, args, .. } => self.call(id, *callee, args),
            ExprKind::Ident(name) => self.name(id, name),
            ExprKind::Member { object, name, .. } if self.inlined_object(*object).is_some() => {
                let value = self.inlined_object(*object).map(|it| (self.env.value)(it));
                match value {
                    Some(value) if !value.is_unknown() => {
                        let member = self.member_of(&value, name);
                        self.value(&member, Some(id));
                    }
                    _ => self.leaf(id),
                }
            }
            _ => self.leaf(id),
        }
    }

    /// The argument that a parameter of an inlined function stands for.
    fn inlined_object(&self, id: ExprId) -> Option<ExprId> {
        let ExprKind::Ident(name) = &self.env.module.expr(id).kind else { return None };
        let (scope, binding) = self.env.module.lookup(self.env.module.expr(id).scope, name)?;
        let BindingKind::Param { index, path } = &binding.kind else { return None };
        let inlined = self.inlined.iter().rev().find(|it| it.scope == scope)?;
        path.is_empty().then(|| inlined.args.get(*index as usize).copied())?
    }

    /// A template in a hole: its text is part of this one.
    pub(super) fn nested(&mut self, id: ExprId, template: &Template) {
        // Where it stands in the hole itself its own bytes can be told.
        let exact = self.host.contains_range(self.env.module.expr(id).range) && template.closed;
        self.templates += 1;
        for (i, quasi) in template.quasis.iter().enumerate() {
            self.literal(&quasi.value, &quasi.map, exact);
            let Some(hole) = template.holes.get(i) else { continue };
            let outer = self.host;
            if let (true, Some(next)) = (exact, template.quasis.get(i + 1)) {
                let start = quasi.map.host.end();
                self.host = TextRange::new(start, next.map.host.start().max(start));
            }
            self.hole(*hole);
            self.host = outer;
        }
        self.templates -= 1;
    }

    fn name(&mut self, id: ExprId, name: &str) {
        let module = self.env.module;
        let value = (self.env.value)(id);
        if self.is_entity(&value) {
            return self.value(&value, Some(id));
        }
        if let Some(arg) = self.inlined_object(id) {
            // The argument belongs to the caller: its own parameters are those of further out.
            let inlined = self.inlined.pop();
            self.expr(arg);
            self.inlined.extend(inlined);
            return;
        }
        match module.lookup(module.expr(id).scope, name).map(|it| &it.1.kind) {
            Some(BindingKind::Const { init: Some(init), path })
                if path.is_empty() && self.is_structure(*init) =>
            {
                self.expr(*init);
            }
            Some(BindingKind::Let { init: Some(init), path, assigned: false })
                if path.is_empty() && self.is_structure(*init) =>
            {
                self.expr(*init);
            }
            _ => self.leaf(id),
        }
    }

    /// Whether the expression itself says more than its value.
    fn is_structure(&self, id: ExprId) -> bool {
        match &self.env.module.expr(id).kind {
            ExprKind::Template(it) => it.tag.is_some(),
            ExprKind::Assertion { expr, .. } => self.is_structure(*expr),
            ExprKind::Call { .. }
            | ExprKind::Conditional { .. }
            | ExprKind::Logical { .. }
            | ExprKind::Array(_) => true,
            ExprKind::Ident(_) => true,
            _ => false,
        }
    }

    fn call(&mut self, id: ExprId, callee: ExprId, args: &[ExprId]) {
        let module = self.env.module;
        let given: Vec<Arg> = args.iter().map(|it| Arg::Expr(*it)).collect();
        if let Some(function) = self.drizzle_function(callee)
            && self.drizzle_call(&function, &given)
        {
            return;
        }
        if let ExprKind::Member { object, name, .. } = &module.expr(callee).kind
            && self.method(&Arg::Expr(*object), name, &given)
        {
            return;
        }
        let value = (self.env.value)(id);
        if !value.is_unknown() && self.is_known(&value, 0) && self.value_or_not(&value, Some(id)) {
            return;
        }
        if let Some(function) = self.local_function(callee)
            && let ExprKind::Function(it) = &module.expr(function).kind
            && !it.returns.is_empty()
            && self.inlined.len() < 8
            && !self.inlined.iter().any(|inlined| inlined.scope == it.scope)
        {
            let pick = self.choose(None, it.returns.len());
            let Some(ret) = it.returns.get(pick).copied() else { return self.dynamic(false) };
            self.inlined.push(Inlined { scope: it.scope, args: args.to_vec() });
            self.expr(ret);
            self.inlined.pop();
            return;
        }
        match self.elements(&Arg::Expr(id)) {
            Elements::All(items) => return self.list(&items),
            Elements::Some(items) => return self.repeated_list(items),
            Elements::Unknown => {}
        }
        if let Some(chain) = super::builder::of_expr(self.env, id) {
            return self.builder(chain);
        }
        self.leaf(id);
    }

    /// The function literal of this file that a callee is.
    fn local_function(&self, callee: ExprId) -> Option<ExprId> {
        let module = self.env.module;
        match &module.expr(callee).kind {
            ExprKind::Function(_) => Some(callee),
            ExprKind::Ident(name) => match &module.lookup(module.expr(callee).scope, name)?.1.kind {
                BindingKind::Function(it) => Some(*it),
                BindingKind::Const { init: Some(init), path } if path.is_empty() => {
                    matches!(module.expr(*init).kind, ExprKind::Function(_)).then_some(*init)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// What has no structure of its own: by its value, else by what kind of thing it looks like.
    pub(super) fn leaf(&mut self, id: ExprId) {
        let value = (self.env.value)(id);
        if !self.value_or_not(&value, Some(id)) {
            let kind = kind::of_expr(self.env, id);
            self.by_kind(kind, id);
        }
    }

    fn by_kind(&mut self, kind: Kind, id: ExprId) {
        match kind {
            Kind::Param => self.param(Some(id)),
            Kind::List => self.repeated_params(id),
            Kind::Dynamic => self.dynamic(false),
        }
    }

    /// An array of values of which only the kind is known.
    pub(super) fn repeated_params(&mut self, id: ExprId) {
        self.push("(");
        self.param(Some(id));
        self.push(", ");
        self.param(Some(id));
        self.push(")");
    }

    fn dynamic_list(&mut self) {
        self.push("(");
        self.dynamic(false);
        self.push(")");
    }

    fn repeated_list(&mut self, items: Vec<Arg>) {
        let pick = self.choose(None, items.len());
        match items.into_iter().nth(pick) {
            Some(item) => self.list(&[item.clone(), item]),
            None => self.dynamic_list(),
        }
    }

    /// Decides the conditions that an expression begins with; `None`: it is `undefined`.
    pub(super) fn settle(&mut self, arg: Arg) -> Option<Arg> {
        let mut arg = arg;
        for _ in 0..32 {
            let Arg::Expr(id) = arg else { break };
            let module = self.env.module;
            match &module.expr(id).kind {
                ExprKind::Undefined => return None,
                ExprKind::Assertion { expr, ty } if ty.is_empty() || ty == "const" => arg = Arg::Expr(*expr),
                ExprKind::Conditional { test, then, else_ } => {
                    let first = match (self.env.value)(*test).truthy() {
                        Some(known) => known,
                        None => self.choose(condition_key(self.env, *test), 2) == 0,
                    };
                    arg = Arg::Expr(if first { *then } else { *else_ });
                }
                ExprKind::Logical { op, left, right } => {
                    let value = (self.env.value)(*left);
                    let undefined = matches!(*value.kind, ValueKind::Undefined | ValueKind::Null);
                    let truthy = if op == "??" { undefined.then_some(false) } else { value.truthy() };
                    let truthy = match truthy {
                        Some(known) => known,
                        None if op == "&&" => self.choose(condition_key(self.env, *left), 2) == 0,
                        None if !self.may_be_sql(*left) => {
                            // `limit ?? 10`: a value either way.
                            return Some(Arg::Expr(id));
                        }
                        None => self.choose(condition_key(self.env, *left), 2) == 0,
                    };
                    match (op.as_str(), truthy) {
                        ("&&", true) | ("||" | "??", false) => arg = Arg::Expr(*right),
                        // `cond && sql`…``: what is falsy is taken for `undefined`, unless it is known.
                        ("&&", _) if value.is_unknown() || undefined => return None,
                        _ => arg = Arg::Expr(*left),
                    }
                }
                ExprKind::Ident(name) => {
                    let value = (self.env.value)(id);
                    if matches!(*value.kind, ValueKind::Undefined) {
                        return None;
                    }
                    let binding = module.lookup(module.expr(id).scope, name).map(|it| &it.1.kind);
                    match binding {
                        Some(BindingKind::Const { init: Some(init), path })
                            if path.is_empty()
                                && matches!(
                                    module.expr(*init).kind,
                                    ExprKind::Conditional { .. } | ExprKind::Logical { .. }
                                ) =>
                        {
                            arg = Arg::Expr(*init);
                        }
                        _ => break,
                    }
                }
                _ => break,
            }
        }
        match &arg {
            Arg::Value(value) if value.alternatives().len() > 1 => {
                let pick = self.choose(None, value.alternatives().len());
                let value = value.alternatives().get(pick).cloned()?;
                (!matches!(*value.kind, ValueKind::Undefined)).then_some(Arg::Value(value))
            }
            Arg::Value(value) if matches!(*value.kind, ValueKind::Undefined) => None,
            _ => Some(arg),
        }
    }

    /// Whether an operand can be anything but a plain value.
    fn may_be_sql(&self, id: ExprId) -> bool {
        let value = (self.env.value)(id);
        match &*value.kind {
            ValueKind::Unknown => kind::of_expr(self.env, id) != Kind::Param,
            ValueKind::String(_) | ValueKind::Number(_) | ValueKind::Bool(_) => false,
            _ => true,
        }
    }

    /// Text that is put into the SQL as it is: `sql.raw(…)`, holes of strings.
    pub(super) fn text(&mut self, arg: &Arg) {
        if !self.enter() {
            return;
        }
        self.text_inner(arg);
        self.leave();
    }

    fn text_inner(&mut self, arg: &Arg) {
        let Some(arg) = self.settle(arg.clone()) else { return self.push("undefined") };
        let module = self.env.module;
        match &arg {
            Arg::Expr(id) => match &module.expr(*id).kind {
                ExprKind::String(it) => {
                    let exact = self.host.contains_range(module.expr(*id).range);
                    self.literal(&it.value, &it.map, exact);
                }
                ExprKind::Template(it) if it.tag.is_none() => {
                    let outer = std::mem::replace(&mut self.library, Library::Text);
                    self.nested(*id, it);
                    self.library = outer;
                }
                ExprKind::Binary { op, left, right } if op == "+" => {
                    let (left, right) = (Arg::Expr(*left), Arg::Expr(*right));
                    self.text(&left);
                    self.text(&right);
                }
                _ => {
                    let value = (self.env.value)(*id);
                    self.value_text(&value);
                }
            },
            Arg::Value(value) => self.value_text(value),
        }
    }

    /// Whether a column in a hole is written without its table here.
    pub(super) fn is_bare(&self) -> bool {
        match self.columns {
            Columns::Qualified => false,
            Columns::BareDirect => self.templates == 1,
            Columns::Bare => true,
        }
    }
}
