use expect_test::{Expect, expect};

use super::*;

fn check(text: &str, expected: Expect) {
    let mut res = String::new();
    for it in directives(text) {
        let codes: Vec<_> = it
            .codes
            .iter()
            .map(|(code, at)| {
                assert_eq!(slice(text, *at), code);
                code.as_str()
            })
            .collect();
        res.push_str(&format!(
            "{:?} {} {:?} {:?}\n",
            it.scope,
            codes.join("+"),
            it.reason,
            slice(text, it.range)
        ));
    }
    expected.assert_eq(&res);
}

#[test]
fn codes_reason_and_scope() {
    check(
        "-- columnist-ignore-file naming: generated
-- columnist-ignore undefined-table, undefined-column: made by another service: see docs
select 1; -- columnist-ignore x:why
/* columnist-ignore y */
-- columnist-ignore:
-- columnist-ignored z: no
-- see columnist-ignore z: no
select '-- columnist-ignore z: no', $$
-- columnist-ignore z: no
$$;",
        expect![[r#"
            File naming Some("generated") "-- columnist-ignore-file naming: generated"
            Next undefined-table+undefined-column Some("made by another service: see docs") "-- columnist-ignore undefined-table, undefined-column: made by another service: see docs"
            Line x Some("why") "-- columnist-ignore x:why"
            Next y None "/* columnist-ignore y */"
            Next  None "-- columnist-ignore:"
        "#]],
    );
}

#[test]
fn typescript_comments() {
    let text = "db.execute(q); // columnist-ignore a: b";
    let it = directive(text, range(15, text.len()));
    assert_eq!(it.map(|it| (it.scope, it.codes.len(), it.reason)), Some((Scope::Line, 1, Some("b".into()))));
}
