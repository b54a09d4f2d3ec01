//! Statements and renderings that were analysed, by their text: in a file that is being typed, all but one are the same
//! at the next keystroke.

use std::cell::RefCell;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::shared::Counters;
use crate::base::file::FileId;
use crate::catalog::touched::{Mentions, Touched, Words};
use crate::catalog::{Catalog, fold};
use crate::facts::Loc;
use crate::sema::body::{self, Body};
use crate::sema::{self, Analysis, Place};
use crate::sql::hir::{Ddl, StatementKind};
use crate::sql::{self, Dialect, ParsedStatement};

/// Of one file.
pub(super) type Units = FxHashMap<Key, Arc<Unit>>;

/// What the analysis of a text depends on, beside the catalog of the database.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub text: Arc<str>,
    pub database: usize,
    pub dialect: Dialect,
    /// The statements before it that changed the catalog; 0: none did.
    pub state: u64,
}

impl Key {
    /// In place of 0 where the file makes relations whose names are not known.
    pub const OPEN: u64 = 1;
    /// In place of 0 where the catalog is the one before a file of the database's history.
    pub const HISTORY: u64 = 2;
}

#[derive(Debug)]
pub(super) struct Unit {
    pub parsed: Arc<ParsedStatement>,
    pub analysis: Arc<Analysis>,
    /// The SQL inside of the function that it makes, or of the block that it is.
    pub body: Option<Arc<Body>>,
    /// It makes the catalog another one.
    changes: OnceLock<bool>,
    words: OnceLock<Words>,
}

impl Unit {
    /// What the text says, and what its problems speak of.
    pub fn add_words(&self, text: &str, acc: &mut Words) {
        acc.add(text);
        let related = self.analyses().flat_map(|it| &it.problems).flat_map(|it| &it.related);
        related.for_each(|it| acc.add(&it.message));
    }

    /// The statement's, and those of what its body holds.
    pub fn analyses(&self) -> impl Iterator<Item = &Analysis> {
        let body = self.body.iter().flat_map(|it| &it.pieces).map(|it| &*it.analysis);
        std::iter::once(&*self.analysis).chain(body)
    }

    /// Applies the statement to `catalog`, unless it is known that it changes nothing.
    pub fn apply(&self, catalog: &mut Catalog, apply: impl FnOnce(&mut Catalog)) -> bool {
        match self.changes.get() {
            Some(false) => false,
            Some(true) => {
                apply(catalog);
                true
            }
            None => {
                let before = catalog.clone();
                apply(catalog);
                *self.changes.get_or_init(|| !is_same(&before, catalog))
            }
        }
    }
}

/// The problems point at declarations, or suggest names.
pub(super) fn points(analysis: &Analysis) -> bool {
    let related = analysis.problems.iter().flat_map(|it| &it.related);
    related.into_iter().any(|it| matches!(it.place, Place::Origin(_)))
}

pub(super) fn suggests(analysis: &Analysis) -> bool {
    analysis.problems.iter().any(|it| it.code.name.starts_with("undefined") || it.hint.is_some())
}

fn is_same(a: &Catalog, b: &Catalog) -> bool {
    Arc::ptr_eq(&a.schemas, &b.schemas)
        && Arc::ptr_eq(&a.relations, &b.relations)
        && Arc::ptr_eq(&a.types.by_id, &b.types.by_id)
        && Arc::ptr_eq(&a.types.by_name, &b.types.by_name)
        && Arc::ptr_eq(&a.functions, &b.functions)
        && Arc::ptr_eq(&a.extensions, &b.extensions)
        && Arc::ptr_eq(&a.casts, &b.casts)
        && Arc::ptr_eq(&a.objects, &b.objects)
        && a.search_path == b.search_path
        && a.session == b.session
        && a.gaps == b.gaps
}

/// What an analysis of a file takes from the one before, and leaves to the next.
pub(super) struct Reuse<'a> {
    old: Option<&'a Units>,
    /// By database: what its catalog has changed since; nothing for those that are not comparable.
    touched: FxHashMap<usize, Vec<Arc<Touched>>>,
    new: RefCell<Units>,
    counters: &'a Counters,
}

impl<'a> Reuse<'a> {
    pub fn new(
        old: Option<&'a Units>,
        touched: FxHashMap<usize, Vec<Arc<Touched>>>,
        counters: &'a Counters,
    ) -> Reuse<'a> {
        Reuse { old, touched, new: RefCell::default(), counters }
    }

    pub fn finish(self) -> Units {
        self.new.into_inner()
    }

    /// The analysis of a text; `parsed`: its tree, where it is known; `at`: where it stands in a SQL file, whose bodies
    /// are looked into.
    pub fn unit(
        &self,
        key: Key,
        catalog: &Catalog,
        parsed: Option<&Arc<ParsedStatement>>,
        at: Option<(FileId, Loc)>,
    ) -> (Arc<str>, Arc<Unit>) {
        if let Some((known, unit)) = self.new.borrow().get_key_value(&key) {
            return (Arc::clone(&known.text), Arc::clone(unit));
        }
        let old = self.old.and_then(|it| it.get_key_value(&key));
        if let Some((known, unit)) = old
            && let Some(touched) = self.touched.get(&key.database)
            && !is_concerned(touched, unit, &key.text)
        {
            let text = Arc::clone(&known.text);
            self.new.borrow_mut().insert(Key { text: Arc::clone(&text), ..key }, Arc::clone(unit));
            return (text, Arc::clone(unit));
        }
        self.counters.statements.fetch_add(1, Ordering::Relaxed);
        let parsed = match (parsed, old) {
            (Some(parsed), _) => Arc::clone(parsed),
            // What an older server reads otherwise is another tree for another server.
            (None, Some((_, unit))) if !matches!(unit.parsed.hir.kind, StatementKind::Other(_)) => {
                Arc::clone(&unit.parsed)
            }
            (None, _) => Arc::new(sql::parse_statement(&key.text, key.dialect)),
        };
        let is_read = parsed.error.is_none();
        let parsed = sql::older::read(parsed, &key.text, catalog.old_version());
        let ctx = sema::Context { catalog, params: &[], variables: &[] };
        let mut analysis = sema::analyze(ctx, &parsed.hir, &key.text);
        if is_read && parsed.error.is_some() {
            // Only the newest server would come so far.
            analysis.problems.clear();
        }
        if let Some(error) = &parsed.error {
            // One cause, one problem: an expression that the error stands in, or ends.
            let at = error.range.start();
            analysis.problems.retain(|it| !(it.range.start() <= at && at <= it.range.end()));
        }
        let analysis = Arc::new(analysis);
        let body = at.and_then(|at| body_of(catalog, &parsed, &key.text, at)).map(Arc::new);
        let (changes, words) = Default::default();
        let unit = Arc::new(Unit { parsed, analysis, body, changes, words });
        let text = Arc::clone(&key.text);
        self.new.borrow_mut().insert(key, Arc::clone(&unit));
        (text, unit)
    }
}

/// The body of a statement, read with the catalog as the statement leaves it: a function can call itself.
fn body_of(catalog: &Catalog, parsed: &ParsedStatement, text: &str, at: (FileId, Loc)) -> Option<Body> {
    let StatementKind::Ddl(ddl) = &parsed.hir.kind else { return None };
    let at_once = match &**ddl {
        Ddl::CreateFunction(it) if it.body.is_some() => false,
        Ddl::Do { .. } => true,
        _ => return None,
    };
    let mut after = catalog.clone();
    fold::apply(&mut after, at.0, at.1, parsed, text);
    let mut res = body::read(&after, &parsed.hir, text)?;
    if at_once && res.has_problems() {
        // What a block makes is there only behind it, what it takes away only before.
        res.agree(body::read(catalog, &parsed.hir, text).as_ref());
    }
    Some(res)
}

fn is_concerned(touched: &[Arc<Touched>], unit: &Unit, text: &str) -> bool {
    if touched.is_empty() {
        return false;
    }
    let words = unit.words.get_or_init(|| {
        let mut res = Words::default();
        unit.add_words(text, &mut res);
        res
    });
    let mentions =
        Mentions { words, suggests: unit.analyses().any(suggests), points: unit.analyses().any(points) };
    touched.iter().any(|it| it.concerns(&mentions))
}
