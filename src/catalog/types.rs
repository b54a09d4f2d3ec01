//! Types: PostgreSQL's own by their oid, a database's own by ids of Columnist.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Origin, QualifiedName};
use crate::sql::Ident;

/// A row of pg_type. Built-in types have PostgreSQL's oid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

impl TypeId {
    /// Ids from here on belong to one catalog (enums, domains, composites, extension types and their arrays).
    pub const FIRST_USER: TypeId = TypeId(16_384);

    pub const BOOL: TypeId = TypeId(16);
    pub const BYTEA: TypeId = TypeId(17);
    pub const CHAR: TypeId = TypeId(18);
    pub const NAME: TypeId = TypeId(19);
    pub const INT8: TypeId = TypeId(20);
    pub const INT2: TypeId = TypeId(21);
    pub const INT4: TypeId = TypeId(23);
    pub const TEXT: TypeId = TypeId(25);
    pub const OID: TypeId = TypeId(26);
    pub const TID: TypeId = TypeId(27);
    pub const XID: TypeId = TypeId(28);
    pub const CID: TypeId = TypeId(29);
    pub const JSON: TypeId = TypeId(114);
    pub const XML: TypeId = TypeId(142);
    pub const FLOAT4: TypeId = TypeId(700);
    pub const FLOAT8: TypeId = TypeId(701);
    /// The pseudo-type of a literal whose type is still open, not "we do not know".
    pub const UNKNOWN: TypeId = TypeId(705);
    pub const MONEY: TypeId = TypeId(790);
    pub const INET: TypeId = TypeId(869);
    pub const CIDR: TypeId = TypeId(650);
    pub const BPCHAR: TypeId = TypeId(1042);
    pub const VARCHAR: TypeId = TypeId(1043);
    pub const DATE: TypeId = TypeId(1082);
    pub const TIME: TypeId = TypeId(1083);
    pub const TIMESTAMP: TypeId = TypeId(1114);
    pub const TIMESTAMPTZ: TypeId = TypeId(1184);
    pub const INTERVAL: TypeId = TypeId(1186);
    pub const TIMETZ: TypeId = TypeId(1266);
    pub const BIT: TypeId = TypeId(1560);
    pub const VARBIT: TypeId = TypeId(1562);
    pub const NUMERIC: TypeId = TypeId(1700);
    pub const REFCURSOR: TypeId = TypeId(1790);
    pub const RECORD: TypeId = TypeId(2249);
    pub const CSTRING: TypeId = TypeId(2275);
    pub const ANY: TypeId = TypeId(2276);
    pub const ANYARRAY: TypeId = TypeId(2277);
    pub const VOID: TypeId = TypeId(2278);
    pub const TRIGGER: TypeId = TypeId(2279);
    pub const ANYELEMENT: TypeId = TypeId(2283);
    pub const UUID: TypeId = TypeId(2950);
    pub const JSONB: TypeId = TypeId(3802);
    pub const JSONPATH: TypeId = TypeId(4072);
    pub const TSVECTOR: TypeId = TypeId(3614);
    pub const TSQUERY: TypeId = TypeId(3615);

    pub fn is_user(self) -> bool {
        self >= TypeId::FIRST_USER
    }
}

/// A type with its modifier (`varchar(20)` has typmod 24, `numeric(10,2)` has 655366; -1 when there is none).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Type {
    pub id: TypeId,
    pub typmod: i32,
}

impl Type {
    pub fn plain(id: TypeId) -> Type {
        Type { id, typmod: -1 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeInfo {
    pub id: TypeId,
    pub schema: Ident,
    pub name: Ident,
    pub kind: TypeKind,
    /// `pg_type.typcategory`.
    pub category: char,
    pub preferred: bool,
    /// `pg_type.typelem` where subscripting yields it; 0 otherwise.
    pub elem: TypeId,
    /// The array type over it; 0 when there is none.
    pub array: TypeId,
    pub collatable: bool,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeKind {
    Base,
    Array,
    Enum {
        labels: Vec<EnumLabel>,
    },
    /// The row type of a relation, or a free-standing composite (then its columns stand here).
    Composite {
        relation: Option<QualifiedName>,
        columns: Vec<(Ident, Option<Type>)>,
    },
    Domain {
        base: Type,
        not_null: bool,
    },
    Range {
        subtype: TypeId,
    },
    Multirange {
        range: TypeId,
    },
    Pseudo,
    /// Exists, nothing else is known: silences what depends on it.
    Opaque,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumLabel {
    pub label: SmolStr,
    pub origin: Origin,
}

/// A catalog's own types; persistent.
#[derive(Debug, Clone, Default)]
pub struct UserTypes {
    /// Indexed by `id - FIRST_USER`; dropped types leave `None`.
    pub by_id: Arc<Vec<Option<Arc<TypeInfo>>>>,
    pub by_name: Arc<std::collections::BTreeMap<QualifiedName, TypeId>>,
}
