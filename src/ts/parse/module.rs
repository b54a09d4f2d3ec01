//! Imports and exports, CommonJS included.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::kinds::{Field, Kind};
use super::{Lower, build};
use crate::ts::hir::{Export, ImportName};

impl<'t> Lower<'t> {
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
                        self.imported(source, build::import_name(name), local.node, type_only, node);
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
        let decl = self.extent(statement);
        self.bind_node(local, kind, decl);
    }

    /// A name in an import or export specifier, which may be a string.
    fn exported_name(&self, node: Node<'_>) -> SmolStr {
        if self.kind(node) == Kind::String { self.string_literal(node).value } else { self.name(node) }
    }

    pub(super) fn export(&mut self, node: Node<'t>) {
        let kids = self.kids(node);
        let type_only = kids.iter().any(|it| it.kind == Kind::TokType);
        let default = kids.iter().any(|it| it.kind == Kind::TokDefault);
        // `export as namespace X` names a global.
        if kids.iter().any(|it| it.kind == Kind::TokNamespace) {
            return;
        }
        let source =
            kids.iter().find(|it| it.field == Field::Source).map(|it| self.string_literal(it.node).value);
        for kid in &kids {
            if kid.kind == Kind::Decorator {
                self.only_child(kid.node);
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

    fn exported_declaration(&mut self, node: Node<'t>, statement: Node<'t>, default: bool) {
        let decl = self.extent(statement);
        let names = self.declaration(node, decl);
        self.export_names(names, default);
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
            self.export_specifier(name, as_, source, type_only);
        }
    }
}
