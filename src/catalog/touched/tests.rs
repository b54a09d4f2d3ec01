use super::*;
use crate::base::file::FileId;
use crate::catalog::fold;
use crate::facts::Loc;
use crate::sql::{self, Dialect, Ident};

fn catalog(ddl: &str) -> Catalog {
    let mut res = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    for (idx, (range, statement)) in sql::parse(ddl, Dialect::Postgres).statements.iter().enumerate() {
        let text = crate::base::text::slice(ddl, *range);
        fold::apply(&mut res, FileId(0), Loc(idx as u32), statement, text);
    }
    res
}

/// Whether the step from one catalog to the other concerns a statement that is right.
fn concerns(old: &str, new: &str, query: &str) -> bool {
    let mut words = Words::default();
    words.add(query);
    let touched = Touched::between(&catalog(old), &catalog(new));
    touched.concerns(&Mentions { words: &words, suggests: false, points: false })
}

const OLD: &str = "create type mood as enum ('sad'); create table users (id int, mood mood); create table posts (id int);
    create domain feeling as mood; create table notes (it feeling); create view sums as select id from posts;";

#[test]
fn a_column_concerns_who_names_its_table() {
    let new = OLD.replace("posts (id int)", "posts (id bigint, title text)");
    assert!(concerns(OLD, &new, "select * from Posts"));
    assert!(concerns(OLD, &new, "select 1 from \"posts\" p"));
    assert!(!concerns(OLD, &new, "select mood from users"));
    assert!(!concerns(OLD, OLD, "select * from posts"));
}

#[test]
fn a_label_concerns_whoever_has_a_column_of_the_type() {
    let new = OLD.replace("'sad'", "'sad', 'glad'");
    assert!(concerns(OLD, &new, "select * from users"));
    assert!(concerns(OLD, &new, "select * from notes"));
    assert!(concerns(OLD, &new, "select 'sad'::mood"));
    assert!(!concerns(OLD, &new, "select * from posts"));
}

#[test]
fn a_search_path_concerns_everybody() {
    assert!(concerns(OLD, &format!("{OLD} set search_path = x;"), "select 1"));
}

#[test]
fn names_with_signs_are_found_by_their_words() {
    let (old, new) = ("create table \"my table\" (a int)", "create table \"my table\" (a text)");
    assert!(concerns(old, new, "select * from \"my table\""));
    assert!(!concerns(old, new, "select * from my, other"));
    assert!(concerns(old, new, "select * from U&\"m\\0079 table\""));
}
