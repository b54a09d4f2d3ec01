use super::*;
use crate::base::file::InFile;
use crate::testing::Fixture;

fn check(text: &str) -> Vec<String> {
    let fixture = Fixture::new(text);
    let found = highlights(&fixture.snap, fixture.pos()).expect("nobody cancels");
    let show = |it: &Highlight| {
        let write = if it.write { " written" } else { "" };
        format!("{}{write}", fixture.show(InFile::new(fixture.pos().file, it.range)))
    };
    found.iter().map(show).collect()
}

#[test]
fn only_this_file_and_what_is_written() {
    let found = check(
        "//- /db/schema.sql\ncreate table people (id int, name text);\n//- /db/q.sql\nupdate people set na<|>me = upper(name) where id = 1;",
    );
    assert_eq!(found, ["db/q.sql:1:19 name written", "db/q.sql:1:32 name"]);
}

#[test]
fn a_parameter() {
    let found = check(
        "//- /db/schema.sql\ncreate table people (id int);\n//- /db/q.sql\nselect 1 from people where id = $<|>1 or $1 > 3;",
    );
    assert_eq!(found, ["db/q.sql:1:33 $1", "db/q.sql:1:39 $1"]);
}
