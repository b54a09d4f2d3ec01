//! Statements against small schemas, problems drawn under the text.

use expect_test::{Expect, expect};

use crate::catalog::types::format_type;
use crate::catalog::{Catalog, Column, Key, Origin, QualifiedName, Relation, RelationKind, Type, lookup};
use crate::sema::{Analysis, Context, Ty};
use crate::sql::hir::ExprKind;
use crate::sql::{Dialect, Ident, parse_statement};

/// A catalog of plain tables, one `name (column type [not null] [primary key] [default], …);` each.
fn catalog(tables: &str) -> Catalog {
    let mut res = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    for text in tables.split(';').filter(|it| !it.trim().is_empty()) {
        let (name, columns) = text.trim().split_once('(').expect("a column list");
        let name = Ident::new(name.trim());
        let lines: Vec<&str> = columns.trim_end().trim_end_matches(')').split(',').map(str::trim).collect();
        let column = |it: &&str| Column {
            ty: Some(named_type(it.split(' ').nth(1).unwrap_or(""))),
            not_null: it.contains("not null") || it.contains("primary key"),
            default: it.contains("default").then_some(crate::catalog::ColumnDefault::Unknown),
            ..Column::new(Ident::new(it.split(' ').next().unwrap_or("")), Origin::Builtin)
        };
        let columns: Vec<Column> = lines.iter().map(column).collect();
        let key = lines.iter().position(|it| it.contains("primary key")).map(|idx| Key {
            name: None,
            columns: vec![columns[idx].name.clone()],
            nulls_not_distinct: false,
            without_overlaps: false,
            deferrable: false,
            origin: Origin::Builtin,
        });
        let name = QualifiedName { schema: Ident::new("public"), name };
        let mut relation = Relation::new(name.clone(), RelationKind::Table, Origin::Builtin);
        relation.columns = columns;
        relation.primary_key = key;
        std::sync::Arc::make_mut(&mut res.relations).insert(name.clone(), relation.into());
        res.types.intern_row_type(name, Origin::Builtin);
    }
    res
}

fn named_type(name: &str) -> Type {
    let sql = format!("select null::{name}");
    let parsed = parse_statement(&sql, Dialect::Postgres);
    let cast = parsed.hir.exprs.iter().find_map(|it| match &it.kind {
        ExprKind::Cast { ty, .. } => Some(ty),
        _ => None,
    });
    lookup::type_name(&Catalog::default(), cast.expect("a cast"), &parsed.hir.exprs).expect("a type")
}

const SCHEMA: &str = "
    users (id int primary key, email text not null, name text, age int);
    posts (id int primary key, user_id int not null, title text not null, body text, views int not null default 0);
";

fn analyze(sql: &str) -> (Catalog, Analysis) {
    let catalog = catalog(SCHEMA);
    let parsed = parse_statement(sql, Dialect::Postgres);
    let ctx = Context { catalog: &catalog, params: &[], variables: &[] };
    let res = super::statement(ctx, &parsed.hir, sql);
    (catalog, res)
}

fn ty(catalog: &Catalog, ty: Ty) -> String {
    match ty {
        Ty::Known(ty) => format_type(catalog, ty),
        Ty::Unknown => String::from("-"),
    }
}

fn check(sql: &str, expect: Expect) {
    let (catalog, analysis) = analyze(sql);
    let mut res = String::new();
    for it in &analysis.columns {
        let nullable = match it.nullable {
            Some(true) => " null",
            Some(false) => "",
            None => " ?",
        };
        res.push_str(&format!("{}: {}{nullable}\n", it.name, ty(&catalog, it.ty)));
    }
    for (idx, it) in analysis.params.iter().enumerate() {
        res.push_str(&format!("${}: {}\n", idx + 1, ty(&catalog, *it)));
    }
    for it in &analysis.problems {
        let (start, end) = (usize::from(it.range.start()), usize::from(it.range.end()));
        let line_start = sql[..start].rfind('\n').map_or(0, |it| it + 1);
        let line = sql[line_start..].lines().next().unwrap_or("");
        res.push_str(&format!(
            "{line}\n{}{}",
            " ".repeat(start - line_start),
            "^".repeat((end - start).max(1))
        ));
        res.push_str(&format!(" {} {}\n", it.code.sqlstate.unwrap_or(""), it.message));
        if let Some(hint) = &it.hint {
            res.push_str(&format!("    {hint}\n"));
        }
    }
    expect.assert_eq(&res);
}

#[test]
fn star_of_an_outer_join() {
    check(
        "select * from users u left join posts p on p.user_id = u.id where u.age > $1",
        expect![[r#"
        id: integer
        email: text
        name: text null
        age: integer null
        id: integer null
        user_id: integer null
        title: text null
        body: text null
        views: integer null
        $1: integer
    "#]],
    );
}

#[test]
fn unknown_names() {
    check(
        "select u.emial, nam from users u join postz p on p.id = u.id where users.id = 1",
        expect![[r#"
        emial: - ?
        nam: - ?
        select u.emial, nam from users u join postz p on p.id = u.id where users.id = 1
               ^^^^^^^ 42703 column u.emial does not exist
            Perhaps you meant to reference the column "u.email".
        select u.emial, nam from users u join postz p on p.id = u.id where users.id = 1
                                              ^^^^^ 42P01 relation "postz" does not exist
            Perhaps you meant the relation "posts".
        select u.emial, nam from users u join postz p on p.id = u.id where users.id = 1
                                                                           ^^^^^^^^ 42P01 invalid reference to FROM-clause entry for table "users"
            Perhaps you meant to reference the table alias "u".
    "#]],
    );
}

#[test]
fn grouping() {
    check(
        "select u.email, p.title, count(*) from users u join posts p on p.user_id = u.id group by u.id",
        expect![[r#"
        email: text
        title: text
        count: bigint
        select u.email, p.title, count(*) from users u join posts p on p.user_id = u.id group by u.id
                        ^^^^^^^ 42803 column "p.title" must appear in the GROUP BY clause or be used in an aggregate function
    "#]],
    );
}

#[test]
fn insert_returning() {
    check(
        "insert into users (id, email, nme) values ($1, $2) returning id, upper(email) as e",
        expect![[r#"
        id: integer
        e: text
        $1: integer
        $2: text
        insert into users (id, email, nme) values ($1, $2) returning id, upper(email) as e
                                      ^^^ 42703 column "nme" of relation "users" does not exist
            Perhaps you meant to reference the column "users.name".
        insert into users (id, email, nme) values ($1, $2) returning id, upper(email) as e
                                      ^^^ 42601 INSERT has more target columns than expressions
    "#]],
    );
}

#[test]
fn types_of_everything() {
    check(
        "select id + 1 as a, 'x' as b, coalesce(name, 'n') c, case when age > 18 then 1 else 2.5 end d, array[1,2] e, (select max(views) from posts) f, age = 'abc' g from users where id = email",
        expect![[r#"
            a: integer
            b: text
            c: text
            d: numeric
            e: integer[]
            f: integer null
            g: boolean null
            select id + 1 as a, 'x' as b, coalesce(name, 'n') c, case when age > 18 then 1 else 2.5 end d, array[1,2] e, (select max(views) from posts) f, age = 'abc' g from users where id = email
                                                                                                                                                                 ^^^^^ 22P02 invalid input syntax for type integer: "abc"
            select id + 1 as a, 'x' as b, coalesce(name, 'n') c, case when age > 18 then 1 else 2.5 end d, array[1,2] e, (select max(views) from posts) f, age = 'abc' g from users where id = email
                                                                                                                                                                                             ^ 42883 operator does not exist: integer = text
                No operator matches the given name and argument types. You might need to add explicit type casts.
        "#]],
    );
}

/// The messages of a statement's problems.
fn messages(sql: &str) -> Vec<String> {
    analyze(sql).1.problems.into_iter().map(|it| it.message).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn sets_of_subqueries_are_not_of_the_construct_around() {
    for sql in [
        "select coalesce((select jsonb_agg(e) from jsonb_array_elements('[]'::jsonb) e), '[]'::jsonb)",
        "select case when exists (select 1 from unnest(array[1]) w) then 1 end",
        "select coalesce((select unnest(array[1]) limit 1), 2)",
        "select coalesce((with x as (select generate_series(1, 2) n) select max(n) from x), 2)",
    ] {
        assert_eq!(messages(sql), NOTHING, "{sql}");
    }
    assert_eq!(
        messages("select coalesce((select 1), unnest(array[1]))"),
        ["set-returning functions are not allowed in COALESCE"]
    );
}

#[test]
fn the_row_of_a_function_with_one_out_parameter_is_its_value() {
    for sql in [
        "select e ->> 'a', e.value from jsonb_array_elements('[]'::jsonb) e where e ->> 'a' = 'b'",
        "select e ->> 'a', e.value from jsonb_array_elements('[]'::jsonb) as e(value)",
        "select value.entry ->> 'a', value.ordinality + 1 from jsonb_array_elements('[]') with ordinality as value(entry, ordinality)",
        "select value.entry ->> 'a' from jsonb_array_elements(\u{e000}x) with ordinality as value(entry, ordinality)",
        "select e.key, e.value ->> 'a' from jsonb_each('{}') e",
    ] {
        assert_eq!(messages(sql), NOTHING, "{sql}");
    }
    assert_eq!(
        messages("select e ->> 'a' from jsonb_each('{}') e"),
        ["operator does not exist: record ->> unknown"]
    );
}

#[test]
fn a_row_is_grouped_by_its_star() {
    assert_eq!(messages("select row_to_json(u), count(*) from users u group by u.*"), NOTHING);
    assert_eq!(
        messages("select u.email from users u group by u.*"),
        ["column \"u.email\" must appear in the GROUP BY clause or be used in an aggregate function"]
    );
}

#[test]
fn what_an_extension_may_have_is_not_missing() {
    for sql in [
        "select similarity(email, 'x') from users",
        "select email % 'x', email <-> 'x', 'x' %> email from users",
        "select uuid_generate_v4(), gen_salt('bf'), unaccent(email), st_point(1, 2) from users",
        "select extensions.uuid_generate_v4()",
        "select '[1]'::vector <=> $1, 'a'::citext, null::hstore -> 'a', null::geometry",
        "select array[1] + 1",
        "select * from pg_stat_statements",
    ] {
        assert_eq!(messages(sql), NOTHING, "{sql}");
    }
    assert_eq!(messages("select sum(email) from users"), ["function sum(text) does not exist"]);
    assert_eq!(messages("select email % id from users"), ["operator does not exist: text % integer"]);
    assert_eq!(messages("select email = id from users"), ["operator does not exist: text = integer"]);
    assert_eq!(messages("select 'a' + 'b'"), ["operator is not unique: unknown + unknown"]);
    assert_eq!(
        messages("select pg_catalog.similarity('a', 'b')"),
        ["function pg_catalog.similarity(unknown, unknown) does not exist"]
    );
}

#[test]
fn parameters_beside_holes_are_not_judged() {
    for sql in [
        "insert into users (id, email) select $1, $2 from \u{e000}x",
        "select $1 from \u{e000}x",
        "select $1 = $1 where \u{e000}x",
        "insert into users (email, id) values ($1, 1), ($2, 2) order by 1",
    ] {
        assert_eq!(messages(sql), NOTHING, "{sql}");
    }
}

/// PostgreSQL stops there: that nothing is grouped follows from an aggregate that should not be.
#[test]
fn a_misplaced_aggregate_is_one_problem() {
    check(
        "select id, title from posts where count(*) > 1",
        expect![[r#"
        id: integer
        title: text
        select id, title from posts where count(*) > 1
                                          ^^^^^^^^ 42803 aggregate functions are not allowed in WHERE
    "#]],
    );
}
