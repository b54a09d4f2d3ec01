//! How much is computed anew, by counters rather than by time.

use std::collections::BTreeMap;
use std::sync::Arc;

use columnist::db::{Counts, Snapshot, World};
use columnist::lint::check;
use columnist::project::Workspace;

use super::{report, sources, world};

/// Looks at every file; what that took.
fn look(world: &mut World) -> (Snapshot, Counts) {
    let before = world.snapshot().counts();
    let snap = world.snapshot();
    for file in snap.all_files() {
        let _ = check::file(&snap, file);
    }
    let now = snap.counts();
    let counts = Counts {
        files: now.files - before.files,
        statements: now.statements - before.statements,
        catalogs: now.catalogs - before.catalogs,
        models: now.models - before.models,
        declarations: now.declarations - before.declarations,
    };
    (snap, counts)
}

fn edit(world: &mut World, path: &str, from: &str, to: &str) {
    let text = world.snapshot();
    let text = text.file(path).and_then(|it| text.text(it)).expect("it exists");
    assert!(text.contains(from), "{from} stands in {path}");
    world.set_overlay(path, text.replacen(from, to, 1).into());
}

fn looked_at() -> World {
    let mut world = world(&sources::workspace());
    look(&mut world);
    world
}

#[test]
fn looking_twice_costs_nothing() {
    let mut world = looked_at();
    assert_eq!(look(&mut world).1, Counts::default());
    // A new revision, nothing new in it.
    edit(&mut world, "/w/src/columns.ts", "\n\nexport", "\n\n\nexport");
    assert_eq!(look(&mut world).1, Counts::default());
}

#[test]
fn a_letter_in_a_template_is_one_statement() {
    let mut world = looked_at();
    edit(&mut world, "/w/src/app.ts", "select title, nope", "select title, nopes");
    let (_, counts) = look(&mut world);
    assert_eq!(counts, Counts { files: 1, statements: 1, ..Counts::default() });
    // In a module-level declaration, where it is a fact of the file.
    edit(&mut world, "/w/src/app.ts", "select title from post ", "select title from posts ");
    let (_, counts) = look(&mut world);
    assert_eq!((counts.files, counts.statements, counts.catalogs, counts.models), (1, 1, 0, 0));
}

#[test]
fn a_letter_in_a_query_file_is_one_statement() {
    let mut world = looked_at();
    edit(&mut world, "/w/src/queries.sql", "select id, email from", "select id, emai from");
    let (_, counts) = look(&mut world);
    assert_eq!(counts, Counts { files: 1, statements: 1, ..Counts::default() });
}

#[test]
fn a_column_of_the_schema_concerns_who_names_its_table() {
    let mut files = sources::workspace();
    let mut query = |name: &str, sql: &str| {
        let text = format!(
            "import {{ sql }} from 'drizzle-orm'\nimport {{ db }} from './db'\nexport const f = () => db.execute(sql`{sql}`)\n"
        );
        files.insert(format!("/w/src/{name}.ts"), text);
    };
    query("one", "select title from posts");
    query("two", "select 1 from users where exists (select from posts)");
    query("three", "select email from users");
    query("four", "select nothing from nowhere");
    let mut world = world(&files);
    look(&mut world);
    let before = world.snapshot();
    edit(&mut world, "/w/src/schema.ts", "text('title')", "text('titel')");
    let (snap, counts) = look(&mut world);
    // The schema itself, app.ts and other.ts, queries.sql, one.ts and two.ts.
    assert_eq!((counts.files, counts.catalogs, counts.models), (6, 1, 0), "{counts:?}");
    let paths: Vec<String> = snap
        .affected(&before, &snap.all_files())
        .expect("nobody cancels")
        .into_iter()
        .map(|it| snap.path(it).rsplit('/').next().unwrap_or_default().to_owned())
        .collect();
    let has = |name: &str| paths.iter().any(|it| it == name);
    for name in ["app.ts", "other.ts", "queries.sql", "one.ts", "two.ts"] {
        assert!(has(name), "{name} in {paths:?}");
    }
    assert!(!has("three.ts") && !has("four.ts"), "{paths:?}");
    assert!(report(&snap, "/w/src/one.ts").iter().any(|it| it.contains("undefined-column")));
}

#[test]
fn a_column_of_the_schema_is_one_table_read() {
    let mut world = looked_at();
    edit(&mut world, "/w/src/schema.ts", "text('title')", "text('titel')");
    let (before, _) = look(&mut world);
    edit(&mut world, "/w/src/schema.ts", "text('titel')", "text('titl')");
    let (snap, _) = look(&mut world);
    let built = snap.model().built(&snap, 0).expect("there is one");
    // The table, and the relations of both sides.
    assert_eq!(built.reading.as_ref().map(|it| it.n_new()), Some(3));
    let users = |it: &Snapshot| {
        let built = it.model().built(it, 0).expect("there is one");
        let mut found = built.catalog.relations.iter().filter(|(name, _)| name.name.as_str() == "users");
        found.next().map(|it| Arc::clone(it.1)).expect("it is declared")
    };
    assert!(Arc::ptr_eq(&users(&before), &users(&snap)));
}

#[test]
fn a_fragment_that_is_used_elsewhere_concerns_its_users() {
    let mut world = looked_at();
    edit(&mut world, "/w/src/fragments.ts", "> now()", "> nowadays()");
    let (snap, counts) = look(&mut world);
    // fragments.ts, app.ts and, through a barrel, other.ts.
    assert_eq!((counts.files, counts.models), (3, 0), "{counts:?}");
    assert!(report(&snap, "/w/src/other.ts").iter().any(|it| it.contains("nowadays")));
}

#[test]
fn what_a_module_says_of_the_driver_concerns_every_count() {
    let mut files = sources::workspace();
    let count = "import { sql } from 'drizzle-orm';
import { users } from './schema';
export const count = (db: any) => db.select({ n: sql<number>`count(*)` }).from(users);
";
    files.insert("/w/src/count.ts".into(), count.into());
    files.insert("/w/src/client.ts".into(), "import { types } from 'pg';\nexport const it = types;\n".into());
    let mut world = world(&files);
    let (before, _) = look(&mut world);
    let is_told =
        |snap: &Snapshot| report(snap, "/w/src/count.ts").iter().any(|it| it.contains("sql-type-argument"));
    assert!(is_told(&before));
    edit(&mut world, "/w/src/client.ts", "export", "types.setTypeParser(20, Number);\nexport");
    let (after, _) = look(&mut world);
    assert!(!is_told(&after));
    let count = after.file("/w/src/count.ts").expect("it is there");
    assert_eq!(after.affected(&before, &[count]).expect("nobody cancels"), [count]);
    edit(&mut world, "/w/src/client.ts", "types.setTypeParser(20, Number);", "");
    assert!(is_told(&look(&mut world).0));
}

#[test]
fn an_edit_of_a_migration_folds_from_there() {
    let mut world = looked_at();
    let before = world.snapshot();
    let old = before.model().built(&before, 0).expect("a database");
    edit(&mut world, "/w/drizzle/0001_log.sql", "\"age\"", "\"ages\"");
    let (snap, counts) = look(&mut world);
    assert_eq!(counts.catalogs, 1);
    let new = snap.model().built(&snap, 0).expect("a database");
    let state = |built: &columnist::catalog::build::Built, idx: usize| built.replay.files[idx].before.clone();
    assert!(std::sync::Arc::ptr_eq(&state(&old, 1), &state(&new, 1)));
}

#[test]
fn nothing_is_said_while_loading() {
    let mut world = looked_at();
    let before = world.snapshot();
    world.set_loading(true);
    let snap = world.snapshot();
    assert!(snap.is_loading() && !before.is_loading());
    assert_eq!(report(&snap, "/w/src/app.ts"), ["0 checked"]);
    world.set_loading(false);
    let after = world.snapshot();
    assert_eq!(after.affected(&snap, &after.all_files()).expect("nobody cancels"), after.all_files());
    assert!(report(&after, "/w/src/app.ts").len() > 1);
}

/// What is kept does not grow with what was typed. `COLUMNIST_EDITS=20000` is a working day.
#[test]
fn typing_leaves_nothing_behind() {
    let n_edits: usize = match std::env::var("COLUMNIST_EDITS") {
        Ok(it) => it.parse().expect("a number"),
        Err(_) => 3_000,
    };
    let files: BTreeMap<String, String> = sources::workspace();
    let mut world = world(&files);
    look(&mut world);
    let mut most = 0;
    let mut early = 0;
    for n in 0..n_edits {
        let (path, from) = [
            ("/w/src/app.ts", "select title, nope"),
            ("/w/src/queries.sql", "select id, email"),
            ("/w/src/schema.ts", "text('title')"),
            ("/w/src/fragments.ts", "> now()"),
            ("/w/src/app.ts", "import { posts, users }"),
            ("/w/src/app.ts", "export const c"),
        ][n % 6];
        let to = match n % 6 {
            0 => format!("select title, nope{n}"),
            1 => format!("select id, email{n}"),
            2 => format!("text('title{n}')"),
            3 => format!("> now{n}()"),
            4 => format!("import {{ posts, users, what{n} }}"),
            _ => format!("export const c{n}"),
        };
        world.set_overlay(path, files[path].replacen(from, &to, 1).into());
        if n % 3 == 0 {
            let snap = world.snapshot();
            for path in ["/w/src/app.ts", "/w/src/queries.sql", "/w/src/other.ts"] {
                report(&snap, path);
            }
            let n_kept = snap.n_kept();
            if n < n_edits / 10 {
                early = early.max(n_kept);
            }
            most = most.max(n_kept);
        }
    }
    assert!(most <= early + early / 5 + 64, "{early} things are kept early, {most} later");
}
