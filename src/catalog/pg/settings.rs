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
    const KNOWN: &str = "abc alt big5 euccn eucjis2004 eucjp euckr euctw gb18030 gbk iso88591 iso885910 iso885913 \
        iso885914 iso885915 iso885916 iso88592 iso88593 iso88594 iso88595 iso88596 iso88597 iso88598 iso88599 johab koi8 \
        koi8r koi8u latin1 latin10 latin2 latin3 latin4 latin5 latin6 latin7 latin8 latin9 mskanji muleinternal shiftjis \
        shiftjis2004 sjis sqlascii tcvn tcvn5712 uhc unicode utf8 vscii win win1250 win1251 win1252 win1253 win1254 \
        win1255 win1256 win1257 win1258 win866 win874 win932 win936 win949 win950 windows1250 windows1251 windows1252 \
        windows1253 windows1254 windows1255 windows1256 windows1257 windows1258 windows866 windows874 windows932 \
        windows936 windows949 windows950";
    let clean: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let clean = clean.to_ascii_lowercase();
    KNOWN.split_ascii_whitespace().any(|it| it == clean)
}
