//! The state of one analysis: what is known of every expression, the levels of scopes, problems and references.

use crate::base::text::{TextRange, range, slice};
use crate::catalog::{Catalog, Type, TypeId};
use crate::sema::{Analysis, Code, Context, ExprInfo, OutputColumn, Problem, Reference, Related, Target, Ty};
use crate::sql::hir::{Ddl, Expr, ExprId, ExprKind, Statement, StatementKind, WrapperKind, ddl::ViewKind};
use crate::sql::{Dialect, Ident};

use super::params::Params;
use super::scope::{Level, Resolved, Rte};

pub struct Binder<'a> {
    pub ctx: Context<'a>,
    pub catalog: &'a Catalog,
    pub stmt: &'a Statement,
    pub text: &'a str,
    /// Types are checked; false for dialects of which only names are known.
    pub typed: bool,
    /// Beside `stmt.exprs`.
    pub info: Vec<ExprInfo>,
    /// Beside `stmt.exprs`: what a name, call or star turned out to be.
    pub resolved: Vec<Resolved>,
    pub params: Params,
    /// Every range table entry of the statement, by [`super::scope::RteId`].
    pub rtes: Vec<Rte>,
    /// The query levels around the current point, outermost first.
    pub levels: Vec<Level<'a>>,
    pub columns: Vec<OutputColumn>,
    pub columns_open: bool,
    pub problems: Vec<Problem>,
    pub references: Vec<Reference>,
    /// The columns of the rows that calls of functions with OUT parameters return.
    pub call_rows: rustc_hash::FxHashMap<ExprId, Vec<(crate::sql::Ident, Ty)>>,
    /// The names of functions' only OUT parameters, by call.
    pub single_out: rustc_hash::FxHashMap<ExprId, crate::sql::Ident>,
    /// The recursive CTE whose body comes next.
    pub recursion: Option<super::cte::Recursion<'a>>,
    /// Every CTE that was analysed, for who asks for them.
    pub done_ctes: Option<Vec<super::scope::Cte>>,
    /// Names of CTEs that were used inside their own bodies.
    pub recursive_uses: Vec<(crate::sql::Ident, TextRange)>,
    /// A scope that is left had names which are not known here.
    pub open: bool,
    /// Guards against statements that refer to themselves without end.
    pub depth: u32,
    /// What each star stands for, where somebody wants to know.
    pub stars: Option<Vec<super::bindings::Star>>,
    /// The call behind CALL.
    pub calling: Option<ExprId>,
    /// A stand-in name is looked for, and what can be seen from it.
    pub probe: Option<Box<super::probe::Probe>>,
    /// Collations other than the default are in play.
    pub collated: bool,
    /// Only what is certainly the same counts as that.
    pub strictly: std::cell::Cell<bool>,
    /// The types of the marks that CYCLE adds, by their CTEs.
    pub cycle_marks: rustc_hash::FxHashMap<crate::base::text::TextRange, Ty>,
    /// What the columns of subqueries that are values are called.
    pub sub_names: rustc_hash::FxHashMap<ExprId, Ident>,
    /// Expressions that PostgreSQL does not give a collation, whatever they say.
    pub not_collated: rustc_hash::FxHashSet<ExprId>,
    /// The collations of subqueries' first columns, and where those are; the default is not kept.
    pub sub_collations: rustc_hash::FxHashMap<ExprId, (crate::catalog::Collation, TextRange)>,
    /// What is sorted or grouped by.
    pub sorted: Vec<ExprId>,
    /// Places of what is not immutable, where somebody wants to know.
    pub mutable: Option<Vec<TextRange>>,
    /// What the statement is made of, where somebody wants to know.
    pub used: Option<std::cell::RefCell<std::collections::BTreeSet<crate::catalog::depend::Used>>>,
}

pub const UNKNOWN_INFO: ExprInfo = ExprInfo { ty: Ty::Unknown, nullable: None };

/// A literal or parameter whose type is not decided.
pub const UNDECIDED: Ty = Ty::Known(Type { id: TypeId::UNKNOWN, typmod: -1 });

/// A type without modifier.
pub fn known(id: TypeId) -> Ty {
    Ty::Known(Type::plain(id))
}

impl<'a> Binder<'a> {
    pub fn new(ctx: Context<'a>, stmt: &'a Statement, text: &'a str) -> Binder<'a> {
        Binder {
            ctx,
            catalog: ctx.catalog,
            stmt,
            text,
            typed: ctx.catalog.dialect == Dialect::Postgres,
            info: vec![UNKNOWN_INFO; stmt.exprs.len()],
            resolved: vec![Resolved::None; stmt.exprs.len()],
            params: Params::new(ctx.params),
            rtes: Vec::new(),
            levels: Vec::new(),
            columns: Vec::new(),
            columns_open: false,
            problems: Vec::new(),
            references: Vec::new(),
            call_rows: Default::default(),
            single_out: Default::default(),
            open: false,
            recursion: None,
            done_ctes: None,
            recursive_uses: Vec::new(),
            depth: 0,
            stars: None,
            calling: None,
            probe: None,
            collated: super::collation::is_written(text),
            strictly: std::cell::Cell::new(false),
            cycle_marks: rustc_hash::FxHashMap::default(),
            sub_names: rustc_hash::FxHashMap::default(),
            not_collated: rustc_hash::FxHashSet::default(),
            sub_collations: Default::default(),
            sorted: Vec::new(),
            mutable: None,
            used: None,
        }
    }

    pub fn statement(&mut self, kind: &'a StatementKind) {
        match kind {
            StatementKind::Wrapped { kind, name, param_types, options, inner } => {
                if *kind == WrapperKind::Call {
                    self.procedure_call(inner);
                    return;
                }
                if *kind == WrapperKind::Prepare {
                    self.declare_params(param_types);
                }
                if *kind == WrapperKind::Copy {
                    self.params.none = true;
                    if self.copies_into(inner) {
                        return;
                    }
                }
                if *kind == WrapperKind::DeclareCursor && self.contradicting_cursor(options) {
                    return;
                }
                self.statement(inner);
                self.check_options(*kind, options, inner);
                if let (WrapperKind::DeclareCursor, StatementKind::Query(query)) = (kind, inner.as_ref()) {
                    self.refuse_modifying_with(query, "DECLARE CURSOR must not contain data-modifying");
                }
                if let Some(name) = name.as_ref().filter(|_| self.problems.is_empty()) {
                    self.session_name_taken(*kind, name);
                }
                // EXPLAIN returns a plan, PREPARE and DECLARE nothing.
                self.columns.clear();
                if *kind == WrapperKind::Explain {
                    let format = options.iter().rev().find(|it| it.0.ident.as_str() == "format");
                    let format = format.and_then(|it| it.1.as_ref()).map_or("text", |it| it.ident.as_str());
                    let ty = match format.to_ascii_lowercase().as_str() {
                        "json" => TypeId::JSON,
                        "xml" => TypeId::XML,
                        _ => TypeId::TEXT,
                    };
                    self.columns.push(OutputColumn {
                        name: crate::sql::Ident::new("QUERY PLAN"),
                        ty: known(ty),
                        nullable: Some(false),
                        source: None,
                        collation: Default::default(),
                    });
                    self.columns_open = false;
                }
            }
            StatementKind::Ddl(ddl) => {
                self.ddl(ddl);
                if let Ddl::CreateView(view) = ddl.as_ref() {
                    let words = match view.kind {
                        ViewKind::View => "views must not contain data-modifying",
                        ViewKind::Materialized => "materialized views must not use data-modifying",
                        ViewKind::Table => return,
                    };
                    self.refuse_modifying_with(&view.query, words);
                }
            }
            StatementKind::Session(session) => self.session(session),
            StatementKind::Other(_) => {}
            _ => {
                let mut shape = self.modifying(kind);
                // A function's body has variables there, and what it makes is made when it runs.
                if let StatementKind::Query(query) = kind
                    && self.ctx.variables.is_empty()
                    && std::ptr::eq(kind, &self.stmt.kind)
                {
                    self.made_into(query, &shape);
                }
                if matches!(kind, StatementKind::Query(query) if super::ddl::into_of(query).is_some()) {
                    shape.columns.clear();
                }
                self.columns_open = shape.open;
                self.columns = shape.columns.into_iter().map(|it| it.output()).collect();
            }
        }
    }

    pub fn finish(mut self) -> Analysis {
        self.undetermined_params();
        // A table that gets no data: its query is never planned.
        let making = matches!(&self.stmt.kind, StatementKind::Ddl(it) if matches!(**it, Ddl::CreateView(_)));
        if making && self.ends_with(&["with", "no", "data"]) {
            self.problems.retain(|it| !super::params::is_rewritten(it));
        }
        // One place, one problem of a kind: a target list and its ORDER BY may both reach the same name.
        let mut seen = rustc_hash::FxHashSet::default();
        self.problems.retain(|it| seen.insert((it.range, it.code.name, it.message.clone())));
        self.problems.sort_by_key(|it| (it.range.start(), it.range.end()));
        Analysis {
            params: self.params.types(),
            exprs: self.info,
            columns: self.columns,
            columns_open: self.columns_open,
            problems: self.problems,
            references: self.references,
        }
    }

    /// The statement's last words.
    fn ends_with(&self, words: &[&str]) -> bool {
        let text = self.text.trim_end_matches(|it: char| it == ';' || it.is_ascii_whitespace());
        let mut written = text.split_ascii_whitespace().rev();
        words.iter().rev().all(|word| written.next().is_some_and(|it| it.eq_ignore_ascii_case(word)))
    }

    // ------------------------------------------------------------ expressions

    pub fn expr_node(&self, id: ExprId) -> &'a Expr {
        static MISSING: Expr =
            Expr { range: TextRange::empty(text_size::TextSize::new(0)), kind: ExprKind::Missing };
        self.stmt.exprs.get(id.0 as usize).unwrap_or(&MISSING)
    }

    pub fn ty(&self, id: ExprId) -> Ty {
        self.info(id).ty
    }

    pub fn info(&self, id: ExprId) -> ExprInfo {
        self.info.get(id.0 as usize).copied().unwrap_or(UNKNOWN_INFO)
    }

    pub fn set_ty(&mut self, id: ExprId, ty: Ty) {
        if let Some(it) = self.info.get_mut(id.0 as usize) {
            it.ty = ty;
        }
    }

    pub fn set_info(&mut self, id: ExprId, info: ExprInfo) {
        if let Some(it) = self.info.get_mut(id.0 as usize) {
            *it = info;
        }
    }

    pub fn resolved(&self, id: ExprId) -> Resolved {
        self.resolved.get(id.0 as usize).copied().unwrap_or(Resolved::None)
    }

    pub fn set_resolved(&mut self, id: ExprId, to: Resolved) {
        if let Some(it) = self.resolved.get_mut(id.0 as usize) {
            *it = to;
        }
    }

    /// The expression without the parentheses around it.
    pub fn unparen(&self, mut id: ExprId) -> ExprId {
        while let ExprKind::Paren(inner) = self.expr_node(id).kind {
            id = inner;
        }
        id
    }

    /// The expression without parentheses.
    pub fn bare(&self, id: ExprId) -> &'a ExprKind {
        &self.expr_node(self.unparen(id)).kind
    }

    /// Where PostgreSQL says an expression is (`exprLocation`: its leftmost token, parentheses not counted), widened
    /// to its end.
    pub fn place(&self, id: ExprId) -> TextRange {
        let node = self.expr_node(self.unparen(id));
        let inner = |id: ExprId| TextRange::new(self.place(id).start(), node.range.end());
        match &node.kind {
            ExprKind::Operator { lhs: Some(lhs), .. } => inner(*lhs),
            ExprKind::Bool { args, .. } => args.first().map_or(node.range, |it| inner(*it)),
            ExprKind::Is { expr, .. }
            | ExprKind::Like { expr, .. }
            | ExprKind::InList { expr, .. }
            | ExprKind::InQuery { expr, .. }
            | ExprKind::Collate { expr, .. }
            | ExprKind::Subscript { expr, .. } => inner(*expr),
            ExprKind::Field { expr, .. } | ExprKind::FieldStar(expr) => inner(*expr),
            ExprKind::Between { expr, .. } => inner(*expr),
            ExprKind::IsDistinct { lhs, .. }
            | ExprKind::QuantifiedArray { lhs, .. }
            | ExprKind::QuantifiedQuery { lhs, .. } => inner(*lhs),
            ExprKind::Cast { expr, style, .. } => {
                // A literal that is read as its type keeps its own place; so does a cast that changes nothing.
                let literal = matches!(
                    self.bare(*expr),
                    ExprKind::Literal(crate::sql::hir::Literal::String(_) | crate::sql::hir::Literal::Null)
                );
                let same = matches!((self.ty(*expr), self.ty(self.unparen(id))), (Ty::Known(a), Ty::Known(b)) if a.id == b.id);
                if literal || same || *style == crate::sql::hir::CastStyle::Colons {
                    inner(*expr)
                } else {
                    node.range
                }
            }
            ExprKind::Call(call) if call.syntax_form => {
                let first = call.args.first().map(|it| self.place(it.value).start());
                TextRange::new(
                    first.map_or(node.range.start(), |it| it.min(node.range.start())),
                    node.range.end(),
                )
            }
            _ => node.range,
        }
    }

    /// The range of the next token after `at`: where PostgreSQL places an operator that the tree has no range for.
    pub fn token_after(&self, at: text_size::TextSize) -> TextRange {
        let mut pos = usize::from(at);
        let bytes = self.text.as_bytes();
        loop {
            while bytes.get(pos).is_some_and(u8::is_ascii_whitespace) {
                pos += 1;
            }
            match bytes.get(pos..pos + 2) {
                Some(b"--") => {
                    pos = self.text.get(pos..).and_then(|it| it.find('\n')).map_or(bytes.len(), |it| pos + it)
                }
                Some(b"/*") => {
                    pos = self
                        .text
                        .get(pos..)
                        .and_then(|it| it.find("*/"))
                        .map_or(bytes.len(), |it| pos + it + 2)
                }
                _ => break,
            }
        }
        let word =
            bytes.get(pos..).unwrap_or_default().iter().take_while(|it| it.is_ascii_alphanumeric()).count();
        range(pos, (pos + word.max(1)).min(bytes.len()))
    }

    /// The range of the last `word` (in any case) before `at`.
    pub fn word_before(&self, at: text_size::TextSize, word: &str) -> Option<TextRange> {
        let before = self.text.get(..usize::from(at))?;
        let start = before.to_ascii_lowercase().rfind(word)?;
        Some(range(start, start + word.len()))
    }

    pub fn slice(&self, at: TextRange) -> &'a str {
        slice(self.text, at)
    }

    // --------------------------------------------------------------- reports

    pub fn report(&mut self, code: Code, at: TextRange, message: impl Into<String>) -> &mut Problem {
        let idx = self.problems.len();
        self.problems.push(Problem {
            code,
            range: at,
            message: message.into(),
            hint: None,
            related: Vec::new(),
            fixes: Vec::new(),
        });
        &mut self.problems[idx]
    }

    /// Like [`Self::report`], for what only PostgreSQL's type rules know.
    pub fn refuse(&mut self, code: Code, at: TextRange, message: impl Into<String>) {
        if self.typed {
            self.report(code, at, message);
        }
    }

    pub fn reference(&mut self, at: TextRange, target: Target) {
        self.use_target(&target);
        self.references.push(Reference { range: at, target });
    }
}

impl Problem {
    pub(super) fn hint(&mut self, hint: impl Into<String>) -> &mut Problem {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn related(&mut self, place: crate::sema::Place, message: impl Into<String>) -> &mut Problem {
        self.related.push(Related { place, message: message.into() });
        self
    }
}
