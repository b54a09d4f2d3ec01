//! Range types (`DefineRange`).

use crate::catalog::{TypeId, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::Setting;
use crate::sql::hir::{Name, QName, TypeName};
use crate::sql::ident::MAX_BYTES;

use super::super::binder::Binder;
use super::name::{at, new_name};

impl<'a> Binder<'a> {
    pub fn create_range(&mut self, name: &QName, subtype: Option<&'a TypeName>, options: &[Setting]) {
        self.new_type(name);
        let option =
            |name: &str| options.iter().find(|it| it.name.last().is_some_and(|it| it.ident.as_str() == name));
        const KNOWN: [&str; 5] =
            ["subtype_opclass", "collation", "canonical", "subtype_diff", "multirange_type_name"];
        let unknown = options.iter().find_map(|it| {
            let name = it.name.last()?;
            (!KNOWN.contains(&name.ident.as_str())).then_some(name)
        });
        if let Some(name) = unknown {
            let message = format!("type attribute \"{}\" not recognized", name.ident);
            self.report(code::SYNTAX_ERROR, name.range, message);
            return;
        }
        let names: Vec<&str> =
            options.iter().filter_map(|it| it.name.last()).map(|it| it.ident.as_str()).collect();
        for (idx, option) in options.iter().enumerate() {
            let own = option.name.last().map_or("", |it| it.ident.as_str());
            if names.iter().take(idx).any(|it| *it == own) {
                let range = option.name.range().unwrap_or(option.value_range);
                self.report(code::SYNTAX_ERROR, range, "conflicting or redundant options");
                return;
            }
        }
        let Some(subtype) = subtype else {
            if !self.text.to_ascii_lowercase().contains("subtype ") && !self.text.contains("subtype=") {
                let message = "type attribute \"subtype\" is required";
                self.report(code::SYNTAX_ERROR, at(name), message);
            }
            return;
        };
        if let Ty::Known(found) = self.type_name(subtype) {
            if self.is_pseudo(found.id) {
                let message = format!("range subtype cannot be {}", self.format_id(found.id));
                self.report(code::DATATYPE_MISMATCH, subtype.range, message);
                return;
            }
            if let Some(canonical) = option("canonical")
                && self.is_exact()
                && super::name::new_name(self.catalog, name, false)
                    .is_some_and(|it| self.catalog.types.named(&it).is_none())
            {
                let message = "cannot specify a canonical function without a pre-created shell type";
                self.report(code::INVALID_OBJECT_DEFINITION, canonical.value_range, message);
                return;
            }
            if option("subtype_opclass").is_none() {
                let n_problems = self.problems.len();
                self.default_class(found.id, "btree", subtype.range);
                if let Some(problem) = self.problems.get_mut(n_problems) {
                    problem.hint = Some(
                        "You must specify an operator class for the range type or define a default operator class for the subtype."
                            .into(),
                    );
                    return;
                }
            }
            if option("collation").is_some()
                && self.type_info(found.id).is_some_and(|it| !it.collatable && it.kind != TypeKind::Opaque)
            {
                let message = "range collation specified but subtype does not support collation";
                self.report(code::WRONG_OBJECT_TYPE, subtype.range, message);
                return;
            }
            if self.range_collation(option("collation")) || self.range_diff(found.id, option("subtype_diff"))
            {
                return;
            }
            if let Some(class) = option("subtype_opclass") {
                let name = QName {
                    parts: class
                        .value
                        .as_deref()
                        .unwrap_or("")
                        .split('.')
                        .map(|it| Name { ident: Ident::new(it), range: class.value_range })
                        .collect(),
                };
                self.named_class(found.id, "btree", &name);
                return;
            }
        }
        self.own_multirange(name, option("multirange_type_name"));
    }

    /// The multirange type has another name than the range type.
    fn own_multirange(&mut self, name: &QName, option: Option<&Setting>) {
        if let Some(multirange) = option
            && let (Some(value), Some(last)) = (multirange.value.as_deref(), name.last())
            && !value.contains('.')
            && name.schema().is_none()
            && value == last.ident.as_str()
        {
            let message = "duplicate key value violates unique constraint \"pg_type_typname_nsp_index\"";
            self.report(code::UNIQUE_VIOLATION, multirange.value_range, message);
            return;
        }
        let Some(own) = new_name(self.catalog, name, false) else { return };
        if let Some(value) = option.and_then(|it| it.value.as_deref()).filter(|it| !it.contains('.')) {
            let made = crate::catalog::QualifiedName { schema: own.schema.clone(), name: Ident::new(value) };
            // Array types make room (`moveArrayTypeName`).
            let array =
                self.catalog.types.id(&made).is_some_and(|it| self.catalog.element_type(it).is_some());
            let taken = self.catalog.types.named(&made).map(|it| it.origin).filter(|_| !array);
            if taken.is_some_and(|it| self.is_certain(it)) {
                let message = format!("type \"{value}\" already exists");
                self.report(code::DUPLICATE_OBJECT, at(name), message);
            }
        }
        if option.is_some() {
            return;
        }
        let range = own.name.as_str();
        let made = match range.contains("range") {
            true => range.replacen("range", "multirange", 1),
            false => format!("{range}_multirange"),
        };
        let made = crate::catalog::QualifiedName { schema: own.schema.clone(), name: Ident::new(made) };
        let taken = self.catalog.types.named(&made).map(|it| it.origin);
        if taken.is_some_and(|it| self.is_certain(it)) && made.name.as_str().len() < MAX_BYTES {
            let message = format!("type \"{}\" already exists", made.name);
            self.report(code::DUPLICATE_OBJECT, at(name), message).hint(
                "You can manually specify a multirange type name using the \"multirange_type_name\" attribute.",
            );
        }
    }

    /// `COLLATION = c` of a range that has none such.
    fn range_collation(&mut self, option: Option<&Setting>) -> bool {
        let Some(name) = option.and_then(setting_name) else { return false };
        self.missing_collation(&name, at(&name), false)
    }

    /// `SUBTYPE_DIFF = f`: f(subtype, subtype) yields double precision (`findRangeSubtypeDiffFunction`).
    fn range_diff(&mut self, subtype: TypeId, option: Option<&Setting>) -> bool {
        let Some(name) = option.and_then(setting_name) else { return false };
        let Some(last) = name.last() else { return false };
        let schema = name.schema().map(|it| &it.ident);
        let unknown = self.catalog.gaps.functions
            || !self.is_exact()
            || self.catalog.gaps.named.contains(&last.ident)
            || self.catalog.extensions.values().any(|it| !it.known)
            || crate::catalog::pg::ext::with_function(last.ident.as_str())
                .any(|it| crate::catalog::lookup::may_be_installed(self.catalog, schema, it));
        if unknown {
            return false;
        }
        let all = crate::catalog::lookup::functions(self.catalog, schema, &last.ident);
        if all.iter().any(|it| it.params.iter().any(|it| it.ty.is_none())) {
            return false;
        }
        let own = Some(subtype);
        let found = all.iter().find(|it| it.params.iter().map(|it| it.ty).eq([own, own]));
        let shown = self.format_id(subtype);
        match found {
            None => {
                let message =
                    format!("function {}({shown}, {shown}) does not exist", super::name::spelled(&name));
                self.report(code::UNDEFINED_FUNCTION, at(&name), message);
                true
            }
            Some(found) if found.returns.is_some_and(|it| it != TypeId::FLOAT8) => {
                let message = format!(
                    "range subtype diff function {}({shown}, {shown}) must return type double precision",
                    super::name::spelled(&name)
                );
                self.report(code::INVALID_OBJECT_DEFINITION, at(&name), message);
                true
            }
            Some(_) => false,
        }
    }
}

/// The name that an option's value is; as the reader of range types leaves it.
fn setting_name(option: &Setting) -> Option<QName> {
    let text = option.value.as_deref().filter(|it| !it.is_empty())?;
    let parts = text.split('.').map(|it| Name { ident: Ident::new(it), range: option.value_range });
    Some(QName { parts: parts.collect() })
}
