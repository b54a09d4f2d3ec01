//! Type arguments of tagged templates, which the grammar takes for comparisons.
//!
//! ``sql<number>`…` `` is read as `(sql < number) > …`. So the parser is given a text in which the type arguments
//! are blank, byte for byte; the lowering reads them from the real text.

use std::borrow::Cow;

use memchr::memmem;
use smol_str::SmolStr;

/// The longest type argument list that is looked for, in bytes.
const MAX_LEN: usize = 4_000;

/// `text` with the type arguments before backquotes blanked. Inside template text, strings and comments the same
/// shape may be blanked too: that changes nothing of how they are read.
pub fn blank(text: &str) -> Cow<'_, str> {
    let mut res: Option<Vec<u8>> = None;
    for at in memmem::find_iter(text.as_bytes(), ">`") {
        let Some(start) = opening(text.as_bytes(), at) else { continue };
        let bytes = res.get_or_insert_with(|| text.as_bytes().to_vec());
        for byte in bytes.get_mut(start..=at).unwrap_or_default() {
            if *byte != b'\n' && *byte != b'\r' {
                *byte = b' ';
            }
        }
    }
    match res.map(String::from_utf8) {
        Some(Ok(it)) => Cow::Owned(it),
        _ => Cow::Borrowed(text),
    }
}

/// The offset of the `<` that the `>` at `close` closes, if what stands between and before may be type arguments.
fn opening(bytes: &[u8], close: usize) -> Option<usize> {
    // `() =>` before a backquote is an arrow.
    if close.checked_sub(1).and_then(|it| bytes.get(it)) == Some(&b'=') {
        return None;
    }
    let mut depth = 0usize;
    let mut at = close;
    loop {
        match *bytes.get(at)? {
            b'>' if at > 0 && bytes.get(at - 1) == Some(&b'=') => {}
            b'>' => depth += 1,
            b'<' if depth == 1 => break,
            b'<' => depth -= 1,
            b'`' => return None,
            b'{' if at > 0 && bytes.get(at - 1) == Some(&b'$') => return None,
            _ => {}
        }
        if at == 0 || close - at > MAX_LEN {
            return None;
        }
        at -= 1;
    }
    let before = *bytes.get(at.checked_sub(1)?)?;
    let named = before.is_ascii_alphanumeric() || matches!(before, b'_' | b'$') || !before.is_ascii();
    (named && !is_tag_name(bytes.get(at + 1..close)?)).then_some(at)
}

/// `<code>` is markup before a backquote, not a type.
fn is_tag_name(body: &[u8]) -> bool {
    const TYPES: [&[u8]; 12] = [
        b"number",
        b"string",
        b"boolean",
        b"bigint",
        b"any",
        b"unknown",
        b"object",
        b"null",
        b"undefined",
        b"void",
        b"never",
        b"symbol",
    ];
    body.is_empty()
        || (body.iter().all(u8::is_ascii_lowercase) && !TYPES.contains(&body))
        || body.first() == Some(&b'/')
}

/// The types in `<A, B<C, D>>`, as written.
pub fn split(list: &str) -> Vec<SmolStr> {
    let Some(body) = list.trim().strip_prefix('<').and_then(|it| it.strip_suffix('>')) else {
        return Vec::new();
    };
    let mut res = Vec::new();
    let (mut depth, mut from, mut previous) = (0i32, 0, ' ');
    let mut quote = None;
    for (at, c) in body.char_indices() {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '\'' | '"' => quote = Some(c),
            '<' | '(' | '[' | '{' => depth += 1,
            '>' if previous == '=' => {}
            '>' | ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                res.push(body.get(from..at).unwrap_or("").trim().into());
                from = at + 1;
            }
            _ => {}
        }
        previous = c;
    }
    let last = body.get(from..).unwrap_or("").trim();
    if !last.is_empty() {
        res.push(last.into());
    }
    res
}
