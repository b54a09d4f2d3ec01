use super::*;

#[test]
fn shapes_are_read() {
    let shapes = SHAPES.as_ref().expect("shapes.json");
    assert_eq!(shapes.objects.keys().collect::<Vec<_>>(), ["mysql", "postgresql", "sqlite"]);
    assert_eq!(shapes.entities.keys().collect::<Vec<_>>(), ["mysql", "postgresql", "sqlite"]);
}

#[test]
fn first_wrong_member_is_named() {
    let table = r#""name": "a", "columns": {}, "indexes": {}, "foreignKeys": {}, "compositePrimaryKeys": {}"#;
    let text = |more: &str| {
        format!(
            r#"{{ "version": "5", "dialect": "mysql", "id": "a", "prevId": "b", "_meta": {{ "tables": {{}}, "columns": {{}} }},
                 "tables": {{ "a": {{ {table}{more} }} }} }}"#
        )
    };
    assert_eq!(fault(&text(""), Dialect::Mysql, Line::Journal), None);
    let wrong = fault(&text(r#", "checkConstraints": {}"#), Dialect::Mysql, Line::Journal);
    let Some(Fault::Malformed(Wrong { path, what: What::Unknown(known) })) = wrong else {
        panic!("{wrong:?}")
    };
    assert_eq!(path, ["tables", "a", "checkConstraints"].map(|it| Step::Member(it.into())));
    assert!(known.contains(&"checkConstraint".into()));
}
