//! Every name of an analysed statement, with what it means.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::visit::{self, Node};
use super::{What, ddl};
use crate::base::file::FileId;
use crate::base::text::{TextRange, slice};
use crate::catalog::build::Built;
use crate::catalog::{Catalog, QualifiedName, TypeId};
use crate::db::SqlUnit;
use crate::sema::Target;
use crate::sql::Ident;
use crate::sql::hir::{Alias, ExprKind, FromItem, Name, QName};

/// One name; the range is relative to the unit's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub range: TextRange,
    pub named: Named,
    /// It is assigned there.
    pub write: bool,
    /// It is introduced there, or renamed to.
    pub declares: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Global(What),
    /// What the statement itself introduces, by where it does.
    Local(TextRange),
}

/// What unqualified names and ids of types are looked up in.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub catalog: &'a Catalog,
    /// The state after the last migration: it has what the schema no longer declares.
    pub last: &'a Catalog,
    /// The states before and after the migration that names them.
    pub then: Option<(&'a Catalog, &'a Catalog)>,
}

impl<'a> Known<'a> {
    pub fn new(built: &'a Built) -> Known<'a> {
        Known { catalog: &built.catalog, last: &built.replay.last, then: None }
    }

    /// What the names in a file are looked up in: if it is history, in its day's states too.
    pub fn of_file(built: &'a Built, file: FileId) -> Known<'a> {
        let files = &built.replay.files;
        let then = files.iter().position(|it| it.file == file).and_then(|idx| {
            let after = files.get(idx + 1).map_or(&built.replay.last, |it| &it.before);
            Some((&*files.get(idx)?.before, &**after))
        });
        Known { then, ..Known::new(built) }
    }

    /// The states, those of the day first.
    pub fn states(&self) -> impl Iterator<Item = &'a Catalog> + use<'a> {
        let then = self.then.into_iter().flat_map(|(before, after)| [before, after]);
        then.chain([self.catalog, self.last])
    }

    /// The relation that has a key, check or index of this name.
    pub fn owner_of_constraint(&self, name: &Ident) -> Option<QualifiedName> {
        self.states().find_map(|catalog| {
            let owner = catalog.relations.iter().find(|(_, it)| super::constraint(it, name).is_some());
            owner.map(|it| it.0.clone())
        })
    }

    /// The name of a type; of an array, that of its elements.
    pub fn type_name(&self, id: TypeId) -> Option<QualifiedName> {
        [self.catalog, self.last].into_iter().find_map(|it| type_name_in(it, id))
    }

    fn what(&self, target: &Target) -> Option<What> {
        Some(match target {
            Target::Relation(name) => What::Relation(name.clone()),
            Target::Column(relation, name) => What::Column(relation.clone(), name.clone()),
            Target::Type(id) => What::Type(self.type_name(*id)?),
            Target::EnumLabel(id, label) => What::Label(self.type_name(*id)?, label.clone()),
            Target::Function(name) => What::Function(name.clone()),
            Target::Local(_) => return None,
        })
    }
}

/// The name of a type of this state; of an array, that of its elements.
pub fn type_name_in(catalog: &Catalog, id: TypeId) -> Option<QualifiedName> {
    let element = catalog.element_type(id).unwrap_or(id);
    let info = catalog.type_info(element)?;
    let schema = crate::catalog::lookup::type_schema(catalog, info).clone();
    Some(QualifiedName { schema, name: info.name.clone() })
}

/// The names of a unit of `file`, in no particular order.
pub fn names(built: &Built, unit: &SqlUnit, file: FileId) -> Vec<Use> {
    let known = Known::of_file(built, file);
    let stmt = &unit.parsed.hir;
    let mut res: Vec<Use> = Vec::with_capacity(unit.analysis.references.len() + 4);
    let mut written: FxHashSet<TextRange> = FxHashSet::default();
    let mut targets: Vec<(TextRange, TextRange)> = Vec::new();
    visit::statement(stmt, &mut |node| match node {
        Node::Cte(cte) => {
            local(&cte.name, &mut res);
            cte.columns.iter().chain(&cte.extra_columns).for_each(|it| local(it, &mut res));
        }
        Node::From(item) => from_item(item, &mut res),
        Node::Target(target) => match (&target.alias, &stmt.exprs.get(target.expr.0 as usize)) {
            (Some(alias), _) => local(alias, &mut res),
            (None, Some(expr)) => {
                // `ORDER BY id` of `SELECT u.id`: the column itself.
                if let ExprKind::Column(name) = &expr.kind
                    && let Some(last) = name.last()
                {
                    targets.push((target.range, last.range));
                }
            }
            _ => {}
        },
        Node::Modified { table, alias } => {
            schema_of(table, &mut res);
            written.extend(table.last().map(|it| it.range));
            alias.into_iter().for_each(|it| local(it, &mut res));
        }
        Node::Relation(name) => schema_of(name, &mut res),
        Node::Written(column) => {
            written.insert(column.name.range);
        }
        Node::Window(name) => local(name, &mut res),
        Node::Constraint(name, table) => {
            let relation = unit.analysis.references.iter().find_map(|it| match &it.target {
                Target::Relation(relation) if table.last().is_some_and(|last| last.range == it.range) => {
                    Some(relation.clone())
                }
                _ => None,
            });
            if let Some(relation) = relation {
                global(name.range, What::Constraint(relation, name.ident.clone()), &mut res);
            }
        }
        Node::Select(_) | Node::Returning(_) => {}
        Node::Ddl(it) => ddl::names(known, stmt, it, &mut res),
    });
    for expr in &stmt.exprs {
        if let ExprKind::Column(name) = &expr.kind
            && let [schema, _, _] = name.parts.as_slice()
        {
            global(schema.range, What::Schema(schema.ident.clone()), &mut res);
        }
    }
    let references = &unit.analysis.references;
    let through = |range: TextRange| -> Option<&Target> {
        let (_, last) = targets.iter().find(|it| it.0 == range)?;
        references.iter().find(|it| it.range == *last).map(|it| &it.target)
    };
    for reference in references {
        let target = match &reference.target {
            Target::Local(range) => through(*range).unwrap_or(&reference.target),
            other => other,
        };
        let named = match target {
            Target::Local(range) => Some(Named::Local(*range)),
            other => known.what(other).map(Named::Global),
        };
        let range = match target {
            Target::Type(_) => last_part(unit, reference.range),
            _ => reference.range,
        };
        if let Some(named) = named {
            let found = Use { range, named, write: written.contains(&range), declares: false };
            if !res.iter().any(|it| it.range == found.range && it.named == found.named) {
                res.push(found);
            }
        }
    }
    // A column of which nothing is known is named by the select list, for ORDER BY.
    for (range, last) in targets {
        if !res.iter().any(|it| it.range == last) {
            res.push(Use { range: last, named: Named::Local(range), write: false, declares: true });
        }
    }
    res
}

fn local(name: &Name, acc: &mut Vec<Use>) {
    if !name.ident.is_dynamic() && !name.range.is_empty() {
        acc.push(Use { range: name.range, named: Named::Local(name.range), write: false, declares: true });
    }
}

pub(super) fn global(range: TextRange, what: What, acc: &mut Vec<Use>) {
    if !range.is_empty() {
        acc.push(Use { range, named: Named::Global(what), write: false, declares: false });
    }
}

pub(super) fn schema_of(name: &QName, acc: &mut Vec<Use>) {
    if let Some(schema) = name.schema()
        && !schema.ident.is_dynamic()
    {
        global(schema.range, What::Schema(schema.ident.clone()), acc);
    }
}

fn alias(it: Option<&Alias>, acc: &mut Vec<Use>) {
    if let Some(it) = it {
        local(&it.name, acc);
        it.columns.iter().for_each(|it| local(it, acc));
    }
}

fn from_item(item: &FromItem, acc: &mut Vec<Use>) {
    match item {
        FromItem::Relation { name, alias: it, .. } => {
            schema_of(name, acc);
            alias(it.as_ref(), acc);
        }
        FromItem::Query { alias: it, .. } => alias(it.as_ref(), acc),
        FromItem::Function(it) => {
            alias(it.alias.as_ref(), acc);
            let defined = it.calls.iter().flat_map(|it| &it.1).chain(&it.definitions);
            defined.for_each(|it| local(&it.name, acc));
        }
        FromItem::Table(it) => {
            it.columns.iter().for_each(|it| local(&it.0, acc));
            alias(it.alias.as_ref(), acc);
        }
        FromItem::Join(it) => {
            it.using_alias.iter().for_each(|it| local(it, acc));
            alias(it.alias.as_ref(), acc);
        }
        FromItem::Missing(_) => {}
    }
}

/// The last part of a qualified type name.
fn last_part(unit: &SqlUnit, range: TextRange) -> TextRange {
    if !slice(&unit.text, range).contains('.') {
        return range;
    }
    let casts = unit.parsed.hir.exprs.iter().filter_map(|it| match &it.kind {
        ExprKind::Cast { ty, .. } => Some(&ty.name),
        _ => None,
    });
    let name = casts.filter(|it| it.range() == Some(range)).find_map(QName::last);
    name.map_or(range, |it| it.range)
}

/// The identifier that a name's text is.
pub fn ident_at(unit: &SqlUnit, range: TextRange) -> Ident {
    Ident::from_source(slice(&unit.text, range))
}

/// The text of a string literal without its quotes.
pub fn unquoted(text: &str) -> SmolStr {
    let inner = text.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    inner.map_or_else(|| text.into(), |it| it.replace("''", "'").into())
}
