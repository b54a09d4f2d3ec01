//! What of a relation only later definitions ask for: the options of a sequence, states of constraints, which index its
//! rows are put in order by.

use std::sync::Arc;

use smol_str::SmolStr;

use super::TypeId;
use crate::base::text::TextRange;
use crate::sql::Ident;
use crate::sql::hir::ddl::{SequenceOption, SequenceOptionKind};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// Of a sequence; `None`: not known.
    pub sequence: Option<Sequence>,
    /// Constraints that are `NOT ENFORCED`.
    pub not_enforced: Vec<Ident>,
    /// Checks and foreign keys that are `NOT VALID`: old rows were not looked at.
    pub not_valid: Vec<Ident>,
    /// NOT NULL constraints that children need not have: `NO INHERIT`.
    pub no_inherit: Vec<Ident>,
    /// Foreign keys, exclusion constraints and constraint triggers that are `DEFERRABLE`.
    pub deferrable: Vec<Ident>,
    /// Those of them, and keys, that are `INITIALLY DEFERRED`.
    pub deferred: Vec<Ident>,
    /// Constraint triggers.
    pub constraint_triggers: Vec<Ident>,
    /// Triggers for each row that a partition has from its table.
    pub cloned_triggers: Vec<Ident>,
    /// Triggers for each row, which partitions get, too.
    pub row_triggers: Vec<Ident>,
    /// Triggers for each row with transition tables, which no child can have.
    pub transition_triggers: Vec<Ident>,
    /// Checks and indexes over a column that has got another type since: in what they store, constants have the types
    /// that they had (see `sema::analyze::ddl::alter::rebuild`).
    pub stale: Vec<Ident>,
    /// What else is written of an index or key behind its columns (`INCLUDE (…)`, `WITH (…)`), and of an exclusion
    /// constraint all behind its name.
    pub tails: Vec<(Ident, SmolStr)>,
    /// `CLUSTER ON`.
    pub clustered: Option<Ident>,
    /// `REPLICA IDENTITY USING INDEX`.
    pub identity_index: Option<Ident>,
    /// Of a temporary table.
    pub on_commit: OnCommit,
    /// Triggers as they were made, but for those that a partition has from its table.
    pub trigger_texts: Vec<(Ident, Arc<str>)>,
    /// Of a view: its columns have other names than its query gives them.
    pub named_columns: bool,
    /// Of a view: `WITH (…)` before its query, and `WITH CHECK OPTION` behind it.
    pub view_options: Option<SmolStr>,
    pub check_option: Option<SmolStr>,
}

impl Details {
    pub fn tail(&self, name: Option<&Ident>) -> Option<&SmolStr> {
        self.tails.iter().find(|it| Some(&it.0) == name).map(|it| &it.1)
    }

    /// What is kept of constraints by their names.
    fn constraints(&mut self) -> [&mut Vec<Ident>; 6] {
        [
            &mut self.not_enforced,
            &mut self.not_valid,
            &mut self.no_inherit,
            &mut self.stale,
            &mut self.deferrable,
            &mut self.deferred,
        ]
    }

    /// And of triggers.
    fn triggers(&mut self) -> [&mut Vec<Ident>; 4] {
        [
            &mut self.constraint_triggers,
            &mut self.cloned_triggers,
            &mut self.row_triggers,
            &mut self.transition_triggers,
        ]
    }

    /// A constraint, index or trigger has another name.
    pub fn rename(&mut self, from: &Ident, to: &Ident) {
        let rename = |it: &mut Ident| {
            if it == from {
                *it = to.clone();
            }
        };
        self.constraints().into_iter().flatten().for_each(rename);
        self.triggers().into_iter().flatten().for_each(rename);
        self.tails.iter_mut().for_each(|it| rename(&mut it.0));
        self.trigger_texts.iter_mut().for_each(|it| rename(&mut it.0));
        self.clustered.iter_mut().chain(&mut self.identity_index).for_each(rename);
    }

    /// A constraint that comes from another relation is what it is there.
    pub fn take_state(&mut self, of: &Details, name: &Ident) {
        for (own, theirs) in [
            (&mut self.not_enforced, &of.not_enforced),
            (&mut self.deferrable, &of.deferrable),
            (&mut self.deferred, &of.deferred),
            (&mut self.stale, &of.stale),
        ] {
            if theirs.contains(name) && !own.contains(name) {
                own.push(name.clone());
            }
        }
    }

    pub fn forget_trigger(&mut self, name: &Ident) {
        for list in self.triggers() {
            list.retain(|it| it != name);
        }
        self.trigger_texts.retain(|it| it.0 != *name);
    }

    /// A constraint or index is gone.
    pub fn forget(&mut self, name: &Ident) {
        for list in self.constraints() {
            list.retain(|it| it != name);
        }
        self.tails.retain(|it| it.0 != *name);
        self.clustered.take_if(|it| it == name);
        self.identity_index.take_if(|it| it == name);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnCommit {
    #[default]
    Preserve,
    Delete,
    Drop,
}

/// `pg_sequence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequence {
    pub ty: TypeId,
    pub start: i64,
    pub increment: i64,
    pub min: i64,
    pub max: i64,
}

/// The least and the greatest value of a type, and its name.
fn bounds(ty: TypeId) -> (i64, i64, &'static str) {
    match ty {
        TypeId::INT2 => (i64::from(i16::MIN), i64::from(i16::MAX), "smallint"),
        TypeId::INT4 => (i64::from(i32::MIN), i64::from(i32::MAX), "integer"),
        _ => (i64::MIN, i64::MAX, "bigint"),
    }
}

impl Sequence {
    /// A sequence that is made, or with `old` changed; or what is wrong, and which option (`init_params`).
    pub fn with(
        old: Option<Sequence>,
        ty: Option<TypeId>,
        options: &[SequenceOption],
    ) -> Result<Sequence, (TextRange, String)> {
        use SequenceOptionKind::{Cache, Increment, Max, Min, NoMax, NoMin, Restart, Start};
        let find = |kind| options.iter().find(|it| it.kind == kind);
        let value = |kind| find(kind).and_then(|it| it.value);
        let place = |kinds: &[SequenceOptionKind]| {
            let own = options.iter().find(|it| kinds.contains(&it.kind)).or(options.first());
            own.map_or_else(TextRange::default, |it| it.range)
        };
        let ty_new = ty.or(old.map(|it| it.ty)).unwrap_or(TypeId::INT8);
        let (low, high, words) = bounds(ty_new);
        // Bounds that were those of the old type become those of the new one.
        let of_type = old.filter(|it| it.ty != ty_new).map(|it| (it, bounds(it.ty)));
        let reset_max = of_type.is_some_and(|(it, (_, max, _))| it.max == max);
        let reset_min = of_type.is_some_and(|(it, (min, ..))| it.min == min);
        let increment = value(Increment).or(old.map(|it| it.increment)).unwrap_or(1);
        if increment == 0 {
            return Err((place(&[Increment]), "INCREMENT must not be zero".into()));
        }
        let ascending = increment > 0;
        let max = match value(Max) {
            Some(max) => max,
            None => match old.filter(|_| find(NoMax).is_none() && !reset_max) {
                Some(old) => old.max,
                None if ascending || reset_max => high,
                None => -1,
            },
        };
        if max < low || max > high {
            let message = format!("MAXVALUE ({max}) is out of range for sequence data type {words}");
            return Err((place(&[Max, SequenceOptionKind::As]), message));
        }
        let min = match value(Min) {
            Some(min) => min,
            None => match old.filter(|_| find(NoMin).is_none() && !reset_min) {
                Some(old) => old.min,
                None if !ascending || reset_min => low,
                None => 1,
            },
        };
        if min < low || min > high {
            let message = format!("MINVALUE ({min}) is out of range for sequence data type {words}");
            return Err((place(&[Min, SequenceOptionKind::As]), message));
        }
        if min >= max {
            let message = format!("MINVALUE ({min}) must be less than MAXVALUE ({max})");
            return Err((place(&[Min, Max]), message));
        }
        let first = if ascending { min } else { max };
        let start = value(Start).or(old.map(|it| it.start)).unwrap_or(first);
        let restart = find(Restart).map(|it| it.value.unwrap_or(start));
        for (what, number, kind) in [("START", Some(start), Start), ("RESTART", restart, Restart)] {
            let Some(number) = number else { continue };
            let message = if number < min {
                format!("{what} value ({number}) cannot be less than MINVALUE ({min})")
            } else if number > max {
                format!("{what} value ({number}) cannot be greater than MAXVALUE ({max})")
            } else {
                continue;
            };
            return Err((place(&[kind, Min, Max]), message));
        }
        if let Some(cache) = value(Cache).filter(|it| *it <= 0) {
            return Err((place(&[Cache]), format!("CACHE ({cache}) must be greater than zero")));
        }
        Ok(Sequence { ty: ty_new, start, increment, min, max })
    }
}
