//! The order of folders: `migrate` takes them as `localeCompare` has them, `generate` by their bytes.

/// Whether `folder` comes after `parent` in both orders. Of names that are not made of small letters, digits, `_` and `-`, as
/// drizzle-kit's are, only the second order is known; they are taken to be in the first too.
pub fn sorts_after(folder: &str, parent: &str) -> bool {
    let is_plain = |it: &str| it.bytes().all(|it| matches!(it, b'_' | b'-' | b'0'..=b'9' | b'a'..=b'z'));
    let by_units = folder.encode_utf16().gt(parent.encode_utf16());
    let by_locale = !(is_plain(folder) && is_plain(parent)) || {
        // Unicode's collation (CLDR root): `_` before `-` before digits before letters.
        let weight = |it: u8| if it == b'_' { 0 } else { it };
        folder.bytes().map(weight).gt(parent.bytes().map(weight))
    };
    by_units && by_locale
}
