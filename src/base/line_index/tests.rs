use super::*;
use proptest::prelude::*;

#[test]
fn three_line_ends() {
    let text = "a\r\nbé\rc\n";
    let index = LineIndex::new(text);
    assert_eq!(index.n_lines(), 4);
    assert_eq!(index.line_col(text, 6.into(), Encoding::Utf16), LineCol { line: 1, col: 2 });
    assert_eq!(index.line_col(text, 6.into(), Encoding::Utf8), LineCol { line: 1, col: 3 });
    assert_eq!(index.offset(text, LineCol { line: 0, col: 9 }, Encoding::Utf16), 1.into());
}

proptest! {
    #[test]
    fn offsets_round_trip(text in "[a-c\u{e9}\u{1f600}\r\n ]{0,40}") {
        let index = LineIndex::new(&text);
        for (at, c) in text.char_indices() {
            // Between \r and \n is no place of its own.
            if c == '\n' && text[..at].ends_with('\r') { continue; }
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Char] {
                let offset = TextSize::from(at as u32);
                let pos = index.line_col(&text, offset, encoding);
                prop_assert_eq!(index.offset(&text, pos, encoding), offset);
            }
        }
    }
}
