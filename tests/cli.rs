//! The binary as users run it: arguments, exit codes, formats, fixes, baselines, over small projects on disk.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

struct Project(tempfile::TempDir);

impl Project {
    /// A folder with a schema of one table and the given files.
    fn new(files: &[(&str, &str)]) -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        project.write("package.json", "{}");
        project.write(
            "db/schema.sql",
            "create table users (\n  id integer primary key,\n  name text not null\n);\n",
        );
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, &[])
    }

    fn run_with(&self, args: &[&str], env: &[(&str, &str)]) -> Run {
        run(self.0.path(), args, env)
    }

    fn git(&self, args: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let out = Command::new("git").args(identity).args(args).current_dir(self.0.path()).output().unwrap();
        assert!(out.status.success(), "{out:?}");
    }
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_columnist"));
    command.args(args).current_dir(dir);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command.envs(env.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

const WARNED: (&str, &str) = ("db/a.sql", "-- columnist-ignore undefined-column\nselect name from users;\n");
const UNUSED: (&str, &str) =
    ("db/b.sql", "-- columnist-ignore undefined-column: was renamed\r\nselect id from users;\r\n");

fn codes(run: &Run) -> Vec<String> {
    let value: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.out));
    assert_eq!(value["version"], 1);
    let list = value["diagnostics"].as_array().unwrap();
    list.iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn help_and_version() {
    let project = Project::new(&[]);
    for args in [&[][..], &["--help"], &["help"]] {
        let run = project.run(args);
        assert_eq!(run.code, 0, "{args:?}");
        assert!(run.out.contains("Usage: columnist"), "{}", run.out);
        assert!(run.out.contains("Examples:"), "{}", run.out);
    }
    for command in ["check", "schema", "describe", "drift", "explain"] {
        let run = project.run(&[command, "--help"]);
        assert_eq!(run.code, 0);
        assert!(run.out.contains("Examples:"), "{}", run.out);
    }
    let version = project.run(&["--version"]);
    assert_eq!(version.out.trim(), format!("columnist {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn exit_codes() {
    let clean = Project::new(&[]);
    assert_eq!(clean.run(&["check"]).code, 0);
    let unused = Project::new(&[UNUSED]);
    assert_eq!(unused.run(&["check"]).code, 0);
    assert_eq!(unused.run(&["check", "--fail-on", "information"]).code, 1);
    let warned = Project::new(&[WARNED]);
    assert_eq!(warned.run(&["check"]).code, 1);
    assert_eq!(warned.run(&["check", "--fail-on", "error"]).code, 0);
}

#[test]
fn what_cannot_run_says_why() {
    let project = Project::new(&[("columnist.json", "{ // comment\n  \"rules\": {,}\n}")]);
    let run = project.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.starts_with("columnist: cannot read the configuration columnist.json: 2:13: "),
        "{}",
        run.err
    );
    let project = Project::new(&[]);
    for (args, message) in [
        (&["check", "nowhere"][..], "columnist: cannot read nowhere: no such file or directory\n"),
        (&["check", "--config", "x.json"], "columnist: cannot read the configuration x.json: "),
        (&["check", "--baseline", "x.json"], "columnist: cannot read the baseline "),
        (&["check", "--changed-since=--output=x"], "columnist: \"--output=x\" is no git revision"),
        (&["check", "--changed-since", "HEAD"], "columnist: --changed-since needs a git work tree"),
        (&["check", "--format", "xml"], "error: invalid value 'xml'"),
        (&["chek"], "error: unrecognized subcommand 'chek'"),
        (
            &["explain", "undefined-colum"],
            "columnist: no code is called \"undefined-colum\"; did you mean undefined-column?",
        ),
    ] {
        let run = project.run(args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.out);
        assert!(run.err.starts_with(message), "{args:?}: {}", run.err);
    }
}

#[test]
fn every_format_can_be_read_back() {
    let project = Project::new(&[WARNED, UNUSED]);
    assert_eq!(
        codes(&project.run(&["check", "--format", "json"])),
        ["suppression-without-reason", "unused-suppression", "unused-suppression"]
    );
    let sarif = project.run(&["check", "--format", "sarif"]);
    assert_eq!(sarif.code, 1);
    let log: Value = serde_json::from_str(&sarif.out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results[0]["ruleId"], "suppression-without-reason");
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "db/a.sql");
    assert_eq!(results[2]["fixes"][0]["artifactChanges"][0]["artifactLocation"]["uri"], "db/b.sql");
    let github = project.run(&["check", "--format", "github"]);
    let first = github.out.lines().next().unwrap();
    assert!(
        first.starts_with("::warning file=db/a.sql,line=1,endLine=1,col=1,endColumn=37,title="),
        "{first}"
    );
    let pretty = project.run(&["check"]);
    assert!(pretty.out.contains(" --> db/a.sql:1:1\n"), "{}", pretty.out);
    assert!(pretty.out.contains("\n1 warning and 2 remarks\nchecked "), "{}", pretty.out);
}

/// The schema is that of SARIF 2.1.0, as `@microsoft/jest-sarif` brings it.
#[test]
fn sarif_is_valid_by_its_schema() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/blog");
    let small = Project::new(&[WARNED, UNUSED]);
    for (run, n_results) in [
        (small.run(&["check", "--format", "sarif"]), 3),
        (run(&sample, &["check", "--format", "sarif"], &[]), 10),
    ] {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/sarif.mjs");
        let mut child = Command::new("node")
            .arg(script)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("node starts");
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), run.out.as_bytes()).unwrap();
        let out = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&out.stdout), format!("valid: {n_results} results\n"));
    }
}

#[test]
fn json_places_are_bytes_lines_and_characters() {
    let project = Project::new(&[("db/é.sql", "select 'é😀' as x; -- columnist-ignore undefined-column\n")]);
    let run = project.run(&["check", "--format", "json", "db"]);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    let found = value["diagnostics"].as_array().unwrap();
    let found = found.iter().find(|it| it["code"] == "suppression-without-reason").unwrap();
    assert_eq!(found["file"], "db/é.sql");
    assert_eq!(found["range"]["start"], serde_json::json!({ "byte": 22, "line": 1, "column": 19 }));
    assert_eq!(found["sqlstate"], Value::Null);
}

#[test]
fn colours_only_where_they_are_wanted() {
    let project = Project::new(&[WARNED]);
    assert!(!project.run(&["check"]).out.contains('\x1b'));
    assert!(project.run(&["check", "--color", "always"]).out.contains('\x1b'));
    assert!(project.run_with(&["check"], &[("CLICOLOR_FORCE", "1")]).out.contains('\x1b'));
    let both = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    assert!(!project.run_with(&["check"], &both).out.contains('\x1b'));
    assert!(!project.run_with(&["check", "--color", "never"], &both[..1]).out.contains('\x1b'));
}

#[test]
fn only_what_is_asked_about_is_reported() {
    let project = Project::new(&[WARNED, ("other/c.sql", WARNED.1)]);
    let run = project.run(&["check", "--format", "json", "db"]);
    assert_eq!(codes(&run), ["suppression-without-reason", "unused-suppression"]);
    assert_eq!(project.run(&["check", "db/schema.sql"]).code, 0);
    let run = run_in(&project, "other", &["check", "--format", "json"]);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(value["diagnostics"][0]["file"], "c.sql");
}

fn run_in(project: &Project, dir: &str, args: &[&str]) -> Run {
    run(&project.path(dir), args, &[])
}

#[test]
fn a_baseline_hides_what_was_there_and_nothing_new() {
    let project = Project::new(&[WARNED]);
    assert_eq!(project.run(&["check", "--write-baseline", "baseline.json"]).code, 0);
    let run = project.run(&["check", "--baseline", "baseline.json"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("no problems (2 hidden by the baseline)"), "{}", run.out);
    // Lines may move, and the command may be started elsewhere.
    project.write(WARNED.0, &format!("\n\n{}", WARNED.1));
    assert_eq!(run_in(&project, "db", &["check", "--baseline", "../baseline.json"]).code, 0);
    project.write(WARNED.0, &format!("{}{}", WARNED.1, WARNED.1));
    let run = project.run(&["check", "--baseline", "baseline.json", "--format", "json"]);
    assert_eq!((run.code, codes(&run).len()), (1, 2));
    assert_eq!(project.run(&["check", "--baseline", "package.json"]).code, 2);
}

#[test]
fn fixes_are_applied_and_reported() {
    let project = Project::new(&[UNUSED, WARNED]);
    let run = project.run(&["check", "--fix"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("fixed db/b.sql:1: Remove the comment [unused-suppression]"), "{}", run.out);
    assert_eq!(project.read(UNUSED.0), "select id from users;\r\n");
    assert_eq!(project.read(WARNED.0), "select name from users;\n");
    assert!(!project.run(&["check", "--fix"]).out.contains("fixed"));
}

#[test]
fn changed_files_and_what_they_affect() {
    let project = Project::new(&[WARNED, ("src/d.ts", "// columnist-ignore-file undefined-column\n")]);
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-q", "-m", "all"]);
    let changed = ["check", "--format", "json", "--changed-since", "HEAD"];
    assert!(codes(&project.run(&changed)).is_empty());
    project.write("src/e.ts", "// columnist-ignore-file undefined-column\n");
    let run = project.run(&changed);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(value["diagnostics"][0]["file"], "src/e.ts");
    assert_eq!(codes(&run).len(), 2);
    project.write("db/schema.sql", "create table users (id integer);\n");
    assert!(codes(&project.run(&changed)).len() > 2);
    let run = project.run(&["check", "--changed-since", "no-such-branch"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("columnist: git knows no revision \"no-such-branch\""), "{}", run.err);
}

/// Dialects of drizzle-kit whose SQL is not read: the tables are known, and nothing is said against their queries.
#[test]
fn tables_of_other_dialects_are_listed() {
    let cases = [
        (
            "mssql",
            "mssqlTable",
            "mssql-core",
            "int().primaryKey()",
            "nvarchar({ length: 20 })",
            "nvarchar(20)",
        ),
        (
            "cockroach",
            "cockroachTable",
            "cockroach-core",
            "int4().primaryKey()",
            "string({ length: 3 })",
            "string(3)",
        ),
        ("gel", "gelTable", "gel-core", "integer().primaryKey()", "text()", "text"),
        (
            "singlestore",
            "singlestoreTable",
            "singlestore-core",
            "int().primaryKey()",
            "varchar({ length: 4 })",
            "varchar(4)",
        ),
    ];
    for (dialect, table, module, id, name, ty) in cases {
        let project = Project(tempfile::tempdir().unwrap());
        project.write("package.json", r#"{ "dependencies": { "drizzle-orm": "1.0.0-rc.5" } }"#);
        let config =
            format!("export default {{ dialect: '{dialect}', schema: './schema.ts', out: './drizzle' }};\n");
        project.write("drizzle.config.ts", &config);
        project.write(
            "schema.ts",
            &format!(
                "import {{ {table}, int, int4, integer, nvarchar, string, text, varchar }} from 'drizzle-orm/{module}';\n\
                 export const users = {table}('users', {{ id: {id}, name: {name} }});\n"
            ),
        );
        project.write(
            "query.ts",
            "import { sql } from 'drizzle-orm';\nimport { users } from './schema';\n\
             export const q = sql`select top 5 [name], name from ${users} as of system time x where id == 1`;\n",
        );
        let run = project.run(&["schema", "--format", "json"]);
        let value: Value = serde_json::from_str(&run.out).unwrap_or_else(|it| panic!("{it}: {}", run.err));
        let database = &value["databases"][0];
        let shown = if dialect == "singlestore" { "mysql" } else { dialect };
        assert_eq!(database["dialect"], shown);
        assert_eq!(database["tables"][0]["name"], "users", "{dialect}");
        assert_eq!(database["tables"][0]["columns"][1]["type"], ty, "{dialect}");
        if dialect != "singlestore" {
            let run = project.run(&["check"]);
            assert_eq!(run.code, 0, "{}", run.out);
        }
    }
}

/// Of the migrations, those are judged that the branch has made; without git, the newest.
#[test]
fn new_migrations_are_those_of_the_branch() {
    let project = Project(tempfile::tempdir().unwrap());
    project.write("package.json", r#"{ "dependencies": { "drizzle-orm": "0.45.4" } }"#);
    project.write("drizzle.config.ts", "export default { dialect: 'postgresql', out: './drizzle' };\n");
    let journal = |tags: &[&str]| {
        let entries: Vec<String> = tags
            .iter()
            .enumerate()
            .map(|(idx, tag)| {
                format!(
                    r#"{{ "idx": {idx}, "version": "7", "when": {}, "tag": "{tag}", "breakpoints": true }}"#,
                    idx + 1
                )
            })
            .collect();
        let list = entries.join(", ");
        let text = format!(r#"{{ "version": "7", "dialect": "postgresql", "entries": [{list}] }}"#);
        project.write("drizzle/meta/_journal.json", &text);
    };
    project.write(
        "drizzle/0000_init.sql",
        "create table users (id integer primary key, a text, b text, c text);\n",
    );
    project.write("drizzle/0001_a.sql", "alter table users drop column a;\n");
    journal(&["0000_init", "0001_a"]);
    project.git(&["init", "-q", "-b", "main"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-q", "-m", "all"]);
    project.git(&["checkout", "-q", "-b", "work"]);
    project.write("drizzle/0002_b.sql", "alter table users drop column b;\n");
    project.git(&["add", "."]);
    project.git(&["commit", "-q", "-m", "b"]);
    project.write("drizzle/0003_c.sql", "alter table users drop column c;\n");
    journal(&["0000_init", "0001_a", "0002_b", "0003_c"]);
    let dropped = |args: &[&str]| -> Vec<String> {
        let run = project.run(&[&["check", "--format", "json"], args].concat());
        let value: Value =
            serde_json::from_str(&run.out).unwrap_or_else(|it| panic!("{it}: {} {}", run.out, run.err));
        let found = value["diagnostics"].as_array().unwrap().iter().filter(|it| it["code"] == "drop-column");
        found.map(|it| it["file"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(dropped(&[]), ["drizzle/0003_c.sql"]);
    assert_eq!(dropped(&["--changed-since", "main"]), ["drizzle/0002_b.sql", "drizzle/0003_c.sql"]);
    assert_eq!(dropped(&["--changed-since", "HEAD"]), ["drizzle/0003_c.sql"]);
    // What came to the other branch meanwhile is none of this one's.
    project.git(&["stash", "-q", "-u"]);
    project.git(&["checkout", "-q", "main"]);
    project.write("drizzle/0001_a.sql", "alter table users drop column a; -- told apart\n");
    project.git(&["commit", "-q", "-a", "-m", "main"]);
    project.git(&["checkout", "-q", "work"]);
    project.git(&["stash", "pop", "-q"]);
    assert_eq!(dropped(&["--changed-since", "main"]), ["drizzle/0002_b.sql", "drizzle/0003_c.sql"]);
    project.write("columnist.json", r#"{ "newMigrations": "none" }"#);
    assert_eq!(dropped(&["--changed-since", "main"]), Vec::<String>::new());
}

const DRIZZLE: [(&str, &str); 6] = [
    ("package.json", r#"{ "dependencies": { "drizzle-orm": "0.45.4" } }"#),
    (
        "drizzle.config.ts",
        "import { defineConfig } from 'drizzle-kit';\n\
         export default defineConfig({ dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' });\n",
    ),
    (
        "src/schema.ts",
        "import { integer, pgTable, text } from 'drizzle-orm/pg-core';\n\
         export const users = pgTable('users', { id: integer().primaryKey(), nick: text() });\n\
         export const posts = pgTable('posts', { id: integer().primaryKey(), title: text() });\n",
    ),
    (
        "src/users.ts",
        "import { sql } from 'drizzle-orm';\nimport { db } from './db';\nimport { users } from './schema';\n\
         export const all = () => db.execute(sql`select nick from ${users}`);\n",
    ),
    (
        "src/names.ts",
        "import { sql } from 'drizzle-orm';\nimport { db } from './db';\n\
         export const names = () => db.execute(sql`select u.nick from users u`);\n",
    ),
    (
        "src/posts.ts",
        "import { sql } from 'drizzle-orm';\nimport { db } from './db';\nimport { posts } from './schema';\n\
         export const wrong = () => db.execute(sql`select missing from ${posts}`);\n",
    ),
];

/// A schema module that changes concerns every file that uses one of its tables.
#[test]
fn changed_schema_modules_and_what_they_affect() {
    let project = Project(tempfile::tempdir().unwrap());
    for (path, text) in DRIZZLE {
        project.write(path, text);
    }
    project.write(
        "src/db.ts",
        "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle('x');\n",
    );
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-q", "-m", "all"]);
    let changed = ["check", "--format", "json", "--changed-since", "HEAD"];
    let files = |run: &Run| -> Vec<String> {
        let value: Value =
            serde_json::from_str(&run.out).unwrap_or_else(|it| panic!("{it}: {} {}", run.out, run.err));
        let found = value["diagnostics"].as_array().unwrap().iter();
        found.map(|it| format!("{} {}", it["file"].as_str().unwrap(), it["code"].as_str().unwrap())).collect()
    };
    // What was wrong before stays out of the report.
    assert_eq!(files(&project.run(&["check", "--format", "json"])), ["src/posts.ts undefined-column"]);
    assert!(files(&project.run(&changed)).is_empty());
    let schema = project.read("src/schema.ts").replace("nick: text()", "name: text()");
    project.write("src/schema.ts", &schema);
    let found = files(&project.run(&changed));
    assert!(found.contains(&"src/users.ts undefined-column".to_owned()), "{found:?}");
    assert!(found.contains(&"src/names.ts undefined-column".to_owned()), "{found:?}");
    // A change of a file that no other needs concerns itself alone.
    project.git(&["commit", "-q", "-a", "-m", "renamed"]);
    project.write("src/posts.ts", &project.read("src/posts.ts").replace("missing", "lost"));
    assert_eq!(files(&project.run(&changed)), ["src/posts.ts undefined-column"]);
}

/// What MySQL and SQLite write beyond PostgreSQL's grammar is checked for its names.
#[test]
fn statements_of_other_dialects() {
    let project = Project(tempfile::tempdir().unwrap());
    let config = DRIZZLE[1].1.replace("postgresql", "mysql");
    let schema = "import { int, mysqlTable, varchar } from 'drizzle-orm/mysql-core';\n\
        export const users = mysqlTable('users', { id: int().primaryKey(), nick: varchar({ length: 9 }) });\n\
        export const posts = mysqlTable('posts', { id: int().primaryKey(), author: int(), title: varchar({ length: 9 }) });\n";
    project.write("package.json", DRIZZLE[0].1);
    project.write("drizzle.config.ts", &config);
    project.write("src/schema.ts", schema);
    project.write(
        "src/db.ts",
        "import { drizzle } from 'drizzle-orm/mysql2';\nexport const db = drizzle('x');\n",
    );
    let statements = [
        (
            "update users u join posts p on p.author = u.id set u.nick = p.title, p.title = upper(u.nick) where u.id > 1",
            "",
        ),
        ("update users u join posts p on p.author = u.id set u.nick = p.titel", "p.titel"),
        ("update users u, posts p set u.nik = 'x' where p.author = u.id", "u.nik"),
        ("update users set users.nick = 'x' where id = 1 order by id limit 1", ""),
        ("delete u from users u left join posts p on p.author = u.id where p.id is null", ""),
        ("delete u, p from users u join posts p on p.auhtor = u.id", "p.auhtor"),
        ("delete from users where nic = 'x' order by id limit 1", "nic"),
        ("replace into users (id, nick) values (1, 'x')", ""),
        ("replace into users (id, nik) values (1, 'x')", "nik"),
        ("insert into users (id) values (1) on duplicate key update nick = values(nick)", ""),
        ("insert into users (id) values (1) on duplicate key update nicc = 'x'", "nicc"),
        ("insert ignore into posts (id, titl) values (1, 'x')", "titl"),
    ];
    for (idx, (sql, _)) in statements.iter().enumerate() {
        let text = format!(
            "import {{ sql }} from 'drizzle-orm';\nimport {{ db }} from './db';\nexport const q = () => db.execute(sql`{sql}`);\n"
        );
        project.write(&format!("src/q{idx:02}.ts"), &text);
    }
    let run = project.run(&["check", "--format", "json"]);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    let text_of = |it: &Value| {
        let byte = |side: &str| it["range"][side]["byte"].as_u64().unwrap() as usize;
        let file = it["file"].as_str().unwrap();
        (file.to_owned(), project.read(file)[byte("start")..byte("end")].to_owned())
    };
    let found: Vec<_> = value["diagnostics"].as_array().unwrap().iter().map(text_of).collect();
    let expected: Vec<_> = statements
        .iter()
        .enumerate()
        .filter(|it| !it.1.1.is_empty())
        .map(|(idx, it)| (format!("src/q{idx:02}.ts"), it.1.to_owned()))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(value["summary"]["fragments"], statements.len());
}

/// What a run prints on a terminal of its own, which Python makes.
#[cfg(unix)]
fn on_a_terminal(dir: &Path, args: &[&str]) -> String {
    let out = Command::new("python3")
        .args([
            "-c",
            "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)",
            env!("CARGO_BIN_EXE_columnist"),
        ])
        .args(args)
        .current_dir(dir)
        .env_remove("NO_COLOR")
        .env("TERM", "xterm-256color")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("python3 starts");
    String::from_utf8_lossy(&out.stdout).into_owned()
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_a_progress_bar_when_it_takes_long() {
    let project = Project::new(&[]);
    let query = "import { sql } from 'drizzle-orm';\nexport const q = sql`select id, name from users where id > 1`;\n";
    for idx in 0..1_500 {
        project
            .write(&format!("src/f{idx}.ts"), &query.repeat(12).replace("const q", &format!("const q{idx}")));
    }
    let shown = on_a_terminal(project.0.path(), &["check"]);
    assert!(shown.contains("checking ["), "{shown}");
    assert!(shown.contains("/1501 files"), "{shown}");
    // It is gone when the report comes.
    let report = shown.rsplit("\x1b[2K").next().unwrap();
    assert!(report.contains("no problems") && !report.contains("checking ["), "{report}");
    let small = Project::new(&[]);
    assert!(!on_a_terminal(small.0.path(), &["check"]).contains("checking ["));
    assert!(!on_a_terminal(project.0.path(), &["check", "--quiet"]).contains("checking ["));
    assert!(!project.run(&["check"]).err.contains("checking ["));
}

#[test]
fn quiet_prints_problems_only() {
    let project = Project::new(&[]);
    assert_eq!(project.run(&["check", "--quiet"]).out, "");
}

#[test]
fn explain_lists_and_explains() {
    let project = Project::new(&[]);
    let all = project.run(&["explain"]);
    assert!(all.out.contains("  undefined-column"), "{}", all.out);
    let one = project.run(&["explain", "undefined-column"]);
    assert!(one.out.contains("SQLSTATE 42703"), "{}", one.out);
}

#[test]
fn configuration_sets_severities_and_leaves_files_out() {
    let config = "{\n  // groups, too\n  \"rules\": { \"columnist\": \"error\", \"unused-suppression\": \"off\" },\n  \
                  \"overrides\": [{ \"files\": [\"db/b.sql\"], \"rules\": { \"unused-suppression\": \"hint\" } }],\n}";
    let project = Project::new(&[WARNED, UNUSED, ("columnist.json", config)]);
    let run = project.run(&["check", "--format", "json", "--fail-on", "error"]);
    assert_eq!(run.code, 1);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    let severities =
        value["diagnostics"].as_array().unwrap().iter().map(|it| it["severity"].as_str().unwrap());
    assert_eq!(severities.collect::<Vec<_>>(), ["error", "hint"]);
    project.write("columnist.json", r#"{ "exclude": ["db/a.sql"] }"#);
    assert_eq!(codes(&project.run(&["check", "--format", "json"])), ["unused-suppression"]);
    project.write("other.json", r#"{ "exclude": ["db"], "rulez": {}, "rules": { "undefined": "off" } }"#);
    let run = project.run(&["check", "--format", "json", "--config", "other.json"]);
    assert_eq!(codes(&run), ["unknown-configuration", "unknown-configuration"]);
    assert_eq!(run.code, 1);
}
