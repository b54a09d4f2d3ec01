//! Facts of a TypeScript or JavaScript file: its imports, exports and module-level values.

use smol_str::SmolStr;

use super::sym::Sym;
use super::{Loc, SourceMap};
use crate::ts::hir;

/// What other files can see of a module. Equal facts mean that nothing outside the file has to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TsFacts {
    pub imports: Vec<Import>,
    pub exports: Vec<Export>,
    pub decls: Vec<Decl>,
    /// Interfaces and type aliases; classes by the types of their members.
    pub types: Vec<hir::TypeDecl>,
    /// `export type { … }`: values are none of these.
    pub type_exports: Vec<Export>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Import {
    pub specifier: SmolStr,
    pub name: hir::ImportName,
    pub local: SmolStr,
    pub type_only: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Export {
    Local { name: SmolStr, local: SmolStr },
    Default(Sym),
    From { specifier: SmolStr, name: hir::ImportName, as_: SmolStr },
    All { specifier: SmolStr },
}

/// A module-level declaration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decl {
    pub name: SmolStr,
    /// The declared name.
    pub loc: Loc,
    pub value: Sym,
    /// Keys that lead from `value` to what the name holds (destructuring).
    pub path: Vec<SmolStr>,
    /// Source text of the type annotation.
    pub ty: Option<SmolStr>,
}

/// Facts and where they stand.
pub fn facts(module: &hir::Module) -> (TsFacts, SourceMap) {
    super::sym::lower::module_facts(module)
}
