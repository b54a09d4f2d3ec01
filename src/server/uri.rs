//! URIs of documents: files by path, and Columnist's own read-only pages.

use std::str::FromStr;

use tower_lsp::ls_types::Uri;

use crate::base::path;

#[cfg(test)]
mod tests;

/// The scheme of read-only documents that the server itself answers for (`workspace/textDocumentContent`):
/// `columnist://rules/undefined-column.md`, `columnist://builtin/pg_catalog.sql`, `columnist://schema/NAME.sql`.
pub const SCHEME: &str = "columnist";

/// The workspace path (`base::path`) of a `file:` URI; `None` for every other scheme and for what is no path.
///
/// Percent-escapes are decoded, `/c%3A/x` and `/c:/x` are drive `C:`, a host is a UNC share (RFC 8089, appendix E).
pub fn to_path(uri: &Uri) -> Option<String> {
    let (scheme, rest) = uri.as_str().split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, rest) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let decoded = decode(rest)?;
    let host = if host.eq_ignore_ascii_case("localhost") { "" } else { host };
    let bytes = decoded.as_bytes();
    let is_drive = bytes.len() >= 3 && bytes[0] == b'/' && bytes[1].is_ascii_alphabetic() && bytes[2] == b':';
    let path = match (host, is_drive) {
        ("", true) => decoded.get(1..)?.to_owned(),
        ("", false) => decoded,
        (host, _) => format!("//{}{decoded}", decode(host)?),
    };
    path::is_absolute(&path).then(|| path::normalize(&path))
}

/// The `file:` URI of a workspace path, spelled as editors spell it: everything but unreserved characters and `/`
/// escaped, a drive letter in lower case.
pub fn from_path(file: &str) -> Option<Uri> {
    let text = match file.strip_prefix("//") {
        Some(share) => {
            let (host, rest) = share.split_at(share.find('/').unwrap_or(share.len()));
            format!("file://{host}{}", encode(rest))
        }
        None if file.starts_with('/') => format!("file://{}", encode(file)),
        None => {
            let (drive, rest) = file.split_at_checked(1)?;
            format!("file:///{}{}", drive.to_ascii_lowercase(), encode(rest))
        }
    };
    Uri::from_str(&text).ok()
}

/// A page of Columnist's own: `page("rules", "undefined-column.md")`.
pub fn page(kind: &str, name: &str) -> Option<Uri> {
    Uri::from_str(&format!("{SCHEME}://{kind}/{}", encode(name))).ok()
}

/// The kind and name of a page of Columnist's own.
pub fn to_page(uri: &Uri) -> Option<(String, String)> {
    let rest = uri.as_str().strip_prefix(SCHEME)?.strip_prefix("://")?;
    let (kind, name) = rest.split_once('/')?;
    Some((kind.to_owned(), decode(name)?))
}

fn decode(text: &str) -> Option<String> {
    let mut res = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            res.push(byte);
            continue;
        }
        let (high, low) = (hex(bytes.next()?)?, hex(bytes.next()?)?);
        res.push(high << 4 | low);
    }
    let res = String::from_utf8(res).ok()?;
    (!res.contains('\0')).then_some(res)
}

fn hex(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|it| it as u8)
}

fn encode(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                res.push(byte as char)
            }
            _ => res.push_str(&format!("%{byte:02X}")),
        }
    }
    res
}
