//! Which part of its file a directive is about: at the end of a line, that line; else the next statement or
//! declaration, or the next line when it stands inside a statement; `columnist-ignore-file` before everything
//! else, the file.

use super::{Placed, Reach};
use crate::base::line_index::LineIndex;
use crate::base::text::{TextRange, range, slice};
use crate::embed::{Fragment, Piece};
use crate::sql::Dialect;
use crate::sql::split::{self, PieceKind};
use crate::sql::suppress::{Scope, directive};
use crate::sql::token::{TokenKind, lex};
use crate::ts;
use crate::ts::parse::comments::comments;

/// Directives of a SQL file, in text order.
pub fn in_sql(text: &str) -> Vec<Placed> {
    let lines = LineIndex::new(text);
    let pieces = split::split(text, Dialect::Postgres);
    let statements: Vec<TextRange> =
        pieces.iter().filter(|it| it.kind == PieceKind::Sql).map(|it| it.range).collect();
    let first = statements.first().map_or(text.len(), |it| it.start().into());
    let mut res = Vec::new();
    for comment in sql_comments(text) {
        let Some(directive) = directive(text, comment) else { continue };
        let next = statements.iter().find(|it| it.start() >= comment.end());
        let inside = statements.iter().any(|it| it.contains_range(comment));
        let reach = if directive.scope == Scope::File {
            if usize::from(comment.start()) < first { Reach::File } else { Reach::Nothing }
        } else if ends_line(text, &lines, comment) {
            Reach::Line(lines.line_of(comment.start()))
        } else if inside {
            next_line(text, &lines, comment)
        } else {
            next.map_or(Reach::Nothing, |it| Reach::Range(*it))
        };
        res.push(Placed { directive, comment, reach });
    }
    res
}

/// Directives of a script: its own comments, and SQL comments inside its fragments.
pub fn in_script(text: &str, flavor: ts::Flavor, fragments: &[Fragment]) -> Vec<Placed> {
    let lines = LineIndex::new(text);
    let mut res = Vec::new();
    let all = comments(text, flavor);
    // At the top: nothing but comments and `#!` stands before.
    let mut top = 0;
    if text.starts_with("#!") {
        top = text.find('\n').unwrap_or(text.len());
    }
    for comment in &all {
        let gap = text.get(top..usize::from(comment.range.start())).unwrap_or("x");
        let is_top = gap.trim_start_matches('\u{feff}').trim().is_empty();
        if is_top {
            top = comment.range.end().into();
        }
        let Some(directive) = directive(text, without_braces(text, comment.range)) else { continue };
        let reach = if directive.scope == Scope::File {
            if is_top { Reach::File } else { Reach::Nothing }
        } else if ends_line(text, &lines, comment.range) {
            Reach::Line(lines.line_of(comment.range.start()))
        } else {
            comment.next.map_or(Reach::Nothing, Reach::Range)
        };
        res.push(Placed { directive, comment: comment.range, reach });
    }
    for fragment in fragments {
        in_fragment(text, &lines, fragment, &mut res);
    }
    res.sort_by_key(|it| it.comment.start());
    res
}

/// SQL comments in a template. Pieces with escapes are left alone: nobody writes escapes around a comment.
fn in_fragment(text: &str, lines: &LineIndex, fragment: &Fragment, acc: &mut Vec<Placed>) {
    let mut leading = true;
    for piece in &fragment.pieces {
        let Piece::Text { map, .. } = piece else {
            leading = false;
            continue;
        };
        let host = slice(text, map.host);
        for token in lex(host) {
            let at = token.range + map.host.start();
            match token.kind {
                TokenKind::Whitespace => continue,
                TokenKind::LineComment | TokenKind::BlockComment { terminated: true } => {}
                _ => {
                    leading = false;
                    continue;
                }
            }
            let Some(directive) = directive(text, at).filter(|_| map.escapes.is_empty()) else { continue };
            let reach = if directive.scope == Scope::File {
                Reach::Nothing
            } else if leading {
                Reach::Range(TextRange::new(at.end(), fragment.host.end().max(at.end())))
            } else if ends_line(text, lines, at) {
                Reach::Line(lines.line_of(at.start()))
            } else {
                next_line(text, lines, at)
            };
            acc.push(Placed { directive, comment: at, reach });
        }
    }
}

/// The comment inside `{/* … */}`.
fn without_braces(text: &str, comment: TextRange) -> TextRange {
    let whole = slice(text, comment);
    let start = whole.len() - whole.trim_start_matches(['{', ' ', '\t', '\r', '\n']).len();
    let end = whole.trim_end_matches(['}', ' ', '\t', '\r', '\n']).len();
    if whole.starts_with('{') && start <= end { range(start, end) + comment.start() } else { comment }
}

fn sql_comments(text: &str) -> Vec<TextRange> {
    let is_comment = |kind| matches!(kind, TokenKind::LineComment | TokenKind::BlockComment { .. });
    lex(text).into_iter().filter(|it| is_comment(it.kind)).map(|it| it.range).collect()
}

/// Something stands before the comment on its line, and nothing after it.
fn ends_line(text: &str, lines: &LineIndex, comment: TextRange) -> bool {
    let first = lines.line_range(lines.line_of(comment.start()));
    let last = lines.line_range(lines.line_of(comment.end()));
    let before = slice(text, TextRange::new(first.start(), comment.start()));
    let after = slice(text, TextRange::new(comment.end(), last.end().max(comment.end())));
    !before.trim().is_empty() && after.trim().is_empty()
}

/// The next line that is not blank.
fn next_line(text: &str, lines: &LineIndex, comment: TextRange) -> Reach {
    let end: usize = comment.end().into();
    let after = text.get(end..).unwrap_or("");
    let blank = after.len() - after.trim_start().len();
    if blank == after.len() {
        return Reach::Nothing;
    }
    Reach::Line(lines.line_of(range(end + blank, end + blank).start()))
}
