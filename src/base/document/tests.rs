use super::*;
use crate::base::line_index::LineIndex;
use proptest::prelude::*;

/// The same edit on a plain string.
fn replace(text: &mut String, start: LineCol, end: LineCol, encoding: Encoding, with: &str) {
    let index = LineIndex::new(text);
    let from = usize::from(index.offset(text, start, encoding));
    let to = usize::from(index.offset(text, end, encoding)).max(from);
    text.replace_range(from..to, with);
}

fn pos() -> impl Strategy<Value = LineCol> {
    (0u32..5, 0u32..8).prop_map(|(line, col)| LineCol { line, col })
}

proptest! {
    #[test]
    fn rope_equals_string(
        text in "[ab\u{e9}\u{1f600}\u{2028}\r\n]{0,30}",
        edits in prop::collection::vec((pos(), pos(), "[xy\u{e9}\u{1f600}\r\n]{0,4}"), 1..8),
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16, Encoding::Char]),
    ) {
        let mut document = Document::new(&text);
        let mut string = text;
        for (start, end, with) in edits {
            document.replace(start, end, encoding, &with);
            replace(&mut string, start, end, encoding, &with);
            prop_assert_eq!(document.text(), string.clone());
        }
    }
}
