use super::*;

#[test]
fn normalize_unifies_platforms() {
    for (given, expected) in [
        ("/a/b/../c/./d/", "/a/c/d"),
        (r"c:\code\app\..\db\schema.ts", "C:/code/db/schema.ts"),
        (r"C:/Work", "C:/Work"),
        (r"\\server\share\x", "//server/share/x"),
        ("./src/../drizzle", "drizzle"),
        ("../x", "../x"),
        ("a/../../x", "../x"),
        ("/../x", "/x"),
        ("", "."),
    ] {
        assert_eq!(normalize(given), expected, "{given}");
    }
}

#[test]
fn join_and_parent_are_inverse_enough() {
    assert_eq!(join("/a/b", "../c.ts"), "/a/c.ts");
    assert_eq!(join("/", "./a.ts"), "/a.ts");
    assert_eq!(join("C:/", "a.ts"), "C:/a.ts");
    assert_eq!(join("C:/app", r"src\db"), "C:/app/src/db");
    assert_eq!(join("/a", "/b"), "/b");
    assert_eq!(parent("/a/b"), Some("/a"));
    assert_eq!(parent("/a"), Some("/"));
    assert_eq!(parent("/"), None);
    assert_eq!(parent("C:/a"), Some("C:/"));
    assert_eq!(parent("C:/"), None);
    assert_eq!(parent("a"), Some("."));
}

#[test]
fn relative_paths_cross_directories() {
    assert_eq!(relative_to("/w/app/src/a.ts", "/w/app"), "src/a.ts");
    assert_eq!(relative_to("/w/db/a.sql", "/w/app"), "../db/a.sql");
    assert_eq!(relative_to("D:/x", "C:/x"), "D:/x");
    assert!(is_within("/w/app/src", "/w/app") && !is_within("/w/application", "/w/app"));
}
