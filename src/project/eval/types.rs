//! Where the values of a type come from, for what is known by its type alone: a driver's pool that a function is
//! given, a field of a class, what a helper returns.

use smol_str::SmolStr;

use super::{Dep, Evaluator, GLOBAL, Value, ValueKind};
use crate::base::file::FileId;
use crate::facts::sym::Sym;
use crate::facts::ts::Export;
use crate::project::resolve::Resolved;
use crate::ts::hir::ImportName;
use crate::ts::types;

/// Names that may lead on to others before the package is found.
const MAX_NAMES: usize = 24;

impl Evaluator<'_> {
    /// The package outside of the workspace that declares the type which `path` leads to from the type `ty`, as written in
    /// `file`: `pg` for `Promise<{ pool: Pool }>` and `pool`.
    pub fn package_of_type(&self, file: FileId, ty: &str, path: &[SmolStr]) -> Option<SmolStr> {
        let mut left = MAX_NAMES;
        self.of_type(file, ty, path, &mut left)
    }

    fn of_type(&self, file: FileId, ty: &str, path: &[SmolStr], left: &mut usize) -> Option<SmolStr> {
        *left = left.checked_sub(1)?;
        types::branches(ty).into_iter().find_map(|it| self.of_branch(file, it, path, left))
    }

    fn of_branch(&self, file: FileId, ty: &str, path: &[SmolStr], left: &mut usize) -> Option<SmolStr> {
        if ty.starts_with('{') {
            let (member, rest) = path.split_first()?;
            return self.of_type(file, &types::member(ty, member)?, rest, left);
        }
        if let Some(name) = ty.strip_prefix("typeof ") {
            return self.of_value(&self.name_of(file, name.trim())?, path, left);
        }
        let (name, arg) = types::reference(ty)?;
        match (name, arg) {
            (
                "Promise" | "PromiseLike" | "Awaited" | "Pick" | "Omit" | "Partial" | "Required" | "Readonly"
                | "NonNullable" | "ReturnType" | "InstanceType",
                Some(arg),
            ) => self.of_type(file, arg, path, left),
            _ => self.of_named(file, name, path, left),
        }
    }

    fn name_of(&self, file: FileId, name: &str) -> Option<Value> {
        let mut parts = name.split('.');
        let mut value = self.name(file, parts.next()?);
        for part in parts {
            value = self.member(&value, part);
        }
        Some(value)
    }

    /// What a value is, or returns: `typeof db`, `ReturnType<typeof connect>`.
    fn of_value(&self, value: &Value, path: &[SmolStr], left: &mut usize) -> Option<SmolStr> {
        let mut value = value.clone();
        for member in path {
            value = self.member(&value, member);
        }
        value.alternatives().iter().find_map(|it| match &*it.kind {
            ValueKind::Closure(closure) => {
                let Sym::Function { ty: Some(ty), .. } = &*closure.function else { return None };
                self.of_type(closure.file, ty, &[], left)
            }
            _ => it.root_package(),
        })
    }

    /// A name of `file`, perhaps with members of a namespace behind it: `Pool`, `pg.Pool`.
    fn of_named(&self, file: FileId, name: &str, path: &[SmolStr], left: &mut usize) -> Option<SmolStr> {
        *left = left.checked_sub(1)?;
        let module = self.module(file);
        let (head, last) = match name.split_once('.') {
            Some((head, last)) => (head, Some(last)),
            None => (name, None),
        };
        self.note(Dep::link(file, head));
        if last.is_none() {
            self.note(Dep::ty(file, head));
            if let Some(text) = module.ty(head) {
                return self.of_declared(file, text, path, left);
            }
        }
        let import = module.import(head)?;
        match (self.resolver().resolve(self.workspace(), file, &import.specifier), last) {
            (Resolved::External(package), _) => Some(package),
            (Resolved::File(target), Some(last)) if import.name == ImportName::Namespace => {
                self.of_exported(target, last, path, left)
            }
            (Resolved::File(target), None) => match &import.name {
                ImportName::Named(name) => self.of_exported(target, name, path, left),
                _ => None,
            },
            _ => None,
        }
    }

    /// An interface may say what it extends before its braces.
    fn of_declared(&self, file: FileId, text: &str, path: &[SmolStr], left: &mut usize) -> Option<SmolStr> {
        let Some(extends) = text.strip_prefix("extends ") else {
            return self.of_type(file, text, path, left);
        };
        let (bases, body) = extends.split_at(extends.find('{')?);
        let own = self.of_branch(file, body, path, left);
        own.or_else(|| bases.split(',').find_map(|it| self.of_type(file, it.trim(), path, left)))
    }

    /// A type that `file` exports, or one of the modules that it exports whole.
    fn of_exported(&self, file: FileId, name: &str, path: &[SmolStr], left: &mut usize) -> Option<SmolStr> {
        *left = left.checked_sub(1)?;
        let module = self.module(file);
        self.note(Dep::shape(file));
        self.note(Dep::ty(file, name));
        if let Some(text) = module.ty(name) {
            return self.of_declared(file, text, path, left);
        }
        match module.type_export(name) {
            Some(Export::Local { local, .. }) => return self.of_named(file, local, path, left),
            Some(Export::From { specifier, name, .. }) => {
                return match (self.resolver().resolve(self.workspace(), file, specifier), name) {
                    (Resolved::External(package), _) => Some(package),
                    (Resolved::File(target), ImportName::Named(name)) => {
                        self.of_exported(target, name, path, left)
                    }
                    _ => None,
                };
            }
            _ => {}
        }
        let stars = &self.stars(file, &module).value;
        let holder = stars.files.iter().find(|it| {
            let module = self.module(**it);
            self.note(Dep::ty(**it, name));
            module.ty(name).is_some() || module.type_export(name).is_some()
        });
        self.of_exported(*holder?, name, path, left)
    }
}

impl Value {
    /// The package that a chain of members and calls begins with.
    pub fn root_package(&self) -> Option<SmolStr> {
        let mut current = self;
        for _ in 0..32 {
            current = match &*current.kind {
                ValueKind::External { package, .. } if package != GLOBAL => return Some(package.clone()),
                ValueKind::Call { callee, .. } | ValueKind::New { callee, .. } => callee,
                ValueKind::Member { object, .. } => object,
                _ => return None,
            };
        }
        None
    }
}
