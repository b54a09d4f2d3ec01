//! WINDOW and OVER (`transformWindowDefinitions`).

use crate::base::text::TextRange;
use crate::sema::code;
use crate::sql::hir::{Name, Over, Window};

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
                self.refuse(code::WINDOWING_ERROR, name.range, message);
            }
            self.window(window, before);
        }
        let inline = std::mem::take(&mut self.level().inline_windows);
        for window in inline {
            self.window(window, named);
        }
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
                it.decide_text(item.expr);
                it.must_order(item.expr);
                it.level().extra_targets.push(item.expr);
            }
        });
        self.in_place(Place::WindowPartition, |it| {
            for &item in &window.partition_by {
                it.expr(item);
                it.decide_text(item);
                it.must_equal(item);
                it.level().extra_targets.push(item);
            }
        });
        if let Some((name, base)) = base {
            let name = &name.ident;
            let clash = if !window.partition_by.is_empty() {
                Some(format!("cannot override PARTITION BY clause of window \"{name}\""))
            } else if !window.order_by.is_empty() && !base.order_by.is_empty() {
                Some(format!("cannot override ORDER BY clause of window \"{name}\""))
            } else if !base.frame_offsets.is_empty() {
                Some(format!("cannot copy window \"{name}\" because it has a frame clause"))
            } else {
                None
            };
            if let Some(message) = clash {
                self.refuse(code::WINDOWING_ERROR, window.range, message);
            }
        }
        self.in_place(Place::WindowFrame, |it| {
            for &offset in &window.frame_offsets {
                it.expr(offset);
                // Its type follows from the frame's mode and order.
                it.forget_params(Some(offset));
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
