//! MySQL's steps, and which of them exclude each other.

use rustc_hash::FxHashSet;

use super::Step;
use super::rows::{Altered, Row, Rows, compare};

/// What no other branch may do where this one does `action`.
pub fn excluded_by(action: &str) -> &'static [&'static str] {
    const COLUMN: &[&str] =
        &["add_column", "drop_column", "alter_column", "rename_column", "recreate_column"];
    const VIEW: &[&str] = &["create_view", "drop_view", "rename_view", "alter_view"];
    match action {
        "create_table" => &["create_table", "drop_table", "rename_table"],
        "drop_table" => &[
            "create_table",
            "drop_table",
            "rename_table",
            "add_column",
            "drop_column",
            "alter_column",
            "recreate_column",
            "rename_column",
            "create_index",
        ],
        "add_column" | "drop_column" | "alter_column" | "recreate_column" => COLUMN,
        "create_index" => &["create_index", "drop_index", "drop_table"],
        "drop_index" => &["create_index", "drop_index"],
        "drop_pk" | "create_pk" => &["drop_pk", "create_pk"],
        "create_fk" => &["create_fk", "drop_constraint"],
        "drop_constraint" => &["drop_constraint", "create_fk", "create_check"],
        "create_check" => &["create_check", "drop_constraint"],
        "create_view" | "drop_view" | "alter_view" => VIEW,
        _ => &[],
    }
}

pub fn steps(from: Rows, mut to: Rows) -> Vec<Step> {
    to.keep_names(&from, "fks");
    to.keep_names(&from, "indexes");
    let (from, to) = (&from, &to);
    let tables = compare(from, to, "tables");
    let created: FxHashSet<&str> = tables.created.iter().map(|it| it.name.as_str()).collect();
    let dropped: FxHashSet<&str> = tables.dropped.iter().map(|it| it.name.as_str()).collect();
    let (columns, checks, indexes) =
        (compare(from, to, "columns"), compare(from, to, "checks"), compare(from, to, "indexes"));
    let (fks, pks, views) = (compare(from, to, "fks"), compare(from, to, "pks"), compare(from, to, "views"));
    let in_dropped = |it: &&&Row| dropped.contains(it.table.as_str());
    let in_created = |it: &&&Row| created.contains(it.table.as_str());

    let mut res: Vec<Step> = tables.created.iter().map(|it| Step::new("create_table", &it.name)).collect();
    let stays = |it: &&&Row| !in_dropped(it) || it.text("tableTo").is_some_and(|it| dropped.contains(it));
    res.extend(fks.dropped.iter().filter(stays).map(|it| Step::new("drop_constraint", &it.table)));
    res.extend(tables.dropped.iter().map(|it| Step::new("drop_table", &it.name)));
    res.extend(views.dropped.iter().map(|it| Step::new("drop_view", &it.name)));
    res.extend(views.altered.iter().filter_map(view));
    let gone = checks.dropped.iter().filter(|it| !in_dropped(it));
    res.extend(gone.map(|it| Step::new("drop_constraint", &it.table)));
    let gone = indexes.dropped.iter().filter(|it| !in_dropped(it));
    res.extend(gone.map(|it| Step::of_part("drop_index", &it.table, &it.name)));
    let gone = pks.dropped.iter().filter(|it| !in_dropped(it) && !counts_itself(to, it));
    res.extend(gone.map(|it| Step::new("drop_pk", &it.table)));
    res.extend(columns.altered.iter().filter_map(|it| column(to, it)));
    let new = columns.created.iter().filter(|it| !in_created(it));
    res.extend(new.map(|it| Step::of_part("add_column", &it.table, &it.name)));
    let new = pks.created.iter().filter(|it| !in_created(it));
    res.extend(new.map(|it| Step::new("create_pk", &it.table)));
    let new = indexes.created.iter().filter(|it| !it.is_true("isUnique") || !in_created(it));
    res.extend(new.map(|it| Step::of_part("create_index", &it.table, &it.name)));
    let new = fks.created.iter().filter(|it| created.len() > 1 || !in_created(it));
    res.extend(new.map(|it| Step::new("create_fk", &it.table)));
    let new = checks.created.iter().filter(|it| !in_created(it));
    res.extend(new.map(|it| Step::new("create_check", &it.table)));
    let gone = columns.dropped.iter().filter(|it| !in_dropped(it));
    res.extend(gone.map(|it| Step::of_part("drop_column", &it.table, &it.name)));
    res.extend(views.created.iter().map(|it| Step::new("create_view", &it.name)));

    for key in pks.altered.iter().filter(|it| it.changed.contains("columns")) {
        let before = key.old.list("columns");
        let leads_there = |it: &&Row| {
            let theirs = it.list("columnsTo");
            it.text("tableTo") == Some(&key.new.table)
                && theirs.len() == before.len()
                && theirs.iter().all(|it| before.contains(it))
        };
        for it in to.of("fks").iter().filter(leads_there) {
            res.extend(["drop_constraint", "create_fk"].map(|action| Step::new(action, &it.table)));
        }
        res.extend(["drop_pk", "create_pk"].map(|action| Step::new(action, &key.new.table)));
    }
    for it in &fks.altered {
        if it.changed.contains("onDelete") || it.changed.contains("onUpdate") {
            res.extend(["drop_constraint", "create_fk"].map(|action| Step::new(action, &it.new.table)));
        }
    }
    res
}

fn view(it: &Altered<'_>) -> Option<Step> {
    let mut changed = it.changed.clone();
    if it.new.text("algorithm") == Some("undefined") {
        changed.remove("algorithm");
    }
    if changed.contains("definition") {
        return Some(Step::new("create_view", &it.new.name));
    }
    (!changed.is_empty()).then(|| Step::new("alter_view", &it.new.name))
}

/// The key of a column with AUTO_INCREMENT, which needs one.
fn counts_itself(to: &Rows, key: &Row) -> bool {
    let columns = key.list("columns");
    let [only] = columns.as_slice() else { return false };
    to.find("columns", &key.table, only).is_some_and(|it| it.is_true("autoIncrement"))
}

fn column(to: &Rows, it: &Altered<'_>) -> Option<Step> {
    let (old, new) = (it.old, it.new);
    if it.changed.contains("generated") && is_recreated(old, new) {
        return Some(Step::of_part("recreate_column", &new.table, &new.name));
    }
    let mut changed = it.changed.clone();
    let is_serial = new.text("type") == Some("serial");
    if let (Some(before), Some(after)) = (old.text("type"), new.text("type"))
        && is_same(before, after)
    {
        changed.remove("type");
    }
    if is_same_default(old.text("default"), new.text("default")) {
        changed.remove("default");
    }
    if is_serial && new.is_true("autoIncrement") {
        changed.remove("autoIncrement");
    }
    let is_implied = old.is_true("notNull") && (is_serial || new.is_true("autoIncrement"));
    let in_key = |it: &Row| it.table == new.table && it.list("columns").contains(&new.name.as_str());
    if is_implied || to.of("pks").iter().any(in_key) {
        changed.remove("notNull");
    }
    (!changed.is_empty()).then(|| Step::of_part("alter_column", &new.table, &new.name))
}

/// A change of a column's expression, or to or from a virtual one, drops the column and adds it again.
fn is_recreated(old: &Row, new: &Row) -> bool {
    match (old.generated(), new.generated()) {
        (Some(_), Some(_)) => true,
        (before, after) => before == Some("virtual") || after == Some("virtual"),
    }
}

/// Two ways to write one type or default.
fn is_same(left: &str, right: &str) -> bool {
    const PAIRS: [[&str; 2]; 3] = [["tinyint(1)", "boolean"], ["binary(1)", "binary"], ["char(1)", "char"]];
    let is_pair = PAIRS.iter().any(|it| it.contains(&left) && it.contains(&right));
    let is_now = now(left).is_some_and(|it| now(right) == Some(it));
    let is_float = |a: &str, b: &str| a.starts_with("float(") && b == "float";
    is_pair
        || is_now
        || left.replacen(", ", ",", 1) == right.replacen(", ", ",", 1)
        || is_float(left, right)
        || is_float(right, left)
}

/// The precision of `now()`, `(CURRENT_TIMESTAMP(3))` and the like.
fn now(text: &str) -> Option<&str> {
    let text = text.strip_prefix('(').unwrap_or(text);
    let rest = text.strip_prefix("now").or_else(|| text.strip_prefix("CURRENT_TIMESTAMP"))?;
    if matches!(rest, "" | ")") {
        return Some("");
    }
    let rest = rest.strip_prefix('(')?;
    let digits = rest.strip_suffix("))").or_else(|| rest.strip_suffix(')'))?;
    digits.bytes().all(|it| it.is_ascii_digit()).then_some(digits)
}

fn is_same_default(before: Option<&str>, after: Option<&str>) -> bool {
    if let (Some(before), Some(after)) = (before, after) {
        return !before.is_empty() && !after.is_empty() && is_same(before, after)
            || is_wrapped(before, after)
            || is_wrapped(after, before);
    }
    // Compared as JavaScript writes them.
    let of_nothing = ["(null)", "(undefined)"];
    before.or(after).is_some_and(|it| of_nothing.contains(&it))
}

/// `(now())` for `now()` or `NOW()`.
fn is_wrapped(outer: &str, inner: &str) -> bool {
    outer
        .strip_prefix('(')
        .and_then(|it| it.strip_suffix(')'))
        .is_some_and(|it| it == inner || it == inner.to_lowercase())
}
