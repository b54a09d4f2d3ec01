//! Where the cursor stands in analysed SQL.

use std::sync::Arc;

use super::FilePosition;
use crate::base::cancel::Cancellable;
use crate::base::text::TextSize;
use crate::db::{FileAnalysis, Snapshot, SqlUnit, UnitKind};

/// A file's analysis and the units of it that hold the cursor.
pub struct Spot {
    pub analysis: Arc<FileAnalysis>,
    /// Indexes into `analysis.units` with the cursor's offset in the unit's text. Several for a fragment with
    /// alternatives; the first is what the reader sees first.
    pub units: Vec<(usize, TextSize)>,
}

impl Spot {
    /// The first unit that holds the cursor.
    pub fn unit(&self) -> Option<(&SqlUnit, TextSize)> {
        self.all().next()
    }

    pub fn all(&self) -> impl Iterator<Item = (&SqlUnit, TextSize)> {
        self.units.iter().filter_map(|&(idx, offset)| Some((self.analysis.units.get(idx)?, offset)))
    }
}

/// Finds the units whose literal text holds (or ends at) the cursor; none for a cursor in a hole or outside SQL.
pub fn spot(snap: &Snapshot, pos: FilePosition) -> Cancellable<Spot> {
    let analysis = snap.analysis(pos.file)?;
    let mut units = Vec::new();
    for (idx, unit) in analysis.units.iter().enumerate() {
        if unit.host.contains_inclusive(pos.value)
            && let Some(offset) = unit.placement.from_host(pos.value)
        {
            units.push((idx, offset));
        }
    }
    // The statement around a body has less to say.
    units.sort_by_key(|it| !matches!(analysis.units.get(it.0).map(|it| it.kind), Some(UnitKind::Body(_))));
    Ok(Spot { analysis, units })
}
