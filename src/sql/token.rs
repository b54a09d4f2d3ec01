//! Tokens of a SQL text.
