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
            name: Ident::new(it.split(' ').next().unwrap_or("")),
            key: None,
            ty: Some(named_type(it.split(' ').nth(1).unwrap_or(""))),
            type_text: "".into(),
            not_null: it.contains("not null") || it.contains("primary key"),
            default: it.contains("default").then_some(crate::catalog::ColumnDefault::Unknown),
            generated: None,
            identity: None,
            runtime_default: false,
            text_enum: Vec::new(),
            ts_type: None,
            comment: None,
            origin: Origin::Builtin,
            also: Vec::new(),
        };
        let columns: Vec<Column> = lines.iter().map(column).collect();
        let key = lines.iter().position(|it| it.contains("primary key")).map(|idx| Key {
            name: None,
            columns: vec![columns[idx].name.clone()],
            nulls_not_distinct: false,
            origin: Origin::Builtin,
        });
        let relation = Relation {
            schema: Ident::new("public"),
            name: name.clone(),
            kind: RelationKind::Table,
            columns,
            open: false,
            primary_key: key,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            policies: Vec::new(),
            triggers: Vec::new(),
            row_security: false,
            definition: None,
            parents: Vec::new(),
            comment: None,
            origin: Origin::Builtin,
            also: Vec::new(),
            dropped_in_schema: false,
        };
        let name = QualifiedName { schema: Ident::new("public"), name };
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
                                                                                                                                                                                             ^ 42883 operator does not exist: integer = text
                No operator matches the given name and argument types. You might need to add explicit type casts.
        "#]],
    );
}
