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
fn overrides_win_and_codes_win_over_groups() {
    let parsed = crate::project::settings::parse(
        r#"{
            "rules": { "undefined-column": "off", "sql-names": "warning" },
            "overrides": [{ "files": ["test/**"], "rules": { "sql-names": "hint" } }]
        }"#,
    );
    assert_eq!(parsed.problems, []);
    let at = |path: &str, code: &str| severity(&parsed.settings, path, code, Severity::Error);
    assert_eq!(at("src/a.ts", "undefined-column"), None);
    assert_eq!(at("src/a.ts", "undefined-table"), Some(Severity::Warning));
    assert_eq!(at("src/a.ts", "syntax-error"), Some(Severity::Error));
    assert_eq!(at("test/a.ts", "undefined-column"), Some(Severity::Hint));
}
