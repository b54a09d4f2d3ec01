//! Room 1: TypeScript text. One file in, an arena of expressions with scopes, imports and exports out. Knows
//! neither SQL nor Drizzle.
//!
//! Invariant: total and pure. A declaration that a syntax error damages becomes `Missing` by itself, never the
//! whole file. Its errors are never shown: they are not TypeScript's.

pub mod hir;
pub mod parse;
pub mod types;

pub use parse::parse;

/// Which grammar a file is read with; from its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavor {
    /// `.ts .mts .cts`, where `<T>x` is an assertion.
    TypeScript,
    /// `.tsx .jsx .js .mjs .cjs`.
    Tsx,
}

impl Flavor {
    /// The flavor of a file by its name; `None` when it is neither TypeScript nor JavaScript.
    pub fn of_path(path: &str) -> Option<Flavor> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension {
            "ts" | "mts" | "cts" => Some(Flavor::TypeScript),
            "tsx" | "jsx" | "js" | "mjs" | "cjs" => Some(Flavor::Tsx),
            _ => None,
        }
    }
}
