//! Range table entries, namespaces and levels (`ParseState`, `ParseNamespaceItem`, `RangeTblEntry`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{self, Collation, QualifiedName, TypeId};
use crate::sema::{OutputColumn, Ty};
use crate::sql::Ident;
use crate::sql::hir::{Name, Window};

use super::binder::{Binder, known};
use super::place::Place;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RteId(pub u32);

/// One column of one range table entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Var {
    pub rte: RteId,
    /// Index into the entry's columns; system columns count down from `u32::MAX`.
    pub column: u32,
}

/// What an expression's name turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resolved {
    /// Not analysed, or nothing to say.
    #[default]
    None,
    /// Analysed, without success or without knowledge.
    Unknown,
    Var(Var),
    WholeRow(RteId),
    /// An aggregate of the query level with this depth.
    Aggregate {
        depth: u32,
    },
    Window {
        depth: u32,
    },
    SetReturning,
    /// A plain function's call.
    Function,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RteKind {
    Relation,
    Subquery,
    Cte,
    Function,
    Values,
    Join,
    TableFunction,
}

/// What the name of an item stands for as a value (`makeWholeRowVar`), where it is no relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WholeRow {
    Record,
    /// A function that returns a scalar: its whole row is that scalar.
    Scalar,
    /// A function that returns a named composite type.
    Named(TypeId),
}

#[derive(Debug, Clone)]
pub struct Rte {
    /// Depth of its level.
    pub depth: u32,
    pub kind: RteKind,
    /// Alias, or the relation's own name.
    pub name: Ident,
    pub aliased: bool,
    /// Where the statement introduces it.
    pub range: TextRange,
    pub columns: Vec<RteColumn>,
    /// Columns may exist that are not listed.
    pub open: bool,
    pub relation: Option<Arc<catalog::Relation>>,
    /// The name as written has another schema or relation than `name` says: for hints.
    pub qualified: Option<QualifiedName>,
    /// The CTE it reads.
    pub cte: Option<Ident>,
    pub row: WholeRow,
    /// How many columns at the end `*` leaves out: those that SEARCH and CYCLE add, inside of the query itself.
    pub n_hidden: usize,
    /// It has no system columns though its relation has: `excluded`.
    pub systemless: bool,
}

#[derive(Debug, Clone)]
pub struct RteColumn {
    pub name: Ident,
    pub ty: Ty,
    pub nullable: Option<bool>,
    /// The column of a join's input that this is (`JOIN` output columns are the inputs' own).
    pub var: Option<Var>,
    /// The columns of a join's inputs that it is computed from (`USING`).
    pub merged: Option<(Var, Option<Var>)>,
    /// The fields of a record that a query's row is made of; `None` where only the run time knows them.
    pub fields: Option<Arc<[(Ident, Ty)]>>,
    /// The table column it is an unchanged copy of, for subqueries; relations answer it themselves.
    pub source: Option<(QualifiedName, Ident)>,
    /// It came out of UNION and its like: of such a column PostgreSQL tells clients no source (`markTargetListOrigin`).
    pub of_set: bool,
    /// Where the statement introduces the name.
    pub range: Option<TextRange>,
    pub collation: Collation,
}

/// What a name in a level's FROM clause lets see.
#[derive(Debug, Clone)]
pub struct NsItem {
    pub rte: RteId,
    /// Qualified references see it.
    pub named: bool,
    /// Unqualified references see its columns.
    pub columns: bool,
    pub lateral_only: bool,
    pub lateral_ok: bool,
    /// It is on the null-extended side of an outer join.
    pub nulled: bool,
    /// An input of a join: its system columns need a qualifier.
    pub joined: bool,
}

#[derive(Debug)]
pub struct Level<'a> {
    pub place: Place,
    pub namespace: Vec<NsItem>,
    /// Every entry of this level, visible or not.
    pub rtes: Vec<RteId>,
    pub ctes: Vec<Cte>,
    /// Names of later items of a WITH without RECURSIVE.
    pub future_ctes: Vec<&'a Name>,
    pub lateral_active: bool,
    pub windows: &'a [(Name, Window)],
    pub has_aggregates: bool,
    /// FROM names the recursive CTE whose term this is.
    pub self_reference: bool,
    /// A call whose kind is not known: it may be an aggregate.
    pub unknown_calls: bool,
    /// GROUP BY is written.
    pub grouped: bool,
    /// Windows written behind OVER, analysed when the select list is.
    pub inline_windows: Vec<&'a Window>,
    /// Expressions that PostgreSQL appends to the select list: for the GROUP BY rule.
    pub extra_targets: Vec<crate::sql::hir::ExprId>,
    /// Names may be in scope that are not known here.
    pub open: bool,
    /// The last set-returning function of this level that was analysed, for constructs that allow none inside.
    pub last_set: Option<crate::sql::hir::ExprId>,
}

#[derive(Debug, Clone)]
pub struct Cte {
    pub name: Ident,
    pub range: TextRange,
    pub columns: Vec<RteColumn>,
    pub open: bool,
    /// Yields rows: a data-modifying statement without RETURNING does not.
    pub has_rows: bool,
    /// Not analysed yet: a recursive reference.
    pub placeholder: bool,
    /// See [`Rte::n_hidden`].
    pub n_hidden: usize,
}

/// The rows that a query yields, seen from outside.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    pub columns: Vec<RteColumn>,
    pub open: bool,
    pub has_rows: bool,
    /// The select list has one expression per column (no set operation, no VALUES of several rows): their ids.
    pub exprs: Vec<Option<crate::sql::hir::ExprId>>,
}

impl RteColumn {
    pub fn new(name: Ident, ty: Ty) -> RteColumn {
        let collation = Collation::Unknown;
        RteColumn {
            name,
            ty,
            nullable: None,
            var: None,
            merged: None,
            fields: None,
            source: None,
            of_set: false,
            range: None,
            collation,
        }
    }

    pub fn output(self) -> OutputColumn {
        let RteColumn { name, ty, nullable, source, of_set, collation, .. } = self;
        let source = source.filter(|_| !of_set);
        OutputColumn { name, ty, nullable, source, collation }
    }
}

impl Level<'_> {
    pub fn new() -> Self {
        Level {
            place: Place::Other,
            namespace: Vec::new(),
            rtes: Vec::new(),
            ctes: Vec::new(),
            future_ctes: Vec::new(),
            lateral_active: false,
            windows: &[],
            has_aggregates: false,
            self_reference: false,
            unknown_calls: false,
            grouped: false,
            inline_windows: Vec::new(),
            extra_targets: Vec::new(),
            open: false,
            last_set: None,
        }
    }
}

/// System columns of tables (manual §5.6).
const SYSTEM_COLUMNS: [(&str, TypeId); 6] = [
    ("tableoid", TypeId::OID),
    ("cmax", TypeId::CID),
    ("xmax", TypeId::XID),
    ("cmin", TypeId::CID),
    ("xmin", TypeId::XID),
    ("ctid", TypeId::TID),
];

pub fn system_column(name: &str) -> Option<(u32, TypeId)> {
    let idx = SYSTEM_COLUMNS.iter().position(|it| it.0 == name)?;
    Some((u32::MAX - idx as u32, SYSTEM_COLUMNS[idx].1))
}

impl Rte {
    /// One that is no relation, under an alias.
    pub fn new(kind: RteKind, name: Ident, columns: Vec<RteColumn>) -> Rte {
        Rte {
            depth: 0,
            kind,
            name,
            aliased: true,
            range: TextRange::default(),
            columns,
            open: false,
            relation: None,
            qualified: None,
            cte: None,
            row: WholeRow::Record,
            n_hidden: 0,
            systemless: false,
        }
    }

    /// Whether a column of this name may exist that is not listed.
    pub fn may_have(&self, name: &Ident) -> bool {
        let relation = self.relation.as_ref().filter(|it| self.kind == RteKind::Relation && it.open);
        self.open && relation.is_none_or(|it| it.may_have(name))
    }

    pub fn column(&self, idx: u32) -> Option<&RteColumn> {
        self.columns.get(idx as usize)
    }

    pub fn find(&self, name: &Ident) -> Option<u32> {
        self.columns.iter().position(|it| it.name == *name).map(|it| it as u32)
    }

    /// The table column that a column of this entry is an unchanged copy of.
    pub fn source(&self, idx: u32) -> Option<(QualifiedName, Ident)> {
        if let Some(relation) = &self.relation {
            let system = SYSTEM_COLUMNS.get((u32::MAX - idx) as usize);
            let name = match (relation.columns.get(idx as usize), system) {
                (Some(column), _) => column.name.clone(),
                (None, Some((name, _))) => Ident::new(*name),
                (None, None) => self.column(idx)?.name.clone(),
            };
            let key = QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() };
            return Some((key, name));
        }
        self.column(idx)?.source.clone()
    }
}

impl<'a> Binder<'a> {
    pub fn rte(&self, id: RteId) -> &Rte {
        &self.rtes[id.0 as usize]
    }

    pub fn add_rte(&mut self, mut rte: Rte) -> RteId {
        let id = RteId(self.rtes.len() as u32);
        rte.depth = self.depth_now();
        self.collated = self.collated || rte.columns.iter().any(|it| self.is_collated(it));
        self.rtes.push(rte);
        if let Some(level) = self.levels.last_mut() {
            level.rtes.push(id);
        }
        id
    }

    /// Depth of the innermost level.
    pub fn depth_now(&self) -> u32 {
        self.levels.len() as u32
    }

    pub fn level(&mut self) -> &mut Level<'a> {
        if self.levels.is_empty() {
            self.levels.push(Level::new());
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    pub fn push_level(&mut self) {
        self.levels.push(Level::new());
    }

    pub fn pop_level(&mut self) {
        if let Some(level) = self.levels.pop() {
            self.open |= level.open;
        }
    }

    /// Runs `inner` with the innermost level's place set.
    pub fn in_place<T>(&mut self, place: Place, inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.level().place, place);
        let res = inner(self);
        self.level().place = before;
        res
    }

    /// The same column below joins, as PostgreSQL's flattened join variables.
    pub fn flatten(&self, mut var: Var) -> Var {
        while let Some(inner) = self.rte(var.rte).column(var.column).and_then(|it| it.var) {
            var = inner;
        }
        var
    }

    /// Type of a variable.
    pub fn var_ty(&self, var: Var) -> Ty {
        let rte = self.rte(var.rte);
        match rte.column(var.column) {
            Some(column) => column.ty,
            None => match SYSTEM_COLUMNS.get((u32::MAX - var.column) as usize) {
                Some((_, id)) if self.typed => known(*id),
                _ => Ty::Unknown,
            },
        }
    }
}
