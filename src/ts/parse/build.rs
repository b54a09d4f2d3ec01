//! What both front ends share: the module in the making. Whoever walks a tree asks this for scopes, bindings and
//! expressions in the order of the text, so that the same text gives the same module by either way.

use smol_str::SmolStr;

use super::literal;
use crate::base::text::{TextRange, range, slice};
use crate::ts::hir::{
    self, Binding, BindingKind, Export, Expr, ExprId, ExprKind, Function, Import, ImportName, Param, Prop,
    Rest, Scope, ScopeId, StringLit,
};

/// The longest type that is kept, in bytes.
const MAX_TYPE: usize = 4_000;

/// A name that a pattern binds, and the keys that lead to it; `None`: not by keys alone (a rest, a default).
pub(super) struct PatternName {
    pub name: SmolStr,
    pub range: TextRange,
    pub path: Option<Vec<SmolStr>>,
}

pub(super) struct Builder<'t> {
    /// The real text; a front end's may differ from it in bytes that carry nothing.
    pub text: &'t str,
    pub module: hir::Module,
    pub scope: ScopeId,
    /// Where `var` declares.
    pub function_scope: ScopeId,
    pub depth: u32,
    /// Returned expressions of the functions being read, innermost last.
    returns: Vec<Vec<ExprId>>,
    /// Names that are assigned to, with the scope of the assignment.
    assigned: Vec<(ScopeId, SmolStr)>,
    /// Names whose value is changed in place (`x.push(…)`, `x.y = …`), with the method where it is one of a `Set` or `Map`.
    mutated: Vec<(ScopeId, SmolStr, &'static str)>,
}

/// What surrounds the function that is being read.
pub(super) struct Outer {
    scope: ScopeId,
    function_scope: ScopeId,
}

/// A function that has been read, but for what its body returns.
pub(super) struct Header {
    pub name: Option<SmolStr>,
    pub params: Vec<Param>,
    pub is_async: bool,
    pub is_generator: bool,
    pub simple: bool,
    pub guards: Vec<ExprId>,
    pub body: TextRange,
}

/// How a declarator binds its names.
#[derive(Clone, Copy)]
pub(super) struct Declaring {
    pub constant: bool,
    pub scope: ScopeId,
    pub decl: TextRange,
}

impl<'t> Builder<'t> {
    pub fn new(text: &'t str) -> Builder<'t> {
        Builder {
            text,
            module: empty(),
            scope: ScopeId::MODULE,
            function_scope: ScopeId::MODULE,
            depth: 0,
            returns: Vec::new(),
            assigned: Vec::new(),
            mutated: Vec::new(),
        }
    }

    /// Settles which `let`s keep their first value. A constant array or object that is changed in place is a
    /// `let` too: its initialiser is not its value for good.
    pub fn finish(mut self) -> hir::Module {
        for (scope, name) in std::mem::take(&mut self.assigned) {
            if let Some(binding) = self.lookup_mut(scope, &name)
                && let BindingKind::Let { assigned, .. } = &mut binding.kind
            {
                *assigned = true;
            }
        }
        for (scope, name, method) in std::mem::take(&mut self.mutated) {
            let Some((_, binding)) = self.module.lookup(scope, &name) else { continue };
            let BindingKind::Const { init: Some(init), path } = &binding.kind else { continue };
            let mut value = *init;
            while let ExprKind::Assertion { expr, .. } = &self.module.expr(value).kind {
                value = *expr;
            }
            let changes = match &self.module.expr(value).kind {
                ExprKind::Array(_) | ExprKind::Object(_) => method.is_empty(),
                ExprKind::New { callee, .. } => {
                    !method.is_empty()
                        && matches!(&self.module.expr(*callee).kind, ExprKind::Ident(it) if it == "Set" || it == "Map")
                }
                _ => false,
            };
            if !changes {
                continue;
            }
            let kind = BindingKind::Let { init: Some(*init), path: path.clone(), assigned: true };
            if let Some(binding) = self.lookup_mut(scope, &name) {
                binding.kind = kind;
            }
        }
        if let Some(scope) = self.module.scopes.first() {
            let names = scope.bindings.iter().zip(0..).map(|(it, idx)| (it.name.clone(), idx));
            self.module.names = names.collect();
        }
        self.module
    }

    fn lookup_mut(&mut self, scope: ScopeId, name: &str) -> Option<&mut Binding> {
        let (scope, _) = self.module.lookup(scope, name)?;
        let scope = self.module.scopes.get_mut(scope.0 as usize)?;
        scope.bindings.iter_mut().rev().find(|it| it.name == name)
    }

    pub fn alloc(&mut self, kind: ExprKind, range: TextRange) -> ExprId {
        let exprs = &mut self.module.exprs;
        let id = ExprId(exprs.len() as u32);
        kind.for_each_child(|child| {
            if let Some(child) = exprs.get_mut(child.0 as usize) {
                child.parent = Some(id);
            }
        });
        exprs.push(Expr { kind, range, parent: None, scope: self.scope });
        id
    }

    /// A class: what stands in it, its static fields, and the types of its fields.
    pub fn class_expr(
        &mut self,
        items: Vec<ExprId>,
        statics: Vec<hir::StaticField>,
        fields: Vec<(SmolStr, SmolStr)>,
        range: TextRange,
    ) -> ExprId {
        let id = self.alloc(ExprKind::Other(items), range);
        if !statics.is_empty() {
            self.module.statics.push((id, statics));
        }
        if !fields.is_empty() {
            self.module.fields.push((id, fields));
        }
        id
    }

    /// An interface or type alias.
    pub fn type_declared(&mut self, declared: TextRange) {
        if self.scope == ScopeId::MODULE
            && usize::from(declared.len()) <= MAX_TYPE
            && let Some(found) = type_decl(slice(self.text, declared))
        {
            self.module.types.push(found);
        }
    }

    pub fn missing(&mut self, range: TextRange) -> ExprId {
        self.alloc(ExprKind::Missing, range)
    }

    /// An expression of which only the parts matter.
    pub fn other(&mut self, items: Vec<ExprId>, range: TextRange) -> ExprId {
        if items.is_empty() { self.missing(range) } else { self.alloc(ExprKind::Other(items), range) }
    }

    pub fn open_scope(&mut self) -> ScopeId {
        let outer = self.scope;
        self.module.scopes.push(Scope { parent: Some(outer), ..Scope::default() });
        self.scope = ScopeId(self.module.scopes.len() as u32 - 1);
        outer
    }

    pub fn bind(&mut self, scope: ScopeId, binding: Binding) {
        if let Some(scope) = self.module.scopes.get_mut(scope.0 as usize) {
            scope.bindings.push(binding);
        }
    }

    pub fn bind_name(&mut self, name: SmolStr, name_range: TextRange, kind: BindingKind, decl: TextRange) {
        self.bind(self.scope, Binding { name, name_range, kind, ty: None, decl });
    }

    /// Names that hold a new value in every round of a loop, or a caught error.
    pub fn bind_opaque(&mut self, names: Vec<PatternName>, decl: TextRange) {
        for it in names {
            self.bind_name(it.name, it.range, BindingKind::Opaque, decl);
        }
    }

    /// The names of one declarator; `ty`: its annotation, if it declares a single name.
    pub fn declare(
        &mut self,
        names: Vec<PatternName>,
        init: Option<ExprId>,
        ty: Option<SmolStr>,
        how: Declaring,
        declared: &mut Vec<SmolStr>,
    ) {
        let required = init.and_then(|it| self.required_module(it));
        for it in names {
            declared.push(it.name.clone());
            let kind = match (it.path, &required) {
                (Some(path), Some((specifier, range)))
                    if path.len() < 2 && path.first().is_none_or(|it| Rest::of_key(it).is_none()) =>
                {
                    let name = path.first().map_or(ImportName::Namespace, |it| ImportName::Named(it.clone()));
                    self.push_import(specifier.clone(), *range, name, it.name.clone(), false)
                }
                (Some(path), _) if how.constant => BindingKind::Const { init, path },
                (Some(path), _) => BindingKind::Let { init, path, assigned: false },
                (None, _) => BindingKind::Opaque,
            };
            let binding =
                Binding { name: it.name, name_range: it.range, kind, ty: ty.clone(), decl: how.decl };
            self.bind(how.scope, binding);
        }
    }

    // Functions.

    /// Opens a function's scope.
    pub fn open_function(&mut self) -> Outer {
        let scope = self.open_scope();
        let function_scope = std::mem::replace(&mut self.function_scope, self.scope);
        self.returns.push(Vec::new());
        Outer { scope, function_scope }
    }

    pub fn returned(&mut self, value: ExprId) {
        if let Some(returns) = self.returns.last_mut() {
            returns.push(value);
        }
    }

    pub fn close_function(&mut self, outer: Outer, header: Header, range: TextRange) -> ExprId {
        let scope = std::mem::replace(&mut self.scope, outer.scope);
        self.function_scope = outer.function_scope;
        let returns = self.returns.pop().unwrap_or_default();
        let Header { name, params, is_async, is_generator, simple, mut guards, body } = header;
        if is_generator || returns.len() != guards.len() + 1 {
            guards.clear();
        }
        let simple = simple && !is_generator;
        let head = range.start()..body.start().max(range.start());
        let ty = return_type(slice(self.text, TextRange::new(head.start, head.end)));
        let function = Function { name, params, is_async, scope, returns, simple, guards, body, ty };
        let id = self.alloc(ExprKind::Function(function), range);
        if let Some(scope) = self.module.scopes.get_mut(scope.0 as usize) {
            scope.function = Some(id);
        }
        id
    }

    /// Binds a parameter's names and adds it to the list. `ty`, `plain`: of a single name or a rest.
    pub fn param(
        &mut self,
        names: Vec<PatternName>,
        plain: bool,
        param: Param,
        decl: TextRange,
        params: &mut Vec<Param>,
    ) {
        let index = params.len() as u32;
        let name = if plain { names.first().map(|it| it.name.clone()) } else { None };
        for it in names {
            let kind = match it.path {
                Some(path) => BindingKind::Param { index, path },
                _ => BindingKind::Opaque,
            };
            let ty = if plain { param.ty.clone() } else { None };
            self.bind(self.scope, Binding { name: it.name, name_range: it.range, kind, ty, decl });
        }
        params.push(Param { name, ..param });
    }

    /// The expressions among those made from `first` on that have these ranges.
    pub fn exprs_at(&self, first: usize, ranges: &[TextRange]) -> Vec<ExprId> {
        let new = self.module.exprs.get(first..).unwrap_or_default();
        let test = |range: &TextRange| {
            // The outermost of those that have the same range was made last.
            let at = new.iter().rposition(|it| it.range == *range)?;
            u32::try_from(first + at).ok().map(ExprId)
        };
        ranges.iter().map(test).collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    // Expressions.

    /// The body of a loop.
    pub fn loop_body(&mut self, body: TextRange) {
        self.module.loops.push(body);
    }

    pub fn expression_statement(&mut self, id: ExprId) {
        self.module.statements.push(id);
        if self.scope == ScopeId::MODULE {
            self.module.top_level.push(id);
            self.common_js_export(id);
        }
    }

    /// `object[index]`; a string in the brackets is a name.
    pub fn index(&mut self, object: ExprId, index: ExprId, optional: bool, range: TextRange) -> ExprId {
        match &self.module.expr(index).kind {
            ExprKind::String(it) if !optional => {
                let (name, name_range) = (it.value.clone(), self.module.expr(index).range);
                self.alloc(ExprKind::Member { object, name, name_range, optional }, range)
            }
            _ => self.alloc(ExprKind::Index { object, index }, range),
        }
    }

    pub fn binary(&mut self, op: SmolStr, left: ExprId, right: ExprId, range: TextRange) -> ExprId {
        let kind = match op.as_str() {
            "&&" | "||" | "??" => ExprKind::Logical { op, left, right },
            _ => ExprKind::Binary { op, left, right },
        };
        self.alloc(kind, range)
    }

    /// `(0, f)` is `f`; any other sequence is only its parts.
    pub fn sequence(&mut self, items: Vec<ExprId>, range: TextRange) -> ExprId {
        match items.as_slice() {
            [first, last] if matches!(self.module.expr(*first).kind, ExprKind::Number(_)) => *last,
            _ => self.alloc(ExprKind::Other(items), range),
        }
    }

    pub fn dynamic_import(&mut self, args: &[ExprId], range: TextRange) -> ExprId {
        let specifier = args.first().and_then(|it| match &self.module.expr(*it).kind {
            ExprKind::String(it) => Some(it.value.clone()),
            _ => None,
        });
        self.alloc(ExprKind::DynamicImport(specifier), range)
    }

    pub fn number(&mut self, text: &str, range: TextRange) -> ExprId {
        let kind = match text.strip_suffix('n') {
            Some(digits) if !text.starts_with("0x") || digits.len() > 2 => ExprKind::BigInt(digits.into()),
            _ => ExprKind::Number(text.into()),
        };
        self.alloc(kind, range)
    }

    /// The literal whose source, with its quotes, is `text` at byte `start`.
    pub fn string_literal(text: &str, start: usize) -> StringLit {
        let quote = text.chars().next().filter(|it| matches!(it, '"' | '\''));
        let body = quote.and_then(|it| text.strip_prefix(it)).unwrap_or(text);
        let body = quote.and_then(|it| body.strip_suffix(it)).unwrap_or(body);
        literal::decode(body, start + usize::from(quote.is_some()), false)
    }

    pub fn quasi(&self, start: usize, end: usize) -> StringLit {
        literal::decode(self.text.get(start..end).unwrap_or(""), start, true)
    }

    /// `[key]: value`; a string in the brackets is a name.
    pub fn computed_prop(&mut self, key: ExprId, value: ExprId) -> Prop {
        match &self.module.expr(key).kind {
            ExprKind::String(it) => {
                let (name, key_range) = (it.value.clone(), self.module.expr(key).range);
                Prop::Field { key: name, key_range, value, shorthand: false }
            }
            _ => Prop::Computed { key, value },
        }
    }

    // Assignments.

    pub fn note_names(&mut self, names: Vec<PatternName>) {
        let scope = self.scope;
        self.assigned.extend(names.into_iter().map(|it| (scope, it.name)));
    }

    pub fn note_assignment(&mut self, target: ExprId) {
        match &self.module.expr(target).kind {
            ExprKind::Ident(name) => {
                let name = name.clone();
                self.assigned.push((self.scope, name));
            }
            _ => self.note_change(target, ""),
        }
    }

    pub fn note_unary(&mut self, op: &str, operand: ExprId) {
        if matches!(op, "++" | "--" | "delete") {
            self.note_assignment(operand);
        }
    }

    /// `x.y.z` is changed: so is what `x` holds.
    fn note_change(&mut self, mut target: ExprId, method: &'static str) {
        loop {
            match &self.module.expr(target).kind {
                ExprKind::Member { object, .. } | ExprKind::Index { object, .. } => target = *object,
                ExprKind::Assertion { expr, .. } => target = *expr,
                ExprKind::Ident(name) => {
                    let name = name.clone();
                    self.mutated.push((self.scope, name, method));
                    return;
                }
                _ => return,
            }
        }
    }

    pub fn note_mutation(&mut self, callee: ExprId, args: &[ExprId]) {
        let ExprKind::Member { object, name, .. } = &self.module.expr(callee).kind else { return };
        match name.as_str() {
            "push" | "unshift" | "splice" | "pop" | "shift" | "sort" | "reverse" | "fill" | "copyWithin" => {
                self.note_change(*object, "");
            }
            "add" => self.note_change(*object, "add"),
            "set" => self.note_change(*object, "set"),
            "assign" | "defineProperty" => {
                if let Some(first) = args.first() {
                    self.note_change(*first, "");
                }
            }
            _ => {}
        }
    }

    // Imports and exports.

    pub fn push_import(
        &mut self,
        specifier: SmolStr,
        specifier_range: TextRange,
        name: ImportName,
        local: SmolStr,
        type_only: bool,
    ) -> BindingKind {
        self.module.imports.push(Import { specifier, specifier_range, name, local, type_only });
        BindingKind::Import(self.module.imports.len() as u32 - 1)
    }

    pub fn export_local(&mut self, name: SmolStr, local: SmolStr, type_only: bool) {
        self.module.exports.push(Export::Local { name, local, type_only });
    }

    pub fn export_default(&mut self, value: ExprId) {
        let export = match &self.module.expr(value).kind {
            ExprKind::Ident(local) => {
                Export::Local { name: "default".into(), local: local.clone(), type_only: false }
            }
            _ => Export::DefaultExpr(value),
        };
        self.module.exports.push(export);
    }

    pub fn export_names(&mut self, names: Vec<SmolStr>, default: bool) {
        for local in names {
            let name = if default { "default".into() } else { local.clone() };
            self.export_local(name, local, false);
        }
    }

    pub fn export_specifier(
        &mut self,
        name: SmolStr,
        as_: SmolStr,
        source: Option<&SmolStr>,
        type_only: bool,
    ) {
        self.module.exports.push(match source {
            Some(specifier) => {
                Export::From { specifier: specifier.clone(), name: import_name(name), as_, type_only }
            }
            None => Export::Local { name: as_, local: name, type_only },
        });
    }

    /// The specifier of `require('m')` or `await import('m')`, and where it stands.
    fn required_module(&self, id: ExprId) -> Option<(SmolStr, TextRange)> {
        let expr = self.module.expr(id);
        match &expr.kind {
            ExprKind::Call { callee, args, .. } => {
                let ExprKind::Ident(name) = &self.module.expr(*callee).kind else { return None };
                let [arg] = args.as_slice() else { return None };
                let ExprKind::String(lit) = &self.module.expr(*arg).kind else { return None };
                (name == "require").then(|| (lit.value.clone(), lit.map.host))
            }
            ExprKind::Await(inner) => match &self.module.expr(*inner).kind {
                ExprKind::DynamicImport(Some(specifier)) => Some((specifier.clone(), expr.range)),
                _ => None,
            },
            _ => None,
        }
    }

    /// `module.exports = …`, `module.exports.x = …` and `exports.x = …`.
    fn common_js_export(&mut self, id: ExprId) {
        let ExprKind::Assign { left, right, .. } = &self.module.expr(id).kind else { return };
        let (right, range) = (*right, self.module.expr(id).range);
        let ExprKind::Member { object, name, name_range, .. } = &self.module.expr(*left).kind else { return };
        let (name, name_range) = (name.clone(), *name_range);
        let is_exports = match &self.module.expr(*object).kind {
            ExprKind::Ident(it) if it == "module" && name == "exports" => {
                self.module.exports.push(Export::DefaultExpr(right));
                self.export_properties(right);
                return;
            }
            ExprKind::Ident(it) => it == "exports",
            ExprKind::Member { object, name, .. } => {
                name == "exports"
                    && matches!(&self.module.expr(*object).kind, ExprKind::Ident(it) if it == "module")
            }
            _ => false,
        };
        if is_exports {
            self.export_value(name, name_range, right, range);
        }
    }

    fn export_properties(&mut self, object: ExprId) {
        let ExprKind::Object(props) = &self.module.expr(object).kind else { return };
        let range = self.module.expr(object).range;
        for prop in props.clone() {
            if let Prop::Field { key, key_range, value, .. } = prop {
                self.export_value(key, key_range, value, range);
            }
        }
    }

    /// Exports a value under a name: by the local it is, or by a local of its own that no program can spell.
    fn export_value(&mut self, name: SmolStr, name_range: TextRange, value: ExprId, decl: TextRange) {
        // `exports.a = void 0` announces what follows in compiled files.
        if matches!(
            self.module.expr(value).kind,
            ExprKind::Unary { .. } | ExprKind::Undefined | ExprKind::Assign { .. }
        ) {
            return;
        }
        let local = match &self.module.expr(value).kind {
            ExprKind::Ident(local) => local.clone(),
            _ => {
                let local: SmolStr = format!("exports.{name}").into();
                let kind = BindingKind::Const { init: Some(value), path: Vec::new() };
                let binding = Binding { name: local.clone(), name_range, kind, ty: None, decl };
                self.bind(ScopeId::MODULE, binding);
                local
            }
        };
        self.export_local(name, local, false);
    }
}

pub(super) fn empty() -> hir::Module {
    hir::Module { scopes: vec![Scope::default()], ..hir::Module::default() }
}

pub(super) fn import_name(name: SmolStr) -> ImportName {
    if name == "default" { ImportName::Default } else { ImportName::Named(name) }
}

/// The value of an enum's member, where it is written out.
pub(super) fn member_value(kind: &ExprKind) -> Option<SmolStr> {
    match kind {
        ExprKind::String(it) => Some(it.value.clone()),
        ExprKind::Number(it) => Some(it.clone()),
        _ => None,
    }
}

/// What `interface name …` or `type name = …` declares; what takes type parameters is left out.
fn type_decl(source: &str) -> Option<hir::TypeDecl> {
    let rest = source.strip_prefix("declare").unwrap_or(source).trim_start();
    let rest = rest.strip_prefix("interface").or_else(|| rest.strip_prefix("type"))?;
    let rest = rest.strip_prefix(char::is_whitespace)?.trim_start();
    let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_' && it != '$')?;
    let (name, rest) = (rest.get(..end)?, rest.get(end..)?.trim());
    let text = rest.strip_prefix('=').unwrap_or(rest).trim().trim_end_matches(';');
    (!name.is_empty() && !text.starts_with('<'))
        .then(|| hir::TypeDecl { name: name.into(), text: text.into() })
}

/// The type between a function's parameters and its body.
fn return_type(head: &str) -> Option<SmolStr> {
    let head = head.trim_end();
    let head = head.strip_suffix("=>").unwrap_or(head).trim_end();
    let ty = head.get(head.rfind(')')? + 1..)?.trim_start().strip_prefix(':')?.trim();
    (!ty.is_empty() && ty.len() <= MAX_TYPE).then(|| ty.into())
}

/// The type in `: T`.
pub(super) fn annotation(source: &str) -> SmolStr {
    source.trim_start_matches(':').trim().into()
}

/// Runs `then` with one more key at the end of the path; without a known key there is no path.
pub(super) fn with_key(
    path: &mut Option<Vec<SmolStr>>,
    key: Option<SmolStr>,
    then: impl FnOnce(&mut Option<Vec<SmolStr>>),
) {
    match (path.as_mut(), key) {
        (Some(keys), Some(key)) => {
            keys.push(key);
            then(path);
            if let Some(keys) = path {
                keys.pop();
            }
        }
        _ => then(&mut None),
    }
}

/// The range of a declaration in the head of a `for`, without the semicolon that ends it there.
pub(super) fn without_semicolon(text: &str, decl: TextRange) -> TextRange {
    let (start, end) = (usize::from(decl.start()), usize::from(decl.end()));
    match text.get(start..end).and_then(|it| it.strip_suffix(';')) {
        Some(it) => range(start, start + it.trim_end().len()),
        None => decl,
    }
}
