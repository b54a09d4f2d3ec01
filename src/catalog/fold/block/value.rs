//! Values of PL/pgSQL that may not be known, and what operators make of them.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::sql::{DYNAMIC_MARK, Ident};

/// A value, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Unknown,
    Null,
    Bool(bool),
    Int(i64),
    /// What of it is not known is a [`DYNAMIC_MARK`].
    Text(SmolStr),
    /// The identity of an object.
    Oid(SmolStr),
    List(Vec<Value>),
    Record(Vec<(Ident, Value)>),
}

pub(super) type Variables = BTreeMap<Ident, Value>;

impl Value {
    pub fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    /// All of it.
    pub fn known(&self) -> bool {
        match self {
            Value::Unknown => false,
            Value::Text(text) => !text.contains(DYNAMIC_MARK),
            _ => true,
        }
    }

    /// As `||` and `format` write it.
    pub fn written(&self) -> String {
        match self {
            Value::Text(text) => text.to_string(),
            Value::Int(it) => it.to_string(),
            Value::Bool(it) => if *it { "t" } else { "f" }.to_owned(),
            Value::Null => String::new(),
            _ => DYNAMIC_MARK.to_string(),
        }
    }
}

/// A field of a record.
pub(super) fn field(fields: &[(Ident, Value)], name: &Ident) -> Value {
    fields.iter().find(|it| it.0 == *name).map_or(Value::Unknown, |it| it.1.clone())
}

/// Both texts are known, all of them.
pub(super) fn text_known(a: &str, b: &str) -> bool {
    !a.contains(DYNAMIC_MARK) && !b.contains(DYNAMIC_MARK)
}

/// NOT.
pub(super) fn not(value: Value) -> Value {
    match value {
        Value::Bool(it) => Value::Bool(!it),
        Value::Null => Value::Null,
        _ => Value::Unknown,
    }
}

/// AND.
pub(super) fn all(values: impl Iterator<Item = Value>) -> Value {
    let mut res = Value::Bool(true);
    for value in values {
        res = match (res, value) {
            (_, Value::Bool(false)) => return Value::Bool(false),
            (res, Value::Bool(true)) => res,
            (Value::Bool(_) | Value::Null, Value::Null) => Value::Null,
            _ => Value::Unknown,
        };
    }
    res
}

/// `=`.
pub(super) fn equal(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Text(x), Value::Text(y)) if text_known(x, y) => Value::Bool(x == y),
        (Value::Int(x), Value::Int(y)) => Value::Bool(x == y),
        (Value::Bool(x), Value::Bool(y)) => Value::Bool(x == y),
        (Value::Oid(x), Value::Oid(y)) => Value::Bool(x == y),
        // Characters of `"char"` and booleans as texts.
        (Value::Bool(x), Value::Text(y)) | (Value::Text(y), Value::Bool(x)) => match y.as_str() {
            "t" | "true" => Value::Bool(*x),
            "f" | "false" => Value::Bool(!*x),
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

/// `<`, `<=`, `>`, `>=` of numbers; texts are left to their collation.
pub(super) fn compare(op: &str, a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Int(a), Value::Int(b)) => Value::Bool(match op {
            "<" => a < b,
            "<=" => a <= b,
            ">" => a > b,
            _ => a >= b,
        }),
        _ => Value::Unknown,
    }
}

/// `||` of texts.
pub(super) fn concatenate(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::List(_), _) | (_, Value::List(_)) => Value::Unknown,
        (Value::Unknown, Value::Unknown) => Value::Unknown,
        _ => Value::Text(format!("{}{}", a.written(), b.written()).into()),
    }
}
