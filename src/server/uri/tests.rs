use super::*;

fn path_of(uri: &str) -> Option<String> {
    to_path(&Uri::from_str(uri).unwrap())
}

#[test]
fn file_uris_are_decoded() {
    assert_eq!(path_of("file:///home/a%20b/%C3%A9.sql").as_deref(), Some("/home/a b/é.sql"));
    assert_eq!(path_of("file:///w/%5B%5B...rest%5D%5D/x.ts").as_deref(), Some("/w/[[...rest]]/x.ts"));
    assert_eq!(path_of("file:///w/a/../b.sql").as_deref(), Some("/w/b.sql"));
    assert_eq!(path_of("file://localhost/w/x.sql").as_deref(), Some("/w/x.sql"));
    assert_eq!(path_of("FILE:///w/x.sql").as_deref(), Some("/w/x.sql"));
}

#[test]
fn drives_and_shares_are_paths() {
    for uri in ["file:///c%3A/w/x.sql", "file:///C:/w/x.sql", "file:///c:/w/x.sql", "file:///C%3a/w/x.sql"] {
        assert_eq!(path_of(uri).as_deref(), Some("C:/w/x.sql"), "{uri}");
    }
    assert_eq!(path_of("file://server/share/x.sql").as_deref(), Some("//server/share/x.sql"));
}

#[test]
fn other_schemes_are_no_paths() {
    for uri in
        ["untitled:Untitled-1", "git:/w/x.sql?%7B%7D", "columnist://rules/x.md", "vscode-notebook:/w/x"]
    {
        assert_eq!(path_of(uri), None, "{uri}");
    }
    assert_eq!(path_of("file:///w/%ff.sql"), None);
    assert_eq!(path_of("file:x"), None);
}

#[test]
fn paths_come_back_from_their_uris() {
    for path in ["/w/a b/é/[[...x]]/(group)/q@1.sql", "C:/w/x.sql", "//server/share/x y.sql", "/w/100%.sql"]
    {
        let uri = from_path(path).unwrap();
        assert_eq!(to_path(&uri).as_deref(), Some(path), "{}", uri.as_str());
    }
    assert_eq!(from_path("C:/w/x.sql").unwrap().as_str(), "file:///c%3A/w/x.sql");
}

#[test]
fn pages_come_back_from_their_uris() {
    let uri = page("schema", "packages/db x.sql").unwrap();
    assert_eq!(to_page(&uri), Some(("schema".to_owned(), "packages/db x.sql".to_owned())));
    assert_eq!(to_page(&Uri::from_str("file:///x").unwrap()), None);
}
