use super::{head, journal, snapshot};

#[test]
fn broken_files_are_no_snapshots() {
    for text in ["", "{", "[]", "{\"version\":\"7\"}", "{\"dialect\":\"postgresql\",\"ddl\":7}"] {
        assert!(snapshot(&[text]).is_none(), "{text}");
        assert!(journal(text).is_none(), "{text}");
        assert!(head(text).is_none(), "{text}");
    }
    assert!(snapshot(&[]).is_none());
}

#[test]
fn journals_keep_the_order_of_their_entries() {
    let res = journal(
        r#"{"version":"7","dialect":"postgresql","entries":[
            {"idx":0,"version":"7","when":10,"tag":"0000_init","breakpoints":true},
            {"idx":1,"version":"7","when":5,"tag":"0001_late","breakpoints":false},
            {"nonsense":true}]}"#,
    )
    .expect("a journal");
    let entries: Vec<_> = res.entries.iter().map(|it| (it.tag.as_str(), it.when, it.breakpoints)).collect();
    assert_eq!(entries, [("0000_init", 10, true), ("0001_late", 5, false)]);
}
