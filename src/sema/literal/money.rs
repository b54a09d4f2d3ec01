//! Amounts (cash.c). Signs of currencies and of thousands are the server's locale's: refused is only what no locale reads.

use super::{Checked, invalid_syntax, trim};

pub fn check(text: &str) -> Checked {
    let body = trim(text);
    let has_digit = body.bytes().any(|it| it.is_ascii_digit());
    let has_letter = body.bytes().any(|it| it.is_ascii_alphabetic());
    // No currency has a sign of four letters.
    let long = body.split(|c: char| !c.is_ascii_alphabetic()).any(|it| it.len() > 3);
    if (has_letter && !has_digit) || long {
        return invalid_syntax("money", text);
    }
    Ok(())
}
