//! A bound on how deep the parser of valid text recurses, from the bytes alone. It has no limit of its own, and a
//! stack overflow ends the process.

use crate::ts::Flavor;

/// Up to this bound a parse fits into a stack of 2 MB.
const MAX_HERE: u32 = 300;
/// Beyond it nobody wrote the text by hand.
const MAX: u32 = 20_000;
/// What one level takes at most, in bytes.
const FRAME: usize = 8 << 10;

/// After this word the same statement or expression goes on one level deeper.
fn goes_deeper(word: &[u8]) -> bool {
    matches!(
        word,
        b"if"
            | b"do"
            | b"for"
            | b"new"
            | b"with"
            | b"case"
            | b"void"
            | b"while"
            | b"throw"
            | b"await"
            | b"yield"
            | b"keyof"
            | b"infer"
            | b"class"
            | b"return"
            | b"typeof"
            | b"delete"
            | b"unique"
            | b"extends"
            | b"asserts"
            | b"readonly"
            | b"function"
    )
}

/// At the start of a line this word begins a statement, whatever stands before.
fn begins_statement(word: &[u8]) -> bool {
    matches!(word, b"let" | b"var" | b"type" | b"const" | b"import" | b"export" | b"function" | b"interface")
}

/// Runs the parse where the stack is large enough for it: here, except for unusual texts; nowhere if none is.
pub(super) fn run<T: Send>(
    text: &str,
    flavor: Flavor,
    parse: impl FnOnce() -> Option<T> + Send,
) -> Option<T> {
    let bound = bound(text.as_bytes(), flavor);
    if bound <= MAX_HERE {
        return parse();
    }
    if bound > MAX {
        return None;
    }
    let stack = (1 << 20) + bound as usize * FRAME;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, parse);
        thread.ok()?.join().ok()?
    })
}

/// What is open between two brackets.
#[derive(Debug, Clone, Copy, Default)]
struct Frame {
    /// Levels of the statement or list item that is being read.
    current: u32,
    /// The most that an item before it had.
    peak: u32,
    /// Levels that only the closing bracket ends: chains of `else`, elements of markup.
    lasting: u32,
    markup: u32,
}

impl Frame {
    fn sum(self) -> u32 {
        self.current.saturating_add(self.lasting).saturating_add(self.markup)
    }

    fn reset(&mut self) {
        self.peak = self.peak.max(self.current);
        self.current = 0;
    }
}

/// More levels than the parser opens at any byte of the text. Counts in strings and comments too.
fn bound(bytes: &[u8], flavor: Flavor) -> u32 {
    let mut outer: Vec<Frame> = Vec::new();
    // Of the frames in `outer`, and one for each.
    let mut below: u32 = 0;
    let mut frame = Frame::default();
    let mut res = 0;
    let mut previous = b'\n';
    let mut line_start = true;
    // The word before cannot end a statement.
    let mut wants_more = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let mut next = at + 1;
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'0'..=b'9' | 0x80.. => {
                while bytes.get(next).is_some_and(|it| is_word(*it)) {
                    next += 1;
                }
                let word = bytes.get(at..next).unwrap_or_default();
                if word == b"else" {
                    // Goes on where the statement before it stood.
                    let before = frame.peak.max(frame.current).saturating_add(1);
                    frame.lasting = frame.lasting.saturating_add(before);
                } else if line_start
                    && !wants_more
                    && (is_word(previous)
                        || matches!(previous, b')' | b'}' | b']' | b'\'' | b'"' | b'`' | b';'))
                    && begins_statement(word)
                {
                    frame.reset();
                }
                wants_more = goes_deeper(word) || word == b"else";
                if goes_deeper(word) {
                    frame.current += 1;
                }
            }
            b'(' | b'[' | b'{' => {
                below = below.saturating_add(frame.sum()).saturating_add(1);
                outer.push(frame);
                frame = Frame::default();
            }
            b')' | b']' | b'}' => {
                if let Some(it) = outer.pop() {
                    frame = it;
                    below = below.saturating_sub(frame.sum().saturating_add(1));
                }
            }
            b';' | b',' => frame.reset(),
            b'?' | b'=' | b'!' | b'~' | b'+' | b'-' | b':' => frame.current += 1,
            b'*' if previous == b'*' => frame.current += 1,
            b'<' => {
                let begins = bytes.get(next).is_some_and(|it| is_word(*it) || *it == b'>');
                match bytes.get(next) {
                    Some(b'/') => frame.markup = frame.markup.saturating_sub(1),
                    _ if flavor == Flavor::Tsx && begins && (frame.markup > 0 || !is_word(previous)) => {
                        frame.markup += 1;
                    }
                    _ => frame.current += 1,
                }
            }
            b'>' if previous == b'/' => frame.markup = frame.markup.saturating_sub(1),
            _ => {}
        }
        res = res.max(below.saturating_add(frame.sum()));
        match byte {
            b'\n' | b'\r' => line_start = true,
            b' ' | b'\t' => {}
            _ => {
                wants_more &= is_word(byte);
                previous = bytes.get(next - 1).copied().unwrap_or(byte);
                line_start = false;
            }
        }
        at = next;
    }
    res
}

/// By byte: whether it is part of a word.
static WORD: [bool; 256] = {
    let mut res = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let it = byte as u8;
        res[byte] = it.is_ascii_alphanumeric() || it == b'_' || it == b'$' || it >= 0x80;
        byte += 1;
    }
    res
};

fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_code_is_shallow() {
        let class = "  @log() async find(id: string) {\n    return this.db.execute(sql`select ${id}`)\n  }\n";
        let component = "export const A = () => (\n  <Box a={1} b=\"x\">\n    {x ? <b>text</b> : null}\n    <br />\n  </Box>\n)\n";
        for text in [class.repeat(500), component.repeat(500), "const a = b\n".repeat(500)] {
            assert!(
                bound(text.as_bytes(), Flavor::Tsx) < MAX_HERE,
                "{}",
                bound(text.as_bytes(), Flavor::Tsx)
            );
        }
    }

    #[test]
    fn chains_are_deep() {
        for text in [
            "a?b:",
            "a=>",
            "if(x)",
            "else if(a)b;",
            "<a>",
            "[",
            "!",
            "a=",
            "new ",
            "a=>await\ntype=>",
            "x:",
            "{a:",
            "a**",
        ] {
            let bound = bound(text.repeat(10_000).as_bytes(), Flavor::Tsx);
            assert!(bound >= 10_000, "{text} {bound}");
        }
    }
}
