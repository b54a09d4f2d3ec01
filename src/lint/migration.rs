//! A file of a database's history, as rules see it.

use std::sync::{Arc, OnceLock};

use crate::base::file::FileId;
use crate::base::text::TextRange;
use crate::catalog::Catalog;
use crate::catalog::build::Built;
use crate::db::{FileAnalysis, Look};
use crate::facts::sql::SqlStatement;
use crate::facts::{Loc, SourceMap};
use crate::project::Workspace;
use crate::project::database::{Database, Migrations};

pub struct Migration<'a> {
    pub look: &'a Look<'a>,
    pub file: FileId,
    pub database: &'a Database,
    pub migrations: &'a Migrations,
    /// Its place among [`Migrations::steps`].
    pub step: usize,
    pub text: &'a str,
    /// Up to where the file stops running.
    pub statements: &'a [SqlStatement],
    map: &'a SourceMap,
    built: Arc<Built>,
    states: OnceLock<Vec<Arc<Catalog>>>,
}

impl<'a> Migration<'a> {
    /// Calls `each` with the file as part of its database's history, if it is.
    pub fn with(look: &'a Look<'a>, database: usize, each: impl FnOnce(&Migration<'_>)) {
        let Some(source) = look.database(database) else { return };
        let Some(migrations) = &source.migrations else { return };
        let Some(step) = migrations.steps.iter().position(|it| it.file == look.file) else { return };
        let Some(built) = look.model.built(look.snap, database) else { return };
        let facts = look.snap.sql_facts(look.file, source.dialect);
        let (from, until) = migrations.steps.get(step).map_or((0, None), |it| (it.from, it.until));
        let runs = |range: &&TextRange| until.is_none_or(|until| u32::from(range.start()) < until);
        let n_run = facts.1.ranges.iter().take_while(runs).count();
        if from > 0 {
            // What undoes it stands first: its statements are not those of this history.
            return;
        }
        each(&Migration {
            look,
            file: look.file,
            database: source,
            migrations,
            step,
            text: &look.state.text,
            statements: facts.0.statements.get(..n_run).unwrap_or_default(),
            map: &facts.1,
            built,
            states: OnceLock::new(),
        });
    }

    /// Bytes of the file where a statement stands; ranges of its tree are relative to it.
    pub fn range(&self, idx: usize) -> TextRange {
        self.map.range(Loc(u32::try_from(idx).unwrap_or(u32::MAX)))
    }

    /// The schema before a statement.
    pub fn before(&self, idx: usize) -> Arc<Catalog> {
        let states = self.states.get_or_init(|| {
            let infer = Some(&crate::db::QueryColumns as &dyn crate::catalog::fold::Infer);
            self.built.replay.states(self.look.snap, self.file, infer)
        });
        states.get(idx).map_or_else(|| self.built.replay.before(self.file), Arc::clone)
    }

    /// The file's statements, analysed.
    pub fn analysis(&self) -> &FileAnalysis {
        &self.look.analysis
    }
}
