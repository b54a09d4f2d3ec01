//! Functions with their signatures, overloads as one.

use super::context::{Cx, Seg};
use super::rank::{NO_MATCH, Tier, matching};
use super::{DataKind, Item, ItemKind};
use crate::catalog::types::format_type_id;
use crate::catalog::{Function, FunctionKind, QualifiedName, TypeId, TypeKind, lookup, pg};
use crate::sema::Ty;
use crate::sema::scope::{Clause, Scope};
use crate::sql::{Dialect, Ident};

/// What people call most, and the constructs of the grammar that look like calls.
const USUAL: [&str; 48] = [
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "coalesce",
    "now",
    "lower",
    "upper",
    "length",
    "concat",
    "nullif",
    "greatest",
    "least",
    "array_agg",
    "string_agg",
    "json_agg",
    "jsonb_agg",
    "jsonb_build_object",
    "bool_or",
    "bool_and",
    "date_trunc",
    "date_part",
    "extract",
    "to_char",
    "age",
    "round",
    "abs",
    "ceil",
    "floor",
    "random",
    "gen_random_uuid",
    "trim",
    "substring",
    "replace",
    "split_part",
    "regexp_replace",
    "position",
    "row_number",
    "rank",
    "dense_rank",
    "lag",
    "lead",
    "first_value",
    "unnest",
    "to_tsvector",
    "generate_series",
    "jsonb_set",
];

/// Calls that the grammar reads itself, with their forms.
const FORMS: [(&str, &str); 10] = [
    ("coalesce", "(value, …)"),
    ("nullif", "(value, value)"),
    ("greatest", "(value, …)"),
    ("least", "(value, …)"),
    ("extract", "(field from source)"),
    ("trim", "([leading | trailing | both] [characters] from string)"),
    ("substring", "(string from start for count)"),
    ("position", "(substring in string)"),
    ("overlay", "(string placing new from start for count)"),
    ("exists", "(query)"),
];

/// At most so many names match a typed word before the list is cut.
const MAX_NAMES: usize = 120;

/// Functions where a value stands; of one schema if it was written.
pub fn items(cx: &Cx<'_>, scope: &Scope, schema: Option<&Ident>) {
    if cx.dialect() != Dialect::Postgres {
        return usual_names(cx);
    }
    if scope.clause == Clause::From {
        return in_from(cx, schema);
    }
    for name in names(cx, schema) {
        let found = lookup::functions(cx.catalog, schema, &Ident::new(name.as_str()));
        let overloads: Vec<&Function> = found.into_iter().filter(|it| is_callable(cx, it)).collect();
        let form = FORMS.iter().find(|it| it.0 == name && schema.is_none());
        if overloads.is_empty() && form.is_none() {
            continue;
        }
        let fits = overloads.iter().any(|it| fits(cx, it, scope));
        let usual = USUAL.iter().position(|it| *it == name).filter(|_| schema.is_none());
        let own = overloads.first().is_some_and(|it| it.origin != crate::catalog::Origin::Builtin);
        let order = usual.map_or(200, |it| it as u32) + if fits { 0 } else { 1_000 };
        let order = if own { order.saturating_sub(190) } else { order };
        let tier = if usual.is_some() || own { Tier::Function } else { Tier::Rest };
        cx.add(&name, tier, order, item(cx, &name, &overloads, form.map(|it| it.1)));
    }
}

/// Functions that yield rows.
pub fn in_from(cx: &Cx<'_>, schema: Option<&Ident>) {
    if cx.dialect() != Dialect::Postgres {
        return;
    }
    const ROWS: [&str; 9] = [
        "generate_series",
        "unnest",
        "jsonb_array_elements",
        "jsonb_array_elements_text",
        "jsonb_each",
        "jsonb_to_recordset",
        "regexp_split_to_table",
        "json_array_elements",
        "jsonb_object_keys",
    ];
    let mut all: Vec<String> = ROWS.iter().map(|it| (*it).to_owned()).filter(|_| schema.is_none()).collect();
    all.extend(names(cx, schema));
    for name in all {
        let found = lookup::functions(cx.catalog, schema, &Ident::new(name.as_str()));
        let overloads: Vec<&Function> =
            found.into_iter().filter(|it| it.returns_set && is_callable(cx, it)).collect();
        if !overloads.is_empty() {
            cx.add(&name, Tier::Function, 0, item(cx, &name, &overloads, None));
        }
    }
}

/// Functions that a trigger may run.
pub fn for_triggers(cx: &Cx<'_>) {
    for (name, overloads) in cx.catalog.functions.iter() {
        if overloads.iter().any(|it| it.returns == Some(TypeId::TRIGGER)) {
            let written = format!("{}()", cx.quote(&name.name));
            let item = cx.item(name.name.as_str(), ItemKind::Function, &written);
            cx.add(name.name.as_str(), Tier::Fit, 0, item);
        }
    }
}

/// Functions and procedures that the database itself declares.
pub fn declared(cx: &Cx<'_>, kinds: &[FunctionKind]) {
    for (name, overloads) in cx.catalog.functions.iter() {
        for function in overloads.iter().filter(|it| kinds.contains(&it.kind)) {
            let types: Vec<String> = function.params.iter().map(|it| param_type(cx, it.ty)).collect();
            let label = format!("{}({})", name.name, types.join(", "));
            let sql = format!("{}({})", cx.quote(&name.name), types.join(", "));
            let item = cx.item(label, ItemKind::Function, &sql);
            cx.add(name.name.as_str(), Tier::Fit, 0, item);
        }
    }
}

fn usual_names(cx: &Cx<'_>) {
    let common = [
        "count", "sum", "avg", "min", "max", "coalesce", "lower", "upper", "length", "round", "abs", "nullif",
    ];
    for (idx, name) in common.into_iter().enumerate() {
        let segs = [Seg::Text(format!("{name}(")), Seg::Stop(1, String::new()), Seg::Text(")".to_owned())];
        let item = cx.snippet(name, ItemKind::Function, &segs);
        cx.add(name, Tier::Function, idx as u32, item);
    }
}

/// The names to offer: without a typed word the database's own and the usual ones, else all that match.
fn names(cx: &Cx<'_>, schema: Option<&Ident>) -> Vec<String> {
    let typed = cx.prefix();
    let mut res: Vec<String> = Vec::new();
    let path = lookup::effective_path(cx.catalog);
    let in_schema = |it: &Ident| match schema {
        Some(schema) => it == schema,
        None => path.contains(&it.as_str()),
    };
    res.extend(cx.catalog.functions.keys().filter(|it| in_schema(&it.schema)).map(|it| it.name.to_string()));
    let builtin = schema.is_none_or(|it| it.as_str() == lookup::PG_CATALOG);
    if builtin && typed.is_empty() {
        res.extend(USUAL.iter().chain(&["exists", "overlay"]).map(|it| (*it).to_owned()));
        cx.cut();
    }
    let extensions = cx.catalog.extensions.values().filter(|it| it.known && in_schema(&it.schema));
    let extensions: Vec<_> = extensions.filter_map(|it| pg::ext::extension(it.name.as_str())).collect();
    if !typed.is_empty() {
        let mut found: Vec<(u8, usize, &str)> = Vec::new();
        let own = extensions.iter().flat_map(|it| it.functions.keys().copied());
        let all = builtin.then(|| pg::function_names().chain(FORMS.iter().map(|it| it.0)));
        for name in all.into_iter().flatten().chain(own) {
            let class = matching(name, typed);
            if class < 3 {
                found.push((class, name.len(), name));
            }
        }
        found.sort_unstable();
        found.dedup();
        if found.len() > MAX_NAMES {
            cx.cut();
        }
        res.retain(|it| matching(it, typed) < NO_MATCH);
        res.extend(found.into_iter().take(MAX_NAMES).map(|it| it.2.to_owned()));
        cx.cut();
    }
    let mut seen = rustc_hash::FxHashSet::default();
    res.retain(|it| seen.insert(it.clone()));
    res
}

/// Not one that only the server itself calls: input and output of types, support of indexes, triggers.
fn is_callable(cx: &Cx<'_>, function: &Function) -> bool {
    let internal = |id: TypeId| {
        let handler = || {
            cx.catalog.type_info(id).is_some_and(|it| {
                it.kind == TypeKind::Pseudo
                    && (it.name.as_str().ends_with("_handler") || it.name.as_str() == "internal")
            })
        };
        matches!(id, TypeId::CSTRING | TypeId::TRIGGER) || handler()
    };
    function.kind != FunctionKind::Procedure
        && !function.returns.is_some_and(internal)
        && !function.params.iter().filter_map(|it| it.ty).any(internal)
}

fn fits(cx: &Cx<'_>, function: &Function, scope: &Scope) -> bool {
    let aggregate_here =
        !matches!(scope.clause, Clause::Where | Clause::On | Clause::GroupBy | Clause::Values)
            || !matches!(function.kind, FunctionKind::Aggregate | FunctionKind::Window);
    let known = scope.expected.types.is_empty()
        || function
            .returns
            .is_some_and(|it| cx.fit(Ty::Known(crate::catalog::Type::plain(it)), &scope.expected.types) < 2);
    aggregate_here && known
}

fn param_type(cx: &Cx<'_>, id: Option<TypeId>) -> String {
    id.map_or_else(|| "?".to_owned(), |it| format_type_id(cx.catalog, it))
}

/// `(string text, count integer)`.
pub fn signature(cx: &Cx<'_>, function: &Function) -> String {
    let n = function.params.len();
    let first_default = n.saturating_sub(function.n_defaults as usize);
    let param = |(idx, it): (usize, &crate::catalog::FunctionParam)| {
        let ty = param_type(cx, it.ty);
        let variadic = if function.variadic && idx + 1 == n { "variadic " } else { "" };
        let text = match &it.name {
            Some(name) => format!("{variadic}{name} {ty}"),
            None => format!("{variadic}{ty}"),
        };
        if idx >= first_default { format!("[{text}]") } else { text }
    };
    let params: Vec<String> = function.params.iter().enumerate().map(param).collect();
    format!("({})", params.join(", "))
}

pub fn result(cx: &Cx<'_>, function: &Function) -> Option<String> {
    if !function.out_columns.is_empty() && function.returns == Some(TypeId::RECORD) {
        let column = |it: &(Ident, Option<crate::catalog::Type>)| {
            format!("{} {}", it.0, param_type(cx, it.1.map(|it| it.id)))
        };
        let columns: Vec<String> = function.out_columns.iter().map(column).collect();
        let set = if function.returns_set { "setof " } else { "" };
        return Some(format!("{set}({})", columns.join(", ")));
    }
    let ty = format_type_id(cx.catalog, function.returns?);
    Some(if function.returns_set { format!("setof {ty}") } else { ty })
}

fn item(cx: &Cx<'_>, name: &str, overloads: &[&Function], form: Option<&str>) -> Item {
    let calls_already = cx.typed.tail().starts_with('(');
    let without = form.is_none() && overloads.iter().all(|it| it.params.is_empty());
    let written = cx.quote(&Ident::new(name));
    let written = if form.is_some() { name.to_owned() } else { written };
    let segs = match (calls_already, without) {
        (true, _) => vec![Seg::Text(written)],
        (false, true) => vec![Seg::Text(format!("{written}()"))],
        (false, false) => {
            vec![Seg::Text(format!("{written}(")), Seg::Stop(0, String::new()), Seg::Text(")".to_owned())]
        }
    };
    let mut item = cx.snippet(name, ItemKind::Function, &segs);
    let more = overloads.len().saturating_sub(1);
    item.label_detail = match (form, overloads.first()) {
        (Some(form), _) => Some(form.to_owned()),
        (None, Some(first)) if more == 0 => Some(signature(cx, first)),
        (None, Some(first)) => Some(format!("{} +{more}", signature(cx, first))),
        (None, None) => None,
    };
    if let Some(first) = overloads.first() {
        let results: Vec<String> = overloads.iter().filter_map(|it| result(cx, it)).collect();
        let same = results.windows(2).all(|it| it.first() == it.get(1));
        item.detail = if same { results.into_iter().next() } else { Some(results_of(results)) };
        item.origin = match first.origin {
            crate::catalog::Origin::Builtin => Some(first.schema.to_string()),
            origin => cx.origin(origin),
        };
        item.data = cx.data(&first.schema, &Ident::new(name), None, DataKind::Function);
    }
    item
}

fn results_of(mut results: Vec<String>) -> String {
    let mut seen = rustc_hash::FxHashSet::default();
    results.retain(|it| seen.insert(it.clone()));
    if results.len() > 3 {
        results.truncate(3);
        results.push("…".to_owned());
    }
    results.join(" | ")
}

/// Every overload of a function, for its documentation.
pub fn overloads<'a>(catalog: &'a crate::catalog::Catalog, name: &QualifiedName) -> Vec<&'a Function> {
    lookup::functions(catalog, Some(&name.schema), &name.name).into_vec()
}
