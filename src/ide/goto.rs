//! Go to definition, declaration, implementation and type definition.

use super::builtin;
use super::entity::{self, At, Found, Global, Seen, What, local, names, place, resolve};
use super::{FilePosition, NavPlace, NavTarget, RangeInfo};
use crate::base::cancel::Cancellable;
use crate::base::file::InFile;
use crate::base::text::{TextRange, slice};
use crate::catalog::build::Built;
use crate::catalog::{QualifiedName, lookup, pg};
use crate::db::{Model, Snapshot, SqlUnit};
use crate::project::Workspace;
use crate::sema::resolve::FuncOutcome;
use crate::sema::{Target, Ty};
use crate::sql::Ident;
use crate::sql::hir::{Call, ExprId, ExprKind};

/// Which of the places that an entity has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Goal {
    /// Where it is declared as the project's truth has it: the Drizzle property, else the DDL; further places of
    /// the same entity behind.
    Definition,
    /// The statement or declaration that introduces it, without further places.
    Declaration,
    /// The migrations' statements that make it in the database.
    Implementation,
    /// The table of an alias, the enum or domain of a column.
    TypeDefinition,
}

pub fn goto(
    snap: &Snapshot,
    pos: FilePosition,
    goal: Goal,
) -> Cancellable<Option<RangeInfo<Vec<NavTarget>>>> {
    let at = entity::at(snap, pos)?;
    let Some(first) = at.found.first() else { return Ok(None) };
    let range = first.range;
    let model = snap.model();
    let cx = Cx { snap, model: &model, pos, at: &at, goal };
    let mut targets: Vec<NavTarget> = Vec::new();
    for found in &at.found {
        snap.check()?;
        for target in cx.targets(found) {
            if !targets.iter().any(|it| it.place == target.place) {
                targets.push(target);
            }
        }
    }
    Ok((!targets.is_empty()).then_some(RangeInfo { range, info: targets }))
}

struct Cx<'a> {
    snap: &'a Snapshot,
    model: &'a Model,
    pos: FilePosition,
    at: &'a At,
    goal: Goal,
}

impl Cx<'_> {
    fn targets(&self, found: &Found) -> Vec<NavTarget> {
        match &found.seen {
            Seen::Global(global) => self.global(global),
            Seen::Local(range) => {
                let Some(unit) = self.at.unit(found) else { return Vec::new() };
                match self.goal {
                    Goal::Definition | Goal::Declaration => match self.local(unit, *range) {
                        Some(it) if !self.is_pseudo(found) => vec![it],
                        _ => self.behind(unit, *range),
                    },
                    Goal::TypeDefinition => self.behind(unit, *range),
                    Goal::Implementation => Vec::new(),
                }
            }
            Seen::Expr(id) => {
                let Some(unit) = self.at.unit(found) else { return Vec::new() };
                let Some(built) = self.model.built(self.snap, unit.database) else { return Vec::new() };
                self.expr(&built, unit, *id)
            }
            Seen::Row => Vec::new(),
        }
    }

    fn global(&self, global: &Global) -> Vec<NavTarget> {
        let all = || place::declared(self.snap, self.model, global);
        match self.goal {
            Goal::Definition => all().into_iter().map(|it| it.target).collect(),
            Goal::Declaration => all().into_iter().map(|it| it.target).take(1).collect(),
            Goal::Implementation => all().into_iter().filter(|it| it.history).map(|it| it.target).collect(),
            Goal::TypeDefinition => self.type_of(global).unwrap_or_default(),
        }
    }

    fn declared(&self, database: usize, what: What) -> Vec<NavTarget> {
        let all = place::declared(self.snap, self.model, &Global { database, what });
        all.into_iter().map(|it| it.target).collect()
    }

    fn type_of(&self, global: &Global) -> Option<Vec<NavTarget>> {
        let what = match &global.what {
            What::Column(relation, name) => {
                let built = self.model.built(self.snap, global.database)?;
                let column = place::relation(&built, relation)?.columns.iter().find(|it| it.name == *name)?;
                What::Type(names::Known::new(&built).type_name(column.ty?.id)?)
            }
            What::Label(ty, _) => What::Type(ty.clone()),
            What::Constraint(relation, _) => What::Relation(relation.clone()),
            What::Function(name) => {
                let built = self.model.built(self.snap, global.database)?;
                let function = built.catalog.functions.get(name)?.first()?;
                What::Type(names::Known::new(&built).type_name(function.returns?)?)
            }
            other => other.clone(),
        };
        Some(self.declared(global.database, what))
    }

    /// `excluded`, `old` and `new` are declared nowhere.
    fn is_pseudo(&self, found: &Found) -> bool {
        let text = self.snap.text(self.pos.file).unwrap_or_default();
        let written = slice(&text, found.range);
        ["excluded", "old", "new"].iter().any(|it| written.eq_ignore_ascii_case(it))
    }

    fn local(&self, unit: &SqlUnit, range: TextRange) -> Option<NavTarget> {
        let focus = unit.placement.to_host(range)?;
        let found = local::local(unit, range);
        let full = found.as_ref().and_then(local::full).and_then(|it| unit.placement.to_host(it));
        let full = full.filter(|it| it.contains_range(focus)).unwrap_or(focus);
        let name = slice(&unit.text, range).lines().next().unwrap_or("").to_owned();
        Some(NavTarget { place: NavPlace::File { full, focus: InFile::new(self.pos.file, focus) }, name })
    }

    /// The relation of an alias, the column that an output column is a copy of.
    fn behind(&self, unit: &SqlUnit, range: TextRange) -> Vec<NavTarget> {
        let Some(found) = local::local(unit, range) else { return Vec::new() };
        match local::behind(unit, &found) {
            Some(Target::Relation(name)) => self.declared(unit.database, What::Relation(name.clone())),
            Some(Target::Local(range)) => self.local(unit, *range).into_iter().collect(),
            _ => match found {
                local::Local::Output(target) => self.type_of_expr(unit, target.expr),
                _ => Vec::new(),
            },
        }
    }

    fn type_of_expr(&self, unit: &SqlUnit, id: ExprId) -> Vec<NavTarget> {
        let ty = unit.analysis.exprs.get(id.0 as usize).map(|it| it.ty);
        let (Some(Ty::Known(ty)), Some(built)) = (ty, self.model.built(self.snap, unit.database)) else {
            return Vec::new();
        };
        let name: Option<QualifiedName> = names::Known::new(&built).type_name(ty.id);
        name.map(|it| self.declared(unit.database, What::Type(it))).unwrap_or_default()
    }

    fn expr(&self, built: &Built, unit: &SqlUnit, id: ExprId) -> Vec<NavTarget> {
        if self.goal == Goal::Implementation {
            return Vec::new();
        }
        if self.goal == Goal::TypeDefinition {
            return self.type_of_expr(unit, id);
        }
        match unit.parsed.hir.exprs.get(id.0 as usize).map(|it| &it.kind) {
            Some(ExprKind::Call(call)) => self.called(built, unit, call),
            Some(
                kind @ (ExprKind::Operator { .. }
                | ExprKind::Like { .. }
                | ExprKind::InList { .. }
                | ExprKind::QuantifiedArray { .. }),
            ) => {
                let found = resolve::applied(unit, &built.catalog, kind)
                    .and_then(|it| resolve::operator(&built.catalog, &it));
                found.and_then(|it| self.operator(built, it.decl)).into_iter().collect()
            }
            Some(ExprKind::Cast { .. }) => self.type_of_expr(unit, id),
            // A parameter's first use decides its type.
            Some(ExprKind::Param(number)) => {
                let first = unit.parsed.hir.exprs.iter().filter(|it| it.kind == ExprKind::Param(*number));
                let first = first.map(|it| it.range).min_by_key(|it| it.start());
                first.and_then(|it| self.local(unit, it)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn called(&self, built: &Built, unit: &SqlUnit, call: &Call) -> Vec<NavTarget> {
        let schema = call.name.schema().map(|it| &it.ident);
        let Some(last) = call.name.last() else { return Vec::new() };
        let chosen = match resolve::call(unit, &built.catalog, call) {
            Some(FuncOutcome::Resolved(it)) => Some(it.decl),
            Some(FuncOutcome::Cast(id)) => {
                let name = names::Known::new(built).type_name(id);
                return name.map(|it| self.declared(unit.database, What::Type(it))).unwrap_or_default();
            }
            _ => lookup::functions(&built.catalog, schema, &last.ident).first().copied(),
        };
        let Some(function) = chosen else { return Vec::new() };
        let name = QualifiedName { schema: function.schema.clone(), name: function.name.clone() };
        if let Some(place) = place::overload(&built.catalog, function) {
            return vec![NavTarget { place, name: function.name.to_string() }];
        }
        self.declared(unit.database, What::Function(name))
    }
}

impl Cx<'_> {
    /// The definition of the project's own operator, or where another stands in its document.
    fn operator(&self, built: &Built, it: &pg::Operator) -> Option<NavTarget> {
        let own = built.catalog.objects.values().find(|object| object.operator.as_deref() == Some(it));
        let Some(own) = own else { return builtin_operator(it) };
        let place = place::of_origin(self.snap, own.origin)?;
        Some(NavTarget { place, name: it.name.to_string() })
    }
}

fn builtin_operator(it: &pg::Operator) -> Option<NavTarget> {
    let page = builtin::Page { name: Ident::new(it.extension.unwrap_or("pg_catalog")) };
    let focus = builtin::find(&page, &builtin::Object::Operator(it.name.clone(), it.left, it.right))?;
    Some(NavTarget { place: NavPlace::Builtin { page, focus }, name: it.name.to_string() })
}

#[cfg(test)]
mod tests;
