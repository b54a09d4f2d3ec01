//! Column references (`transformColumnRef`, `colNameToVar`, `scanNSItemForColumn`, `refnameNamespaceItem`).

use crate::base::text::TextRange;
use crate::catalog::RelationKind;
use crate::sema::{ExprInfo, Target, Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, Name, QName};

use super::binder::{Binder, UNKNOWN_INFO};
use super::scope::{NsItem, Resolved, Rte, RteId, RteKind, Var, WholeRow, system_column};

/// What a column name means at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Var {
        var: Var,
        nulled: bool,
    },
    /// Reported, or not known: say nothing.
    Silent,
    Missing,
}

impl<'a> Binder<'a> {
    pub fn column_ref(&mut self, id: ExprId, name: &'a QName) -> ExprInfo {
        self.set_resolved(id, Resolved::Unknown);
        if name.is_dynamic() || self.see_value(id, name) {
            return UNKNOWN_INFO;
        }
        let range = self.expr_node(id).range;
        match name.parts.as_slice() {
            [column] => self.bare_column(id, column),
            [table, column] => self.qualified_column(id, name, None, table, column, range),
            [schema, table, column] => self.qualified_column(id, name, Some(schema), table, column, range),
            [first, schema, table, _] => {
                self.column_of_database(name, [first, schema, table], range);
                UNKNOWN_INFO
            }
            _ => {
                self.too_many_dots(name, 4);
                UNKNOWN_INFO
            }
        }
    }

    /// `db.schema.table.column`: which database this is, is not known. `t.payload.customer.email`, of a table that is
    /// there, means no column in any: nothing in FROM is `payload.customer`.
    fn column_of_database(&mut self, name: &QName, [first, schema, table]: [&Name; 3], range: TextRange) {
        let in_from = matches!(self.find_item(None, &first.ident, range), Some(Some(_)));
        let missing = || self.ctx.variables.is_empty() && self.typed;
        if in_from
            && missing()
            && matches!(self.find_item(Some(&schema.ident), &table.ident, range), Some(None))
        {
            let words: Vec<&str> = name.parts.iter().map(|it| it.ident.as_str()).collect();
            let message = format!("cross-database references are not implemented: {}", words.join("."));
            self.refuse(code::FEATURE_NOT_SUPPORTED, range, message);
        }
    }

    fn bare_column(&mut self, id: ExprId, name: &'a Name) -> ExprInfo {
        match self.find_column(name) {
            Found::Var { var, nulled } => {
                self.variable_conflict(name);
                self.use_var(id, var, nulled, name.range)
            }
            Found::Silent => UNKNOWN_INFO,
            Found::Missing => {
                let Some(item) = self.find_item(None, &name.ident, name.range) else { return UNKNOWN_INFO };
                if let Some((rte, _)) = item {
                    self.reference_item(rte, name.range);
                    return self.whole_row(id, rte);
                }
                if let Some(info) = self.variable(name) {
                    return info;
                }
                if !self.is_quoted_string(name) {
                    self.missing_column(None, name, name.range);
                }
                UNKNOWN_INFO
            }
        }
    }

    fn qualified_column(
        &mut self,
        id: ExprId,
        full: &'a QName,
        schema: Option<&'a Name>,
        table: &'a Name,
        column: &'a Name,
        range: TextRange,
    ) -> ExprInfo {
        let Some(found) = self.find_item(schema.map(|it| &it.ident), &table.ident, range) else {
            return UNKNOWN_INFO;
        };
        let Some((rte, nulled)) = found else {
            if let Some(info) = self.variable_field(&full.parts) {
                self.missing_field(&full.parts, range);
                return info;
            }
            if !self.is_quoted_string(table) {
                self.missing_item(full, schema, table, range);
            }
            return UNKNOWN_INFO;
        };
        self.reference_item(rte, table.range);
        match self.scan(rte, &column.ident) {
            Scan::One(idx) => self.use_var(id, Var { rte, column: idx }, nulled, column.range),
            Scan::Many => {
                let message = format!("column reference \"{}\" is ambiguous", column.ident);
                self.report(code::AMBIGUOUS_COLUMN, range, message);
                UNKNOWN_INFO
            }
            Scan::Unknown => UNKNOWN_INFO,
            Scan::None => match self.column_as_function(id, rte, column) {
                Some(info) => info,
                None if self.variable_field(&full.parts).is_some() => UNKNOWN_INFO,
                None => {
                    self.missing_column(Some((table, rte)), column, range);
                    UNKNOWN_INFO
                }
            },
        }
    }

    /// An unqualified name, from the innermost level outwards.
    pub fn find_column(&mut self, name: &Name) -> Found {
        for depth in (0..self.levels.len()).rev() {
            let found = self.find_column_at(depth, name);
            if found != Found::Missing {
                return found;
            }
        }
        Found::Missing
    }

    /// An unqualified name among the visible columns of one level.
    pub fn find_column_at(&mut self, depth: usize, name: &Name) -> Found {
        if name.ident.is_dynamic() {
            return Found::Silent;
        }
        let Some(level) = self.levels.get(depth) else { return Found::Missing };
        let mut open = level.open;
        let mut found: Option<(Var, bool, bool)> = None;
        let mut ambiguous = false;
        for item in &level.namespace {
            if !item.columns || (item.lateral_only && !level.lateral_active) {
                continue;
            }
            match self.scan(item.rte, &name.ident) {
                Scan::One(idx) if item.joined && self.rte(item.rte).column(idx).is_none() => {}
                Scan::One(idx) => {
                    ambiguous |= found.is_some();
                    found = Some((Var { rte: item.rte, column: idx }, item.nulled, denied(item)));
                }
                Scan::Many => ambiguous = true,
                Scan::Unknown => open = true,
                Scan::None => {}
            }
        }
        if ambiguous {
            let message = format!("column reference \"{}\" is ambiguous", name.ident);
            let related = self.homonyms(depth, &name.ident);
            let problem = self.report(code::AMBIGUOUS_COLUMN, name.range, message);
            problem.related = related;
            return Found::Silent;
        }
        match found {
            Some((var, _, true)) => {
                self.lateral_denied(var.rte, name.range);
                Found::Silent
            }
            Some((var, nulled, false)) => Found::Var { var, nulled },
            None if open => Found::Silent,
            None => Found::Missing,
        }
    }

    /// The FROM item that a qualifier names: `None` when that is reported or not known, `Some(None)` when there is
    /// none.
    #[expect(clippy::option_option, reason = "three answers: silent, missing, found")]
    pub fn find_item(
        &mut self,
        schema: Option<&Ident>,
        name: &Ident,
        range: TextRange,
    ) -> Option<Option<(RteId, bool)>> {
        let mut open = false;
        for level in self.levels.iter().rev() {
            let mut found: Option<&NsItem> = None;
            for item in &level.namespace {
                if !item.named || (item.lateral_only && !level.lateral_active) {
                    continue;
                }
                let rte = self.rte(item.rte);
                let matches = match schema {
                    None => self.same(&rte.name, name),
                    Some(schema) => is_relation(rte, schema, name),
                };
                if !matches {
                    continue;
                }
                if found.is_some() {
                    let message = format!("table reference \"{name}\" is ambiguous");
                    self.report(code::AMBIGUOUS_ALIAS, range, message);
                    return None;
                }
                found = Some(item);
            }
            open |= level.open;
            if let Some(item) = found {
                if denied(item) {
                    let rte = item.rte;
                    self.lateral_denied(rte, range);
                    return None;
                }
                return Some(Some((item.rte, item.nulled)));
            }
        }
        if open { None } else { Some(None) }
    }

    /// A column name within one range table entry.
    pub fn scan(&self, rte: RteId, name: &Ident) -> Scan {
        let rte = self.rte(rte);
        let mut found = None;
        for (idx, column) in rte.columns.iter().enumerate() {
            if self.same(&column.name, name) {
                if found.is_some() {
                    return if rte.open { Scan::Unknown } else { Scan::Many };
                }
                found = Some(idx as u32);
            }
        }
        if let Some(idx) = found {
            return Scan::One(idx);
        }
        if rte.may_have(name) {
            return Scan::Unknown;
        }
        if self.typed {
            let is_table =
                !rte.systemless && rte.relation.as_ref().is_some_and(|it| it.kind != RelationKind::View);
            return match system_column(name.as_str()) {
                Some((idx, _)) if is_table => Scan::One(idx),
                _ => Scan::None,
            };
        }
        if rte.kind == RteKind::Relation && super::dialect::is_pseudo_column(self.catalog.dialect, name) {
            return Scan::Unknown;
        }
        Scan::None
    }

    fn use_var(&mut self, id: ExprId, var: Var, nulled: bool, at: TextRange) -> ExprInfo {
        self.set_resolved(id, Resolved::Var(self.flatten(var)));
        self.reference_column(var, at);
        ExprInfo { ty: self.var_ty(var), nullable: self.var_nullable(var, nulled) }
    }

    pub fn var_nullable(&self, var: Var, nulled: bool) -> Option<bool> {
        if nulled {
            return Some(true);
        }
        match self.rte(var.rte).column(var.column) {
            Some(column) => column.nullable,
            None => Some(false),
        }
    }

    /// `t` as a value: the row.
    pub fn whole_row(&mut self, id: ExprId, rte: RteId) -> ExprInfo {
        let resolved = self.row_resolved(rte);
        self.set_resolved(id, resolved);
        let relation = self.rte(rte).relation.clone();
        if let Some(it) = relation.filter(|it| it.kind == RelationKind::Sequence && self.typed) {
            let at = self.expr_node(id).range;
            let message = format!("relation \"{}\" does not have a composite type", it.name);
            self.refuse(code::WRONG_OBJECT_TYPE, at, message);
        }
        ExprInfo { ty: self.row_type(rte), nullable: None }
    }

    pub fn reference_item(&mut self, rte: RteId, at: TextRange) {
        let entry = self.rte(rte);
        let target = match &entry.relation {
            Some(relation) if !entry.aliased => Target::Relation(crate::catalog::QualifiedName {
                schema: relation.schema.clone(),
                name: relation.name.clone(),
            }),
            _ => Target::Local(entry.range),
        };
        self.reference(at, target);
    }

    pub fn reference_column(&mut self, var: Var, at: TextRange) {
        let var = self.flatten(var);
        let entry = self.rte(var.rte);
        let Some(column) = entry.column(var.column) else { return };
        let target = match (entry.source(var.column), column.range) {
            (Some((relation, source)), _) if entry.relation.is_some() || source == column.name => {
                Target::Column(relation, source)
            }
            (_, Some(range)) => Target::Local(range),
            // `unnest(tags) as tag`: the alias names the only column.
            _ if entry.row == WholeRow::Scalar => Target::Local(entry.range),
            _ => return,
        };
        self.reference(at, target);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    One(u32),
    Many,
    None,
    Unknown,
}

/// Visible only as a LATERAL reference, which the join above does not allow.
fn denied(item: &NsItem) -> bool {
    item.lateral_only && !item.lateral_ok
}

fn is_relation(rte: &Rte, schema: &Ident, name: &Ident) -> bool {
    if rte.aliased {
        return false;
    }
    match (&rte.relation, &rte.qualified) {
        (Some(relation), _) => relation.schema == *schema && relation.name == *name,
        (None, Some(written)) => written.schema == *schema && written.name == *name,
        (None, None) => false,
    }
}

impl Binder<'_> {
    fn lateral_denied(&mut self, rte: RteId, at: TextRange) {
        let name = self.rte(rte).name.clone();
        let message = format!("invalid reference to FROM-clause entry for table \"{name}\"");
        self.report(code::INVALID_COLUMN_REFERENCE, at, message)
            .hint("The combining JOIN type must be INNER or LEFT for a LATERAL reference.");
    }

    /// SQLite and MySQL read `"x"` as a string where no column has that name.
    fn is_quoted_string(&self, name: &Name) -> bool {
        !self.typed && self.slice(name.range).starts_with('"')
    }

    /// The row of a function that returns a scalar is its only column.
    pub fn row_resolved(&self, rte: RteId) -> Resolved {
        match self.rte(rte).row {
            WholeRow::Scalar => Resolved::Var(Var { rte, column: 0 }),
            WholeRow::Record | WholeRow::Named(_) => Resolved::WholeRow(rte),
        }
    }

    /// Type of a whole-row reference.
    pub fn row_type(&self, rte: RteId) -> Ty {
        if !self.typed {
            return Ty::Unknown;
        }
        let entry = self.rte(rte);
        match &entry.relation {
            Some(relation) => self.relation_row_type(relation),
            None => match entry.row {
                WholeRow::Scalar => entry.columns.first().map_or(Ty::Unknown, |it| it.ty),
                WholeRow::Named(id) => super::binder::known(id),
                WholeRow::Record if entry.open => Ty::Unknown,
                WholeRow::Record => super::binder::known(crate::catalog::TypeId::RECORD),
            },
        }
    }
}
