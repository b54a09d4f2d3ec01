//! What can be folded in SQL files and in fragments.

use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize, slice};
use crate::db::Snapshot;
use crate::sql::token::{StringPrefix, Token, TokenKind, lex};

use super::sheet::{self, Sheet};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    pub range: TextRange,
    pub comment: bool,
}

/// Folds of more than one line, in text order; two of them lie apart or one in the other.
pub fn folds(snap: &Snapshot, file: FileId) -> Cancellable<Vec<Fold>> {
    let Some(state) = snap.state(file) else { return Ok(Vec::new()) };
    let mut res = Vec::new();
    for sheet in sheet::sheets(snap, file)?.iter().filter(|it| !it.unclosed) {
        snap.check()?;
        let mut folder = Folder { sheet, host: &state.text, acc: &mut res };
        match sheet.fragment {
            Some(host) => {
                folder.add(host, false);
                folder.part(sheet.host, Language::Sql);
            }
            None => {
                for part in sheet::parts(snap, file, &sheet.text, None) {
                    if part.statement.is_some() {
                        folder.add(part.range, false);
                        folder.part(part.range, Language::Sql);
                    } else {
                        folder.comments(sheet::comments_of_gap(&sheet.text, part.range));
                    }
                }
            }
        }
    }
    res.sort_by_key(|it| (it.range.start(), std::cmp::Reverse(it.range.end())));
    res.dedup_by_key(|it| it.range);
    Ok(res)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Sql,
    /// The body of a function: BEGIN and LOOP have an END.
    Body,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opener {
    Paren,
    Bracket,
    Case,
    Begin,
    Loop,
}

struct Folder<'a> {
    sheet: &'a Sheet,
    /// The file's text, in which lines are counted.
    host: &'a str,
    acc: &'a mut Vec<Fold>,
}

impl<'a> Folder<'a> {
    fn add(&mut self, range: TextRange, comment: bool) {
        if slice(self.host, range).contains(['\n', '\r']) {
            self.acc.push(Fold { range, comment });
        }
    }

    fn text(&self, at: TextRange) -> &'a str {
        let sheet = self.sheet;
        at.checked_sub(sheet.host.start()).map_or("", |at| slice(&sheet.text, at))
    }

    /// Everything in a part of the sheet that begins and ends between tokens.
    fn part(&mut self, at: TextRange, language: Language) {
        let text = self.text(at);
        let tokens = lex(text);
        let mut open: Vec<(Opener, TextSize)> = Vec::new();
        let significant: Vec<&Token> = tokens.iter().filter(|it| !it.kind.is_trivia()).collect();
        let is = |idx: Option<usize>, word: &str| {
            idx.and_then(|idx| significant.get(idx)).is_some_and(|it| it.is_word(text, word))
        };
        for (idx, it) in significant.iter().enumerate() {
            let range = it.range + at.start();
            let opens = match it.kind {
                TokenKind::OpenParen => Some(Opener::Paren),
                TokenKind::OpenBracket => Some(Opener::Bracket),
                TokenKind::Word if is(idx.checked_sub(1), "end") => None,
                TokenKind::Word if it.is_word(text, "case") => Some(Opener::Case),
                TokenKind::Word if language == Language::Body && it.is_word(text, "begin") => {
                    Some(Opener::Begin)
                }
                TokenKind::Word if language == Language::Body && it.is_word(text, "loop") => {
                    Some(Opener::Loop)
                }
                _ => None,
            };
            if let Some(opener) = opens {
                open.push((opener, range.start()));
                continue;
            }
            let closes: &[Opener] = match it.kind {
                TokenKind::CloseParen => &[Opener::Paren],
                TokenKind::CloseBracket => &[Opener::Bracket],
                TokenKind::Word if it.is_word(text, "end") => {
                    if is(Some(idx + 1), "if") {
                        continue;
                    }
                    if is(Some(idx + 1), "loop") { &[Opener::Loop] } else { &[Opener::Case, Opener::Begin] }
                }
                TokenKind::Semicolon if language == Language::Sql => {
                    open.clear();
                    continue;
                }
                TokenKind::String { prefix: StringPrefix::Dollar, terminated: true } => {
                    self.dollar(range);
                    continue;
                }
                _ => continue,
            };
            if let Some(found) = open.iter().rposition(|it| closes.contains(&it.0)) {
                let start = open.get(found).map_or(range.start(), |it| it.1);
                open.truncate(found);
                self.add(TextRange::new(start, range.end()), false);
            }
        }
        self.comment_runs(text, &tokens, at.start());
    }

    /// A string between dollar quotes, which is mostly code.
    fn dollar(&mut self, string: TextRange) {
        let text = self.text(string);
        if !text.contains(['\n', '\r']) {
            return;
        }
        self.add(string, false);
        let Some(quote) = text.get(1..).and_then(|it| it.find('$')).map(|it| TextSize::from(it as u32 + 2))
        else {
            return;
        };
        if string.len() >= quote + quote {
            self.part(TextRange::new(string.start() + quote, string.end() - quote), Language::Body);
        }
    }

    fn comments(&mut self, at: TextRange) {
        let text = self.text(at);
        if text.contains(['-', '/']) {
            self.comment_runs(text, &lex(text), at.start());
        }
    }

    /// Block comments, and line comments that follow each other with nothing else on their lines.
    fn comment_runs(&mut self, text: &str, tokens: &[Token], start: TextSize) {
        let mut run: Option<TextRange> = None;
        // Where a line begins, a comment stands alone on it.
        let mut line_start = self.starts_line(start);
        for it in tokens {
            match it.kind {
                TokenKind::Whitespace => {
                    let n_lines = it.text(text).matches('\n').count();
                    if n_lines > 1 {
                        self.end_run(&mut run);
                    }
                    line_start |= n_lines > 0;
                    continue;
                }
                TokenKind::LineComment if line_start => {
                    let range = it.range + start;
                    run = Some(run.map_or(range, |run| run.cover(range)));
                    // The line's end belongs to no comment.
                    line_start = false;
                    continue;
                }
                TokenKind::BlockComment { .. } => {
                    self.end_run(&mut run);
                    self.add(it.range + start, true);
                }
                _ => self.end_run(&mut run),
            }
            line_start = false;
        }
        self.end_run(&mut run);
    }

    fn end_run(&mut self, run: &mut Option<TextRange>) {
        if let Some(range) = run.take() {
            self.add(range, true);
        }
    }

    fn starts_line(&self, at: TextSize) -> bool {
        let before = self.host.get(..usize::from(at)).unwrap_or("");
        before.trim_end_matches([' ', '\t']).is_empty()
            || before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests;
