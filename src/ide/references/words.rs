//! Whether a script can mention a declaration, told by its bytes: most files that have the word do not import it.

use memchr::memmem::Finder;

/// Whether the word stands in the text as a whole identifier.
pub fn has_word(text: &str, word: &Finder<'_>) -> bool {
    whole(text, word).next().is_some()
}

/// Whether what is declared elsewhere under this name can be meant: it is imported (or taken out of a namespace) by
/// name, or is a member of a namespace or of `db.query`.
pub fn may_mention(text: &str, word: &Finder<'_>) -> bool {
    whole(text, word).any(|at| in_braces_of_import(text.as_bytes(), at) || of_namespace(text, at))
}

fn whole<'a>(text: &'a str, word: &'a Finder<'_>) -> impl Iterator<Item = usize> + 'a {
    let bytes = text.as_bytes();
    let len = word.needle().len();
    word.find_iter(bytes).filter(move |&at| {
        let before = at.checked_sub(1).and_then(|it| bytes.get(it));
        let after = bytes.get(at + len);
        !before.copied().is_some_and(is_word) && !after.copied().is_some_and(is_word)
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// `import { a, users as u }`, `export { users }`, `const { users } = …`.
fn in_braces_of_import(bytes: &[u8], at: usize) -> bool {
    let Some(before) = bytes.get(..at) else { return false };
    let inside = |it: &u8| is_word(*it) || it.is_ascii_whitespace() || matches!(it, b',' | b':');
    let Some(brace) = before.iter().rposition(|it| !inside(it)) else { return false };
    if bytes.get(brace) != Some(&b'{') {
        return false;
    }
    let head = bytes.get(..brace).unwrap_or_default();
    let skipped = |it: &u8| it.is_ascii_whitespace() || *it == b',' || is_word(*it);
    let start = head.iter().rposition(|it| !skipped(it)).map_or(0, |it| it + 1);
    let words = head.get(start..).unwrap_or_default();
    // The last of them: further back another statement ends without a semicolon.
    let mut last = words.split(|it| !is_word(*it)).filter(|it| !it.is_empty()).rev().take(3);
    last.any(|it| matches!(it, b"import" | b"export" | b"const" | b"let" | b"var"))
}

/// `schema.users` of `import * as schema` (or a default import), `db.query.users`.
fn of_namespace(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let Some(before) = bytes.get(..at) else { return false };
    let Some(dot) = before.iter().rposition(|it| !it.is_ascii_whitespace()) else { return false };
    if bytes.get(dot) != Some(&b'.') {
        return false;
    }
    let object = bytes.get(..dot).unwrap_or_default();
    let object = object.strip_suffix(b"?").unwrap_or(object);
    let start = object.iter().rposition(|it| !is_word(*it)).map_or(0, |it| it + 1);
    let Some(name) = text.get(start..object.len()).filter(|it| !it.is_empty()) else { return false };
    if matches!(name, "query" | "_query") {
        return true;
    }
    [format!("* as {name}"), format!("import {name}"), format!("const {name} = ")]
        .iter()
        .any(|it| memchr::memmem::find(bytes, it.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_meant() {
        let word = Finder::new("users");
        for text in [
            "import { users } from './schema'",
            "import x, {\n  a,\n  users as u,\n} from './schema'",
            "import * as schema from './schema'\nschema.users.id",
            "export { users }",
            "const { users } = schema",
            "db.query.users.findMany()",
        ] {
            assert!(may_mention(text, &word), "{text}");
        }
        for text in [
            "import { usersRouter } from './x'",
            "const n = state.users",
            "const users = await load()",
            "f({ a, users })",
            "// users",
        ] {
            assert!(!may_mention(text, &word), "{text}");
        }
        assert!(has_word("a users b", &word) && !has_word("superusers", &word));
    }
}
