//! tree-sitter's tree → [`super::hir`].

pub mod around;
pub mod comments;
mod expr;
mod generics;
mod kinds;
pub mod literal;
mod module;
mod pattern;
mod stmt;

use std::cell::RefCell;

use smol_str::SmolStr;
use tree_sitter::{Node, Parser, Tree, TreeCursor};

use super::{Flavor, hir};
use crate::base::text::{TextRange, range, slice};
use hir::{Binding, BindingKind, Expr, ExprId, ExprKind, Scope, ScopeId};
use kinds::{Field, Kind, Tables};

/// Nesting beyond this becomes `Missing`: the lowering recurses, and a stack overflow ends the process.
const MAX_DEPTH: u32 = 200;

/// Reads a module. Total: any text gives a module, damaged parts of it are `Missing`.
pub fn parse(text: &str, flavor: Flavor) -> hir::Module {
    let Some(tree) = tree(text, flavor) else { return empty() };
    let mut lower = Lower {
        text,
        tables: kinds::tables(flavor),
        cursor: tree.walk(),
        module: empty(),
        scope: ScopeId::MODULE,
        function_scope: ScopeId::MODULE,
        depth: 0,
        returns: Vec::new(),
        assigned: Vec::new(),
        mutated: Vec::new(),
    };
    lower.program(tree.root_node());
    lower.mark_assigned();
    lower.module
}

fn empty() -> hir::Module {
    hir::Module { scopes: vec![Scope::default()], ..hir::Module::default() }
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
    /// The real text; the tree's differs from it where [`generics`] has blanked it.
    text: &'t str,
    tables: &'static Tables,
    cursor: TreeCursor<'t>,
    module: hir::Module,
    scope: ScopeId,
    /// Where `var` declares.
    function_scope: ScopeId,
    depth: u32,
    /// Returned expressions of the functions being read, innermost last.
    returns: Vec<Vec<ExprId>>,
    /// Names that are assigned to, with the scope of the assignment.
    assigned: Vec<(ScopeId, SmolStr)>,
    /// Names whose value is changed in place (`x.push(…)`, `x.y = …`).
    mutated: Vec<(ScopeId, SmolStr)>,
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

    fn source(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    fn name(&self, node: Node<'_>) -> SmolStr {
        self.source(node).into()
    }

    fn alloc(&mut self, kind: ExprKind, range: TextRange) -> ExprId {
        let id = ExprId(self.module.exprs.len() as u32);
        let mut children = Vec::new();
        kind.for_each_child(|child| children.push(child));
        for child in children {
            self.module.exprs[child.0 as usize].parent = Some(id);
        }
        self.module.exprs.push(Expr { kind, range, parent: None, scope: self.scope });
        id
    }

    fn missing(&mut self, range: TextRange) -> ExprId {
        self.alloc(ExprKind::Missing, range)
    }

    fn open_scope(&mut self) -> ScopeId {
        let outer = self.scope;
        self.module.scopes.push(Scope { parent: Some(outer), ..Scope::default() });
        self.scope = ScopeId(self.module.scopes.len() as u32 - 1);
        outer
    }

    fn bind(&mut self, scope: ScopeId, binding: Binding) {
        if let Some(scope) = self.module.scopes.get_mut(scope.0 as usize) {
            scope.bindings.push(binding);
        }
    }

    /// Settles which `let`s keep their first value. A constant array or object that is changed in place is a
    /// `let` too: its initialiser is not its value for good.
    fn mark_assigned(&mut self) {
        for (scope, name) in std::mem::take(&mut self.assigned) {
            if let Some(binding) = self.lookup_mut(scope, &name)
                && let BindingKind::Let { assigned, .. } = &mut binding.kind
            {
                *assigned = true;
            }
        }
        for (scope, name) in std::mem::take(&mut self.mutated) {
            let Some((_, binding)) = self.module.lookup(scope, &name) else { continue };
            let BindingKind::Const { init: Some(init), path } = &binding.kind else { continue };
            let mut value = *init;
            while let ExprKind::Assertion { expr, .. } = &self.module.expr(value).kind {
                value = *expr;
            }
            if !matches!(self.module.expr(value).kind, ExprKind::Array(_) | ExprKind::Object(_)) {
                continue;
            }
            let kind = BindingKind::Let { init: Some(*init), path: path.clone(), assigned: true };
            if let Some(binding) = self.lookup_mut(scope, &name) {
                binding.kind = kind;
            }
        }
    }

    fn lookup_mut(&mut self, scope: ScopeId, name: &str) -> Option<&mut Binding> {
        let (scope, _) = self.module.lookup(scope, name)?;
        let scope = self.module.scopes.get_mut(scope.0 as usize)?;
        scope.bindings.iter_mut().rev().find(|it| it.name == name)
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
mod tests;
