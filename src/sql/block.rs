//! Files of several queries, each behind a line `-- BLOCK name` (PrairieLearn's `sqldb`): a program sends one at a time.

use memchr::memmem;

use crate::base::text::{TextRange, range};

/// Where a block begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'t> {
    pub name: &'t str,
    /// The whole comment, and the name in it.
    pub comment: TextRange,
    pub focus: TextRange,
}

/// The name of the block that a comment begins: `/^ *-- *BLOCK +([^ ]+) *$/`, the name an identifier, lest it be prose.
pub fn name(comment: &str) -> Option<&str> {
    let name = comment.strip_prefix("--")?.trim_start().strip_prefix("BLOCK")?;
    let name = name.strip_prefix([' ', '\t'])?.trim();
    let is_name = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.');
    let begins = name.starts_with(|it: char| it.is_lowercase() || it == '_');
    (begins && name.chars().all(is_name) && name.contains(char::is_alphanumeric)).then_some(name)
}

/// The blocks of a text, in order.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut res = Vec::new();
    for at in memmem::find_iter(text.as_bytes(), b"BLOCK") {
        let start = text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        let line = text.get(start..).and_then(|it| it.lines().next()).unwrap_or("");
        let indent = line.len() - line.trim_start().len();
        let Some(name) = name(line.trim()) else { continue };
        let Some(behind) = line.find("BLOCK").and_then(|it| line.get(it + "BLOCK".len()..)) else { continue };
        let focus = start + line.len() - behind.trim_start().len();
        res.push(Block {
            name,
            comment: range(start + indent, start + line.trim_end().len()),
            focus: range(focus, focus + name.len()),
        });
    }
    res
}

#[cfg(test)]
mod tests;
