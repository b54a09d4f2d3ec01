//! Room 1: TypeScript text. One file in, an arena of expressions with scopes, imports and exports out. Knows
//! neither SQL nor Drizzle.
//!
//! Invariant: total and pure. A declaration that a syntax error damages becomes `Missing` by itself, never the
//! whole file. Its errors are never shown: they are not TypeScript's.

pub mod hir;
pub mod parse;

pub use parse::parse;

/// Which grammar a file is read with; from its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavor {
    /// `.ts .mts .cts`, where `<T>x` is an assertion.
    TypeScript,
    /// `.tsx .jsx .js .mjs .cjs`.
    Tsx,
}
