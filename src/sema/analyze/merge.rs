//! MERGE (`transformMergeStmt`).

use crate::sema::code;
use crate::sql::hir::{Merge, MergeAction, MergeMatch, QName, StatementKind};
use crate::sql::token::{TokenKind, significant};

use super::binder::Binder;
use super::place::Place;
use super::required::Given;
use super::scope::{NsItem, Shape};

impl<'a> Binder<'a> {
    pub fn merge(&mut self, merge: &'a Merge) -> Shape {
        if let Some(with) = &merge.with {
            if with.recursive {
                let at = with.ctes.first().map_or(merge.range, |it| it.name.range);
                self.refuse(code::SYNTAX_ERROR, at, "WITH RECURSIVE is not supported for MERGE statement");
            }
            self.with_clause(with);
        }
        let target = self.target_rte(&merge.table, merge.alias.as_ref());
        self.refuse_merge(target, &merge.table);
        self.check_merged_view(target, &merge.table, &merge.whens);
        let source = self.from_item(&merge.source);
        let target_item = NsItem::new(target);
        if let Some(clash) =
            source.iter().find(|it| it.named && self.same(&self.rte(it.rte).name, &self.rte(target).name))
        {
            let entry = self.rte(clash.rte);
            let (name, range) = (entry.name.clone(), entry.range);
            if !name.is_dynamic() {
                let message = format!("name \"{name}\" specified more than once");
                self.report(code::DUPLICATE_ALIAS, range, message)
                    .hint("The name is used both as MERGE target table and data source.");
            }
        }
        let both: Vec<NsItem> = std::iter::once(target_item.clone()).chain(source.iter().cloned()).collect();
        self.level().namespace = both.clone();
        // PostgreSQL does not ask whether it is boolean.
        self.in_place(Place::JoinOn, |it| it.expr(merge.on));
        // RETURNING is looked at before the actions; its `*` lists the source's columns first.
        let some = |test: fn(&MergeAction) -> bool| merge.whens.iter().any(|it| test(&it.action));
        let nulled = [
            some(|it| matches!(it, MergeAction::Insert { .. })),
            some(|it| matches!(it, MergeAction::Delete)),
        ];
        let sourceless = merge.whens.iter().any(|it| it.matched == MergeMatch::NotMatchedBySource);
        let returned = source.iter().map(|it| NsItem { nulled: it.nulled || sourceless, ..it.clone() });
        self.level().namespace = returned.chain([target_item.clone()]).collect();
        let res = self.returning(&merge.returning, &merge.returning_names, &[], target, nulled);
        self.misplaced_actions();
        let mut settled = Vec::new();
        for when in &merge.whens {
            if settled.contains(&when.matched) {
                let at = merge.table.range().unwrap_or(merge.range);
                let message = "unreachable WHEN clause specified after unconditional WHEN clause";
                self.refuse(code::SYNTAX_ERROR, at, message);
            }
            if when.condition.is_none() {
                settled.push(when.matched);
            }
            self.level().namespace = match when.matched {
                MergeMatch::Matched => both.clone(),
                MergeMatch::NotMatchedBySource => vec![target_item.clone()],
                MergeMatch::NotMatchedByTarget => source.clone(),
            };
            if let Some(condition) = when.condition {
                self.in_place(Place::MergeWhen, |it| it.condition(condition, "WHEN"));
            }
            match &when.action {
                MergeAction::DoNothing | MergeAction::Delete => {}
                MergeAction::Update(set) => self.assignments(target, set),
                MergeAction::Insert { columns, overriding, values } => {
                    let slots = self.insert_slots(target, columns, !columns.is_empty());
                    self.in_place(Place::ValuesSingle, |it| it.row_values(values));
                    if !values.is_empty() {
                        let mut given = Given::default();
                        self.insert_row(target, values, &slots, *overriding, true, &mut given);
                    }
                }
            }
        }
        res
    }

    /// Rows that match are updated or deleted, others are inserted: the grammar takes nothing else.
    /// Only tables and views take MERGE (`transformMergeStmt`).
    fn refuse_merge(&mut self, target: super::scope::RteId, table: &QName) {
        use crate::catalog::RelationKind::{
            Foreign, MaterializedView, PartitionedTable, Sequence, Table, View,
        };
        let Some(relation) = self.rte(target).relation.clone().filter(|_| self.typed) else { return };
        match relation.kind {
            Table | PartitionedTable => {}
            View if self.catalog.serves(17) => {}
            View | MaterializedView | Sequence | Foreign => {
                let message = format!("cannot execute MERGE on relation \"{}\"", relation.name);
                let at = table.range().unwrap_or(self.stmt.range);
                self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
            }
        }
    }

    fn misplaced_actions(&mut self) {
        if !self.typed || !matches!(self.stmt.kind, StatementKind::Merge(_)) {
            return;
        }
        let tokens = significant(self.text);
        let word = |idx: usize, word: &str| tokens.get(idx).is_some_and(|it| it.is_word(self.text, word));
        let (mut depth, mut inserts) = (0, None);
        let mut found = None;
        for (idx, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::OpenParen => depth += 1,
                TokenKind::CloseParen => depth -= 1,
                _ if depth > 0 => {}
                _ if word(idx, "when") && word(idx + 1, "matched") => inserts = Some(false),
                _ if word(idx, "when") && word(idx + 1, "not") && word(idx + 2, "matched") => {
                    inserts = Some(!(word(idx + 3, "by") && word(idx + 4, "source")));
                }
                _ if word(idx, "then") => {
                    let insert = word(idx + 1, "insert");
                    let other = word(idx + 1, "update") || word(idx + 1, "delete");
                    let wrong = inserts == Some(false) && insert || inserts == Some(true) && other;
                    if let Some(next) = tokens.get(idx + 1).filter(|_| wrong && found.is_none()) {
                        found = Some(next.range);
                    }
                }
                _ => {}
            }
        }
        if let Some(at) = found {
            let message = format!("syntax error at or near \"{}\"", self.slice(at));
            self.refuse(code::SYNTAX_ERROR, at, message);
        }
    }
}
