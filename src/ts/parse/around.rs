//! The statement around a place: where a comment about it may stand.

use super::{node_range, tree};
use crate::base::text::{TextRange, TextSize};
use crate::ts::Flavor;

/// The innermost statement, declaration or class member that holds `offset` and stands in a list of such: a comment
/// right before it is about it. `None` outside of any.
pub fn statement(text: &str, flavor: Flavor, offset: TextSize) -> Option<TextRange> {
    let tree = tree(text, flavor)?;
    let offset = usize::from(offset);
    let mut node = tree.root_node().named_descendant_for_byte_range(offset, offset)?;
    loop {
        let parent = node.parent()?;
        let list = ["program", "statement_block", "class_body", "switch_case", "switch_default"];
        let is_label = parent.child_by_field_name("value").is_some_and(|it| it == node);
        if list.contains(&parent.kind()) && !is_label && node.kind() != "comment" {
            return Some(node_range(node));
        }
        node = parent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_statement_of_a_list() {
        let check = |marked: &str| {
            let at = marked.find('|').expect("a cursor");
            let text = marked.replacen('|', "", 1);
            let found = statement(&text, Flavor::TypeScript, TextSize::from(at as u32));
            found.map(|it| crate::base::text::slice(&text, it).to_owned())
        };
        let some = |it: &str| Some(it.to_owned());
        assert_eq!(check("a();\nexport const x = f(sql`|`);\nb()"), some("export const x = f(sql``);"));
        assert_eq!(
            check("function f() {\n  if (x) return db.execute(sql`|`);\n  g();\n}"),
            some("if (x) return db.execute(sql``);")
        );
        assert_eq!(check("const f = () => { a(); return sql`|`; }"), some("return sql``;"));
        assert_eq!(check("class A { x = sql`|`; y = 1 }"), some("x = sql``"));
        assert_eq!(check("switch (x) { case 1: f(sql`|`); }"), some("f(sql``);"));
    }
}
