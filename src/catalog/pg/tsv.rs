//! The generated tables: lines of tab-separated fields, `\N` for null.

use std::borrow::Cow;

/// The data lines of a table: comments and the header are skipped.
pub fn rows(text: &'static str) -> impl Iterator<Item = Row> {
    text.lines().filter(|it| !it.starts_with('#')).skip(1).map(Row::new)
}

/// The lines of an extension's table, whose first field is the kind.
pub fn rows_of_kind(text: &'static str, kind: &'static str) -> impl Iterator<Item = Row> {
    text.lines().filter_map(move |it| it.strip_prefix(kind)?.strip_prefix('\t')).map(Row::new)
}

/// One line, read from left to right.
#[derive(Clone)]
pub struct Row {
    rest: Option<&'static str>,
}

impl Row {
    pub fn new(line: &'static str) -> Row {
        Row { rest: Some(line) }
    }

    /// The next field as it stands; empty when there is none.
    pub fn text(&mut self) -> &'static str {
        let Some(rest) = self.rest else { return "" };
        match rest.split_once('\t') {
            Some((field, rest)) => {
                self.rest = Some(rest);
                field
            }
            None => {
                self.rest = None;
                rest
            }
        }
    }

    pub fn skip(&mut self, n: usize) {
        for _ in 0..n {
            self.text();
        }
    }

    /// The next field, `None` for null.
    pub fn nullable(&mut self) -> Option<&'static str> {
        Some(self.text()).filter(|it| *it != "\\N")
    }

    pub fn number(&mut self) -> u32 {
        self.text().parse().unwrap_or(0)
    }

    pub fn flag(&mut self) -> bool {
        self.text() == "t"
    }

    pub fn char(&mut self) -> char {
        self.text().chars().next().unwrap_or('-')
    }
}

/// A field's text without the escapes of the format.
pub fn unescape(field: &str) -> Cow<'_, str> {
    if !field.contains('\\') {
        return Cow::Borrowed(field);
    }
    let mut res = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('t') => res.push('\t'),
                Some('n') => res.push('\n'),
                Some('r') => res.push('\r'),
                Some(c) => res.push(c),
                None => res.push('\\'),
            },
            (c, false) => res.push(c),
        }
    }
    Cow::Owned(res)
}
