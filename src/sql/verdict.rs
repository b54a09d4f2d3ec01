//! The judge: is this statement a syntax error, and where?

use super::{Dialect, SyntaxError};

/// `tolerant_refuses`: the tolerant parser found errors in `text`; a PostgreSQL error needs its consent.
/// `None`: accepted, or not certain.
pub fn verdict(_text: &str, _dialect: Dialect, _tolerant_refuses: bool) -> Option<SyntaxError> {
    None
}
