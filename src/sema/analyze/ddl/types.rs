//! Enums, composite types, domains, ranges (`typecmds.c`, `pg_enum.c`).

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::{TypeId, TypeInfo, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{AlterDomain, AlterEnum, AlterTable, Setting};
use crate::sql::hir::{ExprId, Name, QName, TypeName};
use crate::sql::ident::MAX_BYTES;

use super::super::binder::Binder;
use super::super::suggest::nearest;
use super::name::{at, declared_here, new_name};

/// An attribute of a composite type, and its type where that is known.
type Attribute = (Ident, Option<crate::catalog::Type>);

impl<'a> Binder<'a> {
    /// The name of a new type.
    fn new_type(&mut self, name: &QName) {
        let Some(full) = new_name(self.catalog, name, false) else { return };
        if self.missing_schema(name, false) || self.nowhere(name) {
            return;
        }
        // A table's row type has its name.
        if let Some(relation) = self.catalog.relations.get(&full) {
            let origin = relation.origin;
            let has_type = relation.kind != crate::catalog::RelationKind::Sequence;
            if has_type && self.is_certain(origin) {
                let message = format!("type \"{}\" already exists", full.name);
                let related = declared_here(&full.name, origin);
                self.report(code::DUPLICATE_OBJECT, at(name), message).related.extend(related);
            }
            return;
        }
        self.type_taken(&full, at(name));
    }

    pub fn create_enum(&mut self, name: &QName, labels: &[(SmolStr, TextRange)]) {
        self.new_type(name);
        let mut seen: Vec<&str> = Vec::new();
        for (label, range) in labels {
            self.label_length(label, *range);
            if seen.contains(&label.as_str()) {
                let message =
                    "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"".to_owned();
                self.report(code::UNIQUE_VIOLATION, *range, message)
                    .hint(format!("The label '{label}' is there twice."));
            }
            seen.push(label);
        }
    }

    fn label_length(&mut self, label: &str, range: TextRange) {
        if label.len() > MAX_BYTES {
            let message = format!("invalid enum label \"{label}\"");
            self.report(code::INVALID_NAME, range, message).hint("Labels must be 63 bytes or less.");
        }
    }

    pub fn alter_enum(&mut self, name: &QName, action: &AlterEnum) {
        let Some(id) = self.existing_type(name, false) else { return };
        let Some(info) = self.type_info(id) else { return };
        let shown = self.format_id(id);
        let labels = match &info.kind {
            TypeKind::Enum { labels } => labels,
            TypeKind::Opaque => return,
            _ => {
                self.report(code::WRONG_OBJECT_TYPE, at(name), format!("{shown} is not an enum"));
                return;
            }
        };
        let found = |text: &str| labels.iter().find(|it| it.label == text);
        match action {
            AlterEnum::AddValue { label, range, if_not_exists, before, after } => {
                self.label_length(label, *range);
                if let Some(old) = found(label) {
                    if !if_not_exists && self.is_certain(old.origin) {
                        self.label_exists(label, *range);
                    }
                    return;
                }
                for neighbour in before.iter().chain(after) {
                    if found(neighbour).is_none() && self.is_exact() {
                        self.no_label(info, neighbour, *range);
                    }
                }
            }
            AlterEnum::RenameValue { from, from_range, to, .. } => {
                if !self.is_exact() {
                    return;
                }
                if found(from).is_none() {
                    self.no_label(info, from, *from_range);
                } else if found(to).is_some() {
                    self.label_exists(to, *from_range);
                }
            }
        }
    }

    fn label_exists(&mut self, label: &str, at: TextRange) {
        self.report(code::DUPLICATE_OBJECT, at, format!("enum label \"{label}\" already exists"));
    }

    fn no_label(&mut self, info: &TypeInfo, label: &str, at: TextRange) {
        let TypeKind::Enum { labels } = &info.kind else { return };
        let similar = nearest(label, labels.iter().map(|it| it.label.as_str())).map(str::to_owned);
        let message = format!("\"{label}\" is not an existing enum label");
        let problem = self.report(code::INVALID_PARAMETER_VALUE, at, message);
        if let Some(similar) = similar {
            problem.hint(format!("Perhaps you meant '{similar}'."));
        }
    }

    pub fn create_composite(
        &mut self,
        name: &QName,
        columns: &'a [(Name, TypeName)],
        collations: &'a [Option<QName>],
    ) {
        self.new_type(name);
        let mut seen: Vec<&Ident> = Vec::new();
        for (idx, (column, ty)) in columns.iter().enumerate() {
            if seen.contains(&&column.ident) {
                let message = format!("column \"{}\" specified more than once", column.ident);
                self.report(code::DUPLICATE_COLUMN, column.range, message);
                continue;
            }
            seen.push(&column.ident);
            self.attribute_type(column, ty);
            if let Some(Some(collation)) = collations.get(idx)
                && let Ok(found) = crate::catalog::lookup::type_name(self.catalog, ty, &self.stmt.exprs)
            {
                self.collation_of(found.id, collation);
            }
        }
    }

    fn attribute_type(&mut self, column: &Name, ty: &'a TypeName) {
        if let Ty::Known(found) = self.type_name(ty)
            && self.is_pseudo(found.id)
        {
            let message = format!("column \"{}\" has pseudo-type {}", column.ident, self.format_id(found.id));
            self.report(code::INVALID_TABLE_DEFINITION, ty.range, message);
        }
    }

    pub fn alter_composite(&mut self, name: &'a QName, actions: &'a [AlterTable]) {
        // RENAME ATTRIBUTE is taken for the columns of any relation.
        let renames = actions.iter().all(|it| matches!(it, AlterTable::RenameColumn { .. }));
        if renames && matches!(self.find_relation(name), crate::catalog::lookup::Lookup::Found(_)) {
            return;
        }
        let Some((info, columns)) = self.altered_composite(name) else { return };
        let mut names: Vec<Ident> = columns.iter().map(|it| it.0.clone()).collect();
        for action in actions {
            if self.has_typed_tables(info, &names, action) {
                let message =
                    format!("cannot alter type \"{}\" because it is the type of a typed table", info.name);
                self.report(code::DEPENDENT_OBJECTS, at(name), message)
                    .hint("Use ALTER ... CASCADE to alter the typed tables too.");
                return;
            }
            match action {
                AlterTable::AddColumn { column, .. } => {
                    let own = &column.name;
                    if names.contains(&own.ident) && self.is_certain(info.origin) {
                        let message =
                            format!("column \"{}\" of relation \"{}\" already exists", own.ident, info.name);
                        self.report(code::DUPLICATE_COLUMN, own.range, message);
                    }
                    if let Some(ty) = &column.ty {
                        self.attribute_type(own, ty);
                        self.attribute_of_itself(info, ty);
                    }
                    names.push(own.ident.clone());
                }
                AlterTable::DropColumn { name: own, if_exists, cascade } => {
                    if !if_exists {
                        self.no_attribute(&names, own, info, true);
                    }
                    if !cascade && names.contains(&own.ident) && self.is_exact() {
                        let full = crate::catalog::QualifiedName {
                            schema: info.schema.clone(),
                            name: info.name.clone(),
                        };
                        let words =
                            format!("cannot drop column {} of composite type {}", own.ident, info.name);
                        let found = self.column_users(&full, &own.ident);
                        self.refuse_all(&found, own.range, &words);
                    }
                    names.retain(|it| *it != own.ident);
                }
                AlterTable::SetType { name: own, ty, .. } => {
                    self.attribute_type(own, ty);
                    if self.no_attribute(&names, own, info, true) {
                        self.attribute_of_itself(info, ty);
                        self.composite_in_use(info, own);
                    }
                }
                AlterTable::RenameColumn { name: own, new_name }
                    if self.no_attribute(&names, own, info, false)
                        && names.contains(&new_name.ident)
                        && self.is_exact() =>
                {
                    let message =
                        format!("column \"{}\" of relation \"{}\" already exists", new_name.ident, info.name);
                    self.report(code::DUPLICATE_COLUMN, new_name.range, message);
                }
                _ => {}
            }
        }
    }

    /// Whether an action on a type is refused for its tables' sake (`find_typed_table_dependencies`).
    fn has_typed_tables(&self, info: &TypeInfo, names: &[Ident], action: &AlterTable) -> bool {
        if let AlterTable::SetType { name, .. } = action
            && !names.contains(&name.ident)
        {
            return false;
        }
        let cascade =
            crate::sql::token::significant(self.text).iter().any(|it| it.is_word(self.text, "cascade"));
        let typed = |it: &std::sync::Arc<crate::catalog::Relation>| {
            it.of_type == Some(info.id) && it.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA
        };
        !cascade && self.is_exact() && self.catalog.relations.values().any(typed)
    }

    /// A composite type that stands by itself; reported where it is none.
    fn altered_composite(&mut self, name: &'a QName) -> Option<(&'a TypeInfo, &'a [Attribute])> {
        let last = name.last()?;
        let schema = name.schema().map(|it| &it.ident);
        if name.is_dynamic() || self.missing_schema(name, false) {
            return None;
        }
        let id =
            crate::catalog::lookup::named_type(self.catalog, schema, &last.ident).filter(|it| !it.is_none());
        let Some(info) = id.and_then(|it| self.type_info(it)) else {
            if matches!(self.find_relation(name), crate::catalog::lookup::Lookup::Missing)
                && !self.catalog.gaps.types
                && self.is_exact()
            {
                self.missing_relation(name);
            }
            return None;
        };
        match &info.kind {
            TypeKind::Composite { relation: None, columns } => Some((info, columns)),
            TypeKind::Opaque => None,
            TypeKind::Composite { .. } => {
                let message = format!("\"{}\" is not a composite type", last.ident);
                self.report(code::WRONG_OBJECT_TYPE, at(name), message);
                None
            }
            _ => {
                // To PostgreSQL other types are no relations at all.
                let message = format!("relation \"{}\" does not exist", last.ident);
                self.report(code::UNDEFINED_TABLE, at(name), message);
                None
            }
        }
    }

    /// `composite type c cannot be made a member of itself`.
    fn attribute_of_itself(&mut self, info: &TypeInfo, ty: &TypeName) {
        let Ok(found) = crate::catalog::lookup::type_name(self.catalog, ty, &self.stmt.exprs) else { return };
        if self.is_exact() && self.holds(found.id, info.id, 0) {
            let message = format!("composite type {} cannot be made a member of itself", info.name);
            self.report(code::INVALID_TABLE_DEFINITION, ty.range, message);
        }
    }

    /// Whether a type is another, or is made of it (`CheckAttributeType`).
    pub fn holds(&self, id: TypeId, wanted: TypeId, depth: u32) -> bool {
        if id == wanted {
            return true;
        }
        if depth > 8 {
            return false;
        }
        if let Some(element) = self.catalog.element_type(id) {
            return self.holds(element, wanted, depth + 1);
        }
        match self.type_info(id).map(|it| &it.kind) {
            Some(TypeKind::Domain { base, .. }) => self.holds(base.id, wanted, depth + 1),
            Some(TypeKind::Range { subtype }) => self.holds(*subtype, wanted, depth + 1),
            Some(TypeKind::Multirange { range }) => self.holds(*range, wanted, depth + 1),
            Some(TypeKind::Composite { .. }) => {
                let columns = self.catalog.composite_columns(id).unwrap_or_default();
                columns.iter().any(|it| it.1.is_some_and(|it| self.holds(it.id, wanted, depth + 1)))
            }
            _ => false,
        }
    }

    /// `true`: the attribute is there.
    fn no_attribute(&mut self, names: &[Ident], own: &Name, info: &TypeInfo, in_relation: bool) -> bool {
        let known = names.contains(&own.ident) || own.ident.is_dynamic();
        if !known && self.is_exact() {
            let message = match in_relation {
                true => format!("column \"{}\" of relation \"{}\" does not exist", own.ident, info.name),
                false => format!("column \"{}\" does not exist", own.ident),
            };
            let similar = nearest(own.ident.as_str(), names.iter().map(Ident::as_str)).map(Ident::new);
            let problem = self.report(code::UNDEFINED_COLUMN, own.range, message);
            if let Some(similar) = similar {
                problem.hint(format!("Perhaps you meant the column \"{similar}\"."));
                problem.fixes.push(super::super::suggest::rename(own.range, &similar));
            }
        }
        known
    }

    /// `cannot alter type "c" because column "t.x" uses it`.
    fn composite_in_use(&mut self, info: &TypeInfo, own: &Name) {
        if let Some((table, column)) = self.column_holding(info.id).filter(|_| self.is_exact()) {
            let message =
                format!("cannot alter type \"{}\" because column \"{table}.{column}\" uses it", info.name);
            self.report(code::FEATURE_NOT_SUPPORTED, own.range, message);
        }
    }

    /// A column of a table whose values hold values of a domain inside others: those are not looked at
    /// (`get_rels_with_domain`).
    fn domain_inside(&mut self, info: &TypeInfo, name: &QName) {
        use crate::catalog::RelationKind::{MaterializedView, Table};
        let found = self.catalog.relations.iter().find_map(|(table, relation)| {
            let is_table = matches!(relation.kind, Table | MaterializedView);
            let lasts = table.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA;
            let column = relation.columns.iter().find(|it| {
                it.ty.is_some_and(|it| {
                    let mut outer = it.id;
                    // Domains over domains are looked at.
                    for _ in 0..16 {
                        match self.type_info(outer).map(|it| &it.kind) {
                            Some(TypeKind::Domain { base, .. }) if outer != info.id => outer = base.id,
                            _ => break,
                        }
                    }
                    outer != info.id && self.holds(outer, info.id, 0)
                })
            });
            column.filter(|_| is_table && lasts).map(|it| (table.name.clone(), it.name.clone()))
        });
        if let Some((table, column)) = found {
            let message =
                format!("cannot alter type \"{}\" because column \"{table}.{column}\" uses it", info.name);
            self.report(code::FEATURE_NOT_SUPPORTED, at(name), message);
        }
    }

    /// A column of a table whose values hold values of a type.
    pub fn column_holding(&self, id: TypeId) -> Option<(Ident, Ident)> {
        use crate::catalog::RelationKind::{MaterializedView, PartitionedTable, Table};
        self.catalog.relations.iter().find_map(|(name, relation)| {
            let is_table = matches!(relation.kind, Table | MaterializedView | PartitionedTable);
            // What is temporary may be gone.
            let lasts = name.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA;
            let column = relation.columns.iter().find(|it| it.ty.is_some_and(|it| self.holds(it.id, id, 0)));
            column.filter(|_| is_table && lasts).map(|it| (name.name.clone(), it.name.clone()))
        })
    }

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
            let taken = self.catalog.types.named(&made).map(|it| it.origin);
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

    pub fn create_domain(
        &mut self,
        name: &'a QName,
        base: &'a TypeName,
        default: Option<ExprId>,
        checks: &'a [ExprId],
    ) {
        self.new_type(name);
        let found = self.type_name(base);
        if let Ty::Known(ty) = found
            && self.is_pseudo(ty.id)
        {
            let message = format!("\"{}\" is not a valid base type for a domain", self.bare_name(ty.id));
            self.report(code::DATATYPE_MISMATCH, base.range, message);
            return;
        }
        if let (Some(default), Some(last)) = (default, name.last()) {
            self.default_of(&last.ident, found, default);
        }
        for check in checks {
            self.domain_check(found, *check);
        }
    }

    fn bare_name(&self, id: TypeId) -> String {
        self.type_info(id).map_or_else(String::new, |it| it.name.to_string())
    }

    pub fn alter_domain(&mut self, name: &'a QName, action: &'a AlterDomain) {
        let Some(id) = self.existing_type(name, false) else { return };
        let Some(info) = self.type_info(id) else { return };
        let base = match &info.kind {
            TypeKind::Domain { base, .. } => Ty::Known(*base),
            TypeKind::Opaque => Ty::Unknown,
            _ => {
                let shown = self.format_id(id);
                self.report(code::WRONG_OBJECT_TYPE, at(name), format!("{shown} is not a domain"));
                return;
            }
        };
        match action {
            AlterDomain::SetDefault(expr) => self.default_of(&info.name, base, *expr),
            AlterDomain::AddCheck { expr, .. } => self.domain_check(base, *expr),
            _ => {}
        }
        let n_problems = self.problems.len();
        self.domain_action(info, action);
        let validates = match action {
            AlterDomain::AddCheck { .. } => !self.text.to_ascii_lowercase().contains("valid"),
            AlterDomain::SetNotNull | AlterDomain::AddNotNull { .. } => {
                !matches!(info.kind, TypeKind::Domain { not_null: true, .. })
            }
            AlterDomain::ValidateConstraint(_) => true,
            _ => false,
        };
        if validates && self.is_exact() && self.problems.len() == n_problems {
            self.domain_inside(info, name);
        }
    }
}

/// The name that an option's value is; as the reader of range types leaves it.
fn setting_name(option: &Setting) -> Option<QName> {
    let text = option.value.as_deref().filter(|it| !it.is_empty())?;
    let parts = text.split('.').map(|it| Name { ident: Ident::new(it), range: option.value_range });
    Some(QName { parts: parts.collect() })
}
