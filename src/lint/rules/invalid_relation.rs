//! Relations that Drizzle refuses: `normalizeRelation` of drizzle-orm 0.x, `processRelations` of 1.0.

use smol_str::SmolStr;

use crate::catalog::drizzle::{Cardinality, DrizzleRelation};
use crate::catalog::{Entity, QualifiedName};
use crate::lint::handles::{self, Handle, Known};
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Error;

pub const RULE: Lint = Lint::schema("invalid-relation", Error, include_str!("invalid-relation.md"), run);

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    let all = &schema.catalog().drizzle_relations;
    for relation in schema.relations() {
        if let Some(error) = &relation.error {
            acc.report_origin(relation.origin, error.as_str());
        }
    }
    let inferred = |it: &&DrizzleRelation| it.version == 1 && !is_said(it) && schema.is_in_catalog(it);
    let all: Vec<&DrizzleRelation> = all.iter().filter(|it| it.version == 1).collect();
    let mut handles = None;
    for relation in schema.relations().filter(inferred) {
        let Some(found) = problem(schema, relation, &all) else { continue };
        let handles = handles.get_or_insert_with(|| known_by_handles(schema, &all));
        let found = match handles {
            // Nothing is known of the handles: any may have all of the schema.
            None => Some(found),
            Some(handles) => handles
                .iter()
                .find_map(|known| known.contains(&relation).then(|| problem(schema, relation, known))?),
        };
        let Some(Problem { message, reverse, target }) = found else { continue };
        let Some(mut report) = acc.report_origin(relation.origin, message) else { continue };
        for it in &reverse {
            report = report.related_origin(it.origin, "the relation from the other side");
        }
        if reverse.is_empty() {
            report.related_origin(table_origin(schema, target), "no relation leads back from this table");
        }
    }
}

struct Problem<'r> {
    message: String,
    reverse: Vec<&'r DrizzleRelation>,
    target: &'r QualifiedName,
}

/// What Drizzle throws for a relation where it knows of `all`.
fn problem<'r>(
    schema: &Schema<'_>,
    relation: &'r DrizzleRelation,
    all: &[&'r DrizzleRelation],
) -> Option<Problem<'r>> {
    let target = relation.target.as_ref()?;
    // A relation to somewhere unknown may lead here.
    if all.iter().any(|it| it.source == *target && it.target.is_none()) {
        return None;
    }
    let of = |table: &'r QualifiedName| all.iter().copied().filter(move |it| it.source == *table);
    // Of two relations of one name, of several calls of `relations`, Drizzle keeps one.
    let is_kept = |it: &'r DrizzleRelation| of(&it.source).filter(|other| other.name == it.name).count() == 1;
    if !is_kept(relation) || !of(target).all(is_kept) {
        return None;
    }
    let reverse: Vec<&DrizzleRelation> = of(target)
        .filter(|it| match &relation.alias {
            Some(alias) => it.alias.as_ref() == Some(alias) && it.origin != relation.origin,
            None => it.target.as_ref() == Some(&relation.source),
        })
        .collect();
    let message = match (reverse.as_slice(), &relation.alias) {
        ([], _) => not_enough(schema, relation),
        ([only], _) if is_said(only) => return None,
        ([_], _) => not_enough(schema, relation),
        (_, Some(alias)) => format!(
            "There are multiple relations with name \"{alias}\" in table \"{}\"",
            variable(schema, target)
        ),
        (_, None) => format!(
            "There are multiple relations between \"{}\" and \"{}\". Please specify relation name",
            variable(schema, target),
            relation.source.name
        ),
    };
    Some(Problem { message, reverse, target })
}

/// The relations that each of the database's handles is given (drizzle-orm, `extractTablesRelationalConfig`): it looks at no
/// others. `None` where that is not known of any that is given some.
fn known_by_handles<'r>(
    schema: &Schema<'_>,
    all: &[&'r DrizzleRelation],
) -> Option<Vec<Vec<&'r DrizzleRelation>>> {
    let database = schema.database_idx?;
    schema.script.look.note_all();
    let handles = handles::of_database(schema.script, database);
    let known: Vec<_> = handles
        .iter()
        .filter_map(|it| match it {
            Handle::Knows(known) => Some(known),
            _ => None,
        })
        .collect();
    if known.is_empty() && (handles.is_empty() || handles.iter().any(|it| matches!(it, Handle::Unknown))) {
        return None;
    }
    let given = |known: &&Known| {
        let has = |it: &&&DrizzleRelation| it.decl.as_ref().is_some_and(|it| known.relations.contains(it));
        all.iter().filter(has).copied().collect()
    };
    Some(known.iter().map(given).collect())
}

/// It says its columns, so that nothing has to be inferred.
fn is_said(relation: &DrizzleRelation) -> bool {
    relation.cardinality == Cardinality::One && relation.configured
}

fn not_enough(schema: &Schema<'_>, relation: &DrizzleRelation) -> String {
    let source = variable(schema, &relation.source);
    format!("There is not enough information to infer relation \"{source}.{}\"", relation.name)
}

fn table_origin(schema: &Schema<'_>, name: &QualifiedName) -> crate::catalog::Origin {
    schema.relation(name).map_or(crate::catalog::Origin::Builtin, |it| it.origin)
}

/// The TypeScript name of a table.
fn variable(schema: &Schema<'_>, name: &QualifiedName) -> SmolStr {
    let decls = schema.catalog().decls.iter();
    let mut names: Vec<&SmolStr> = decls
        .filter(|(_, it)| matches!(it, Entity::Relation(it) if it == name))
        .map(|(decl, _)| &decl.name)
        .collect();
    names.sort();
    names.first().map_or_else(|| name.name.as_str().into(), |it| SmolStr::clone(it))
}
