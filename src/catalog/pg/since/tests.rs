use super::*;
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::pg;
use crate::sql::Ident;

fn server(version: u32) -> Catalog {
    Catalog { search_path: vec![Ident::new("public")], server_version: Some(version), ..Catalog::default() }
}

#[test]
fn functions_come_with_their_version() {
    let n = |version: u32, name: &str| lookup::functions(&server(version), None, &Ident::new(name)).len();
    for (name, since) in
        [("any_value", 16), ("uuidv7", 18), ("to_bin", 17), ("regexp_count", 15), ("array_sort", 18)]
    {
        assert_eq!(n(since - 1, name), 0, "{name}");
        assert!(n(since, name) > 0, "{name}");
    }
    // Three more are of version 17.
    assert_eq!((n(16, "random"), n(17, "random")), (1, 4));
    assert_eq!(n(14, "lower"), n(18, "lower"));
    let all = Catalog { search_path: Vec::new(), ..Catalog::default() };
    assert!(!lookup::functions(&all, None, &Ident::new("uuidv7")).is_empty());
}

#[test]
fn relations_come_with_their_version() {
    let found = |version: u32, name: &str| {
        matches!(lookup::relation(&server(version), None, &Ident::new(name)), Lookup::Found(_))
    };
    assert!(!found(15, "pg_stat_io") && found(16, "pg_stat_io"));
    assert!(!found(16, "pg_wait_events") && found(17, "pg_wait_events"));
    assert!(found(14, "pg_class"));
    // Its columns were others.
    let old = server(14);
    let Lookup::Found(relation) = lookup::relation(&old, None, &Ident::new("pg_stat_bgwriter")) else {
        panic!("it is there");
    };
    assert!(relation.open);
}

#[test]
fn every_line_names_something() {
    for (name, overloads) in &table().functions {
        for (args, since) in overloads {
            assert!((OLDEST + 1..=NEWEST).contains(since), "{name}({args})");
            let found = pg::functions(name).iter().any(|it| {
                let types: Vec<String> =
                    it.params.iter().filter_map(|it| Some(it.ty?.0.to_string())).collect();
                types.join(",") == *args
            });
            assert!(found, "{name}({args})");
        }
    }
}
