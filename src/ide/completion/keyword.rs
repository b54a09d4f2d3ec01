//! Keywords: phrases that the grammar takes at the cursor.

use super::ItemKind;
use super::context::Cx;
use super::phrases::{DEFINITION, Phrase, QUERY, STATEMENT};
use super::rank::Tier;
use super::typed::Quoting;
use crate::sql;
use crate::sql::token::significant;

/// Keywords that may stand here. `begins`: a statement may begin here although the text is put into another.
pub fn items(cx: &Cx<'_>, begins: bool) {
    if cx.quoting() != Quoting::Bare || cx.typed.head().trim_end().ends_with(['.', ':']) {
        return;
    }
    let head = cx.typed.head();
    let tokens = significant(head);
    if begins || tokens.is_empty() {
        for (order, words) in STATEMENT.iter().enumerate() {
            add(cx, words, Tier::Fit, order);
        }
        if tokens.is_empty() {
            return;
        }
    }
    let first =
        tokens.iter().map(|it| it.text(head)).find(|it| *it != "(").unwrap_or("").to_ascii_lowercase();
    let defines = !matches!(
        first.as_str(),
        "select"
            | "insert"
            | "update"
            | "delete"
            | "with"
            | "values"
            | "table"
            | "merge"
            | "explain"
            | "replace"
    );
    let mut phrases: Vec<&Phrase> = QUERY.iter().collect();
    if defines {
        // The tables answer more slowly: what cannot be meant is not asked.
        phrases.retain(|it| may_begin(it.words, cx.prefix()));
        phrases.extend(DEFINITION.iter().filter(|it| may_begin(it.words, cx.prefix())));
    }
    let probes: Vec<String> = phrases.iter().map(|it| format!("{} {}", it.words, it.then)).collect();
    let probes: Vec<&str> = probes.iter().map(String::as_str).collect();
    let accepted = sql::accepts(head, cx.dialect(), &probes);
    for (order, (phrase, _)) in phrases.iter().zip(accepted).enumerate().filter(|it| it.1.1) {
        add(cx, phrase.words, Tier::Word, order);
    }
}

fn may_begin(words: &str, typed: &str) -> bool {
    typed.is_empty() || super::rank::matching(words, typed) < super::rank::NO_MATCH
}

fn add(cx: &Cx<'_>, words: &str, tier: Tier, order: usize) {
    let text = cx.keyword(words);
    let item = cx.item(text.clone(), ItemKind::Keyword, &text);
    cx.add(words, tier, order as u32, item);
}
