//! Column names from TypeScript keys, as Drizzle's `casing` makes them.

/// What becomes of a key that gives a column its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Casing {
    #[default]
    Keep,
    Snake,
    Camel,
}

impl Casing {
    /// From `casing` in drizzle.config.
    pub fn from_config(text: &str) -> Casing {
        match text {
            "snake_case" => Casing::Snake,
            "camelCase" => Casing::Camel,
            _ => Casing::Keep,
        }
    }

    pub fn apply(self, key: &str) -> String {
        match self {
            Casing::Keep => key.to_owned(),
            Casing::Snake => words(key).iter().map(|it| it.to_lowercase()).collect::<Vec<_>>().join("_"),
            Casing::Camel => {
                let mut res = String::new();
                for (word_idx, word) in words(key).iter().enumerate() {
                    let mut chars = word.chars();
                    match chars.next() {
                        _ if word_idx == 0 => res.push_str(&word.to_lowercase()),
                        Some(first) => {
                            res.extend(first.to_uppercase());
                            res.push_str(chars.as_str());
                        }
                        None => {}
                    }
                }
                res
            }
        }
    }
}

/// The words of a key: runs of digits and small letters, runs of capitals that no small letter follows, and a
/// capital with the digits and small letters after it, tried in this order at each place. drizzle-orm 0.x knows
/// ASCII letters only, 1.0 all: on ASCII keys both agree, and a key that is not ASCII loses letters in 0.x.
fn words(key: &str) -> Vec<String> {
    let chars: Vec<char> = key.chars().filter(|c| !matches!(c, '\'' | '\u{2019}')).collect();
    let is_small = |c: char| c.is_numeric() && c.is_ascii_digit() || c.is_lowercase();
    let is_letter_small = |c: char| c.is_lowercase();
    let run =
        |from: usize, test: &dyn Fn(char) -> bool| chars.iter().skip(from).take_while(|c| test(**c)).count();
    let mut res = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let len = if is_small(c) {
            run(at, &is_small)
        } else if c.is_uppercase() {
            // `[A-Z]+(?![a-z])` gives back the last capital when a small letter follows the run.
            let capitals = run(at, &char::is_uppercase);
            let followed = chars.get(at + capitals).is_some_and(|c| is_letter_small(*c));
            let capitals = if followed { capitals - 1 } else { capitals };
            if capitals > 0 { capitals } else { 1 + run(at + 1, &is_small) }
        } else {
            0
        };
        if len > 0 {
            res.push(chars.iter().skip(at).take(len).collect());
        }
        at += len.max(1);
    }
    res
}

#[cfg(test)]
mod tests;
