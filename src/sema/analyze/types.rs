//! Type names in a statement, and types as messages spell them.

use crate::catalog::lookup::{self, TypeNameError};
use crate::catalog::types::format_type;
use crate::catalog::{Type, TypeId, TypeInfo, TypeKind};
use crate::sema::{Code, Target, Ty, code};
use crate::sql::hir::TypeName;

use super::binder::Binder;

/// Keywords for columns that the grammar takes for no type; those of types are not among them.
const CONSTRUCTS: [&str; 29] = [
    "between",
    "coalesce",
    "exists",
    "extract",
    "greatest",
    "grouping",
    "inout",
    "least",
    "none",
    "normalize",
    "nullif",
    "out",
    "overlay",
    "position",
    "precision",
    "row",
    "substring",
    "treat",
    "trim",
    "values",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
];

impl<'a> Binder<'a> {
    /// The type that a name means; reports it when there is none.
    pub fn type_name(&mut self, name: &TypeName) -> Ty {
        if !self.typed || self.see_type(name) || self.too_many_dots(&name.name, 3) {
            return Ty::Unknown;
        }
        match lookup::type_name(self.catalog, name, &self.stmt.exprs) {
            Ok(ty) => {
                let at = name.name.range().unwrap_or(name.range);
                self.reference(at, Target::Type(self.element_or_self(ty.id)));
                // Such as `name`, and domains that say COLLATE.
                self.collated |= self.type_info(ty.id).is_some_and(|it| it.collation.is_some());
                Ty::Known(ty)
            }
            Err(TypeNameError::Unknown) => Ty::Unknown,
            Err(TypeNameError::Missing(_)) if self.is_construct(name) => {
                let message = format!("syntax error at or near \"{}\"", self.slice(name.range));
                self.report(code::SYNTAX_ERROR, name.range, message);
                Ty::Unknown
            }
            Err(TypeNameError::Missing(refusal) | TypeNameError::BadModifier(refusal)) => {
                self.report(code_of(refusal.sqlstate), name.range, refusal.message);
                Ty::Unknown
            }
        }
    }

    /// A keyword that may name a column, but no type (`col_name_keyword` of the grammar).
    fn is_construct(&self, name: &TypeName) -> bool {
        let [only] = name.name.parts.as_slice() else { return false };
        let word = self.slice(only.range);
        CONSTRUCTS.iter().any(|it| word.eq_ignore_ascii_case(it))
    }

    fn element_or_self(&self, id: TypeId) -> TypeId {
        self.catalog.element_type(id).unwrap_or(id)
    }

    pub fn type_info(&self, id: TypeId) -> Option<&'a TypeInfo> {
        self.catalog.type_info(id)
    }

    /// `format_type_be`: as error messages name a type.
    pub fn format_id(&self, id: TypeId) -> String {
        format_type(self.catalog, Type::plain(id))
    }

    /// The type below domains.
    pub fn base(&self, id: TypeId) -> TypeId {
        self.catalog.base_type(Type::plain(id)).id
    }

    pub fn is_composite(&self, id: TypeId) -> bool {
        self.type_info(self.base(id)).is_some_and(|it| matches!(it.kind, TypeKind::Composite { .. }))
    }

    pub fn is_polymorphic(id: TypeId) -> bool {
        // anyelement, anyarray, anynonarray, anyenum, anyrange, anymultirange and the anycompatible family.
        matches!(id.0, 2283 | 2277 | 2776 | 3500 | 3831 | 4537 | 5077..=5080 | 4538)
    }
}

/// The code that stands for a SQLSTATE.
pub fn code_of(sqlstate: &str) -> Code {
    code::ALL.iter().find(|it| it.sqlstate == Some(sqlstate)).copied().unwrap_or(code::UNDEFINED_OBJECT)
}
