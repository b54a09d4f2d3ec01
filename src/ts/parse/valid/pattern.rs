//! Destructuring patterns, of declarations and of assignments.

use oxc_ast::ast::{
    AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, BindingPattern,
};
use oxc_span::Span;
use smol_str::{SmolStr, ToSmolStr};

use super::{Lower, text_range};
use crate::ts::hir::Rest;
use crate::ts::parse::build::{PatternName, with_key};

impl<'t> Lower<'t> {
    /// The names of a declaration's pattern.
    pub(super) fn names(&mut self, pattern: &BindingPattern<'_>) -> Vec<PatternName> {
        let mut names = Vec::new();
        self.pattern(pattern, &mut Some(Vec::new()), &mut names);
        names
    }

    /// Collects the names of a pattern. Default values in it are lowered for their own sake.
    pub(super) fn pattern(
        &mut self,
        pattern: &BindingPattern<'_>,
        path: &mut Option<Vec<SmolStr>>,
        names: &mut Vec<PatternName>,
    ) {
        if !self.enter() {
            return;
        }
        match pattern {
            BindingPattern::BindingIdentifier(it) => self.bound(it.span, path.clone(), names),
            BindingPattern::ObjectPattern(it) => {
                for prop in &it.properties {
                    let key = self.key(&prop.key, prop.computed).map(|it| it.0);
                    with_key(path, key, |path| self.pattern(&prop.value, path, names));
                }
                if let Some(rest) = &it.rest {
                    let taken =
                        it.properties.iter().map(|prop| self.key(&prop.key, prop.computed).map(|it| it.0));
                    let keys: Option<Vec<SmolStr>> = taken.collect();
                    let key = keys.map(|it| Rest::Without(it.iter().map(SmolStr::as_str).collect()).key());
                    with_key(path, key, |path| self.pattern(&rest.argument, path, names));
                }
            }
            BindingPattern::ArrayPattern(it) => {
                for (index, element) in it.elements.iter().enumerate() {
                    if let Some(element) = element {
                        with_key(path, Some(index.to_smolstr()), |path| self.pattern(element, path, names));
                    }
                }
                if let Some(rest) = &it.rest {
                    let key = Rest::From(it.elements.len()).key();
                    with_key(path, Some(key), |path| self.pattern(&rest.argument, path, names));
                }
            }
            // The value may be the default.
            BindingPattern::AssignmentPattern(it) => {
                self.pattern(&it.left, &mut None, names);
                self.expr(&it.right);
            }
        }
        self.leave();
    }

    fn bound(&self, span: Span, path: Option<Vec<SmolStr>>, names: &mut Vec<PatternName>) {
        names.push(PatternName { name: self.name(span), range: text_range(span), path });
    }

    /// Collects the names that an assignment's pattern assigns to.
    pub(super) fn target_pattern(&mut self, target: &AssignmentTarget<'_>, names: &mut Vec<PatternName>) {
        if !self.enter() {
            return;
        }
        match target {
            AssignmentTarget::AssignmentTargetIdentifier(it) => self.bound(it.span, None, names),
            AssignmentTarget::ArrayAssignmentTarget(it) => {
                for element in it.elements.iter().flatten() {
                    self.maybe_default(element, names);
                }
                if let Some(rest) = &it.rest {
                    self.target_pattern(&rest.target, names);
                }
            }
            AssignmentTarget::ObjectAssignmentTarget(it) => {
                for prop in &it.properties {
                    match prop {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(it) => {
                            self.bound(it.binding.span, None, names);
                            if let Some(init) = &it.init {
                                self.expr(init);
                            }
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(it) => {
                            self.maybe_default(&it.binding, names);
                        }
                    }
                }
                if let Some(rest) = &it.rest {
                    self.target_pattern(&rest.target, names);
                }
            }
            _ => {}
        }
        self.leave();
    }

    fn maybe_default(&mut self, it: &AssignmentTargetMaybeDefault<'_>, names: &mut Vec<PatternName>) {
        match it {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) => {
                self.target_pattern(&it.binding, names);
                self.expr(&it.init);
            }
            other => self.target_pattern(other.to_assignment_target(), names),
        }
    }
}
