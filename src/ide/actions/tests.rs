use super::*;
use crate::base::file::{FileId, InFile};
use crate::base::text::slice;
use crate::db::World;
use crate::project::Workspace;
use crate::testing::{Fixture, sample};
use expect_test::expect;

const SCHEMA: &str = "
//- /schema.sql
create type mood as enum ('sad', 'happy');
create table users (id int primary key, email text not null, mood mood not null, nick text, created_at timestamptz not null default now());
create table posts (id int primary key, author_id int not null references users (id), title text not null, \"Weird\" text);
create table tags (post_id int not null references posts (id), name text not null);
";

fn actions_at(fixture: &Fixture) -> Vec<Action> {
    let pos = fixture.pos();
    actions(&fixture.snap, InFile::new(pos.file, TextRange::empty(pos.value))).expect("nobody cancels")
}

fn fixture(text: &str) -> Fixture {
    if text.starts_with("//-") {
        Fixture::new(&format!("{SCHEMA}{text}"))
    } else {
        Fixture::new(&format!("{SCHEMA}//- /q.sql\n{text}"))
    }
}

/// The titles, those that mend something with `!`, preferred ones with `!!`.
fn titles(text: &str) -> String {
    let found = actions_at(&fixture(text));
    let shown = found.iter().map(|it| {
        let mark = match (it.preferred, it.mends.is_empty()) {
            (true, _) => "!! ",
            (false, false) => "! ",
            (false, true) => "",
        };
        format!("{mark}{}\n", it.title)
    });
    shown.collect()
}

/// The file after the first action whose title starts so.
#[track_caller]
fn apply(text: &str, title: &str) -> String {
    let fixture = fixture(text);
    let found = actions_at(&fixture);
    let Some(it) = found.iter().find(|it| it.title.starts_with(title)) else {
        let said = check::file(&fixture.snap, fixture.pos().file).expect("nobody cancels").diagnostics;
        let titles: Vec<_> = found.iter().map(|it| &it.title).collect();
        panic!("{text}\nno {title:?} among {titles:?}: {said:?}");
    };
    fixture.apply(&it.edits)
}

#[track_caller]
fn check(text: &str, title: &str, expected: &str) {
    assert_eq!(apply(text, title), expected);
}

#[track_caller]
fn template(sql: &str, title: &str, expected: &str) {
    let file =
        |sql: &str| format!("//- /app.ts\nimport {{ sql }} from 'drizzle-orm';\ndb.execute(sql`{sql}`);\n");
    let expected = file(expected);
    let expected = expected.strip_prefix("//- /app.ts\n").unwrap_or(&expected);
    assert_eq!(apply(&file(sql), title), expected);
}

#[test]
fn what_is_offered() {
    expect![[r#"
        !! Change to email
        ! Ignore undefined-column in this statement
        ! Ignore undefined-column in this file
        ! Fix the one problem that is safe to fix
    "#]]
    .assert_eq(&titles("select u.emial<|> from users u"));
    expect![[r#"
        Qualify: u.email
        Qualify all columns of the statement
    "#]]
    .assert_eq(&titles("select email<|> from users u join posts p on p.author_id = u.id where title = 'x'"));
    expect![[r#"
        Expand * into its columns
    "#]]
    .assert_eq(&titles("select <|>* from users"));
    expect![[r#"
        !! Add the required columns email, mood
        ! Ignore missing-required-column in this statement
        ! Ignore missing-required-column in this file
    "#]]
    .assert_eq(&titles("insert into users<|> (id) values (1)"));
    expect![[r#"
        !! Join posts on posts.author_id = users.id
        ! Ignore undefined-table in this statement
        ! Ignore undefined-table in this file
    "#]]
    .assert_eq(&titles("select posts.title<|>, users.email from users"));
    expect![[""]].assert_eq(&titles("select 1<|>"));
}

#[test]
fn stars() {
    check("select *<|> from users", "Expand", "select id, email, mood, nick, created_at from users");
    check(
        "select u.<|>*, 1 from users u, posts",
        "Expand",
        "select u.id, u.email, u.mood, u.nick, u.created_at, 1 from users u, posts",
    );
    check(
        "select *<|> from posts p join tags on tags.post_id = p.id",
        "Expand",
        "select p.id, p.author_id, p.title, p.\"Weird\", tags.post_id, tags.name from posts p join tags on tags.post_id = p.id",
    );
    // USING merges, and its columns come first.
    check(
        "select *<|> from posts join (select 1 as x, id from users) y using (id)",
        "Expand",
        "select id, author_id, title, \"Weird\", x from posts join (select 1 as x, id from users) y using (id)",
    );
    check(
        "select *<|> from posts full join (select 1 as x, id from users) y using (id)",
        "Expand",
        "select id, author_id, title, \"Weird\", x from posts full join (select 1 as x, id from users) y using (id)",
    );
    check(
        "with a as (select 1 as x, 2 as y) select <|>* from a",
        "Expand",
        "with a as (select 1 as x, 2 as y) select x, y from a",
    );
    check(
        "insert into tags values (1, 'x') returning *<|>",
        "Expand",
        "insert into tags values (1, 'x') returning post_id, name",
    );
    template(
        "select *<|> from users where id = ${id}",
        "Expand",
        "select id, email, mood, nick, created_at from users where id = ${id}",
    );
    for text in ["select count(*<|>) from users", "select *<|> from unknown_table", "select 2 *<|> 3"] {
        assert!(!titles(text).contains("Expand"), "{text}");
    }
}

#[test]
fn a_long_list_keeps_its_lines() {
    let sql = "select\n  *<|>\nfrom posts, tags t, users u";
    check(
        sql,
        "Expand",
        "select\n  posts.id,\n  posts.author_id,\n  posts.title,\n  posts.\"Weird\",\n  t.post_id,\n  t.name,\n  u.id,\n  u.email,\n  u.mood,\n  u.nick,\n  u.created_at\nfrom posts, tags t, users u",
    );
}

#[test]
fn qualified_columns() {
    check(
        "select email<|>, title from users u, posts where title is not null",
        "Qualify: ",
        "select u.email, title from users u, posts where title is not null",
    );
    check(
        "select email<|>, title from users u, posts where title is not null order by email",
        "Qualify all",
        "select u.email, posts.title from users u, posts where posts.title is not null order by email",
    );
    check(
        "select (select max(id) from posts where author_id<|> = users.id) from users where id = 1",
        "Qualify all",
        "select (select max(posts.id) from posts where posts.author_id = users.id) from users where users.id = 1",
    );
    check(
        "update users set nick = email where id<|> = 1 returning mood",
        "Qualify all",
        "update users set nick = users.email where users.id = 1 returning users.mood",
    );
    template(
        "select email<|> from users where id = ${id}",
        "Qualify all",
        "select users.email from users where users.id = ${id}",
    );
    for text in
        ["create index on users (email<|>)", "select x<|> from users", "select u.email<|> from users u"]
    {
        assert!(!titles(text).contains("Qualify"), "{text}");
    }
}

#[test]
fn required_columns() {
    check(
        "insert into users<|> (id, nick) values (1, 'a'), (2, 'b' -- c\n)",
        "Add the required",
        "insert into users (id, nick, email, mood) values (1, 'a', '', 'sad'), (2, 'b', '', 'sad' -- c\n)",
    );
    check(
        "insert into users<|> (id, email) select id, title from posts",
        "Add the required",
        "insert into users (id, email, mood) select id, title, 'sad' from posts",
    );
    check("insert into tags<|> values (1)", "Add the required", "insert into tags values (1, '')");
    check(
        "insert into tags<|> default values",
        "Add the required",
        "insert into tags (post_id, name) values (0, '')",
    );
    check(
        "with x as (insert into tags<|> (name) values ('a') returning *) select * from x",
        "Add the required",
        "with x as (insert into tags (name, post_id) values ('a', 0) returning *) select * from x",
    );
    template(
        "insert into tags<|> (name) values ('x')",
        "Add the required",
        "insert into tags (name, post_id) values ('x', 0)",
    );
}

#[test]
fn tables_that_are_missing() {
    check(
        "select posts.title<|>, users.email from users",
        "Join",
        "select posts.title, users.email from users join posts on posts.author_id = users.id",
    );
    check(
        "select t.name, posts<|>.title from users u join tags t on true where u.id = 1",
        "Join posts on posts.id = t",
        "select t.name, posts.title from users u join tags t on true join posts on posts.id = t.post_id where u.id = 1",
    );
    check("select posts.title<|>", "Add from", "select posts.title from posts");
    template(
        "select posts.title<|> from users where users.id = ${id}",
        "Join",
        "select posts.title from users join posts on posts.author_id = users.id where users.id = ${id}",
    );
    assert!(!titles("select tags.name<|> from users").contains("Join"));
}

#[test]
fn quotes() {
    check("select name<|> from tags", "Quote name", "select \"name\" from tags");
    check("select \"email\"<|> from users", "Remove the quotes", "select email from users");
    check("select Email<|> from users", "Quote Email", "select \"email\" from users");
    for text in
        ["select \"Weird\"<|> from posts", "select email<|> from users", "select<|> 1", "select 1::int<|>"]
    {
        assert!(!titles(text).contains("uote"), "{text}");
    }
}

#[test]
fn aliases() {
    check(
        "select users.email, posts.*, title from users join posts<|> on posts.author_id = users.id",
        "Give posts the alias p",
        "select users.email, p.*, title from users join posts p on p.author_id = users.id",
    );
    check(
        "select (select count(*) from posts<|> where posts.author_id = p.id) from users p",
        "Give posts the alias p2",
        "select (select count(*) from posts p2 where p2.author_id = p.id) from users p",
    );
    assert!(!titles("select users from users<|>").contains("alias"));
}

#[test]
fn suppressions() {
    check(
        "select 1;\n  select emial<|> from users;\n",
        "Ignore undefined-column in this statement",
        "select 1;\n  -- columnist-ignore undefined-column: explain why\n  select emial from users;\n",
    );
    check(
        "select 1; select emial<|> from users;\n",
        "Ignore undefined-column in this statement",
        "select 1; \n-- columnist-ignore undefined-column: explain why\nselect emial from users;\n",
    );
    check(
        "select emial<|> from users;\r\n",
        "Ignore undefined-column in this file",
        "-- columnist-ignore-file undefined-column: explain why\r\nselect emial from users;\r\n",
    );
    let script = "//- /app.ts\n#!/usr/bin/env node\nimport { sql } from 'drizzle-orm';\nexport function f() {\n  if (x) return db.execute(sql`\n    select emial<|> from users`);\n}\n";
    check(
        script,
        "Ignore undefined-column in this statement",
        "#!/usr/bin/env node\nimport { sql } from 'drizzle-orm';\nexport function f() {\n  // columnist-ignore undefined-column: explain why\n  if (x) return db.execute(sql`\n    select emial from users`);\n}\n",
    );
    check(
        script,
        "Ignore undefined-column in this file",
        "#!/usr/bin/env node\n// columnist-ignore-file undefined-column: explain why\nimport { sql } from 'drizzle-orm';\nexport function f() {\n  if (x) return db.execute(sql`\n    select emial from users`);\n}\n",
    );
    check(
        "//- /app.ts\nimport { sql } from 'drizzle-orm';\nconst f = () => { a(); db.execute(sql`select emial<|> from users`) };\n",
        "Ignore undefined-column in this statement",
        "import { sql } from 'drizzle-orm';\nconst f = () => { a(); /* columnist-ignore undefined-column: explain why */ db.execute(sql`select emial from users`) };\n",
    );
}

#[test]
fn all_safe_fixes_at_once() {
    check(
        "-- columnist-ignore undefined-column: old\nselect 1;\nselect 2;<|> -- columnist-ignore undefined-table: old\n",
        "Fix all 2",
        "select 1;\nselect 2;\n",
    );
}

/// Applies edits of one file to the world's copy of it, as an editor would.
fn edited(text: &str, file: FileId, edits: &[TextEdit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|it| (it.at.value.start(), it.at.value.end()));
    let mut res = text.to_owned();
    let mut before = TextSize::of(text);
    for it in edits.iter().rev() {
        assert_eq!(it.at.file, file);
        assert!(it.at.value.end() <= before, "edits overlap: {edits:?}");
        before = it.at.value.start();
        res.replace_range(usize::from(it.at.value.start())..usize::from(it.at.value.end()), &it.text);
    }
    res
}

/// Code and message of everything that is wrong, and what every statement yields.
fn state(world: &mut World, file: FileId) -> (Vec<(String, String)>, Vec<Vec<crate::sema::OutputColumn>>) {
    let snap = world.snapshot();
    let report = check::file(&snap, file).expect("nobody cancels");
    // Another text of a view is another view to drizzle-kit.
    let found = report.diagnostics.iter().filter(|it| it.code != "schema-drift");
    let problems = found.map(|it| (it.code.to_owned(), it.message.clone())).collect();
    let analysis = snap.analysis(file).expect("nobody cancels");
    (problems, analysis.units.iter().map(|it| it.analysis.columns.clone()).collect())
}

/// Every action at every place of the sample (a prime stride of places), applied: nothing new is wrong, what it mends
/// is mended, and rewrites leave what statements yield.
#[test]
fn every_action_does_what_it_says() {
    let mut world = sample::blog();
    let files = sample::files(&world.snapshot());
    let mut n = [0; 3];
    for (file, text) in files {
        let snap = world.snapshot();
        let path = snap.path(file);
        let analysis = snap.analysis(file).expect("nobody cancels");
        let before = state(&mut world, file);
        let mut tried: Vec<Vec<TextEdit>> = Vec::new();
        for at in (0..=text.len()).step_by(13).filter(|it| text.is_char_boundary(*it)) {
            let at = TextSize::from(at as u32);
            if !analysis.units.iter().any(|it| it.host.contains_inclusive(at)) {
                continue;
            }
            let snap = world.snapshot();
            for action in actions(&snap, InFile::new(file, TextRange::empty(at))).expect("nobody cancels") {
                assert!(!action.edits.is_empty() && !action.title.is_empty());
                if tried.contains(&action.edits) {
                    continue;
                }
                tried.push(action.edits.clone());
                let new = edited(&text, file, &action.edits);
                world.set_overlay(&path, new.as_str().into());
                let after = state(&mut world, file);
                let about = format!("{path}: {}\n{new}", action.title);
                match action.kind {
                    ActionKind::Rewrite => {
                        n[0] += 1;
                        assert_eq!(after, before, "{about}");
                    }
                    ActionKind::QuickFix | ActionKind::FixAll => {
                        n[1] += 1;
                        assert!(after.0.len() < before.0.len(), "{about}");
                        let new = after.0.iter().filter(|it| !before.0.contains(it)).count();
                        // A name that was meant may uncover what is behind it.
                        n[2] += new;
                    }
                }
                world.close(&path);
            }
        }
    }
    assert!(n[0] > 150 && n[1] >= 10, "{n:?}");
    assert_eq!(n[2], 0, "{n:?}");
}

#[test]
fn nothing_is_offered_outside_of_sql() {
    let fixture = fixture("//- /app.ts\nconst x<|> = 1;\n");
    assert!(actions_at(&fixture).is_empty());
    assert_eq!(slice("abc", TextRange::empty(0.into())), "");
}
