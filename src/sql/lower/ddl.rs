//! Statements that change the catalog: the tolerant parser's nodes → [`hir::Ddl`].

use squawk_syntax::SyntaxNode;

use super::Lower;
use crate::sql::hir;

/// The DDL statement that `node` (a statement node such as `CREATE_TABLE`) is; `None` when it is not DDL or has
/// no effect on what the catalog models.
pub(super) fn statement(_lower: &mut Lower<'_>, _node: &SyntaxNode) -> Option<hir::Ddl> {
    None
}
