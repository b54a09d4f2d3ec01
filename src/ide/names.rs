//! The names of a statement as the tree has them: what a name is where nothing is known of what it means.

use super::tokens::TokenKind;
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::pg;
use crate::sql::hir::ddl::{
    AlterMysql, AlterTable, ColumnConstraintKind, ColumnDef, Ddl, References, TableConstraint,
    TableConstraintKind,
};
use crate::sql::hir::{
    Alias, Assignment, ConflictTarget, Cte, ExprKind, FromItem, Insert, InsertSource, MergeAction, Name,
    Over, QName, Query, QueryBody, Session, Statement, StatementKind, Target, TargetColumn, TypeName, With,
};

/// A name, in the statement's text. Of a type: everything that is written of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    pub range: TextRange,
    pub kind: TokenKind,
    /// The statement introduces it.
    pub declaration: bool,
    /// A type of PostgreSQL's own by its name.
    pub builtin: bool,
}

/// Every name of a statement, in no order.
pub fn names(stmt: &Statement, text: &str) -> Vec<Named> {
    let mut walk = Walk { text, res: Vec::with_capacity(stmt.exprs.len()) };
    walk.statement(&stmt.kind);
    for expr in &stmt.exprs {
        walk.expr(&expr.kind);
    }
    walk.res.retain(|it| !it.range.is_empty());
    walk.res
}

struct Walk<'a> {
    text: &'a str,
    res: Vec<Named>,
}

impl Walk<'_> {
    fn add(&mut self, range: TextRange, kind: TokenKind, declaration: bool) {
        self.res.push(Named { range, kind, declaration, builtin: false });
    }

    fn name(&mut self, name: &Name, kind: TokenKind, declaration: bool) {
        if !name.ident.is_dynamic() {
            self.add(name.range, kind, declaration);
        }
    }

    fn uses(&mut self, names: &[Name], kind: TokenKind) {
        names.iter().for_each(|it| self.name(it, kind, false));
    }

    fn declares(&mut self, names: &[Name], kind: TokenKind) {
        names.iter().for_each(|it| self.name(it, kind, true));
    }

    fn last(&mut self, name: &QName, kind: TokenKind, declaration: bool) {
        if let Some(it) = name.last() {
            self.name(it, kind, declaration);
        }
    }

    fn ty(&mut self, ty: &TypeName) {
        let name = ty.name.last().map_or("", |it| it.ident.as_str());
        let builtin = pg::type_named("pg_catalog", name).is_some();
        self.res.push(Named { range: ty.range, kind: TokenKind::Type, declaration: false, builtin });
    }

    // ------------------------------------------------------------ expressions

    fn expr(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::Column(name) => {
                self.last(name, TokenKind::Column, false);
                self.qualifier(name);
            }
            ExprKind::Star { qualifier } => self.last(qualifier, TokenKind::Alias, false),
            ExprKind::Cast { ty, .. } => self.ty(ty),
            ExprKind::SqlFunction { returning: Some(ty), .. } => self.ty(ty),
            ExprKind::Field { name, .. } => self.name(name, TokenKind::Column, false),
            ExprKind::Call(call) => {
                if let Some(it) = call.name.last() {
                    // `EXTRACT(f FROM x)` and the like have the catalog's name, not the one that is written.
                    let written = slice(self.text, it.range);
                    if !call.syntax_form || written.eq_ignore_ascii_case(it.ident.as_str()) {
                        self.name(it, TokenKind::Function, false);
                    }
                }
                for it in call.args.iter().filter_map(|it| it.name.as_ref()) {
                    self.name(it, TokenKind::Parameter, false);
                }
                match &call.over {
                    Some(Over::Named(it)) => self.name(it, TokenKind::Alias, false),
                    Some(Over::Window(it)) => {
                        it.base.iter().for_each(|it| self.name(it, TokenKind::Alias, false));
                    }
                    None => {}
                }
            }
            ExprKind::InQuery { query, .. }
            | ExprKind::QuantifiedQuery { query, .. }
            | ExprKind::Exists(query)
            | ExprKind::Subquery(query)
            | ExprKind::ArraySubquery(query) => self.query(query),
            _ => {}
        }
    }

    /// The table or alias before a column.
    fn qualifier(&mut self, name: &QName) {
        if let Some(it) = name.schema() {
            self.name(it, TokenKind::Alias, false);
        }
    }

    // ---------------------------------------------------------------- queries

    fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Query(it) => self.query(it),
            StatementKind::Insert(it) => self.insert(it),
            StatementKind::Update(it) => {
                self.with(it.with.as_ref());
                self.last(&it.table, TokenKind::Table, false);
                it.alias.iter().for_each(|it| self.name(it, TokenKind::Alias, true));
                self.assignments(&it.set);
                it.from.iter().for_each(|it| self.from(it));
                self.targets(&it.returning);
            }
            StatementKind::Delete(it) => {
                self.with(it.with.as_ref());
                self.last(&it.table, TokenKind::Table, false);
                it.alias.iter().for_each(|it| self.name(it, TokenKind::Alias, true));
                it.using.iter().for_each(|it| self.from(it));
                self.targets(&it.returning);
            }
            StatementKind::Merge(it) => {
                self.with(it.with.as_ref());
                self.last(&it.table, TokenKind::Table, false);
                it.alias.iter().for_each(|it| self.name(it, TokenKind::Alias, true));
                self.from(&it.source);
                for when in &it.whens {
                    match &when.action {
                        MergeAction::Update(set) => self.assignments(set),
                        MergeAction::Insert { columns, .. } => self.target_columns(columns),
                        MergeAction::DoNothing | MergeAction::Delete => {}
                    }
                }
                self.targets(&it.returning);
            }
            StatementKind::Wrapped { name, param_types, inner, .. } => {
                name.iter().for_each(|it| self.name(it, TokenKind::Alias, true));
                param_types.iter().for_each(|it| self.ty(it));
                self.statement(inner);
            }
            StatementKind::Ddl(it) => self.ddl(it),
            StatementKind::Session(
                Session::Fetch { cursor: name, .. }
                | Session::Close(Some(name))
                | Session::Deallocate(Some(name)),
            ) => self.name(name, TokenKind::Alias, false),
            StatementKind::Session(_) | StatementKind::Other(_) => {}
        }
    }

    fn insert(&mut self, it: &Insert) {
        self.with(it.with.as_ref());
        self.last(&it.table, TokenKind::Table, false);
        it.alias.iter().for_each(|it| self.name(it, TokenKind::Alias, true));
        self.target_columns(&it.columns);
        if let InsertSource::Query(query) = &it.source {
            self.query(query);
        }
        if let Some(conflict) = &it.on_conflict {
            if let ConflictTarget::Constraint(name) = &conflict.target {
                self.name(name, TokenKind::Alias, false);
            }
            if let Some(update) = &conflict.update {
                self.assignments(&update.set);
            }
        }
        self.targets(&it.returning);
    }

    fn assignments(&mut self, set: &[Assignment]) {
        for it in set {
            match it {
                Assignment::One { target, .. } => self.target_columns(std::slice::from_ref(target)),
                Assignment::Many { targets, .. } => self.target_columns(targets),
            }
        }
    }

    fn target_columns(&mut self, columns: &[TargetColumn]) {
        for it in columns {
            self.name(&it.name, TokenKind::Column, false);
            self.uses(&it.fields, TokenKind::Column);
        }
    }

    fn targets(&mut self, targets: &[Target]) {
        for it in targets.iter().filter_map(|it| it.alias.as_ref()) {
            self.name(it, TokenKind::Column, true);
        }
    }

    fn with(&mut self, with: Option<&With>) {
        for Cte { name, columns, body, extra_columns, .. } in with.iter().flat_map(|it| &it.ctes) {
            self.name(name, TokenKind::Table, true);
            self.declares(columns, TokenKind::Column);
            self.declares(extra_columns, TokenKind::Column);
            self.statement(body);
        }
    }

    fn query(&mut self, query: &Query) {
        self.with(query.with.as_ref());
        match &query.body {
            QueryBody::Select(it) => {
                self.targets(&it.targets);
                it.into.iter().for_each(|it| self.last(it, TokenKind::Table, true));
                it.from.iter().for_each(|it| self.from(it));
                for (name, window) in &it.windows {
                    self.name(name, TokenKind::Alias, true);
                    window.base.iter().for_each(|it| self.name(it, TokenKind::Alias, false));
                }
            }
            QueryBody::Table(name) => self.last(name, TokenKind::Table, false),
            QueryBody::SetOp { left, right, .. } => {
                self.query(left);
                self.query(right);
            }
            QueryBody::Nested(it) => self.query(it),
            QueryBody::Execute(it) => self.name(&it.name, TokenKind::Alias, false),
            QueryBody::Values { .. } | QueryBody::Missing => {}
        }
        query.locking.iter().flat_map(|it| &it.of).for_each(|it| self.last(it, TokenKind::Alias, false));
    }

    fn alias(&mut self, alias: Option<&Alias>) {
        if let Some(it) = alias {
            self.name(&it.name, TokenKind::Alias, true);
            self.declares(&it.columns, TokenKind::Column);
        }
    }

    fn from(&mut self, item: &FromItem) {
        match item {
            FromItem::Relation { name, alias, .. } => {
                self.last(name, TokenKind::Table, false);
                self.alias(alias.as_ref());
            }
            FromItem::Query { query, alias, .. } => {
                self.query(query);
                self.alias(alias.as_ref());
            }
            FromItem::Function(it) => {
                self.alias(it.alias.as_ref());
                let definitions = it.calls.iter().flat_map(|it| &it.1).chain(&it.definitions);
                for definition in definitions {
                    self.name(&definition.name, TokenKind::Column, true);
                    self.ty(&definition.ty);
                }
            }
            FromItem::Join(it) => {
                self.from(&it.left);
                self.from(&it.right);
                self.uses(&it.using, TokenKind::Column);
                it.using_alias.iter().for_each(|it| self.name(it, TokenKind::Alias, true));
                self.alias(it.alias.as_ref());
            }
            FromItem::Table(it) => {
                for (name, ty) in &it.columns {
                    self.name(name, TokenKind::Column, true);
                    ty.iter().for_each(|it| self.ty(it));
                }
                self.alias(it.alias.as_ref());
            }
            FromItem::Missing(_) => {}
        }
    }

    /// The string whose text stands at `at`.
    fn with_quotes(&self, at: TextRange) -> TextRange {
        let one = TextSize::from(1);
        let Some(start) = at.start().checked_sub(one) else { return at };
        let wide = TextRange::new(start, at.end() + one);
        let written = slice(self.text, wide);
        if written.starts_with('\'') && written.ends_with('\'') { wide } else { at }
    }

    // -------------------------------------------------------------------- DDL

    fn ddl(&mut self, ddl: &Ddl) {
        use TokenKind::{Column, EnumLabel, Function, Parameter, Table, Type};
        match ddl {
            Ddl::CreateSchema { elements, .. } => elements.iter().for_each(|it| self.statement(it)),
            Ddl::CreateTable(it) => {
                self.last(&it.name, Table, true);
                it.columns.iter().for_each(|it| self.column_def(it));
                it.constraints.iter().for_each(|it| self.constraint(it));
                it.likes.iter().for_each(|it| self.last(&it.source, Table, false));
                it.inherits.iter().for_each(|it| self.last(it, Table, false));
                it.partition_of.iter().for_each(|it| self.last(it, Table, false));
                it.of_type.iter().for_each(|it| self.last(it, Type, false));
            }
            Ddl::CreateView(it) => {
                self.last(&it.name, Table, true);
                self.declares(&it.columns, Column);
                self.query(&it.query);
            }
            Ddl::CreateIndex(it) => {
                self.last(&it.table, Table, false);
                self.uses(&it.include, Column);
            }
            Ddl::CreateSequence { name, ty, owned_by, .. } => {
                self.last(name, Table, true);
                ty.iter().for_each(|it| self.ty(it));
                owned_by.iter().for_each(|it| self.column_path(it));
            }
            Ddl::CreateEnum { name, labels } => {
                self.last(name, Type, true);
                for (_, at) in labels {
                    self.add(self.with_quotes(*at), EnumLabel, true);
                }
            }
            Ddl::CreateComposite { name, columns, .. } => {
                self.last(name, Type, true);
                for (name, ty) in columns {
                    self.name(name, Column, true);
                    self.ty(ty);
                }
            }
            Ddl::CreateRange { name, subtype, .. } => {
                self.last(name, Type, true);
                subtype.iter().for_each(|it| self.ty(it));
            }
            Ddl::CreateShellType { name, .. } => self.last(name, Type, true),
            Ddl::CreateDomain { name, base, .. } => {
                self.last(name, Type, true);
                self.ty(base);
            }
            Ddl::CreateFunction(it) => {
                self.last(&it.name, Function, true);
                for param in &it.params {
                    param.name.iter().for_each(|it| self.name(it, Parameter, true));
                    self.ty(&param.ty);
                }
                it.returns.iter().for_each(|it| self.ty(it));
            }
            Ddl::CreateTrigger { table, function, .. } => {
                self.last(table, Table, false);
                self.last(function, Function, false);
            }
            Ddl::CreatePolicy(it) | Ddl::AlterPolicy(it) => self.last(&it.table, Table, false),
            Ddl::AlterTable { name, actions, .. } => {
                self.last(name, Table, false);
                actions.iter().for_each(|it| self.alter(it));
            }
            Ddl::AlterComposite { name, actions } => {
                self.last(name, Type, false);
                actions.iter().for_each(|it| self.alter(it));
            }
            Ddl::AlterEnum { name, .. } | Ddl::AlterDomain { name, .. } => self.last(name, Type, false),
            Ddl::AlterSequence { name, owned_by, .. } => {
                self.last(name, Table, false);
                owned_by.iter().for_each(|it| self.column_path(it));
            }
            Ddl::Truncate { tables } => tables.iter().for_each(|it| self.last(it, Table, false)),
            Ddl::Command(it) => it.tables.iter().for_each(|it| self.last(&it.0, Table, false)),
            Ddl::Drop(it) => {
                use crate::sql::hir::ddl::ObjectKind;
                for dropped in &it.names {
                    match it.object {
                        ObjectKind::Relation(_) => self.last(&dropped.name, Table, false),
                        ObjectKind::Type | ObjectKind::Domain => self.last(&dropped.name, Type, false),
                        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                            self.last(&dropped.name, Function, false);
                        }
                        _ => {}
                    }
                    dropped.args.iter().flatten().for_each(|it| self.ty(it));
                    dropped.on.iter().for_each(|it| self.last(it, Table, false));
                }
            }
            _ => {}
        }
    }

    /// `table.column`.
    fn column_path(&mut self, name: &QName) {
        self.last(name, TokenKind::Column, false);
        if let Some(table) = name.schema() {
            self.name(table, TokenKind::Table, false);
        }
    }

    fn column_def(&mut self, column: &ColumnDef) {
        self.name(&column.name, TokenKind::Column, true);
        column.ty.iter().for_each(|it| self.ty(it));
        for constraint in &column.constraints {
            if let ColumnConstraintKind::References(it) = &constraint.kind {
                self.references(it);
            }
        }
    }

    fn references(&mut self, it: &References) {
        self.last(&it.table, TokenKind::Table, false);
        self.uses(&it.columns, TokenKind::Column);
    }

    fn constraint(&mut self, constraint: &TableConstraint) {
        match &constraint.kind {
            TableConstraintKind::PrimaryKey { columns, .. } | TableConstraintKind::Unique { columns, .. } => {
                self.uses(columns, TokenKind::Column);
            }
            TableConstraintKind::ForeignKey { columns, references, .. } => {
                self.uses(columns, TokenKind::Column);
                self.references(references);
            }
            TableConstraintKind::NotNull(it) => self.name(it, TokenKind::Column, false),
            TableConstraintKind::Check(_) | TableConstraintKind::Exclude(_) => {}
        }
    }

    fn alter(&mut self, action: &AlterTable) {
        use TokenKind::{Column, Table};
        match action {
            AlterTable::AddColumn { column, .. } => self.column_def(column),
            AlterTable::SetType { name, ty, .. } => {
                self.name(name, Column, false);
                self.ty(ty);
            }
            AlterTable::RenameColumn { name, new_name } => {
                self.name(name, Column, false);
                self.name(new_name, Column, true);
            }
            AlterTable::Mysql(AlterMysql::Redefine { from, column }) => {
                from.iter().for_each(|it| self.name(it, Column, false));
                self.column_def(column);
            }
            AlterTable::DropColumn { name, .. }
            | AlterTable::SetDefault { name, .. }
            | AlterTable::DropDefault { name }
            | AlterTable::SetNotNull { name }
            | AlterTable::DropNotNull { name }
            | AlterTable::AddIdentity { name, .. }
            | AlterTable::SetIdentity { name, .. }
            | AlterTable::DropIdentity { name }
            | AlterTable::SetExpression { name, .. }
            | AlterTable::DropExpression { name } => self.name(name, Column, false),
            AlterTable::AddConstraint(it) => self.constraint(it),
            AlterTable::Inherit { parent, .. } => self.last(parent, Table, false),
            AlterTable::AttachPartition { partition: it, .. } | AlterTable::DetachPartition(it) => {
                self.last(it, Table, false)
            }
            _ => {}
        }
    }
}
