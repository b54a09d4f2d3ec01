//! PostgreSQL's keywords (`pg_get_keywords()`), for quoting, lexing and completion.

/// Whether an identifier equal to this word must be quoted to be used as a column or table name.
pub fn needs_quotes(word: &str) -> bool {
    matches!(word, "user" | "order" | "table" | "select" | "from" | "where" | "group")
}
