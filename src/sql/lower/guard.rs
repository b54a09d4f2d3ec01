//! Depth: bounds that keep every recursion over a statement within its thread's stack.

use super::lex::{Class, Kind, Token};

/// Brackets and CASE inside one another; a deeper statement is not read at all.
pub(super) const MAX_NESTING: u32 = 500;
/// Nested calls of the reader's recursive functions; several belong to one bracket.
pub(super) const MAX_RECURSION: u32 = 4_000;
/// Operators, joins or set operations in one chain: such trees lean to the left as deep as they are long.
pub(super) const MAX_CHAIN: u32 = 1_000;
/// Above this weight the tolerant parser, whose tree is as deep, is not asked.
const MAX_TREE_WEIGHT: u32 = 5_000;

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Nesting {
    pub brackets: u32,
    /// An upper bound for the depth of any tree: at every open bracket the tokens since the last comma.
    pub weight: u32,
    /// The longest run of prefix operators.
    pub prefixes: u32,
}

pub(super) fn measure(text: &str, tokens: &[Token]) -> Nesting {
    let mut res = Nesting::default();
    let mut counts: Vec<u32> = vec![0];
    let (mut total, mut cases, mut run) = (0u32, 0u32, 0u32);
    for token in tokens {
        let mut is_prefix = false;
        match token.kind {
            Kind::LParen | Kind::LBrack => {
                // The group is one operand of what it stands in.
                if let Some(last) = counts.last_mut() {
                    *last += 1;
                    total += 1;
                }
                counts.push(0);
            }
            Kind::RParen | Kind::RBrack if counts.len() > 1 => {
                total -= counts.pop().unwrap_or(0);
            }
            Kind::Comma | Kind::Semi => {
                if let Some(last) = counts.last_mut() {
                    total -= std::mem::take(last);
                }
            }
            kind => {
                if let Some(last) = counts.last_mut() {
                    *last += 1;
                    total += 1;
                }
                is_prefix = kind == Kind::Op;
                if kind == Kind::Word && token.class == Class::Reserved {
                    let word = text.get(token.start as usize..token.end as usize).unwrap_or("");
                    is_prefix = word.eq_ignore_ascii_case("not");
                    if word.eq_ignore_ascii_case("case") {
                        cases += 1;
                    } else if word.eq_ignore_ascii_case("end") {
                        cases = cases.saturating_sub(1);
                    }
                }
            }
        }
        run = if is_prefix { run + 1 } else { 0 };
        res.prefixes = res.prefixes.max(run);
        let brackets = u32::try_from(counts.len() - 1).unwrap_or(u32::MAX).saturating_add(cases);
        res.brackets = res.brackets.max(brackets);
        res.weight = res.weight.max(total);
    }
    res
}

impl Nesting {
    pub(super) fn is_refused(&self) -> bool {
        self.brackets > MAX_NESTING
    }

    /// Any stack is large enough for it.
    pub(super) fn is_shallow(&self) -> bool {
        self.brackets <= 30 && self.weight <= 1_500 && self.prefixes <= 30
    }

    pub(super) fn allows_tree(&self) -> bool {
        self.weight <= MAX_TREE_WEIGHT
    }

    /// Runs the parse where the stack is large enough for it: here, except for unusual texts.
    pub(super) fn run<T: Send>(&self, parse: impl FnOnce() -> T + Send) -> Option<T> {
        if self.is_shallow() {
            return Some(parse());
        }
        let stack = (64 << 20) + self.weight.min(MAX_TREE_WEIGHT) as usize * 4096;
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, parse);
            thread.ok()?.join().ok()
        })
    }
}
