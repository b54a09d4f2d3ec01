//! What a routine's declaration lets its body name.

use crate::catalog::{Catalog, Type, TypeId, TypeKind, lookup};
use crate::sema::{Ty, Variable};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateFunction, ParamMode};
use crate::sql::hir::{Ddl, Statement, StatementKind, TypeName};

use super::Env;

/// The types that only a call decides.
pub fn is_polymorphic(id: TypeId) -> bool {
    matches!(id.0, 2283 | 2277 | 2776 | 3500 | 3831 | 4537 | 5077..=5080 | 4538)
}

pub fn type_of(catalog: &Catalog, statement: &Statement, ty: &TypeName) -> Option<Type> {
    lookup::type_of(catalog, ty, &statement.exprs)
}

pub fn is_input(mode: ParamMode) -> bool {
    matches!(mode, ParamMode::In | ParamMode::InOut | ParamMode::Variadic)
}

pub fn has_polymorphic(catalog: &Catalog, statement: &Statement, create: &CreateFunction) -> bool {
    let inputs = create.params.iter().filter(|it| is_input(it.mode));
    inputs.filter_map(|it| type_of(catalog, statement, &it.ty)).any(|it| is_polymorphic(it.id))
}

/// In a body in SQL, input parameters have names and numbers (`prepare_sql_fn_parse_info`).
pub fn sql_env(catalog: &Catalog, statement: &Statement, create: &CreateFunction) -> Env {
    let owner = create.name.last().map(|it| it.ident.clone());
    let mut res = Env { search_path: search_path(create), ..Env::default() };
    for param in create.params.iter().filter(|it| is_input(it.mode)) {
        // A parameter has no modifier.
        let ty = type_of(catalog, statement, &param.ty).map(|it| Type::plain(it.id));
        res.params.push(ty);
        if let Some(name) = &param.name {
            res.variables.push(Variable {
                fields: None,
                name: name.ident.clone(),
                ty: ty.map_or(Ty::Unknown, Ty::Known),
                owner: owner.clone(),
                conflicts: false,
            });
        }
    }
    res
}

pub fn search_path(create: &CreateFunction) -> Option<Vec<Ident>> {
    let path = create.search_path.as_ref()?;
    Some(path.iter().map(|it| it.ident.clone()).filter(|it| !matches!(it.as_str(), "" | "$user")).collect())
}

/// What a body that is part of its statement may name.
pub fn inline_env(catalog: &Catalog, statement: &Statement) -> Option<Env> {
    let StatementKind::Ddl(ddl) = &statement.kind else { return None };
    let Ddl::CreateFunction(create) = &**ddl else { return None };
    create.inline.as_ref()?;
    Some(sql_env(catalog, statement, create))
}

/// What a routine is declared to return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub ty: Type,
    /// The columns of a row, where the declaration tells them.
    pub columns: Option<Vec<Option<Type>>>,
    pub procedure: bool,
    /// Of a kind that a single value has: no row.
    pub scalar: bool,
}

/// `None`: not known, or refused for another reason.
pub fn declared(catalog: &Catalog, statement: &Statement, create: &CreateFunction) -> Option<Declared> {
    let outputs = create.params.iter();
    let outputs: Vec<Option<Type>> = outputs
        .filter(|it| matches!(it.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table))
        .map(|it| type_of(catalog, statement, &it.ty))
        .collect();
    let row = |columns: Vec<Option<Type>>| Declared {
        ty: Type::plain(TypeId::RECORD),
        columns: Some(columns),
        procedure: create.procedure,
        scalar: false,
    };
    let ty = match (outputs.as_slice(), create.procedure) {
        ([], true) => Type::plain(TypeId::VOID),
        ([], false) => type_of(catalog, statement, create.returns.as_ref()?)?,
        (_, true) => return Some(row(outputs)),
        ([only], false) => (*only)?,
        _ => return Some(row(outputs)),
    };
    let info = catalog.type_info(catalog.base_type(ty).id)?;
    let own = catalog.type_info(ty.id)?;
    let columns = match &info.kind {
        TypeKind::Composite { .. } => {
            let columns = catalog.composite_columns(ty.id)?;
            Some(columns.into_iter().map(|it| it.1).collect())
        }
        _ => None,
    };
    let scalar = match own.kind {
        TypeKind::Base | TypeKind::Array | TypeKind::Enum { .. } => true,
        TypeKind::Domain { .. } | TypeKind::Range { .. } | TypeKind::Multirange { .. } => true,
        TypeKind::Composite { .. } | TypeKind::Pseudo | TypeKind::Opaque => false,
    };
    // What other pseudo-types and types of extensions allow is another question.
    let known = scalar || columns.is_some() || matches!(ty.id, TypeId::VOID | TypeId::RECORD);
    known.then_some(Declared { ty: Type::plain(ty.id), columns, procedure: create.procedure, scalar })
}
