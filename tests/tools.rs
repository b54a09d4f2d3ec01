//! Folders of migrations as tools keep them: their SQL runs in their order, each statement is looked at with the schema as it
//! was at that point, what undoes a migration never runs, and an edit of one folds again from there.

use std::collections::BTreeMap;
use std::sync::Arc;

use columnist::db::{Disk, Snapshot, World};
use columnist::lint::check;
use columnist::project::Workspace as _;

struct MapDisk(BTreeMap<String, String>);

impl Disk for MapDisk {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }
}

/// Three migrations: what they do, what undoes it. `-- wrong` ends statements that PostgreSQL refuses where they stand.
const STEPS: [(&str, &str); 3] = [
    (
        "create table people (id int primary key, name text);
insert into people (id, name) values (1, 'a');
update people set full_name = 'x'; -- wrong
",
        "drop table people;\n",
    ),
    (
        "update people set name = 'b';
alter table people rename column name to full_name;
update people set full_name = 'c';
update people set name = 'd'; -- wrong
",
        "alter table people rename column full_name to name;\n",
    ),
    (
        "create table posts (id int primary key, person int references people (id));
alter table people drop column full_name;
insert into posts (id, person) select id, id from people;
update people set full_name = 'e'; -- wrong
",
        "alter table people add column full_name text;\ndrop table posts;\n",
    ),
];

/// Seen with the last state.
const QUERIES: &str = "select p.id, posts.person from people p join posts on posts.person = p.id;
select full_name from people; -- wrong
";

type Layout = fn(usize, &str, &str) -> Vec<(String, String)>;

const NUMBERS: [&str; 3] = ["2", "9", "10"];
const TIMES: [&str; 3] = ["20231231235959", "20240101000000", "20240102000000"];

fn one(path: String, text: String) -> Vec<(String, String)> {
    vec![(path, text)]
}

fn marked(path: String, [up, down]: [&str; 2], step: [&str; 2]) -> Vec<(String, String)> {
    one(path, format!("{up}\n{}\n{down}\n{}", step[0], step[1]))
}

const LAYOUTS: [(&str, Layout); 16] = [
    ("plain, numbered", |idx, up, _| one(format!("/w/db/migrations/{}_step.sql", NUMBERS[idx]), up.into())),
    ("plain, a hyphen", |idx, up, _| one(format!("/w/sql/migrations/00{idx}-step.sql"), up.into())),
    ("plain, timestamps", |idx, up, _| one(format!("/w/migrations/{}_step.sql", TIMES[idx]), up.into())),
    ("golang-migrate", |idx, up, down| {
        vec![
            (format!("/w/migrations/00000{idx}_step.up.sql"), up.into()),
            (format!("/w/migrations/00000{idx}_step.down.sql"), down.into()),
        ]
    }),
    ("sqlx", |idx, up, _| one(format!("/w/migrations/{}_step.sql", TIMES[idx]), up.into())),
    ("sqlx, reversible", |idx, up, down| {
        vec![
            (format!("/w/migrations/{}_step.up.sql", TIMES[idx]), up.into()),
            (format!("/w/migrations/{}_step.down.sql", TIMES[idx]), down.into()),
        ]
    }),
    ("up and down folders' files", |idx, up, down| {
        vec![
            (format!("/w/migrations/{}-step.sql", TIMES[idx]), up.into()),
            (format!("/w/migrations/{}-step_down.sql", TIMES[idx]), down.into()),
        ]
    }),
    ("supabase", |idx, up, _| one(format!("/w/supabase/migrations/{}_step.sql", TIMES[idx]), up.into())),
    ("dbmate", |idx, up, down| {
        marked(
            format!("/w/db/migrations/{}_step.sql", TIMES[idx]),
            ["-- migrate:up", "-- migrate:down"],
            [up, down],
        )
    }),
    ("goose", |idx, up, down| {
        marked(format!("/w/migrations/0000{idx}_step.sql"), ["-- +goose Up", "-- +goose Down"], [up, down])
    }),
    ("goose, down first", |idx, up, down| {
        marked(format!("/w/migrations/0000{idx}_step.sql"), ["-- +goose Down", "-- +goose Up"], [down, up])
    }),
    ("sql-migrate", |idx, up, down| {
        marked(
            format!("/w/migrations/{}-step.sql", NUMBERS[idx]),
            ["-- +migrate Up", "-- +migrate Down"],
            [up, down],
        )
    }),
    ("flyway", |idx, up, down| {
        vec![
            (format!("/w/db/migration/V{}__step.sql", NUMBERS[idx]), up.into()),
            (format!("/w/db/migration/U{}__step.sql", NUMBERS[idx]), down.into()),
        ]
    }),
    ("flyway, versions with parts", |idx, up, _| {
        one(format!("/w/db/migration/V1_{}__step.sql", NUMBERS[idx]), up.into())
    }),
    ("node-pg-migrate", |idx, up, down| {
        let path = format!("/w/migrations/170000000000{idx}_step.sql");
        marked(path, ["-- Up Migration", "-- Down Migration"], [up, down])
    }),
    ("prisma and diesel's folders", |idx, up, down| {
        vec![
            (format!("/w/migrations/{}_step/up.sql", TIMES[idx]), up.into()),
            (format!("/w/migrations/{}_step/down.sql", TIMES[idx]), down.into()),
        ]
    }),
];

fn world(files: &BTreeMap<String, String>) -> World {
    let paths: Vec<String> = files.keys().cloned().collect();
    let mut world = World::new(Arc::new(MapDisk(files.clone())), vec!["/w".into()]);
    for path in &paths {
        world.file_on_disk(path);
    }
    world
}

/// Lines that PostgreSQL refuses, and what else it is told of that has a SQLSTATE.
fn refused(snap: &Snapshot, files: &BTreeMap<String, String>) -> Vec<String> {
    let mut res = Vec::new();
    for (path, text) in files {
        let Some(file) = snap.file(path) else { continue };
        let report = check::file(snap, file).expect("nobody cancels");
        for it in report.diagnostics.iter().filter(|it| it.sqlstate.is_some()) {
            let start = usize::from(it.at.value.start());
            let line = text[..start].matches('\n').count() + 1;
            res.push(format!("{path}:{line}: {}", it.code));
        }
    }
    res.sort();
    res
}

fn expected(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut res = Vec::new();
    for (path, text) in files {
        for (idx, line) in text.lines().enumerate() {
            if line.ends_with("-- wrong") {
                res.push(format!("{path}:{}: undefined-column", idx + 1));
            }
        }
    }
    res.sort();
    res
}

#[test]
fn each_tool_s_statements_are_seen_as_they_run() {
    for (tool, layout) in LAYOUTS {
        let mut files = BTreeMap::from([("/w/src/queries.sql".to_owned(), QUERIES.to_owned())]);
        let mut own: Vec<String> = Vec::new();
        for (idx, (up, down)) in STEPS.iter().enumerate() {
            let made = layout(idx, up, down);
            own.push(made[0].0.clone());
            files.extend(made);
        }
        let mut world = world(&files);
        let snap = world.snapshot();
        assert_eq!(refused(&snap, &files), expected(&files), "{tool}");
        let built = snap.model().built(&snap, 0).unwrap_or_else(|| panic!("{tool} makes a database"));
        let order: Vec<String> = built.replay.files.iter().map(|it| snap.path(it.file).to_string()).collect();
        assert_eq!(order, own, "{tool}");

        // The state before the last migration is kept when it is edited.
        let last = own.last().expect("three");
        let text = files[last]
            .replace("(id int primary key, person int", "(id int primary key, title text, person int");
        world.set_overlay(last, text.into());
        let after = world.snapshot();
        let again = after.model().built(&after, 0).expect("still a database");
        for (old, new) in built.replay.files.iter().zip(&again.replay.files) {
            assert!(Arc::ptr_eq(&old.before, &new.before), "{tool}: {}", snap.path(old.file));
        }
        let has_title = |it: &columnist::catalog::Catalog| {
            it.relations.values().any(|it| it.columns.iter().any(|it| it.name.as_str() == "title"))
        };
        assert!(!has_title(&built.replay.last) && has_title(&again.replay.last), "{tool}");
        assert_eq!(again.replay.files[1].until, built.replay.files[1].until, "{tool}");
        assert_eq!(snap.counts().models, 1, "{tool}: nothing is searched again");
        files.insert(
            last.clone(),
            after.file(last).and_then(|it| after.text(it)).expect("it is there").to_string(),
        );
        assert_eq!(refused(&after, &files), expected(&files), "{tool}, edited");

        // What the edited text says is what a fresh look says, where the mark between the parts has moved without a change
        // of any statement too.
        let text = files[last].replacen("create table posts", "\n\n-- A comment.\n\n  create table posts", 1);
        world.set_overlay(last, text.clone().into());
        files.insert(last.clone(), text);
        let moved = world.snapshot();
        assert_eq!(refused(&moved, &files), expected(&files), "{tool}, moved");
    }
}
