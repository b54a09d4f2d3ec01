//! Types, domains and extensions.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Fold;
use crate::base::text::TextRange;
use crate::catalog::depend::{self, Used};
use crate::catalog::object::{SHELL_TYPE, shell_key};
use crate::catalog::{
    EnumLabel, Extension, Function, FunctionKind, FunctionParam, QualifiedName, TypeId, TypeKind, pg,
};
use crate::sql::Ident;
use crate::sql::hir::ddl::{
    AlterDomain, AlterEnum, AlterTable, DomainConstraint, DomainConstraintKind, Setting,
};
use crate::sql::hir::{Name, QName, TypeName};

impl<'a> Fold<'a> {
    /// The name of a new type, unless one of that name exists (then PostgreSQL refuses).
    fn new_type(&mut self, name: &QName) -> Option<QualifiedName> {
        let Some(full) = self.new_name(name, false) else {
            self.catalog.gaps.types |= name.is_dynamic();
            return None;
        };
        // A shell type is completed by what follows, an array type makes way.
        let free = |it: &TypeKind| matches!(it, TypeKind::Opaque | TypeKind::Array);
        let taken = self.catalog.types.named(&full).is_some_and(|it| !free(&it.kind));
        (!taken).then_some(full)
    }

    fn name_origin(&self, name: &QName) -> crate::catalog::Origin {
        self.origin(name.last().map_or_else(Default::default, |it| it.range))
    }

    pub(super) fn create_enum(&mut self, name: &QName, labels: &[(SmolStr, TextRange)]) {
        let Some(full) = self.new_type(name) else { return };
        let label = |(label, range): &(SmolStr, TextRange)| EnumLabel {
            label: label.clone(),
            origin: self.origin(*range),
        };
        let labels = labels.iter().map(label).collect();
        let origin = self.name_origin(name);
        self.catalog.types.intern_enum(full, labels, origin);
    }

    pub(super) fn create_composite(&mut self, name: &QName, columns: &[(Name, TypeName)]) {
        let Some(full) = self.new_type(name) else { return };
        let columns = columns.iter().map(|(name, ty)| (name.ident.clone(), self.type_of(ty))).collect();
        let origin = self.name_origin(name);
        self.catalog.types.intern_composite(full, columns, origin);
    }

    pub(super) fn create_range(&mut self, name: &QName, subtype: Option<&TypeName>, options: &[Setting]) {
        let Some(full) = self.new_type(name) else { return };
        let origin = self.name_origin(name);
        let own =
            |it: &&Setting| it.name.last().is_some_and(|it| it.ident.as_str() == "multirange_type_name");
        let multirange = options.iter().find(own).and_then(|it| it.value.as_deref());
        // In another schema: that the type exists is all that is kept.
        let subtype = subtype.filter(|_| !multirange.is_some_and(|it| it.contains('.')));
        let multirange = multirange.map(Ident::new);
        match subtype.and_then(|it| self.type_of(it)) {
            Some(subtype) => {
                let range = self.catalog.types.intern_range(full, subtype.id, multirange, origin);
                self.range_constructors(range, subtype.id, origin);
            }
            None => {
                self.catalog.types.intern_opaque(full, origin);
                self.catalog.gaps.functions = true;
                self.catalog.gaps.types = true;
            }
        }
    }

    /// The functions of a range type and its multirange (`makeRangeConstructors`, `makeMultirangeConstructors`).
    fn range_constructors(&mut self, range: TypeId, subtype: TypeId, origin: crate::catalog::Origin) {
        let multi = self.catalog.types.iter().find(|it| it.kind == TypeKind::Multirange { range });
        let multi = multi.map(|it| (it.id, it.schema.clone(), it.name.clone()));
        let array = self.catalog.array_type(range);
        let Some(info) = self.catalog.types.get(range) else { return };
        let own = (range, info.schema.clone(), info.name.clone());
        let mut made =
            vec![(&own, vec![subtype, subtype], false), (&own, vec![subtype, subtype, TypeId::TEXT], false)];
        if let Some(multi) = &multi {
            made.push((multi, Vec::new(), false));
            made.push((multi, vec![range], false));
            made.extend(array.map(|it| (multi, vec![it], true)));
        }
        let functions = Arc::make_mut(&mut self.catalog.functions);
        for ((returns, schema, name), params, variadic) in made {
            let params_of_multirange = *returns != range;
            let function = Function {
                schema: schema.clone(),
                name: name.clone(),
                kind: FunctionKind::Function,
                params: params.into_iter().map(|ty| FunctionParam { name: None, ty: Some(ty) }).collect(),
                call_params: Vec::new(),
                n_defaults: 0,
                variadic,
                returns: Some(*returns),
                returns_set: false,
                out_columns: Vec::new(),
                strict: params_of_multirange,
                direct_args: None,
                mutable: false,
                definition: None,
                origin,
            };
            let key = QualifiedName { schema: schema.clone(), name: name.clone() };
            functions.entry(key).or_default().push(Arc::new(function));
        }
    }

    pub(super) fn create_shell(&mut self, name: &QName) {
        let Some(full) = self.new_type(name) else { return };
        let origin = self.name_origin(name);
        self.catalog.types.intern_opaque(full, origin);
        self.make_object(SHELL_TYPE, name, "", None);
    }

    /// A type that is no shell any more.
    pub(super) fn shell_gone(&mut self, name: &QualifiedName) {
        let key = shell_key(name);
        if self.catalog.objects.contains_key(&key) {
            Arc::make_mut(&mut self.catalog.objects).remove(&key);
        }
    }

    pub(super) fn create_domain(
        &mut self,
        name: &QName,
        base: &TypeName,
        not_null: bool,
        collation: Option<&QName>,
    ) {
        let Some(full) = self.new_type(name) else { return };
        let origin = self.name_origin(name);
        match self.type_of(base) {
            Some(base) => {
                let info = self.catalog.type_info(base.id).cloned();
                let id = self.catalog.types.intern_domain(full, base, not_null, info.as_ref(), origin);
                let collation = collation.and_then(|it| it.last()).map(|it| it.ident.as_str().into());
                self.catalog.types.set_collation(id, collation);
            }
            None => {
                self.catalog.types.intern_opaque(full, origin);
            }
        }
    }

    /// Names of a domain's constraints, those chosen included (`ChooseConstraintName`).
    pub(super) fn domain_constraints(&mut self, name: &QName, constraints: &[DomainConstraint]) {
        let Some(last) = name.last() else { return };
        for constraint in constraints {
            let label = match constraint.kind {
                DomainConstraintKind::NotNull => "not_null",
                DomainConstraintKind::Check { .. } => "check",
                _ => continue,
            };
            let own = constraint.name.as_ref().map(|it| it.ident.clone());
            self.domain_constraint(&last.ident, own, label);
        }
    }

    pub(super) fn domain_constraint(&mut self, domain: &Ident, own: Option<Ident>, label: &str) {
        let key = |name: &str| (SmolStr::from(format!("CONSTRAINT {domain}")), Ident::new(name));
        let name = own.map(|it| it.as_str().to_owned()).unwrap_or_else(|| {
            let base = super::naming::object_name(domain.as_str(), None, label);
            let taken = |it: &str| self.catalog.others.contains(&key(it));
            let numbered = (1..100).map(|it| format!("{base}{it}"));
            std::iter::once(base.clone()).chain(numbered).find(|it| !taken(it)).unwrap_or(base)
        });
        let others = Arc::make_mut(&mut self.catalog.others);
        others.insert(key(&name));
        if label == "not_null" {
            others.insert((SmolStr::from(format!("NOT NULL OF {domain}")), Ident::new(name)));
        }
    }

    pub(super) fn alter_enum(&mut self, name: &QName, action: &AlterEnum) {
        let Some(full) = self.find_type(name) else { return };
        match action {
            AlterEnum::AddValue { label, range, before, after, .. } => {
                let label = EnumLabel { label: label.clone(), origin: self.origin(*range) };
                self.catalog.types.add_label(&full, label, before.as_deref(), after.as_deref());
            }
            AlterEnum::RenameValue { from, to, .. } => {
                self.rename_label(&full, from, to);
                self.catalog.types.rename_label(&full, from, to.clone());
            }
        }
    }

    pub(super) fn alter_composite(&mut self, name: &QName, actions: &[AlterTable]) {
        let Some(full) = self.find_type(name) else { return };
        for action in actions {
            let ty = match action {
                AlterTable::AddColumn { column, .. } => column.ty.as_ref().and_then(|it| self.type_of(it)),
                AlterTable::SetType { ty, .. } => self.type_of(ty),
                _ => None,
            };
            self.catalog.types.change(&full, |info| {
                let TypeKind::Composite { relation: None, columns } = &mut info.kind else { return false };
                match action {
                    AlterTable::AddColumn { column, .. } => columns.push((column.name.ident.clone(), ty)),
                    AlterTable::DropColumn { name, .. } => columns.retain(|it| it.0 != name.ident),
                    AlterTable::SetType { name, .. } => {
                        columns.iter_mut().filter(|it| it.0 == name.ident).for_each(|it| it.1 = ty);
                    }
                    AlterTable::RenameColumn { name, new_name } => {
                        columns
                            .iter_mut()
                            .filter(|it| it.0 == name.ident)
                            .for_each(|it| it.0 = new_name.ident.clone());
                    }
                    _ => {}
                }
                true
            });
            match action {
                AlterTable::DropColumn { name, cascade: true, .. } => {
                    let own = &name.ident;
                    self.drop_users(
                        &|it| matches!(it, Used::Column(of, column) if *of == full && column == own),
                    );
                }
                AlterTable::RenameColumn { name, new_name } => {
                    depend::rename_column(&mut self.catalog.depends, &full, &name.ident, &new_name.ident);
                }
                _ => {}
            }
        }
        // CASCADE: tables of the type change with it.
        let Some(id) = self.catalog.types.id(&full) else { return };
        let of_type = self.catalog.relations.iter().filter(|it| it.1.of_type == Some(id));
        let tables: Vec<crate::catalog::QualifiedName> = of_type.map(|it| it.0.clone()).collect();
        for table in tables {
            for action in actions {
                self.action(&table, action);
            }
        }
    }

    pub(super) fn alter_domain(&mut self, name: &QName, action: &AlterDomain) {
        let Some(full) = self.find_type(name) else { return };
        let key = |it: &Name| (SmolStr::from(format!("CONSTRAINT {}", full.name)), it.ident.clone());
        match action {
            AlterDomain::AddCheck { name, .. } => {
                self.domain_constraint(&full.name, name.as_ref().map(|it| it.ident.clone()), "check");
            }
            AlterDomain::DropConstraint { name, .. } => {
                Arc::make_mut(&mut self.catalog.others).remove(&key(name));
            }
            AlterDomain::AddNotNull { name } => {
                self.domain_constraint(&full.name, name.as_ref().map(|it| it.ident.clone()), "not_null");
            }
            // NOT NULL is a constraint with a name, too. An empty one says that there may be others.
            AlterDomain::SetNotNull => {
                let already = self
                    .catalog
                    .types
                    .named(&full)
                    .is_some_and(|it| matches!(it.kind, TypeKind::Domain { not_null: true, .. }));
                if !already {
                    self.domain_constraint(&full.name, None, "not_null");
                }
            }
            AlterDomain::DropNotNull => {
                let made = SmolStr::from(format!("NOT NULL OF {}", full.name));
                let names: Vec<Ident> =
                    self.catalog.others.iter().filter(|it| it.0 == made).map(|it| it.1.clone()).collect();
                let others = Arc::make_mut(&mut self.catalog.others);
                for name in names {
                    others.remove(&(made.clone(), name.clone()));
                    others.remove(&(SmolStr::from(format!("CONSTRAINT {}", full.name)), name));
                }
            }
            AlterDomain::Other => {
                let kind = SmolStr::from(format!("CONSTRAINT {}", full.name));
                Arc::make_mut(&mut self.catalog.others).insert((kind, Ident::new("")));
            }
            _ => {}
        }
        let new = match action {
            AlterDomain::SetNotNull | AlterDomain::AddNotNull { .. } => true,
            AlterDomain::DropNotNull => false,
            _ => return,
        };
        self.catalog.types.change(&full, |info| match &mut info.kind {
            TypeKind::Domain { not_null, .. } => {
                *not_null = new;
                true
            }
            _ => false,
        });
    }

    pub(super) fn create_extension(&mut self, name: &Name, schema: Option<&Name>) {
        // Part of every database.
        if name.ident.as_str() == "plpgsql" || name.ident.is_dynamic() {
            return;
        }
        let schema = schema.map_or_else(|| self.creation_schema(), |it| it.ident.clone());
        let origin = self.origin(name.range);
        self.add_extension(name.ident.clone(), schema, origin, 0);
    }

    /// With the extensions that it needs: CASCADE makes them, and without it they are there.
    fn add_extension(&mut self, name: Ident, schema: Ident, origin: crate::catalog::Origin, depth: u32) {
        if self.catalog.extensions.contains_key(&name) || depth > 8 {
            return;
        }
        let known = pg::has_extension(name.as_str());
        let requires = pg::ext::extension(name.as_str()).map(|it| it.requires.clone()).unwrap_or_default();
        for required in requires {
            self.add_extension(Ident::new(required), schema.clone(), origin, depth + 1);
        }
        let extension = Extension { name: name.clone(), schema, known, origin };
        Arc::make_mut(&mut self.catalog.extensions).insert(name, extension);
    }

    /// What a type's name in a signature means.
    pub(super) fn type_id(&self, ty: &TypeName) -> Option<TypeId> {
        self.type_of(ty).map(|it| it.id)
    }
}
