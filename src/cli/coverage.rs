//! What was checked and what was not (CONTRACTS, "Coverage").

use std::collections::BTreeMap;

use crate::base::file::FileRange;
use crate::db::SkipReason;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    pub n_checked: u32,
    pub skipped: Vec<SkippedPlace>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedPlace {
    pub at: FileRange,
    pub reason: SkipReason,
    pub detail: String,
}

impl Coverage {
    /// How many were left out, by reason. Text that turned out not to be SQL is no fragment and not counted.
    pub fn by_reason(&self) -> BTreeMap<SkipReason, u32> {
        let mut res = BTreeMap::new();
        for it in self.skipped.iter().filter(|it| it.reason != SkipReason::NotSql) {
            *res.entry(it.reason).or_default() += 1;
        }
        res
    }

    pub fn n_skipped(&self) -> u32 {
        self.by_reason().values().sum()
    }

    pub fn n_fragments(&self) -> u32 {
        self.n_checked + self.n_skipped()
    }

    /// `checked 120 of 163 SQL fragments; 43 not: 30 dynamic, 9 no database, 4 unreadable schema`, the most
    /// frequent reason first.
    pub fn line(&self) -> String {
        let mut reasons: Vec<(SkipReason, u32)> = self.by_reason().into_iter().collect();
        let mut res = format!("checked {} of {} SQL fragments", self.n_checked, self.n_fragments());
        if !reasons.is_empty() {
            reasons.sort_by_key(|&(reason, count)| (std::cmp::Reverse(count), reason));
            let list: Vec<String> =
                reasons.iter().map(|(it, count)| format!("{count} {}", it.label())).collect();
            res.push_str(&format!("; {} not: {}", self.n_skipped(), list.join(", ")));
        }
        res
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::file::{FileId, InFile};

    #[test]
    fn the_line_is_that_of_the_contract() {
        let mut coverage = Coverage { n_checked: 120, skipped: Vec::new() };
        assert_eq!(coverage.line(), "checked 120 of 120 SQL fragments");
        let counts =
            [(4, SkipReason::UnreadableSchema), (30, SkipReason::Dynamic), (9, SkipReason::NoDatabase)];
        for (n, reason) in counts.into_iter().chain([(5, SkipReason::NotSql)]) {
            let at = InFile::new(FileId(0), Default::default());
            let place = SkippedPlace { at, reason, detail: String::new() };
            coverage.skipped.extend(std::iter::repeat_n(place, n));
        }
        assert_eq!(
            coverage.line(),
            "checked 120 of 163 SQL fragments; 43 not: 30 dynamic, 9 no database, 4 unreadable schema"
        );
    }
}
