//! `textDocument/codeLens`.

use tower_lsp::ls_types::{CodeLens, CodeLensParams, Command};

use crate::ide::lens;
use crate::server::job::Answer;
use crate::server::snapshot::ServerSnapshot;

/// A client that knows it opens a terminal with the command line; it is run by who presses Enter there.
pub const TERMINAL: &str = "columnist.openTerminal";

pub fn lenses(snap: &ServerSnapshot, params: &CodeLensParams) -> Answer<Option<Vec<CodeLens>>> {
    let Some(file) = snap.file(&params.text_document.uri) else { return Ok(None) };
    let Some(lines) = snap.lines(file) else { return Ok(None) };
    let found = lens::lenses(&snap.db, file)?;
    snap.still_wanted()?;
    let lenses = found.into_iter().map(|it| {
        let (command, arguments) = match it.run {
            Some((line, dir)) => (TERMINAL, Some(vec![line.into(), dir.into()])),
            None => ("", None),
        };
        let command = Command { title: it.title, command: command.to_owned(), arguments };
        CodeLens { range: lines.range(it.at), command: Some(command), data: None }
    });
    Ok(Some(lenses.collect()))
}
