//! False alarms are none; of what PostgreSQL refuses, so much is reported.

use std::collections::BTreeMap;

pub fn check(name: &str, refused: usize, differences: &[(&'static str, String, String)]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, ..) in differences {
        *counts.entry(kind).or_default() += 1;
    }
    println!("{name}: {counts:?}");
    if std::env::var_os("COLUMNIST_SHOW").is_some() {
        for (kind, sql, what) in differences {
            println!("{kind}\t{}\t{what}", sql.replace('\n', " "));
        }
    }
    let alarms: Vec<_> = differences.iter().filter(|it| it.0 == "false-alarm").collect();
    assert!(alarms.is_empty(), "false alarms: {alarms:#?}");
    let bad = |kind: &str| counts.get(kind).copied().unwrap_or(0);
    // SQL is looked into as a whole; of PL/pgSQL what is certain.
    let (missed, other) = if name == "sql" { (0.02, 0.03) } else { (0.1, 0.2) };
    let share = |n: usize| n as f64 / refused.max(1) as f64;
    assert!(share(bad("missed")) <= missed, "{} of {refused} are missed", bad("missed"));
    assert!(share(bad("other") + bad("position")) <= other, "{counts:?} of {refused}");
}
