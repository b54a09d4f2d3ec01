//! The fast front end: oxc's tree of text without a syntax error → [`hir`]. Everything it cannot vouch for (an
//! error, nesting too deep for its recursion) is left to the tolerant parser.

mod class;
mod expr;
mod function;
mod module;
mod nesting;
mod pattern;
mod spine;
mod stmt;

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::{SourceType, Span};
use smol_str::SmolStr;

use super::build::Builder;
use super::{MAX_DEPTH, hir};
use crate::base::text::TextRange;
use crate::ts::Flavor;

/// A thread keeps its arena for the next text, unless it has grown beyond this many bytes.
const MAX_KEPT: usize = 4 << 20;

/// `None`: not valid, or not certainly so.
pub(super) fn parse(text: &str, flavor: Flavor) -> Option<hir::Module> {
    thread_local! {
        static ARENA: Cell<Option<Allocator>> = const { Cell::new(None) };
    }
    if u32::try_from(text.len()).is_err() {
        return None;
    }
    nesting::run(text, flavor, || {
        let mut arena = ARENA.take().unwrap_or_default();
        let module = catch_unwind(AssertUnwindSafe(|| read(&arena, text, flavor))).ok()?;
        if arena.capacity() <= MAX_KEPT {
            arena.reset();
            ARENA.set(Some(arena));
        }
        module
    })
}

fn read(arena: &Allocator, text: &str, flavor: Flavor) -> Option<hir::Module> {
    let kind = match flavor {
        Flavor::TypeScript => SourceType::ts(),
        Flavor::Tsx => SourceType::tsx(),
    };
    let options = ParseOptions { allow_return_outside_function: true, ..ParseOptions::default() };
    let res = Parser::new(arena, text, kind).with_options(options).parse();
    if res.panicked || res.diagnostics.has_errors() || res.is_flow_language {
        return None;
    }
    let mut lower = Lower { builder: Builder::new(text), too_deep: false };
    lower.directives(&res.program.directives);
    lower.statements(&res.program.body);
    (!lower.too_deep).then(|| lower.builder.finish())
}

struct Lower<'t> {
    builder: Builder<'t>,
    /// Something was left out: the module is not to be used.
    too_deep: bool,
}

impl<'t> Deref for Lower<'t> {
    type Target = Builder<'t>;

    fn deref(&self) -> &Builder<'t> {
        &self.builder
    }
}

impl<'t> DerefMut for Lower<'t> {
    fn deref_mut(&mut self) -> &mut Builder<'t> {
        &mut self.builder
    }
}

impl<'t> Lower<'t> {
    /// Goes one level deeper; `false`: too deep. The tolerant front end counts up to twice as many levels.
    fn enter(&mut self) -> bool {
        if self.too_deep || self.depth >= MAX_DEPTH / 2 {
            self.too_deep = true;
            return false;
        }
        self.depth += 1;
        true
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn source(&self, span: Span) -> &'t str {
        self.builder.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    fn name(&self, span: Span) -> SmolStr {
        self.source(span).into()
    }
}

fn text_range(span: Span) -> TextRange {
    TextRange::new(span.start.into(), span.end.max(span.start).into())
}
