//! Objects that are no relations, types or functions: collations, statistics, operators, publications, roles, …

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Origin, QualifiedName, pg};
use crate::sql::Ident;
use crate::sql::hir::ddl::Foreign;

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
    /// An operator or its shell, as calls of it see it.
    pub operator: Option<Arc<pg::Operator>>,
    /// The options of a server and its like, the encodings of a default conversion, the token types of a configuration with the dictionaries of the project's
    /// own that they go to; `None`: not known.
    pub parts: Option<Arc<BTreeMap<SmolStr, Vec<ObjectKey>>>>,
}

/// The operators of a name in a schema; shells, too.
pub fn operators<'a>(
    objects: &'a Objects,
    schema: &str,
    name: &str,
) -> impl Iterator<Item = &'a Arc<pg::Operator>> + use<'a> {
    let of_kind = |kind: &'static str| {
        let first = ObjectKey {
            kind: SmolStr::new_static(kind),
            schema: Ident::new(schema),
            name: Ident::new(name),
            of: SmolStr::default(),
        };
        let same = first.clone();
        let all = objects.range(first..);
        all.take_while(move |it| {
            it.0.kind == same.kind && it.0.schema == same.schema && it.0.name == same.name
        })
    };
    let all = of_kind(OPERATOR).chain(of_kind(SHELL));
    all.filter(|it| !it.1.gone).filter_map(|it| it.1.operator.as_ref())
}

pub const OPERATOR: &str = "OPERATOR";
/// What a commutator or negator is until it is defined.
pub const SHELL: &str = "OPERATOR SHELL";

/// A type that is declared and not defined.
pub const SHELL_TYPE: &str = "SHELL TYPE";

pub fn shell_key(name: &QualifiedName) -> ObjectKey {
    ObjectKey {
        kind: SmolStr::new_static(SHELL_TYPE),
        schema: name.schema.clone(),
        name: name.name.clone(),
        of: SmolStr::default(),
    }
}

/// What is certainly known of them; others may exist.
pub type Objects = BTreeMap<ObjectKey, Object>;

/// The key of what is foreign; user mappings are told apart by their servers.
pub fn foreign_key(foreign: &Foreign) -> Option<ObjectKey> {
    let of = match foreign.kind {
        "USER MAPPING" => foreign.of.as_ref()?.ident.as_str(),
        _ => "",
    };
    let name = foreign.name.ident.clone();
    Some(ObjectKey { kind: foreign.kind.into(), schema: Ident::new(""), name, of: of.into() })
}

/// Whether objects of a kind belong to schemas.
pub fn has_schema(kind: &str) -> bool {
    matches!(
        kind,
        "COLLATION"
            | "CONVERSION"
            | "FOREIGN TABLE"
            | "SHELL TYPE"
            | "STATISTICS"
            | "OPERATOR"
            | "OPERATOR SHELL"
            | "OPERATOR CLASS"
            | "OPERATOR FAMILY"
    ) || kind.starts_with("TEXT SEARCH")
}

/// Whether files may tell that one is missing: others are made for all databases of a server, or by its host.
pub fn is_own(kind: &str) -> bool {
    has_schema(kind)
}

/// What tells the default conversions of a schema apart: the encodings by their own names, with a blank between.
pub fn default_conversion(from: &str, to: &str) -> Option<SmolStr> {
    let (from, to) = (pg::settings::encoding(from)?, pg::settings::encoding(to)?);
    Some(smol_str::format_smolstr!("{from} {to}"))
}
