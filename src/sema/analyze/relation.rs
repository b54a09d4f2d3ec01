//! Relations of the catalog as range table entries (`addRangeTableEntry`, `parserOpenTable`, `scanNameSpaceForCTE`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{QualifiedName, Relation, RelationKind, Type, TypeId, pg};
use crate::sema::{Fix, Target, Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{Alias, Name, QName};

use super::binder::{Binder, known};
use super::scope::{Cte, Rte, RteColumn, RteId, RteKind};
use super::suggest::{is_slip, nearest, rename};

/// What stands behind a relation's name in FROM.
pub enum Source {
    Relation(Arc<Relation>),
    Cte(Cte),
    /// Reported, or not known.
    Unknown,
}

pub fn qualified(relation: &Relation) -> QualifiedName {
    QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() }
}

impl<'a> Binder<'a> {
    /// A name in FROM: a CTE if it is unqualified and one is in scope, else a relation. Reports what is missing.
    pub fn from_source(&mut self, name: &'a QName) -> Source {
        if self.see_relation(name, false) {
            return Source::Unknown;
        }
        if let [single] = name.parts.as_slice()
            && let Some(cte) = self.find_cte(&single.ident)
        {
            self.reference(single.range, Target::Local(cte.range));
            if cte.placeholder {
                self.recursive_uses.push((cte.name.clone(), single.range));
                // The columns of a CTE that is named before its turn are not known.
                self.level().self_reference |= !cte.columns.is_empty();
            }
            return Source::Cte(cte);
        }
        match self.target_relation(name) {
            Some(relation) => Source::Relation(relation),
            None => Source::Unknown,
        }
    }

    /// A relation that a statement changes; never a CTE.
    pub fn target_relation(&mut self, name: &'a QName) -> Option<Arc<Relation>> {
        if self.see_relation(name, true) || self.too_many_dots(name, 3) {
            return None;
        }
        match self.find_relation(name) {
            Lookup::Found(relation) => {
                let target = Target::Relation(qualified(relation));
                if let Some(last) = name.last() {
                    self.reference(last.range, target);
                }
                Some(relation.clone())
            }
            Lookup::Missing => {
                if self.typed && self.probe.is_none() && self.is_index_name(name) {
                    self.cannot_open(name);
                } else {
                    self.missing_relation(name);
                }
                None
            }
            Lookup::Unknown => None,
        }
    }

    fn find_cte(&self, name: &Ident) -> Option<Cte> {
        self.levels
            .iter()
            .rev()
            .flat_map(|it| it.ctes.iter().rev())
            .find(|it| self.same(&it.name, name))
            .cloned()
    }

    pub fn missing_relation(&mut self, name: &QName) {
        let (Some(last), Some(range)) = (name.last(), name.range()) else { return };
        // What these schemas hold only the server knows.
        if name
            .schema()
            .is_some_and(|it| it.ident.as_str().starts_with("pg_t") || lookup::is_hosted(&it.ident))
            || pg::elsewhere::has_relation(last.ident.as_str())
        {
            return;
        }
        let written: Vec<&str> = name.parts.iter().map(|it| it.ident.as_str()).collect();
        let message = format!("relation \"{}\" does not exist", written.join("."));
        let later = name.parts.len() == 1
            && self.levels.iter().any(|it| it.future_ctes.iter().any(|it| it.ident == last.ident));
        let similar = if later { None } else { self.similar_relation(name) };
        let problem = self.report(code::UNDEFINED_TABLE, range, message);
        if later {
            problem.hint(format!(
                "There is a WITH item named \"{}\", but it cannot be referenced from this part of the query. Use WITH RECURSIVE, or re-order the WITH items to remove forward references.",
                last.ident
            ));
        } else if let Some((label, fix, origin)) = similar {
            problem.hint(format!("Perhaps you meant the relation \"{label}\"."));
            problem.fixes.push(fix);
            if let Some(origin) = origin {
                problem.related(crate::sema::Place::Origin(origin), format!("\"{label}\" is declared here"));
            }
        }
    }

    /// A name of more parts than database, schema and what is in it (`DeconstructQualifiedName`).
    pub fn too_many_dots(&mut self, name: &QName, most: usize) -> bool {
        let Some(at) = name.range().filter(|_| name.parts.len() > most && self.typed && !name.is_dynamic())
        else {
            return false;
        };
        let names: Vec<&str> = name.parts.iter().map(|it| it.ident.as_str()).collect();
        let message = format!("improper qualified name (too many dotted names): {}", names.join("."));
        self.refuse(code::SYNTAX_ERROR, at, message);
        true
    }

    fn similar_relation(&self, name: &QName) -> Option<(String, Fix, Option<crate::catalog::Origin>)> {
        let last = name.last()?;
        let schema = name.schema().map(|it| it.ident.clone());
        let visible = |it: &QualifiedName| match &schema {
            Some(schema) => it.schema == *schema,
            None => self.catalog.search_path.contains(&it.schema) || !self.typed,
        };
        let ctes: Vec<Ident> = match schema {
            None => self.levels.iter().flat_map(|it| it.ctes.iter().map(|it| it.name.clone())).collect(),
            Some(_) => Vec::new(),
        };
        let relations = || self.catalog.relations.keys().filter(|it| visible(it)).map(|it| it.name.as_str());
        let names = || relations().chain(ctes.iter().map(Ident::as_str));
        let written = last.ident.as_str();
        let found = nearest(written, names())?;
        let fix = Fix { safe: is_slip(written, found, names()), ..rename(last.range, &Ident::new(found)) };
        let origin = self
            .catalog
            .relations
            .iter()
            .find(|(key, _)| visible(key) && key.name.as_str() == found)
            .map(|it| it.1.origin);
        Some((found.to_owned(), fix, origin))
    }

    /// A relation as a FROM item.
    pub fn relation_rte(
        &mut self,
        relation: Option<Arc<Relation>>,
        written: &QName,
        alias: Option<&Name>,
    ) -> RteId {
        let last = written.last();
        let name = alias.or(last).map_or_else(|| Ident::new(""), |it| it.ident.clone());
        let range = alias.or(last).map_or_else(TextRange::default, |it| it.range);
        let columns = relation.as_deref().map(|it| self.relation_columns(it)).unwrap_or_default();
        let open = relation.as_deref().is_none_or(|it| it.open);
        let qualified = match (written.schema(), last) {
            (Some(schema), Some(last)) => {
                Some(QualifiedName { schema: schema.ident.clone(), name: last.ident.clone() })
            }
            _ => None,
        };
        self.add_rte(Rte {
            aliased: alias.is_some(),
            range,
            open,
            relation,
            qualified,
            ..Rte::new(RteKind::Relation, name, columns)
        })
    }

    pub fn cte_rte(&mut self, cte: Cte, written: &QName, alias: Option<&Name>) -> RteId {
        let Some(last) = written.last() else { return self.relation_rte(None, written, alias) };
        if !cte.has_rows && self.typed {
            let message = format!("WITH query \"{}\" does not have a RETURNING clause", cte.name);
            self.report(code::FEATURE_NOT_SUPPORTED, last.range, message);
        }
        let named = alias.unwrap_or(last);
        self.add_rte(Rte {
            aliased: alias.is_some(),
            range: if alias.is_some() { named.range } else { cte.range },
            open: cte.open || !cte.has_rows,
            cte: Some(cte.name),
            n_hidden: cte.n_hidden,
            ..Rte::new(RteKind::Cte, named.ident.clone(), cte.columns)
        })
    }

    pub fn relation_columns(&self, relation: &Relation) -> Vec<RteColumn> {
        if relation.kind == RelationKind::Sequence && relation.columns.is_empty() {
            let column = |name: &str, id| RteColumn {
                nullable: Some(false),
                ..RteColumn::new(Ident::new(name), known(id))
            };
            return vec![
                column("last_value", TypeId::INT8),
                column("log_cnt", TypeId::INT8),
                column("is_called", TypeId::BOOL),
            ];
        }
        let is_view = matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView);
        let columns = relation.columns.iter().map(|it| RteColumn {
            name: it.name.clone(),
            ty: if self.typed { it.ty.map_or(Ty::Unknown, Ty::Known) } else { Ty::Unknown },
            // PostgreSQL knows nothing of a view's columns; what the view's query told stands in `not_null`.
            nullable: if it.not_null && it.nulls_remain {
                None
            } else if it.not_null {
                Some(false)
            } else if is_view {
                None
            } else {
                Some(true)
            },
            var: None,
            merged: None,
            fields: None,
            source: None,
            of_set: false,
            range: None,
            collation: it.collation.clone(),
        });
        columns.collect()
    }

    /// The row type of a relation.
    pub fn relation_row_type(&self, relation: &Relation) -> Ty {
        let builtin = || crate::catalog::pg::type_named(relation.schema.as_str(), relation.name.as_str());
        let own = self.catalog.types.by_name.get(&qualified(relation)).copied();
        match own.or_else(|| builtin().map(|it| it.id)) {
            Some(id) => Ty::Known(Type::plain(id)),
            None => Ty::Unknown,
        }
    }

    /// `AS t (a, b)`: renames the first columns.
    pub fn apply_column_aliases(&mut self, rte: RteId, alias: Option<&Alias>) {
        let Some(alias) = alias else { return };
        let n_available = self.rte(rte).columns.len();
        if alias.columns.len() > n_available && !self.rte(rte).open {
            let message = format!(
                "table \"{}\" has {n_available} columns available but {} columns specified",
                alias.name.ident,
                alias.columns.len()
            );
            let range = alias.columns.get(n_available).map_or(alias.name.range, |it| it.range);
            self.report(code::INVALID_COLUMN_REFERENCE, range, message);
        }
        let sources: Vec<_> = (0..alias.columns.len()).map(|it| self.rte(rte).source(it as u32)).collect();
        let Some(entry) = self.rtes.get_mut(rte.0 as usize) else { return };
        let open = entry.open;
        for (idx, name) in alias.columns.iter().enumerate() {
            match entry.columns.get_mut(idx) {
                Some(column) => {
                    column.name = name.ident.clone();
                    column.range = Some(name.range);
                    column.source = sources.get(idx).cloned().flatten();
                }
                None if open => {
                    let mut column = RteColumn::new(name.ident.clone(), Ty::Unknown);
                    column.range = Some(name.range);
                    entry.columns.push(column);
                }
                None => break,
            }
        }
    }
}
