//! Whatever is done to a workspace (edits, opens, closes, saves, files that come and go behind the editor's back), a
//! server that has seen it all says what a fresh one says: diagnostics of every file, outlines, completion.
//!
//! `COLUMNIST_LSP_ROUNDS` says how many random histories are tried (4), `COLUMNIST_LSP_SEED` with which the first begins.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use columnist::base::line_index::{Encoding, LineIndex};
use columnist::base::text::TextSize;
use serde_json::{Value, json};

use crate::editor::{Editor, Setup, push, with_encoding};
use crate::order::Numbers;
use crate::project::Project;

const WORDS: &[&str] = &[
    "x",
    " ",
    "\n",
    "\r\n",
    "'",
    "`",
    "${",
    "}",
    ";",
    ".",
    ",",
    "é",
    "😀",
    "--",
    "users.",
    "id",
    "title",
    "nope",
    "select ",
    " from posts",
    "(",
    ")",
    "email",
    "mail",
];

const HELPER: &str = "import { sql } from 'drizzle-orm'
import { posts } from './schema'

export const byTitle = sql`${posts.title} = 'é'`
export const nothing = sql`nothing`
";

const USER: &str = "import { sql } from 'drizzle-orm'
import { db } from './db'
import { byTitle } from './helper'
import { users } from './schema'

export const d = () => db.execute(sql`select id from posts where ${byTitle}`)
export const e = () => db.select({ n: sql<number>`length(${users.email})` }).from(users)
";

#[test]
fn a_long_history_equals_a_fresh_start() {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let rounds = number("COLUMNIST_LSP_ROUNDS").unwrap_or(4);
    let first = number("COLUMNIST_LSP_SEED").unwrap_or(1);
    for seed in first..first + rounds {
        History::new(seed).run();
    }
}

struct History {
    seed: u64,
    numbers: Numbers,
    encoding: Encoding,
    project: Project,
    editor: Editor,
    /// What is on disk.
    disk: BTreeMap<String, String>,
    /// What is open, and its text.
    open: BTreeMap<String, String>,
    n_files: usize,
    steps: Vec<String>,
}

impl History {
    fn new(seed: u64) -> History {
        let project = Project::new();
        project.write("src/helper.ts", HELPER);
        project.write("src/user.ts", USER);
        project.write("src/crlf.sql", "-- 😀 é\r\nselect id,\r\n  nope from users;\r\nselect 1;\r\n");
        let names = [
            "src/schema.ts",
            "src/db.ts",
            "src/app.ts",
            "src/wrong.ts",
            "src/queries.sql",
            "src/helper.ts",
            "src/user.ts",
            "src/crlf.sql",
            "drizzle.config.ts",
        ];
        let disk = names.iter().map(|it| ((*it).to_owned(), project.read(it))).collect();
        let encoding = if seed.is_multiple_of(2) { Encoding::Utf8 } else { Encoding::Utf16 };
        let editor = Editor::with(&project, setup(encoding));
        let numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let open = BTreeMap::new();
        History { seed, numbers, encoding, project, editor, disk, open, n_files: 0, steps: Vec::new() }
    }

    fn run(mut self) {
        for _ in 0..60 {
            self.step();
            if self.numbers.below(8) == 0 {
                // Give the server time to look at the whole of it.
                std::thread::sleep(Duration::from_millis(self.numbers.next() % 600));
            }
        }
        let mut fresh = Editor::with(&self.project, setup(self.encoding));
        for (path, text) in &self.open {
            fresh.open(&self.project.uri(path), text);
        }
        fresh.until("the sweep", |it| {
            it.said("$/progress").iter().any(|it| it["params"]["value"]["kind"] == "end")
        });
        let uris: Vec<String> = self.open.keys().map(|it| self.project.uri(it)).collect();
        for uri in &uris {
            fresh.settle(uri);
            self.editor.settle(uri);
        }
        self.same_problems(&mut fresh);
        for (path, text) in &self.open {
            let uri = self.project.uri(path);
            assert_eq!(self.editor.settle(&uri), *text, "the text of {path}, seed {}", self.seed);
            let whole = json!({ "textDocument": { "uri": uri } });
            for method in ["textDocument/documentSymbol", "textDocument/foldingRange"] {
                let (old, new) =
                    (self.editor.request(method, whole.clone()), fresh.request(method, whole.clone()));
                assert_eq!(old, new, "{method} of {path}, seed {}", self.seed);
            }
            for _ in 0..8 {
                let offset = self.numbers.below(text.len() + 1) as u32;
                let at = LineIndex::new(text).line_col(text, TextSize::from(offset), self.encoding);
                let position = json!({ "line": at.line, "character": at.col });
                let params = json!({ "textDocument": { "uri": uri }, "position": position });
                for method in ["textDocument/completion", "textDocument/hover", "textDocument/definition"] {
                    let (old, new) =
                        (self.editor.request(method, params.clone()), fresh.request(method, params.clone()));
                    assert_eq!(old, new, "{method} at {at:?} of {path}, seed {}", self.seed);
                }
            }
        }
    }

    /// Diagnostics come by themselves: sooner or later both have said the same.
    fn same_problems(&mut self, fresh: &mut Editor) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            // Takes in what has come.
            self.editor.settle(&self.project.uri("src/db.ts"));
            fresh.settle(&self.project.uri("src/db.ts"));
            let (old, new) = (problems(&self.editor), problems(fresh));
            if old == new {
                return;
            }
            assert!(
                Instant::now() < end,
                "seed {}: after\n{}\nopen: {:?}\nthe old server says {old:#?}\na fresh one {new:#?}",
                self.seed,
                self.steps.join("\n"),
                self.open.keys(),
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn step(&mut self) {
        let n_open = self.open.len();
        match self.numbers.below(20) {
            0..=2 => self.open_one(),
            3 if n_open > 0 => self.close_one(),
            4 if n_open > 0 => self.save_one(),
            5 => self.write_behind(),
            6 => self.create(),
            7 => self.delete(),
            8 => self.rename(),
            _ if n_open > 0 => self.edit_one(),
            _ => self.open_one(),
        }
    }

    fn pick(&mut self, open: bool) -> Option<String> {
        let all: Vec<&String> = match open {
            true => self.open.keys().collect(),
            false => self.disk.keys().filter(|it| !self.open.contains_key(*it)).collect(),
        };
        let idx = self.numbers.below(all.len());
        all.get(idx).map(|it| (*it).clone())
    }

    fn open_one(&mut self) {
        let Some(path) = self.pick(false) else { return };
        self.steps.push(format!("open {path}"));
        let text = self.disk[&path].clone();
        self.editor.open(&self.project.uri(&path), &text);
        self.open.insert(path, text);
    }

    fn close_one(&mut self) {
        let Some(path) = self.pick(true) else { return };
        self.steps.push(format!("close {path}"));
        self.editor.close(&self.project.uri(&path));
        self.open.remove(&path);
    }

    fn save_one(&mut self) {
        let Some(path) = self.pick(true) else { return };
        self.steps.push(format!("save {path}"));
        let text = self.open[&path].clone();
        self.project.write(&path, &text);
        let kind = if self.disk.contains_key(&path) { 2 } else { 1 };
        self.disk.insert(path.clone(), text);
        let uri = self.project.uri(&path);
        self.editor.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
        self.editor.watched(&[(uri, kind)]);
    }

    fn edit_one(&mut self) {
        let Some(path) = self.pick(true) else { return };
        let text = self.open[&path].clone();
        let from = self.boundary(&text);
        let to = floor(&text, from + self.numbers.below(6));
        let word = WORDS[self.numbers.below(WORDS.len())];
        self.steps.push(format!("edit {path} {from}..{to} {word:?}"));
        let index = LineIndex::new(&text);
        let place = |at: usize| index.line_col(&text, TextSize::from(at as u32), self.encoding);
        let (start, end) = (place(from), place(to));
        let at = [start.line, start.col, end.line, end.col];
        // Between `\r` and `\n` there is no position.
        let inside = |at: usize| text[..at].ends_with('\r') && text[at..].starts_with('\n');
        if inside(from) || inside(to) {
            return;
        }
        self.editor.replace(&self.project.uri(&path), at, word);
        self.open.insert(path, format!("{}{word}{}", &text[..from], &text[to..]));
    }

    fn boundary(&mut self, text: &str) -> usize {
        let at = self.numbers.below(text.len() + 1);
        floor(text, at)
    }

    fn write_behind(&mut self) {
        let Some(path) = self.pick(false) else { return };
        self.steps.push(format!("write {path}"));
        let text = self.disk[&path].clone();
        let at = self.boundary(&text);
        let word = WORDS[self.numbers.below(WORDS.len())];
        let text = format!("{}{word}{}", &text[..at], &text[at..]);
        self.project.write(&path, &text);
        self.editor.watched(&[(self.project.uri(&path), 2)]);
        self.disk.insert(path, text);
    }

    fn create(&mut self) {
        self.n_files += 1;
        let source = ["src/app.ts", "src/wrong.ts", "src/user.ts", "src/queries.sql"][self.numbers.below(4)];
        let Some(text) = self.disk.get(source).cloned() else { return };
        let ending = if source.ends_with(".sql") { "sql" } else { "ts" };
        let path = format!("src/new{}.{ending}", self.n_files);
        self.steps.push(format!("create {path} like {source}"));
        self.project.write(&path, &text);
        self.editor.watched(&[(self.project.uri(&path), 1)]);
        self.disk.insert(path, text);
    }

    fn delete(&mut self) {
        let Some(path) = self.pick(false).filter(|it| it.as_str() != "drizzle.config.ts") else { return };
        self.steps.push(format!("delete {path}"));
        self.project.remove(&path);
        self.editor.watched(&[(self.project.uri(&path), 3)]);
        self.disk.remove(&path);
    }

    fn rename(&mut self) {
        let Some(path) = self.pick(false).filter(|it| it.as_str() != "drizzle.config.ts") else { return };
        self.n_files += 1;
        let (stem, ending) = path.rsplit_once('.').unwrap();
        let new = format!("{stem}r{}.{ending}", self.n_files);
        self.steps.push(format!("rename {path} to {new}"));
        let text = self.disk.remove(&path).unwrap();
        self.project.remove(&path);
        self.project.write(&new, &text);
        self.editor.watched(&[(self.project.uri(&path), 3), (self.project.uri(&new), 1)]);
        self.disk.insert(new, text);
    }
}

fn setup(encoding: Encoding) -> Setup {
    let name = if encoding == Encoding::Utf8 { "utf-8" } else { "utf-16" };
    Setup { capabilities: with_encoding(push(), &[name]), ..Setup::default() }
}

/// Files with problems, and these.
fn problems(editor: &Editor) -> BTreeMap<String, Value> {
    let found = editor.published.iter().map(|(uri, it)| (uri.clone(), it["diagnostics"].clone()));
    found.filter(|(_, it)| it.as_array().is_some_and(|it| !it.is_empty())).collect()
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
