use super::{collision, steps};
use crate::sql::Dialect;

fn snapshot(dialect: Dialect, rows: &str) -> String {
    let (name, version) = if dialect == Dialect::Mysql { ("mysql", 6) } else { ("sqlite", 7) };
    format!(
        r#"{{"version":"{version}","dialect":"{name}","id":"x","prevIds":[],"renames":[],"ddl":[{rows}]}}"#
    )
}

fn column(table: &str, name: &str, ty: &str) -> String {
    format!(
        r#"{{"entityType":"columns","table":"{table}","name":"{name}","type":"{ty}","notNull":false,"default":null,"generated":null}}"#
    )
}

fn table(name: &str) -> String {
    format!(r#"{{"entityType":"tables","name":"{name}"}}"#)
}

fn picture(dialect: Dialect, from: &str, to: &str) -> Vec<String> {
    let steps = steps(dialect, Some(&snapshot(dialect, from)), &snapshot(dialect, to)).expect("snapshots");
    steps.iter().map(|it| format!("{} {} {}", it.action, it.object, it.part).trim().to_owned()).collect()
}

#[test]
fn changes_of_a_column_are_told_by_their_dialect() {
    let before = [table("t"), column("t", "a", "text"), column("t", "b", "int")].join(",");
    let after = [table("t"), column("t", "a", "varchar(9)"), column("t", "c", "int")].join(",");
    assert_eq!(
        picture(Dialect::Mysql, &before, &after),
        ["alter_column t a", "add_column t c", "drop_column t b"]
    );
    assert_eq!(picture(Dialect::Sqlite, &before, &after), ["add_column t c", "recreate_table t"]);
}

#[test]
fn what_is_written_otherwise_is_no_change() {
    let before = [table("t"), column("t", "a", "tinyint(1)")].join(",");
    let after = [table("t"), column("t", "a", "boolean")].join(",");
    assert!(picture(Dialect::Mysql, &before, &after).is_empty());
}

#[test]
fn a_dropped_table_and_a_new_column_of_it_collide() {
    let base = [table("t"), column("t", "a", "text"), table("u")].join(",");
    let added = [table("t"), column("t", "a", "text"), column("t", "b", "text"), table("u")].join(",");
    let dropped = table("u");
    for dialect in [Dialect::Mysql, Dialect::Sqlite] {
        let to = |rows: &str| {
            steps(dialect, Some(&snapshot(dialect, &base)), &snapshot(dialect, rows)).expect("snapshots")
        };
        let (a, b) = (to(&added), to(&dropped));
        let (left, right) = collision(dialect, &a, &b).expect("a collision");
        assert_eq!((left.action, right.action), ("add_column", "drop_table"));
        let (left, right) = collision(dialect, &b, &a).expect("a collision");
        assert_eq!((left.action, right.action), ("drop_table", "add_column"));
        assert!(collision(dialect, &a, &to(&base)).is_none());
    }
}

#[test]
fn other_versions_are_no_snapshots_here() {
    assert!(steps(Dialect::Sqlite, None, r#"{"version":"6","dialect":"sqlite","ddl":[]}"#).is_none());
    assert!(steps(Dialect::Postgres, None, r#"{"version":"9","dialect":"postgres","ddl":[]}"#).is_none());
    let twice = format!("{},{}", table("t"), table("t"));
    assert!(steps(Dialect::Sqlite, None, &snapshot(Dialect::Sqlite, &twice)).is_none());
}
