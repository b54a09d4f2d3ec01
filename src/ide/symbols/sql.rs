//! The outline of a SQL file: its statements, with what they declare.

use super::{Symbol, SymbolKind, title};
use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize, slice};
use crate::db::Snapshot;
use crate::sql::block;
use crate::sql::hir::ddl::{
    ColumnConstraintKind, ColumnDef, CreateFunction, CreateTable, TableConstraint, ViewKind,
};
use crate::sql::hir::{Cte, Ddl, Name, QName, Query, QueryBody, Statement, StatementKind, With};

pub fn outline(snap: &Snapshot, file: FileId) -> Cancellable<Vec<Symbol>> {
    let statements = snap.statements(file);
    let mut res: Vec<Symbol> = Vec::with_capacity(statements.0.statements.len());
    let state = snap.state(file);
    let blocks = state.as_ref().map(|it| block::blocks(&it.text)).unwrap_or_default();
    let mut open: Option<&block::Block<'_>> = None;
    for (it, &at) in statements.0.statements.iter().zip(&statements.1.ranges) {
        snap.check()?;
        // As it is written: what stands for a tool's variables is as long as they are.
        let text = state.as_ref().map(|it| slice(&it.text, at)).filter(|text| text.len() == it.text.len());
        let symbol = statement(text.unwrap_or(&it.text), &it.parsed.hir, at.start());
        let own = blocks.iter().rev().find(|it| it.comment.end() <= at.start());
        match (own, res.last_mut()) {
            (Some(_), Some(last)) if own == open => {
                last.range = last.range.cover(symbol.range);
                last.children.push(symbol);
            }
            (Some(block), _) => res.push(Symbol {
                name: block.name.to_owned(),
                detail: String::new(),
                kind: SymbolKind::Statement,
                range: block.comment.cover(symbol.range),
                focus: block.focus,
                children: vec![symbol],
            }),
            (None, _) => res.push(symbol),
        }
        open = own;
    }
    Ok(res)
}

/// A statement's symbol; `start` is where its text begins in the file.
pub fn statement(text: &str, stmt: &Statement, start: TextSize) -> Symbol {
    let outline = Outline { text, start };
    let whole = TextRange::up_to(TextSize::of(text));
    outline.kind(&stmt.kind, whole)
}

struct Outline<'a> {
    text: &'a str,
    start: TextSize,
}

impl Outline<'_> {
    /// `range` and `focus` are relative to the statement.
    fn symbol(
        &self,
        name: String,
        detail: &str,
        kind: SymbolKind,
        range: TextRange,
        focus: TextRange,
    ) -> Symbol {
        let focus = if range.contains_range(focus) { focus } else { TextRange::empty(range.start()) };
        let detail = detail.to_owned();
        Symbol {
            name,
            detail,
            kind,
            range: range + self.start,
            focus: focus + self.start,
            children: Vec::new(),
        }
    }

    fn named(&self, name: &QName, detail: &str, kind: SymbolKind, range: TextRange) -> Symbol {
        let written: Vec<&str> = name.parts.iter().map(|it| it.ident.as_str()).collect();
        let focus = name.range().unwrap_or(TextRange::empty(range.start()));
        self.symbol(written.join("."), detail, kind, range, focus)
    }

    fn name(&self, name: &Name, detail: &str, kind: SymbolKind, range: TextRange) -> Symbol {
        self.symbol(name.ident.to_string(), detail, kind, range, name.range)
    }

    fn kind(&self, kind: &StatementKind, range: TextRange) -> Symbol {
        let (detail, with) = match kind {
            StatementKind::Ddl(ddl) => match self.ddl(ddl, range) {
                Some(symbol) => return symbol,
                None => ("", None),
            },
            StatementKind::Query(it) => ("select", it.with.as_ref()),
            StatementKind::Insert(it) => ("insert", it.with.as_ref()),
            StatementKind::Update(it) => ("update", it.with.as_ref()),
            StatementKind::Delete(it) => ("delete", it.with.as_ref()),
            StatementKind::Merge(it) => ("merge", it.with.as_ref()),
            StatementKind::Wrapped { .. } | StatementKind::Session(_) | StatementKind::Other(_) => ("", None),
        };
        let first = slice(self.text, range).split_whitespace().next().map_or(0.into(), TextSize::of);
        let focus = TextRange::at(range.start(), first);
        let mut res =
            self.symbol(title(slice(self.text, range)), detail, SymbolKind::Statement, range, focus);
        res.children = with.map_or_else(Vec::new, |it| self.ctes(it));
        res
    }

    fn ctes(&self, with: &With) -> Vec<Symbol> {
        let cte = |it: &Cte| {
            let range = it.range.cover(it.name.range);
            let mut res = self.name(&it.name, "with", SymbolKind::Cte, range);
            if let StatementKind::Query(query) = &it.body {
                res.children = self.inner(query);
            }
            res
        };
        with.ctes.iter().map(cte).collect()
    }

    /// The CTEs of a query inside another.
    fn inner(&self, query: &Query) -> Vec<Symbol> {
        let mut res = query.with.as_ref().map_or_else(Vec::new, |it| self.ctes(it));
        if let QueryBody::Nested(it) = &query.body {
            res.extend(self.inner(it));
        }
        res
    }

    fn ddl(&self, ddl: &Ddl, range: TextRange) -> Option<Symbol> {
        Some(match ddl {
            Ddl::CreateSchema { name, elements, .. } => {
                let mut res = self.name(name.as_ref()?, "schema", SymbolKind::Schema, range);
                // Its elements have no ranges of their own; their names are enough to be found.
                res.children = elements
                    .iter()
                    .filter_map(|it| match it {
                        StatementKind::Ddl(it) => self.ddl(it, element_name(it)?.range()?),
                        _ => None,
                    })
                    .collect();
                res
            }
            Ddl::CreateTable(it) => {
                let mut res = self.named(&it.name, "table", SymbolKind::Table, range);
                res.children = self.table(it);
                res
            }
            Ddl::CreateView(it) => {
                let (detail, kind) = match it.kind {
                    ViewKind::View => ("view", SymbolKind::View),
                    ViewKind::Materialized => ("materialized view", SymbolKind::View),
                    ViewKind::Table => ("table", SymbolKind::Table),
                };
                let mut res = self.named(&it.name, detail, kind, range);
                res.children = self.inner(&it.query);
                res
            }
            Ddl::CreateIndex(it) => {
                let table = it.table.last().map_or("", |it| it.ident.as_str());
                let detail = format!("{} {table}", if it.unique { "unique index on" } else { "index on" });
                match &it.name {
                    Some(name) => self.name(name, &detail, SymbolKind::Index, range),
                    None => {
                        let focus = it.table.range().unwrap_or(TextRange::empty(range.start()));
                        self.symbol(detail, "index", SymbolKind::Index, range, focus)
                    }
                }
            }
            Ddl::CreateSequence { name, .. } => self.named(name, "sequence", SymbolKind::Sequence, range),
            Ddl::CreateEnum { name, labels } => {
                let mut res = self.named(name, "enum", SymbolKind::Enum, range);
                let label = |(label, at): &(smol_str::SmolStr, TextRange)| {
                    self.symbol(label.to_string(), "", SymbolKind::EnumLabel, *at, *at)
                };
                res.children = labels.iter().map(label).collect();
                res
            }
            Ddl::CreateComposite { name, columns, .. } => {
                let mut res = self.named(name, "type", SymbolKind::Type, range);
                let column = |(name, ty): &(Name, crate::sql::hir::TypeName)| {
                    self.name(
                        name,
                        slice(self.text, ty.range),
                        SymbolKind::Column,
                        name.range.cover(ty.range),
                    )
                };
                res.children = columns.iter().map(column).collect();
                res
            }
            Ddl::CreateRange { name, .. } => self.named(name, "range type", SymbolKind::Type, range),
            Ddl::CreateShellType { name, .. } => self.named(name, "type", SymbolKind::Type, range),
            Ddl::CreateDomain { name, base, .. } => {
                let detail = format!("domain over {}", slice(self.text, base.range));
                self.named(name, &detail, SymbolKind::Type, range)
            }
            Ddl::CreateFunction(it) => self.named(&it.name, &self.signature(it), SymbolKind::Function, range),
            Ddl::CreateTrigger { name, table, .. } => {
                let table = table.last().map_or("", |it| it.ident.as_str());
                self.name(name, &format!("trigger on {table}"), SymbolKind::Trigger, range)
            }
            Ddl::CreatePolicy(it) => {
                let table = it.table.last().map_or("", |it| it.ident.as_str());
                self.name(&it.name, &format!("policy on {table}"), SymbolKind::Policy, range)
            }
            _ => return None,
        })
    }

    fn signature(&self, it: &CreateFunction) -> String {
        let params: Vec<&str> = it.params.iter().map(|it| slice(self.text, it.ty.range)).collect();
        let kind = if it.procedure { "procedure" } else { "function" };
        match &it.returns {
            Some(returns) => format!("{kind} ({}) → {}", params.join(", "), slice(self.text, returns.range)),
            None => format!("{kind} ({})", params.join(", ")),
        }
    }

    fn table(&self, table: &CreateTable) -> Vec<Symbol> {
        let mut res: Vec<Symbol> = table.columns.iter().map(|it| self.column(it)).collect();
        let constraint = |it: &TableConstraint| {
            let name = it.name.as_ref()?;
            Some(self.name(name, "constraint", SymbolKind::Constraint, it.range.cover(name.range)))
        };
        res.extend(table.constraints.iter().filter_map(constraint));
        res
    }

    fn column(&self, column: &ColumnDef) -> Symbol {
        let mut detail = column.ty.as_ref().map_or("", |it| slice(self.text, it.range)).to_owned();
        let has =
            |wanted: fn(&ColumnConstraintKind) -> bool| column.constraints.iter().any(|it| wanted(&it.kind));
        if has(|it| matches!(it, ColumnConstraintKind::PrimaryKey)) {
            detail.push_str(" primary key");
        } else if has(|it| matches!(it, ColumnConstraintKind::NotNull { .. })) {
            detail.push_str(" not null");
        }
        self.name(&column.name, detail.trim(), SymbolKind::Column, column.range.cover(column.name.range))
    }
}

fn element_name(ddl: &Ddl) -> Option<&QName> {
    match ddl {
        Ddl::CreateTable(it) => Some(&it.name),
        Ddl::CreateView(it) => Some(&it.name),
        Ddl::CreateSequence { name, .. } => Some(name),
        _ => None,
    }
}
