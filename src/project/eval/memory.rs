//! What evaluation has found out, and what of the workspace each finding rests on, so that it outlives edits that
//! touch none of it.
//!
//! The states of a workspace that evaluators work on are numbered one after the other: *epochs*. A finding of an
//! earlier epoch holds in a later one when nothing it rests on has changed in between; the [`Log`] knows what has.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use smol_str::SmolStr;

use super::module::{Module, Stars, Target};
use super::{DeclRef, Value};
use crate::base::file::FileId;
use crate::base::memo::Memo;
use crate::facts::ts::{Decl, Export, Import, TsFacts};

/// One thing that a file says: its number in the upper half, what of it in the lower. Two things may share a number:
/// then one's change counts as the other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dep(u64);

impl Dep {
    /// What a script imports, exports and declares, by name; not what is declared.
    pub fn shape(file: FileId) -> Dep {
        Dep::new(file, 0)
    }

    /// All facts of a script.
    pub fn facts(file: FileId) -> Dep {
        Dep::new(file, 1)
    }

    pub fn text(file: FileId) -> Dep {
        Dep::new(file, 2)
    }

    /// The statements of a SQL file.
    pub fn sql(file: FileId) -> Dep {
        Dep::new(file, 3)
    }

    /// What [`crate::project::database::Hints`] says of a file.
    pub fn hints(file: FileId) -> Dep {
        Dep::new(file, 4)
    }

    /// Whether a script declares, imports or exports a name, and how.
    pub fn link(file: FileId, name: &str) -> Dep {
        Dep::named(file, name, 0)
    }

    /// What a script's declaration is.
    pub fn value(file: FileId, name: &str) -> Dep {
        Dep::named(file, name, 1)
    }

    /// What a script's interface or type alias is.
    pub fn ty(file: FileId, name: &str) -> Dep {
        Dep::named(file, name, 2)
    }

    fn named(file: FileId, name: &str, which: u32) -> Dep {
        let mut hasher = FxHasher::default();
        (name, which).hash(&mut hasher);
        let hash = hasher.finish();
        Dep::new(file, (((hash >> 32) ^ hash) as u32) | 16)
    }

    fn new(file: FileId, what: u32) -> Dep {
        Dep((u64::from(file.0) << 32) | u64::from(what))
    }
}

/// What a finding rests on: sorted, each once.
#[derive(Debug, Clone, Default)]
pub struct Deps(Arc<[Dep]>);

impl Deps {
    pub fn new(mut list: Vec<Dep>) -> Deps {
        list.sort_unstable();
        list.dedup();
        Deps(list.into())
    }

    pub fn contains(&self, dep: Dep) -> bool {
        self.0.binary_search(&dep).is_ok()
    }

    pub fn iter(&self) -> impl Iterator<Item = Dep> + '_ {
        self.0.iter().copied()
    }

    fn of(&self, file: FileId) -> &[Dep] {
        let first = self.0.partition_point(|it| *it < Dep::new(file, 0));
        let rest = self.0.get(first..).unwrap_or_default();
        let end = rest.partition_point(|it| *it <= Dep::new(file, u32::MAX));
        rest.get(..end).unwrap_or_default()
    }
}

/// What has changed, and in which epoch last. Bounded by the number of files that were ever changed.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// The last changed one last.
    files: Vec<FileChanges>,
}

#[derive(Debug, Clone)]
struct FileChanges {
    file: FileId,
    /// The last epoch of all below.
    last: u64,
    /// The epoch in which everything of it changed, as far as is known.
    whole: u64,
    parts: Arc<FxHashMap<Dep, u64>>,
}

impl Log {
    /// Parts of a file that are remembered one by one.
    const MAX_PARTS: usize = 4_096;

    /// `changed`: `None`, everything.
    pub fn record(&mut self, epoch: u64, file: FileId, changed: Option<&[Dep]>) {
        let at = self.files.iter().position(|it| it.file == file);
        let mut entry = match at {
            Some(at) => self.files.remove(at),
            None => FileChanges { file, last: 0, whole: 0, parts: Arc::default() },
        };
        entry.last = epoch;
        match changed {
            Some(changed) if entry.parts.len() + changed.len() <= Log::MAX_PARTS => {
                Arc::make_mut(&mut entry.parts).extend(changed.iter().map(|it| (*it, epoch)));
            }
            _ => {
                entry.whole = epoch;
                entry.parts = Arc::default();
            }
        }
        self.files.push(entry);
    }

    /// Whether something of `deps` has changed after the epoch `since`.
    pub fn touches(&self, deps: &Deps, since: u64) -> bool {
        self.files.iter().rev().take_while(|it| it.last > since).any(|it| {
            let of_it = deps.of(it.file);
            !of_it.is_empty()
                && (it.whole > since
                    || of_it.iter().any(|dep| it.parts.get(dep).is_some_and(|epoch| *epoch > since)))
        })
    }

    /// Whether one thing has changed after the epoch `since`.
    pub fn touches_one(&self, file: FileId, dep: Dep, since: u64) -> bool {
        let entry = self.files.iter().find(|it| it.file == file);
        entry.is_some_and(|it| it.whole > since || it.parts.get(&dep).is_some_and(|epoch| *epoch > since))
    }
}

/// What differs between two texts' facts of one script.
pub fn differences(file: FileId, old: &TsFacts, new: &TsFacts, acc: &mut Vec<Dep>) {
    if old == new {
        return;
    }
    acc.push(Dep::facts(file));
    let same_shape = old.imports == new.imports
        && old.decls.iter().map(|it| &it.name).eq(new.decls.iter().map(|it| &it.name))
        && old.exports.iter().map(outline).eq(new.exports.iter().map(outline))
        && old.type_exports == new.type_exports;
    if !same_shape {
        acc.push(Dep::shape(file));
    }
    for ty in old.types.iter().filter(|it| !new.types.contains(it)) {
        acc.push(Dep::ty(file, &ty.name));
    }
    for ty in new.types.iter().filter(|it| !old.types.contains(it)) {
        acc.push(Dep::ty(file, &ty.name));
    }
    let (old, new) = (named(old), named(new));
    let none = Named::default();
    for name in old.keys().chain(new.keys().filter(|it| !old.contains_key(*it))) {
        let (old, new) = (old.get(name).unwrap_or(&none), new.get(name).unwrap_or(&none));
        if old.decl != new.decl || old.default != new.default {
            acc.push(Dep::value(file, name));
        }
        let same = old.decl.is_some() == new.decl.is_some()
            && old.import == new.import
            && old.export.map(outline) == new.export.map(outline);
        if !same {
            acc.push(Dep::link(file, name));
        }
    }
}

/// What a module says of one name.
#[derive(Default)]
struct Named<'a> {
    decl: Option<&'a Decl>,
    import: Option<&'a Import>,
    export: Option<&'a Export>,
    /// The expression of `export default`.
    default: Option<&'a Export>,
}

fn named(facts: &TsFacts) -> FxHashMap<&str, Named<'_>> {
    let mut res: FxHashMap<&str, Named<'_>> = FxHashMap::default();
    for decl in &facts.decls {
        res.entry(&decl.name).or_default().decl = Some(decl);
    }
    for import in &facts.imports {
        res.entry(&import.local).or_default().import = Some(import);
    }
    for export in &facts.exports {
        match export {
            Export::Local { name, .. } | Export::From { as_: name, .. } => {
                res.entry(name).or_default().export = Some(export);
            }
            Export::Default(_) => {
                let entry = res.entry(super::module::DEFAULT).or_default();
                (entry.export, entry.default) = (Some(export), Some(export));
            }
            Export::All { .. } => {}
        }
    }
    res
}

/// An export without the expression that a default one has.
fn outline(export: &Export) -> Option<&Export> {
    match export {
        Export::Default(_) => None,
        other => Some(other),
    }
}

/// A finding, what it rests on, and the last epoch in which it was known to hold.
#[derive(Debug, Default)]
pub(super) struct Finding<V> {
    pub value: V,
    pub deps: Deps,
    epoch: AtomicU64,
}

/// All that a module exports, by name.
pub(super) type Whole = Vec<(SmolStr, Value)>;

/// The findings of all epochs, the newest for each question.
#[derive(Default)]
struct Tables {
    modules: Memo<FileId, Module>,
    decls: Memo<DeclRef, Finding<Value>>,
    exports: Memo<DeclRef, Finding<Option<Target>>>,
    stars: Memo<FileId, Finding<Stars>>,
    /// All that a module exports.
    wholes: Memo<FileId, Finding<Whole>>,
}

/// What evaluators of one state of one workspace have found out, and what still holds of what those before found.
#[derive(Default)]
pub struct Memory {
    tables: Arc<Tables>,
    epoch: u64,
    log: Log,
    n_evaluated: Arc<AtomicU64>,
}

impl Memory {
    /// The next epoch, of which nothing is known yet.
    pub fn renewed(&self) -> Memory {
        Memory { epoch: self.epoch + 1, n_evaluated: Arc::clone(&self.n_evaluated), ..Memory::default() }
    }

    /// The next epoch, after the changes that `record` writes down.
    pub fn next(&self, record: impl FnOnce(u64, &mut Log)) -> Memory {
        let epoch = self.epoch + 1;
        let mut log = self.log.clone();
        record(epoch, &mut log);
        Memory { tables: Arc::clone(&self.tables), epoch, log, n_evaluated: Arc::clone(&self.n_evaluated) }
    }

    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Declarations that were evaluated so far.
    pub fn n_evaluated(&self) -> u64 {
        self.n_evaluated.load(Ordering::Relaxed)
    }

    /// Findings that are kept.
    pub fn len(&self) -> usize {
        let Tables { modules, decls, exports, stars, wholes } = &*self.tables;
        modules.len() + decls.len() + exports.len() + stars.len() + wholes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets what no longer holds, and the names that nobody exports.
    pub fn sweep(&self) {
        self.tables.decls.retain_values(|_, it| self.holds(it));
        self.tables.exports.retain_values(|_, it| it.value.is_some() && self.holds(it));
        self.tables.stars.retain_values(|_, it| self.holds(it));
        self.tables.wholes.retain_values(|_, it| self.holds(it));
    }

    fn holds<V>(&self, finding: &Finding<V>) -> bool {
        let epoch = finding.epoch.load(Ordering::Relaxed);
        if epoch == self.epoch {
            return true;
        }
        // What a later state has found out says nothing about this one.
        if epoch > self.epoch || self.log.touches(&finding.deps, epoch) {
            return false;
        }
        finding.epoch.fetch_max(self.epoch, Ordering::Relaxed);
        true
    }

    fn get<K: Eq + Hash + Clone, V>(&self, table: &Memo<K, Finding<V>>, key: &K) -> Option<Arc<Finding<V>>> {
        table.get(key).filter(|it| self.holds(it))
    }

    fn put<K: Eq + Hash + Clone, V>(
        &self,
        table: &Memo<K, Finding<V>>,
        key: &K,
        value: V,
        deps: Deps,
    ) -> Arc<Finding<V>> {
        let finding = Arc::new(Finding { value, deps, epoch: AtomicU64::new(self.epoch) });
        let newer = |it: &Arc<Finding<V>>| it.epoch.load(Ordering::Relaxed) > self.epoch;
        if !table.get(key).is_some_and(|it| newer(&it)) {
            table.put(key, Arc::clone(&finding));
        }
        finding
    }

    pub(super) fn module(&self, file: FileId) -> Option<Arc<Module>> {
        self.tables.modules.get(&file)
    }

    pub(super) fn put_module(&self, file: FileId, module: Arc<Module>) {
        self.tables.modules.put(&file, module);
    }

    pub(super) fn decl(&self, key: &DeclRef) -> Option<Arc<Finding<Value>>> {
        self.get(&self.tables.decls, key)
    }

    pub(super) fn put_decl(&self, key: &DeclRef, value: Value, deps: Deps) {
        self.put(&self.tables.decls, key, value, deps);
    }

    pub(super) fn count_evaluation(&self) {
        self.n_evaluated.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn export(&self, key: &DeclRef) -> Option<Arc<Finding<Option<Target>>>> {
        self.get(&self.tables.exports, key)
    }

    pub(super) fn put_export(&self, key: &DeclRef, value: Option<Target>, deps: Deps) {
        self.put(&self.tables.exports, key, value, deps);
    }

    pub(super) fn whole(&self, key: FileId) -> Option<Arc<Finding<Whole>>> {
        self.get(&self.tables.wholes, &key)
    }

    pub(super) fn put_whole(&self, key: FileId, value: Whole, deps: Deps) -> Arc<Finding<Whole>> {
        self.put(&self.tables.wholes, &key, value, deps)
    }

    pub(super) fn stars(&self, key: FileId) -> Option<Arc<Finding<Stars>>> {
        self.get(&self.tables.stars, &key)
    }

    pub(super) fn put_stars(&self, key: FileId, value: Stars, deps: Deps) -> Arc<Finding<Stars>> {
        self.put(&self.tables.stars, &key, value, deps)
    }
}

/// Writes down what is read, for each finding that is being made.
pub(super) struct Tracker(RefCell<Vec<Frame>>);

#[derive(Default)]
struct Frame {
    own: FxHashSet<Dep>,
    /// What other findings rest on that were used, by address.
    used: FxHashMap<usize, Deps>,
}

impl Frame {
    fn deps(&self) -> Deps {
        let used = self.used.values().flat_map(|it| it.0.iter());
        Deps::new(self.own.iter().chain(used).copied().collect())
    }

    fn add(&mut self, deps: &Deps) {
        if !deps.0.is_empty() {
            self.used.entry(Arc::as_ptr(&deps.0).cast::<Dep>() as usize).or_insert_with(|| deps.clone());
        }
    }
}

impl Default for Tracker {
    fn default() -> Self {
        Tracker(RefCell::new(vec![Frame::default()]))
    }
}

impl Tracker {
    pub fn note(&self, dep: Dep) {
        if let Some(frame) = self.0.borrow_mut().last_mut() {
            frame.own.insert(dep);
        }
    }

    /// A finding is used.
    pub fn used(&self, deps: &Deps) {
        if let Some(frame) = self.0.borrow_mut().last_mut() {
            frame.add(deps);
        }
    }

    /// A finding begins to be made.
    pub fn enter(&self) {
        self.0.borrow_mut().push(Frame::default());
    }

    /// It is made: what it rests on.
    pub fn leave(&self) -> Deps {
        let mut frames = self.0.borrow_mut();
        let deps = frames.pop().map(|it| it.deps()).unwrap_or_default();
        if let Some(frame) = frames.last_mut() {
            frame.add(&deps);
        }
        deps
    }

    /// What was read so far outside of every finding.
    pub fn all(&self) -> Deps {
        self.0.borrow().first().map(Frame::deps).unwrap_or_default()
    }
}

/// The name of a key that is made only where something is looked for.
pub(super) fn key(file: FileId, name: &str) -> DeclRef {
    DeclRef { file, name: SmolStr::new(name) }
}
