//! A body's text between its quotes ↔ the statement around it.

use crate::base::text::{TextRange, slice};
use crate::ts::hir::{Escape, LiteralMap};

/// Where each byte of `body` stands, which is what the string constant around `range` of `text` means; `None` where
/// that cannot be told: several pieces, `U&'…'`.
pub fn map(text: &str, body: &str, range: TextRange) -> Option<LiteralMap> {
    let raw = slice(text, range);
    if raw == body {
        return Some(LiteralMap { host: range, escapes: Vec::new() });
    }
    let before = text.get(..usize::from(range.start()))?.strip_suffix('\'')?;
    let c_style = before.ends_with(['e', 'E']);
    let (mut decoded, mut escapes) = (String::with_capacity(raw.len()), Vec::new());
    let mut chars = raw.char_indices().peekable();
    let base = u32::from(range.start());
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|it| it.1);
        let meant = match (c, next) {
            ('\'', Some('\'')) => '\'',
            ('\\', Some(next)) if c_style => match next {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '\\' | '\'' | '"' => next,
                _ => return None,
            },
            _ => {
                decoded.push(c);
                continue;
            }
        };
        chars.next();
        let start = u32::try_from(decoded.len()).ok()?;
        decoded.push(meant);
        let host_start = base + u32::try_from(at).ok()?;
        escapes.push(Escape { start, end: start + 1, host_start, host_end: host_start + 2 });
    }
    (decoded == body).then_some(LiteralMap { host: range, escapes })
}
