//! PostgreSQL over `tests/oracle/pglite.mjs`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

pub struct Server {
    child: Child,
    answers: BufReader<ChildStdout>,
}

fn directory() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let chosen = std::env::var_os("COLUMNIST_ORACLE").map(PathBuf::from);
    [Some(own), chosen].into_iter().flatten().find(|it| it.join("node_modules").is_dir())
}

impl Server {
    pub fn start() -> Option<Server> {
        let mut child = Command::new("node")
            .arg(directory()?.join("pglite.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let answers = BufReader::new(child.stdout.take()?);
        Some(Server { child, answers })
    }

    pub fn ask(&mut self, request: &Value) -> Value {
        let input = self.child.stdin.as_mut().expect("the server's input is a pipe");
        writeln!(input, "{request}").expect("the server reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the server answers");
        serde_json::from_str(&line).expect("the server answers in JSON")
    }

    pub fn exec(&mut self, sql: &str) -> Value {
        self.ask(&json!({"op": "exec", "sql": sql}))
    }

    pub fn describe(&mut self, sqls: &[&str]) -> Vec<Value> {
        let answer = self.ask(&json!({"op": "describe_many", "sqls": sqls}));
        answer["results"].as_array().cloned().unwrap_or_else(|| panic!("{answer}"))
    }

    /// Runs each in a transaction that is rolled back.
    pub fn execute(&mut self, sqls: &[&str]) -> Vec<Value> {
        let answer = self.ask(&json!({"op": "ddl_many", "sqls": sqls}));
        answer["results"].as_array().cloned().unwrap_or_else(|| panic!("{answer}"))
    }

    /// Plans each statement: some refusals come only then.
    pub fn explain(&mut self, sqls: &[&str]) -> Vec<Value> {
        let answer = self.ask(&json!({"op": "explain_many", "sqls": sqls}));
        answer["results"].as_array().cloned().unwrap_or_else(|| panic!("{answer}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
