//! Objects that are defined by a list of options: collations, text search, base types, publications
//! (`DefineCollation`, `DefineTSConfiguration`, `DefineType`, `CreatePublication`).

use crate::base::text::TextRange;
use crate::catalog::{QualifiedName, RelationKind, TypeKind, lookup, pg};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{Define, Setting};
use crate::sql::hir::{Name, QName};

use super::super::binder::Binder;
use super::name::{at, new_name};

/// Option names are compared without regard to case only where the grammar has folded them.
pub(super) fn named<'s>(options: &'s [Setting], name: &str) -> Option<&'s Setting> {
    options.iter().find(|it| it.name.last().is_some_and(|it| it.ident.as_str() == name))
}

/// The name that an option's value is, each part as written.
pub(super) fn path(option: &Setting) -> Option<QName> {
    let text = option.value.as_deref()?;
    let plain = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    let parts: Vec<Name> = text
        .split('.')
        .map(|it| plain(it).then(|| Name { ident: Ident::from_source(it), range: option.value_range }))
        .collect::<Option<_>>()?;
    Some(QName { parts })
}

impl<'a> Binder<'a> {
    pub fn define(&mut self, made: &'a Define) {
        if self.missing_schema(&made.name, false) {
            return;
        }
        match made.kind {
            "COLLATION" => self.define_collation(made),
            _ => self.define_text_search(made),
        }
    }

    fn define_collation(&mut self, made: &'a Define) {
        const KNOWN: [&str; 8] =
            ["from", "locale", "lc_collate", "lc_ctype", "provider", "deterministic", "rules", "version"];
        if let Some(from) = &made.from {
            if self.missing_collation(from, at(from), false) {
                return;
            }
            if from.last().is_some_and(|it| it.ident.as_str() == "default") {
                let message = "collation \"default\" cannot be copied";
                self.report(code::INVALID_OBJECT_DEFINITION, at(from), message);
                return;
            }
        }
        if self.unknown_option(&made.options, &KNOWN, |it| {
            format!("collation attribute \"{it}\" not recognized")
        }) {
            return;
        }
        if self.redundant(&made.options, at(&made.name)) {
            return;
        }
        let mut provider = "libc".to_owned();
        if let Some(option) = named(&made.options, "provider") {
            let value = option.value.as_deref().unwrap_or("");
            provider = value.to_ascii_lowercase();
            if !matches!(provider.as_str(), "builtin" | "icu" | "libc") {
                let message = format!("unrecognized collation provider: {value}");
                self.report(code::INVALID_OBJECT_DEFINITION, option.value_range, message);
                return;
            }
        }
        let lacking = |name: &str| named(&made.options, name).is_none();
        if made.from.is_none() && lacking("locale") && lacking("from") && self.is_exact() {
            let needed = match provider.as_str() {
                "libc" => ["lc_collate", "lc_ctype"].into_iter().find(|it| lacking(it)),
                _ => Some("locale"),
            };
            if let Some(needed) = needed {
                let message = format!("parameter \"{needed}\" must be specified");
                self.report(code::INVALID_OBJECT_DEFINITION, at(&made.name), message);
                return;
            }
        }
        if !made.if_not_exists && self.object_taken("COLLATION", &made.name, "") {
            return;
        }
        let system = made.name.schema().is_some_and(|it| it.ident.as_str() == "pg_catalog");
        let Some(last) = made.name.last() else { return };
        if system && !made.if_not_exists && pg::collation_exists(last.ident.as_str()) {
            let message = format!("collation \"{}\" already exists", last.ident);
            self.report(code::DUPLICATE_OBJECT, at(&made.name), message);
        }
    }

    /// An option of a collation that is there twice, or says what another has said.
    fn redundant(&mut self, options: &[Setting], place: TextRange) -> bool {
        let name = |it: &Setting| it.name.last().map(|it| it.ident.clone());
        let twice = options
            .iter()
            .enumerate()
            .find(|(idx, it)| options.iter().take(*idx).any(|other| name(other) == name(it)))
            .map(|it| it.1.name.range().unwrap_or(it.1.value_range));
        let has = |it: &str| named(options, it).is_some();
        let both =
            has("locale") && (has("lc_collate") || has("lc_ctype")) || has("from") && options.len() > 1;
        let at = twice.or(both.then_some(place));
        if let Some(at) = at {
            self.report(code::SYNTAX_ERROR, at, "conflicting or redundant options");
        }
        at.is_some()
    }

    /// Reports the first option that is none of these.
    pub(super) fn unknown_option(
        &mut self,
        options: &[Setting],
        known: &[&str],
        message: impl Fn(&Ident) -> String,
    ) -> bool {
        let found = options.iter().filter_map(|it| it.name.last()).find(|it| {
            !known.contains(&it.ident.as_str()) && !it.ident.is_dynamic() && !it.ident.as_str().is_empty()
        });
        if let Some(name) = found {
            self.report(code::SYNTAX_ERROR, name.range, message(&name.ident));
        }
        found.is_some()
    }

    /// CREATE TYPE without AS: a shell, or a base type, which needs its shell.
    pub fn create_shell_type(&mut self, name: &QName, options: Option<&[Setting]>) {
        let Some(full) = new_name(self.catalog, name, false) else { return };
        if self.missing_schema(name, false) {
            return;
        }
        if let Some(relation) = self.catalog.relations.get(&full) {
            let certain = self.is_certain(relation.origin);
            if relation.kind != RelationKind::Sequence && certain {
                let message = format!("type \"{}\" already exists", full.name);
                self.report(code::DUPLICATE_OBJECT, at(name), message);
            }
            return;
        }
        let existing = self.catalog.types.named(&full).map(|it| (it.kind.clone(), it.origin));
        match existing {
            Some((TypeKind::Opaque, _)) => {
                let Some(id) = self.catalog.types.id(&full).filter(|it| self.is_shell(*it)) else { return };
                match options {
                    Some(options) => self.base_type(name, id, options),
                    None => {
                        let message = format!("type \"{}\" already exists", full.name);
                        self.report(code::DUPLICATE_OBJECT, at(name), message);
                    }
                }
            }
            Some((TypeKind::Array, _)) => {}
            Some(_) => {
                self.type_taken(&full, at(name));
            }
            None if options.is_some() => {
                let gaps = &self.catalog.gaps;
                let unknown = gaps.types
                    || !self.is_exact()
                    || !self.sees_relations()
                    || gaps.named.contains(&full.name)
                    || pg::ext::with_type(full.name.as_str())
                        .any(|it| lookup::may_be_installed(self.catalog, None, it));
                if !unknown {
                    let message = format!("type \"{}\" does not exist", full.name);
                    self.report(code::DUPLICATE_OBJECT, at(name), message).hint(
                        "Create the type as a shell type, then create its I/O functions, then do a full CREATE TYPE.",
                    );
                }
            }
            None => {}
        }
    }

    /// `cannot open relation "x"`: an index where a table must be.
    pub fn cannot_open(&mut self, name: &QName) {
        let Some(last) = name.last().filter(|_| self.is_exact()) else { return };
        let message = format!("cannot open relation \"{}\"", last.ident);
        self.report(code::WRONG_OBJECT_TYPE, at(name), message)
            .hint("This operation is not supported for indexes.");
    }

    /// The full names of the tables that a relation is a partition of, at any depth.
    pub fn partitioned_parents(&self, relation: &crate::catalog::Relation) -> Vec<QualifiedName> {
        let mut res: Vec<QualifiedName> = Vec::new();
        let mut parents = relation.parents.clone();
        while let Some(parent) = parents.pop() {
            let Some(found) = self.catalog.relations.get(&parent) else { continue };
            if found.kind == RelationKind::PartitionedTable && !res.contains(&parent) && res.len() < 64 {
                parents.extend(found.parents.iter().cloned());
                res.push(parent);
            }
        }
        res
    }
}
