use super::*;
use std::path::Path;

use crate::project::Workspace;

fn write(root: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// The folder's path, and what is found below it.
fn walked(root: &Path) -> (String, Vec<String>) {
    let base = path::normalize(root.to_str().unwrap());
    let all = walk(std::slice::from_ref(&base));
    let found = all.iter().map(|it| path::relative_to(it, &base)).collect();
    (base, found)
}

#[test]
fn walk_obeys_gitignore_and_leaves_links_alone() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    write(
        root,
        &[
            (".gitignore", "dist/\n"),
            ("a.ts", ""),
            ("dist/b.ts", ""),
            ("node_modules/x/index.js", ""),
            ("db/c.sql", "select 1"),
            ("notes.md", ""),
            ("data.json", "{}"),
            ("package.json", "{}"),
        ],
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink("/", root.join("everything")).unwrap();
    let (base, found) = walked(root);
    assert_eq!(found, ["a.ts", "db/c.sql", "package.json"]);
    let snap = world(vec![base.clone()]).snapshot();
    let sql = snap.file(&path::join(&base, "db/c.sql")).unwrap();
    assert_eq!(&*snap.text(sql).unwrap(), "select 1");
}

/// drizzle-kit reads its journal and its snapshots whatever ignore files say.
#[test]
fn what_drizzle_kit_keeps_is_read_though_it_is_ignored() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    write(
        root,
        &[
            (".ignore", "drizzle/meta/\n"),
            (".gitignore", "old/\n"),
            ("drizzle/0000_init.sql", "select 1"),
            ("drizzle/meta/_journal.json", "{}"),
            ("drizzle/meta/0000_snapshot.json", "{}"),
            ("drizzle/meta/notes.json", "{}"),
            ("old/0000_init.sql", "select 1"),
            ("old/meta/_journal.json", "{}"),
        ],
    );
    let (_, found) = walked(root);
    let meta = ["drizzle/meta/0000_snapshot.json", "drizzle/meta/_journal.json"];
    assert_eq!(found, [&["drizzle/0000_init.sql"], meta.as_slice()].concat());
}

/// Repositories that ignore every SQL file have their migrations on the disk all the same.
#[test]
fn migrations_of_a_journal_are_read_though_sql_is_ignored() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    write(
        root,
        &[
            (".gitignore", "*.sql\nold/\n"),
            ("dump.sql", "select 1"),
            ("drizzle/0000_init.sql", "select 1"),
            ("drizzle/meta/_journal.json", "{}"),
            ("next/20260101000000_init/migration.sql", "select 1"),
            ("next/20260101000000_init/snapshot.json", "{}"),
            ("old/0000_init.sql", "select 1"),
            ("old/meta/_journal.json", "{}"),
        ],
    );
    let (_, found) = walked(root);
    let next = ["next/20260101000000_init/migration.sql", "next/20260101000000_init/snapshot.json"];
    let kit = ["drizzle/0000_init.sql", "drizzle/meta/_journal.json"];
    assert_eq!(found, [kit.as_slice(), next.as_slice()].concat());
}
