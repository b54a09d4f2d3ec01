use super::*;
use crate::base::text::range;
use crate::ts::hir::Escape;

/// `a\nb${x}c` at 10 of the file, rendered `a⏎b$1c`.
fn map() -> OffsetMap {
    let mut map = OffsetMap::default();
    let escapes = vec![Escape { start: 1, end: 2, host_start: 11, host_end: 13 }];
    map.push_literal(0.into(), 3.into(), &LiteralMap { host: range(10, 14), escapes });
    map.push_hole(range(3, 5), range(14, 18));
    map.push_literal(5.into(), 1.into(), &LiteralMap { host: range(18, 19), escapes: vec![] });
    map
}

#[test]
fn ranges_lead_back_to_the_file() {
    let map = map();
    for (text, host, edit) in [
        (range(0, 1), range(10, 11), Some(range(10, 11))),
        (range(0, 3), range(10, 14), Some(range(10, 14))),
        (range(2, 3), range(13, 14), Some(range(13, 14))),
        (range(3, 5), range(14, 18), None),
        (range(4, 6), range(14, 19), None),
        (range(5, 6), range(18, 19), Some(range(18, 19))),
        (range(6, 6), range(19, 19), Some(range(19, 19))),
    ] {
        assert_eq!(map.to_host(text), Some(host), "{text:?}");
        assert_eq!(map.to_host_exact(text), edit, "{text:?}");
    }
    assert_eq!(map.to_host(range(7, 9)), None);
    assert!(map.touches_hole(range(2, 4)) && !map.touches_hole(range(0, 3)));
}

#[test]
fn offsets_of_the_file_lead_into_the_text() {
    let map = map();
    assert_eq!(map.from_host(10.into()), Some(0.into()));
    assert_eq!(map.from_host(13.into()), Some(2.into()));
    assert_eq!(map.from_host(16.into()), None);
    assert_eq!(map.from_host(19.into()), Some(6.into()));
}
