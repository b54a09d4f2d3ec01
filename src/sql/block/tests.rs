use super::{blocks, name};
use crate::base::text::slice;

#[test]
fn a_block_begins_with_its_name() {
    assert_eq!(name("-- BLOCK select_user"), Some("select_user"));
    assert_eq!(name("--BLOCK  a.b "), Some("a.b"));
    for prose in ["-- BLOCK", "-- BLOCK of rows", "-- block x", "-- BLOCKS x", "-- BLOCK A", "/* BLOCK x"] {
        assert_eq!(name(prose), None, "{prose}");
    }
}

#[test]
fn places_of_blocks() {
    let text = "-- BLOCK one\nselect 1;\n\n  -- BLOCK  two\r\nselect 'BLOCK three'";
    let found: Vec<_> =
        blocks(text).iter().map(|it| (it.name, slice(text, it.comment), slice(text, it.focus))).collect();
    assert_eq!(found, [("one", "-- BLOCK one", "one"), ("two", "-- BLOCK  two", "two")]);
}
