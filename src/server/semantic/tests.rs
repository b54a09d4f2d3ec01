use super::*;
use crate::base::line_index::Encoding;
use crate::base::text::range;

fn token(start: usize, end: usize) -> Token {
    Token { range: range(start, end), kind: TokenKind::Comment, declaration: false, builtin: true }
}

fn numbers(tokens: &[SemanticToken]) -> Vec<[u32; 3]> {
    tokens.iter().map(|it| [it.delta_line, it.delta_start, it.length]).collect()
}

#[test]
fn tokens_are_cut_at_line_ends_and_counted_in_the_clients_units() {
    let text = "é /* 𐐀\r\n\r\nb */ x";
    let lines = Lines::new(text.into(), Encoding::Utf16);
    let tokens = [token(3, 18), token(19, 20)];
    let cut = encode(&lines, &tokens, false);
    assert_eq!(numbers(&cut), [[0, 2, 5], [2, 0, 4], [0, 5, 1]]);
    assert_eq!(cut[0].token_modifiers_bitset, BUILTIN);
    assert_eq!(cut[0].token_type as usize, TokenKind::ALL.len() - 1);
    let whole = encode(&Lines { encoding: Encoding::Utf8, ..lines }, &tokens, true);
    assert_eq!(numbers(&whole), [[0, 3, 15], [2, 5, 1]]);
}

#[test]
fn differences_lead_from_the_old_tokens_to_the_new() {
    let make = |widths: &[u32]| -> Vec<SemanticToken> {
        widths
            .iter()
            .map(|&length| SemanticToken {
                delta_line: 0,
                delta_start: 1,
                length,
                token_type: 0,
                token_modifiers_bitset: 0,
            })
            .collect()
    };
    let cases: [(&[u32], &[u32]); 6] = [
        (&[1, 2, 3], &[1, 2, 3]),
        (&[1, 2, 3], &[1, 3]),
        (&[], &[1]),
        (&[1, 1], &[1]),
        (&[1], &[]),
        (&[1, 2], &[3, 2]),
    ];
    for (old, new) in cases {
        let (old, new) = (make(old), make(new));
        let mut res = old.clone();
        for edit in difference(&old, &new) {
            let (start, n) = (edit.start as usize / 5, edit.delete_count as usize / 5);
            res.splice(start..start + n, edit.data.unwrap());
        }
        assert_eq!(res, new);
    }
}

#[test]
fn only_the_last_tokens_are_remembered() {
    let store = TokenStore::default();
    let first = store.keep(FileId(1), Vec::new());
    let second = store.keep(FileId(1), Vec::new());
    assert!(store.get(FileId(1), &first).is_none());
    assert!(store.get(FileId(1), &second).is_some());
    store.forget(FileId(1));
    assert!(store.get(FileId(1), &second).is_none());
}
