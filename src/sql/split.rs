//! A text → its statements.

use crate::base::text::{TextRange, range};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PieceKind {
    Sql,
    /// A psql meta-command line (`\\connect x`).
    Meta,
    /// The data lines of `COPY … FROM stdin`, to `\\.`.
    CopyData,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Without the `;` and without surrounding white space and comments.
    pub range: TextRange,
    pub kind: PieceKind,
}

pub fn split(text: &str) -> Vec<Piece> {
    vec![Piece { range: range(0, text.len()), kind: PieceKind::Sql }]
}
