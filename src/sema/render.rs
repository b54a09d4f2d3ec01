//! A fragment and what its holes resolve to → SQL text with a two-way offset map.
//!
//! What a hole renders to is what drizzle-orm makes of it (`sql/sql.js`, `buildQueryFromSourceParams`); other
//! libraries have rules of their own. A hole that may be any SQL is *dynamic*: an identifier that begins with
//! [`DYNAMIC_MARK`](crate::sql::ident::DYNAMIC_MARK) stands for it, and nothing that depends on it may be blamed.

mod builder;
mod hole;
pub mod kind;
pub mod library;
pub mod map;
mod operator;
mod typed;
mod value;
pub mod values;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::fragment::{Env, ScopeRelation};
use crate::base::text::{TextRange, TextSize};
use crate::embed::{Fragment, Piece, Source};
use crate::sql::ident::DYNAMIC_MARK;
use crate::ts::hir::{ExprId, LiteralMap, ScopeId};
pub use library::Library;
pub use map::OffsetMap;
use value::Arg;
pub use value::drizzle_function;

/// CONTRACTS, "Fragments": at most this many combinations of conditional holes, beyond that each alone.
const MAX_COMBINATIONS: usize = 32;
const MAX_DEPTH: u32 = 48;
const MAX_STEPS: u32 = 4_000;

/// How Drizzle writes the columns of a fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Columns {
    /// `"users"."email"`.
    #[default]
    Qualified,
    /// `"email"` where the column is a hole of the fragment itself: selection of a query of one table in 0.x.
    BareDirect,
    /// `"email"` everywhere: index expressions.
    Bare,
}

/// A fragment's renderings.
#[derive(Debug, Clone)]
pub struct Rendering {
    pub library: Library,
    /// At least one; the first takes the first alternative of every conditional hole.
    pub alternatives: Vec<Rendered>,
    /// Every combination is among them.
    pub complete: bool,
}

/// SQL text, with where it comes from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rendered {
    pub text: String,
    pub map: OffsetMap,
    /// `$1`, `$2`, … in order.
    pub params: Vec<Param>,
    /// What stands for unknown SQL. With any of these, a syntax error may be the hole's.
    pub dynamic: Vec<Dynamic>,
    /// Relations of which a hole is a column.
    pub mentioned: Vec<ScopeRelation>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    pub range: TextRange,
    /// The hole in the file.
    pub host: TextRange,
    /// The value's expression, where it is one of the file.
    pub expr: Option<ExprId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Dynamic {
    pub range: TextRange,
    pub host: TextRange,
    /// It is an identifier for certain (`sql.identifier(name)`).
    pub identifier: bool,
}

/// Whose way of reading holes a fragment has.
pub fn library_of(env: &Env<'_>, fragment: &Fragment) -> Library {
    match &fragment.source {
        Source::Tagged { tag } => library::of_tag(env, *tag),
        Source::Raw { .. } => Library::Text,
        Source::Execute { receiver, method } => {
            match library::runs_sql(env, *receiver, method, &fragment.pieces) {
                true => Library::Text,
                false => Library::Foreign,
            }
        }
    }
}

/// Renders a fragment.
pub fn render(env: &Env<'_>, fragment: &Fragment, columns: Columns) -> Rendering {
    let library = library_of(env, fragment);
    let run = |script: &[usize]| {
        let mut run = Renderer::new(env, library, columns, script);
        run.fragment(fragment);
        (run.done, run.taken)
    };
    let mut alternatives: Vec<Rendered> = Vec::new();
    let mut add = |it: Rendered| {
        if !alternatives.iter().any(|other| other.text == it.text) {
            alternatives.push(it);
        }
    };
    let (first, baseline) = run(&[]);
    add(first);
    let mut taken = baseline.clone();
    let mut n_runs = 1;
    let complete = loop {
        let Some(script) = next_script(&taken) else { break true };
        if n_runs == MAX_COMBINATIONS {
            break false;
        }
        let (rendered, next) = run(&script);
        add(rendered);
        taken = next;
        n_runs += 1;
    };
    if !complete {
        let mut alone = Vec::new();
        for (i, choice) in baseline.iter().enumerate() {
            for pick in 1..choice.arity {
                let mut script: Vec<usize> = baseline.iter().take(i).map(|it| it.pick).collect();
                script.push(pick);
                alone.push(script);
            }
        }
        alternatives.truncate(1);
        for script in alone.into_iter().take(2 * MAX_COMBINATIONS) {
            let (rendered, _) = run(&script);
            if !alternatives.iter().any(|other| other.text == rendered.text) {
                alternatives.push(rendered);
            }
        }
    }
    Rendering { library, alternatives, complete }
}

/// Whether the last word of the text is IN.
fn ends_with_in(text: &str) -> bool {
    let trimmed = text.trim_end();
    let word = trimmed.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or("");
    trimmed.len() < text.len() && word.eq_ignore_ascii_case("in")
}

/// A decision that was made on the way: which of `arity` alternatives.
#[derive(Debug, Clone, Copy)]
struct Choice {
    pick: usize,
    arity: usize,
}

/// The next combination in order; `None` after the last.
fn next_script(taken: &[Choice]) -> Option<Vec<usize>> {
    let at = taken.iter().rposition(|it| it.pick + 1 < it.arity)?;
    let mut script: Vec<usize> = taken.iter().take(at + 1).map(|it| it.pick).collect();
    *script.last_mut()? += 1;
    Some(script)
}

/// What a parameter of an inlined function of the same file stands for.
struct Inlined {
    scope: ScopeId,
    args: Vec<ExprId>,
}

struct Renderer<'a, 'e> {
    env: &'a Env<'e>,
    library: Library,
    columns: Columns,
    script: &'a [usize],
    taken: Vec<Choice>,
    /// What was decided about a condition, by its text: the same condition holds in every hole.
    decided: FxHashMap<String, usize>,
    done: Rendered,
    /// The hole of the file that is being rendered.
    host: TextRange,
    /// Templates around: columns directly in the first may be bare.
    templates: u32,
    depth: u32,
    steps: u32,
    inlined: Vec<Inlined>,
    /// Values become literals (`.inlineParams()`).
    inline: bool,
    /// Elements pushed to arrays of the file, by the array's declaration; computed when first needed.
    pushed: Option<FxHashMap<TextSize, Vec<ExprId>>>,
}

impl<'a, 'e> Renderer<'a, 'e> {
    fn new(env: &'a Env<'e>, library: Library, columns: Columns, script: &'a [usize]) -> Renderer<'a, 'e> {
        Renderer {
            env,
            library,
            columns,
            script,
            taken: Vec::new(),
            decided: FxHashMap::default(),
            done: Rendered::default(),
            host: TextRange::default(),
            templates: 0,
            depth: 0,
            steps: 0,
            inlined: Vec::new(),
            inline: false,
            pushed: None,
        }
    }

    fn fragment(&mut self, fragment: &Fragment) {
        self.templates = 1;
        for piece in &fragment.pieces {
            match piece {
                Piece::Text { text, map } => self.literal(text, map, true),
                Piece::Hole { expr, host } => {
                    self.host = *host;
                    self.hole(*expr);
                }
            }
        }
    }

    /// Chooses one of `arity` alternatives; the same `condition` is decided once.
    fn choose(&mut self, condition: Option<String>, arity: usize) -> usize {
        if arity < 2 {
            return 0;
        }
        if let Some(pick) = condition.as_ref().and_then(|it| self.decided.get(it)) {
            return (*pick).min(arity - 1);
        }
        let pick = self.script.get(self.taken.len()).copied().unwrap_or(0).min(arity - 1);
        self.taken.push(Choice { pick, arity });
        if let Some(condition) = condition {
            self.decided.insert(condition, pick);
        }
        pick
    }

    fn literal(&mut self, text: &str, map: &LiteralMap, exact: bool) {
        if !exact {
            self.push(text);
            return;
        }
        let start = TextSize::of(self.done.text.as_str());
        self.done.text.push_str(text);
        self.done.map.push_literal(start, TextSize::of(text), map);
    }

    /// Appends text that the current hole renders to.
    fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let start = TextSize::of(self.done.text.as_str());
        self.done.text.push_str(text);
        self.done.map.push_hole(TextRange::at(start, TextSize::of(text)), self.host);
    }

    fn identifier(&mut self, name: &str) {
        self.push(&format!("\"{}\"", name.replace('"', "\"\"")));
    }

    fn param(&mut self, expr: Option<ExprId>) {
        if self.inline {
            return self.dynamic(false);
        }
        // Behind IN only an array makes sense, and Drizzle writes one as a list.
        let list = self.library == Library::Drizzle && ends_with_in(&self.done.text);
        if list {
            self.push("(");
        }
        let start = TextSize::of(self.done.text.as_str());
        let text = format!("${}", self.done.params.len() + 1);
        self.push(&text);
        let range = TextRange::at(start, TextSize::of(text.as_str()));
        if list {
            self.push(")");
        }
        self.done.params.push(Param { range, host: self.host, expr });
    }

    fn dynamic(&mut self, identifier: bool) {
        let start = TextSize::of(self.done.text.as_str());
        let text = format!("{DYNAMIC_MARK}{}", self.done.dynamic.len());
        self.push(&text);
        let range = TextRange::at(start, TextSize::of(text.as_str()));
        self.done.dynamic.push(Dynamic { range, host: self.host, identifier });
    }

    fn mention(&mut self, relation: ScopeRelation) {
        if !self.done.mentioned.contains(&relation) {
            self.done.mentioned.push(relation);
        }
    }

    /// `(a, b)`.
    fn list(&mut self, items: &[Arg]) {
        self.push("(");
        self.separated(items, ", ");
        self.push(")");
    }

    fn separated(&mut self, items: &[Arg], separator: &str) {
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.push(separator);
            }
            self.arg(item);
        }
    }

    /// Spends a step on something nested; false when that was too much.
    fn enter(&mut self) -> bool {
        self.steps += 1;
        if self.depth >= MAX_DEPTH || self.steps > MAX_STEPS {
            self.dynamic(false);
            return false;
        }
        self.depth += 1;
        true
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// The names of a condition's parts, to tell whether two conditions are one.
fn condition_key(env: &Env<'_>, id: ExprId) -> Option<String> {
    use crate::ts::hir::ExprKind::*;
    let key = |id| condition_key(env, id);
    let joined =
        |items: &[ExprId]| items.iter().map(|it| key(*it)).collect::<Option<Vec<_>>>().map(|it| it.join(","));
    Some(match &env.module.expr(id).kind {
        Ident(name) => name.to_string(),
        This => "this".into(),
        String(it) => format!("{:?}", it.value),
        Number(it) | BigInt(it) => it.to_string(),
        Bool(it) => it.to_string(),
        Null => "null".into(),
        Undefined => "undefined".into(),
        Member { object, name, .. } => format!("{}.{name}", key(*object)?),
        Index { object, index } => format!("{}[{}]", key(*object)?, key(*index)?),
        Call { callee, args, .. } => format!("{}({})", key(*callee)?, joined(args)?),
        Logical { op, left, right } | Binary { op, left, right } => {
            format!("({} {op} {})", key(*left)?, key(*right)?)
        }
        Unary { op, operand } => format!("{op}{}", key(*operand)?),
        Await(it) => format!("await {}", key(*it)?),
        Assertion { expr, .. } => key(*expr)?,
        _ => return None,
    })
}

/// Name of a function or method that a call calls.
fn callee_name(env: &Env<'_>, callee: ExprId) -> Option<SmolStr> {
    use crate::ts::hir::ExprKind::*;
    match &env.module.expr(callee).kind {
        Ident(name) | Member { name, .. } => Some(name.clone()),
        Assertion { expr, .. } => callee_name(env, *expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
