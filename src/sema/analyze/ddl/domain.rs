//! Domains: CREATE with its clauses, ALTER, constraints (`DefineDomain`, `AlterDomain…Constraint`).

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::{TypeId, TypeInfo, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{AlterDomain, DomainConstraint, DomainConstraintKind};
use crate::sql::hir::{ExprId, Name, QName, TypeName};

use super::super::binder::Binder;
use super::name::at;

impl<'a> Binder<'a> {
    /// What is said of a new domain beside its type, in PostgreSQL's order: the first refusal counts.
    pub fn domain_clauses(
        &mut self,
        name: &QName,
        base: &TypeName,
        collation: Option<&QName>,
        constraints: &[DomainConstraint],
    ) {
        if let Some(collation) = collation
            && let Ok(found) = crate::catalog::lookup::type_name(self.catalog, base, &self.stmt.exprs)
        {
            // PostgreSQL's place is the type.
            let n_problems = self.problems.len();
            self.collation_of(found.id, collation);
            if let Some(problem) = self.problems.get_mut(n_problems)
                && problem.code == code::DATATYPE_MISMATCH
            {
                problem.range = base.range.cover(problem.range);
            }
        }
        let Some(last) = name.last() else { return };
        let (mut default, mut nullable) = (false, None::<bool>);
        let mut seen: Vec<&Ident> = Vec::new();
        for constraint in constraints {
            let range = constraint.range;
            match constraint.kind {
                DomainConstraintKind::Default => {
                    if default {
                        self.report(code::SYNTAX_ERROR, range, "multiple default expressions");
                        return;
                    }
                    default = true;
                }
                DomainConstraintKind::NotNull => {
                    match nullable {
                        Some(true) => {
                            self.report(code::SYNTAX_ERROR, range, "conflicting NULL/NOT NULL constraints");
                            return;
                        }
                        Some(false) => {
                            let message = "redundant NOT NULL constraint definition";
                            self.report(code::INVALID_OBJECT_DEFINITION, range, message);
                            return;
                        }
                        None => {}
                    }
                    nullable = Some(false);
                }
                DomainConstraintKind::Null => {
                    if nullable == Some(false) {
                        self.report(code::SYNTAX_ERROR, range, "conflicting NULL/NOT NULL constraints");
                        return;
                    }
                    nullable = Some(true);
                }
                DomainConstraintKind::Check { no_inherit: true } => {
                    let message = "check constraints for domains cannot be marked NO INHERIT";
                    self.report(code::INVALID_OBJECT_DEFINITION, range, message);
                    return;
                }
                DomainConstraintKind::Check { .. } => {}
                DomainConstraintKind::Unsupported(what) => {
                    let message = format!("specifying {what} not supported for domains");
                    self.report(code::FEATURE_NOT_SUPPORTED, range, message);
                    return;
                }
                DomainConstraintKind::Refused(what) => {
                    self.report(code::SYNTAX_ERROR, range, format!("{what} not possible for domains"));
                    return;
                }
            }
            let own = constraint.name.as_ref().map(|it| &it.ident);
            if let Some(own) = own {
                if seen.contains(&own) {
                    self.constraint_exists(own, &last.ident, range);
                    return;
                }
                seen.push(own);
            }
        }
    }

    fn constraint_exists(&mut self, name: &Ident, domain: &Ident, at: TextRange) {
        let message = format!("constraint \"{name}\" for domain \"{domain}\" already exists");
        self.report(code::DUPLICATE_OBJECT, at, message);
    }

    /// Whether a domain has a constraint; `None`: not known.
    fn has_constraint(&self, info: &TypeInfo, name: &Ident) -> Option<bool> {
        if !self.is_exact() || !matches!(info.origin, crate::catalog::Origin::Sql { .. }) {
            return None;
        }
        let kind = SmolStr::from(format!("CONSTRAINT {}", info.name));
        if self.catalog.others.contains(&(kind.clone(), name.clone())) {
            return Some(true);
        }
        (!self.catalog.others.contains(&(kind, Ident::new("")))).then_some(false)
    }

    pub fn domain_action(&mut self, info: &TypeInfo, action: &AlterDomain) {
        match action {
            AlterDomain::AddCheck { name: Some(name), .. }
                if self.has_constraint(info, &name.ident) == Some(true) =>
            {
                self.constraint_exists(&name.ident, &info.name, name.range);
            }
            AlterDomain::AddNotNull { name: Some(name) }
                if self.has_constraint(info, &name.ident) == Some(true) && !is_not_null(info) =>
            {
                self.constraint_exists(&name.ident, &info.name, name.range);
            }
            AlterDomain::Refused(at, what) => {
                self.report(code::SYNTAX_ERROR, *at, format!("{what} not possible for domains"));
            }
            AlterDomain::DropConstraint { name, if_exists: false }
            | AlterDomain::ValidateConstraint(name) => {
                self.no_domain_constraint(info, name);
            }
            _ => {}
        }
    }

    fn no_domain_constraint(&mut self, info: &TypeInfo, name: &Name) {
        if self.has_constraint(info, &name.ident) == Some(false) && !name.ident.is_dynamic() {
            let message = format!("constraint \"{}\" of domain \"{}\" does not exist", name.ident, info.name);
            self.report(code::UNDEFINED_OBJECT, name.range, message);
        }
    }

    /// RENAME CONSTRAINT to a name that another has.
    pub fn domain_constraint_taken(&mut self, name: &QName, to: &Name) {
        let mut domain = name.clone();
        domain.parts.pop();
        let schema = domain.schema().map(|it| &it.ident);
        let Some(last) = domain.last() else { return };
        let id = crate::catalog::lookup::named_type(self.catalog, schema, &last.ident);
        let Some(info) = id.and_then(|it| self.type_info(it)) else { return };
        if self.has_constraint(info, &to.ident) == Some(true) {
            self.constraint_exists(&to.ident, &info.name, to.range);
        }
    }

    /// `domain.constraint`, where both must be there.
    pub fn domain_constraint_of(&mut self, name: &QName, if_exists: bool) {
        let mut domain = name.clone();
        let Some(own) = domain.parts.pop() else { return };
        let Some(id) = self.existing_type(&domain, if_exists) else { return };
        let Some(info) = self.type_info(id) else { return };
        match info.kind {
            TypeKind::Domain { .. } => self.no_domain_constraint(info, &own),
            TypeKind::Opaque => {}
            _ => {
                let shown = self.format_id(id);
                self.report(code::WRONG_OBJECT_TYPE, at(&domain), format!("{shown} is not a domain"));
            }
        }
    }

    pub fn create_domain(
        &mut self,
        name: &'a QName,
        base: &'a TypeName,
        default: Option<ExprId>,
        checks: &'a [ExprId],
    ) {
        self.new_type(name);
        let found = self.type_name(base);
        if let Ty::Known(ty) = found
            && self.only_shell(ty.id, base)
        {
            return;
        }
        if let Ty::Known(ty) = found
            && self.is_pseudo(ty.id)
        {
            let message = format!("\"{}\" is not a valid base type for a domain", self.bare_name(ty.id));
            self.report(code::DATATYPE_MISMATCH, base.range, message);
            return;
        }
        if let (Some(default), Some(last)) = (default, name.last()) {
            self.default_of(&last.ident, found, default);
        }
        for check in checks {
            self.domain_check(found, *check);
        }
    }

    fn bare_name(&self, id: TypeId) -> String {
        self.type_info(id).map_or_else(String::new, |it| it.name.to_string())
    }

    pub fn alter_domain(&mut self, name: &'a QName, action: &'a AlterDomain) {
        let Some(id) = self.existing_type(name, false) else { return };
        let Some(info) = self.type_info(id) else { return };
        let base = match &info.kind {
            TypeKind::Domain { base, .. } => Ty::Known(*base),
            TypeKind::Opaque => Ty::Unknown,
            _ => {
                let shown = self.format_id(id);
                self.report(code::WRONG_OBJECT_TYPE, at(name), format!("{shown} is not a domain"));
                return;
            }
        };
        match action {
            AlterDomain::SetDefault(expr) => self.default_of(&info.name, base, *expr),
            AlterDomain::AddCheck { expr, .. } => self.domain_check(base, *expr),
            _ => {}
        }
        let n_problems = self.problems.len();
        self.domain_action(info, action);
        let validates = match action {
            AlterDomain::AddCheck { .. } => !self.text.to_ascii_lowercase().contains("valid"),
            AlterDomain::SetNotNull | AlterDomain::AddNotNull { .. } => {
                !matches!(info.kind, TypeKind::Domain { not_null: true, .. })
            }
            AlterDomain::ValidateConstraint(_) => true,
            _ => false,
        };
        if validates && self.is_exact() && self.problems.len() == n_problems {
            self.domain_inside(info, name);
        }
    }

    /// A column of a table whose values hold values of a domain inside others: those are not looked at
    /// (`get_rels_with_domain`).
    fn domain_inside(&mut self, info: &TypeInfo, name: &QName) {
        use crate::catalog::RelationKind::{MaterializedView, Table};
        let found = self.catalog.relations.iter().find_map(|(table, relation)| {
            let is_table = matches!(relation.kind, Table | MaterializedView);
            let lasts = table.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA;
            let column = relation.columns.iter().find(|it| {
                it.ty.is_some_and(|it| {
                    let mut outer = it.id;
                    // Domains over domains are looked at.
                    for _ in 0..16 {
                        match self.type_info(outer).map(|it| &it.kind) {
                            Some(TypeKind::Domain { base, .. }) if outer != info.id => outer = base.id,
                            _ => break,
                        }
                    }
                    outer != info.id && self.holds(outer, info.id, 0)
                })
            });
            column.filter(|_| is_table && lasts).map(|it| (table.name.clone(), it.name.clone()))
        });
        if let Some((table, column)) = found {
            let message =
                format!("cannot alter type \"{}\" because column \"{table}.{column}\" uses it", info.name);
            self.report(code::FEATURE_NOT_SUPPORTED, at(name), message);
        }
    }
}

fn is_not_null(info: &TypeInfo) -> bool {
    matches!(info.kind, TypeKind::Domain { not_null: true, .. })
}
