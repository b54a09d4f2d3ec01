//! A builder expression taken apart: `varchar('email', { length: 255 }).notNull().unique()` is a head (the call of
//! the package's `varchar`) and the methods called on it, in order.

use smol_str::SmolStr;

use crate::project::eval::{Site, Value, ValueKind};

pub struct Chain<'a> {
    pub head: Head<'a>,
    pub methods: Vec<Method<'a>>,
}

pub struct Method<'a> {
    pub name: &'a str,
    pub args: &'a [Value],
}

pub enum Head<'a> {
    /// A call of a name of a package: `drizzle-orm/pg-core` + `text`, `snakeCase.table`, `sql.raw`.
    Call { package: &'a str, path: &'a [SmolStr], args: &'a [Value], site: Site },
    /// A call of something that is itself a value: an enum, a custom type, a table creator.
    Applied { function: &'a Value, args: &'a [Value], site: Site },
    /// No call: a column, a table, a literal, something unknown.
    Value(&'a Value),
}

impl<'a> Head<'a> {
    /// The last name of the called path: `text` of `d.text()`.
    pub fn function(&self) -> Option<&'a str> {
        match self {
            Head::Call { package, path, .. } if is_drizzle(package) => path.last().map(SmolStr::as_str),
            _ => None,
        }
    }

    pub fn args(&self) -> &'a [Value] {
        match self {
            Head::Call { args, .. } | Head::Applied { args, .. } => args,
            Head::Value(_) => &[],
        }
    }
}

impl<'a> Chain<'a> {
    pub fn method(&self, name: &str) -> Option<&Method<'a>> {
        self.methods.iter().rev().find(|it| it.name == name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.method(name).is_some()
    }

    /// The chain called this function of Drizzle's as its head, and nothing else is known to matter.
    pub fn is_call(&self, function: &str) -> bool {
        self.head.function() == Some(function)
    }
}

/// `drizzle-orm` or a module of it.
pub fn is_drizzle(package: &str) -> bool {
    package == "drizzle-orm" || package.starts_with("drizzle-orm/")
}

pub fn unwind(value: &Value) -> Chain<'_> {
    let mut methods = Vec::new();
    let mut current = value;
    let head = loop {
        match &*current.kind {
            ValueKind::Call { callee, args, site } => match &*callee.kind {
                ValueKind::Member { object, name, .. } => {
                    methods.push(Method { name, args });
                    current = object;
                }
                ValueKind::External { package, path } => {
                    break Head::Call { package, path, args, site: *site };
                }
                _ => break Head::Applied { function: callee, args, site: *site },
            },
            _ => break Head::Value(current),
        }
    };
    methods.reverse();
    Chain { head, methods }
}

/// The entry of an object literal.
pub fn field<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match &*value.kind {
        ValueKind::Object { entries, .. } => {
            entries.iter().rev().find(|it| it.key == key).map(|it| &it.value)
        }
        _ => None,
    }
}

pub fn string(value: &Value) -> Option<&SmolStr> {
    match &*value.kind {
        ValueKind::String(it) => Some(it),
        _ => None,
    }
}

/// The name that a constraint or an index is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// None: Drizzle derives one.
    Nothing,
    Name(SmolStr),
    /// One that only the running program knows.
    Unknown,
}

impl Given {
    pub fn of(value: Option<&Value>) -> Given {
        match value.map(|it| &*it.kind) {
            None | Some(ValueKind::Undefined | ValueKind::Null) => Given::Nothing,
            Some(ValueKind::String(it)) => Given::Name(it.clone()),
            Some(_) => Given::Unknown,
        }
    }

    /// The `name` of a configuration.
    pub fn in_config(config: Option<&Value>) -> Given {
        let Some(config) = config else { return Given::Nothing };
        match (field(config, "name"), &*config.kind) {
            (None, ValueKind::Object { open: true, .. }) => Given::Unknown,
            (value, _) => Given::of(value),
        }
    }

    /// The name, or what is derived where none is given; `None`: it is not known.
    pub fn or_else(self, derive: impl FnOnce() -> Option<SmolStr>) -> Option<SmolStr> {
        match self {
            Given::Nothing => derive(),
            Given::Name(it) => Some(it),
            Given::Unknown => None,
        }
    }
}

pub fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|it| matches!(*it.kind, ValueKind::Bool(true)))
}

/// A number as JavaScript prints it.
pub fn number(value: &Value) -> Option<SmolStr> {
    match &*value.kind {
        ValueKind::Number(it) => js_number(it),
        ValueKind::BigInt(it) => Some(it.trim_end_matches('n').replace('_', "").into()),
        _ => None,
    }
}

/// `1_000` → `1000`, `0.10` → `0.1`, `1e3` → `1000`, `0x10` → `16`: what `String(n)` gives for a literal.
pub fn js_number(source: &str) -> Option<SmolStr> {
    let text = source.replace(['_', ' '], "");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(&text)),
    };
    let lower = digits.to_ascii_lowercase();
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)].iter().find_map(|(prefix, radix)| {
        let rest = lower.strip_prefix(prefix)?;
        i64::from_str_radix(rest, *radix).ok().map(|it| it as f64)
    });
    let value = sign * radix.or_else(|| lower.parse::<f64>().ok())?;
    if !value.is_finite() {
        return None;
    }
    if value == 0.0 {
        return Some("0".into());
    }
    let magnitude = value.abs();
    if !(1e-6..1e21).contains(&magnitude) {
        // JavaScript switches to `1e+21` and `1e-7` here.
        let text = format!("{value:e}");
        return Some(match text.split_once('e') {
            Some((mantissa, exponent)) if !exponent.starts_with('-') => {
                format!("{mantissa}e+{exponent}").into()
            }
            _ => text.into(),
        });
    }
    Some(format!("{value}").into())
}
