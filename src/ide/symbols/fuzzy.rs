//! How well a typed text fits a name.

/// `None`: the letters of `query` do not all stand in `name` in this order, case ignored. Higher is better: the
/// whole name, its beginning, beginnings of its words, letters in a row, short names.
pub fn score(query: &str, name: &str) -> Option<i32> {
    let wanted: Vec<char> = query.chars().flat_map(char::to_lowercase).collect();
    let Some(&first) = wanted.first() else { return Some(0) };
    let given: Vec<char> = name.chars().collect();
    if wanted.len() > given.len() {
        return None;
    }
    let starts = given.iter().enumerate().filter(|(_, c)| lower(**c) == first).map(|it| it.0);
    let best = starts.filter_map(|start| from(&wanted, &given, start)).max()?;
    let exact = given.len() == wanted.len();
    Some(best + if exact { 100 } else { 0 } - given.len() as i32)
}

/// The score of the match that takes each letter where it comes first, from `start` on.
fn from(wanted: &[char], given: &[char], start: usize) -> Option<i32> {
    let mut res = if start == 0 { 30 } else { 0 };
    let mut at = start;
    let mut last: Option<usize> = None;
    for letter in wanted {
        let rest = given.get(at..)?;
        let begins = |idx: usize| word_begins(given, idx);
        let plain = at + rest.iter().position(|c| lower(*c) == *letter)?;
        // A letter in a row is best, else one that begins a word.
        let found = if last.is_some_and(|it| it + 1 == plain) || begins(plain) {
            plain
        } else {
            (plain..given.len())
                .find(|idx| begins(*idx) && given.get(*idx).is_some_and(|c| lower(*c) == *letter))
                .unwrap_or(plain)
        };
        res += match last {
            Some(it) if it + 1 == found => 12,
            _ if begins(found) => 10,
            Some(it) => -((found - it) as i32).min(8),
            None => 0,
        };
        last = Some(found);
        at = found + 1;
    }
    Some(res)
}

fn word_begins(given: &[char], idx: usize) -> bool {
    let Some(before) = idx.checked_sub(1).and_then(|idx| given.get(idx)) else { return true };
    !before.is_alphanumeric() || (before.is_lowercase() && given.get(idx).is_some_and(|it| it.is_uppercase()))
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn better_matches_come_first() {
        let order = |query: &str, names: &[&str]| {
            let mut res: Vec<(i32, &str)> =
                names.iter().filter_map(|it| Some((-score(query, it)?, *it))).collect();
            res.sort();
            res.into_iter().map(|it| it.1.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            order("post", &["blog_posts", "compost", "posts", "post", "post_categories", "pst"]),
            ["post", "posts", "post_categories", "blog_posts", "compost"]
        );
        assert_eq!(
            order("pc", &["topic", "post_categories", "epic", "PostComment"])[..2],
            ["PostComment", "post_categories"]
        );
        assert_eq!(order("crat", &["created_at", "crate"]), ["crate", "created_at"]);
        assert_eq!(score("x", "posts"), None);
        assert!(score("É", "éa").is_some());
    }
}
