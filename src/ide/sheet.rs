//! The SQL of a file at the file's own offsets: what features that read tokens look at.
//!
//! A fragment's holes and escape sequences are written over so that the text keeps its length; what a hole holds is
//! nobody's business here.

use std::sync::Arc;

use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize, range, slice};
use crate::db::{FileAnalysis, FileKind, SkipReason, Snapshot};
use crate::embed::{Fragment, Piece, Source};
use crate::facts::Loc;

/// A piece of SQL in a file.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The bytes of the file that `text` stands for: a whole SQL file, or what is between a fragment's delimiters.
    pub host: TextRange,
    /// As long as `host`.
    pub text: Arc<str>,
    /// The holes of a fragment, in bytes of the file, in text order.
    pub holes: Vec<TextRange>,
    /// A fragment with its delimiters; `None` for a SQL file.
    pub fragment: Option<TextRange>,
    /// The closing delimiter is missing: the text may go on into what is no SQL.
    pub unclosed: bool,
}

/// The SQL of a file in text order; of a SQL file one sheet. Strings that turned out to be no SQL are left out.
pub fn sheets(snap: &Snapshot, file: FileId) -> Cancellable<Vec<Sheet>> {
    let Some(state) = snap.state(file) else { return Ok(Vec::new()) };
    match state.kind {
        FileKind::Data => Ok(Vec::new()),
        FileKind::Sql => Ok(vec![Sheet {
            host: range(0, state.text.len()),
            text: Arc::clone(&state.text),
            holes: Vec::new(),
            fragment: None,
            unclosed: false,
        }]),
        FileKind::Script(_) => {
            let fragments = state.fragments();
            if fragments.is_empty() {
                return Ok(Vec::new());
            }
            let analysis = snap.analysis(file)?;
            let mut res: Vec<Sheet> = Vec::new();
            for fragment in fragments.iter() {
                if is_sql(&analysis, fragment, &res) {
                    res.extend(sheet(&state.text, fragment));
                }
            }
            Ok(res)
        }
    }
}

/// Whether analysis took the fragment for SQL. One that stands in the hole of another is read with that one.
fn is_sql(analysis: &FileAnalysis, fragment: &Fragment, before: &[Sheet]) -> bool {
    let idx = analysis.units.partition_point(|it| it.host.start() < fragment.host.start());
    let checked = analysis.units.get(idx).is_some_and(|it| it.host == fragment.host);
    let skipped = || {
        let not = [SkipReason::NotSql, SkipReason::ForeignFile];
        analysis.skipped.iter().any(|it| it.host == fragment.host && !not.contains(&it.reason))
    };
    let nested = || {
        matches!(fragment.source, Source::Tagged { .. })
            && before.iter().rev().any(|it| it.holes.iter().any(|hole| hole.contains_range(fragment.host)))
    };
    checked || skipped() || nested()
}

fn sheet(text: &str, fragment: &Fragment) -> Option<Sheet> {
    let place = |it: &Piece| match it {
        Piece::Text { map, .. } => map.host,
        Piece::Hole { host, .. } => *host,
    };
    let start = fragment.pieces.iter().map(|it| place(it).start()).min()?;
    let end = fragment.pieces.iter().map(|it| place(it).end()).max()?;
    let mut built = Builder { base: start, text: String::with_capacity((end - start).into()) };
    let mut holes = Vec::new();
    for piece in &fragment.pieces {
        match piece {
            Piece::Text { text: decoded, map } => {
                let mut from = map.host.start();
                for escape in &map.escapes {
                    let at = range(escape.host_start as usize, escape.host_end as usize);
                    built.copy(text, TextRange::new(from, at.start().max(from)));
                    let meant = decoded.get(escape.start as usize..escape.end as usize).unwrap_or("");
                    built.overwrite(at, meant, ' ');
                    from = at.end();
                }
                built.copy(text, TextRange::new(from, map.host.end().max(from)));
            }
            Piece::Hole { host, .. } => {
                holes.push(*host);
                built.overwrite(*host, "", '_');
            }
        }
    }
    built.fill_to(end, '_');
    Some(Sheet {
        host: TextRange::new(start, end),
        text: built.text.into(),
        holes,
        fragment: Some(fragment.host),
        unclosed: fragment.unclosed,
    })
}

struct Builder {
    base: TextSize,
    text: String,
}

impl Builder {
    fn at(&self) -> TextSize {
        self.base + TextSize::of(self.text.as_str())
    }

    fn fill_to(&mut self, offset: TextSize, with: char) {
        let missing = u32::from(offset).saturating_sub(self.at().into());
        self.text.extend(std::iter::repeat_n(with, missing as usize));
    }

    fn copy(&mut self, text: &str, host: TextRange) {
        self.fill_to(host.start(), '_');
        if self.at() == host.start() {
            self.text.push_str(slice(text, host));
        }
    }

    /// Writes `meant` over the bytes of `host`, and `pad` over the rest of them.
    fn overwrite(&mut self, host: TextRange, meant: &str, pad: char) {
        self.fill_to(host.start(), '_');
        if self.at() == host.start() && meant.len() <= usize::from(host.len()) {
            self.text.push_str(meant);
        }
        self.fill_to(host.end(), pad);
    }
}

/// A stretch of a sheet: one statement, or what stands between two.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Bytes of the file.
    pub range: TextRange,
    /// `None`: between statements, where only comments matter.
    pub statement: Option<Loc>,
}

/// The parts of a SQL file that touch `within`, in text order.
pub fn parts(snap: &Snapshot, file: FileId, text: &str, within: Option<TextRange>) -> Vec<Part> {
    let statements = snap.statements(file);
    let ranges = &statements.1.ranges;
    let first = within.map_or(0, |it| ranges.partition_point(|at| at.end() < it.start()));
    let mut res = Vec::new();
    let mut from = first.checked_sub(1).and_then(|idx| ranges.get(idx)).map_or(0.into(), |it| it.end());
    for (idx, &at) in ranges.iter().enumerate().skip(first) {
        res.push(Part { range: TextRange::new(from, at.start().max(from)), statement: None });
        if within.is_some_and(|it| it.end() < at.start()) {
            return res;
        }
        res.push(Part { range: at, statement: Some(Loc(idx as u32)) });
        from = at.end().max(from);
    }
    let end = TextSize::of(text).max(from);
    res.push(Part { range: TextRange::new(from, end), statement: None });
    res
}

/// The part of a gap between statements that may hold comments: data of COPY is skipped.
pub fn comments_of_gap(text: &str, gap: TextRange) -> TextRange {
    let Some(data) = slice(text, gap).rfind("\n\\.") else { return gap };
    let end = gap.start() + TextSize::from(data as u32 + 3);
    TextRange::new(end.min(gap.end()), gap.end())
}
