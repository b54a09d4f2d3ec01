//! Which part of a migration's text runs: the marks by which tools tell what does from what undoes it.

use memchr::memmem;

use super::Tool;

/// What the marks of a text say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts {
    /// The tool whose marks they are.
    pub tool: Option<Tool>,
    /// Byte offset where the part begins that runs, if the other one stands before it.
    pub from: u32,
    /// Byte offset where the part begins that undoes it, if that stands behind.
    pub until: Option<u32>,
    /// It says that it runs outside of a transaction.
    pub no_transaction: bool,
}

enum Mark {
    Up,
    Down,
    NoTransaction,
}

/// `-- migrate:up`, `-- +goose Down`, `-- +migrate Up`, `-- Down Migration`, `-- //@UNDO`, `-- no-transaction`.
pub(in crate::project::database) fn parts(text: &str) -> Parts {
    const WORDS: [&str; 6] = ["+goose", "migrate", "igration", "IGRATION", "@UNDO", "no-transaction"];
    let mut res = Parts::default();
    if !WORDS.iter().any(|it| memmem::find(text.as_bytes(), it.as_bytes()).is_some()) {
        return res;
    }
    let (mut up, mut down) = (None, None);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some((tool, mark, no_transaction)) = mark(line) {
            res.tool = res.tool.or(tool);
            res.no_transaction |= no_transaction;
            match mark {
                Mark::Up => up = up.or(Some(start + line.len())),
                Mark::Down => down = down.or(Some(start)),
                Mark::NoTransaction => res.no_transaction = true,
            }
        }
        start += line.len();
    }
    let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    match (up, down) {
        (Some(up), Some(down)) if down < up => res.from = offset(up),
        (_, down) => res.until = down.map(offset),
    }
    res
}

/// The mark that a line is, and whether it says that there is no transaction.
fn mark(line: &str) -> Option<(Option<Tool>, Mark, bool)> {
    let rest = line.trim().strip_prefix("--")?;
    let words: Vec<String> = rest.split_whitespace().take(4).map(str::to_ascii_lowercase).collect();
    let word = |idx: usize| words.get(idx).map_or("", String::as_str);
    let direction = |it: &str| match it {
        "up" => Some(Mark::Up),
        "down" => Some(Mark::Down),
        _ => None,
    };
    match word(0) {
        "+goose" if word(1) == "no" && word(2) == "transaction" => {
            Some((Some(Tool::Goose), Mark::NoTransaction, true))
        }
        "+goose" => Some((Some(Tool::Goose), direction(word(1))?, false)),
        "+migrate" => Some((Some(Tool::SqlMigrate), direction(word(1))?, word(2) == "notransaction")),
        "migrate:up" => Some((Some(Tool::Dbmate), Mark::Up, word(1) == "transaction:false")),
        "migrate:down" => Some((Some(Tool::Dbmate), Mark::Down, word(1) == "transaction:false")),
        "//@undo" => Some((None, Mark::Down, false)),
        "no-transaction" => Some((None, Mark::NoTransaction, true)),
        _ => {
            // node-pg-migrate: /^\s*--[\s-]*up\s+migration/i.
            let plain = rest.trim_start_matches(|it: char| it == '-' || it.is_whitespace());
            let mut words = plain.split_whitespace();
            let mark = direction(&words.next()?.to_ascii_lowercase())?;
            let is_mark = words.next()?.to_ascii_lowercase().starts_with("migration");
            is_mark.then_some((Some(Tool::NodePgMigrate), mark, false))
        }
    }
}
