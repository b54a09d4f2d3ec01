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

#[test]
fn intervals_that_hold_too_much() {
    let too_much = |text: &str| format!("interval field value out of range: \"{text}\"");
    for text in [
        "2147483648 days",
        "1 week 2147483647 days",
        "-2147483648 decades",
        "2562047789 hours",
        "9223372036854775808 microsecond",
        "P2147483648",
        "PT-2562047789",
        "P2147483648-1-1",
        "-2147483648 months ago",
        "2562047788:00:54.775808",
        "12:60",
        "1-12",
    ] {
        refused(TypeId::INTERVAL, text, "22015", &too_much(text));
    }
    refused(TypeId::INTERVAL, "2147483647 years", "22008", "interval out of range");
    accepted(
        TypeId::INTERVAL,
        &[
            "2147483647 days",
            "-2147483648 days",
            "178956970 years 7 months",
            "2562047788:00:54.775807",
            "P1Y2M3DT4H5M6.5S",
            "P0001-02-03T04:05:06",
            "P00010203T040506",
            "P1.5W",
            "1-11 -3 -4:05:06.7",
            "1.5 years ago",
        ],
    );
}

#[test]
fn empty_parts_and_bounds_of_arrays() {
    let texts = TypeId(1009);
    accepted(texts, &["{{},{}}", "[0:1]={a,b}", "[1:1][2:3]={{a,b}}", " [2] = {1,2} ", "{{{}},{{}}}"]);
    for text in ["{{1},{{2}}}", "{{},{{}}}", "{{1},{}}", "[2]={1}", "[1:]={1}", "[1:1]{1}", "{1},2"] {
        refused(texts, text, "22P02", &format!("malformed array literal: \"{text}\""));
    }
}

#[test]
fn addresses_and_transactions() {
    accepted(
        TypeId::MACADDR8,
        &["08:00:2b:01:02:03", "08-00-2b-01-02-03-04-05 ", "08002b0102030405", " 08002b:010203"],
    );
    for text in ["123 08:00:2b:01:02:03", "08:00-2b:01:02:03", "08002b01020304050607", "08:00:2b", "0800:2g"]
    {
        refused(
            TypeId::MACADDR8,
            text,
            "22P02",
            &format!("invalid input syntax for type macaddr8: \"{text}\""),
        );
    }
    accepted(
        TypeId::MACADDR,
        &["08002b:010203", "0800.2b01.0203", "08002b010203", "8:0:2b:1:2:3", "08002b-010203"],
    );
    refused(
        TypeId::MACADDR,
        "0800:2b01:0203",
        "22P02",
        "invalid input syntax for type macaddr: \"0800:2b01:0203\"",
    );
    accepted(TypeId::CIDR, &["192.168.1.0/24", "10/8", "ffff::/16", "192.168.1"]);
    refused(TypeId::CIDR, "192.168.1.2/30", "22P02", "invalid cidr value: \"192.168.1.2/30\"");
    let snapshot = TypeId(5038);
    accepted(snapshot, &["12:13:", "12:20:13,15,18", "12:20:13,", "1:1:"]);
    for text in ["31:12:", "0:1:", "12:13:0", "12:16:14,13", "12"] {
        refused(snapshot, text, "22P02", &format!("invalid input syntax for type pg_snapshot: \"{text}\""));
    }
    accepted(TypeId(27), &["(0,1)", "(4294967295,65535)"]);
    refused(TypeId(27), "(1,65536)", "22P02", "invalid input syntax for type tid: \"(1,65536)\"");
}

#[test]
fn numbers_in_paths() {
    for text in ["00", "1a", "1.e", "1.2e3a", "100_", "1_000.5e_1", "0x", "1.type()"] {
        let error = check(&Catalog::default(), Type::plain(TypeId::JSONPATH), text).expect_err("junk");
        assert!(
            error.message.starts_with("trailing junk after numeric literal"),
            "{text}: {}",
            error.message
        );
    }
    for text in ["0755", "0b0x", "100__000", "$.date(2)", "$.time(-1)", "$.time(2.0)", "$.a(1)"] {
        let error = check(&Catalog::default(), Type::plain(TypeId::JSONPATH), text).expect_err("refused");
        assert_eq!(error.code.sqlstate, Some("42601"), "{text}");
    }
    accepted(
        TypeId::JSONPATH,
        &[
            "1_000.5e0_1",
            "0x1F + 0b10",
            "1.",
            ".5",
            "$.a1.b2",
            "$.time(2).type()",
            "$.decimal(-1,+2)",
            "1. .type()",
            "$[0x1 to last]",
        ],
    );
}

#[test]
fn texts_to_search() {
    accepted(TypeId::TSVECTOR, &["", "a:1,2B c", ":1", "a : 1", "'x y':4 z", "a:1*", "a\\ b", "a'b"]);
    refused(TypeId::TSVECTOR, "a:0", "42601", "wrong position info in tsvector: \"a:0\"");
    refused(TypeId::TSVECTOR, "a:1ABC", "42601", "syntax error in tsvector: \"a:1ABC\"");
    refused(TypeId::TSVECTOR, "'a", "42601", "syntax error in tsvector: \"'a\"");
    refused(TypeId::TSVECTOR, "a\\", "42601", "there is no escaped character: \"a\\\"");
    accepted(TypeId::TSQUERY, &["", " ", "a & !(b:* | c)", "a:ab*", "a <2> b", "a<->b", "!!a"]);
    refused(TypeId::TSQUERY, "a |", "42601", "no operand in tsquery: \"a |\"");
    refused(TypeId::TSQUERY, "a b", "42601", "syntax error in tsquery: \"a b\"");
    refused(TypeId::TSQUERY, "()", "42601", "syntax error in tsquery: \"()\"");
    let distance = "distance in phrase operator must be an integer value between zero and 16384 inclusive";
    refused(TypeId::TSQUERY, "a <99999> b", "22023", distance);
}

#[test]
fn amounts_in_any_locale() {
    accepted(
        TypeId::MONEY,
        &["$1,234.50", "1.234,50 \u{20ac}", "(5)", "12 kr", "", "-", "92233720368547758.07"],
    );
    refused(TypeId::MONEY, "1e5", "22P02", "invalid input syntax for type money: \"1e5\"");
    refused(TypeId::MONEY, "--1", "22P02", "invalid input syntax for type money: \"--1\"");
    let large = "99999999999999999999";
    refused(TypeId::MONEY, large, "22003", &format!("value \"{large}\" is out of range for type money"));
}

#[test]
fn elements_that_are_not_closed() {
    accepted(
        TypeId::XML,
        &["", "a", "<a/>", "<a b='1' c=\"&lt;\">x</a > y", "<?xml version='1.0'?><a/>", "&#xA;"],
    );
    for text in
        ["<a>", "</a>", "<a></b>", "a < b", "a & b", "&nosuch;", "<a b=1/>", "<a b='1' b='2'/>", "<a b='<'/>"]
    {
        refused(TypeId::XML, text, "2200N", "invalid XML content");
    }
}

#[test]
fn names_of_objects() {
    accepted(
        TypeId(2206),
        &["int", "integer[]", "timestamp(3) with time zone", "-", "23", "pg_class", "_int4"],
    );
    refused(TypeId(2206), "nosuch", "42704", "type \"nosuch\" does not exist");
    accepted(TypeId(24), &["now", "pg_catalog.now", "int4in", "-", "1"]);
    refused(TypeId(24), "nosuch", "42883", "function \"nosuch\" does not exist");
    refused(TypeId(24), "lower", "42725", "more than one function named \"lower\"");
    accepted(TypeId(2202), &["lower(text)", "now()", "pg_catalog.substr(text, integer)", "count(\"any\")"]);
    refused(TypeId(2202), "lower", "22P02", "expected a left parenthesis");
    refused(TypeId(2202), "now(uuid)", "42883", "function \"now(uuid)\" does not exist");
    accepted(TypeId(4089), &["public", "pg_catalog", "-"]);
    refused(TypeId(4089), "nosuch", "3F000", "schema \"nosuch\" does not exist");
    accepted(TypeId(3734), &["english", "pg_catalog.german", "zhcfg", "simple"]);
    refused(TypeId(3734), "englsh", "42704", "text search configuration \"englsh\" does not exist");
}

#[test]
fn numbers_beyond_what_is_held() {
    accepted(TypeId::NUMERIC, &["1e131071", "1e-16383", "0e200000", "1_0.5e1_0"]);
    for text in ["1e131072", "1e-16384", "1e2000000000"] {
        refused(TypeId::NUMERIC, text, "22003", "value overflows numeric format");
    }
    refused(TypeId::JSONB, "1e131072", "22003", "value overflows numeric format");
    refused(TypeId::JSONB, "\"\\u0000\"", "22P05", "unsupported Unicode escape sequence");
    accepted(TypeId::JSON, &["1e131072", "\"\\u0000\""]);
    let (int4range, xid8, int2vector) = (TypeId(3904), TypeId(5069), TypeId(22));
    refused(int4range, "[1,2147483647]", "22003", "integer out of range");
    accepted(int4range, &["[1,2147483647)", "(2147483647,2147483647]"]);
    accepted(xid8, &["18446744073709551615", "-1", "0x10", "010"]);
    refused(
        xid8,
        "18446744073709551616",
        "22003",
        "value \"18446744073709551616\" is out of range for type xid8",
    );
    accepted(int2vector, &["", " 1 -2  3 "]);
    refused(int2vector, "1,2", "22P02", "invalid input syntax for type smallint: \"1,2\"");
}

#[test]
fn addresses_with_octets_left_out() {
    accepted(TypeId::INET, &["1.2.3.4", "1.2.3.4.", "1.2/16", "1.2./16", "::1/64"]);
    accepted(TypeId::CIDR, &["10", "10.1.2", "192.168/24", "0x0a", "224"]);
    for text in ["10.1", "1.2/24", "1.2.3.256", "1..2", "0x1.2.3.4"] {
        refused(TypeId::INET, text, "22P02", &format!("invalid input syntax for type inet: \"{text}\""));
    }
    refused(TypeId::CIDR, "192.168.1/16", "22P02", "invalid cidr value: \"192.168.1/16\"");
}

#[test]
fn paths_are_predicates_or_values() {
    let path = TypeId::JSONPATH;
    accepted(
        path,
        &[
            "$.a ? (@.b == 1 && !(@.c > 2) || exists (@.d))",
            "($.a == 1) is unknown",
            "($ > 1).type()",
            "-$.a + 2 * 3",
            "$.a /* c */ [0 to last]",
            "$ like_regex \"(\" flag \"q\"",
        ],
    );
    for text in ["$ ? (1)", "$ == 1 == 2", "!$.a", "$ && $", "$[1 == 1]", "exists ($ == 1)", "- exists ($)"] {
        let error = check(&Catalog::default(), Type::plain(path), text).expect_err(text);
        assert_eq!(error.code.sqlstate, Some("42601"), "{text}");
    }
    let message = "invalid regular expression: parentheses () not balanced";
    refused(path, "$ like_regex \"(\"", "2201B", message);
}
