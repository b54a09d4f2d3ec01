//! What a keystroke costs, from the changed text to the file's diagnostics: `cargo bench --bench keystroke`.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

use columnist::base::file::FileId;
use columnist::db::World;
use columnist::lint::check;
use columnist::load;
use columnist::project::Workspace;
use divan::Bencher;

fn main() {
    divan::main();
}

/// A generated workspace: 1,000 tables, 2,000 modules.
fn workspace() -> &'static Mutex<World> {
    static WORLD: OnceLock<Mutex<World>> = OnceLock::new();
    WORLD.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary directory").keep();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/genworkspace.py");
        let mut python = Command::new("python3");
        let status = python.arg(script).arg(&dir).args(["1000", "2000"]).status().expect("python3 runs");
        assert!(status.success());
        let root = columnist::base::path::normalize(dir.to_str().expect("a path that is text"));
        let mut world = load::world(vec![root]);
        let snap = world.snapshot();
        snap.prepare();
        // Everything was looked at once, as a server has.
        for file in snap.all_files() {
            check::file(&snap, file).expect("nobody cancels");
        }
        Mutex::new(world)
    })
}

fn with_world<R>(f: impl FnOnce(&mut World) -> R) -> R {
    f(&mut workspace().lock().unwrap_or_else(PoisonError::into_inner))
}

fn root(world: &mut World) -> String {
    world.snapshot().roots().first().expect("one").to_string()
}

/// A template over real tables, and modules of any length made of such.
fn template(idx: usize, word: &str) -> String {
    format!(
        "export async function find{idx}(id: string, limit: number) {{\n  const rows = await db.execute(sql`\n    select t.id, t.title{word}, count(o.id) as n\n    from table_{a} t left join table_{b} o on o.id = t.id\n    where t.view_count > ${{limit}} and t.is_public\n    group by t.id, t.title\n    order by n desc limit 20`)\n  return rows\n}}\n\n",
        a = idx % 900,
        b = (idx * 7) % 900,
    )
}

fn script(n_templates: usize, word: &str) -> String {
    let mut res = String::from("import { sql } from 'drizzle-orm'\nimport { db } from '@/db'\n\n");
    (0..n_templates).for_each(|idx| res += &template(idx, if idx == n_templates / 2 { word } else { "" }));
    res
}

fn queries(word: &str) -> String {
    let query = |idx: usize| {
        format!(
            "-- name: q{idx}\nselect t.id, t.title{word}\nfrom table_{a} t\njoin table_{b} o on o.id = t.id\nwhere t.view_count > 3 and t.is_public\norder by t.title;\n",
            a = idx % 900,
            b = (idx * 7) % 900,
            word = if idx == 250 { word } else { "" },
        )
    };
    (0..500).map(query).collect()
}

/// The steps of typing `x`, `xx`, … and deleting it again.
fn words() -> impl Iterator<Item = &'static str> {
    ["", "x", "xx", "xxx", "xxxx", "xxx", "xx", "x"].into_iter().cycle()
}

fn keystrokes(bencher: Bencher<'_, '_>, name: &str, text: impl Fn(&str) -> String) {
    let path = with_world(|world| format!("{}/src/{name}", root(world)));
    let mut words = words();
    with_world(|world| {
        world.set_overlay(&path, text("").into());
        let snap = world.snapshot();
        check::file(&snap, snap.file(&path).expect("it is open")).expect("nobody cancels");
    });
    bencher.with_inputs(|| text(words.next().unwrap_or_default())).bench_local_values(|text| {
        with_world(|world| {
            world.set_overlay(&path, text.into());
            let snap = world.snapshot();
            check::file(&snap, snap.file(&path).expect("it is open")).expect("nobody cancels")
        })
    });
}

/// A template of a module of 120 lines.
#[divan::bench(sample_count = 100, sample_size = 1)]
fn script_of_120_lines(bencher: Bencher<'_, '_>) {
    keystrokes(bencher, "short.ts", |word| script(12, word));
}

/// A template of a module of 3,000 lines, 300 templates.
#[divan::bench(sample_count = 100, sample_size = 1)]
fn script_of_3000_lines(bencher: Bencher<'_, '_>) {
    keystrokes(bencher, "long.ts", |word| script(300, word));
}

/// The share of the TypeScript parser in the above.
#[divan::bench(sample_count = 100, sample_size = 1)]
fn parse_3000_lines(bencher: Bencher<'_, '_>) {
    let text = script(300, "x");
    bencher.bench(|| columnist::ts::parse(&text, columnist::ts::Flavor::TypeScript));
}

#[divan::bench(sample_count = 100, sample_size = 1)]
fn sql_of_3000_lines(bencher: Bencher<'_, '_>) {
    keystrokes(bencher, "long.sql", queries);
}

/// A column of the schema gets another name; twenty open modules are checked again, those that it concerns.
#[divan::bench(sample_count = 60, sample_size = 1)]
fn schema_and_open_modules(bencher: Bencher<'_, '_>) {
    let (path, text, open) = with_world(|world| {
        let path = format!("{}/src/db/schema/part3.ts", root(world));
        let snap = world.snapshot();
        let text = snap.text(snap.file(&path).expect("generated")).expect("readable").to_string();
        let has_sql = |it: &FileId| snap.state(*it).is_some_and(|it| it.may_hold_fragments());
        let open: Vec<FileId> = snap.all_files().into_iter().filter(has_sql).take(20).collect();
        (path, text, open)
    });
    let mut words = words();
    bencher
        .with_inputs(|| {
            text.replacen("text()", &format!("text('body{}')", words.next().unwrap_or_default()), 1)
        })
        .bench_local_values(|text| {
            with_world(|world| {
                let before = world.snapshot();
                world.set_overlay(&path, text.into());
                let snap = world.snapshot();
                let affected = snap.affected(&before, &open).expect("nobody cancels");
                affected
                    .into_iter()
                    .map(|it| check::file(&snap, it).expect("nobody cancels"))
                    .collect::<Vec<_>>()
            })
        });
}
