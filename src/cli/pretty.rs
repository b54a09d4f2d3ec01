//! `check --format pretty`: source excerpts with carets, for people.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::outcome::{Outcome, Source, counted};
use crate::base::file::FileRange;
use crate::base::text::TextRange;
use crate::lint::{Diagnostic, Severity};

#[derive(Debug, Clone, Copy)]
pub struct Config {
    pub color: bool,
    pub width: usize,
    pub explain_skipped: bool,
    /// Problems only.
    pub quiet: bool,
}

/// A line longer than this many bytes is cut around its mark before it is drawn (minified files).
const LONG_LINE: usize = 1000;
/// Related places at most this many lines from the problem are drawn in the same excerpt.
const NEAR: u32 = 12;
/// Marks over more lines show their first line only.
const TALL: u32 = 12;

pub fn render(outcome: &Outcome, config: Config) -> String {
    let renderer = if config.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(config.width);
    let mut res = String::new();
    for it in &outcome.diagnostics {
        res.push_str(&renderer.render(&groups(outcome, it)));
        res.push_str("\n\n");
    }
    if !config.quiet {
        if config.explain_skipped {
            skipped(outcome, &mut res);
        }
        summary(outcome, config, &mut res);
    }
    res
}

fn groups<'a>(outcome: &'a Outcome, it: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = level(it.severity);
    let message = match it.sqlstate {
        Some(state) => format!("{} (SQLSTATE {state})", it.message),
        None => it.message.clone(),
    };
    let mut group = Group::with_title(level.primary_title(message).id(it.code));
    let mut far = Vec::new();
    if let Some(source) = outcome.source(it.at.file) {
        let main_line = source.lines.line_of(it.at.value.start());
        let (near, rest): (Vec<_>, Vec<_>) = it.related.iter().partition(|related| {
            related.at.file == it.at.file
                && source.lines.line_of(related.at.value.start()).abs_diff(main_line) <= NEAR
                && !is_long(source, related.at.value)
                && !is_long(source, it.at.value)
        });
        far = rest;
        let near: Vec<(TextRange, &str)> =
            near.iter().map(|related| (related.at.value, related.message.as_str())).collect();
        group = excerpt(group, source, it.at, &near);
    }
    if let Some(hint) = &it.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    if let Some(fix) = it.fixes.iter().find(|it| it.safe) {
        group = group.element(Level::HELP.message(format!("`--fix` applies: {}", fix.title)));
    }
    let mut res = vec![group];
    for related in far {
        let mut group = Group::with_title(Level::NOTE.secondary_title(related.message.as_str()));
        if let Some(source) = outcome.source(related.at.file) {
            group = excerpt(group, source, related.at, &[]);
        }
        res.push(group);
    }
    res
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO.with_name("information"),
        Severity::Hint => Level::NOTE.with_name("hint"),
    }
}

/// Adds the lines around a place. Only those lines are handed to the renderer, so that a problem in a file of
/// megabytes costs no more than one in a small file.
fn excerpt<'a>(
    group: Group<'a>,
    source: &'a Source,
    at: FileRange,
    near: &[(TextRange, &'a str)],
) -> Group<'a> {
    let text_len = source.text.len();
    let lines = &source.lines;
    let mark = clamp(first_lines(source, at.value), text_len);
    if is_long(source, at.value) {
        return cut_line(group, source, mark);
    }
    let marks: Vec<(Range<usize>, &str)> =
        near.iter().map(|(range, label)| (clamp(first_lines(source, *range), text_len), *label)).collect();
    let starts = marks.iter().map(|it| it.0.start).chain([mark.start]);
    let ends = marks.iter().map(|it| it.0.end).chain([mark.end]);
    let first = lines.line_of((starts.min().unwrap_or(0) as u32).into());
    let last = lines.line_of((ends.max().unwrap_or(0) as u32).into());
    let from = usize::from(lines.line_range(first).start());
    let to = usize::from(lines.line_range(last).end());
    let Some(window) = source.text.get(from..to) else { return group };
    let inside = |range: &Range<usize>| range.start - from..range.end - from;
    let mut snippet = Snippet::source(window)
        .path(source.path.as_str())
        .line_start(first as usize + 1)
        .annotation(AnnotationKind::Primary.span(inside(&mark)));
    for (range, label) in &marks {
        let annotation: Annotation<'a> = AnnotationKind::Context.span(inside(range)).label(*label);
        snippet = snippet.annotation(annotation);
    }
    group.element(snippet)
}

/// A very long line: the place is told apart from the excerpt, whose columns are not the file's.
fn cut_line<'a>(group: Group<'a>, source: &'a Source, mark: Range<usize>) -> Group<'a> {
    let line = source.lines.line_range(source.lines.line_of((mark.start as u32).into()));
    let mut from = mark.start.saturating_sub(LONG_LINE / 4).max(line.start().into());
    let mut to = (mark.start + LONG_LINE / 4).min(line.end().into()).min(source.text.len());
    while !source.text.is_char_boundary(from) {
        from -= 1;
    }
    while !source.text.is_char_boundary(to) {
        to -= 1;
    }
    let position = source.position((mark.start as u32).into());
    let origin =
        Origin::path(source.path.as_str()).line(position.line as usize).char_column(position.column as usize);
    let Some(window) = source.text.get(from..to) else { return group.element(origin) };
    let end = mark.end.clamp(mark.start, to);
    let snippet = Snippet::source(window.trim_end_matches(['\r', '\n']))
        .line_start(position.line as usize)
        .annotation(AnnotationKind::Primary.span(mark.start - from..end - from));
    group.element(origin).element(snippet)
}

fn is_long(source: &Source, range: TextRange) -> bool {
    let first = source.lines.line_of(range.start());
    let last = source.lines.line_of(range.end()).min(first + TALL);
    (first..=last).any(|line| usize::from(source.lines.line_range(line).len()) > LONG_LINE)
}

/// The range, or its first line when it covers too many.
fn first_lines(source: &Source, range: TextRange) -> TextRange {
    let first = source.lines.line_of(range.start());
    if source.lines.line_of(range.end()) - first <= TALL {
        return range;
    }
    let line = source.lines.line_range(first);
    let text = source.text.get(usize::from(range.start())..usize::from(line.end())).unwrap_or("");
    crate::base::text::range(
        range.start().into(),
        usize::from(range.start()) + text.trim_end_matches(['\r', '\n']).len(),
    )
}

fn clamp(range: TextRange, len: usize) -> Range<usize> {
    let start = usize::from(range.start()).min(len);
    start..usize::from(range.end()).clamp(start, len)
}

fn skipped(outcome: &Outcome, acc: &mut String) {
    if outcome.coverage.skipped.is_empty() {
        return;
    }
    acc.push_str("not checked:\n");
    for it in &outcome.coverage.skipped {
        let (start, _) = outcome.positions(it.at);
        let path = outcome.path(it.at.file);
        let _ = write!(acc, "  {path}:{}:{}: {}", start.line, start.column, it.reason.label());
        if it.detail.is_empty() {
            acc.push('\n');
        } else {
            let _ = writeln!(acc, ": {}", it.detail);
        }
    }
    acc.push('\n');
}

fn summary(outcome: &Outcome, Config { color, explain_skipped, .. }: Config, acc: &mut String) {
    for it in &outcome.fixed {
        let _ = writeln!(acc, "fixed {}:{}: {} [{}]", it.path, it.line, it.title, it.code);
    }
    if !outcome.fixed.is_empty() {
        acc.push('\n');
    }
    let names = [
        (Severity::Error, "error", "\x1b[1;91m"),
        (Severity::Warning, "warning", "\x1b[1;33m"),
        (Severity::Information, "remark", "\x1b[1;94m"),
        (Severity::Hint, "hint", "\x1b[1;92m"),
    ];
    let counts: Vec<String> = names
        .iter()
        .map(|&(severity, name, style)| (outcome.count(severity), name, style))
        .filter(|&(count, _, _)| count > 0)
        .map(|(count, name, style)| {
            let text = counted(count, name);
            if color { format!("{style}{text}\x1b[0m") } else { text }
        })
        .collect();
    match counts.split_last() {
        None if color => acc.push_str("\x1b[1;92mno problems\x1b[0m"),
        None => acc.push_str("no problems"),
        Some((last, [])) => acc.push_str(last),
        Some((last, rest)) => {
            let _ = write!(acc, "{} and {last}", rest.join(", "));
        }
    }
    if outcome.n_hidden > 0 {
        let _ = write!(acc, " ({} hidden by the baseline)", outcome.n_hidden);
    }
    acc.push('\n');
    let _ = writeln!(acc, "{}", outcome.coverage.line());
    let tip = !explain_skipped && outcome.coverage.n_skipped() > 0;
    let tip = if tip { " (--explain-skipped lists what was not checked)" } else { "" };
    let seconds = outcome.milliseconds as f64 / 1000.0;
    let _ = writeln!(acc, "{} in {seconds:.2} s{tip}", counted(outcome.n_files as usize, "file"));
}

#[cfg(test)]
mod tests;
