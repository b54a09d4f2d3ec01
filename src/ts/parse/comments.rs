//! Comments, and what stands after them: for the few files whose comments matter.

use tree_sitter::Node;

use super::{Kind, kinds, node_range, tree};
use crate::base::text::{TextRange, range};
use crate::ts::Flavor;

/// A comment outside strings and templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// With its delimiters; of a JSX comment `{/* … */}` with the braces.
    pub range: TextRange,
    /// The statement, declaration, member, argument or element that comes next in the same list.
    pub next: Option<TextRange>,
}

/// Every comment in text order.
pub fn comments(text: &str, flavor: Flavor) -> Vec<Comment> {
    let Some(tree) = tree(text, flavor) else { return Vec::new() };
    let tables = kinds::tables(flavor);
    let is_comment = |node: &Node<'_>| tables.kind(node.kind_id()) == Kind::Comment;
    let mut res = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if is_comment(&node) {
            let holder =
                node.parent().filter(|it| it.kind() == "jsx_expression" && it.named_child_count() == 1);
            let shown = holder.unwrap_or(node);
            res.push(Comment { range: node_range(shown), next: next(shown, &is_comment) });
        }
        if cursor.goto_first_child() || cursor.goto_next_sibling() {
            continue;
        }
        loop {
            if !cursor.goto_parent() {
                return res;
            }
            if cursor.goto_next_sibling() {
                break;
            }
        }
    }
}

fn next(node: Node<'_>, is_comment: &dyn Fn(&Node<'_>) -> bool) -> Option<TextRange> {
    let mut next = node.next_named_sibling();
    // Text between JSX elements is a node too.
    while let Some(it) = next.filter(|it| is_comment(it) || it.kind() == "jsx_text") {
        next = it.next_named_sibling();
    }
    let next = next?;
    let parent = next.parent()?;
    // `db.select() /* here */ .where(…)`: the rest of that call.
    if parent.kind() == "member_expression" {
        let call = parent.parent().filter(|it| it.kind() == "call_expression").unwrap_or(parent);
        return Some(range(node.end_byte(), call.end_byte()));
    }
    Some(node_range(next))
}
