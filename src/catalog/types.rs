//! Types: PostgreSQL's own by their oid, a database's own by ids of Columnist.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Catalog, Origin, QualifiedName, pg};
use crate::sql::Ident;
use crate::sql::hir::QName;

/// A row of pg_type. Built-in types have PostgreSQL's oid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct TypeId(pub u32);

impl TypeId {
    /// No type: `pg_type.typelem` and the like where there is none.
    pub const NONE: TypeId = TypeId(0);
    /// Ids from here on belong to one catalog (enums, domains, composites and their arrays).
    pub const FIRST_USER: TypeId = TypeId(16_384);
    /// Ids from here on belong to the types of extensions that Columnist knows: the same in every catalog, and
    /// there only in those that have the extension.
    pub const FIRST_EXTENSION: TypeId = TypeId(0x4000_0000);

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
    pub const MACADDR: TypeId = TypeId(829);
    pub const MACADDR8: TypeId = TypeId(774);
    pub const PG_LSN: TypeId = TypeId(3220);
    pub const BIT: TypeId = TypeId(1560);
    pub const VARBIT: TypeId = TypeId(1562);
    pub const NUMERIC: TypeId = TypeId(1700);
    pub const REFCURSOR: TypeId = TypeId(1790);
    pub const RECORD: TypeId = TypeId(2249);
    pub const RECORD_ARRAY: TypeId = TypeId(2287);
    pub const CSTRING: TypeId = TypeId(2275);
    pub const ANY: TypeId = TypeId(2276);
    pub const ANYARRAY: TypeId = TypeId(2277);
    pub const VOID: TypeId = TypeId(2278);
    pub const TRIGGER: TypeId = TypeId(2279);
    pub const EVENT_TRIGGER: TypeId = TypeId(3838);
    pub const INTERNAL: TypeId = TypeId(2281);
    pub const ANYELEMENT: TypeId = TypeId(2283);
    pub const ANYNONARRAY: TypeId = TypeId(2776);
    pub const ANYENUM: TypeId = TypeId(3500);
    pub const ANYRANGE: TypeId = TypeId(3831);
    pub const ANYMULTIRANGE: TypeId = TypeId(4537);
    pub const ANYCOMPATIBLE: TypeId = TypeId(5077);
    pub const ANYCOMPATIBLEARRAY: TypeId = TypeId(5078);
    pub const ANYCOMPATIBLENONARRAY: TypeId = TypeId(5079);
    pub const ANYCOMPATIBLERANGE: TypeId = TypeId(5080);
    pub const ANYCOMPATIBLEMULTIRANGE: TypeId = TypeId(4538);
    pub const UUID: TypeId = TypeId(2950);
    pub const JSONB: TypeId = TypeId(3802);
    pub const JSONPATH: TypeId = TypeId(4072);
    pub const TSVECTOR: TypeId = TypeId(3614);
    pub const TSQUERY: TypeId = TypeId(3615);

    /// Declared by the database's own DDL.
    pub fn is_user(self) -> bool {
        self >= TypeId::FIRST_USER && self < TypeId::FIRST_EXTENSION
    }

    /// Of a known extension.
    pub fn is_extension(self) -> bool {
        self >= TypeId::FIRST_EXTENSION
    }

    pub fn is_none(self) -> bool {
        self == TypeId::NONE
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
    /// Its own collation where that is not the database's default: `name` has `C`, domains may have any.
    pub collation: Option<SmolStr>,
    pub origin: Origin,
}

/// How the values of a column are compared (`pg_attribute.attcollation`, manual §23.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Collation {
    /// That of its type.
    #[default]
    OfType,
    Named(SmolStr),
    /// A query's column to which its inputs give different ones.
    Indeterminate,
    /// Not known to us.
    Unknown,
}

impl Collation {
    /// What a `COLLATE` clause says.
    pub fn written(name: Option<&crate::sql::hir::QName>) -> Collation {
        match name {
            None => Collation::OfType,
            Some(name) if name.is_dynamic() => Collation::Unknown,
            Some(name) => {
                name.last().map_or(Collation::Unknown, |it| Collation::Named(it.ident.as_str().into()))
            }
        }
    }

    /// Of a type as it is declared elsewhere: `text collate "C"`.
    pub fn declared(type_text: &str) -> Collation {
        let words = |it: &[u8]| it.eq_ignore_ascii_case(b"collate");
        match type_text.as_bytes().windows(7).any(words) {
            true => Collation::Unknown,
            false => Collation::OfType,
        }
    }
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

mod format;
mod user;

pub use format::{format_type, format_type_id};

/// The integer type behind `serial` and its kin (`transformColumnDefinition`).
pub fn serial(name: &QName) -> Option<TypeId> {
    let [name] = name.parts.as_slice() else { return None };
    match name.ident.as_str() {
        "serial" | "serial4" => Some(TypeId::INT4),
        "bigserial" | "serial8" => Some(TypeId::INT8),
        "smallserial" | "serial2" => Some(TypeId::INT2),
        _ => None,
    }
}

impl Catalog {
    /// A type by id: PostgreSQL's own, an extension's, the database's. `None` when it was dropped.
    pub fn type_info(&self, id: TypeId) -> Option<&TypeInfo> {
        if id < TypeId::FIRST_USER {
            return pg::type_info(id);
        }
        if id >= TypeId::FIRST_EXTENSION {
            return pg::ext::type_info(id);
        }
        self.types.get(id)
    }

    /// `getBaseTypeAndTypmod`: through domains to what is under them; other types are themselves. The modifier is the
    /// outermost one that is said.
    pub fn base_type(&self, ty: Type) -> Type {
        let mut res = ty;
        // A chain of domains is short; the bound guards against a cycle made by replacing types.
        for _ in 0..32 {
            match self.type_info(res.id) {
                Some(TypeInfo { kind: TypeKind::Domain { base, .. }, .. }) => res = *base,
                _ => break,
            }
        }
        res
    }

    /// The element type of a true array (through domains); `None` for other types.
    pub fn element_type(&self, id: TypeId) -> Option<TypeId> {
        if id == TypeId::RECORD_ARRAY {
            return Some(TypeId::RECORD);
        }
        let info = self.type_info(self.base_type(Type::plain(id)).id)?;
        (info.kind == TypeKind::Array && !info.elem.is_none()).then_some(info.elem)
    }

    /// The array type over `id`; `None` when there is none.
    pub fn array_type(&self, id: TypeId) -> Option<TypeId> {
        let array = self.type_info(id)?.array;
        (!array.is_none()).then_some(array)
    }

    /// The columns of a composite type, in order: `None` when it is none, or when they are not known.
    pub fn composite_columns(&self, id: TypeId) -> Option<Vec<(Ident, Option<Type>)>> {
        let info = self.type_info(self.base_type(Type::plain(id)).id)?;
        let TypeKind::Composite { relation, columns } = &info.kind else { return None };
        let Some(relation) = relation else { return Some(columns.clone()) };
        let relation = self.relations.get(relation).or_else(|| pg::relation(relation))?;
        if relation.open {
            return None;
        }
        Some(relation.columns.iter().map(|it| (it.name.clone(), it.ty)).collect())
    }

    /// Of a kind that a single value has: certainly no row, and no pseudo-type.
    pub fn is_scalar(&self, ty: Type) -> bool {
        self.type_info(self.base_type(ty).id).is_some_and(|it| match it.kind {
            TypeKind::Base | TypeKind::Array | TypeKind::Enum { .. } => true,
            TypeKind::Range { .. } | TypeKind::Multirange { .. } => true,
            TypeKind::Domain { .. } | TypeKind::Composite { .. } | TypeKind::Pseudo | TypeKind::Opaque => {
                false
            }
        })
    }
}
