//! Numbers of transactions and places of rows: xid8funcs.c, xid.c, tid.c.

use super::{Checked, invalid_syntax, trim};

/// `xid8in`: only what starts like no number.
pub fn xid8(text: &str) -> Checked {
    let fits = trim(text).starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    if fits { Ok(()) } else { invalid_syntax("xid8", text) }
}

/// `tidin`: of `(block,offset)` in plain digits, whether they fit.
pub fn tid(text: &str) -> Checked {
    let inner = text.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let Some((block, offset)) = inner.and_then(|it| it.split_once(',')) else { return Ok(()) };
    let plain = |it: &str| (1..=15).contains(&it.len()) && it.bytes().all(|c| c.is_ascii_digit());
    if !plain(block) || !plain(offset) {
        return Ok(());
    }
    let fits = block.parse::<u32>().is_ok() && offset.parse::<u16>().is_ok();
    if fits { Ok(()) } else { invalid_syntax("tid", text) }
}

/// `parse_snapshot`: `xmin:xmax:xip,…`, in order and between the two. Signs and white space are not judged.
pub fn snapshot(text: &str) -> Checked {
    if !text.bytes().all(|it| it.is_ascii_digit() || matches!(it, b':' | b',')) {
        return Ok(());
    }
    // The largest that every server takes.
    let number = |it: &str| it.parse::<i64>().ok().filter(|it| *it < i64::MAX);
    let refused = || invalid_syntax("pg_snapshot", text);
    let mut parts = text.splitn(3, ':');
    let (Some(low), Some(high), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return refused();
    };
    if low.is_empty() || high.is_empty() || low.contains(',') || high.contains(',') || rest.contains(':') {
        return refused();
    }
    let (Some(low), Some(high)) = (number(low), number(high)) else { return Ok(()) };
    if low == 0 || high < low {
        return refused();
    }
    let mut last = 0;
    // A comma may stand at the end.
    for item in rest.strip_suffix(',').unwrap_or(rest).split(',').filter(|_| !rest.is_empty()) {
        let Some(value) = number(if item.is_empty() { "0" } else { item }) else { return Ok(()) };
        if value < low || value >= high || value < last {
            return refused();
        }
        last = value;
    }
    Ok(())
}
