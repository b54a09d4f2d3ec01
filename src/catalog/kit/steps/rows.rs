//! The flat rows of a snapshot, by what they are and whose.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};
use smol_str::SmolStr;

use crate::sql::Dialect;

/// Of one kind (`columns`, `fks`), in the order of the snapshot.
#[derive(Default)]
pub struct Rows {
    kinds: FxHashMap<SmolStr, Vec<Row>>,
}

pub struct Row {
    /// Empty for tables and views.
    pub table: SmolStr,
    pub name: SmolStr,
    fields: Map<String, Value>,
}

/// A row that is in both snapshots, and is not the same.
pub struct Altered<'a> {
    pub old: &'a Row,
    pub new: &'a Row,
    /// Names of fields.
    pub changed: FxHashSet<&'a str>,
}

impl Rows {
    /// `None`: another dialect's or version's, or with two rows of one name.
    pub fn new(snapshot: &Value, dialect: Dialect) -> Option<Rows> {
        let (name, version) = match dialect {
            Dialect::Mysql => ("mysql", "6"),
            Dialect::Sqlite => ("sqlite", "7"),
            _ => return None,
        };
        let is = |key: &str, text: &str| snapshot.get(key).and_then(Value::as_str) == Some(text);
        if !is("dialect", name) || !is("version", version) {
            return None;
        }
        let mut res = Rows::default();
        let mut seen = FxHashSet::default();
        for row in snapshot.get("ddl")?.as_array()? {
            let fields = row.as_object()?.clone();
            let text = |key: &str| fields.get(key).and_then(Value::as_str).map(SmolStr::new);
            let (kind, table, name) = (text("entityType")?, text("table").unwrap_or_default(), text("name")?);
            if !seen.insert((kind.clone(), table.clone(), name.clone())) {
                return None;
            }
            res.kinds.entry(kind).or_default().push(Row { table, name, fields });
        }
        Some(res)
    }

    pub fn of(&self, kind: &str) -> &[Row] {
        self.kinds.get(kind).map_or(&[], Vec::as_slice)
    }

    pub fn find(&self, kind: &str, table: &str, name: &str) -> Option<&Row> {
        self.of(kind).iter().find(|it| it.table == table && it.name == name)
    }

    /// Gives rows whose name nobody has chosen the name that the same row has in `from`.
    pub fn keep_names(&mut self, from: &Rows, kind: &str) {
        let Some(own) = self.kinds.get_mut(kind) else { return };
        for left in from.of(kind).iter().filter(|it| !it.is_true("nameExplicit")) {
            let is_same = |it: &Row| {
                let named = ["entityType", "name", "nameExplicit"];
                it.get("nameExplicit") == &Value::Bool(false)
                    && it.table == left.table
                    && differences(left, it).iter().all(|it| named.contains(it))
            };
            let mut matching = own.iter().enumerate().filter(|(_, it)| is_same(it)).map(|it| it.0);
            let (Some(only), None) = (matching.next(), matching.next()) else { continue };
            let is_taken = own.iter().any(|it| it.table == left.table && it.name == left.name);
            if let Some(row) = own.get_mut(only).filter(|_| !is_taken) {
                row.name = left.name.clone();
                row.fields.insert("name".into(), left.name.as_str().into());
            }
        }
    }
}

impl Row {
    pub fn get(&self, key: &str) -> &Value {
        self.fields.get(key).unwrap_or(&Value::Null)
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).as_str()
    }

    pub fn is_true(&self, key: &str) -> bool {
        self.get(key) == &Value::Bool(true)
    }

    pub fn list(&self, key: &str) -> Vec<&str> {
        let items = self.get(key).as_array().map_or(&[][..], Vec::as_slice);
        items.iter().filter_map(Value::as_str).collect()
    }

    /// `stored` or `virtual`.
    pub fn generated(&self) -> Option<&str> {
        self.get("generated").get("type")?.as_str()
    }
}

/// The fields in which two rows differ.
pub fn differences<'a>(old: &'a Row, new: &'a Row) -> FxHashSet<&'a str> {
    let keys = old.fields.keys().chain(new.fields.keys()).map(String::as_str);
    keys.filter(|it| *it != "entityType" && old.get(it) != new.get(it)).collect()
}

/// Rows of a kind that only one of two snapshots has, and those that both have differently.
pub struct Compared<'a> {
    pub created: Vec<&'a Row>,
    pub dropped: Vec<&'a Row>,
    pub altered: Vec<Altered<'a>>,
}

pub fn compare<'a>(from: &'a Rows, to: &'a Rows, kind: &str) -> Compared<'a> {
    let mut left: FxHashMap<(&str, &str), &Row> = FxHashMap::default();
    left.extend(from.of(kind).iter().map(|it| ((it.table.as_str(), it.name.as_str()), it)));
    let (mut created, mut altered) = (Vec::new(), Vec::new());
    for new in to.of(kind) {
        match left.remove(&(new.table.as_str(), new.name.as_str())) {
            None => created.push(new),
            Some(old) => {
                let changed = differences(old, new);
                if !changed.is_empty() {
                    altered.push(Altered { old, new, changed });
                }
            }
        }
    }
    let is_gone = |it: &&Row| left.contains_key(&(it.table.as_str(), it.name.as_str()));
    Compared { created, dropped: from.of(kind).iter().filter(is_gone).collect(), altered }
}
