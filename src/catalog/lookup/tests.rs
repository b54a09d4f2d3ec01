use super::*;
use crate::base::text::range;
use crate::catalog::types::format_type;
use crate::catalog::{Origin, TypeId};
use crate::sql::hir::{Expr, ExprId, ExprKind, Literal, Name, QName, TypeName};

/// The type that `name(modifiers)[]…` means, as `format_type` spells it, or the message.
#[track_caller]
fn check(catalog: &Catalog, name: &str, modifiers: &[i64], array_dims: u32, expected: &str) {
    let exprs: Vec<Expr> = modifiers
        .iter()
        .map(|it| Expr { range: range(0, 0), kind: ExprKind::Literal(Literal::Integer(*it)) })
        .collect();
    let parts =
        name.split('.').map(|it| Name { ident: Ident::from_source(it), range: range(0, 0) }).collect();
    let ty = TypeName {
        range: range(0, 0),
        name: QName { parts },
        modifiers: (0..modifiers.len()).map(|it| ExprId(it as u32)).collect(),
        array_dims,
        setof: false,
        of_column: false,
    };
    let found = match type_name(catalog, &ty, &exprs) {
        Ok(ty) => format_type(catalog, ty),
        Err(TypeNameError::Unknown) => String::from("unknown"),
        Err(TypeNameError::Missing(it) | TypeNameError::BadModifier(it)) => {
            format!("{} {}", it.sqlstate, it.message)
        }
    };
    assert_eq!(found, expected);
}

fn catalog() -> Catalog {
    let mut res = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    let name =
        |schema: &str, name: &str| QualifiedName { schema: Ident::new(schema), name: Ident::new(name) };
    res.types.intern_enum(name("public", "mood"), Vec::new(), Origin::Builtin);
    res.types.intern_enum(name("app", "Level"), Vec::new(), Origin::Builtin);
    res
}

#[test]
fn modifiers_are_packed_and_printed() {
    let it = catalog();
    check(&it, "pg_catalog.varchar", &[20], 0, "character varying(20)");
    check(&it, "pg_catalog.bpchar", &[1], 0, "character(1)");
    check(&it, "pg_catalog.numeric", &[10, 2], 0, "numeric(10,2)");
    check(&it, "numeric", &[10], 0, "numeric(10,0)");
    check(&it, "numeric", &[3, -2], 1, "numeric(3,-2)[]");
    check(&it, "timestamptz", &[3], 0, "timestamp(3) with time zone");
    check(&it, "interval", &[4 | 2], 0, "interval year to month");
    check(&it, "interval", &[0x7fff, 3], 0, "interval(3)");
    check(&it, "bit", &[3], 2, "bit(3)[]");
}

#[test]
fn modifiers_that_are_refused() {
    let it = catalog();
    check(&it, "text", &[3], 0, "42601 type modifier is not allowed for type \"text\"");
    check(&it, "varchar", &[0], 0, "22023 length for type varchar must be at least 1");
    check(&it, "numeric", &[2000], 0, "22023 NUMERIC precision 2000 must be between 1 and 1000");
}

#[test]
fn names_by_the_search_path() {
    let it = catalog();
    check(&it, "mood", &[], 1, "mood[]");
    check(&it, "_mood", &[], 0, "mood[]");
    check(&it, "app.\"Level\"", &[], 0, "app.\"Level\"");
    check(&it, "\"Level\"", &[], 0, "42704 type \"Level\" does not exist");
    check(&it, "nowhere.mood", &[], 0, "3F000 schema \"nowhere\" does not exist");
    check(&it, "int4", &[], 0, "integer");
    check(&it, "\"char\"", &[], 0, "\"char\"");
    check(&it, "_text", &[], 0, "text[]");
    let mut gaps = catalog();
    gaps.gaps.types = true;
    check(&gaps, "vektor", &[], 0, "unknown");
}

#[test]
fn a_changed_enum_is_another_catalog() {
    let before = catalog();
    let mut after = before.clone();
    let mood = QualifiedName { schema: Ident::new("public"), name: Ident::new("mood") };
    let label = crate::catalog::EnumLabel { label: "ok".into(), origin: Origin::Builtin };
    assert!(after.types.add_label(&mood, label, None, None));
    after.types.rename(&mood, Ident::new("feeling"));
    let id = before.types.id(&mood).expect("the enum exists");
    assert_eq!(format_type(&before, Type::plain(id)), "mood");
    assert_eq!(format_type(&after, Type::plain(id)), "feeling");
    assert_eq!(after.array_type(id).map(|it| format_type(&after, Type::plain(it))), Some("feeling[]".into()));
    assert!(after.types.id(&mood).is_none());
}

#[test]
fn names_near() {
    assert_eq!(suggest("usres", ["users", "posts"]), Some("users"));
    assert_eq!(suggest("emial", ["email", "id", "mail"]), Some("email"));
    assert_eq!(suggest("id", ["name", "uid", "x"]), Some("uid"));
    assert_eq!(suggest("createdat", ["created_at", "updated_at"]), Some("created_at"));
    assert_eq!(suggest("xyz", ["abc", "foo"]), None);
    assert_eq!(suggest("", ["a"]), None);
}

#[test]
fn extensions_are_there_only_where_they_are_made() {
    let mut it = catalog();
    // It may be installed where no file says so.
    check(&it, "citext", &[], 0, "unknown");
    let extension = |name: &str, schema: &str| Extension {
        name: Ident::new(name),
        schema: Ident::new(schema),
        known: pg::has_extension(name),
        origin: Origin::Builtin,
    };
    let all = [("citext", "public"), ("vector", "ext")];
    it.extensions =
        Arc::new(all.map(|(name, schema)| (Ident::new(name), extension(name, schema))).into_iter().collect());
    check(&it, "citext", &[], 1, "citext[]");
    check(&it, "ext.vector", &[3], 0, "ext.vector(3)");
    check(&it, "vector", &[3], 0, "42704 type \"vector\" does not exist");
    assert_eq!(operators(&it, None, "<=>").count(), 0);
    assert!(operators(&it, Some(&Ident::new("ext")), "<=>").count() > 2);
    assert!(!functions(&it, None, &Ident::new("regexp_match")).is_empty());
    assert!(matches!(relation(&it, None, &Ident::new("pg_class")), Lookup::Found(_)));
    assert!(matches!(relation(&it, None, &Ident::new("nothing")), Lookup::Missing));
    assert_eq!(named_type(&it, None, &Ident::new("citext")).map(TypeId::is_extension), Some(true));
}
