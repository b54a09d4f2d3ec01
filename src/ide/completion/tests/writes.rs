use super::super::ItemKind;
use super::sql;

#[test]
fn insert_columns_not_listed_yet() {
    let res = sql("insert into posts (<|>)");
    assert_eq!(res.top(2), ["required columns", "all columns"]);
    assert_eq!(res.of_kind(ItemKind::Column)[..3], ["id", "author_id", "title"]);
    assert_eq!(res.accept("required columns"), "insert into posts (id, author_id, title)");
    assert_eq!(
        res.accept("all columns"),
        "insert into posts (id, author_id, reviewer_id, title, body, meta)"
    );
    let res = sql("insert into posts (id, title, <|>) values (1, 2, 3)");
    assert!(!res.has("id") && !res.has("title") && res.has("author_id"));
}

#[test]
fn insert_of_whole_rows() {
    let res = sql("insert into posts <|>");
    let item = res.item("(required columns) values (…)");
    assert_eq!(item.insert, "(id, author_id, title) values (${1:0}, ${2:0}, '${3:title}')");
    assert!(item.snippet);
    assert!(res.has("values") && res.has("default values") && res.has("select"), "{:?}", res.labels());
}

#[test]
fn values_know_their_columns() {
    let res = sql("insert into users (email, mood) values ('x', <|>)");
    assert_eq!(res.top(3), ["'happy'", "'sad'", "'it's fine'"]);
    assert_eq!(res.item("default").detail.as_deref(), Some("default 'happy'"));
    assert_eq!(res.item("mood").detail.as_deref(), Some("mood not null"));
    let res = sql("insert into users (email, mood) values ('x', '<|>')");
    assert_eq!(res.top(2), ["happy", "sad"]);
    let res = sql("insert into posts values (<|>");
    assert_eq!(res.item("id").detail.as_deref(), Some("integer not null"));
    let res = sql("insert into posts values (1, <|>");
    assert!(res.has("author_id") && !res.has("title"), "{:?}", res.labels());
}

#[test]
fn targets_of_writes() {
    for text in ["insert into <|>", "update <|>", "delete from <|>"] {
        let res = sql(text);
        assert!(res.has("users") && res.has("app.settings"), "{text}: {:?}", res.labels());
    }
}

#[test]
fn set_offers_columns() {
    let res = sql("update users set <|>");
    assert!(res.has("email") && res.has("mood"));
    assert_eq!(res.item("email").insert, "email = $0");
    let res = sql("update users set email = 'x', <|>");
    assert!(!res.of_kind(ItemKind::Column).contains(&"email"));
    let res = sql("update users set em<|> = 'x'");
    assert_eq!(res.accept("email"), "update users set email = 'x'");
    let res = sql("update users set mood = '<|>'");
    assert_eq!(res.top(1), ["happy"]);
    let res = sql("update users set mood = <|>");
    assert!(res.has("default") && res.top(1) == ["'happy'"]);
    let res = sql("update users u set email = 'x' where u.<|>");
    assert!(res.has("id"));
}

#[test]
fn returning_with_old_and_new() {
    let res = sql("update users set email = 'x' returning <|>");
    assert!(res.has("id") && res.has("old") && res.has("new"), "{:?}", res.labels());
    let res = sql("update users set email = 'x' returning new.<|>");
    assert!(res.has("email"));
    let res = sql("insert into users (email) values ('x') returning <|>");
    assert_eq!(res.top(1), ["id"]);
}

#[test]
fn conflicts() {
    let res = sql("insert into users (email) values ('x') on conflict (<|>)");
    assert!(res.has("id") && res.has("email"));
    let res =
        sql("insert into users (email) values ('x') on conflict (id) do update set email = excluded.<|>");
    assert!(res.has("email"), "{:?}", res.labels());
    let res = sql("insert into users (email) values ('x') on conflict (id) do update set <|>");
    assert!(res.has("email"));
    let res = sql("insert into users (email) values ('x') <|>");
    assert!(res.has("on conflict") && res.has("returning"), "{:?}", res.labels());
    let res = sql("insert into users (email) values ('x') on conflict (id) <|>");
    assert!(res.has("do nothing") && res.has("do update set"), "{:?}", res.labels());
}

#[test]
fn insert_select_has_types() {
    let res = sql("insert into users (mood) select <|> from posts");
    assert_eq!(res.top(1), ["'happy'"], "{:?}", res.top(5));
}

#[test]
fn merge() {
    let res = sql("merge into users u using posts p on <|>");
    assert!(res.has("p.author_id") || res.has("author_id"), "{:?}", res.labels());
    let res = sql("merge into users u using posts p on p.id = u.id <|>");
    assert!(res.has("when matched then"), "{:?}", res.labels());
}
