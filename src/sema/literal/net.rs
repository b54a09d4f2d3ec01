//! Network addresses: network.c, inet_net_pton.c, mac.c.

use super::{Checked, invalid_syntax, invalid_text, is_space, refuse};
use crate::sema::code;

/// `inet_in`: only texts that are certainly no address.
pub fn inet(text: &str) -> Checked {
    address(text, "inet")
}

/// `cidr_in`: as [`inet`], and no bits to the right of the mask.
pub fn cidr(text: &str) -> Checked {
    address(text, "cidr")?;
    if has_host_bits(text) {
        return invalid_text(format!("invalid cidr value: \"{text}\""));
    }
    Ok(())
}

fn address(text: &str, ty: &str) -> Checked {
    let refused = || invalid_syntax(ty, text);
    if text.is_empty() || !text.bytes().all(|it| it.is_ascii_hexdigit() || b".:/xX".contains(&it)) {
        return refused();
    }
    if text.contains(':') {
        let (host, bits) = text.split_once('/').unwrap_or((text, "128"));
        let bits_fit = bits.parse::<u8>().is_ok_and(|it| it <= 128);
        let odd = host.contains('.') || host.contains(['x', 'X']);
        if odd || (host.parse::<std::net::Ipv6Addr>().is_ok() && bits_fit) {
            return Ok(());
        }
        return refused();
    }
    let (host, bits) = text.split_once('/').unwrap_or((text, "32"));
    if host.contains(['x', 'X']) {
        return Ok(());
    }
    if bits.parse::<u8>().is_ok_and(|it| it > 32) || host.split('.').count() > 4 {
        return refused();
    }
    let bad = |it: &str| it.bytes().any(|c| !c.is_ascii_digit()) || it.parse::<u32>().is_ok_and(|n| n > 255);
    if host.contains('.') && host.split('.').any(bad) {
        return refused();
    }
    // A single number is an abbreviated network to cidr; letters make no address without colons.
    if host.bytes().any(|it| it.is_ascii_alphabetic()) {
        return refused();
    }
    Ok(())
}

/// `macaddr_in`: six numbers in one of seven notations, each tried by `sscanf`, which takes a `-` before a digit as a sign.
/// Blanks, `+` and `0x` are left to it.
pub fn macaddr(text: &str) -> Checked {
    /// `x`: a number, `2`: one of two characters at most.
    const NOTATIONS: [&str; 7] =
        ["x:x:x:x:x:x", "x-x-x-x-x-x", "222:222", "222-222", "22.22.22", "22-22-22", "222222"];
    if text.contains(|c: char| "xX+ \t\n\r\u{b}\u{c}".contains(c)) {
        return Ok(());
    }
    match NOTATIONS.iter().find_map(|it| scan_octets(text.as_bytes(), it)) {
        Some(octets) if octets.iter().all(|it| (0..=255).contains(it)) => Ok(()),
        Some(_) => refuse(
            code::NUMERIC_OUT_OF_RANGE,
            format!("invalid octet value in \"macaddr\" value: \"{text}\""),
        ),
        None => invalid_syntax("macaddr", text),
    }
}

/// The six numbers of `text` where it is in this notation, to its end.
fn scan_octets(text: &[u8], notation: &str) -> Option<Vec<i64>> {
    /// A number with more digits is as wrong as one with these.
    const MAX_DIGITS: usize = 7;
    let mut rest = text;
    let mut res = Vec::with_capacity(6);
    for step in notation.bytes() {
        if !matches!(step, b'x' | b'2') {
            rest = rest.strip_prefix(&[step])?;
            continue;
        }
        let width = if step == b'2' { 2 } else { usize::MAX };
        let (digits, negative) = match rest.strip_prefix(b"-") {
            Some(digits) => (digits, true),
            None => (rest, false),
        };
        let width = width - usize::from(negative);
        let n_digits = digits.iter().take(width).take_while(|it| it.is_ascii_hexdigit()).count();
        let (number, behind) = digits.split_at_checked(n_digits)?;
        let number = std::str::from_utf8(number.get(..n_digits.min(MAX_DIGITS))?).ok()?;
        let value = i64::from_str_radix(number, 16).ok()?;
        res.push(if negative { -value } else { value });
        rest = behind;
    }
    rest.is_empty().then_some(res)
}

/// `macaddr8_in`: six or eight pairs of digits, with the same separator between any of them.
pub fn macaddr8(text: &str) -> Checked {
    let bytes = text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space)).as_bytes();
    let at = |idx: usize| bytes.get(idx).copied().unwrap_or(0);
    let (mut pos, mut count, mut separator) = (0, 0, 0);
    while at(pos) != 0 && at(pos + 1) != 0 {
        count += 1;
        if count > 8 || !at(pos).is_ascii_hexdigit() || !at(pos + 1).is_ascii_hexdigit() {
            return invalid_syntax("macaddr8", text);
        }
        pos += 2;
        if matches!(at(pos), b':' | b'-' | b'.') {
            if separator != 0 && separator != at(pos) {
                return invalid_syntax("macaddr8", text);
            }
            separator = at(pos);
            pos += 1;
        }
        if (count == 6 || count == 8) && is_space(at(pos)) {
            while is_space(at(pos)) {
                pos += 1;
            }
            if at(pos) != 0 {
                return invalid_syntax("macaddr8", text);
            }
        }
    }
    if matches!(count, 6 | 8) { Ok(()) } else { invalid_syntax("macaddr8", text) }
}

/// Whether an address has bits to the right of its mask, which networks cannot have.
fn has_host_bits(text: &str) -> bool {
    let Some((host, bits)) = text.split_once('/') else { return false };
    let Ok(bits) = bits.parse::<u32>() else { return false };
    if let Ok(host) = host.parse::<std::net::Ipv4Addr>() {
        return bits <= 32 && u32::from(host).checked_shl(bits).unwrap_or(0) != 0;
    }
    match host.parse::<std::net::Ipv6Addr>() {
        Ok(host) => bits <= 128 && u128::from(host).checked_shl(bits).unwrap_or(0) != 0,
        Err(_) => false,
    }
}
