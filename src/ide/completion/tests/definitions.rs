use super::super::ItemKind;
use super::sql;

#[test]
fn tables_where_definitions_name_them() {
    for text in [
        "drop table <|>",
        "drop table if exists <|>",
        "alter table <|>",
        "truncate <|>",
        "create index on <|>",
        "create table x (id int references <|>",
        "alter table posts add foreign key (id) references <|>",
        "comment on table <|>",
        "create policy p on <|>",
    ] {
        let res = sql(text);
        assert!(res.has("users") && res.has("app.settings"), "{text}: {:?}", res.labels());
        assert!(!res.has("active_users") || text.contains("policy"), "{text}: {:?}", res.labels());
    }
}

#[test]
fn columns_where_definitions_name_them() {
    for text in [
        "alter table users drop column <|>",
        "alter table users alter column <|>",
        "alter table users rename column <|>",
        "alter table public.users drop column if exists <|>",
        "create index on users (<|>)",
        "create unique index i on users using btree (id, <|>)",
        "create table x (id int references users (<|>",
        "alter table users add primary key (<|>)",
        "alter table users add check (<|>)",
        "create policy p on users using (<|>)",
        "comment on column users.<|>",
        "create index i on users (id) where <|>",
    ] {
        let res = sql(text);
        assert!(res.has("email"), "{text}: {:?}", res.labels());
        assert!(!res.has("title"), "{text}: {:?}", res.labels());
    }
    let res = sql("create table x (one int, two text, unique (<|>");
    assert_eq!(res.of_kind(ItemKind::Column), ["one", "two"]);
    let res = sql("create table x (one int, two text, check (<|>");
    assert!(res.has("one") && res.has("two"), "{:?}", res.labels());
}

#[test]
fn types_where_definitions_name_them() {
    for text in [
        "create table x (id <|>",
        "alter table users add column x <|>",
        "alter table users alter column name type <|>",
        "create function f(a <|>",
        "create function f() returns <|>",
        "create domain d as <|>",
    ] {
        let res = sql(text);
        assert!(res.has("text") && res.has("mood"), "{text}: {:?}", res.labels());
    }
}

#[test]
fn keywords_of_definitions() {
    let res = sql("create table x (id int <|>");
    assert!(res.has("not null") && res.has("primary key") && res.has("references"), "{:?}", res.labels());
    let res = sql("alter table users <|>");
    assert!(res.has("add column") && res.has("drop column") && !res.has("where"), "{:?}", res.labels());
    let res = sql("drop <|>");
    assert!(res.has("table"), "{:?}", res.labels());
    let res = sql("create table x (id int references users (id) <|>");
    assert!(res.has("on delete cascade"), "{:?}", res.labels());
}

#[test]
fn other_objects() {
    assert!(sql("drop type <|>").has("mood"));
    assert!(sql("drop index <|>").has("posts_title"));
    assert!(sql("drop view <|>").has("active_users"));
    assert!(sql("drop function <|>").has("greet(text, boolean)"));
    assert!(sql("set search_path to <|>").has("app"));
    assert!(sql("set role <|>").has("current_user"));
    assert!(sql("create extension <|>").has("pgcrypto"));
    assert!(sql("create index on posts using <|>").has("gin"));
    assert!(sql("alter type mood add value 'x' before '<|>'").has("sad"));
}

#[test]
fn queries_in_definitions() {
    let res = sql("create view v as select <|> from users");
    assert!(res.has("email"), "{:?}", res.labels());
    let res = sql("create table t as select u.<|> from users u");
    assert!(res.has("email"), "{:?}", res.labels());
    let res = sql("explain select <|> from users");
    assert!(res.has("email"), "{:?}", res.labels());
}

/// Each block of a file is a query of its own, with or without `;`.
#[test]
fn queries_with_names_in_one_file() {
    let text =
        "-- BLOCK drop_it\nalter table users drop column email\n\n-- BLOCK one\nselect em<|> from users\n";
    assert!(sql(text).has("email"));
    let begins = sql("-- BLOCK one\nselect id from users\n\n-- BLOCK two\n<|>\n");
    assert!(begins.has("select"), "{:?}", begins.labels());
}
