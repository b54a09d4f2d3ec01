//! Globs as drizzle-kit reads them: those of minimatch 5, on which the `glob.sync` of both its lines rests. Names that begin
//! with a dot are matched by dots only.

mod braces;
mod segment;

use segment::Segment;

/// A pattern, its braces written out.
#[derive(Debug, Clone)]
pub struct Glob {
    pub alternatives: Vec<Alternative>,
}

/// One of the patterns that braces make.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The directories in front that are named as they are; with nothing behind them, the file or directory that is meant.
    pub fixed: String,
    segments: Vec<Segment>,
}

impl Glob {
    /// `None`: its braces make too many patterns.
    pub fn new(pattern: &str) -> Option<Glob> {
        let alternatives = braces::expand(pattern)?.iter().map(|it| Alternative::new(it)).collect();
        Some(Glob { alternatives })
    }
}

/// Whether a path means more than itself.
pub fn is_magic(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '{']) || ["+(", "@(", "!("].iter().any(|it| pattern.contains(it))
}

impl Alternative {
    fn new(pattern: &str) -> Alternative {
        let parts: Vec<&str> = pattern.split('/').collect();
        let n_fixed = parts.iter().take_while(|it| !is_magic(it) && !it.contains('\\')).count();
        let (fixed, rest) = parts.split_at_checked(n_fixed).unwrap_or((&[], &parts));
        let segments = rest.iter().filter(|it| !it.is_empty()).map(|it| Segment::new(it)).collect();
        Alternative { fixed: fixed.join("/"), segments }
    }

    /// Nothing stands behind the directories in front.
    pub fn is_fixed(&self) -> bool {
        self.segments.is_empty()
    }

    /// Whether a path below the directories in front is meant.
    pub fn is_match(&self, relative: &str) -> bool {
        let names: Vec<&str> = relative.split('/').collect();
        path(&self.segments, &names)
    }
}

fn path(segments: &[Segment], names: &[&str]) -> bool {
    match segments.split_first() {
        None => names.is_empty(),
        Some((Segment::Any, rest)) => {
            let n_seen = names.iter().take_while(|it| !it.starts_with('.')).count();
            if rest.is_empty() {
                return !names.is_empty() && n_seen == names.len();
            }
            (0..=n_seen).any(|n| names.get(n..).is_some_and(|it| path(rest, it)))
        }
        Some((segment, rest)) => match names.split_first() {
            Some((name, names)) => segment.is_match(name) && path(rest, names),
            None => false,
        },
    }
}

#[cfg(test)]
mod tests;
