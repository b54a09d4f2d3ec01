//! Keys, foreign keys and checks (`transformIndexConstraint`, `ATAddForeignKeyConstraint`, `AddRelationNewConstraints`).

mod foreign;

pub use foreign::fits;

use crate::base::text::TextRange;
use crate::catalog::{QualifiedName, Relation, RelationKind, TypeId};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::Name;
use crate::sql::hir::ddl::{ColumnConstraintKind, ColumnDef, TableConstraint, TableConstraintKind};

use super::super::binder::Binder;
use super::super::scope::system_column;
use super::name::{constraints, declared_here, relation_origin};
use super::table::Own;

/// What the constraints of a table are called, and whether one is its primary key.
pub struct Keys {
    primary: bool,
    /// Names of constraints of the table.
    names: Vec<Ident>,
    /// Names of checks that the statement makes.
    checks: Vec<Ident>,
    /// Names of indexes that the statement makes.
    indexes: Vec<Ident>,
    /// The columns of its keys: one that is there twice is one.
    columns: Vec<Vec<Ident>>,
    /// NOT NULL constraints that are given names: the name and the column.
    not_nulls: Vec<(Ident, Ident)>,
    /// Names that the statement has freed.
    freed: Vec<Ident>,
    /// The table is altered, not created.
    altered: bool,
}

impl Keys {
    /// Of a table that is being made.
    pub fn new(_own: &Own<'_>, _binder: &Binder<'_>) -> Keys {
        Keys {
            primary: false,
            names: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            columns: Vec::new(),
            not_nulls: Vec::new(),
            freed: Vec::new(),
            altered: false,
        }
    }

    /// Of a table as it is.
    pub fn of(relation: &Relation, binder: &Binder<'_>) -> Keys {
        let certain = |it: &&(Option<&Ident>, crate::catalog::Origin)| binder.is_certain(it.1);
        let all = constraints(relation);
        let names = all.iter().filter(certain).filter_map(|it| it.0.cloned()).collect();
        let primary = relation.primary_key.as_ref().is_some_and(|it| binder.is_certain(it.origin));
        Keys {
            primary,
            names,
            checks: Vec::new(),
            indexes: Vec::new(),
            columns: Vec::new(),
            not_nulls: Vec::new(),
            freed: Vec::new(),
            altered: true,
        }
    }

    pub fn forget(&mut self, name: &Ident, was_primary: bool) {
        self.names.retain(|it| it != name);
        self.freed.push(name.clone());
        self.primary &= !was_primary;
    }
}

impl<'a> Binder<'a> {
    pub fn column_constraints(&mut self, own: &Own<'_>, column: &'a ColumnDef, keys: &mut Keys) {
        let name = &column.name;
        let ty = Self::column_ty(own.relation, &name.ident);
        for constraint in &column.constraints {
            let range = constraint.range;
            let given = constraint.name.as_ref();
            let words = match &constraint.kind {
                ColumnConstraintKind::PrimaryKey => Some("primary key"),
                ColumnConstraintKind::Unique { .. } => Some("unique"),
                ColumnConstraintKind::References(_) => Some("foreign key"),
                _ => None,
            };
            if words.is_some_and(|it| self.not_on_foreign(own, it, range)) {
                return;
            }
            match &constraint.kind {
                ColumnConstraintKind::NotNull { no_inherit: true } if self.of_partitioned(own) => {
                    self.no_inherit_of_partitioned(range);
                }
                ColumnConstraintKind::NotNull { .. } => self.not_null_name(own, given, name, keys),
                ColumnConstraintKind::Null => {}
                ColumnConstraintKind::Identity { options, .. } => {
                    let id = match ty {
                        crate::sema::Ty::Known(it) => Some(it.id),
                        crate::sema::Ty::Unknown => None,
                    };
                    let integer = matches!(id, Some(TypeId::INT2 | TypeId::INT4 | TypeId::INT8));
                    if integer {
                        self.sequence_options(options, id, true);
                    }
                }
                ColumnConstraintKind::Default(expr) => self.default_of(&name.ident, ty, *expr),
                ColumnConstraintKind::Generated { expr, stored } => {
                    let n_problems = self.problems.len();
                    self.generated(own.relation, &name.ident, ty, *expr);
                    if !stored && self.problems.len() == n_problems {
                        self.virtual_expression(*expr);
                    }
                }
                ColumnConstraintKind::Check(expr) => {
                    self.check_name(own, given, keys);
                    self.check_expr(own.relation, *expr);
                }
                ColumnConstraintKind::PrimaryKey => {
                    self.key(own, std::slice::from_ref(name), given, (true, false), range, keys);
                }
                ColumnConstraintKind::Unique { .. } => {
                    self.key(own, std::slice::from_ref(name), given, (false, false), range, keys);
                }
                ColumnConstraintKind::References(references) => {
                    self.constraint_name(own, given, keys);
                    let chosen = self.chosen(own, std::slice::from_ref(&name.ident), given);
                    self.foreign_key(own, std::slice::from_ref(name), (references, false), &chosen, range);
                }
            }
        }
    }

    fn of_partitioned(&self, own: &Own<'_>) -> bool {
        own.relation.kind == crate::catalog::RelationKind::PartitionedTable
            && self.is_certain(own.relation.origin)
    }

    fn no_inherit_of_partitioned(&mut self, at: TextRange) {
        let message = "not-null constraints on partitioned tables cannot be NO INHERIT";
        self.report(code::FEATURE_NOT_SUPPORTED, at, message);
    }

    /// Foreign tables have checks and NOT NULL alone.
    fn not_on_foreign(&mut self, own: &Own<'_>, words: &str, at: TextRange) -> bool {
        let foreign = own.relation.kind == crate::catalog::RelationKind::Foreign
            && self.is_certain(own.relation.origin);
        if foreign {
            let message = format!("{words} constraints are not supported on foreign tables");
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        }
        foreign
    }

    fn no_virtual(&mut self, what: &str, at: TextRange) {
        let message = format!("{what} on virtual generated columns are not supported");
        self.report(code::FEATURE_NOT_SUPPORTED, at, message);
    }

    pub fn table_constraint(&mut self, own: &Own<'_>, constraint: &'a TableConstraint, keys: &mut Keys) {
        let given = constraint.name.as_ref();
        let range = constraint.range;
        let words = match &constraint.kind {
            TableConstraintKind::PrimaryKey { .. } => Some("primary key"),
            TableConstraintKind::Unique { .. } => Some("unique"),
            TableConstraintKind::ForeignKey { .. } => Some("foreign key"),
            TableConstraintKind::Exclude(_) => Some("exclusion"),
            _ => None,
        };
        if words.is_some_and(|it| self.not_on_foreign(own, it, range)) {
            return;
        }
        for name in constraint.include.iter().filter(|it| !it.ident.is_dynamic()) {
            let known = own.relation.open
                || own.relation.columns.iter().any(|it| it.name == name.ident)
                || system_column(name.ident.as_str()).is_some();
            if !known {
                return self.no_key_column(own, name, range);
            }
        }
        match &constraint.kind {
            TableConstraintKind::PrimaryKey { using_index: Some(index), .. } => {
                self.using_index(own, index, range);
                self.primary_key(own, range, keys);
            }
            TableConstraintKind::Unique { using_index: Some(index), .. } => {
                self.using_index(own, index, range);
            }
            TableConstraintKind::PrimaryKey { columns, without_overlaps, .. } => {
                self.key(own, columns, given, (true, *without_overlaps), range, keys);
            }
            TableConstraintKind::Unique { columns, without_overlaps, .. } => {
                self.key(own, columns, given, (false, *without_overlaps), range, keys);
            }
            TableConstraintKind::ForeignKey { columns, references, .. } => {
                self.constraint_name(own, given, keys);
                let idents: Vec<Ident> = columns.iter().map(|it| it.ident.clone()).collect();
                let chosen = self.chosen(own, &idents, given);
                let period = matches!(constraint.kind, TableConstraintKind::ForeignKey { period: true, .. });
                self.foreign_key(own, columns, (references, period), &chosen, range);
            }
            TableConstraintKind::Check(_)
                if constraint.no_inherit
                    && own.relation.kind == RelationKind::PartitionedTable
                    && self.is_certain(own.relation.origin) =>
            {
                let message = format!(
                    "cannot add NO INHERIT constraint to partitioned table \"{}\"",
                    own.relation.name
                );
                self.report(code::INVALID_TABLE_DEFINITION, range, message);
            }
            TableConstraintKind::Check(expr) => {
                self.check_name(own, given, keys);
                self.check_expr(own.relation, *expr);
            }
            TableConstraintKind::Exclude(exclude) => {
                self.index_name(own, given, keys);
                let n_problems = self.problems.len();
                self.exclude(own, exclude, range);
                // Every column of the partition key must be compared with `=`.
                let equal = exclude.items.iter().filter(|it| it.1.op == "=");
                let columns: Option<Vec<Ident>> =
                    equal.map(|it| self.plain_column(it.0.expr).map(|it| it.ident.clone())).collect();
                if self.problems.len() == n_problems
                    && let Some(columns) = columns
                {
                    self.covers_partition_key(own.relation, &columns, "EXCLUDE", range);
                }
            }
            TableConstraintKind::NotNull(_) if constraint.no_inherit && self.of_partitioned(own) => {
                self.no_inherit_of_partitioned(range);
            }
            TableConstraintKind::NotNull(column) => {
                let known = own.relation.open
                    || column.ident.is_dynamic()
                    || own.relation.columns.iter().any(|it| it.name == column.ident);
                if known {
                    self.not_null_name(own, given, column, keys);
                } else if system_column(column.ident.as_str()).is_some() {
                    let message =
                        format!("cannot add not-null constraint on system column \"{}\"", column.ident);
                    self.report(code::FEATURE_NOT_SUPPORTED, column.range, message);
                } else {
                    self.no_column(own.relation, column, true);
                }
            }
        }
    }

    /// NOT NULL is a constraint with a name, too (`AddRelationNotNullConstraints`).
    fn not_null_name(&mut self, own: &Own<'_>, given: Option<&Name>, column: &Name, keys: &mut Keys) {
        let Some(given) = given.filter(|it| !own.taken && !it.ident.is_dynamic() && self.is_exact()) else {
            return;
        };
        if self.catalog.server_version.is_some_and(|it| it < 18) {
            return;
        }
        let name = &given.ident;
        let exists =
            |name: &Ident| format!("constraint \"{name}\" for relation \"{}\" already exists", own.name.name);
        if keys.altered {
            let before = self.catalog.relations.get(own.name);
            let old = before.and_then(|it| it.columns.iter().find(|it| it.name == column.ident));
            if old.is_some_and(|it| it.not_null) {
                let said = before.and_then(|it| it.not_nulls.iter().find(|it| it.1 == column.ident));
                let other = match said {
                    Some((said, _)) => said != name,
                    // A name that was chosen.
                    None => !name.as_str().contains("not_null"),
                };
                if other {
                    let message = format!(
                        "cannot create not-null constraint \"{name}\" on column \"{}\" of table \"{}\"",
                        column.ident, own.name.name
                    );
                    self.report(code::OBJECT_NOT_IN_STATE, given.range, message);
                }
            } else {
                self.constraint_name(own, Some(given), keys);
            }
            return;
        }
        let said = keys.not_nulls.iter().find(|it| it.1 == column.ident).map(|it| it.0.clone());
        if let Some(said) = said {
            if said != *name {
                let message = format!("conflicting not-null constraint names \"{said}\" and \"{name}\"");
                self.report(code::SYNTAX_ERROR, given.range, message);
            }
            return;
        }
        if keys.not_nulls.iter().any(|it| it.0 == *name) {
            self.report(code::DUPLICATE_OBJECT, given.range, exists(name));
        } else if keys.checks.contains(name) {
            self.twice_in_catalog(given);
        } else if keys.names.contains(name) {
            // Keys are made later.
            self.report(code::DUPLICATE_OBJECT, given.range, exists(name));
        }
        keys.not_nulls.push((name.clone(), column.ident.clone()));
    }

    /// Checks are made before NOT NULL constraints, which do not look whether a name is taken.
    fn twice_in_catalog(&mut self, given: &Name) {
        let message = "duplicate key value violates unique constraint \"pg_constraint_conrelid_contypid_conname_index\"";
        self.report(code::UNIQUE_VIOLATION, given.range, message);
    }

    /// `multiple primary keys for table "t" are not allowed`.
    fn primary_key(&mut self, own: &Own<'_>, at: TextRange, keys: &mut Keys) -> bool {
        if keys.primary && !(keys.altered && self.catalog.gaps.keys) {
            let message = format!("multiple primary keys for table \"{}\" are not allowed", own.name.name);
            self.report(code::INVALID_TABLE_DEFINITION, at, message);
        }
        std::mem::replace(&mut keys.primary, true)
    }

    /// PRIMARY KEY or UNIQUE over columns; whether it is the primary one, and one WITHOUT OVERLAPS.
    fn key(
        &mut self,
        own: &Own<'_>,
        columns: &'a [Name],
        given: Option<&Name>,
        (primary, overlaps): (bool, bool),
        at: TextRange,
        keys: &mut Keys,
    ) {
        if primary && self.primary_key(own, at, keys) && !keys.altered {
            return;
        }
        let listed: Vec<Ident> = columns.iter().map(|it| it.ident.clone()).collect();
        // One over the same columns as another may be that other.
        let merged = |given: &Name| {
            let made = || own.relation.primary_key.iter().chain(&own.relation.uniques);
            let is = |it: &crate::catalog::Key| it.name.as_ref() == Some(&given.ident);
            made().any(|it| it.columns == listed) && !made().any(is)
        };
        if keys.altered || !keys.columns.contains(&listed) && !given.is_some_and(merged) {
            self.index_name(own, given, keys);
        }
        if keys.altered {
            let words = if primary { "PRIMARY KEY" } else { "UNIQUE" };
            self.covers_partition_key(own.relation, &listed, words, at);
        }
        keys.columns.push(listed);
        let mut seen: Vec<&Ident> = Vec::new();
        let mut unclassed: Vec<(crate::catalog::TypeId, TextRange)> = Vec::new();
        for name in columns {
            if name.ident.is_dynamic() {
                continue;
            }
            if seen.contains(&&name.ident) {
                let words = if primary { "primary key" } else { "unique" };
                let message = format!("column \"{}\" appears twice in {words} constraint", name.ident);
                self.report(code::DUPLICATE_COLUMN, at, message);
                return;
            }
            seen.push(&name.ident);
            match own.relation.columns.iter().find(|it| it.name == name.ident) {
                Some(column) if column.generated.as_ref().is_some_and(|it| !it.stored) => {
                    let what = if primary { "primary keys" } else { "unique constraints" };
                    if self.is_certain(column.origin) {
                        self.no_virtual(what, at);
                    }
                    return;
                }
                Some(column) => {
                    if overlaps && name.range == columns.last().map_or(at, |it| it.range) {
                        if self.overlaps_nothing(column, at) {
                            return;
                        }
                        if columns.len() < 2 {
                            let message = "constraint using WITHOUT OVERLAPS needs at least two columns";
                            self.report(code::SYNTAX_ERROR, at, message);
                            return;
                        }
                    }
                    if let Some(ty) = column.ty {
                        unclassed.push((ty.id, name.range));
                    }
                }
                None if own.relation.open => {}
                None if system_column(name.ident.as_str()).is_some() => {
                    let message = "index creation on system columns is not supported";
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                }
                None if overlaps && keys.altered && columns.len() < 2 => {
                    let message = "constraint using WITHOUT OVERLAPS needs at least two columns";
                    self.report(code::SYNTAX_ERROR, at, message);
                }
                None => self.no_key_column(own, name, at),
            }
        }
        for (ty, at) in unclassed {
            self.default_class(ty, if overlaps { "gist" } else { "btree" }, at);
        }
    }

    /// The last column of a key WITHOUT OVERLAPS is no range.
    fn overlaps_nothing(&mut self, column: &crate::catalog::Column, at: TextRange) -> bool {
        use crate::catalog::TypeKind;
        let kind = column.ty.and_then(|it| self.type_info(self.base(it.id))).map(|it| &it.kind);
        let range = kind.is_none_or(|it| {
            matches!(it, TypeKind::Range { .. } | TypeKind::Multirange { .. } | TypeKind::Opaque)
        });
        if !range {
            let message =
                format!("column \"{}\" in WITHOUT OVERLAPS is not a range or multirange type", column.name);
            self.report(code::DATATYPE_MISMATCH, at, message);
        }
        !range
    }

    fn no_key_column(&mut self, own: &Own<'_>, name: &Name, at: TextRange) {
        let message = format!("column \"{}\" named in key does not exist", name.ident);
        let n_problems = self.problems.len();
        self.missing_attribute(own.relation, name, message);
        // PostgreSQL's place is the constraint.
        if let Some(problem) = self.problems.get_mut(n_problems) {
            problem.range = TextRange::new(at.start(), name.range.end().max(at.start()));
        }
    }

    /// The name of a key is one of a relation.
    fn index_name(&mut self, own: &Own<'_>, given: Option<&Name>, keys: &mut Keys) {
        let Some(given) = given.filter(|it| !own.taken && !it.ident.is_dynamic()) else { return };
        let full = QualifiedName { schema: own.name.schema.clone(), name: given.ident.clone() };
        let existing = relation_origin(self.catalog, &full);
        let stays = !self.catalog.gaps.keys && !keys.freed.contains(&given.ident);
        let existing = existing.filter(|it| self.is_certain(*it) && stays);
        if keys.indexes.contains(&given.ident) || existing.is_some() || given.ident == own.name.name {
            let message = format!("relation \"{}\" already exists", given.ident);
            let related = existing.and_then(|it| declared_here(&given.ident, it));
            self.report(code::DUPLICATE_TABLE, given.range, message).related.extend(related);
            return;
        }
        keys.indexes.push(given.ident.clone());
        self.constraint_name(own, Some(given), keys);
    }

    /// `constraint "x" for relation "t" already exists`.
    fn constraint_name(&mut self, own: &Own<'_>, given: Option<&Name>, keys: &mut Keys) {
        let Some(given) = given.filter(|it| !own.taken && !it.ident.is_dynamic()) else { return };
        let not_null = keys.not_nulls.iter().any(|it| it.0 == given.ident);
        let may_be_gone = keys.altered && self.catalog.gaps.keys;
        if (keys.names.contains(&given.ident) || not_null) && !may_be_gone {
            let message =
                format!("constraint \"{}\" for relation \"{}\" already exists", given.ident, own.name.name);
            self.report(code::DUPLICATE_OBJECT, given.range, message);
        }
        keys.names.push(given.ident.clone());
    }

    fn check_name(&mut self, own: &Own<'_>, given: Option<&Name>, keys: &mut Keys) {
        let Some(given) = given else { return };
        if !keys.altered && !own.taken && keys.not_nulls.iter().any(|it| it.0 == given.ident) {
            self.twice_in_catalog(given);
            return;
        }
        if !keys.altered && keys.names.contains(&given.ident) && !own.taken {
            let message = format!("check constraint \"{}\" already exists", given.ident);
            self.report(code::DUPLICATE_OBJECT, given.range, message);
            return;
        }
        keys.checks.push(given.ident.clone());
        // A check that is inherited under the same name is merged with it.
        if !own.relation.parents.is_empty() {
            keys.names.push(given.ident.clone());
            return;
        }
        self.constraint_name(own, Some(given), keys);
    }

    /// `… USING INDEX index`.
    fn using_index(&mut self, own: &Own<'_>, index: &'a Name, place: TextRange) {
        if own.relation.open || index.ident.is_dynamic() || !self.is_exact() {
            return;
        }
        // The statement turns the index into a key.
        let Some(before) = self.catalog.relations.get(own.name) else { return };
        let found = before.indexes.iter().find(|it| it.name.as_ref() == Some(&index.ident));
        let at = TextRange::new(place.start(), index.range.end().max(place.start()));
        let Some(found) = found else {
            let is_key = before
                .primary_key
                .iter()
                .chain(&before.uniques)
                .any(|it| it.name.as_ref() == Some(&index.ident));
            let elsewhere = QualifiedName { schema: own.name.schema.clone(), name: index.ident.clone() };
            let name = &index.ident;
            if is_key {
                let message = format!("index \"{name}\" is already associated with a constraint");
                self.report(code::OBJECT_NOT_IN_STATE, at, message);
            } else if self.catalog.relations.contains_key(&elsewhere) {
                self.report(code::WRONG_OBJECT_TYPE, at, format!("\"{name}\" is not an index"));
            } else if let Some((_, key, _)) =
                super::name::index_in(self.catalog, &elsewhere.schema, &elsewhere.name)
            {
                let message = match key {
                    true => format!("index \"{name}\" is already associated with a constraint"),
                    false => {
                        format!("index \"{name}\" does not belong to table \"{}\"", own.name.name)
                    }
                };
                self.report(code::OBJECT_NOT_IN_STATE, at, message);
            } else if !self.catalog.gaps.keys {
                self.report(code::UNDEFINED_OBJECT, at, format!("index \"{name}\" does not exist"));
            }
            return;
        };
        let name = &index.ident;
        let message = if !found.unique {
            format!("\"{name}\" is not a unique index")
        } else if found.items.iter().any(|it| it.column.is_none()) {
            format!("index \"{name}\" contains expressions")
        } else if found.predicate.is_some() {
            format!("\"{name}\" is a partial index")
        } else if let Some(idx) =
            found.items.iter().position(|it| it.descending || it.nulls.as_deref() == Some("first"))
        {
            format!("index \"{name}\" column number {} does not have default sorting behavior", idx + 1)
        } else {
            return;
        };
        self.report(code::WRONG_OBJECT_TYPE, at, message)
            .hint("Cannot create a primary key or unique constraint using such an index.");
    }
}
