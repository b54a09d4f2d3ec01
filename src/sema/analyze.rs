//! The binder.

use super::{Analysis, Context};
use crate::sql::hir::Statement;

pub fn statement(_ctx: Context<'_>, _statement: &Statement, _text: &str) -> Analysis {
    Analysis::default()
}
