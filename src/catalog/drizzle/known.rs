//! What each declaration was read as and what that rests on, so that after an edit only those are read again that it
//! touches.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::reader::{EnumDraft, Reader};
use super::shared::{self, SharedUnique};
use super::{DrizzleRelation, Eval, Family, Reading, relations, table, view};
use crate::catalog::Relation;
use crate::project::eval::{DeclRef, Deps, Site, Value, ValueKind};

/// An earlier reading of the same database.
#[derive(Clone, Copy)]
pub struct Base<'a> {
    pub reading: &'a Reading,
    /// Nothing of it has changed since.
    pub holds: &'a dyn Fn(&Deps) -> bool,
}

/// A declaration that takes long to read.
#[derive(Debug, Clone)]
pub enum What {
    /// A table or view, and the enums of its columns. `elsewhere`: drizzle-kit passes over it.
    Relation {
        relation: Arc<Relation>,
        enums: Vec<EnumDraft>,
        elsewhere: bool,
        uniques: Vec<SharedUnique>,
    },
    /// A table of another dialect than the database's.
    Foreign,
    Relations(Vec<DrizzleRelation>),
}

#[derive(Debug, Clone)]
pub struct Read {
    pub what: What,
    /// The value that was read. Evaluation hands out the same one as long as it holds.
    kind: Arc<ValueKind>,
    site: Option<Site>,
    /// What was evaluated to read it.
    deps: Deps,
}

impl Read {
    fn is_of(&self, value: &Value) -> bool {
        Arc::ptr_eq(&self.kind, &value.kind) && self.site == value.site
    }
}

/// The declarations of one reading.
#[derive(Debug, Clone, Default)]
pub struct Known {
    reads: FxHashMap<DeclRef, Arc<Read>>,
    /// Those that no earlier reading had.
    pub n_new: usize,
}

impl Known {
    /// What a declaration is read as: as it was in this reading or still is as in the one before, else read now.
    /// `None`: it is none of those that are remembered.
    pub fn read(
        &mut self,
        reader: &Reader<'_>,
        value: &Value,
        base: Option<Base<'_>>,
        belongs: impl Fn(Family) -> bool,
    ) -> Option<Arc<Read>> {
        let eval = reader.eval;
        let before =
            |decl| base.and_then(|it| it.reading.known.reads.get(decl).filter(|read| (it.holds)(&read.deps)));
        if let Some(decl) = &value.decl
            && let Some(found) =
                self.reads.get(decl).or_else(|| before(decl)).filter(|it| it.is_of(value)).cloned()
        {
            eval.used(&found.deps);
            self.reads.entry(decl.clone()).or_insert_with(|| Arc::clone(&found));
            return Some(found);
        }
        let (what, deps) = tracked(eval, || what(reader, value, belongs));
        let what = what?;
        self.n_new += 1;
        let read = Arc::new(Read { what, kind: Arc::clone(&value.kind), site: value.site, deps });
        if let Some(decl) = &value.decl {
            self.reads.insert(decl.clone(), Arc::clone(&read));
        }
        Some(read)
    }

    pub fn has(&self, decl: &DeclRef) -> bool {
        self.reads.contains_key(decl)
    }

    pub fn reserve(&mut self, other: &Known) {
        self.reads.reserve(other.reads.len());
    }

    /// Nothing of it is to be used for a later reading.
    pub fn clear(&mut self) {
        self.reads.clear();
    }
}

/// What a question read to be answered.
pub fn tracked<R>(eval: &dyn Eval, question: impl FnOnce() -> R) -> (R, Deps) {
    eval.enter();
    let res = question();
    (res, eval.leave())
}

fn what(reader: &Reader<'_>, value: &Value, belongs: impl Fn(Family) -> bool) -> Option<What> {
    if let Some(draft) = reader.table(value) {
        if !belongs(draft.family) {
            return Some(What::Foreign);
        }
        let enums = draft.columns.iter().filter_map(|it| it.enum_.clone()).collect();
        let relation =
            if draft.is_view() { view::relation(reader, &draft) } else { table::relation(reader, &draft) };
        // A table of another MySQL database, or in a schema of somebody else's.
        let elsewhere = draft.elsewhere
            || draft.explicit_schema
                && matches!(draft.family, Family::Mysql | Family::Singlestore)
                && !draft.is_view();
        let uniques = shared::uniques(&draft);
        return Some(What::Relation { relation: Arc::new(relation), enums, elsewhere, uniques });
    }
    let mut found = Vec::new();
    relations::read(reader, value, &mut found);
    (!found.is_empty()).then_some(What::Relations(found))
}
