//! Imports and exports, CommonJS included.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::kinds::{Field, Kind};
use super::{Lower, node_range};
use crate::base::text::TextRange;
use crate::ts::hir::{Binding, BindingKind, Export, ExprId, ExprKind, Import, ImportName, Prop, ScopeId};

impl<'t> Lower<'t> {
    pub(super) fn push_import(
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

    pub(super) fn import(&mut self, node: Node<'t>) {
        let kids = self.kids(node);
        let type_only = kids.iter().any(|it| matches!(it.kind, Kind::TokType | Kind::TokTypeof));
        if let Some(clause) = kids.iter().find(|it| it.kind == Kind::ImportRequire) {
            let kids = self.kids(clause.node);
            let source = kids.iter().find(|it| it.field == Field::Source);
            let name = kids.iter().find(|it| it.kind == Kind::Identifier);
            if let (Some(source), Some(name)) = (source, name) {
                self.imported(source.node, ImportName::Namespace, name.node, type_only, node);
            }
            return;
        }
        let Some(source) = kids.iter().find(|it| it.field == Field::Source).map(|it| it.node) else { return };
        let Some(clause) = kids.iter().find(|it| it.kind == Kind::ImportClause) else { return };
        for kid in self.kids(clause.node) {
            match kid.kind {
                Kind::Identifier => self.imported(source, ImportName::Default, kid.node, type_only, node),
                Kind::NamespaceImport => {
                    let name = self.kids(kid.node).into_iter().find(|it| it.kind == Kind::Identifier);
                    if let Some(name) = name {
                        self.imported(source, ImportName::Namespace, name.node, type_only, node);
                    }
                }
                Kind::NamedImports => {
                    for specifier in self.kids(kid.node) {
                        if specifier.kind != Kind::ImportSpecifier {
                            continue;
                        }
                        let kids = self.kids(specifier.node);
                        let type_only = type_only || kids.iter().any(|it| it.kind == Kind::TokType);
                        let Some(name) = kids.iter().find(|it| it.field == Field::Name) else { continue };
                        let local = kids.iter().find(|it| it.field == Field::Alias).unwrap_or(name);
                        let name = self.exported_name(name.node);
                        self.imported(source, import_name(name), local.node, type_only, node);
                    }
                }
                _ => {}
            }
        }
    }

    fn imported(
        &mut self,
        source: Node<'t>,
        name: ImportName,
        local: Node<'t>,
        type_only: bool,
        statement: Node<'t>,
    ) {
        let source_text = self.string_literal(source);
        let local_name = self.name(local);
        let kind = self.push_import(source_text.value, source_text.map.host, name, local_name, type_only);
        self.bind_name(local, kind, node_range(statement));
    }

    /// A name in an import or export specifier, which may be a string.
    fn exported_name(&self, node: Node<'_>) -> SmolStr {
        if self.kind(node) == Kind::String { self.string_literal(node).value } else { self.name(node) }
    }

    pub(super) fn export(&mut self, node: Node<'t>) {
        let kids = self.kids(node);
        let type_only = kids.iter().any(|it| it.kind == Kind::TokType);
        let default = kids.iter().any(|it| it.kind == Kind::TokDefault);
        let source =
            kids.iter().find(|it| it.field == Field::Source).map(|it| self.string_literal(it.node).value);
        for kid in &kids {
            if kid.kind == Kind::Decorator {
                let kids = self.kids(kid.node);
                self.damaged(kid.node, &kids, None);
            }
        }
        for kid in &kids {
            match kid.kind {
                Kind::Error => {
                    self.error(kid.node);
                }
                _ if kid.field == Field::Declaration => self.exported_declaration(kid.node, node, default),
                Kind::ExportClause => self.export_clause(kid.node, source.as_ref(), type_only),
                Kind::NamespaceExport => {
                    let name = self
                        .kids(kid.node)
                        .into_iter()
                        .find(|it| matches!(it.kind, Kind::Identifier | Kind::String));
                    if let (Some(name), Some(specifier)) = (name, source.clone()) {
                        let as_ = self.exported_name(name.node);
                        let name = ImportName::Namespace;
                        self.module.exports.push(Export::From { specifier, name, as_, type_only });
                    }
                }
                Kind::TokStar => {
                    if let Some(specifier) = source.clone()
                        && !kids.iter().any(|it| it.kind == Kind::NamespaceExport)
                    {
                        self.module.exports.push(Export::All { specifier });
                    }
                }
                // `export default x`, `export = x`.
                kind if kind.is_expression() && kid.field != Field::Source => {
                    let value = self.expr(kid.node);
                    self.export_default(value);
                }
                _ => {}
            }
        }
    }

    fn export_default(&mut self, value: ExprId) {
        let export = match &self.module.expr(value).kind {
            ExprKind::Ident(local) => {
                Export::Local { name: "default".into(), local: local.clone(), type_only: false }
            }
            _ => Export::DefaultExpr(value),
        };
        self.module.exports.push(export);
    }

    fn exported_declaration(&mut self, node: Node<'t>, statement: Node<'t>, default: bool) {
        for local in self.declaration(node, node_range(statement)) {
            let name = if default { "default".into() } else { local.clone() };
            self.module.exports.push(Export::Local { name, local, type_only: false });
        }
    }

    fn export_clause(&mut self, node: Node<'t>, source: Option<&SmolStr>, type_only: bool) {
        for kid in self.kids(node) {
            if kid.kind != Kind::ExportSpecifier {
                continue;
            }
            let kids = self.kids(kid.node);
            let type_only = type_only || kids.iter().any(|it| it.kind == Kind::TokType);
            let Some(name) = kids.iter().find(|it| it.field == Field::Name) else { continue };
            let alias = kids.iter().find(|it| it.field == Field::Alias).unwrap_or(name);
            let (name, as_) = (self.exported_name(name.node), self.exported_name(alias.node));
            self.module.exports.push(match source {
                Some(specifier) => {
                    Export::From { specifier: specifier.clone(), name: import_name(name), as_, type_only }
                }
                None => Export::Local { name: as_, local: name, type_only },
            });
        }
    }

    /// The specifier of `require('m')` or `await import('m')`, and where it stands.
    pub(super) fn required_module(&self, id: ExprId) -> Option<(SmolStr, TextRange)> {
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
    pub(super) fn common_js_export(&mut self, id: ExprId) {
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
        self.module.exports.push(Export::Local { name, local, type_only: false });
    }
}

fn import_name(name: SmolStr) -> ImportName {
    if name == "default" { ImportName::Default } else { ImportName::Named(name) }
}
