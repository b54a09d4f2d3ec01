//! Parameters between quotes.

use crate::embed::{Fragment, Piece};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::lint::template::Template;
use crate::sema::code::Severity::Error;
use crate::sema::render::Library;
use crate::sema::render::kind::Kind;

pub const RULE: Lint = Lint::query("quoted-placeholder", Error, include_str!("quoted-placeholder.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for fragment in script.fragments() {
        if !has_quotes(fragment) || script.library(fragment) != Library::Drizzle {
            continue;
        }
        let template = Template::new(script, fragment);
        for hole in template.holes.iter().filter(|it| template.is_quoted(it)) {
            if script.kind(hole.expr) != Kind::Param || script.is_entity(hole.expr) {
                continue;
            }
            let message = "this parameter stands in a string constant: PostgreSQL reads the text $1 there";
            let report = acc.report(hole.host, message);
            // `'${x}'` and nothing else in the constant.
            let whole = template.before(hole).ends_with('\'') && template.after(hole).starts_with('\'');
            let source = script.text;
            let (start, end) = (usize::from(hole.host.start()), usize::from(hole.host.end()));
            let opens = source.get(..start).is_some_and(|it| it.ends_with("'${"));
            let closes = source.get(end..).is_some_and(|it| it.starts_with("}'"));
            if whole && opens && closes {
                let edit = |at: usize| (crate::base::text::range(at, at + 1), String::new());
                report.fix("Take away the quotes", vec![edit(start - 3), edit(end + 1)]);
            }
        }
    }
}

/// A look at the text first: most templates hold no string constant.
fn has_quotes(fragment: &Fragment) -> bool {
    let mut texts = fragment.pieces.iter().filter_map(|it| match it {
        Piece::Text { text, .. } => Some(text),
        Piece::Hole { .. } => None,
    });
    fragment.pieces.len() > 1 && texts.any(|it| it.contains('\'') || it.contains('$'))
}
