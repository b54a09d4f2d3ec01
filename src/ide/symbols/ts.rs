//! The outline of a script: what its Drizzle declarations declare, and its fragments.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::search::relation_kind;
use super::{Symbol, SymbolKind, title};
use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::{Catalog, Column, Origin, Relation, TypeKind};
use crate::db::{FileState, Snapshot};
use crate::ide::sheet;
use crate::lint::rules::origin_range;
use crate::ts::hir::{BindingKind, ExprKind, Module, Prop};

pub fn outline(snap: &Snapshot, file: FileId, state: &FileState) -> Cancellable<Vec<Symbol>> {
    let mut res = Vec::new();
    let model = snap.model();
    let declares = model.databases.list.iter().any(|it| it.schema_files.contains(&file));
    let mut places: Option<Places> = None;
    for idx in 0..model.databases.list.len() {
        snap.check()?;
        let Some(built) = model.built(snap, idx) else { continue };
        // Schema modules may import others: look for what was declared here, not for who is named in a config.
        let catalog = &built.catalog;
        if !declares && !declares_here(catalog, file) {
            continue;
        }
        let places = places.get_or_insert_with(|| Places::new(&state.module()));
        Outline { snap, file, places, catalog, acc: &mut res }.catalog();
    }
    fragments(snap, file, state, &mut res)?;
    let mut seen = rustc_hash::FxHashSet::default();
    res.retain(|it| seen.insert((it.range, it.kind, it.name.clone())));
    Ok(res)
}

fn declares_here(catalog: &Catalog, file: FileId) -> bool {
    catalog.relations.values().any(|it| is_in(it.origin, file))
        || catalog.types.by_id.iter().flatten().any(|it| is_in(it.origin, file))
}

fn is_in(origin: Origin, file: FileId) -> bool {
    matches!(origin, Origin::Ts { file: it, .. } if it == file)
}

/// Every fragment that does not stand in another.
fn fragments(snap: &Snapshot, file: FileId, state: &FileState, acc: &mut Vec<Symbol>) -> Cancellable<()> {
    let sheets = sheet::sheets(snap, file)?;
    let holes: Vec<TextRange> = sheets.iter().flat_map(|it| it.holes.iter().copied()).collect();
    for sheet in sheets.iter().filter(|it| !it.unclosed) {
        let Some(range) = sheet.fragment else { continue };
        // What stands in another fragment or in a table's declaration is part of that.
        let inside = |it: &Symbol| it.range.contains_range(range);
        if holes.iter().any(|it| it.contains_range(range)) || acc.iter().any(inside) {
            continue;
        }
        let name = title(slice(&state.text, sheet.host));
        if name.is_empty() {
            continue;
        }
        let blank = sheet.text.len() - sheet.text.trim_start().len();
        let first = sheet.text.split_whitespace().next().map_or(0.into(), TextSize::of);
        let focus = TextRange::at(sheet.host.start() + TextSize::from(blank as u32), first);
        let word = sheet.text.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
        let known =
            ["select", "insert", "update", "delete", "merge", "with", "values"].contains(&word.as_str());
        let detail = if known { word } else { "sql".to_owned() };
        acc.push(Symbol { name, detail, kind: SymbolKind::Statement, range, focus, children: Vec::new() });
    }
    Ok(())
}

/// Where declarations and properties stand, by where their names do.
struct Places {
    /// Declared name → the whole declaration.
    decls: Vec<(TextRange, TextRange)>,
    /// Start of a property's key → key and value.
    props: FxHashMap<TextSize, TextRange>,
    /// Texts of string literals, with the literals' places.
    strings: Vec<(SmolStr, TextRange)>,
}

impl Places {
    fn new(module: &Module) -> Places {
        let mut decls = Vec::new();
        for scope in &module.scopes {
            for it in &scope.bindings {
                if !matches!(it.kind, BindingKind::Import(_) | BindingKind::Param { .. }) {
                    decls.push((it.name_range, it.decl));
                }
            }
        }
        let mut props = FxHashMap::default();
        let mut strings = Vec::new();
        for expr in &module.exprs {
            if let ExprKind::String(it) = &expr.kind {
                strings.push((it.value.clone(), it.map.host));
            }
            let ExprKind::Object(fields) = &expr.kind else { continue };
            for it in fields {
                if let Prop::Field { key_range, value, .. } = it {
                    let value = module.exprs.get(value.0 as usize).map_or(*key_range, |it| it.range);
                    props.insert(key_range.start(), key_range.cover(value));
                }
            }
        }
        Places { decls, props, strings }
    }

    /// The smallest declaration around a place.
    fn decl(&self, focus: TextRange) -> TextRange {
        let around = self.decls.iter().filter(|it| it.1.contains_range(focus));
        around.map(|it| it.1).min_by_key(|it| it.len()).unwrap_or(focus)
    }

    fn prop(&self, focus: TextRange) -> TextRange {
        self.props.get(&focus.start()).copied().filter(|it| it.contains_range(focus)).unwrap_or(focus)
    }
}

struct Outline<'a> {
    snap: &'a Snapshot,
    file: FileId,
    places: &'a Places,
    catalog: &'a Catalog,
    acc: &'a mut Vec<Symbol>,
}

impl Outline<'_> {
    /// Where an entity of this file stands.
    fn focus(&self, origin: Origin) -> Option<TextRange> {
        is_in(origin, self.file).then(|| origin_range(self.snap, origin)).flatten().map(|it| it.value)
    }

    fn catalog(&mut self) {
        for relation in self.catalog.relations.values() {
            let Some(focus) = self.focus(relation.origin) else { continue };
            let range = self.places.decl(focus);
            let children = self.relation(relation, focus);
            let kind = relation_kind(relation.kind);
            let detail = match kind {
                SymbolKind::View => "view",
                SymbolKind::Sequence => "sequence",
                _ => "table",
            };
            self.push(relation.name.as_str(), detail, kind, range, focus, children);
        }
        for info in self.catalog.types.by_id.iter().flatten() {
            let (TypeKind::Enum { labels }, Some(focus)) = (&info.kind, self.focus(info.origin)) else {
                continue;
            };
            let range = self.places.decl(focus);
            // The last such string: the enum's own name comes first.
            let label = |it: &crate::catalog::EnumLabel| {
                let strings = self.places.strings.iter().rev();
                let own = strings.filter(|string| string.0 == it.label).map(|string| string.1);
                let at = own.into_iter().find(|at| range.contains_range(*at) && !at.is_empty())?;
                Some(symbol(&it.label, "", SymbolKind::EnumLabel, at, at))
            };
            let children = labels.iter().filter_map(label).collect();
            self.push(info.name.as_str(), "enum", SymbolKind::Enum, range, focus, children);
        }
        for schema in self.catalog.schemas.values() {
            if let Some(focus) = self.focus(schema.origin) {
                let range = self.places.decl(focus);
                self.push(schema.name.as_str(), "schema", SymbolKind::Schema, range, focus, Vec::new());
            }
        }
    }

    fn push(
        &mut self,
        name: &str,
        detail: &str,
        kind: SymbolKind,
        range: TextRange,
        focus: TextRange,
        children: Vec<Symbol>,
    ) {
        let mut res = symbol(name, detail, kind, range, focus);
        res.children = children;
        self.acc.push(res);
    }

    fn relation(&self, relation: &Relation, own: TextRange) -> Vec<Symbol> {
        let mut res = Vec::new();
        // What the table's own name stands for is no child of it.
        let place = |origin: Origin| self.focus(origin).filter(|it| *it != own);
        for column in &relation.columns {
            if let Some(focus) = place(column.origin) {
                let range = self.places.prop(focus);
                res.push(symbol(column.name.as_str(), &detail(column), SymbolKind::Column, range, focus));
            }
        }
        let mut add = |name: Option<&str>, kind, origin| {
            if let (Some(name), Some(focus)) = (name, place(origin))
                && !res.iter().any(|it: &Symbol| it.focus == focus)
            {
                res.push(symbol(name, "", kind, self.places.prop(focus), focus));
            }
        };
        for it in &relation.indexes {
            add(it.name.as_ref().map(|it| it.as_str()), SymbolKind::Index, it.origin);
        }
        for it in &relation.policies {
            add(Some(it.name.as_str()), SymbolKind::Policy, it.origin);
        }
        for it in relation.uniques.iter().chain(&relation.primary_key) {
            add(it.name.as_ref().map(|it| it.as_str()), SymbolKind::Constraint, it.origin);
        }
        for it in &relation.foreign_keys {
            add(it.name.as_ref().map(|it| it.as_str()), SymbolKind::Constraint, it.origin);
        }
        for it in &relation.checks {
            add(it.name.as_ref().map(|it| it.as_str()), SymbolKind::Constraint, it.origin);
        }
        res
    }
}

fn detail(column: &Column) -> SmolStr {
    let null = if column.not_null { " not null" } else { "" };
    smol_str::format_smolstr!("{}{null}", column.type_text)
}

fn symbol(name: &str, detail: &str, kind: SymbolKind, range: TextRange, focus: TextRange) -> Symbol {
    Symbol { name: name.to_owned(), detail: detail.to_owned(), kind, range, focus, children: Vec::new() }
}
