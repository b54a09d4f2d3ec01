use std::time::Instant;

use super::*;
use crate::catalog::types::format_type;
use crate::catalog::{Catalog, Type, TypeKind};
use crate::sql::Ident;

#[test]
fn everything_resolves() {
    for info in all_types() {
        let exists = |id: TypeId| id.is_none() || type_info(id).is_some();
        assert!(exists(info.elem) && exists(info.array), "{info:?}");
        if let TypeKind::Multirange { range } | TypeKind::Range { subtype: range } = info.kind {
            assert!(type_info(range).is_some(), "{info:?}");
        }
    }
    let mut n_functions = 0;
    for name in function_names() {
        for function in functions(name) {
            n_functions += 1;
            assert!(
                function.params.iter().all(|it| it.ty.is_some_and(|it| type_info(it).is_some())),
                "{name}"
            );
            assert!(function.returns.is_some_and(|it| type_info(it).is_some()), "{name}");
        }
    }
    assert!(n_functions > 3400, "{n_functions}");
    for (schema, name) in relation_names() {
        let key = QualifiedName { schema: Ident::new(schema), name: Ident::new(name) };
        let relation = relation(&key).expect("a listed relation exists");
        assert!(!relation.columns.is_empty(), "{name}");
    }
}

#[test]
fn extensions_resolve() {
    for name in ext::names() {
        let data = ext::extension(name).expect("a listed extension has data");
        for info in &data.types {
            assert_eq!(type_info_anywhere(info.id).map(|it| &it.name), Some(&info.name));
        }
        for function in data.functions.values().flatten() {
            let known = |it: &crate::catalog::FunctionParam| it.ty.is_some_and(|it| !it.is_none());
            assert!(function.params.iter().all(known), "{name}: {function:?}");
            assert!(function.returns.is_some_and(|it| !it.is_none()), "{name}: {function:?}");
        }
        for op in data.operators.values().flatten() {
            assert!(!op.right.is_none() && !op.result.is_none(), "{name}: {op:?}");
        }
        assert!(data.casts.keys().all(|it| !it.0.is_none() && !it.1.is_none()), "{name}");
    }
}

fn type_info_anywhere(id: TypeId) -> Option<&'static TypeInfo> {
    if id.is_extension() { ext::type_info(id) } else { type_info(id) }
}

#[test]
fn out_parameters_are_columns() {
    let [each] = functions("jsonb_each") else { panic!("jsonb_each is one function") };
    let columns: Vec<&str> = each.out_columns.iter().map(|it| it.0.as_str()).collect();
    assert_eq!((each.params.len(), columns), (1, vec!["key", "value"]));
    assert_eq!(description(each).as_deref(), Some("key value pairs of a jsonb object"));
}

#[test]
fn a_view_has_its_columns() {
    let key = QualifiedName { schema: Ident::new("information_schema"), name: Ident::new("columns") };
    let relation = relation(&key).expect("information_schema.columns exists");
    let column = relation.columns.iter().find(|it| it.name.as_str() == "table_name").expect("a column");
    assert_eq!(column.type_text, "information_schema.sql_identifier");
    assert_eq!(format_type(&Catalog::default(), Type::plain(TypeId(1009))), "text[]");
}

/// `COLUMNIST_TIMES=1 cargo test --release … -- --nocapture` prints what the tables take to load.
#[test]
fn load_times() {
    let mut last = Instant::now();
    let mut lap = |what: &str| {
        if std::env::var_os("COLUMNIST_TIMES").is_some() {
            println!("{what}: {:?}", last.elapsed());
        }
        last = Instant::now();
    };
    let _ = type_info(TypeId::INT4);
    lap("types");
    let _ = cast(TypeId::INT4, TypeId::INT8);
    lap("casts");
    let _ = operators("=");
    lap("operators");
    let _ = functions("lower");
    lap("function names");
    for name in function_names() {
        let _ = functions(name);
    }
    lap("all functions");
    for (schema, name) in relation_names() {
        let _ = relation(&QualifiedName { schema: Ident::new(schema), name: Ident::new(name) });
    }
    lap("relations");
    let _ = opclasses();
    lap("operator classes");
    let _ = ext::extension("postgis");
    lap("postgis");
}
