//! Code lenses: what of a schema module no migration holds yet, and the command that would write one.

use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::TextRange;
use crate::catalog::Origin;
use crate::catalog::drift::Side;
use crate::db::Snapshot;
use crate::lint::rules::origin_range;
use crate::project::database::Membership;
use crate::project::{Workspace, scripts};

/// A line above a place of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    pub at: TextRange,
    pub title: String,
    /// The command line that the lens is about, and the directory in which it is run; Columnist runs nothing.
    pub run: Option<(String, String)>,
}

/// The lenses of a schema module: one for the database at its first declaration, one at each table that differs.
pub fn lenses(snap: &Snapshot, file: FileId) -> Cancellable<Vec<Lens>> {
    snap.check()?;
    let mut res = Vec::new();
    if snap.is_loading() {
        return Ok(res);
    }
    let model = snap.model();
    let Membership::Database(idx) = model.membership(snap, file) else { return Ok(res) };
    let Some(database) = model.databases.list.get(idx).filter(|it| it.schema_files.contains(&file)) else {
        return Ok(res);
    };
    let Some(drifts) = model.drift(snap, idx) else { return Ok(res) };
    let Some(drift) = drifts.iter().find(|it| it.to == Side::Schema && !it.changes.is_empty()) else {
        return Ok(res);
    };
    let Some(built) = model.built(snap, idx) else { return Ok(res) };
    let eval = model.evaluator(snap);
    let command = scripts::generate_command(&eval, database);
    let dir = database.config.as_ref().map(|it| snap.path(it.file));
    let dir = dir.as_deref().and_then(crate::base::path::parent).unwrap_or(&database.dir).to_owned();
    for relation in built.catalog.relations.values() {
        if !matches!(relation.origin, Origin::Ts { file: its, .. } if its == file) {
            continue;
        }
        let name = format!("{}.{}", relation.schema, relation.name);
        let own =
            |it: &str| it.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let n_changes = drift.changes.iter().filter(|it| own(&it.name)).count();
        if let Some(at) = origin_range(snap, relation.origin).filter(|_| n_changes > 0) {
            res.push(Lens {
                at: at.value,
                title: format!("{} in no migration", counted(n_changes)),
                run: None,
            });
        }
    }
    res.sort_by_key(|it| it.at.start());
    let n_all = drift.changes.len();
    let title = format!("{} of the schema in no migration yet: {command}", counted(n_all));
    res.insert(0, Lens { at: TextRange::default(), title, run: Some((command, dir)) });
    Ok(res)
}

fn counted(n: usize) -> String {
    format!("{n} change{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::lenses;
    use crate::testing::Fixture;
    use expect_test::expect;

    #[test]
    fn a_module_that_differs_from_the_snapshot_says_so() {
        let fixture = Fixture::new(
            r#"
//- /package.json
{ "name": "app", "scripts": { "db:generate": "drizzle-kit generate" }, "dependencies": { "drizzle-orm": "0.45.0" } }
//- /drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };
//- /drizzle/meta/_journal.json
{ "version": "7", "dialect": "postgresql", "entries": [ { "idx": 0, "version": "7", "when": 1, "tag": "0000_init", "breakpoints": true } ] }
//- /drizzle/0000_init.sql
create table users (id integer primary key);
//- /drizzle/meta/0000_snapshot.json
{ "id": "a", "prevId": "00000000-0000-0000-0000-000000000000", "version": "7", "dialect": "postgresql", "enums": {}, "schemas": {}, "tables": { "public.users": { "name": "users", "schema": "", "columns": { "id": { "name": "id", "type": "integer", "primaryKey": true, "notNull": true } }, "indexes": {}, "foreignKeys": {}, "compositePrimaryKeys": {}, "uniqueConstraints": {} } }, "_meta": { "schemas": {}, "tables": {}, "columns": {} } }
//- /schema.ts
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer().primaryKey(), name: text(), bio: text() });
export const tags = pgTable('tags', { id: integer().primaryKey() });<|>
"#,
        );
        let found = lenses(&fixture.snap, fixture.pos().file).expect("nobody cancels");
        let lines: Vec<String> =
            found.iter().map(|it| format!("{:?} {} {:?}", it.at, it.title, it.run)).collect();
        expect![[r#"
            0..0 3 changes of the schema in no migration yet: npm run db:generate Some(("npm run db:generate", "/"))
            75..80 2 changes in no migration None
            173..177 1 change in no migration None"#]]
        .assert_eq(&lines.join("\n"));
    }
}
