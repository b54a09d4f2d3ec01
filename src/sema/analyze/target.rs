//! Select lists: stars, output names (`transformTargetList`, `ExpandColumnRefStar`, `FigureColname`).

use crate::base::text::TextRange;
use crate::catalog::QualifiedName;
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, Literal, QName, Target};

use super::binder::Binder;
use super::scope::{NsItem, Resolved, RteColumn, RteId, Shape, Var};

/// One output column.
#[derive(Debug, Clone)]
pub struct Entry {
    pub name: Ident,
    pub value: Value,
    pub nullable: Option<bool>,
    /// Where the statement introduces the name.
    pub range: Option<TextRange>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Expr(ExprId),
    /// A column that a star stands for.
    Var {
        var: Var,
        star: ExprId,
    },
    /// A field of `(row).*`.
    Field {
        ty: Ty,
        star: ExprId,
    },
}

#[derive(Debug, Clone, Default)]
pub struct Targets {
    pub entries: Vec<Entry>,
    pub open: bool,
}

impl<'a> Binder<'a> {
    pub fn targets(&mut self, targets: &'a [Target]) -> Targets {
        let mut res = Targets::default();
        for target in targets {
            let kind = &self.expr_node(target.expr).kind;
            match kind {
                ExprKind::Star { qualifier } => {
                    let (entries, open) = self.star(target.expr, qualifier);
                    res.open |= open;
                    res.entries.extend(entries);
                }
                ExprKind::FieldStar(row) => self.field_star(target.expr, *row, &mut res),
                ExprKind::Missing => {
                    res.open = true;
                }
                _ => {
                    let info = self.expr(target.expr);
                    let dynamic = matches!(kind, ExprKind::Column(name) if name.is_dynamic());
                    let name = match &target.alias {
                        Some(alias) => alias.ident.clone(),
                        None => self.column_name(target.expr),
                    };
                    if dynamic && target.alias.is_none() {
                        // It may stand for several columns, or for none.
                        res.open = true;
                    }
                    let range = target.alias.as_ref().map_or(target.range, |it| it.range);
                    res.entries.push(Entry {
                        name,
                        value: Value::Expr(target.expr),
                        nullable: info.nullable,
                        range: Some(range),
                    });
                }
            }
        }
        res
    }

    /// The columns of `*` or `t.*`, and whether there may be more.
    pub fn star(&mut self, id: ExprId, qualifier: &'a QName) -> (Vec<Entry>, bool) {
        let mut res = Vec::new();
        if !qualifier.parts.is_empty() {
            let Some((rte, nulled)) = self.star_item(qualifier) else { return (res, true) };
            let resolved = self.row_resolved(rte);
            self.set_resolved(id, resolved);
            let open = self.rte(rte).open;
            self.keep_star(id, &[NsItem::new(rte)], open);
            self.star_columns(id, rte, nulled, &mut res);
            return (res, open);
        }
        let level = self.level();
        let items = level.namespace.clone();
        let mut open = level.open;
        let visible: Vec<_> = items.iter().filter(|it| it.columns && !it.lateral_only).collect();
        if visible.is_empty() && !open {
            let at = self.expr_node(id).range;
            self.report(code::SYNTAX_ERROR, at, "SELECT * with no tables specified is not valid");
            return (res, true);
        }
        let visible: Vec<NsItem> = visible.into_iter().cloned().collect();
        for item in &visible {
            open |= self.rte(item.rte).open;
            self.star_columns(id, item.rte, item.nulled, &mut res);
        }
        self.keep_star(id, &visible, open);
        (res, open)
    }

    fn star_columns(&self, star: ExprId, rte: RteId, nulled: bool, acc: &mut Vec<Entry>) {
        let entry = self.rte(rte);
        let n_visible = entry.columns.len().saturating_sub(entry.n_hidden);
        for (idx, column) in entry.columns.iter().take(n_visible).enumerate() {
            let var = Var { rte, column: idx as u32 };
            self.use_column(var);
            acc.push(Entry {
                name: column.name.clone(),
                value: Value::Var { var, star },
                nullable: self.var_nullable(var, nulled),
                range: column.range,
            });
        }
    }

    /// The FROM item of `t.*`; reports when there is none.
    pub fn star_item(&mut self, qualifier: &'a QName) -> Option<(RteId, bool)> {
        if qualifier.is_dynamic() || qualifier.parts.len() > 2 {
            return None;
        }
        let table = qualifier.last()?;
        let schema = qualifier.schema();
        let range = qualifier.range()?;
        match self.find_item(schema.map(|it| &it.ident), &table.ident, range)? {
            Some((rte, nulled)) => {
                self.reference_item(rte, table.range);
                Some((rte, nulled))
            }
            None => {
                if !self.ctx.variables.iter().any(|it| it.name == table.ident) {
                    self.missing_item(qualifier, schema, table, range);
                }
                None
            }
        }
    }

    /// `(row).*`.
    pub fn field_star(&mut self, star: ExprId, row: ExprId, acc: &mut Targets) {
        self.expr(row);
        if let Some(rte) = self.row_itself(self.unparen(row))
            && !self.rte(rte).open
            && (self.rte(rte).relation.is_some()
                || matches!(self.rte(rte).kind, super::scope::RteKind::Subquery | super::scope::RteKind::Cte))
        {
            // Expanded to the columns themselves.
            let first = acc.entries.len();
            self.star_columns(star, rte, true, &mut acc.entries);
            acc.entries.iter_mut().skip(first).for_each(|it| it.nullable = None);
            return;
        }
        let Some(columns) = self.row_columns(row) else {
            acc.open = true;
            if let Ty::Known(ty) = self.ty(row)
                && !self.is_composite(ty.id)
                && ty.id != crate::catalog::TypeId::RECORD
                && ty.id != crate::catalog::TypeId::UNKNOWN
            {
                let at = self.place(row);
                let message = format!("type {} is not composite", self.format_id(ty.id));
                self.refuse(code::WRONG_OBJECT_TYPE, at, message);
            }
            return;
        };
        for (name, ty) in columns {
            acc.entries.push(Entry { name, value: Value::Field { ty, star }, nullable: None, range: None });
        }
    }

    pub fn value_ty(&self, value: Value) -> Ty {
        match value {
            Value::Expr(id) => self.ty(id),
            Value::Var { var, .. } => self.var_ty(var),
            Value::Field { ty, .. } => ty,
        }
    }

    /// Where PostgreSQL says the columns of a star are: `(row).*` where the row is.
    pub fn star_place(&self, star: ExprId) -> TextRange {
        match self.expr_node(star).kind {
            ExprKind::FieldStar(row) => self.place(row),
            _ => self.expr_node(star).range,
        }
    }

    /// Where PostgreSQL says an output expression is.
    pub fn value_place(&self, value: Value) -> TextRange {
        match value {
            Value::Expr(id) => self.place(id),
            Value::Var { star, .. } | Value::Field { star, .. } => self.star_place(star),
        }
    }

    /// The column of the current statement that an output value is.
    pub fn value_var(&self, value: Value) -> Option<Var> {
        match value {
            Value::Expr(id) => match self.resolved(id) {
                Resolved::Var(var) => Some(var),
                _ => None,
            },
            Value::Var { var, .. } => Some(self.flatten(var)),
            Value::Field { .. } => None,
        }
    }

    fn value_source(&self, value: Value) -> Option<(QualifiedName, Ident)> {
        let var = self.source_var(value)?;
        self.rte(var.rte).source(var.column)
    }

    fn var_of_set(&self, var: Var) -> bool {
        self.rte(var.rte).column(var.column).is_some_and(|it| it.of_set)
    }

    /// The column that an output value is an unchanged copy of.
    fn source_var(&self, value: Value) -> Option<Var> {
        let value = match value {
            Value::Expr(id) => Value::Expr(self.without_casts(id)),
            other => other,
        };
        if let Value::Expr(id) = value
            && !matches!(self.bare(id), ExprKind::Column(_) | ExprKind::Field { .. } | ExprKind::Call(_))
        {
            return None;
        }
        self.value_var(value)
    }

    /// Undecided output columns become text (`resolveTargetListUnknowns`).
    pub fn decide_targets(&mut self, targets: &Targets) {
        for entry in &targets.entries {
            if let Value::Expr(id) = entry.value {
                self.decide_text(id);
            }
        }
    }

    /// What the select list looks like from outside.
    pub fn shape(&self, targets: Targets) -> Shape {
        let mut res = Shape { open: targets.open, has_rows: true, ..Shape::default() };
        for entry in targets.entries {
            let value = entry.value;
            res.exprs.push(match value {
                Value::Expr(id) => Some(id),
                Value::Var { .. } | Value::Field { .. } => None,
            });
            let of_set = self.source_var(value).is_some_and(|it| self.var_of_set(it));
            let source = self.value_source(value);
            let collation = self.value_collation(value);
            let fields = self.value_fields(value);
            res.columns.push(RteColumn {
                name: entry.name,
                ty: self.value_ty(value),
                nullable: entry.nullable,
                var: None,
                merged: None,
                fields,
                source,
                of_set,
                range: entry.range,
                collation,
            });
        }
        res
    }

    /// The fields of a record.
    fn value_fields(&self, value: Value) -> Option<std::sync::Arc<[(Ident, Ty)]>> {
        if self.value_ty(value) != super::binder::known(crate::catalog::TypeId::RECORD) {
            return None;
        }
        match value {
            Value::Expr(id) => self.row_columns(id).map(Into::into),
            Value::Var { var, .. } => self.rte(var.rte).column(var.column).and_then(|it| it.fields.clone()),
            Value::Field { .. } => None,
        }
    }

    /// `FigureColname`: `?column?` when nothing names it.
    pub fn column_name(&self, id: ExprId) -> Ident {
        match self.figure_name(id) {
            (Some(name), _) => name,
            _ => Ident::new("?column?"),
        }
    }

    /// The name and how strong it is: 2 certain, 1 a type or CASE.
    fn figure_name(&self, id: ExprId) -> (Option<Ident>, u8) {
        let named = |it: &str| (Some(Ident::new(it)), 2);
        match &self.expr_node(id).kind {
            ExprKind::Paren(inner) => self.figure_name(*inner),
            // It was a cast.
            ExprKind::Literal(Literal::Bool(_)) if !self.catalog.serves(15) => (Some(Ident::new("bool")), 1),
            ExprKind::Column(name) => (name.last().map(|it| it.ident.clone()), 2),
            ExprKind::Star { qualifier } => (qualifier.last().map(|it| it.ident.clone()), 2),
            ExprKind::Is { test: crate::sql::hir::IsTest::Normalized, negated: false, .. } => {
                named("is_normalized")
            }
            ExprKind::Field { name, .. } => (Some(name.ident.clone()), 2),
            ExprKind::Subscript { expr, .. } => self.figure_name(*expr),
            ExprKind::Call(call) => (call.name.last().map(|it| it.ident.clone()), 2),
            ExprKind::NullIf(..) => named("nullif"),
            ExprKind::Cast { expr, ty, .. } => {
                let (name, strength) = self.figure_name(*expr);
                match ty.name.last() {
                    Some(ty) if strength <= 1 => (Some(ty.ident.clone()), 1),
                    _ => (name, strength),
                }
            }
            ExprKind::Collate { expr, .. } => self.figure_name(*expr),
            ExprKind::Exists(_) => named("exists"),
            ExprKind::ArraySubquery(_) | ExprKind::Array(_) => named("array"),
            ExprKind::Subquery(query) => {
                let known = self.sub_names.get(&id).cloned();
                (known.or_else(|| super::query::first_output_name(self, query)), 2)
            }
            ExprKind::Case { else_, .. } => {
                if let Some(else_) = else_ {
                    let (name, strength) = self.figure_name(*else_);
                    if strength > 1 {
                        return (name, strength);
                    }
                }
                (Some(Ident::new("case")), 1)
            }
            ExprKind::Row { .. } => named("row"),
            ExprKind::Coalesce(_) => named("coalesce"),
            ExprKind::MinMax { greatest, .. } => named(if *greatest { "greatest" } else { "least" }),
            ExprKind::SqlValue { name, .. } => (Some(Ident::new(name.to_ascii_lowercase())), 2),
            ExprKind::Grouping(_) => named("grouping"),
            ExprKind::SqlFunction { name, .. } => match name.as_str() {
                "XMLSERIALIZE" => named("xmlserialize"),
                other => (Some(Ident::new(other.to_ascii_lowercase())), 2),
            },
            _ => (None, 0),
        }
    }
}
