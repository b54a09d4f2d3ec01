//! Objects that are no relations, types or functions: collations, statistics, operators, publications, roles, …

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{Origin, QualifiedName};
use crate::sql::Ident;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// As SQL writes it, in upper case: `COLLATION`, `OPERATOR CLASS`, …
    pub kind: SmolStr,
    /// Empty for kinds without schemas.
    pub schema: Ident,
    pub name: Ident,
    /// What else tells objects of a name apart: an access method, the types of an operator's sides.
    pub of: SmolStr,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub origin: Origin,
    /// What it goes with: the table of statistics, the wrapper of a server.
    pub on: Option<QualifiedName>,
    /// Scripts of the project have dropped it since.
    pub gone: bool,
}

/// What is certainly known of them; others may exist.
pub type Objects = BTreeMap<ObjectKey, Object>;

/// Whether objects of a kind belong to schemas.
pub fn has_schema(kind: &str) -> bool {
    matches!(
        kind,
        "COLLATION" | "CONVERSION" | "STATISTICS" | "OPERATOR" | "OPERATOR CLASS" | "OPERATOR FAMILY"
    ) || kind.starts_with("TEXT SEARCH")
}

/// Whether files may tell that one is missing: others are made for all databases of a server, or by its host.
pub fn is_own(kind: &str) -> bool {
    has_schema(kind)
}
