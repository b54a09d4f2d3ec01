//! The fixture schema as a catalog, read back from PostgreSQL's own.

use std::sync::Arc;

use columnist::base::file::FileId;
use columnist::base::text::TextRange;
use columnist::catalog::{
    Catalog, Collation, Column, ColumnDefault, EnumLabel, Function, FunctionKind, FunctionParam, Generated,
    Identity, Index, IndexItem, Key, Origin, QualifiedName, Relation, RelationKind, Type, TypeId, lookup,
};
use columnist::facts::Loc;
use columnist::sql::hir::ExprKind;
use columnist::sql::{Dialect, Ident, parse_statement};
use serde_json::Value;

use super::oracle::Server;

fn rows(server: &mut Server, sql: &str) -> Vec<Vec<Option<String>>> {
    let answer = server.exec(sql);
    let rows = answer["rows"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let cell = |it: &Value| it.as_str().map(str::to_owned);
    rows.iter()
        .map(|row| row.as_array().map(|it| it.iter().map(cell).collect()).unwrap_or_default())
        .collect()
}

fn name(schema: &str, name: &str) -> QualifiedName {
    QualifiedName { schema: Ident::new(schema), name: Ident::new(name) }
}

/// A type as `format_type` spells it.
fn named_type(catalog: &Catalog, text: &str) -> Option<Type> {
    let sql = format!("select null::{text}");
    let parsed = parse_statement(&sql, Dialect::Postgres);
    let cast = parsed.hir.exprs.iter().find_map(|it| match &it.kind {
        ExprKind::Cast { ty, .. } => Some(ty),
        _ => None,
    })?;
    if text == "record" {
        return Some(Type::plain(TypeId::RECORD));
    }
    lookup::type_name(catalog, cast, &parsed.hir.exprs).ok()
}

const USER: &str = "n.nspname in ('public', 'audit')";

pub fn read(server: &mut Server) -> Catalog {
    let mut res = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    let schemas = ["public", "audit"].map(|it| {
        (Ident::new(it), columnist::catalog::Schema { name: Ident::new(it), origin: Origin::Builtin })
    });
    res.schemas = Arc::new(schemas.into_iter().collect());
    types(server, &mut res);
    relations(server, &mut res);
    functions(server, &mut res);
    res
}

fn types(server: &mut Server, catalog: &mut Catalog) {
    let enums = rows(
        server,
        &format!(
            "select n.nspname, t.typname, string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_type t
             join pg_namespace n on n.oid = t.typnamespace join pg_enum e on e.enumtypid = t.oid where {USER} group by 1, 2"
        ),
    );
    for row in enums {
        let [Some(schema), Some(ty), Some(labels)] = row.as_slice() else { continue };
        let labels = labels.split(',').map(|it| EnumLabel { label: it.into(), origin: Origin::Builtin });
        catalog.types.intern_enum(name(schema, ty), labels.collect(), Origin::Builtin);
    }
    let domains = rows(
        server,
        &format!(
            "select n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), t.typnotnull::text from pg_type t
             join pg_namespace n on n.oid = t.typnamespace where {USER} and t.typtype = 'd'"
        ),
    );
    for row in domains {
        let [Some(schema), Some(ty), Some(base), Some(not_null)] = row.as_slice() else { continue };
        let Some(base) = named_type(catalog, base) else { continue };
        let info = catalog.type_info(base.id).cloned();
        catalog.types.intern_domain(
            name(schema, ty),
            base,
            not_null == "true",
            info.as_ref(),
            Origin::Builtin,
        );
    }
    let composites = rows(
        server,
        &format!(
            "select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod) from pg_class c
             join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
             where {USER} and c.relkind = 'c' and a.attnum > 0 order by c.oid, a.attnum"
        ),
    );
    type Columns = Vec<(Ident, Option<Type>)>;
    let mut columns: Vec<(QualifiedName, Columns)> = Vec::new();
    for row in composites {
        let [Some(schema), Some(ty), Some(column), Some(of)] = row.as_slice() else { continue };
        let key = name(schema, ty);
        let column = (Ident::new(column.as_str()), named_type(catalog, of));
        match columns.last_mut() {
            Some((last, list)) if *last == key => list.push(column),
            _ => columns.push((key, vec![column])),
        }
    }
    for (key, list) in columns {
        catalog.types.intern_composite(key, list, Origin::Builtin);
    }
}

fn relations(server: &mut Server, catalog: &mut Catalog) {
    let found = rows(
        server,
        &format!(
            "select c.oid::text, n.nspname, c.relname, c.relkind::text from pg_class c join pg_namespace n
             on n.oid = c.relnamespace where {USER} and c.relkind in ('r', 'v', 'm', 'S') order by c.oid"
        ),
    );
    let mut made = Vec::new();
    for row in &found {
        let [Some(_), Some(schema), Some(relation), Some(kind)] = row.as_slice() else { continue };
        if kind != "S" {
            catalog.types.intern_row_type(name(schema, relation), Origin::Builtin);
        }
    }
    for row in found {
        let [Some(oid), Some(schema), Some(relation), Some(kind)] = row.as_slice() else { continue };
        let kind = match kind.as_str() {
            "v" => RelationKind::View,
            "m" => RelationKind::MaterializedView,
            "S" => RelationKind::Sequence,
            _ => RelationKind::Table,
        };
        let (primary_key, uniques, indexes) = keys(server, oid);
        let columns = if kind == RelationKind::Sequence { Vec::new() } else { columns(server, catalog, oid) };
        made.push(Relation {
            schema: Ident::new(schema.as_str()),
            name: Ident::new(relation.as_str()),
            kind,
            columns,
            open: false,
            unlisted: None,
            primary_key,
            uniques,
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes,
            policies: Vec::new(),
            triggers: Vec::new(),
            trigger_functions: Vec::new(),
            not_nulls: Vec::new(),
            details: Default::default(),
            rules: Vec::new(),
            unlogged: false,
            unpopulated: false,
            instead_of: Vec::new(),
            row_security: false,
            definition: None,
            parents: Vec::new(),
            of_type: None,
            comment: None,
            // Its keys are known, those of extensions' tables are not.
            origin: Origin::Sql { file: FileId(0), loc: Loc(0), range: TextRange::default() },
            also: Vec::new(),
            dropped_in_schema: false,
            partition: None,
        });
    }
    for relation in made {
        let key = QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() };
        Arc::make_mut(&mut catalog.relations).insert(key, Arc::new(relation));
    }
}

fn columns(server: &mut Server, catalog: &Catalog, oid: &str) -> Vec<Column> {
    let found = rows(
        server,
        &format!(
            "select attname, format_type(atttypid, atttypmod), attnotnull::text, atthasdef::text, attgenerated::text,
             attidentity::text,
             coalesce((select collname from pg_collation c, pg_type t where c.oid = attcollation and t.oid = atttypid and attcollation <> typcollation), '')
             from pg_attribute where attrelid = {oid} and attnum > 0 and not attisdropped order by attnum"
        ),
    );
    let mut res = Vec::new();
    for row in found {
        let [
            Some(column),
            Some(ty),
            Some(not_null),
            Some(default),
            Some(generated),
            Some(identity),
            Some(collation),
        ] = row.as_slice()
        else {
            continue;
        };
        let is_generated = !generated.is_empty();
        res.push(Column {
            name: Ident::new(column.as_str()),
            key: None,
            ty: named_type(catalog, ty),
            type_text: ty.as_str().into(),
            collation: match collation.as_str() {
                "" => Collation::OfType,
                name => Collation::Named(name.into()),
            },
            not_null: not_null == "true",
            default: (default == "true" && !is_generated).then_some(ColumnDefault::Unknown),
            generated: is_generated.then_some(Generated { expression: None, stored: generated == "s" }),
            identity: match identity.as_str() {
                "a" => Some(Identity::Always),
                "d" => Some(Identity::ByDefault),
                _ => None,
            },
            identity_options: None,
            nulls_remain: false,
            runtime_default: false,
            text_enum: Vec::new(),
            ts_type: None,
            comment: None,
            origin: Origin::Builtin,
            also: Vec::new(),
        });
    }
    res
}

fn keys(server: &mut Server, oid: &str) -> (Option<Key>, Vec<Key>, Vec<Index>) {
    let found = rows(
        server,
        &format!(
            "select i.indisprimary::text, (k.oid is not null)::text, c.relname, (i.indpred is not null)::text,
             (select string_agg(coalesce(a.attname, ''), ',' order by x.n) from unnest(i.indkey) with ordinality x(att, n)
              left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = x.att and x.att > 0)
             from pg_index i join pg_class c on c.oid = i.indexrelid left join pg_constraint k on k.conindid = i.indexrelid
             and k.conrelid = i.indrelid where i.indrelid = {oid} and i.indisunique"
        ),
    );
    let (mut primary, mut uniques, mut indexes) = (None, Vec::new(), Vec::new());
    for row in found {
        let [Some(is_primary), Some(is_constraint), Some(index), Some(partial), Some(list)] = row.as_slice()
        else {
            continue;
        };
        let columns: Vec<&str> = list.split(',').collect();
        let key = Key {
            name: Some(Ident::new(index.as_str())),
            columns: columns.iter().map(|it| Ident::new(*it)).collect(),
            nulls_not_distinct: false,
            without_overlaps: false,
            deferrable: false,
            origin: Origin::Builtin,
        };
        if is_primary == "true" {
            primary = Some(key);
        } else if is_constraint == "true" {
            uniques.push(key);
        } else {
            let items = columns.iter().map(|it| IndexItem {
                column: (!it.is_empty()).then(|| Ident::new(*it)),
                expression: it.is_empty().then(|| "".into()),
                collation: None,
                opclass: None,
                opclass_schema: None,
                descending: false,
                nulls: None,
            });
            indexes.push(Index {
                name: Some(Ident::new(index.as_str())),
                unique: true,
                method: "btree".into(),
                items: items.collect(),
                predicate: (partial == "true").then(|| "".into()),
                nulls_not_distinct: false,
                include: Vec::new(),
                part_of: None,
                origin: Origin::Builtin,
            });
        }
    }
    (primary, uniques, indexes)
}

fn functions(server: &mut Server, catalog: &mut Catalog) {
    let found = rows(
        server,
        &format!(
            "select n.nspname, p.proname, p.prokind::text, p.pronargdefaults::text, (p.provariadic <> 0)::text,
             format_type(p.prorettype, null), p.proretset::text, p.proisstrict::text,
             (select string_agg(format_type(t, null), ';' order by i) from unnest(p.proargtypes) with ordinality x(t, i)),
             array_to_string(p.proargmodes, ','), array_to_string(p.proargnames, ','),
             (select string_agg(format_type(t, null), ';' order by i) from unnest(p.proallargtypes) with ordinality x(t, i))
             from pg_proc p join pg_namespace n on n.oid = p.pronamespace where {USER} order by p.oid"
        ),
    );
    for row in found {
        let text = |idx: usize| row.get(idx).cloned().flatten().unwrap_or_default();
        let list = |idx: usize, by: char| -> Vec<String> {
            let it = text(idx);
            if it.is_empty() { Vec::new() } else { it.split(by).map(str::to_owned).collect() }
        };
        let (args, modes, names, all) = (list(8, ';'), list(9, ','), list(10, ','), list(11, ';'));
        let param = |idx: usize| names.get(idx).filter(|it| !it.is_empty()).map(|it| Ident::new(it.as_str()));
        let mut params = Vec::new();
        let mut out_columns = Vec::new();
        if all.is_empty() {
            for (idx, ty) in args.iter().enumerate() {
                params.push(FunctionParam { name: param(idx), ty: named_type(catalog, ty).map(|it| it.id) });
            }
        }
        for (idx, ty) in all.iter().enumerate() {
            let ty = named_type(catalog, ty);
            let mode = modes.get(idx).map_or("i", String::as_str);
            if matches!(mode, "i" | "b" | "v") {
                params.push(FunctionParam { name: param(idx), ty: ty.map(|it| it.id) });
            }
            if matches!(mode, "o" | "b" | "t") {
                out_columns
                    .push((param(idx).unwrap_or_else(|| Ident::new(format!("column{}", idx + 1))), ty));
            }
        }
        let function = Function {
            schema: Ident::new(text(0)),
            name: Ident::new(text(1)),
            kind: if text(2) == "p" { FunctionKind::Procedure } else { FunctionKind::Function },
            params,
            call_params: Vec::new(),
            n_defaults: text(3).parse().unwrap_or(0),
            variadic: text(4) == "true",
            returns: if text(2) == "p" {
                Some(TypeId::VOID)
            } else {
                named_type(catalog, &text(5)).map(|it| it.id)
            },
            returns_set: text(6) == "true",
            out_columns,
            strict: text(7) == "true",
            direct_args: None,
            mutable: false,
            definition: None,
            origin: Origin::Builtin,
        };
        let key = QualifiedName { schema: function.schema.clone(), name: function.name.clone() };
        Arc::make_mut(&mut catalog.functions).entry(key).or_default().push(Arc::new(function));
    }
}
