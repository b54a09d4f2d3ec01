//! WITH (`transformWithClause`, `analyzeCTE`, `determineRecursiveColTypes`).

use crate::catalog::TypeId;
use crate::sema::{Ty, code};
use crate::sql::hir::{Cte as CteNode, Name, Query, StatementKind, With};

use super::binder::{Binder, known};
use super::scope::{Cte, RteColumn, Shape};

/// A recursive CTE whose non-recursive term is being analysed.
#[derive(Debug, Clone, Copy)]
pub struct Recursion<'a> {
    pub cte: &'a CteNode,
    /// Depth of the level that the CTE belongs to.
    pub depth: usize,
}

impl<'a> Binder<'a> {
    pub fn with_clause(&mut self, with: &'a With) {
        self.duplicate_names(&with.ctes);
        let order = self.cte_order(with);
        for (idx, cte) in order.iter().copied().enumerate() {
            let later = order.get(idx..).unwrap_or_default();
            if with.recursive {
                // What comes later, and the CTE itself until its first term is known, may have any columns.
                let known = self.level().ctes.len();
                let placeholders = later.iter().rev().map(|it| placeholder(&it.name));
                self.level().ctes.extend(placeholders);
                let done = self.cte(cte, true);
                self.level().ctes.truncate(known);
                self.level().ctes.push(done);
            } else {
                self.level().future_ctes = later.iter().map(|it| &it.name).collect();
                let done = self.cte(cte, false);
                self.level().ctes.push(done);
            }
        }
        self.level().future_ctes.clear();
    }

    /// PostgreSQL tells no place; ours is the name of the first that changes something.
    pub fn refuse_modifying_with(&mut self, query: &Query, words: &str) {
        let ctes = query.with.iter().flat_map(|it| &it.ctes);
        let mut modifying = ctes.filter(|it| is_modifying(&it.body));
        if let Some(cte) = modifying.next().filter(|_| self.typed) {
            let message = format!("{words} statements in WITH");
            self.refuse(code::FEATURE_NOT_SUPPORTED, cte.name.range, message);
        }
    }

    fn duplicate_names(&mut self, ctes: &'a [CteNode]) {
        for (idx, cte) in ctes.iter().enumerate() {
            let name = &cte.name;
            if !name.ident.is_dynamic() && ctes[..idx].iter().any(|it| self.same(&it.name.ident, &name.ident))
            {
                let message = format!("WITH query name \"{}\" specified more than once", name.ident);
                self.report(code::DUPLICATE_ALIAS, name.range, message);
            }
        }
    }

    fn cte(&mut self, cte: &'a CteNode, recursive: bool) -> Cte {
        let modifying = is_modifying(&cte.body);
        if modifying && self.levels.len() > 1 {
            let message = "WITH clause containing a data-modifying statement must be at the top level";
            self.refuse(code::FEATURE_NOT_SUPPORTED, cte.name.range, message);
        }
        if let Some((value, otherwise)) = cte.cycle.as_ref().and_then(|it| it.values) {
            self.cycle_mark(cte, value, otherwise);
        }
        let outer = self.recursion.take();
        if recursive {
            self.recursion = Some(Recursion { cte, depth: self.levels.len() });
        }
        let n_uses = self.recursive_uses.len();
        let mut shape = match &cte.body {
            StatementKind::Query(query) => {
                let shape = self.query(query, true);
                if recursive {
                    self.check_recursion(cte);
                }
                shape
            }
            StatementKind::Session(_) | StatementKind::Other(_) => {
                Shape { open: true, has_rows: true, ..Shape::default() }
            }
            body => {
                let n_problems = self.problems.len();
                let shape = self.modifying(body);
                if self.problems.len() == n_problems {
                    self.check_rules_in_with(body);
                }
                if recursive {
                    self.check_recursion(cte);
                }
                shape
            }
        };
        self.recursive_uses.truncate(n_uses);
        self.recursion = outer;
        self.name_columns(cte, &mut shape, true);
        if !shape.open {
            self.check_searching(cte, recursive, &shape.columns);
        }
        self.extra_columns(cte, &mut shape.columns);
        let res = Cte {
            name: cte.name.ident.clone(),
            range: cte.name.range,
            columns: shape.columns,
            open: shape.open,
            has_rows: shape.has_rows,
            placeholder: false,
            n_hidden: 0,
        };
        if let Some(done) = &mut self.done_ctes {
            done.push(res.clone());
        }
        res
    }

    /// `WITH x (a, b)`.
    fn name_columns(&mut self, cte: &'a CteNode, shape: &mut Shape, report: bool) {
        if cte.columns.len() > shape.columns.len() && !shape.open && shape.has_rows && report {
            let message = format!(
                "WITH query \"{}\" has {} columns available but {} columns specified",
                cte.name.ident,
                shape.columns.len(),
                cte.columns.len()
            );
            self.report(code::INVALID_COLUMN_REFERENCE, cte.name.range, message);
            shape.open = true;
        }
        for (idx, name) in cte.columns.iter().enumerate() {
            match shape.columns.get_mut(idx) {
                Some(column) => {
                    column.name = name.ident.clone();
                    column.range = Some(name.range);
                }
                None => {
                    let mut column = RteColumn::new(name.ident.clone(), Ty::Unknown);
                    column.range = Some(name.range);
                    shape.columns.push(column);
                }
            }
        }
    }

    /// The columns that SEARCH … SET and CYCLE … SET … USING add.
    fn extra_columns(&self, cte: &CteNode, acc: &mut Vec<RteColumn>) {
        let mut add = |name: &Name, ty: Ty| {
            let ty = if self.typed { ty } else { Ty::Unknown };
            acc.push(RteColumn { range: Some(name.range), ..RteColumn::new(name.ident.clone(), ty) });
        };
        if let Some(search) = &cte.search {
            add(&search.set, known(if search.breadth { TypeId::RECORD } else { TypeId::RECORD_ARRAY }));
        }
        if let Some(cycle) = &cte.cycle {
            let mark = match &cycle.values {
                None => known(TypeId::BOOL),
                Some(_) => self.cycle_marks.get(&cte.range).copied().unwrap_or(Ty::Unknown),
            };
            add(&cycle.mark, mark);
            add(&cycle.path, known(TypeId::RECORD_ARRAY));
        }
    }

    /// The first term of a recursive CTE is known: its columns are the CTE's in the second.
    pub fn first_term(&mut self, recursion: Recursion<'a>, columns: &[RteColumn], open: bool) {
        let mut shape = Shape { columns: columns.to_vec(), open, has_rows: true, exprs: Vec::new() };
        for column in &mut shape.columns {
            column.ty = Self::text_if_undecided(column.ty);
            // The second term may bring NULLs.
            column.nullable = if column.nullable == Some(true) { Some(true) } else { None };
            column.source = None;
        }
        self.name_columns(recursion.cte, &mut shape, false);
        self.extra_columns(recursion.cte, &mut shape.columns);
        let cte = Cte {
            name: recursion.cte.name.ident.clone(),
            range: recursion.cte.name.range,
            columns: shape.columns,
            open,
            has_rows: true,
            placeholder: true,
            n_hidden: recursion.cte.extra_columns.len(),
        };
        if let Some(level) = self.levels.get_mut(recursion.depth.wrapping_sub(1)) {
            level.ctes.push(cte);
        }
    }
}

fn is_modifying(body: &StatementKind) -> bool {
    matches!(
        body,
        StatementKind::Insert(_)
            | StatementKind::Update(_)
            | StatementKind::Delete(_)
            | StatementKind::Merge(_)
    )
}

fn placeholder(name: &Name) -> Cte {
    Cte {
        name: name.ident.clone(),
        range: name.range,
        columns: Vec::new(),
        open: true,
        has_rows: true,
        placeholder: true,
        n_hidden: 0,
    }
}
