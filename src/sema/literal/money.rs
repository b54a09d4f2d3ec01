//! Amounts (`cash_in`). Signs of currencies and of thousands are the server's locale's: refused is only what no locale
//! reads.

use super::{Checked, invalid_syntax, refuse, trim};
use crate::sema::code;

pub fn check(text: &str) -> Checked {
    let body = trim(text);
    let digits: Vec<usize> =
        body.bytes().enumerate().filter(|it| it.1.is_ascii_digit()).map(|it| it.0).collect();
    let has_letter = body.bytes().any(|it| it.is_ascii_alphabetic());
    // No currency has a sign of four letters.
    let long = body.split(|c: char| !c.is_ascii_alphabetic()).any(|it| it.len() > 3);
    let (Some(first), Some(last)) = (digits.first(), digits.last()) else {
        return if has_letter || long { invalid_syntax("money", text) } else { Ok(()) };
    };
    let inside = body.get(*first..=*last).unwrap_or_default();
    // Signs stand around the number, and before it there is one.
    let broken =
        inside.bytes().any(|it| it.is_ascii_alphabetic() || matches!(it, b'-' | b'+' | b'(' | b')' | b'$'));
    let signs = body.bytes().take(*first).filter(|it| matches!(it, b'-' | b'+' | b'(')).count();
    let run = inside.bytes().take_while(u8::is_ascii_digit).skip_while(|it| *it == b'0').count();
    // 2^63 has 19 digits, and a locale's fraction only takes from them.
    if run > 19 && signs <= 1 && !has_letter {
        return refuse(
            code::NUMERIC_OUT_OF_RANGE,
            format!("value \"{text}\" is out of range for type money"),
        );
    }
    if long || broken || signs > 1 {
        return invalid_syntax("money", text);
    }
    Ok(())
}
