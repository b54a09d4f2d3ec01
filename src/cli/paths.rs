//! Paths as reports show them, and as URIs. Everything works on text, so that it is the same on every platform.

use crate::base::path;

/// `file` as seen from the directory the command was started in, with `/`.
pub fn display(file: &str, start: &str) -> String {
    path::relative_to(file, start)
}

/// A display path as an URI reference (RFC 3986): `/` stays, what is not unreserved is percent-encoded. A path
/// on another drive becomes a file URI.
pub fn uri_reference(shown: &str) -> String {
    if path::is_absolute(shown) {
        return file_uri(shown);
    }
    let encoded = encode(shown);
    // A first part with a colon would be read as a scheme.
    if encoded.split('/').next().is_some_and(|it| it.contains(':')) {
        format!("./{encoded}")
    } else {
        encoded
    }
}

/// The `file:` URI of a normalised absolute path: `/a b` → `file:///a%20b`, `C:/x` → `file:///C:/x`,
/// `//host/share` → `file://host/share`.
pub fn file_uri(path: &str) -> String {
    if let Some(unc) = path.strip_prefix("//") {
        return format!("file://{}", encode(unc));
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", encode(path))
}

/// The URI of a directory, which ends with `/`.
pub fn directory_uri(path: &str) -> String {
    let uri = file_uri(path);
    if uri.ends_with('/') { uri } else { format!("{uri}/") }
}

fn encode(path: &str) -> String {
    let mut res = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => {
                res.push(char::from(byte));
            }
            byte => res.push_str(&format!("%{byte:02X}")),
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_paths_are_relative_on_every_platform() {
        let shown = |file: &str, start: &str| display(&path::normalize(file), &path::normalize(start));
        assert_eq!(shown("/w/src/a.ts", "/w"), "src/a.ts");
        assert_eq!(shown("/w/lib/a.ts", "/w/src"), "../lib/a.ts");
        assert_eq!(shown(r"C:\w\src\a.ts", r"c:\w"), "src/a.ts");
        assert_eq!(shown(r"D:\w\a.ts", r"C:\w"), "D:/w/a.ts");
        assert_eq!(shown(r"\\host\share\w\a.ts", r"\\host\share\w"), "a.ts");
        assert_eq!(shown("/Users/zoë/Проект/a.ts", "/Users/zoë"), "Проект/a.ts");
    }

    #[test]
    fn uris_are_encoded() {
        assert_eq!(uri_reference("src/routes/posts/$postId.tsx"), "src/routes/posts/%24postId.tsx");
        assert_eq!(uri_reference("a b/é.ts"), "a%20b/%C3%A9.ts");
        assert_eq!(uri_reference("c:x/a.ts"), "file:///c:x/a.ts");
        assert_eq!(uri_reference("D:/w/a.ts"), "file:///D:/w/a.ts");
        assert_eq!(directory_uri("/home/me/my app"), "file:///home/me/my%20app/");
        assert_eq!(directory_uri("C:/w"), "file:///C:/w/");
        assert_eq!(directory_uri("//host/share"), "file://host/share/");
        assert_eq!(directory_uri("/"), "file:///");
    }
}
