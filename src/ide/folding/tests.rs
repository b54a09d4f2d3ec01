use super::*;
use crate::project::Workspace;
use crate::testing::{Fixture, sample};
use expect_test::{Expect, expect};

/// First and last line of each fold from 1, with its first word.
#[track_caller]
fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new(text);
    let file = fixture.pos().file;
    let text = fixture.snap.text(file).expect("readable");
    let index = crate::base::line_index::LineIndex::new(&text);
    let mut res = String::new();
    for it in folds(&fixture.snap, file).expect("nobody cancels") {
        let (first, last) = (index.line_of(it.range.start()) + 1, index.line_of(it.range.end()) + 1);
        let word = slice(&text, it.range).split_whitespace().next().unwrap_or("");
        res.push_str(&format!("{first}-{last} {word}{}\n", if it.comment { " comment" } else { "" }));
    }
    expected.assert_eq(&res);
}

#[test]
fn statements_parentheses_and_case() {
    check(
        "//- /q.sql\nwith a as (\n  select 1\n), b as (select 2)\nselect case\n  when x then (\n    1\n  )\n  else 2\nend\nfrom a;\nselect 1;<|>\ninsert into t values (1,\n  2);\n",
        expect![[r#"
            1-10 with
            1-3 (
            4-9 case
            5-7 (
            12-13 insert
            12-13 (1,
        "#]],
    );
}

#[test]
fn comments() {
    check(
        "//- /q.sql\n-- one\n-- two\n\n-- three\nselect 1, -- four\n  -- five\n  -- six\n  2; -- seven\n/* a\n   b */\nselect<|> 2;\n",
        expect![[r#"
            1-2 -- comment
            5-8 select
            6-7 -- comment
            9-10 /* comment
        "#]],
    );
}

#[test]
fn bodies_of_functions() {
    check(
        "//- /q.sql\ncreate function f() returns int language plpgsql as $$\nbegin\n  for x in select 1 loop\n    if x then\n      perform g(\n        1);\n    end if;\n  end loop;\n  return case\n    when true then 1 end;\nend\n$$;<|>\n",
        expect![[r#"
            1-12 create
            1-12 $$
            2-11 begin
            3-8 loop
            5-6 (
            9-10 case
        "#]],
    );
}

#[test]
fn templates() {
    check(
        "//- /a.ts\nimport { sql } from 'drizzle-orm';\nconst a = sql`select 1<|>`;\nconst b = sql`\n  select (\n    ${x ? sql`(\n      1)` : 2}\n  )\n`;\n",
        expect![[r#"
            3-8 `
            4-7 (
            5-6 `(
            5-6 (
        "#]],
    );
}

#[test]
fn folds_are_nested_or_apart_everywhere() {
    let mut world = sample::blog();
    let snap = world.snapshot();
    let mut n = 0;
    for (file, text) in sample::files(&snap) {
        let all = folds(&snap, file).expect("nobody cancels");
        n += all.len();
        for (idx, a) in all.iter().enumerate() {
            assert!(slice(&text, a.range).contains('\n'));
            for b in all.iter().skip(idx + 1) {
                let nested = a.range.contains_range(b.range) || b.range.contains_range(a.range);
                assert!(
                    nested || a.range.intersect(b.range).is_none_or(|it| it.is_empty()),
                    "{}: {a:?} {b:?}",
                    snap.path(file)
                );
            }
        }
    }
    assert!(n > 50, "{n}");
}
