//! Names in DDL. The statement may be years old: what the catalog of today does not know is named all the same.

use crate::base::text::TextRange;
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{Catalog, Origin, QualifiedName, Relation, TypeKind};
use crate::sql::hir::ddl::*;
use crate::sql::hir::{Ddl, Expr, ExprId, ExprKind, Literal, Name, QName, Statement, TypeName};
use crate::sql::{Dialect, Ident};

use super::What;
use super::names::{Known, Named, Use, global, schema_of, type_name_in};

/// Adds the names of one DDL statement.
pub fn names(known: Known<'_>, stmt: &Statement, ddl: &Ddl, acc: &mut Vec<Use>) {
    let mut walk = Walk { known, exprs: &stmt.exprs, acc };
    walk.ddl(ddl);
}

struct Walk<'a, 'b> {
    known: Known<'a>,
    exprs: &'a [Expr],
    acc: &'b mut Vec<Use>,
}

impl<'a> Walk<'a, '_> {
    fn ddl(&mut self, ddl: &'a Ddl) {
        match ddl {
            Ddl::CreateSchema { name, .. } => {
                name.iter().for_each(|it| self.declare(it, What::Schema(it.ident.clone())));
            }
            Ddl::CreateTable(it) => self.create_table(it),
            Ddl::CreateView(it) => {
                let relation = self.relation(&it.name, true);
                it.columns.iter().for_each(|it| self.declare(it, column(&relation, it)));
            }
            Ddl::CreateIndex(it) => {
                let relation = self.relation(&it.table, false);
                if let Some(name) = &it.name {
                    self.declare(name, What::Constraint(relation.clone(), name.ident.clone()));
                }
                self.columns(&relation, &it.include);
                self.expressions(&relation);
            }
            Ddl::CreateSequence { name, ty, owned_by, .. } => {
                self.relation(name, true);
                ty.iter().for_each(|it| self.type_name(it));
                self.owner(owned_by.as_ref());
            }
            Ddl::AlterSequence { name, owned_by, .. } => {
                self.relation(name, false);
                self.owner(owned_by.as_ref());
            }
            Ddl::CreateEnum { name, labels } => {
                let ty = self.user_type(name, true);
                for (label, range) in labels {
                    let what = What::Label(ty.clone(), label.clone());
                    self.push(*range, what, true);
                }
            }
            Ddl::CreateComposite { name, columns, .. } => {
                self.user_type(name, true);
                columns.iter().for_each(|it| self.type_name(&it.1));
            }
            Ddl::CreateRange { name, subtype, .. } => {
                self.user_type(name, true);
                subtype.iter().for_each(|it| self.type_name(it));
            }
            Ddl::CreateShellType { name, .. } => {
                self.user_type(name, true);
            }
            Ddl::CreateDomain { name, base, .. } => {
                self.user_type(name, true);
                self.type_name(base);
                self.casts_and_calls();
            }
            Ddl::AlterDomain { name, .. } | Ddl::AlterComposite { name, .. } => {
                self.user_type(name, false);
            }
            Ddl::CreateExtension { name, schema, .. } => {
                self.declare(name, What::Extension(name.ident.clone()));
                schema.iter().for_each(|it| global(it.range, What::Schema(it.ident.clone()), self.acc));
            }
            Ddl::CreateFunction(it) => {
                self.function(&it.name, true);
                it.params.iter().for_each(|it| self.type_name(&it.ty));
                it.returns.iter().for_each(|it| self.type_name(it));
            }
            Ddl::CreateAggregate(it) => {
                self.function(&it.name, true);
                it.params.iter().for_each(|it| self.type_name(&it.ty));
                it.state.iter().for_each(|it| self.type_name(it));
                it.finish.iter().for_each(|it| self.function(it, false));
            }
            Ddl::CreateTrigger { table, function, details, .. } => {
                let relation = self.relation(table, false);
                self.columns(&relation, &details.columns);
                self.rows_of_trigger(&relation);
                self.function(function, false);
            }
            Ddl::CreatePolicy(it) | Ddl::AlterPolicy(it) => {
                let relation = self.relation(&it.table, false);
                self.expressions(&relation);
            }
            Ddl::AlterTable { name, kind, actions, .. } => {
                if *kind == RelationKind::Index {
                    self.constraint_of_any(name);
                } else {
                    let relation = self.relation(name, false);
                    actions.iter().for_each(|it| self.alter(&relation, it));
                    self.expressions(&relation);
                }
            }
            Ddl::AlterEnum { name, action } => {
                let ty = self.user_type(name, false);
                match action {
                    AlterEnum::AddValue { label, range, .. } => {
                        self.push(*range, What::Label(ty, label.clone()), true);
                    }
                    AlterEnum::RenameValue { from, from_range, to, to_range } => {
                        self.push(*from_range, What::Label(ty.clone(), from.clone()), false);
                        self.push(*to_range, What::Label(ty, to.clone()), true);
                    }
                }
            }
            Ddl::Rename { object, name, new_name, .. } => self.rename(*object, name, new_name),
            Ddl::RenameTables(pairs) => {
                for (name, to) in pairs {
                    if let Some(to) = to.last() {
                        self.rename(ObjectKind::Relation(RelationKind::Table), name, to);
                    }
                }
            }
            Ddl::SetSchema { object, name, schema, .. } => {
                self.object(*object, name);
                global(schema.range, What::Schema(schema.ident.clone()), self.acc);
            }
            Ddl::Drop(it) => {
                for dropped in &it.names {
                    match (&dropped.on, it.object) {
                        (Some(table), object) => {
                            let relation = self.relation(table, false);
                            if let (ObjectKind::Relation(RelationKind::Index), Some(it)) =
                                (object, dropped.name.last())
                            {
                                global(it.range, What::Constraint(relation, it.ident.clone()), self.acc);
                            }
                        }
                        (None, object) => self.object(object, &dropped.name),
                    }
                    dropped.args.iter().flatten().for_each(|it| self.type_name(it));
                }
            }
            Ddl::Comment { object, name, .. } => self.object(*object, name),
            Ddl::SetSearchPath { schemas, .. } => {
                for it in schemas {
                    global(it.range, What::Schema(it.ident.clone()), self.acc);
                }
            }
            Ddl::Truncate { tables } => {
                tables.iter().for_each(|it| {
                    self.relation(it, false);
                });
            }
            Ddl::Command(command) => {
                command.tables.iter().for_each(|it| {
                    self.relation(&it.0, false);
                });
            }
            Ddl::CreateRule(it) => {
                let relation = self.relation(&it.table, false);
                self.expressions(&relation);
            }
            Ddl::CreateStatistics(it) => {
                if let Some(table) = &it.table {
                    let relation = self.relation(table, false);
                    self.expressions(&relation);
                }
            }
            Ddl::CreatePublication(it) => it.tables.iter().for_each(|it| {
                self.relation(&it.0, false);
            }),
            Ddl::CreateCast(it) => {
                self.type_name(&it.source);
                self.type_name(&it.target);
            }
            Ddl::NamedCast { source, target, .. } => {
                self.type_name(source);
                self.type_name(target);
            }
            Ddl::Define(_)
            | Ddl::Grant(_)
            | Ddl::Do { .. }
            | Ddl::Named(_)
            | Ddl::Opaque { .. }
            | Ddl::CreateOperator(_)
            | Ddl::OperatorClass(_)
            | Ddl::CreateEventTrigger(_)
            | Ddl::Foreign(_)
            | Ddl::SearchMapping(_) => {}
        }
    }

    fn create_table(&mut self, it: &'a CreateTable) {
        let relation = self.relation(&it.name, true);
        for def in &it.columns {
            self.column_def(&relation, def);
        }
        for it in &it.constraints {
            self.table_constraint(&relation, it);
        }
        for it in it.likes.iter().map(|it| &it.source).chain(&it.inherits).chain(&it.partition_of) {
            self.relation(it, false);
        }
        it.of_type.iter().for_each(|it| {
            self.user_type(it, false);
        });
        let own: Vec<&Ident> = it.columns.iter().map(|it| &it.name.ident).collect();
        self.expressions_with(&relation, &own);
    }

    fn column_def(&mut self, relation: &QualifiedName, def: &'a ColumnDef) {
        self.declare(&def.name, column(relation, &def.name));
        def.ty.iter().for_each(|it| self.type_name(it));
        for it in &def.constraints {
            if let Some(name) = &it.name {
                self.declare(name, What::Constraint(relation.clone(), name.ident.clone()));
            }
            match &it.kind {
                ColumnConstraintKind::References(it) => self.references(it),
                ColumnConstraintKind::Default(expr) => {
                    if let Some(ty) = &def.ty {
                        self.default(*expr, &self.written_type(ty));
                    }
                }
                _ => {}
            }
        }
    }

    fn table_constraint(&mut self, relation: &QualifiedName, it: &'a TableConstraint) {
        if let Some(name) = &it.name {
            self.declare(name, What::Constraint(relation.clone(), name.ident.clone()));
        }
        match &it.kind {
            TableConstraintKind::PrimaryKey { columns, .. } | TableConstraintKind::Unique { columns, .. } => {
                self.columns(relation, columns);
            }
            TableConstraintKind::ForeignKey { columns, references, .. } => {
                self.columns(relation, columns);
                self.references(references);
            }
            TableConstraintKind::NotNull(name) => self.columns(relation, std::slice::from_ref(name)),
            TableConstraintKind::Check(_) | TableConstraintKind::Exclude(_) => {}
        }
    }

    fn references(&mut self, it: &'a References) {
        let target = self.relation(&it.table, false);
        self.columns(&target, &it.columns);
    }

    fn columns(&mut self, relation: &QualifiedName, names: &'a [Name]) {
        names.iter().for_each(|it| global(it.range, column(relation, it), self.acc));
    }

    fn alter(&mut self, relation: &QualifiedName, action: &'a AlterTable) {
        let constraint = |it: &Name| What::Constraint(relation.clone(), it.ident.clone());
        match action {
            AlterTable::AddColumn { column: it, .. } => self.column_def(relation, it),
            AlterTable::SetType { name, ty, .. } => {
                global(name.range, column(relation, name), self.acc);
                self.type_name(ty);
            }
            AlterTable::SetDefault { name, expr } => {
                global(name.range, column(relation, name), self.acc);
                let ty = self.find(relation).find_map(|(catalog, it)| {
                    let ty = it.columns.iter().find(|it| it.name == name.ident)?.ty?;
                    type_name_in(catalog, ty.id)
                });
                self.default(*expr, &ty);
            }
            AlterTable::DropColumn { name, .. }
            | AlterTable::DropDefault { name }
            | AlterTable::SetNotNull { name }
            | AlterTable::DropNotNull { name }
            | AlterTable::AddIdentity { name, .. }
            | AlterTable::SetIdentity { name, .. }
            | AlterTable::DropIdentity { name }
            | AlterTable::SetExpression { name, .. }
            | AlterTable::DropExpression { name } => global(name.range, column(relation, name), self.acc),
            AlterTable::RenameColumn { name, new_name } => {
                global(name.range, column(relation, name), self.acc);
                self.declare(new_name, column(relation, new_name));
            }
            AlterTable::AddConstraint(it) => self.table_constraint(relation, it),
            AlterTable::DropConstraint { name, .. } | AlterTable::ValidateConstraint { name } => {
                global(name.range, constraint(name), self.acc);
            }
            AlterTable::RenameConstraint { name, new_name } => {
                global(name.range, constraint(name), self.acc);
                self.declare(new_name, constraint(new_name));
            }
            AlterTable::Inherit { parent: it, .. }
            | AlterTable::AttachPartition { partition: it, .. }
            | AlterTable::DetachPartition(it) => {
                self.relation(it, false);
            }
            AlterTable::Mysql(AlterMysql::Redefine { from, column: it }) => {
                from.iter().for_each(|it| global(it.range, column(relation, it), self.acc));
                match from {
                    Some(from) if from.ident != it.name.ident => self.column_def(relation, it),
                    _ => global(it.name.range, column(relation, &it.name), self.acc),
                }
            }
            _ => {}
        }
    }

    fn rename(&mut self, object: ObjectKind, name: &'a QName, new_name: &'a Name) {
        self.object(object, name);
        let renamed = |it: QualifiedName| QualifiedName { name: new_name.ident.clone(), ..it };
        let what = match object {
            ObjectKind::Relation(RelationKind::Index) => match self.owner_of_constraint(name) {
                Some(relation) => What::Constraint(relation, new_name.ident.clone()),
                None => return,
            },
            ObjectKind::Relation(_) => What::Relation(renamed(self.relation_name(name))),
            ObjectKind::Type | ObjectKind::Domain => What::Type(renamed(self.type_of(name))),
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                What::Function(renamed(self.function_name(name)))
            }
            ObjectKind::Schema => What::Schema(new_name.ident.clone()),
            _ => return,
        };
        self.declare(new_name, what);
    }

    fn object(&mut self, object: ObjectKind, name: &'a QName) {
        match object {
            ObjectKind::Relation(RelationKind::Index) => self.constraint_of_any(name),
            ObjectKind::Relation(_) => {
                self.relation(name, false);
            }
            ObjectKind::Schema => {
                name.last().iter().for_each(|it| global(it.range, What::Schema(it.ident.clone()), self.acc));
            }
            ObjectKind::Column => self.owner(Some(name)),
            ObjectKind::Type | ObjectKind::Domain => {
                self.user_type(name, false);
            }
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                self.function(name, false)
            }
            ObjectKind::Extension => {
                name.last()
                    .iter()
                    .for_each(|it| global(it.range, What::Extension(it.ident.clone()), self.acc));
            }
            _ => {}
        }
    }

    // ------------------------------------------------------------------ names

    fn push(&mut self, range: TextRange, what: What, declares: bool) {
        if !range.is_empty() {
            self.acc.push(Use { range, named: Named::Global(what), write: false, declares });
        }
    }

    fn declare(&mut self, name: &Name, what: What) {
        if !name.ident.is_dynamic() {
            self.push(name.range, what, true);
        }
    }

    fn relation(&mut self, name: &QName, declares: bool) -> QualifiedName {
        let res = self.relation_name(name);
        schema_of(name, self.acc);
        if let Some(last) = name.last()
            && !last.ident.is_dynamic()
        {
            self.push(last.range, What::Relation(res.clone()), declares);
        }
        res
    }

    fn relation_name(&self, name: &QName) -> QualifiedName {
        let found = |catalog: &Catalog, ident: &Ident| match lookup::relation(catalog, None, ident) {
            Lookup::Found(it) => Some(it.schema.clone()),
            _ => None,
        };
        self.qualified(name, &found)
    }

    fn type_of(&self, name: &QName) -> QualifiedName {
        let found = |catalog: &Catalog, ident: &Ident| {
            let id = lookup::named_type(catalog, None, ident)?;
            catalog.type_info(id).map(|it| it.schema.clone())
        };
        self.qualified(name, &found)
    }

    fn function_name(&self, name: &QName) -> QualifiedName {
        let found = |catalog: &Catalog, ident: &Ident| {
            lookup::functions(catalog, None, ident).first().map(|it| it.schema.clone())
        };
        self.qualified(name, &found)
    }

    fn qualified(&self, name: &QName, found: &dyn Fn(&Catalog, &Ident) -> Option<Ident>) -> QualifiedName {
        let ident = name.last().map_or_else(|| Ident::new(""), |it| it.ident.clone());
        let written = name.schema().map(|it| it.ident.clone());
        let schema = written
            .or_else(|| self.known.states().find_map(|it| found(it, &ident)))
            .or_else(|| self.known.catalog.search_path.first().cloned())
            .unwrap_or_else(|| Ident::new("public"));
        QualifiedName { schema, name: ident }
    }

    /// The relation in every state that has one of this name.
    fn find(&self, name: &QualifiedName) -> impl Iterator<Item = (&'a Catalog, &'a Relation)> + use<'a> {
        let name = name.clone();
        self.known.states().filter_map(move |it| Some((it, &**it.relations.get(&name)?)))
    }

    fn user_type(&mut self, name: &QName, declares: bool) -> QualifiedName {
        let res = self.type_of(name);
        schema_of(name, self.acc);
        if let Some(last) = name.last()
            && !last.ident.is_dynamic()
        {
            self.push(last.range, What::Type(res.clone()), declares);
        }
        res
    }

    fn written_type(&self, ty: &TypeName) -> Option<QualifiedName> {
        self.known.states().find_map(|catalog| {
            let found = lookup::type_name(catalog, ty, self.exprs).ok()?;
            type_name_in(catalog, found.id)
        })
    }

    fn type_name(&mut self, ty: &TypeName) {
        if ty.of_column || ty.name.is_dynamic() {
            return;
        }
        let Some(last) = ty.name.last() else { return };
        let what = self.written_type(ty).unwrap_or_else(|| self.type_of(&ty.name));
        global(last.range, What::Type(what), self.acc);
        // Types of the grammar (`double precision`) have a schema that nobody wrote.
        if ty.name.schema().is_some_and(|it| it.range.end() < last.range.start()) {
            schema_of(&ty.name, self.acc);
        }
    }

    fn function(&mut self, name: &QName, declares: bool) {
        let what = What::Function(self.function_name(name));
        schema_of(name, self.acc);
        if let Some(last) = name.last() {
            self.push(last.range, what, declares);
        }
    }

    /// `OWNED BY table.column`, `COMMENT ON COLUMN table.column`.
    fn owner(&mut self, name: Option<&QName>) {
        let Some([table @ .., last]) = name.map(|it| it.parts.as_slice()) else { return };
        if table.is_empty() {
            return;
        }
        let relation = self.relation(&QName { parts: table.to_vec() }, false);
        global(last.range, column(&relation, last), self.acc);
    }

    fn owner_of_constraint(&self, name: &QName) -> Option<QualifiedName> {
        self.known.owner_of_constraint(&name.last()?.ident)
    }

    fn constraint_of_any(&mut self, name: &QName) {
        if let (Some(last), Some(relation)) = (name.last(), self.owner_of_constraint(name)) {
            global(last.range, What::Constraint(relation, last.ident.clone()), self.acc);
        }
    }

    /// `DEFAULT 'draft'` of a column of an enum.
    fn default(&mut self, expr: ExprId, ty: &Option<QualifiedName>) {
        let Some(node) = self.exprs.get(expr.0 as usize) else { return };
        if let (ExprKind::Literal(Literal::String(value)), Some(ty)) = (&node.kind, ty) {
            self.label(node.range, value, ty);
        }
    }

    fn label(&mut self, range: TextRange, value: &str, ty: &QualifiedName) {
        let labels = self.known.states().filter_map(|it| it.types.named(ty));
        let has = |it: &TypeKind| matches!(it, TypeKind::Enum { labels } if labels.iter().any(|it| it.label == value));
        if { labels }.any(|it| has(&it.kind)) {
            global(range, What::Label(ty.clone(), value.into()), self.acc);
        }
    }

    // ------------------------------------------------------------ expressions

    fn expressions(&mut self, relation: &QualifiedName) {
        self.expressions_with(relation, &[]);
    }

    /// Expressions over one table, whose columns are `own` or known.
    fn expressions_with(&mut self, relation: &QualifiedName, own: &[&Ident]) {
        let found: Vec<&Relation> = self.find(relation).map(|it| it.1).collect();
        let is_known = |ident: &Ident| found.iter().any(|it| it.columns.iter().any(|it| it.name == *ident));
        // What is not known was renamed later in the file; other dialects take strings in double quotes.
        let is_column = self.known.catalog.dialect == Dialect::Postgres && !found.is_empty();
        let has =
            |ident: &Ident| own.contains(&ident) || is_known(ident) || is_column && *ident != relation.name;
        let inside: Vec<TextRange> = self
            .exprs
            .iter()
            .filter(|it| {
                matches!(it.kind, ExprKind::Subquery(_) | ExprKind::Exists(_) | ExprKind::InQuery { .. })
            })
            .map(|it| it.range)
            .collect();
        for expr in self.exprs {
            let ExprKind::Column(name) = &expr.kind else { continue };
            match name.parts.as_slice() {
                [it] if has(&it.ident) && !inside.iter().any(|range| range.contains_range(expr.range)) => {
                    global(it.range, column(relation, it), self.acc);
                }
                [.., table, it] if table.ident == relation.name && has(&it.ident) => {
                    global(table.range, What::Relation(relation.clone()), self.acc);
                    global(it.range, column(relation, it), self.acc);
                }
                _ => {}
            }
        }
        self.casts_and_calls();
    }

    /// `NEW.email` and `OLD.email` of a trigger's WHEN.
    fn rows_of_trigger(&mut self, relation: &QualifiedName) {
        for expr in self.exprs {
            if let ExprKind::Column(name) = &expr.kind
                && let [row, it] = name.parts.as_slice()
                && matches!(row.ident.as_str(), "new" | "old")
            {
                global(it.range, column(relation, it), self.acc);
            }
        }
        self.casts_and_calls();
    }

    fn casts_and_calls(&mut self) {
        for expr in self.exprs {
            match &expr.kind {
                ExprKind::Cast { ty, expr: inner, .. } => {
                    self.type_name(ty);
                    let ty = self.written_type(ty);
                    self.default(*inner, &ty);
                }
                ExprKind::Call(call) => {
                    let schema = call.name.schema().map(|it| &it.ident);
                    let Some(last) = call.name.last() else { continue };
                    let found = lookup::functions(self.known.catalog, schema, &last.ident);
                    if let Some(it) = found.first().filter(|it| it.origin != Origin::Builtin) {
                        let what = QualifiedName { schema: it.schema.clone(), name: it.name.clone() };
                        global(last.range, What::Function(what), self.acc);
                    }
                }
                _ => {}
            }
        }
    }
}

fn column(relation: &QualifiedName, name: &Name) -> What {
    What::Column(relation.clone(), name.ident.clone())
}
