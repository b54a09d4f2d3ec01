//! Network addresses: network.c, inet_net_pton.c, mac.c.

use super::{Checked, invalid_syntax, invalid_text, is_space, refuse};
use crate::sema::code;

/// `inet_in`.
pub fn inet(text: &str) -> Checked {
    let fits = if text.contains(':') { is_v6(text) } else { host_v4(text) };
    if fits { Ok(()) } else { invalid_syntax("inet", text) }
}

/// `cidr_in`: as [`inet`], but for abbreviations, and no bits to the right of the mask.
pub fn cidr(text: &str) -> Checked {
    let host_bits = if text.contains(':') {
        if !is_v6(text) {
            return invalid_syntax("cidr", text);
        }
        has_host_bits(text)
    } else if text.contains(['x', 'X']) {
        return Ok(());
    } else {
        match network_v4(text) {
            Some(it) => it,
            None => return invalid_syntax("cidr", text),
        }
    };
    if host_bits { invalid_text(format!("invalid cidr value: \"{text}\"")) } else { Ok(()) }
}

/// Only what is certainly none is false.
fn is_v6(text: &str) -> bool {
    if !text.bytes().all(|it| it.is_ascii_hexdigit() || b".:/xX".contains(&it)) {
        return false;
    }
    let (host, bits) = text.split_once('/').unwrap_or((text, "128"));
    let bits_fit = bits.parse::<u8>().is_ok_and(|it| it <= 128);
    host.contains(['.', 'x', 'X']) || (host.parse::<std::net::Ipv6Addr>().is_ok() && bits_fit)
}

/// The number at `pos`, behind which `pos` moves; `None`: none, or one above `max`.
fn decimal(bytes: &[u8], pos: &mut usize, max: u32) -> Option<u32> {
    let start = *pos;
    let mut res = 0u32;
    while let Some(digit) = bytes.get(*pos).filter(|it| it.is_ascii_digit()) {
        res = res * 10 + u32::from(digit - b'0');
        if res > max {
            return None;
        }
        *pos += 1;
    }
    (*pos > start).then_some(res)
}

fn is_digit(bytes: &[u8], pos: usize) -> bool {
    bytes.get(pos).is_some_and(u8::is_ascii_digit)
}

/// `/24` to the end; without one, `None` inside.
fn mask(bytes: &[u8], pos: &mut usize) -> Option<Option<u32>> {
    if bytes.get(*pos) != Some(&b'/') || !is_digit(bytes, *pos + 1) {
        return (*pos == bytes.len()).then_some(None);
    }
    *pos += 1;
    let res = decimal(bytes, pos, 32)?;
    (*pos == bytes.len()).then_some(Some(res))
}

/// `inet_net_pton_ipv4`: a point may stand at the end; with a mask, octets may be left out that it does not cover.
fn host_v4(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut pos, mut octets) = (0, 0);
    while is_digit(bytes, pos) {
        if decimal(bytes, &mut pos, 255).is_none() || octets == 4 {
            return false;
        }
        octets += 1;
        match bytes.get(pos) {
            None | Some(b'/') => break,
            Some(b'.') => pos += 1,
            Some(_) => return false,
        }
    }
    match mask(bytes, &mut pos) {
        Some(Some(bits)) => octets > 0 && bits / 8 <= octets,
        Some(None) => octets == 4,
        None => false,
    }
}

/// `inet_cidr_pton_ipv4`: whether there are bits to the right of the mask; `None`: no network.
fn network_v4(text: &str) -> Option<bool> {
    let bytes = text.as_bytes();
    let mut pos = 0;
    let mut octets: Vec<u32> = Vec::with_capacity(4);
    loop {
        let octet = decimal(bytes, &mut pos, 255)?;
        if octets.len() == 4 {
            return None;
        }
        octets.push(octet);
        if bytes.get(pos) != Some(&b'.') {
            break;
        }
        pos += 1;
    }
    let bits = mask(bytes, &mut pos)?;
    octets.resize(4, 0);
    let address = octets.iter().fold(0u32, |res, it| (res << 8) | it);
    // Without a mask the class of the network says one that covers what is written.
    Some(bits.is_some_and(|it| address.checked_shl(it).unwrap_or(0) != 0))
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
    match host.parse::<std::net::Ipv6Addr>() {
        Ok(host) => bits <= 128 && u128::from(host).checked_shl(bits).unwrap_or(0) != 0,
        Err(_) => false,
    }
}
