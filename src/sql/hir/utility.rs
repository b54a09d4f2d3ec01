//! What commands say that is looked at only when they run: their options (`DefElem`) and the settings of the server
//! (`VariableSetStmt`).

use smol_str::SmolStr;

use super::{ExprId, Name, QName};
use crate::base::text::TextRange;

/// The part of a command that its execution reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Utility {
    Copy(CopyClauses),
    Maintenance {
        command: Maintenance,
        options: Vec<CommandOption>,
        /// The first table that has a list of columns.
        columns_of: Option<TextRange>,
        /// Tables are named.
        names: bool,
    },
    Settings(Vec<SettingChange>),
    Subscription(SubscriptionClauses),
    Conversion(Conversion),
}

/// `CREATE [DEFAULT] CONVERSION c FOR 'a' TO 'b' FROM f`.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    pub name: QName,
    pub default: bool,
    /// The encodings.
    pub from: (SmolStr, TextRange),
    pub to: (SmolStr, TextRange),
    pub function: Option<QName>,
}

/// Commands that look after what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maintenance {
    Vacuum,
    Analyze,
    Reindex,
    Cluster,
}

/// `name [value]`.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandOption {
    pub name: Name,
    pub value: Option<OptionValue>,
}

/// What stands behind an option's name (`def_arg`).
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// A word, or the content of a string.
    Text(SmolStr),
    Integer(i32),
    /// Any other number, as written.
    Number(SmolStr),
    /// `*`.
    Star,
    /// `(a, b)`.
    Names(Vec<Name>),
    /// What is not read.
    Other,
}

/// `COPY t (a) FROM 'f' WITH (…) WHERE …`; of a query, without a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyClauses {
    pub table: Option<QName>,
    pub columns: Vec<Name>,
    pub from: bool,
    pub options: Vec<CommandOption>,
    pub where_: Option<ExprId>,
}

/// `SET a = b`, `RESET a`, alone or of the server, a role, a database, a function.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingChange {
    /// With its dots.
    pub name: SmolStr,
    pub range: TextRange,
    /// Empty: DEFAULT, or RESET.
    pub values: Vec<OptionValue>,
    /// ALTER SYSTEM: for the next start.
    pub of_system: bool,
}

/// What CREATE and ALTER SUBSCRIPTION say.
#[derive(Debug, Clone, PartialEq)]
pub struct SubscriptionClauses {
    pub what: SubscriptionChange,
    pub connection: Option<(SmolStr, TextRange)>,
    pub publications: Vec<Name>,
    pub options: Vec<CommandOption>,
}

/// CREATE, or the form of ALTER (`AlterSubscriptionType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionChange {
    Create,
    /// `SET (…)`.
    Options,
    Connection,
    SetPublication,
    AddPublication,
    DropPublication,
    Refresh,
    Skip,
}
