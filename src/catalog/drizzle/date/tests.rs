use super::{from_epoch_millis, iso};

#[test]
fn dates_print_as_to_iso_string() {
    assert_eq!(iso("2024-02-29").as_deref(), Some("2024-02-29T00:00:00.000Z"));
    assert_eq!(iso("2024-01-31T10:00:00.5+02:00").as_deref(), Some("2024-01-31T08:00:00.500Z"));
    assert_eq!(iso("1969-12-31T23:59:59Z").as_deref(), Some("1969-12-31T23:59:59.000Z"));
    assert_eq!(iso("2024-01-31T10:00:00"), None);
    assert_eq!(from_epoch_millis(0).as_deref(), Some("1970-01-01T00:00:00.000Z"));
}
