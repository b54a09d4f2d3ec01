use super::super::ItemKind;
use super::sql;

#[test]
fn columns_behind_an_alias() {
    let res = sql("select u.<|> from users u");
    assert_eq!(res.top(6), ["id", "email", "name", "mood", "createdAt", "active"]);
    assert_eq!(res.item("email").detail.as_deref(), Some("text not null"));
    assert_eq!(res.item("email").origin.as_deref(), Some("users"));
    assert_eq!(res.accept("createdAt"), "select u.\"createdAt\" from users u");
    assert!(!res.has("title"), "{:?}", res.labels());
    assert!(!res.has("select"));
}

#[test]
fn columns_behind_an_alias_of_a_half_typed_word() {
    let res = sql("select u.em<|> from users u");
    assert_eq!(res.top(1), ["email"]);
    assert_eq!(res.accept("email"), "select u.email from users u");
    let res = sql("select u.e<|>mai from users u where 1 = 1");
    assert_eq!(res.accept("email"), "select u.email from users u where 1 = 1");
}

#[test]
fn select_list_before_from() {
    let res = sql("select <|> from users");
    assert_eq!(res.top(3), ["id", "email", "name"]);
    assert!(res.has("distinct"));
    assert!(res.has("count"));
    assert!(res.has("users"));
    assert!(res.has("case"));
    assert!(!res.has("where"), "{:?}", res.of_kind(ItemKind::Keyword));
}

#[test]
fn where_offers_columns_then_keywords() {
    let res = sql("select * from users where <|>");
    assert_eq!(res.top(2), ["id", "email"]);
    assert!(res.has("exists") && res.has("not"));
    assert!(!res.has("from") && !res.has("group by"), "{:?}", res.of_kind(ItemKind::Keyword));
}

#[test]
fn keywords_behind_a_relation() {
    let res = sql("select * from users u <|>");
    let words = res.of_kind(ItemKind::Keyword);
    for word in ["where", "join", "left join", "group by", "order by", "limit", "union"] {
        assert!(words.contains(&word), "{word} in {words:?}");
    }
    for word in ["from", "set", "values", "and", "asc", "select"] {
        assert!(!words.contains(&word), "{word} in {words:?}");
    }
    assert!(res.of_kind(ItemKind::Column).is_empty());
}

#[test]
fn keywords_behind_an_expression() {
    let res = sql("select * from users u where u.id = 1 <|>");
    let words = res.of_kind(ItemKind::Keyword);
    for word in ["and", "or", "group by", "order by", "limit"] {
        assert!(words.contains(&word), "{word} in {words:?}");
    }
    for word in ["where", "join", "from"] {
        assert!(!words.contains(&word), "{word} in {words:?}");
    }
    let res = sql("select * from users u where u.name <|>");
    let words = res.of_kind(ItemKind::Keyword);
    for word in ["is null", "is not null", "like", "in", "between", "and"] {
        assert!(words.contains(&word), "{word} in {words:?}");
    }
}

#[test]
fn keywords_follow_the_case() {
    let res = sql("SELECT * FROM users WHERE id = 1 <|>");
    assert!(res.has("AND") && !res.has("and"));
    let res = sql("SEL<|>");
    assert_eq!(res.top(1), ["SELECT"]);
    let res = sql("sel<|>");
    assert_eq!(res.top(1), ["select"]);
    let res = sql("select * from users ord<|>");
    assert_eq!(res.top(1), ["order by"]);
}

#[test]
fn joins_from_foreign_keys_in_both_directions() {
    let res = sql("select * from users u join <|>");
    assert_eq!(res.top(2), ["posts p on p.author_id = u.id", "posts p on p.reviewer_id = u.id"]);
    assert_eq!(
        res.accept("posts p on p.author_id = u.id"),
        "select * from users u join posts p on p.author_id = u.id"
    );
    assert!(res.has("order_items"));
    let res = sql("select * from posts p join <|>");
    assert_eq!(res.top(2), ["users u on p.author_id = u.id", "users u on p.reviewer_id = u.id"]);
}

#[test]
fn join_aliases_do_not_clash() {
    let res = sql("select * from posts p join users u on u.id = p.author_id join <|>");
    assert!(res.has("users us on p.author_id = us.id"), "{:?}", res.top(6));
    assert!(res.has("posts po on po.author_id = u.id"), "{:?}", res.top(6));
    let res = sql("select * from users join <|> where true");
    assert_eq!(res.top(1), ["posts on posts.author_id = users.id"]);
}

#[test]
fn tables_alone_where_the_condition_is_written() {
    let res = sql("select * from users u join po<|> p on p.author_id = u.id");
    assert_eq!(res.top(1), ["posts"]);
    assert!(res.of_kind(ItemKind::Join).is_empty());
}

#[test]
fn conditions_behind_on() {
    let res = sql("select * from users u join posts p on <|>");
    assert_eq!(res.top(2), ["p.author_id = u.id", "p.reviewer_id = u.id"]);
    let res = sql("select * from users u join posts p on p.author_id = <|>");
    assert_eq!(res.top(1), ["u.id"], "{:?}", res.top(5));
}

#[test]
fn enum_labels_in_quotes_and_without() {
    let res = sql("select * from users where mood = '<|>'");
    assert_eq!(res.labels(), ["happy", "sad", "it's fine"]);
    assert_eq!(res.accept("it's fine"), "select * from users where mood = 'it''s fine'");
    let res = sql("select * from users where mood = <|>");
    assert_eq!(res.top(3), ["'happy'", "'sad'", "'it's fine'"]);
    let res = sql("select * from users where mood in ('sad', '<|>')");
    assert_eq!(res.top(1), ["happy"]);
    let res = sql("select * from users where mood = 'ha<|>");
    assert_eq!(res.accept("happy"), "select * from users where mood = 'happy'");
    let res = sql("select * from users where 'sa<|>d' = mood");
    assert_eq!(res.accept("sad"), "select * from users where 'sad' = mood");
}

#[test]
fn nothing_in_comments_numbers_and_ordinary_strings() {
    for text in [
        "select 1 -- fr<|>om",
        "select 1 /* <|> */ from users",
        "-- <|>",
        "select * from users where email = '<|>'",
        "select * from users limit 1<|>",
        "select $$ <|> $$",
    ] {
        assert!(sql(text).items().is_empty(), "{text}: {:?}", sql(text).labels());
    }
}

#[test]
fn functions_with_signatures() {
    let res = sql("select gre<|> from users");
    let item = res.item("greet");
    assert_eq!(item.label_detail.as_deref(), Some("(who text, [loud boolean])"));
    assert_eq!(item.detail.as_deref(), Some("text"));
    assert!(item.snippet);
    assert_eq!(item.insert, "greet($0)");
    let res = sql("select lowe<|> from users");
    assert_eq!(res.top(1), ["lower"]);
    assert!(res.item("lower").label_detail.as_deref().is_some_and(|it| it.starts_with("(text) +")));
    let res = sql("select no<|> from users");
    assert_eq!(res.item("now").insert, "now()");
    assert_eq!(sql("select low<|>(email) from users").item("lower").insert, "lower");
}

#[test]
fn arguments_have_types() {
    let res = sql("select lower(<|>) from users");
    assert_eq!(res.top(2), ["email", "name"], "{:?}", res.top(6));
}

#[test]
fn comparisons_have_types() {
    let res = sql("select * from users u where u.email = <|>");
    // Nothing is compared with itself.
    assert_eq!(res.top(1), ["name"], "{:?}", res.top(6));
    let res = sql("select * from users where active = <|>");
    assert_eq!(res.top(2), ["true", "false"]);
}

#[test]
fn columns_of_ctes_and_subqueries() {
    let res = sql("with x as (select id as user_id, email from users) select <|> from x");
    assert_eq!(res.top(2), ["user_id", "email"]);
    let res = sql("with x as (select id as user_id from users) select * from <|>");
    assert_eq!(res.top(1), ["x"]);
    assert_eq!(res.item("x").kind, ItemKind::Cte);
    let res = sql("select s.<|> from (select count(*) as n, max(title) from posts) s");
    assert_eq!(res.top(2), ["n", "max"]);
    assert_eq!(res.item("n").detail.as_deref(), Some("bigint not null"));
}

#[test]
fn ambiguous_columns_are_qualified() {
    let res = sql("select <|> from users u join posts p on p.author_id = u.id");
    assert!(res.has("u.id") && res.has("p.id") && !res.has("id"), "{:?}", res.top(8));
    assert_eq!(res.accept("p.title"), "select p.title from users u join posts p on p.author_id = u.id");
}

#[test]
fn outer_columns_in_subqueries() {
    let res = sql("select * from users u where exists (select 1 from posts p where p.author_id = <|>)");
    assert_eq!(res.top(1), ["u.id"], "{:?}", res.top(5));
}

#[test]
fn types() {
    for text in ["select id::<|> from users", "select cast(id as <|>) from users"] {
        let res = sql(text);
        assert!(res.has("text") && res.has("mood") && res.has("timestamptz"), "{:?}", res.labels());
        assert!(!res.has("email") && !res.has("select"), "{:?}", res.labels());
    }
    assert_eq!(sql("select id::bigi<|> from users").top(1), ["bigint"]);
}

#[test]
fn tables_with_their_schema() {
    let res = sql("select * from <|>");
    for table in ["users", "posts", "order_items", "active_users", "app.settings"] {
        assert!(res.has(table), "{table}: {:?}", res.labels());
    }
    assert_eq!(res.accept("app.settings"), "select * from app.settings");
    assert_eq!(res.item("active_users").kind, ItemKind::View);
    assert_eq!(res.item("users").origin.as_deref(), Some("schema.sql"));
    let res = sql("select * from app.<|>");
    assert_eq!(res.top(1), ["settings"]);
    assert!(!res.has("users"));
    let res = sql("select * from public.<|>");
    assert!(res.has("users") && !res.has("settings"));
    let res = sql("select * from sett<|>");
    assert_eq!(res.top(1), ["app.settings"]);
}

#[test]
fn order_by_names_output_columns() {
    let res = sql("select count(*) as n, mood from users group by mood order by <|>");
    assert_eq!(res.top(2), ["n", "mood"]);
    let res = sql("select mood from users group by <|>");
    assert_eq!(res.top(1), ["mood"]);
    let res = sql("select * from users order by id <|>");
    assert!(res.has("desc") && res.has("asc") && res.has("limit") && !res.has("where"));
}

#[test]
fn using_and_windows_and_locks() {
    let res = sql("select * from users join active_users using (<|>)");
    assert_eq!(res.of_kind(ItemKind::Column), ["id", "email"]);
    let res = sql("select rank() over <|> from users window w as (order by id)");
    assert!(res.has("w"), "{:?}", res.labels());
    let res = sql("select rank() over <|> from users window  as (order by id)");
    assert!(res.labels().iter().all(|it| !it.is_empty()), "{:?}", res.labels());
    let res = sql("select rank() over (<|>) from users");
    assert!(res.has("partition by") && res.has("order by"), "{:?}", res.labels());
    let res = sql("select rank() over (partition by <|>) from users");
    assert!(res.has("email"));
    let res = sql("select * from users u, posts p for update of <|>");
    assert_eq!(res.of_kind(ItemKind::Alias), ["u", "p"]);
}

#[test]
fn parameters() {
    let res = sql("select * from users where id = $1 and email = <|>");
    assert!(res.has("$1") && res.has("$2"));
    let res = sql("select * from users where id = $<|>");
    assert_eq!(res.labels(), ["$1"]);
}

#[test]
fn composite_fields() {
    let res = sql("select (u).<|> from users u");
    assert_eq!(res.top(2), ["id", "email"]);
}

#[test]
fn quoted_identifiers() {
    let res = sql("select \"cr<|>\" from users");
    assert_eq!(res.accept("createdAt"), "select \"createdAt\" from users");
    let res = sql("select * from \"us<|>");
    assert_eq!(res.accept("users"), "select * from \"users\"");
    assert_eq!(res.item("users").filter.as_deref(), Some("\"users\""));
}

#[test]
fn statements_begin() {
    let res = sql("<|>");
    for words in ["select", "insert into", "update", "create table", "with"] {
        assert!(res.has(words));
    }
    assert!(sql("select 1; <|>").has("insert into"));
    assert!(sql("select 1; in<|>").top(1) == ["insert into"]);
}

#[test]
fn a_statement_above_another_stands_alone() {
    let res = sql("select <|> from posts\n\nselect * from users;\n");
    assert_eq!(res.top(2), ["id", "author_id"]);
    let res = sql("select * from users\n\nselect <|> from posts");
    assert_eq!(res.top(2), ["id", "author_id"]);
    let res = sql("with x as (select 1 as one)\n\nselect <|> from x");
    assert_eq!(res.top(1), ["one"]);
}

#[test]
fn operators_of_json() {
    let res = sql("select * from posts where meta <|>");
    assert!(res.has("->>") && res.has("@>") && res.has("is null"), "{:?}", res.labels());
    assert!(!sql("select * from posts where title <|>").has("->>"));
}

#[test]
fn functions_in_from() {
    let res = sql("select * from gener<|>");
    assert!(res.has("generate_series"));
}

#[test]
fn half_typed_and_broken_statements() {
    for text in [
        "select u.<|>, from users u",
        "select count( u.<|> from users u",
        "select u.<|> from users u where",
        "select u.<|> from users u where and or",
        "select * from users u where u.<|> order by",
        "select * from users u where (u.<|>",
        "select case when u.<|> from users u",
        "select * from users u join posts p on where u.<|>",
    ] {
        let res = sql(text);
        assert!(res.has("email") && res.has("mood"), "{text}: {:?}", res.labels());
    }
}
