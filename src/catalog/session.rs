//! What a session holds beside the database: prepared statements and cursors (manual, PREPARE and DECLARE). It is part of
//! the state at a point of a file, as the search path is, and ends with the file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Origin;
use crate::sql::Ident;

/// What the statements before have prepared and declared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    pub prepared: Names,
    pub cursors: Names,
}

/// Names of one kind, as far as the statements of the session tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    known: Arc<BTreeMap<Ident, Named>>,
    /// What is not told of is gone: `DEALLOCATE ALL`, `CLOSE ALL`.
    cleared: bool,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    There {
        /// The statement that made it.
        text: Arc<str>,
        origin: Origin,
        /// A cursor that stays when its transaction ends.
        hold: bool,
    },
    Gone,
    Unknown,
}

impl Names {
    pub fn get(&self, name: &Ident) -> &Named {
        match self.known.get(name) {
            Some(it) => it,
            None if self.cleared => &Named::Gone,
            None => &Named::Unknown,
        }
    }

    pub fn set(&mut self, name: &Ident, named: Named) {
        Arc::make_mut(&mut self.known).insert(name.clone(), named);
    }

    /// Nothing is left.
    pub fn clear(&mut self) {
        *self = Names { known: Arc::default(), cleared: true };
    }

    /// Nothing is known.
    pub fn doubt(&mut self) {
        *self = Names::default();
    }

    /// Replaces what is there.
    pub fn replace(&mut self, mut by: impl FnMut(&Named) -> Option<Named>) {
        if self.known.values().any(|it| by(it).is_some()) {
            for named in Arc::make_mut(&mut self.known).values_mut() {
                if let Some(new) = by(named) {
                    *named = new;
                }
            }
        }
    }
}
