//! `(1,2),(3,4)`: one or two points with as many coordinates (cubescan.l, cubeparse.y).

use super::super::{Checked, is_space, refuse};
use super::number;
use crate::sema::code;

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches(|it: char| u8::try_from(it).is_ok_and(is_space));
    }

    fn eat(&mut self, it: char) -> bool {
        self.blank();
        match self.rest.strip_prefix(it) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// How many numbers stand there with commas between; `None`: something else.
    fn list(&mut self) -> Option<usize> {
        let mut n = 0;
        loop {
            self.blank();
            let len = number(self.rest);
            let unsigned = self.rest.trim_start_matches(['+', '-']).to_ascii_lowercase();
            if len == 0 {
                // Words for numbers.
                let word = ["infinity", "inf", "nan"].into_iter().find(|it| unsigned.starts_with(it))?;
                let sign = usize::from(self.rest.starts_with(['+', '-']));
                self.rest = self.rest.get(sign + word.len()..)?;
            } else {
                self.rest = self.rest.get(len..)?;
            }
            n += 1;
            if !self.eat(',') {
                return Some(n);
            }
        }
    }

    fn point(&mut self) -> Option<usize> {
        if !self.eat('(') {
            return None;
        }
        if self.eat(')') {
            return Some(0);
        }
        let n = self.list()?;
        self.eat(')').then_some(n)
    }

    /// The dimensions of each point.
    fn cube(&mut self) -> Option<(usize, usize)> {
        let bracket = self.eat('[');
        self.blank();
        if !bracket && !self.rest.starts_with('(') {
            let n = self.list()?;
            return Some((n, n));
        }
        let first = self.point()?;
        if !bracket && !self.eat(',') {
            return Some((first, first));
        }
        if bracket && !self.eat(',') {
            return None;
        }
        let second = self.point()?;
        (!bracket || self.eat(']')).then_some((first, second))
    }
}

pub fn cube(text: &str) -> Checked {
    let mut reader = Reader { rest: text };
    let found = reader.cube();
    reader.blank();
    match found {
        Some((a, b)) if a == b && a <= 100 && reader.rest.is_empty() => Ok(()),
        _ => refuse(code::INVALID_TEXT_REPRESENTATION, "invalid input syntax for cube".into()),
    }
}
