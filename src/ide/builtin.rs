//! PostgreSQL's own objects and those of extensions as read-only documents to jump to.

use crate::base::text::TextRange;
use crate::catalog::TypeId;
use crate::sql::Ident;

/// Which document: one for each schema of built-in objects and each extension.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Page {
    /// `pg_catalog`, `information_schema`, or the name of an extension.
    pub name: Ident,
}

/// What a page declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    Function(Ident),
    Type(TypeId),
    Relation(Ident),
}

/// The page's text: `CREATE …` statements with comments; the same at every call.
pub fn text(_page: &Page) -> String {
    String::new()
}

/// Where an object stands in its page's text, in bytes.
pub fn find(_page: &Page, _object: &Object) -> Option<TextRange> {
    None
}
