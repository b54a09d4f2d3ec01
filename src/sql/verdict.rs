//! The judge: is this statement a syntax error, and where?

use super::{Dialect, SyntaxError};

/// `None`: accepted, or not certain.
pub fn verdict(_text: &str, _dialect: Dialect) -> Option<SyntaxError> {
    None
}
