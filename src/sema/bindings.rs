//! What the names of a statement are bound to: for rewrites, which say the same in other words. Analysis does not
//! keep it, for few ask.

use super::{Analysis, Context};
use crate::base::text::TextRange;
use crate::catalog::QualifiedName;
use crate::sql::Ident;
use crate::sql::hir::{ExprId, Statement};

/// Equal bindings of two statements mean that their names mean the same things.
#[derive(Debug, Clone, Default)]
pub struct Bindings {
    /// FROM items, targets of changes, and what joins make, in the order in which they were met.
    pub items: Vec<Item>,
    /// Beside `Statement::exprs`.
    pub exprs: Vec<Option<Bound>>,
    /// Each `*` and `t.*` of a select list with its columns in order; `None`: not all of them are known.
    pub stars: Vec<(ExprId, Option<Vec<StarColumn>>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// How it is named where it is visible.
    pub name: Ident,
    /// Where the statement introduces it.
    pub range: TextRange,
    pub aliased: bool,
    pub relation: Option<QualifiedName>,
}

/// What an expression names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Column `column` of an item.
    Column { item: u32, column: u32 },
    /// The whole row, or all columns.
    Row { item: u32 },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarColumn {
    /// The item that it may be qualified with; `None`: only the bare name means it.
    pub item: Option<u32>,
    pub name: Ident,
    /// It comes out of a join with USING: the bare name means it wherever no other column is named so.
    pub joined: bool,
}

/// Analyses a statement and keeps what its names are bound to.
pub fn bindings(ctx: Context<'_>, statement: &Statement, text: &str) -> (Analysis, Bindings) {
    super::analyze::bindings(ctx, statement, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, fold};
    use crate::facts::Loc;
    use crate::sql::{Dialect, parse_statement};

    fn check(schema: &str, text: &str) -> (Vec<String>, Vec<String>) {
        let mut catalog = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
        for (range, parsed) in crate::sql::parse(schema, Dialect::Postgres).statements {
            let text = crate::base::text::slice(schema, range);
            fold::apply(&mut catalog, crate::base::file::FileId(0), Loc(0), &parsed, text);
        }
        let parsed = parse_statement(text, Dialect::Postgres);
        let ctx = Context { catalog: &catalog, params: &[], variables: &[] };
        let (_, found) = bindings(ctx, &parsed.hir, text);
        let name = |item: u32| found.items[item as usize].name.to_string();
        let bound = found.exprs.iter().zip(&parsed.hir.exprs).filter_map(|(bound, expr)| {
            let written = crate::base::text::slice(text, expr.range);
            Some(match (*bound)? {
                Bound::Column { item, column } => format!("{written}={}#{column}", name(item)),
                Bound::Row { item } => format!("{written}={}", name(item)),
            })
        });
        let stars = found.stars.iter().map(|(_, columns)| match columns {
            None => "?".to_owned(),
            Some(columns) => {
                let column = |it: &StarColumn| match it.item {
                    Some(item) => format!("{}.{}", name(item), it.name),
                    None => it.name.to_string(),
                };
                columns.iter().map(column).collect::<Vec<_>>().join(" ")
            }
        });
        (bound.collect(), stars.collect())
    }

    #[test]
    fn names_and_stars() {
        let schema = "create table a (id int, x int); create table b (id int, y int);";
        let (bound, stars) =
            check(schema, "select *, b.*, y from a join b using (id) where x = (select a.x from b a2, a)");
        assert_eq!(stars, ["a.id a.x b.y", "b.id b.y"]);
        assert_eq!(bound, ["b.*=b", "y=b#1", "x=a#1", "a.x=a#1"]);
        assert_eq!(check(schema, "select * from a, unknown").1, ["?"]);
        assert_eq!(check(schema, "select * from (a join b using (id)) as j").1, ["j.id j.x j.y"]);
        assert_eq!(check(schema, "select * from a full join b using (id)").1, ["id a.x b.y"]);
    }
}
