use super::*;

#[test]
fn settings_are_read_nested_and_dotted() {
    let nested = json!({ "columnist": { "check": { "workspace": false }, "rules": { "sql-names": "off" } } });
    let (settings, problems) = read(&nested);
    assert!(problems.is_empty(), "{problems:?}");
    assert!(!settings.check_workspace);
    assert_eq!(settings.rules.get("sql-names"), Some(&Level::Off));
    let (settings, _) = read(&json!({ "completion.limit": 7 }));
    assert_eq!(settings.completion_limit, 7);
    assert_eq!(read(&Value::Null).0, Settings::default());
}

#[test]
fn what_cannot_be_used_is_said() {
    let (settings, problems) =
        read(&json!({ "completion": { "limit": 0 }, "rules": { "nonsense": "off" }, "check": 1 }));
    assert_eq!(settings.completion_limit, 200);
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn defaults_of_the_schema_read_back() {
    let schema = json_schema();
    let mut given = Map::new();
    for (key, schema) in schema.as_object().unwrap() {
        given.insert(key.strip_prefix("columnist.").unwrap().to_owned(), schema["default"].clone());
    }
    assert_eq!(read(&Value::Object(given)), (Settings::default(), Vec::new()));
}
