use super::*;
use crate::testing::Fixture;

const SCHEMA: &str = "//- /db/schema.sql\ncreate table people (id int primary key, name text);\n";

#[track_caller]
fn check(text: &str, new: &str, expected: &str) {
    let fixture = Fixture::new(&format!("{SCHEMA}{text}"));
    let edits =
        rename(&fixture.snap, fixture.pos(), new).expect("nobody cancels").expect("it can be renamed");
    assert_eq!(fixture.apply(&edits).trim_end(), expected);
    let prepared = prepare(&fixture.snap, fixture.pos()).expect("nobody cancels").expect("it can be renamed");
    let back = undo(&fixture, &edits, &prepared.info);
    assert_eq!(back, *fixture.snap.text(fixture.pos().file).expect("it is there"));
}

/// Renames in the changed text, back to the old name.
#[track_caller]
fn undo(fixture: &Fixture, edits: &[TextEdit], old: &str) -> String {
    let path = fixture.snap.path(fixture.pos().file);
    let first = edits.iter().map(|it| it.at.value.start()).min().expect("something changes");
    let mut text = fixture.apply(edits);
    text.insert_str(usize::from(first), crate::testing::cursor::CURSOR);
    let again = Fixture::new(&format!("{SCHEMA}//- {path}\n{text}"));
    let edits = rename(&again.snap, again.pos(), old).expect("nobody cancels").expect("and back");
    again.apply(&edits)
}

#[track_caller]
fn refused(text: &str, new: &str, expected: &str) {
    let fixture = Fixture::new(&format!("{SCHEMA}{text}"));
    let why = rename(&fixture.snap, fixture.pos(), new).expect("nobody cancels").expect_err("it cannot");
    assert!(why.contains(expected), "{why}");
}

#[test]
fn aliases() {
    check(
        "//- /db/q.sql\nselect p<|>.id from people as p where p.name = 'p';",
        "someone",
        "select someone.id from people as someone where someone.name = 'p';",
    );
}

#[test]
fn ctes_and_their_columns() {
    check(
        "//- /db/q.sql\nwith t as (select count(*) as n from people) select t.n from t<|>;",
        "totals",
        "with totals as (select count(*) as n from people) select totals.n from totals;",
    );
    check(
        "//- /db/q.sql\nwith t as (select count(*) as n from people) select t.<|>n from t;",
        "Total",
        "with t as (select count(*) as \"Total\" from people) select t.\"Total\" from t;",
    );
}

#[test]
fn output_columns_in_order_by() {
    check(
        "//- /db/q.sql\nselect upper(name) as shout from people order by sho<|>ut;",
        "loud",
        "select upper(name) as loud from people order by loud;",
    );
}

#[test]
fn excluded_keeps_its_name() {
    check(
        "//- /db/q.sql\ninsert into people as p (id) values (1) on conflict (id) do update set name = excluded.name where <|>p.id > 1;",
        "x",
        "insert into people as x (id) values (1) on conflict (id) do update set name = excluded.name where x.id > 1;",
    );
}

#[test]
fn refusals_say_why() {
    refused(
        "//- /db/q.sql\nselect p<|>.id from people as p, people as q;",
        "q",
        "already has something named q",
    );
    refused("//- /db/q.sql\nselect p<|>.id from people as p;", "", "must not be empty");
    refused("//- /db/q.sql\nselect n<|>ame from people;", "x", "by a migration");
    refused("//- /db/q.sql\nselect 1 fr<|>om people;", "x", "nothing to rename");
}
