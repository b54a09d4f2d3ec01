//! Finds the fragments of a module.

use super::Fragment;
use crate::ts::hir::Module;

/// The fragments of a file in text order. `text` is the text that `module` was made from.
pub fn fragments(_module: &Module, _text: &str) -> Vec<Fragment> {
    Vec::new()
}
