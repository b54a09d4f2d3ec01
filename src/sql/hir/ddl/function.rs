//! `CREATE FUNCTION`, procedures, aggregates and their bodies.

use smol_str::SmolStr;

use super::super::{ExprId, Name, QName, StatementKind, TypeName};
use super::Setting;
use crate::base::text::TextRange;

#[derive(Debug, Clone, PartialEq)]
pub struct CreateFunction {
    pub name: QName,
    pub or_replace: bool,
    pub procedure: bool,
    pub params: Vec<FunctionParam>,
    /// `None` for procedures and where OUT parameters decide.
    pub returns: Option<TypeName>,
    /// `RETURNS TABLE (…)` columns stand in `params` with mode `Table`.
    pub returns_table: bool,
    pub language: Option<Name>,
    /// The body between the quotes, decoded, with the range of its text; `None` for `BEGIN ATOMIC` and C symbols.
    pub body: Option<(SmolStr, TextRange)>,
    pub strict: bool,
    /// `WINDOW`.
    pub window: bool,
    /// `IMMUTABLE`, `STABLE`, `VOLATILE`.
    pub volatility: Option<SmolStr>,
    /// `BEGIN ATOMIC … END` and `RETURN expression`.
    pub inline: Option<InlineBody>,
    /// `SET search_path = …`; empty for the path that nothing is found on.
    pub search_path: Option<Vec<Name>>,
    /// All that stands behind the result but SET, each by the word that it has in PostgreSQL's tree.
    pub clauses: Vec<FunctionClause>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FunctionClause {
    pub range: TextRange,
    /// `language`, `volatility`, `strict`, `security`, `leakproof`, `cost`, `rows`, `parallel`, `window`, `support`,
    /// `as`, and before it `link` where that has two strings.
    pub name: &'static str,
    /// Of COST, ROWS and PARALLEL, as written.
    pub value: SmolStr,
}

/// `CREATE AGGREGATE name (params) (SFUNC = …, STYPE = …)`, in the old notation, too.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateAggregate {
    pub name: QName,
    pub or_replace: bool,
    pub params: Vec<FunctionParam>,
    /// Of ordered-set aggregates: how many parameters stand before ORDER BY.
    pub direct: Option<u32>,
    /// The old notation: what the aggregate takes stands among the options.
    pub old: bool,
    /// All options in order, those below included; each value without the sign before it.
    pub settings: Vec<Setting>,
    /// SFUNC.
    pub step: Option<QName>,
    /// STYPE.
    pub state: Option<TypeName>,
    /// FINALFUNC.
    pub finish: Option<QName>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    pub kind: CommandKind,
    /// Relations with the columns that are listed behind them.
    pub tables: Vec<(QName, Vec<Name>)>,
    /// Of GRANT: as written, with the columns they are for; none for ALL.
    pub privileges: Vec<(Name, Vec<Name>)>,
    /// REFRESH … CONCURRENTLY, and WITH NO DATA.
    pub flags: (bool, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandKind {
    CopyFrom,
    CopyTo,
    Lock,
    Refresh,
    Analyze,
    Vacuum,
    /// GRANT and REVOKE on tables.
    Grant,
}

/// A body written in SQL itself.
#[derive(Debug, Clone, PartialEq)]
pub struct InlineBody {
    /// From BEGIN or RETURN to the end.
    pub range: TextRange,
    /// `RETURN x` is `SELECT x`.
    pub statements: Vec<StatementKind>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FunctionParam {
    pub mode: ParamMode,
    pub name: Option<Name>,
    pub ty: TypeName,
    pub default: Option<ExprId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamMode {
    In,
    Out,
    InOut,
    Variadic,
    Table,
}
