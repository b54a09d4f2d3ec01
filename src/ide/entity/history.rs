//! Names change: what a migration calls `mail` may be `email` today. Follows the renames of a database's history.

use crate::base::file::FileId;
use crate::catalog::QualifiedName;
use crate::db::{Model, Snapshot};
use crate::facts::Loc;
use crate::project::Workspace;
use crate::sql::Ident;
use crate::sql::hir::ddl::{AlterEnum, AlterMysql, AlterTable, ObjectKind, RelationKind};
use crate::sql::hir::{Ddl, QName, StatementKind};

use super::What;
use super::names::Known;

/// Every rename of a database's migrations, in the order in which they run.
#[derive(Debug, Default)]
pub struct Renames {
    events: Vec<Event>,
    /// The files in the order in which they run.
    files: Vec<FileId>,
}

#[derive(Debug)]
struct Event {
    file: usize,
    loc: Loc,
    from: What,
    to: What,
}

impl Renames {
    pub fn new(snap: &Snapshot, model: &Model, database: usize) -> Renames {
        let mut res = Renames::default();
        let Some(built) = model.built(snap, database) else { return res };
        let schema = built.catalog.search_path.first().cloned().unwrap_or_else(|| Ident::new("public"));
        for (idx, step) in built.replay.files.iter().enumerate() {
            res.files.push(step.file);
            let facts = snap.sql_facts(step.file, built.replay.dialect);
            let known = Known::of_file(&built, step.file);
            for (loc, statement) in facts.0.statements.iter().enumerate() {
                let StatementKind::Ddl(ddl) = &statement.parsed.hir.kind else { continue };
                let mut add = |from: What, to: What| {
                    res.events.push(Event { file: idx, loc: Loc(loc as u32), from, to });
                };
                renames(ddl, &schema, known, &mut add);
            }
        }
        res
    }

    /// What an entity that a statement of `file` names is called today; `declares`: the name that the statement gives.
    pub fn today(&self, file: FileId, loc: Loc, declares: bool, what: What) -> What {
        if self.events.is_empty() {
            return what;
        }
        let Some(file) = self.files.iter().position(|it| *it == file) else { return what };
        let mut what = what;
        for event in &self.events {
            let later = (event.file, event.loc) > (file, loc)
                || (!declares && (event.file, event.loc) == (file, loc));
            if later {
                what = follow(what, &event.from, &event.to);
            }
        }
        what
    }

    /// Every name that the entity ever had, today's first.
    pub fn ever(&self, what: &What) -> Vec<What> {
        let mut res = vec![what.clone()];
        for event in self.events.iter().rev() {
            let before = follow(res.last().unwrap_or(what).clone(), &event.to, &event.from);
            if !res.contains(&before) {
                res.push(before);
            }
        }
        res
    }
}

fn renames(ddl: &Ddl, schema: &Ident, known: Known<'_>, add: &mut dyn FnMut(What, What)) {
    let qualified = |name: &QName| {
        let ident = name.last()?.ident.clone();
        let schema = name.schema().map_or_else(|| schema.clone(), |it| it.ident.clone());
        Some(QualifiedName { schema, name: ident })
    };
    match ddl {
        Ddl::Rename { object, name, new_name, .. } => {
            let Some(from) = qualified(name) else { return };
            let to = QualifiedName { name: new_name.ident.clone(), ..from.clone() };
            match object {
                ObjectKind::Relation(RelationKind::Index) => {
                    if let Some(table) = known.owner_of_constraint(&from.name) {
                        let index = |it: &Ident| What::Constraint(table.clone(), it.clone());
                        add(index(&from.name), index(&to.name));
                    }
                }
                ObjectKind::Relation(_) => add(What::Relation(from), What::Relation(to)),
                ObjectKind::Type | ObjectKind::Domain => add(What::Type(from), What::Type(to)),
                ObjectKind::Function => add(What::Function(from), What::Function(to)),
                _ => {}
            }
        }
        Ddl::RenameTables(pairs) => {
            for (name, to) in pairs {
                if let (Some(from), Some(to)) = (qualified(name), to.last()) {
                    let to = QualifiedName { name: to.ident.clone(), ..from.clone() };
                    add(What::Relation(from), What::Relation(to));
                }
            }
        }
        Ddl::SetSchema { object: ObjectKind::Relation(_), name, schema, .. } => {
            if let Some(from) = qualified(name) {
                let to = QualifiedName { schema: schema.ident.clone(), ..from.clone() };
                add(What::Relation(from), What::Relation(to));
            }
        }
        Ddl::AlterTable { name, actions, .. } => {
            let Some(relation) = qualified(name) else { return };
            for action in actions {
                let (name, new_name) = match action {
                    AlterTable::RenameColumn { name, new_name } => (name, new_name),
                    AlterTable::RenameConstraint { name, new_name } => {
                        let constraint = |it: &Ident| What::Constraint(relation.clone(), it.clone());
                        add(constraint(&name.ident), constraint(&new_name.ident));
                        continue;
                    }
                    AlterTable::Mysql(AlterMysql::Redefine { from: Some(from), column }) => {
                        (from, &column.name)
                    }
                    _ => continue,
                };
                if name.ident != new_name.ident {
                    let column = |it: &Ident| What::Column(relation.clone(), it.clone());
                    add(column(&name.ident), column(&new_name.ident));
                }
            }
        }
        Ddl::AlterEnum { name, action: AlterEnum::RenameValue { from, to, .. } } => {
            if let Some(ty) = qualified(name) {
                add(What::Label(ty.clone(), from.clone()), What::Label(ty, to.clone()));
            }
        }
        _ => {}
    }
}

/// `what` after `from` has become `to`.
fn follow(what: What, from: &What, to: &What) -> What {
    if what == *from {
        return to.clone();
    }
    match (&what, from, to) {
        (What::Column(it, name), What::Relation(from), What::Relation(to)) if it == from => {
            What::Column(to.clone(), name.clone())
        }
        (What::Constraint(it, name), What::Relation(from), What::Relation(to)) if it == from => {
            What::Constraint(to.clone(), name.clone())
        }
        (What::Label(it, label), What::Type(from), What::Type(to)) if it == from => {
            What::Label(to.clone(), label.clone())
        }
        _ => what,
    }
}
