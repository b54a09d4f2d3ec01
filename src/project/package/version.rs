//! Versions and the lowest version of a range.

use std::cmp::Ordering;

use smol_str::SmolStr;

/// A semantic version; `1.0.0-rc.5` has the pre-release `rc.5` and comes before `1.0.0`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
    pub pre: Option<SmolStr>,
}

impl Version {
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim().trim_start_matches('v');
        let text = text.split('+').next().unwrap_or(text);
        let (numbers, pre) = match text.split_once('-') {
            Some((numbers, pre)) => (numbers, Some(SmolStr::new(pre))),
            None => (text, None),
        };
        let mut parts = numbers.split('.');
        let major = parts.next()?.parse().ok()?;
        let mut number = || match parts.next() {
            None | Some("x" | "X" | "*") => Some(0),
            Some(part) => part.parse().ok(),
        };
        Some(Version { major, minor: number()?, patch: number()?, pre })
    }

    /// The lowest version that a package.json range allows; `None` for tags and `*`.
    pub(super) fn of_range(range: &str) -> Option<Version> {
        let range = match range.strip_prefix("npm:") {
            Some(alias) => alias.rsplit_once('@')?.1,
            None => range.strip_prefix("workspace:").unwrap_or(range),
        };
        let first = range.split("||").next()?.trim();
        let first = first.split_whitespace().find(|it| it.bytes().any(|it| it.is_ascii_digit()))?;
        if first.starts_with('<') {
            return None;
        }
        Version::parse(first.trim_start_matches(['^', '~', '>', '=']))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |it: &Version| (it.major, it.minor, it.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| match (&self.pre, &other.pre) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => compare_pre(a, b),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Dot-separated parts, numbers by value and before words (semver.org §11).
fn compare_pre(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}
