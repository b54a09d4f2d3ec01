//! Statements that change rows; of others nothing is drawn.

use super::{Picture, dotted, relation};
use crate::sql::hir::{
    Assignment, ConflictTarget, ExprId, InsertSource, MergeAction, MergeMatch, Name, Overriding,
    StatementKind, Target, TargetColumn,
};

impl Picture<'_> {
    pub(super) fn column(&self, it: &TargetColumn) -> String {
        let fields: String = it.fields.iter().map(|it| format!(" .{}", it.ident)).collect();
        format!("{}{fields}{}", it.name.ident, self.subscripts(&it.subscripts))
    }

    pub(super) fn columns(&self, list: &[TargetColumn]) -> String {
        list.iter().map(|it| format!(" {}", self.column(it))).collect()
    }

    pub(super) fn assignments(&self, list: &[Assignment]) -> String {
        list.iter()
            .map(|it| match it {
                Assignment::One { target, value } => {
                    format!(" (set {} {})", self.column(target), self.expr(*value))
                }
                Assignment::Many { targets, value } => {
                    let targets: Vec<String> = targets.iter().map(|it| self.column(it)).collect();
                    format!(" (set ({}) {})", targets.join(","), self.expr(*value))
                }
            })
            .collect()
    }

    pub(super) fn optional(&self, it: Option<ExprId>, word: &str) -> String {
        it.map_or(String::new(), |it| format!(" {word} {}", self.expr(it)))
    }

    pub(super) fn returning(&self, list: &[Target]) -> String {
        if list.is_empty() { String::new() } else { format!(" returning{}", self.targets(list)) }
    }

    pub fn statement(&self, kind: &StatementKind) -> String {
        let name = |it: &Option<Name>| it.as_ref().map_or(String::new(), |it| format!(" as {}", it.ident));
        match kind {
            StatementKind::Query(query) => self.query(query),
            StatementKind::Insert(it) => {
                let mut res = format!(
                    "{}(insert {}{}{}",
                    self.with(&it.with),
                    dotted(&it.table),
                    name(&it.alias),
                    self.columns(&it.columns)
                );
                res += match it.overriding {
                    Some(Overriding::User) => " user",
                    Some(Overriding::System) => " system",
                    None => "",
                };
                res += &match &it.source {
                    InsertSource::DefaultValues => " default".into(),
                    InsertSource::Query(query) => format!(" {}", self.query(query)),
                    InsertSource::Missing => " MISSING".into(),
                };
                if let Some(it) = &it.on_conflict {
                    res += " conflict";
                    match &it.target {
                        ConflictTarget::None => {}
                        ConflictTarget::Constraint(name) => res += &format!(" {}", name.ident),
                        ConflictTarget::Index { items, where_, .. } => {
                            for it in items {
                                res += &format!(" [{}]", self.expr(*it));
                            }
                            res += &self.optional(*where_, "where");
                        }
                    }
                    if let Some(it) = &it.update {
                        res += &format!(" do{}", self.assignments(&it.set));
                        res += &self.optional(it.where_, "where");
                    }
                }
                res + &self.returning(&it.returning) + ")"
            }
            StatementKind::Update(it) => {
                let mut res = format!(
                    "{}(update {}{}{}",
                    self.with(&it.with),
                    relation(&it.table, it.only),
                    name(&it.alias),
                    self.assignments(&it.set)
                );
                for it in &it.from {
                    res += &format!(" from {}", self.from(it));
                }
                res + &self.optional(it.where_, "where") + &self.returning(&it.returning) + ")"
            }
            StatementKind::Delete(it) => {
                let mut res = format!(
                    "{}(delete {}{}",
                    self.with(&it.with),
                    relation(&it.table, it.only),
                    name(&it.alias)
                );
                for it in &it.using {
                    res += &format!(" using {}", self.from(it));
                }
                res + &self.optional(it.where_, "where") + &self.returning(&it.returning) + ")"
            }
            StatementKind::Merge(it) => {
                let mut res = format!(
                    "{}(merge {}{} {} on {}",
                    self.with(&it.with),
                    dotted(&it.table),
                    name(&it.alias),
                    self.from(&it.source),
                    self.expr(it.on)
                );
                for it in &it.whens {
                    let matched = match it.matched {
                        MergeMatch::Matched => "MATCHED",
                        MergeMatch::NotMatchedBySource => "NOT_MATCHED_BY_SOURCE",
                        MergeMatch::NotMatchedByTarget => "NOT_MATCHED_BY_TARGET",
                    };
                    res += &format!(" (when {matched}{}", self.optional(it.condition, "and"));
                    res += &match &it.action {
                        MergeAction::Update(set) => format!(" update{}", self.assignments(set)),
                        MergeAction::Delete => " delete".into(),
                        MergeAction::Insert { columns, values, .. } => {
                            format!(" insert{} values{}", self.columns(columns), self.exprs(values))
                        }
                        MergeAction::DoNothing => " nothing".into(),
                    };
                    res += ")";
                }
                res + &self.returning(&it.returning) + ")"
            }
            StatementKind::Wrapped { kind, name, param_types, inner, .. } => {
                let name = name.as_ref().map_or(String::new(), |it| format!(" {}", it.ident));
                let types: String = param_types.iter().map(|it| format!(" {}", self.ty(it))).collect();
                format!("({kind:?}{name}{types} {})", self.statement(inner))
            }
            StatementKind::Ddl(_) | StatementKind::Session(_) | StatementKind::Other(_) => "other".into(),
        }
    }
}
