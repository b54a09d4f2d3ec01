use std::fmt::Write;

use expect_test::{Expect, expect};

use super::*;
use crate::catalog::Column;
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
        let open = match (relation.open, &relation.unlisted) {
            (false, _) => String::new(),
            (true, None) => " open".to_owned(),
            (true, Some(names)) => {
                format!(" perhaps {}", names.iter().map(Ident::as_str).collect::<Vec<_>>().join(", "))
            }
        };
        let _ = writeln!(res, "{}.{} ({}){open}", name.schema, name.name, columns.join(", "));
    }
    let gaps = &catalog.gaps;
    for (gap, is) in [
        ("relations", gaps.relations),
        ("functions", gaps.functions),
        ("types", gaps.types),
        ("policies", gaps.policies),
        ("keys", gaps.keys),
    ] {
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
            gap: policies
            gap: keys
        "#]],
    );
}

/// What the branches name is not known afterwards, and nothing else.
#[test]
fn branches_of_a_block_are_united() {
    let tables = "create table t (a int); create table other (id int);";
    let block = |body: &str| format!("{tables} do $$ declare n int; begin {body} end $$;");
    check(
        &block("if random() > 0.5 then create table u (b int); else alter table t drop column a; end if;"),
        expect![[r#"
            public.other (id)
            public.t (a) perhaps a
            public.u (b)
        "#]],
    );
    check(
        &block(
            "if random() > 0.5 then alter table t rename column a to c; elsif random() > 0.4 then alter table t add d int; else null; end if;",
        ),
        expect![[r#"
            public.other (id)
            public.t (c, a, d) perhaps a, c, d
        "#]],
    );
    check(
        &block("case n when 1 then alter table t add c int; when 2 then alter table t add d int; end case;"),
        expect![[r#"
            public.other (id)
            public.t (a, c, d) perhaps c, d
        "#]],
    );
    // Where it ends with an error nothing is left of it.
    check(
        &block(
            "if random() > 0.5 then alter table t add c int; else alter table t drop a; raise exception 'no'; end if;",
        ),
        expect![[r#"
            public.other (id)
            public.t (a, c)
        "#]],
    );
    check(
        &block("if random() > 0.5 then raise notice 'done'; return; end if; alter table t add c int;"),
        expect![[r#"
            public.other (id)
            public.t (a, c)
        "#]],
    );
    check(
        &block("if random() > 0.5 then alter table t add c int; return; end if; alter table t add d int;"),
        expect![[r#"
            public.other (id)
            public.t (a, d, c) perhaps c, d
        "#]],
    );
}

/// What is asked of PostgreSQL's catalogs the folded one answers.
#[test]
fn conditions_over_catalogs_are_decided() {
    let tables = "create schema app; create type mood as enum ('x'); create table app.t (a int, m mood);
        create table s (id serial constraint s_key primary key, a int constraint s_check check (a > 0));
        create index s_a on s (a); create policy p on s; alter table s add constraint c2 check (a < 9) not valid;";
    let yes = [
        "exists (select 1 from information_schema.columns where table_name = 's' and column_name = 'a')",
        "exists (select from information_schema.tables where table_schema = 'app' and table_name = 't')",
        "not exists (select 1 from pg_type t join pg_namespace n on n.oid = t.typnamespace
           where t.typname = 'gone' and n.nspname = 'public')",
        "(select count(*) from information_schema.columns where table_schema = 'public' and table_name = 's') = 2",
        "to_regclass('app.t') is not null and to_regclass('public.t') is null",
        "exists (select 1 from pg_constraint where conname = 's_check' and conrelid = 's'::regclass and contype = 'c')",
        "exists (select 1 from pg_indexes where indexname = 's_a' and tablename like 's%')",
        "exists (select 1 from pg_policies where policyname in ('p', 'q') and tablename = 's')",
        "exists (select 1 from pg_sequences where sequencename = 's_id_seq')",
        "exists (select 1 from pg_class c where c.relname = 's_key' and c.relkind = 'i')",
        "exists (select 1 from pg_enum e join pg_type t on t.oid = e.enumtypid where typname = 'mood' and enumlabel = 'x')",
        "exists (select 1 from information_schema.columns where table_name = 't' and column_name = 'm' and data_type <> 'uuid')",
        "(select convalidated from pg_constraint where conname = 's_check')",
        "not (select convalidated from pg_constraint where conname = 'c2')",
        "exists (select 1 from pg_attribute where attrelid = 'public.s'::regclass and attname = 'a' and not attisdropped)",
    ];
    for condition in yes {
        let taken = fold(&format!(
            "{tables} do $$ begin if {condition} then create table y (); else create table n (); end if; end $$"
        ));
        let is = |name: &str| taken.relations.keys().any(|it| it.name.as_str() == name);
        assert!(is("y") && !is("n"), "{condition}");
        let left = fold(&format!(
            "{tables} do $$ begin if not ({condition}) then create table y (); end if; end $$"
        ));
        assert!(!left.relations.keys().any(|it| it.name.as_str() == "y"), "not {condition}");
    }
    for condition in [
        "exists (select 1 from s)",
        "exists (select 1 from pg_proc where proname = 'f')",
        "exists (select 1 from pg_extension where extname = 'citext')",
        "exists (select 1 from information_schema.tables where table_schema = 'auth' and table_name = 'users')",
        "exists (select 1 from pg_type where typname = 'uuid')",
        "exists (select 1 from pg_roles where rolname = 'x')",
        "to_regclass('/* its schema */s') is null",
        "exists (select 1 from information_schema.columns where table_name = 's' and character_maximum_length = 3)",
        "exists (select 1 from information_schema.columns where column_default like 'x%')",
    ] {
        let either = fold(&format!(
            "{tables} do $$ begin if {condition} then create table y (); else create table n (); end if; end $$"
        ));
        let is = |name: &str| either.relations.keys().any(|it| it.name.as_str() == name);
        assert!(is("y") && is("n"), "{condition}");
    }
}

/// Texts that a block puts together, and of those that are not known what their kind of statement can change.
#[test]
fn texts_of_a_block() {
    let tables = "create table t (id int, a int); create table u (id int not null);";
    let block = |body: &str| format!("{tables} do $$ declare x text; r record; begin {body} end $$;");
    let each = |text: &str| {
        block(&format!("for r in select relname from pg_stat_user_tables loop execute {text}; end loop;"))
    };
    // Known all the same.
    check(
        &block(
            "foreach x in array array['t', 'u'] loop execute format('alter table %I add column %s int', x, x || '_c'); end loop;",
        ),
        expect![[r#"
            public.t (id, a, t_c)
            public.u (id, u_c)
        "#]],
    );
    check(
        &block(
            "for r in select table_name from information_schema.tables where table_name like 'u%' loop
                  execute pg_catalog.format('alter table %I add c int', r.table_name); end loop;",
        ),
        expect![[r#"
            public.t (id, a)
            public.u (id, c)
        "#]],
    );
    check(
        &block(
            "select 'alter table t ' || 'drop column a' into x; execute x; x := 'create table v (b int); drop table u'; execute x;",
        ),
        expect![[r#"
            public.t (id)
            public.v (b)
        "#]],
    );
    // Any table.
    check(
        &each("format('alter table %I add column if not exists a text', r.relname)"),
        expect![[r#"
        public.t (id, a)
        public.u (id) perhaps a
        gap: keys
    "#]],
    );
    check(
        &each("format('alter table %I alter column id set default 1', r.relname)"),
        expect![[r#"
        public.t (id, a)
        public.u (id)
    "#]],
    );
    check(
        &each("'alter table ' || quote_ident(r.relname) || ' rename column a to b'"),
        expect![[r#"
        public.t (id, a) perhaps a, b
        public.u (id)
    "#]],
    );
    check(
        &each("format('alter table %s drop constraint %I, add constraint %I %s', r.a, r.b, r.c, r.d)"),
        expect![[r#"
        public.t (id, a)
        public.u (id)
        gap: keys
    "#]],
    );
    check(
        &each("format('alter table t %s', r.relname)"),
        expect![[r#"
        public.t (id, a) open
        public.u (id)
        gap: keys
    "#]],
    );
    check(
        &each("format('alter table t add column %I int', r.relname)"),
        expect![[r#"
        public.t (id, a) open
        public.u (id)
        gap: keys
    "#]],
    );
    check(
        &each(
            "format('alter table %I enable row level security; create policy %I on %I', r.a, 'p_' || r.a, r.a)",
        ),
        expect![[r#"
        public.t (id, a)
        public.u (id)
        gap: policies
    "#]],
    );
    check(
        &each("pg_catalog.format('revoke all on function %s from public', r.relname)"),
        expect![[r#"
        public.t (id, a)
        public.u (id)
    "#]],
    );
    check(
        &each("format('comment on table %I is %L', r.relname, 'x')"),
        expect![[r#"
        public.t (id, a)
        public.u (id)
    "#]],
    );
    check(
        &each("format('create index %I on t (a)', 'i_' || r.relname)"),
        expect![[r#"
        public.t (id, a)
        public.u (id)
        gap: keys
    "#]],
    );
    check(
        &each("format('create table %I partition of t default', r.relname || '_new')"),
        expect![[r#"
        public.t (id, a)
        public.u (id)
        gap: relations
    "#]],
    );
    check(
        &each("format('drop table if exists %I cascade', r.relname)"),
        expect![[r#"
        public.t (id, a)
        public.u (id)
    "#]],
    );
    check(
        &each("r.relname || ' x'"),
        expect![[r#"
        public.t (id, a) open
        public.u (id) open
        gap: relations
        gap: functions
        gap: types
        gap: policies
        gap: keys
    "#]],
    );
    let tables = fold(&each("format('alter table %I alter column id set default 1', r.relname)"));
    let columns: Vec<&Column> = tables.relations.values().flat_map(|it| &it.columns).collect();
    let unknown = columns.iter().filter(|it| it.default == Some(crate::catalog::ColumnDefault::Unknown));
    assert_eq!(unknown.map(|it| it.name.as_str()).collect::<Vec<_>>(), ["id", "id"]);
}

/// A handler takes what certainly is refused: nothing of its block is left.
#[test]
fn handlers_undo_what_is_refused() {
    let tables = "create table t (id int primary key, a int); create schema s;";
    let keys = |block: &str| {
        let catalog = fold(&format!("{tables} do $$ begin {block} end $$"));
        let table =
            catalog.relations.values().find(|it| it.name.as_str() == "t").cloned().expect("the table");
        (table.foreign_keys.len(), table.columns.len())
    };
    let key =
        "alter table t add c int; alter table t add constraint k foreign key (a) references later (id);";
    assert_eq!(keys(&format!("{key} exception when undefined_table then null;")), (0, 2));
    assert_eq!(keys(&format!("{key} exception when sqlstate '42P01' then alter table t add d int;")), (0, 3));
    assert_eq!(keys(&format!("{key} exception when duplicate_object then null;")), (1, 3));
    assert_eq!(keys(key), (1, 3));
    let known = key.replace("later", "t");
    assert_eq!(keys(&format!("{known} exception when undefined_table then null;")), (1, 3));
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

/// `pg_enum`: what is stored of a label is its oid.
#[test]
fn labels_follow_their_new_name() {
    let catalog = fold(
        "create type mode as enum ('closed', 'require it');
         create table site (id int, name text, mode mode not null default 'closed', modes mode[] default array['closed']::mode[],
           check (mode <> 'closed'), check (name <> 'closed'), check (mode = 'closed' or name = 'closed'));
         create index on site (id) where mode = 'closed'; create index on site (id) where name = 'closed';
         create policy p on site using (mode = 'closed'::mode);
         alter type mode rename value 'closed' to 'is''nt open';",
    );
    let site = catalog.relations.values().find(|it| it.name.as_str() == "site").expect("the table");
    let defaults: Vec<_> = site.columns.iter().filter_map(|it| it.default.clone()).collect();
    let sql = |it: &str| crate::catalog::ColumnDefault::Sql(it.into());
    assert_eq!(defaults, [sql("'is''nt open'"), sql("array['is''nt open']::mode[]")]);
    let checks: Vec<Option<&str>> = site.checks.iter().map(|it| it.expression.as_deref()).collect();
    assert_eq!(checks, [Some("mode <> 'is''nt open'"), Some("name <> 'closed'"), None]);
    let predicates: Vec<Option<&str>> = site.indexes.iter().map(|it| it.predicate.as_deref()).collect();
    assert_eq!(predicates, [Some("mode = 'is''nt open'"), Some("name = 'closed'")]);
    assert_eq!(site.policies.first().and_then(|it| it.using.as_deref()), Some("mode = 'is''nt open'::mode"));
}

#[test]
fn temporary_tables_end_with_their_session() {
    let mut catalog =
        fold("create temp table mine (a int); create table t (a int); create temp view v as select 1;");
    end_session(&mut catalog, FileId(0));
    let names: Vec<&str> = catalog.relations.keys().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["t"]);
    let name = Ident::new("mine");
    assert!(matches!(lookup::relation(&catalog, None, &name), lookup::Lookup::Unknown));
}
