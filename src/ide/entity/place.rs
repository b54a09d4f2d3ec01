//! Where entities are declared: in schema modules, in DDL, in the documents of PostgreSQL's own objects.

use super::super::builtin;
use super::super::{NavPlace, NavTarget};
use super::{Global, What, constraint};
use crate::base::file::InFile;
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::build::Built;
use crate::catalog::{
    Catalog, Column, Function, Origin, QualifiedName, Relation, TypeInfo, TypeKind, lookup, pg,
};
use crate::db::{Model, Snapshot};
use crate::facts::Loc;
use crate::project::Workspace;
use crate::sql::hir::{Ddl, StatementKind, ddl};

/// A declaration, and whether it stands in the database's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub target: NavTarget,
    pub history: bool,
}

/// Every place where an entity is declared: what counts today first, then what made it.
pub fn declared(snap: &Snapshot, model: &Model, global: &Global) -> Vec<Declared> {
    let mut res: Vec<Declared> = Vec::new();
    let Some(built) = model.built(snap, global.database) else { return res };
    let name = global.what.title();
    let origins = origins(&built, &global.what);
    for origin in origins {
        let (place, history) = match origin {
            Origin::Builtin => continue,
            Origin::Ts { file, loc } => (script_place(snap, file, loc), false),
            Origin::Sql { file, loc, range } => {
                let history = built.replay.files.iter().any(|it| it.file == file);
                (sql_place(snap, file, loc, range), history)
            }
        };
        if let Some(place) = place
            && !res.iter().any(|it| it.target.place == place)
        {
            res.push(Declared { target: NavTarget { place, name: name.clone() }, history });
        }
    }
    if res.is_empty()
        && let Some(place) = builtin_place(&built.catalog, &global.what)
    {
        res.push(Declared { target: NavTarget { place, name }, history: false });
    }
    res
}

/// Where something was written.
pub fn of_origin(snap: &Snapshot, origin: Origin) -> Option<NavPlace> {
    match origin {
        Origin::Builtin => None,
        Origin::Ts { file, loc } => script_place(snap, file, loc),
        Origin::Sql { file, loc, range } => sql_place(snap, file, loc, range),
    }
}

/// The catalogs that may know an entity, today's first.
fn catalogs(built: &Built) -> impl Iterator<Item = &Catalog> {
    let before = built.replay.files.iter().rev().map(|it| &*it.before);
    [&*built.catalog, &*built.replay.last].into_iter().chain(before)
}

/// The relation, today's or else that of the last state which had it.
pub fn relation<'a>(built: &'a Built, name: &QualifiedName) -> Option<&'a Relation> {
    catalogs(built).find_map(|it| it.relations.get(name)).map(|it| &**it).or_else(|| {
        match lookup::relation(&built.catalog, Some(&name.schema), &name.name) {
            lookup::Lookup::Found(it) => Some(&**it),
            _ => None,
        }
    })
}

/// A column with its relation, today's or else that of the last state which had it.
pub fn column<'a>(
    built: &'a Built,
    relation: &QualifiedName,
    name: &crate::sql::Ident,
) -> Option<(&'a Relation, &'a Column)> {
    let find = |it: &'a Relation| Some((it, it.columns.iter().find(|it| it.name == *name)?));
    self::relation(built, relation)
        .and_then(find)
        .or_else(|| catalogs(built).filter_map(|it| it.relations.get(relation)).find_map(|it| find(it)))
}

/// The type of this name.
pub fn type_named<'a>(catalog: &'a Catalog, name: &QualifiedName) -> Option<&'a TypeInfo> {
    catalog.type_info(lookup::named_type(catalog, Some(&name.schema), &name.name)?)
}

/// Where the places of an entity are noted: in today's catalog, in what it took from history, and in history's end.
fn origins(built: &Built, what: &What) -> Vec<Origin> {
    let mut res: Vec<Origin> = Vec::new();
    let mut n_knowing = 0;
    for catalog in catalogs(built) {
        let before = res.len();
        add_origins(catalog, what, &mut res);
        n_knowing += usize::from(res.len() > before);
        // Today's and the last state's; older ones say the same.
        if n_knowing == 2 {
            break;
        }
    }
    res
}

fn add_origins(catalog: &Catalog, what: &What, acc: &mut Vec<Origin>) {
    match what {
        What::Relation(name) => {
            if let Some(it) = catalog.relations.get(name) {
                acc.push(it.origin);
                acc.extend(&it.also);
            }
        }
        What::Column(relation, name) => {
            let column = catalog.relations.get(relation);
            if let Some(it) = column.and_then(|it| it.columns.iter().find(|it| it.name == *name)) {
                acc.push(it.origin);
                // The DDL that made it, and what changed it last; references name all between.
                let is_declared = matches!(it.origin, Origin::Ts { .. });
                acc.extend(it.also.first().filter(|_| is_declared));
                acc.extend(it.also.last().filter(|_| it.also.len() > usize::from(is_declared)));
            }
        }
        What::Type(name) => match catalog.types.named(name) {
            // Of a row type the relation is the declaration.
            Some(TypeInfo { kind: TypeKind::Composite { relation: Some(it), .. }, .. }) => {
                add_origins(catalog, &What::Relation(it.clone()), acc);
            }
            Some(it) => acc.push(it.origin),
            None => {}
        },
        What::Label(ty, label) => {
            if let Some(TypeKind::Enum { labels }) = catalog.types.named(ty).map(|it| &it.kind) {
                acc.extend(labels.iter().filter(|it| it.label == *label).map(|it| it.origin));
            }
        }
        What::Function(name) => {
            acc.extend(catalog.functions.get(name).into_iter().flatten().map(|it| it.origin));
        }
        What::Schema(name) => acc.extend(catalog.schemas.get(name).map(|it| it.origin)),
        What::Extension(name) => acc.extend(catalog.extensions.get(name).map(|it| it.origin)),
        What::Constraint(relation, name) => {
            acc.extend(catalog.relations.get(relation).and_then(|it| constraint(it, name)));
        }
    }
}

fn script_place(snap: &Snapshot, file: crate::base::file::FileId, loc: Loc) -> Option<NavPlace> {
    let facts = snap.ts_facts(file);
    let focus = *facts.1.ranges.get(loc.0 as usize)?;
    let text = snap.text(file)?;
    Some(NavPlace::File { full: declaration_around(&text, focus), focus: InFile::new(file, focus) })
}

/// From the name to the end of its value, as brackets and quotes tell: no tree is at hand.
fn declaration_around(text: &str, focus: TextRange) -> TextRange {
    let line_start = slice(text, TextRange::up_to(focus.start())).rfind('\n').map_or(0, |it| it + 1);
    let indent = text.get(line_start..usize::from(focus.start())).unwrap_or("");
    let leading = indent.len() - indent.trim_start().len();
    let words = indent.trim();
    let is_statement =
        words.split(' ').all(|it| matches!(it, "export" | "const" | "let" | "var" | "default"));
    let start = if is_statement && !words.is_empty() {
        TextSize::from((line_start + leading) as u32)
    } else {
        focus.start()
    };
    let rest = text.as_bytes().get(usize::from(focus.end())..).unwrap_or_default();
    let mut depth = 0i32;
    let mut quote: Option<u8> = None;
    let mut len = 0;
    let mut idx = 0;
    while let Some(&byte) = rest.get(idx) {
        idx += 1;
        if let Some(open) = quote {
            match byte {
                b'\\' => idx += 1,
                _ if byte == open => {
                    quote = None;
                    len = idx;
                }
                _ => {}
            }
            continue;
        }
        match byte {
            b'\'' | b'"' | b'`' => quote = Some(byte),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth < 0 {
                    break;
                }
                len = idx;
            }
            b',' | b';' if depth == 0 => break,
            b'\n' if depth == 0 => {
                let next = rest.get(idx..).unwrap_or_default().iter().find(|it| !it.is_ascii_whitespace());
                let goes_on = matches!(next, Some(b'.' | b'(' | b'=' | b'?'))
                    || matches!(rest.get(len.saturating_sub(1)), Some(b'=' | b':'));
                if !goes_on {
                    break;
                }
            }
            _ if !byte.is_ascii_whitespace() => len = idx,
            _ => {}
        }
    }
    let mut end = (usize::from(focus.end()) + len).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    TextRange::new(start, TextSize::from(end as u32).max(focus.end()))
}

fn sql_place(
    snap: &Snapshot,
    file: crate::base::file::FileId,
    loc: Loc,
    range: TextRange,
) -> Option<NavPlace> {
    let facts = snap.statements(file);
    let statement = *facts.1.ranges.get(loc.0 as usize)?;
    let parsed = &facts.0.statements.get(loc.0 as usize)?.parsed.hir;
    let within = TextRange::up_to(statement.len());
    if !within.contains_range(range) || range.is_empty() {
        return None;
    }
    let (full, focus) = part_around(&parsed.kind, range).unwrap_or((within, range));
    Some(NavPlace::File {
        full: full + statement.start(),
        focus: InFile::new(file, focus + statement.start()),
    })
}

/// The column's or constraint's own part of a statement, and its name there.
fn part_around(kind: &StatementKind, name: TextRange) -> Option<(TextRange, TextRange)> {
    let StatementKind::Ddl(ddl) = kind else { return None };
    let column = |it: &ddl::ColumnDef| (it.name.range == name).then_some((it.range, name));
    let constraint = |it: &ddl::TableConstraint| {
        let focus = it.name.as_ref().map_or(name, |it| it.range);
        it.range.contains_range(name).then_some((it.range, focus))
    };
    match &**ddl {
        Ddl::CreateTable(it) => it
            .columns
            .iter()
            .find_map(column)
            .or_else(|| it.constraints.iter().find_map(constraint))
            .filter(|it| it.0.contains_range(name)),
        Ddl::AlterTable { actions, .. } => actions.iter().find_map(|it| match it {
            ddl::AlterTable::AddColumn { column: it, .. } => column(it),
            ddl::AlterTable::AddConstraint(it) => constraint(it),
            _ => None,
        }),
        _ => None,
    }
}

/// Where PostgreSQL's own objects stand in their documents.
pub fn builtin_place(catalog: &Catalog, what: &What) -> Option<NavPlace> {
    let (page, object) = match what {
        What::Relation(name) | What::Column(name, _) => {
            let page = match catalog.relations.contains_key(name) {
                true => return None,
                false => page_of(catalog, &name.schema, |it| it.relations.contains_key(name.name.as_str()))?,
            };
            (page, builtin::Object::Relation(name.name.clone()))
        }
        What::Type(name) => {
            let info = type_named(catalog, name)?;
            if info.id.is_user() {
                return None;
            }
            let page = match pg::ext::owner(info.id) {
                Some(extension) => crate::sql::Ident::new(extension),
                None => info.schema.clone(),
            };
            (page, builtin::Object::Type(info.id))
        }
        What::Function(name) => {
            let page = page_of(catalog, &name.schema, |it| it.functions.contains_key(name.name.as_str()))?;
            (page, builtin::Object::Function(name.name.clone()))
        }
        _ => return None,
    };
    let page = builtin::Page { name: page };
    let focus = builtin::find(&page, &object)?;
    Some(NavPlace::Builtin { page, focus })
}

/// Where one overload of a built-in function stands in its document.
pub fn overload(catalog: &Catalog, function: &Function) -> Option<NavPlace> {
    if function.origin != Origin::Builtin {
        return None;
    }
    let name = &function.name;
    let page = page_of(catalog, &function.schema, |it| it.functions.contains_key(name.as_str()))?;
    let all = match pg::ext::extension(page.as_str()) {
        Some(it) => it.functions.get(name.as_str()).map_or(&[][..], Vec::as_slice),
        None => pg::functions(name.as_str()),
    };
    let own = all.iter().filter(|it| it.schema == function.schema);
    let idx = own.take_while(|it| *it != function).count();
    let page = builtin::Page { name: page };
    let focus = builtin::find(&page, &builtin::Object::Overload(name.clone(), idx))?;
    Some(NavPlace::Builtin { page, focus })
}

fn page_of(
    catalog: &Catalog,
    schema: &crate::sql::Ident,
    has: impl Fn(&pg::ext::ExtensionData) -> bool,
) -> Option<crate::sql::Ident> {
    if matches!(schema.as_str(), lookup::PG_CATALOG | "information_schema") {
        return Some(schema.clone());
    }
    // The data says `public` of every extension, wherever the catalog has it.
    let known = catalog.extensions.values().filter(|it| it.known);
    let data = known.filter_map(|it| pg::ext::extension(it.name.as_str()));
    data.into_iter().find(|it| has(it)).map(|it| crate::sql::Ident::new(it.name))
}
