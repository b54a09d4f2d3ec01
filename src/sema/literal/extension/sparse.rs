//! `{1:0.5,3:1.5}/5`: what is not zero, and the number of dimensions (`sparsevec_in`).

use super::super::{Checked, invalid_syntax, is_space, refuse};
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

    /// `strtol`.
    fn integer(&mut self) -> Option<i64> {
        self.blank();
        let sign = usize::from(self.rest.starts_with(['+', '-']));
        let digits = self.rest.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
        let (written, rest) = self.rest.split_at_checked(sign + digits).filter(|_| digits > 0)?;
        self.rest = rest;
        let most = if written.starts_with('-') { i64::MIN } else { i64::MAX };
        Some(written.parse().unwrap_or(most))
    }
}

pub fn sparsevec(text: &str) -> Checked {
    let wrong = || invalid_syntax("sparsevec", text);
    let mut reader = Reader { rest: text };
    let mut indexes: Vec<i64> = Vec::new();
    if !reader.eat('{') {
        return wrong();
    }
    if !reader.eat('}') {
        loop {
            let Some(index) = reader.integer() else { return wrong() };
            if !reader.eat(':') {
                return wrong();
            }
            reader.blank();
            let (written, rest) = reader.rest.split_at(number(reader.rest));
            // Words, hexadecimal numbers and what is too large are other questions.
            if written.is_empty() || rest.starts_with(['x', 'X']) {
                let unsigned = reader.rest.trim_start_matches(['+', '-']).to_ascii_lowercase();
                let word = unsigned.starts_with("nan") || unsigned.starts_with("inf");
                return if word || unsigned.starts_with("0x") { Ok(()) } else { wrong() };
            }
            match written.parse::<f64>() {
                Ok(it) if it.abs() > 3.0e38 => return Ok(()),
                Ok(it) if it.abs() < 1.0e-30 && it != 0.0 => return Ok(()),
                Ok(0.0) => {}
                _ => indexes.push(index),
            }
            reader.rest = rest;
            if reader.eat(',') {
                continue;
            }
            if !reader.eat('}') {
                return wrong();
            }
            break;
        }
    }
    let Some(dimensions) = Some(()).filter(|_| reader.eat('/')).and_then(|_| reader.integer()) else {
        return wrong();
    };
    reader.blank();
    if !reader.rest.is_empty() {
        return wrong();
    }
    let broken = |message: &str| refuse(code::DATA_EXCEPTION, message.to_owned());
    if dimensions < 1 {
        return broken("sparsevec must have at least 1 dimension");
    }
    if dimensions > 1_000_000_000 {
        return Ok(());
    }
    indexes.sort_unstable();
    for (idx, index) in indexes.iter().enumerate() {
        if *index < 1 || *index > dimensions {
            return broken("sparsevec index out of bounds");
        }
        if idx > 0 && indexes.get(idx - 1) == Some(index) {
            return broken("sparsevec indices must not contain duplicates");
        }
    }
    Ok(())
}
