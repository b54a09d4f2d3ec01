//! Columns, aliases, constants and parameters: what an expression may begin with.

use super::context::{Cx, Seg};
use super::rank::Tier;
use super::typed::Quoting;
use super::{DataKind, Item, ItemKind, function, join, relation};
use crate::catalog::types::{TypeKind, format_type};
use crate::catalog::{Type, TypeId};
use crate::sema::Ty;
use crate::sema::scope::{Clause, Column, Item as FromItem, Scope};
use crate::sql::{Dialect, Ident};

/// A column or call in an expression, perhaps behind a qualifier.
pub fn items(cx: &Cx<'_>, scope: &Scope, qualifier: &[Ident]) {
    match cx.quoting() {
        Quoting::String { .. } => return labels(cx, scope),
        Quoting::Param => return params(cx, scope),
        Quoting::Bare | Quoting::Ident => {}
    }
    if let Some(last) = qualifier.last() {
        return qualified(cx, scope, qualifier, last);
    }
    if cx.typed.tail().starts_with('.') {
        return aliases(cx, scope);
    }
    if scope.n_left.is_some() {
        join::conditions(cx, scope);
    }
    variables(cx, scope);
    if scope.clause != Clause::Limit {
        columns(cx, scope);
        aliases(cx, scope);
    }
    for (idx, column) in scope.outputs.iter().enumerate().filter(|it| !it.1.name.as_str().starts_with('?')) {
        let mut item = cx.item(column.name.as_str(), ItemKind::Column, &cx.ident(&column.name));
        item.detail = cx.column_detail(column);
        item.origin = Some("select list".to_owned());
        cx.add(column.name.as_str(), Tier::Fit, idx as u32, item);
    }
    if cx.quoting() == Quoting::Ident {
        return;
    }
    labels(cx, scope);
    constants(cx, scope);
    params(cx, scope);
    function::items(cx, scope, None);
}

/// Parameters and variables of the function around.
fn variables(cx: &Cx<'_>, scope: &Scope) {
    let Some(env) = cx.env else { return };
    for (idx, variable) in env.variables.iter().enumerate() {
        let hidden = env.variables.iter().take(idx).any(|it| it.name == variable.name);
        if hidden {
            continue;
        }
        let mut item = cx.item(variable.name.as_str(), ItemKind::Parameter, &cx.ident(&variable.name));
        item.detail = match variable.ty {
            Ty::Known(ty) => Some(format_type(cx.catalog, ty)),
            Ty::Unknown => None,
        };
        item.origin = variable.owner.as_ref().map(|it| it.to_string());
        let tier = match cx.fit(variable.ty, &scope.expected.types) {
            0 => Tier::Fit,
            1 | 2 => Tier::Column,
            _ => Tier::Near,
        };
        cx.add(variable.name.as_str(), tier, idx as u32, item);
    }
}

fn qualified(cx: &Cx<'_>, scope: &Scope, qualifier: &[Ident], last: &Ident) {
    let schema = qualifier.len().checked_sub(2).and_then(|it| qualifier.get(it));
    let named = |it: &&FromItem| {
        it.named
            && same(cx, &it.name, last)
            && schema.is_none_or(|schema| it.relation.as_ref().is_some_and(|it| it.schema == *schema))
    };
    if let Some(item) = scope.items.iter().find(named) {
        if cx.typed.tail().starts_with('.') {
            return;
        }
        for (idx, column) in item.columns.iter().enumerate() {
            let mut res = column_item(cx, item, column, &cx.ident(&column.name));
            res.label = column.name.to_string();
            cx.add(column.name.as_str(), column_tier(cx, scope, item, column), idx as u32, res);
        }
        if matches!(scope.clause, Clause::Target | Clause::Returning) && cx.quoting() == Quoting::Bare {
            let all: Vec<String> = item.columns.iter().map(|it| cx.quote(&it.name)).collect();
            let star = cx.item("*", ItemKind::Operator, "*");
            cx.add("*", Tier::Near, 0, star);
            if all.len() > 1 && !item.open {
                let list = all.join(&format!(", {}.", cx.quote(last)));
                let mut every = cx.item("all columns", ItemKind::Snippet, &list);
                every.detail = Some(all.join(", "));
                cx.add("all columns", Tier::Near, 1, every);
            }
        }
        return;
    }
    if qualifier.len() == 1 && relation::is_schema(cx, last) && cx.quoting() == Quoting::Bare {
        function::items(cx, scope, Some(last));
    }
}

fn same(cx: &Cx<'_>, a: &Ident, b: &Ident) -> bool {
    a == b || (cx.dialect() != Dialect::Postgres && a.as_str().eq_ignore_ascii_case(b.as_str()))
}

fn columns(cx: &Cx<'_>, scope: &Scope) {
    let visible: Vec<&FromItem> = scope.items.iter().filter(|it| it.bare).collect();
    let n_near = visible.iter().filter(|it| it.distance == 0).count();
    for (nth, item) in visible.iter().enumerate() {
        for (idx, column) in item.columns.iter().enumerate() {
            // A nearer query's column hides those of outer ones; within one query a name must be unique.
            let homonyms =
                visible.iter().flat_map(|it| it.columns.iter().map(|column| (it.distance, column)));
            let homonyms = homonyms.filter(|it| same(cx, &it.1.name, &column.name));
            let (mut rivals, mut hidden) = (0, false);
            for (distance, _) in homonyms {
                rivals += usize::from(distance == item.distance);
                hidden |= distance < item.distance;
            }
            let ambiguous = rivals > 1 || hidden;
            let style = cx.qualifies && (n_near > 1 || item.distance > 0);
            if ambiguous && !item.named {
                continue;
            }
            let bare = cx.ident(&column.name);
            let written = match item.named && (ambiguous || style) && cx.quoting() == Quoting::Bare {
                true => format!("{}.{bare}", cx.quote(&item.name)),
                false => bare.clone(),
            };
            let mut res = column_item(cx, item, column, &written);
            if written != bare {
                res.label = format!("{}.{}", item.name, column.name);
                res.filter = Some(column.name.to_string());
            }
            let order = item.distance * 10_000 + nth as u32 * 1_000 + idx as u32;
            cx.add(column.name.as_str(), column_tier(cx, scope, item, column), order, res);
        }
    }
}

/// A column that is joined by a key to what it is compared with comes first, then columns of the type.
fn column_tier(cx: &Cx<'_>, scope: &Scope, item: &FromItem, column: &Column) -> Tier {
    if let (Some(other), Some(source)) = (&scope.expected.column, &column.source)
        && !scope.expected.assigned
    {
        if join::are_keyed(cx, other, source) {
            return Tier::Best;
        }
        // Nothing is compared with itself.
        if other == source && scope.items.iter().filter(|it| it.relation == item.relation).count() == 1 {
            return Tier::Near;
        }
    }
    if item.distance > 0 {
        return if cx.fit(column.ty, &scope.expected.types) == 0 { Tier::Column } else { Tier::Near };
    }
    // A condition is hardly ever a bare boolean column.
    let condition =
        scope.expected.column.is_none() && !scope.expected.assigned && is_bool(&scope.expected.types);
    match cx.fit(column.ty, &scope.expected.types) {
        0 | 1 if !condition => Tier::Fit,
        3 if !condition && !scope.expected.types.is_empty() => Tier::Near,
        _ => Tier::Column,
    }
}

fn is_bool(types: &[Type]) -> bool {
    matches!(types, [ty] if ty.id == TypeId::BOOL)
}

pub fn column_item(cx: &Cx<'_>, item: &FromItem, column: &Column, written: &str) -> Item {
    let mut res = cx.item(column.name.as_str(), ItemKind::Column, written);
    res.detail = cx.column_detail(column);
    res.origin = Some(match (&column.source, &item.relation) {
        (Some((relation, _)), _) => relation.name.to_string(),
        (None, Some(relation)) => relation.name.to_string(),
        (None, None) => item.name.to_string(),
    });
    if let Some((relation, name)) = &column.source {
        res.data = cx.data(&relation.schema, &relation.name, Some(name), DataKind::Column);
    }
    res
}

fn aliases(cx: &Cx<'_>, scope: &Scope) {
    for (idx, item) in
        scope.items.iter().filter(|it| it.named && !it.name.as_str().starts_with('*')).enumerate()
    {
        let mut res = cx.item(item.name.as_str(), ItemKind::Alias, &cx.ident(&item.name));
        res.detail = item.relation.as_ref().filter(|_| item.aliased).map(|it| it.name.to_string());
        cx.add(item.name.as_str(), Tier::Near, 500 + idx as u32, res);
    }
}

/// The labels of the enum that is expected, or the values that a column's declaration lists.
fn labels(cx: &Cx<'_>, scope: &Scope) {
    for (order, (label, origin)) in expected_labels(cx, scope).into_iter().enumerate() {
        let escaped = label.replace('\'', "''");
        let sql = match cx.quoting() {
            Quoting::String { closed: true } => escaped,
            Quoting::String { closed: false } => format!("{escaped}'"),
            _ => format!("'{escaped}'"),
        };
        let shown =
            if matches!(cx.quoting(), Quoting::String { .. }) { label.clone() } else { format!("'{label}'") };
        let mut item = cx.item(shown, ItemKind::EnumLabel, &sql);
        item.origin = Some(origin);
        if !matches!(cx.quoting(), Quoting::String { .. }) {
            item.filter = Some(label.clone());
        }
        cx.add(&label, Tier::Best, order as u32, item);
    }
}

fn expected_labels(cx: &Cx<'_>, scope: &Scope) -> Vec<(String, String)> {
    let mut res = Vec::new();
    for ty in &scope.expected.types {
        let base = cx.catalog.base_type(*ty).id;
        if let Some(info) = cx.catalog.type_info(base)
            && let TypeKind::Enum { labels } = &info.kind
        {
            res.extend(labels.iter().map(|it| (it.label.to_string(), info.name.to_string())));
        }
    }
    if let Some((relation, name)) = &scope.expected.column
        && let Some(column) =
            cx.relation(relation).and_then(|it| it.columns.iter().find(|it| it.name == *name))
        && res.is_empty()
    {
        let origin = format!("{}.{name}", relation.name);
        res.extend(column.text_enum.iter().map(|it| (it.to_string(), origin.clone())));
    }
    res
}

/// Values that fit the expected type, and DEFAULT where a column gets its value.
fn constants(cx: &Cx<'_>, scope: &Scope) {
    let expected = &scope.expected;
    let mut words: Vec<(&str, Option<String>)> = Vec::new();
    let column = expected
        .column
        .as_ref()
        .and_then(|(relation, name)| cx.relation(relation)?.columns.iter().find(|it| it.name == *name));
    if expected.assigned {
        let default = column.map(|it| match &it.default {
            Some(crate::catalog::ColumnDefault::Sql(sql)) => format!("default {sql}"),
            _ if it.identity.is_some() => "identity".to_owned(),
            _ if it.generated.is_some() => "generated".to_owned(),
            _ => "no default".to_owned(),
        });
        if let Some(column) = column {
            placeholder(cx, column);
        }
        words.push(("default", default));
        if column.is_none_or(|it| !it.not_null) {
            words.push(("null", None));
        }
    }
    let condition = expected.column.is_none() && !expected.assigned;
    for ty in &expected.types {
        match cx.catalog.base_type(*ty).id {
            TypeId::BOOL if !condition || expected.call.is_some() => {
                words.extend([("true", None), ("false", None)]);
            }
            TypeId::TIMESTAMPTZ | TypeId::TIMESTAMP => words.push(("now()", None)),
            TypeId::DATE => words.push(("current_date", None)),
            TypeId::UUID => words.push(("gen_random_uuid()", None)),
            _ => {}
        }
    }
    for (order, (word, detail)) in words.into_iter().enumerate() {
        let text = cx.keyword(word);
        let text = if word.ends_with(')') { word.to_owned() } else { text };
        let mut item = cx.item(text.clone(), ItemKind::Keyword, &text);
        item.detail = detail;
        let tier = match (expected.assigned, word) {
            (true, _) => Tier::Fit,
            (false, "true" | "false") if !condition => Tier::Best,
            (false, _) => Tier::Near,
        };
        cx.add(word, tier, 10 + order as u32, item);
    }
}

/// What stands for a value of the column that is to be filled: says which column, and its type.
fn placeholder(cx: &Cx<'_>, column: &crate::catalog::Column) {
    let sample = sample(cx, column);
    let name = column.name.as_str();
    let mut item = cx.snippet(name, ItemKind::Snippet, &sample);
    item.detail = cx.table_detail(column);
    item.label_detail = Some(" (value)".to_owned());
    cx.add(name, Tier::Best, 900, item);
}

/// A value of a column's type to be typed over.
pub fn sample(cx: &Cx<'_>, column: &crate::catalog::Column) -> Vec<Seg> {
    let text = |it: &str| vec![Seg::Stop(1, it.to_owned())];
    let quoted = |it: &str| {
        vec![Seg::Text("'".to_owned()), Seg::Stop(1, it.replace('\'', "''")), Seg::Text("'".to_owned())]
    };
    let Some(ty) = column.ty else { return quoted(column.name.as_str()) };
    let base = cx.catalog.base_type(ty).id;
    if let Some(info) = cx.catalog.type_info(base) {
        if let TypeKind::Enum { labels } = &info.kind {
            return quoted(labels.first().map_or("", |it| it.label.as_str()));
        }
        if info.kind == TypeKind::Array {
            return quoted("{}");
        }
    }
    match base {
        TypeId::INT2 | TypeId::INT4 | TypeId::INT8 | TypeId::NUMERIC | TypeId::FLOAT4 | TypeId::FLOAT8 => {
            text("0")
        }
        TypeId::BOOL => text("false"),
        TypeId::TIMESTAMPTZ | TypeId::TIMESTAMP => text("now()"),
        TypeId::DATE => text("current_date"),
        TypeId::UUID => text("gen_random_uuid()"),
        TypeId::JSON | TypeId::JSONB => quoted("{}"),
        _ => quoted(column.text_enum.first().map_or(column.name.as_str(), |it| it.as_str())),
    }
}

/// `$1` and on; one more than there are.
fn params(cx: &Cx<'_>, scope: &Scope) {
    let asked = cx.quoting() == Quoting::Param;
    if !asked && scope.n_params == 0 || cx.dialect() != Dialect::Postgres || cx.holes.is_some() && !asked {
        return;
    }
    if cx.holes.is_some() && scope.n_params == 0 {
        return;
    }
    for number in 1..=scope.n_params + 1 {
        let name = format!("${number}");
        let item = cx.item(name.clone(), ItemKind::Parameter, &name);
        let order = scope.n_params + 1 - number;
        cx.add(&name, Tier::Column, 800 + order, item);
    }
}

/// The fields of a composite value, or columns without more about them.
pub fn fields(cx: &Cx<'_>, columns: &[Column]) {
    for (idx, column) in columns.iter().enumerate() {
        let mut item = cx.item(column.name.as_str(), ItemKind::Column, &cx.ident(&column.name));
        item.detail = match column.ty {
            Ty::Known(_) => cx.column_detail(column),
            Ty::Unknown => None,
        };
        cx.add(column.name.as_str(), Tier::Column, idx as u32, item);
    }
}
