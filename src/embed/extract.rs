//! Finds the fragments of a module.
//!
//! Generous: what might be SQL is a fragment, and whoever knows what the tag or the receiver is drops the others.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{Fragment, FragmentId, Frame, Piece, Source};
use crate::base::text::{TextRange, TextSize};
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Module, Prop, ScopeId, StringLit, Template};

/// Tags of other languages.
const FOREIGN_TAGS: [&str; 14] = [
    "gql",
    "graphql",
    "css",
    "html",
    "svg",
    "keyframes",
    "styled",
    "injectGlobal",
    "createGlobalStyle",
    "dedent",
    "outdent",
    "md",
    "markdown",
    "groq",
];

/// How a statement may begin; a string that is given to `.query(…)` and begins otherwise is no SQL.
const STATEMENTS: [&str; 42] = [
    "select",
    "insert",
    "update",
    "delete",
    "with",
    "values",
    "table",
    "merge",
    "create",
    "alter",
    "drop",
    "truncate",
    "begin",
    "start",
    "commit",
    "rollback",
    "savepoint",
    "release",
    "set",
    "reset",
    "show",
    "explain",
    "analyze",
    "vacuum",
    "reindex",
    "cluster",
    "refresh",
    "comment",
    "grant",
    "revoke",
    "lock",
    "listen",
    "notify",
    "unlisten",
    "do",
    "call",
    "copy",
    "declare",
    "fetch",
    "close",
    "discard",
    "prepare",
];

/// The fragments of a file in text order. `text` is the text that `module` was made from.
pub fn fragments(module: &Module, text: &str) -> Vec<Fragment> {
    let mut finder = Finder { module, text, initialised: FxHashMap::default(), seen: FxHashSet::default() };
    finder.read_bindings();
    let mut res = Vec::new();
    for (i, expr) in module.exprs.iter().enumerate() {
        let id = ExprId(i as u32);
        match &expr.kind {
            ExprKind::Template(it) => res.extend(it.tag.and_then(|tag| finder.tagged(id, it, tag))),
            ExprKind::Call { callee, args, .. } => res.extend(finder.call(id, *callee, args)),
            _ => {}
        }
    }
    res.sort_by_key(|it| (it.host.start(), it.host.end()));
    for (i, fragment) in res.iter_mut().enumerate() {
        fragment.id = FragmentId(i as u32);
    }
    res
}

struct Finder<'a> {
    module: &'a Module,
    text: &'a str,
    /// Which variable or function an expression is the value of.
    initialised: FxHashMap<ExprId, SmolStr>,
    /// Literals that are fragments already: a constant may be used twice.
    seen: FxHashSet<ExprId>,
}

impl Finder<'_> {
    fn read_bindings(&mut self) {
        for scope in &self.module.scopes {
            for binding in &scope.bindings {
                let value = match &binding.kind {
                    BindingKind::Const { init, path } | BindingKind::Let { init, path, .. }
                        if path.is_empty() =>
                    {
                        *init
                    }
                    BindingKind::Function(it) => Some(*it),
                    _ => None,
                };
                if let Some(value) = value {
                    self.initialised.insert(value, binding.name.clone());
                }
            }
        }
    }

    fn tagged(&self, id: ExprId, template: &Template, tag: ExprId) -> Option<Fragment> {
        self.may_be_sql_tag(tag).then(|| Fragment {
            id: FragmentId(0),
            expr: id,
            source: Source::Tagged { tag },
            host: template_host(template),
            pieces: template_pieces(template),
            type_arg: template.type_args.first().cloned(),
            context: self.context(id),
            unclosed: !template.closed,
        })
    }

    fn may_be_sql_tag(&self, tag: ExprId) -> bool {
        let expr = self.module.expr(tag);
        match &expr.kind {
            ExprKind::Ident(name) => self.may_be_sql_name(expr.scope, name),
            ExprKind::Member { object, name, .. } => {
                is_sql_name(name)
                    || matches!(name.as_str(), "$queryRaw" | "$executeRaw")
                    // Slonik: sql.unsafe`…`, sql.fragment`…`.
                    || self.is_sql_object(*object)
            }
            // Slonik: sql.type(schema)`…`.
            ExprKind::Call { callee, .. } => match &self.module.expr(*callee).kind {
                ExprKind::Member { object, .. } => self.is_sql_object(*object),
                _ => false,
            },
            ExprKind::Assertion { expr, .. } => self.may_be_sql_tag(*expr),
            _ => false,
        }
    }

    fn may_be_sql_name(&self, scope: ScopeId, name: &str) -> bool {
        if is_sql_name(name) {
            return true;
        }
        if FOREIGN_TAGS.contains(&name) {
            return false;
        }
        match self.module.lookup(scope, name) {
            Some((_, binding)) => match &binding.kind {
                BindingKind::Import(_) => true,
                // `const client = postgres(url)`.
                BindingKind::Const { init: Some(init), .. } => {
                    matches!(self.module.expr(*init).kind, ExprKind::Call { .. } | ExprKind::Member { .. })
                }
                BindingKind::Param { path, .. } if path.last().is_some_and(|it| is_sql_name(it)) => true,
                BindingKind::Param { .. } => matches!(name, "tx" | "trx" | "client" | "pg" | "db"),
                _ => false,
            },
            None => false,
        }
    }

    fn call(&mut self, id: ExprId, callee: ExprId, args: &[ExprId]) -> Option<Fragment> {
        let ExprKind::Member { object, name, .. } = &self.module.expr(callee).kind else { return None };
        let first = *args.first()?;
        match name.as_str() {
            "raw" if self.is_sql_object(*object) => {
                let literal = self.literal(first)?;
                let frames = self.context(id);
                self.text_fragment(literal, Source::Raw { object: *object }, frames)
            }
            "execute" | "query" | "unsafe" | "exec" | "$queryRawUnsafe" | "$executeRawUnsafe" => {
                let literal = self.literal(first).or_else(|| self.text_property(first))?;
                let begins = self.literal_start(literal)?;
                if !begins_statement(begins) {
                    return None;
                }
                let source = Source::Execute { receiver: *object, method: name.clone() };
                let mut frames = vec![Frame::Arg { call: id, method: name.clone(), index: 0 }];
                frames.extend(self.context(id));
                self.text_fragment(literal, source, frames)
            }
            _ => None,
        }
    }

    /// The string or template without tag that an expression is, a constant's value included.
    fn literal(&self, id: ExprId) -> Option<ExprId> {
        let expr = self.module.expr(id);
        match &expr.kind {
            ExprKind::String(_) | ExprKind::Template(Template { tag: None, .. }) => Some(id),
            ExprKind::Assertion { expr, .. } => self.literal(*expr),
            ExprKind::Ident(name) => {
                let (_, binding) = self.module.lookup(expr.scope, name)?;
                let BindingKind::Const { init: Some(init), path } = &binding.kind else { return None };
                let known = matches!(
                    self.module.expr(*init).kind,
                    ExprKind::String(_) | ExprKind::Template(Template { tag: None, .. })
                );
                (path.is_empty() && known).then_some(*init)
            }
            _ => None,
        }
    }

    /// `client.query({ text: '…' })`.
    fn text_property(&self, id: ExprId) -> Option<ExprId> {
        let ExprKind::Object(props) = &self.module.expr(id).kind else { return None };
        props.iter().find_map(|it| match it {
            Prop::Field { key, value, .. } if key == "text" => self.literal(*value),
            _ => None,
        })
    }

    fn literal_start(&self, id: ExprId) -> Option<&str> {
        match &self.module.expr(id).kind {
            ExprKind::String(it) => Some(&it.value),
            ExprKind::Template(it) => it.quasis.first().map(|it| it.value.as_str()),
            _ => None,
        }
    }

    fn text_fragment(&mut self, literal: ExprId, source: Source, context: Vec<Frame>) -> Option<Fragment> {
        if !self.seen.insert(literal) {
            return None;
        }
        let expr = self.module.expr(literal);
        let (host, pieces, unclosed) = match &expr.kind {
            ExprKind::String(it) => {
                let last = crate::base::text::slice(self.text, expr.range).chars().last();
                let first = crate::base::text::slice(self.text, expr.range).chars().next();
                (expr.range, vec![text_piece(it)], first != last || expr.range.len() < TextSize::from(2))
            }
            ExprKind::Template(it) => (template_host(it), template_pieces(it), !it.closed),
            _ => return None,
        };
        Some(Fragment {
            id: FragmentId(0),
            expr: literal,
            source,
            host,
            pieces,
            type_arg: None,
            context,
            unclosed,
        })
    }

    /// `sql`, `orm.sql`, or `s` of `import { sql as s }`.
    fn is_sql_object(&self, id: ExprId) -> bool {
        if self.last_name(id).is_some_and(|it| is_sql_name(&it)) {
            return true;
        }
        let expr = self.module.expr(id);
        let ExprKind::Ident(name) = &expr.kind else { return false };
        match self.module.lookup(expr.scope, name).map(|it| &it.1.kind) {
            Some(BindingKind::Import(it)) => self.module.imports.get(*it as usize).is_some_and(
                |it| matches!(&it.name, crate::ts::hir::ImportName::Named(name) if is_sql_name(name)),
            ),
            _ => false,
        }
    }

    /// The last name of `a.b.c` or `c`.
    fn last_name(&self, id: ExprId) -> Option<SmolStr> {
        match &self.module.expr(id).kind {
            ExprKind::Ident(name) | ExprKind::Member { name, .. } => Some(name.clone()),
            ExprKind::Assertion { expr, .. } | ExprKind::Await(expr) => self.last_name(*expr),
            _ => None,
        }
    }

    /// The frames around an expression, innermost first.
    fn context(&self, id: ExprId) -> Vec<Frame> {
        let module = self.module;
        let mut frames = Vec::new();
        let mut child = id;
        loop {
            let Some(parent) = module.expr(child).parent else {
                if let Some(name) = self.initialised.get(&child) {
                    frames.push(Frame::Variable { name: name.clone() });
                }
                return frames;
            };
            match &module.expr(parent).kind {
                ExprKind::Assertion { .. } | ExprKind::Await(_) | ExprKind::Spread(_) => {}
                ExprKind::Call { callee, args, .. } | ExprKind::New { callee, args } => {
                    let Some(index) = args.iter().position(|it| *it == child) else { return frames };
                    let method = self.last_name(*callee).unwrap_or_default();
                    frames.push(Frame::Arg { call: parent, method, index: index as u32 });
                }
                ExprKind::Member { name, .. } => {
                    let Some(call) = module.expr(parent).parent else { return frames };
                    match &module.expr(call).kind {
                        ExprKind::Call { callee, .. } if *callee == parent => {
                            frames.push(Frame::Receiver { call, method: name.clone() });
                            child = call;
                            continue;
                        }
                        _ => return frames,
                    }
                }
                ExprKind::Object(props) => {
                    let key = props.iter().find_map(|it| match it {
                        Prop::Field { key, value, .. } if *value == child => Some(key.clone()),
                        _ => None,
                    });
                    if let Some(key) = key {
                        frames.push(Frame::Key { object: parent, key });
                    }
                }
                ExprKind::Array(items) => {
                    let index = items.iter().position(|it| *it == child).unwrap_or_default() as u32;
                    frames.push(Frame::Element { array: parent, index });
                }
                ExprKind::Template(it) => {
                    let Some(index) = it.holes.iter().position(|it| *it == child) else { return frames };
                    frames.push(Frame::Hole { template: parent, index: index as u32 });
                }
                ExprKind::Function(_) => frames.push(Frame::Returned { function: parent }),
                ExprKind::Conditional { test, .. } if *test == child => return frames,
                ExprKind::Conditional { .. } | ExprKind::Logical { .. } => {
                    frames.push(Frame::Alternative { expr: parent });
                }
                ExprKind::Assign { left, right, .. } if *right == child => {
                    if let ExprKind::Ident(name) = &module.expr(*left).kind {
                        frames.push(Frame::Variable { name: name.clone() });
                    }
                    return frames;
                }
                _ => return frames,
            }
            child = parent;
        }
    }
}

fn is_sql_name(name: &str) -> bool {
    let name = name.as_bytes();
    name.len() >= 3 && name.get(name.len() - 3..).is_some_and(|it| it.eq_ignore_ascii_case(b"sql"))
}

pub(super) fn begins_statement(text: &str) -> bool {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ';' | '\\'));
    while let Some(comment) = rest.strip_prefix("--") {
        rest = comment.split_once('\n').map_or("", |it| it.1).trim_start();
    }
    while let Some(comment) = rest.strip_prefix("/*") {
        rest = comment.split_once("*/").map_or("", |it| it.1).trim_start();
    }
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    !after.starts_with(['.', ':', '/', '_', '-', '='])
        && STATEMENTS.iter().any(|it| it.eq_ignore_ascii_case(word))
}

fn text_piece(lit: &StringLit) -> Piece {
    Piece::Text { text: lit.value.clone(), map: lit.map.clone() }
}

fn template_host(template: &Template) -> TextRange {
    let one = TextSize::from(1);
    let start = template.inner.start().checked_sub(one).unwrap_or_default();
    let end = if template.closed { template.inner.end() + one } else { template.inner.end() };
    TextRange::new(start, end.max(start))
}

/// Text and holes in turn, the text first and last, though it may be empty.
fn template_pieces(template: &Template) -> Vec<Piece> {
    let mut res = Vec::new();
    for (i, quasi) in template.quasis.iter().enumerate() {
        res.push(text_piece(quasi));
        if let (Some(hole), Some(next)) = (template.holes.get(i), template.quasis.get(i + 1)) {
            let start = quasi.map.host.end();
            let host = TextRange::new(start, next.map.host.start().max(start));
            res.push(Piece::Hole { expr: *hole, host });
        }
    }
    res
}

#[cfg(test)]
mod tests;
