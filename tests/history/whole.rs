//! Random histories of MySQL and SQLite: each snapshot holds the whole schema, made of its parent's by a few changes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{FIRST, Random};

struct Make {
    random: Random,
    is_mysql: bool,
}

/// Folders with their snapshots; `null`: no JSON.
pub fn case(seed: u64, is_mysql: bool) -> Vec<(String, Value)> {
    let random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut make = Make { random, is_mysql };
    let n = 2 + make.random.below(5);
    let wrong = make.random.one_in(4);
    let mut states: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut res: Vec<(String, Value)> = Vec::new();
    for idx in 0..n {
        // Neither their order nor what they follow is looked at.
        let day = if make.random.one_in(8) { 1 + make.random.below(n) } else { idx + 1 };
        let name = format!("202601{day:02}000000_m{idx}");
        if wrong && make.random.one_in(12) {
            res.push((name, Value::Null));
            continue;
        }
        let parent = match make.random.below(10) {
            _ if idx == 0 => FIRST.to_owned(),
            0 => "gone".to_owned(),
            1 => FIRST.to_owned(),
            2..6 => format!("s{}", make.random.below(idx)),
            _ => format!("s{}", idx - 1),
        };
        let mut previous = vec![parent.clone()];
        if idx > 1 && make.random.one_in(6) {
            let other = format!("s{}", make.random.below(idx));
            previous.extend(Some(other).filter(|it| *it != parent));
        }
        let mut rows = states.get(&parent).cloned().unwrap_or_default();
        let n_changes = if rows.is_empty() { 6 } else { 1 + make.random.below(3) };
        (0..n_changes).for_each(|_| make.change(&mut rows));
        let id = if make.random.one_in(25) && idx > 0 { format!("s{}", idx - 1) } else { format!("s{idx}") };
        states.insert(id.clone(), rows.clone());
        let (dialect, version) = if is_mysql { ("mysql", "6") } else { ("sqlite", "7") };
        let snapshot = json!({
            "version": version, "dialect": dialect, "id": id, "prevIds": previous, "ddl": rows, "renames": [],
        });
        res.push((name, snapshot));
    }
    res.sort_by(|a, b| a.0.cmp(&b.0));
    res.dedup_by(|a, b| a.0 == b.0);
    res
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or("")
}

impl Make {
    fn pick<'a>(&mut self, rows: &'a [Value], kind: &str) -> Option<&'a Value> {
        let of_kind: Vec<&Value> = rows.iter().filter(|it| it["entityType"] == kind).collect();
        let n = of_kind.len() as u64;
        (n > 0).then(|| of_kind[self.random.below(n) as usize])
    }

    fn columns(&mut self, rows: &[Value], table: &str) -> Vec<String> {
        let of_table = rows.iter().filter(|it| it["entityType"] == "columns" && it["table"] == table);
        let mut names: Vec<String> = of_table.map(|it| text(it, "name").to_owned()).collect();
        if names.len() > 1 && self.random.one_in(2) {
            names.reverse();
        }
        names.truncate(1 + self.random.below(2) as usize);
        names
    }

    /// Only what has no row of its name yet.
    fn add(rows: &mut Vec<Value>, row: Value) {
        let key = |it: &Value| (it["entityType"].clone(), it["table"].clone(), it["name"].clone());
        if !rows.iter().any(|it| key(it) == key(&row)) {
            rows.push(row);
        }
    }

    fn column(&mut self, table: &str, name: &str) -> Value {
        let types = ["text", "tinyint(1)", "boolean", "decimal(10, 2)", "decimal(10,2)", "real"];
        let ty = types[self.random.below(6) as usize];
        let defaults =
            [json!(null), json!("'x'"), json!("(now())"), json!("now()"), json!("('x')"), json!("(NOW())")];
        let default = defaults[self.random.below(6) as usize].clone();
        let generated = match self.random.below(12) {
            0 => json!({ "type": "stored", "as": "(1)" }),
            1 => json!({ "type": "virtual", "as": "(1)" }),
            2 => json!({ "type": "virtual", "as": "(2)" }),
            _ => json!(null),
        };
        let mut res = json!({
            "entityType": "columns", "table": table, "name": name, "type": ty,
            "notNull": self.random.one_in(3), "default": default, "generated": generated,
        });
        let counts = self.random.one_in(9);
        if self.is_mysql {
            res["type"] = json!(if self.random.one_in(8) { "serial" } else { ty });
            res["autoIncrement"] = json!(counts);
            res["onUpdateNow"] = json!(self.random.one_in(9));
            for it in ["onUpdateNowFsp", "charSet", "collation"] {
                res[it] = json!(null);
            }
        } else {
            res["autoincrement"] = json!(counts);
        }
        res
    }

    fn change(&mut self, rows: &mut Vec<Value>) {
        let table = self.pick(rows, "tables").map(|it| text(it, "name").to_owned());
        let Some(table) = table.filter(|_| !self.random.one_in(9)) else {
            let name = format!("t{}", self.random.below(5));
            let is_new = !rows.iter().any(|it| it["entityType"] == "tables" && it["name"] == name.as_str());
            if is_new {
                Make::add(rows, json!({ "entityType": "tables", "name": name }));
                for idx in 0..2 {
                    let column = self.column(&name, &format!("c{idx}"));
                    Make::add(rows, column);
                }
            }
            return;
        };
        let number = self.random.below(4);
        let columns = self.columns(rows, &table);
        let named = self.random.one_in(2);
        match self.random.below(14) {
            0 | 1 => {
                let column = self.column(&table, &format!("c{}", 2 + number));
                Make::add(rows, column);
            }
            2..5 => {
                let Some(name) = columns.first() else { return };
                let new = self.column(&table, name);
                let is_it = |it: &&mut Value| {
                    it["entityType"] == "columns"
                        && it["table"] == table.as_str()
                        && it["name"] == name.as_str()
                };
                let Some(old) = rows.iter_mut().find(is_it) else { return };
                let fields = ["type", "notNull", "default", "generated", "autoIncrement", "autoincrement"];
                let field = fields[self.random.below(6) as usize];
                if old.get(field).is_some() {
                    old[field] = new[field].clone();
                }
            }
            5 => {
                let Some(name) = columns.first() else { return };
                rows.retain(|it| {
                    let is_it = it["table"] == table.as_str()
                        && (it["name"] == name.as_str()
                            || it["columns"].as_array().is_some_and(|it| it.contains(&json!(name)))
                            || it["columns"][0]["value"] == name.as_str()
                            || it["columns"][1]["value"] == name.as_str());
                    !is_it
                });
            }
            6 if self.random.one_in(3) => rows.retain(|it| {
                it["table"] != table.as_str()
                    && it["tableTo"] != table.as_str()
                    && (it["entityType"] != "tables" || it["name"] != table.as_str())
            }),
            7 | 8 => {
                let items: Vec<Value> =
                    columns.iter().map(|it| json!({ "value": it, "isExpression": false })).collect();
                let mut index = json!({
                    "entityType": "indexes", "table": table, "name": format!("i{number}"), "columns": items,
                    "isUnique": self.random.one_in(3),
                });
                if self.is_mysql {
                    index["nameExplicit"] = json!(named);
                    for it in ["using", "algorithm", "lock"] {
                        index[it] = json!(null);
                    }
                } else {
                    index["where"] = json!(null);
                    index["origin"] = json!(if self.random.one_in(4) { "auto" } else { "manual" });
                }
                Make::add(rows, index);
            }
            9 => {
                let Some(target) = self.pick(rows, "tables").map(|it| text(it, "name").to_owned()) else {
                    return;
                };
                let (Some(own), Some(other)) =
                    (columns.first(), self.columns(rows, &target).first().cloned())
                else {
                    return;
                };
                let action = ["NO ACTION", "CASCADE"][self.random.below(2) as usize];
                let row = json!({
                    "entityType": "fks", "table": table, "name": format!("f{number}"), "columns": [own],
                    "tableTo": target, "columnsTo": [other], "onUpdate": "NO ACTION", "onDelete": action,
                    "nameExplicit": named,
                });
                Make::add(rows, row);
            }
            10 => {
                let mut key =
                    json!({ "entityType": "pks", "table": table, "name": "PRIMARY", "columns": columns });
                if !self.is_mysql {
                    key["nameExplicit"] = json!(named);
                }
                rows.retain(|it| it["entityType"] != "pks" || it["table"] != table.as_str());
                if !columns.is_empty() && !self.random.one_in(4) {
                    Make::add(rows, key);
                }
            }
            11 => {
                let value = format!("c{} > 0", self.random.below(2));
                let row = json!({ "entityType": "checks", "table": table, "name": format!("k{number}"), "value": value });
                Make::add(rows, row);
            }
            12 if !self.is_mysql => {
                let row = json!({
                    "entityType": "uniques", "table": table, "name": format!("u{number}"), "columns": columns,
                    "nameExplicit": named,
                });
                Make::add(rows, row);
            }
            12 | 13 => self.view_or_less(rows, number),
            _ => {}
        }
    }

    fn view_or_less(&mut self, rows: &mut Vec<Value>, number: u64) {
        if self.random.one_in(2) {
            let kinds = ["indexes", "fks", "checks", "uniques", "views"];
            let kind = kinds[self.random.below(5) as usize];
            let Some(row) = self.pick(rows, kind).cloned() else { return };
            rows.retain(|it| *it != row);
            return;
        }
        let name = format!("v{number}");
        let definition = format!("select {}", self.random.below(3));
        let mut view = json!({ "entityType": "views", "name": name, "definition": definition });
        if self.is_mysql {
            view["algorithm"] = json!(["undefined", "merge"][self.random.below(2) as usize]);
            view["sqlSecurity"] = json!(["definer", "invoker"][self.random.below(2) as usize]);
            view["withCheckOption"] = json!(null);
        } else {
            view["isExisting"] = json!(self.random.one_in(4));
            view["error"] = json!(null);
        }
        rows.retain(|it| it["entityType"] != "views" || it["name"] != name.as_str());
        rows.push(view);
    }
}
