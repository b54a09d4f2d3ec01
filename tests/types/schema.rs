//! The schema of the tests, once as SQL for PostgreSQL and once as a catalog.

use std::sync::Arc;

use columnist::catalog::{
    Catalog, EnumLabel, Extension, Function, FunctionKind, FunctionParam, Origin, QualifiedName, Type,
    TypeId, pg,
};
use columnist::sql::Ident;

/// Statements that make it; `{columns}` is one column of each type.
pub fn statements() -> Vec<String> {
    let columns: Vec<String> =
        super::TYPES.iter().enumerate().map(|(idx, it)| format!("c{idx} {it}")).collect();
    [
        "create extension citext",
        "create extension hstore",
        "create type mood as enum ('sad', 'ok', 'happy')",
        "create domain posint as int4",
        "create domain email as text",
        "create type pair as (a int4, b text)",
        "create function add_one(int4) returns int4 language sql as 'select $1 + 1'",
        "create function twice(x int4, y int4 default 1) returns int8 language sql as 'select 1::int8'",
        "create function twice(x text) returns text language sql as 'select $1'",
        "create function first_of(anyarray) returns anyelement language sql as 'select $1[1]'",
        "create function many(variadic xs int4[]) returns int4 language sql as 'select 1'",
        "create function named(x int4, y text default 'a') returns text language sql as 'select y'",
        "create procedure do_it(int4) language sql as 'select 1'",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([format!("create table every ({})", columns.join(", "))])
    .collect()
}

pub fn catalog() -> Catalog {
    let public = Ident::new("public");
    let name = |it: &str| QualifiedName { schema: Ident::new("public"), name: Ident::new(it) };
    let mut res = Catalog { search_path: vec![public.clone()], ..Catalog::default() };
    let extensions = ["citext", "hstore"].map(|it| {
        let extension = Extension {
            name: Ident::new(it),
            schema: public.clone(),
            known: pg::has_extension(it),
            origin: Origin::Builtin,
        };
        (Ident::new(it), extension)
    });
    res.extensions = Arc::new(extensions.into_iter().collect());
    let labels = ["sad", "ok", "happy"].map(|it| EnumLabel { label: it.into(), origin: Origin::Builtin });
    res.types.intern_enum(name("mood"), labels.to_vec(), Origin::Builtin);
    for (domain, base) in [("posint", TypeId::INT4), ("email", TypeId::TEXT)] {
        let info = pg::type_info(base);
        res.types.intern_domain(name(domain), Type::plain(base), false, info, Origin::Builtin);
    }
    let columns = vec![
        (Ident::new("a"), Some(Type::plain(TypeId::INT4))),
        (Ident::new("b"), Some(Type::plain(TypeId::TEXT))),
    ];
    res.types.intern_composite(name("pair"), columns, Origin::Builtin);

    let int4s = TypeId(1007);
    let functions = [
        ("add_one", vec![("", TypeId::INT4)], 0, TypeId::INT4),
        ("twice", vec![("x", TypeId::INT4), ("y", TypeId::INT4)], 1, TypeId::INT8),
        ("twice", vec![("x", TypeId::TEXT)], 0, TypeId::TEXT),
        ("first_of", vec![("", TypeId::ANYARRAY)], 0, TypeId::ANYELEMENT),
        ("many", vec![("xs", int4s)], 0, TypeId::INT4),
        ("named", vec![("x", TypeId::INT4), ("y", TypeId::TEXT)], 1, TypeId::TEXT),
        ("do_it", vec![("", TypeId::INT4)], 0, TypeId::VOID),
    ];
    for (function, params, n_defaults, returns) in functions {
        let kind = if function == "do_it" { FunctionKind::Procedure } else { FunctionKind::Function };
        let params = params
            .into_iter()
            .map(|(name, ty)| FunctionParam {
                name: (!name.is_empty()).then(|| Ident::new(name)),
                ty: Some(ty),
            })
            .collect();
        let entity = Function {
            schema: public.clone(),
            name: Ident::new(function),
            kind,
            params,
            n_defaults,
            variadic: function == "many",
            returns: Some(returns),
            returns_set: false,
            out_columns: Vec::new(),
            strict: false,
            call_params: Vec::new(),
            direct_args: None,
            mutable: false,
            definition: None,
            origin: Origin::Builtin,
        };
        Arc::make_mut(&mut res.functions).entry(name(function)).or_default().push(Arc::new(entity));
    }
    res
}
