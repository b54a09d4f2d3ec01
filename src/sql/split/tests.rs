use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::base::text::slice;

fn check(text: &str, expected: Expect) {
    check_in(text, Dialect::Postgres, expected);
}

fn check_in(text: &str, dialect: Dialect, expected: Expect) {
    let mut res = String::new();
    for piece in split(text, dialect) {
        res.push_str(&format!("{:?} {:?}\n", piece.kind, slice(text, piece.range)));
    }
    expected.assert_eq(&res);
}

#[test]
fn statements_end_at_semicolons_outside_quotes() {
    check(
        "\u{feff}select ';', $a$;$$;$a$, \";\" /* ; /* ; */ */; -- x;\n\n;;select 2 -- last\n",
        expect![[r#"
            Sql "select ';', $a$;$$;$a$, \";\""
            Sql "select 2"
        "#]],
    );
}

#[test]
fn missing_parenthesis_costs_one_statement() {
    check(
        "select (1; select 2;",
        expect![[r#"
            Sql "select (1"
            Sql "select 2"
        "#]],
    );
}

#[test]
fn rules_and_atomic_bodies_are_whole() {
    check(
        "create rule r as on insert to t do also (select 1; select 2); create or replace function f() returns int
         begin atomic select case when true then 1 end; select 2; end; begin; select 3; end;",
        expect![[r#"
            Sql "create rule r as on insert to t do also (select 1; select 2)"
            Sql "create or replace function f() returns int\n         begin atomic select case when true then 1 end; select 2; end"
            Sql "begin"
            Sql "select 3"
            Sql "end"
        "#]],
    );
}

#[test]
fn drizzle_breakpoints_end_statements() {
    check(
        "CREATE TABLE a (x int)\n--> statement-breakpoint\nselect 1;--> statement-breakpoint\nselect 2 --> other\n;",
        expect![[r#"
            Sql "CREATE TABLE a (x int)"
            Sql "select 1"
            Sql "select 2"
        "#]],
    );
}

#[test]
fn psql_lines_and_copy_data() {
    check(
        "\\restrict abc\nSET x = 1;\nCOPY public.t (a) FROM stdin;\n1\tit's\n;\n\\.\n\nselect 1 \\gx\nselect 'a\\b'\n\\if :x\n, 2\n\\endif\n;\\connect db\nselect 3",
        expect![[r#"
            Meta "\\restrict abc"
            Sql "SET x = 1"
            Sql "COPY public.t (a) FROM stdin"
            CopyData "1\tit's\n;\n\\."
            Sql "select 1"
            Meta "\\gx"
            Meta "select 'a\\b'\n\\if :x\n, 2\n\\endif"
            Meta "\\connect db"
            Sql "select 3"
        "#]],
    );
}

#[test]
fn unterminated_parts_belong_to_their_statement() {
    check(
        "select 1; select 'a; /* b",
        expect![[r#"
        Sql "select 1"
        Sql "select 'a; /* b"
    "#]],
    );
    check(
        "select 1 /* a; ",
        expect![[r#"
        Sql "select 1 /* a; "
    "#]],
    );
}

#[test]
fn tools_cut_at_their_marks() {
    check(
        "-- migrate:up\nselect 1\n-- migrate:down\nselect 2 -- down\n, 3",
        expect![[r#"
            Sql "select 1"
            Sql "select 2 -- down\n, 3"
        "#]],
    );
    check(
        "-- +goose Up\n-- +goose StatementBegin\nselect 1;\nselect 2\n-- +goose StatementEnd\n-- +goose Down\nselect 3",
        expect![[r#"
            Sql "select 1"
            Sql "select 2"
            Sql "select 3"
        "#]],
    );
}

#[test]
fn other_dialects() {
    check_in(
        "insert into `a;b` values ('x\\';y'); create trigger t after insert on a begin select case when 1 then 2 end; select 3; end; select 4",
        Dialect::Mysql,
        expect![[r#"
            Sql "insert into `a;b` values ('x\\';y')"
            Sql "create trigger t after insert on a begin select case when 1 then 2 end; select 3; end"
            Sql "select 4"
        "#]],
    );
}

proptest! {
    #[test]
    fn pieces_are_ordered_and_cover_all_tokens(
        text in "(select|begin|atomic|copy t from stdin|create function|create rule|[a-z0-9'\"$\\-*/;(){}\\\\ \n\u{e9}.]){0,30}",
    ) {
        let mut at = 0;
        let mut gaps = String::new();
        for piece in split(&text, Dialect::Postgres) {
            let (start, end) = (usize::from(piece.range.start()), usize::from(piece.range.end()));
            prop_assert!(start >= at && end > start);
            prop_assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
            gaps.push_str(&text[at..start]);
            gaps.push('\n');
            at = end;
        }
        gaps.push_str(&text[at..]);
        prop_assert!(crate::sql::token::significant(&gaps).iter().all(|it| it.kind == TokenKind::Semicolon), "{:?}", gaps);
    }
}
