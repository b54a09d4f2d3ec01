//! Bodies that are part of their statement: `BEGIN ATOMIC … END`, `RETURN x` (`interpret_AS_clause` of functioncmds.c).

use crate::sema::body::{self, sql};
use crate::sema::code;
use crate::sql::hir::ddl::{
    CreateFunction, FunctionParam, InlineBody, ObjectKind, ParamMode, RelationKind, ViewKind,
};
use crate::sql::hir::{Ddl, StatementKind};

use super::binder::Binder;

impl<'a> Binder<'a> {
    /// `CreateFunction` of functioncmds.c: something must say what is returned.
    pub fn result_type(&mut self, create: &'a CreateFunction) {
        let outputs = |it: &FunctionParam| {
            matches!(it.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table)
                || it.ty.name.parts.is_empty()
        };
        let has_body = create.body.is_some() || create.inline.is_some();
        if create.procedure || create.returns.is_some() || create.returns_table || !has_body {
            return;
        }
        if let Some(at) = create.name.range()
            && !create.params.iter().any(outputs)
        {
            self.refuse(code::INVALID_FUNCTION_DEFINITION, at, "function result type must be specified");
        }
    }

    pub fn inline_body(&mut self, create: &'a CreateFunction, inline: &'a InlineBody) {
        let at = create.name.range().unwrap_or(inline.range);
        if body::routine::has_polymorphic(self.catalog, self.stmt, create) {
            let message = "SQL function with unquoted function body cannot have polymorphic arguments";
            self.refuse(code::INVALID_FUNCTION_DEFINITION, at, message);
            return;
        }
        let before = self.problems.len();
        let mut last = None;
        for statement in &inline.statements {
            let is_query = matches!(
                statement,
                StatementKind::Query(_)
                    | StatementKind::Insert(_)
                    | StatementKind::Update(_)
                    | StatementKind::Delete(_)
                    | StatementKind::Merge(_)
            );
            if let StatementKind::Ddl(ddl) = statement
                && self.typed
            {
                let message = format!("{} is not yet supported in unquoted SQL function body", tag(ddl));
                self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
                return;
            }
            if !is_query {
                // Not allowed there, which is another matter.
                last = None;
                continue;
            }
            self.statement(statement);
            last = Some(statement);
        }
        let columns = std::mem::take(&mut self.columns);
        let open = std::mem::take(&mut self.columns_open);
        if self.problems.len() > before || open || !self.typed {
            return;
        }
        let Some(declared) = body::routine::declared(self.catalog, self.stmt, create) else { return };
        if last.is_none() && !inline.statements.is_empty() {
            return;
        }
        let found = body::mismatch(self.catalog, &declared, last.map(|it| (it, columns.as_slice())));
        let Some(found) = found else { return };
        let target = last.and_then(|it| sql::target_of(it, &self.stmt.exprs, found.column?));
        self.problems.push(sql::problem(found, target.unwrap_or(inline.range)));
    }
}

/// What PostgreSQL calls a statement (`CreateCommandTag`), of those that are likely to stand in a function.
fn tag(ddl: &Ddl) -> &'static str {
    match ddl {
        Ddl::CreateTable(_) => "CREATE TABLE",
        Ddl::CreateIndex(_) => "CREATE INDEX",
        Ddl::CreateView(it) if it.kind == ViewKind::Table => "CREATE TABLE AS",
        Ddl::CreateView(_) => "CREATE VIEW",
        Ddl::AlterTable { .. } => "ALTER TABLE",
        Ddl::Drop(it) if it.object == ObjectKind::Relation(RelationKind::Table) => "DROP TABLE",
        Ddl::Truncate { .. } => "TRUNCATE TABLE",
        Ddl::Grant(_) => "GRANT",
        _ => "the statement",
    }
}
