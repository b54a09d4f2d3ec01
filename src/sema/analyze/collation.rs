//! Collations of expressions: what each derives from its parts, and where two contradict each other
//! (`parse_collate.c`; manual §23.2.1). It runs when a statement's types are known.

mod clash;
mod derive;
mod query;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::{Collation, TypeId, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::hir::{ExprId, ExprKind};

use super::binder::Binder;
use super::scope::RteColumn;

/// The collation of every database.
pub const DEFAULT: &str = "default";

/// How strongly an expression asks for its collation (`CollateStrength`); the order is that of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    None,
    Implicit,
    /// Its parts have different ones, none of them said.
    Conflict,
    Explicit,
}

/// What is known of an expression's collation.
#[derive(Debug, Clone)]
pub struct Derived {
    strength: Strength,
    collation: SmolStr,
    /// Where it comes from.
    at: TextRange,
    /// Of a conflict: the other collation, and where that comes from.
    other: Option<(SmolStr, TextRange)>,
    /// Something that takes part is not known: nothing implicit is blamed.
    unsure: bool,
}

/// One walk: what is known of each expression, and what was found wrong.
#[derive(Default)]
pub struct Pass {
    memo: FxHashMap<ExprId, Derived>,
    found: Vec<(TextRange, String)>,
    depth: u32,
}

impl Derived {
    fn none() -> Derived {
        Derived {
            strength: Strength::None,
            collation: SmolStr::default(),
            at: TextRange::default(),
            other: None,
            unsure: false,
        }
    }

    fn unsure() -> Derived {
        Derived { unsure: true, ..Derived::none() }
    }

    fn new(strength: Strength, collation: impl Into<SmolStr>, at: TextRange) -> Derived {
        Derived { strength, collation: collation.into(), at, ..Derived::none() }
    }

    /// Joins what another part of the same expression derives (`merge_collation_state`).
    fn merge(&mut self, it: Derived, pass: &mut Pass) {
        if self.strength == Strength::Explicit && it.strength == Strength::Explicit {
            if self.collation != it.collation {
                let message = format!(
                    "collation mismatch between explicit collations \"{}\" and \"{}\"",
                    self.collation, it.collation
                );
                pass.found.push((it.at, message));
                // What contains it is not blamed again.
                *self = Derived::unsure();
            }
            return;
        }
        let unsure = self.unsure || it.unsure;
        if it.strength > self.strength {
            *self = it;
        } else if it.strength == self.strength
            && it.strength == Strength::Implicit
            && it.collation != self.collation
        {
            if self.collation == DEFAULT {
                *self = it;
            } else if it.collation != DEFAULT {
                self.strength = Strength::Conflict;
                self.other = Some((it.collation, it.at));
            }
        }
        self.unsure = unsure && self.strength != Strength::Explicit;
    }

    /// `collation mismatch between implicit collations …`, and where; `None` where there is no such conflict.
    fn conflict(&self) -> Option<(TextRange, String)> {
        let (other, at) =
            self.other.as_ref().filter(|_| self.strength == Strength::Conflict && !self.unsure)?;
        let message =
            format!("collation mismatch between implicit collations \"{}\" and \"{other}\"", self.collation);
        Some((*at, message))
    }
}

/// Whether a text may say COLLATE.
pub fn is_written(text: &str) -> bool {
    text.as_bytes().windows(7).any(|it| it.eq_ignore_ascii_case(b"collate"))
}

impl<'a> Binder<'a> {
    /// From the word COLLATE to the end.
    pub fn collation_range(&self, id: ExprId, expr: ExprId) -> TextRange {
        let end = self.expr_node(expr).range.end();
        self.token_after(end).cover(TextRange::empty(self.expr_node(id).range.end()))
    }

    /// Whether a column's collation may be another than the default.
    pub fn is_collated(&self, column: &RteColumn) -> bool {
        let Ty::Known(ty) = column.ty else { return false };
        match column.collation {
            Collation::OfType => self.type_info(ty.id).is_some_and(|it| it.collation.is_some()),
            Collation::Named(_) | Collation::Indeterminate => true,
            Collation::Unknown => self.type_info(ty.id).is_some_and(|it| it.collatable),
        }
    }

    /// Looks at every expression of the statement.
    pub fn check_collations(&mut self) {
        if !self.typed || !self.collated {
            return;
        }
        let mut pass = Pass::default();
        for id in (0..self.stmt.exprs.len()).map(|it| ExprId(it as u32)) {
            if !self.not_collated.contains(&id) {
                self.derive(id, &mut pass);
            }
        }
        for (at, message) in std::mem::take(&mut pass.found) {
            // One that no server has.
            if !self.problems.iter().any(|it| it.range.start() == at.start()) {
                self.mismatch(at, message, false);
            }
        }
        for id in std::mem::take(&mut self.sorted) {
            if let Some((at, message)) = self.derive(id, &mut pass).conflict() {
                self.mismatch(at, message, true);
            }
        }
    }

    /// Leaves an expression out, but for the subqueries in it.
    pub fn derive_nothing(&mut self, id: ExprId) {
        let stmt = self.stmt;
        if !self.not_collated.insert(id) {
            return;
        }
        super::walk::children(&stmt.expr(id).kind, &mut |child| {
            if let super::walk::Child::Expr(it) = child {
                self.derive_nothing(it);
            }
        });
    }

    fn mismatch(&mut self, at: TextRange, message: String, implicit: bool) {
        let problem = self.report(code::COLLATION_MISMATCH, at, message);
        if implicit {
            problem.hint(
                "You can choose the collation by applying the COLLATE clause to one or both expressions.",
            );
        }
    }

    /// What a value of a type has, where its column or the like says `collation`.
    fn effective(&self, ty: Ty, collation: &Collation, at: TextRange) -> Derived {
        let Ty::Known(ty) = ty else { return Derived::unsure() };
        let Some(info) = self.type_info(ty.id) else { return Derived::unsure() };
        if info.kind == TypeKind::Opaque {
            return Derived::unsure();
        }
        if !info.collatable {
            return Derived::none();
        }
        match collation {
            Collation::OfType => {
                let own = info.collation.clone().unwrap_or(SmolStr::new_static(DEFAULT));
                Derived::new(Strength::Implicit, own, at)
            }
            Collation::Named(it) => Derived::new(Strength::Implicit, it.clone(), at),
            Collation::Indeterminate => Derived::none(),
            Collation::Unknown => Derived::unsure(),
        }
    }

    /// What a column of this type has that is made of such a value.
    fn as_collation(&self, ty: Ty, it: &Derived) -> Collation {
        let Ty::Known(ty) = ty else { return Collation::Unknown };
        // `'a' COLLATE "C"` becomes text later, and keeps it.
        let id = match it.strength {
            Strength::Implicit | Strength::Explicit if ty.id == TypeId::UNKNOWN => TypeId::TEXT,
            _ => ty.id,
        };
        let Some(info) = self.type_info(id) else { return Collation::Unknown };
        match it.strength {
            _ if !info.collatable => Collation::OfType,
            _ if it.unsure => Collation::Unknown,
            // A literal that becomes text later.
            Strength::None if ty.id == TypeId::UNKNOWN => Collation::OfType,
            Strength::None | Strength::Conflict => Collation::Indeterminate,
            Strength::Implicit | Strength::Explicit => {
                match it.collation == info.collation.as_deref().unwrap_or(DEFAULT) {
                    true => Collation::OfType,
                    false => Collation::Named(it.collation.clone()),
                }
            }
        }
    }

    /// A collation's name, for messages and comparisons; `None` where it is not known or there is none.
    pub fn collation_name(&self, ty: Ty, collation: &Collation) -> Option<SmolStr> {
        let it = self.effective(ty, collation, TextRange::default());
        (it.strength == Strength::Implicit && !it.unsure).then_some(it.collation)
    }

    /// The type of an expression that has a collation, and none can be told.
    fn without_collation(&self, id: ExprId) -> Option<TypeId> {
        let Ty::Known(ty) = self.ty(id) else { return None };
        if !self.collated || !self.type_info(ty.id).is_some_and(|it| it.collatable) {
            return None;
        }
        let it = self.derive(id, &mut Pass::default());
        let lacks = !it.unsure && matches!(it.strength, Strength::Conflict | Strength::None);
        lacks.then_some(ty.id)
    }

    /// An index needs a collation (`ComputeIndexAttrs`).
    pub fn index_has_collation(&mut self, id: ExprId) {
        if self.without_collation(id).is_some() {
            let at = self.expr_node(id).range;
            let message = "could not determine which collation to use for index expression";
            self.report(code::INDETERMINATE_COLLATION, at, message)
                .hint("Use the COLLATE clause to set the collation explicitly.");
        }
    }

    /// So does the `idx`-th column of a partition key, whatever is said behind it (`CheckAttributeType`).
    pub fn partition_has_collation(&mut self, id: ExprId, idx: usize) {
        if let Some(ty) = self.without_collation(id) {
            let at = self.expr_node(id).range;
            let message = format!(
                "no collation was derived for partition key column {} with collatable type {}",
                idx + 1,
                self.format_id(ty)
            );
            self.report(code::INVALID_TABLE_DEFINITION, at, message)
                .hint("Use the COLLATE clause to set the collation explicitly.");
        }
    }

    /// A literal string, perhaps in parentheses.
    fn is_string(&self, id: ExprId) -> bool {
        matches!(
            self.bare(id),
            ExprKind::Literal(crate::sql::hir::Literal::String(_) | crate::sql::hir::Literal::Null)
        )
    }
}
