//! EXCLUDE constraints (`transformIndexConstraint`, `DefineIndex`, `ComputeIndexAttrs`).

use crate::base::text::TextRange;
use crate::catalog::{Type, TypeId, TypeKind, pg};
use crate::sema::{Ty, code};
use crate::sql::hir::ddl::{Exclude, IndexItem};
use crate::sql::hir::{ExprKind, OpName};

use super::super::binder::Binder;
use super::super::operator::Operand;
use super::super::place::Place;
use super::super::scope::system_column;
use super::table::Own;

impl<'a> Binder<'a> {
    pub fn exclude(&mut self, own: &Own<'_>, exclude: &'a Exclude, place: TextRange) {
        let relation = own.relation;
        // Its expressions are read before the index is made.
        let n_problems = self.problems.len();
        for (item, _) in &exclude.items {
            if self.plain_column(item.expr).is_none() {
                self.index_item(relation, item, None);
            }
        }
        if let Some(where_) = exclude.where_ {
            self.immutable("index predicate", |it| {
                it.beside(relation, Place::IndexPredicate, |it, _| it.condition(where_, "WHERE"));
            });
        }
        // Whether they are immutable, when it is made.
        let refuses = exclude.method.as_ref().filter(|it| matches!(it.ident.as_str(), "gin" | "brin"));
        let immutable = |it: &crate::sema::Problem| it.message.ends_with("must be marked IMMUTABLE");
        if let Some(method) = refuses
            && self.problems.len() > n_problems
            && self.problems.iter().skip(n_problems).all(immutable)
        {
            self.problems.truncate(n_problems);
            let message =
                format!("access method \"{}\" does not support exclusion constraints", method.ident);
            self.report(code::FEATURE_NOT_SUPPORTED, place, message);
            return;
        }
        if self.problems.len() > n_problems {
            return;
        }
        let method = match &exclude.method {
            Some(name) => {
                if self.missing_method(name) {
                    return;
                }
                name.ident.as_str()
            }
            None => "btree",
        };
        let known = pg::access_methods().any(|it| it == method);
        if matches!(method, "gin" | "brin") {
            let message = format!("access method \"{method}\" does not support exclusion constraints");
            self.report(code::FEATURE_NOT_SUPPORTED, place, message);
            return;
        }
        let n_problems = self.problems.len();
        for (item, _) in &exclude.items {
            if let Some(name) = self.plain_column(item.expr) {
                let found = relation.columns.iter().any(|it| it.name == name.ident);
                if !found && !relation.open && !name.ident.is_dynamic() {
                    if system_column(name.ident.as_str()).is_some() {
                        let message = "index creation on system columns is not supported";
                        self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                    } else {
                        let message = format!("column \"{}\" named in key does not exist", name.ident);
                        let n_problems = self.problems.len();
                        self.missing_attribute(relation, name, message);
                        // PostgreSQL's place is the constraint.
                        if let Some(problem) = self.problems.get_mut(n_problems) {
                            problem.range =
                                TextRange::new(place.start(), name.range.end().max(place.start()));
                        }
                    }
                    return;
                }
            }
        }
        for (item, op) in &exclude.items {
            if self.problems.len() == n_problems {
                self.index_item(relation, item, Some(method).filter(|_| known));
            }
            if self.problems.len() == n_problems {
                self.exclusion_operator(own, exclude, item, op);
            }
        }
    }

    /// The operator exists for the column's type, is its own commutator, and one of the index's (`ComputeIndexAttrs`).
    fn exclusion_operator(
        &mut self,
        own: &Own<'_>,
        exclude: &'a Exclude,
        item: &'a IndexItem,
        op: &'a OpName,
    ) {
        let ty = match &self.expr_node(item.expr).kind {
            ExprKind::Column(name) if name.parts.len() == 1 => {
                let Some(name) = name.last() else { return };
                let column = own.relation.columns.iter().find(|it| it.name == name.ident);
                column.and_then(|it| it.ty)
            }
            _ => match self.ty(item.expr) {
                Ty::Known(ty) => Some(ty),
                Ty::Unknown => None,
            },
        };
        let Some(ty) = ty.filter(|_| op.schema.is_empty()) else { return };
        let plain = Ty::Known(Type::plain(ty.id));
        let operand = Operand { ty: plain, id: None, nullable: None };
        let n_problems = self.problems.len();
        self.apply(None, &op.op, Some(operand), operand, op.range);
        if self.problems.len() > n_problems {
            return;
        }
        if ty.id.is_extension() {
            if item.opclass.is_none() && exclude.method.as_ref().is_some_and(|it| it.ident.as_str() == "gist")
            {
                self.extension_operator(ty.id, op);
            }
            return;
        }
        let shown = self.format_id(ty.id);
        let one_way = matches!(op.op.as_str(), "@@" | "<" | ">" | "<=" | ">=");
        if one_way && !ty.id.is_user() {
            let message = format!("operator {}({shown},{shown}) is not commutative", op.op);
            self.report(code::WRONG_OBJECT_TYPE, op.range, message);
            return;
        }
        let method = exclude.method.as_ref().map_or("btree", |it| it.ident.as_str());
        if item.opclass.is_some() {
            return;
        }
        if let Some((family, members)) = self.family(ty.id, method)
            && !one_way
            && !members.contains(&op.op.as_str())
        {
            let message = format!(
                "operator {}({shown},{shown}) is not a member of operator family \"{family}\"",
                op.op
            );
            self.report(code::WRONG_OBJECT_TYPE, op.range, message);
        }
    }

    /// The same of a type that an extension brings, in an index by GiST.
    fn extension_operator(&mut self, id: TypeId, op: &'a OpName) {
        let Some(info) = self.type_info(id) else { return };
        let (family, members): (&str, &[&str]) = match info.name.as_str() {
            "hstore" => ("gist_hstore_ops", &[]),
            // By the class of `text`, whose operators take no citext.
            "citext" => ("gist_text_ops", &[]),
            "ltree" => ("gist_ltree_ops", &["="]),
            "cube" => ("gist_cube_ops", &["=", "&&"]),
            "seg" => ("gist_seg_ops", &["=", "&&"]),
            _ => return,
        };
        let own = op.op.as_str();
        if members.contains(&own) {
            return;
        }
        let schema = &info.schema;
        let shown = format!("{schema}.{own}({schema}.{},{schema}.{})", info.name, info.name);
        let message = match own {
            "=" | "<>" | "&&" => format!("operator {shown} is not a member of operator family \"{family}\""),
            _ => format!("operator {shown} is not commutative"),
        };
        self.report(code::WRONG_OBJECT_TYPE, op.range, message);
    }

    /// The family of a type's default operator class, and those of its operators that are their own commutators
    /// (`pg_amop`); `None`: not known.
    fn family(&self, id: TypeId, method: &str) -> Option<(&'static str, &'static [&'static str])> {
        let base = self.base(id);
        let kind = &self.type_info(base)?.kind;
        if matches!(method, "btree" | "hash") {
            let family = match base {
                TypeId::INT2 | TypeId::INT4 | TypeId::INT8 => "integer_ops",
                TypeId::TEXT | TypeId::VARCHAR => "text_ops",
                TypeId::UUID => "uuid_ops",
                TypeId::BOOL => "bool_ops",
                TypeId::NUMERIC => "numeric_ops",
                TypeId::FLOAT4 | TypeId::FLOAT8 => "float_ops",
                _ if matches!(kind, TypeKind::Enum { .. }) => "enum_ops",
                _ if matches!(kind, TypeKind::Range { .. }) => "range_ops",
                _ => return None,
            };
            return Some((family, &["="]));
        }
        if !matches!(method, "gist" | "spgist") {
            return None;
        }
        Some(match self.format_id(base).as_str() {
            _ if matches!(kind, TypeKind::Range { .. }) => ("range_ops", &["&&", "-|-", "="]),
            _ if matches!(kind, TypeKind::Multirange { .. }) && method == "gist" => {
                ("multirange_ops", &["&&", "-|-", "="])
            }
            "box" => ("box_ops", &["&&", "~="]),
            "polygon" => ("poly_ops", &["&&", "~="]),
            "circle" if method == "gist" => ("circle_ops", &["&&", "~="]),
            "point" => (if method == "gist" { "point_ops" } else { "quad_point_ops" }, &["~="]),
            _ => return None,
        })
    }
}
