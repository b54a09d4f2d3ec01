//! Where the values of a type come from, for what is known by its type alone: a driver's pool that a function is
//! given, a field of a class, what a helper returns.

use std::sync::Arc;

use smol_str::{SmolStr, format_smolstr};

use super::{Closure, Dep, Evaluator, GLOBAL, Value, ValueKind};
use crate::base::file::FileId;
use crate::facts::sym::Sym;
use crate::facts::ts::Export;
use crate::project::package::ancestors;
use crate::project::resolve::Resolved;
use crate::ts::hir::ImportName;
use crate::ts::types;

/// Names that may lead on to others before the package is found.
const MAX_NAMES: usize = 24;

/// In a path: what calling gives.
pub const RESULT: &str = "()";

/// In a path: what a function takes at an index.
pub fn parameter(index: u32) -> SmolStr {
    format_smolstr!("({index})")
}

/// Stands for the package of what only the methods of its type tell to be a driver.
pub const BY_SHAPE: &str = "pg, by its shape";

fn is_parameter(step: &str) -> bool {
    step.starts_with('(') && step != RESULT
}

/// Drivers with a method `query` that takes text.
const SPEAK_POSTGRES: [&str; 4] =
    ["pg", "@neondatabase/serverless", "@vercel/postgres", "@electric-sql/pglite"];

/// Drivers of other servers with such a method.
const OTHER_ENGINES: [&str; 13] = [
    "mysql",
    "mysql2",
    "mariadb",
    "mssql",
    "oracledb",
    "duckdb",
    "duckdb-async",
    "@duckdb/node-api",
    "@duckdb/duckdb-wasm",
    "@clickhouse/client",
    "@google-cloud/bigquery",
    "snowflake-sdk",
    "@databricks/sql",
];

impl Evaluator<'_> {
    /// The package outside of the workspace that declares the type which `path` leads to from the type `ty`, as written in
    /// `file`: `pg` for `Promise<{ pool: Pool }>` and `pool`. Steps of a path are names of members, [`RESULT`] and
    /// [`parameter`].
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
            let Some((member, rest)) = path.split_first() else {
                return self.of_shape(file, ty);
            };
            return self.of_type(file, &types::member(ty, member)?, rest, left);
        }
        if let Some((base, key)) = types::indexed(ty) {
            return self.of_type(file, base, &[&[key.into()], path].concat(), left);
        }
        if let Some((params, result)) = types::function(ty) {
            return match path.split_first() {
                Some((first, rest)) if first == RESULT => self.of_type(file, result, rest, left),
                Some((first, rest)) if is_parameter(first) => {
                    let param = params.iter().zip(0..).find(|(_, idx)| *first == parameter(*idx))?.0;
                    self.of_type(file, types::of_parameter(param)?, rest, left)
                }
                // What an accessor gives.
                _ => self.of_type(file, result, path, left),
            };
        }
        if let Some((specifier, name)) = types::imported(ty) {
            return match self.resolver().resolve(self.workspace(), file, specifier) {
                Resolved::External(package) => Some(package),
                Resolved::File(target) => self.of_exported(target, name, path, left),
                _ => None,
            };
        }
        if let Some(name) = ty.strip_prefix("typeof ") {
            return self.of_value(&self.name_of(file, name.trim())?, path, left);
        }
        let (name, arg) = types::reference(ty)?;
        match (name, arg) {
            ("ReturnType", Some(arg)) => self.of_type(file, arg, &[&[RESULT.into()], path].concat(), left),
            (
                "Promise" | "PromiseLike" | "Awaited" | "Pick" | "Omit" | "Partial" | "Required" | "Readonly"
                | "NonNullable" | "InstanceType",
                Some(arg),
            ) => self.of_type(file, arg, path, left),
            _ => self.of_named(file, name, path, left),
        }
    }

    /// A driver by what it can do: `{ query(text: string, values?: unknown[]): Promise<…> }` is fulfilled by pg's pools and
    /// clients, where the packages around a file have pg and no other engine's driver.
    fn of_shape(&self, file: FileId, ty: &str) -> Option<SmolStr> {
        if !types::queries_by_text(ty, "query") {
            return None;
        }
        let file_path = self.workspace().path(file);
        let has = |name: &&str| {
            let mut around = ancestors(&file_path).filter_map(|it| self.resolver().packages().at(it));
            around.any(|it| it.manifest.dependency(name).is_some())
        };
        let is_pg = SPEAK_POSTGRES.iter().any(&has) && !OTHER_ENGINES.iter().any(has);
        is_pg.then(|| BY_SHAPE.into())
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
        *left = left.checked_sub(1)?;
        value.alternatives().iter().find_map(|it| match (&*it.kind, path.split_first()) {
            (ValueKind::Closure(closure), _) => self.of_closure(closure, path, left),
            (_, Some((member, rest))) if member != RESULT && !is_parameter(member) => {
                it.root_package().or_else(|| self.of_value(&self.member(it, member), rest, left))
            }
            _ => it.root_package(),
        })
    }

    /// What a function takes or returns.
    fn of_closure(&self, closure: &Closure, path: &[SmolStr], left: &mut usize) -> Option<SmolStr> {
        let Sym::Function { params, ret, ty, makes, .. } = &*closure.function else { return None };
        let path = match path.split_first() {
            Some((first, rest)) if is_parameter(first) => {
                let param = params.iter().zip(0..).find(|(_, idx)| *first == parameter(*idx))?.0;
                return self.of_type(closure.file, param.ty.as_ref()?, rest, left);
            }
            Some((first, rest)) if first == RESULT => rest,
            _ => path,
        };
        if let Some(ty) = ty {
            return self.of_type(closure.file, ty, path, left);
        }
        if ret.is_some() {
            return self.of_value(&self.call_with(closure, Vec::new()), path, left);
        }
        let makes = makes.as_ref()?;
        let callee = Sym::Function {
            params: Vec::new(),
            ret: Some(makes.clone()),
            is_async: false,
            ty: None,
            makes: None,
            runs: Vec::new(),
            queries: None,
        };
        let callee = Closure { file: closure.file, function: Arc::new(callee), env: closure.env.clone() };
        let made = [&[RESULT.into()], path].concat();
        let found = self.of_value(&self.call_with(&callee, Vec::new()), &made, left);
        found.or_else(|| match &**makes {
            Sym::Name(name, _) => self.of_named(closure.file, name, path, left),
            _ => None,
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
