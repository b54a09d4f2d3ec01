//! `GET [CURRENT | STACKED] DIAGNOSTICS variable = item, …;` (manual 41.5.5 and 41.6.8.1).

use super::Reader;
use crate::sql::token::TokenKind;

/// What the last statement left.
const CURRENT: [&str; 3] = ["row_count", "pg_routine_oid", "pg_context"];

/// What an error that was caught left.
const STACKED: [&str; 11] = [
    "column_name",
    "constraint_name",
    "message_text",
    "pg_datatype_name",
    "pg_exception_context",
    "pg_exception_detail",
    "pg_exception_hint",
    "returned_sqlstate",
    "schema_name",
    "table_name",
    "pg_context",
];

impl Reader<'_> {
    pub(super) fn diagnostics(&mut self) {
        let start = self.at;
        let stacked = self.word(1) == "stacked";
        let area = usize::from(stacked || self.word(1) == "current");
        if self.word(1 + area) != "diagnostics" {
            return self.skip_statement();
        }
        let end = self.end_of_statement();
        self.at += 2 + area;
        while self.at < end {
            self.target(self.at);
            let (assigned, found) = self.find(|it| {
                it.kind == TokenKind::ColonEquals
                    || it.kind == TokenKind::Operator && it.text(self.body) == "="
            });
            if !found {
                break;
            }
            self.at = assigned + 1;
            self.item(start, stacked);
            if self.kind(1) != Some(TokenKind::Comma) {
                break;
            }
            self.at += 2;
        }
        self.skip_statement();
    }

    /// `start`: the token GET.
    fn item(&mut self, start: usize, stacked: bool) {
        let item = self.word(0);
        let (own, other) = if stacked { (&STACKED[..], &CURRENT[..]) } else { (&CURRENT[..], &STACKED[..]) };
        if item.is_empty() || own.contains(&item.as_str()) {
            return;
        }
        let (at, message) = if other.contains(&item.as_str()) {
            let area = if stacked { "STACKED" } else { "CURRENT" };
            let item = item.to_ascii_uppercase();
            (start, format!("diagnostics item {item} is not allowed in GET {area} DIAGNOSTICS"))
        } else {
            (self.at, format!("unrecognized GET DIAGNOSTICS item at or near \"{item}\""))
        };
        if let Some(token) = self.tokens.get(at) {
            self.res.errors.push((token.range, message));
        }
    }
}
