//! What stands between two slashes of a glob.

use std::cell::Cell;

/// A name is not looked at in more ways than these.
const MAX_STEPS: u32 = 100_000;

/// A directory or a file of a glob.
#[derive(Debug, Clone, PartialEq)]
pub enum Segment {
    /// `**`: any directories.
    Any,
    Name(Vec<Part>),
}

/// A piece of a name.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// `[a-z]`, `[!x]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// `@(a|b)`, `!(a)`, …
    Group {
        kind: char,
        alternatives: Vec<Vec<Part>>,
    },
}

impl Segment {
    pub fn new(text: &str) -> Segment {
        if text == "**" {
            return Segment::Any;
        }
        let chars: Vec<char> = text.chars().collect();
        Segment::Name(Reader { chars: &chars, at: 0 }.parts(false))
    }

    pub fn is_match(&self, name: &str) -> bool {
        let Segment::Name(parts) = self else { return !name.starts_with('.') };
        let chars: Vec<char> = name.chars().collect();
        let hidden = name.starts_with('.') && parts.first() != Some(&Part::Char('.'));
        let steps = Cell::new(MAX_STEPS);
        !hidden && Match { whole: true, steps: &steps }.run(parts, None, &chars)
    }
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self, behind: usize) -> Option<char> {
        self.chars.get(self.at + behind).copied()
    }

    /// Up to the end, or to what ends one of a group's alternatives.
    fn parts(&mut self, in_group: bool) -> Vec<Part> {
        let mut res = Vec::new();
        while let Some(c) = self.peek(0) {
            match c {
                ')' | '|' if in_group => break,
                '?' | '*' | '+' | '@' | '!' if self.peek(1) == Some('(') => {
                    let start = self.at;
                    match self.group(c) {
                        Some(group) => {
                            res.push(group);
                            continue;
                        }
                        None => self.at = start,
                    }
                    res.push(plain(c));
                }
                '[' => {
                    let start = self.at;
                    match self.class() {
                        Some(class) => {
                            res.push(class);
                            continue;
                        }
                        None => self.at = start,
                    }
                    res.push(Part::Char('['));
                }
                '\\' => {
                    self.at += 1;
                    res.push(Part::Char(self.peek(0).unwrap_or('\\')));
                }
                c => res.push(plain(c)),
            }
            self.at += 1;
        }
        res
    }

    /// `None`: it is not closed.
    fn group(&mut self, kind: char) -> Option<Part> {
        self.at += 2;
        let mut alternatives = Vec::new();
        loop {
            alternatives.push(self.parts(true));
            let end = self.peek(0)?;
            self.at += 1;
            if end == ')' {
                return Some(Part::Group { kind, alternatives });
            }
        }
    }

    fn class(&mut self) -> Option<Part> {
        self.at += 1;
        let negated = matches!(self.peek(0), Some('!' | '^'));
        self.at += usize::from(negated);
        let (start, mut ranges) = (self.at, Vec::new());
        loop {
            let mut from = self.peek(0)?;
            if from == ']' && (self.at > start || negated) {
                self.at += 1;
                return Some(Part::Class { negated, ranges });
            }
            if from == '\\' {
                self.at += 1;
                from = self.peek(0)?;
            }
            self.at += 1;
            match (self.peek(0), self.peek(1)) {
                (Some('-'), Some(to)) if to != ']' => {
                    self.at += 2;
                    ranges.push((from, to));
                }
                _ => ranges.push((from, from)),
            }
        }
    }
}

fn plain(c: char) -> Part {
    match c {
        '*' => Part::Many,
        '?' => Part::One,
        c => Part::Char(c),
    }
}

/// What follows an alternative of a group.
struct Rest<'a> {
    parts: &'a [Part],
    next: Option<&'a Rest<'a>>,
}

impl Rest<'_> {
    fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.next.is_none_or(Rest::is_empty)
    }
}

#[derive(Clone, Copy)]
struct Match<'a> {
    /// To the end of the name.
    whole: bool,
    steps: &'a Cell<u32>,
}

impl Match<'_> {
    fn run(self, parts: &[Part], rest: Option<&Rest<'_>>, text: &[char]) -> bool {
        let Some(left) = self.steps.get().checked_sub(1) else { return false };
        self.steps.set(left);
        let Some((part, more)) = parts.split_first() else {
            return match rest {
                Some(rest) => self.run(rest.parts, rest.next, text),
                None => !self.whole || text.is_empty(),
            };
        };
        let tails = || (0..=text.len()).filter_map(|n| text.get(n..));
        let one = |test: &dyn Fn(char) -> bool| {
            text.split_first().is_some_and(|(c, text)| test(*c) && self.run(more, rest, text))
        };
        match part {
            Part::Char(c) => one(&|it| it == *c),
            Part::One => one(&|_| true),
            Part::Class { negated, ranges } => {
                one(&|it| ranges.iter().any(|(from, to)| (*from..=*to).contains(&it)) != *negated)
            }
            Part::Many => tails().any(|it| self.run(more, rest, it)),
            Part::Group { kind, alternatives } => {
                let after = Rest { parts: more, next: rest };
                let any = |it: Match<'_>| alternatives.iter().any(|part| it.run(part, Some(&after), text));
                match kind {
                    '@' => any(self),
                    '?' => any(self) || self.run(more, rest, text),
                    // What follows is looked at together with what must not be there (minimatch, "negative lookbehind").
                    '!' => {
                        !any(Match { whole: after.is_empty(), ..self })
                            && tails().any(|it| self.run(more, rest, it))
                    }
                    '+' => self.repeat(alternatives, &after, text, 1),
                    _ => self.repeat(alternatives, &after, text, 0),
                }
            }
        }
    }

    /// At least `n_least` of the alternatives, one behind the other.
    fn repeat(self, alternatives: &[Vec<Part>], after: &Rest<'_>, text: &[char], n_least: u32) -> bool {
        if n_least == 0 && self.run(after.parts, after.next, text) {
            return true;
        }
        let whole = Match { whole: true, ..self };
        let cuts = (1..=text.len()).filter_map(|n| text.split_at_checked(n));
        let is_one = |it: &[char]| alternatives.iter().any(|part| whole.run(part, None, it));
        cuts.into_iter().any(|(head, tail)| is_one(head) && self.repeat(alternatives, after, tail, 0))
    }
}
