//! The latest analysis of each file, and whether it is still right.
//!
//! It rests on the file's text, on which database it belongs to, on what evaluation has read for its holes, and on the
//! names that its SQL says: a new catalog in which none of those means something else leaves it as it is.

use std::sync::{Arc, LazyLock, OnceLock};

use memchr::memmem;
use rustc_hash::FxHashMap;

use super::analysis::FileAnalysis;
use super::analyze::{self, Start};
use super::file::{FileKind, FileState};
use super::model::Model;
use super::shared::Counters;
use super::snapshot::Snapshot;
use super::units::{self, Reuse, Units};
use crate::base::file::FileId;
use crate::catalog::touched::{Mentions, Touched, Words};
use crate::project::database::{Databases, Membership};
use crate::project::eval::Deps;
use crate::sema::Place;

pub(super) struct Kept {
    state: Arc<FileState>,
    pub analysis: Arc<FileAnalysis>,
    units: Arc<Units>,
    said: Arc<OnceLock<Said>>,
    deps: Deps,
    rests: Rests,
}

/// The model in which the analysis was known to be right.
struct Rests {
    epoch: u64,
    structure: u64,
    databases: Arc<Databases>,
    membership: Membership,
    candidates: Vec<usize>,
    starts: Vec<(usize, Start)>,
}

/// What the SQL of a file says.
struct Said {
    words: Words,
    suggests: bool,
    points: bool,
    /// It looks for tables by the names of their declarations.
    asks: bool,
}

/// The analysis of a file without SQL.
static NOTHING: LazyLock<Arc<FileAnalysis>> = LazyLock::new(Arc::default);

/// The analysis of a file: the kept one while it is right.
pub(super) fn analysis(snap: &Snapshot, file: FileId) -> Arc<FileAnalysis> {
    let Some(state) = snap.state(file) else { return Arc::clone(&NOTHING) };
    let has_sql = match state.kind {
        FileKind::Data => false,
        FileKind::Sql => true,
        FileKind::Script(_) => !state.fragments().is_empty(),
    };
    if !has_sql {
        return Arc::clone(&NOTHING);
    }
    let model = snap.model();
    let shared = snap.shared();
    let known = shared.kept.get(&file);
    if let Some(known) = &known
        && let Some(rests) = known.holds(snap, &model, file, &state)
    {
        if let Some(rests) = rests {
            shared.kept.put(&file, Arc::new(known.with(state, rests)));
        }
        return Arc::clone(&known.analysis);
    }
    Counters::add(&shared.counters.files);
    let made = make(snap, &model, file, state, known.as_deref());
    let analysis = Arc::clone(&made.analysis);
    // An older snapshot's is of no use to the newer ones.
    if known.is_none_or(|it| it.rests.epoch <= made.rests.epoch) {
        shared.kept.put(&file, Arc::new(made));
    }
    analysis
}

fn make(snap: &Snapshot, model: &Model, file: FileId, state: Arc<FileState>, known: Option<&Kept>) -> Kept {
    let eval = model.evaluator(snap);
    let membership = model.databases.membership(&eval, file);
    let candidates = model.databases.candidates(&eval, file);
    let touched = known.map(|it| it.touched(snap, model, file)).unwrap_or_default();
    let reuse = Reuse::new(known.map(|it| &*it.units), touched, &snap.shared().counters);
    let input = analyze::Input {
        snap,
        model,
        eval: &eval,
        file,
        state: &state,
        membership,
        candidates: &candidates,
        reuse: &reuse,
    };
    let (analysis, starts) = analyze::file(&input);
    Kept {
        analysis: Arc::new(analysis),
        units: Arc::new(reuse.finish()),
        said: Arc::default(),
        deps: eval.deps(),
        rests: Rests {
            epoch: model.memory().epoch(),
            structure: model.structure(),
            databases: Arc::clone(&model.databases),
            membership,
            candidates,
            starts,
        },
        state,
    }
}

impl Kept {
    fn with(&self, state: Arc<FileState>, rests: Rests) -> Kept {
        Kept {
            state,
            analysis: Arc::clone(&self.analysis),
            units: Arc::clone(&self.units),
            said: Arc::clone(&self.said),
            deps: self.deps.clone(),
            rests,
        }
    }

    /// Whether it is right in a snapshot; if so, what it rests on there, unless that is what it was.
    fn holds(
        &self,
        snap: &Snapshot,
        model: &Model,
        file: FileId,
        state: &Arc<FileState>,
    ) -> Option<Option<Rests>> {
        let old = &self.rests;
        let (epoch, memory) = (model.memory().epoch(), model.memory());
        let same_text = Arc::ptr_eq(&self.state, state) || self.state.text == state.text;
        if !same_text || old.structure != model.structure() || old.epoch > epoch {
            return None;
        }
        if old.epoch == epoch {
            return Some(None);
        }
        if memory.log().touches(&self.deps, old.epoch) {
            return None;
        }
        let eval = model.evaluator(snap);
        if !Arc::ptr_eq(&old.databases, &model.databases)
            && (model.databases.membership(&eval, file) != old.membership
                || model.databases.candidates(&eval, file) != old.candidates)
        {
            return None;
        }
        let mut starts = Vec::with_capacity(old.starts.len());
        for (database, start) in &old.starts {
            let known = model.known(snap, *database)?;
            starts.push((
                *database,
                match start {
                    Start::Version(version) => {
                        let touched = known.since(*version)?;
                        if touched.iter().any(|(_, it)| self.is_concerned(it)) {
                            return None;
                        }
                        Start::Version(known.version())
                    }
                    Start::State(before) => {
                        let step = known.built.replay.files.iter().find(|it| it.file == file)?;
                        if !Arc::ptr_eq(before, &step.before) {
                            return None;
                        }
                        Start::State(Arc::clone(before))
                    }
                },
            ));
        }
        Some(Some(Rests {
            epoch,
            structure: old.structure,
            databases: Arc::clone(&model.databases),
            membership: old.membership,
            candidates: old.candidates.clone(),
            starts,
        }))
    }

    /// What the catalogs have changed since, where that is known.
    fn touched(&self, snap: &Snapshot, model: &Model, file: FileId) -> FxHashMap<usize, Vec<Arc<Touched>>> {
        let mut res: FxHashMap<usize, Option<Vec<Arc<Touched>>>> = FxHashMap::default();
        for (database, start) in &self.rests.starts {
            let Some(known) = model.known(snap, *database) else { continue };
            let touched = match start {
                Start::Version(version) => {
                    known.since(*version).map(|touched| touched.iter().map(|it| Arc::clone(&it.1)).collect())
                }
                Start::State(before) => {
                    let step = known.built.replay.files.iter().find(|it| it.file == file);
                    step.is_some_and(|it| Arc::ptr_eq(&it.before, before)).then(Vec::new)
                }
            };
            // A file of the history may rest on two states: both must be comparable.
            let both = match (res.remove(database), touched) {
                (None, touched) => touched,
                (Some(Some(mut all)), Some(more)) => {
                    all.extend(more);
                    Some(all)
                }
                _ => None,
            };
            res.insert(*database, both);
        }
        res.into_iter().filter_map(|(database, touched)| Some((database, touched?))).collect()
    }

    fn is_concerned(&self, touched: &Touched) -> bool {
        let said = self.said.get_or_init(|| {
            let mut words = Words::default();
            self.units.iter().for_each(|(key, it)| it.add_words(&key.text, &mut words));
            let analyses = || self.units.values().flat_map(|it| it.analyses());
            Said {
                words,
                suggests: analyses().any(units::suggests),
                points: analyses().any(units::points),
                asks: memmem::find(self.state.text.as_bytes(), b"query").is_some(),
            }
        });
        let mentions = Mentions { words: &said.words, suggests: said.suggests, points: said.points };
        touched.concerns(&mentions) || touched.concerns_holes(&self.deps, said.asks)
    }

    pub fn n_units(&self) -> usize {
        self.units.len()
    }

    /// Whether a problem points at a declaration in one of `files`.
    pub fn points_into(&self, files: &[FileId]) -> bool {
        let problems = self.analysis.units.iter().flat_map(|it| &it.analysis.problems);
        problems.flat_map(|it| &it.related).any(|it| match it.place {
            Place::Origin(
                crate::catalog::Origin::Ts { file, .. } | crate::catalog::Origin::Sql { file, .. },
            ) => files.contains(&file),
            _ => false,
        })
    }
}
