use super::*;
use crate::testing::Fixture;

#[test]
fn database_counts_and_reasons() {
    let fixture = Fixture::new(
        r#"
//- /schema.sql
create table users (id int primary key, email text);
create view v as select id from users;
create sequence s;
//- /app.ts
import { sql } from 'drizzle-orm';
const a = db.execute(sql`select id<|> from users`);
const b = (x) => db.execute(sql`select ${x} from users where`);
"#,
    );
    let found = status(&fixture.snap, fixture.pos().file).expect("nobody cancels");
    assert_eq!((found.n_tables, found.n_checked), (2, 1));
    assert!(found.database.is_some());
    let [(at, reason, detail)] = &found.skipped[..] else { panic!("{:?}", found.skipped) };
    let text = fixture.snap.text(fixture.pos().file).expect("readable");
    assert_eq!(crate::base::text::slice(&text, *at), "`select ${x} from users where`");
    assert_eq!((*reason, detail.as_str()), (SkipReason::Dynamic, "${x} may be any SQL"));
}

#[test]
fn a_file_without_database_says_so() {
    let fixture =
        Fixture::new("//- /app.ts\nimport { sql } from 'drizzle-orm';\ndb.execute(sql`select 1<|>`);\n");
    let found = status(&fixture.snap, fixture.pos().file).expect("nobody cancels");
    assert_eq!((found.database, found.n_checked), (None, 0));
    assert_eq!(found.skipped.iter().map(|it| it.1).collect::<Vec<_>>(), [SkipReason::NoDatabase]);
}
