//! Folders of files that only define things (`supabase/schemas`, `db/schema`, one file a table): the schema of a workspace that
//! has no migrations, no dump and no Drizzle.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::file::FileId;
use crate::base::path;
use crate::base::text::slice;
use crate::project::eval::{Dep, Evaluator};
use crate::sql::hir::{Ddl, StatementKind};
use crate::sql::token::{TokenKind, lex};
use crate::sql::{Dialect, Ident};

/// A file that only defines things.
struct Definitions {
    file: FileId,
    /// The tables, views, types and schemas that nothing else may make.
    once: Vec<Ident>,
    has_table: bool,
    /// All that it makes.
    made: Vec<Ident>,
    words: FxHashSet<Ident>,
}

/// Of the SQL files that nothing else claims, those that make a schema together: by package, each after those whose names it
/// says. None of a package where two files make the same: they are examples, versions, or two databases.
pub fn find(eval: &Evaluator<'_>, files: &[(Arc<str>, FileId)]) -> Vec<(String, Vec<FileId>)> {
    let (packages, roots) = (eval.resolver().packages(), eval.workspace().roots());
    let mut groups: BTreeMap<String, Vec<Definitions>> = BTreeMap::new();
    for (file_path, file) in files.iter().filter(|it| !is_example(&it.0)) {
        let Some(found) = read(eval, *file) else { continue };
        let package = packages.nearest(file_path).map(|it| it.dir.to_string());
        let root = roots.iter().find(|it| path::is_within(file_path, it));
        let dir = package.or_else(|| root.map(|it| it.to_string())).unwrap_or_default();
        groups.entry(dir).or_default().push(found);
    }
    groups.retain(|_, group| {
        let is_twice = |name: &Ident| group.iter().filter(|it| it.made.contains(name)).count() > 1;
        group.iter().any(|it| it.has_table) && !group.iter().flat_map(|it| &it.once).any(is_twice)
    });
    groups.into_iter().map(|(dir, group)| (dir, ordered(group))).collect()
}

/// What a project shows and does not run, or ran at an older version (`app--1.0--1.1.sql`).
fn is_example(file_path: &str) -> bool {
    let name = path::file_name(file_path).as_bytes();
    let is_version = |it: &[u8]| it.first().is_some_and(u8::is_ascii_digit) && it.get(1) == Some(&b'.');
    if name.windows(3).any(|it| is_version(it) && it.last().is_some_and(u8::is_ascii_digit)) {
        return true;
    }
    let is = |part: &str| {
        matches!(part, "doc" | "docs" | "example" | "examples" | "sample" | "samples" | "demo" | "demos")
    };
    file_path.split('/').any(is)
}

/// `None`: it does other things too, makes nothing, or is a template of the project's own.
fn read(eval: &Evaluator<'_>, file: FileId) -> Option<Definitions> {
    let ws = eval.workspace();
    eval.note(Dep::hints(file));
    let hints = ws.hints(file);
    if !hints.is_ddl || hints.is_template || hints.has_blocks || hints.is_generated {
        return None;
    }
    eval.note(Dep::sql(file));
    let facts = ws.sql_facts(file, Dialect::Postgres);
    let (mut once, mut made, mut words) = (Vec::new(), Vec::new(), FxHashSet::default());
    let mut has_table = false;
    // Another engine's.
    let n_broken = facts.0.statements.iter().filter(|it| it.parsed.error.is_some()).count();
    if n_broken * 2 > facts.0.statements.len() {
        return None;
    }
    for statement in &facts.0.statements {
        let name = match &statement.parsed.hir.kind {
            StatementKind::Ddl(ddl) => match &**ddl {
                Ddl::CreateTable(it) => {
                    has_table = true;
                    it.name.last()
                }
                Ddl::CreateView(it) if !it.or_replace => it.name.last(),
                Ddl::CreateEnum { name, .. } | Ddl::CreateComposite { name, .. } => name.last(),
                Ddl::CreateSchema { name, if_not_exists: false, .. } => name.as_ref(),
                _ => None,
            },
            StatementKind::Other(_) => None,
            _ => return None,
        };
        once.extend(name.map(|it| it.ident.clone()));
        crate::sql::created::created_names(&statement.text, &mut made);
        let tokens = lex(&statement.text);
        let names =
            tokens.iter().filter(|it| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent { .. }));
        words.extend(names.map(|it| Ident::from_source(slice(&statement.text, it.range))));
    }
    (!made.is_empty()).then_some(Definitions { file, once, has_table, made, words })
}

/// Each file behind those that make what it names; what leads in a circle, by the names of the files.
fn ordered(group: Vec<Definitions>) -> Vec<FileId> {
    let mut makers: FxHashMap<&Ident, usize> = FxHashMap::default();
    for (idx, it) in group.iter().enumerate() {
        for name in &it.made {
            makers.entry(name).or_insert(idx);
        }
    }
    let mut res = Vec::new();
    let mut state = vec![false; group.len()];
    // A stack of its own: files may follow each other in a long line.
    for first in 0..group.len() {
        let mut stack = vec![(first, false)];
        while let Some((idx, done)) = stack.pop() {
            let Some(it) = group.get(idx) else { continue };
            if done {
                res.push(it.file);
                continue;
            }
            if std::mem::replace(state.get_mut(idx).unwrap_or(&mut true), true) {
                continue;
            }
            stack.push((idx, true));
            let mut needed: Vec<usize> = it
                .words
                .iter()
                .filter_map(|word| makers.get(word).copied())
                .filter(|it| *it != idx)
                .collect();
            needed.sort_unstable();
            needed.dedup();
            stack.extend(needed.into_iter().rev().map(|it| (it, false)));
        }
    }
    res
}
