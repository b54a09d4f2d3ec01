//! `ts::hir` → [`super::Sym`].

use super::Sym;
use crate::facts::SourceMap;
use crate::facts::ts::TsFacts;
use crate::ts::hir::{ExprId, Module};

pub fn module_facts(_module: &Module) -> (TsFacts, SourceMap) {
    Default::default()
}

/// The symbolic value of any expression of a module, function bodies included: constants of enclosing functions
/// are inlined, parameters become [`Sym::Param`].
pub fn expr(_module: &Module, _id: ExprId, _map: &mut SourceMap) -> Sym {
    Sym::Unknown
}
