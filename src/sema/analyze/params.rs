//! Parameters `$n`: their types are inferred as the extended protocol does (`parse_param.c`, variable parameters).

use crate::base::text::TextRange;
use crate::catalog::Type;
use crate::sema::{ExprInfo, Ty, code};
use crate::sql::hir::{ExprId, StatementKind, TypeName, WrapperKind};

use super::binder::{Binder, UNDECIDED};

/// No statement that can run has so many (`PG_UINT16_MAX` in the protocol).
const MAX_PARAMS: u32 = 65_536;
/// The highest number that is looked at (`MaxAllocSize` by the size of an oid).
const MAX_NUMBER: u32 = 0x3fff_ffff / 4;

#[derive(Debug, Default)]
pub struct Params {
    slots: Vec<Slot>,
    /// The caller or PREPARE said the types of all; none is inferred beyond them.
    n_given: usize,
    /// Uses that found the type decided.
    typed: rustc_hash::FxHashSet<ExprId>,
    /// The statement takes none: `COPY (query)`.
    pub none: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// `None`: not decided yet.
    ty: Option<Ty>,
    /// Where it is used first; `None` for a number that only lies below another.
    first: Option<TextRange>,
    given: bool,
}

impl Params {
    pub fn new(given: &[Option<Type>]) -> Params {
        let slots = given.iter().map(|it| Slot {
            ty: Some(it.map_or(Ty::Unknown, Ty::Known)),
            first: None,
            given: true,
        });
        Params { slots: slots.collect(), n_given: given.len(), ..Params::default() }
    }

    pub fn types(&self) -> Vec<Ty> {
        self.slots.iter().map(|it| it.ty.unwrap_or(Ty::Unknown)).collect()
    }
}

impl Binder<'_> {
    /// `PREPARE p (int, text) AS`.
    pub fn declare_params(&mut self, types: &[TypeName]) {
        for (idx, ty) in types.iter().enumerate() {
            let ty = self.type_name(ty);
            if self.params.slots.len() <= idx {
                self.params.slots.resize(idx + 1, Slot::default());
            }
            if let Some(slot) = self.params.slots.get_mut(idx) {
                // Said to be unknown, it is decided by its places.
                let unknown = matches!(ty, Ty::Known(it) if it.id == crate::catalog::TypeId::UNKNOWN);
                *slot = Slot { ty: Some(ty).filter(|_| !unknown), first: None, given: !unknown };
            }
        }
        self.params.n_given = types.len();
    }

    pub fn param(&mut self, id: ExprId, number: u32) -> ExprInfo {
        let range = self.expr_node(id).range;
        if number == 0 && !self.slice(range).starts_with('$') {
            // `:name`, which a tool replaces.
            return super::binder::UNKNOWN_INFO;
        }
        if (MAX_PARAMS..=MAX_NUMBER).contains(&number) {
            // So many are never all used.
            let message = "could not determine data type of parameter $1";
            self.refuse(code::INDETERMINATE_DATATYPE, range, message);
            return super::binder::UNKNOWN_INFO;
        }
        if number == 0 || number > MAX_NUMBER {
            self.refuse(code::UNDEFINED_PARAMETER, range, format!("there is no parameter ${number}"));
            return super::binder::UNKNOWN_INFO;
        }
        if self.params.none && self.ctx.params.is_empty() {
            self.refuse(code::UNDEFINED_PARAMETER, range, format!("there is no parameter ${number}"));
            return super::binder::UNKNOWN_INFO;
        }
        let idx = number as usize - 1;
        if self.params.slots.len() <= idx {
            self.params.slots.resize(idx + 1, Slot::default());
        }
        let Some(slot) = self.params.slots.get_mut(idx) else { return super::binder::UNKNOWN_INFO };
        slot.first.get_or_insert(range);
        let ty = slot.ty.unwrap_or(UNDECIDED);
        if slot.ty.is_some() {
            self.params.typed.insert(id);
        }
        self.set_resolved(id, super::scope::Resolved::Function);
        ExprInfo { ty, nullable: None }
    }

    /// Whether two uses of one parameter are the same node to PostgreSQL: one that is still open is not what was
    /// decided elsewhere before it was used again.
    pub fn same_param(&self, a: ExprId, b: ExprId) -> bool {
        let apart = |open, other| self.is_undecided(open) && self.params.typed.contains(&other);
        !apart(a, b) && !apart(b, a)
    }

    /// An undecided parameter meets the type its place wants (`variable_coerce_param_hook`).
    pub fn decide_param(&mut self, id: ExprId, number: u32, target: Ty) {
        let Some(slot) = (number as usize).checked_sub(1).and_then(|idx| self.params.slots.get_mut(idx))
        else {
            return;
        };
        // A modifier never belongs to a parameter.
        let plain = match target {
            Ty::Known(ty) => Ty::Known(Type::plain(ty.id)),
            Ty::Unknown => Ty::Unknown,
        };
        match slot.ty {
            None => slot.ty = Some(plain),
            Some(decided) => {
                if let (Ty::Known(decided), Ty::Known(wanted)) = (decided, plain)
                    && decided.id != wanted.id
                {
                    let detail =
                        format!("{} versus {}", self.format_id(decided.id), self.format_id(wanted.id));
                    let range = self.expr_node(id).range;
                    let message = format!("inconsistent types deduced for parameter ${number}");
                    if self.typed {
                        self.report(code::AMBIGUOUS_PARAMETER, range, message).hint(detail);
                    }
                }
            }
        }
        self.set_ty(id, plain);
    }

    /// 42P18 for parameters that nothing decided. PostgreSQL gives no place; ours is the first use.
    pub fn undetermined_params(&mut self) {
        if self.has_gaps() {
            // What is not seen may decide a parameter, or be what it is compared with.
            self.problems.retain(|it| it.code != code::AMBIGUOUS_PARAMETER);
            return;
        }
        // Of several errors PostgreSQL finds this one last.
        let is_refused = |it: &crate::sema::Problem| {
            it.code.severity == crate::sema::code::Severity::Error
                && it.code != code::NULL_IN_NOT_NULL_COLUMN
                && !is_rewritten(it)
        };
        if !self.typed || self.problems.iter().any(is_refused) {
            return;
        }
        self.half_determined_params();
        // EXPLAIN (GENERIC_PLAN) has parameters of its own, which may stay open.
        if let StatementKind::Wrapped { kind: WrapperKind::Explain, options, .. } = &self.stmt.kind
            && options.iter().any(|it| it.0.ident.as_str() == "generic_plan")
        {
            return;
        }
        let open = self.params.slots.iter().any(|it| it.ty == Some(Ty::Unknown));
        let Some((idx, slot)) =
            self.params.slots.iter().enumerate().find(|(_, it)| it.ty.is_none() && !it.given)
        else {
            return;
        };
        // A number that is skipped has no place of its own: the next one does.
        let at = slot.first.or_else(|| self.params.slots[idx..].iter().find_map(|it| it.first));
        if let (Some(range), false) = (at, open) {
            let message = format!("could not determine data type of parameter ${}", idx + 1);
            self.report(code::INDETERMINATE_DATATYPE, range, message);
        }
    }

    /// A hole of unknown meaning, or a scope whose names are not all known, anywhere in the statement.
    fn has_gaps(&self) -> bool {
        self.open
            || self.levels.iter().any(|it| it.open)
            || self.rtes.iter().any(|it| it.open)
            || self.text.contains(crate::sql::ident::DYNAMIC_MARK)
    }

    /// A parameter that one place decides and another leaves open (`check_variable_parameters`).
    fn half_determined_params(&mut self) {
        let mut found = Vec::new();
        for (idx, node) in self.stmt.exprs.iter().enumerate() {
            let crate::sql::hir::ExprKind::Param(number) = node.kind else { continue };
            let id = ExprId(idx as u32);
            let analysed = self.resolved(id) == super::scope::Resolved::Function;
            let slot = (number as usize).checked_sub(1).and_then(|it| self.params.slots.get(it));
            let decided = slot.is_some_and(|it| matches!(it.ty, Some(Ty::Known(_))));
            if analysed && decided && self.is_undecided(id) {
                found.push((node.range, number));
            }
        }
        for (range, number) in found {
            let message = format!("could not determine data type of parameter ${number}");
            self.report(code::AMBIGUOUS_PARAMETER, range, message);
        }
    }
}

/// Found when the statement is rewritten or planned, which is after its analysis.
pub fn is_rewritten(problem: &crate::sema::Problem) -> bool {
    let message = &problem.message;
    problem.code == code::GENERATED_ALWAYS
        || problem.code == code::NOT_UPDATABLE
        || problem.code == code::INVALID_COLUMN_REFERENCE && message.starts_with("there is no unique")
        || problem.code == code::FEATURE_NOT_SUPPORTED
            && (message.contains("\" of view \"")
                || message.ends_with("the nullable side of an outer join")
                || super::rewrite::is_refusal(message))
        || message.starts_with("multiple assignments to same column")
}
