use std::time::Instant;

use super::*;
use crate::catalog::types::format_type;

fn known(id: TypeId) -> Ty {
    Ty::Known(Type::plain(id))
}

const LITERAL: Ty = Ty::Known(Type { id: TypeId::UNKNOWN, typmod: -1 });

fn catalog() -> Catalog {
    Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() }
}

fn show(catalog: &Catalog, ty: Ty) -> String {
    match ty {
        Ty::Unknown => String::from("?"),
        Ty::Known(ty) => format_type(catalog, ty),
    }
}

#[track_caller]
fn check_operator(catalog: &Catalog, lhs: Ty, op: &str, rhs: Ty, expected: &str) {
    let found = match operator(catalog, None, op, Some(lhs), rhs) {
        OpOutcome::Resolved(it) => show(catalog, known(it.result)),
        OpOutcome::Refused(it) => it.message,
        OpOutcome::Unknown(ty) => format!("unknown {}", show(catalog, ty)),
    };
    assert_eq!(found, expected);
}

#[track_caller]
fn check_function(catalog: &Catalog, name: &str, args: &[Ty], expected: &str) {
    let args: Vec<ArgTy<'_>> = args.iter().map(|it| ArgTy { name: None, ty: *it }).collect();
    let found = match function(catalog, None, &Ident::new(name), &args, CallShape::default()) {
        FuncOutcome::Resolved(it) => {
            let set = if it.returns_set { "setof " } else { "" };
            let columns: Vec<String> =
                it.out_columns.iter().map(|(name, ty)| format!("{name} {}", show(catalog, *ty))).collect();
            let columns =
                if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
            format!("{set}{}{columns}", show(catalog, it.result))
        }
        FuncOutcome::Cast(id) => format!("cast {}", show(catalog, known(id))),
        FuncOutcome::Column(ty) => format!("column {}", show(catalog, ty)),
        FuncOutcome::Refused(it) => it.message,
        FuncOutcome::Unknown(ty) => format!("unknown {}", show(catalog, ty)),
    };
    assert_eq!(found, expected);
}

#[test]
fn what_is_unknown_silences_only_what_depends_on_it() {
    let it = catalog();
    check_operator(&it, Ty::Unknown, "=", known(TypeId::INT4), "unknown boolean");
    check_operator(&it, Ty::Unknown, "+", known(TypeId::INT4), "unknown ?");
    check_operator(&it, Ty::Unknown, "->>", LITERAL, "unknown text");
    check_operator(&it, Ty::Unknown, "=>>", LITERAL, "operator does not exist: ? =>> ?");
    check_function(&it, "lower", &[Ty::Unknown], "unknown ?");
    check_function(&it, "to_char", &[Ty::Unknown, LITERAL], "unknown text");
    check_function(&it, "nothing", &[Ty::Unknown, LITERAL], "function nothing(?, ?) does not exist");
    check_function(&it, "count", &[Ty::Unknown], "unknown bigint");
}

#[test]
fn gaps_silence_what_is_not_found() {
    let mut it = catalog();
    check_operator(
        &it,
        known(TypeId::INT4),
        "=",
        known(TypeId::TEXT),
        "operator does not exist: integer = text",
    );
    check_function(&it, "nothing", &[LITERAL], "function nothing(unknown) does not exist");
    it.gaps.functions = true;
    check_operator(&it, known(TypeId::INT4), "=", known(TypeId::TEXT), "unknown ?");
    check_operator(&it, known(TypeId::INT4), "=", known(TypeId::INT8), "boolean");
    check_function(&it, "nothing", &[LITERAL], "unknown ?");
    let coercion = can_coerce(&it, TypeId::INT4, TypeId::BOOL, CoercionContext::Assignment);
    assert_eq!(coercion, Coercion::Unknown);
}

#[test]
fn rows_and_sets() {
    let it = catalog();
    let ints = known(TypeId(1007));
    check_function(&it, "unnest", &[ints], "setof integer");
    check_function(&it, "jsonb_each", &[known(TypeId::JSONB)], "setof record (key text, value jsonb)");
    check_function(&it, "array_agg", &[known(TypeId::UUID)], "uuid[]");
    check_function(&it, "date", &[LITERAL], "cast date");
}

/// `COLUMNIST_TIMES=1` prints what one resolution takes.
#[test]
fn times() {
    let it = catalog();
    let _ = operator(&it, None, "=", Some(known(TypeId::INT4)), LITERAL);
    let time = |what: &str, n: u32, run: &dyn Fn()| {
        let start = Instant::now();
        (0..n).for_each(|_| run());
        if std::env::var_os("COLUMNIST_TIMES").is_some() {
            println!("{what}: {:?}", start.elapsed() / n);
        }
    };
    let n = if std::env::var_os("COLUMNIST_TIMES").is_some() { 20_000 } else { 10 };
    let [int, text] = [TypeId::INT4, TypeId::TEXT].map(known);
    time("int4 = int4", n, &|| drop(operator(&it, None, "=", Some(int), int)));
    time("text = literal", n, &|| drop(operator(&it, None, "=", Some(text), LITERAL)));
    time("varchar = text", n, &|| drop(operator(&it, None, "=", Some(known(TypeId::VARCHAR)), text)));
    time("int4 + numeric", n, &|| drop(operator(&it, None, "+", Some(int), known(TypeId::NUMERIC))));
    time("int4 = text, refused", n, &|| drop(operator(&it, None, "=", Some(int), text)));
    let lower = Ident::new("lower");
    let args = [ArgTy { name: None, ty: text }];
    time("lower(text)", n, &|| drop(function(&it, None, &lower, &args, CallShape::default())));
    let to_char = Ident::new("to_char");
    let args = [known(TypeId::TIMESTAMPTZ), LITERAL].map(|ty| ArgTy { name: None, ty });
    time("to_char(timestamptz, literal)", n, &|| {
        drop(function(&it, None, &to_char, &args, CallShape::default()));
    });
    time("common type of 3", n, &|| drop(common_type(&it, &[int, LITERAL, known(TypeId::INT8)], "CASE")));
}
