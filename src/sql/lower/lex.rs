//! PostgreSQL's lexer (`scan.l`), tolerant: every text gives tokens, trivia left out.

/// What a token is; operators and keywords are told apart by their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An unquoted identifier or keyword.
    Word,
    /// `"…"` or `U&"…"`.
    Quoted,
    /// A character string of any notation, its continuations included.
    Str,
    /// `B'…'`, `X'…'`.
    Bit,
    Number,
    /// `$1`.
    Param,
    Op,
    LParen,
    RParen,
    LBrack,
    RBrack,
    Comma,
    Dot,
    Colon,
    /// `::`.
    Typecast,
    /// `:=`.
    ColonEquals,
    /// `=>`.
    EqualsGreater,
    Semi,
    Junk,
    Eof,
}

/// The four classes of `kwlist.h`; words that are no keywords count as unreserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Unreserved,
    /// May be a column or table name, but no function or type name.
    ColName,
    /// May be a function or type name, but no column or table name.
    TypeFunc,
    Reserved,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub kind: Kind,
    pub class: Class,
    pub start: u32,
    pub end: u32,
    /// Index of the closing bracket's token; for all else, and for brackets left open, `u32::MAX`.
    pub close: u32,
}

pub(super) const NO_CLOSE: u32 = u32::MAX;

/// The tokens of `text`, ending with [`Kind::Eof`]. A constant or comment that is left open ends with the text;
/// a [`Kind::Junk`] token of no width then stands before the end.
pub(super) fn lex(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 4 + 4);
    let mut open: Vec<usize> = Vec::new();
    let mut pos = 0;
    while let Some(start) = skip_trivia(bytes, pos) {
        let (kind, end) = token(text, start);
        // A token takes at least one character, so that the loop ends.
        let end = end.max(start + 1).min(bytes.len());
        let mut close = NO_CLOSE;
        match kind {
            Kind::LParen | Kind::LBrack => open.push(tokens.len()),
            Kind::RParen | Kind::RBrack => {
                let opener = if kind == Kind::RParen { Kind::LParen } else { Kind::LBrack };
                // A closer of the wrong kind leaves the inner brackets open.
                if let Some(at) = open.iter().rposition(|&idx| tokens[idx].kind == opener) {
                    let here = u32::try_from(tokens.len()).unwrap_or(NO_CLOSE);
                    tokens[open[at]].close = here;
                    open.truncate(at);
                    close = NO_CLOSE;
                }
            }
            _ => {}
        }
        let class =
            if kind == Kind::Word { classify(text.get(start..end).unwrap_or("")) } else { Class::Unreserved };
        tokens.push(Token { kind, class, start: offset(start), end: offset(end), close });
        pos = end;
    }
    let end = offset(bytes.len());
    if is_left_open(bytes, tokens.last()) {
        let kind = Kind::Junk;
        tokens.push(Token { kind, class: Class::Unreserved, start: end, end, close: NO_CLOSE });
    }
    tokens.push(Token { kind: Kind::Eof, class: Class::Reserved, start: end, end, close: NO_CLOSE });
    tokens
}

/// Whether the last token, or a comment behind it, has no end.
fn is_left_open(bytes: &[u8], last: Option<&Token>) -> bool {
    let after = last.map_or(0, |it| it.end as usize);
    if after < bytes.len() {
        // Trivia stands behind it: a comment is closed if its text and one more byte are still trivia.
        let mut closed = bytes.get(after..).unwrap_or(&[]).to_vec();
        closed.push(b'x');
        return skip_trivia(&closed, 0).is_none() && !ends_in_line_comment(&closed);
    }
    let Some(token) = last else { return false };
    if !matches!(token.kind, Kind::Quoted | Kind::Str | Kind::Bit) {
        return false;
    }
    // A closed constant ends where it ends whatever follows.
    let mut longer = bytes.get(token.start as usize..).unwrap_or(&[]).to_vec();
    let len = longer.len();
    longer.push(b'x');
    let Ok(longer) = String::from_utf8(longer) else { return false };
    self::token(&longer, 0).1 > len
}

fn ends_in_line_comment(bytes: &[u8]) -> bool {
    let mut pos = 0;
    while pos < bytes.len() {
        match bytes[pos] {
            b'-' if byte(bytes, pos + 1) == b'-' => {
                pos = line_end(bytes, pos);
                if pos >= bytes.len() {
                    return true;
                }
            }
            b'/' if byte(bytes, pos + 1) == b'*' => pos = comment_end(bytes, pos),
            _ => pos += 1,
        }
    }
    false
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// Where the next token starts.
fn skip_trivia(bytes: &[u8], mut pos: usize) -> Option<usize> {
    loop {
        match *bytes.get(pos)? {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => pos += 1,
            b'-' if byte(bytes, pos + 1) == b'-' => pos = line_end(bytes, pos),
            b'/' if byte(bytes, pos + 1) == b'*' => pos = comment_end(bytes, pos),
            _ => return Some(pos),
        }
    }
}

fn line_end(bytes: &[u8], mut pos: usize) -> usize {
    while pos < bytes.len() && !matches!(bytes[pos], b'\n' | b'\r') {
        pos += 1;
    }
    pos
}

/// Block comments nest.
fn comment_end(bytes: &[u8], start: usize) -> usize {
    let mut pos = start + 2;
    let mut depth = 1usize;
    while pos < bytes.len() && depth > 0 {
        if byte(bytes, pos) == b'*' && byte(bytes, pos + 1) == b'/' {
            depth -= 1;
            pos += 2;
        } else if byte(bytes, pos) == b'/' && byte(bytes, pos + 1) == b'*' {
            depth += 1;
            pos += 2;
        } else {
            pos += 1;
        }
    }
    pos.min(bytes.len())
}

fn is_ident_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || b >= 0x80
}

fn is_ident_part(b: u8) -> bool {
    is_ident_start(b) || b.is_ascii_digit() || b == b'$'
}

fn is_op_char(b: u8) -> bool {
    b"~!@#^&|`?+-*/%<>=".contains(&b)
}

fn token(text: &str, start: usize) -> (Kind, usize) {
    let bytes = text.as_bytes();
    let next = byte(bytes, start + 1);
    match bytes[start] {
        b'(' => (Kind::LParen, start + 1),
        b')' => (Kind::RParen, start + 1),
        b'[' => (Kind::LBrack, start + 1),
        b']' => (Kind::RBrack, start + 1),
        b',' => (Kind::Comma, start + 1),
        b';' => (Kind::Semi, start + 1),
        b':' if next == b':' => (Kind::Typecast, start + 2),
        b':' if next == b'=' => (Kind::ColonEquals, start + 2),
        b':' => (Kind::Colon, start + 1),
        b'.' if next.is_ascii_digit() => (Kind::Number, number_end(bytes, start)),
        b'.' => (Kind::Dot, start + 1),
        b'"' => (Kind::Quoted, quoted_end(bytes, start + 1, b'"')),
        b'\'' => (Kind::Str, string_end(bytes, start, false)),
        b'e' | b'E' if next == b'\'' => (Kind::Str, string_end(bytes, start + 1, true)),
        b'n' | b'N' if next == b'\'' => (Kind::Str, string_end(bytes, start + 1, false)),
        b'b' | b'B' | b'x' | b'X' if next == b'\'' => (Kind::Bit, string_end(bytes, start + 1, false)),
        b'u' | b'U' if next == b'&' && byte(bytes, start + 2) == b'\'' => {
            (Kind::Str, string_end(bytes, start + 2, false))
        }
        b'u' | b'U' if next == b'&' && byte(bytes, start + 2) == b'"' => {
            (Kind::Quoted, quoted_end(bytes, start + 3, b'"'))
        }
        b'0'..=b'9' => (Kind::Number, number_end(bytes, start)),
        b'$' if next.is_ascii_digit() => {
            let mut end = start + 1;
            while byte(bytes, end).is_ascii_digit() {
                end += 1;
            }
            (Kind::Param, end)
        }
        b'$' => match dollar_end(bytes, start) {
            Some(end) => (Kind::Str, end),
            None => (Kind::Junk, start + 1),
        },
        b if is_ident_start(b) => {
            let mut end = start + 1;
            while end < bytes.len() && is_ident_part(bytes[end]) {
                end += 1;
            }
            (Kind::Word, end)
        }
        b if is_op_char(b) => operator(bytes, start),
        _ => (Kind::Junk, start + 1),
    }
}

/// Decimal, hexadecimal, octal and binary integers, and numeric constants, with underscores between digits.
fn number_end(bytes: &[u8], start: usize) -> usize {
    let prefix = byte(bytes, start + 1).to_ascii_lowercase();
    if byte(bytes, start) == b'0' && matches!(prefix, b'x' | b'o' | b'b') {
        let is_digit = |b: u8| match prefix {
            b'x' => b.is_ascii_hexdigit(),
            b'o' => (b'0'..=b'7').contains(&b),
            _ => matches!(b, b'0' | b'1'),
        };
        let end = digits(bytes, start + 2, is_digit);
        return if end > start + 2 { end } else { start + 1 };
    }
    let mut end = digits(bytes, start, |b| b.is_ascii_digit());
    // `1..10` is an integer followed by `..`.
    if byte(bytes, end) == b'.' && byte(bytes, end + 1) != b'.' {
        end = digits(bytes, end + 1, |b| b.is_ascii_digit());
    }
    if matches!(byte(bytes, end), b'e' | b'E') {
        let sign = usize::from(matches!(byte(bytes, end + 1), b'+' | b'-'));
        if byte(bytes, end + 1 + sign).is_ascii_digit() {
            end = digits(bytes, end + 1 + sign, |b| b.is_ascii_digit());
        }
    }
    end
}

fn digits(bytes: &[u8], mut pos: usize, is_digit: impl Fn(u8) -> bool) -> usize {
    loop {
        if is_digit(byte(bytes, pos)) {
            pos += 1;
        } else if byte(bytes, pos) == b'_' && is_digit(byte(bytes, pos + 1)) {
            pos += 2;
        } else {
            return pos;
        }
    }
}

/// The end of a quoted run in which a doubled quote stands for itself; `pos` is behind the opening quote.
fn quoted_end(bytes: &[u8], mut pos: usize, quote: u8) -> usize {
    while pos < bytes.len() {
        if bytes[pos] == quote {
            if byte(bytes, pos + 1) != quote {
                return pos + 1;
            }
            pos += 1;
        }
        pos += 1;
    }
    bytes.len()
}

/// The end of one quoted piece of a string constant; `quote` is the place of its opening quote.
pub(super) fn piece_end(bytes: &[u8], quote: usize, escapes: bool) -> usize {
    if !escapes {
        return quoted_end(bytes, quote + 1, b'\'');
    }
    let mut pos = quote + 1;
    while pos < bytes.len() {
        match bytes[pos] {
            b'\\' => pos += 2,
            b'\'' if byte(bytes, pos + 1) == b'\'' => pos += 2,
            b'\'' => return pos + 1,
            _ => pos += 1,
        }
    }
    bytes.len()
}

/// The end of a string constant with its continuations: pieces that stand on a later line.
fn string_end(bytes: &[u8], quote: usize, escapes: bool) -> usize {
    let mut end = piece_end(bytes, quote, escapes);
    while let Some(next) = continuation(bytes, end) {
        end = piece_end(bytes, next, escapes);
    }
    end
}

/// The opening quote of the piece that continues the string ending at `pos`: white space with a line break, and
/// behind the break also `--` comments, may stand between (`quotecontinue` in scan.l).
pub(super) fn continuation(bytes: &[u8], mut pos: usize) -> Option<usize> {
    let mut broken = false;
    loop {
        match *bytes.get(pos)? {
            b'\n' | b'\r' => broken = true,
            b' ' | b'\t' | 0x0b | 0x0c => {}
            b'-' if byte(bytes, pos + 1) == b'-' => {
                pos = line_end(bytes, pos);
                continue;
            }
            b'\'' if broken => return Some(pos),
            _ => return None,
        }
        pos += 1;
    }
}

/// `$tag$ … $tag$`; an unterminated one runs to the end of the text.
fn dollar_end(bytes: &[u8], start: usize) -> Option<usize> {
    let open = dollar_tag_end(bytes, start)?;
    let tag = bytes.get(start..open)?;
    let body = bytes.get(open..)?;
    match memchr::memmem::find(body, tag) {
        Some(at) => Some(open + at + tag.len()),
        None => Some(bytes.len()),
    }
}

/// The end of the opening `$tag$`.
pub(super) fn dollar_tag_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut pos = start + 1;
    while is_ident_part(byte(bytes, pos)) && byte(bytes, pos) != b'$' {
        pos += 1;
    }
    (byte(bytes, pos) == b'$').then_some(pos + 1)
}

/// The manual's §4.1.3: comments end an operator, and `+` or `-` ends one only if it also holds one of
/// `~ ! @ # % ^ & | ` ?`.
fn operator(bytes: &[u8], start: usize) -> (Kind, usize) {
    let mut end = start;
    while is_op_char(byte(bytes, end)) {
        let pair = (byte(bytes, end), byte(bytes, end + 1));
        if end > start && (pair == (b'-', b'-') || pair == (b'/', b'*')) {
            break;
        }
        end += 1;
    }
    while end - start > 1
        && matches!(bytes[end - 1], b'+' | b'-')
        && !bytes[start..end - 1].iter().any(|b| b"~!@#^&|`?%".contains(b))
    {
        end -= 1;
    }
    if &bytes[start..end] == b"=>" { (Kind::EqualsGreater, end) } else { (Kind::Op, end) }
}

fn classify(word: &str) -> Class {
    // No classified keyword is longer than this.
    let mut buf = [0u8; 17];
    let Some(buf) = buf.get_mut(..word.len()) else { return Class::Unreserved };
    buf.copy_from_slice(word.as_bytes());
    buf.make_ascii_lowercase();
    match std::str::from_utf8(buf).unwrap_or("") {
        "all" | "analyse" | "analyze" | "and" | "any" | "array" | "as" | "asc" | "asymmetric" | "both"
        | "case" | "cast" | "check" | "collate" | "column" | "constraint" | "create" | "current_catalog"
        | "current_date" | "current_role" | "current_time" | "current_timestamp" | "current_user"
        | "default" | "deferrable" | "desc" | "distinct" | "do" | "else" | "end" | "except" | "false"
        | "fetch" | "for" | "foreign" | "from" | "grant" | "group" | "having" | "in" | "initially"
        | "intersect" | "into" | "lateral" | "leading" | "limit" | "localtime" | "localtimestamp" | "not"
        | "null" | "offset" | "on" | "only" | "or" | "order" | "placing" | "primary" | "references"
        | "returning" | "select" | "session_user" | "some" | "symmetric" | "system_user" | "table"
        | "then" | "to" | "trailing" | "true" | "union" | "unique" | "user" | "using" | "variadic"
        | "when" | "where" | "window" | "with" => Class::Reserved,
        "authorization" | "binary" | "collation" | "concurrently" | "cross" | "current_schema" | "freeze"
        | "full" | "ilike" | "inner" | "is" | "isnull" | "join" | "left" | "like" | "natural" | "notnull"
        | "outer" | "overlaps" | "right" | "similar" | "tablesample" | "verbose" => Class::TypeFunc,
        "between" | "bigint" | "bit" | "boolean" | "char" | "character" | "coalesce" | "dec" | "decimal"
        | "exists" | "extract" | "float" | "greatest" | "grouping" | "inout" | "int" | "integer"
        | "interval" | "json" | "json_array" | "json_arrayagg" | "json_exists" | "json_object"
        | "json_objectagg" | "json_query" | "json_scalar" | "json_serialize" | "json_table"
        | "json_value" | "least" | "merge_action" | "national" | "nchar" | "none" | "normalize"
        | "nullif" | "numeric" | "out" | "overlay" | "position" | "precision" | "real" | "row" | "setof"
        | "smallint" | "substring" | "time" | "timestamp" | "treat" | "trim" | "values" | "varchar"
        | "xmlattributes" | "xmlconcat" | "xmlelement" | "xmlexists" | "xmlforest" | "xmlnamespaces"
        | "xmlparse" | "xmlpi" | "xmlroot" | "xmlserialize" | "xmltable" => Class::ColName,
        _ => Class::Unreserved,
    }
}

/// Whether an alias may be this word without `AS` before it (`AS_LABEL` keywords may not).
pub(super) fn is_bare_label(word: &str) -> bool {
    const NOT_BARE: [&str; 39] = [
        "array",
        "as",
        "char",
        "character",
        "create",
        "day",
        "except",
        "fetch",
        "filter",
        "for",
        "from",
        "grant",
        "group",
        "having",
        "hour",
        "intersect",
        "into",
        "isnull",
        "limit",
        "minute",
        "month",
        "notnull",
        "offset",
        "on",
        "order",
        "over",
        "overlaps",
        "precision",
        "returning",
        "second",
        "to",
        "union",
        "varying",
        "where",
        "window",
        "with",
        "within",
        "without",
        "year",
    ];
    !NOT_BARE.iter().any(|it| it.eq_ignore_ascii_case(word))
}
