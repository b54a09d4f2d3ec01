//! `pg_proc`. Only the names are read at first; the functions of a name are read when it is asked for.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::tsv::{self, Row};
use crate::catalog::{Function, FunctionKind, FunctionParam, Origin, Type, TypeId};
use crate::sql::Ident;

struct Overloads {
    lines: SmallVec<[&'static str; 1]>,
    parsed: OnceLock<Box<[Function]>>,
}

pub fn named(name: &str) -> &'static [Function] {
    let Some(overloads) = table().get(name) else { return &[] };
    overloads.parsed.get_or_init(|| {
        let oid = |text: &'static str| TypeId(text.parse().unwrap_or(0));
        overloads.lines.iter().map(|line| read(Row::new(line), ' ', oid)).collect()
    })
}

pub fn names() -> impl Iterator<Item = &'static str> {
    table().keys().copied()
}

/// The text of `pg_description` for a built-in function: found by its place among its name's overloads.
pub fn description(function: &Function) -> Option<String> {
    let overloads = table().get(function.name.as_str())?;
    let place = named(function.name.as_str()).iter().position(|it| it == function)?;
    let text = overloads.lines.get(place)?.rsplit('\t').next().filter(|it| *it != "\\N")?;
    Some(tsv::unescape(text).into_owned())
}

/// `pg_proc.provolatile` of a built-in function: `i`, `s` or `v`.
pub fn volatility(function: &Function) -> Option<char> {
    let overloads = table().get(function.name.as_str())?;
    let place = named(function.name.as_str()).iter().position(|it| it == function)?;
    overloads.lines.get(place)?.split('\t').nth(7)?.chars().next()
}

/// The same by the function's oid.
pub fn volatility_of(oid: u32) -> Option<char> {
    static TABLE: OnceLock<FxHashMap<u32, char>> = OnceLock::new();
    let all = TABLE.get_or_init(|| {
        let lines = include_str!("data/functions.tsv").lines().filter(|it| !it.starts_with('#')).skip(1);
        lines
            .filter_map(|line| {
                let mut cells = line.split('\t');
                Some((cells.next()?.parse().ok()?, cells.nth(6)?.chars().next()?))
            })
            .collect()
    });
    all.get(&oid).copied()
}

fn table() -> &'static FxHashMap<&'static str, Overloads> {
    static TABLE: OnceLock<FxHashMap<&'static str, Overloads>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut res: FxHashMap<&'static str, Overloads> =
            FxHashMap::with_capacity_and_hasher(3000, Default::default());
        let lines = include_str!("data/functions.tsv").lines().filter(|it| !it.starts_with('#')).skip(1);
        for line in lines {
            let Some(name) = line.split('\t').nth(1) else { continue };
            res.entry(name)
                .or_insert_with(|| Overloads { lines: SmallVec::new(), parsed: OnceLock::new() })
                .lines
                .push(line);
        }
        res
    })
}

/// One line; `separator` stands between the types of a list.
pub fn read(mut row: Row, separator: char, resolve: impl Fn(&'static str) -> TypeId) -> Function {
    row.skip(1);
    let name = Ident::new(row.text());
    let schema = Ident::new(row.text());
    let kind = match row.char() {
        'a' => FunctionKind::Aggregate,
        'p' => FunctionKind::Procedure,
        'w' => FunctionKind::Window,
        _ => FunctionKind::Function,
    };
    let variadic = !resolve(row.text()).is_none();
    let strict = row.flag();
    let returns_set = row.flag();
    let mutable = row.char() != 'i';
    row.skip(1);
    let n_defaults = row.number();
    let returns = resolve(row.text());
    let list = |text: &'static str| {
        text.split(separator).filter(|it| !it.is_empty()).map(&resolve).collect::<SmallVec<[TypeId; 8]>>()
    };
    let inputs = list(row.text());
    let all = row.nullable().map(list);
    let modes = row.nullable();
    let names: SmallVec<[&str; 8]> = row.nullable().map(|it| it.split(',').collect()).unwrap_or_default();
    let aggkind = row.char();
    let direct_args = row.number();

    let name_at = |idx: usize| names.get(idx).filter(|it| !it.is_empty()).map(|it| Ident::new(*it));
    let mut params = Vec::with_capacity(inputs.len());
    let mut out_columns = Vec::new();
    match (all, modes) {
        (Some(all), Some(modes)) => {
            for (idx, (ty, mode)) in all.into_iter().zip(modes.chars()).enumerate() {
                if matches!(mode, 'i' | 'b' | 'v') {
                    params.push(FunctionParam { name: name_at(idx), ty: Some(ty) });
                }
                if matches!(mode, 'o' | 'b' | 't') {
                    let column = name_at(idx)
                        .unwrap_or_else(|| Ident::new(format!("column{}", out_columns.len() + 1)));
                    out_columns.push((column, Some(Type::plain(ty))));
                }
            }
        }
        _ => params.extend(
            inputs.iter().enumerate().map(|(idx, ty)| FunctionParam { name: name_at(idx), ty: Some(*ty) }),
        ),
    }
    Function {
        schema,
        name,
        kind,
        params,
        call_params: Vec::new(),
        n_defaults,
        variadic,
        returns: Some(returns),
        returns_set,
        out_columns,
        strict,
        direct_args: (aggkind == 'o' || aggkind == 'h').then_some(direct_args),
        mutable,
        definition: None,
        origin: Origin::Builtin,
    }
}
