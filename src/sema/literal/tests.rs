use super::check;
use crate::catalog::{Catalog, Type, TypeId};

#[track_caller]
fn refused(id: TypeId, text: &str, sqlstate: &str, message: &str) {
    let error = check(&Catalog::default(), Type::plain(id), text).expect_err("the text is refused");
    assert_eq!((error.code.sqlstate, error.message.as_str()), (Some(sqlstate), message));
}

#[track_caller]
fn accepted(id: TypeId, texts: &[&str]) {
    for text in texts {
        assert_eq!(check(&Catalog::default(), Type::plain(id), text), Ok(()), "{text}");
    }
}

#[test]
fn integers_in_every_notation() {
    accepted(TypeId::INT4, &["1", " -1 ", "+1", "0x1F", "0b101", "0o17", "1_000", "0x_1", "-2147483648"]);
    refused(TypeId::INT4, "abc", "22P02", "invalid input syntax for type integer: \"abc\"");
    refused(TypeId::INT4, "", "22P02", "invalid input syntax for type integer: \"\"");
    refused(TypeId::INT4, "1_", "22P02", "invalid input syntax for type integer: \"1_\"");
    refused(TypeId::INT4, "2147483648", "22003", "value \"2147483648\" is out of range for type integer");
    refused(TypeId::INT2, "99999x", "22003", "value \"99999x\" is out of range for type smallint");
    refused(TypeId::INT2, "999x", "22P02", "invalid input syntax for type smallint: \"999x\"");
}

#[test]
fn elements_of_arrays_are_read() {
    let ints = TypeId(1007);
    accepted(ints, &["{}", "{1,2}", " { 1 , NULL } ", "{{1},{2}}", "[0:0]={1}", "{\"1\"}"]);
    refused(ints, "{1,a}", "22P02", "invalid input syntax for type integer: \"a\"");
    refused(ints, "{1,}", "22P02", "malformed array literal: \"{1,}\"");
    refused(ints, "{{1},{2,3}}", "22P02", "malformed array literal: \"{{1},{2,3}}\"");
}

#[test]
fn impossible_days() {
    accepted(TypeId::DATE, &["2024-02-29", "Jan 5, 2024", "now"]);
    refused(TypeId::DATE, "2023-02-29", "22008", "date/time field value out of range: \"2023-02-29\"");
    refused(TypeId::DATE, "soon", "22007", "invalid input syntax for type date: \"soon\"");
}

#[test]
fn every_prefix_of_anything_is_safe() {
    let texts = ["{\"a\\\"b\",{c}}", "[1,2)", "{\"k\": [1e5, \"\\ud83d\\ude00\"]}", "\\xdéad", "é:é", "1_é"];
    let catalog = Catalog::default();
    for text in texts {
        for end in (0..=text.len()).filter(|it| text.is_char_boundary(*it)) {
            for info in crate::catalog::pg::all_types() {
                let _ = check(&catalog, Type::plain(info.id), &text[..end]);
            }
        }
    }
}
