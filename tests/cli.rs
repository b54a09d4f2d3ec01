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
