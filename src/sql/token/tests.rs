use proptest::prelude::*;

use super::*;

fn picture(text: &str) -> String {
    significant(text).iter().map(|it| it.text(text)).collect::<Vec<_>>().join(" ")
}

#[test]
fn operators_are_whole() {
    assert_eq!(picture("a->>'b'"), "a ->> 'b'");
    assert_eq!(picture("1+-2"), "1 + - 2");
    assert_eq!(picture("a@-b"), "a @- b");
    assert_eq!(picture("x::int:=1..2"), "x :: int := 1 .. 2");
    assert_eq!(picture("a[1:b]"), "a [ 1 : b ]");
    assert_eq!(picture("a::::b"), "a :: :: b");
    assert_eq!(picture("a<=-b--c"), "a <= - b");
    assert_eq!(picture("*/**/"), "*");
    assert_eq!(picture("p(a=>1)"), "p ( a => 1 )");
}

#[test]
fn numbers() {
    let kind = |text: &str| significant(text).first().map(|it| it.kind);
    for text in ["1", "1_000", "0x1F", "0b_1", "0o17", "00"] {
        assert_eq!(kind(text), Some(TokenKind::Number(Number::Integer)), "{text}");
    }
    for text in ["1.5", ".5", "7.", "1e10", "2.5E-3", "1_0.0_1"] {
        assert_eq!(kind(text), Some(TokenKind::Number(Number::Decimal)), "{text}");
    }
    for text in ["1a", "1.5e", "1_", "1__0", "0b12", "0x1g", "1e+", "1._5", "1.5größe"] {
        assert_eq!(kind(text), Some(TokenKind::Number(Number::Junk)), "{text}");
    }
    assert_eq!(kind("0x"), Some(TokenKind::Number(Number::EmptyHex)));
    assert_eq!(kind("$1a"), Some(TokenKind::Param { junk: true }));
    assert_eq!(kind("$a"), Some(TokenKind::Unknown));
}

#[test]
fn other_dialects_are_normalised_in_place() {
    let text = "insert into `a``b` values (\"it's\", 'x\\'y') # 'note";
    assert_eq!(normalise(text, Dialect::Mysql), "insert into \"a\"\"b\" values ('it_s', 'x__y')        ");
    assert_eq!(normalise("select [a b], `c\"d` from t", Dialect::Sqlite), "select \"a b\", \"c_d\" from t");
}

proptest! {
    #[test]
    fn tokens_concatenate_to_the_text(text in "[a-z0-9'\"$\\-+*/<>=:;.,(){}\\\\ \n\u{e9}\u{e000}~!@#%^&|`?_EUBX]{0,60}") {
        let mut at = 0;
        for token in lex(&text) {
            prop_assert_eq!(usize::from(token.range.start()), at);
            prop_assert!(!token.range.is_empty());
            at = token.range.end().into();
        }
        prop_assert_eq!(at, text.len());
        prop_assert_eq!(normalise(&text, Dialect::Mysql).len(), text.len());
        prop_assert_eq!(normalise(&text, Dialect::Sqlite).len(), text.len());
    }
}
