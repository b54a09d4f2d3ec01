//! XML content (`xml_parse` with XMLOPTION CONTENT): what no reader of XML takes. Silent where a document type, a
//! processing instruction, a namespace or a name beyond ASCII stands.

use super::{Checked, is_space, refuse};
use crate::sema::code;

pub fn check(text: &str) -> Checked {
    let whole = text;
    let text = without_declaration(text);
    // A declaration stands at the very beginning, or nowhere.
    let twice = text.find("<?xml").is_some_and(|at| {
        let before = text.get(..at).unwrap_or_default();
        let behind = text.get(at + 5..).unwrap_or_default();
        let second = text.len() < whole.len() || !before.trim_start_matches(space).is_empty();
        second && behind.starts_with(space) && !["<!", "<?", "]]>"].iter().any(|it| before.contains(it))
    });
    if twice {
        return refuse(code::INVALID_XML_CONTENT, "invalid XML content".into());
    }
    // CDATA and comments begin with `<!`; `]]>` may stand in text for some readers.
    let odd = ["<!", "<?", "]]>"].iter().any(|it| text.contains(it));
    let plain = |it: char| matches!(it, '\t' | '\n' | '\r') || (' '..='~').contains(&it) || it > '\u{a0}';
    if odd || !text.chars().all(plain) || content(text).is_some() {
        return Ok(());
    }
    refuse(code::INVALID_XML_CONTENT, "invalid XML content".into())
}

/// `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` and what is behind it (`parse_xml_decl`); in another form
/// it is left to stand.
fn without_declaration(text: &str) -> &str {
    let Some((declaration, rest)) = text.strip_prefix("<?xml ").and_then(|it| it.split_once("?>")) else {
        return text;
    };
    let plain = |it: &str| {
        let Some((name, value)) = it.split_once('=') else { return false };
        let value = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        value.is_some_and(|value| match name {
            "version" => value.starts_with("1.") && value.len() == 3,
            "encoding" => value.eq_ignore_ascii_case("utf-8"),
            "standalone" => matches!(value, "yes" | "no"),
            _ => false,
        })
    };
    let fits = declaration.starts_with("version=") && declaration.split_ascii_whitespace().all(plain);
    if fits { rest } else { text }
}

/// `None`: malformed.
fn content(text: &str) -> Option<()> {
    let mut rest = text;
    let mut open: Vec<&str> = Vec::new();
    while let Some(at) = rest.find(['<', '&']) {
        let here = rest.get(at..)?;
        if here.starts_with('&') {
            rest = reference(here)?;
            continue;
        }
        let inner = here.get(1..)?;
        if let Some(closing) = inner.strip_prefix('/') {
            let (name, behind) = name(closing)?;
            if open.pop() != Some(name) {
                return None;
            }
            rest = behind.trim_start_matches(space).strip_prefix('>')?;
            continue;
        }
        let (name, mut behind) = name(inner)?;
        let mut seen: Vec<&str> = Vec::new();
        loop {
            let trimmed = behind.trim_start_matches(space);
            if let Some(it) = trimmed.strip_prefix("/>") {
                rest = it;
                break;
            }
            if let Some(it) = trimmed.strip_prefix('>') {
                open.push(name);
                rest = it;
                break;
            }
            if trimmed.len() == behind.len() {
                return None;
            }
            let (attribute, it) = self::name(trimmed)?;
            if seen.contains(&attribute) {
                return None;
            }
            seen.push(attribute);
            let it = it.trim_start_matches(space).strip_prefix('=')?.trim_start_matches(space);
            let quote = it.chars().next().filter(|it| matches!(it, '"' | '\''))?;
            let (value, it) = it.get(1..)?.split_once(quote)?;
            let mut value = value;
            while let Some(at) = value.find(['<', '&']) {
                value = reference(value.get(at..)?)?;
            }
            behind = it;
        }
    }
    open.is_empty().then_some(())
}

fn space(it: char) -> bool {
    u8::try_from(it).is_ok_and(is_space)
}

/// A name and what is behind it.
fn name(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?;
    if !(first.is_alphabetic() || matches!(first, '_' | ':') || !first.is_ascii()) {
        return None;
    }
    let inside = |it: char| it.is_alphanumeric() || matches!(it, '_' | ':' | '-' | '.') || !it.is_ascii();
    let end = text.find(|it| !inside(it)).unwrap_or(text.len());
    text.split_at_checked(end)
}

/// `&amp;`, `&#10;`: what is behind.
fn reference(text: &str) -> Option<&str> {
    let (body, behind) = text.strip_prefix('&')?.split_once(';')?;
    let digits = |it: &str, hex: bool| {
        !it.is_empty() && it.chars().all(|it| if hex { it.is_ascii_hexdigit() } else { it.is_ascii_digit() })
    };
    let known = match body.strip_prefix('#') {
        Some(it) => it.strip_prefix('x').map_or_else(|| digits(it, false), |it| digits(it, true)),
        None => matches!(body, "amp" | "lt" | "gt" | "quot" | "apos"),
    };
    known.then_some(behind)
}
