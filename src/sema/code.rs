//! The stable codes of what analysis reports and the SQLSTATE that PostgreSQL gives it (manual, appendix A).
//! `lint::registry` adds the other rules; `tests` hold that every code has its document.

/// One row of the code table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code {
    /// Kebab-case, stable.
    pub name: &'static str,
    /// `None`: PostgreSQL has no such error.
    pub sqlstate: Option<&'static str>,
    pub severity: Severity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Hint,
    Information,
    Warning,
    Error,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $state:expr, $severity:ident;)*) => {
        $(pub const $name: Code = Code { name: $code, sqlstate: $state, severity: Severity::$severity };)*
        /// Every code, sorted by name.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    AMBIGUOUS_ALIAS = "ambiguous-alias", Some("42P09"), Error;
    AMBIGUOUS_COLUMN = "ambiguous-column", Some("42702"), Error;
    AMBIGUOUS_FUNCTION = "ambiguous-function", Some("42725"), Error;
    AMBIGUOUS_PARAMETER = "ambiguous-parameter", Some("42P08"), Error;
    ARRAY_SUBSCRIPT_ERROR = "array-subscript-error", Some("2202E"), Error;
    CANNOT_COERCE = "cannot-coerce", Some("42846"), Error;
    COLLATION_MISMATCH = "collation-mismatch", Some("42P21"), Error;
    DATATYPE_MISMATCH = "datatype-mismatch", Some("42804"), Error;
    DATA_EXCEPTION = "data-exception", Some("22000"), Error;
    DATETIME_OVERFLOW = "datetime-overflow", Some("22008"), Error;
    DEPENDENT_OBJECTS = "dependent-objects", Some("2BP01"), Error;
    DUPLICATE_ALIAS = "duplicate-alias", Some("42712"), Error;
    DUPLICATE_COLUMN = "duplicate-column", Some("42701"), Error;
    DUPLICATE_CURSOR = "duplicate-cursor", Some("42P03"), Error;
    DUPLICATE_FUNCTION = "duplicate-function", Some("42723"), Error;
    DUPLICATE_OBJECT = "duplicate-object", Some("42710"), Error;
    DUPLICATE_PREPARED_STATEMENT = "duplicate-prepared-statement", Some("42P05"), Error;
    DUPLICATE_SCHEMA = "duplicate-schema", Some("42P06"), Error;
    DUPLICATE_TABLE = "duplicate-table", Some("42P07"), Error;
    ERROR_IN_ASSIGNMENT = "error-in-assignment", Some("22005"), Error;
    FEATURE_NOT_SUPPORTED = "feature-not-supported", Some("0A000"), Error;
    FIXED_PARAMETER = "fixed-parameter", Some("55P02"), Error;
    GENERATED_ALWAYS = "generated-always", Some("428C9"), Error;
    GROUPING_ERROR = "grouping-error", Some("42803"), Error;
    INDETERMINATE_COLLATION = "indeterminate-collation", Some("42P22"), Error;
    INDETERMINATE_DATATYPE = "indeterminate-datatype", Some("42P18"), Error;
    INTERVAL_OVERFLOW = "interval-overflow", Some("22015"), Error;
    INVALID_COLUMN_DEFINITION = "invalid-column-definition", Some("42611"), Error;
    INVALID_COLUMN_REFERENCE = "invalid-column-reference", Some("42P10"), Error;
    INVALID_CURSOR_DEFINITION = "invalid-cursor-definition", Some("42P11"), Error;
    INVALID_DATETIME = "invalid-datetime", Some("22007"), Error;
    INVALID_FOREIGN_KEY = "invalid-foreign-key", Some("42830"), Error;
    INVALID_FUNCTION_DEFINITION = "invalid-function-definition", Some("42P13"), Error;
    INVALID_GRANT = "invalid-grant", Some("0LP01"), Error;
    INVALID_NAME = "invalid-name", Some("42602"), Error;
    INVALID_OBJECT_DEFINITION = "invalid-object-definition", Some("42P17"), Error;
    INVALID_OPTION_NAME = "invalid-option-name", Some("HV00D"), Error;
    INVALID_PARAMETER_VALUE = "invalid-parameter-value", Some("22023"), Error;
    INVALID_RECURSION = "invalid-recursion", Some("42P19"), Error;
    INVALID_REGULAR_EXPRESSION = "invalid-regular-expression", Some("2201B"), Error;
    INVALID_SCHEMA_DEFINITION = "invalid-schema-definition", Some("42P15"), Error;
    INVALID_TABLE_DEFINITION = "invalid-table-definition", Some("42P16"), Error;
    INVALID_TABLESAMPLE_ARGUMENT = "invalid-tablesample-argument", Some("2202H"), Error;
    INVALID_TEXT_REPRESENTATION = "invalid-text-representation", Some("22P02"), Error;
    INVALID_TIME_ZONE_DISPLACEMENT = "invalid-time-zone-displacement", Some("22009"), Error;
    INVALID_XML_CONTENT = "invalid-xml-content", Some("2200N"), Error;
    MISSING_REQUIRED_COLUMN = "missing-required-column", Some("23502"), Warning;
    NOT_UPDATABLE = "not-updatable", Some("55000"), Error;
    NULL_IN_NOT_NULL_COLUMN = "null-in-not-null-column", Some("23502"), Error;
    NUMERIC_OUT_OF_RANGE = "numeric-out-of-range", Some("22003"), Error;
    OBJECT_NOT_IN_STATE = "object-not-in-state", Some("55000"), Error;
    PROGRAM_LIMIT_EXCEEDED = "program-limit-exceeded", Some("54000"), Error;
    RESERVED_NAME = "reserved-name", Some("42939"), Error;
    SUBSELECT_CARDINALITY = "subselect-cardinality", Some("42601"), Error;
    SYNTAX_ERROR = "syntax-error", Some("42601"), Error;
    TOO_MANY_ARGUMENTS = "too-many-arguments", Some("54023"), Error;
    TOO_MANY_COLUMNS = "too-many-columns", Some("54011"), Error;
    UNDEFINED_COLUMN = "undefined-column", Some("42703"), Error;
    UNDEFINED_CURSOR = "undefined-cursor", Some("34000"), Error;
    UNDEFINED_FUNCTION = "undefined-function", Some("42883"), Error;
    UNDEFINED_OBJECT = "undefined-object", Some("42704"), Error;
    UNDEFINED_PARAMETER = "undefined-parameter", Some("42P02"), Error;
    UNDEFINED_PREPARED_STATEMENT = "undefined-prepared-statement", Some("26000"), Error;
    UNDEFINED_SCHEMA = "undefined-schema", Some("3F000"), Error;
    UNDEFINED_TABLE = "undefined-table", Some("42P01"), Error;
    UNIQUE_VIOLATION = "unique-violation", Some("23505"), Error;
    UNTRANSLATABLE_CHARACTER = "untranslatable-character", Some("22P05"), Error;
    WINDOWING_ERROR = "windowing-error", Some("42P20"), Error;
    WRONG_COLUMN_COUNT = "wrong-column-count", Some("42601"), Error;
    WRONG_OBJECT_TYPE = "wrong-object-type", Some("42809"), Error;
}

/// The code of what the grammar refuses with this SQLSTATE ([`crate::sql::SyntaxError`]).
pub fn of_grammar(sqlstate: &str) -> Code {
    let codes =
        [DUPLICATE_OBJECT, FEATURE_NOT_SUPPORTED, INVALID_PARAMETER_VALUE, RESERVED_NAME, WINDOWING_ERROR];
    codes.into_iter().find(|it| it.sqlstate == Some(sqlstate)).unwrap_or(SYNTAX_ERROR)
}
