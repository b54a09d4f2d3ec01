//! Lists of options: `WITH (fillfactor = 70)`, those of sequences, the bounds of partitions.

use super::super::Lower;
use super::super::lex::Kind;
use super::{items, string_value};
use crate::sql::hir::Name;
use crate::sql::hir::ddl::{BoundKind, PartitionBound, SequenceOption, SequenceOptionKind, Setting};

/// `(name = value, …)`; an option without a value stands for true.
pub(super) fn settings(lower: &mut Lower<'_>) -> Vec<Setting> {
    items(lower, |lower| {
        let first = lower.label()?;
        let name = lower.qname_rest(first);
        let start = lower.start();
        let mut value = None;
        if lower.eat_op("=") {
            let start = lower.start();
            if lower.at(Kind::Str) {
                value = string_value(lower).map(|it| it.0);
            } else {
                while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::RParen) {
                    lower.skip_one();
                }
                let range = lower.span(start);
                value = lower.text.get(range.start().into()..range.end().into()).map(|it| it.trim().into());
            }
        }
        Some(Setting { name, value, value_range: lower.span(start) })
    })
}

/// `[-] integer`.
fn integer(lower: &mut Lower<'_>) -> Option<i64> {
    let negative = lower.eat_op("-");
    if !negative {
        lower.eat_op("+");
    }
    let expr = lower.c_number()?;
    Some(if negative { expr.checked_neg()? } else { expr })
}

/// The number under the cursor that is no bigint, with the sign before it.
fn no_integer(lower: &mut Lower<'_>) -> Option<smol_str::SmolStr> {
    if !lower.at(Kind::Number) {
        return None;
    }
    let negative =
        lower.pos.checked_sub(1).and_then(|it| lower.tokens.get(it)).is_some_and(|it| lower.str(*it) == "-");
    let token = lower.bump();
    let text = lower.str(token);
    Some(if negative { format!("-{text}").into() } else { text.into() })
}

/// One option of a sequence under the cursor; `AS` and `OWNED BY` are the caller's.
pub(super) fn sequence(lower: &mut Lower<'_>) -> Option<SequenceOption> {
    use SequenceOptionKind::{Cache, Cycle, Increment, Max, Min, NoMax, NoMin, Restart, Start};
    let start = lower.start();
    if lower.eat_kws(&["sequence", "name"]) {
        lower.qname();
        return Some(SequenceOption {
            range: lower.span(start),
            kind: SequenceOptionKind::Name,
            value: None,
            odd: None,
        });
    }
    let (kind, valued) = if lower.eat_kws(&["no", "minvalue"]) {
        (NoMin, false)
    } else if lower.eat_kws(&["no", "maxvalue"]) {
        (NoMax, false)
    } else if lower.eat_kws(&["no", "cycle"]) || lower.eat_kw("cycle") {
        (Cycle, false)
    } else if lower.eat_kw("minvalue") {
        (Min, true)
    } else if lower.eat_kw("maxvalue") {
        (Max, true)
    } else if lower.eat_kw("increment") {
        lower.eat_kw("by");
        (Increment, true)
    } else if lower.eat_kw("start") {
        lower.eat_kw("with");
        (Start, true)
    } else if lower.eat_kw("cache") {
        (Cache, true)
    } else if lower.eat_kw("restart") {
        lower.eat_kw("with");
        (Restart, true)
    } else {
        return None;
    };
    let mut odd = None;
    let value = match valued {
        true => integer(lower).or_else(|| {
            odd = no_integer(lower);
            None
        }),
        false => None,
    };
    Some(SequenceOption { range: lower.span(start), kind, value, odd })
}

/// `FOR VALUES …` or `DEFAULT`.
pub(super) fn bound(lower: &mut Lower<'_>) -> Option<PartitionBound> {
    lower.eat_kws(&["for", "values"]);
    // PostgreSQL's place for it.
    let start = lower.start();
    let kind = if lower.eat_kw("default") {
        BoundKind::Default
    } else if lower.eat_kw("in") {
        BoundKind::In(items(lower, |it| Some(it.expr())))
    } else if lower.eat_kw("from") {
        let from = items(lower, |it| Some(it.expr()));
        lower.eat_kw("to");
        BoundKind::Range { from, to: items(lower, |it| Some(it.expr())) }
    } else if lower.eat_kw("with") {
        let at = lower.span(start);
        let mut whole = true;
        let numbers = items(lower, |it| {
            let name: Name = it.label()?;
            let number = it.c_number()?;
            whole &= matches!(it.kind(), Kind::Comma | Kind::RParen);
            Some((name, number))
        });
        let closed = lower.pos.checked_sub(1).and_then(|it| lower.tokens.get(it));
        if whole && !numbers.is_empty() && closed.is_some_and(|it| it.kind == Kind::RParen) {
            lower.check_hash_bound(&numbers, at);
        }
        BoundKind::Hash(numbers)
    } else {
        return None;
    };
    Some(PartitionBound { range: lower.span(start), kind })
}

impl Lower<'_> {
    /// The unsigned number under the cursor.
    pub(super) fn c_number(&mut self) -> Option<i64> {
        let token = self.peek();
        let text = self.str(token).replace('_', "");
        let value = text.parse::<i64>().ok()?;
        self.bump();
        Some(value)
    }
}
