//! Numbers of transactions and places of rows: xid8funcs.c, xid.c, tid.c.

use super::{Checked, invalid_syntax};

/// `tidin`: what follows the first parenthesis and the first comma, read as `strtoul` reads.
pub fn tid(text: &str) -> Checked {
    let refused = || invalid_syntax("tid", text);
    let mut starts = Vec::with_capacity(2);
    for (at, byte) in text.bytes().enumerate() {
        if starts.len() == 2 || byte == b')' {
            break;
        }
        if byte == b',' || (byte == b'(' && starts.is_empty()) {
            starts.push(at + 1);
        }
    }
    let [block, offset] = starts.as_slice() else { return refused() };
    let number = |from: usize| unsigned(text.get(from..).unwrap_or_default());
    let (block, behind_block) = number(*block);
    let (offset, behind_offset) = number(*offset);
    let fits = behind_block.starts_with(',')
        && behind_offset.starts_with(')')
        && block.is_none_or(|it| u32::try_from(it).is_ok())
        && offset.is_some_and(|it| u16::try_from(it).is_ok());
    if fits { Ok(()) } else { refused() }
}

/// `strtoul`: the number, 0 where there is none and `None` for a negative one, which wraps around; and what follows it.
fn unsigned(text: &str) -> (Option<u64>, &str) {
    let body = text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(super::is_space));
    let digits = body.strip_prefix(['-', '+']).unwrap_or(body);
    let end = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    if digits.is_empty() {
        return (Some(0), text);
    }
    let value = digits.parse().unwrap_or(u64::MAX);
    (Some(value).filter(|it| *it == 0 || !body.starts_with('-')), rest)
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
