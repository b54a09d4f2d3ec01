//! What stands under the cursor, explained.

mod column;
mod expr;
mod hole;
mod local;
mod relation;
mod routine;
mod text;

use std::sync::Arc;

use super::entity::{self, Found, Global, Seen, What, place};
use super::{FilePosition, Markup, RangeInfo};
use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::catalog::build::Built;
use crate::catalog::{Catalog, Origin, fold};
use crate::db::{Model, Snapshot, SqlUnit, UnitKind};
use crate::facts::Loc;
use crate::project::Workspace;
use crate::sql::hir::StatementKind;
use text::Page;

pub fn hover(snap: &Snapshot, pos: FilePosition) -> Cancellable<Option<RangeInfo<Markup>>> {
    let at = entity::at(snap, pos)?;
    let model = snap.model();
    let cx = Cx { snap, model: &model, file: pos.file };
    let Some(first) = at.found.first() else { return hole::hover(&cx, pos, &at.analysis) };
    let mut parts: Vec<String> = Vec::new();
    // What several tables share is told of the first few.
    for found in at.found.iter().take(3) {
        snap.check()?;
        if let Some(part) = cx.found(&at, found)
            && !parts.contains(&part)
        {
            parts.push(part);
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    if at.found.len() > 3 {
        parts.push(format!("… and {} more", at.found.len() - 3));
    }
    Ok(Some(RangeInfo { range: first.range, info: Markup(parts.join("\n\n---\n\n")) }))
}

/// What explaining needs.
struct Cx<'a> {
    snap: &'a Snapshot,
    model: &'a Model,
    file: FileId,
}

impl Cx<'_> {
    fn found(&self, at: &entity::At, found: &Found) -> Option<String> {
        match &found.seen {
            Seen::Global(global) => {
                let mut page = self.global(global)?;
                if let Some(unit) = at.unit(found) {
                    self.nullable_here(unit, found, global, &mut page);
                }
                Some(page.finish())
            }
            Seen::Local(range) => {
                let unit = at.unit(found)?;
                let catalog = self.catalog_at(unit)?;
                local::hover(self, unit, &catalog, *range)
            }
            Seen::Expr(id) => {
                let unit = at.unit(found)?;
                let catalog = self.catalog_at(unit)?;
                expr::hover(unit, &catalog, *id)
            }
            Seen::Row => {
                let unit = at.unit(found)?;
                let catalog = self.catalog_at(unit)?;
                Some(local::row(&catalog, unit))
            }
        }
    }

    /// An object of a database.
    fn global(&self, global: &Global) -> Option<Page> {
        let built = self.model.built(self.snap, global.database)?;
        let catalog = &built.catalog;
        let mut page = Page::default();
        match &global.what {
            What::Relation(name) => {
                let relation = place::relation(&built, name)?;
                relation::page(catalog, relation, &mut page);
            }
            What::Column(relation, name) => {
                let (relation, column) = place::column(&built, relation, name)?;
                let decl = self.declaration_of(catalog, relation);
                column::page(catalog, relation, column, decl.as_deref(), &mut page);
            }
            What::Type(name) => {
                let info = place::type_named(catalog, name)
                    .or_else(|| place::type_named(&built.replay.last, name))?;
                routine::type_page(catalog, info, &mut page);
            }
            What::Label(name, label) => {
                let info = place::type_named(catalog, name)
                    .or_else(|| place::type_named(&built.replay.last, name))?;
                routine::label_page(catalog, info, label, &mut page);
            }
            What::Function(name) => {
                let overloads = catalog.functions.get(name).or_else(|| built.replay.last.functions.get(name));
                let overloads: Vec<_> = overloads.into_iter().flatten().map(|it| &**it).collect();
                routine::functions(catalog, &overloads, &mut page)?;
            }
            What::Schema(name) => {
                page.code(&format!("schema {}", name.quoted()));
                let n_relations = catalog.relations.keys().filter(|it| it.schema == *name).count();
                page.item(&text::count(n_relations, "table or view", "tables and views"));
            }
            What::Extension(name) => {
                page.code(&format!("extension {}", name.quoted()));
                if let Some(it) = catalog.extensions.get(name) {
                    page.item(&format!("objects in schema `{}`", it.schema));
                    if !it.known {
                        page.item("what it makes is not known to Columnist");
                    }
                }
            }
            What::Constraint(relation, name) => {
                let relation = place::relation(&built, relation)?;
                relation::constraint_page(relation, name, &mut page)?;
            }
        }
        self.declared_in(global, &built, &mut page);
        self.history(global, &built, &mut page);
        Some(page)
    }

    /// The name of the Drizzle declaration of a table.
    fn declaration_of(&self, catalog: &Catalog, relation: &crate::catalog::Relation) -> Option<String> {
        let is_it = |it: &crate::catalog::Entity| matches!(it, crate::catalog::Entity::Relation(it) if it.name == relation.name && it.schema == relation.schema);
        catalog.decls.iter().filter(|it| is_it(it.1)).map(|it| it.0.name.to_string()).min()
    }

    /// The migrations that made a column and changed it.
    fn history(&self, global: &Global, built: &Built, page: &mut Page) {
        let What::Column(relation, name) = &global.what else { return };
        let Some((_, column)) = place::column(built, relation, name) else { return };
        let files = &built.replay.files;
        let mut touched: Vec<FileId> = Vec::new();
        for origin in std::iter::once(&column.origin).chain(&column.also) {
            if let Origin::Sql { file, .. } = origin
                && files.iter().any(|it| it.file == *file)
                && !touched.contains(file)
            {
                touched.push(*file);
            }
        }
        touched.sort_by_key(|file| files.iter().position(|it| it.file == *file));
        let model = self.model;
        let database = model.databases.list.get(global.database);
        let steps = database.and_then(|it| it.migrations.as_ref()).map_or(&[][..], |it| &it.steps);
        let tag = |file: &FileId| steps.iter().find(|it| it.file == *file).map(|it| it.tag.clone());
        let tags: Vec<_> = touched.iter().filter_map(tag).collect();
        let Some((made, changed)) = tags.split_first() else { return };
        let mut line = format!("created in `{made}`");
        // The first and the last ones say most.
        let n_left_out = changed.len().saturating_sub(4);
        let shown: Vec<String> = changed.iter().skip(n_left_out).map(|it| format!("`{it}`")).collect();
        if !shown.is_empty() {
            line.push_str(", altered in ");
            if n_left_out > 0 {
                line.push_str(&format!("{n_left_out} others, then "));
            }
            line.push_str(&shown.join(", "));
        }
        let has = |it: &Catalog| {
            it.relations.get(relation).is_some_and(|it| it.columns.iter().any(|it| it.name == *name))
        };
        if !has(&built.replay.last) && !has(&built.catalog) {
            let dropped = files.iter().rev().find(|it| has(&it.before)).and_then(|it| tag(&it.file));
            line.extend(dropped.map(|it| format!(", dropped in `{it}`")));
        }
        page.item(&line);
    }

    fn declared_in(&self, global: &Global, built: &Built, page: &mut Page) {
        let origin = match &global.what {
            What::Relation(name) | What::Column(name, _) => place::relation(built, name).map(|it| it.origin),
            What::Type(name) | What::Label(name, _) => built.catalog.types.named(name).map(|it| it.origin),
            What::Function(name) => {
                built.catalog.functions.get(name).and_then(|it| it.first()).map(|it| it.origin)
            }
            _ => None,
        };
        let file = match origin {
            Some(Origin::Ts { file, .. } | Origin::Sql { file, .. }) => file,
            _ => return,
        };
        if file != self.file {
            let roots = self.snap.roots();
            let path = self.snap.path(file);
            let root = roots.iter().find(|it| crate::base::path::is_within(&path, it));
            let shown = root.map_or_else(|| path.to_string(), |it| crate::base::path::relative_to(&path, it));
            page.item(&format!("declared in `{shown}`"));
        }
    }

    /// An outer join makes a NOT NULL column nullable where it is used.
    fn nullable_here(&self, unit: &SqlUnit, found: &Found, global: &Global, page: &mut Page) {
        use crate::sql::hir::ExprKind;
        let What::Column(relation, name) = &global.what else { return };
        let Some(built) = self.model.built(self.snap, global.database) else { return };
        let not_null = place::relation(&built, relation)
            .and_then(|it| it.columns.iter().find(|it| it.name == *name))
            .is_some_and(|it| it.not_null);
        let here = unit.parsed.hir.exprs.iter().enumerate().find(|(_, it)| match &it.kind {
            ExprKind::Column(name) => {
                name.last().and_then(|it| unit.placement.to_host(it.range)) == Some(found.range)
            }
            _ => false,
        });
        let nullable = here.and_then(|(idx, _)| unit.analysis.exprs.get(idx)).and_then(|it| it.nullable);
        if not_null && nullable == Some(true) {
            page.item("may be null here: it comes from the other side of an outer join");
        }
    }

    /// The schema as it is where a unit runs.
    fn catalog_at(&self, unit: &SqlUnit) -> Option<Arc<Catalog>> {
        let built = self.model.built(self.snap, unit.database)?;
        let loc = match unit.kind {
            UnitKind::Statement(loc) => loc.0,
            // The statement around it is done.
            UnitKind::Body(loc) => loc.0 + 1,
            UnitKind::Fragment(_) => return Some(Arc::clone(&built.catalog)),
        };
        let step = built.replay.files.iter().find(|it| it.file == self.file);
        let start = step.map_or(&built.catalog, |it| &it.before);
        let facts = self.snap.statements(self.file);
        let before = facts.0.statements.iter().take(loc as usize).enumerate();
        let mut ddl = before.filter(|it| matches!(it.1.parsed.hir.kind, StatementKind::Ddl(_))).peekable();
        if ddl.peek().is_none() && unit.env.is_none() {
            return Some(Arc::clone(start));
        }
        let mut catalog = Catalog::clone(start);
        for (idx, it) in ddl {
            fold::apply(&mut catalog, self.file, Loc(idx as u32), &it.parsed, &it.text);
        }
        Some(Arc::new(in_body(unit, catalog)))
    }
}

/// As the function around a unit sees it.
fn in_body(unit: &SqlUnit, catalog: Catalog) -> Catalog {
    match &unit.env {
        Some(env) => env.catalog(&catalog).into_owned(),
        None => catalog,
    }
}

#[cfg(test)]
mod tests;
