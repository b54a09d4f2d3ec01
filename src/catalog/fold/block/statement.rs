//! The statements of a block: definitions are folded, EXECUTE's too; what queries assign is followed.

use super::eval::{answer, evaluate};
use super::value::{Value, Variables};
use super::{Flow, Fold, Run, data};
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::lookup;
use crate::sql::hir::ddl::{AlterTable, RelationKind, TableConstraintKind};
use crate::sql::hir::{Ddl, QName, QueryBody, StatementKind, WrapperKind};
use crate::sql::plpgsql::block::Leave;
use crate::sql::{Dialect, Ident, parse, parse_statement, read_statement};

impl Fold<'_> {
    pub(super) fn sql(&mut self, range: TextRange, run: &mut Run<'_>) -> Flow {
        let text = slice(run.body, range);
        let at = run.start + range.start();
        if self.is_into(text, run) {
            return Flow::Next;
        }
        self.inner(text, at, run)
    }

    /// Queries whose results variables take.
    fn is_into(&self, text: &str, run: &mut Run<'_>) -> bool {
        let tokens = crate::sql::token::significant(text);
        let word = tokens.first().map_or_else(String::new, |it| it.text(text).to_ascii_lowercase());
        if !matches!(
            word.as_str(),
            "select" | "with" | "insert" | "update" | "delete" | "merge" | "get" | "fetch" | "values"
        ) {
            return false;
        }
        let named = tokens.iter().map(|it| Ident::from_source(it.text(text)));
        let taken: Vec<Ident> = match word.as_str() {
            "get" => named.collect(),
            _ => named.skip_while(|it| it.as_str() != "into").skip(1).collect(),
        };
        let value = (word == "select").then(|| self.selected(text, &run.variables)).flatten();
        let known: Vec<Ident> = taken.into_iter().filter(|it| run.variables.contains_key(it)).collect();
        known.iter().for_each(|it| forget(&mut run.variables, it));
        if data::reads(self.catalog, text) {
            run.data.extend(known);
        }
        if let Some((target, value)) = value {
            run.variables.insert(target, value);
        }
        true
    }

    /// `SELECT value INTO variable FROM …`.
    fn selected(&self, text: &str, variables: &Variables) -> Option<(Ident, Value)> {
        let statement = read_statement(text, Dialect::Postgres);
        let StatementKind::Query(query) = &statement.kind else { return None };
        let QueryBody::Select(select) = &query.body else { return None };
        let [part] = select.into.as_ref()?.parts.as_slice() else { return None };
        if select.targets.len() != 1 || part.ident.as_str() == "strict" {
            return None;
        }
        let found = answer(self.catalog, variables, text).filter(|it| it.complete)?;
        let first = found.rows.into_iter().next().and_then(|it| it.into_iter().next());
        Some((part.ident.clone(), first.unwrap_or(Value::Null)))
    }

    pub(super) fn execute(&mut self, range: TextRange, run: &mut Run<'_>) -> Flow {
        match evaluate(self.catalog, &run.variables, slice(run.body, range)) {
            it @ Value::Text(_) if !it.known() => {
                if let Value::Text(text) = it {
                    self.approximate(&text);
                }
                Flow::Next
            }
            Value::Text(text) => {
                let at = run.start + range.start();
                for (range, _) in parse(&text, Dialect::Postgres).statements {
                    if self.inner(slice(&text, range), at, run) != Flow::Next {
                        return Flow::Leave(Leave::Abort);
                    }
                }
                Flow::Next
            }
            _ => {
                self.unknown_effects();
                Flow::Next
            }
        }
    }

    fn inner(&mut self, text: &str, at: TextSize, run: &mut Run<'_>) -> Flow {
        let parsed = parse_statement(text, Dialect::Postgres);
        let kind = &parsed.hir.kind;
        match kind {
            StatementKind::Ddl(ddl) if run.n_handled > 0 && self.names_no_table(ddl) => {
                run.refused = true;
                return Flow::Leave(Leave::Abort);
            }
            StatementKind::Ddl(_) | StatementKind::Wrapped { kind: WrapperKind::Explain, .. } => {}
            _ => return Flow::Next,
        }
        self.inside(text, &parsed.hir.exprs, at).statement(kind);
        Flow::Next
    }

    /// Whether a definition certainly is refused for want of a table: `42P01`.
    fn names_no_table(&self, ddl: &Ddl) -> bool {
        let gone = |name: &QName| match name.last() {
            Some(last) if self.catalog.gaps.loose.is_none() && !self.catalog.gaps.partial => {
                let schema = name.schema().map(|it| &it.ident);
                !schema.is_some_and(lookup::is_hosted)
                    && matches!(lookup::relation(self.catalog, schema, &last.ident), lookup::Lookup::Missing)
            }
            _ => false,
        };
        match ddl {
            Ddl::AlterTable { name, kind: RelationKind::Table, if_exists: false, actions, .. } => {
                gone(name)
                    || actions.iter().any(|it| match it {
                        AlterTable::AddConstraint(constraint) => match &constraint.kind {
                            TableConstraintKind::ForeignKey { references, .. } => gone(&references.table),
                            _ => false,
                        },
                        _ => false,
                    })
            }
            Ddl::CreateIndex(index) => gone(&index.table),
            Ddl::CreatePolicy(policy) => gone(&policy.table),
            Ddl::CreateTrigger { table, .. } => gone(table),
            _ => false,
        }
    }
}

pub(super) fn forget(variables: &mut Variables, name: &Ident) {
    variables.get_mut(name).into_iter().for_each(|it| *it = Value::Unknown);
}
