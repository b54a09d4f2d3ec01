use super::sorts_after;

/// As `localeCompare` and `>` of JavaScript both have it.
#[test]
fn names_are_in_both_orders() {
    let after = |a: &str, b: &str| sorts_after(a, b) && !sorts_after(b, a);
    assert!(after("20260102000000_a", "20260101000000_b"));
    assert!(after("20260101000000_b", "20260101000000_a"));
    assert!(after("20260101000000_ab", "20260101000000_a"));
    assert!(!sorts_after("20260101000000_a", "20260101000000_a"));
    // `_` comes after digits by bytes and before them by locale.
    assert!(!sorts_after("20260101000000_a_", "20260101000000_a1"));
    assert!(!sorts_after("20260101000000_a1", "20260101000000_a_"));
}
