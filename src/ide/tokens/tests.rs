use super::*;
use crate::project::Workspace;
use crate::testing::{Fixture, sample};
use expect_test::{Expect, expect};

const SCHEMA: &str = "
//- /schema.sql
create type mood as enum ('sad', 'happy');
create table users (id int primary key, email text, mood mood);
create function greet(name text) returns text language sql as $$ select 'hi ' || name -- x
$$;
";

/// One line a token: its text, its kind, `+` where it is declared, `*` for PostgreSQL's own.
fn picture(fixture: &Fixture, file: FileId, within: Option<TextRange>) -> String {
    let text = fixture.snap.text(file).expect("readable");
    let mut res = String::new();
    for it in tokens(&fixture.snap, file, within).expect("nobody cancels") {
        let marks = [(it.declaration, "+"), (it.builtin, "*")]
            .iter()
            .filter(|it| it.0)
            .map(|it| it.1)
            .collect::<String>();
        res.push_str(&format!("{} {:?}{marks}\n", slice(&text, it.range).replace('\n', "\\n"), it.kind));
    }
    res
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new(&format!("{SCHEMA}{text}"));
    expected.assert_eq(&picture(&fixture, fixture.pos().file, None));
}

#[test]
fn a_query_in_a_file() {
    check(
        "//- /q.sql\n-- about\nselect u.id, count(*) as n, greet(email)::varchar(20), coalesce(u.email, 'x')<|>\nfrom users u\nwhere u.mood = 'happy' and u.id > $1 + 1.5;\n",
        expect![[r#"
            -- about Comment
            select Keyword
            u Alias
            id Column
            count Function*
            * Operator
            as Keyword
            n Column+
            greet Function
            email Column
            :: Operator
            varchar Type*
            20 Number
            coalesce Function*
            u Alias
            email Column
            'x' String
            from Keyword
            users Table
            u Alias+
            where Keyword
            u Alias
            mood Column
            = Operator
            'happy' EnumLabel
            and Keyword
            u Alias
            id Column
            > Operator
            $1 Parameter
            + Operator
            1.5 Number
        "#]],
    );
}

#[test]
fn a_template_leaves_its_holes_alone() {
    check(
        "//- /app.ts\nimport { sql } from 'drizzle-orm';\nconst q = db.execute(sql`select id<|>, 'a${x}b' from users where id = ${id} and ${sql`email is null`} -- c ${y} d\n`);\n",
        expect![[r#"
            select Keyword
            id Column
            'a String
            b' String
            from Keyword
            users Table
            where Keyword
            id Column
            = Operator
            and Keyword
            email Column
            is Keyword
            null Keyword
            -- c  Comment
             d Comment
        "#]],
    );
}

#[test]
fn definitions() {
    check(
        "//- /x.sql\nselect 1;<|>\n",
        expect![[r#"
        select Keyword
        1 Number
    "#]],
    );
    let fixture = Fixture::new(SCHEMA);
    let file = fixture.snap.file("/schema.sql").expect("in the fixture");
    expect![[r#"
        create Keyword
        type Keyword
        mood Type+
        as Keyword
        enum Keyword
        'sad' EnumLabel+
        'happy' EnumLabel+
        create Keyword
        table Keyword
        users Table+
        id Column+
        int Type*
        primary Keyword
        key Keyword
        email Column+
        text Type*
        mood Column+
        mood Type
        create Keyword
        function Keyword
        greet Function+
        name Parameter+
        text Type*
        returns Keyword
        text Type*
        language Keyword
        sql Keyword
        as Keyword
        $$ String
        select Keyword
        'hi ' String
        || Operator
        name Column
        -- x Comment
        $$ String
    "#]]
    .assert_eq(&picture(&fixture, file, None));
}

#[test]
fn half_typed_and_without_database() {
    check(
        "//- /a/x.sql\nselect name, from lower( where \"a\" = name.x order<|>",
        expect![[r#"
        select Keyword
        name Column
        from Keyword
        lower Function*
        where Keyword
        "a" Column
        = Operator
        name Alias
        x Column
        order Keyword
    "#]],
    );
}

#[test]
fn escapes_line_ends_and_letters_of_all_kinds() {
    check(
        "//- /app.ts\r\nimport { sql } from 'drizzle-orm';\r\nconst é = db.execute(sql`select '\\u{1F600}😀é\\n' as \\u0061,\r\n  \"ü\" -- ça\\`\r\n from users where id = ${ `}${1}` }\\n and true`);<|>\r\n",
        expect![[r#"
            select Keyword
            '\u{1F600}😀é\n' String
            as Keyword
            "ü" Column
            -- ça\` Comment
            from Keyword
            users Table
            where Keyword
            id Column
            = Operator
            and Keyword
            true Keyword
        "#]],
    );
}

#[test]
fn what_is_asked_for_is_what_the_whole_has_there() {
    let mut world = sample::blog();
    let snap = world.snapshot();
    for (file, text) in sample::files(&snap) {
        let all = tokens(&snap, file, None).expect("nobody cancels");
        let mut before = TextSize::default();
        for it in &all {
            assert!(it.range.start() >= before && !it.range.is_empty(), "{}: {it:?}", snap.path(file));
            assert!(text.get(usize::from(it.range.start())..usize::from(it.range.end())).is_some(), "{it:?}");
            before = it.range.end();
        }
        for start in (0..text.len()).step_by(97) {
            let within = crate::base::text::range(start, (start + 60).min(text.len()));
            let wanted: Vec<Token> =
                all.iter().filter(|it| it.range.intersect(within).is_some()).copied().collect();
            assert_eq!(
                tokens(&snap, file, Some(within)).expect("nobody cancels"),
                wanted,
                "{}",
                snap.path(file)
            );
        }
    }
}

#[test]
fn a_long_file_is_quick() {
    let statement =
        "select u.id, lower(u.email) as mail from users u where u.mood = 'happy' and u.id > 10;\n";
    let fixture = Fixture::new(&format!("{SCHEMA}//- /q.sql\n{}<|>", statement.repeat(3000)));
    let file = fixture.pos().file;
    fixture.snap.analysis(file).expect("nobody cancels");
    let start = std::time::Instant::now();
    let n = tokens(&fixture.snap, file, None).expect("nobody cancels").len();
    let whole = start.elapsed();
    let start = std::time::Instant::now();
    let within = crate::base::text::range(100_000, 104_000);
    tokens(&fixture.snap, file, Some(within)).expect("nobody cancels");
    let part = start.elapsed();
    assert!(n > 50_000, "{n}");
    if std::env::var_os("COLUMNIST_TIMES").is_some() {
        eprintln!("{n} tokens of 3,000 lines in {whole:?}, of 4 kB in {part:?}");
    }
}
