//! The extensions Columnist knows: one table each, read when a catalog has the extension. The ids of their types are
//! the same in every catalog.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::casts::Cast;
use super::misc::OpClass;
use super::operators::Operator;
use super::relations;
use super::tsv::{self, Row};
use super::types::{RawType, types};
use super::{functions, misc, operators};
use crate::catalog::{Function, QualifiedName, Relation, Type, TypeId, TypeInfo, TypeKind};
use crate::sql::Ident;

/// Room for the types of one extension.
const STRIDE: u32 = 1024;

/// Name and table, sorted by name; an extension's place here decides the ids of its types.
const TABLES: &[(&str, &str)] = &[
    ("amcheck", include_str!("data/ext/amcheck.tsv")),
    ("bloom", include_str!("data/ext/bloom.tsv")),
    ("btree_gin", include_str!("data/ext/btree_gin.tsv")),
    ("btree_gist", include_str!("data/ext/btree_gist.tsv")),
    ("citext", include_str!("data/ext/citext.tsv")),
    ("cube", include_str!("data/ext/cube.tsv")),
    ("dict_int", include_str!("data/ext/dict_int.tsv")),
    ("dict_xsyn", include_str!("data/ext/dict_xsyn.tsv")),
    ("earthdistance", include_str!("data/ext/earthdistance.tsv")),
    ("file_fdw", include_str!("data/ext/file_fdw.tsv")),
    ("fuzzystrmatch", include_str!("data/ext/fuzzystrmatch.tsv")),
    ("hstore", include_str!("data/ext/hstore.tsv")),
    ("intarray", include_str!("data/ext/intarray.tsv")),
    ("isn", include_str!("data/ext/isn.tsv")),
    ("lo", include_str!("data/ext/lo.tsv")),
    ("ltree", include_str!("data/ext/ltree.tsv")),
    ("moddatetime", include_str!("data/ext/moddatetime.tsv")),
    ("pageinspect", include_str!("data/ext/pageinspect.tsv")),
    ("pg_buffercache", include_str!("data/ext/pg_buffercache.tsv")),
    ("pg_freespacemap", include_str!("data/ext/pg_freespacemap.tsv")),
    ("pg_stat_statements", include_str!("data/ext/pg_stat_statements.tsv")),
    ("pg_surgery", include_str!("data/ext/pg_surgery.tsv")),
    ("pg_trgm", include_str!("data/ext/pg_trgm.tsv")),
    ("pg_visibility", include_str!("data/ext/pg_visibility.tsv")),
    ("pg_walinspect", include_str!("data/ext/pg_walinspect.tsv")),
    ("pgcrypto", include_str!("data/ext/pgcrypto.tsv")),
    ("postgis", include_str!("data/ext/postgis.tsv")),
    ("seg", include_str!("data/ext/seg.tsv")),
    ("tablefunc", include_str!("data/ext/tablefunc.tsv")),
    ("tcn", include_str!("data/ext/tcn.tsv")),
    ("tsm_system_rows", include_str!("data/ext/tsm_system_rows.tsv")),
    ("tsm_system_time", include_str!("data/ext/tsm_system_time.tsv")),
    ("unaccent", include_str!("data/ext/unaccent.tsv")),
    ("uuid-ossp", include_str!("data/ext/uuid-ossp.tsv")),
    ("vector", include_str!("data/ext/vector.tsv")),
];

static LOADED: [OnceLock<ExtensionData>; TABLES.len()] = [const { OnceLock::new() }; TABLES.len()];

/// What `CREATE EXTENSION` makes. Names of schemas in it are `public`; where the objects really are, the catalog's
/// [`super::super::Extension`] says.
#[derive(Debug)]
pub struct ExtensionData {
    pub name: &'static str,
    pub types: Vec<TypeInfo>,
    pub type_names: FxHashMap<&'static str, TypeId>,
    pub modifiable: Vec<TypeId>,
    pub functions: FxHashMap<&'static str, Vec<Function>>,
    pub operators: FxHashMap<smol_str::SmolStr, Vec<Operator>>,
    pub casts: FxHashMap<(TypeId, TypeId), Cast>,
    pub relations: FxHashMap<&'static str, Arc<Relation>>,
    pub opclasses: Vec<OpClass>,
    /// Extensions that must be there before it.
    pub requires: Vec<&'static str>,
}

pub fn has(name: &str) -> bool {
    place(name).is_some()
}

/// The names of every known extension, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|it| it.0)
}

pub fn extension(name: &str) -> Option<&'static ExtensionData> {
    if name == "plpgsql" {
        return None;
    }
    data(place(name)?)
}

/// The known extensions that have a function of this name.
pub fn with_function(name: &str) -> impl Iterator<Item = &'static ExtensionData> + use<> {
    with(Kind::Function, name)
}

/// The known extensions that have an operator of this name.
pub fn with_operator(name: &str) -> impl Iterator<Item = &'static ExtensionData> + use<> {
    with(Kind::Operator, name)
}

/// The known extensions that have a type of this name.
pub fn with_type(name: &str) -> impl Iterator<Item = &'static ExtensionData> + use<> {
    with(Kind::Type, name)
}

/// The known extensions that have a table or view of this name.
pub fn with_relation(name: &str) -> impl Iterator<Item = &'static ExtensionData> + use<> {
    with(Kind::Relation, name)
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Function,
    Operator,
    Type,
    Relation,
}

/// Names of all extensions, so that the name of nothing costs no reading of their tables.
type Names = FxHashMap<&'static str, Vec<usize>>;

fn with(kind: Kind, name: &str) -> impl Iterator<Item = &'static ExtensionData> + use<> {
    static NAMES: [OnceLock<Names>; 4] = [const { OnceLock::new() }; 4];
    let word = match kind {
        Kind::Function => "function",
        Kind::Operator => "operator",
        Kind::Type => "type",
        Kind::Relation => "relation",
    };
    let names = NAMES[kind as usize].get_or_init(|| {
        let mut res = Names::default();
        for (place, (_, text)) in TABLES.iter().enumerate() {
            for mut row in tsv::rows_of_kind(text, word) {
                row.skip(1);
                let places = res.entry(row.text()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        res
    });
    names.get(name).into_iter().flatten().filter_map(|it| data(*it))
}

pub fn type_info(id: TypeId) -> Option<&'static TypeInfo> {
    let (ext, idx) = split(id)?;
    data(ext)?.types.get(idx)
}

/// The extension a type belongs to.
pub fn owner(id: TypeId) -> Option<&'static str> {
    Some(TABLES.get(split(id)?.0)?.0)
}

pub fn cast(source: TypeId, target: TypeId) -> Option<Cast> {
    let of = |id: TypeId| data(split(id)?.0)?.casts.get(&(source, target)).copied();
    of(source).or_else(|| of(target))
}

/// Whether a type of an extension takes a modifier.
pub fn is_modifiable(id: TypeId) -> bool {
    split(id).and_then(|it| data(it.0)).is_some_and(|it| it.modifiable.contains(&id))
}

fn place(name: &str) -> Option<usize> {
    TABLES.binary_search_by_key(&name, |it| it.0).ok()
}

fn split(id: TypeId) -> Option<(usize, usize)> {
    let offset = id.0.checked_sub(TypeId::FIRST_EXTENSION.0)?;
    Some(((offset / STRIDE) as usize, (offset % STRIDE) as usize))
}

fn data(place: usize) -> Option<&'static ExtensionData> {
    let (name, text) = *TABLES.get(place)?;
    Some(LOADED.get(place)?.get_or_init(|| load(name, place, text)))
}

fn load(name: &'static str, place: usize, text: &'static str) -> ExtensionData {
    let first = TypeId::FIRST_EXTENSION.0 + u32::try_from(place).unwrap_or(0) * STRIDE;
    let requires = requires(text);
    let raws: Vec<RawType> = tsv::rows_of_kind(text, "type").map(RawType::read).collect();
    let own: FxHashMap<&'static str, TypeId> =
        raws.iter().zip(0u32..).map(|(raw, idx)| (raw.format, TypeId(first + idx))).collect();
    let resolve = |spelled: &'static str| -> TypeId {
        if matches!(spelled, "-" | "0" | "") {
            return TypeId::NONE;
        }
        own.get(spelled)
            .copied()
            .or_else(|| types().formatted(spelled))
            .or_else(|| requires.iter().find_map(|it| extension(it)?.formatted(spelled)))
            .unwrap_or(TypeId::NONE)
    };

    let mut columns: FxHashMap<&'static str, Vec<Row>> = FxHashMap::default();
    for mut row in tsv::rows_of_kind(text, "attribute") {
        let relation = row.text();
        row.skip(1);
        columns.entry(relation).or_default().push(row);
    }
    let columns_of = |relation: &str| -> Vec<(&'static str, Type, bool)> {
        let rows = columns.get(relation).map_or(&[][..], Vec::as_slice);
        rows.iter()
            .map(|row| {
                let mut row = row.clone();
                let name = row.text();
                let ty = Type { id: resolve(row.text()), typmod: row.text().parse().unwrap_or(-1) };
                (name, ty, row.flag())
            })
            .collect()
    };

    let mut res = ExtensionData {
        name,
        types: Vec::with_capacity(raws.len()),
        type_names: FxHashMap::default(),
        modifiable: Vec::new(),
        functions: FxHashMap::default(),
        operators: FxHashMap::default(),
        casts: FxHashMap::default(),
        relations: FxHashMap::default(),
        opclasses: Vec::new(),
        requires: requires.clone(),
    };
    for raw in &raws {
        let mut info = raw.info(resolve, |_| TypeId::NONE);
        if let TypeKind::Composite { relation, columns } = &mut info.kind {
            *relation = None;
            *columns = columns_of(raw.relation)
                .into_iter()
                .map(|(name, ty, _)| (Ident::new(name), Some(ty)))
                .collect();
        }
        if raw.typmodin != "-" {
            res.modifiable.push(info.id);
        }
        res.type_names.insert(raw.name, info.id);
        res.types.push(info);
    }
    for mut row in tsv::rows_of_kind(text, "cast") {
        let key = (resolve(row.text()), resolve(row.text()));
        res.casts.insert(key, Cast::read(row.char(), row.char()));
    }
    for row in tsv::rows_of_kind(text, "operator") {
        let op = operators::read(row, Some(name), resolve);
        res.operators.entry(op.name.clone()).or_default().push(op);
    }
    for row in tsv::rows_of_kind(text, "function") {
        let mut peek = row.clone();
        peek.skip(1);
        res.functions.entry(peek.text()).or_default().push(functions::read(row, ',', resolve));
    }
    for mut row in tsv::rows_of_kind(text, "relation") {
        let (spelled, name, schema, kind) = (row.text(), row.text(), row.text(), row.char());
        if kind == 'c' {
            continue;
        }
        let key = QualifiedName { schema: Ident::new(schema), name: Ident::new(name) };
        let columns = columns_of(spelled)
            .into_iter()
            .map(|(name, ty, not_null)| relations::column(name, ty, not_null))
            .collect();
        res.relations.insert(name, Arc::new(relations::make(key, kind, columns)));
    }
    for row in tsv::rows_of_kind(text, "opclass") {
        res.opclasses.push(misc::read_opclass(row, resolve));
    }
    res
}

impl ExtensionData {
    fn formatted(&self, spelled: &str) -> Option<TypeId> {
        match spelled.strip_suffix("[]") {
            Some(elem) => {
                let elem = self.type_names.get(elem)?;
                self.types.iter().find(|it| it.id == *elem).map(|it| it.array)
            }
            None => self.type_names.get(spelled).copied(),
        }
    }
}

/// From the line `# extension name version; requires a, b`.
fn requires(text: &'static str) -> Vec<&'static str> {
    let line = text.lines().find(|it| it.starts_with("# extension")).unwrap_or("");
    let list = line.split_once("; requires ").map_or("", |it| it.1);
    list.split(", ").filter(|it| !it.is_empty()).collect()
}
