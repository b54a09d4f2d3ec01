//! `pg_opclass`, `pg_collation`, `pg_am`.

use std::sync::OnceLock;

use super::tsv;
use crate::catalog::TypeId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpClass {
    pub name: &'static str,
    /// The index access method.
    pub method: &'static str,
    pub input: TypeId,
    /// What an index on a column of the type uses when no class is named.
    pub default: bool,
}

/// Every built-in operator class, in the order of oids. Extensions' are in [`super::ext::ExtensionData`].
pub fn opclasses() -> &'static [OpClass] {
    static TABLE: OnceLock<Vec<OpClass>> = OnceLock::new();
    TABLE.get_or_init(|| {
        tsv::rows(include_str!("data/opclasses.tsv"))
            .map(|row| read_opclass(row, |text| TypeId(text.parse().unwrap_or(0))))
            .collect()
    })
}

pub fn read_opclass(mut row: tsv::Row, resolve: impl Fn(&'static str) -> TypeId) -> OpClass {
    row.skip(1);
    OpClass { name: row.text(), method: row.text(), input: resolve(row.text()), default: row.flag() }
}

/// The name of a type's collation, by its oid; none for the default one and for types without.
pub fn collation_name(oid: &str) -> Option<smol_str::SmolStr> {
    match oid {
        "950" => Some(smol_str::SmolStr::new_static("C")),
        "951" => Some(smol_str::SmolStr::new_static("POSIX")),
        _ => None,
    }
}

/// Whether every server has this collation. Others (ICU's, the operating system's) may exist as well.
pub fn collation_exists(name: &str) -> bool {
    tsv::rows(include_str!("data/collations.tsv")).any(|mut row| {
        row.skip(1);
        row.text() == name
    })
}

/// Whether PL/pgSQL knows a condition by this name (manual, appendix A).
pub fn is_condition(name: &str) -> bool {
    tsv::rows(include_str!("data/sqlstates.tsv")).any(|mut row| {
        row.skip(1);
        row.text() == name
    })
}

/// The index access methods: `btree`, `hash`, `gist`, `gin`, `spgist`, `brin`.
pub fn access_methods() -> impl Iterator<Item = &'static str> {
    tsv::rows(include_str!("data/ams.tsv")).filter_map(|mut row| {
        let name = row.text();
        (row.text() == "i").then_some(name)
    })
}

/// `de_DE`, `de_DE.utf8`, `und-x-icu`, `German_Germany.1252`, and the names that `locale.alias` may give to locales.
pub fn may_be_locale(name: &str) -> bool {
    const ALIASES: [&str; 36] = [
        "bokmal",
        "catalan",
        "croatian",
        "czech",
        "danish",
        "dansk",
        "deutsch",
        "dutch",
        "eesti",
        "estonian",
        "finnish",
        "french",
        "galego",
        "galician",
        "german",
        "greek",
        "hebrew",
        "hrvatski",
        "hungarian",
        "icelandic",
        "italian",
        "japanese",
        "korean",
        "lithuanian",
        "norwegian",
        "nynorsk",
        "polish",
        "portuguese",
        "romanian",
        "russian",
        "slovak",
        "slovene",
        "slovenian",
        "spanish",
        "swedish",
        "turkish",
    ];
    let lower = name.to_ascii_lowercase();
    let language = lower.split(['_', '-', '.', '@']).next().unwrap_or("");
    !name.is_ascii()
        || name.contains(['-', '.', '@', ' '])
        || (2..=3).contains(&language.len())
        || ALIASES.contains(&lower.as_str())
        // `english_united states` and the like.
        || ALIASES.contains(&language)
        || matches!(language, "english" | "posix" | "ucs" | "unicode" | "default" | "chinese")
}

/// The text search configurations of PostgreSQL 18.
pub const SEARCH_CONFIGURATIONS: [&str; 30] = [
    "arabic",
    "armenian",
    "basque",
    "catalan",
    "danish",
    "dutch",
    "english",
    "estonian",
    "finnish",
    "french",
    "german",
    "greek",
    "hindi",
    "hungarian",
    "indonesian",
    "irish",
    "italian",
    "lithuanian",
    "nepali",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "simple",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
    "yiddish",
];

/// The token types of the default parser, and whether PostgreSQL's own configurations map them (`wparser_def.c`,
/// `snowball_create.pl`).
pub const SEARCH_TOKENS: [(&str, bool); 23] = [
    ("asciiword", true),
    ("word", true),
    ("numword", true),
    ("email", true),
    ("url", true),
    ("host", true),
    ("sfloat", true),
    ("version", true),
    ("hword_numpart", true),
    ("hword_part", true),
    ("hword_asciipart", true),
    ("blank", false),
    ("tag", false),
    ("protocol", false),
    ("numhword", true),
    ("asciihword", true),
    ("hword", true),
    ("url_path", true),
    ("file", true),
    ("float", true),
    ("int", true),
    ("uint", true),
    ("entity", false),
];
