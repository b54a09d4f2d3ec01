//! Labels: of blocks and loops, where EXIT and CONTINUE name them, and behind END (`stmt_exit`, `check_labels`).

use super::{Open, Reader};
use crate::sql::Ident;

impl Reader<'_> {
    /// `EXIT [label] [WHEN condition];`, `CONTINUE [label] [WHEN condition];`
    pub(super) fn leaves(&mut self) {
        let exits = self.word(0) == "exit";
        let label = self.ident(1).filter(|_| self.word(1) != "when");
        match label {
            Some((label, at)) => match self.labelled(&label) {
                None => self.res.lost.push(at),
                Some(false) if !exits => {
                    let message = format!("block label \"{label}\" cannot be used in CONTINUE");
                    self.res.errors.push((at, message));
                }
                Some(_) => {}
            },
            None if !self.open.iter().any(|it| matches!(it, Open::Loop { .. })) => {
                let message = match exits {
                    true => "EXIT cannot be used outside a loop, unless it has a label",
                    false => "CONTINUE cannot be used outside a loop",
                };
                if let Some(token) = self.tokens.get(self.at) {
                    self.res.errors.push((token.range, message.into()));
                }
            }
            None => {}
        }
        let (at, found) = self.find_word(&["when"]);
        self.at = at + usize::from(found);
        self.expression();
        self.left = true;
    }

    /// Whether the innermost statement with a label is a loop; `None`: none around has it.
    fn labelled(&self, label: &Ident) -> Option<bool> {
        self.open.iter().rev().find_map(|it| {
            let (scope, is_loop) = match it {
                Open::Block { scope, .. } => (*scope, false),
                Open::Loop { scope } => (*scope, true),
                _ => return None,
            };
            let own = self.res.scopes.get(scope)?.label.as_ref();
            (own == Some(label)).then_some(is_loop)
        })
    }

    /// The label behind END is that of what ends.
    pub(super) fn end_label(&mut self, closed: Option<&Open>) {
        let (scope, n) = match closed {
            Some(Open::Block { scope, .. }) => (*scope, 1),
            Some(Open::Loop { scope }) if self.word(1) == "loop" => (*scope, 2),
            _ => return,
        };
        let Some((label, at)) = self.ident(n).filter(|_| self.res.whole) else { return };
        let message = match self.res.scopes.get(scope).and_then(|it| it.label.as_ref()) {
            None => format!("end label \"{label}\" specified for unlabeled block"),
            Some(own) if *own != label => {
                format!("end label \"{label}\" differs from block's label \"{own}\"")
            }
            Some(_) => return,
        };
        self.res.errors.push((at, message));
    }
}
