//! Calls: functions of the workspace are applied, a few of the runtime's are known, all others stay symbolic.

use std::sync::Arc;

use super::{Closure, Cx, Evaluator, Scope, Site, Value, ValueKind};
use crate::facts::Loc;
use crate::facts::sym::Sym;

impl Evaluator<'_> {
    /// `awaited`: the call stands in an `await`, so that an `async` function gives its result.
    pub(super) fn call_expr(
        &self,
        cx: &mut Cx,
        scope: Scope<'_>,
        callee: &Sym,
        args: &[Sym],
        loc: Loc,
        awaited: bool,
    ) -> Value {
        let callee = self.expr(cx, scope, callee);
        let (args, open) = self.list(cx, scope, args);
        let res = self.call(cx, &callee, args, open, scope.site(loc));
        if awaited { self.awaited(cx, &res) } else { res }
    }

    /// `open`: more arguments may stand anywhere.
    pub(super) fn call(
        &self,
        cx: &mut Cx,
        callee: &Value,
        mut args: Vec<Value>,
        open: bool,
        site: Site,
    ) -> Value {
        match &*callee.kind {
            ValueKind::Unknown => return Value::unknown(),
            ValueKind::OneOf(callees) => {
                let results: Vec<Value> =
                    callees.iter().map(|it| self.call(cx, it, args.clone(), open, site)).collect();
                return Value::one_of(results);
            }
            ValueKind::Closure(closure) if !is_async(closure) => {
                if let Some(res) = self.apply(cx, closure, args.clone(), open) {
                    return res;
                }
            }
            ValueKind::External { package, path } if !open => {
                let known = match package.as_str() {
                    super::GLOBAL => self.global_call(cx, path, &args, site),
                    _ => super::node::call(package, path, &args)
                        .or_else(|| self.drizzle_call(cx, package, path, &args, site)),
                };
                if let Some(res) = known {
                    return res;
                }
            }
            ValueKind::Member { object, name, .. } if !open => {
                if let Some(res) = self.method_call(cx, object, name, &args, site) {
                    return res;
                }
            }
            _ => {}
        }
        if open {
            // What an unknown spread adds may stand before the others.
            args = vec![Value::unknown(); args.len() + 1];
        }
        ValueKind::Call { callee: callee.clone(), args, site }.into()
    }

    /// What the function returns for these arguments; `None` when its body is not one simple expression.
    pub(super) fn apply(
        &self,
        cx: &mut Cx,
        closure: &Closure,
        args: Vec<Value>,
        open: bool,
    ) -> Option<Value> {
        let Sym::Function { params, ret: Some(ret), .. } = &*closure.function else { return None };
        cx.calls += 1;
        if !cx.step() {
            cx.calls -= 1;
            return Some(Value::unknown());
        }
        let mut bound: Vec<Value> = Vec::with_capacity(params.len());
        for (idx, param) in params.iter().enumerate() {
            let given = args.get(idx);
            let value = if open {
                Value::unknown()
            } else if param.rest {
                Value::array(args.get(idx..).unwrap_or_default().to_vec())
            } else {
                match (given, &param.default) {
                    (Some(value), None) => value.clone(),
                    (Some(value), Some(_)) if !value.alternatives().iter().any(is_undefined) => value.clone(),
                    (given, Some(default)) => {
                        let mut env = closure.env.clone();
                        env.push(Arc::new(bound.clone()));
                        let default = self.expr(cx, Scope { file: closure.file, env: &env }, default);
                        let given = given.map(Value::alternatives).unwrap_or_default();
                        let given = given.iter().filter(|it| !is_undefined(it)).cloned();
                        Value::one_of(given.chain([default]))
                    }
                    (None, None) => Value::undefined(),
                }
            };
            bound.push(value);
        }
        let mut env = closure.env.clone();
        env.push(Arc::new(bound));
        let res = self.expr(cx, Scope { file: closure.file, env: &env }, ret);
        cx.calls -= 1;
        Some(res)
    }

    /// Calls `callee` with known arguments, as `map` and its like do.
    pub(super) fn call_back(&self, cx: &mut Cx, callee: &Value, args: Vec<Value>, site: Site) -> Value {
        if !cx.step() {
            return Value::unknown();
        }
        self.call(cx, callee, args, false, site)
    }

    /// `await value`.
    pub(super) fn awaited(&self, cx: &mut Cx, value: &Value) -> Value {
        match &*value.kind {
            ValueKind::Call { callee, args, .. } => match &*callee.kind {
                ValueKind::Closure(closure) if is_async(closure) => {
                    self.apply(cx, closure, args.clone(), false).unwrap_or_else(|| value.clone())
                }
                _ => value.clone(),
            },
            _ => value.clone(),
        }
    }

    /// `new callee(args)`.
    pub(super) fn construct(&self, scope: Scope<'_>, callee: Value, args: Vec<Value>, open: bool) -> Value {
        if !open && let Some(path) = super::node::construct(&callee, &args) {
            return match args.first().and_then(|it| it.site) {
                Some(site) => path.at(site),
                None => path,
            };
        }
        let _ = scope;
        let args = if open { vec![Value::unknown(); args.len() + 1] } else { args };
        ValueKind::New { callee, args }.into()
    }
}

fn is_undefined(value: &Value) -> bool {
    matches!(*value.kind, ValueKind::Undefined)
}

fn is_async(closure: &Closure) -> bool {
    matches!(*closure.function, Sym::Function { is_async: true, .. })
}
