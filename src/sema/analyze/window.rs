//! WINDOW and OVER (`transformWindowDefinitions`).

use crate::base::text::TextRange;
use crate::sema::code;
use crate::sql::hir::{ExprKind, Name, Over, Window};

use super::binder::Binder;
use super::place::Place;

impl<'a> Binder<'a> {
    /// What stands behind OVER: a name is looked up now, a window is analysed when the select list is.
    pub fn over(&mut self, over: &'a Over) {
        match over {
            Over::Named(name) => {
                self.see_window(name);
                let windows = self.level().windows;
                match windows.iter().find(|it| it.0.ident == name.ident) {
                    Some((declared, _)) => {
                        let target = crate::sema::Target::Local(declared.range);
                        self.reference(name.range, target);
                    }
                    None if name.ident.is_dynamic() => {}
                    None => self.missing_window(name, name.range),
                }
            }
            Over::Window(window) => self.level().inline_windows.push(window),
        }
    }

    fn missing_window(&mut self, name: &Name, at: TextRange) {
        self.refuse(code::UNDEFINED_OBJECT, at, format!("window \"{}\" does not exist", name.ident));
    }

    /// Analyses every window of the level, named ones first.
    pub fn window_definitions(&mut self) {
        let named = self.level().windows;
        for (idx, (name, window)) in named.iter().enumerate() {
            let before = &named[..idx];
            if before.iter().any(|it| it.0.ident == name.ident) {
                let message = format!("window \"{}\" is already defined", name.ident);
                self.refuse(code::WINDOWING_ERROR, window.range, message);
            }
            self.window(window, before);
        }
        let inline = std::mem::take(&mut self.level().inline_windows);
        for window in inline {
            self.window(window, named);
        }
    }

    /// A target that a window is sorted by is one expression with it, and is text too where nothing says otherwise
    /// (`addTargetToSortList`).
    pub fn decide_sorted_targets(&mut self, targets: &super::target::Targets) {
        let items = self.level().extra_targets.clone();
        if items.is_empty() {
            return;
        }
        for entry in &targets.entries {
            if let super::target::Value::Expr(id) = entry.value
                && self.is_undecided(id)
                && items.iter().any(|it| self.same_expr(*it, id))
            {
                self.decide_text(id);
            }
        }
    }

    /// ROWS, RANGE or GROUPS, in lower case.
    fn frame_mode(&self, window: &Window) -> Option<&'static str> {
        let keys = window.partition_by.iter().chain(window.order_by.iter().map(|it| &it.expr));
        let start = keys.map(|it| self.expr_node(*it).range.end()).max().unwrap_or(window.range.start());
        let tail = self.slice(TextRange::new(start.min(window.range.end()), window.range.end()));
        let mut words = tail.split(|c: char| !c.is_ascii_alphabetic());
        words
            .find_map(|it| ["rows", "range", "groups"].into_iter().find(|mode| it.eq_ignore_ascii_case(mode)))
    }

    /// RANGE with an offset asks the sort column's type for `in_range`.
    fn check_range_offset(&mut self, offset: crate::sql::hir::ExprId, ty: crate::sema::Ty) {
        use crate::catalog::{TypeId, TypeKind};
        let crate::sema::Ty::Known(ty) = ty else { return };
        let base = self.base(ty.id);
        let has_range = matches!(
            base,
            TypeId::INT2
                | TypeId::INT4
                | TypeId::INT8
                | TypeId::FLOAT4
                | TypeId::FLOAT8
                | TypeId::NUMERIC
                | TypeId::DATE
                | TypeId::TIME
                | TypeId::TIMETZ
                | TypeId::TIMESTAMP
                | TypeId::TIMESTAMPTZ
                | TypeId::INTERVAL
        );
        if has_range {
            return self.check_offset_type(offset, ty, base);
        }
        // What the operator class for the order is declared for.
        let sorted = match self.type_info(base).map(|it| &it.kind) {
            Some(TypeKind::Base) if !base.is_extension() && !base.is_user() => self.format_id(ty.id),
            Some(TypeKind::Enum { .. }) => "anyenum".into(),
            Some(TypeKind::Array) => "anyarray".into(),
            Some(TypeKind::Range { .. }) => "anyrange".into(),
            Some(TypeKind::Multirange { .. }) => "anymultirange".into(),
            _ => return,
        };
        let at = self.place(offset);
        let message =
            format!("RANGE with offset PRECEDING/FOLLOWING is not supported for column type {sorted}");
        self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
    }

    /// The offset becomes one of the types that `in_range` takes beside the sort column's.
    fn check_offset_type(
        &mut self,
        offset: crate::sql::hir::ExprId,
        ty: crate::catalog::Type,
        base: crate::catalog::TypeId,
    ) {
        use crate::catalog::TypeId;
        use crate::sema::resolve::CoercionContext;
        let takes: &[TypeId] = match base {
            TypeId::INT2 | TypeId::INT4 => &[TypeId::INT2, TypeId::INT4, TypeId::INT8],
            TypeId::INT8 => &[TypeId::INT8],
            TypeId::FLOAT4 | TypeId::FLOAT8 => &[TypeId::FLOAT8],
            TypeId::NUMERIC => &[TypeId::NUMERIC],
            _ => &[TypeId::INTERVAL],
        };
        let crate::sema::Ty::Known(given) = self.ty(offset) else { return };
        if given.id == TypeId::UNKNOWN {
            // The sort column's own type is preferred.
            let preferred = takes.iter().find(|it| **it == base).or(takes.first());
            if let Some(it) = preferred {
                self.decide(offset, super::binder::known(*it));
            }
            return;
        }
        let fits = |it: &&TypeId| {
            let res =
                crate::sema::resolve::can_coerce(self.catalog, given.id, **it, CoercionContext::Implicit);
            !res.is_no()
        };
        match takes.iter().filter(fits).count() {
            0 => {}
            1 => return,
            _ if takes.contains(&given.id) || given.id.is_extension() => return,
            _ => {
                let at = self.place(offset);
                let message = format!(
                    "RANGE with offset PRECEDING/FOLLOWING has multiple interpretations for column type {} and offset type {}",
                    self.format_id(ty.id),
                    self.format_id(given.id)
                );
                self.report(code::FEATURE_NOT_SUPPORTED, at, message)
                    .hint("Cast the offset value to the exact intended type.");
                return;
            }
        }
        let at = self.place(offset);
        let message = format!(
            "RANGE with offset PRECEDING/FOLLOWING is not supported for column type {} and offset type {}",
            self.format_id(ty.id),
            self.format_id(given.id)
        );
        self.report(code::FEATURE_NOT_SUPPORTED, at, message)
            .hint("Cast the offset value to an appropriate type.");
    }

    fn window(&mut self, window: &'a Window, known: &'a [(Name, Window)]) {
        if let Some(name) = &window.base {
            self.see_window(name);
        }
        let base = window.base.as_ref().and_then(|name| {
            let found = known.iter().find(|it| it.0.ident == name.ident);
            match found {
                Some(it) => self.reference(name.range, crate::sema::Target::Local(it.0.range)),
                None if name.ident.is_dynamic() => {}
                None => self.missing_window(name, window.range),
            }
            found
        });
        self.in_place(Place::WindowOrder, |it| {
            for item in &window.order_by {
                it.expr(item.expr);
                it.sorted.push(item.expr);
                it.decide_text(item.expr);
                it.must_be_sorted(item);
                it.level().extra_targets.push(item.expr);
            }
        });
        self.in_place(Place::WindowPartition, |it| {
            // `PARTITION BY (a, b)` is a and b, as in GROUP BY.
            let items = window.partition_by.iter().flat_map(|item| match &it.expr_node(*item).kind {
                ExprKind::Row { items, explicit: false } => items.as_slice(),
                _ => std::slice::from_ref(item),
            });
            for item in items.copied().collect::<Vec<_>>() {
                it.expr(item);
                it.sorted.push(item);
                it.decide_text(item);
                let (ty, at) = (it.ty(item), it.raw_place(item));
                it.type_must_equal(ty, at);
                it.level().extra_targets.push(item);
            }
        });
        if let Some((name, base)) = base {
            let name = &name.ident;
            let clash = if !window.partition_by.is_empty() {
                Some(format!("cannot override PARTITION BY clause of window \"{name}\""))
            } else if !window.order_by.is_empty() && !base.order_by.is_empty() {
                Some(format!("cannot override ORDER BY clause of window \"{name}\""))
            } else if self.frame_mode(base).is_some() {
                Some(format!("cannot copy window \"{name}\" because it has a frame clause"))
            } else {
                None
            };
            if let Some(message) = clash {
                self.refuse(code::WINDOWING_ERROR, window.range, message);
            }
        }
        let mode = self.frame_mode(window);
        let order: &[crate::sql::hir::OrderItem] = match base {
            Some((_, base)) if window.order_by.is_empty() => &base.order_by,
            _ => &window.order_by,
        };
        if mode == Some("groups") && order.is_empty() {
            self.refuse(code::WINDOWING_ERROR, window.range, "GROUPS mode requires an ORDER BY clause");
        }
        let by_value = mode == Some("range") && !window.frame_offsets.is_empty();
        if by_value && order.len() != 1 {
            let message = "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column";
            self.refuse(code::WINDOWING_ERROR, window.range, message);
        }
        let sorted = order.first().filter(|_| by_value && order.len() == 1).map(|it| self.ty(it.expr));
        self.in_place(Place::WindowFrame, |it| {
            for &offset in &window.frame_offsets {
                it.expr(offset);
                if let (Some(ty), true) = (sorted, it.typed) {
                    it.check_range_offset(offset, ty);
                }
                match mode {
                    Some("rows") => it.must_be(offset, crate::catalog::TypeId::INT8, "ROWS"),
                    Some("groups") => it.must_be(offset, crate::catalog::TypeId::INT8, "GROUPS"),
                    // Its type follows from the order.
                    _ => it.forget_params(Some(offset)),
                }
                if let Some(var) = it.first_var(offset) {
                    let at = it.place(var);
                    it.refuse(
                        code::INVALID_COLUMN_REFERENCE,
                        at,
                        "argument of ROWS must not contain variables",
                    );
                }
            }
        });
    }
}
