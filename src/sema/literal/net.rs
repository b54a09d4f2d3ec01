//! Network addresses: network.c, inet_net_pton.c, mac.c.

use super::{Checked, invalid_syntax};

/// `inet_in`: only texts that are certainly no address.
pub fn inet(text: &str) -> Checked {
    address(text, "inet")
}

/// `cidr_in`: as [`inet`]; bits to the right of the mask are not judged.
pub fn cidr(text: &str) -> Checked {
    address(text, "cidr")
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
        // Eight groups of at most four digits, or fewer around `::`.
        let too_long = host.split(':').any(|it| it.len() > 4);
        return if too_long || !bits_fit { refused() } else { Ok(()) };
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

/// `macaddr_in`: many separators are known; refuses what has other characters.
pub fn macaddr(text: &str, ty: &str) -> Checked {
    let fits = |c: char| c.is_ascii_hexdigit() || ":-+xX. \t\n\r\u{b}\u{c}".contains(c);
    if text.is_empty() || !text.chars().all(fits) {
        return invalid_syntax(ty, text);
    }
    Ok(())
}
