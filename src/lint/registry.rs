//! Every code in one sorted list, each with its document, and what configuration makes of its severity.

use std::sync::LazyLock;

use crate::project::settings::{Level, Settings};
use crate::sema::code::{self, Code, Severity};

/// One code that Columnist reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Kebab-case and stable.
    pub code: &'static str,
    /// `None`: PostgreSQL has no such error.
    pub sqlstate: Option<&'static str>,
    pub severity: Severity,
    /// May stand for its codes in configuration.
    pub group: &'static str,
    /// The first heading of the document.
    pub title: &'static str,
    /// The first paragraph of the document, as one line.
    pub summary: String,
    /// Markdown, for `explain` and for the editor.
    pub document: &'static str,
    /// Reported where configuration says nothing.
    pub is_on: bool,
}

/// Groups with what they are about, in the order `explain` lists them.
pub const GROUPS: &[(&str, &str)] = &[
    ("sql-syntax", "The text is not SQL"),
    ("sql-names", "A name leads nowhere, or to several things"),
    ("sql-types", "Types do not fit"),
    ("sql-structure", "The parts of a query do not fit together"),
    ("sql-writes", "INSERT, UPDATE and MERGE"),
    ("sql-schema", "Definitions: CREATE, ALTER, DROP"),
    ("drizzle-schema", "Drizzle schemas that do not do what they seem to"),
    ("drizzle-query", "Drizzle queries that do not do what they seem to"),
    ("migrations", "Migrations that fail, lose data or lock tables"),
    ("columnist", "Columnist's own comments and configuration"),
];

macro_rules! table {
    ($($code:expr, $group:literal, $file:literal;)*) => {
        const TABLE: &[(Code, &str, &str)] =
            &[$(($code, $group, include_str!(concat!("rules/", $file, ".md")))),*];
    };
}

/// A suppression comment without a reason.
pub const SUPPRESSION_WITHOUT_REASON: Code =
    Code { name: "suppression-without-reason", sqlstate: None, severity: Severity::Warning };
/// A key or value of `columnist.json` that means nothing.
pub const UNKNOWN_CONFIGURATION: Code =
    Code { name: "unknown-configuration", sqlstate: None, severity: Severity::Warning };
/// A suppression comment that silences nothing.
pub const UNUSED_SUPPRESSION: Code =
    Code { name: "unused-suppression", sqlstate: None, severity: Severity::Information };

table! {
    code::AMBIGUOUS_ALIAS, "sql-names", "ambiguous-alias";
    code::AMBIGUOUS_COLUMN, "sql-names", "ambiguous-column";
    code::AMBIGUOUS_FUNCTION, "sql-names", "ambiguous-function";
    code::AMBIGUOUS_PARAMETER, "sql-types", "ambiguous-parameter";
    code::ARRAY_SUBSCRIPT_ERROR, "sql-types", "array-subscript-error";
    code::CANNOT_COERCE, "sql-types", "cannot-coerce";
    code::COLLATION_MISMATCH, "sql-types", "collation-mismatch";
    code::DATATYPE_MISMATCH, "sql-types", "datatype-mismatch";
    code::DATA_EXCEPTION, "sql-types", "data-exception";
    code::DATETIME_OVERFLOW, "sql-types", "datetime-overflow";
    code::DEPENDENT_OBJECTS, "sql-schema", "dependent-objects";
    code::DUPLICATE_ALIAS, "sql-names", "duplicate-alias";
    code::DUPLICATE_COLUMN, "sql-writes", "duplicate-column";
    code::DUPLICATE_CURSOR, "sql-structure", "duplicate-cursor";
    code::DUPLICATE_FUNCTION, "sql-schema", "duplicate-function";
    code::DUPLICATE_OBJECT, "sql-schema", "duplicate-object";
    code::DUPLICATE_PREPARED_STATEMENT, "sql-structure", "duplicate-prepared-statement";
    code::DUPLICATE_SCHEMA, "sql-schema", "duplicate-schema";
    code::DUPLICATE_TABLE, "sql-schema", "duplicate-table";
    code::ERROR_IN_ASSIGNMENT, "sql-writes", "error-in-assignment";
    code::FEATURE_NOT_SUPPORTED, "sql-structure", "feature-not-supported";
    code::FIXED_PARAMETER, "sql-schema", "fixed-parameter";
    code::GENERATED_ALWAYS, "sql-writes", "generated-always";
    code::GROUPING_ERROR, "sql-structure", "grouping-error";
    code::INDETERMINATE_COLLATION, "sql-types", "indeterminate-collation";
    code::INDETERMINATE_DATATYPE, "sql-types", "indeterminate-datatype";
    code::INTERVAL_OVERFLOW, "sql-types", "interval-overflow";
    code::INVALID_COLUMN_DEFINITION, "sql-schema", "invalid-column-definition";
    code::INVALID_COLUMN_REFERENCE, "sql-structure", "invalid-column-reference";
    code::INVALID_CURSOR_DEFINITION, "sql-structure", "invalid-cursor-definition";
    code::INVALID_DATETIME, "sql-types", "invalid-datetime";
    code::INVALID_FOREIGN_KEY, "sql-schema", "invalid-foreign-key";
    code::INVALID_FUNCTION_DEFINITION, "sql-schema", "invalid-function-definition";
    code::INVALID_GRANT, "sql-schema", "invalid-grant";
    code::INVALID_NAME, "sql-schema", "invalid-name";
    code::INVALID_OBJECT_DEFINITION, "sql-schema", "invalid-object-definition";
    code::INVALID_OPTION_NAME, "sql-schema", "invalid-option-name";
    code::INVALID_PARAMETER_VALUE, "sql-types", "invalid-parameter-value";
    code::INVALID_RECURSION, "sql-structure", "invalid-recursion";
    code::INVALID_REGULAR_EXPRESSION, "sql-types", "invalid-regular-expression";
    code::INVALID_SCHEMA_DEFINITION, "sql-schema", "invalid-schema-definition";
    code::INVALID_TABLE_DEFINITION, "sql-schema", "invalid-table-definition";
    code::INVALID_TABLESAMPLE_ARGUMENT, "sql-structure", "invalid-tablesample-argument";
    code::INVALID_TEXT_REPRESENTATION, "sql-types", "invalid-text-representation";
    code::INVALID_TIME_ZONE_DISPLACEMENT, "sql-types", "invalid-time-zone-displacement";
    code::INVALID_XML_CONTENT, "sql-types", "invalid-xml-content";
    code::MISSING_REQUIRED_COLUMN, "sql-writes", "missing-required-column";
    code::NOT_UPDATABLE, "sql-writes", "not-updatable";
    code::NULL_IN_NOT_NULL_COLUMN, "sql-writes", "null-in-not-null-column";
    code::NUMERIC_OUT_OF_RANGE, "sql-types", "numeric-out-of-range";
    code::OBJECT_NOT_IN_STATE, "sql-schema", "object-not-in-state";
    code::PROGRAM_LIMIT_EXCEEDED, "sql-types", "program-limit-exceeded";
    code::RESERVED_NAME, "sql-schema", "reserved-name";
    code::SUBSELECT_CARDINALITY, "sql-structure", "subselect-cardinality";
    code::SYNTAX_ERROR, "sql-syntax", "syntax-error";
    code::TOO_MANY_ARGUMENTS, "sql-structure", "too-many-arguments";
    code::TOO_MANY_COLUMNS, "sql-schema", "too-many-columns";
    code::UNDEFINED_COLUMN, "sql-names", "undefined-column";
    code::UNDEFINED_CURSOR, "sql-structure", "undefined-cursor";
    code::UNDEFINED_FUNCTION, "sql-names", "undefined-function";
    code::UNDEFINED_OBJECT, "sql-names", "undefined-object";
    code::UNDEFINED_PARAMETER, "sql-names", "undefined-parameter";
    code::UNDEFINED_PREPARED_STATEMENT, "sql-structure", "undefined-prepared-statement";
    code::UNDEFINED_SCHEMA, "sql-names", "undefined-schema";
    code::UNDEFINED_TABLE, "sql-names", "undefined-table";
    code::UNIQUE_VIOLATION, "sql-schema", "unique-violation";
    code::UNTRANSLATABLE_CHARACTER, "sql-types", "untranslatable-character";
    code::WINDOWING_ERROR, "sql-structure", "windowing-error";
    code::WRONG_COLUMN_COUNT, "sql-structure", "wrong-column-count";
    code::WRONG_OBJECT_TYPE, "sql-names", "wrong-object-type";
    SUPPRESSION_WITHOUT_REASON, "columnist", "suppression-without-reason";
    UNKNOWN_CONFIGURATION, "columnist", "unknown-configuration";
    UNUSED_SUPPRESSION, "columnist", "unused-suppression";
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let answers = TABLE.iter().map(|&(code, group, document)| (code, group, document, true));
    let lints = super::rules::ALL.iter().map(|it| (it.code, it.group, it.document, it.is_on));
    let mut rules: Vec<Rule> = answers
        .chain(lints)
        .map(|(code, group, document, is_on)| {
            let (title, summary) = head(document);
            Rule {
                code: code.name,
                sqlstate: code.sqlstate,
                severity: code.severity,
                group,
                title,
                summary,
                document,
                is_on,
            }
        })
        .collect();
    rules.sort_by_key(|it| it.code);
    rules
});

/// Every rule, sorted by code.
pub fn rules() -> &'static [Rule] {
    &RULES
}

pub fn rule(code: &str) -> Option<&'static Rule> {
    let idx = RULES.binary_search_by_key(&code, |it| it.code).ok()?;
    RULES.get(idx)
}

/// Whether a code is reported where configuration says nothing.
pub fn is_on(code: &str) -> bool {
    rule(code).is_none_or(|it| it.is_on)
}

/// Whether configuration says something of a code in a file.
pub fn is_configured(settings: &Settings, path: &str, code: &str) -> bool {
    let group = rule(code).map_or("", |it| it.group);
    settings.level(&[code, group], path).is_some()
}

/// Whether configuration may name it: a code or a group.
pub fn is_known(code_or_group: &str) -> bool {
    rule(code_or_group).is_some() || GROUPS.iter().any(|(group, _)| *group == code_or_group)
}

/// The severity of `code` in a file as configuration has it, `None` when it is off. `path` is relative to the
/// configuration; `reported` is what the rule itself said, which stays where configuration says nothing.
pub fn severity(settings: &Settings, path: &str, code: &str, reported: Severity) -> Option<Severity> {
    let group = rule(code).map_or("", |it| it.group);
    match settings.level(&[code, group], path) {
        None => Some(reported),
        Some(Level::Off) => None,
        Some(Level::Hint) => Some(Severity::Hint),
        Some(Level::Information) => Some(Severity::Information),
        Some(Level::Warning) => Some(Severity::Warning),
        Some(Level::Error) => Some(Severity::Error),
    }
}

fn head(document: &'static str) -> (&'static str, String) {
    let mut lines = document.lines();
    let title = lines.next().and_then(|it| it.strip_prefix("# ")).unwrap_or("");
    let paragraph: Vec<&str> =
        lines.skip_while(|it| it.trim().is_empty()).take_while(|it| !it.trim().is_empty()).collect();
    (title, paragraph.join(" "))
}

#[cfg(test)]
mod documents;
#[cfg(test)]
mod tests;
