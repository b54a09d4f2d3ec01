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

/// What an expression is to the grammar.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    Value,
    Predicate,
}

const SIGNS: &[&str] = &[
    "&&", "||", "**", "==", "<>", "!=", "<=", ">=", "!", "(", ")", "[", "]", "{", "}", "?", ".", "*", "+",
    "-", "/", "%", ",", ":", "<", ">", "=", "@", "$", "#", "&", "|",
];

const METHODS: [&str; 19] = [
    "abs",
    "bigint",
    "boolean",
    "ceiling",
    "date",
    "datetime",
    "decimal",
    "double",
    "floor",
    "integer",
    "keyvalue",
    "number",
    "size",
    "string",
    "time",
    "time_tz",
    "timestamp",
    "timestamp_tz",
    "type",
];

struct Fault {
    code: crate::sema::Code,
    message: String,
}

fn fault(message: String) -> Option<Fault> {
    Some(Fault { code: code::SYNTAX_ERROR, message })
}

/// `jsonpath_in`.
pub fn check(text: &str) -> Checked {
    if super::trim(text).is_empty() {
        return invalid_syntax("jsonpath", text);
    }
    // Escapes, and what may be a comment or stand in a string: not judged.
    if text.contains('\\') || (text.contains("/*") && text.contains('"')) {
        return Ok(());
    }
    let Some(text) = without_comments(text) else {
        return refuse(code::SYNTAX_ERROR, "unexpected end of comment at end of jsonpath input".into());
    };
    let text = text.as_str();
    let mut reader = Reader { tokens: Vec::new(), pos: 0, depth: 0, in_filter: false, in_subscript: false };
    let read = reader.tokens(text).and_then(|()| reader.path());
    match read {
        Err(Some(fault)) => refuse(fault.code, fault.message),
        Ok(()) | Err(None) => Ok(()),
    }
}

/// `None`: one has no end.
fn without_comments(text: &str) -> Option<String> {
    let mut res = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("/*") {
        res.push_str(before);
        res.push(' ');
        rest = behind.split_once("*/")?.1;
    }
    res.push_str(rest);
    Some(res)
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
                let Some(end) = rest.get(1..).and_then(|it| it.find('"')) else {
                    return Err(fault("unterminated quoted string at end of jsonpath input".into()));
                };
                (Token::Text, end + 2)
            } else if first.is_ascii_digit() || (first == '.' && second_is_digit(rest)) {
                match number(rest) {
                    Number::Plain(len) => (Token::Number, len),
                    Number::Word(len) => (Token::Word(rest.get(..len).unwrap_or_default().to_owned()), len),
                    Number::Junk(len) => {
                        let text = rest.get(..len).unwrap_or_default();
                        let words = "trailing junk after numeric literal at or near";
                        return Err(fault(format!("{words} \"{text}\" of jsonpath input")));
                    }
                    Number::Failed(len) => {
                        let text = rest.get(..len).unwrap_or_default();
                        let words = "invalid numeric literal at or near";
                        return Err(fault(format!("{words} \"{text}\" of jsonpath input")));
                    }
                }
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
        Err(self.failed())
    }

    fn failed(&self) -> Option<Fault> {
        let message = match self.tokens.get(self.pos) {
            Some((_, text)) => format!("syntax error at or near \"{text}\" of jsonpath input"),
            None => String::from("syntax error at end of jsonpath input"),
        };
        fault(message)
    }

    fn at(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(it)) if *it == sign)
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

    /// Predicates joined by `&&` and `||`, or a value.
    fn any(&mut self) -> Result<Sort, Option<Fault>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(None);
        }
        let mut res = self.negation()?;
        while self.at("&&") || self.at("||") {
            self.must_be(res, Sort::Predicate)?;
            self.pos += 1;
            res = self.negation()?;
            self.must_be(res, Sort::Predicate)?;
        }
        self.depth -= 1;
        Ok(res)
    }

    fn must_be(&self, sort: Sort, wanted: Sort) -> Read {
        if sort == wanted { Ok(()) } else { self.fail() }
    }

    fn value(&mut self) -> Read {
        let sort = self.any()?;
        self.must_be(sort, Sort::Value)
    }

    /// `!(…)`, `!exists (…)`.
    fn negation(&mut self) -> Result<Sort, Option<Fault>> {
        if !self.sign("!") {
            return self.comparison();
        }
        if self.word("exists") {
            self.existence()?;
            return Ok(Sort::Predicate);
        }
        self.expect("(")?;
        let sort = self.any()?;
        self.must_be(sort, Sort::Predicate)?;
        self.expect(")")?;
        Ok(Sort::Predicate)
    }

    fn existence(&mut self) -> Read {
        self.expect("(")?;
        self.value()?;
        self.expect(")")
    }

    fn comparison(&mut self) -> Result<Sort, Option<Fault>> {
        const COMPARE: [&str; 7] = ["==", "<>", "!=", "<=", ">=", "<", ">"];
        if self.sum()? == Sort::Predicate {
            return Ok(Sort::Predicate);
        }
        if COMPARE.iter().any(|it| self.sign(it)) {
            let sort = self.sum()?;
            self.must_be(sort, Sort::Value)?;
        } else if self.word("starts") {
            if !self.word("with") || !matches!(self.peek(), Some(Token::Text | Token::Variable)) {
                self.fail()?;
            }
            self.pos += 1;
        } else if self.word("like_regex") {
            self.regex()?;
        } else {
            return Ok(Sort::Value);
        }
        Ok(Sort::Predicate)
    }

    /// What stands behind `like_regex`.
    fn regex(&mut self) -> Read {
        let Some((Token::Text, pattern)) = self.tokens.get(self.pos).cloned() else { return self.fail() };
        self.pos += 1;
        let mut literal = false;
        if self.word("flag") {
            if !matches!(self.peek(), Some(Token::Text)) {
                return self.fail();
            }
            self.flags()?;
            literal = self.tokens.get(self.pos).is_some_and(|it| it.1.contains('q'));
            self.pos += 1;
        }
        match regex_fault(pattern.trim_matches('"')) {
            Some(words) if !literal => {
                let message = format!("invalid regular expression: {words}");
                Err(Some(Fault { code: code::INVALID_REGULAR_EXPRESSION, message }))
            }
            _ => Ok(()),
        }
    }

    /// Operands with signs and arithmetic between them.
    fn sum(&mut self) -> Result<Sort, Option<Fault>> {
        let mut first = true;
        loop {
            while self.sign("+") || self.sign("-") {
                first = false;
            }
            if self.operand()? == Sort::Predicate {
                return if first { Ok(Sort::Predicate) } else { Err(self.failed()) };
            }
            if !["+", "-", "*", "/", "%"].iter().any(|it| self.sign(it)) {
                return Ok(Sort::Value);
            }
            first = false;
        }
    }

    /// The letters behind `flag` (`makeItemLikeRegex`).
    fn flags(&self) -> Read {
        let text = self.tokens.get(self.pos).map_or("", |it| it.1.as_str()).trim_matches('"');
        if text.chars().any(|it| !"ismxq".contains(it)) {
            return Err(fault("invalid input syntax for type jsonpath".into()));
        }
        if text.contains('x') && !text.contains('q') {
            let message = "XQuery \"x\" flag (expanded regular expressions) is not implemented".into();
            return Err(Some(Fault { code: code::FEATURE_NOT_SUPPORTED, message }));
        }
        Ok(())
    }

    /// What stands in the parentheses of a method; the opening one is read.
    fn arguments(&mut self, method: &str) -> Read {
        let whole = |it: &(Token, String)| {
            it.0 == Token::Number && (!it.1.contains(['.', 'e', 'E']) || it.1.starts_with("0x"))
        };
        match method {
            "time" | "time_tz" | "timestamp" | "timestamp_tz" => {
                self.pos += usize::from(self.tokens.get(self.pos).is_some_and(whole));
            }
            "datetime" => self.pos += usize::from(matches!(self.peek(), Some(Token::Text))),
            "decimal" if !matches!(self.peek(), Some(Token::Sign(")"))) => {
                for n in 1.. {
                    if n > 2 {
                        return Err(fault("invalid input syntax for type jsonpath".into()));
                    }
                    if !self.sign("+") {
                        self.sign("-");
                    }
                    if !self.tokens.get(self.pos).is_some_and(whole) {
                        return self.fail();
                    }
                    self.pos += 1;
                    if !self.sign(",") {
                        break;
                    }
                }
            }
            _ => {}
        }
        self.expect(")")
    }

    fn operand(&mut self) -> Result<Sort, Option<Fault>> {
        match self.peek().cloned() {
            Some(Token::Text | Token::Number | Token::Variable) => self.pos += 1,
            Some(Token::Sign("$")) => self.pos += 1,
            Some(Token::Sign("@")) => {
                if !self.in_filter {
                    return Err(fault("@ is not allowed in root expressions".into()));
                }
                self.pos += 1;
            }
            Some(Token::Sign("(")) => {
                self.pos += 1;
                let sort = self.any()?;
                self.expect(")")?;
                if sort == Sort::Predicate && self.word("is") {
                    return if self.word("unknown") { Ok(sort) } else { Err(self.failed()) };
                }
                if !(self.at(".") || self.at("[") || self.at("?")) {
                    return Ok(sort);
                }
            }
            Some(Token::Word(word)) => {
                self.pos += 1;
                match word.to_ascii_lowercase().as_str() {
                    "true" | "false" | "null" => {}
                    "last" if self.in_subscript => {}
                    "last" => {
                        return Err(fault("LAST is allowed only in array subscripts".into()));
                    }
                    "exists" => {
                        self.existence()?;
                        return Ok(Sort::Predicate);
                    }
                    // The grammar is stuck at the token behind a bare word, or at the word.
                    _ => return Err(self.failed()),
                }
            }
            _ => return Err(self.failed()),
        }
        self.accessors()?;
        Ok(Sort::Value)
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
                let method = match self.peek() {
                    Some(Token::Word(it)) => it.to_ascii_lowercase(),
                    _ => String::new(),
                };
                match self.peek() {
                    Some(Token::Word(_) | Token::Text) => self.pos += 1,
                    // `.1e2` and the like are cut otherwise.
                    Some(Token::Number) => return Err(None),
                    _ => return self.fail(),
                }
                if matches!(self.peek(), Some(Token::Sign("("))) {
                    if !METHODS.contains(&method.as_str()) {
                        return self.fail();
                    }
                    self.pos += 1;
                    self.arguments(&method)?;
                }
            } else if self.sign("[") {
                if !self.sign("*") {
                    let before = std::mem::replace(&mut self.in_subscript, true);
                    loop {
                        self.value()?;
                        if self.word("to") {
                            self.value()?;
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
                let sort = self.any()?;
                self.in_filter = before;
                self.must_be(sort, Sort::Predicate)?;
                self.expect(")")?;
            } else {
                return Ok(());
            }
        }
    }
}

/// What is certainly wrong with a regular expression (`regcomp`): its parentheses, or a quantifier of nothing.
fn regex_fault(pattern: &str) -> Option<&'static str> {
    const UNBALANCED: &str = "parentheses () not balanced";
    if pattern.starts_with("***") || pattern.contains("(?") || pattern.contains(['[', '{', '\\']) {
        return None;
    }
    let mut depth = 0u32;
    let mut at_start = true;
    for c in pattern.chars() {
        match c {
            '(' => depth += 1,
            ')' => match depth.checked_sub(1) {
                Some(it) => depth = it,
                None => return Some(UNBALANCED),
            },
            '*' | '+' | '?' if at_start => return Some("quantifier operand invalid"),
            _ => {}
        }
        at_start = matches!(c, '(' | '|');
    }
    (depth > 0).then_some(UNBALANCED)
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

enum Number {
    Plain(usize),
    /// Letters at its end.
    Junk(usize),
    /// An exponent without digits.
    Failed(usize),
    /// No number at all: a key that starts with digits.
    Word(usize),
}

/// How far a rule of the scanner reads, and what it makes of that.
type Rule = (usize, fn(usize) -> Number);

/// A number, as the longest of the scanner's rules reads it; of equals the first.
fn number(text: &str) -> Number {
    let bytes = text.as_bytes();
    let at = |idx: usize| bytes.get(idx).copied().unwrap_or(0);
    // Digits with single underscores between them.
    let digits = |from: usize, radix: u32| {
        let is = |idx: usize| char::from(at(idx)).is_digit(radix);
        let mut end = from;
        while is(end) || (end > from && at(end) == b'_' && is(end + 1)) {
            end += 1;
        }
        end
    };
    // The next character belongs to no other token.
    let other = |from: usize| {
        let next = text.get(from..).and_then(|it| it.chars().next()).filter(|it| is_word(*it));
        next.map_or(from, |it| from + it.len_utf8())
    };
    let whole = match at(0) {
        b'0' => 1,
        b'1'..=b'9' => digits(0, 10),
        _ => 0,
    };
    let mut rules: Vec<Rule> = Vec::new();
    let mut decimal = None;
    if at(whole) == b'.' {
        let end = digits(whole + 1, 10);
        decimal = (whole > 0 || end > whole + 1).then_some(end);
    }
    let mut real = None;
    for end in [(whole > 0).then_some(whole), decimal].into_iter().flatten() {
        if matches!(at(end), b'e' | b'E') {
            let sign = usize::from(matches!(at(end + 1), b'+' | b'-'));
            let last = digits(end + 1 + sign, 10);
            if last > end + 1 + sign {
                real = Some(last);
                rules.push((last, Number::Plain));
            } else if sign > 0 {
                rules.push((end + 2, Number::Failed));
            }
        }
    }
    rules.extend(decimal.map(|it| (it, Number::Plain as fn(usize) -> Number)));
    if whole > 0 {
        rules.push((whole, Number::Plain));
    }
    let radix = match at(1) {
        b'x' | b'X' => 16,
        b'o' | b'O' => 8,
        b'b' | b'B' => 2,
        _ => 0,
    };
    if at(0) == b'0' && radix > 0 && digits(2, radix) > 2 {
        rules.push((digits(2, radix), Number::Plain));
    }
    for end in [(whole > 0).then_some(whole), decimal, real].into_iter().flatten() {
        if other(end) > end {
            rules.push((other(end), Number::Junk));
        }
    }
    let word = text.find(|c| !is_word(c)).unwrap_or(text.len());
    rules.push((word, Number::Word));
    let mut best: Rule = (0, Number::Plain);
    for rule in rules {
        if rule.0 > best.0 {
            best = rule;
        }
    }
    (best.1)(best.0.max(1))
}
