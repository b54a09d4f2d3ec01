//! Prepared statements and cursors: what the statements of a session do to them.

use std::sync::Arc;

use super::Fold;
use crate::catalog::pg;
use crate::catalog::session::Named;
use crate::sql::hir::{ExprKind, Name, QueryBody, Session, StatementKind, WrapperKind};

impl<'a> Fold<'a> {
    /// PREPARE and DECLARE.
    pub(super) fn wrapped(&mut self, kind: WrapperKind, name: Option<&Name>, inner: &'a StatementKind) {
        let Some(name) = name.filter(|it| !it.ident.is_dynamic()) else { return };
        // The grammar lets nothing else stand there.
        let takes = match inner {
            StatementKind::Query(it) => !matches!(it.body, QueryBody::Execute(_)),
            StatementKind::Insert(_)
            | StatementKind::Update(_)
            | StatementKind::Delete(_)
            | StatementKind::Merge(_) => kind == WrapperKind::Prepare,
            _ => false,
        };
        let (origin, text) = (self.origin(name.range), Arc::from(self.text));
        let words = crate::sql::token::significant(self.text);
        let mut head = words.iter().take_while(|it| !it.is_word(self.text, "for"));
        let hold = kind == WrapperKind::DeclareCursor && head.any(|it| it.is_word(self.text, "hold"));
        let session = &mut self.catalog.session;
        let names = match kind {
            WrapperKind::Prepare => &mut session.prepared,
            WrapperKind::DeclareCursor => &mut session.cursors,
            _ => return,
        };
        let taken = matches!(names.get(&name.ident), Named::There { .. });
        let made = if takes && !taken { Named::There { text, origin, hold } } else { Named::Unknown };
        names.set(&name.ident, made);
    }

    /// FETCH, CLOSE and DEALLOCATE.
    pub(super) fn session(&mut self, session: &Session) {
        let held = &mut self.catalog.session;
        match session {
            Session::Fetch { .. } => {}
            Session::Close(None) => held.cursors.clear(),
            Session::Close(Some(name)) => held.cursors.set(&name.ident, Named::Gone),
            Session::Deallocate(None) => held.prepared.clear(),
            Session::Deallocate(Some(name)) => held.prepared.set(&name.ident, Named::Gone),
        }
    }

    /// COMMIT closes cursors but those WITH HOLD, ROLLBACK these too where the transaction has made them; `DISCARD ALL`
    /// leaves nothing.
    pub(super) fn ends_transaction(&mut self) {
        let words = crate::sql::token::significant(self.text);
        let word = |at: usize, word: &str| words.get(at).is_some_and(|it| it.is_word(self.text, word));
        let held = &mut self.catalog.session;
        if word(0, "discard") && word(1, "all") {
            held.cursors.clear();
            held.prepared.clear();
            return;
        }
        let rolls_back = word(0, "rollback") || word(0, "abort");
        if !rolls_back && !word(0, "commit") && !word(0, "end") || word(1, "prepared") {
            return;
        }
        let partly = (1..3).any(|at| word(at, "to"));
        held.cursors.replace(|it| match it {
            Named::There { .. } if partly => Some(Named::Unknown),
            Named::There { hold: true, .. } => rolls_back.then_some(Named::Unknown),
            Named::There { hold: false, .. } => Some(Named::Gone),
            Named::Gone | Named::Unknown => None,
        });
    }

    /// A function of the project's may open and close cursors; a block may prepare what it likes.
    pub(super) fn doubt_session(&mut self, kind: &StatementKind) {
        let held = &self.catalog.session;
        if *held == Default::default() {
            return;
        }
        let is_block =
            matches!(kind, StatementKind::Ddl(it) if matches!(**it, crate::sql::hir::Ddl::Do { .. }));
        let is_call = matches!(kind, StatementKind::Wrapped { kind: WrapperKind::Call, .. });
        let calls = |kind: &ExprKind| match kind {
            ExprKind::Call(call) => call.name.last().is_some_and(|it| {
                let builtin = call.name.schema().is_none_or(|it| it.ident.as_str() == "pg_catalog");
                !builtin || pg::functions(it.ident.as_str()).is_empty()
            }),
            _ => false,
        };
        if is_block || is_call || self.exprs.iter().any(|it| calls(&it.kind)) {
            self.catalog.session.cursors.doubt();
        }
        let text = if is_block { self.text.to_ascii_lowercase() } else { String::new() };
        if ["prepare", "deallocate", "discard"].iter().any(|it| text.contains(it)) {
            self.catalog.session.prepared.doubt();
        }
    }
}
