use super::*;
use crate::base::text::slice;

fn page(name: &str) -> Page {
    Page { name: Ident::new(name) }
}

#[test]
fn functions_types_and_views_stand_where_they_are_found() {
    let page = page("pg_catalog");
    let text = text(&page);
    for (object, expected) in [
        (Object::Function(Ident::new("lower")), "lower"),
        (Object::Function(Ident::new("count")), "count"),
        (Object::Type(TypeId::TIMESTAMPTZ), "timestamptz"),
        (Object::Relation(Ident::new("pg_class")), "pg_class"),
    ] {
        let at = find(&page, &object).expect("it is PostgreSQL's own");
        assert_eq!(slice(&text, at), expected);
    }
    assert!(text.contains("pg_catalog.lower(text) RETURNS text STRICT; -- "), "{}", text.len());
    assert_eq!(find(&page, &Object::Function(Ident::new("no_such"))), None);
}

#[test]
fn extensions_have_their_own() {
    let page = page("pgcrypto");
    assert!(find(&page, &Object::Function(Ident::new("digest"))).is_some());
    assert!(text(&page).starts_with("-- Extension pgcrypto"));
    assert_eq!(text(&self::page("nothing")), "");
}
