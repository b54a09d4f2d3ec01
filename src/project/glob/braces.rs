//! `{a,b}`, `{1..3}` and `{a..c}` written out, as brace-expansion does.

/// More patterns than these are not made.
const MAX: usize = 4096;

/// The patterns that a pattern with braces stands for; `None`: too many.
pub fn expand(pattern: &str) -> Option<Vec<String>> {
    let Some((open, close)) = pair(pattern) else { return Some(vec![pattern.to_owned()]) };
    let (before, body, after) =
        (pattern.get(..open)?, pattern.get(open + 1..close)?, pattern.get(close + 1..)?);
    let behind = expand(after)?;
    let parts = parts(body);
    let middle: Vec<String> = if before.ends_with('$') {
        vec![format!("{{{body}}}")]
    } else if let Some(sequence) = sequence(body) {
        sequence?
    } else if let [only] = parts.as_slice() {
        // Not a choice: the braces stand for themselves, but for a choice within them.
        match pair(only) {
            Some(_) => expand(only)?.iter().map(|it| format!("{{{it}}}")).collect(),
            None => vec![format!("{{{body}}}")],
        }
    } else {
        let mut all = Vec::new();
        for part in parts {
            all.extend(expand(part)?);
        }
        all
    };
    if middle.len().checked_mul(behind.len())? > MAX {
        return None;
    }
    let each = |middle: &String| behind.iter().map(move |after| format!("{before}{middle}{after}")).collect();
    Some(middle.iter().flat_map::<Vec<String>, _>(each).collect())
}

/// The first `{` that has its `}`.
fn pair(text: &str) -> Option<(usize, usize)> {
    let mut open: Vec<usize> = Vec::new();
    let mut found: Option<(usize, usize)> = None;
    for (at, c) in unescaped(text) {
        match c {
            '{' => open.push(at),
            '}' => {
                let Some(start) = open.pop() else { continue };
                if found.is_none_or(|it| start < it.0) {
                    found = Some((start, at));
                }
                if open.is_empty() {
                    return found;
                }
            }
            _ => {}
        }
    }
    found
}

/// What stands between the commas that are in no braces of their own.
fn parts(body: &str) -> Vec<&str> {
    let (mut res, mut from, mut depth) = (Vec::new(), 0, 0usize);
    for (at, c) in unescaped(body) {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                res.extend(body.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    res.extend(body.get(from..));
    res
}

fn unescaped(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut escaped = false;
    text.char_indices().filter(move |(_, c)| {
        let is_plain = !escaped && *c != '\\';
        escaped = !escaped && *c == '\\';
        is_plain
    })
}

/// `1..3`, `01..10..2`, `a..e`; `Some(None)`: too many.
fn sequence(body: &str) -> Option<Option<Vec<String>>> {
    let parts: Vec<&str> = body.split("..").collect();
    let (from, to, step) = match parts.as_slice() {
        [from, to] => (*from, *to, 1),
        [from, to, step] => (*from, *to, step.parse::<i64>().ok()?.checked_abs()?.max(1)),
        _ => return None,
    };
    let letter = |it: &str| {
        let mut chars = it.chars();
        chars.next().filter(|it| it.is_ascii_alphabetic() && chars.next().is_none())
    };
    let steps = |from: i64, to: i64| -> Option<Vec<i64>> {
        let n = to.checked_sub(from)?.checked_abs()?.checked_div(step)?;
        let sign = if to < from { -1 } else { 1 };
        (n < MAX as i64).then(|| (0..=n).map(|it| from + sign * it * step).collect())
    };
    if let (Some(from), Some(to)) = (letter(from), letter(to)) {
        let all = steps(i64::from(u32::from(from)), i64::from(u32::from(to)));
        let text =
            |it: i64| u32::try_from(it).ok().and_then(char::from_u32).map_or(String::new(), |it| it.into());
        return Some(all.map(|it| it.into_iter().map(text).collect()));
    }
    let is_padded = |it: &str| {
        let digits = it.trim_start_matches('-');
        digits.len() > 1 && digits.starts_with('0')
    };
    let width = if is_padded(from) || is_padded(to) { from.len().max(to.len()) } else { 0 };
    let all = steps(from.parse().ok()?, to.parse().ok()?);
    let text = |it: i64| format!("{it:0width$}");
    Some(all.map(|it| it.into_iter().map(text).collect()))
}
