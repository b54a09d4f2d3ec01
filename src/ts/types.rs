//! Object types, read from their text: the members of `{ id: number; name?: string }`, of an interface or of an alias. The
//! parsers keep no types; what is not plainly an object with members is `None`.

mod callable;

use smol_str::SmolStr;

use callable::takes;
pub use callable::{function, imported, indexed, of_parameter, queries_by_text};

/// A member of an object type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub name: SmolStr,
    /// Bytes of the text that was read.
    pub start: usize,
    pub end: usize,
    /// `name?: …`
    pub optional: bool,
    /// The type as written.
    pub ty: String,
}

/// A part of an intersection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// `{ … }`
    Object(Vec<Member>),
    /// `Row`
    Named(SmolStr),
    /// Whatever else: `Record<string, unknown>`, `typeof x`.
    Other,
}

/// The parts of a type that is one object or an intersection.
pub fn parts(text: &str) -> Option<Vec<Part>> {
    let plain = without_comments(text);
    let (parts, end) = intersection(&plain, 0)?;
    plain.get(end..)?.trim().is_empty().then_some(parts)
}

/// What `interface NAME` or `type NAME =` of a script says, if exactly one does and takes no type parameters.
pub fn declared(text: &str, name: &str) -> Option<Vec<Part>> {
    let plain = without_comments(text);
    let mut found = None;
    for (at, _) in plain.match_indices(name) {
        let end = at + name.len();
        let before = plain.get(..at)?;
        let Some(keyword) = before.trim_end().rsplit(|it: char| !it.is_ascii_alphabetic()).next() else {
            continue;
        };
        let line = before.trim_end().strip_suffix(keyword)?.rsplit('\n').next().unwrap_or_default();
        let is_head = line.split_whitespace().all(|it| matches!(it, "export" | "declare" | "default"));
        if !matches!(keyword, "interface" | "type")
            || !is_head
            || !before.ends_with(char::is_whitespace)
            || plain.get(end..)?.starts_with(is_name)
        {
            continue;
        }
        let rest = skip_space(&plain, end);
        let read = match keyword {
            "interface" => interface(&plain, rest),
            _ if plain.get(rest..)?.starts_with('=') => alias(&plain, rest + 1),
            _ => continue,
        };
        if found.is_some() {
            return None;
        }
        found = Some(read);
    }
    found?
}

/// The type of the member `name` of `{ … }`, a method's as that of a function; what cannot be read is passed over. What
/// comes before the braces (`extends Base`) is not looked at.
pub fn member(text: &str, name: &str) -> Option<String> {
    let plain = without_comments(text);
    written(&plain, name)?.find_map(|it| {
        let it = it.trim_start_matches('?').trim_start();
        if let Some(ty) = it.strip_prefix(':') {
            return Some(ty.trim().to_owned());
        }
        let (params, rest) = takes(it)?;
        Some(format!("({}) => {}", params.join(", "), rest.strip_prefix(':')?.trim()))
    })
}

/// What is written behind the name of each member `name` of `{ … }`, overloads one after the other.
fn written<'a>(plain: &'a str, name: &'a str) -> Option<impl Iterator<Item = &'a str>> {
    let open = plain.find('{')?;
    let end = close(plain, open)? - 1;
    let mut at = open + 1;
    Some(std::iter::from_fn(move || {
        loop {
            at = skip(plain, at, |it| it.is_whitespace() || it == ';' || it == ',');
            if at >= end {
                return None;
            }
            let member_end = type_end(plain, at, end)?.max(at + 1);
            let member = plain.get(at..member_end)?;
            at = member_end;
            let bare = member.strip_prefix("readonly ").unwrap_or(member).trim_start();
            if let Some(rest) = bare.strip_prefix(name).filter(|it| !it.starts_with(is_name)) {
                return Some(rest.trim_start());
            }
        }
    }))
}

/// The members of a union or intersection, or the type alone; brackets around the whole are taken off.
pub fn branches(text: &str) -> Vec<&str> {
    let mut text = text.trim();
    while text.starts_with('(') && close(text, 0) == Some(text.len()) {
        text = text.get(1..text.len() - 1).unwrap_or_default().trim();
    }
    split(text, &['|', '&'])
}

/// The parts of a type between separators that stand in no brackets.
fn split<'a>(text: &'a str, separators: &[char]) -> Vec<&'a str> {
    let mut res = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(it) = text.get(at..).and_then(|it| it.chars().next()) {
        match it {
            '{' | '[' | '(' | '<' => match close(text, at) {
                Some(end) => at = end,
                None => return Vec::new(),
            },
            '\'' | '"' | '`' => match quoted_end(text, at) {
                Some(end) => at = end,
                None => return Vec::new(),
            },
            _ if separators.contains(&it) => {
                res.extend(text.get(start..at));
                at += 1;
                start = at;
            }
            _ => at += it.len_utf8(),
        }
    }
    res.extend(text.get(start..));
    res.into_iter().map(str::trim).filter(|it| !it.is_empty()).collect()
}

/// `Name<…>`: the name, with its dots, and the first argument; `None` for what is no plain name.
pub fn reference(text: &str) -> Option<(&str, Option<&str>)> {
    let end = text.find(|it| !is_name(it) && it != '.').unwrap_or(text.len());
    let (name, rest) = (text.get(..end)?, text.get(end..)?.trim());
    if name.is_empty() {
        return None;
    }
    if rest.is_empty() {
        return Some((name, None));
    }
    if !rest.starts_with('<') || close(rest, 0)? != rest.len() {
        return None;
    }
    let args = rest.get(1..rest.len() - 1)?;
    let mut at = 0;
    while let Some(it) = args.get(at..).and_then(|it| it.chars().next()) {
        match it {
            '{' | '[' | '(' | '<' => at = close(args, at)?,
            '\'' | '"' | '`' => at = quoted_end(args, at)?,
            ',' => break,
            _ => at += it.len_utf8(),
        }
    }
    Some((name, Some(args.get(..at)?.trim())))
}

fn interface(text: &str, at: usize) -> Option<Vec<Part>> {
    let rest = text.get(at..)?;
    if rest.starts_with('{') {
        return Some(vec![Part::Object(members(text, at)?.0)]);
    }
    // What it extends adds to its own members.
    let head = rest.strip_prefix("extends")?;
    let open = head.find('{')? + at + "extends".len();
    Some(vec![Part::Object(members(text, open)?.0), Part::Other])
}

/// An alias ends with a semicolon, or at a line's end behind which no operator goes on.
fn alias(text: &str, at: usize) -> Option<Vec<Part>> {
    let (res, end) = intersection(text, at)?;
    let rest = text.get(end..)?;
    let next = rest.trim_start();
    let on_line = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
    let ends_line = rest.get(on_line..)?.starts_with('\n');
    (next.is_empty()
        || next.starts_with(';')
        || ends_line && !next.starts_with(['|', '&', '[', '?', '.', '<']))
    .then_some(res)
}

/// `A & { … }`, and where it ends.
fn intersection(text: &str, at: usize) -> Option<(Vec<Part>, usize)> {
    let mut at = skip_space(text, at);
    if text.get(at..)?.starts_with('&') {
        at = skip_space(text, at + 1);
    }
    let mut res = Vec::new();
    loop {
        let (part, end) = part(text, at)?;
        res.push(part);
        let next = skip_space(text, end);
        match text.get(next..)?.chars().next() {
            Some('&') => at = skip_space(text, next + 1),
            // An array, a union, a condition.
            Some('[' | '|' | '?' | '.') => return None,
            _ => return Some((res, end)),
        }
    }
}

fn part(text: &str, at: usize) -> Option<(Part, usize)> {
    let rest = text.get(at..)?;
    if rest.starts_with('{') {
        let (members, end) = members(text, at)?;
        return Some((Part::Object(members), end));
    }
    let len = rest.find(|it| !is_name(it)).unwrap_or(rest.len());
    let name = rest.get(..len)?;
    if name.is_empty() || matches!(name, "typeof" | "keyof" | "readonly" | "unique" | "infer") {
        return None;
    }
    let end = at + len;
    if text.get(end..)?.starts_with('<') {
        return Some((Part::Other, close(text, end)?));
    }
    Some((Part::Named(name.into()), end))
}

/// The members between the braces that open at `at`, and where these end.
fn members(text: &str, open: usize) -> Option<(Vec<Member>, usize)> {
    let end = close(text, open)?;
    let inner_end = end - 1;
    let mut res = Vec::new();
    let mut at = open + 1;
    loop {
        at = skip(text, at, |it| it.is_whitespace() || it == ';' || it == ',');
        if at >= inner_end {
            return Some((res, end));
        }
        let rest = text.get(at..inner_end)?;
        if let Some(after) = rest.strip_prefix("readonly")
            && after.starts_with(char::is_whitespace)
            && !after.trim_start().starts_with([':', '?'])
        {
            at = skip_space(text, at + "readonly".len());
        }
        let rest = text.get(at..inner_end)?;
        if rest.starts_with('[') {
            let key_end = close(text, at)?;
            // `[K in keyof T]` maps.
            if text.get(at..key_end)?.contains(" in ") {
                return None;
            }
            let colon = skip_space(text, key_end);
            if !text.get(colon..)?.starts_with(':') {
                return None;
            }
            at = type_end(text, colon + 1, inner_end)?;
            continue;
        }
        let (name, start, mut after) = name(text, at, inner_end)?;
        after = skip_space(text, after);
        let optional = text.get(after..)?.starts_with('?');
        if optional {
            after = skip_space(text, after + 1);
        }
        if !text.get(after..)?.starts_with(':') {
            return None;
        }
        at = type_end(text, after + 1, inner_end)?;
        let ty = text.get(after + 1..at)?.trim().to_owned();
        res.push(Member { end: start + name.len(), name, start, optional, ty });
    }
}

/// A member's name, where it begins, and where it ends with its quotes.
fn name(text: &str, at: usize, end: usize) -> Option<(SmolStr, usize, usize)> {
    let rest = text.get(at..end)?;
    let first = rest.chars().next()?;
    if matches!(first, '\'' | '"') {
        let len = rest.get(1..)?.find(first)?;
        let name = rest.get(1..1 + len)?;
        return (!name.contains('\\')).then(|| (name.into(), at + 1, at + len + 2));
    }
    let len = rest.find(|it| !is_name(it)).unwrap_or(rest.len());
    (len > 0).then(|| (rest.get(..len).unwrap_or_default().into(), at, at + len))
}

/// Where a member's type ends: at a separator, or at a line's end behind which no operator goes on.
fn type_end(text: &str, at: usize, end: usize) -> Option<usize> {
    let mut at = at;
    let start = at;
    while at < end {
        let rest = text.get(at..end)?;
        let it = rest.chars().next()?;
        match it {
            ';' | ',' => return Some(at),
            '\n' => {
                let so_far = text.get(start..at)?.trim_end();
                let next = rest.trim_start();
                let goes_on = so_far.is_empty()
                    || so_far.ends_with("=>")
                    || so_far.ends_with(['|', '&', '=', '?', ':'])
                    || next.starts_with(['|', '&', '?', ':', '.'])
                    || next.starts_with("=>")
                    || next.starts_with("extends ");
                if !goes_on {
                    return Some(at);
                }
                at += 1;
            }
            '{' | '[' | '(' | '<' => at = close(text, at)?,
            '\'' | '"' | '`' => at = quoted_end(text, at)?,
            _ => at += it.len_utf8(),
        }
    }
    Some(end)
}

/// Where the bracket that opens at `at` is closed, behind it.
fn close(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = open;
    loop {
        let it = text.get(at..)?.chars().next()?;
        match it {
            '{' | '[' | '(' | '<' => depth += 1,
            '>' if text.get(..at)?.ends_with('=') => {}
            '}' | ']' | ')' | '>' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            '\'' | '"' | '`' => {
                at = quoted_end(text, at)?;
                continue;
            }
            _ => {}
        }
        at += it.len_utf8();
    }
}

fn quoted_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let quote = rest.chars().next()?;
    let len = rest.get(1..)?.find(quote)?;
    Some(at + len + 2)
}

fn skip(text: &str, at: usize, what: impl Fn(char) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start_matches(what).len())
}

fn skip_space(text: &str, at: usize) -> usize {
    skip(text, at, char::is_whitespace)
}

fn is_name(it: char) -> bool {
    it.is_alphanumeric() || matches!(it, '_' | '$')
}

/// Comments blanked, byte for byte. A `//` in a string blanks the rest of its line too: what is read there is then no
/// object, or it was none of a type's.
fn without_comments(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at + 1 < bytes.len() {
        let (is_line, is_block) = (bytes[at..].starts_with(b"//"), bytes[at..].starts_with(b"/*"));
        // `https://` in a string.
        let is_line = is_line && (at == 0 || bytes[at - 1] != b':');
        if !is_line && !is_block {
            at += 1;
            continue;
        }
        while at < bytes.len() {
            if is_line && bytes[at] == b'\n' {
                break;
            }
            if is_block && bytes[at..].starts_with(b"*/") {
                bytes[at..at + 2].fill(b' ');
                at += 2;
                break;
            }
            if bytes[at] != b'\n' {
                bytes[at] = b' ';
            }
            at += 1;
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests;
