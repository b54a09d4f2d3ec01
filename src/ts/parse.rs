//! tree-sitter's tree → [`super::hir`].

use super::{Flavor, hir};

pub fn parse(_text: &str, _flavor: Flavor) -> hir::Module {
    hir::Module::default()
}
