//! Making, comparing and taking apart values.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Entry, GLOBAL, Site, Value, ValueKind};

/// More alternatives than this are not told apart.
const MAX_ALTERNATIVES: usize = 32;

impl From<ValueKind> for Value {
    fn from(kind: ValueKind) -> Value {
        Value { kind: Arc::new(kind), decl: None, site: None }
    }
}

impl Value {
    pub fn unknown() -> Value {
        ValueKind::Unknown.into()
    }

    pub fn undefined() -> Value {
        ValueKind::Undefined.into()
    }

    pub fn string(text: impl Into<SmolStr>) -> Value {
        ValueKind::String(text.into()).into()
    }

    pub fn bool(value: bool) -> Value {
        ValueKind::Bool(value).into()
    }

    pub fn number(value: usize) -> Value {
        ValueKind::Number(smol_str::format_smolstr!("{value}")).into()
    }

    pub fn array(items: Vec<Value>) -> Value {
        ValueKind::Array { items, open: false }.into()
    }

    /// A placeholder for an argument of [`super::Evaluator::call_with`].
    pub fn bound(name: &str) -> Value {
        ValueKind::Bound(name.into()).into()
    }

    pub(super) fn global(path: &[&str]) -> Value {
        ValueKind::External { package: GLOBAL.into(), path: path.iter().map(SmolStr::new).collect() }.into()
    }

    pub(super) fn at(mut self, site: Site) -> Value {
        self.site = Some(site);
        self
    }

    pub fn is_unknown(&self) -> bool {
        matches!(*self.kind, ValueKind::Unknown)
    }

    pub fn as_str(&self) -> Option<&SmolStr> {
        match &*self.kind {
            ValueKind::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match &*self.kind {
            ValueKind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The elements of an array of which none is unknown to be there.
    pub fn as_array(&self) -> Option<&[Value]> {
        match &*self.kind {
            ValueKind::Array { items, open: false } => Some(items),
            _ => None,
        }
    }

    /// The entries of an object, open or not.
    pub fn as_object(&self) -> Option<&[Entry]> {
        match &*self.kind {
            ValueKind::Object { entries, .. } => Some(entries),
            _ => None,
        }
    }

    /// The package and path of a name outside the workspace.
    pub fn as_external(&self) -> Option<(&str, &[SmolStr])> {
        match &*self.kind {
            ValueKind::External { package, path } => Some((package, path)),
            _ => None,
        }
    }

    /// The values it may be: those of a [`ValueKind::OneOf`], else itself.
    pub fn alternatives(&self) -> &[Value] {
        match &*self.kind {
            ValueKind::OneOf(values) => values,
            _ => std::slice::from_ref(self),
        }
    }

    /// JavaScript's truthiness, where it is known.
    pub fn truthy(&self) -> Option<bool> {
        match &*self.kind {
            ValueKind::String(text) => Some(!text.is_empty()),
            ValueKind::Number(text) => {
                let value: f64 = text.parse().ok()?;
                Some(value != 0.0 && !value.is_nan())
            }
            ValueKind::BigInt(text) => Some(text.trim_start_matches('0') != "n" && !text.is_empty()),
            ValueKind::Bool(value) => Some(*value),
            ValueKind::Null | ValueKind::Undefined => Some(false),
            ValueKind::Regex(_)
            | ValueKind::Array { .. }
            | ValueKind::Object { .. }
            | ValueKind::Namespace(_)
            | ValueKind::New { .. }
            | ValueKind::Closure(_) => Some(true),
            ValueKind::OneOf(values) => {
                let first = values.first()?.truthy()?;
                values.iter().all(|it| it.truthy() == Some(first)).then_some(first)
            }
            _ => None,
        }
    }

    /// Whether it is `null` or `undefined`, where that is known.
    pub(super) fn nullish(&self) -> Option<bool> {
        match &*self.kind {
            ValueKind::Null | ValueKind::Undefined => Some(true),
            ValueKind::Unknown
            | ValueKind::External { .. }
            | ValueKind::Member { .. }
            | ValueKind::Call { .. }
            | ValueKind::Bound(_) => None,
            ValueKind::OneOf(values) => {
                let first = values.first()?.nullish()?;
                values.iter().all(|it| it.nullish() == Some(first)).then_some(first)
            }
            _ => Some(false),
        }
    }

    /// The text that a template literal makes of it, where it is known.
    pub(super) fn to_text(&self) -> Option<SmolStr> {
        Some(match &*self.kind {
            ValueKind::String(text) => text.clone(),
            ValueKind::Number(text) if plain_number(text) => text.clone(),
            ValueKind::Bool(value) => SmolStr::new_static(if *value { "true" } else { "false" }),
            ValueKind::Null => SmolStr::new_static("null"),
            ValueKind::Undefined => SmolStr::new_static("undefined"),
            ValueKind::Array { items, open: false } => {
                let mut res = String::new();
                for (idx, item) in items.iter().enumerate() {
                    if idx > 0 {
                        res.push(',');
                    }
                    if item.nullish()? {
                        continue;
                    }
                    res.push_str(&item.to_text()?);
                }
                res.into()
            }
            _ => return None,
        })
    }

    /// `===`, where both are constants.
    pub(super) fn strict_equals(&self, other: &Value) -> Option<bool> {
        use ValueKind::*;
        Some(match (&*self.kind, &*other.kind) {
            (String(a), String(b)) => a == b,
            (Number(a), Number(b)) => a.parse::<f64>().ok()? == b.parse::<f64>().ok()?,
            (Bool(a), Bool(b)) => a == b,
            (Null, Null) | (Undefined, Undefined) => true,
            (
                String(_) | Number(_) | Bool(_) | Null | Undefined,
                String(_) | Number(_) | Bool(_) | Null | Undefined,
            ) => false,
            _ => return None,
        })
    }

    /// One of `values`, decided at run time; nested alternatives are spread, equal ones merged.
    pub fn one_of(values: impl IntoIterator<Item = Value>) -> Value {
        let mut res: Vec<Value> = Vec::new();
        for value in values {
            for alternative in value.alternatives() {
                if !res.iter().any(|it| it.same(alternative)) {
                    res.push(alternative.clone());
                }
            }
        }
        match res.len() {
            0 => Value::unknown(),
            1 => res.remove(0),
            n if n > MAX_ALTERNATIVES => Value::unknown(),
            _ => ValueKind::OneOf(res).into(),
        }
    }

    fn same(&self, other: &Value) -> bool {
        use ValueKind::*;
        Arc::ptr_eq(&self.kind, &other.kind)
            || match (&*self.kind, &*other.kind) {
                (Unknown, Unknown) => true,
                (String(a), String(b))
                | (Number(a), Number(b))
                | (BigInt(a), BigInt(b))
                | (Regex(a), Regex(b)) => a == b,
                (Bool(a), Bool(b)) => a == b,
                (Null, Null) | (Undefined, Undefined) => true,
                (Namespace(a), Namespace(b)) => a == b,
                (External { package: a, path: b }, External { package: c, path: d }) => a == c && b == d,
                (Bound(a), Bound(b)) => a == b,
                _ => false,
            }
    }

    /// Applies `f` to every alternative.
    pub(super) fn map_alternatives(&self, mut f: impl FnMut(&Value) -> Value) -> Value {
        match &*self.kind {
            ValueKind::OneOf(values) => Value::one_of(values.iter().map(f)),
            _ => f(self),
        }
    }
}

/// `f` for every combination of the alternatives of `values`; unknown when there are too many.
pub(super) fn for_combinations(values: &[Value], mut f: impl FnMut(&[Value]) -> Value) -> Value {
    let n_combinations = values.iter().try_fold(1usize, |n, it| n.checked_mul(it.alternatives().len()));
    match n_combinations {
        Some(1) => f(values),
        Some(n) if n <= MAX_ALTERNATIVES => {
            let mut res = Vec::with_capacity(n);
            for number in 0..n {
                let mut rest = number;
                let combination: Vec<Value> = values
                    .iter()
                    .filter_map(|it| {
                        let alternatives = it.alternatives();
                        let value = alternatives.get(rest % alternatives.len().max(1)).cloned();
                        rest /= alternatives.len().max(1);
                        value
                    })
                    .collect();
                res.push(f(&combination));
            }
            Value::one_of(res)
        }
        _ => Value::unknown(),
    }
}

/// Whether a number's source text is what `String(number)` gives.
fn plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.len() <= 15
        && digits.bytes().all(|it| it.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

/// Collects an object literal's entries; a later key replaces the value but keeps the place.
#[derive(Default)]
pub(super) struct ObjectBuilder {
    entries: Vec<Entry>,
    by_key: rustc_hash::FxHashMap<SmolStr, usize>,
    pub open: bool,
}

impl ObjectBuilder {
    pub fn insert(&mut self, entry: Entry) {
        match self.by_key.get(&entry.key).and_then(|&idx| self.entries.get_mut(idx)) {
            Some(place) => *place = entry,
            None => {
                self.by_key.insert(entry.key.clone(), self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    /// The entry may be there: one of its value and what stood there before.
    fn insert_maybe(&mut self, entry: Entry) {
        let before = self.by_key.get(&entry.key).and_then(|&idx| self.entries.get(idx));
        let before = before.map(|it| it.value.clone()).unwrap_or_else(Value::undefined);
        let value = Value::one_of([entry.value, before]);
        self.insert(Entry { value, ..entry });
    }

    /// `...value`, for values of which the entries are known without evaluating more.
    pub fn spread(&mut self, value: &Value) {
        match &*value.kind {
            ValueKind::Object { entries, open } => {
                for entry in entries {
                    self.insert(entry.clone());
                }
                self.open |= open;
            }
            ValueKind::Null
            | ValueKind::Undefined
            | ValueKind::Bool(_)
            | ValueKind::Number(_)
            | ValueKind::BigInt(_)
            | ValueKind::Closure(_)
            | ValueKind::Regex(_) => {}
            ValueKind::OneOf(values) => {
                for value in values {
                    self.spread_maybe(value);
                }
            }
            _ => self.open = true,
        }
    }

    /// `...(unknown && value)`.
    pub fn spread_maybe(&mut self, value: &Value) {
        for alternative in value.alternatives() {
            let mut inner = ObjectBuilder::default();
            inner.spread(alternative);
            self.open |= inner.open;
            for entry in inner.entries {
                self.insert_maybe(entry);
            }
        }
    }

    pub fn finish(self) -> Value {
        ValueKind::Object { entries: self.entries, open: self.open }.into()
    }
}
