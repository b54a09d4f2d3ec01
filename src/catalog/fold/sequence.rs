//! Sequences: those that are made by themselves, and those of serial and identity columns.

use rustc_hash::FxHashSet;
use std::sync::Arc;

use super::{Fold, empty_column, empty_relation};
use crate::base::text::slice;
use crate::catalog::depend;
use crate::catalog::details::Sequence;
use crate::catalog::{
    Check, Column, ColumnDefault, Origin, QualifiedName, Relation, RelationKind, Type, TypeId, types,
};
use crate::sql::Ident;
use crate::sql::hir::ddl::{SequenceOption, SequenceOptionKind};
use crate::sql::hir::{QName, TypeName};
use crate::sql::token::{TokenKind, significant};

impl Fold<'_> {
    /// `{table}_{column}_seq`, or what `SEQUENCE NAME` says.
    pub(super) fn owned_sequence(
        &self,
        table: &QualifiedName,
        column: &Column,
        taken: &FxHashSet<Ident>,
        options: &[SequenceOption],
    ) -> Relation {
        let mut pass = 0;
        let written = self.sequence_name(table, options);
        let chosen = || loop {
            let label = if pass == 0 { "seq".to_owned() } else { format!("seq{pass}") };
            let name =
                self.choose_relation_name(&table.schema, &table.name, Some(column.name.as_str()), &label);
            if !taken.contains(&name) {
                break QualifiedName { schema: table.schema.clone(), name };
            }
            pass += 1;
        };
        let name = written.unwrap_or_else(chosen);
        let mut res = self.sequence(&name, column.origin);
        res.parents.push(table.clone());
        res.definition = Some(column.name.as_str().into());
        let made = column.ty.and_then(|it| Sequence::with(None, Some(it.id), options).ok());
        Arc::make_mut(&mut res.details).sequence = made;
        res
    }

    /// `SEQUENCE NAME s`.
    fn sequence_name(&self, table: &QualifiedName, options: &[SequenceOption]) -> Option<QualifiedName> {
        let option = options.iter().find(|it| it.kind == SequenceOptionKind::Name)?;
        let text = slice(self.text, option.range);
        let tokens = significant(text);
        let ident = |at: usize| tokens.get(at).map(|it| Ident::from_source(it.text(text)));
        let name = ident(2)?;
        Some(match tokens.get(3).is_some_and(|it| it.kind == TokenKind::Dot) {
            true => QualifiedName { schema: name, name: ident(4)? },
            false => QualifiedName { schema: table.schema.clone(), name },
        })
    }

    /// A sequence. One that a column owns has the table as its parent and the column's name as its definition.
    fn sequence(&self, name: &QualifiedName, origin: Origin) -> Relation {
        let mut res = empty_relation(name, RelationKind::Sequence, origin);
        for (column, ty) in
            [("last_value", TypeId::INT8), ("log_cnt", TypeId::INT8), ("is_called", TypeId::BOOL)]
        {
            let mut column = empty_column(Ident::new(column), origin);
            column.ty = Some(Type::plain(ty));
            column.type_text = types::format_type_id(self.catalog, ty).into();
            column.not_null = true;
            res.columns.push(column);
        }
        res
    }

    pub(super) fn create_sequence(
        &mut self,
        name: &QName,
        ty: Option<&TypeName>,
        owned_by: Option<&QName>,
        options: &[SequenceOption],
    ) {
        let Some(full) = self.new_name(name, false) else { return };
        if self.catalog.relations.contains_key(&full) {
            return;
        }
        let origin = self.origin(name.last().map_or_else(Default::default, |it| it.range));
        let mut sequence = self.sequence(&full, origin);
        let made = match ty {
            None => Sequence::with(None, None, options).ok(),
            Some(ty) => self.type_of(ty).and_then(|it| Sequence::with(None, Some(it.id), options).ok()),
        };
        Arc::make_mut(&mut sequence.details).sequence = made;
        self.insert(sequence);
        self.own(&full, owned_by, options);
    }

    pub(super) fn alter_sequence(
        &mut self,
        name: &QName,
        ty: Option<&TypeName>,
        owned_by: Option<&QName>,
        options: &[SequenceOption],
    ) {
        let Some(name) = self.find(name) else { return };
        let ty = ty.and_then(|it| self.type_of(it)).map(|it| it.id);
        self.change_sequence(&name, ty, options);
        self.own(&name, owned_by, options);
    }

    pub(super) fn change_sequence(
        &mut self,
        name: &QualifiedName,
        ty: Option<TypeId>,
        options: &[SequenceOption],
    ) {
        let Some(relation) = self.relation_mut(name).filter(|it| it.kind == RelationKind::Sequence) else {
            return;
        };
        let Some(old) = relation.details.sequence else { return };
        Arc::make_mut(&mut relation.details).sequence = Sequence::with(Some(old), ty, options).ok();
    }

    fn own(&mut self, sequence: &QualifiedName, owned_by: Option<&QName>, options: &[SequenceOption]) {
        let Some(owner) = owned_by else {
            // `OWNED BY NONE`.
            if options.iter().any(|it| it.kind == SequenceOptionKind::OwnedBy)
                && let Some(relation) =
                    self.relation_mut(sequence).filter(|it| it.kind == RelationKind::Sequence)
            {
                relation.parents.clear();
                relation.definition = None;
            }
            return;
        };
        let mut table = owner.clone();
        let Some(column) = table.parts.pop() else { return };
        let Some(table) = self.find(&table) else { return };
        if let Some(sequence) = self.relation_mut(sequence).filter(|it| it.kind == RelationKind::Sequence) {
            sequence.parents = vec![table];
            sequence.definition = Some(column.ident.as_str().into());
        }
    }

    /// The sequence of an identity column has the column's type.
    pub(super) fn retype_identity(&mut self, table: &QualifiedName, column: &Ident, ty: Option<Type>) {
        let identity = self
            .relation(table)
            .is_some_and(|it| it.columns.iter().any(|it| it.name == *column && it.identity.is_some()));
        let Some(ty) = ty.filter(|_| identity) else { return };
        for sequence in self.owned_sequences(table, Some(column)) {
            self.change_sequence(&sequence, Some(ty.id), &[]);
        }
    }

    /// The defaults and checks that hold a sequence.
    pub(super) fn drop_defaults_from(&mut self, sequence: &QualifiedName) {
        let takes = |it: &Column| match &it.default {
            Some(ColumnDefault::Sql(text)) => depend::holds_sequence(text, sequence),
            _ => false,
        };
        let checks =
            |it: &Check| it.expression.as_deref().is_some_and(|it| depend::holds_sequence(it, sequence));
        let all = self.catalog.relations.iter();
        let tables = all.filter(|it| it.1.columns.iter().any(takes) || it.1.checks.iter().any(checks));
        let tables: Vec<QualifiedName> = tables.map(|it| it.0.clone()).collect();
        for table in tables {
            let Some(relation) = self.relation_mut(&table) else { continue };
            relation.columns.iter_mut().filter(|it| takes(it)).for_each(|it| it.default = None);
            relation.checks.retain(|it| !checks(it));
        }
    }
}
