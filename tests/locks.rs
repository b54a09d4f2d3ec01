//! What the documents of the rules on migrations say of locks is what PostgreSQL does (`tests/oracle/locks.mjs`). Needs node and
//! the packages of `tests/oracle`.

#[test]
fn locks_are_those_of_the_documents() {
    let output = std::process::Command::new("node")
        .arg(format!("{}/tests/oracle/locks.mjs", env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
}
