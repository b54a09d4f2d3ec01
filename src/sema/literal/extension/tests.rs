//! Every text was read by PostgreSQL: the SQLSTATE and words are its own.

use super::check;

#[test]
fn vector_is_read_as_its_extension_does() {
    judge(
        "vector",
        "vector",
        &[
            ("[1,2,3]", None),
            ("1,2,3", Some(("22P02", "invalid input syntax for type vector: \"1,2,3\""))),
            ("[]", Some(("22000", "vector must have at least 1 dimension"))),
            ("[ 1 , 2 ]", None),
            (" [1]", None),
            ("[1] ", None),
            ("[1]x", Some(("22P02", "invalid input syntax for type vector: \"[1]x\""))),
            ("[1,]", Some(("22P02", "invalid input syntax for type vector: \"[1,]\""))),
            ("[,1]", Some(("22P02", "invalid input syntax for type vector: \"[,1]\""))),
            ("[1 2]", Some(("22P02", "invalid input syntax for type vector: \"[1 2]\""))),
            ("[nan]", Some(("22000", "NaN not allowed in vector"))),
            ("[Infinity]", Some(("22000", "infinite value not allowed in vector"))),
            ("[1e40]", Some(("22003", "\"1e40\" is out of range for type vector"))),
            ("[1e-50]", None),
            ("[1e-42]", None),
            ("[0x1p3]", None),
            ("[1e]", Some(("22P02", "invalid input syntax for type vector: \"[1e]\""))),
            ("[.5]", None),
            ("[5.]", None),
            ("[+1]", None),
            ("[-1]", None),
            ("{1,2}", Some(("22P02", "invalid input syntax for type vector: \"{1,2}\""))),
            ("(1,2)", Some(("22P02", "invalid input syntax for type vector: \"(1,2)\""))),
            ("", Some(("22P02", "invalid input syntax for type vector: \"\""))),
            ("[1,2", Some(("22P02", "invalid input syntax for type vector: \"[1,2\""))),
            ("[a]", Some(("22P02", "invalid input syntax for type vector: \"[a]\""))),
            ("[1.2.3]", Some(("22P02", "invalid input syntax for type vector: \"[1.2.3]\""))),
            ("[--1]", Some(("22P02", "invalid input syntax for type vector: \"[--1]\""))),
            ("[1,,2]", Some(("22P02", "invalid input syntax for type vector: \"[1,,2]\""))),
            ("[[1]]", Some(("22P02", "invalid input syntax for type vector: \"[[1]]\""))),
            ("[\"1\"]", Some(("22P02", "invalid input syntax for type vector: \"[\"1\"]\""))),
            ("[1,null]", Some(("22P02", "invalid input syntax for type vector: \"[1,null]\""))),
            ("[infinit]", Some(("22000", "infinite value not allowed in vector"))),
            ("[0e-99]", None),
        ],
    );
}

#[test]
fn sparsevec_is_read_as_its_extension_does() {
    let wrong = |it: &str| format!("invalid input syntax for type sparsevec: \"{it}\"");
    for text in [
        "{1:0.5}", "{a:1}/5", "{1:x}/5", "x", "", "{", "{1", "{1:1", "{1:1,}/3", "{,}/3", "{1:1}/3x", "[1,2]",
    ] {
        judge("vector", "sparsevec", &[(text, Some(("22P02", &wrong(text))))]);
    }
    const BOUNDS: Option<(&str, &str)> = Some(("22000", "sparsevec index out of bounds"));
    const DIMENSIONS: Option<(&str, &str)> = Some(("22000", "sparsevec must have at least 1 dimension"));
    judge(
        "vector",
        "sparsevec",
        &[
            ("{1:0.5,3:1.5}/5", None),
            ("{}/5", None),
            (" { 1 : 1 , 2 : 3 } / 3 ", None),
            ("{+1:+1}/+3", None),
            ("{0:0}/5", None),
            ("{1:0,1:0}/5", None),
            ("{3:1,1:2}/5", None),
            ("{0:1}/5", BOUNDS),
            ("{6:1}/5", BOUNDS),
            ("{-1:1}/3", BOUNDS),
            ("{1:1,1:2}/5", Some(("22000", "sparsevec indices must not contain duplicates"))),
            ("{1:1}/0", DIMENSIONS),
            ("{1:1}/-1", DIMENSIONS),
            ("{}/0", DIMENSIONS),
        ],
    );
}

#[test]
fn cubes_are_read_as_their_extension_does() {
    const WRONG: Option<(&str, &str)> = Some(("22P02", "invalid input syntax for cube"));
    judge(
        "cube",
        "cube",
        &[
            ("(1,2),(3,4)", None),
            ("1,2", None),
            ("[(1),(2)]", None),
            ("(1),(2)", None),
            ("()", None),
            (" ( 1 , 2 ) ", None),
            ("(1e5, -2.5, .5, 5.)", None),
            ("(inf)", None),
            ("(nan,-Infinity)", None),
            ("(1", WRONG),
            ("x", WRONG),
            ("", WRONG),
            ("((1,2),(3,4))", WRONG),
            ("(1,2),(3)", WRONG),
            ("[1,2", WRONG),
            ("[1,2]", WRONG),
            ("[(1)]", WRONG),
            ("(1,,2)", WRONG),
            ("(a)", WRONG),
            ("(1 2)", WRONG),
            ("(1,2),", WRONG),
            ("(1),(2),(3)", WRONG),
            ("(1e)", WRONG),
        ],
    );
}

#[test]
fn queries_are_read_as_their_extensions_do() {
    const OPERAND: Option<(&str, &str)> = Some(("42601", "operand syntax error"));
    const WRONG: Option<(&str, &str)> = Some(("42601", "syntax error"));
    judge(
        "ltree",
        "ltxtquery",
        &[
            ("a & b", None),
            ("a | !b", None),
            ("a@*%", None),
            ("(a & b) | c", None),
            ("a.b & c", WRONG),
            ("(a & b", WRONG),
            ("a b", WRONG),
            ("a &", OPERAND),
            ("& a", OPERAND),
            ("", OPERAND),
        ],
    );
    judge(
        "intarray",
        "query_int",
        &[("1&2", None), ("1&(2|!3)", None), ("1&", WRONG), ("", WRONG), ("x", WRONG), ("(1", WRONG)],
    );
}

#[test]
fn halfvec_is_read_as_its_extension_does() {
    judge(
        "vector",
        "halfvec",
        &[
            ("[1,2,3]", None),
            ("1,2,3", Some(("22P02", "invalid input syntax for type halfvec: \"1,2,3\""))),
            ("[]", Some(("22000", "halfvec must have at least 1 dimension"))),
            ("[1,]", Some(("22P02", "invalid input syntax for type halfvec: \"[1,]\""))),
            ("[a]", Some(("22P02", "invalid input syntax for type halfvec: \"[a]\""))),
            ("[nan]", Some(("22000", "NaN not allowed in halfvec"))),
            ("[70000]", Some(("22003", "\"70000\" is out of range for type halfvec"))),
            ("[1]x", Some(("22P02", "invalid input syntax for type halfvec: \"[1]x\""))),
            ("[1e-9]", None),
        ],
    );
}

#[test]
fn hstore_is_read_as_its_extension_does() {
    judge(
        "hstore",
        "hstore",
        &[
            ("a=>1", None),
            ("a=>1, b=>2", None),
            ("", None),
            (" ", None),
            ("a", Some(("42601", "syntax error in hstore: unexpected end of string"))),
            ("a=>", Some(("42601", "syntax error in hstore: unexpected end of string"))),
            ("=>1", Some(("42601", "syntax error in hstore, near \"=\" at position 0"))),
            ("a=1", Some(("42601", "syntax error in hstore, near \"1\" at position 2"))),
            ("a=>1,", None),
            ("a=>1,,b=>2", None),
            ("a=>1 b=>2", Some(("42601", "syntax error in hstore, near \"b\" at position 5"))),
            ("\"a\"=>\"b\"", None),
            ("\"a=>1", Some(("42601", "syntax error in hstore: unexpected end of string"))),
            ("a=>\"b", Some(("42601", "syntax error in hstore: unexpected end of string"))),
            ("a => NULL", None),
            ("a=>b c", Some(("42601", "syntax error in hstore, near \"c\" at position 5"))),
            ("a\\=>b=>1", None),
            ("a=>\\", Some(("42601", "syntax error in hstore: unexpected end of string"))),
            ("\\", Some(("42601", "syntax error in hstore: unexpected end of string"))),
            ("{\"a\":1}", Some(("42601", "syntax error in hstore: unexpected end of string"))),
            ("a:1", Some(("42601", "syntax error in hstore: unexpected end of string"))),
            (",", Some(("42601", "syntax error in hstore: unexpected end of string"))),
            ("a=>=", None),
            ("a=>>1", None),
            ("a =>1", None),
            ("a = >1", Some(("42601", "syntax error in hstore, near \" \" at position 3"))),
            ("é=>1", None),
            ("a x=>1", Some(("42601", "syntax error in hstore, near \"x\" at position 2"))),
            ("a=>b=c", None),
            ("\"a\" \"b\"", Some(("42601", "syntax error in hstore, near \"\"\" at position 4"))),
            ("é\"=>1", None),
            ("a é", Some(("42601", "syntax error in hstore, near \"é\" at position 2"))),
        ],
    );
}

#[test]
fn ltree_is_read_as_its_extension_does() {
    judge(
        "ltree",
        "ltree",
        &[
            ("", None),
            ("a", None),
            ("a.b", None),
            ("a.b-c", None),
            ("a b", Some(("42601", "ltree syntax error at character 2"))),
            (".a", Some(("42601", "ltree syntax error at character 1"))),
            ("a.", Some(("42601", "ltree syntax error"))),
            ("a..b", Some(("42601", "ltree syntax error at character 3"))),
            ("a.b_c", None),
            ("a.b*", Some(("42601", "ltree syntax error at character 4"))),
            ("é", None),
            (" a", Some(("42601", "ltree syntax error at character 1"))),
            ("a/b", Some(("42601", "ltree syntax error at character 2"))),
            ("A.1.2", None),
            (".", Some(("42601", "ltree syntax error at character 1"))),
        ],
    );
}

#[test]
fn lquery_is_read_as_its_extension_does() {
    judge(
        "ltree",
        "lquery",
        &[
            ("*", None),
            ("*.a", None),
            ("a.*", None),
            ("a.*{2}", None),
            ("a.*{2,}", None),
            ("a.*{,2}", None),
            ("a.*{1,2}", None),
            ("a.*{2,1}", Some(("42601", "lquery syntax error"))),
            ("a|b", None),
            ("a|", Some(("42601", "lquery syntax error"))),
            ("|a", Some(("42601", "lquery syntax error at character 1"))),
            ("!a", None),
            ("!", Some(("42601", "lquery syntax error at character 2"))),
            ("a.!b|c", None),
            ("!.a", Some(("42601", "lquery syntax error at character 2"))),
            ("a*", None),
            ("a@", None),
            ("a%", None),
            ("a@*", None),
            ("a*b", Some(("42601", "lquery syntax error at character 3"))),
            ("**", Some(("42601", "lquery syntax error at character 2"))),
            ("*a", Some(("42601", "lquery syntax error at character 2"))),
            ("", Some(("42601", "lquery syntax error"))),
            ("a.", Some(("42601", "lquery syntax error"))),
            (".a", Some(("42601", "lquery syntax error at character 1"))),
            ("a..b", Some(("42601", "lquery syntax error at character 3"))),
            ("a b", Some(("42601", "lquery syntax error at character 2"))),
            ("a{1}", None),
            ("a{1", Some(("42601", "lquery syntax error"))),
            ("a{}", Some(("42601", "lquery syntax error at character 3"))),
            ("a{1,2}.b", None),
            ("*{}", Some(("42601", "lquery syntax error at character 3"))),
            ("*{,}", None),
            ("*{1}x", Some(("42601", "lquery syntax error at character 5"))),
            ("a&b", Some(("42601", "lquery syntax error at character 2"))),
            ("é", None),
            ("!a|b", None),
            ("@a", Some(("42601", "lquery syntax error at character 1"))),
            ("*.", Some(("42601", "lquery syntax error"))),
            ("a-b", None),
            ("a|b|", Some(("42601", "lquery syntax error"))),
            ("a*|b@", None),
            ("!*", Some(("42601", "lquery syntax error at character 2"))),
            ("!@", Some(("42601", "lquery syntax error at character 2"))),
            ("a{x}", Some(("42601", "lquery syntax error at character 3"))),
            ("a.*{2}*", Some(("42601", "lquery syntax error at character 7"))),
            ("*{1,2,3}", Some(("42601", "lquery syntax error at character 6"))),
            ("a{,}", None),
            ("*|a", Some(("42601", "lquery syntax error at character 2"))),
            ("a{,5}.b", None),
        ],
    );
}

type Case<'a> = (&'a str, Option<(&'a str, &'a str)>);

fn judge(extension: &str, ty: &str, cases: &[Case<'_>]) {
    for (text, expected) in cases {
        let found = check(extension, ty, text).err();
        let found = found.as_ref().map(|it| (it.code.sqlstate.unwrap_or("-"), it.message.as_str()));
        assert_eq!(found, *expected, "{text}");
    }
}
