//! One symbolic expression → its value.

use std::sync::Arc;

use smol_str::SmolStr;

use super::value::{ObjectBuilder, for_combinations};
use super::{Closure, Cx, Entry, Evaluator, Scope, Site, Value, ValueKind};
use crate::facts::Loc;
use crate::facts::sym::{Sym, SymProp};
use crate::ts::hir::Rest;

/// Has no range in any source map.
const NO_LOC: Loc = Site::NOWHERE.loc;

impl Evaluator<'_> {
    pub(super) fn expr(&self, cx: &mut Cx, scope: Scope<'_>, sym: &Sym) -> Value {
        cx.depth += 1;
        let res = if cx.step() { self.expr_unbounded(cx, scope, sym) } else { Value::unknown() };
        cx.depth -= 1;
        res
    }

    fn expr_unbounded(&self, cx: &mut Cx, scope: Scope<'_>, sym: &Sym) -> Value {
        match sym {
            Sym::Unknown => Value::unknown(),
            Sym::String(text, loc) => Value::string(text.clone()).at(scope.site(*loc)),
            // `5_000` is written `5000` where it becomes text.
            Sym::Number(text) if text.contains('_') => ValueKind::Number(text.replace('_', "").into()).into(),
            Sym::Number(text) => ValueKind::Number(text.clone()).into(),
            Sym::BigInt(text) => ValueKind::BigInt(text.clone()).into(),
            Sym::Bool(value) => Value::bool(*value),
            Sym::Null => ValueKind::Null.into(),
            Sym::Undefined => Value::undefined(),
            Sym::Regex(text) => ValueKind::Regex(text.clone()).into(),
            Sym::Array(items) => {
                let (items, open) = self.list(cx, scope, items);
                ValueKind::Array { items, open }.into()
            }
            Sym::Object(props, loc) => self.object(cx, scope, props, *loc),
            Sym::Spread(inner) | Sym::Assertion(inner, _) => self.expr(cx, scope, inner),
            Sym::Name(name, _) => self.name_in(cx, scope.file, name),
            Sym::Param { depth, index, path, .. } => self.param(cx, scope, *depth, *index, path),
            Sym::Member(object, name, loc) => {
                let object = self.expr(cx, scope, object);
                self.member_in(cx, &object, name, Some(scope.site(*loc)))
            }
            Sym::Index(object, index) => {
                let object = self.expr(cx, scope, object);
                let index = self.expr(cx, scope, index);
                self.index(cx, &object, &index)
            }
            Sym::Call { callee, args, loc } => self.call_expr(cx, scope, callee, args, *loc, false),
            Sym::New { callee, args } => {
                let callee = self.expr(cx, scope, callee);
                let (args, open) = self.list(cx, scope, args);
                self.construct(scope, callee, args, open)
            }
            Sym::Function { .. } => {
                let function = Arc::new(sym.clone());
                ValueKind::Closure(Closure { file: scope.file, function, env: scope.env.to_vec() }).into()
            }
            Sym::Template { tag, quasis, holes, loc } => {
                self.template(cx, scope, tag.as_deref(), quasis, holes, *loc)
            }
            Sym::Conditional(test, then, else_) => {
                let test = self.expr(cx, scope, test);
                match test.truthy() {
                    Some(true) => self.expr(cx, scope, then),
                    Some(false) => self.expr(cx, scope, else_),
                    None => {
                        let then = self.expr(cx, scope, then);
                        let else_ = self.expr(cx, scope, else_);
                        Value::one_of([then, else_])
                    }
                }
            }
            Sym::Logical(op, left, right) => self.logical(cx, scope, op, left, right),
            Sym::Binary(op, left, right) => self.binary(cx, scope, op, left, right),
            Sym::Unary(op, operand) => {
                let operand = self.expr(cx, scope, operand);
                operand.map_alternatives(|it| unary(op, it))
            }
            Sym::Await(inner) => match &**inner {
                Sym::Call { callee, args, loc } => self.call_expr(cx, scope, callee, args, *loc, true),
                inner => {
                    let value = self.expr(cx, scope, inner);
                    self.awaited(cx, &value)
                }
            },
            Sym::Enum(members) => {
                let mut res = ObjectBuilder::default();
                for (name, value) in members {
                    let value = value.clone().map(Value::string).unwrap_or_else(Value::unknown);
                    res.insert(Entry { key: name.clone(), site: scope.site(NO_LOC), value });
                }
                res.finish()
            }
            Sym::Import(specifier) => self.import_whole(scope.file, specifier),
        }
    }

    /// Elements or arguments, spreads spread. True: an unknown spread may add more anywhere.
    pub(super) fn list(&self, cx: &mut Cx, scope: Scope<'_>, items: &[Sym]) -> (Vec<Value>, bool) {
        let mut res = Vec::with_capacity(items.len());
        let mut open = false;
        for item in items {
            let Sym::Spread(inner) = item else {
                res.push(self.expr(cx, scope, item));
                continue;
            };
            let value = self.expr(cx, scope, inner);
            self.spread_items(cx, &value, &mut res, &mut open);
        }
        (res, open)
    }

    fn spread_items(&self, cx: &mut Cx, value: &Value, acc: &mut Vec<Value>, open: &mut bool) {
        match &*value.kind {
            ValueKind::Array { items, open: unknown } => {
                if cx.spend(items.len()) {
                    acc.extend(items.iter().cloned());
                    *open |= unknown;
                } else {
                    *open = true;
                }
            }
            ValueKind::OneOf(values) => {
                // What only some alternative has may be missing, so that no position behind it is certain.
                *open = true;
                for value in values {
                    let mut items = Vec::new();
                    self.spread_items(cx, value, &mut items, open);
                    acc.extend(items.into_iter().map(|it| Value::one_of([it, Value::undefined()])));
                }
            }
            ValueKind::String(text) if text.len() <= 64 => {
                acc.extend(text.chars().map(|it| Value::string(it.to_string())));
            }
            ValueKind::New { callee, args }
                if callee.as_external() == Value::global(&["Set"]).as_external() =>
            {
                // `[...new Set(list)]`: the list without what it repeats.
                match args.first().and_then(Value::as_array) {
                    Some(items) => {
                        for item in items {
                            let seen = acc.iter().any(|it| it.strict_equals(item) == Some(true));
                            if !seen {
                                acc.push(item.clone());
                            }
                            *open |= item.to_text().is_none();
                        }
                    }
                    None => *open |= !args.is_empty(),
                }
            }
            // Drizzle takes it apart itself, wherever it stands.
            ValueKind::Call { callee, .. } if super::drizzle::gives_policies(callee) => {
                acc.push(value.clone());
            }
            _ => *open = true,
        }
    }

    fn object(&self, cx: &mut Cx, scope: Scope<'_>, props: &[SymProp], loc: Loc) -> Value {
        let mut res = ObjectBuilder::default();
        for prop in props {
            match prop {
                SymProp::Field { key, loc, value } => {
                    let value = self.expr(cx, scope, value);
                    res.insert(Entry { key: key.clone(), site: scope.site(*loc), value });
                }
                SymProp::Computed(key, value) => {
                    let key = self.expr(cx, scope, key);
                    let value = self.expr(cx, scope, value);
                    match key.to_text() {
                        Some(key_text) => {
                            let site = key.site.unwrap_or(scope.site(loc));
                            res.insert(Entry { key: key_text, site, value });
                        }
                        None => res.open = true,
                    }
                }
                // `...(cond && { … })`: what is falsy adds nothing.
                SymProp::Spread(Sym::Logical(op, left, right)) if op == "&&" => {
                    let left = self.expr(cx, scope, left);
                    match left.truthy() {
                        Some(false) => {}
                        known => {
                            let right = self.expr(cx, scope, right);
                            let right = self.whole(cx, &right);
                            match known {
                                Some(_) => res.spread(&right),
                                None => res.spread_maybe(&right),
                            }
                        }
                    }
                }
                SymProp::Spread(inner) => {
                    let value = self.expr(cx, scope, inner);
                    let value = self.whole(cx, &value);
                    if cx.spend(value.as_object().map_or(0, <[Entry]>::len)) {
                        res.spread(&value);
                    } else {
                        res.open = true;
                    }
                }
            }
        }
        res.finish().at(scope.site(loc))
    }

    /// A module's namespace as the object of its exports; an array as the object of its indexes.
    pub(super) fn whole(&self, cx: &mut Cx, value: &Value) -> Value {
        match &*value.kind {
            ValueKind::Namespace(file) => {
                let mut res = ObjectBuilder::default();
                for (key, value) in self.exports_in(cx, *file) {
                    let site = value.site.unwrap_or(Site { file: *file, loc: NO_LOC });
                    res.insert(Entry { key, site, value });
                }
                res.open = self.has_unknown_exports(*file);
                res.finish()
            }
            ValueKind::Array { items, open: false } => {
                let mut res = ObjectBuilder::default();
                for (idx, item) in items.iter().enumerate() {
                    let site = item.site.unwrap_or(Site::NOWHERE);
                    res.insert(Entry { key: smol_str::format_smolstr!("{idx}"), site, value: item.clone() });
                }
                res.finish()
            }
            ValueKind::OneOf(values) => {
                Value::one_of(values.iter().map(|it| self.whole(cx, it)).collect::<Vec<_>>())
            }
            _ => value.clone(),
        }
    }

    fn param(&self, cx: &mut Cx, scope: Scope<'_>, depth: u32, index: u32, path: &[SmolStr]) -> Value {
        let level = scope.env.len().checked_sub(depth as usize + 1);
        let Some(args) = level.and_then(|it| scope.env.get(it)) else { return Value::unknown() };
        let Some(value) = args.get(index as usize) else { return Value::unknown() };
        self.follow(cx, value.clone(), path)
    }

    /// What destructuring by `path` reads. A missing value may have a default that is not told here: unknown.
    pub(super) fn follow(&self, cx: &mut Cx, mut value: Value, path: &[SmolStr]) -> Value {
        for key in path {
            value = self.member_in(cx, &value, key, None);
            if matches!(*value.kind, ValueKind::Undefined) {
                return Value::unknown();
            }
        }
        value
    }

    pub(super) fn member_in(&self, cx: &mut Cx, object: &Value, name: &str, site: Option<Site>) -> Value {
        if !cx.step() {
            return Value::unknown();
        }
        if let Some(rest) = Rest::of_key(name) {
            return object.map_alternatives(|it| rest_of(it, &rest));
        }
        match &*object.kind {
            ValueKind::Object { entries, open } => match entries.iter().find(|it| it.key == name) {
                Some(entry) => entry.value.clone(),
                None if *open || is_prototype_member(name) => Value::unknown(),
                None => Value::undefined(),
            },
            // Of the promise that `import(…)` is; a module that exports it is none.
            ValueKind::Namespace(file) if name == "then" && self.export_target(*file, name).is_none() => {
                symbolic_member(object, name, site)
            }
            ValueKind::Namespace(file) => self.export_in(cx, *file, name),
            ValueKind::External { package, path } => super::node::member(package, path, name),
            ValueKind::Array { items, open } => match name.parse::<usize>() {
                Ok(_) if *open => Value::unknown(),
                Ok(index) => items.get(index).cloned().unwrap_or_else(Value::undefined),
                Err(_) if name == "length" && !open => Value::number(items.len()),
                Err(_) if name == "length" => Value::unknown(),
                Err(_) => symbolic_member(object, name, site),
            },
            ValueKind::String(text) => match name {
                "length" if text.is_ascii() => Value::number(text.len()),
                "length" => Value::unknown(),
                // A `URL` is evaluated to the path of the file it names.
                "pathname" | "href" => object.clone(),
                _ => symbolic_member(object, name, site),
            },
            ValueKind::OneOf(values) => {
                let mut res = Vec::with_capacity(values.len());
                for value in values {
                    res.push(self.member_in(cx, value, name, site));
                }
                Value::one_of(res)
            }
            ValueKind::Call { callee, args, .. } => {
                let members = super::builtin::members_of_validator(callee, args, name);
                members.unwrap_or_else(|| symbolic_member(object, name, site))
            }
            ValueKind::New { .. }
            | ValueKind::Member { .. }
            | ValueKind::Template { .. }
            | ValueKind::Closure(_)
            | ValueKind::Number(_)
            | ValueKind::Bound(_) => symbolic_member(object, name, site),
            _ => Value::unknown(),
        }
    }

    fn index(&self, cx: &mut Cx, object: &Value, index: &Value) -> Value {
        let mut res = Vec::new();
        for alternative in index.alternatives() {
            res.push(match &*alternative.kind {
                ValueKind::String(_) | ValueKind::Number(_) => match alternative.to_text() {
                    Some(key) => self.member_in(cx, object, &key, alternative.site.or(object.site)),
                    None => Value::unknown(),
                },
                _ => Value::unknown(),
            });
        }
        Value::one_of(res)
    }

    fn template(
        &self,
        cx: &mut Cx,
        scope: Scope<'_>,
        tag: Option<&Sym>,
        quasis: &[SmolStr],
        holes: &[Sym],
        loc: Loc,
    ) -> Value {
        let site = scope.site(loc);
        let tag = tag.map(|it| self.expr(cx, scope, it));
        let holes: Vec<Value> = holes.iter().map(|it| self.expr(cx, scope, it)).collect();
        if tag.is_some() {
            return Value::from(ValueKind::Template { tag, quasis: quasis.to_vec(), holes, site }).at(site);
        }
        let known = holes.iter().all(|it| it.alternatives().iter().any(|it| it.to_text().is_some()));
        if !known {
            return Value::from(ValueKind::Template { tag, quasis: quasis.to_vec(), holes, site }).at(site);
        }
        if !cx.spend(holes.iter().filter_map(Value::as_str).map(|it| it.len() / 16).sum()) {
            return Value::unknown();
        }
        for_combinations(&holes, |holes| {
            let mut res = String::new();
            for (idx, quasi) in quasis.iter().enumerate() {
                res.push_str(quasi);
                let Some(hole) = holes.get(idx) else { continue };
                match hole.to_text() {
                    Some(text) => res.push_str(&text),
                    None => {
                        let (quasis, holes) = (quasis.to_vec(), holes.to_vec());
                        return Value::from(ValueKind::Template { tag: None, quasis, holes, site }).at(site);
                    }
                }
            }
            Value::string(res).at(site)
        })
    }

    fn logical(&self, cx: &mut Cx, scope: Scope<'_>, op: &str, left: &Sym, right: &Sym) -> Value {
        let left = self.expr(cx, scope, left);
        let takes_right = match op {
            "||" => left.truthy().map(|it| !it),
            "&&" => left.truthy(),
            "??" => left.nullish(),
            _ => return Value::unknown(),
        };
        match takes_right {
            Some(true) => self.expr(cx, scope, right),
            Some(false) => left,
            None => {
                let right = self.expr(cx, scope, right);
                // Of the left side's alternatives only those that can be the result.
                let left = left.alternatives().iter().filter(|it| match op {
                    "||" => it.truthy() != Some(false),
                    "&&" => it.truthy() != Some(true),
                    _ => it.nullish() != Some(true),
                });
                Value::one_of(left.cloned().chain([right]))
            }
        }
    }

    fn binary(&self, cx: &mut Cx, scope: Scope<'_>, op: &str, left: &Sym, right: &Sym) -> Value {
        if op == "+" {
            // A long concatenation nests to the left: walk it instead of recursing.
            let mut operands = vec![right];
            let mut rest = left;
            while let Sym::Binary(op, left, right) = rest
                && op == "+"
            {
                operands.push(right);
                rest = left;
            }
            let mut res = self.expr(cx, scope, rest);
            for operand in operands.into_iter().rev() {
                let operand = self.expr(cx, scope, operand);
                let len = |it: &Value| it.as_str().map_or(0, |it| it.len());
                if !cx.spend((len(&res) + len(&operand)) / 16) {
                    return Value::unknown();
                }
                res = for_combinations(&[res, operand], |pair| match pair {
                    [left, right] => add(left, right),
                    _ => Value::unknown(),
                });
            }
            return res;
        }
        let left = self.expr(cx, scope, left);
        let right = self.expr(cx, scope, right);
        for_combinations(&[left, right], |pair| match pair {
            [left, right] => match compare(op, left, right) {
                Some(res) => Value::bool(res),
                None => arithmetic(op, left, right).unwrap_or_else(Value::unknown),
            },
            _ => Value::unknown(),
        })
    }
}

/// What `...rest` of a destructuring pattern takes.
fn rest_of(value: &Value, rest: &Rest<'_>) -> Value {
    match (&*value.kind, rest) {
        (ValueKind::Object { entries, open }, Rest::Without(keys)) => {
            let entries = entries.iter().filter(|it| !keys.contains(&it.key.as_str())).cloned().collect();
            ValueKind::Object { entries, open: *open }.into()
        }
        (ValueKind::Array { items, open: false }, Rest::From(first)) => {
            Value::array(items.iter().skip(*first).cloned().collect())
        }
        _ => Value::unknown(),
    }
}

fn symbolic_member(object: &Value, name: &str, site: Option<Site>) -> Value {
    let known = site.or(object.site).or(match &*object.kind {
        ValueKind::Call { site, .. } | ValueKind::Member { site, .. } | ValueKind::Template { site, .. } => {
            Some(*site)
        }
        _ => None,
    });
    let site = known.unwrap_or(Site::NOWHERE);
    ValueKind::Member { object: object.clone(), name: name.into(), site }.into()
}

fn is_prototype_member(name: &str) -> bool {
    matches!(
        name,
        "toString"
            | "valueOf"
            | "hasOwnProperty"
            | "constructor"
            | "isPrototypeOf"
            | "toLocaleString"
            | "__proto__"
    )
}

fn add(left: &Value, right: &Value) -> Value {
    use ValueKind::*;
    match (&*left.kind, &*right.kind) {
        (Number(a), Number(b)) => match (a.parse::<i64>(), b.parse::<i64>()) {
            (Ok(a), Ok(b)) if a.unsigned_abs() < 1 << 52 && b.unsigned_abs() < 1 << 52 => {
                Number(smol_str::format_smolstr!("{}", a + b)).into()
            }
            _ => Value::unknown(),
        },
        (String(_), _) | (_, String(_)) => match (left.to_text(), right.to_text()) {
            (Some(a), Some(b)) => {
                let mut res = Value::string(format!("{a}{b}"));
                res.site = left.site.or(right.site);
                res
            }
            _ => Value::unknown(),
        },
        _ => Value::unknown(),
    }
}

fn compare(op: &str, left: &Value, right: &Value) -> Option<bool> {
    match op {
        "===" => left.strict_equals(right),
        "!==" => left.strict_equals(right).map(|it| !it),
        "==" | "!=" => {
            let equal = match (left.nullish()?, right.nullish()?) {
                (true, true) => true,
                (true, false) | (false, true) => false,
                (false, false)
                    if std::mem::discriminant(&*left.kind) == std::mem::discriminant(&*right.kind) =>
                {
                    left.strict_equals(right)?
                }
                _ => return None,
            };
            Some(equal == (op == "=="))
        }
        "<" | ">" | "<=" | ">=" => {
            let (ValueKind::Number(a), ValueKind::Number(b)) = (&*left.kind, &*right.kind) else {
                return None;
            };
            let (a, b): (f64, f64) = (a.parse().ok()?, b.parse().ok()?);
            Some(match op {
                "<" => a < b,
                ">" => a > b,
                "<=" => a <= b,
                _ => a >= b,
            })
        }
        _ => None,
    }
}

/// Whole numbers as JavaScript would write the result; `None` where it would not be one, or not exact.
fn arithmetic(op: &str, left: &Value, right: &Value) -> Option<Value> {
    let number = |it: &Value| match &*it.kind {
        ValueKind::Number(text) => text.parse::<i64>().ok().filter(|it| it.unsigned_abs() < 1 << 53),
        _ => None,
    };
    let (a, b) = (number(left)?, number(right)?);
    let res = match op {
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" if b != 0 && a.checked_rem(b) == Some(0) => a.checked_div(b),
        "%" if a >= 0 => a.checked_rem(b),
        "**" => a.checked_pow(u32::try_from(b).ok()?),
        _ => None,
    };
    let res = res.filter(|it| it.unsigned_abs() < 1 << 53)?;
    Some(ValueKind::Number(smol_str::format_smolstr!("{res}")).into())
}

fn unary(op: &str, operand: &Value) -> Value {
    match (op, &*operand.kind) {
        ("!", _) => operand.truthy().map(|it| Value::bool(!it)).unwrap_or_else(Value::unknown),
        ("-", ValueKind::Number(text)) => match text.strip_prefix('-') {
            Some(positive) => ValueKind::Number(positive.into()).into(),
            None => ValueKind::Number(smol_str::format_smolstr!("-{text}")).into(),
        },
        ("-", ValueKind::BigInt(text)) => ValueKind::BigInt(smol_str::format_smolstr!("-{text}")).into(),
        ("+", ValueKind::Number(_)) => operand.clone(),
        ("void", _) => Value::undefined(),
        ("typeof", kind) => match kind {
            ValueKind::String(_) => Value::string("string"),
            ValueKind::Number(_) => Value::string("number"),
            ValueKind::Bool(_) => Value::string("boolean"),
            ValueKind::Undefined => Value::string("undefined"),
            ValueKind::Closure(_) => Value::string("function"),
            ValueKind::Null | ValueKind::Object { .. } | ValueKind::Array { .. } => Value::string("object"),
            _ => Value::unknown(),
        },
        _ => Value::unknown(),
    }
}
