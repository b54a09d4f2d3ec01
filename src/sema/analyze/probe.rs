//! Looks around from the place of a stand-in name (`sema::scope`) while the binder is there.

use crate::catalog::{QualifiedName, Type, TypeId, lookup};
use crate::sema::Ty;
use crate::sema::scope::{Clause, Column, Expected, Item, ItemKind, Scope, Slot as Seen, is_marker};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, Name, QName, TargetColumn, TypeName};

use super::assign::Slot;
use super::binder::{Binder, known};
use super::place::Place;
use super::scope::{NsItem, RteColumn, RteId, RteKind, Var};
use super::target::{Targets, Value};
use super::walk::{self, Child};

/// What is known of the stand-in so far.
#[derive(Debug, Default)]
pub struct Probe {
    pub seen: Option<Scope>,
    /// The expression that is the stand-in.
    expr: Option<ExprId>,
    expected: Expected,
    outputs: Vec<Column>,
    listed: Vec<Ident>,
    pub n_left: Option<usize>,
}

impl<'a> Binder<'a> {
    pub fn probing(&self) -> bool {
        self.probe.is_some()
    }

    fn is_probed(&self, id: ExprId) -> bool {
        match &self.expr_node(self.unparen(id)).kind {
            ExprKind::Column(name) => name.parts.iter().any(|it| is_marker(&it.ident)),
            _ => false,
        }
    }

    /// A column or function name with the stand-in in it.
    pub fn see_value(&mut self, id: ExprId, name: &QName) -> bool {
        if !self.probing() {
            return false;
        }
        let Some(at) = name.parts.iter().position(|it| is_marker(&it.ident)) else { return false };
        let qualifier = name.parts.iter().take(at).map(|it| it.ident.clone()).collect();
        self.see(Seen::Value { qualifier });
        if let Some(probe) = &mut self.probe {
            probe.expr = Some(id);
        }
        true
    }

    pub fn see_relation(&mut self, name: &QName, change: bool) -> bool {
        if !self.probing() || !name.parts.iter().any(|it| is_marker(&it.ident)) {
            return false;
        }
        let schema = name.schema().filter(|it| !is_marker(&it.ident)).map(|it| it.ident.clone());
        self.see(Seen::Relation { schema, change });
        true
    }

    pub fn see_type(&mut self, name: &TypeName) -> bool {
        if !self.probing() || !name.name.parts.iter().any(|it| is_marker(&it.ident)) {
            return false;
        }
        let schema = name.name.schema().filter(|it| !is_marker(&it.ident)).map(|it| it.ident.clone());
        self.see(Seen::Type { schema });
        true
    }

    pub fn see_field(&mut self, expr: ExprId, name: &Name) -> bool {
        if !self.probing() || !is_marker(&name.ident) {
            return false;
        }
        let columns = match self.ty(expr) {
            Ty::Known(ty) => self.fields(ty.id),
            Ty::Unknown => Vec::new(),
        };
        self.see(Seen::Field { columns });
        true
    }

    fn fields(&self, id: TypeId) -> Vec<Column> {
        let columns = self.catalog.composite_columns(id).unwrap_or_default();
        let column = |(name, ty): (Ident, Option<Type>)| Column {
            name,
            ty: ty.map_or(Ty::Unknown, Ty::Known),
            nullable: None,
            source: None,
        };
        columns.into_iter().map(column).collect()
    }

    pub fn see_assigned(&mut self, rte: RteId, target: &TargetColumn) -> bool {
        if !self.probing() {
            return false;
        }
        if is_marker(&target.name.ident) {
            let insert = self.level().place != Place::UpdateSource;
            let target = Box::new(self.seen_item(&NsItem::new(rte), 0));
            self.see(Seen::Assigned { target, insert });
            return true;
        }
        let Some(at) = target.fields.iter().position(|it| is_marker(&it.ident)) else { return false };
        let column = self.rte(rte).find(&target.name.ident).and_then(|it| self.rte(rte).column(it));
        let mut ty = column.map_or(Ty::Unknown, |it| it.ty);
        for field in target.fields.iter().take(at) {
            let Ty::Known(row) = ty else { break };
            let found = self.fields(row.id).into_iter().find(|it| it.name == field.ident);
            ty = found.map_or(Ty::Unknown, |it| it.ty);
        }
        let columns = match ty {
            Ty::Known(ty) => self.fields(ty.id),
            Ty::Unknown => Vec::new(),
        };
        self.see(Seen::Field { columns });
        true
    }

    pub fn see_using(&mut self, using: &[Name], left: &[(Var, RteColumn)], right: &[(Var, RteColumn)]) {
        if self.probing() && using.iter().any(|it| is_marker(&it.ident)) {
            let columns = |side: &[(Var, RteColumn)]| side.iter().map(|it| seen_column(&it.1)).collect();
            let (left, right) = (columns(left), columns(right));
            self.note_listed(using.iter().map(|it| &it.ident));
            self.see(Seen::Using { left, right });
        }
    }

    pub fn see_window(&mut self, name: &Name) {
        if self.probing() && is_marker(&name.ident) {
            self.see(Seen::Window);
        }
    }

    pub fn see_locked(&mut self, name: &QName) -> bool {
        let found = self.probing() && name.parts.iter().any(|it| is_marker(&it.ident));
        if found {
            self.see(Seen::Locked);
        }
        found
    }

    pub fn see_constraint(&mut self, rte: RteId, name: &Name) -> bool {
        let found = self.probing() && is_marker(&name.ident);
        if let Some(relation) = self.rte(rte).relation.clone().filter(|_| found) {
            self.see(Seen::Constraint { relation });
        }
        found
    }

    /// The names that a list of columns holds besides the stand-in.
    pub fn note_listed<'n>(&mut self, names: impl Iterator<Item = &'n Ident>) {
        if let Some(probe) = &mut self.probe {
            probe.listed = names.filter(|it| !is_marker(it)).cloned().collect();
        }
    }

    /// An item of ORDER BY and the like is the stand-in: output columns may be named there.
    pub fn is_probed_item(&mut self, id: ExprId, targets: &Targets) -> bool {
        if !self.probing() || !self.is_probed(id) {
            return false;
        }
        let outputs = targets.entries.iter().map(|it| {
            let (ty, source) = match it.value {
                Value::Var { var, .. } => (self.var_ty(var), self.rte(var.rte).source(var.column)),
                Value::Expr(id) => (self.ty(id), None),
                Value::Field { .. } => (Ty::Unknown, None),
            };
            Column { name: it.name.clone(), ty, nullable: it.nullable, source }
        });
        let outputs = outputs.collect();
        if let Some(probe) = &mut self.probe {
            probe.outputs = outputs;
        }
        true
    }

    /// A row of VALUES: the column that the stand-in is for.
    pub fn note_row(&mut self, rte: RteId, row: &[ExprId], slots: &[Slot]) {
        if !self.probing() {
            return;
        }
        if let Some(slot) = row.iter().position(|it| self.is_probed(*it)).and_then(|it| slots.get(it)) {
            self.expect_slot(Some(rte), slot);
        }
    }

    pub fn note_assigned(&mut self, rte: Option<RteId>, id: ExprId, slot: &Slot) {
        if self.probing() && self.is_probed(id) {
            self.expect_slot(rte, slot);
        }
    }

    fn expect_slot(&mut self, rte: Option<RteId>, slot: &Slot) {
        let column = match (rte, slot.column) {
            (Some(rte), Some(column)) if !slot.part => self.rte(rte).source(column),
            _ => None,
        };
        let types = known_type(slot.ty).into_iter().collect();
        self.expect(Expected { types, column, assigned: true, call: None });
    }

    pub fn note_must_be(&mut self, id: ExprId, target: TypeId) {
        if self.probing() && self.is_probed(id) {
            self.expect(Expected { types: vec![Type::plain(target)], ..Expected::default() });
        }
    }

    fn expect(&mut self, expected: Expected) {
        if let Some(probe) = &mut self.probe
            && probe.expected.types.is_empty()
            && probe.expected.column.is_none()
        {
            probe.expected = expected;
        }
    }

    /// Takes down what the levels around let see.
    fn see(&mut self, slot: Seen) {
        if self.probe.as_ref().is_none_or(|it| it.seen.is_some()) {
            return;
        }
        let in_from = matches!(slot, Seen::Relation { .. });
        let mut items = Vec::new();
        let mut ctes: Vec<Item> = Vec::new();
        let mut open = false;
        for (distance, level) in self.levels.iter().rev().enumerate() {
            open |= level.open;
            for item in &level.namespace {
                // A JOIN's left side is hidden from its right, and still what the right is joined to.
                let hidden = item.lateral_only && !level.lateral_active;
                if !hidden || (in_from && distance == 0) {
                    items.push(self.seen_item(item, distance as u32));
                }
            }
            for cte in level.ctes.iter().rev() {
                if ctes.iter().all(|it| it.name != cte.name) && cte.has_rows {
                    ctes.push(Item {
                        name: cte.name.clone(),
                        kind: ItemKind::Cte,
                        aliased: false,
                        named: true,
                        bare: true,
                        relation: None,
                        columns: cte.columns.iter().map(seen_column).collect(),
                        open: cte.open,
                        distance: distance as u32,
                        range: cte.range,
                    });
                }
            }
        }
        let level = self.levels.last();
        let windows = level.map(|it| it.windows.iter().map(|it| it.0.ident.clone()).collect());
        let clause = clause(level.map_or(Place::Other, |it| it.place), &slot);
        let n_params = self.stmt.exprs.iter().map(|it| match it.kind {
            ExprKind::Param(number) => number,
            _ => 0,
        });
        let n_params = n_params.max().unwrap_or(0);
        if let Some(probe) = &mut self.probe {
            probe.seen = Some(Scope {
                slot,
                clause,
                items,
                ctes,
                windows: windows.unwrap_or_default(),
                outputs: std::mem::take(&mut probe.outputs),
                expected: Expected::default(),
                n_left: probe.n_left.filter(|_| clause == Clause::On),
                listed: std::mem::take(&mut probe.listed),
                n_params,
                open,
            });
        }
    }

    fn seen_item(&self, item: &NsItem, distance: u32) -> Item {
        let rte = self.rte(item.rte);
        let kind = match rte.kind {
            RteKind::Relation => ItemKind::Relation,
            RteKind::Cte => ItemKind::Cte,
            RteKind::Subquery | RteKind::Values => ItemKind::Query,
            RteKind::Function | RteKind::TableFunction => ItemKind::Function,
            RteKind::Join => ItemKind::Join,
        };
        let columns = rte.columns.iter().enumerate().map(|(idx, it)| Column {
            source: rte.source(idx as u32),
            nullable: if item.nulled { Some(true) } else { it.nullable },
            ..seen_column(it)
        });
        Item {
            name: rte.name.clone(),
            kind,
            aliased: rte.aliased,
            named: item.named,
            bare: item.columns,
            relation: rte.relation.clone(),
            columns: columns.collect(),
            open: rte.open,
            distance,
            range: rte.range,
        }
    }

    /// What was seen, with what the surroundings of the stand-in expect.
    pub fn finish_probe(mut self) -> Option<Scope> {
        let probe = self.probe.take()?;
        let mut seen = probe.seen?;
        seen.expected = probe.expected;
        if let Some(id) = probe.expr
            && seen.expected == Expected::default()
        {
            seen.expected = self.expected_by_parent(id, 0);
        }
        Some(seen)
    }

    fn parent_of(&self, id: ExprId) -> Option<ExprId> {
        // An expression is made after its parts, so parents stand behind them.
        let behind = self.stmt.exprs.iter().enumerate().skip(id.0 as usize + 1);
        let mut all = behind.chain(self.stmt.exprs.iter().enumerate().take(id.0 as usize));
        let is_parent = |kind: &ExprKind| {
            let mut res = false;
            walk::children(kind, &mut |child| res |= matches!(child, Child::Expr(it) if it == id));
            res
        };
        all.find(|(_, it)| is_parent(&it.kind)).map(|(idx, _)| ExprId(idx as u32))
    }

    fn expected_by_parent(&self, id: ExprId, depth: u32) -> Expected {
        let Some(parent) = self.parent_of(id).filter(|_| depth < 16) else { return Expected::default() };
        let of = |other: ExprId| self.expected_like(other);
        let first = |others: &[ExprId]| {
            let found = others.iter().filter(|it| **it != id).map(|it| self.expected_like(*it));
            found.into_iter().find(|it| !it.types.is_empty()).unwrap_or_default()
        };
        let bool_ = || Expected { types: vec![Type::plain(TypeId::BOOL)], ..Expected::default() };
        let text = || Expected { types: vec![Type::plain(TypeId::TEXT)], ..Expected::default() };
        match &self.expr_node(parent).kind {
            ExprKind::Paren(_) => self.expected_by_parent(parent, depth + 1),
            ExprKind::Operator { op, lhs: Some(lhs), rhs } => {
                let other = if *lhs == id { *rhs } else { *lhs };
                match op.op.as_str() {
                    "->" | "->>" | "#>" | "#>>" | "?" | "?|" | "?&" | "@@" => Expected::default(),
                    "||" => text(),
                    _ => of(other),
                }
            }
            ExprKind::Like { .. } => text(),
            ExprKind::Bool { .. } | ExprKind::Not(_) => bool_(),
            ExprKind::IsDistinct { lhs, rhs, .. } | ExprKind::NullIf(lhs, rhs) => first(&[*lhs, *rhs]),
            ExprKind::Between { expr, low, high, .. } => first(&[*expr, *low, *high]),
            ExprKind::InList { expr, list, .. } => {
                let mut all = vec![*expr];
                all.extend(list);
                first(&all)
            }
            ExprKind::Coalesce(items) | ExprKind::Array(items) | ExprKind::MinMax { args: items, .. } => {
                let found = first(items);
                match found.types.is_empty() {
                    true => self.expected_by_parent(parent, depth + 1),
                    false => found,
                }
            }
            ExprKind::Case { operand, whens, else_ } => {
                let is_when = whens.iter().any(|it| it.0 == id);
                match (is_when, operand) {
                    (true, Some(operand)) => of(*operand),
                    (true, None) => bool_(),
                    _ => {
                        let mut results: Vec<ExprId> = whens.iter().map(|it| it.1).collect();
                        results.extend(*else_);
                        first(&results)
                    }
                }
            }
            ExprKind::QuantifiedArray { lhs, array, .. } if *array == id => {
                let like = of(*lhs);
                let arrays = like.types.iter().filter_map(|it| self.catalog.array_type(it.id));
                Expected { types: arrays.map(Type::plain).collect(), ..Expected::default() }
            }
            ExprKind::Call(call) => {
                let Some(index) = call.args.iter().position(|it| it.value == id) else {
                    return if call.filter == Some(id) { bool_() } else { Expected::default() };
                };
                let Some(last) = call.name.last() else { return Expected::default() };
                let schema = call.name.schema().map(|it| &it.ident);
                let mut types: Vec<Type> = Vec::new();
                for function in lookup::functions(self.catalog, schema, &last.ident) {
                    let param = function.params.get(index).or_else(|| match function.variadic {
                        true => function.params.last(),
                        false => None,
                    });
                    let Some(id) = param.and_then(|it| it.ty) else { continue };
                    let any = self.type_info(id).is_none_or(|it| it.kind == crate::catalog::TypeKind::Pseudo);
                    if !any && !types.iter().any(|it| it.id == id) {
                        types.push(Type::plain(id));
                    }
                }
                let call = Some((last.ident.as_str().into(), index));
                Expected { types, call, ..Expected::default() }
            }
            _ => Expected::default(),
        }
    }

    /// A value like this one is expected.
    fn expected_like(&self, id: ExprId) -> Expected {
        let id = self.unparen(id);
        let types = known_type(self.ty(id)).filter(|it| it.id != TypeId::UNKNOWN).into_iter().collect();
        let column = match self.resolved(id) {
            super::scope::Resolved::Var(var) => self.rte(var.rte).source(var.column),
            _ => None,
        };
        Expected { types, column, ..Expected::default() }
    }
}

fn known_type(ty: Ty) -> Option<Type> {
    match ty {
        Ty::Known(ty) if Ty::Known(ty) != known(TypeId::UNKNOWN) => Some(ty),
        _ => None,
    }
}

fn seen_column(column: &RteColumn) -> Column {
    let source: Option<(QualifiedName, Ident)> = column.source.clone();
    Column { name: column.name.clone(), ty: column.ty, nullable: column.nullable, source }
}

fn clause(place: Place, slot: &Seen) -> Clause {
    if matches!(slot, Seen::Relation { .. }) {
        return Clause::From;
    }
    match place {
        Place::SelectTarget => Clause::Target,
        Place::JoinOn => Clause::On,
        Place::FromSubquery | Place::FromFunction => Clause::From,
        Place::Where | Place::Filter | Place::MergeWhen => Clause::Where,
        Place::Having => Clause::Having,
        Place::GroupBy => Clause::GroupBy,
        Place::OrderBy | Place::DistinctOn => Clause::OrderBy,
        Place::WindowPartition | Place::WindowOrder | Place::WindowFrame => Clause::Window,
        Place::Limit | Place::Offset => Clause::Limit,
        Place::Values | Place::ValuesSingle => Clause::Values,
        Place::UpdateSource => Clause::Set,
        Place::Returning => Clause::Returning,
        Place::IndexExpression | Place::IndexPredicate => Clause::Conflict,
        Place::Check
        | Place::Default
        | Place::Generated
        | Place::Policy
        | Place::TriggerWhen
        | Place::Transform
        | Place::PartitionKey
        | Place::PartitionBound
        | Place::ParameterDefault
        | Place::CallArgument
        | Place::ExecuteParameter
        | Place::Statistics
        | Place::CopyWhere
        | Place::Other => Clause::Other,
    }
}
