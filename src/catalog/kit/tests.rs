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

#[test]
fn branches_that_end_in_whole_schemas_are_not_one_schema() {
    let text = |id: &str, previous: &str, table: &str| {
        format!(
            r#"{{"version":"6","dialect":"mysql","id":"{id}","prevIds":[{previous}],
                "ddl":[{{"entityType":"tables","name":"{table}"}}]}}"#
        )
    };
    let (a, b, c) = (text("a", "", "x"), text("b", r#""a""#, "y"), text("c", r#""a""#, "z"));
    let d = text("d", r#""b","c""#, "all");
    assert!(snapshot(&[&a, &b]).is_some());
    assert!(snapshot(&[&a, &b, &c]).is_none());
    assert!(snapshot(&[&a, &b, &c, &d]).is_some());
}

#[test]
fn branches_of_changes_are_all_applied() {
    let base = r#"{"version":"9","dialect":"postgres","type":"base","id":"a","prevIds":[],
        "ddl":[{"entityType":"tables","schema":"public","name":"x"}]}"#;
    let branch = |id: &str, table: &str| {
        format!(
            r#"{{"version":"9","dialect":"postgres","type":"diff","id":"{id}","prevIds":["a"],
                "deltas":[{{"op":"create","row":{{"entityType":"tables","schema":"public","name":"{table}"}}}}]}}"#
        )
    };
    let (b, c) = (branch("b", "y"), branch("c", "z"));
    let res = snapshot(&[base, &b, &c]).expect("a snapshot");
    let mut names: Vec<&str> = res.relations.keys().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["x", "y", "z"]);
}
