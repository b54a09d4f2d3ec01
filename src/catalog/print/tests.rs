use super::{SchemaJson, schema_json, schema_sql};
use crate::catalog::Catalog;

#[test]
fn an_empty_catalog_prints_as_nothing() {
    let catalog = Catalog::default();
    assert_eq!(schema_sql(&catalog), "");
    let payload = SchemaJson { version: 1, databases: vec![schema_json("main", &catalog, &|_| None)] };
    assert_eq!(
        serde_json::to_string(&payload).unwrap_or_default(),
        r#"{"version":1,"databases":[{"name":"main","dialect":"postgresql","schemas":[],"enums":[],"tables":[],"views":[],"sequences":[],"functions":[]}]}"#
    );
}
