//! Where a script declares database objects.

use super::meaning::{assigned, what_of};
use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize};
use crate::catalog::{Catalog, Origin, QualifiedName, TypeKind};
use crate::db::Snapshot;
use crate::ide::entity::What;
use crate::project::Workspace;
use crate::sema::fragment::Env;
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Module, Prop, ScopeId};

/// Where a script declares database objects.
pub(super) struct Script<'a> {
    snap: &'a Snapshot,
    catalog: &'a Catalog,
    module: &'a Module,
    file: FileId,
}

impl<'a> Script<'a> {
    pub fn new(snap: &'a Snapshot, catalog: &'a Catalog, module: &'a Module, file: FileId) -> Script<'a> {
        Script { snap, catalog, module, file }
    }

    /// The name that catalogs give as the place of what the cursor declares: a property's key, a variable's name, an
    /// enum label. A name in quotes (`text('email')`) leads to that.
    pub fn declaration_at(&self, offset: TextSize) -> Option<TextRange> {
        let module = self.module;
        let bindings = &module.scope(ScopeId::MODULE).bindings;
        if let Some(it) = bindings.iter().find(|it| it.name_range.contains_inclusive(offset)) {
            return Some(it.name_range);
        }
        for (idx, expr) in module.exprs.iter().enumerate() {
            if !expr.range.contains_inclusive(offset) {
                continue;
            }
            match &expr.kind {
                ExprKind::Object(props) => {
                    let key = props.iter().find_map(|it| match it {
                        Prop::Field { key_range, shorthand: false, .. }
                            if key_range.contains_inclusive(offset) =>
                        {
                            Some(*key_range)
                        }
                        _ => None,
                    });
                    if key.is_some() {
                        return key;
                    }
                }
                ExprKind::String(_) => {
                    if !self.declared_at(expr.range).is_empty() {
                        return Some(expr.range);
                    }
                    return self.named_by(ExprId(idx as u32));
                }
                _ => {}
            }
        }
        None
    }

    /// The declaration whose database name is this string: `text('email')` → the property.
    fn named_by(&self, string: ExprId) -> Option<TextRange> {
        let module = self.module;
        let mut call = module.expr(string).parent?;
        if matches!(module.expr(call).kind, ExprKind::Object(_)) {
            // `primaryKey({ name: 'pk', … })`, `foreignKey({ name: 'fk', … })`.
            call = module.expr(call).parent?;
            let range = module.expr(call).range;
            return (!self.declared_at(range).is_empty()).then_some(range);
        }
        let ExprKind::Call { callee, args, .. } = &module.expr(call).kind else { return None };
        // `.default('x')` names nothing.
        let is_modifier = matches!(&module.expr(*callee).kind, ExprKind::Member { object, .. }
            if matches!(module.expr(*object).kind, ExprKind::Call { .. }));
        if args.first() != Some(&string) || is_modifier {
            return None;
        }
        // `index('by_email')`, `check('positive', …)`.
        let range = module.expr(call).range;
        if !self.declared_at(range).is_empty() {
            return Some(range);
        }
        self.declared_with(call)
    }

    /// The declaration whose value a call begins.
    fn declared_with(&self, call: ExprId) -> Option<TextRange> {
        let module = self.module;
        // Through the methods behind the call.
        let mut value = call;
        loop {
            let parent = module.expr(value).parent;
            match parent.map(|it| (it, &module.expr(it).kind)) {
                Some((it, ExprKind::Member { object, .. })) if *object == value => value = it,
                Some((it, ExprKind::Call { callee, .. })) if *callee == value => value = it,
                Some((it, ExprKind::Assertion { .. })) => value = it,
                Some((_, ExprKind::Object(props))) => {
                    return props.iter().find_map(|it| match it {
                        Prop::Field { key_range, value: it, .. } if *it == value => Some(*key_range),
                        _ => None,
                    });
                }
                _ => break,
            }
        }
        let binding = module.scope(ScopeId::MODULE).bindings.iter().find(
            |it| matches!(&it.kind, BindingKind::Const { init: Some(init), path } if *init == value && path.is_empty()),
        )?;
        Some(binding.name_range)
    }

    /// The enum label that a string is, as the default of a column, beside one in `eq(…)`, or as the value of one.
    pub fn label(&self, env: &Env<'_>, string: ExprId) -> Option<What> {
        let module = self.module;
        let ExprKind::String(text) = &module.expr(string).kind else { return None };
        let mut child = string;
        let mut parent = module.expr(child).parent?;
        if let ExprKind::Array(_) = &module.expr(parent).kind {
            child = parent;
            parent = module.expr(child).parent?;
        }
        let columns = match &module.expr(parent).kind {
            ExprKind::Call { callee, args, .. } if args.contains(&child) => {
                let is_default =
                    matches!(&module.expr(*callee).kind, ExprKind::Member { name, .. } if name == "default");
                if is_default {
                    self.declared_with(parent).map(|it| self.declared_at(it)).unwrap_or_default()
                } else {
                    let first = args.first().filter(|it| **it != child)?;
                    what_of(self.catalog, &(env.value)(*first)).into_iter().collect()
                }
            }
            ExprKind::Object(props) => {
                let key = props.iter().find_map(|it| match it {
                    Prop::Field { key, value, .. } if *value == child => Some(key),
                    _ => None,
                })?;
                assigned(env, parent, key).into_iter().collect()
            }
            _ => return None,
        };
        columns.iter().find_map(|it| {
            let What::Column(relation, name) = it else { return None };
            let column = self.catalog.relations.get(relation)?.columns.iter().find(|it| it.name == *name)?;
            let info = self.catalog.type_info(column.ty?.id)?;
            let TypeKind::Enum { labels } = &info.kind else { return None };
            let label = labels.iter().find(|it| it.label == text.value)?;
            let ty = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
            Some(What::Label(ty, label.label.clone()))
        })
    }

    /// The range to show for a declaration that the cursor led to: the string it stands in, if it does.
    pub fn shown(&self, declared: TextRange, offset: TextSize) -> TextRange {
        let strings = self.module.exprs.iter().filter(|it| matches!(it.kind, ExprKind::String(_)));
        let within = |it: &TextRange| it.contains_inclusive(offset);
        if within(&declared)
            && !self
                .module
                .exprs
                .iter()
                .any(|it| it.range == declared && matches!(it.kind, ExprKind::Call { .. }))
        {
            return declared;
        }
        strings.map(|it| it.range).find(within).unwrap_or(declared)
    }

    /// Every object of the catalog that is declared at a place of this file.
    pub fn declared_at(&self, range: TextRange) -> Vec<What> {
        let facts = self.snap.ts_facts(self.file);
        let is_here = |origin: &Origin| match origin {
            Origin::Ts { file, loc } => *file == self.file && facts.1.range(*loc) == range,
            _ => false,
        };
        let mut res = Vec::new();
        for (name, relation) in self.catalog.relations.iter() {
            if is_here(&relation.origin) {
                res.push(What::Relation(name.clone()));
                continue;
            }
            let columns = relation.columns.iter().filter(|it| is_here(&it.origin));
            res.extend(columns.map(|it| What::Column(name.clone(), it.name.clone())));
            let keys = relation.primary_key.iter().chain(&relation.uniques);
            let named = keys
                .filter(|it| is_here(&it.origin))
                .filter_map(|it| it.name.as_ref())
                .chain(
                    relation
                        .indexes
                        .iter()
                        .filter(|it| is_here(&it.origin))
                        .filter_map(|it| it.name.as_ref()),
                )
                .chain(
                    relation.checks.iter().filter(|it| is_here(&it.origin)).filter_map(|it| it.name.as_ref()),
                )
                .chain(
                    relation
                        .foreign_keys
                        .iter()
                        .filter(|it| is_here(&it.origin))
                        .filter_map(|it| it.name.as_ref()),
                );
            if res.is_empty() {
                res.extend(named.map(|it| What::Constraint(name.clone(), it.clone())));
            }
        }
        for info in self.catalog.types.iter() {
            let name = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
            match &info.kind {
                TypeKind::Enum { labels } => {
                    if is_here(&info.origin) {
                        res.push(What::Type(name));
                    } else {
                        let labels = labels.iter().filter(|it| is_here(&it.origin));
                        res.extend(labels.map(|it| What::Label(name.clone(), it.label.clone())));
                    }
                }
                TypeKind::Domain { .. } if is_here(&info.origin) => res.push(What::Type(name)),
                _ => {}
            }
        }
        let schemas = self.catalog.schemas.values().filter(|it| is_here(&it.origin));
        res.extend(schemas.map(|it| What::Schema(it.name.clone())));
        res
    }
}
