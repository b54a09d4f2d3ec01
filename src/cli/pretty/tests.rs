use super::*;
use crate::base::file::{FileId, InFile};
use crate::base::text::range;
use crate::cli::testing::{diagnostic, outcome, place, sample};
use expect_test::expect;

const PLAIN: Config = Config { color: false, width: 100, explain_skipped: false, quiet: false };

#[test]
fn a_report_shows_places_hint_related_and_coverage() {
    let mut sample = sample();
    sample.milliseconds = 312;
    expect![[r#"
        error[undefined-column]: column "emial" does not exist (SQLSTATE 42703)
         --> src/app.ts:2:20
          |
        2 | q(sql`select 'é😀', emial    from users ${filters}`);
          |                     ^^^^^
          |
          = help: Perhaps you meant 100% "users.email".
        note: "users" is declared here
         --> src/schema.ts:2:3
          |
        2 |   users = pgTable('users', {});
          |   ^^^^^

        warning[missing-required-column]: "name" gets no value
         --> a,b:%.sql:1:13
          |
        1 | insert into users values (1);
          |             ^^^^^

        not checked:
          src/app.ts:2:37: dynamic: hole ${filters} is not known

        1 error and 1 warning
        checked 1 of 2 SQL fragments; 1 not: 1 dynamic
        3 files in 0.31 s
    "#]]
    .assert_eq(&render(&sample, Config { explain_skipped: true, ..PLAIN }));
}

#[test]
fn near_related_places_share_the_excerpt() {
    let mut it = outcome(&[("q.sql", "select id\nfrom a,\n  b\r\nwhere true;\n")]);
    let mut found = diagnostic(place(&it, 0, "id"), "ambiguous-column", Severity::Error, "it is ambiguous");
    found.related.push(crate::lint::Related { at: place(&it, 0, "b\r"), message: "in this".to_owned() });
    it.diagnostics.push(found);
    expect![[r#"
        error[ambiguous-column]: it is ambiguous
         --> q.sql:1:8
          |
        1 | select id
          |        ^^
        2 | from a,
        3 |   b
          |   - in this

    "#]]
    .assert_eq(&render(&it, Config { quiet: true, ..PLAIN }));
}

#[test]
fn long_lines_are_cut_and_the_place_stays_exact() {
    let text = format!("{}bad{}", "é, ".repeat(5_000), " wide 表".repeat(200_000));
    let mut it = outcome(&[("min.sql", &text)]);
    it.diagnostics.push(diagnostic(place(&it, 0, "bad"), "undefined-column", Severity::Error, "no"));
    let text = render(&it, Config { quiet: true, ..PLAIN });
    assert!(text.contains("min.sql:1:15001"), "{text}");
    assert!(text.contains("bad wide"), "{text}");
    assert!(text.len() < 2_000, "{}", text.len());
}

#[test]
fn colours_only_when_asked() {
    assert!(!render(&sample(), PLAIN).contains('\x1b'));
    assert!(render(&sample(), Config { color: true, ..PLAIN }).contains('\x1b'));
}

#[test]
fn no_place_panics() {
    let texts = ["", "\n", "a\r\nb\rc\n", "\u{feff}é\t\tx\u{200d}y\n\n", "select '😀'\n;"];
    for text in texts {
        let len = text.len() + 2;
        for (start, end) in (0..len).flat_map(|start| (start..len).map(move |end| (start, end))) {
            let inside = |at: usize| at > text.len() || text.is_char_boundary(at);
            if !inside(start) || !inside(end) {
                continue;
            }
            let mut it = outcome(&[("f.sql", text)]);
            let at = InFile::new(FileId(0), range(start, end));
            it.diagnostics.push(diagnostic(at, "syntax-error", Severity::Hint, "m"));
            render(&it, PLAIN);
            render(&it, Config { color: true, width: 40, ..PLAIN });
        }
    }
}

#[test]
fn marks_over_many_lines_show_their_first() {
    let text = "select 1,\n".repeat(50);
    let mut it = outcome(&[("f.sql", &text)]);
    let at = InFile::new(FileId(0), range(7, text.len()));
    it.diagnostics.push(diagnostic(at, "syntax-error", Severity::Warning, "m"));
    let text = render(&it, Config { quiet: true, ..PLAIN });
    assert!(text.lines().count() < 10, "{text}");
}
