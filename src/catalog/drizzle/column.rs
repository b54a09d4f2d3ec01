//! Columns: builder, options and modifiers → what the database gets. Whatever leads to other tables (references,
//! generated expressions, defaults with SQL) stays a value here and is resolved when all tables are known.

use smol_str::{SmolStr, format_smolstr};

use super::builders::{build, labels, mysql_enum};
use super::casing::Casing;
use super::chain::{Chain, Given, Head, field, is_drizzle, js_number, string, unwind};
use super::reader::{EnumDraft, Reader};
use super::{Family, Line};
use crate::catalog::{Identity, Origin};
use crate::project::eval::{Entry, Value, ValueKind};

#[derive(Debug, Clone)]
pub struct ColumnDraft {
    pub key: SmolStr,
    /// In the database.
    pub name: SmolStr,
    /// Before casing: the explicit name, or the key. Drizzle 0.x makes constraint names of it.
    pub raw_name: SmolStr,
    /// Base type without array brackets; empty when it is not known.
    pub base_type: SmolStr,
    /// `[]`, `[3][]`, … in PostgreSQL.
    pub dimensions: SmolStr,
    pub enum_: Option<EnumDraft>,
    pub not_null: bool,
    pub primary: bool,
    pub default: DefaultDraft,
    pub generated: Option<GeneratedDraft>,
    pub identity: Option<Identity>,
    /// The argument of `generatedAlwaysAsIdentity`.
    pub identity_options: Option<Value>,
    pub runtime_default: bool,
    /// MySQL's AUTO_INCREMENT, of which `serial` is a kind.
    pub autoincrement: bool,
    pub unique: Option<UniqueDraft>,
    /// The function and the options of `.references(…)`.
    pub references: Vec<(Value, Option<Value>)>,
    pub text_enum: Vec<SmolStr>,
    pub ts_type: Option<SmolStr>,
    /// The option `mode`: what TypeScript sees of the column.
    pub mode: Option<SmolStr>,
    /// Address of the builder, where other tables may have it too.
    pub builder: Option<usize>,
    pub origin: Origin,
}

#[derive(Debug, Clone, Default)]
pub enum DefaultDraft {
    #[default]
    None,
    Value(Value),
    Text(SmolStr),
}

#[derive(Debug, Clone)]
pub struct GeneratedDraft {
    pub expression: Option<Value>,
    pub stored: bool,
}

#[derive(Debug, Clone)]
pub struct UniqueDraft {
    pub name: Given,
    pub nulls_not_distinct: bool,
}

impl ColumnDraft {
    pub fn type_text(&self) -> SmolStr {
        format_smolstr!("{}{}", self.base_type, self.dimensions)
    }
}

/// A table's second argument as an object: of a callback that gets the builders, what it gives.
pub fn listed(reader: &Reader<'_>, family: Family, list: &Value) -> Value {
    match &*list.kind {
        ValueKind::Closure(closure) => {
            let builders = ValueKind::External { package: package_of(family).into(), path: Vec::new() };
            reader.eval.call(closure, vec![Value { kind: builders.into(), decl: None, site: None }])
        }
        _ => list.clone(),
    }
}

/// The columns of such an object, and whether there may be more of them.
pub fn columns(
    reader: &Reader<'_>,
    family: Family,
    casing: Casing,
    list: &Value,
) -> (Vec<ColumnDraft>, bool) {
    let ValueKind::Object { entries, open } = &*list.kind else { return (Vec::new(), true) };
    let mut res: Vec<ColumnDraft> = Vec::new();
    let mut is_open = *open;
    for entry in entries {
        let (draft, certain) = column(reader, family, casing, entry);
        is_open |= !certain;
        if !draft.name.is_empty() {
            res.push(draft);
        }
    }
    (res, is_open)
}

fn package_of(family: Family) -> &'static str {
    match family {
        Family::Pg => "drizzle-orm/pg-core",
        Family::Mysql => "drizzle-orm/mysql-core",
        Family::Sqlite => "drizzle-orm/sqlite-core",
        Family::Singlestore => "drizzle-orm/singlestore-core",
        Family::Gel => "drizzle-orm/gel-core",
        Family::Mssql => "drizzle-orm/mssql-core",
        Family::Cockroach => "drizzle-orm/cockroach-core",
    }
}

/// Whether a value that is not known certainly is a text: what a template or a method of strings makes.
fn is_text(value: &ValueKind) -> bool {
    const METHODS: [&str; 8] =
        ["concat", "join", "replace", "replaceAll", "slice", "substring", "toLowerCase", "toUpperCase"];
    match value {
        ValueKind::Template { tag, .. } => tag.is_none(),
        ValueKind::Call { callee, .. } => {
            matches!(&*callee.kind, ValueKind::Member { name, .. } if METHODS.contains(&name.as_str()))
        }
        ValueKind::OneOf(values) => values.iter().any(|it| is_text(&it.kind)),
        _ => false,
    }
}

/// One column; false beside it when it is not certain. Its name is empty where one is given that cannot be read.
fn column(reader: &Reader<'_>, family: Family, casing: Casing, entry: &Entry) -> (ColumnDraft, bool) {
    if let ValueKind::OneOf(alternatives) = &*entry.value.kind {
        let mut drafts = alternatives.iter().map(|it| {
            let entry = Entry { key: entry.key.clone(), site: entry.site, value: it.clone() };
            column(reader, family, casing, &entry)
        });
        if let Some((mut res, mut certain)) = drafts.next() {
            for (other, other_certain) in drafts {
                if other.name != res.name {
                    res.name = SmolStr::default();
                }
                certain &= other_certain && !res.name.is_empty();
                if other.type_text() != res.type_text() {
                    res.base_type = SmolStr::default();
                    res.enum_ = None;
                }
                res.not_null &= other.not_null;
            }
            return (res, certain);
        }
    }
    let chain = unwind(&entry.value);
    let mut draft = ColumnDraft {
        key: entry.key.clone(),
        name: casing.apply(&entry.key).into(),
        raw_name: entry.key.clone(),
        base_type: SmolStr::default(),
        dimensions: SmolStr::default(),
        enum_: None,
        not_null: false,
        primary: false,
        default: DefaultDraft::None,
        generated: None,
        identity: None,
        identity_options: None,
        runtime_default: false,
        autoincrement: false,
        unique: None,
        references: Vec::new(),
        text_enum: Vec::new(),
        ts_type: None,
        mode: None,
        builder: None,
        origin: Origin::Ts { file: entry.site.file, loc: entry.site.loc },
    };
    let mut certain = base(reader, family, &chain, &mut draft);
    modifiers(reader, family, &chain, &mut draft);
    match chain.head.args().first().map(|it| &*it.kind) {
        Some(ValueKind::String(name)) if !name.is_empty() => {
            draft.raw_name = name.clone();
            draft.name = name.clone();
        }
        // No text, no name: the key is it.
        Some(ValueKind::String(_))
        | None
        | Some(ValueKind::Object { .. } | ValueKind::Undefined | ValueKind::Array { .. }) => {}
        Some(first) => {
            // One argument may as well be the options: then the key is the name.
            if chain.head.args().len() > 1 || is_text(first) {
                draft.name = SmolStr::default();
            }
            certain = false;
        }
    }
    (draft, certain)
}

/// The type that the builder stands for; false when the builder is not known.
fn base(reader: &Reader<'_>, family: Family, chain: &Chain<'_>, draft: &mut ColumnDraft) -> bool {
    let args = chain.head.args();
    let options = match args {
        [_, options, ..] => Some(options),
        [only] if string(only).is_none() => Some(only),
        _ => None,
    };
    match &chain.head {
        Head::Call { package, path, .. } if is_drizzle(package) => {
            let Some(builder) = path.last() else { return false };
            if matches!(builder.as_str(), "mysqlEnum" | "singlestoreEnum") {
                if let Some(labels) = options.and_then(labels) {
                    draft.base_type = mysql_enum(&labels);
                    draft.text_enum = labels;
                }
                return true;
            }
            match build(family, builder, options, reader.line) {
                Some(built) => {
                    draft.base_type = built.sql_type;
                    draft.ts_type = built.ts_type;
                    draft.text_enum = built.text_enum;
                    draft.mode = options.and_then(|it| field(it, "mode")).and_then(string).cloned();
                    draft.not_null = built.not_null;
                    draft.autoincrement =
                        builder == "serial" && matches!(family, Family::Mysql | Family::Singlestore);
                }
                // A builder of Drizzle's that is not known, or whose options are not.
                None => return true,
            }
            true
        }
        Head::Applied { function, args, .. } => {
            if let Some(found) = reader.enum_(function) {
                draft.base_type = enum_text(&found);
                draft.ts_type = found.labels.as_ref().map(|it| {
                    it.iter().map(|it| format!("{:?}", it.label)).collect::<Vec<_>>().join(" | ").into()
                });
                draft.enum_ = Some(found);
                return true;
            }
            let made = unwind(function);
            if made.is_call("customType") && made.methods.is_empty() {
                let config = match args {
                    [_, config, ..] => Some(config.clone()),
                    [only] if string(only).is_none() => Some(only.clone()),
                    _ => None,
                };
                if let Some(text) = custom_type(reader, made.head.args(), config) {
                    draft.base_type = text;
                }
                return true;
            }
            false
        }
        _ => false,
    }
}

fn enum_text(found: &EnumDraft) -> SmolStr {
    if found.explicit_schema {
        format_smolstr!("{}.{}", found.name.schema.quoted(), found.name.name.quoted())
    } else {
        found.name.name.quoted().into()
    }
}

/// What `dataType(config)` of a custom type returns.
fn custom_type(reader: &Reader<'_>, args: &[Value], config: Option<Value>) -> Option<SmolStr> {
    let data_type = field(args.first()?, "dataType")?;
    let ValueKind::Closure(closure) = &*data_type.kind else { return None };
    let is_given = config.is_some();
    let value = |kind: ValueKind| Value { kind: kind.into(), decl: None, site: None };
    let given = config.unwrap_or_else(|| value(ValueKind::Undefined));
    if let Some(text) = string(&reader.eval.call(closure, vec![given])) {
        return Some(text.clone());
    }
    if is_given {
        return None;
    }
    // `config?.length ?? 3` without a configuration: nothing is known to be in it.
    let empty = value(ValueKind::Object { entries: Vec::new(), open: false });
    let res = reader.eval.call(closure, vec![empty]);
    string(&res).cloned()
}

fn modifiers(reader: &Reader<'_>, family: Family, chain: &Chain<'_>, draft: &mut ColumnDraft) {
    for method in &chain.methods {
        let first = method.args.first();
        match method.name {
            "notNull" => draft.not_null = true,
            "default" => {
                draft.default = first.map_or(DefaultDraft::None, |it| DefaultDraft::Value(it.clone()))
            }
            "defaultNow" => {
                let text = match family {
                    Family::Mysql | Family::Singlestore => "(now())",
                    Family::Sqlite => "(cast((julianday('now') - 2440587.5)*86400000 as integer))",
                    _ => "now()",
                };
                draft.default = DefaultDraft::Text(text.into());
            }
            "defaultRandom" => draft.default = DefaultDraft::Text("gen_random_uuid()".into()),
            "$defaultFn" | "$default" | "$onUpdate" | "$onUpdateFn" => draft.runtime_default = true,
            "primaryKey" => {
                draft.primary = true;
                draft.not_null = true;
            }
            "unique" => {
                let options = method.args.get(1);
                let nulls = options.and_then(|it| field(it, "nulls")).and_then(string);
                draft.unique = Some(UniqueDraft {
                    name: Given::of(first),
                    nulls_not_distinct: nulls.is_some_and(|it| it == "not distinct"),
                });
            }
            "references" => {
                if let Some(target) = first {
                    draft.references.push((target.clone(), method.args.get(1).cloned()));
                }
            }
            "generatedAlwaysAs" => {
                let mode = method.args.get(1).and_then(|it| field(it, "mode")).and_then(string);
                let stored = match family {
                    Family::Sqlite | Family::Mysql | Family::Singlestore => {
                        mode.is_some_and(|it| it == "stored")
                    }
                    _ => true,
                };
                draft.generated = Some(GeneratedDraft { expression: first.cloned(), stored });
            }
            "generatedAlwaysAsIdentity" => {
                draft.identity = Some(Identity::Always);
                draft.identity_options = first.cloned();
                draft.not_null = true;
            }
            "generatedByDefaultAsIdentity" => {
                draft.identity = Some(Identity::ByDefault);
                draft.identity_options = first.cloned();
                draft.not_null = true;
            }
            "autoincrement" => draft.autoincrement = true,
            "array" => array(reader.line, first, draft),
            "$type" => {}
            _ => {}
        }
    }
}

/// `.array()`. In 0.x it wraps the builder in a new one, which forgets the modifiers before it.
fn array(line: Line, argument: Option<&Value>, draft: &mut ColumnDraft) {
    let dimension: SmolStr = match argument.map(|it| &*it.kind) {
        Some(ValueKind::Number(it)) => format_smolstr!("[{}]", js_number(it).unwrap_or_default()),
        Some(ValueKind::String(it)) => it.clone(),
        _ => "[]".into(),
    };
    draft.dimensions = format_smolstr!("{}{dimension}", draft.dimensions);
    draft.ts_type = draft
        .ts_type
        .take()
        .map(|it| if it.contains(' ') { format_smolstr!("({it})[]") } else { format_smolstr!("{it}[]") });
    if line == Line::V0 {
        draft.not_null = false;
        draft.primary = false;
        draft.default = DefaultDraft::None;
        draft.generated = None;
        draft.unique = None;
        draft.references.clear();
        draft.runtime_default = false;
    }
}
