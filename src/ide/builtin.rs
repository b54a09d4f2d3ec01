//! PostgreSQL's own objects and those of extensions as read-only documents to jump to.

mod page;

pub(super) use page::signature;

use std::sync::LazyLock;

use page::Document;
use smol_str::SmolStr;

use crate::base::memo::Memo;
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
    /// The first of the functions of this name.
    Function(Ident),
    /// One of them, by its place among those that the catalog has of this name.
    Overload(Ident, usize),
    /// By name and operand types; without a left one: a prefix operator.
    Operator(SmolStr, Option<TypeId>, TypeId),
    Type(TypeId),
    Relation(Ident),
}

/// The page's text: `CREATE …` statements with comments; the same at every call.
pub fn text(page: &Page) -> String {
    document(page).text.clone()
}

/// Where an object stands in its page's text, in bytes.
pub fn find(page: &Page, object: &Object) -> Option<TextRange> {
    let document = document(page);
    match object {
        Object::Function(name) => document.functions.get(name).and_then(|it| it.first()),
        Object::Overload(name, idx) => {
            document.functions.get(name).and_then(|it| it.get(*idx).or_else(|| it.first()))
        }
        Object::Operator(name, left, right) => {
            document.operators.get(&(name.clone(), left.unwrap_or(TypeId::NONE), *right))
        }
        Object::Type(id) => document.types.get(id),
        Object::Relation(name) => document.relations.get(name),
    }
    .copied()
}

/// Made when first asked for.
fn document(page: &Page) -> std::sync::Arc<Document> {
    static DOCUMENTS: LazyLock<Memo<Page, Document>> = LazyLock::new(Memo::default);
    if !page::exists(&page.name) {
        return std::sync::Arc::default();
    }
    DOCUMENTS.get_or_compute(page, || page::document(&page.name))
}

#[cfg(test)]
mod tests;
