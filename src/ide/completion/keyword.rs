//! Keywords: phrases that the grammar takes at the cursor.

use super::ItemKind;
use super::context::Cx;
use super::phrases::{DEFINITION, Phrase, QUERY, STATEMENT};
use super::rank::Tier;
use super::typed::Quoting;
use crate::sema::scope::Slot;
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
    let slot = cx.scope.map(|it| &it.slot);
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
    let definitions: &[Phrase] = if defines && slot.is_none() { DEFINITION } else { &[] };
    let mut phrases: Vec<&Phrase> = QUERY.iter().chain(definitions).collect();
    phrases.retain(|it| suits(slot, it.words) && may_begin(it.words, cx.prefix()));
    if !cx.prefix().is_empty() {
        cx.cut();
    }
    let probes: Vec<String> = phrases.iter().map(|it| format!("{} {}", it.words, it.then)).collect();
    let probes: Vec<&str> = probes.iter().map(String::as_str).collect();
    let accepted = sql::accepts(head, cx.dialect(), &probes);
    for (order, (phrase, _)) in phrases.iter().zip(accepted).enumerate().filter(|it| it.1.1) {
        add(cx, phrase.words, Tier::Word, order);
    }
}

/// Many keywords are also names: where a name stands, only those are meant that begin what it begins.
fn suits(slot: Option<&Slot>, words: &str) -> bool {
    const OPERANDS: &[&str] = &[
        "not",
        "exists",
        "not exists",
        "null",
        "true",
        "false",
        "case",
        "case when",
        "when",
        "any",
        "all",
        "some",
        "array",
        "row",
        "cast",
        "interval",
        "current_date",
        "current_timestamp",
        "current_time",
        "localtimestamp",
        "current_user",
        "session_user",
        "default",
        "distinct",
        "distinct on",
        "from",
        "select",
        "with",
        "values",
        "table",
        "variadic",
        "grouping sets",
        "rollup",
        "cube",
        "epoch from",
        "dow from",
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "both",
        "leading",
        "trailing",
        "unbounded preceding",
        "current row",
    ];
    let any = |all: &[&str]| all.contains(&words);
    match slot {
        None => true,
        Some(Slot::Value { .. }) => any(OPERANDS),
        Some(Slot::Relation { .. }) => any(&["lateral", "only", "rows from", "select", "values", "with"]),
        Some(Slot::Assigned { insert, .. }) => *insert && any(&["select", "with", "values"]),
        Some(Slot::Window) => {
            any(&["partition by", "order by", "rows between", "range between", "groups between"])
        }
        Some(_) => false,
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
