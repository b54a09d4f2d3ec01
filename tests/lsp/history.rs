//! A property of the schema, the DDL that made it and every migration that touched it lead to each other.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::project::Project;

const SCHEMA: &str =
    "import { boolean, check, index, integer, pgEnum, pgTable, text, varchar } from 'drizzle-orm/pg-core'
import { sql } from 'drizzle-orm'

export const mood = pgEnum('mood', ['sad', 'content'])
export const people = pgTable('people', {
  id: integer('id').primaryKey(),
  email: varchar('email', { length: 200 }).notNull(),
  fullName: text('fullName').default('nobody'),
  feeling: mood('feeling').default('content'),
  old: boolean('old'),
}, (t) => [index('people_email_idx').on(t.email), check('has_at', sql`${t.email} like '%@%'`)])
export const posts = pgTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').references(() => people.id),
})
";

/// A table and a column with other names once, quoted and not, in upper case, in expressions, dropped and made again.
const MIGRATIONS: [(&str, &str); 8] = [
    (
        "0000_init",
        "CREATE TYPE \"public\".\"mood\" AS ENUM('sad', 'ok');--> statement-breakpoint
CREATE TABLE \"users\" (
\t\"id\" integer PRIMARY KEY NOT NULL,
\t\"mail\" varchar(20),
\t\"Full Name\" text,
\t\"feeling\" \"mood\" DEFAULT 'ok',
\t\"old\" text,
\tCONSTRAINT \"has_at\" CHECK (mail LIKE '%@%')
);--> statement-breakpoint
CREATE TABLE \"posts\" (\"id\" integer PRIMARY KEY NOT NULL, \"author_id\" integer REFERENCES \"users\"(\"id\"));--> statement-breakpoint
CREATE INDEX \"users_mail_idx\" ON \"users\" USING btree (\"mail\");",
    ),
    (
        "0001_lower",
        "CREATE INDEX lower_mail ON users (lower(MAIL)) WHERE mail IS NOT NULL;
UPDATE users SET mail = lower(mail);
DROP INDEX lower_mail;",
    ),
    ("0002_people", "ALTER TABLE \"users\" RENAME TO \"people\";"),
    (
        "0003_email",
        "ALTER TABLE people RENAME mail TO email;--> statement-breakpoint
ALTER TABLE \"people\" RENAME COLUMN \"Full Name\" TO \"fullName\";--> statement-breakpoint
ALTER INDEX \"users_mail_idx\" RENAME TO \"people_email_idx\";",
    ),
    (
        "0004_wider",
        "ALTER TABLE \"people\" ALTER COLUMN \"email\" SET DATA TYPE varchar(200) USING \"email\"::varchar(200);
ALTER TABLE \"people\" ALTER COLUMN \"email\" SET NOT NULL;
COMMENT ON COLUMN people.email IS 'where letters go';",
    ),
    ("0005_label", "ALTER TYPE \"mood\" RENAME VALUE 'ok' TO 'content';"),
    (
        "0006_again",
        "ALTER TABLE \"people\" DROP COLUMN \"old\";--> statement-breakpoint
ALTER TABLE \"people\" ADD COLUMN \"old\" boolean;--> statement-breakpoint
ALTER TABLE \"people\" ALTER COLUMN \"fullName\" SET DEFAULT 'nobody';",
    ),
    (
        "0007_trigger",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.email := lower(NEW.email); RETURN NEW; END $$;--> statement-breakpoint
CREATE TRIGGER touch BEFORE UPDATE OF email ON people FOR EACH ROW WHEN (NEW.email IS NOT NULL) EXECUTE FUNCTION touch();",
    ),
];

const APP: &str = "import { eq, sql } from 'drizzle-orm'
import { people } from './schema'
export const a = sql`select p.email from people p where ${people.fullName} = 'x'`
export const b = (db: any) => db.update(people).set({ email: 'y' }).where(eq(people.feeling, 'content'))
";

struct History {
    project: Project,
    editor: Editor,
    /// The migrations are drizzle-kit 1.0's: a folder each.
    in_folders: bool,
}

/// Where a migration of 0.x is in 1.0's folders.
fn in_folder(path: &str) -> String {
    let name = path.strip_prefix("drizzle/").and_then(|it| it.strip_suffix(".sql"));
    match name.and_then(|it| it.split_once('_')) {
        Some((number, name)) => format!("drizzle/2026010{}000000_{name}/migration.sql", &number[3..]),
        None => path.to_owned(),
    }
}

/// Names of 1.0's migrations as 0.x would have called them.
fn as_of_0(text: &str) -> String {
    let text = text.replace("/migration.sql", ".sql");
    text.replace("2026010", "000").replace("000000_", "_")
}

impl History {
    /// Of both lines of drizzle-kit.
    fn both() -> [History; 2] {
        [History::new(), History::in_folders()]
    }

    fn in_folders() -> History {
        let project = Project::new();
        let dependencies = json!({ "drizzle-orm": "1.0.0-rc.5", "drizzle-kit": "1.0.0-rc.5" });
        project.write("package.json", &json!({ "name": "w", "dependencies": dependencies }).to_string());
        project.write("src/schema.ts", SCHEMA);
        project.write("src/app.ts", APP);
        for (tag, text) in MIGRATIONS {
            project.write(&in_folder(&format!("drizzle/{tag}.sql")), text);
        }
        let mut editor = Editor::new(&project);
        editor.until_ready();
        History { project, editor, in_folders: true }
    }

    fn path(&self, path: &str) -> String {
        if self.in_folders { in_folder(path) } else { path.to_owned() }
    }

    fn new() -> History {
        let project = Project::new();
        project.write("src/schema.ts", SCHEMA);
        project.write("src/app.ts", APP);
        let entry = |(idx, (tag, _)): (usize, &(&str, &str))| json!({ "idx": idx, "version": "7", "when": idx + 1, "tag": tag, "breakpoints": true });
        let entries: Vec<Value> = MIGRATIONS.iter().enumerate().map(entry).collect();
        let journal = json!({ "version": "7", "dialect": "postgresql", "entries": entries });
        project.write("drizzle/meta/_journal.json", &journal.to_string());
        for (tag, text) in MIGRATIONS {
            project.write(&format!("drizzle/{tag}.sql"), text);
        }
        let mut editor = Editor::new(&project);
        editor.until_ready();
        History { project, editor, in_folders: false }
    }

    /// Where the first of `needle` is in a file; `|` in it is the cursor.
    fn at(&self, path: &str, needle: &str) -> Value {
        let path = &self.path(path);
        let text = self.project.read(path);
        let (before, after) = needle.split_once('|').expect("a cursor");
        let start = text.find(&format!("{before}{after}")).unwrap_or_else(|| panic!("{needle} in {path}"));
        let offset = start + before.len();
        let line = text[..offset].matches('\n').count();
        let column = offset - text[..offset].rfind('\n').map_or(0, |it| it + 1);
        json!({ "textDocument": { "uri": self.project.uri(path) }, "position": { "line": line, "character": column } })
    }

    fn show(&self, uri: &str, range: &Value) -> String {
        let root = self.project.uri("");
        let path = uri.strip_prefix(root.trim_end_matches('/')).unwrap_or(uri).trim_start_matches('/');
        let text = self.project.read(path);
        let number = |at: &str, of: &str| range[at][of].as_u64().unwrap() as usize;
        let line = text.lines().nth(number("start", "line")).unwrap_or_default();
        let name = line.get(number("start", "character")..number("end", "character")).unwrap_or("…");
        let path = if self.in_folders { as_of_0(path) } else { path.to_owned() };
        format!("{path}:{} {name}", number("start", "line") + 1)
    }

    fn ask(&mut self, method: &str, path: &str, needle: &str) -> Value {
        let mut at = self.at(path, needle);
        at["context"] = json!({ "includeDeclaration": true });
        self.editor.request(&format!("textDocument/{method}"), at).unwrap()
    }

    fn targets(&mut self, method: &str, path: &str, needle: &str) -> Vec<String> {
        let answer = self.ask(method, path, needle);
        let list = answer.as_array().cloned().unwrap_or_default();
        let show = |it: &Value| match it["targetUri"].as_str() {
            Some(uri) => self.show(uri, &it["targetSelectionRange"]),
            None => self.show(it["uri"].as_str().unwrap(), &it["range"]),
        };
        list.iter().map(show).collect()
    }

    /// Asks from every place in `from`: all have the same definition and references.
    #[track_caller]
    fn linked(&mut self, from: &[(&str, &str)], definition: &[&str], references: &[&str]) {
        for (path, needle) in from {
            assert_eq!(
                self.targets("definition", path, needle),
                definition,
                "definition of {needle} in {path}"
            );
            assert_eq!(
                self.targets("references", path, needle),
                references,
                "references of {needle} in {path}"
            );
        }
    }

    fn hover(&mut self, path: &str, needle: &str) -> String {
        let answer = self.ask("hover", path, needle);
        let page = answer["contents"]["value"].as_str().unwrap_or_default();
        if self.in_folders { as_of_0(page) } else { page.to_owned() }
    }
}

#[test]
fn a_renamed_column_of_a_renamed_table() {
    for mut history in History::both() {
        history.linked(
            &[
                ("src/schema.ts", "  em|ail:"),
                ("src/schema.ts", "varchar('em|ail'"),
                ("src/schema.ts", "on(t.em|ail)"),
                ("src/app.ts", "p.em|ail"),
                ("src/app.ts", "set({ em|ail"),
                ("drizzle/0000_init.sql", "\"ma|il\" varchar"),
                ("drizzle/0000_init.sql", "(ma|il LIKE"),
                ("drizzle/0000_init.sql", "btree (\"ma|il\")"),
                ("drizzle/0001_lower.sql", "lower(MA|IL)"),
                ("drizzle/0001_lower.sql", "WHERE ma|il"),
                ("drizzle/0001_lower.sql", "SET ma|il"),
                ("drizzle/0001_lower.sql", "lower(ma|il)"),
                ("drizzle/0003_email.sql", "RENAME ma|il"),
                ("drizzle/0003_email.sql", "TO ema|il"),
                ("drizzle/0004_wider.sql", "COLUMN \"em|ail\" SET DATA"),
                ("drizzle/0004_wider.sql", "USING \"em|ail\""),
                ("drizzle/0004_wider.sql", "\"em|ail\" SET NOT NULL"),
                ("drizzle/0004_wider.sql", "people.em|ail"),
                ("drizzle/0007_trigger.sql", "OF em|ail"),
                ("drizzle/0007_trigger.sql", "WHEN (NEW.em|ail"),
            ],
            &[
                "src/schema.ts:7 email",
                "drizzle/0000_init.sql:4 \"mail\"",
                "drizzle/0004_wider.sql:2 \"email\"",
            ],
            &[
                "drizzle/0000_init.sql:4 \"mail\"",
                "drizzle/0000_init.sql:8 mail",
                "drizzle/0000_init.sql:11 \"mail\"",
                "drizzle/0001_lower.sql:1 MAIL",
                "drizzle/0001_lower.sql:1 mail",
                "drizzle/0001_lower.sql:2 mail",
                "drizzle/0001_lower.sql:2 mail",
                "drizzle/0003_email.sql:1 mail",
                "drizzle/0003_email.sql:1 email",
                "drizzle/0004_wider.sql:1 \"email\"",
                "drizzle/0004_wider.sql:1 \"email\"",
                "drizzle/0004_wider.sql:2 \"email\"",
                "drizzle/0004_wider.sql:3 email",
                "drizzle/0007_trigger.sql:2 email",
                "drizzle/0007_trigger.sql:2 email",
                "src/app.ts:3 email",
                "src/app.ts:4 email",
                "src/schema.ts:7 email",
                "src/schema.ts:11 email",
                "src/schema.ts:11 email",
            ],
        );
    }
}

#[test]
fn a_table_under_both_names() {
    for mut history in History::both() {
        history.linked(
            &[
                ("src/schema.ts", "const peo|ple"),
                ("src/schema.ts", "pgTable('peo|ple'"),
                ("src/app.ts", "from peo|ple"),
                ("drizzle/0000_init.sql", "TABLE \"use|rs\""),
                ("drizzle/0000_init.sql", "REFERENCES \"use|rs\""),
                ("drizzle/0001_lower.sql", "UPDATE use|rs"),
                ("drizzle/0002_people.sql", "TABLE \"us|ers\""),
                ("drizzle/0002_people.sql", "TO \"peo|ple\""),
                ("drizzle/0003_email.sql", "TABLE peo|ple"),
                ("drizzle/0007_trigger.sql", "ON peo|ple"),
            ],
            &["src/schema.ts:5 people", "drizzle/0000_init.sql:2 \"users\""],
            &[
                "drizzle/0000_init.sql:2 \"users\"",
                "drizzle/0000_init.sql:10 \"users\"",
                "drizzle/0000_init.sql:11 \"users\"",
                "drizzle/0001_lower.sql:1 users",
                "drizzle/0001_lower.sql:2 users",
                "drizzle/0002_people.sql:1 \"users\"",
                "drizzle/0002_people.sql:1 \"people\"",
                "drizzle/0003_email.sql:1 people",
                "drizzle/0003_email.sql:2 \"people\"",
                "drizzle/0004_wider.sql:1 \"people\"",
                "drizzle/0004_wider.sql:2 \"people\"",
                "drizzle/0004_wider.sql:3 people",
                "drizzle/0006_again.sql:1 \"people\"",
                "drizzle/0006_again.sql:2 \"people\"",
                "drizzle/0006_again.sql:3 \"people\"",
                "drizzle/0007_trigger.sql:2 people",
                "src/app.ts:2 people",
                "src/app.ts:3 people",
                "src/app.ts:3 people",
                "src/app.ts:4 people",
                "src/app.ts:4 people",
                "src/schema.ts:5 people",
                "src/schema.ts:14 people",
            ],
        );
    }
}

#[test]
fn a_quoted_name_with_a_space() {
    for mut history in History::both() {
        history.linked(
            &[
                ("src/schema.ts", "  full|Name:"),
                ("src/app.ts", "people.full|Name"),
                ("drizzle/0000_init.sql", "\"Full Na|me\""),
                ("drizzle/0003_email.sql", "COLUMN \"Full Na|me\""),
                ("drizzle/0003_email.sql", "TO \"full|Name\""),
                ("drizzle/0006_again.sql", "\"full|Name\" SET DEFAULT"),
            ],
            &[
                "src/schema.ts:8 fullName",
                "drizzle/0000_init.sql:5 \"Full Name\"",
                "drizzle/0006_again.sql:3 \"fullName\"",
            ],
            &[
                "drizzle/0000_init.sql:5 \"Full Name\"",
                "drizzle/0003_email.sql:2 \"Full Name\"",
                "drizzle/0003_email.sql:2 \"fullName\"",
                "drizzle/0006_again.sql:3 \"fullName\"",
                "src/app.ts:3 fullName",
                "src/schema.ts:8 fullName",
            ],
        );
    }
}

#[test]
fn a_renamed_label() {
    for mut history in History::both() {
        history.linked(
            &[
                ("src/schema.ts", "'con|tent'"),
                ("src/app.ts", "'cont|ent'"),
                ("drizzle/0000_init.sql", "'o|k'"),
                ("drizzle/0000_init.sql", "DEFAULT 'o|k'"),
                ("drizzle/0005_label.sql", "'o|k'"),
                ("drizzle/0005_label.sql", "'cont|ent'"),
            ],
            &["src/schema.ts:4 'content'", "drizzle/0000_init.sql:1 ok"],
            &[
                "drizzle/0000_init.sql:1 ok",
                "drizzle/0000_init.sql:6 'ok'",
                "drizzle/0005_label.sql:1 ok",
                "drizzle/0005_label.sql:1 content",
                "src/app.ts:4 'content'",
                "src/schema.ts:4 'content'",
                "src/schema.ts:9 'content'",
            ],
        );
    }
}

#[test]
fn an_index_and_a_check() {
    for mut history in History::both() {
        history.linked(
            &[
                ("src/schema.ts", "'people_em|ail_idx'"),
                ("drizzle/0000_init.sql", "\"users_ma|il_idx\""),
                ("drizzle/0003_email.sql", "\"users_ma|il_idx\""),
                ("drizzle/0003_email.sql", "\"people_ema|il_idx\""),
            ],
            &["src/schema.ts:11 index('people_email_idx')", "drizzle/0000_init.sql:11 \"users_mail_idx\""],
            &[
                "drizzle/0000_init.sql:11 \"users_mail_idx\"",
                "drizzle/0003_email.sql:3 \"users_mail_idx\"",
                "drizzle/0003_email.sql:3 \"people_email_idx\"",
                "src/schema.ts:11 index('people_email_idx')",
            ],
        );
        history.linked(
            &[("src/schema.ts", "'has|_at'"), ("drizzle/0000_init.sql", "\"has_|at\"")],
            &[
                "src/schema.ts:11 check('has_at', sql`${t.email} like '%@%'`)",
                "drizzle/0000_init.sql:8 \"has_at\"",
            ],
            &[
                "drizzle/0000_init.sql:8 \"has_at\"",
                "src/schema.ts:11 check('has_at', sql`${t.email} like '%@%'`)",
            ],
        );
    }
}

#[test]
fn a_column_made_again_is_linked_with_the_former() {
    for mut history in History::both() {
        history.linked(
            &[
                ("src/schema.ts", "  ol|d:"),
                ("drizzle/0006_again.sql", "ADD COLUMN \"o|ld\""),
                ("drizzle/0006_again.sql", "DROP COLUMN \"o|ld\""),
                ("drizzle/0000_init.sql", "\"o|ld\""),
            ],
            &["src/schema.ts:10 old", "drizzle/0006_again.sql:2 \"old\""],
            &[
                "drizzle/0000_init.sql:7 \"old\"",
                "drizzle/0006_again.sql:1 \"old\"",
                "drizzle/0006_again.sql:2 \"old\"",
                "src/schema.ts:10 old",
            ],
        );
    }
}

#[test]
fn hover_tells_what_became_of_a_column() {
    for mut history in History::both() {
        for (path, needle) in [
            ("src/schema.ts", "  em|ail:"),
            ("src/app.ts", "p.em|ail"),
            ("drizzle/0000_init.sql", "\"ma|il\" varchar"),
        ] {
            let page = history.hover(path, needle);
            let line = page.lines().find(|it| it.contains("created in")).unwrap_or(&page);
            let expected = "- created in `0000_init`, altered in `0003_email`, `0004_wider`";
            assert_eq!(line, expected, "{needle} in {path}");
        }
    }
}

#[test]
fn keys_by_the_names_that_the_schema_gives_them() {
    let mut history = History::new();
    let schema = "import { foreignKey, integer, pgTable, primaryKey, unique } from 'drizzle-orm/pg-core'
export const a = pgTable('a', { x: integer('x'), y: integer('y') }, (t) => [
  primaryKey({ name: 'a_pk', columns: [t.x, t.y] }),
  unique('a_y').on(t.y),
  foreignKey({ name: 'a_up', columns: [t.x], foreignColumns: [t.y] }),
])
";
    let sql = "CREATE TABLE a (x integer, y integer, CONSTRAINT a_pk PRIMARY KEY (x, y), CONSTRAINT a_y UNIQUE (y));
ALTER TABLE a ADD CONSTRAINT a_up FOREIGN KEY (x) REFERENCES a (y);
ALTER TABLE a DROP CONSTRAINT a_up;
ALTER TABLE a ADD CONSTRAINT a_up FOREIGN KEY (x) REFERENCES a (y);
";
    history.project.write("src/schema.ts", schema);
    history.project.write("drizzle/0000_init.sql", sql);
    history
        .project
        .write("drizzle/meta/_journal.json", &json!({ "entries": [{ "tag": "0000_init" }] }).to_string());
    history.editor = Editor::new(&history.project);
    history.editor.until_ready();
    for (from, uses) in [("a_p|k", 2), ("a_|y'", 2), ("a_u|p", 4)] {
        let definition = history.targets("definition", "src/schema.ts", from);
        assert!(definition[0].starts_with("src/schema.ts:"), "{from}: {definition:?}");
        assert_eq!(definition.len(), 2, "{from}: {definition:?}");
        let references = history.targets("references", "src/schema.ts", from);
        assert_eq!(references.len(), uses, "{from}: {references:?}");
        let from = from.trim_end_matches('\'');
        assert_eq!(history.targets("definition", "drizzle/0000_init.sql", from), definition, "{from}");
        assert_eq!(history.targets("references", "drizzle/0000_init.sql", from), references, "{from}");
    }
}

#[test]
fn what_is_dropped_leads_to_what_made_it() {
    let mut history = History::new();
    history.project.write("drizzle/0005_label.sql", "ALTER TABLE people ADD COLUMN former text;\n");
    history.project.write("drizzle/0007_trigger.sql", "ALTER TABLE people DROP COLUMN former;\n");
    history.editor = Editor::new(&history.project);
    history.editor.until_ready();
    let at = ("drizzle/0007_trigger.sql", "COLUMN for|mer");
    assert_eq!(history.targets("definition", at.0, at.1), ["drizzle/0005_label.sql:1 former"]);
    let both = ["drizzle/0005_label.sql:1 former", "drizzle/0007_trigger.sql:1 former"];
    assert_eq!(history.targets("references", at.0, at.1), both);
    let page = history.hover("drizzle/0005_label.sql", "COLUMN for|mer");
    assert!(page.contains("created in `0005_label`, dropped in `0007_trigger`"), "{page}");
}
