//! Names that PostgreSQL cuts.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::top_steps;
use crate::sema::code::Severity::Information;
use crate::sql::ident::MAX_BYTES;
use crate::sql::token::{TokenKind, significant};
use rustc_hash::FxHashSet;

pub const RULE: Lint =
    Lint::migration("truncated-identifier", Information, include_str!("truncated-identifier.md"), run)
        .state("42622");

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    let mut seen = FxHashSet::default();
    for step in top_steps(migration) {
        if step.ddl().is_none() {
            continue;
        }
        for token in significant(step.text) {
            let text = token.text(step.text);
            let name = match token.kind {
                TokenKind::QuotedIdent { .. } => text.trim_matches('"').replace("\"\"", "\""),
                TokenKind::Word => text.to_ascii_lowercase(),
                _ => continue,
            };
            if name.len() > MAX_BYTES && seen.insert(name.clone()) {
                let mut end = MAX_BYTES;
                while !name.is_char_boundary(end) {
                    end -= 1;
                }
                let cut = name.get(..end).unwrap_or(&name);
                let at = token.range;
                acc.report(step.at(at), format!("identifier \"{name}\" will be truncated to \"{cut}\""))
                    .hint("Give it a name of at most 63 bytes; drizzle-kit compares the whole name, PostgreSQL keeps the short one.");
            }
        }
    }
}
