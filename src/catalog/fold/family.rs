//! Operator classes and families: the operators and functions that they hold (`pg_amop`, `pg_amproc`).

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::Fold;
use crate::catalog::TypeId;
use crate::catalog::object::ObjectKey;
use crate::sql::hir::TypeName;
use crate::sql::hir::ddl::{ClassItem, ClassItemKind, ClassKind, OperatorClass};

const CLASS: &str = "OPERATOR CLASS";
const FAMILY: &str = "OPERATOR FAMILY";

/// What tells a member of a family from others.
pub fn member(operator: bool, number: i64, types: [Option<TypeId>; 2]) -> SmolStr {
    let words = if operator { "operator" } else { "function" };
    let [left, right] = types.map(|it| it.map_or(0, |it| it.0));
    format!("{words} {number}({left},{right})").into()
}

/// What a class says that is the default for a type.
pub fn default_of(ty: TypeId) -> SmolStr {
    format!("default {}", ty.0).into()
}

impl Fold<'_> {
    pub(super) fn operator_class(&mut self, made: &OperatorClass) {
        let method = made.method.ident.as_str();
        self.catalog.gaps.classes = true;
        let family = made.family.as_ref().unwrap_or(&made.name);
        if made.what != ClassKind::AlterFamily && made.family.is_none() {
            // A family of the name is made with a class, if there is none.
            let there = self.object_key(FAMILY, family, method).is_some();
            self.make_object(FAMILY, family, method, None);
            if let Some(key) = self.new_key(FAMILY, family, method).filter(|_| !there) {
                self.set_parts(&key, Some(BTreeMap::new()));
            }
        }
        let mut class = None;
        if made.what == ClassKind::Class {
            self.make_object(CLASS, &made.name, method, None);
            class = self.new_key(CLASS, &made.name, method);
            let ty = made.ty.as_ref().and_then(|it| self.type_of(it)).map(|it| it.id);
            if let (Some(key), Some(ty)) = (&class, ty.filter(|_| made.default)) {
                self.set_parts(key, Some([(default_of(ty), Vec::new())].into()));
            }
        }
        let Some(key) = self.object_key(FAMILY, family, method) else { return };
        let Some(mut parts) = self.catalog.objects.get(&key).and_then(|it| it.parts.as_deref().cloned())
        else {
            return;
        };
        for item in &made.items {
            let dropped =
                matches!(item.kind, ClassItemKind::DropOperator(_) | ClassItemKind::DropFunction(_));
            let Some(name) = self.class_member(made, item) else { continue };
            if dropped {
                parts.remove(&name);
            } else {
                parts.insert(name, class.iter().cloned().collect());
            }
        }
        self.set_parts(&key, Some(parts));
    }

    fn class_member(&self, made: &OperatorClass, item: &ClassItem) -> Option<SmolStr> {
        let one = |it: &TypeName| self.type_of(it).map(|it| it.id);
        let pair = |all: &[TypeName]| match all {
            [] => None,
            [only] => Some([Some(one(only)?); 2]),
            [left, right, ..] => Some([Some(one(left)?), Some(one(right)?)]),
        };
        let own = made.ty.as_ref().and_then(one);
        let (operator, types) = match &item.kind {
            ClassItemKind::Operator { sides: Some((left, right)), .. } => {
                (true, [left.as_ref().and_then(one), right.as_ref().and_then(one)])
            }
            ClassItemKind::Operator { sides: None, .. } => (true, [Some(own?); 2]),
            ClassItemKind::Function { types, args, .. } => {
                let args = args.as_deref().unwrap_or_default();
                let served = match (types.as_slice(), made.method.ident.as_str(), item.number, args) {
                    ([], "btree", 1, [_, _]) | ([], "hash", 1, [_]) => pair(args)?,
                    ([], ..) => [Some(own?); 2],
                    (types, ..) => pair(types)?,
                };
                (false, served)
            }
            ClassItemKind::DropOperator(types) => (true, pair(types)?),
            ClassItemKind::DropFunction(types) => (false, pair(types)?),
            ClassItemKind::Storage(_) => return None,
        };
        Some(member(operator, item.number, types))
    }

    /// What a class holds in its family goes with it.
    pub(super) fn class_gone(&mut self, class: &ObjectKey) {
        let holds = |it: &ObjectKey, parts: &BTreeMap<SmolStr, Vec<ObjectKey>>| {
            it.kind == FAMILY && parts.values().any(|it| it.contains(class))
        };
        let all = self.catalog.objects.iter();
        let families: Vec<ObjectKey> = all
            .filter(|it| it.1.parts.as_ref().is_some_and(|parts| holds(it.0, parts)))
            .map(|it| it.0.clone())
            .collect();
        let objects = Arc::make_mut(&mut self.catalog.objects);
        for family in families {
            let Some(parts) = objects.get_mut(&family).and_then(|it| it.parts.as_mut()) else { continue };
            Arc::make_mut(parts).retain(|_, it| !it.contains(class));
        }
    }
}
