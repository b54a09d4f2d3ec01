//! The settings of the server (`data/settings.tsv`, made from servers of every version), and the encodings.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::tsv;

/// A row of `pg_settings`, as servers of some versions have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    /// `pg_settings.context`: who may change it when; empty where it is not told.
    pub context: &'static str,
    /// `bool`, `integer`, `real`, `string`, `enum`; empty where it is not told.
    pub ty: &'static str,
    /// `kB`, `8kB`, `ms`, …
    pub unit: &'static str,
    pub min: &'static str,
    pub max: &'static str,
    /// What an enum takes, with commas between; empty where it is not told.
    pub words: &'static str,
    /// Several values with commas between (`GUC_LIST_INPUT`).
    pub list: bool,
    since: u32,
    until: u32,
}

/// A setting of a server of this version.
pub fn setting(name: &str, version: u32) -> Option<&'static Setting> {
    let all = table().get(&name.to_ascii_lowercase())?;
    all.iter().find(|it| (it.since..=it.until).contains(&version))
}

/// The names of all settings, of any version.
pub fn names() -> impl Iterator<Item = &'static str> {
    table().values().flatten().map(|it| it.name)
}

fn table() -> &'static FxHashMap<String, Vec<Setting>> {
    static TABLE: OnceLock<FxHashMap<String, Vec<Setting>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut res: FxHashMap<String, Vec<Setting>> = FxHashMap::default();
        for mut row in tsv::rows(include_str!("data/settings.tsv")) {
            let it = Setting {
                name: row.text(),
                context: row.text(),
                ty: row.text(),
                unit: row.text(),
                min: row.text(),
                max: row.text(),
                words: row.text(),
                list: row.text() == "list",
                since: row.number(),
                until: row.number(),
            };
            res.entry(it.name.to_ascii_lowercase()).or_default().push(it);
        }
        res
    })
}

/// Whether PostgreSQL knows an encoding by this name (`pg_char_to_encoding`).
pub fn is_encoding(name: &str) -> bool {
    encoding(name).is_some()
}

/// The encoding's own name (`pg_encname_tbl`).
pub fn encoding(name: &str) -> Option<&'static str> {
    const KNOWN: &str = "BIG5 EUC_CN EUC_JIS_2004 EUC_JP EUC_KR EUC_TW GB18030 GBK ISO_8859_5 ISO_8859_6 ISO_8859_7 \
        ISO_8859_8 JOHAB KOI8R KOI8U LATIN1 LATIN2 LATIN3 LATIN4 LATIN5 LATIN6 LATIN7 LATIN8 LATIN9 LATIN10 \
        MULE_INTERNAL SHIFT_JIS_2004 SJIS SQL_ASCII UHC UTF8 WIN866 WIN874 WIN1250 WIN1251 WIN1252 WIN1253 WIN1254 \
        WIN1255 WIN1256 WIN1257 WIN1258";
    const OTHERS: [(&str, &str); 23] = [
        ("abc", "WIN1258"),
        ("alt", "WIN866"),
        ("iso88591", "LATIN1"),
        ("iso885910", "LATIN6"),
        ("iso885913", "LATIN7"),
        ("iso885914", "LATIN8"),
        ("iso885915", "LATIN9"),
        ("iso885916", "LATIN10"),
        ("iso88592", "LATIN2"),
        ("iso88593", "LATIN3"),
        ("iso88594", "LATIN4"),
        ("iso88599", "LATIN5"),
        ("koi8", "KOI8R"),
        ("mskanji", "SJIS"),
        ("shiftjis", "SJIS"),
        ("tcvn", "WIN1258"),
        ("tcvn5712", "WIN1258"),
        ("unicode", "UTF8"),
        ("vscii", "WIN1258"),
        ("win", "WIN1251"),
        ("win932", "SJIS"),
        ("win936", "GBK"),
        ("win949", "UHC"),
    ];
    let clean = |it: &str| -> String {
        it.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
    };
    let written = clean(name);
    // `windows1250` is `win1250`.
    let written = match written.strip_prefix("windows") {
        Some(number) if !number.is_empty() => format!("win{number}"),
        _ => written,
    };
    if written == "win950" {
        return Some("BIG5");
    }
    let other = OTHERS.iter().find(|it| it.0 == written).map(|it| it.1);
    other.or_else(|| KNOWN.split_ascii_whitespace().find(|it| clean(it) == written))
}
