//! The documents of the rules are their tests: each ```` ```sql wrong ```` block must give exactly the problems that its
//! caret lines mark, each ```` ```sql right ```` block none, over the definitions of ```` ```sql schema ````. Documents of
//! rules over files are tested in `workspaces`.

mod workspaces;

use super::{Rule, rules};
use crate::base::file::FileId;
use crate::base::text::slice;
use crate::catalog::{Catalog, fold};
use crate::facts::Loc;
use crate::sema;
use crate::sql::{self, Dialect, Ident};

/// Codes whose wrong examples PostgreSQL refuses and nothing here reports yet. A line goes when its code is reported.
const UNREPORTED: &[&str] = &[];

/// What stands in one fenced block.
struct Block {
    kind: String,
    text: String,
    /// Start of the marked text, and the message.
    marks: Vec<(usize, String)>,
}

#[test]
fn the_examples_of_every_document_are_true() {
    let mut wrong = Vec::new();
    for rule in rules().iter().filter(|it| it.document.contains("```sql schema")) {
        check(rule, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_document_says_why_and_how_to_fix() {
    for rule in rules() {
        for part in ["\n## Why\n", "\n## How to fix\n", "\n```"] {
            assert!(rule.document.contains(part), "{}.md lacks {part:?}", rule.code);
        }
    }
}

fn check(rule: &Rule, acc: &mut Vec<String>) {
    let mut catalog = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    for block in blocks(rule.document) {
        if block.kind == "sql schema" {
            for (idx, (range, statement)) in
                sql::parse(&block.text, Dialect::Postgres).statements.iter().enumerate()
            {
                fold::apply(&mut catalog, FileId(0), Loc(idx as u32), statement, slice(&block.text, *range));
            }
            continue;
        }
        if !["sql wrong", "sql right"].contains(&block.kind.as_str()) {
            continue;
        }
        let expected: Vec<(usize, &str, &str)> =
            block.marks.iter().map(|(at, message)| (*at, rule.code, message.as_str())).collect();
        let found = found(&block.text, &catalog);
        if block.kind == "sql wrong" && UNREPORTED.contains(&rule.code) {
            if !found.is_empty() {
                acc.push(format!("{}: reported now, strike it from UNREPORTED: {found:?}", rule.code));
            }
            continue;
        }
        let found: Vec<(usize, &str, &str)> =
            found.iter().map(|(at, code, message)| (*at, *code, message.as_str())).collect();
        if expected != found {
            acc.push(format!(
                "{} ({}):\n  expected {expected:?}\n  found    {found:?}",
                rule.code, block.kind
            ));
        }
    }
}

/// Every statement by itself against the catalog.
fn found(text: &str, catalog: &Catalog) -> Vec<(usize, &'static str, String)> {
    let mut res = Vec::new();
    for (range, statement) in sql::parse(text, Dialect::Postgres).statements {
        let base = usize::from(range.start());
        if let Some(error) = &statement.error {
            let code = sema::code::of_grammar(error.sqlstate).name;
            res.push((base + usize::from(error.range.start()), code, error.message.clone()));
            continue;
        }
        let ctx = sema::Context { catalog, params: &[], variables: &[] };
        for it in sema::analyze(ctx, &statement.hir, slice(text, range)).problems {
            res.push((base + usize::from(it.range.start()), it.code.name, it.message));
        }
        let mut after = catalog.clone();
        fold::apply(&mut after, FileId(0), Loc(0), &statement, slice(text, range));
        let Some(body) = sema::body::read(&after, &statement.hir, slice(text, range)) else { continue };
        for piece in &body.pieces {
            for it in &piece.analysis.problems {
                let at = body.host(piece, it.range.start());
                res.push((base + usize::from(at), it.code.name, it.message.clone()));
            }
        }
    }
    res.sort();
    res
}

fn blocks(document: &str) -> Vec<Block> {
    let mut res = Vec::new();
    let mut open: Option<Block> = None;
    let mut line_start = 0;
    for line in document.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => {
                open = Some(Block { kind: kind.to_owned(), text: String::new(), marks: Vec::new() });
                line_start = 0;
            }
            (Some(_), Some(_)) => res.extend(open.take()),
            (Some(block), None) => {
                let marked = line.trim_start();
                if marked.starts_with('^') {
                    let at = line_start + (line.len() - marked.len());
                    block.marks.push((at, marked.trim_start_matches('^').trim_start().to_owned()));
                } else {
                    line_start = block.text.len();
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            }
            (None, None) => {}
        }
    }
    res
}
