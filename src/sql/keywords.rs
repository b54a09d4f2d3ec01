//! PostgreSQL's keywords (`pg_get_keywords()`), for quoting, lexing and completion.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// `pg_get_keywords().catcode`: where a keyword may stand as a name (manual, appendix C).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// Any name.
    Unreserved,
    /// A column or table name, but no function or type name.
    ColumnName,
    /// A function or type name, but no column or table name.
    TypeOrFunctionName,
    Reserved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyword {
    /// In lower case.
    pub word: &'static str,
    pub category: Category,
    /// May be a column alias without AS.
    pub bare_label: bool,
}

static KEYWORDS: LazyLock<FxHashMap<&'static str, Keyword>> = LazyLock::new(|| {
    let mut res = FxHashMap::default();
    for line in include_str!("keywords.tsv").lines() {
        let mut fields = line.split('\t');
        let (Some(word), Some(code), Some(bare)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let category = match code {
            "C" => Category::ColumnName,
            "T" => Category::TypeOrFunctionName,
            "R" => Category::Reserved,
            _ => Category::Unreserved,
        };
        res.insert(word, Keyword { word, category, bare_label: bare == "t" });
    }
    res
});

/// The keyword that `word` is, whatever its case.
pub fn keyword(word: &str) -> Option<Keyword> {
    // The longest keyword has 17 letters.
    if word.len() > 24 || !word.is_ascii() {
        return None;
    }
    if word.bytes().any(|it| it.is_ascii_uppercase()) {
        return KEYWORDS.get(word.to_ascii_lowercase().as_str()).copied();
    }
    KEYWORDS.get(word).copied()
}

/// Every keyword, in no order.
pub fn all() -> impl Iterator<Item = Keyword> {
    KEYWORDS.values().copied()
}

/// Whether an identifier equal to this word must be quoted: PostgreSQL's `quote_identifier` quotes every keyword
/// that is not unreserved.
pub fn needs_quotes(word: &str) -> bool {
    KEYWORDS.get(word).is_some_and(|it| it.category != Category::Unreserved)
}

#[cfg(test)]
mod tests;
