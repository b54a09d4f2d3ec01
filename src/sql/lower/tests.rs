//! Pictures of trees, of broken texts above all: the shape of whole ones is compared with PostgreSQL's in
//! `tests/tree_shape.rs`.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::picture::Picture;
use crate::base::text::{TextRange, slice};
use crate::sql::hir::{ExprKind, Statement, StatementKind};
use crate::sql::{Dialect, parse_statement};

fn draw(sql: &str, dialect: Dialect) -> String {
    let hir = parse_statement(sql, dialect).hir;
    Picture(&hir).statement(&hir.kind)
}

fn check(sql: &str, expect: Expect) {
    expect.assert_eq(&draw(sql, Dialect::Postgres));
}

/// Every expression's text, in the order of the arena.
fn check_ranges(sql: &str, expect: Expect) {
    let hir = parse_statement(sql, Dialect::Postgres).hir;
    let lines: Vec<&str> = hir.exprs.iter().map(|it| slice(sql, it.range)).collect();
    expect.assert_eq(&lines.join("\n"));
}

#[test]
fn dot_before_a_clause_ends_the_name() {
    check("select u. from users u where", expect!["(select (col u.); from users as u where MISSING)"]);
    check("select u.from users", expect!["(select (col u.from) as users;)"]);
    check("select a from t where t. and b", expect!["(select (col a); from t where (and (col t.) (col b)))"]);
    check(
        "select * from a join b on a. order by 1",
        expect!["(select (star ); from (inner a b on (col a.))) order (1)"],
    );
    check("select u.\nfrom users u", expect!["(select (col u.); from users as u)"]);
}

#[test]
fn half_typed_queries_keep_their_tables() {
    check("select u.id, from users u", expect!["(select (col u.id); MISSING; from users as u)"]);
    check("select from users", expect!["(select from users)"]);
    check("select count( from users", expect!["(select (call count MISSING); from users)"]);
    check("select (a + from users", expect!["(select (+ (col a) MISSING); from users)"]);
    check(
        "select * from users u join orders o on u.",
        expect!["(select (star ); from (inner users as u orders as o on (col u.)))"],
    );
    check(
        "select * from users u join orders o",
        expect!["(select (star ); from (inner users as u orders as o))"],
    );
    check(
        "select * from a join b join c on c.x = a.x where a.y",
        expect!["(select (star ); from (inner (inner a b) c on (= (col c.x) (col a.x))) where (col a.y))"],
    );
    check(
        "select * from users where name = 'abc",
        expect![[r#"(select (star ); from users where (= (col name) "abc"))"#]],
    );
    check(
        "select * from users where id = order by id",
        expect!["(select (star ); from users where (= (col id) MISSING)) order ((col id))"],
    );
    check(
        "select * from users where id in (select id from order by 1",
        expect![
            "(select (star ); from users where (in-query (col id) (select (col id); from MISSING) order (1)))"
        ],
    );
    check(
        "select * from users where id in ",
        expect!["(select (star ); from users where (in (col id) MISSING))"],
    );
    check("select * from ", expect!["(select (star ); from MISSING)"]);
    check("select * from (select a from t", expect!["(select (star ); from ((select (col a); from t)))"]);
    check("select case when a then from t", expect!["(select (case (when (col a) MISSING)); from t)"]);
    check("select a b c, d from t", expect!["(select (col a) as b; (col d); from t)"]);
    check("select a) from t", expect!["(select (col a); from t)"]);
    check(
        "select * from t group by order by a",
        expect!["(select (star ); from t group MISSING) order ((col a))"],
    );
    check(
        "with x as (select 1), y as select * from x",
        expect!["(with x() (select 1;) y() other) (select (star ); from x)"],
    );
    check(
        "with x as (select a from t) select x. from x",
        expect!["(with x() (select (col a); from t)) (select (col x.from) as x;)"],
    );
    check("select * form users", expect!["(select (star );)"]);
    check("select * from t limit", expect!["(select (star ); from t) limit MISSING"]);
    check(
        "select a from t where x = any(",
        expect!["(select (col a); from t where (any = (col x) MISSING))"],
    );
    check("select a::  from t", expect!["(select (cast (col a) ); from t)"]);
}

#[test]
fn half_typed_changes_keep_their_table() {
    check("insert into users (id, na", expect!["(insert users id na MISSING)"]);
    check("insert into t (a, ", expect!["(insert t a  MISSING)"]);
    check("insert into t (a, ) values (1", expect!["(insert t a  (values ( 1)))"]);
    check("insert into t (a) val", expect!["(insert t a MISSING)"]);
    check(
        "insert into t values (1, 2) on conflict (a) do update set ",
        expect!["(insert t (values ( 1 2)) conflict [(col a)] do (set  MISSING))"],
    );
    check("insert into", expect!["(insert  MISSING)"]);
    check("update t set ", expect!["(update t (set  MISSING))"]);
    check("update t set a", expect!["(update t (set a MISSING))"]);
    check("update t set a = where b = 1", expect!["(update t (set a MISSING) where (= (col b) 1))"]);
    check("update users u", expect!["(update users as u)"]);
    check("update users u where a", expect!["(update users as u where (col a))"]);
    check("delete from t where", expect!["(delete t where MISSING)"]);
    check("delete users where a = 1", expect!["(delete users where (= (col a) 1))"]);
    check("merge into t using s on", expect!["(merge t s on MISSING)"]);
    check("with x as (select 1) upd", expect!["(with x() (select 1;)) MISSING"]);
}

#[test]
fn wrappers_hold_the_statement_inside() {
    check("explain (analyze, buffers) select 1", expect!["(Explain (select 1;))"]);
    check("prepare p(int, text) as select $1", expect!["(Prepare p pg_catalog.int4 text (select $1;))"]);
    check("declare c no scroll cursor with hold for select 1", expect!["(DeclareCursor c (select 1;))"]);
    check("copy (delete from t returning a) to stdout", expect!["(Copy (delete t returning (col a);))"]);
}

#[test]
fn returning_aliases_stay_as_written() {
    check(
        "update t set a = 1 returning with (old as o, new as n) o.a, n.*, a",
        expect!["(update t (set a 1) returning (col o.a); (star n); (col a);)"],
    );
}

#[test]
fn other_dialects() {
    let mut lines = Vec::new();
    for (sql, dialect) in [
        ("select `a b` from `t` where `x` = ? and y = ?", Dialect::Mysql),
        ("insert ignore into t (a) values (1) on duplicate key update a = values(a)", Dialect::Mysql),
        ("select a from t limit 5, 10", Dialect::Mysql),
        ("insert or replace into t (a) values (?)", Dialect::Sqlite),
        ("replace into t (a) values (1)", Dialect::Sqlite),
        (
            "update `a` x join b on b.id = x.b set x.n = b.n + ?, m = default where b.k > 1 limit 2",
            Dialect::Mysql,
        ),
        ("update a set a.n = 1", Dialect::Mysql),
        ("update ignore a set n = 1 order by k limit 2", Dialect::Mysql),
        ("delete x from a x left join b on b.a = x.id where b.id is null", Dialect::Mysql),
        ("delete from x.*, b using a x, b where b.id = x.id", Dialect::Mysql),
        ("delete from a where n = 1 order by k limit 2", Dialect::Mysql),
        ("update or replace a set n = 1 where k = ?", Dialect::Sqlite),
    ] {
        lines.push(draw(sql, dialect));
    }
    expect![[r#"
        (select (col a b); from t where (and (= (col x) $1) (= (col y) $2)))
        (insert t a (values ( 1)) conflict do (set a (col a)))
        (select (col a); from t) limit 10 offset 5
        (insert t a (values ( $1)))
        (insert t a (values ( 1)))
        (Joined (select (col x.n); (+ (col b.n) $1); (col m); from (inner a as x b on (= (col b.id) (col x.b))) where (> (col b.k) 1)) limit 2)
        (Joined (select (col a.n); 1; from a))
        (update a (set n 1))
        (Joined (select (star x); from (left a as x b on (= (col b.a) (col x.id))) where (is Null (col b.id))))
        (Joined (select (star x); (star b); from a as x from b where (= (col b.id) (col x.id))))
        (delete a where (= (col n) 1))
        (update a (set n 1) where (= (col k) $1))"#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn strings_are_decoded() {
    check(
        "select E'a\\tb\\x41\\101\\u0041\\'''', U&'d!0061' uescape '!', 'a'\n  'b''c', $x$a$$b$x$, b'01', N'n', '\\'",
        expect![[
            r#"(select "a\tbAAA''"; "da"; "ab'c"; "a$$b"; b:b01; (cast "n" pg_catalog.bpchar); "\\";)"#
        ]],
    );
}

#[test]
fn ranges_are_those_of_the_tokens() {
    check_ranges(
        "select  a + b*c /* x */ , -1, (a).b [1] from t",
        expect![[r#"
        a
        b
        c
        b*c
        a + b*c
        -1
        a
        (a)
        (a).b
        1
        (a).b [1]"#]],
    );
    check_ranges(
        "select a and b and c, x not  in (1), y at time zone 'z' , date '2020-01-01'",
        expect![[r#"
            a
            b
            a and b and c
            c
            x
            1
            x not  in (1)
            y
            'z'
            y at time zone 'z'
            '2020-01-01'
            date '2020-01-01'"#]],
    );
}

#[test]
fn only_the_leading_words_of_the_rest_are_kept() {
    for (sql, words) in [
        ("grant x to y", "GRANT"),
        ("vacuum", "VACUUM"),
        ("selec 1", "SELEC"),
        ("", ""),
        (";", ""),
        ("/* only */", ""),
    ] {
        let hir = parse_statement(sql, Dialect::Postgres).hir;
        assert_eq!(hir.kind, StatementKind::Other(words.into()), "{sql}");
    }
}

#[test]
fn long_lists_and_connectives_are_read_whole() {
    let list = format!("select a in ({})", vec!["1"; 100_000].join(", "));
    let hir = parse_statement(&list, Dialect::Postgres).hir;
    assert!(
        hir.exprs.iter().any(|it| matches!(&it.kind, ExprKind::InList { list, .. } if list.len() == 100_000))
    );
    let run = format!("select {}", vec!["a"; 50_000].join(" or "));
    let hir = parse_statement(&run, Dialect::Postgres).hir;
    assert!(
        hir.exprs.iter().any(|it| matches!(&it.kind, ExprKind::Bool { args, .. } if args.len() == 50_000))
    );
}

#[test]
fn deep_texts_are_refused_and_nothing_overflows() {
    let is_read =
        |sql: &str| !matches!(parse_statement(sql, Dialect::Postgres).hir.kind, StatementKind::Other(_));
    let nested = |open: &str, inner: &str, close: &str, n: usize| {
        format!("select {}{inner}{}", open.repeat(n), close.repeat(n))
    };
    assert!(is_read(&nested("(", "1", ")", 400)));
    assert!(is_read(&nested("(select ", "1", ")", 400)));
    assert!(is_read(&nested("f(a, ", "1", ")", 400)));
    assert!(is_read(&nested("case when ", "a", " then 1 end", 400)));
    assert!(is_read(&nested("not ", "a", "", 1_000)));
    assert!(is_read(&format!("select {}", vec!["a"; 900].join(" + "))));
    for n in [501, 5_000, 100_000] {
        assert!(!is_read(&nested("(", "1", ")", n)));
        assert!(!is_read(&nested("(select ", "1", ")", n)));
        assert!(!is_read(&nested("(", "", "", n)));
        assert!(!is_read(&nested("array[", "1", "]", n)));
        assert!(!is_read(&nested("case when ", "a", " then 1 end", n)));
    }
    for n in [10_000, 50_000] {
        assert!(!is_read(&nested("not ", "a", "", n)));
        assert!(!is_read(&nested("- ", "1", "", n)));
        assert!(!is_read(&format!("select {}", vec!["a"; n].join(" + "))));
        assert!(!is_read(&vec!["select 1"; n].join(" union ")));
        assert!(!is_read(&format!("select * from {}", vec!["a"; n].join(" cross join "))));
        is_read(&format!("select * from {}", vec!["a"; n].join(" join ")));
        is_read(&"explain ".repeat(n));
        is_read(&format!("select a{}", "::int".repeat(n)));
        is_read(&format!("select a{}", "[1]".repeat(n)));
        is_read(&format!("select (a){}", ".b[1]".repeat(n)));
        is_read(&format!("select f{}", "(1)".repeat(n)));
        is_read(&format!("select a{}", " between b".repeat(n)));
        is_read(&format!("select a{}", " is distinct from a".repeat(n)));
    }
}

const STATEMENTS: [&str; 14] = [
    "with recursive x(a, b) as materialized (select 1, 'it''s' union all select a + 1, b || E'\\n' from x where a < 10) \
     search depth first by a set o select distinct on (x.a) x.*, count(*) filter (where b is not null) over (partition \
     by a order by b desc rows between 1 preceding and current row) as n from x order by 1 limit 10 offset $1 for update",
    "select case a when 1 then 'x' else cast(b as numeric(10, 2)) end, array[[1, 2], [3]], (row(1, 2)).f1, a[1:2].b, \
     interval '1' day to second(3), timestamp with time zone 'now' at time zone 'utc' from t tablesample system (10)",
    "select u.id, p.* from users u left join lateral (select * from posts where author = u.id) p on true natural join c \
     cross join d(1) with ordinality as e(f, g) where u.a between symmetric 1 and 2 and u.b not like 'x%' escape '!'",
    "select a = any (select 1), b <> all ($1::int[]), c in (1, 2, 3), (d, e) in (select 1, 2), not exists (table t), \
     f is not distinct from g, h operator(pg_catalog.+) i, -j ^ 2, k::int[] -> 'l', extract(year from m)",
    "select trim(both 'x' from a), substring(a from 1 for 2), overlay(a placing b from 1), position('a' in b), \
     xmlelement(name x, xmlattributes(a as b), c), json_object('a': 1 returning jsonb), json_value(a, '$.b' default 1 on empty)",
    "insert into public.t as x (a, b.c, d[1]) overriding system value values (1, default, $2), (2, null, 3) on conflict \
     (lower(a), b collate \"C\") where c do update set (a, b) = (select 1, 2), c = excluded.c where x.a > 1 returning *, a as b",
    "insert into t default values returning id",
    "update only t as x set a = 1, (b, c) = row(1, default), d[1] = 2 from u join v using (a, b) where current of c",
    "delete from t * using u, v where t.a = u.a returning with (old as o) o.*, t.b",
    "merge into t using (select 1 as a) s on t.a = s.a when matched and t.b then update set c = 1 when not matched by \
     source then delete when not matched then insert (a, b) values (1, default) returning merge_action(), t.*",
    "explain (analyze) select a, sum(b) from t group by grouping sets ((a), rollup (a, (b, c)), ()) having count(*) > 1 \
     window w as (partition by a) order by a using < nulls first fetch first 3 rows with ties",
    "select * from json_table(a, '$[*]' columns (id for ordinality, b int path '$.b', nested path '$.c' columns (d text))) j, \
     xmltable('/x' passing y columns z int path 'a' default 1), rows from (f(1) as (a int), g(2)) as r, unnest(a) b(c int)",
    "create table t (a int default 1 + 2 check (a > 0), b text references u (id) on delete cascade, primary key (a))",
    "prepare p (int) as (values (1), (2)) union select 3 intersect (select 4 order by 1) except all table x",
];

/// Ranges lie in the text, on character boundaries, and neither start nor end with white space, except where a
/// constant is left open.
fn check_tree(sql: &str, hir: &Statement) {
    let mut ranges: Vec<TextRange> = hir.exprs.iter().map(|it| it.range).collect();
    ranges.push(hir.range);
    // The last token runs to the end of the text.
    let is_open = sql.trim_ascii_end() != sql
        && super::lex::lex(sql).iter().rev().nth(1).is_some_and(|it| it.end as usize == sql.len());
    for range in ranges {
        let text = sql.get(usize::from(range.start())..usize::from(range.end()));
        let text = text.unwrap_or_else(|| panic!("{range:?} is no range of {sql:?}"));
        let is_trimmed = text.trim_ascii_start() == text && (is_open || text.trim_ascii_end() == text);
        assert!(is_trimmed, "{range:?} of {sql:?}");
    }
    Picture(hir).statement(&hir.kind);
}

#[test]
fn every_prefix_of_a_statement_is_read() {
    for sql in STATEMENTS {
        for (end, _) in sql.char_indices().chain([(sql.len(), ' ')]) {
            check_tree(&sql[..end], &parse_statement(&sql[..end], Dialect::Postgres).hir);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn statements_without_some_tokens_are_read(which in 0..STATEMENTS.len(), gone in proptest::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let sql = STATEMENTS[which];
        let tokens = super::lex::lex(sql);
        let gone: Vec<usize> = gone.iter().map(|it| it.index(tokens.len())).collect();
        let mut text = String::new();
        let mut end = 0;
        for (idx, token) in tokens.iter().enumerate() {
            text.push_str(&sql[end..token.start as usize]);
            if !gone.contains(&idx) {
                text.push_str(&sql[token.start as usize..token.end as usize]);
            }
            end = token.end as usize;
        }
        check_tree(&text, &parse_statement(&text, Dialect::Postgres).hir);
    }

    #[test]
    fn any_text_is_read(text in "[a-z\"'$.,():;@<>=+*/\\[\\] \\-\nEUéß\u{e000}0-9&]{0,60}") {
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            check_tree(&text, &parse_statement(&text, dialect).hir);
        }
    }
}
