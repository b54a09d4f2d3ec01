//! Text → [`super::hir`], by one of two parsers.

pub mod around;
mod build;
pub mod comments;
mod expr;
mod generics;
mod kinds;
pub mod literal;
mod module;
mod pattern;
mod stmt;
mod valid;

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

use smol_str::SmolStr;
use tree_sitter::{Node, Parser, Tree, TreeCursor};

use super::{Flavor, hir};
use crate::base::text::{TextRange, range, slice};
use build::Builder;
use kinds::{Field, Kind, Tables};

/// Nesting beyond this becomes `Missing`: the lowering recurses, and a stack overflow ends the process.
const MAX_DEPTH: u32 = 200;

/// Reads a module. Total: any text gives a module, damaged parts of it are `Missing`.
///
/// Text without a syntax error is read by a fast parser; what that refuses, by one that keeps what an error leaves
/// whole. Both give equal modules for the text that both understand.
pub fn parse(text: &str, flavor: Flavor) -> hir::Module {
    valid::parse(text, flavor).unwrap_or_else(|| tolerant(text, flavor))
}

/// Reads a module by the tolerant parser alone.
fn tolerant(text: &str, flavor: Flavor) -> hir::Module {
    let Some(tree) = tree(text, flavor) else { return build::empty() };
    let mut lower = Lower { tables: kinds::tables(flavor), cursor: tree.walk(), builder: Builder::new(text) };
    lower.program(tree.root_node());
    lower.builder.finish()
}

fn tree(text: &str, flavor: Flavor) -> Option<Tree> {
    thread_local! {
        static PARSERS: RefCell<[Option<Parser>; 2]> = const { RefCell::new([None, None]) };
    }
    if u32::try_from(text.len()).is_err() {
        return None;
    }
    PARSERS.with_borrow_mut(|[typescript, tsx]| {
        let slot = match flavor {
            Flavor::TypeScript => typescript,
            Flavor::Tsx => tsx,
        };
        if slot.is_none() {
            let mut parser = Parser::new();
            parser.set_language(&kinds::language(flavor)).ok()?;
            *slot = Some(parser);
        }
        slot.as_mut()?.parse(generics::blank(text).as_bytes(), None)
    })
}

/// A child of a node: what is needed to decide what to do with it.
#[derive(Clone, Copy)]
struct Kid<'t> {
    node: Node<'t>,
    kind: Kind,
    field: Field,
}

struct Lower<'t> {
    tables: &'static Tables,
    cursor: TreeCursor<'t>,
    /// Holds the real text; the tree's differs from it where [`generics`] has blanked it.
    builder: Builder<'t>,
}

impl<'t> Deref for Lower<'t> {
    type Target = Builder<'t>;

    fn deref(&self) -> &Builder<'t> {
        &self.builder
    }
}

impl<'t> DerefMut for Lower<'t> {
    fn deref_mut(&mut self) -> &mut Builder<'t> {
        &mut self.builder
    }
}

impl<'t> Lower<'t> {
    /// The children of a node, comments left out.
    fn kids(&mut self, node: Node<'t>) -> Vec<Kid<'t>> {
        let mut res = Vec::new();
        self.cursor.reset(node);
        if !self.cursor.goto_first_child() {
            return res;
        }
        loop {
            let node = self.cursor.node();
            let kind = self.kind(node);
            if kind != Kind::Comment {
                res.push(Kid { node, kind, field: self.tables.field(self.cursor.field_id()) });
            }
            if !self.cursor.goto_next_sibling() {
                return res;
            }
        }
    }

    fn kind(&self, node: Node<'_>) -> Kind {
        if node.is_error() { Kind::Error } else { self.tables.kind(node.kind_id()) }
    }

    /// A statement without the comments after it, which are its children when no semicolon ends it.
    fn extent(&mut self, node: Node<'t>) -> TextRange {
        let mut last = node;
        while let Some(kid) = self.kids(last).last() {
            last = kid.node;
        }
        range(node.start_byte(), last.end_byte())
    }

    fn source(&self, node: Node<'_>) -> &'t str {
        self.builder.text.get(node.byte_range()).unwrap_or("")
    }

    fn name(&self, node: Node<'_>) -> SmolStr {
        self.source(node).into()
    }
}

fn node_range(node: Node<'_>) -> TextRange {
    range(node.start_byte(), node.end_byte())
}

/// The source text of the types in `<A, B>`.
fn type_arguments(lower: &mut Lower<'_>, node: Node<'_>) -> Vec<SmolStr> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|it| lower.kind(*it) != Kind::Comment)
        .map(|it| slice(lower.text, node_range(it)).into())
        .collect()
}

#[cfg(test)]
mod agree;
#[cfg(test)]
mod tests;
