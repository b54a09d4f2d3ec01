//! Operator classes and families (`opclasscmds.c`).

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::catalog::object::ObjectKey;
use crate::catalog::{TypeId, fold, lookup, pg};
use crate::sema::{Code, Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{ClassItem, ClassItemKind, ClassKind, ObjectKind, OperatorClass};
use crate::sql::hir::{Name, QName, TypeName};

use super::super::binder::Binder;
use super::name::{at, spelled};

/// The highest numbers of operators and functions of an access method's classes; 0: any.
fn highest(method: &str) -> Option<(i64, i64)> {
    Some(match method {
        "btree" => (5, 6),
        "hash" => (1, 3),
        "gist" => (0, 12),
        "gin" => (0, 7),
        "spgist" => (0, 7),
        "brin" => (0, 15),
        _ => return None,
    })
}

/// Whether an operator, its number in the class, the types that it serves.
type Numbered = (bool, i64, [Option<TypeId>; 2]);

impl<'a> Binder<'a> {
    /// `DefineOpClass`, `DefineOpFamily`, `AlterOpFamily`.
    pub fn operator_class_statement(&mut self, made: &'a OperatorClass) {
        if made.name.is_dynamic() || !self.is_exact() {
            return;
        }
        if made.what != ClassKind::AlterFamily && self.missing_schema(&made.name, false) {
            return;
        }
        if self.missing_method(&made.method) {
            return;
        }
        let method = made.method.ident.as_str();
        match made.what {
            ClassKind::Family => {
                self.object_taken("OPERATOR FAMILY", &made.name, method);
                return;
            }
            ClassKind::AlterFamily => {
                if self.no_family(&made.name, &made.method) {
                    return;
                }
            }
            ClassKind::Class => {}
        }
        let Some((operators, functions)) = highest(method) else { return };
        // Older servers know fewer.
        let current = self.catalog.server_version.is_none_or(|it| it >= 18);
        let mut ty = None;
        if let Some(written) = &made.ty {
            match self.type_name(written) {
                Ty::Known(found) => ty = Some(found.id),
                Ty::Unknown => return,
            }
        }
        if let Some(family) = &made.family
            && self.no_family(family, &made.method)
        {
            return;
        }
        let family = self.object_key("OPERATOR FAMILY", &made.name, method);
        let family = family.filter(|_| made.what == ClassKind::AlterFamily);
        let members = family.and_then(|it| self.certain_object(&it)).and_then(|it| it.parts.clone());
        let mut seen: Vec<Numbered> = Vec::new();
        for item in &made.items {
            let operator =
                matches!(item.kind, ClassItemKind::Operator { .. } | ClassItemKind::DropOperator(_));
            let storage = matches!(item.kind, ClassItemKind::Storage(_));
            let top = if operator { operators } else { functions };
            let above = top > 0 && item.number > top && (operator || current);
            if !storage && (item.number <= 0 || above) {
                let top = if top > 0 { top } else { i64::from(i16::MAX) };
                let words = if operator { "operator" } else { "function" };
                let message = format!("invalid {words} number {}, must be between 1 and {top}", item.number);
                self.report(code::INVALID_OBJECT_DEFINITION, item.range, message);
                return;
            }
            let n_problems = self.problems.len();
            let n_seen = seen.len();
            let mut refused = self.class_item(made, item, ty, &mut seen);
            if let Some(members) = members.as_ref().filter(|_| refused.is_none()) {
                refused = self.family_member(made, item, members, seen.get(n_seen));
            }
            if let Some((code, message)) = refused {
                self.report(code, item.range, message);
            }
            if self.problems.len() > n_problems {
                return;
            }
        }
        if made.what != ClassKind::Class || self.object_taken("OPERATOR CLASS", &made.name, method) {
            return;
        }
        let default = |it: &&pg::OpClass| it.default && it.method == method && Some(it.input) == ty;
        let own = |ty: TypeId| {
            let said = fold::default_of(ty);
            self.catalog.objects.iter().any(|it| {
                it.0.kind == "OPERATOR CLASS"
                    && it.0.of == method
                    && self.is_certain(it.1.origin)
                    && it.1.parts.as_ref().is_some_and(|it| it.contains_key(&said))
            })
        };
        if made.default
            && let Some(ty) = ty
            && (pg::opclasses().iter().any(|it| default(&it)) || own(ty))
        {
            let shown = self.type_info(ty).map(|it| format!("{}.{}", it.schema, it.name)).unwrap_or_default();
            let own = made.name.last().map(|it| it.ident.as_str().to_owned()).unwrap_or_default();
            let message = format!("could not make operator class \"{own}\" be default for type {shown}");
            self.report(code::DUPLICATE_OBJECT, at(&made.name), message);
        }
    }

    /// Reports a family that is certainly not there.
    fn no_family(&mut self, name: &QName, method: &Name) -> bool {
        let n_problems = self.problems.len();
        self.operator_class(method, name, false, "family");
        self.problems.len() > n_problems
    }

    fn class_item(
        &mut self,
        made: &'a OperatorClass,
        item: &'a ClassItem,
        ty: Option<TypeId>,
        seen: &mut Vec<Numbered>,
    ) -> Option<(Code, String)> {
        let invalid = |message: String| Some((code::INVALID_OBJECT_DEFINITION, message));
        let method = made.method.ident.as_str();
        match &item.kind {
            ClassItemKind::Operator { op, sides, order_by } => {
                let types = match sides {
                    Some((left, right)) => {
                        let mut side = |it: &'a Option<TypeName>| match it {
                            Some(it) => match self.type_name(it) {
                                Ty::Known(it) => Some(Some(it.id)),
                                Ty::Unknown => None,
                            },
                            None => Some(None),
                        };
                        [side(left)?, side(right)?]
                    }
                    None if made.what == ClassKind::AlterFamily => {
                        let message = "operator argument types must be specified in ALTER OPERATOR FAMILY";
                        return Some((code::SYNTAX_ERROR, message.to_owned()));
                    }
                    None => [ty, ty],
                };
                let [left, right] = types;
                if op.schema.is_empty() && self.has_operator(op, left, right) == Some(false) {
                    let shown = |it: Option<TypeId>| it.map_or(String::new(), |it| self.format_id(it));
                    let message =
                        format!("operator does not exist: {} {} {}", shown(left), op.op, shown(right));
                    return Some((code::UNDEFINED_FUNCTION, message));
                }
                if let Some(family) = order_by {
                    let btree = Name { ident: Ident::new("btree"), range: made.method.range };
                    if self.no_family(family, &btree) {
                        return None;
                    }
                    if matches!(method, "btree" | "hash" | "gin" | "brin") {
                        let message =
                            format!("access method \"{method}\" does not support ordering operators");
                        return invalid(message);
                    }
                } else {
                    let all = pg::operators(op.op.as_str());
                    let found = all.iter().find(|it| it.left == left && Some(it.right) == right);
                    if op.schema.is_empty() && found.is_some_and(|it| it.result != TypeId::BOOL) {
                        return invalid("index search operators must return boolean".to_owned());
                    }
                }
                self.twice(seen, true, item.number, types)
            }
            ClassItemKind::Function { types, name, args } => {
                let found = self.named_function(ObjectKind::Function, name, args.as_deref(), false)?;
                let inputs: Vec<Option<TypeId>> = found.params.iter().map(|it| it.ty).collect();
                let returns = found.returns;
                let int4 = returns.is_none_or(|it| it == TypeId::INT4);
                let message = match (method, item.number) {
                    ("btree", 1) if inputs.len() != 2 => {
                        "ordering comparison functions must have two arguments"
                    }
                    ("btree", 1) if !int4 => "ordering comparison functions must return integer",
                    ("hash", 1) if inputs.len() != 1 => "hash function 1 must have one argument",
                    ("hash", 1) if !int4 => "hash function 1 must return integer",
                    ("hash", 2) if inputs.len() != 2 => "hash function 2 must have two arguments",
                    _ => "",
                };
                if !message.is_empty() {
                    return invalid(message.to_owned());
                }
                let served = match (types.as_slice(), method, inputs.as_slice()) {
                    ([], "btree", [Some(left), Some(right)]) if item.number == 1 => {
                        [Some(*left), Some(*right)]
                    }
                    ([], "hash", [Some(one)]) if item.number == 1 => [Some(*one), Some(*one)],
                    _ => return None,
                };
                self.twice(seen, false, item.number, served)
            }
            ClassItemKind::Storage(storage) => {
                let Ty::Known(found) = self.type_name(storage) else { return None };
                let other = ty.is_some_and(|it| it != found.id);
                (other && matches!(method, "btree" | "hash")).then(|| {
                    let message = format!(
                        "storage type cannot be different from data type for access method \"{method}\""
                    );
                    (code::INVALID_OBJECT_DEFINITION, message)
                })
            }
            ClassItemKind::DropOperator(types) | ClassItemKind::DropFunction(types) => {
                for ty in types {
                    self.type_name(ty);
                }
                None
            }
        }
    }

    /// ALTER OPERATOR FAMILY ADD and DROP of what is there, or is not (`storeOperators`, `dropOperators`).
    fn family_member(
        &self,
        made: &OperatorClass,
        item: &ClassItem,
        members: &BTreeMap<SmolStr, Vec<ObjectKey>>,
        said: Option<&Numbered>,
    ) -> Option<(Code, String)> {
        let (operator, dropped, types) = match &item.kind {
            ClassItemKind::DropOperator(types) | ClassItemKind::DropFunction(types) => {
                let id = |it: &TypeName| {
                    lookup::type_name(self.catalog, it, &self.stmt.exprs).ok().map(|it| it.id)
                };
                let left = id(types.first()?)?;
                let right = id(types.get(1).or(types.first())?)?;
                let operator = matches!(item.kind, ClassItemKind::DropOperator(_));
                (operator, true, [Some(left), Some(right)])
            }
            _ => {
                let (operator, _, types) = said?;
                (*operator, false, *types)
            }
        };
        let found = members.get(&fold::member(operator, item.number, types));
        let words = if operator { "operator" } else { "function" };
        let shown = types.map(|it| it.map_or(String::new(), |it| self.format_id(it)));
        let family = spelled(&made.name);
        let member = format!("{words} {}({})", item.number, shown.join(","));
        match (found, dropped) {
            (Some(_), false) => {
                let message = format!("{member} already exists in operator family \"{family}\"");
                Some((code::DUPLICATE_OBJECT, message))
            }
            (None, true) => {
                let message = format!("{member} does not exist in operator family \"{family}\"");
                Some((code::UNDEFINED_OBJECT, message))
            }
            (Some(classes), true) => classes.first().map(|class| {
                let method = &made.method.ident;
                let message = format!(
                    "cannot drop {words} {} ({}) of operator family {family} for access method {method} because operator class {} for access method {method} requires it",
                    item.number,
                    shown.join(", "),
                    class.name
                );
                (code::DEPENDENT_OBJECTS, message)
            }),
            (None, false) => None,
        }
    }

    /// A number that is said twice for the same types.
    fn twice(
        &self,
        seen: &mut Vec<Numbered>,
        operator: bool,
        number: i64,
        types: [Option<TypeId>; 2],
    ) -> Option<(Code, String)> {
        let key = (operator, number, types);
        if !seen.contains(&key) {
            seen.push(key);
            return None;
        }
        let words = if operator { "operator" } else { "function" };
        let shown = types.map(|it| it.map_or(String::new(), |it| self.format_id(it)));
        let message = format!("{words} number {number} for ({}) appears more than once", shown.join(","));
        Some((code::INVALID_OBJECT_DEFINITION, message))
    }
}
