//! Imports and exports.

use oxc_ast::ast::{
    Declaration, ExportDeclaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind, ExportSpecifier,
    ImportDeclaration, ImportDeclarationSpecifier, ModuleDeclaration, ModuleExportName,
    TSImportEqualsDeclaration, TSModuleReference,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

use super::{Lower, text_range};
use crate::base::text::TextRange;
use crate::ts::hir::{BindingKind, Export, ImportName};
use crate::ts::parse::build;

impl<'t> Lower<'t> {
    pub(super) fn module_declaration(&mut self, it: &ModuleDeclaration<'_>) {
        match it {
            ModuleDeclaration::ImportDeclaration(it) => self.import(it),
            ModuleDeclaration::ExportAllDeclaration(it) => {
                let specifier = self.literal(it.source.span).value;
                let export = match &it.exported {
                    Some(name) => Export::From {
                        specifier,
                        name: ImportName::Namespace,
                        as_: self.exported_name(name),
                        type_only: it.export_kind.is_type(),
                    },
                    None => Export::All { specifier },
                };
                self.module.exports.push(export);
            }
            ModuleDeclaration::ExportDefaultDeclaration(it) => self.default_declaration(it),
            ModuleDeclaration::ExportDeclaration(it) => self.exported_declaration(it),
            ModuleDeclaration::ExportNamedDeclaration(it) => {
                self.specifiers(&it.specifiers, None, it.export_kind.is_type());
            }
            ModuleDeclaration::ExportFromDeclaration(it) => {
                let source = self.literal(it.source.span).value;
                self.specifiers(&it.specifiers, Some(&source), it.export_kind.is_type());
            }
            ModuleDeclaration::TSExportAssignment(it) => {
                let value = self.expr(&it.expression);
                self.export_default(value);
            }
            // `export as namespace X` names a global.
            ModuleDeclaration::TSNamespaceExportDeclaration(_) => {}
        }
    }

    fn import(&mut self, it: &ImportDeclaration<'_>) {
        let type_only = it.import_kind.is_type();
        let decl = text_range(it.span);
        for specifier in it.specifiers.iter().flatten() {
            let (name, local, type_only) = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(it) => {
                    let name = build::import_name(self.exported_name(&it.imported));
                    (name, it.local.span, type_only || it.import_kind.is_type())
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(it) => {
                    (ImportName::Default, it.local.span, type_only)
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(it) => {
                    (ImportName::Namespace, it.local.span, type_only)
                }
            };
            self.imported(it.source.span, name, local, type_only, decl);
        }
    }

    pub(super) fn import_equals(&mut self, it: &TSImportEqualsDeclaration<'_>, decl: TextRange) {
        match &it.module_reference {
            TSModuleReference::ExternalModuleReference(module) => {
                let type_only = it.import_kind.is_type();
                self.imported(module.expression.span, ImportName::Namespace, it.id.span, type_only, decl);
            }
            TSModuleReference::IdentifierReference(_) | TSModuleReference::QualifiedName(_) => {
                let name = self.name(it.id.span);
                self.bind_name(name, text_range(it.id.span), BindingKind::Opaque, decl);
            }
        }
    }

    fn imported(&mut self, source: Span, name: ImportName, local: Span, type_only: bool, decl: TextRange) {
        let source = self.literal(source);
        let local_name = self.name(local);
        let kind = self.push_import(source.value, source.map.host, name, local_name.clone(), type_only);
        self.bind_name(local_name, text_range(local), kind, decl);
    }

    /// A name in an import or export specifier, which may be a string.
    fn exported_name(&self, name: &ModuleExportName<'_>) -> SmolStr {
        match name {
            ModuleExportName::StringLiteral(it) => self.literal(it.span).value,
            other => self.name(other.span()),
        }
    }

    fn specifiers(&mut self, list: &[ExportSpecifier<'_>], source: Option<&SmolStr>, type_only: bool) {
        for it in list {
            let (name, as_) = (self.exported_name(&it.local), self.exported_name(&it.exported));
            self.export_specifier(name, as_, source, type_only || it.export_kind.is_type());
        }
    }

    fn exported_declaration(&mut self, it: &ExportDeclaration<'_>) {
        let decl = text_range(it.span);
        let names = match &it.declaration {
            Declaration::ClassDeclaration(class) => self.exported_class(class, decl),
            other => self.declaration(other, decl),
        };
        self.export_names(names, false);
    }

    /// Decorators before `export` stand outside of the class.
    fn exported_class(&mut self, it: &oxc_ast::ast::Class<'_>, decl: TextRange) -> Vec<SmolStr> {
        let first = it.decorators.first().map(|it| text_range(it.span));
        let Some(first) = first.filter(|it| it.start() <= decl.start()) else {
            return self.class_declaration(it, decl);
        };
        for it in &it.decorators {
            self.expr(&it.expression);
        }
        let start = it.decorators.last().map_or(it.span.start, |last| self.after_modifiers(last.span.end));
        let id = self.class_at(it, &[], Span::new(start, it.span.end));
        let Some(name) = &it.id else { return Vec::new() };
        self.declared(name.span, BindingKind::Class(Some(id)), decl.cover(first))
    }

    fn default_declaration(&mut self, it: &ExportDefaultDeclaration<'_>) {
        let decl = text_range(it.span);
        let names = match &it.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(it) if it.id.is_some() => {
                self.function_declaration(it, decl)
            }
            ExportDefaultDeclarationKind::ClassDeclaration(it) if it.id.is_some() => {
                self.exported_class(it, decl)
            }
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(it) => {
                return self.type_declared(text_range(it.span));
            }
            ExportDefaultDeclarationKind::FunctionDeclaration(it) => {
                let id = self.function(it, None, text_range(it.span));
                return self.export_default(id);
            }
            ExportDefaultDeclarationKind::ClassDeclaration(it) => {
                let id = self.class(it);
                return self.export_default(id);
            }
            other => {
                let id = self.expr(other.to_expression());
                return self.export_default(id);
            }
        };
        self.export_names(names, true);
    }
}
