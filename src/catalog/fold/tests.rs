use std::fmt::Write;

use expect_test::{Expect, expect};

use super::*;
use crate::sql::parse;

fn fold(text: &str) -> Catalog {
    let mut catalog = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    for (idx, (range, parsed)) in parse(text, Dialect::Postgres).statements.into_iter().enumerate() {
        apply(&mut catalog, FileId(0), Loc(idx as u32), &parsed, slice(text, range));
    }
    catalog
}

/// The relations with their columns, and the gaps.
fn check(text: &str, expected: Expect) {
    let catalog = fold(text);
    let mut res = String::new();
    for (name, relation) in catalog.relations.iter() {
        let columns: Vec<&str> = relation.columns.iter().map(|it| it.name.as_str()).collect();
        let open = if relation.open { " open" } else { "" };
        let _ = writeln!(res, "{}.{} ({}){open}", name.schema, name.name, columns.join(", "));
    }
    let gaps = &catalog.gaps;
    for (gap, is) in [("relations", gaps.relations), ("functions", gaps.functions), ("types", gaps.types)] {
        if is {
            let _ = writeln!(res, "gap: {gap}");
        }
    }
    expected.assert_eq(&res);
}

/// Two views that read each other, which CREATE OR REPLACE can make, go together.
#[test]
fn a_circle_of_views_is_dropped() {
    check(
        "create table t (a int); create view v as select * from t; create view w as select * from v;
         create or replace view v as select * from w; drop view v cascade;",
        expect![[r#"
            public.t (a)
        "#]],
    );
}

/// PostgreSQL refuses each of these; half-typed files have them, and what follows must end.
#[test]
fn no_table_is_below_itself() {
    let tables =
        "create table a (id int) partition by range (id); create table b (id int) partition by range (id);
        alter table a attach partition b default;";
    for circle in [
        "alter table a attach partition a default",
        "alter table b attach partition a default",
        "create table c partition of c default",
        "alter table a inherit a",
        "alter table a inherit b",
    ] {
        let catalog = fold(&format!(
            "{tables} {circle}; alter table a add primary key (id); alter table b alter id type bigint;"
        ));
        let parents = |name: &str| {
            let name = QualifiedName { schema: Ident::new("public"), name: Ident::new(name) };
            catalog.relations.get(&name).map_or(0, |it| it.parents.len())
        };
        assert_eq!((parents("a"), parents("b"), parents("c")), (0, 1, 0), "{circle}");
    }
}

#[test]
fn dynamic_sql_leaves_gaps() {
    check(
        "create table t (a int);
         do $$ begin execute format('grant select on %I to x', 'a'); execute 'alter table t add b int'; end $$;",
        expect![[r#"
            public.t (a, b)
        "#]],
    );
    check(
        "create table t (a int); do $$ begin execute 'create table ' || x; end $$;",
        expect![[r#"
            public.t (a)
            gap: relations
        "#]],
    );
    check(
        "create table t (a int); do $$ begin execute x; end $$;",
        expect![[r#"
            public.t (a) open
            gap: relations
            gap: functions
            gap: types
        "#]],
    );
}

#[test]
fn branches_of_a_block_only_add() {
    check(
        "create table t (a int);
         do $$ begin if x then create table u (b int); else alter table t drop column a; end if; end $$;",
        expect![[r#"
            public.t (a) open
            public.u (b) open
            gap: relations
            gap: functions
            gap: types
        "#]],
    );
}

#[test]
fn broken_statements_keep_what_is_there() {
    check(
        "create table t (a int, b , c text default, d; create table u (x int primary ke, y); alter table t add",
        expect![[r#"
            public.t (a, b, c, d)
            public.u (x, y)
        "#]],
    );
}

#[test]
fn views_over_what_is_not_known_are_open() {
    check(
        "create view v as select * from nowhere; create view w as select a, b as c from nowhere; create view x (p, q) as select * from v;",
        expect![[r#"
            public.v () open
            public.w (a, c)
            public.x (p, q) open
        "#]],
    );
}

#[test]
fn origins_inside_blocks_point_at_the_name() {
    let text = "do $$ begin create table inner_t (a int); end $$";
    let catalog = fold(text);
    let relation = catalog.relations.values().next().map(|it| it.origin);
    let Some(Origin::Sql { range, .. }) = relation else { panic!("no relation: {relation:?}") };
    assert_eq!(slice(text, range), "inner_t");
}

#[test]
fn an_older_catalog_keeps_its_state() {
    let before = fold("create table t (a int); create type e as enum ('x');");
    let mut after = before.clone();
    for text in ["alter table t add b int", "alter type e add value 'y'", "drop table t"] {
        apply(&mut after, FileId(0), Loc(9), &crate::sql::parse_statement(text, Dialect::Postgres), text);
    }
    assert_eq!(before.relations.values().next().map(|it| it.columns.len()), Some(1));
    assert!(after.relations.is_empty());
}

/// An unquoted name is not the quoted one's spelling, and means it all the same.
#[test]
fn sqlite_and_mysql_do_not_tell_cases_apart() {
    for dialect in [Dialect::Sqlite, Dialect::Mysql] {
        let mut catalog = Catalog { dialect, search_path: vec![Ident::new("public")], ..Catalog::default() };
        for text in
            ["CREATE TABLE `bookmarkLinks` (`id` int)", "ALTER TABLE bookmarkLinks ADD `crawlStatus` text"]
        {
            apply(&mut catalog, FileId(0), Loc(0), &crate::sql::parse_statement(text, dialect), text);
        }
        let columns = catalog.relations.values().next().map(|it| it.columns.len());
        assert_eq!((catalog.relations.len(), columns), (1, Some(2)), "{dialect:?}");
    }
}

/// Whatever stands in a text, folding it ends.
#[test]
fn prefixes_of_scripts_fold() {
    let scripts = include_str!("../../../tests/fold/scripts.sql");
    for script in scripts.split("--# ") {
        let ends = script.char_indices().map(|it| it.0).step_by(23);
        ends.for_each(|end| drop(fold(script.get(..end).unwrap_or(""))));
    }
}

#[test]
fn columns_follow_their_type_to_its_new_name() {
    let catalog = fold(
        "create type mood as enum ('a'); create table t (m mood, l mood[] not null); alter type mood rename to feeling;",
    );
    let table = catalog.relations.values().find(|it| it.name.as_str() == "t").expect("the table");
    let types: Vec<&str> = table.columns.iter().map(|it| it.type_text.as_str()).collect();
    assert_eq!(types, ["feeling", "feeling[]"]);
}

/// SQLite takes table constraints without commas between them.
#[test]
fn constraints_of_sqlite_need_no_commas() {
    let text = "create table c (id text primary key, a text, b text, foreign key (a) references a (id) on delete cascade foreign key (b) references b (id) unique (a, b) check (a > b))";
    let keys = |dialect| {
        let mut catalog = Catalog { dialect, search_path: vec![Ident::new("public")], ..Catalog::default() };
        for (idx, (range, parsed)) in parse(text, dialect).statements.into_iter().enumerate() {
            apply(&mut catalog, FileId(0), Loc(idx as u32), &parsed, slice(text, range));
        }
        let table = catalog.relations.values().next().cloned().expect("a table");
        (table.foreign_keys.len(), table.uniques.len(), table.checks.len())
    };
    assert_eq!(keys(Dialect::Sqlite), (2, 1, 1));
}

/// `ChooseConstraintName`: a CHECK has the name that the NOT NULL would get, which then is another's.
#[test]
fn a_check_that_is_dropped_leaves_not_null() {
    let catalog = fold(
        "create table t (id int, n int);
         alter table t add constraint t_n_not_null check (n is not null) not valid;
         alter table t alter column n set not null;
         alter table t drop constraint t_n_not_null;
         alter table t alter column id set not null;
         alter table t drop constraint t_id_not_null;",
    );
    let columns = catalog.relations.values().flat_map(|it| &it.columns);
    let found: Vec<(&str, bool)> = columns.map(|it| (it.name.as_str(), it.not_null)).collect();
    assert_eq!(found, [("id", false), ("n", true)]);
}
