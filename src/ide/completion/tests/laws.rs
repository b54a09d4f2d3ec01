//! Whatever stands in a file and wherever the cursor is: no panic, and every range is one of the file around it.

use proptest::prelude::*;

use super::super::{Config, completion};
use super::{CONFIG, DRIZZLE, SCHEMA};
use crate::base::file::{FileId, InFile};
use crate::base::text::TextSize;
use crate::db::Snapshot;
use crate::project::Workspace;
use crate::testing::Fixture;

#[track_caller]
fn check(snap: &Snapshot, file: FileId, at: usize, config: Config) {
    let text = snap.text(file).unwrap_or_default();
    if !text.is_char_boundary(at) {
        return;
    }
    let pos = InFile::new(file, TextSize::from(at as u32));
    let Some(res) = completion(snap, pos, config).expect("nobody cancels") else { return };
    assert!(res.items.len() <= config.limit);
    for item in &res.items {
        let (start, end) = (usize::from(item.replace.start()), usize::from(item.replace.end()));
        let inside = start <= at && at <= end && end <= text.len();
        assert!(
            inside && text.is_char_boundary(start) && text.is_char_boundary(end),
            "{item:?} at {at} of {text}"
        );
        assert!(!item.label.is_empty() && !item.label.contains(crate::sema::scope::MARKER), "{item:?}");
        assert!(config.snippets || !item.snippet, "{item:?}");
    }
}

const STATEMENTS: [&str; 14] = [
    "select u.id, p.title as \"té\" from users u left join posts p on p.author_id = u.id where u.mood = 'sad' order by 1",
    "with x (a) as (select count(*) from posts group by author_id having count(*) > 1) select x.a::int from x",
    "insert into users (email, mood) values ('é', default) on conflict (id) do update set email = excluded.email returning new.id",
    "update users u set name = case when active then 'x' else null end from posts where posts.author_id = u.id",
    "delete from posts using users where users.id = author_id returning *",
    "select rank() over (partition by mood order by id desc rows between 1 preceding and current row) from users window w as ()",
    "select * from users join active_users using (id) for update of users skip locked",
    "create table t (id int primary key, u int references users (id) on delete cascade, check (u > 0))",
    "alter table users alter column name set not null, add constraint c unique (email)",
    "create policy p on users for select to public using (id = current_setting('x')::int)",
    "create or replace function f(a int) returns trigger language plpgsql as $$ begin return new; end $$",
    "merge into users u using posts p on p.author_id = u.id when matched then update set name = p.title",
    "select (u).email, array[1, 2][1], meta ->> 'a' from users u, posts where meta @> '{}' limit $1",
    "select \"createdAt\" from app.settings, lateral (select key) k where exists (select 1 from posts where id in (1, 2))",
];

#[test]
fn every_offset_of_whole_and_cut_statements() {
    for statement in STATEMENTS {
        let cuts: Vec<usize> =
            (0..=statement.len()).filter(|it| statement.is_char_boundary(*it)).step_by(3).collect();
        let mut files = String::from(SCHEMA);
        for (idx, cut) in cuts.iter().enumerate() {
            files.push_str(&format!("//- /q{idx}.sql\n{}\n", &statement[..*cut]));
        }
        files.push_str(&format!("//- /whole.sql\n{statement}\n"));
        let fixture = Fixture::new(&files);
        for (idx, cut) in cuts.iter().enumerate() {
            let file = fixture.snap.file(&format!("/q{idx}.sql")).expect("a file of the fixture");
            check(&fixture.snap, file, *cut, CONFIG);
        }
        let file = fixture.snap.file("/whole.sql").expect("a file of the fixture");
        for at in 0..=statement.len() {
            check(&fixture.snap, file, at, CONFIG);
        }
    }
}

#[test]
fn every_offset_of_scripts() {
    let head =
        "import { sql } from 'drizzle-orm'\nimport { db } from './db'\nimport * as schema from './schema'\n";
    for statement in STATEMENTS {
        let escaped = statement.replace('\\', "\\\\");
        let text = format!(
            "{head}const a = () => db.execute(sql`{escaped} ${{schema.users.email}} \\u0041\\` ${{}}`)\nconst b = sql`{escaped}"
        );
        let fixture = Fixture::new(&format!("{DRIZZLE}//- /src/a.ts\n{text}"));
        let file = fixture.snap.file("/src/a.ts").expect("a file of the fixture");
        for at in (0..=text.len()).step_by(2) {
            check(&fixture.snap, file, at, Config { snippets: false, limit: 20 });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn mutated_statements(which in 0..STATEMENTS.len(), from in any::<u16>(), len in 0usize..12, put in "[a-z'\"$(){}.,:é \n-]{0,5}", at in any::<u16>()) {
        let mut text = STATEMENTS[which].to_owned();
        let floor = |text: &str, at: usize| (0..=at.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0);
        let start = floor(&text, from as usize % (text.len() + 1));
        let end = floor(&text, start + len).max(start);
        text.replace_range(start..end, &put);
        let fixture = Fixture::new(&format!("{SCHEMA}//- /q.sql\n{text}"));
        let file = fixture.snap.file("/q.sql").expect("a file of the fixture");
        check(&fixture.snap, file, floor(&text, at as usize % (text.len() + 1)), CONFIG);
        check(&fixture.snap, file, start + put.len(), CONFIG);
    }
}
