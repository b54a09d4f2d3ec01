use super::*;
use crate::embed;
use crate::lint::Severity;
use crate::ts;

/// Every `@` in `text` is a place where a problem `undefined-column` starts (and is taken out). The result tells
/// the lines (from 1) of those left, and what is reported of the comments.
fn check(path: &str, marked: &str) -> Vec<String> {
    let mut text = String::new();
    let mut report = FileReport::default();
    let file = FileId(0);
    for (idx, part) in marked.split('@').enumerate() {
        if idx > 0 {
            report.diagnostics.push(Diagnostic {
                at: InFile::new(file, range(text.len(), text.len() + 1)),
                severity: Severity::Error,
                code: "undefined-column",
                sqlstate: None,
                message: "left".to_owned(),
                hint: None,
                related: Vec::new(),
                fixes: Vec::new(),
                subject: "".into(),
            });
        }
        text.push_str(part);
    }
    let places = match FileKind::of(path) {
        Some(FileKind::Script(flavor)) => {
            scope::in_script(&text, flavor, &embed::fragments(&ts::parse(&text, flavor), &text))
        }
        _ => scope::in_sql(&text),
    };
    let lines = LineIndex::new(&text);
    silence(file, &text, &lines, &places, &mut report);
    report.diagnostics.sort_by_key(|it| it.at.value.start());
    let line = |it: &Diagnostic| lines.line_of(it.at.value.start()) + 1;
    report.diagnostics.iter().map(|it| format!("{}: {}", line(it), it.message)).collect()
}

#[test]
fn the_next_sql_statement() {
    let left = check(
        "a.sql",
        "-- columnist-ignore undefined-column: the view is made at night\n-- more words\nselect @a,\n  @b;\nselect @c;\n",
    );
    assert_eq!(left, ["5: left"]);
}

#[test]
fn the_same_line_at_its_end() {
    let left = check(
        "a.sql",
        "select @a, -- columnist-ignore undefined-column: why\n  @b;\n/* columnist-ignore undefined-column: why */\nselect @c;",
    );
    assert_eq!(left, ["2: left"]);
}

#[test]
fn the_next_line_inside_a_statement() {
    let left = check("a.sql", "select @a,\n  -- columnist-ignore undefined-column: why\n\n  @b,\n  @c");
    assert_eq!(left, ["1: left", "5: left"]);
}

#[test]
fn the_file() {
    let text = "-- about\n-- columnist-ignore-file undefined-column: generated\nselect @a;\nselect @b;";
    assert!(check("a.sql", text).is_empty());
    let text = "select @a;\n-- columnist-ignore-file undefined-column: too late\nselect @b;";
    assert_eq!(
        check("a.sql", text),
        ["1: left", "2: there is no undefined-column here to silence", "3: left"]
    );
    assert!(check("a.ts", "#!/usr/bin/env node\n// columnist-ignore-file: generated\nf(sql`@a`)").is_empty());
}

#[test]
fn declarations_statements_and_members_of_scripts() {
    let left = check(
        "a.ts",
        "import { sql } from 'drizzle-orm';\n\
         // columnist-ignore undefined-column: why\nexport const a = sql`select @x`;\n\
         export async function f() {\n  const s = '// columnist-ignore undefined-column: no comment';\n\
         \x20 /* columnist-ignore undefined-column: why */\n  return db.execute(sql`@y`);\n}\n\
         const q = db.select({\n  // columnist-ignore undefined-column: why\n  n: sql`@z`,\n  m: sql`@w`,\n})\n\
         \x20 // columnist-ignore undefined-column: why\n  .where(sql`@u`)\n  .orderBy(sql`@v`);\n\
         f(sql`@t`); // columnist-ignore undefined-column: why\n",
    );
    assert_eq!(left, ["12: left", "16: left"]);
}

#[test]
fn comments_in_jsx_and_in_templates() {
    let left = check(
        "a.tsx",
        "const a = <p>\n  {/* columnist-ignore undefined-column: why */}\n  <b>{f(sql`@x`)}</b>\n</p>;\n\
         const q = sql`\n  -- columnist-ignore undefined-column: why\n  select @a,\n  @b`;\n\
         const r = sql`select @c, -- columnist-ignore undefined-column: why\n  @d`;\n",
    );
    assert_eq!(left, ["10: left"]);
}

#[test]
fn reasons_are_mandatory_and_unused_codes_are_said() {
    let left = check("a.sql", "-- columnist-ignore undefined-column\nselect @a;");
    assert_eq!(left, ["1: this suppression gives no reason"]);
    let left = check("a.sql", "-- columnist-ignore undefined-colum, undefined-column: why\nselect @a;");
    assert_eq!(left, ["1: no rule has the code \"undefined-colum\""]);
    let left = check("a.sql", "select 1;\n-- columnist-ignore undefined-column: nothing follows\n");
    assert_eq!(left, ["2: there is no undefined-column here to silence"]);
    assert!(check("a.sql", "-- columnist-ignored: a word of its own\nselect 1;").is_empty());
}

#[test]
fn what_was_skipped_keeps_its_suppression() {
    let text = "-- columnist-ignore undefined-column: why\nselect 1;";
    let skipped =
        crate::db::Skipped { host: range(42, 50), reason: crate::db::SkipReason::Dynamic, detail: "".into() };
    let mut report = FileReport { skipped: vec![skipped], ..FileReport::default() };
    silence(FileId(0), text, &LineIndex::new(text), &scope::in_sql(text), &mut report);
    assert!(report.diagnostics.is_empty());
}

#[test]
fn fixes_remove_the_code_or_the_comment() {
    let fixed = |path: &str, text: &str| {
        let places = match FileKind::of(path) {
            Some(FileKind::Script(flavor)) => scope::in_script(text, flavor, &[]),
            _ => scope::in_sql(text),
        };
        let mut report = FileReport::default();
        silence(FileId(0), text, &LineIndex::new(text), &places, &mut report);
        let fix = &report.diagnostics[0].fixes[0];
        assert!(fix.safe);
        let mut res = text.to_owned();
        let at = fix.edits[0].at.value;
        res.replace_range(usize::from(at.start())..usize::from(at.end()), "");
        res
    };
    assert_eq!(fixed("a.sql", "  -- columnist-ignore a: why\r\nselect 1;\r\n"), "select 1;\r\n");
    assert_eq!(fixed("a.sql", "select 1; -- columnist-ignore a: why\nx"), "select 1;\nx");
    assert_eq!(
        fixed("a.sql", "/* columnist-ignore a, b: why */ select 1"),
        "/* columnist-ignore b: why */ select 1"
    );
    assert_eq!(fixed("a.tsx", "<p>\n  {/* columnist-ignore a: w */}\n  <b/>\n</p>"), "<p>\n  <b/>\n</p>");
    assert_eq!(fixed("a.ts", "f(); // columnist-ignore a: w\ng()"), "f();\ng()");
}
