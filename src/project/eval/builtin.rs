//! Methods of constant arrays, strings and `Object`, as far as schemas and configurations are written with them.

use smol_str::SmolStr;

use super::value::ObjectBuilder;
use super::{Cx, Entry, Evaluator, Site, Value, ValueKind};

/// A repeated string longer than this is not computed.
const MAX_TEXT: usize = 1 << 20;

/// The members that a validator of literals tells of: zod's `z.enum(list).options`, `.enum`, `.Values`, valibot's
/// `v.picklist(list).options`.
pub(super) fn members_of_validator(callee: &Value, args: &[Value], name: &str) -> Option<Value> {
    let ValueKind::External { package, path } = &*callee.kind else { return None };
    let library = package.split('/').next()?;
    let fits = match path.last()?.as_str() {
        "enum" | "nativeEnum" => library == "zod",
        "picklist" => library == "valibot" && name == "options",
        _ => false,
    };
    let given = args.first().filter(|_| fits)?;
    match (&*given.kind, name) {
        (ValueKind::Array { .. }, "options") | (ValueKind::Object { .. }, "enum" | "Enum" | "Values") => {
            Some(given.clone())
        }
        (ValueKind::Object { entries, open: false }, "options") => {
            Some(Value::array(entries.iter().map(|it| it.value.clone()).collect()))
        }
        (ValueKind::Array { items, open }, "enum" | "Enum" | "Values") => {
            let mut res = ObjectBuilder::default();
            res.open = *open;
            for item in items {
                let site = item.site.or(given.site)?;
                res.insert(Entry { key: item.to_text()?, site, value: item.clone() });
            }
            Some(res.finish())
        }
        _ => None,
    }
}

impl Evaluator<'_> {
    /// A call of a global's function; `None` when it stays symbolic.
    pub(super) fn global_call(
        &self,
        cx: &mut Cx,
        path: &[SmolStr],
        args: &[Value],
        site: Site,
    ) -> Option<Value> {
        let names: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        let first = args.first();
        match names.as_slice() {
            ["Object", "keys" | "values" | "entries"] => {
                let (entries, open) = self.own_entries(cx, first?)?;
                let mut items = Vec::with_capacity(entries.len());
                for entry in entries {
                    let key = Value::string(entry.key).at(entry.site);
                    items.push(match names.as_slice() {
                        [_, "keys"] => key,
                        [_, "values"] => entry.value,
                        _ => Value::array(vec![key, entry.value]),
                    });
                }
                Some(ValueKind::Array { items, open }.into())
            }
            ["Object", "fromEntries"] => {
                let ValueKind::Array { items, open } = &*first?.kind else { return None };
                let mut res = ObjectBuilder::default();
                res.open = *open;
                for item in items {
                    match item.as_array() {
                        Some([key, value]) => match key.to_text() {
                            Some(text) => {
                                let site = key.site.unwrap_or(site);
                                res.insert(Entry { key: text, site, value: value.clone() });
                            }
                            None => res.open = true,
                        },
                        _ => res.open = true,
                    }
                }
                Some(res.finish().at(site))
            }
            ["Object", "assign"] => {
                let mut res = ObjectBuilder::default();
                for arg in args {
                    res.spread(&self.whole(cx, arg));
                }
                Some(res.finish().at(site))
            }
            // A promise is what it gives.
            ["Promise", "all"] => {
                let ValueKind::Array { items, open } = &*first?.kind else { return None };
                let items = items.iter().map(|it| self.awaited(cx, it)).collect();
                Some(ValueKind::Array { items, open: *open }.into())
            }
            ["Promise", "resolve"] => Some(self.awaited(cx, first?)),
            ["Object", "freeze" | "seal"] | ["structuredClone"] => first.cloned(),
            ["Array", "from"] if args.len() == 1 => match &*first?.kind {
                ValueKind::Array { .. } => first.cloned(),
                _ => None,
            },
            ["Array", "of"] => Some(Value::array(args.to_vec())),
            ["Array", "isArray"] => match &*first?.kind {
                ValueKind::Array { .. } => Some(Value::bool(true)),
                ValueKind::Object { .. } | ValueKind::String(_) => Some(Value::bool(false)),
                _ => None,
            },
            ["Number"] => {
                let text = match &*first?.kind {
                    ValueKind::Number(it) | ValueKind::String(it) => it.trim(),
                    _ => return None,
                };
                let digits = text.strip_prefix('-').unwrap_or(text);
                let plain = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
                let is_number = match digits.split_once('.') {
                    Some((whole, fraction)) => plain(whole) && plain(fraction),
                    None => plain(digits),
                };
                is_number.then(|| ValueKind::Number(text.into()).into())
            }
            ["String"] => Some(Value::string(first?.to_text()?)),
            ["Boolean"] => Some(Value::bool(first?.truthy()?)),
            ["BigInt"] => {
                let text = match &*first?.kind {
                    ValueKind::Number(it) | ValueKind::BigInt(it) | ValueKind::String(it) => {
                        it.trim_end_matches('n').trim().replace('_', "")
                    }
                    _ => return None,
                };
                let digits = text.strip_prefix('-').unwrap_or(&text);
                let plain = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
                plain.then(|| ValueKind::BigInt(format!("{text}n").into()).into())
            }
            ["require"] => {
                let file = site.file;
                Some(self.import_whole(file, first?.as_str()?))
            }
            _ => super::node::global_call(path, args),
        }
    }

    /// Own properties in the order of `Object.keys`. True: there may be more.
    fn own_entries(&self, cx: &mut Cx, value: &Value) -> Option<(Vec<Entry>, bool)> {
        let value = self.whole(cx, value);
        let ValueKind::Object { entries, open } = &*value.kind else { return None };
        let is_index = |it: &Entry| it.key.parse::<u32>().is_ok();
        let mut res = entries.clone();
        if res.iter().any(is_index) {
            // Integer keys come first, ascending.
            res.sort_by_key(|it| it.key.parse::<u32>().map_or((1, 0), |index| (0, index)));
        }
        Some((res, *open))
    }

    /// A call of a method of a constant; `None` when it stays symbolic.
    pub(super) fn method_call(
        &self,
        cx: &mut Cx,
        object: &Value,
        name: &str,
        args: &[Value],
        site: Site,
    ) -> Option<Value> {
        match &*object.kind {
            ValueKind::Array { items, open } => self.array_method(cx, object, items, *open, name, args, site),
            ValueKind::String(text) => {
                string_method(text, name, args).map(|it| match (it.site, object.site) {
                    (None, Some(site)) => it.at(site),
                    _ => it,
                })
            }
            ValueKind::Closure(_) => match name {
                "call" => {
                    Some(self.call(cx, object, args.get(1..).unwrap_or_default().to_vec(), false, site))
                }
                "bind" if args.len() <= 1 => Some(object.clone()),
                _ => None,
            },
            ValueKind::Number(_) if name == "toString" && args.is_empty() => {
                Some(Value::string(object.to_text()?))
            }
            // `import('./schema').then((it) => it.users)`
            ValueKind::Namespace(_) if name == "then" && args.len() == 1 => {
                let res = self.call_back(cx, args.first()?, vec![object.clone()], site);
                Some(self.awaited(cx, &res))
            }
            _ => None,
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn array_method(
        &self,
        cx: &mut Cx,
        array: &Value,
        items: &[Value],
        open: bool,
        name: &str,
        args: &[Value],
        site: Site,
    ) -> Option<Value> {
        let first = args.first();
        let made = |items: Vec<Value>| -> Option<Value> { Some(ValueKind::Array { items, open }.into()) };
        match name {
            "map" | "flatMap" => {
                let f = first?;
                let mut res = Vec::with_capacity(items.len());
                for (idx, item) in items.iter().enumerate() {
                    let index = if open { Value::unknown() } else { Value::number(idx) };
                    res.push(self.call_back(cx, f, vec![item.clone(), index, array.clone()], site));
                }
                if name == "map" { made(res) } else { flat(&res, 1, open) }
            }
            "filter" | "find" | "some" | "every" => {
                let f = first?;
                let mut verdicts = Vec::with_capacity(items.len());
                for (idx, item) in items.iter().enumerate() {
                    let verdict = match f.as_external() {
                        Some((super::GLOBAL, [name])) if name == "Boolean" => item.truthy(),
                        _ => {
                            let args = vec![item.clone(), Value::number(idx), array.clone()];
                            self.call_back(cx, f, args, site).truthy()
                        }
                    };
                    verdicts.push(verdict);
                }
                match name {
                    "filter" => {
                        let mut res = Vec::new();
                        let mut open = open;
                        for (item, verdict) in items.iter().zip(&verdicts) {
                            match verdict {
                                Some(true) => res.push(item.clone()),
                                Some(false) => {}
                                None => {
                                    open = true;
                                    res.push(Value::one_of([item.clone(), Value::undefined()]));
                                }
                            }
                        }
                        Some(ValueKind::Array { items: res, open }.into())
                    }
                    _ if open => None,
                    "find" => {
                        let at = verdicts.iter().position(|it| *it != Some(false));
                        match at {
                            None => Some(Value::undefined()),
                            Some(at) if verdicts.get(at) == Some(&Some(true)) => items.get(at).cloned(),
                            Some(_) => Some(Value::unknown()),
                        }
                    }
                    "some" if verdicts.contains(&Some(true)) => Some(Value::bool(true)),
                    "some" if verdicts.contains(&None) => Some(Value::unknown()),
                    "some" => Some(Value::bool(false)),
                    _ if verdicts.contains(&Some(false)) => Some(Value::bool(false)),
                    _ if verdicts.contains(&None) => Some(Value::unknown()),
                    _ => Some(Value::bool(true)),
                }
            }
            "reduce" if !open && args.len() == 2 => {
                let mut res = args.get(1)?.clone();
                for (idx, item) in items.iter().enumerate() {
                    let args = vec![res, item.clone(), Value::number(idx), array.clone()];
                    res = self.call_back(cx, first?, args, site);
                }
                Some(res)
            }
            "concat" => {
                if !cx.spend(items.len()) {
                    return Some(Value::unknown());
                }
                let mut res = items.to_vec();
                let mut open = open;
                for arg in args {
                    match &*arg.kind {
                        ValueKind::Array { items, .. } if !cx.spend(items.len()) => open = true,
                        ValueKind::Array { items, open: unknown } => {
                            res.extend(items.iter().cloned());
                            open |= unknown;
                        }
                        ValueKind::Unknown
                        | ValueKind::External { .. }
                        | ValueKind::OneOf(_)
                        | ValueKind::Bound(_)
                        | ValueKind::Member { .. }
                        | ValueKind::Call { .. } => open = true,
                        _ => res.push(arg.clone()),
                    }
                }
                Some(ValueKind::Array { items: res, open }.into())
            }
            "flat" => {
                flat(items, first.and_then(Value::to_text).and_then(|it| it.parse().ok()).unwrap_or(1), open)
            }
            _ if open => None,
            "join" => {
                let separator = match first {
                    Some(it) => it.as_str()?.clone(),
                    None => ",".into(),
                };
                let mut res = String::new();
                for (idx, item) in items.iter().enumerate() {
                    if idx > 0 {
                        res.push_str(&separator);
                    }
                    if !item.nullish()? {
                        res.push_str(&item.to_text()?);
                    }
                }
                Some(Value::string(res).at(items.first().and_then(|it| it.site).unwrap_or(site)))
            }
            "slice" => {
                let (start, end) = bounds(args, items.len())?;
                made(items.get(start..end).unwrap_or_default().to_vec())
            }
            "reverse" | "toReversed" => made(items.iter().rev().cloned().collect()),
            "at" => {
                let index: i64 = first?.to_text()?.parse().ok()?;
                let index = if index < 0 { index.checked_add(items.len() as i64)? } else { index };
                let item = usize::try_from(index).ok().and_then(|it| items.get(it));
                Some(item.cloned().unwrap_or_else(Value::undefined))
            }
            "includes" | "indexOf" => {
                let verdicts: Option<Vec<bool>> = items.iter().map(|it| it.strict_equals(first?)).collect();
                let at = verdicts?.iter().position(|it| *it);
                Some(match name {
                    "includes" => Value::bool(at.is_some()),
                    _ => at.map(Value::number).unwrap_or_else(|| ValueKind::Number("-1".into()).into()),
                })
            }
            "values" => Some(array.clone()),
            "keys" => made((0..items.len()).map(Value::number).collect()),
            "entries" => {
                let pairs = items.iter().enumerate();
                made(pairs.map(|(idx, it)| Value::array(vec![Value::number(idx), it.clone()])).collect())
            }
            _ => None,
        }
    }
}

fn flat(items: &[Value], depth: usize, mut open: bool) -> Option<Value> {
    let mut res = Vec::new();
    for item in items {
        match &*item.kind {
            ValueKind::Array { items, open: unknown } if depth > 0 => {
                if depth > 1 {
                    let inner = flat(items, depth.min(8) - 1, *unknown)?;
                    let ValueKind::Array { items, open: unknown } = &*inner.kind else { return None };
                    res.extend(items.iter().cloned());
                    open |= unknown;
                } else {
                    res.extend(items.iter().cloned());
                    open |= unknown;
                }
            }
            ValueKind::Unknown | ValueKind::External { .. } | ValueKind::OneOf(_) | ValueKind::Bound(_) => {
                open = true
            }
            _ => res.push(item.clone()),
        }
    }
    Some(ValueKind::Array { items: res, open }.into())
}

/// The arguments of `slice`, as indexes.
fn bounds(args: &[Value], len: usize) -> Option<(usize, usize)> {
    let index = |arg: Option<&Value>, default: usize| -> Option<usize> {
        match arg.map(|it| &*it.kind) {
            None | Some(ValueKind::Undefined) => Some(default),
            Some(ValueKind::Number(text)) => {
                let index: i64 = text.parse().ok()?;
                let index = if index < 0 { index.saturating_add(len as i64).max(0) } else { index };
                Some(usize::try_from(index).ok()?.min(len))
            }
            _ => None,
        }
    };
    let start = index(args.first(), 0)?;
    let end = index(args.get(1), len)?;
    Some((start, end.max(start)))
}

/// The text that a regular expression without any operator finds, and whether it has the flag `g`.
fn plain_regex(value: &Value) -> Option<(String, bool)> {
    let ValueKind::Regex(text) = &*value.kind else { return None };
    let (body, flags) = text.strip_prefix('/')?.rsplit_once('/')?;
    let mut res = String::new();
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => res.push(chars.next().filter(|it| !it.is_alphanumeric())?),
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            c => res.push(c),
        }
    }
    (matches!(flags, "" | "g") && !res.is_empty()).then_some((res, flags == "g"))
}

fn string_method(text: &SmolStr, name: &str, args: &[Value]) -> Option<Value> {
    let arg = |idx: usize| args.get(idx).and_then(Value::as_str).map(SmolStr::as_str);
    let made = |text: String| -> Option<Value> { Some(Value::string(text)) };
    // `path.join(…).replace(/\\/g, '/')`
    if let ("replace" | "replaceAll", Some((from, is_global))) = (name, args.first().and_then(plain_regex)) {
        let to = arg(1).filter(|it| !it.contains('$'))?;
        return made(if is_global { text.replace(&from, to) } else { text.replacen(&from, to, 1) });
    }
    match name {
        "toString" | "valueOf" | "toLocaleString" => Some(Value::string(text.clone())),
        "toLowerCase" | "toLocaleLowerCase" => made(text.to_lowercase()),
        "toUpperCase" | "toLocaleUpperCase" => made(text.to_uppercase()),
        "trim" => made(text.trim().to_owned()),
        "trimStart" => made(text.trim_start().to_owned()),
        "trimEnd" => made(text.trim_end().to_owned()),
        "concat" => {
            let mut res = text.to_string();
            for arg in args {
                res.push_str(&arg.to_text()?);
            }
            made(res)
        }
        // `$` in a replacement has a meaning of its own.
        "replace" if !arg(1)?.contains('$') => made(text.replacen(arg(0)?, arg(1)?, 1)),
        "replaceAll" if !arg(1)?.contains('$') => {
            let from = arg(0)?;
            if from.is_empty() { None } else { made(text.replace(from, arg(1)?)) }
        }
        "split" if args.len() == 1 => {
            let separator = arg(0)?;
            let parts: Vec<Value> = match separator {
                "" => text.chars().map(|it| Value::string(it.to_string())).collect(),
                _ => text.split(separator).map(Value::string).collect(),
            };
            Some(Value::array(parts))
        }
        "slice" | "substring" if text.is_ascii() => {
            if name == "substring" && args.iter().any(|it| it.to_text().is_none_or(|it| it.starts_with('-')))
            {
                return None;
            }
            let (start, end) = bounds(args, text.len())?;
            made(text.get(start..end)?.to_owned())
        }
        "charAt" if text.is_ascii() => {
            let index: usize = args.first()?.to_text()?.parse().ok()?;
            made(text.get(index..index + 1).unwrap_or("").to_owned())
        }
        "startsWith" if args.len() == 1 => Some(Value::bool(text.starts_with(arg(0)?))),
        "endsWith" if args.len() == 1 => Some(Value::bool(text.ends_with(arg(0)?))),
        "includes" if args.len() == 1 => Some(Value::bool(text.contains(arg(0)?))),
        "repeat" => {
            let n: usize = args.first()?.to_text()?.parse().ok()?;
            if text.len().checked_mul(n)? > MAX_TEXT { None } else { made(text.repeat(n)) }
        }
        "padStart" | "padEnd" if text.is_ascii() => {
            let len: usize = args.first()?.to_text()?.parse().ok()?;
            let fill = if args.len() > 1 { arg(1)? } else { " " };
            if !fill.is_ascii() || fill.is_empty() || len > MAX_TEXT {
                return None;
            }
            let pad: String = fill.chars().cycle().take(len.saturating_sub(text.len())).collect();
            made(if name == "padStart" { format!("{pad}{text}") } else { format!("{text}{pad}") })
        }
        _ => None,
    }
}
