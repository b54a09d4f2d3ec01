//! The bounds of partitions (`transformPartitionBound`, `check_new_partition_bound`).

use std::cmp::Ordering;
use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Bound, Datum, Partition, QualifiedName, Relation, RelationKind, Type, TypeId, fold};
use crate::sema::resolve::CoercionContext;
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{BoundKind, PartitionBound};
use crate::sql::hir::{ExprId, ExprKind};

use super::super::binder::Binder;
use super::super::place::Place;
use super::super::relation::qualified;

impl<'a> Binder<'a> {
    /// The bound of a new partition called `own`.
    pub fn partition_bound(&mut self, parent: &Arc<Relation>, bound: &'a PartitionBound, own: &Ident) {
        let partition = parent.partition.clone();
        let Some(partition) = partition.filter(|_| self.is_certain(parent.origin)) else { return };
        let Some(strategy) = partition.strategy.clone() else { return };
        let n_problems = self.problems.len();
        let mismatch = |kind: &BoundKind| match (strategy.as_str(), kind) {
            ("hash", BoundKind::Hash(_))
            | ("list", BoundKind::In(_))
            | ("range", BoundKind::Range { .. }) => false,
            ("list" | "range", BoundKind::Default) => false,
            ("hash" | "list" | "range", _) => true,
            _ => false,
        };
        if mismatch(&bound.kind) {
            let message = match bound.kind {
                BoundKind::Default => "a hash-partitioned table may not have a default partition".to_owned(),
                _ => format!("invalid bound specification for a {strategy} partition"),
            };
            self.report(code::INVALID_TABLE_DEFINITION, bound.range, message);
            return;
        }
        match &bound.kind {
            BoundKind::Default => {}
            BoundKind::Hash(numbers) => self.hash_bound(bound, numbers),
            BoundKind::In(values) => {
                for value in values {
                    self.bound_value(parent, &partition, 0, *value);
                }
            }
            BoundKind::Range { from, to } => {
                for (words, values) in [("FROM", from), ("TO", to)] {
                    if values.len() != partition.key.len() {
                        let message =
                            format!("{words} must specify exactly one value per partitioning column");
                        self.report(code::INVALID_TABLE_DEFINITION, bound.range, message);
                        return;
                    }
                    self.range_values(parent, &partition, values);
                }
            }
        }
        if self.problems.len() == n_problems {
            self.bound_among(parent, &partition, bound, own);
        }
    }

    fn hash_bound(&mut self, bound: &PartitionBound, numbers: &[(crate::sql::hir::Name, i64)]) {
        let number = |word: &str| numbers.iter().find(|it| it.0.ident.as_str() == word).map_or(1, |it| it.1);
        let (modulus, remainder) = (number("modulus"), number("remainder"));
        let message = if modulus <= 0 {
            "modulus for hash partition must be an integer value greater than zero"
        } else if remainder >= modulus {
            "remainder for hash partition must be less than modulus"
        } else {
            return;
        };
        self.report(code::INVALID_TABLE_DEFINITION, bound.range, message);
    }

    fn range_values(&mut self, parent: &Arc<Relation>, partition: &Partition, values: &'a [ExprId]) {
        let mut infinite: Option<&str> = None;
        for (idx, value) in values.iter().enumerate() {
            let word = self.infinity(*value);
            if let Some(first) = infinite.filter(|it| word != Some(*it)) {
                let words = first.to_ascii_uppercase();
                let message = format!("every bound following {words} must also be {words}");
                let at = self.place(*value);
                self.report(code::DATATYPE_MISMATCH, at, message);
                return;
            }
            if let Some(word) = word {
                infinite = Some(word);
                continue;
            }
            if matches!(self.bare(*value), ExprKind::Literal(crate::sql::hir::Literal::Null)) {
                let at = self.place(*value);
                self.report(code::INVALID_OBJECT_DEFINITION, at, "cannot specify NULL in range bound");
                return;
            }
            self.bound_value(parent, partition, idx, *value);
        }
    }

    fn infinity(&self, value: ExprId) -> Option<&'static str> {
        match &self.expr_node(value).kind {
            ExprKind::Column(name) if name.parts.len() == 1 => {
                let name = name.last()?;
                ["minvalue", "maxvalue"].into_iter().find(|it| name.ident.as_str() == *it)
            }
            _ => None,
        }
    }

    /// `transformPartitionBoundValue`.
    fn bound_value(&mut self, parent: &Relation, partition: &Partition, idx: usize, value: ExprId) {
        let column = partition.key.get(idx).and_then(|it| it.as_ref());
        let found = column.and_then(|name| parent.columns.iter().find(|it| it.name == *name));
        let ty = found.and_then(|it| it.ty).map_or(Ty::Unknown, |it| Ty::Known(Type::plain(it.id)));
        let Some(column) = column.cloned() else { return };
        if let (Ty::Known(to), ExprKind::Literal(crate::sql::hir::Literal::Integer(number))) =
            (ty, self.bare(value))
        {
            let fits = match to.id {
                TypeId::INT2 => i16::try_from(*number).is_ok(),
                TypeId::INT4 => i32::try_from(*number).is_ok(),
                _ => true,
            };
            if !fits {
                let message = format!("{} out of range", self.format_id(to.id));
                let at = self.place(value);
                self.report(code::NUMERIC_OUT_OF_RANGE, at, message);
                return;
            }
        }
        self.alone(Place::PartitionBound, |it| {
            let n_problems = it.problems.len();
            it.expr(value);
            if it.problems.len() > n_problems {
                return;
            }
            if it.coerce(value, ty, CoercionContext::Assignment).is_no()
                && let Ty::Known(to) = ty
            {
                let message = format!(
                    "specified value cannot be cast to type {} for column \"{column}\"",
                    it.format_id(to.id)
                );
                let at = it.place(value);
                it.report(code::DATATYPE_MISMATCH, at, message);
            }
        });
    }

    /// A value's constant stands where it begins (`transformPartitionBoundValue`), a typed one at its type.
    fn constant_place(&self, id: ExprId) -> TextRange {
        let node = self.expr_node(id);
        if matches!(node.kind, ExprKind::Cast { .. }) { node.range } else { self.place(id) }
    }

    /// Beside the partitions that are there.
    fn bound_among(
        &mut self,
        parent: &Arc<Relation>,
        partition: &Partition,
        bound: &'a PartitionBound,
        own: &Ident,
    ) {
        let full = qualified(parent);
        let column = |it: &Option<Ident>| {
            let name = it.as_ref()?;
            parent.columns.iter().find(|it| it.name == *name)?.ty.map(|it| self.base(it.id))
        };
        let types: Vec<Option<TypeId>> = partition.key.iter().map(column).collect();
        let new = fold::bound_of(bound, &self.stmt.exprs);
        let at = |ids: &[ExprId]| ids.first().map_or(bound.range, |it| self.constant_place(*it));
        let place = match &bound.kind {
            BoundKind::In(values) => at(values),
            BoundKind::Range { from, .. } => at(from),
            _ => bound.range,
        };
        if let Bound::Range { from, to } = &new
            && matches!(compare(from, to, &types), Some(Ordering::Greater | Ordering::Equal))
        {
            let message = format!("empty range bound specified for partition \"{own}\"");
            let equal = compare(from, to, &types) == Some(Ordering::Equal);
            let idx = if equal { from.len().saturating_sub(1) } else { parting(from, to, &types) };
            let place = match &bound.kind {
                BoundKind::Range { from, .. } => from.get(idx).map_or(place, |it| self.constant_place(*it)),
                _ => place,
            };
            self.report(code::INVALID_OBJECT_DEFINITION, place, message);
            return;
        }
        let others: Vec<(QualifiedName, Bound)> = self
            .catalog
            .relations
            .iter()
            .filter(|(_, it)| it.kind != RelationKind::Sequence && it.parents.contains(&full))
            .filter(|(_, it)| self.is_certain(it.origin))
            .filter_map(|(name, it)| Some((name.clone(), it.partition.as_ref()?.bound.clone()?)))
            .collect();
        for (name, other) in &others {
            if new == Bound::Default && *other == Bound::Default {
                let message = format!(
                    "partition \"{own}\" conflicts with existing default partition \"{}\"",
                    name.name
                );
                self.report(code::INVALID_OBJECT_DEFINITION, bound.range, message);
                return;
            }
        }
        if let Bound::Hash { modulus, .. } = &new {
            let misfit = others.iter().any(|it| match it.1 {
                Bound::Hash { modulus: other, .. } => modulus % other != 0 && other % modulus != 0,
                _ => false,
            });
            if misfit {
                let message = "every hash partition modulus must be a factor of the next larger modulus";
                self.report(code::INVALID_OBJECT_DEFINITION, bound.range, message);
                return;
            }
        }
        let all: Vec<(&Ident, &Bound, usize)> = others
            .iter()
            .filter_map(|(name, other)| overlaps(&new, other, &types).map(|idx| (&name.name, other, idx)))
            .collect();
        // The one in which the new bound begins, or else the first behind that.
        let lower = |it: &Bound| match (it, &new) {
            (Bound::Range { from: a, .. }, Bound::Range { from: b, .. }) => compare(a, b, &types),
            _ => None,
        };
        let begins = |it: &&(&Ident, &Bound, usize)| lower(it.1) != Some(Ordering::Greater);
        let first = |a: &&(&Ident, &Bound, usize), b: &&(&Ident, &Bound, usize)| match (a.1, b.1) {
            (Bound::Range { from: a, .. }, Bound::Range { from: b, .. }) => {
                compare(a, b, &types).unwrap_or(Ordering::Equal)
            }
            _ => Ordering::Equal,
        };
        let inside = all.iter().find(begins);
        if let Some((name, other, idx)) = inside.or_else(|| all.iter().min_by(first)).copied() {
            let at = match (&bound.kind, other, &new) {
                (BoundKind::In(values), ..) => values.get(idx).map_or(place, |it| self.constant_place(*it)),
                (
                    BoundKind::Range { from, to },
                    Bound::Range { from: theirs, .. },
                    Bound::Range { from: lower, to: upper },
                ) => {
                    let (values, mine) = if inside.is_some() { (from, lower) } else { (to, upper) };
                    let idx = parting(theirs, mine, &types);
                    values.get(idx).map_or(place, |it| self.constant_place(*it))
                }
                _ => place,
            };
            let message = format!("partition \"{own}\" would overlap partition \"{name}\"");
            self.report(code::INVALID_OBJECT_DEFINITION, at, message);
        }
    }
}

/// Whether two bounds certainly share rows; of a list, by which value.
fn overlaps(new: &Bound, other: &Bound, types: &[Option<TypeId>]) -> Option<usize> {
    match (new, other) {
        (Bound::List(new), Bound::List(other)) => {
            let ty = types.first().copied().flatten();
            new.iter().position(|a| other.iter().any(|b| order(a, b, ty) == Some(Ordering::Equal)))
        }
        (Bound::Range { from: a, to: b }, Bound::Range { from: c, to: d }) => {
            let before = compare(a, d, types)? == Ordering::Less && compare(c, b, types)? == Ordering::Less;
            before.then_some(0)
        }
        (Bound::Hash { modulus: m, remainder: r }, Bound::Hash { modulus: n, remainder: s }) => {
            let smaller = (*m).min(*n);
            (smaller > 0 && r % smaller == s % smaller).then_some(0)
        }
        _ => None,
    }
}

/// Which of the values tells two bounds apart; of equal ones the first.
fn parting(a: &[Datum], b: &[Datum], types: &[Option<TypeId>]) -> usize {
    let differ = |(idx, (a, b)): (usize, (&Datum, &Datum))| {
        let same = order(a, b, types.get(idx).copied().flatten()) == Some(Ordering::Equal);
        (!same).then_some(idx)
    };
    a.iter().zip(b).enumerate().find_map(differ).unwrap_or(0)
}

fn compare(a: &[Datum], b: &[Datum], types: &[Option<TypeId>]) -> Option<Ordering> {
    for (idx, (a, b)) in a.iter().zip(b).enumerate() {
        let order = order(a, b, types.get(idx).copied().flatten())?;
        if order != Ordering::Equal || matches!(a, Datum::Min | Datum::Max) {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

/// The order of two constants; `None`: not known.
fn order(a: &Datum, b: &Datum, ty: Option<TypeId>) -> Option<Ordering> {
    match (a, b) {
        (Datum::Unknown, _) | (_, Datum::Unknown) => None,
        (Datum::Null, Datum::Null) | (Datum::Min, Datum::Min) | (Datum::Max, Datum::Max) => {
            Some(Ordering::Equal)
        }
        (Datum::Null, _) | (_, Datum::Null) => None,
        (Datum::Min, _) | (_, Datum::Max) => Some(Ordering::Less),
        (Datum::Max, _) | (_, Datum::Min) => Some(Ordering::Greater),
        (Datum::Text(a), Datum::Text(b)) => {
            if matches!(ty, Some(TypeId::INT2 | TypeId::INT4 | TypeId::INT8)) {
                return Some(a.trim().parse::<i64>().ok()?.cmp(&b.trim().parse().ok()?));
            }
            if ty == Some(TypeId::BOOL) {
                let value = |it: &str| super::options::boolean(it.trim());
                return Some(value(a)?.cmp(&value(b)?));
            }
            let is_time = matches!(ty, Some(TypeId::DATE | TypeId::TIMESTAMP | TypeId::TIMESTAMPTZ));
            if is_time && let (Some(a), Some(b)) = (moment(a), moment(b)) {
                return Some(a.cmp(&b));
            }
            let exact =
                matches!(ty, Some(TypeId::TEXT | TypeId::VARCHAR)) || ty.is_some_and(|it| it.is_user());
            (a == b && (exact || is_time || ty == Some(TypeId::UUID))).then_some(Ordering::Equal)
        }
    }
}

/// `YYYY-MM-DD`, with a time or without, so that texts are in order as the moments are.
fn moment(text: &str) -> Option<String> {
    let shape: String = text.chars().map(|it| if it.is_ascii_digit() { '9' } else { it }).collect();
    match shape.as_str() {
        "-infinity" => Some(String::new()),
        "infinity" => Some("~".to_owned()),
        "9999-99-99" => Some(format!("{text} 00:00:00")),
        "9999-99-99 99:99" => Some(format!("{text}:00")),
        "9999-99-99 99:99:99" => Some(text.to_owned()),
        _ => None,
    }
}

/// Whether a column is part of what a table is partitioned by.
pub fn is_key(relation: &Relation, column: &Ident) -> bool {
    relation.partition.as_ref().is_some_and(|it| {
        let named = it.key.contains(&None) && it.named.contains(column);
        it.strategy.is_some() && (named || it.key.iter().any(|it| it.as_ref() == Some(column)))
    })
}
