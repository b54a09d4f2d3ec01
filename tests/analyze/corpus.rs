//! The statements of `tests/oracle/cases/statements`: one a paragraph; lines that begin with `--` are comments.
//!
//! `⟨a¦b¦c⟩` in a statement stands for each of its alternatives; every combination is a statement, up to a bound.

use std::path::Path;

fn directory() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/cases/statements")
}

/// The statements that make the schema.
pub fn schema() -> Vec<String> {
    let text = std::fs::read_to_string(directory().join("schema.sql")).expect("the schema is committed");
    let code: Vec<&str> = text.lines().filter(|it| !it.starts_with("--")).collect();
    code.join("\n")
        .split(";\n")
        .map(|it| it.trim().trim_end_matches(';').to_owned())
        .filter(|it| !it.is_empty())
        .collect()
}

pub fn statements() -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir(directory())
        .expect("the folder is committed")
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.extension().is_some_and(|it| it == "sql") && !it.ends_with("schema.sql"))
        .collect();
    files.sort();
    let mut res = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a file of the folder");
        for paragraph in text.split("\n\n") {
            let lines: Vec<&str> =
                paragraph.lines().filter(|it| !it.trim_start().starts_with("--")).collect();
            let statement = lines.join("\n").trim().trim_end_matches(';').to_owned();
            if !statement.is_empty() {
                expand(&statement, &mut res);
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    res.retain(|it| seen.insert(it.clone()));
    res
}

/// More combinations than this, and only one group at a time takes other alternatives than its first.
const MAX_COMBINATIONS: usize = 48;

pub fn expand(text: &str, acc: &mut Vec<String>) {
    let mut pieces: Vec<&str> = Vec::new();
    let mut groups: Vec<Vec<&str>> = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('⟨') {
        let (group, after) = after.split_once('⟩').expect("a closed group");
        pieces.push(before);
        groups.push(group.split('¦').map(str::trim).collect());
        rest = after;
    }
    let join = |choice: &[usize]| {
        let mut res = String::new();
        for ((piece, group), idx) in pieces.iter().zip(&groups).zip(choice) {
            res.push_str(piece);
            res.push_str(group[*idx]);
        }
        res.push_str(rest);
        res
    };
    let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    let n_combinations = sizes.iter().product::<usize>();
    let mut choice = vec![0; groups.len()];
    acc.push(join(&choice));
    if n_combinations > MAX_COMBINATIONS {
        for (group, size) in sizes.iter().enumerate() {
            for idx in 1..*size {
                choice[group] = idx;
                acc.push(join(&choice));
            }
            choice[group] = 0;
        }
        return;
    }
    for _ in 1..n_combinations {
        for (slot, size) in choice.iter_mut().zip(&sizes) {
            *slot += 1;
            if *slot < *size {
                break;
            }
            *slot = 0;
        }
        acc.push(join(&choice));
    }
}
