//! Unicode escapes in strings and names (`scan.l`, `str_udeescape` of `parser.c`): pairs of surrogates that are none, and
//! numbers that are no character's.

/// What is wrong, where in the token, and how many bytes the scanner shows of it; 0: it shows none.
pub struct Fault {
    pub at: usize,
    pub len: usize,
    pub words: &'static str,
}

const PAIR: &str = "invalid Unicode surrogate pair";
const VALUE: &str = "invalid Unicode escape value";
const ESCAPE: &str = "invalid Unicode escape";

fn is_first(value: u32) -> bool {
    (0xd800..0xdc00).contains(&value)
}

fn is_second(value: u32) -> bool {
    (0xdc00..0xe000).contains(&value)
}

fn is_character(value: u32) -> bool {
    (1..=0x10ffff).contains(&value)
}

/// The first fault of `E'…'`. An escape with too few digits has a code of its own and is not judged.
pub fn backslashes(token: &str) -> Option<Fault> {
    let bytes = token.as_bytes();
    let mut at = token.find('\'')? + 1;
    let mut first = None;
    while at < token.len() {
        let escape = match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'\\'), Some(b'u')) => Some(4),
            (Some(b'\\'), Some(b'U')) => Some(8),
            _ => None,
        };
        let Some(n_digits) = escape else {
            if first.is_some() {
                let len = token.get(at..)?.chars().next().map_or(1, char::len_utf8);
                return Some(Fault { at, len, words: PAIR });
            }
            at += if bytes.get(at) == Some(&b'\\') { 2 } else { 1 };
            continue;
        };
        let value = hex(token.get(at + 2..at + 2 + n_digits)?)?;
        let len = 2 + n_digits;
        match first {
            Some(_) if !is_second(value) => return Some(Fault { at, len, words: PAIR }),
            Some(_) => first = None,
            None if is_first(value) => first = Some(value),
            None if is_second(value) => return Some(Fault { at, len, words: PAIR }),
            None if !is_character(value) => return Some(Fault { at, len, words: VALUE }),
            None => {}
        }
        at += len;
    }
    None
}

/// The first fault of `U&'…'` or `U&"…"`, whose escapes start with `escape`.
pub fn unicode(token: &str, escape: char) -> Option<Fault> {
    let quote = if token.contains('\'') { '\'' } else { '"' };
    let start = token.find(quote)? + 1;
    let body = token.get(start..)?.strip_suffix(quote)?;
    let mut rest = body;
    // Doubled quotes count once.
    let mut at = start;
    let mut first = None;
    while let Some(c) = rest.chars().next() {
        let fault = |words| Some(Fault { at, len: 0, words });
        if c != escape {
            if first.is_some() {
                return fault(PAIR);
            }
            let twice = c == quote && rest.get(1..).is_some_and(|it| it.starts_with(quote));
            rest = rest.get(if twice { 2 } else { c.len_utf8() }..)?;
            at += c.len_utf8();
            continue;
        }
        let behind = rest.get(c.len_utf8()..)?;
        if behind.starts_with(escape) {
            if first.is_some() {
                return fault(PAIR);
            }
            rest = behind.get(escape.len_utf8()..)?;
            at += 2 * escape.len_utf8();
            continue;
        }
        let long = behind.starts_with('+');
        let digits = if long { behind.get(1..7) } else { behind.get(..4) };
        let Some(value) = digits.and_then(hex) else { return fault(ESCAPE) };
        match first {
            _ if value > 0x10ffff || value == 0 => return fault(VALUE),
            Some(_) if !is_second(value) => return fault(PAIR),
            Some(_) => first = None,
            None if is_first(value) => first = Some(value),
            None if is_second(value) => return fault(PAIR),
            None => {}
        }
        let len = if long { 7 } else { 4 };
        rest = behind.get(len..)?;
        at += c.len_utf8() + len;
    }
    first.map(|_| Fault { at, len: 0, words: PAIR })
}

fn hex(digits: &str) -> Option<u32> {
    let fits = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_hexdigit());
    if fits { u32::from_str_radix(digits, 16).ok() } else { None }
}
