use super::*;

#[test]
fn every_code_of_analysis_has_its_row_and_its_document() {
    for code in code::ALL {
        let Some(rule) = rule(code.name) else {
            panic!("{} has no row in src/lint/registry.rs (and needs src/lint/rules/{0}.md)", code.name);
        };
        assert_eq!((rule.sqlstate, rule.severity), (code.sqlstate, code.severity), "{}", code.name);
    }
}

#[test]
fn rules_are_sorted_unique_and_complete() {
    for pair in rules().windows(2) {
        assert!(pair[0].code < pair[1].code, "{} and {}", pair[0].code, pair[1].code);
    }
    for rule in rules() {
        let kebab = rule.code.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
        assert!(kebab, "{}", rule.code);
        assert!(!rule.title.is_empty(), "{} has no title", rule.code);
        assert!(rule.summary.ends_with('.'), "{}: the summary is a sentence", rule.code);
        assert!(GROUPS.iter().any(|it| it.0 == rule.group), "{}: group {}", rule.code, rule.group);
        assert!(self::rule(rule.group).is_none(), "a group is called like a code: {}", rule.group);
    }
}

#[test]
fn later_layers_win_and_codes_win_over_groups() {
    let names = [("sql-names", Level::At(Severity::Hint))];
    let both = [("undefined-column", Level::Off), ("sql-names", Level::At(Severity::Warning))];
    let at =
        |layers: &[&[(&str, Level)]]| severity("undefined-column", Severity::Error, layers.iter().copied());
    assert_eq!(at(&[]), Some(Severity::Error));
    assert_eq!(at(&[&names]), Some(Severity::Hint));
    assert_eq!(at(&[&names, &both]), None);
    assert_eq!(at(&[&both, &names]), Some(Severity::Hint));
    let table = severity("undefined-table", Severity::Error, [both.as_slice()]);
    assert_eq!(table, Some(Severity::Warning));
    assert_eq!(severity("syntax-error", Severity::Hint, [names.as_slice()]), Some(Severity::Hint));
}
