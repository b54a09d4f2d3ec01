//! An editor: starts the server, speaks the protocol to it, answers what it asks, keeps what it says.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::project::Project;

/// Long enough for a debug build on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Editor {
    child: Child,
    stdin: Option<ChildStdin>,
    incoming: Receiver<Value>,
    next_id: i64,
    answers: HashMap<i64, Value>,
    /// Notifications and requests of the server, in their order.
    pub heard: Vec<Value>,
    /// The last published diagnostics of each document.
    pub published: BTreeMap<String, Value>,
    /// How often diagnostics were published for each document.
    pub n_published: BTreeMap<String, usize>,
    /// What `workspace/configuration` is answered with.
    pub settings: Value,
    /// The answer to `initialize`.
    pub server: Value,
    versions: HashMap<String, i64>,
}

/// How an editor introduces itself.
#[derive(Clone)]
pub struct Setup {
    pub capabilities: Value,
    pub options: Value,
    pub settings: Value,
    pub args: Vec<String>,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup { capabilities: push(), options: Value::Null, settings: Value::Null, args: Vec::new() }
    }
}

/// The capabilities of an editor that is told its diagnostics.
pub fn push() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "window": { "workDoneProgress": true },
        "workspace": {
            "configuration": true, "workspaceFolders": true,
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "didChangeConfiguration": { "dynamicRegistration": true },
            "workspaceEdit": { "documentChanges": true },
            "semanticTokens": { "refreshSupport": true },
        },
        "textDocument": {
            "completion": { "completionItem": {
                "snippetSupport": true, "labelDetailsSupport": true, "documentationFormat": ["markdown"] } },
            "hover": { "contentFormat": ["markdown"] },
            "definition": { "linkSupport": true },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } },
            "publishDiagnostics": {
                "relatedInformation": true, "versionSupport": true, "codeDescriptionSupport": true,
                "dataSupport": true },
        },
    })
}

/// The capabilities of an editor that asks for its diagnostics.
pub fn pull() -> Value {
    let mut res = push();
    res["textDocument"]["diagnostic"] = json!({ "relatedDocumentSupport": false });
    res["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    res
}

pub fn with_encoding(mut capabilities: Value, encodings: &[&str]) -> Value {
    capabilities["general"]["positionEncodings"] = json!(encodings);
    capabilities
}

impl Editor {
    /// An editor in the project's folder, initialized.
    pub fn new(project: &Project) -> Editor {
        Editor::with(project, Setup::default())
    }

    pub fn with(project: &Project, setup: Setup) -> Editor {
        Editor::in_folders(&[project.uri("")], setup)
    }

    pub fn in_folders(folders: &[String], setup: Setup) -> Editor {
        let mut editor = Editor::spawn(&setup.args);
        editor.settings = setup.settings.clone();
        let list: Vec<Value> =
            folders.iter().map(|it| json!({ "uri": it.trim_end_matches('/'), "name": "w" })).collect();
        let answer = editor.request(
            "initialize",
            json!({
                "processId": std::process::id(), "rootUri": null, "workspaceFolders": list,
                "capabilities": setup.capabilities, "initializationOptions": setup.options,
                "clientInfo": { "name": "test", "version": "1" },
            }),
        );
        editor.server = answer.expect("initialize is answered");
        editor.notify("initialized", json!({}));
        editor
    }

    /// The process, without a word said.
    pub fn spawn(args: &[String]) -> Editor {
        let binary = std::env::var("COLUMNIST_LSP_BINARY");
        let binary = binary.unwrap_or_else(|_| env!("CARGO_BIN_EXE_columnist").to_owned());
        let mut command = Command::new(binary);
        let verbose = std::env::var_os("COLUMNIST_VERBOSE").is_some();
        let stderr = if verbose { Stdio::inherit() } else { Stdio::null() };
        command.arg("lsp").args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr);
        let mut child = command.spawn().expect("the server starts");
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Editor {
            stdin: child.stdin.take(),
            child,
            incoming,
            next_id: 0,
            answers: HashMap::new(),
            heard: Vec::new(),
            published: BTreeMap::new(),
            n_published: BTreeMap::new(),
            settings: Value::Null,
            server: Value::Null,
            versions: HashMap::new(),
        }
    }

    pub fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        let stdin = self.stdin.as_mut().expect("standard input is open");
        // A server that has ended is found out when its answer is missing.
        let _ = write!(stdin, "Content-Length: {}\r\n\r\n{text}", text.len());
        let _ = stdin.flush();
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({ "method": method, "params": params }));
    }

    /// Asks without waiting.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({ "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(message);
        id
    }

    pub fn cancel(&mut self, id: i64) {
        self.notify("$/cancelRequest", json!({ "id": id }));
    }

    /// The answer to a question: the result, or the error.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        self.until(&format!("the answer to request {id}"), |it| it.answers.contains_key(&id));
        let mut message = self.answers.remove(&id).unwrap();
        match message.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(message["result"].take()),
        }
    }

    pub fn is_answered(&mut self, id: i64) -> bool {
        while let Ok(message) = self.incoming.try_recv() {
            self.take(message);
        }
        self.answers.contains_key(&id)
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Takes messages until `done`; fails when that takes too long.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut done: impl FnMut(&mut Editor) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !done(self) {
            match self.incoming.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("waited in vain for {what}; heard {:#?}", self.heard)
                }
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the server has ended ({:?}) instead of {what}", self.child.try_wait())
                }
            }
        }
    }

    fn take(&mut self, message: Value) {
        let Some(method) = message["method"].as_str() else {
            if let Some(id) = message["id"].as_i64() {
                self.answers.insert(id, message);
            }
            return;
        };
        if let Some(id) = message.get("id") {
            let result = match method {
                "workspace/configuration" => json!([self.settings]),
                _ => Value::Null,
            };
            let answer = json!({ "id": id, "result": result });
            self.send(answer);
        }
        if method == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().unwrap().to_owned();
            *self.n_published.entry(uri.clone()).or_default() += 1;
            self.published.insert(uri, message["params"].clone());
        }
        self.heard.push(message);
    }

    /// Everything that was sent before has been taken in by the server.
    pub fn settle(&mut self, uri: &str) -> String {
        let answer = self.request("columnist/debug/text", json!({ "uri": uri })).unwrap();
        answer["text"].as_str().unwrap_or_default().to_owned()
    }

    pub fn open(&mut self, uri: &str, text: &str) {
        let language = if uri.ends_with(".sql") { "sql" } else { "typescript" };
        self.versions.insert(uri.to_owned(), 1);
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces the whole text.
    pub fn set(&mut self, uri: &str, text: &str) -> i64 {
        self.edit(uri, json!([{ "text": text }]))
    }

    /// Replaces a range: `[line, column, line, column]`.
    pub fn replace(&mut self, uri: &str, at: [u32; 4], text: &str) -> i64 {
        let [line, column, end_line, end_column] = at;
        let range = json!({
            "start": { "line": line, "character": column },
            "end": { "line": end_line, "character": end_column },
        });
        self.edit(uri, json!([{ "range": range, "text": text }]))
    }

    pub fn edit(&mut self, uri: &str, changes: Value) -> i64 {
        let version = self.versions.get_mut(uri).expect("the document is open");
        *version += 1;
        let version = *version;
        let params = json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
        version
    }

    pub fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    /// `changes`: URI and kind (1 created, 2 changed, 3 deleted).
    pub fn watched(&mut self, changes: &[(String, u32)]) {
        let changes: Vec<Value> =
            changes.iter().map(|(uri, kind)| json!({ "uri": uri, "type": kind })).collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    /// The codes of a document's last published diagnostics, in their order.
    pub fn codes(&self, uri: &str) -> Vec<String> {
        self.published.get(uri).map(|it| codes(&it["diagnostics"])).unwrap_or_default()
    }

    /// Waits until a document has exactly these codes.
    #[track_caller]
    pub fn until_codes(&mut self, uri: &str, expected: &[&str]) {
        self.until(&format!("{expected:?} in {uri}"), |it| {
            it.published.contains_key(uri) && it.codes(uri) == expected
        });
    }

    /// Notifications and requests of the server with this method.
    pub fn said(&self, method: &str) -> Vec<&Value> {
        self.heard.iter().filter(|it| it["method"] == method).collect()
    }

    /// Waits for a status notification.
    #[track_caller]
    pub fn until_ready(&mut self) {
        self.until("the server to be ready", |it| {
            it.said("columnist/status").last().is_some_and(|it| it["params"]["state"] == "ready")
        });
    }

    /// Closes standard input.
    pub fn hang_up(&mut self) {
        self.stdin = None;
    }

    pub fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn codes(diagnostics: &Value) -> Vec<String> {
    let all = diagnostics.as_array().cloned().unwrap_or_default();
    all.iter().map(|it| it["code"].as_str().unwrap_or("?").to_owned()).collect()
}

fn read_message(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stdout.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("the server sends JSON"))
}
