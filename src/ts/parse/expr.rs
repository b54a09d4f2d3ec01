//! Expressions.

mod compound;

use smol_str::SmolStr;
use tree_sitter::Node;

use super::kinds::{Field, Kind};
use super::{Kid, Lower, MAX_DEPTH, generics, node_range, type_arguments};
use crate::base::text::{TextRange, range};
use crate::ts::hir::{ExprId, ExprKind};

impl<'t> Lower<'t> {
    /// Lowers an expression. What leans to the left (`a.b().c + d as T`) is followed without recursion.
    pub(super) fn expr(&mut self, node: Node<'t>) -> ExprId {
        self.leaning(node, Vec::new())
    }

    /// An expression with what is known to lean on it, outermost first.
    fn leaning(&mut self, node: Node<'t>, mut spine: Vec<Around<'t>>) -> ExprId {
        for it in &mut spine {
            it.start = node.start_byte();
        }
        if self.depth >= MAX_DEPTH {
            return self.missing(node_range(node));
        }
        self.depth += 1;
        let mut current = node;
        loop {
            let kind = self.kind(current);
            if !has_spine(kind) {
                break;
            }
            let kids = self.kids(current);
            let Some(left) = left_child(kind, &kids) else { break };
            spine.push(Around { start: current.start_byte(), node: current, kind, kids });
            current = left;
        }
        let mut id = match self.kind(current) {
            Kind::Await | Kind::Unary => self.prefix(current, &mut spine),
            _ => self.atom(current),
        };
        while let Some(around) = spine.pop() {
            id = self.wrap(around, &mut spine, id);
        }
        self.depth -= 1;
        id
    }

    /// `await x`, `!x`. The grammar binds what follows more loosely than it should: in `await f<T>(x)` and `!x!` it
    /// belongs to the operand; and `as T` more tightly: in `await x as T` it belongs to the whole.
    fn prefix(&mut self, node: Node<'t>, spine: &mut Vec<Around<'t>>) -> ExprId {
        let kids = self.kids(node);
        let operand = kids.iter().find(|it| it.kind.is_expression()).copied();
        let Some(mut operand) = operand.filter(|_| !kids.iter().any(|it| it.kind == Kind::Error)) else {
            return self.atom(node);
        };
        let suffixes = take_suffixes(spine);
        if suffixes.is_empty() && !matches!(operand.kind, Kind::As | Kind::Satisfies) {
            return self.atom(node);
        }
        let mut end = suffixes.first().map_or(node.end_byte(), |it| it.node.end_byte());
        while suffixes.is_empty() && matches!(operand.kind, Kind::As | Kind::Satisfies) {
            let (around, kind) = (operand.node, operand.kind);
            let kids = self.kids(around);
            let Some(left) = kids.iter().find(|it| it.kind.is_expression()).copied() else { break };
            spine.push(Around { start: node.start_byte(), node: around, kind, kids });
            (operand, end) = (left, left.node.end_byte());
        }
        let range = range(node.start_byte(), end);
        let operand = self.leaning(operand.node, suffixes);
        if self.kind(node) == Kind::Await {
            return self.alloc(ExprKind::Await(operand), range);
        }
        let op = kids.iter().find(|it| it.field == Field::Operator);
        let op: SmolStr = op.map(|it| self.name(it.node)).unwrap_or_default();
        self.note_unary(&op, operand);
        self.alloc(ExprKind::Unary { op, operand }, range)
    }

    /// The node around its left child, which is already lowered.
    fn wrap(&mut self, around: Around<'t>, spine: &mut Vec<Around<'t>>, left: ExprId) -> ExprId {
        let Around { start, node, kind, kids } = around;
        let range = range(start, node.end_byte());
        // An error beside the left child: nothing is certain but the children.
        if kids.iter().any(|it| it.kind == Kind::Error) {
            return self.damaged(node, &kids, Some(left));
        }
        match kind {
            Kind::Parenthesized | Kind::Instantiation => left,
            Kind::Member => self.member(range, &kids, left),
            Kind::Subscript => {
                let optional = kids.iter().any(|it| it.kind == Kind::OptionalChain);
                let index = self.field_expr(&kids, Field::Index, range);
                self.index(left, index, optional, range)
            }
            Kind::Call => self.call(range, &kids, left),
            Kind::NonNull => self.alloc(ExprKind::Assertion { expr: left, ty: SmolStr::default() }, range),
            Kind::As | Kind::Satisfies => {
                // In `x as A.B` the grammar may take `.B` for a member of the whole.
                let mut end = node.end_byte();
                while let Some(member) = spine.pop_if(|it| it.kind == Kind::Member) {
                    end = member.node.end_byte();
                }
                let ty = kids.last().filter(|it| it.kind != Kind::TokAs && kind == Kind::As);
                let from = ty.map_or(end, |it| it.node.start_byte());
                let ty = self.text.get(from..end).unwrap_or("").trim().into();
                let range = crate::base::text::range(start, end);
                self.alloc(ExprKind::Assertion { expr: left, ty }, range)
            }
            _ => self.operation(range, &kids, take_suffixes(spine), left),
        }
    }

    fn member(&mut self, range: TextRange, kids: &[Kid<'t>], object: ExprId) -> ExprId {
        let Some(property) = kids.iter().find(|it| it.field == Field::Property) else {
            return self.alloc(ExprKind::Other(vec![object]), range);
        };
        let name = self.name(property.node);
        let optional = kids.iter().any(|it| it.kind == Kind::OptionalChain);
        let name_range = node_range(property.node);
        self.alloc(ExprKind::Member { object, name, name_range, optional }, range)
    }

    fn call(&mut self, range: TextRange, kids: &[Kid<'t>], callee: ExprId) -> ExprId {
        let type_args = match kids.iter().find(|it| it.kind == Kind::TypeArguments) {
            Some(it) => type_arguments(self, it.node),
            None => Vec::new(),
        };
        let optional = kids.iter().any(|it| it.kind == Kind::TokOptional);
        match kids.iter().find(|it| it.field == Field::Arguments) {
            Some(it) if it.kind == Kind::TemplateString => {
                let gap = usize::from(self.module.expr(callee).range.end())..it.node.start_byte();
                let blanked = generics::split(self.text.get(gap).unwrap_or(""));
                let type_args = if type_args.is_empty() { blanked } else { type_args };
                self.template(it.node, range, Some(callee), type_args)
            }
            Some(it) => {
                let args = self.arguments(it.node);
                self.note_mutation(callee, &args);
                self.alloc(ExprKind::Call { callee, args, type_args, optional }, range)
            }
            None => self.alloc(ExprKind::Other(vec![callee]), range),
        }
    }

    /// An operator's expression. In `a + b!` the grammar takes the `!` for the whole's; it is the right operand's.
    fn operation(
        &mut self,
        mut range: TextRange,
        kids: &[Kid<'t>],
        suffixes: Vec<Around<'t>>,
        left: ExprId,
    ) -> ExprId {
        let right = match (kids.iter().find(|it| it.field == Field::Right), suffixes.first()) {
            (Some(right), Some(last)) if right.kind.is_expression() => {
                range = range.cover(node_range(last.node));
                self.leaning(right.node, suffixes)
            }
            _ => self.field_expr(kids, Field::Right, range),
        };
        let op = kids.iter().find(|it| it.field == Field::Operator);
        let op: SmolStr = op.map(|it| self.name(it.node)).unwrap_or_default();
        self.binary(op, left, right, range)
    }

    pub(super) fn arguments(&mut self, node: Node<'t>) -> Vec<ExprId> {
        let mut res = Vec::new();
        for kid in self.kids(node) {
            if kid.kind == Kind::Error {
                res.push(self.error(kid.node));
            } else if kid.kind.is_expression() {
                res.push(self.expr(kid.node));
            }
        }
        res
    }

    /// The expression in a field of a node, `Missing` when there is none.
    pub(super) fn field_expr(&mut self, kids: &[Kid<'t>], field: Field, around: TextRange) -> ExprId {
        match kids.iter().find(|it| it.field == field && (it.kind.is_expression() || it.kind == Kind::Error))
        {
            Some(kid) => self.expr(kid.node),
            None => self.missing(TextRange::empty(around.end())),
        }
    }

    /// An expression that leans on nothing to its left.
    fn atom(&mut self, node: Node<'t>) -> ExprId {
        let range = node_range(node);
        if node.is_missing() {
            return self.missing(range);
        }
        match self.kind(node) {
            Kind::Identifier => {
                let name = self.name(node);
                self.alloc(ExprKind::Ident(name), range)
            }
            // `import.meta` is a name like any other to whoever follows names.
            Kind::MetaProperty => {
                let name = self.name(node);
                self.alloc(ExprKind::Ident(name), range)
            }
            Kind::Undefined => self.alloc(ExprKind::Undefined, range),
            Kind::This | Kind::Super => self.alloc(ExprKind::This, range),
            Kind::True => self.alloc(ExprKind::Bool(true), range),
            Kind::False => self.alloc(ExprKind::Bool(false), range),
            Kind::Null => self.alloc(ExprKind::Null, range),
            Kind::Number => {
                let text = self.source(node);
                self.number(text, range)
            }
            Kind::Regex => {
                let text = self.name(node);
                self.alloc(ExprKind::Regex(text), range)
            }
            Kind::String => self.string(node),
            Kind::TemplateString => self.template(node, range, None, Vec::new()),
            Kind::Array => self.array(node),
            Kind::Object => self.object(node),
            Kind::Arrow | Kind::FunctionExpression | Kind::GeneratorFunction => self.function(node, None),
            Kind::Class => self.class(node),
            Kind::Ternary => self.ternary(node),
            Kind::Unary | Kind::Update => self.unary(node),
            Kind::Assignment | Kind::AugmentedAssignment => self.assignment(node),
            Kind::Await => {
                let operand = self.only_child(node);
                self.alloc(ExprKind::Await(operand), range)
            }
            Kind::SpreadElement => {
                let operand = self.only_child(node);
                self.alloc(ExprKind::Spread(operand), range)
            }
            Kind::New => self.new_(node),
            Kind::TypeAssertion => self.type_assertion(node),
            Kind::Sequence => self.parts(node),
            Kind::Call => self.special_call(node),
            Kind::JsxElement | Kind::JsxFragment | Kind::JsxSelfClosing => {
                let mut items = Vec::new();
                self.markup(node, &mut items);
                self.other(items, range)
            }
            Kind::Error => self.error(node),
            _ => {
                let kids = self.kids(node);
                self.damaged(node, &kids, None)
            }
        }
    }

    #[inline(never)]
    fn ternary(&mut self, node: Node<'t>) -> ExprId {
        let kids = self.kids(node);
        let range = node_range(node);
        if kids.iter().any(|it| it.kind == Kind::Error) {
            return self.damaged(node, &kids, None);
        }
        let test = self.field_expr(&kids, Field::Condition, range);
        let then = self.field_expr(&kids, Field::Consequence, range);
        let else_ = self.field_expr(&kids, Field::Alternative, range);
        self.alloc(ExprKind::Conditional { test, then, else_ }, range)
    }

    #[inline(never)]
    fn unary(&mut self, node: Node<'t>) -> ExprId {
        let kids = self.kids(node);
        let op: SmolStr = kids
            .iter()
            .find(|it| it.field == Field::Operator)
            .map(|it| self.name(it.node))
            .unwrap_or_default();
        let operand = self.field_expr(&kids, Field::Argument, node_range(node));
        self.note_unary(&op, operand);
        self.alloc(ExprKind::Unary { op, operand }, node_range(node))
    }

    #[inline(never)]
    fn assignment(&mut self, node: Node<'t>) -> ExprId {
        let kids = self.kids(node);
        let range = node_range(node);
        let left = match kids.iter().find(|it| it.field == Field::Left) {
            Some(it) if matches!(it.kind, Kind::ObjectPattern | Kind::ArrayPattern) => {
                let mut names = Vec::new();
                self.pattern(it.node, &mut Some(Vec::new()), &mut names);
                self.note_names(names);
                self.missing(node_range(it.node))
            }
            Some(it) => self.expr(it.node),
            None => self.missing(TextRange::empty(range.start())),
        };
        self.note_assignment(left);
        let right = self.field_expr(&kids, Field::Right, range);
        let op = kids.iter().find(|it| it.field == Field::Operator);
        let op = op.map_or_else(|| SmolStr::new_static("="), |it| self.name(it.node));
        self.alloc(ExprKind::Assign { op, left, right }, range)
    }

    #[inline(never)]
    fn new_(&mut self, node: Node<'t>) -> ExprId {
        let kids = self.kids(node);
        let range = node_range(node);
        if kids.iter().any(|it| it.kind == Kind::Error) {
            return self.damaged(node, &kids, None);
        }
        let callee = self.field_expr(&kids, Field::Constructor, range);
        let args = match kids.iter().find(|it| it.field == Field::Arguments) {
            Some(it) => self.arguments(it.node),
            None => Vec::new(),
        };
        self.alloc(ExprKind::New { callee, args }, range)
    }

    #[inline(never)]
    fn type_assertion(&mut self, node: Node<'t>) -> ExprId {
        let kids = self.kids(node);
        let ty = match kids.iter().find(|it| it.kind == Kind::TypeArguments) {
            // `const` is no type of its own to the grammar.
            Some(it) => {
                let list = self.source(it.node);
                let ty = list.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
                ty.unwrap_or(list).trim().into()
            }
            None => SmolStr::default(),
        };
        let expr = match kids.iter().find(|it| it.kind.is_expression()) {
            Some(it) => self.expr(it.node),
            None => self.missing(node_range(node)),
        };
        self.alloc(ExprKind::Assertion { expr, ty }, node_range(node))
    }

    #[inline(never)]
    fn parts(&mut self, node: Node<'t>) -> ExprId {
        let mut items = Vec::new();
        let kids = self.kids(node);
        for kid in &kids {
            if kid.kind.is_expression() {
                items.push(self.expr(kid.node));
            }
        }
        self.sequence(items, node_range(node))
    }

    /// `import('x')`, and calls whose callee is damaged.
    #[inline(never)]
    fn special_call(&mut self, node: Node<'t>) -> ExprId {
        let kids = self.kids(node);
        if !kids.iter().any(|it| it.kind == Kind::Import) {
            return self.damaged(node, &kids, None);
        }
        let args = match kids.iter().find(|it| it.field == Field::Arguments) {
            Some(it) => self.arguments(it.node),
            None => Vec::new(),
        };
        self.dynamic_import(&args, node_range(node))
    }

    /// The one expression in a node (`await x`, `${x}`, `...x`, `[x]:`).
    pub(super) fn only_child(&mut self, node: Node<'t>) -> ExprId {
        let kids = self.kids(node);
        let error = kids.iter().any(|it| it.kind == Kind::Error);
        match kids.iter().find(|it| it.kind.is_expression()) {
            Some(it) if !error => self.expr(it.node),
            Some(_) => self.damaged(node, &kids, None),
            None if error => self.damaged(node, &kids, None),
            None => self.missing(node_range(node)),
        }
    }

    /// The expressions in an element: values of attributes and children, without names and text.
    fn markup(&mut self, node: Node<'t>, items: &mut Vec<ExprId>) {
        for kid in self.kids(node) {
            match kid.kind {
                Kind::JsxClosing | Kind::JsxNamespace => {}
                _ if kid.field == Field::Name => {}
                Kind::Error => items.push(self.error(kid.node)),
                Kind::SpreadElement => items.push(self.only_child(kid.node)),
                kind if kind.is_expression() => items.push(self.expr(kid.node)),
                kind if kind.is_type() => {}
                _ if kid.node.named_child_count() > 0 => self.markup(kid.node, items),
                _ => {}
            }
        }
    }

    /// A node that a syntax error damages: its value is not known, its parts are kept.
    pub(super) fn damaged(&mut self, node: Node<'t>, kids: &[Kid<'t>], left: Option<ExprId>) -> ExprId {
        let range = node_range(node);
        if self.depth >= MAX_DEPTH {
            return self.missing(range);
        }
        self.depth += 1;
        let mut items: Vec<ExprId> = left.into_iter().collect();
        let skip = left.map(|it| self.module.expr(it).range);
        for kid in kids {
            if skip.is_some_and(|it| it.contains_range(node_range(kid.node))) {
                continue;
            }
            self.part(*kid, &mut items);
        }
        self.depth -= 1;
        self.other(items, range)
    }

    fn part(&mut self, kid: Kid<'t>, items: &mut Vec<ExprId>) {
        match kid.kind {
            Kind::Error => items.push(self.error(kid.node)),
            kind if kind.is_expression() => items.push(self.expr(kid.node)),
            kind if kind.is_statement() => self.statement(kid.node),
            kind if kind.is_type() => {}
            _ if kid.node.named_child_count() > 0 => {
                let kids = self.kids(kid.node);
                items.push(self.damaged(kid.node, &kids, None));
            }
            _ => {}
        }
    }
}

/// An expression around its left child.
struct Around<'t> {
    /// Where the left child starts.
    start: usize,
    node: Node<'t>,
    kind: Kind,
    kids: Vec<Kid<'t>>,
}

/// Takes the innermost of what leans on an expression, as far as it binds more tightly than any operator.
fn take_suffixes<'t>(spine: &mut Vec<Around<'t>>) -> Vec<Around<'t>> {
    let is_suffix = |kind| {
        matches!(kind, Kind::Call | Kind::Member | Kind::Subscript | Kind::NonNull | Kind::Instantiation)
    };
    let at = spine.iter().rposition(|it| !is_suffix(it.kind)).map_or(0, |it| it + 1);
    spine.split_off(at)
}

fn has_spine(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Call
            | Kind::Member
            | Kind::Subscript
            | Kind::NonNull
            | Kind::As
            | Kind::Satisfies
            | Kind::Binary
            | Kind::Instantiation
            | Kind::Parenthesized
    )
}

/// The child that an expression leans on to the left.
fn left_child<'t>(kind: Kind, kids: &[Kid<'t>]) -> Option<Node<'t>> {
    let wanted = match kind {
        Kind::Call | Kind::Instantiation => Field::Function,
        Kind::Member | Kind::Subscript => Field::Object,
        Kind::Binary => Field::Left,
        _ => Field::Unknown,
    };
    let first = kids.iter().find(|it| it.kind.is_expression() || it.kind == Kind::Import)?;
    if first.kind == Kind::Import || (first.field != wanted && kind != Kind::Instantiation) {
        return None;
    }
    Some(first.node)
}
