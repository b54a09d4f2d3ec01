use super::wrap::*;
use super::*;

fn users() -> ScopeRelation {
    ScopeRelation {
        name: QualifiedName { schema: Ident::new("public"), name: Ident::new("users") },
        alias: None,
    }
}

#[test]
fn predicate_of_a_closed_chain_is_a_where_clause() {
    let scope = Scope { relations: vec![users()], ..Scope::default() };
    let place = Place { role: Role::Predicate, scope };
    let res = wrap(&place, "\"users\".\"id\" = $1", &[users()], None);
    assert_eq!(res.len(), 1);
    assert_eq!(res[0].text, r#"select 1 from "public"."users" where "users"."id" = $1"#);
    assert_eq!(&res[0].text[res[0].prefix as usize..], "\"users\".\"id\" = $1");
}

#[test]
fn an_open_scope_finds_every_name_outside() {
    let place = Place { role: Role::Expression, scope: Scope { open: true, ..Scope::default() } };
    let res = wrap(&place, "lower(x)", &[users()], None);
    assert_eq!(res[0].text, "select (select lower(x)) from \"public\".\"users\", \u{E000}scope");
}

#[test]
fn statements_are_told_by_their_first_word() {
    for (text, expected) in
        [(" /* a */ -- b\n SELECT 1", true), ("selected", false), ("now()", false), ("", false)]
    {
        assert_eq!(starts_statement(text), expected, "{text}");
    }
}

#[test]
fn a_position_of_an_unknown_select_list_is_not_judged() {
    let scope = Scope { relations: vec![users()], open: true, ..Scope::default() };
    let place = Place { role: Role::OrderBy, scope };
    let res = wrap(&place, "2 desc", &[users()], None);
    let parsed = crate::sql::parse_statement(&res[0].text, crate::sql::Dialect::Postgres);
    let catalog = crate::catalog::Catalog::default();
    let ctx = crate::sema::Context { catalog: &catalog, params: &[], variables: &[] };
    let problems = crate::sema::analyze(ctx, &parsed.hir, &res[0].text).problems;
    assert!(problems.iter().all(|it| it.code != crate::sema::code::INVALID_COLUMN_REFERENCE), "{problems:?}");
}
