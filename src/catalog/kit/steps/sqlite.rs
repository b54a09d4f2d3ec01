//! SQLite's steps, and which of them exclude each other. Most changes of a table make a new one of it.

use rustc_hash::FxHashSet;

use super::Step;
use super::rows::{Altered, Row, Rows, compare};

/// What no other branch may do where this one does `action`.
pub fn excluded_by(action: &str) -> &'static [&'static str] {
    const TABLE: &[&str] = &[
        "create_table",
        "drop_table",
        "rename_table",
        "recreate_table",
        "add_column",
        "drop_column",
        "recreate_column",
        "rename_column",
        "create_index",
        "drop_index",
    ];
    match action {
        "create_table" => &["create_table", "drop_table", "rename_table", "recreate_table"],
        "drop_table" | "recreate_table" => TABLE,
        "add_column" | "drop_column" | "recreate_column" => {
            &["add_column", "drop_column", "recreate_column", "rename_column"]
        }
        "create_index" | "drop_index" => &["create_index", "drop_index"],
        "create_view" | "drop_view" => &["create_view", "drop_view", "rename_view"],
        _ => &[],
    }
}

pub fn steps(from: Rows, mut to: Rows) -> Vec<Step> {
    for kind in ["uniques", "pks", "fks"] {
        to.keep_names(&from, kind);
    }
    let (from, to) = (&from, &to);
    let tables = compare(from, to, "tables");
    let created: FxHashSet<&str> = tables.created.iter().map(|it| it.name.as_str()).collect();
    let dropped: FxHashSet<&str> = tables.dropped.iter().map(|it| it.name.as_str()).collect();
    let (columns, indexes, views) =
        (compare(from, to, "columns"), compare(from, to, "indexes"), compare(from, to, "views"));
    let (checks, uniques, pks, fks) = (
        compare(from, to, "checks"),
        compare(from, to, "uniques"),
        compare(from, to, "pks"),
        compare(from, to, "fks"),
    );
    let is_new_table = |it: &Row| created.contains(it.table.as_str());
    let is_stored = |it: &Row| it.generated() == Some("stored");
    let added: Vec<&Row> =
        columns.created.iter().copied().filter(|it| !is_new_table(it) && !is_stored(it)).collect();
    let altered: Vec<(&Altered<'_>, FxHashSet<&str>)> =
        columns.altered.iter().map(|it| (it, column(to, it))).filter(|it| !it.1.is_empty()).collect();

    // Tables that are made anew.
    let mut anew: FxHashSet<&str> = FxHashSet::default();
    let of_added = |it: &Row| {
        let columns = it.list("columns");
        columns
            .first()
            .is_none_or(|first| added.iter().any(|new| new.table == it.table && new.name == *first))
    };
    let both = [&checks, &uniques, &pks].into_iter().flat_map(|it| it.created.iter().chain(&it.dropped));
    anew.extend(both.map(|it| it.table.as_str()));
    let keys = fks.created.iter().chain(&fks.dropped).filter(|it| !of_added(it));
    anew.extend(keys.map(|it| it.table.as_str()));
    let own = indexes.created.iter().chain(&indexes.dropped);
    let is_automatic = |it: &&&Row| it.is_true("isUnique") && it.text("origin") == Some("auto");
    anew.extend(own.filter(is_automatic).map(|it| it.table.as_str()));
    anew.extend(columns.created.iter().filter(|it| is_stored(it)).map(|it| it.table.as_str()));
    anew.retain(|it| !created.contains(it) && !dropped.contains(it));
    let is_remade = |(it, changed): &&(&Altered<'_>, FxHashSet<&str>)| {
        changed.iter().any(|it| matches!(*it, "type" | "default" | "autoincrement" | "notNull"))
            || changed.contains("generated") && is_stored(it.new)
    };
    anew.extend(altered.iter().filter(is_remade).map(|it| it.0.new.table.as_str()));
    for it in pks.altered.iter().chain(&fks.altered).chain(&uniques.altered).chain(&checks.altered) {
        let mut changed = it.changed.clone();
        changed.remove("nameExplicit");
        if is_same_key(it) {
            changed.remove("columns");
        }
        if !changed.is_empty() {
            anew.insert(&it.new.table);
        }
    }

    let mut res: Vec<Step> = tables.created.iter().map(|it| Step::new("create_table", &it.name)).collect();
    res.extend(added.iter().map(|it| Step::of_part("add_column", &it.table, &it.name)));
    let stays = |it: &str| !anew.contains(it);
    let changed = altered.iter().filter(|it| stays(&it.0.new.table));
    res.extend(changed.map(|it| Step::of_part("recreate_column", &it.0.new.table, &it.0.new.name)));
    res.extend(
        to.of("tables").iter().filter(|it| !stays(&it.name)).map(|it| Step::new("recreate_table", &it.name)),
    );
    res.extend(indexes.dropped.iter().map(|it| Step::of_part("drop_index", &it.table, &it.name)));
    let again = to.of("indexes").iter().filter(|it| !stays(&it.table));
    let new = indexes.created.iter().copied().filter(|it| stays(&it.table));
    res.extend(again.chain(new).map(|it| Step::of_part("create_index", &it.table, &it.name)));
    res.extend(tables.dropped.iter().map(|it| Step::new("drop_table", &it.name)));
    let gone = columns.dropped.iter().filter(|it| stays(&it.table) && !dropped.contains(it.table.as_str()));
    res.extend(gone.map(|it| Step::of_part("drop_column", &it.table, &it.name)));
    let is_ours = |it: &&&Row| !it.is_true("isExisting");
    res.extend(views.dropped.iter().filter(is_ours).map(|it| Step::new("drop_view", &it.name)));
    res.extend(views.created.iter().filter(is_ours).map(|it| Step::new("create_view", &it.name)));
    for it in &views.altered {
        if it.changed.contains("isExisting") || it.changed.contains("definition") {
            res.extend(["drop_view", "create_view"].map(|action| Step::new(action, &it.new.name)));
        }
    }
    res
}

/// The fields of a column whose change drizzle-kit acts upon.
fn column<'a>(to: &Rows, it: &Altered<'a>) -> FxHashSet<&'a str> {
    let mut res = it.changed.clone();
    let is_key = |key: &Row| key.table == it.new.table && key.list("columns") == [it.new.name.as_str()];
    if to.of("pks").iter().any(is_key) {
        res.remove("notNull");
    }
    if is_same_default(it.old.text("default"), it.new.text("default"), it.new.text("type")) {
        res.remove("default");
    }
    res
}

/// Two ways to write one default. Of numbers of seconds and of bytes it is taken for granted: what they are compared by is
/// JavaScript's reading of dates.
fn is_same_default(before: Option<&str>, after: Option<&str>, ty: Option<&str>) -> bool {
    let ty = ty.unwrap_or("");
    let wraps = |outer: Option<&str>, inner: Option<&str>| {
        let inner = inner.unwrap_or("null");
        outer.and_then(|it| it.strip_prefix('(')?.strip_suffix(')')) == Some(inner)
    };
    let is_moment =
        ty.starts_with("integer") && before.is_some() && after.is_some() || ty.starts_with("blob");
    is_moment || wraps(before, after) || wraps(after, before)
}

/// The same columns of a primary key in another order.
fn is_same_key(it: &Altered<'_>) -> bool {
    let (old, new) = (it.old.list("columns"), it.new.list("columns"));
    let is_primary = it.new.text("entityType") == Some("pks");
    is_primary && old.len() == new.len() && old.iter().all(|it| new.contains(it))
}
