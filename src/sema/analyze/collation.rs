//! COLLATE clauses that contradict each other (`assign_collations_walker`). Only what is written is looked at: collations
//! of columns are not known here, and to have several of those is refused only where one is needed.

use text_size::TextSize;

use crate::base::text::TextRange;
use crate::sema::{Ty, code};
use crate::sql::hir::{ExprId, ExprKind, QName};

use super::binder::Binder;
use super::scope::Resolved;

impl<'a> Binder<'a> {
    /// From the word COLLATE to the end.
    pub fn collation_range(&self, id: ExprId, expr: ExprId) -> TextRange {
        let end = self.expr_node(expr).range.end();
        self.token_after(end).cover(TextRange::empty(self.expr_node(id).range.end()))
    }

    /// Looks at every expression whose parts share a collation.
    pub fn check_collations(&mut self) {
        let text = self.text.as_bytes();
        let written = text.windows(7).filter(|it| it.eq_ignore_ascii_case(b"collate")).count();
        if !self.typed || written < 2 {
            return;
        }
        let mut found: Vec<(TextRange, String)> = Vec::new();
        for idx in 0..self.stmt.exprs.len() {
            let id = ExprId(idx as u32);
            for group in self.sharing(id) {
                let mut first: Option<&QName> = None;
                for part in group {
                    let Some((collation, at)) = self.explicit_collation(part, 0) else { continue };
                    let Some(before) = first else {
                        first = Some(collation);
                        continue;
                    };
                    let (Some(one), Some(other)) = (before.last(), collation.last()) else { continue };
                    if one.ident != other.ident {
                        let message = format!(
                            "collation mismatch between explicit collations \"{}\" and \"{}\"",
                            one.ident, other.ident
                        );
                        found.push((at, message));
                        break;
                    }
                }
            }
        }
        found.sort_by_key(|it| it.0.start());
        // What contains a conflict has it too.
        let mut last: Option<TextSize> = None;
        for (at, message) in found {
            if last != Some(at.start()) {
                self.report(code::COLLATION_MISMATCH, at, message);
                last = Some(at.start());
            }
        }
    }

    /// The parts of an expression that must agree.
    fn sharing(&self, id: ExprId) -> Vec<Vec<ExprId>> {
        match &self.expr_node(id).kind {
            ExprKind::Operator { lhs, rhs, .. } => vec![lhs.iter().chain([rhs]).copied().collect()],
            ExprKind::Like { expr, pattern, .. } => vec![vec![*expr, *pattern]],
            ExprKind::IsDistinct { lhs, rhs, .. } | ExprKind::NullIf(lhs, rhs) => vec![vec![*lhs, *rhs]],
            ExprKind::Between { expr, low, high, .. } => vec![vec![*expr, *low], vec![*expr, *high]],
            ExprKind::InList { expr, list, .. } => list.iter().map(|it| vec![*expr, *it]).collect(),
            ExprKind::Coalesce(args) | ExprKind::MinMax { args, .. } | ExprKind::Array(args) => {
                vec![args.clone()]
            }
            ExprKind::Call(call) if call.within_group.is_empty() => {
                vec![call.args.iter().map(|it| it.value).collect()]
            }
            _ => Vec::new(),
        }
    }

    /// The collation that an expression has because it is written in it.
    fn explicit_collation(&self, id: ExprId, depth: u32) -> Option<(&'a QName, TextRange)> {
        let id = self.unparen(id);
        let node = self.expr_node(id);
        if depth > 200 {
            return None;
        }
        if let ExprKind::Collate { expr, collation } = &node.kind {
            return (!collation.is_dynamic()).then(|| (collation, self.collation_range(id, *expr)));
        }
        let Ty::Known(ty) = self.ty(id) else { return None };
        if !self.type_info(ty.id).is_some_and(|it| it.collatable) {
            return None;
        }
        let deeper = |parts: &[ExprId]| parts.iter().find_map(|it| self.explicit_collation(*it, depth + 1));
        match &node.kind {
            ExprKind::Operator { lhs, rhs, .. } => deeper(lhs.as_slice()).or_else(|| deeper(&[*rhs])),
            ExprKind::NullIf(lhs, rhs) => deeper(&[*lhs, *rhs]),
            ExprKind::Coalesce(args) | ExprKind::MinMax { args, .. } | ExprKind::Array(args) => deeper(args),
            ExprKind::Call(call) if self.resolved(id) == Resolved::Function => {
                call.args.iter().find_map(|it| self.explicit_collation(it.value, depth + 1))
            }
            _ => None,
        }
    }
}
