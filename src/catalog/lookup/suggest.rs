//! 'Did you mean': the nearest of several names.

/// The candidate nearest to `name`, when one is near: at most one edit per three characters (transpositions count as
/// one edit), at least one, and fewer edits than half of the name. Case is ignored. The first of equals wins.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let limit = (wanted.len().div_ceil(3)).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    let mut rows = Rows::default();
    for candidate in candidates {
        let n_chars = candidate.chars().count();
        let bound = best.map_or(limit, |it| it.0.saturating_sub(1));
        if n_chars.abs_diff(wanted.len()) > bound || candidate == name {
            continue;
        }
        let distance = rows.distance(&wanted, candidate, bound);
        if distance <= bound && distance * 2 <= wanted.len().max(n_chars) {
            best = Some((distance, candidate));
        }
        if matches!(best, Some((0, _))) {
            break;
        }
    }
    best.map(|it| it.1)
}

/// Reused memory of the table's last three rows.
#[derive(Default)]
struct Rows {
    candidate: Vec<char>,
    before: Vec<usize>,
    last: Vec<usize>,
    this: Vec<usize>,
}

impl Rows {
    /// Damerau-Levenshtein (optimal string alignment); gives up with a number above `bound`.
    fn distance(&mut self, wanted: &[char], candidate: &str, bound: usize) -> usize {
        self.candidate.clear();
        self.candidate.extend(candidate.chars().flat_map(char::to_lowercase));
        let n = self.candidate.len();
        self.last.clear();
        self.last.extend(0..=n);
        self.before.clear();
        self.before.resize(n + 1, 0);
        for (i, a) in wanted.iter().enumerate() {
            self.this.clear();
            self.this.push(i + 1);
            let mut least = i + 1;
            for (j, b) in self.candidate.iter().enumerate() {
                let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
                let mut value = (cell(&self.last, j) + usize::from(a != b))
                    .min(cell(&self.last, j + 1) + 1)
                    .min(cell(&self.this, j) + 1);
                if i > 0 && j > 0 && wanted.get(i - 1) == Some(b) && self.candidate.get(j - 1) == Some(a) {
                    value = value.min(cell(&self.before, j - 1) + 1);
                }
                least = least.min(value);
                self.this.push(value);
            }
            if least > bound {
                return least;
            }
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.this);
        }
        self.last.get(n).copied().unwrap_or(usize::MAX)
    }
}
