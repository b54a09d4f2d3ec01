//! ALTER TABLE and what is written like it (`ATController`, `ATPrepCmd`, `ATExecCmd`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Column, Relation, RelationKind, Type, TypeKind, fold};
use crate::sema::resolve::{self, CoercionContext};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{AlterTable, ColumnDef, RelationKind as Written};
use crate::sql::hir::{Ddl, ExprId, Name, QName, TypeName};

use super::super::binder::Binder;
use super::super::relation::qualified;
use super::super::scope::system_column;
use super::constraint::Keys;
use super::depend::Subject;
use super::name::{Object, at, constraints, declared_here, is_table, plural};
use super::table::Own;

/// The table as the actions so far leave it.
struct State {
    relation: Relation,
    keys: Keys,
    retyped: Vec<Ident>,
}

impl<'a> Binder<'a> {
    pub fn alter_table(
        &mut self,
        ddl: &'a Ddl,
        name: &'a QName,
        written: Written,
        if_exists: bool,
        actions: &'a [AlterTable],
    ) {
        let relation = match self.object(name, if_exists) {
            Object::Relation(it) => it,
            Object::Index { .. } if written == Written::Index => return,
            Object::Index { .. } => {
                if let Some((words, _)) = actions.first().and_then(allowed) {
                    self.wrong_action(name, words, "indexes");
                }
                return;
            }
            Object::Missing => return self.missing_altered(name, if_exists),
            Object::Unknown => return,
        };
        if !self.is_written_kind(&relation, written, name) {
            return;
        }
        let after = fold::preview(self.catalog, ddl, &self.stmt.exprs, self.text);
        let full = qualified(&relation);
        let Some(left) = after.relations.get(&full).cloned() else { return };
        let own = Own { name: &full, relation: &left, taken: false };
        let keys = Keys::of(&relation, self);
        let mut state = State { relation: Relation::clone(&relation), keys, retyped: Vec::new() };
        let mut refused: Vec<&str> = Vec::new();
        let mut ordered: Vec<&'a AlterTable> = actions.iter().collect();
        ordered.sort_by_key(|it| pass(it));
        for action in ordered {
            if let Some((words, kinds)) = allowed(action)
                && !kinds.contains(&relation.kind)
            {
                if !refused.contains(&words) && self.is_certain(relation.origin) {
                    self.wrong_action(name, words, plural(relation.kind));
                    refused.push(words);
                }
                continue;
            }
            self.action(&own, &relation, &mut state, action);
        }
    }

    fn missing_altered(&mut self, name: &'a QName, if_exists: bool) {
        let schema = name.schema().map(|it| &it.ident);
        let id =
            name.last().and_then(|it| crate::catalog::lookup::named_type(self.catalog, schema, &it.ident));
        let composite = id.and_then(|it| self.type_info(it));
        if composite.is_some_and(|it| matches!(it.kind, TypeKind::Composite { relation: None, .. })) {
            let Some(last) = name.last() else { return };
            let message = format!("\"{}\" is a composite type", last.ident);
            self.report(code::WRONG_OBJECT_TYPE, at(name), message).hint("Use ALTER TYPE instead.");
        } else if !if_exists {
            self.missing_relation(name);
        }
    }

    /// `ALTER VIEW t` of a table.
    pub fn is_written_kind(&mut self, relation: &Relation, written: Written, name: &QName) -> bool {
        let fits = match written {
            // ALTER TABLE is for relations of every kind.
            Written::Table => true,
            Written::View => relation.kind == RelationKind::View,
            Written::MaterializedView => relation.kind == RelationKind::MaterializedView,
            Written::Sequence => relation.kind == RelationKind::Sequence,
            Written::ForeignTable => relation.kind == RelationKind::Foreign || is_table(relation.kind),
            Written::Index => false,
        };
        if !fits && self.is_certain(relation.origin) {
            let words = match written {
                Written::View => "a view",
                Written::MaterializedView => "a materialized view",
                Written::Sequence => "a sequence",
                Written::Index => "an index",
                _ => "a table",
            };
            let message = format!("\"{}\" is not {words}", relation.name);
            self.report(code::WRONG_OBJECT_TYPE, at(name), message);
        }
        fits
    }

    fn wrong_action(&mut self, name: &QName, words: &str, kinds: &str) {
        let Some(last) = name.last() else { return };
        let message = format!("ALTER action {words} cannot be performed on relation \"{}\"", last.ident);
        self.report(code::WRONG_OBJECT_TYPE, at(name), message)
            .hint(format!("This operation is not supported for {kinds}."));
    }

    fn action(&mut self, own: &Own<'_>, before: &Arc<Relation>, state: &mut State, action: &'a AlterTable) {
        match action {
            AlterTable::AddColumn { column, if_not_exists } => {
                self.add_column(own, state, column, *if_not_exists);
            }
            AlterTable::DropColumn { name, if_exists, cascade } => {
                self.drop_column(before, state, name, *if_exists, *cascade);
            }
            AlterTable::RenameColumn { name, new_name } => self.rename_column(before, name, new_name),
            AlterTable::SetType { name, ty, using } => self.set_type(before, state, name, ty, *using),
            AlterTable::SetDefault { name, expr } => self.set_default(state, name, *expr),
            AlterTable::DropDefault { name } => {
                let Some(column) = self.altered_column(state, name) else { return };
                if column.identity.is_some() {
                    self.is_identity(state, name).hint = drop_hint("IDENTITY");
                } else if column.generated.is_some() {
                    self.is_generated(state, name).hint = drop_hint("EXPRESSION");
                }
            }
            AlterTable::SetNotNull { name } => {
                if let Some(idx) = self.altered_index(state, name)
                    && let Some(column) = state.relation.columns.get_mut(idx)
                {
                    column.not_null = true;
                }
            }
            AlterTable::DropNotNull { name } => self.drop_not_null(before, state, name),
            AlterTable::AddIdentity { name, .. } => self.add_identity(state, name),
            AlterTable::SetIdentity { name, .. } | AlterTable::DropIdentity { name } => {
                // Whether `IF EXISTS` is written, the tree does not tell.
                let tolerant = self.says_if_exists(name);
                let Some(column) = self.altered_column(state, name) else { return };
                if column.identity.is_none() && !tolerant && self.is_certain(column.origin) {
                    let message = format!(
                        "column \"{}\" of relation \"{}\" is not an identity column",
                        name.ident, state.relation.name
                    );
                    self.report(code::OBJECT_NOT_IN_STATE, name.range, message);
                }
            }
            AlterTable::SetExpression { name, expr } => {
                let Some(column) = self.altered_column(state, name) else { return };
                if column.generated.is_none() {
                    self.not_generated(state, name);
                } else {
                    self.generated(
                        own.relation,
                        &name.ident,
                        column.ty.map_or(Ty::Unknown, Ty::Known),
                        *expr,
                    );
                }
            }
            AlterTable::DropExpression { name } => {
                let tolerant = self.says_if_exists(name);
                let Some(column) = self.altered_column(state, name) else { return };
                if column.generated.is_none() && !tolerant {
                    self.not_generated(state, name);
                }
            }
            AlterTable::AddConstraint(constraint) => {
                self.table_constraint(own, constraint, &mut state.keys);
            }
            AlterTable::DropConstraint { name, if_exists, cascade } => {
                self.drop_constraint(before, state, name, *if_exists, *cascade);
            }
            AlterTable::RenameConstraint { name, new_name } => {
                self.rename_constraint(before, name, new_name);
            }
            AlterTable::ValidateConstraint { name } => {
                self.no_constraint(&state.relation, name, "of relation");
            }
            AlterTable::Inherit { parent, inherit } => self.inherit(before, parent, *inherit),
            AlterTable::AttachPartition(partition) => self.attach(before, partition),
            AlterTable::DetachPartition(partition) => {
                if let Some(found) = self.existing_relation(partition, false)
                    && !found.parents.contains(own.name)
                    && self.is_certain(found.origin)
                {
                    let message = format!(
                        "relation \"{}\" is not a partition of relation \"{}\"",
                        found.name, before.name
                    );
                    self.report(code::UNDEFINED_TABLE, at(partition), message);
                }
            }
            AlterTable::RowSecurity { .. } | AlterTable::Mysql(_) | AlterTable::Other => {}
        }
    }

    /// `… IF EXISTS` behind the column's name.
    fn says_if_exists(&self, name: &Name) -> bool {
        let rest = self.text.get(usize::from(name.range.end())..).unwrap_or("");
        let end = rest.find(',').unwrap_or(rest.len());
        let rest = rest.get(..end).unwrap_or("").to_ascii_lowercase();
        let words: Vec<&str> = rest.split_ascii_whitespace().collect();
        words
            .windows(2)
            .any(|it| it.first() == Some(&"if") && it.get(1).is_some_and(|it| it.starts_with("exists")))
    }

    /// The column of an action; reports it when there is none.
    fn altered_index(&mut self, state: &State, name: &Name) -> Option<usize> {
        if name.ident.is_dynamic() {
            return None;
        }
        let found = state.relation.columns.iter().position(|it| it.name == name.ident);
        if found.is_some() || state.relation.open {
            return found;
        }
        if system_column(name.ident.as_str()).is_some() {
            let message = format!("cannot alter system column \"{}\"", name.ident);
            self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
        } else {
            self.no_column(&state.relation, name, true);
        }
        None
    }

    fn altered_column(&mut self, state: &State, name: &Name) -> Option<Column> {
        let idx = self.altered_index(state, name)?;
        state.relation.columns.get(idx).cloned()
    }

    fn is_identity(&mut self, state: &State, name: &Name) -> &mut crate::sema::Problem {
        let message = format!(
            "column \"{}\" of relation \"{}\" is an identity column",
            name.ident, state.relation.name
        );
        self.report(code::SYNTAX_ERROR, name.range, message)
    }

    fn is_generated(&mut self, state: &State, name: &Name) -> &mut crate::sema::Problem {
        let message = format!(
            "column \"{}\" of relation \"{}\" is a generated column",
            name.ident, state.relation.name
        );
        self.report(code::SYNTAX_ERROR, name.range, message)
    }

    fn not_generated(&mut self, state: &State, name: &Name) {
        let message = format!(
            "column \"{}\" of relation \"{}\" is not a generated column",
            name.ident, state.relation.name
        );
        self.report(code::OBJECT_NOT_IN_STATE, name.range, message);
    }

    fn add_column(&mut self, own: &Own<'_>, state: &mut State, column: &'a ColumnDef, if_not_exists: bool) {
        let name = &column.name;
        if name.ident.is_dynamic() {
            return;
        }
        self.system_column_name(name);
        if let Some(old) = state.relation.columns.iter().find(|it| it.name == name.ident) {
            if !if_not_exists && self.is_certain(old.origin) {
                let message = format!(
                    "column \"{}\" of relation \"{}\" already exists",
                    name.ident, state.relation.name
                );
                let related = declared_here(&name.ident, old.origin);
                self.report(code::DUPLICATE_COLUMN, name.range, message).related.extend(related);
            }
            return;
        }
        let is_partition = state.relation.parents.iter().any(|it| {
            self.catalog.relations.get(it).is_some_and(|it| it.kind == RelationKind::PartitionedTable)
        });
        if is_partition && self.is_exact() {
            self.report(code::WRONG_OBJECT_TYPE, name.range, "cannot add column to a partition");
            return;
        }
        let ty = self.column_type(column);
        self.child_has_other(own, name, ty);
        self.one_of_each(column, own);
        self.column_constraints(own, column, &mut state.keys);
        if let Some(added) = own.relation.columns.iter().find(|it| it.name == name.ident) {
            state.relation.columns.push(added.clone());
        }
    }

    /// A child has a column of the name, of another type.
    fn child_has_other(&mut self, own: &Own<'_>, name: &Name, ty: Ty) {
        let Ty::Known(ty) = ty else { return };
        let catalog = self.catalog;
        let children = catalog.relations.values().filter(|it| {
            it.kind != RelationKind::Sequence && it.parents.contains(own.name) && self.is_certain(it.origin)
        });
        for child in children {
            let found = child.columns.iter().find(|it| it.name == name.ident);
            if found.and_then(|it| it.ty).is_some_and(|it| it.id != ty.id) {
                let message = format!(
                    "child table \"{}\" has different type for column \"{}\"",
                    child.name, name.ident
                );
                self.report(code::DATATYPE_MISMATCH, name.range, message);
                return;
            }
        }
    }

    fn drop_column(
        &mut self,
        before: &Arc<Relation>,
        state: &mut State,
        name: &Name,
        if_exists: bool,
        cascade: bool,
    ) {
        if name.ident.is_dynamic() {
            return;
        }
        let Some(idx) = state.relation.columns.iter().position(|it| it.name == name.ident) else {
            if state.relation.open || if_exists || !self.is_exact() {
                return;
            }
            if system_column(name.ident.as_str()).is_some() {
                let message = format!("cannot drop system column \"{}\"", name.ident);
                self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
            } else {
                self.no_column(&state.relation, name, true);
            }
            return;
        };
        if self.is_inherited(before, &name.ident) {
            let message = format!("cannot drop inherited column \"{}\"", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if !cascade && self.is_exact() {
            let subject = Subject::Column(qualified(before), name.ident.clone());
            let words = format!("cannot drop column {} of table {}", name.ident, before.name);
            self.refuse_dependents(&subject, name.range, &words);
        }
        state.relation.columns.remove(idx);
        // Its keys go with it.
        let keys =
            before.primary_key.iter().chain(&before.uniques).filter(|it| it.columns.contains(&name.ident));
        for key in keys.filter_map(|it| it.name.as_ref()) {
            let primary = before.primary_key.as_ref().is_some_and(|it| it.name.as_ref() == Some(key));
            state.keys.forget(key, primary);
        }
        let foreign = before.foreign_keys.iter().filter(|it| it.columns.contains(&name.ident));
        for key in foreign.filter_map(|it| it.name.as_ref()) {
            state.keys.forget(key, false);
        }
    }

    /// A parent has the column.
    fn is_inherited(&self, relation: &Relation, column: &Ident) -> bool {
        relation.kind != RelationKind::Sequence
            && relation.parents.iter().any(|parent| {
                self.catalog
                    .relations
                    .get(parent)
                    .is_some_and(|it| !it.open && it.columns.iter().any(|it| it.name == *column))
            })
    }

    pub fn rename_column(&mut self, relation: &Arc<Relation>, name: &Name, to: &Name) {
        if name.ident.is_dynamic() || to.ident.is_dynamic() {
            return;
        }
        let Some(_) = relation.columns.iter().find(|it| it.name == name.ident) else {
            if !relation.open && self.is_exact() {
                self.no_column(relation, name, false);
            }
            return;
        };
        if self.is_inherited(relation, &name.ident) {
            let message = format!("cannot rename inherited column \"{}\"", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if relation.kind != RelationKind::View {
            self.system_column_name(to);
        }
        if let Some(other) = relation.columns.iter().find(|it| it.name == to.ident)
            && self.is_certain(other.origin)
        {
            let message = format!("column \"{}\" of relation \"{}\" already exists", to.ident, relation.name);
            let related = declared_here(&to.ident, other.origin);
            self.report(code::DUPLICATE_COLUMN, to.range, message).related.extend(related);
        }
    }

    fn set_type(
        &mut self,
        before: &Arc<Relation>,
        state: &mut State,
        name: &Name,
        ty: &'a TypeName,
        using: Option<ExprId>,
    ) {
        let to = self.type_name(ty);
        let Some(column) = self.altered_column(state, name) else { return };
        if state.retyped.contains(&name.ident) {
            let message = format!("cannot alter type of column \"{}\" twice", name.ident);
            self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
            return;
        }
        state.retyped.push(name.ident.clone());
        if self.is_inherited(before, &name.ident) {
            let message = format!("cannot alter inherited column \"{}\"", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if column.generated.is_some()
            && let Some(using) = using
        {
            let message = "cannot specify USING when altering type of generated column";
            let at = self.expr_node(using).range;
            self.report(code::INVALID_COLUMN_DEFINITION, name.range.cover(at), message);
            return;
        }
        let value = using.map(|using| {
            self.transform(before, using);
            (using, self.ty(using))
        });
        let Ty::Known(to) = to else { return };
        if self.is_pseudo(to.id) {
            let message = format!("column \"{}\" has pseudo-type {}", name.ident, self.format_id(to.id));
            self.report(code::INVALID_TABLE_DEFINITION, ty.range, message);
            return;
        }
        if column.identity.is_some() {
            self.identity_type(to.id, ty.range);
        }
        if !self.converts(&column, name, to, value, ty.range) {
            return;
        }
        if self.is_exact() {
            self.refuse_retyping(before, name);
        }
        if let Some(column) = state.relation.columns.iter_mut().find(|it| it.name == name.ident) {
            column.ty = Some(to);
        }
    }

    /// The old values, and the default, become values of the new type.
    fn converts(
        &mut self,
        column: &Column,
        name: &Name,
        to: Type,
        value: Option<(ExprId, Ty)>,
        at: TextRange,
    ) -> bool {
        let words = self.type_words(to);
        let refused = match value {
            Some((using, _)) => self.coerce(using, Ty::Known(to), CoercionContext::Assignment).is_no(),
            None => {
                let from = column.ty.map_or(Ty::Unknown, Ty::Known);
                resolve::assignment(self.catalog, from, Ty::Known(to)).is_no()
            }
        };
        if refused {
            let (message, hint) = match value {
                Some(_) => (
                    format!(
                        "result of USING clause for column \"{}\" cannot be cast automatically to type {}",
                        name.ident,
                        self.format_id(to.id)
                    ),
                    "You might need to add an explicit cast.".to_owned(),
                ),
                None => (
                    format!(
                        "column \"{}\" cannot be cast automatically to type {}",
                        name.ident,
                        self.format_id(to.id)
                    ),
                    format!("You might need to specify \"USING {}::{words}\".", name.ident.quoted()),
                ),
            };
            let at = value.map_or(at, |(using, _)| self.place(using));
            self.report(code::DATATYPE_MISMATCH, at, message).hint(hint);
            return false;
        }
        let has_default = column.default.is_some() && column.generated.is_none();
        if has_default && resolve::assignment(self.catalog, self.default_type(column), Ty::Known(to)).is_no()
        {
            let message = format!(
                "default for column \"{}\" cannot be cast automatically to type {}",
                name.ident,
                self.format_id(to.id)
            );
            self.report(code::DATATYPE_MISMATCH, at, message);
            return false;
        }
        true
    }

    /// The type of a column's default, before it is made one of the column's (`strip_implicit_coercions`).
    fn default_type(&self, column: &Column) -> Ty {
        let Some(crate::catalog::ColumnDefault::Sql(text)) = &column.default else { return Ty::Unknown };
        let text = format!("select {text}");
        let parsed = crate::sql::parse_statement(&text, self.catalog.dialect);
        let crate::sql::hir::StatementKind::Query(query) = &parsed.hir.kind else { return Ty::Unknown };
        let crate::sql::hir::QueryBody::Select(select) = &query.body else { return Ty::Unknown };
        let [target] = select.targets.as_slice() else { return Ty::Unknown };
        let mut binder = Binder::new(self.ctx, &parsed.hir, &text);
        binder.push_level();
        binder.expr(target.expr);
        if parsed.error.is_some() || !binder.problems.is_empty() {
            return Ty::Unknown;
        }
        match binder.ty(target.expr) {
            // A literal was read as the column's type.
            super::super::binder::UNDECIDED => column.ty.map_or(Ty::Unknown, Ty::Known),
            ty => ty,
        }
    }

    fn set_default(&mut self, state: &State, name: &Name, expr: ExprId) {
        let Some(column) = self.altered_column(state, name) else { return };
        if column.identity.is_some() {
            self.is_identity(state, name);
        } else if column.generated.is_some() {
            let hint = "Use ALTER TABLE ... ALTER COLUMN ... SET EXPRESSION instead.";
            self.is_generated(state, name).hint(hint);
        }
        self.default_of(&name.ident, column.ty.map_or(Ty::Unknown, Ty::Known), expr);
    }

    fn drop_not_null(&mut self, before: &Relation, state: &mut State, name: &Name) {
        let Some(column) = self.altered_column(state, name) else { return };
        if !self.is_certain(column.origin) {
            return;
        }
        let in_key = before.primary_key.as_ref().is_some_and(|it| {
            it.columns.contains(&name.ident)
                && state.relation.primary_key.is_some()
                && self.is_certain(it.origin)
        });
        if column.identity.is_some() {
            self.is_identity(state, name);
        } else if in_key {
            let message = format!("column \"{}\" is in a primary key", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        } else if self.parent_not_null(before, &name.ident) {
            let message = format!("column \"{}\" is marked NOT NULL in parent table", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        }
    }

    fn parent_not_null(&self, relation: &Relation, column: &Ident) -> bool {
        relation.parents.iter().filter_map(|it| self.catalog.relations.get(it)).any(|parent| {
            parent.kind == RelationKind::PartitionedTable
                && parent.columns.iter().any(|it| it.name == *column && it.not_null)
        })
    }

    fn add_identity(&mut self, state: &mut State, name: &Name) {
        let Some(column) = self.altered_column(state, name) else { return };
        if !self.is_certain(column.origin) {
            return;
        }
        let of = format!("column \"{}\" of relation \"{}\"", name.ident, state.relation.name);
        if let Some(ty) = column.ty {
            let n_problems = self.problems.len();
            self.identity_type(ty.id, name.range);
            if self.problems.len() > n_problems {
                return;
            }
        }
        let message = if !column.not_null {
            format!("{of} must be declared NOT NULL before identity can be added")
        } else if column.identity.is_some() {
            format!("{of} is already an identity column")
        } else if column.default.is_some() {
            format!("{of} already has a default value")
        } else {
            return;
        };
        self.report(code::OBJECT_NOT_IN_STATE, name.range, message);
    }

    /// Reports a constraint that is not there. `true`: it is there, or may be.
    fn no_constraint(&mut self, relation: &Relation, name: &Name, words: &str) -> bool {
        let all = constraints(relation);
        let may_be = !self.is_exact()
            || name.ident.is_dynamic()
            || relation.open
            || all.iter().any(|it| it.0.is_none_or(|it| *it == name.ident))
            // The names of NOT NULL constraints are chosen, and stay when the table is renamed.
            || name.ident.as_str().contains("not_null");
        if !may_be {
            let message =
                format!("constraint \"{}\" {words} \"{}\" does not exist", name.ident, relation.name);
            let names: Vec<&str> = all.iter().filter_map(|it| it.0.map(Ident::as_str)).collect();
            let similar =
                super::super::suggest::nearest(name.ident.as_str(), names.into_iter()).map(Ident::new);
            let problem = self.report(code::UNDEFINED_OBJECT, name.range, message);
            if let Some(similar) = similar {
                problem.hint(format!("Perhaps you meant the constraint \"{similar}\"."));
                problem.fixes.push(super::super::suggest::rename(name.range, &similar));
            }
        }
        may_be
    }

    fn drop_constraint(
        &mut self,
        before: &Arc<Relation>,
        state: &mut State,
        name: &Name,
        if_exists: bool,
        cascade: bool,
    ) {
        if !if_exists && !self.no_constraint(&state.relation, name, "of relation") {
            return;
        }
        let key =
            before.primary_key.iter().chain(&before.uniques).find(|it| it.name.as_ref() == Some(&name.ident));
        if let Some(key) = key.filter(|_| !cascade && self.is_exact()) {
            let subject = Subject::Key(qualified(before), key.columns.clone());
            let words = format!("cannot drop constraint {} on table {}", name.ident, before.name);
            self.refuse_dependents(&subject, name.range, &words);
        }
        let was_primary = before.primary_key.as_ref().is_some_and(|it| it.name.as_ref() == Some(&name.ident));
        let is = |it: &Option<Ident>| it.as_ref() == Some(&name.ident);
        state.keys.forget(&name.ident, was_primary);
        state.relation.primary_key.take_if(|it| is(&it.name));
        state.relation.uniques.retain(|it| !is(&it.name));
        state.relation.checks.retain(|it| !is(&it.name));
        state.relation.foreign_keys.retain(|it| !is(&it.name));
        state.relation.indexes.retain(|it| !(it.items.is_empty() && is(&it.name)));
        state.relation.not_nulls.retain(|it| it.0 != name.ident);
    }

    fn rename_constraint(&mut self, relation: &Arc<Relation>, name: &Name, to: &Name) {
        if !self.no_constraint(relation, name, "for table") {
            return;
        }
        let known = constraints(relation).iter().any(|it| it.0 == Some(&name.ident));
        let taken = constraints(relation).into_iter().find(|it| it.0 == Some(&to.ident));
        if let Some((_, origin)) = taken.filter(|it| known && self.is_certain(it.1)) {
            let message =
                format!("constraint \"{}\" for relation \"{}\" already exists", to.ident, relation.name);
            let related = declared_here(&to.ident, origin);
            self.report(code::DUPLICATE_OBJECT, to.range, message).related.extend(related);
            return;
        }
        let keys = relation.primary_key.iter().chain(&relation.uniques);
        if keys.into_iter().any(|it| it.name.as_ref() == Some(&name.ident)) {
            let full =
                crate::catalog::QualifiedName { schema: relation.schema.clone(), name: to.ident.clone() };
            if let Some(origin) = super::name::relation_origin(self.catalog, &full)
                && self.is_certain(origin)
            {
                let message = format!("relation \"{}\" already exists", to.ident);
                self.report(code::DUPLICATE_TABLE, to.range, message);
            }
        }
    }

    fn inherit(&mut self, child: &Arc<Relation>, parent: &'a QName, inherit: bool) {
        let Some(found) = self.existing_relation(parent, false) else { return };
        if !is_table(found.kind) {
            return self.wrong_action(parent, "INHERIT", plural(found.kind));
        }
        if !self.is_certain(child.origin) || !self.is_certain(found.origin) {
            return;
        }
        let full = qualified(&found);
        let has = child.parents.contains(&full);
        if !inherit {
            if !has {
                let message =
                    format!("relation \"{}\" is not a parent of relation \"{}\"", found.name, child.name);
                self.report(code::UNDEFINED_TABLE, at(parent), message);
            }
            return;
        }
        if has {
            let message = format!("relation \"{}\" would be inherited from more than once", found.name);
            self.report(code::DUPLICATE_TABLE, at(parent), message);
            return;
        }
        if full == qualified(child) || found.parents.contains(&qualified(child)) {
            self.report(code::DUPLICATE_TABLE, at(parent), "circular inheritance not allowed");
            return;
        }
        self.child_columns(child, &found, at(parent));
    }

    fn child_columns(&mut self, child: &Relation, parent: &Relation, at: TextRange) {
        if child.open || parent.open {
            return;
        }
        for column in &parent.columns {
            match child.columns.iter().find(|it| it.name == column.name) {
                None => {
                    let message = format!("child table is missing column \"{}\"", column.name);
                    self.report(code::DATATYPE_MISMATCH, at, message);
                    return;
                }
                Some(own) => {
                    let (Some(a), Some(b)) = (own.ty, column.ty) else { continue };
                    if a != b {
                        let message = format!(
                            "child table \"{}\" has different type for column \"{}\"",
                            child.name, column.name
                        );
                        self.report(code::DATATYPE_MISMATCH, at, message);
                        return;
                    }
                }
            }
        }
    }

    fn attach(&mut self, parent: &Arc<Relation>, partition: &'a QName) {
        let Some(found) = self.existing_relation(partition, false) else { return };
        if !self.is_certain(found.origin) {
            return;
        }
        let is_partition = found.parents.iter().any(|it| {
            self.catalog.relations.get(it).is_some_and(|it| it.kind == RelationKind::PartitionedTable)
        });
        if is_partition {
            let message = format!("\"{}\" is already a partition", found.name);
            self.report(code::WRONG_OBJECT_TYPE, at(partition), message);
            return;
        }
        if !is_table(found.kind) {
            return;
        }
        let more = found.columns.iter().find(|it| !parent.columns.iter().any(|own| own.name == it.name));
        if let Some(more) = more.filter(|_| !found.open && !parent.open) {
            let message = format!(
                "table \"{}\" contains column \"{}\" not found in parent \"{}\"",
                found.name, more.name, parent.name
            );
            self.report(code::DATATYPE_MISMATCH, at(partition), message);
            return;
        }
        self.child_columns(&found, parent, at(partition));
    }
}

fn drop_hint(what: &str) -> Option<String> {
    Some(format!("Use ALTER TABLE ... ALTER COLUMN ... DROP {what} instead."))
}

/// When an action is done (`AlterTablePass`).
fn pass(action: &AlterTable) -> u32 {
    match action {
        AlterTable::DropColumn { .. } | AlterTable::DropConstraint { .. } => 0,
        AlterTable::DropNotNull { .. } => 0,
        AlterTable::SetType { .. } => 1,
        AlterTable::AddColumn { .. } => 2,
        AlterTable::SetExpression { .. } => 3,
        AlterTable::SetNotNull { .. }
        | AlterTable::SetDefault { .. }
        | AlterTable::AddIdentity { .. }
        | AlterTable::SetIdentity { .. } => 4,
        AlterTable::AddConstraint(_) => 5,
        _ => 6,
    }
}

type Kinds = &'static [RelationKind];

/// How PostgreSQL calls an action, and what it can be done to; `None`: to anything.
fn allowed(action: &AlterTable) -> Option<(&'static str, Kinds)> {
    use RelationKind::{Foreign, PartitionedTable, Table, View};
    const TABLES: Kinds = &[Table, PartitionedTable, Foreign];
    const OR_VIEWS: Kinds = &[Table, PartitionedTable, Foreign, View];
    const OWN: Kinds = &[Table, PartitionedTable];
    Some(match action {
        AlterTable::AddColumn { .. } => ("ADD COLUMN", TABLES),
        AlterTable::DropColumn { .. } => ("DROP COLUMN", TABLES),
        AlterTable::SetType { .. } => ("ALTER COLUMN ... SET DATA TYPE", TABLES),
        AlterTable::SetDefault { .. } | AlterTable::DropDefault { .. } => {
            ("ALTER COLUMN ... SET DEFAULT", OR_VIEWS)
        }
        AlterTable::SetNotNull { .. } => ("ALTER COLUMN ... SET NOT NULL", TABLES),
        AlterTable::DropNotNull { .. } => ("ALTER COLUMN ... DROP NOT NULL", TABLES),
        AlterTable::AddIdentity { .. } => ("ALTER COLUMN ... ADD IDENTITY", OR_VIEWS),
        AlterTable::SetIdentity { .. } => ("ALTER COLUMN ... SET", OR_VIEWS),
        AlterTable::DropIdentity { .. } => ("ALTER COLUMN ... DROP IDENTITY", OR_VIEWS),
        AlterTable::SetExpression { .. } => ("ALTER COLUMN ... SET EXPRESSION", TABLES),
        AlterTable::DropExpression { .. } => ("ALTER COLUMN ... DROP EXPRESSION", TABLES),
        AlterTable::AddConstraint(_) => ("ADD CONSTRAINT", TABLES),
        AlterTable::DropConstraint { .. } => ("DROP CONSTRAINT", TABLES),
        AlterTable::ValidateConstraint { .. } => ("VALIDATE CONSTRAINT", TABLES),
        AlterTable::RowSecurity { enabled: true } => ("ENABLE ROW SECURITY", OWN),
        AlterTable::RowSecurity { enabled: false } => ("DISABLE ROW SECURITY", OWN),
        AlterTable::Inherit { inherit: true, .. } => ("INHERIT", TABLES),
        AlterTable::Inherit { inherit: false, .. } => ("NO INHERIT", TABLES),
        _ => return None,
    })
}
