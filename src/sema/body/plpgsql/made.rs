//! What a body makes itself before its other statements are reached: `CREATE TEMP TABLE picked AS …; … FROM picked`.
//! Definitions that stand in no branch are run in their order, so that each piece is looked at in the schema that it
//! finds. Of others, and of SQL that is put together, nobody knows.

use std::borrow::Cow;
use std::sync::Arc;

use crate::base::file::FileId;
use crate::catalog::{Catalog, Collation, Type, fold};
use crate::facts::Loc;
use crate::sema::Ty;
use crate::sql::hir::ddl::ObjectKind;
use crate::sql::hir::{Ddl, Statement, StatementKind};
use crate::sql::plpgsql::program::{PieceKind, Program, sql_of};
use crate::sql::{Dialect, Ident, ParsedStatement, parse_statement};

use super::super::{Env, sql};

/// The schema before each piece of a body; `None`: not all that the body makes is understood.
pub(super) fn states<'a>(
    catalog: &'a Catalog,
    program: &Program,
    body: &str,
    envs: &[Arc<Env>],
) -> Option<Vec<Cow<'a, Catalog>>> {
    let mut now = Cow::Borrowed(catalog);
    let mut res = Vec::with_capacity(program.pieces.len());
    for piece in &program.pieces {
        res.push(now.clone());
        if piece.kind != PieceKind::Definition {
            continue;
        }
        let (text, _) = sql_of(body, piece)?;
        let parsed = parse_statement(&text, Dialect::Postgres);
        let changes = changes(&parsed)?;
        if piece.nested || piece.guarded || piece.cut {
            return None;
        }
        if changes {
            let env = envs.get(piece.scope)?;
            let mut after = now.into_owned();
            let (file, loc) = (FileId(u32::MAX), Loc(u32::MAX));
            fold::apply_with(&mut after, file, loc, &parsed, &text, Some(&InBody { env }));
            now = Cow::Owned(after);
        }
    }
    Some(res)
}

/// TRUNCATE, whose table must be there, but which makes none.
pub(super) fn is_truncate(parsed: &ParsedStatement) -> bool {
    matches!(&parsed.hir.kind, StatementKind::Ddl(ddl) if matches!(**ddl, Ddl::Truncate { .. }))
}

/// Whether a definition changes relations; `None`: it may change more than that.
fn changes(parsed: &ParsedStatement) -> Option<bool> {
    let StatementKind::Ddl(ddl) = &parsed.hir.kind else { return None };
    if parsed.error.is_some() {
        return None;
    }
    match &**ddl {
        Ddl::CreateTable(_) | Ddl::CreateView(_) | Ddl::CreateIndex(_) | Ddl::AlterTable { .. } => Some(true),
        Ddl::Rename { object: ObjectKind::Relation(_) | ObjectKind::Column, .. } => Some(true),
        Ddl::Drop(drop) => {
            let relations = matches!(drop.object, ObjectKind::Relation(_));
            (relations && !drop.cascade).then_some(true)
        }
        Ddl::Truncate { .. } | Ddl::Comment { .. } | Ddl::Grant(_) => Some(false),
        _ => None,
    }
}

/// Queries of a body may name its variables.
struct InBody<'a> {
    env: &'a Env,
}

impl fold::Infer for InBody<'_> {
    fn query_columns(
        &self,
        catalog: &Catalog,
        query: &Statement,
        text: &str,
    ) -> Option<Vec<(Ident, Option<Type>, Collation)>> {
        let analysis = sql::check(self.env, catalog, query, text);
        let ty = |it| if let Ty::Known(it) = it { Some(it) } else { None };
        let columns = analysis.columns.into_iter().map(|it| (it.name, ty(it.ty), it.collation));
        (!analysis.columns_open).then(|| columns.collect())
    }
}
