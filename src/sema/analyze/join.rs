//! Joins: ON, USING, NATURAL, and what is visible above them (`transformFromClauseItem` for `JoinExpr`).

use crate::base::text::TextRange;
use crate::sema::{Code, Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{Join, JoinKind, Name};

use super::binder::Binder;
use super::place::Place;
use super::scope::{NsItem, Rte, RteColumn, RteKind, Var};

/// The visible columns of one side, in the order of `*`.
struct Side {
    columns: Vec<(Var, RteColumn)>,
    open: bool,
}

impl<'a> Binder<'a> {
    pub fn join(&mut self, join: &'a Join) -> Vec<NsItem> {
        let mut left = self.from_item(&join.left);
        let lateral_ok = matches!(join.kind, JoinKind::Inner | JoinKind::Left | JoinKind::Cross);
        let n_before = self.level().namespace.len();
        let hidden = left.iter().map(|it| NsItem { lateral_only: true, lateral_ok, ..*it });
        self.level().namespace.extend(hidden);
        let mut right = self.from_item(&join.right);
        self.level().namespace.truncate(n_before);
        self.check_conflicts(&left, &right);

        let using = !join.using.is_empty() || join.natural;
        let inputs = using.then(|| (self.side(&left), self.side(&right)));
        if let Some(on) = join.on {
            let both: Vec<NsItem> = left.iter().chain(&right).cloned().collect();
            let outer = std::mem::replace(&mut self.level().namespace, both);
            let outer_left = self.probe.as_mut().and_then(|it| it.n_left.replace(left.len()));
            self.in_place(Place::JoinOn, |it| it.condition(on, "JOIN/ON"));
            if let Some(probe) = &mut self.probe {
                probe.n_left = outer_left;
            }
            self.level().namespace = outer;
        }
        if matches!(join.kind, JoinKind::Right | JoinKind::Full) {
            left.iter_mut().for_each(|it| it.nulled = true);
        }
        if matches!(join.kind, JoinKind::Left | JoinKind::Full) {
            right.iter_mut().for_each(|it| it.nulled = true);
        }
        left.iter_mut().chain(&mut right).for_each(|it| it.joined = true);
        let Some((left_side, right_side)) = inputs else {
            let both = left.into_iter().chain(right).collect();
            return if join.alias.is_some() { self.aliased_join(join, both) } else { both };
        };
        let (columns, merged, open) = self.merged_columns(join, left_side, right_side);
        let mut items: Vec<NsItem> = left.into_iter().chain(right).collect();
        if let Some(alias) = &join.using_alias {
            let rte =
                self.join_rte(&alias.ident, alias.range, columns[..merged.min(columns.len())].to_vec(), open);
            let clash = NsItem { columns: false, ..NsItem::new(rte) };
            self.check_conflicts(&items, std::slice::from_ref(&clash));
            items.push(clash);
        }
        let name = join.alias.as_ref().map_or_else(|| Ident::new("unnamed_join"), |it| it.name.ident.clone());
        let rte =
            self.join_rte(&name, join.alias.as_ref().map_or(join.range, |it| it.name.range), columns, open);
        self.apply_column_aliases(rte, join.alias.as_ref());
        if join.alias.is_some() {
            return vec![NsItem::new(rte)];
        }
        items.iter_mut().for_each(|it| it.columns = false);
        items.push(NsItem { named: false, ..NsItem::new(rte) });
        items
    }

    /// `(a JOIN b ON …) AS j`: hides everything inside.
    fn aliased_join(&mut self, join: &'a Join, items: Vec<NsItem>) -> Vec<NsItem> {
        let side = self.side(&items);
        let columns = side.columns.into_iter().map(|it| it.1).collect();
        let Some(alias) = &join.alias else { return items };
        let rte = self.join_rte(&alias.name.ident, alias.name.range, columns, side.open);
        self.apply_column_aliases(rte, Some(alias));
        vec![NsItem::new(rte)]
    }

    fn join_rte(
        &mut self,
        name: &Ident,
        range: TextRange,
        columns: Vec<RteColumn>,
        open: bool,
    ) -> super::scope::RteId {
        self.add_rte(Rte { range, open, ..Rte::new(RteKind::Join, name.clone(), columns) })
    }

    fn side(&self, items: &[NsItem]) -> Side {
        let mut res = Side { columns: Vec::new(), open: false };
        for item in items.iter().filter(|it| it.columns) {
            let rte = self.rte(item.rte);
            res.open |= rte.open;
            for (idx, column) in rte.columns.iter().enumerate() {
                let var = Var { rte: item.rte, column: idx as u32 };
                let column = RteColumn {
                    name: column.name.clone(),
                    ty: column.ty,
                    nullable: self.var_nullable(var, item.nulled),
                    var: Some(var),
                    merged: None,
                    fields: column.fields.clone(),
                    source: rte.source(idx as u32),
                    of_set: column.of_set,
                    range: column.range,
                    collation: column.collation.clone(),
                };
                res.columns.push((var, column));
            }
        }
        res
    }

    /// The output columns: merged ones first; how many those are.
    fn merged_columns(&mut self, join: &'a Join, left: Side, right: Side) -> (Vec<RteColumn>, usize, bool) {
        let open = left.open || right.open;
        let natural: Vec<Name>;
        self.see_using(&join.using, &left.columns, &right.columns);
        let names: &[Name] = if join.natural {
            let common =
                left.columns.iter().filter(|l| right.columns.iter().any(|r| self.same(&l.1.name, &r.1.name)));
            natural = common.map(|it| Name { ident: it.1.name.clone(), range: join.range }).collect();
            if open { &[] } else { &natural }
        } else {
            &join.using
        };
        let mut merged: Vec<RteColumn> = Vec::new();
        let mut used: Vec<Var> = Vec::new();
        for (idx, name) in names.iter().enumerate() {
            if name.ident.is_dynamic() {
                continue;
            }
            if names[..idx].iter().any(|it| self.same(&it.ident, &name.ident)) {
                let message =
                    format!("column name \"{}\" appears more than once in USING clause", name.ident);
                self.report(code::DUPLICATE_COLUMN, name.range, message);
                continue;
            }
            let l = self.merge_input(&left, name, "left");
            let r = self.merge_input(&right, name, "right");
            used.extend([&l, &r].into_iter().flatten().map(|it| it.0));
            merged.push(match (l, r) {
                (Some(l), Some(r)) => self.merge_columns(join, name, l, r),
                _ => RteColumn { range: Some(name.range), ..RteColumn::new(name.ident.clone(), Ty::Unknown) },
            });
        }
        let n_merged = merged.len();
        let (null_left, null_right) = (
            matches!(join.kind, JoinKind::Right | JoinKind::Full),
            matches!(join.kind, JoinKind::Left | JoinKind::Full),
        );
        for (side, nulled) in [(left, null_left), (right, null_right)] {
            for (var, mut column) in side.columns {
                if !used.contains(&var) {
                    if nulled {
                        column.nullable = Some(true);
                    }
                    merged.push(column);
                }
            }
        }
        (merged, n_merged, open)
    }

    fn merge_input(&mut self, side: &Side, name: &Name, which: &str) -> Option<(Var, RteColumn)> {
        let mut found = side.columns.iter().filter(|it| self.same(&it.1.name, &name.ident)).cloned();
        let first = found.next();
        let second = found.next();
        drop(found);
        let complain = |code: Code, message: String, this: &mut Self| {
            this.report(code, name.range, message);
        };
        match (&first, second) {
            (Some(_), None) => {}
            (Some(_), Some(_)) => {
                if !side.open {
                    let message = format!(
                        "common column name \"{}\" appears more than once in {which} table",
                        name.ident
                    );
                    complain(code::AMBIGUOUS_COLUMN, message, self);
                }
                return None;
            }
            (None, _) => {
                if !side.open {
                    let message = format!(
                        "column \"{}\" specified in USING clause does not exist in {which} table",
                        name.ident
                    );
                    complain(code::UNDEFINED_COLUMN, message, self);
                }
            }
        }
        if let Some((var, _)) = &first {
            self.reference_column(*var, name.range);
        }
        first
    }

    /// USING compares its columns with `=`; PostgreSQL tells no place (`transformJoinUsingClause`).
    fn must_be_equal(&mut self, name: &Name, left: Ty, right: Ty) {
        use crate::sema::resolve::{OpOutcome, operator};
        if self.typed
            && matches!((left, right), (Ty::Known(l), Ty::Known(r)) if l.id == r.id)
            && let OpOutcome::Refused(refusal) = operator(self.catalog, None, "=", Some(left), right)
        {
            self.report(refusal.code, name.range, refusal.message).hint = refusal.hint;
        }
    }

    /// One merged column (`buildMergedJoinVar`).
    fn merge_columns(
        &mut self,
        join: &Join,
        name: &Name,
        l: (Var, RteColumn),
        r: (Var, RteColumn),
    ) -> RteColumn {
        let ty = self.merged_type(name, l.1.ty, r.1.ty);
        self.must_be_equal(name, l.1.ty, r.1.ty);
        let (nullable, kept) = match join.kind {
            JoinKind::Inner | JoinKind::Cross => {
                let never = l.1.nullable == Some(false) || r.1.nullable == Some(false);
                // Equality removes NULLs on both sides.
                (
                    if never { Some(false) } else { Some(false).filter(|_| l.1.nullable.is_some()) },
                    if l.1.ty == ty { Some(&l) } else { Some(&r) },
                )
            }
            JoinKind::Left => (l.1.nullable, Some(&l)),
            JoinKind::Right => (r.1.nullable, Some(&r)),
            JoinKind::Full => match (l.1.nullable, r.1.nullable) {
                (Some(false), Some(false)) => (Some(false), None),
                _ => (Some(true), None),
            },
        };
        let collation = match join.kind {
            JoinKind::Full => self.common_collation(ty, &[&l.1, &r.1]),
            JoinKind::Right => r.1.collation.clone(),
            JoinKind::Inner | JoinKind::Cross if l.1.ty != ty && r.1.ty == ty => r.1.collation.clone(),
            _ => l.1.collation.clone(),
        };
        // The merged column is one of its inputs where no conversion is needed.
        let kept = kept.filter(|it| it.1.ty == ty && ty != Ty::Unknown);
        RteColumn {
            name: name.ident.clone(),
            ty,
            nullable,
            var: kept.map(|it| it.0),
            merged: match join.kind {
                JoinKind::Full => Some((l.0, Some(r.0))),
                JoinKind::Right => Some((r.0, None)),
                JoinKind::Left => Some((l.0, None)),
                // Which of the two it is their types decide.
                JoinKind::Inner | JoinKind::Cross if l.1.ty == ty => Some((l.0, None)),
                JoinKind::Inner | JoinKind::Cross if r.1.ty == ty => Some((r.0, None)),
                JoinKind::Inner | JoinKind::Cross => Some((l.0, None)),
            },
            fields: None,
            source: kept.and_then(|it| it.1.source.clone()),
            of_set: kept.is_some_and(|it| it.1.of_set),
            range: Some(name.range),
            collation,
        }
    }
}
