//! `pg_type`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::tsv::{self, Row};
use crate::catalog::{Origin, QualifiedName, Type, TypeId, TypeInfo, TypeKind};
use crate::sql::Ident;

pub struct Types {
    infos: Vec<TypeInfo>,
    /// By oid: index into `infos` plus one.
    by_oid: Vec<u16>,
    /// By oid: a base type that is no array.
    scalar: Vec<bool>,
    by_name: FxHashMap<&'static str, FxHashMap<&'static str, u16>>,
    by_format: FxHashMap<&'static str, TypeId>,
    /// Those with a `typmodin` function.
    modifiable: Vec<TypeId>,
}

pub fn types() -> &'static Types {
    static TYPES: OnceLock<Types> = OnceLock::new();
    TYPES.get_or_init(|| load(include_str!("data/types.tsv")))
}

impl Types {
    pub fn get(&self, id: TypeId) -> Option<&TypeInfo> {
        let idx = *self.by_oid.get(usize::try_from(id.0).ok()?)?;
        self.infos.get(usize::from(idx.checked_sub(1)?))
    }

    pub fn named(&self, schema: &str, name: &str) -> Option<&TypeInfo> {
        self.infos.get(usize::from(*self.by_name.get(schema)?.get(name)?))
    }

    /// By what `format_type` calls it.
    pub fn formatted(&self, text: &str) -> Option<TypeId> {
        self.by_format.get(text).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = &TypeInfo> {
        self.infos.iter()
    }

    pub fn is_scalar(&self, id: TypeId) -> bool {
        usize::try_from(id.0).ok().and_then(|it| self.scalar.get(it)).copied().unwrap_or(false)
    }

    pub fn is_modifiable(&self, id: TypeId) -> bool {
        self.modifiable.contains(&id)
    }
}

/// One line of the table, before names of types are resolved.
pub struct RawType {
    pub oid: &'static str,
    pub name: &'static str,
    pub schema: &'static str,
    pub format: &'static str,
    pub typtype: char,
    pub category: char,
    pub preferred: bool,
    pub elem: &'static str,
    pub array: &'static str,
    pub relation: &'static str,
    pub base: &'static str,
    pub collation: &'static str,
    pub subscript: &'static str,
    pub typmodin: &'static str,
    pub range_subtype: &'static str,
    pub multirange: &'static str,
    /// Of a domain's base type.
    pub typmod: i32,
}

impl RawType {
    pub fn read(mut row: Row) -> RawType {
        let oid = row.text();
        let name = row.text();
        let schema = row.text();
        let format = row.text();
        let typtype = row.char();
        let category = row.char();
        let preferred = row.flag();
        let elem = row.text();
        let array = row.text();
        let relation = row.text();
        let base = row.text();
        row.skip(2);
        RawType {
            oid,
            name,
            schema,
            format,
            typtype,
            category,
            preferred,
            elem,
            array,
            relation,
            base,
            collation: row.text(),
            subscript: row.text(),
            typmodin: row.text(),
            range_subtype: row.text(),
            multirange: row.text(),
            typmod: row.text().parse().unwrap_or(-1),
        }
    }

    /// The finished type; `resolve` turns the table's spelling of a type into its id, `range_of` finds the range of a
    /// multirange.
    pub fn info(
        &self,
        resolve: impl Fn(&'static str) -> TypeId,
        range_of: impl Fn(TypeId) -> TypeId,
    ) -> TypeInfo {
        let id = resolve(self.oid);
        let kind = match self.typtype {
            'c' => TypeKind::Composite {
                relation: Some(QualifiedName {
                    schema: Ident::new(self.schema),
                    name: Ident::new(self.name),
                }),
                columns: Vec::new(),
            },
            'd' => TypeKind::Domain {
                base: Type { id: resolve(self.base), typmod: self.typmod },
                not_null: false,
            },
            'e' => TypeKind::Opaque,
            'r' => TypeKind::Range { subtype: resolve(self.range_subtype) },
            'm' => TypeKind::Multirange { range: range_of(id) },
            'p' => TypeKind::Pseudo,
            _ if self.subscript == "array_subscript_handler" => TypeKind::Array,
            _ => TypeKind::Base,
        };
        TypeInfo {
            id,
            schema: Ident::new(self.schema),
            name: Ident::new(self.name),
            kind,
            category: self.category,
            preferred: self.preferred,
            elem: resolve(self.elem),
            array: resolve(self.array),
            collatable: !matches!(self.collation, "0" | "-"),
            collation: super::misc::collation_name(self.collation),
            origin: Origin::Builtin,
        }
    }
}

fn load(text: &'static str) -> Types {
    let raws: Vec<RawType> = tsv::rows(text).map(RawType::read).collect();
    let oid = |text: &'static str| TypeId(text.parse().unwrap_or(0));
    let ranges: FxHashMap<TypeId, TypeId> =
        raws.iter().filter(|it| it.typtype == 'r').map(|it| (oid(it.multirange), oid(it.oid))).collect();
    let mut res = Types {
        infos: Vec::with_capacity(raws.len()),
        by_oid: Vec::new(),
        scalar: Vec::new(),
        by_name: FxHashMap::default(),
        by_format: FxHashMap::default(),
        modifiable: Vec::new(),
    };
    for raw in raws {
        let info = raw.info(oid, |id| ranges.get(&id).copied().unwrap_or(TypeId::NONE));
        let idx = u16::try_from(res.infos.len()).unwrap_or(0);
        let place = info.id.0 as usize;
        if place >= TypeId::FIRST_USER.0 as usize {
            continue;
        }
        if res.by_oid.len() <= place {
            res.by_oid.resize(place + 1, 0);
            res.scalar.resize(place + 1, false);
        }
        if let Some(slot) = res.scalar.get_mut(place) {
            *slot = info.kind == TypeKind::Base;
        }
        if let Some(slot) = res.by_oid.get_mut(place) {
            *slot = idx + 1;
        }
        res.by_name.entry(raw.schema).or_default().insert(raw.name, idx);
        res.by_format.insert(raw.format, info.id);
        if raw.typmodin != "-" {
            res.modifiable.push(info.id);
        }
        res.infos.push(info);
    }
    res
}
