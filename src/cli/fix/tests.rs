use super::*;
use crate::base::file::InFile;
use crate::base::text::range;
use crate::cli::testing::{diagnostic, outcome};
use crate::lint::Severity;

fn fix(safe: bool, edits: &[(usize, usize, &str)]) -> Fix {
    let edit = |&(start, end, text): &(usize, usize, &str)| TextEdit {
        at: InFile::new(FileId(0), range(start, end)),
        text: text.to_owned(),
    };
    Fix { title: "t".to_owned(), safe, edits: edits.iter().map(edit).collect() }
}

fn fixed(text: &str, fixes: &[Fix]) -> String {
    let mut it = outcome(&[("a.sql", text)]);
    for fix in fixes {
        let at = fix.edits[0].at;
        let mut found = diagnostic(at, "unused-suppression", Severity::Information, "m");
        found.fixes.push(fix.clone());
        it.diagnostics.push(found);
    }
    let plan = plan(&it, |_| true);
    apply(text, plan.edits.get(&FileId(0)).map_or(&[], Vec::as_slice))
}

#[test]
fn disjoint_safe_fixes_are_applied_together() {
    assert_eq!(fixed("abcdef", &[fix(true, &[(4, 5, "E")]), fix(true, &[(0, 1, "A"), (2, 3, "")])]), "AbdEf");
    assert_eq!(fixed("abcdef", &[fix(false, &[(0, 1, "A")])]), "abcdef");
    // The second touches the first, the third overlaps itself, the fourth lies outside.
    let refused = [fix(true, &[(1, 2, "B")]), fix(true, &[(2, 3, "C"), (4, 5, "E")])];
    assert_eq!(fixed("abcdef", &refused), "aBcdef");
    assert_eq!(fixed("abcdef", &[fix(true, &[(0, 3, "x"), (2, 4, "y")])]), "abcdef");
    assert_eq!(fixed("abcdef", &[fix(true, &[(5, 9, "x")])]), "abcdef");
}

#[test]
fn line_ends_stay() {
    assert_eq!(fixed("a\r\nb\r\n", &[fix(true, &[(3, 4, "x\ny")])]), "a\r\nx\r\ny\r\n");
    assert_eq!(fixed("a\nb\n", &[fix(true, &[(2, 3, "x\ny")])]), "a\nx\ny\n");
}

#[test]
fn files_are_replaced_whole_and_changed_ones_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.sql");
    std::fs::write(&file, "old").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    }
    replace_file(&file, "new", Some("old")).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }
    assert!(replace_file(&file, "newer", Some("old")).is_err());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_or_through_links() {
    let dir = tempfile::tempdir().unwrap();
    let root = path::normalize(dir.path().canonicalize().unwrap().to_str().unwrap());
    let inside = path::join(&root, "in");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(path::join(&root, "out.sql"), "").unwrap();
    std::fs::write(path::join(&inside, "a.sql"), "").unwrap();
    std::os::unix::fs::symlink(&root, path::join(&inside, "link")).unwrap();
    std::os::unix::fs::symlink(path::join(&root, "out.sql"), path::join(&inside, "b.sql")).unwrap();
    let roots = [inside.clone()];
    assert!(may_write(&path::join(&inside, "a.sql"), &roots));
    for file in ["../out.sql", "link/out.sql", "b.sql", "missing.sql"] {
        assert!(!may_write(&path::join(&inside, file), &roots), "{file}");
    }
}
