//! What a definition is made of (`find_expr_references_walker`): relations, columns, functions, types, keys.

use std::collections::BTreeSet;

use crate::catalog::depend::{self, FunctionKey, Used};
use crate::catalog::lookup::{Lookup, PG_CATALOG};
use crate::catalog::object::ObjectKey;
use crate::catalog::pg;
use crate::catalog::{Function, Origin, QualifiedName, TypeId, TypeKind};
use crate::sema::{Context, Target, code};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, Literal, QName, Statement};

use super::binder::Binder;
use super::scope::{RteId, Var};

/// What a statement, one that makes something, makes it of; `None`: not all of it is understood.
pub fn uses(ctx: Context<'_>, statement: &Statement, text: &str) -> Option<BTreeSet<Used>> {
    let env = crate::sema::body::inline_env(ctx.catalog, statement);
    let ctx = env.as_ref().map_or(ctx, |it| it.context(ctx.catalog));
    let mut binder = Binder::new(ctx, statement, text);
    binder.used = Some(Default::default());
    binder.statement(&statement.kind);
    let used = binder.used.take()?.into_inner();
    let refused = |it: &crate::sema::Problem| it.code.severity == code::Severity::Error;
    (!binder.problems.iter().any(refused)).then_some(used)
}

impl Binder<'_> {
    pub(super) fn use_target(&self, target: &Target) {
        match target {
            Target::Relation(name) => self.note_used(|| Used::Relation(name.clone())),
            Target::Column(table, column) => self.note_used(|| Used::Column(table.clone(), column.clone())),
            Target::Type(id) if id.is_extension() && self.used.is_some() => {
                if let Some(info) = self.type_info(*id) {
                    self.use_extension(pg::ext::with_type(info.name.as_str()));
                }
            }
            Target::Type(id) if id.is_user() => self.note_used(|| Used::Type(*id)),
            _ => {}
        }
    }

    pub(super) fn use_function(&self, function: &Function) {
        if self.used.is_none() {
            return;
        }
        if function.origin != Origin::Builtin {
            if let Some(key) = FunctionKey::of(function) {
                self.note_used(|| Used::Function(key));
            }
        } else if function.schema.as_str() != PG_CATALOG {
            self.use_extension(pg::ext::with_function(function.name.as_str()));
        }
    }

    /// What one of the extensions that are there has brought.
    fn use_extension(&self, mut all: impl Iterator<Item = &'static pg::ext::ExtensionData>) {
        let there = |it: &&pg::ext::ExtensionData| self.catalog.extensions.contains_key(&Ident::new(it.name));
        if let Some(it) = all.find(there) {
            self.note_used(|| Used::Object(depend::extension(it.name)));
        }
    }

    /// A column of a composite type (`FieldSelect`).
    pub(super) fn use_field(&self, row: TypeId, name: &Ident) {
        if self.used.is_none() {
            return;
        }
        let Some(info) = self.type_info(self.base(row)) else { return };
        let of = match &info.kind {
            TypeKind::Composite { relation: Some(relation), .. } => relation.clone(),
            TypeKind::Composite { .. } => {
                QualifiedName { schema: info.schema.clone(), name: info.name.clone() }
            }
            _ => return,
        };
        self.note_used(|| Used::Column(of, name.clone()));
    }

    /// A column that a star stands for.
    pub(super) fn use_column(&self, var: Var) {
        if self.used.is_none() {
            return;
        }
        let var = self.flatten(var);
        let entry = self.rte(var.rte);
        if let Some((table, column)) = entry.source(var.column) {
            self.note_used(|| Used::Column(table, column));
        }
        let merged = entry.column(var.column).and_then(|it| it.merged);
        if let Some((first, second)) = merged {
            [Some(first), second].into_iter().flatten().for_each(|it| self.use_column(it));
        }
    }

    /// The primary key of a relation decides its other columns (`check_functional_grouping`).
    pub(super) fn use_key(&self, rte: RteId) {
        if self.used.is_some()
            && let Some(relation) = &self.rte(rte).relation
            && let Some(name) = relation.primary_key.as_ref().and_then(|it| it.name.clone())
        {
            let table = super::relation::qualified(relation);
            self.note_used(|| Used::Key(table, name));
        }
    }

    /// A relation that a constant of type `regclass` names: `nextval('s')`.
    pub(super) fn use_named(&self, expr: ExprId, ty: TypeId) {
        if self.used.is_none() {
            return;
        }
        let shown = self.format_id(ty);
        if shown == "regconfig"
            && let ExprKind::Literal(Literal::String(text)) = self.bare(expr)
        {
            let configuration = depend::texts::configuration(self.catalog, text);
            configuration.into_iter().for_each(|it| self.note_used(|| Used::Object(it)));
        }
        if shown != "regclass" {
            return;
        }
        let mut bare = self.bare(expr);
        if let ExprKind::Cast { expr, ty, .. } = bare
            && ty.name.last().is_some_and(|it| it.ident.as_str() == "regclass")
        {
            bare = self.bare(*expr);
        }
        if let ExprKind::Literal(Literal::String(text)) = bare {
            let mut parts = text.rsplitn(2, '.').map(Ident::from_source);
            let Some(name) = parts.next() else { return };
            let schema = parts.next();
            if let Lookup::Found(it) = crate::catalog::lookup::relation(self.catalog, schema.as_ref(), &name)
            {
                let full = super::relation::qualified(it);
                self.note_used(|| Used::Relation(full));
            }
        }
    }

    /// `COLLATE c` of a collation of the project's own.
    pub(super) fn use_collation(&self, name: &QName) {
        if self.used.is_none() {
            return;
        }
        let Some(last) = name.last() else { return };
        let schema = name.schema().map(|it| &it.ident);
        let own = |it: &(&ObjectKey, &crate::catalog::object::Object)| {
            it.0.kind == "COLLATION"
                && it.0.name == last.ident
                && schema.is_none_or(|own| *own == it.0.schema)
                && !it.1.gone
        };
        let mut all = self.catalog.objects.iter().filter(own);
        if let (Some((key, _)), None) = (all.next(), all.next()) {
            self.note_used(|| Used::Object(key.clone()));
        }
    }

    fn note_used(&self, used: impl FnOnce() -> Used) {
        if let Some(all) = &self.used {
            all.borrow_mut().insert(used());
        }
    }
}
