//! `textDocument/foldingRange`.

use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

use crate::ide;
use crate::server::job::Answer;
use crate::server::snapshot::ServerSnapshot;

pub fn folding_ranges(
    snap: &ServerSnapshot,
    params: &FoldingRangeParams,
) -> Answer<Option<Vec<FoldingRange>>> {
    let Some(file) = snap.file(&params.text_document.uri) else { return Ok(None) };
    let Some(lines) = snap.lines(file) else { return Ok(None) };
    let folds = ide::folding::folds(&snap.db, file)?;
    snap.still_wanted()?;
    let ranges = folds.into_iter().filter_map(|it| {
        let range = lines.range(it.range);
        if range.start.line >= range.end.line {
            return None;
        }
        let columns = !snap.client.line_folding_only;
        Some(FoldingRange {
            start_line: range.start.line,
            start_character: columns.then_some(range.start.character),
            end_line: range.end.line,
            end_character: columns.then_some(range.end.character),
            kind: it.comment.then_some(FoldingRangeKind::Comment),
            collapsed_text: None,
        })
    });
    Ok(Some(ranges.collect()))
}
