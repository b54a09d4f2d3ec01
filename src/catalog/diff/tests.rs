use super::normal::expression as normal_expression;
use super::normal::key;
use super::{is_same_expression, normal_default, normal_type};
use crate::sql::Dialect;

#[test]
fn types_have_one_spelling() {
    for (a, b) in [
        ("timestamp (3) with time zone", "timestamp(3) with time zone"),
        ("numeric(10, 2)", "numeric(10,2)"),
        ("character varying(20)", "varchar(20)"),
        ("public.\"mood\"[]", "mood[]"),
        ("int4", "integer"),
        ("character(1)", "char"),
    ] {
        assert_eq!(normal_type(a), normal_type(b));
    }
    assert_ne!(normal_type("varchar(20)"), normal_type("varchar(21)"));
}

#[test]
fn defaults_have_one_spelling() {
    for (a, b) in [
        ("'x'::text", "'x'"),
        ("'{\"member\"}'", "'{member}'::user_role[]"),
        ("CURRENT_TIMESTAMP", "now()"),
        ("(now())", "now()"),
        ("'{}'::jsonb", "'{}'"),
        ("'0'", "0"),
    ] {
        assert_eq!(normal_default(a), normal_default(b), "{a}");
    }
    assert_eq!(normal_default("null"), None);
    assert_ne!(normal_default("'x'"), normal_default("'y'"));
    assert_ne!(normal_default("now()::date"), normal_default("now()"));
}

#[test]
fn expressions_have_one_spelling() {
    let normal = |it| normal_expression(it, Dialect::Postgres);
    assert_eq!(normal("\"users\".\"age\" >= 21"), normal("(age  >= 21)"));
    assert_eq!(normal("\"a\".\"users\".\"age\" = 'X.y'"), "age = 'X.y'");
    let normal = |it| normal_expression(it, Dialect::Sqlite);
    assert_eq!(normal("`status` in ('`a`', 'b')"), normal("(\"m\".\"status\" IN ('`a`', 'b'))"));
}

#[test]
fn blanks_and_parentheses_make_no_other_expression() {
    let key = |it| key(it, Dialect::Postgres);
    assert_eq!(key("\"t\".\"a\" IN ('x','y')"), key("a in ('x', 'y')"));
    assert_eq!(key("(a = (x ->> 'sub'))"), key("(a = x->>'sub')"));
    assert_eq!(key("not(a)"), key("not a"));
    assert_ne!(key("a in ('x y')"), key("a in ('xy')"));
    assert_ne!(key("a is null"), key("ais null"));
}

/// Each line: what `pg_get_constraintdef` prints alike.
const SAME: &str = "
n between 0 and 1 | n >= 0 and n <= 1
a and n between 0 and 1 | a and (\"t\".\"n\" >= 0 and n <= 1)
n not between 0 and 1 | n < 0 or n > 1
b <= 9007199254740991 | b <= '9007199254740991'::bigint
n = -1 | n = '-1'::integer
s != 'x' | s <> 'x'
s <> 'x' | s <> 'x'::text
s in ('a', 'b') | s = any (array['a'::text, 'b'::text])
s in ('a', 'b') | s = any (array['a', 'b']::text[])
s not in ('a', 'b') | s <> all (array['a', 'b'])
s in ('a') | s = 'a'
s like 'a%' | s ~~ 'a%'
cast(s as integer) > 1 | s::int4 > 1
i = interval '24 months' | i = '2 years'::interval
i = interval '90 minutes' | i = '1:30'::interval
j = '{\"a\":1, \"b\":[]}'::jsonb | j = '{ \"b\": [],\"a\": 1 }'::jsonb
case when a then 1 end = 1 | case when a then 1 else null end = 1
";

const OTHER: &str = "
n between 0 and 1 | n > 0 and n <= 1
n not between 0 and 1 | n < 0 and n > 1
a or b and c | a and b or c
b <= 5 | b <= '5'::bigint
b <= 9007199254740991 | b <= 9007199254740992
s in ('a', 'b') | s in ('a', 'c')
s in ('a', 'b') | s in ('b', 'a')
s like 'a%' | s ilike 'a%'
i = interval '1 day' | i = interval '24 hours'
j = '{\"a\":1}'::jsonb | j = '{\"a\":2}'::jsonb
'{\"a\": 1}'::json is null | '{\"a\":1}'::json is null
d = '2020-01-01'::date | d = '2020-01-01'::timestamp
s is null | s is not null
lower(s) = 'x' | upper(s) = 'x'
s = 'x' | s = 'X'
'null' = s | null = s
";

#[test]
fn expressions_are_what_postgresql_makes_of_them() {
    let pairs = |it: &'static str| {
        it.lines().filter_map(|it| it.split_once(" | ")).collect::<Vec<(&'static str, &'static str)>>()
    };
    for (a, b) in pairs(SAME) {
        assert!(is_same_expression(a, b, Dialect::Postgres), "{a}, {b}");
    }
    for (a, b) in pairs(OTHER) {
        assert!(!is_same_expression(a, b, Dialect::Postgres), "{a}, {b}");
    }
}

#[test]
fn elements_of_indexes_have_one_spelling() {
    let bare = |it: &str| super::relation::bare_item(it.to_owned());
    assert_eq!(
        bare("(embedding::vector(1536)) vector_cosine_ops"),
        "embedding::vector(1536) vector_cosine_ops"
    );
    assert_eq!(bare("(a) || (b)"), "(a) || (b)");
    assert_eq!(bare("(a + b) * 2"), "(a + b) * 2");
    assert_eq!(bare("(a"), "(a");
}

#[test]
fn temporary_tables_are_no_difference() {
    let mut made = crate::catalog::Catalog::default();
    let text = "create temp table plan (id int); create table kept (id int);";
    for (idx, (range, parsed)) in
        crate::sql::parse(text, Dialect::Postgres).statements.into_iter().enumerate()
    {
        let loc = crate::facts::Loc(idx as u32);
        let file = crate::base::file::FileId(0);
        crate::catalog::fold::apply(&mut made, file, loc, &parsed, crate::base::text::slice(text, range));
    }
    let names: Vec<String> =
        super::diff(&made, &crate::catalog::Catalog::default()).into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["public.kept"]);
}
