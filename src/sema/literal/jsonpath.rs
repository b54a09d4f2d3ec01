//! Paths of SQL/JSON (jsonpath_gram.y, jsonpath_scan.l), read more generously than PostgreSQL does: what is refused
//! here is refused there.

use super::{Checked, invalid_syntax, refuse};
use crate::sema::code;

/// Deeper paths are not judged.
const MAX_DEPTH: u32 = 60;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text,
    Number,
    /// `$name`.
    Variable,
    Sign(&'static str),
}

const SIGNS: &[&str] = &[
    "&&", "||", "**", "==", "<>", "!=", "<=", ">=", "!", "(", ")", "[", "]", "{", "}", "?", ".", "*", "+",
    "-", "/", "%", ",", ":", "<", ">", "=", "@", "$", "#", "&", "|",
];

struct Fault {
    message: String,
}

/// `jsonpath_in`.
pub fn check(text: &str) -> Checked {
    if super::trim(text).is_empty() {
        return invalid_syntax("jsonpath", text);
    }
    // Comments and escapes outside strings: not judged.
    if text.contains("/*") || text.contains('\\') {
        return Ok(());
    }
    let mut reader = Reader { tokens: Vec::new(), pos: 0, depth: 0, in_filter: false, in_subscript: false };
    let read = reader.tokens(text).and_then(|()| reader.path());
    match read {
        Err(Some(fault)) => refuse(code::SYNTAX_ERROR, fault.message),
        Ok(()) | Err(None) => Ok(()),
    }
}

/// `Err(None)`: not judged.
type Read = Result<(), Option<Fault>>;

struct Reader {
    /// With the text of each.
    tokens: Vec<(Token, String)>,
    pos: usize,
    depth: u32,
    in_filter: bool,
    in_subscript: bool,
}

impl Reader {
    fn tokens(&mut self, text: &str) -> Read {
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
            let Some(first) = rest.chars().next() else { return Ok(()) };
            let (token, len) = if first == '"' {
                let Some(end) = rest.get(1..).and_then(|it| it.find('"')) else { return Err(None) };
                (Token::Text, end + 2)
            } else if first.is_ascii_digit() || (first == '.' && second_is_digit(rest)) {
                let len = number(rest).ok_or(None)?;
                (Token::Number, len)
            } else if first == '$'
                && rest.get(1..).is_some_and(|it| it.starts_with(is_word) || it.starts_with('"'))
            {
                if second(rest) == Some('"') {
                    return Err(None);
                }
                let len =
                    rest.get(1..).and_then(|it| it.find(|c| !is_word(c))).map_or(rest.len(), |it| it + 1);
                (Token::Variable, len)
            } else if let Some(sign) = SIGNS.iter().find(|it| rest.starts_with(**it)) {
                (Token::Sign(sign), sign.len())
            } else {
                let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                if len == 0 {
                    return Err(None);
                }
                (Token::Word(rest.get(..len).unwrap_or_default().to_owned()), len)
            };
            self.tokens.push((token, rest.get(..len).unwrap_or_default().to_owned()));
            rest = rest.get(len..).unwrap_or_default();
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.pos).map(|it| &it.0)
    }

    fn sign(&mut self, sign: &str) -> bool {
        let hit = matches!(self.peek(), Some(Token::Sign(it)) if *it == sign);
        self.pos += usize::from(hit);
        hit
    }

    fn word(&mut self, word: &str) -> bool {
        let hit = matches!(self.peek(), Some(Token::Word(it)) if it.eq_ignore_ascii_case(word));
        self.pos += usize::from(hit);
        hit
    }

    fn fail(&self) -> Read {
        let message = match self.tokens.get(self.pos) {
            Some((_, text)) => format!("syntax error at or near \"{text}\" of jsonpath input"),
            None => String::from("syntax error at end of jsonpath input"),
        };
        Err(Some(Fault { message }))
    }

    fn expect(&mut self, sign: &str) -> Read {
        if self.sign(sign) { Ok(()) } else { self.fail() }
    }

    fn path(&mut self) -> Read {
        if !self.word("strict") {
            self.word("lax");
        }
        self.any()?;
        if self.pos < self.tokens.len() { self.fail() } else { Ok(()) }
    }

    /// Operators of every kind between operands.
    fn any(&mut self) -> Read {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(None);
        }
        loop {
            while ["!", "+", "-"].iter().any(|it| self.sign(it)) {}
            self.operand()?;
            if self.word("is") {
                if !self.word("unknown") {
                    return self.fail();
                }
            } else if self.word("starts") {
                if !self.word("with") {
                    return self.fail();
                }
                continue;
            } else if self.word("like_regex") {
                if !matches!(self.peek(), Some(Token::Text)) {
                    return self.fail();
                }
                self.pos += 1;
                if self.word("flag") {
                    if !matches!(self.peek(), Some(Token::Text)) {
                        return self.fail();
                    }
                    self.pos += 1;
                }
            }
            const BETWEEN: &[&str] =
                &["&&", "||", "==", "=", "<>", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%"];
            if !BETWEEN.iter().any(|it| self.sign(it)) {
                break;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn operand(&mut self) -> Read {
        match self.peek().cloned() {
            Some(Token::Text | Token::Number | Token::Variable) => self.pos += 1,
            Some(Token::Sign("$")) => self.pos += 1,
            Some(Token::Sign("@")) => {
                if !self.in_filter {
                    return Err(Some(Fault { message: "@ is not allowed in root expressions".into() }));
                }
                self.pos += 1;
            }
            Some(Token::Sign("(")) => {
                self.pos += 1;
                self.any()?;
                self.expect(")")?;
            }
            Some(Token::Word(word)) => {
                self.pos += 1;
                match word.to_ascii_lowercase().as_str() {
                    "true" | "false" | "null" => {}
                    "last" if self.in_subscript => {}
                    "last" => {
                        return Err(Some(Fault {
                            message: "LAST is allowed only in array subscripts".into(),
                        }));
                    }
                    "exists" => {
                        self.expect("(")?;
                        self.any()?;
                        self.expect(")")?;
                    }
                    _ => {
                        // The grammar is stuck at the token behind a bare word, or at the word.
                        return self.fail();
                    }
                }
            }
            _ => return self.fail(),
        }
        self.accessors()
    }

    fn accessors(&mut self) -> Read {
        loop {
            if self.sign(".") {
                if self.sign("*") {
                    continue;
                }
                if self.sign("**") {
                    if self.sign("{") {
                        while self.pos < self.tokens.len() && !self.sign("}") {
                            self.pos += 1;
                        }
                    }
                    continue;
                }
                match self.peek() {
                    Some(Token::Word(_) | Token::Text) => self.pos += 1,
                    // `.1e2` and the like are cut otherwise.
                    Some(Token::Number | Token::Variable) => return Err(None),
                    _ => return self.fail(),
                }
                if self.sign("(") && !self.sign(")") {
                    while self.pos < self.tokens.len() && !self.sign(")") {
                        self.pos += 1;
                    }
                }
            } else if self.sign("[") {
                if !self.sign("*") {
                    let before = std::mem::replace(&mut self.in_subscript, true);
                    loop {
                        self.any()?;
                        if self.word("to") {
                            self.any()?;
                        }
                        if !self.sign(",") {
                            break;
                        }
                    }
                    self.in_subscript = before;
                }
                self.expect("]")?;
            } else if self.sign("?") {
                self.expect("(")?;
                let before = std::mem::replace(&mut self.in_filter, true);
                self.any()?;
                self.in_filter = before;
                self.expect(")")?;
            } else {
                return Ok(());
            }
        }
    }
}

fn is_word(c: char) -> bool {
    !c.is_ascii_whitespace() && !"?%$.[]{}()|&!=<>@#,*:-+/\\\"\u{c}".contains(c)
}

fn second(text: &str) -> Option<char> {
    text.chars().nth(1)
}

fn second_is_digit(text: &str) -> bool {
    second(text).is_some_and(|it| it.is_ascii_digit())
}

/// Length of a plain number; `None`: in another notation, or with something at its end.
fn number(text: &str) -> Option<usize> {
    let len = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let plain = text.get(..len)?;
    let behind = text.get(len..)?.chars().next();
    let fits = plain.matches('.').count() <= 1 && !plain.ends_with('.') && !behind.is_some_and(is_word);
    (fits && (plain == "0" || !plain.starts_with('0') || plain.starts_with("0."))).then_some(len)
}
