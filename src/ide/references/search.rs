//! Looks through the workspace for the names of database objects: text first, trees only where the text has them.

use memchr::memmem::Finder;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Use, words};
use crate::base::cancel::Cancellable;
use crate::base::file::{FileId, InFile};
use crate::catalog::build::Built;
use crate::catalog::{Entity, QualifiedName};
use crate::db::{FileKind, Model, Snapshot, UnitKind};
use crate::embed::Piece;
use crate::ide::NavPlace;
use crate::ide::entity::{self, Global, What, history::Renames, names, place, script};
use crate::project::Workspace;
use crate::project::eval::DeclRef;
use crate::sql::Ident;

/// What is looked for in one database.
struct Query {
    database: usize,
    built: std::sync::Arc<Built>,
    whats: FxHashSet<What>,
    renames: Renames,
    /// A SQL file or fragment that has none of these has no use.
    sql: Vec<Finder<'static>>,
    /// A script that has none of these words (keys and names of declarations) has no mention.
    script: Vec<Finder<'static>>,
    script_words: FxHashSet<SmolStr>,
    /// A script that cannot mean any of these declarations, and has none of them itself, has no mention.
    decls: Vec<(FileId, Finder<'static>)>,
    /// Files that hold declarations themselves: a column's may stand apart from its table's.
    homes: FxHashSet<FileId>,
}

/// Every use and declaration of the entities, unsorted.
pub fn search(snap: &Snapshot, globals: &[Global], only: Option<FileId>) -> Cancellable<Vec<Use>> {
    let model = snap.model();
    let mut queries: Vec<Query> = Vec::new();
    let mut res: Vec<Use> = Vec::new();
    for global in globals {
        let mut homes: Vec<FileId> = Vec::new();
        for declared in place::declared(snap, &model, global) {
            if let NavPlace::File { focus, .. } = declared.target.place {
                homes.push(focus.file);
                if only.is_none_or(|it| it == focus.file) {
                    res.push(Use { at: focus, declaration: true, write: false });
                }
            }
        }
        match queries.iter_mut().find(|it| it.database == global.database) {
            Some(query) => {
                query.add(&global.what);
                query.homes.extend(homes);
            }
            None => {
                if let Some(mut query) = Query::new(snap, &model, global.database) {
                    query.add(&global.what);
                    query.homes.extend(homes);
                    queries.push(query);
                }
            }
        }
    }
    let files = match only {
        Some(file) => vec![file],
        None => {
            snap.prepare();
            snap.all_files()
        }
    };
    snap.check()?;
    let in_file = |file: &FileId| -> Cancellable<Vec<Use>> {
        let mut res = Vec::new();
        for query in &queries {
            snap.check()?;
            query.file(snap, &model, *file, &mut res)?;
        }
        Ok(res)
    };
    let found: Cancellable<Vec<Vec<Use>>> = if files.len() > 1 {
        files.par_iter().map(in_file).collect()
    } else {
        files.iter().map(in_file).collect()
    };
    res.extend(found?.into_iter().flatten());
    Ok(res)
}

fn finder(word: &str) -> Finder<'static> {
    Finder::new(word).into_owned()
}

impl Query {
    fn new(snap: &Snapshot, model: &Model, database: usize) -> Option<Query> {
        Some(Query {
            database,
            built: model.built(snap, database)?,
            whats: FxHashSet::default(),
            renames: Renames::new(snap, model, database),
            sql: Vec::new(),
            script: Vec::new(),
            script_words: FxHashSet::default(),
            decls: Vec::new(),
            homes: FxHashSet::default(),
        })
    }

    fn add(&mut self, what: &What) {
        for it in self.renames.ever(what) {
            self.sql.push(finder(&it.name()));
        }
        match what {
            What::Relation(name) | What::Type(name) => {
                for word in self.declared_as(name) {
                    self.script_word(word);
                }
            }
            What::Column(table, name) => {
                let column = place::relation(&self.built, table)
                    .and_then(|it| it.columns.iter().find(|it| it.name == *name));
                if let Some(key) = column.and_then(|it| it.key.clone()) {
                    self.script_word(key);
                    self.declared_as(table);
                }
            }
            What::Label(ty, label) => {
                self.script_word(label.clone());
                // A label is written beside a column of the enum, or as its value.
                let of_it = |it: &crate::catalog::Column| {
                    let id = it.ty.map(|it| it.id);
                    id.is_some() && id == self.built.catalog.types.id(ty)
                };
                let tables: Vec<QualifiedName> = self
                    .built
                    .catalog
                    .relations
                    .iter()
                    .filter(|(_, it)| it.columns.iter().any(of_it))
                    .map(|it| it.0.clone())
                    .collect();
                for table in tables {
                    self.declared_as(&table);
                }
            }
            What::Schema(name) => {
                let decls = self.built.catalog.decls.iter();
                let of_it = decls.filter(|it| matches!(it.1, Entity::Schema(it) if it == name));
                let decls: Vec<DeclRef> = of_it.map(|it| it.0.clone()).collect();
                for decl in decls {
                    self.script_word(decl.name.clone());
                    self.decls.push((decl.file, finder(&decl.name)));
                }
            }
            What::Function(_) | What::Extension(_) | What::Constraint(..) => {}
        }
        self.whats.insert(what.clone());
    }

    fn script_word(&mut self, word: SmolStr) {
        self.script.push(finder(&word));
        self.script_words.insert(word);
    }

    /// Takes note of the declarations of a relation or enum; their names.
    fn declared_as(&mut self, name: &QualifiedName) -> Vec<SmolStr> {
        let decls = self.built.catalog.decls.iter();
        let of_it = decls.filter(
            |it| matches!(it.1, Entity::Relation(it) | Entity::Enum(it) | Entity::Sequence(it) if it == name),
        );
        let decls: Vec<DeclRef> = of_it.map(|it| it.0.clone()).collect();
        for decl in &decls {
            self.decls.push((decl.file, finder(&decl.name)));
        }
        decls.into_iter().map(|it| it.name).collect()
    }

    fn file(&self, snap: &Snapshot, model: &Model, file: FileId, acc: &mut Vec<Use>) -> Cancellable<()> {
        let path = snap.path(file);
        let kind = match FileKind::of(&path) {
            Some(FileKind::Data) | None => return Ok(()),
            Some(kind) => kind,
        };
        let Some(text) = snap.text(file) else { return Ok(()) };
        let is_script = matches!(kind, FileKind::Script(_));
        if self.has_sql(&text) && (!is_script || self.in_fragments(snap, file)) {
            self.units(snap, file, acc)?;
        }
        let has_word = || self.script.iter().any(|it| words::has_word(&text, it));
        let is_meant = || {
            self.homes.contains(&file)
                || self.decls.iter().any(|(home, it)| *home == file || words::may_mention(&text, it))
        };
        if is_script && has_word() && is_meant() {
            let wanted = script::Wanted { whats: &self.whats, words: &self.script_words };
            let ours = script::databases(snap, model, file).contains(&self.database);
            if ours {
                for it in script::mentions(snap, model, file, self.database, &wanted) {
                    acc.push(Use { at: InFile::new(file, it.range), declaration: false, write: it.write });
                }
            }
        }
        Ok(())
    }

    /// Whether the literal text of a script's fragments has one of the words.
    fn in_fragments(&self, snap: &Snapshot, file: FileId) -> bool {
        let Some(state) = snap.state(file).filter(|it| it.may_hold_fragments()) else { return false };
        let fragments = state.fragments();
        let mut pieces = fragments.iter().flat_map(|it| &it.pieces);
        pieces.any(|it| matches!(it, Piece::Text { text, .. } if self.has_sql(text)))
    }

    /// Unquoted names are written in any case.
    fn has_sql(&self, text: &str) -> bool {
        let exact = |it: &Finder<'_>| it.find(text.as_bytes()).is_some();
        self.sql.iter().any(|it| exact(it) || has_folded(text.as_bytes(), it.needle()))
    }

    fn units(&self, snap: &Snapshot, file: FileId, acc: &mut Vec<Use>) -> Cancellable<()> {
        let analysis = snap.analysis(file)?;
        for unit in analysis.units.iter().filter(|it| it.database == self.database) {
            if !self.has_sql(&unit.text) {
                continue;
            }
            for (host, name) in entity::host_names(&self.built, unit, file) {
                let names::Named::Global(what) = name.named else { continue };
                let what = match unit.kind {
                    UnitKind::Statement(loc) | UnitKind::Body(loc) => {
                        self.renames.today(file, loc, name.declares, what)
                    }
                    UnitKind::Fragment(_) => what,
                };
                if self.whats.contains(&what) {
                    acc.push(Use { at: InFile::new(file, host), declaration: false, write: name.write });
                }
            }
        }
        Ok(())
    }
}

/// Whether `text` has `needle` in other letters' case. Only names in lower case are written so.
fn has_folded(text: &[u8], needle: &[u8]) -> bool {
    let Some(&first) = needle.first() else { return false };
    let is_folded = std::str::from_utf8(needle).is_ok_and(|it| Ident::from_source(it).as_str() == it);
    if !is_folded || !first.is_ascii_lowercase() {
        return false;
    }
    memchr::memchr_iter(first.to_ascii_uppercase(), text)
        .any(|at| text.get(at..at + needle.len()).is_some_and(|it| it.eq_ignore_ascii_case(needle)))
}
