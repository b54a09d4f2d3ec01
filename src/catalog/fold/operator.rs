//! Operators (`DefineOperator`, `OperatorCreate`).

use std::sync::Arc;

use super::{Fold, sides};
use crate::catalog::object::{OPERATOR, Object, SHELL};
use crate::catalog::{TypeId, lookup, pg};
use crate::sql::Ident;
use crate::sql::hir::ddl::CreateOperator;
use crate::sql::hir::{QName, TypeName};

impl Fold<'_> {
    pub(super) fn create_operator(&mut self, made: &CreateOperator) {
        let Some(last) = made.name.last().filter(|it| !it.ident.is_dynamic()) else {
            self.catalog.gaps.functions = true;
            return;
        };
        let others: Vec<&QName> = made.commutator.iter().chain(&made.negator).collect();
        let others = others.iter().filter_map(|it| it.last()).map(|it| it.ident.clone());
        let shells: Vec<Ident> = others.filter(|it| *it != last.ident).collect();
        Arc::make_mut(&mut self.catalog.others).extend(shells.iter().map(|it| (SHELL.into(), it.clone())));
        let side = |it: &Option<TypeName>| match it {
            Some(ty) => self.type_id(ty).map(Some),
            None => Some(None),
        };
        let (Some(left), Some(right)) = (side(&made.left), side(&made.right)) else {
            self.other(OPERATOR, &made.name);
            Arc::make_mut(&mut self.catalog.gaps.operators).insert(last.ident.clone());
            return;
        };
        let on = made.function.as_ref().and_then(|it| self.own_function(it));
        self.make_object(OPERATOR, &made.name, &key(left, right), on);
        let operator = right.zip(made.function.as_ref()).and_then(|(right, function)| {
            let result = self.result_of(function, left, right)?;
            Some(operator(&last.ident, left, right, result, made.commutator.is_some()))
        });
        match operator {
            Some(it) => self.keep_operator(OPERATOR, &made.name, it),
            None => {
                Arc::make_mut(&mut self.catalog.gaps.operators).insert(last.ident.clone());
            }
        }
        let Some(right) = right else { return };
        if let Some((name, left)) = made.commutator.as_ref().zip(left) {
            self.shell(name, Some(right), left);
        }
        if let Some(name) = &made.negator {
            self.shell(name, left, right);
        }
    }

    /// The type that an operator's function returns; `None`: not known, or a set of them.
    fn result_of(&self, function: &QName, left: Option<TypeId>, right: TypeId) -> Option<TypeId> {
        let schema = function.schema().map(|it| &it.ident);
        let found = lookup::functions(self.catalog, schema, &function.last()?.ident);
        let wanted: Vec<Option<TypeId>> = left.into_iter().chain([right]).map(Some).collect();
        let it = found.iter().find(|it| it.params.iter().map(|it| it.ty).eq(wanted.iter().copied()))?;
        it.returns.filter(|_| !it.returns_set)
    }

    /// Another operator that a definition speaks of is there, or made as a shell (`get_other_operator`).
    fn shell(&mut self, name: &QName, left: Option<TypeId>, right: TypeId) {
        let Some(last) = name.last().filter(|_| !name.is_dynamic()) else { return };
        let schema = name.schema().map(|it| &it.ident);
        let is_it = |it: &pg::Operator| it.left == left && it.right == right;
        if lookup::operators(self.catalog, schema, last.ident.as_str()).any(is_it) {
            return;
        }
        self.make_object(SHELL, name, &key(left, Some(right)), None);
        self.keep_operator(SHELL, name, operator(&last.ident, left, right, TypeId::NONE, false));
    }

    fn keep_operator(&mut self, kind: &str, name: &QName, made: pg::Operator) {
        let of = key(made.left, Some(made.right));
        let Some(found) = self.new_key(kind, name, &of) else { return };
        let objects = Arc::make_mut(&mut self.catalog.objects);
        if kind == OPERATOR {
            objects.remove(&crate::catalog::object::ObjectKey { kind: SHELL.into(), ..found.clone() });
        }
        if let Some(Object { operator, .. }) = objects.get_mut(&found) {
            *operator = Some(Arc::new(made));
        }
    }
}

fn key(left: Option<TypeId>, right: Option<TypeId>) -> String {
    sides(left.map(crate::catalog::Type::plain), right.map(crate::catalog::Type::plain))
}

fn operator(
    name: &Ident,
    left: Option<TypeId>,
    right: TypeId,
    result: TypeId,
    commutes: bool,
) -> pg::Operator {
    pg::Operator {
        name: name.as_str().into(),
        left,
        right,
        result,
        can_merge: false,
        can_hash: false,
        has_commutator: commutes,
        code: 0,
        extension: None,
    }
}
