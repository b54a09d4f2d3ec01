//! Names of a module: declarations, imports, exports, and where they lead.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::memory::{Finding, key};
use super::value::ObjectBuilder;
use super::{Cx, DeclRef, Dep, Entry, Evaluator, Scope, Site, Value, ValueKind};
use crate::base::file::FileId;
use crate::base::path;
use crate::facts::SourceMap;
use crate::facts::sym::Sym;
use crate::facts::ts::{Decl, Export, Import, TsFacts};
use crate::project::resolve::Resolved;
use crate::ts::hir::ImportName;

/// The name under which a default export that is an expression is a declaration.
pub(super) const DEFAULT: &str = "default";

/// A file's facts with their names indexed.
pub(super) struct Module {
    facts: Arc<(TsFacts, SourceMap)>,
    decls: FxHashMap<SmolStr, u32>,
    imports: FxHashMap<SmolStr, u32>,
    exports: FxHashMap<SmolStr, u32>,
    /// Specifiers of `export * from`.
    stars: Vec<SmolStr>,
}

impl Module {
    fn new(facts: Arc<(TsFacts, SourceMap)>) -> Module {
        let index = |idx: usize| idx as u32;
        let all = &facts.0;
        let decls = all.decls.iter().enumerate().map(|(idx, it)| (it.name.clone(), index(idx))).collect();
        let imports =
            all.imports.iter().enumerate().map(|(idx, it)| (it.local.clone(), index(idx))).collect();
        let mut exports = FxHashMap::default();
        let mut stars = Vec::new();
        for (idx, export) in all.exports.iter().enumerate() {
            match export {
                Export::Local { name, .. } | Export::From { as_: name, .. } => {
                    exports.insert(name.clone(), index(idx));
                }
                Export::Default(_) => {
                    exports.insert(SmolStr::new_static(DEFAULT), index(idx));
                }
                Export::All { specifier } => stars.push(specifier.clone()),
            }
        }
        Module { decls, imports, exports, stars, facts }
    }

    pub(super) fn decl(&self, name: &str) -> Option<&Decl> {
        self.facts.0.decls.get(*self.decls.get(name)? as usize)
    }

    pub(super) fn decl_names(&self) -> Vec<SmolStr> {
        self.facts.0.decls.iter().map(|it| it.name.clone()).collect()
    }

    /// The text of an interface or type alias.
    pub(super) fn ty(&self, name: &str) -> Option<&SmolStr> {
        self.facts.0.types.iter().find(|it| it.name == name).map(|it| &it.text)
    }

    /// An export of a type under `name`.
    pub(super) fn type_export(&self, name: &str) -> Option<&Export> {
        let named = |it: &&Export| match it {
            Export::Local { name: it, .. } | Export::From { as_: it, .. } => it == name,
            _ => false,
        };
        self.facts.0.type_exports.iter().find(named).or_else(|| self.export(name))
    }

    pub(super) fn import(&self, name: &str) -> Option<&Import> {
        self.facts.0.imports.get(*self.imports.get(name)? as usize)
    }

    fn export(&self, name: &str) -> Option<&Export> {
        self.facts.0.exports.get(*self.exports.get(name)? as usize)
    }

    /// The export is a value, as far as the module itself tells.
    fn exports_value(&self, name: &str) -> bool {
        match self.export(name) {
            Some(Export::Local { local, .. }) => {
                self.decls.contains_key(local) || self.imports.contains_key(local)
            }
            Some(Export::Default(_) | Export::From { .. }) => true,
            Some(Export::All { .. }) | None => false,
        }
    }

    /// A CommonJS module says everything by one assignment to `module.exports`.
    fn only_default(&self) -> Option<&Sym> {
        if self.exports.len() != 1 || !self.stars.is_empty() {
            return None;
        }
        match self.export(DEFAULT)? {
            Export::Default(sym) => Some(sym),
            _ => None,
        }
    }
}

/// What the `export *` of a module lead to.
#[derive(Default)]
pub(super) struct Stars {
    /// Modules of the workspace, depth first.
    pub(super) files: Vec<FileId>,
    /// Exported name → the first of `files` that exports it.
    by_name: FxHashMap<SmolStr, FileId>,
    packages: Vec<SmolStr>,
    /// A module was not found.
    incomplete: bool,
}

/// What an exported or imported name leads to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    /// A declaration, or the default export of a file when it is an expression.
    Decl(DeclRef),
    Namespace(FileId),
    External {
        package: SmolStr,
        path: Vec<SmolStr>,
    },
    /// A property of what a CommonJS module assigns to `module.exports`.
    Property(DeclRef, SmolStr),
    /// A JSON file, or one of its top-level keys.
    Json(FileId, Option<SmolStr>),
    /// A file's text: Vite's `import text from './query.sql?raw'`.
    Text(FileId),
    /// Several packages are re-exported whole; any may have it.
    OneOf(Vec<Target>),
    /// Of a module that was not found.
    Missing,
}

impl Evaluator<'_> {
    pub(super) fn module(&self, file: FileId) -> Arc<Module> {
        let facts = self.ws.ts_facts(file);
        if let Some(known) = self.memory.module(file).filter(|it| Arc::ptr_eq(&it.facts, &facts)) {
            return known;
        }
        let module = Arc::new(Module::new(facts));
        self.memory.put_module(file, Arc::clone(&module));
        module
    }

    /// A module-level name: a declaration, an import, or a global.
    pub(super) fn name_in(&self, cx: &mut Cx, file: FileId, name: &str) -> Value {
        let module = self.module(file);
        self.note(Dep::link(file, name));
        if module.decl(name).is_some() {
            return self.decl_in(cx, &DeclRef { file, name: name.into() });
        }
        if let Some(import) = module.import(name) {
            return match self.import_target(file, import) {
                Some(target) => self.target(cx, target),
                None => Value::unknown(),
            };
        }
        super::node::global(&self.ws.path(file), name)
    }

    /// The declarations of the workspace that the imports of `file` lead to.
    pub fn import_decls(&self, file: FileId) -> Vec<DeclRef> {
        let module = self.module(file);
        self.note(Dep::shape(file));
        let targets = module.facts.0.imports.iter().filter_map(|it| self.import_target(file, it));
        let decl = |it| if let Target::Decl(decl) = it { Some(decl) } else { None };
        targets.filter_map(decl).collect()
    }

    fn import_target(&self, file: FileId, import: &Import) -> Option<Target> {
        self.follow_import(file, &import.specifier, &import.name, &mut Vec::new())
    }

    fn follow_import(
        &self,
        file: FileId,
        specifier: &str,
        name: &ImportName,
        seen: &mut Vec<DeclRef>,
    ) -> Option<Target> {
        match self.resolver.resolve(self.ws, file, specifier) {
            Resolved::File(target) if self.is_json(target) => {
                let name = match name {
                    ImportName::Named(name) if name != DEFAULT => Some(name.clone()),
                    _ => None,
                };
                Some(Target::Json(target, name))
            }
            Resolved::File(target) => match name {
                ImportName::Named(name) => self.find_export(target, name, seen),
                ImportName::Default => self.find_export(target, DEFAULT, seen),
                ImportName::Namespace => Some(Target::Namespace(target)),
            },
            Resolved::External(package) => {
                let path = match name {
                    ImportName::Named(name) => vec![name.clone()],
                    ImportName::Default => vec![SmolStr::new_static(DEFAULT)],
                    ImportName::Namespace => Vec::new(),
                };
                Some(Target::External { package, path })
            }
            Resolved::Missing => {
                let raw = specifier.strip_suffix("?raw").filter(|_| *name == ImportName::Default);
                match raw.map(|it| self.resolver.resolve(self.ws, file, it)) {
                    Some(Resolved::File(target)) => Some(Target::Text(target)),
                    _ => Some(Target::Missing),
                }
            }
        }
    }

    /// Where the export `name` of `file` comes from.
    pub(super) fn export_target(&self, file: FileId, name: &str) -> Option<Target> {
        let key = key(file, name);
        if let Some(known) = self.memory.export(&key) {
            self.tracker.used(&known.deps);
            return known.value.clone();
        }
        self.tracker.enter();
        let res = self.find_export(file, name, &mut Vec::new());
        let deps = self.tracker.leave();
        self.memory.put_export(&key, res.clone(), deps);
        res
    }

    /// `seen`: what is being looked for already; `export *` may go round in circles.
    fn find_export(&self, file: FileId, name: &str, seen: &mut Vec<DeclRef>) -> Option<Target> {
        let key = DeclRef { file, name: name.into() };
        if seen.len() > 256 || seen.contains(&key) {
            return None;
        }
        seen.push(key.clone());
        let module = self.module(file);
        self.note(Dep::link(file, name));
        match module.export(name) {
            Some(Export::Local { local, .. }) => return self.local_target(file, &module, local, seen),
            Some(Export::Default(_)) => return Some(Target::Decl(key)),
            Some(Export::From { specifier, name, .. }) => {
                return self.follow_import(file, specifier, name, seen);
            }
            Some(Export::All { .. }) | None => {}
        }
        if name == DEFAULT {
            return None;
        }
        self.note(Dep::shape(file));
        if module.only_default().is_some() {
            return Some(Target::Property(DeclRef { file, name: DEFAULT.into() }, name.into()));
        }
        let stars = &self.stars(file, &module).value;
        if let Some(&holder) = stars.by_name.get(name) {
            return self.find_export(holder, name, seen);
        }
        let mut external: Vec<Target> = Vec::new();
        for package in &stars.packages {
            external.push(Target::External { package: package.clone(), path: vec![name.into()] });
        }
        match external.len() {
            0 => None,
            1 => external.pop(),
            _ => Some(Target::OneOf(external)),
        }
    }

    /// Everything that the `export *` of a module lead to, however deep: computed once, so that a name is found in
    /// a barrel of a thousand modules by one look.
    pub(super) fn stars(&self, file: FileId, module: &Module) -> Arc<Finding<Stars>> {
        if module.stars.is_empty() {
            return Arc::default();
        }
        if let Some(known) = self.memory.stars(file) {
            self.tracker.used(&known.deps);
            return known;
        }
        self.tracker.enter();
        self.note(Dep::shape(file));
        let mut res = Stars::default();
        let mut seen = FxHashSet::from_iter([file]);
        self.collect_stars(file, module, &mut res, &mut seen, 0);
        let deps = self.tracker.leave();
        self.memory.put_stars(file, res, deps)
    }

    fn collect_stars(
        &self,
        file: FileId,
        module: &Module,
        acc: &mut Stars,
        seen: &mut FxHashSet<FileId>,
        depth: u32,
    ) {
        for specifier in &module.stars {
            match self.resolver.resolve(self.ws, file, specifier) {
                Resolved::File(target) if depth < 128 && seen.insert(target) => {
                    let module = self.module(target);
                    self.note(Dep::shape(target));
                    acc.files.push(target);
                    for name in module.exports.keys().filter(|it| *it != DEFAULT && module.exports_value(it))
                    {
                        acc.by_name.entry(name.clone()).or_insert(target);
                    }
                    self.collect_stars(target, &module, acc, seen, depth + 1);
                }
                Resolved::File(_) => {}
                Resolved::External(package) => {
                    if !acc.packages.contains(&package) {
                        acc.packages.push(package);
                    }
                }
                Resolved::Missing => acc.incomplete = true,
            }
        }
    }

    /// What a module-level name leads to, when it is declared in the module or imported by it.
    fn local_target(
        &self,
        file: FileId,
        module: &Module,
        local: &str,
        seen: &mut Vec<DeclRef>,
    ) -> Option<Target> {
        self.note(Dep::link(file, local));
        if module.decl(local).is_some() {
            return Some(Target::Decl(DeclRef { file, name: local.into() }));
        }
        let import = module.import(local)?;
        self.follow_import(file, &import.specifier, &import.name, seen)
    }

    fn target(&self, cx: &mut Cx, target: Target) -> Value {
        match target {
            Target::Decl(decl) => self.decl_in(cx, &decl),
            Target::Namespace(file) => self.namespace(file),
            Target::External { package, path } => super::node::external(package, path),
            Target::Property(decl, name) => {
                let object = self.decl_in(cx, &decl);
                match &*object.kind {
                    ValueKind::Undefined => Value::unknown(),
                    _ => self.follow(cx, object, &[name]),
                }
            }
            Target::Json(file, name) => {
                let value = self.json(file);
                match name {
                    Some(name) => self.follow(cx, value, &[name]),
                    None => value,
                }
            }
            Target::Text(file) => {
                self.note(Dep::text(file));
                self.ws.text(file).map(|it| Value::string(&*it)).unwrap_or_else(Value::unknown)
            }
            Target::Missing => Value::unknown(),
            Target::OneOf(targets) => {
                let values: Vec<Value> = targets.into_iter().map(|it| self.target(cx, it)).collect();
                Value::one_of(values)
            }
        }
    }

    fn namespace(&self, file: FileId) -> Value {
        if self.is_json(file) { self.json(file) } else { ValueKind::Namespace(file).into() }
    }

    pub(super) fn export_in(&self, cx: &mut Cx, file: FileId, name: &str) -> Value {
        if !cx.step() {
            return Value::unknown();
        }
        match self.export_target(file, name) {
            Some(target) => self.target(cx, target),
            None => Value::unknown(),
        }
    }

    pub(super) fn exports_in(&self, cx: &mut Cx, file: FileId) -> Vec<(SmolStr, Value)> {
        let names = self.export_names(file);
        let mut res = Vec::with_capacity(names.len());
        for name in names {
            // Each export has the budget of a question of its own.
            cx.steps = 0;
            let value = self.export_in(cx, file, &name);
            res.push((name, value));
        }
        if let [(name, value)] = res.as_slice()
            && name == DEFAULT
            && self.module(file).only_default().is_some()
            && matches!(path::extension(&self.ws.path(file)), "js" | "cjs" | "cts")
            && let Some(entries) = value.as_object()
        {
            return entries.iter().map(|it| (it.key.clone(), it.value.clone())).collect();
        }
        res
    }

    pub(super) fn export_names(&self, file: FileId) -> Vec<SmolStr> {
        let module = self.module(file);
        let mut res: Vec<SmolStr> = Vec::new();
        let mut known = FxHashSet::default();
        self.note(Dep::shape(file));
        let stars = &self.stars(file, &module).value;
        for holder in std::iter::once(&file).chain(&stars.files) {
            let module = self.module(*holder);
            let is_own = *holder == file;
            let names =
                module.exports.keys().filter(|it| (is_own || *it != DEFAULT) && module.exports_value(it));
            let mut names: Vec<&SmolStr> = names.collect();
            names.sort_unstable();
            for name in names {
                if !known.contains(name) && self.export_target(*holder, name).is_some() {
                    known.insert(name.clone());
                    res.push(name.clone());
                }
            }
        }
        res
    }

    /// Whether names may be exported that [`Evaluator::exports`] does not list: a package is re-exported whole,
    /// or a module that was not found.
    pub fn has_unknown_exports(&self, file: FileId) -> bool {
        let stars = &self.stars(file, &self.module(file)).value;
        stars.incomplete || !stars.packages.is_empty()
    }

    /// `import('specifier')`, `require('specifier')`.
    pub(super) fn import_whole(&self, file: FileId, specifier: &str) -> Value {
        match self.resolver.resolve(self.ws, file, specifier) {
            Resolved::File(target) => self.namespace(target),
            Resolved::External(package) => super::node::external(package, Vec::new()),
            Resolved::Missing => Value::unknown(),
        }
    }

    fn is_json(&self, file: FileId) -> bool {
        matches!(path::extension(&self.ws.path(file)), "json" | "jsonc")
    }

    pub(super) fn json(&self, file: FileId) -> Value {
        self.note(Dep::text(file));
        let json = self.ws.text(file).and_then(|it| serde_json::from_str(&it).ok());
        json.map(|it| from_json(&it, Site { file, ..Site::NOWHERE })).unwrap_or_else(Value::unknown)
    }

    pub(super) fn decl_in(&self, cx: &mut Cx, decl: &DeclRef) -> Value {
        if let Some(known) = self.memory.decl(decl) {
            self.tracker.used(&known.deps);
            return known.value.clone();
        }
        if let Some(idx) = cx.stack.iter().position(|it| it == decl) {
            cx.cycle = cx.cycle.min(idx);
            return Value::unknown();
        }
        cx.calls += 1;
        if !cx.step() {
            cx.calls -= 1;
            return Value::unknown();
        }
        let idx = cx.stack.len();
        let cycle_before = std::mem::replace(&mut cx.cycle, usize::MAX);
        cx.stack.push(decl.clone());
        self.tracker.enter();
        let value = self.decl_uncached(cx, decl);
        let deps = self.tracker.leave();
        cx.stack.pop();
        cx.calls -= 1;
        let cycle = std::mem::replace(&mut cx.cycle, cycle_before);
        if cycle < idx {
            cx.cycle = cx.cycle.min(cycle);
        } else if idx == 0 || !cx.exhausted {
            // Nothing that the value was made of depends on who asked first.
            self.memory.put_decl(decl, value.clone(), deps);
        }
        value
    }

    fn decl_uncached(&self, cx: &mut Cx, decl: &DeclRef) -> Value {
        let module = self.module(decl.file);
        self.memory.count_evaluation();
        self.note(Dep::link(decl.file, &decl.name));
        self.note(Dep::value(decl.file, &decl.name));
        let scope = Scope { file: decl.file, env: &[] };
        let (mut value, site) = match module.decl(&decl.name) {
            Some(it) => {
                let value = self.expr(cx, scope, &it.value);
                (self.follow(cx, value, &it.path), Some(scope.site(it.loc)))
            }
            None => match module.export(DEFAULT).filter(|_| decl.name == DEFAULT) {
                Some(Export::Default(sym)) => (self.expr(cx, scope, sym), None),
                _ => return Value::unknown(),
            },
        };
        if value.decl.is_none() && !value.is_unknown() {
            value.decl = Some(decl.clone());
        }
        if value.site.is_none() {
            value.site = site;
        }
        value
    }
}

fn from_json(json: &serde_json::Value, site: Site) -> Value {
    let value: Value = match json {
        serde_json::Value::Null => ValueKind::Null.into(),
        serde_json::Value::Bool(value) => Value::bool(*value),
        serde_json::Value::Number(number) => ValueKind::Number(number.to_string().into()).into(),
        serde_json::Value::String(text) => Value::string(text.as_str()),
        serde_json::Value::Array(items) => Value::array(items.iter().map(|it| from_json(it, site)).collect()),
        serde_json::Value::Object(entries) => {
            let mut res = ObjectBuilder::default();
            for (key, value) in entries {
                res.insert(Entry { key: key.as_str().into(), site, value: from_json(value, site) });
            }
            res.finish()
        }
    };
    value.at(site)
}
