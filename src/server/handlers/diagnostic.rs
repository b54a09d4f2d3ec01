//! `textDocument/diagnostic`.

use tower_lsp::ls_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
};

use crate::server::diagnostics;
use crate::server::job::Answer;
use crate::server::snapshot::ServerSnapshot;

pub fn document(
    snap: &ServerSnapshot,
    params: &DocumentDiagnosticParams,
) -> Answer<DocumentDiagnosticReportResult> {
    let (id, items) = match snap.file(&params.text_document.uri) {
        None => (None, Vec::new()),
        Some(file) => {
            let checked = diagnostics::check(snap, file)?;
            (Some(checked.result_id()), checked.diagnostics.to_vec())
        }
    };
    let report = match id {
        Some(result_id) if params.previous_result_id.as_ref() == Some(&result_id) => {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
            })
        }
        result_id => DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
        }),
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}
