//! Writes the documents.

use std::fmt::Write;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::base::text::{TextLen, TextRange, TextSize};
use crate::catalog::types::{format_type, format_type_id};
use crate::catalog::{
    Catalog, Function, FunctionKind, QualifiedName, Relation, RelationKind, TypeId, TypeInfo,
};
use crate::catalog::{TypeKind, pg};
use crate::sql::Ident;

#[derive(Debug, Default)]
pub struct Document {
    pub text: String,
    /// Every overload, in the catalog's order.
    pub functions: FxHashMap<Ident, Vec<TextRange>>,
    pub operators: FxHashMap<(SmolStr, TypeId, TypeId), TextRange>,
    pub types: FxHashMap<TypeId, TextRange>,
    pub relations: FxHashMap<Ident, TextRange>,
}

pub fn exists(name: &Ident) -> bool {
    matches!(name.as_str(), "pg_catalog" | "information_schema") || pg::has_extension(name.as_str())
}

pub fn document(name: &Ident) -> Document {
    let catalog = Catalog::default();
    let mut out = Writer { catalog: &catalog, res: Document::default(), last_operator: None };
    match pg::ext::extension(name.as_str()) {
        Some(data) => {
            out.line(&format!("-- Extension {}: what CREATE EXTENSION makes.\n", data.name));
            out.line(&format!("CREATE EXTENSION {};\n", name.quoted()));
            data.types.iter().for_each(|it| out.ty(it));
            let mut relations: Vec<&Relation> = data.relations.values().map(|it| &**it).collect();
            relations.sort_by(|a, b| a.name.cmp(&b.name));
            relations.into_iter().for_each(|it| out.relation(it));
            let mut names: Vec<&str> = data.functions.keys().copied().collect();
            names.sort_unstable();
            for name in names {
                data.functions.get(name).into_iter().flatten().for_each(|it| out.function(it));
            }
            let mut operators: Vec<_> = data.operators.values().flatten().collect();
            operators.sort_by(|a, b| (&a.name, a.left, a.right).cmp(&(&b.name, b.left, b.right)));
            let schema = Ident::new("public");
            operators.into_iter().for_each(|it| out.operator(&schema, it));
        }
        None => {
            out.line(&format!("-- PostgreSQL 18: the objects of the schema {name}.\n"));
            let own = |it: &&'static TypeInfo| {
                it.schema == *name
                    && !matches!(it.kind, TypeKind::Array | TypeKind::Composite { relation: Some(_), .. })
            };
            pg::all_types().filter(own).for_each(|it| out.ty(it));
            let mut relations: Vec<QualifiedName> = pg::relation_names()
                .filter(|it| it.0 == name.as_str())
                .map(|it| QualifiedName { schema: Ident::new(it.0), name: Ident::new(it.1) })
                .collect();
            relations.sort();
            for it in relations.iter().filter_map(pg::relation) {
                out.relation(it);
            }
            let mut names: Vec<&str> = pg::function_names().collect();
            names.sort_unstable();
            for it in names.into_iter().flat_map(pg::functions).filter(|it| it.schema == *name) {
                out.function(it);
            }
            if name.as_str() == "pg_catalog" {
                pg::all_operators().iter().for_each(|it| out.operator(name, it));
            }
        }
    }
    out.res
}

struct Writer<'a> {
    catalog: &'a Catalog,
    res: Document,
    last_operator: Option<SmolStr>,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.res.text.push_str(text);
        self.res.text.push('\n');
    }

    /// Appends a qualified name; the range of its last part.
    fn name(&mut self, schema: &Ident, name: &Ident) -> TextRange {
        let _ = write!(self.res.text, "{}.", schema.quoted());
        let start = TextSize::of(self.res.text.as_str());
        let quoted = name.quoted();
        self.res.text.push_str(&quoted);
        TextRange::at(start, quoted.as_str().text_len())
    }

    fn ty(&mut self, info: &TypeInfo) {
        self.res.text.push_str(match info.kind {
            TypeKind::Domain { .. } => "CREATE DOMAIN ",
            _ => "CREATE TYPE ",
        });
        let at = self.name(&info.schema, &info.name);
        self.res.types.insert(info.id, at);
        self.res.types.entry(info.array).or_insert(at);
        let format = |id| format_type_id(self.catalog, id);
        let rest = match &info.kind {
            TypeKind::Enum { labels } => {
                let labels: Vec<String> = labels.iter().map(|it| format!("'{}'", it.label)).collect();
                format!(" AS ENUM ({})", labels.join(", "))
            }
            TypeKind::Domain { base, not_null } => {
                let not_null = if *not_null { " NOT NULL" } else { "" };
                format!(" AS {}{not_null}", format_type(self.catalog, *base))
            }
            TypeKind::Range { subtype } => format!(" AS RANGE (SUBTYPE = {})", format(*subtype)),
            TypeKind::Composite { columns, .. } => {
                let column = |(name, ty): &(Ident, Option<crate::catalog::Type>)| {
                    let ty = ty.map_or_else(String::new, |it| format_type(self.catalog, it));
                    format!("{} {ty}", name.quoted())
                };
                format!(" AS ({})", columns.iter().map(column).collect::<Vec<_>>().join(", "))
            }
            _ => String::new(),
        };
        let spelled = format(info.id);
        let also = if spelled == info.name.as_str() { String::new() } else { format!(" -- {spelled}") };
        self.line(&format!("{rest};{also}"));
    }

    fn relation(&mut self, relation: &Relation) {
        self.res.text.push_str(match relation.kind {
            RelationKind::View => "\nCREATE VIEW ",
            RelationKind::MaterializedView => "\nCREATE MATERIALIZED VIEW ",
            _ => "\nCREATE TABLE ",
        });
        let at = self.name(&relation.schema, &relation.name);
        self.res.relations.insert(relation.name.clone(), at);
        self.line(" (");
        let n_columns = relation.columns.len();
        for (idx, column) in relation.columns.iter().enumerate() {
            let ty = column.ty.map_or_else(String::new, |it| format_type(self.catalog, it));
            let not_null = if column.not_null { " NOT NULL" } else { "" };
            let comma = if idx + 1 < n_columns { "," } else { "" };
            self.line(&format!("    {} {ty}{not_null}{comma}", column.name.quoted()));
        }
        self.line(");");
    }

    fn operator(&mut self, schema: &Ident, op: &pg::Operator) {
        let key = (op.name.clone(), op.left.unwrap_or(TypeId::NONE), op.right);
        let first = self.last_operator.as_ref() != Some(&key.0);
        self.last_operator = Some(key.0.clone());
        let _ =
            write!(self.res.text, "{}CREATE OPERATOR {}.", if first { "\n" } else { "" }, schema.quoted());
        let at = TextRange::at(TextSize::of(self.res.text.as_str()), op.name.text_len());
        self.res.operators.insert(key, at);
        let format = |id| format_type_id(self.catalog, id);
        let left = op.left.map(|it| format!("LEFTARG = {}, ", format(it))).unwrap_or_default();
        let rest =
            format!("{} ({left}RIGHTARG = {}) RETURNS {}", op.name, format(op.right), format(op.result));
        self.line(&format!("{rest};"));
    }

    fn function(&mut self, function: &Function) {
        let name = &function.name;
        let first = !self.res.functions.contains_key(name);
        if first {
            self.res.text.push('\n');
        }
        self.res.text.push_str(match function.kind {
            FunctionKind::Aggregate => "CREATE AGGREGATE ",
            FunctionKind::Procedure => "CREATE PROCEDURE ",
            FunctionKind::Window | FunctionKind::Function => "CREATE FUNCTION ",
        });
        let at = self.name(&function.schema, name);
        self.res.functions.entry(name.clone()).or_default().push(at);
        let mut rest = signature(self.catalog, function);
        if function.kind == FunctionKind::Window {
            rest.push_str(" WINDOW");
        }
        if function.strict {
            rest.push_str(" STRICT");
        }
        let about = pg::description(function).map(|it| format!(" -- {it}")).unwrap_or_default();
        self.line(&format!("{rest};{about}"));
    }
}

/// `(text, n integer) RETURNS text`.
pub fn signature(catalog: &Catalog, function: &Function) -> String {
    let ty = |id: Option<TypeId>| id.map_or_else(|| "unknown".to_owned(), |it| format_type_id(catalog, it));
    let n_params = function.params.len();
    let n_required = n_params.saturating_sub(function.n_defaults as usize);
    let mut params: Vec<String> = Vec::new();
    for (idx, param) in function.params.iter().enumerate() {
        let variadic = if function.variadic && idx + 1 == n_params { "VARIADIC " } else { "" };
        let name = param.name.as_ref().map(|it| format!("{} ", it.quoted())).unwrap_or_default();
        let default = if idx >= n_required { " DEFAULT …" } else { "" };
        params.push(format!("{variadic}{name}{}{default}", ty(param.ty)));
    }
    let params = params.join(", ");
    if function.kind == FunctionKind::Procedure {
        return format!("({params})");
    }
    let set = if function.returns_set { "SETOF " } else { "" };
    let result = if function.out_columns.is_empty() || function.returns != Some(TypeId::RECORD) {
        format!("{set}{}", ty(function.returns))
    } else {
        let column = |(name, ty): &(Ident, Option<crate::catalog::Type>)| {
            let ty = ty.map_or_else(|| "unknown".to_owned(), |it| format_type(catalog, it));
            format!("{} {ty}", name.quoted())
        };
        let columns: Vec<String> = function.out_columns.iter().map(column).collect();
        format!("{}({})", if function.returns_set { "TABLE " } else { "" }, columns.join(", "))
    };
    format!("({params}) RETURNS {result}")
}
