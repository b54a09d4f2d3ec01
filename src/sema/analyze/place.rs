//! Where an expression stands (`ParseExprKind`): decides whether aggregates, window functions and set-returning
//! functions may be there, and in which words PostgreSQL says that they may not.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Other,
    JoinOn,
    FromSubquery,
    FromFunction,
    Where,
    Having,
    Filter,
    WindowPartition,
    WindowOrder,
    WindowFrame,
    SelectTarget,
    UpdateSource,
    MergeWhen,
    GroupBy,
    OrderBy,
    DistinctOn,
    Limit,
    Offset,
    Returning,
    Values,
    ValuesSingle,
    IndexExpression,
    IndexPredicate,
    Check,
    Default,
    Generated,
    Policy,
    TriggerWhen,
    Transform,
    PartitionKey,
    PartitionBound,
    ParameterDefault,
    CallArgument,
    ExecuteParameter,
    Statistics,
    CopyWhere,
}

impl Place {
    /// `aggregate functions are not allowed in …`; `None` where they are (`check_agglevels_and_constraints`).
    pub fn refuses_aggregates(self) -> Option<&'static str> {
        match self {
            Place::Other
            | Place::Having
            | Place::WindowPartition
            | Place::WindowOrder
            | Place::SelectTarget
            | Place::OrderBy
            | Place::DistinctOn => None,
            Place::FromSubquery => Some("FROM clause of their own query level"),
            Place::WindowFrame => Some("window ROWS"),
            _ => self.words(),
        }
    }

    /// `window functions are not allowed in …` (`transformWindowFuncCall`).
    pub fn refuses_windows(self) -> Option<&'static str> {
        match self {
            Place::Other | Place::SelectTarget | Place::OrderBy | Place::DistinctOn => None,
            Place::WindowPartition | Place::WindowOrder | Place::WindowFrame => Some("window definitions"),
            _ => self.words(),
        }
    }

    /// `set-returning functions are not allowed in …` (`check_srf_call_placement`).
    pub fn refuses_sets(self) -> Option<&'static str> {
        match self {
            Place::Other
            | Place::SelectTarget
            | Place::FromFunction
            | Place::FromSubquery
            | Place::GroupBy
            | Place::OrderBy
            | Place::DistinctOn
            | Place::WindowPartition
            | Place::WindowOrder
            | Place::ValuesSingle => None,
            Place::WindowFrame => Some("window definitions"),
            _ => self.words(),
        }
    }

    /// `cannot use subquery in …` (`transformSubLink`).
    pub fn refuses_subqueries(self) -> Option<&'static str> {
        Some(match self {
            Place::Check => "check constraint",
            Place::Default | Place::ParameterDefault => "DEFAULT expression",
            Place::Generated => "column generation expression",
            Place::IndexExpression => "index expression",
            Place::IndexPredicate => "index predicate",
            Place::TriggerWhen => "trigger WHEN condition",
            Place::Transform => "transform expression",
            Place::PartitionKey => "partition key expression",
            Place::PartitionBound => "partition bound",
            Place::Statistics => "statistics expression",
            Place::ExecuteParameter => "EXECUTE parameter",
            Place::CopyWhere => "COPY FROM WHERE condition",
            _ => return None,
        })
    }

    fn words(self) -> Option<&'static str> {
        Some(match self {
            Place::JoinOn => "JOIN conditions",
            Place::FromFunction => "functions in FROM",
            Place::Where => "WHERE",
            Place::Having => "HAVING",
            Place::Filter => "FILTER",
            Place::UpdateSource => "UPDATE",
            Place::MergeWhen => "MERGE WHEN conditions",
            Place::GroupBy => "GROUP BY",
            Place::Limit => "LIMIT",
            Place::Offset => "OFFSET",
            Place::Returning => "RETURNING",
            Place::Values | Place::ValuesSingle => "VALUES",
            Place::IndexExpression => "index expressions",
            Place::IndexPredicate => "index predicates",
            Place::Check => "check constraints",
            Place::Default | Place::ParameterDefault => "DEFAULT expressions",
            Place::Generated => "column generation expressions",
            Place::Policy => "policy expressions",
            Place::TriggerWhen => "trigger WHEN conditions",
            Place::Transform => "transform expressions",
            Place::PartitionKey => "partition key expressions",
            Place::PartitionBound => "partition bound",
            Place::CallArgument => "CALL arguments",
            Place::ExecuteParameter => "EXECUTE parameters",
            Place::Statistics => "statistics expressions",
            Place::CopyWhere => "COPY FROM WHERE conditions",
            _ => return None,
        })
    }
}
