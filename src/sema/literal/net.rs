//! Network addresses: network.c, inet_net_pton.c, mac.c.

use super::{Checked, invalid_syntax, invalid_text, is_space};

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

/// `macaddr_in`: six numbers in one of seven notations. Blanks, signs and `0x` are left to `sscanf`.
pub fn macaddr(text: &str) -> Checked {
    let fits = |c: char| c.is_ascii_hexdigit() || ":-+xX. \t\n\r\u{b}\u{c}".contains(c);
    if text.is_empty() || !text.chars().all(fits) {
        return invalid_syntax("macaddr", text);
    }
    let separators = [':', '-', '.'];
    let plain = |c: char| c.is_ascii_hexdigit() || separators.contains(&c);
    if !text.chars().all(plain) || text.contains("--") || text.starts_with('-') {
        return Ok(());
    }
    // Each `%2x` takes one or two digits, the last of a group what is left.
    let groups = |by: char, n: usize, digits: std::ops::RangeInclusive<usize>| {
        let mut parts = text.split(by);
        let all = parts
            .by_ref()
            .take(n)
            .filter(|it| digits.contains(&it.len()) && it.bytes().all(|c| c.is_ascii_hexdigit()));
        all.count() == n && parts.next().is_none()
    };
    let known = groups(':', 6, 1..=usize::MAX)
        || groups('-', 6, 1..=usize::MAX)
        || groups(':', 2, 5..=6)
        || groups('-', 2, 5..=6)
        || groups('.', 3, 3..=4)
        || groups('-', 3, 3..=4)
        || groups(':', 1, 11..=12);
    if known { Ok(()) } else { invalid_syntax("macaddr", text) }
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
