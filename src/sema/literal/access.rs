//! Grants as values: `aclitemin` (acl.c). Which roles there are is not known.

use super::{Checked, invalid_text, is_space};

/// Those of every version.
const MODES: &str = "arwdDxtXUCTcsAm";

/// `[group | user] name=modes/grantor`.
pub fn check(text: &str) -> Checked {
    let Some((name, mut rest)) = identifier(text) else { return Ok(()) };
    if !rest.starts_with('=') {
        if !matches!(name.as_str(), "group" | "user") {
            return invalid_text(format!("unrecognized key word: \"{name}\""));
        }
        let Some((name, behind)) = identifier(rest) else { return Ok(()) };
        if name.is_empty() {
            return invalid_text(String::from("missing name"));
        }
        rest = behind;
    }
    let Some(modes) = rest.strip_prefix('=') else {
        return invalid_text(String::from("missing \"=\" sign"));
    };
    let is_mode = |it: char| it.is_ascii_alphabetic() || it == '*';
    for mode in modes.chars().take_while(|it| is_mode(*it)) {
        if mode != '*' && !MODES.contains(mode) {
            return invalid_text(format!("invalid mode character: must be one of \"{MODES}\""));
        }
    }
    rest = modes.trim_start_matches(is_mode);
    if let Some(grantor) = rest.strip_prefix('/') {
        let Some((_, behind)) = identifier(grantor) else { return Ok(()) };
        rest = behind;
    }
    if rest.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space)).is_empty() {
        return Ok(());
    }
    invalid_text(String::from("extra garbage at the end of the ACL specification"))
}

/// `getid`: a name, in quotes or not, and what is behind it; `None`: a quote is not closed.
fn identifier(text: &str) -> Option<(String, &str)> {
    let space = |c: char| u8::try_from(c).is_ok_and(is_space);
    let mut rest = text.trim_start_matches(space);
    let mut res = String::new();
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        let behind = rest.get(c.len_utf8()..).unwrap_or_default();
        if c == '"' && quoted && behind.starts_with('"') {
            res.push('"');
            rest = behind.get(1..).unwrap_or_default();
            continue;
        }
        if c == '"' {
            quoted = !quoted;
        } else if quoted || c.is_alphanumeric() || c == '_' || !c.is_ascii() {
            res.push(c);
        } else {
            break;
        }
        rest = behind;
    }
    (!quoted).then(|| (res, rest.trim_start_matches(space)))
}
