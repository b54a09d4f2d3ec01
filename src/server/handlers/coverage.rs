//! `columnist/coverage`: which database a file belongs to, how much of its SQL was checked, why the rest was not.

use serde_json::{Value, json};

use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::ide;
use crate::server::job::Answer;
use crate::server::params::UriParams;
use crate::server::snapshot::ServerSnapshot;

/// `null` for what is no file of the workspace.
pub fn coverage(snap: &ServerSnapshot, params: &UriParams) -> Answer<Option<Value>> {
    match snap.file(&params.uri) {
        Some(file) => Ok(Some(of_file(snap, file)?)),
        None => Ok(None),
    }
}

/// `{ uri, database, tables, checked, skipped: [{ range, reason, detail }] }`.
pub fn of_file(snap: &ServerSnapshot, file: FileId) -> Cancellable<Value> {
    let status = ide::status::status(&snap.db, file)?;
    let lines = snap.lines(file);
    let skipped = status.skipped.iter().filter_map(|(range, reason, detail)| {
        let range = lines.as_ref()?.range(*range);
        Some(json!({ "range": range, "reason": reason.label(), "detail": detail }))
    });
    Ok(json!({
        "uri": snap.uri(file),
        "database": status.database,
        "tables": status.n_tables,
        "checked": status.n_checked,
        "skipped": skipped.collect::<Vec<_>>(),
    }))
}
