//! In which order modules run: what they import runs first, in the order of their imports, as in the CommonJS that
//! drizzle-kit's loader makes of TypeScript. Imports of which nothing but types is used are left out of that.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{Dep, Evaluator};
use crate::base::file::FileId;
use crate::facts::sym::{Sym, SymProp};
use crate::facts::ts::{Export, TsFacts};
use crate::project::resolve::Resolved;

/// The place of each module that loading `entries` runs.
pub type Order = FxHashMap<FileId, usize>;

impl Evaluator<'_> {
    /// The orders in which the modules may run when `entries` are loaded one after the other; empty where it is not known.
    /// Several, since imports may or may not be left out, and names of files be sorted by bytes or by a locale.
    pub fn run_orders(&self, entries: &[FileId]) -> Vec<Order> {
        let mut sorted = entries.to_vec();
        sorted.sort_by_key(|it| locale_key(&self.ws.path(*it)));
        let mut res = Vec::new();
        for entries in [entries, &sorted] {
            for with_doubtful in [true, false] {
                match self.run_order(entries, with_doubtful) {
                    Some(order) => res.push(order),
                    None => return Vec::new(),
                }
            }
        }
        res
    }

    fn run_order(&self, entries: &[FileId], with_doubtful: bool) -> Option<Order> {
        let mut order = Order::default();
        let mut seen: FxHashSet<FileId> = FxHashSet::default();
        // A module, and whether what it imports has run.
        let mut stack: Vec<(FileId, bool)> = entries.iter().rev().map(|it| (*it, false)).collect();
        while let Some((file, is_ready)) = stack.pop() {
            if is_ready {
                let place = order.len();
                order.insert(file, place);
            } else if seen.insert(file) {
                stack.push((file, true));
                let imports = self.run_before(file, with_doubtful)?;
                stack.extend(imports.into_iter().rev().map(|it| (it, false)));
            }
        }
        Some(order)
    }

    /// The modules of the workspace that a module imports, in order.
    fn run_before(&self, file: FileId, with_doubtful: bool) -> Option<Vec<FileId>> {
        self.note(Dep::facts(file));
        let facts = self.ws.ts_facts(file);
        let facts = &facts.0;
        let used = used_names(facts);
        let mut imported: Vec<SmolStr> = Vec::new();
        for it in facts.imports.iter().filter(|it| !it.type_only) {
            if with_doubtful || used.contains(&it.local) {
                imported.push(it.specifier.clone());
            }
        }
        let exported = facts.exports.iter().filter_map(|it| match it {
            Export::From { specifier, .. } | Export::All { specifier } => Some(specifier.clone()),
            Export::Local { .. } | Export::Default(_) => None,
        });
        let files = |specifiers: Vec<SmolStr>| -> Vec<FileId> {
            let resolve = |it: &SmolStr| match self.resolver.resolve(self.ws, file, it) {
                Resolved::File(file) => Some(file),
                _ => None,
            };
            specifiers.iter().filter_map(resolve).collect()
        };
        let (imported, exported) = (files(imported), files(exported.collect()));
        if !imported.is_empty() && !exported.is_empty() {
            // Facts do not tell how they alternate.
            return None;
        }
        Some(if imported.is_empty() { exported } else { imported })
    }
}

/// Names whose values the declarations and exports of a module use.
fn used_names(facts: &TsFacts) -> FxHashSet<&SmolStr> {
    let mut res = FxHashSet::default();
    for it in &facts.decls {
        names(&it.value, &mut res);
    }
    for it in &facts.exports {
        match it {
            Export::Local { local, .. } => {
                res.insert(local);
            }
            Export::Default(sym) => names(sym, &mut res),
            Export::From { .. } | Export::All { .. } => {}
        }
    }
    res
}

fn names<'a>(sym: &'a Sym, acc: &mut FxHashSet<&'a SmolStr>) {
    match sym {
        Sym::Name(name, _) => {
            acc.insert(name);
        }
        Sym::Array(items) => items.iter().for_each(|it| names(it, acc)),
        Sym::Object(props, _) => {
            for it in props {
                match it {
                    SymProp::Field { value, .. } | SymProp::Spread(value) => names(value, acc),
                    SymProp::Computed(key, value) => [key, value].into_iter().for_each(|it| names(it, acc)),
                }
            }
        }
        Sym::Member(it, ..)
        | Sym::Spread(it)
        | Sym::Unary(_, it)
        | Sym::Await(it)
        | Sym::Assertion(it, _) => {
            names(it, acc);
        }
        Sym::Index(a, b) | Sym::Logical(_, a, b) | Sym::Binary(_, a, b) => {
            [a, b].into_iter().for_each(|it| names(it, acc));
        }
        Sym::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|it| names(it, acc)),
        Sym::Call { callee, args, .. } | Sym::New { callee, args } => {
            names(callee, acc);
            args.iter().for_each(|it| names(it, acc));
        }
        Sym::Function { params, ret, .. } => {
            params.iter().filter_map(|it| it.default.as_ref()).for_each(|it| names(it, acc));
            ret.iter().for_each(|it| names(it, acc));
        }
        Sym::Template { tag, holes, .. } => {
            tag.iter().for_each(|it| names(it, acc));
            holes.iter().for_each(|it| names(it, acc));
        }
        Sym::Unknown
        | Sym::String(..)
        | Sym::Number(_)
        | Sym::BigInt(_)
        | Sym::Bool(_)
        | Sym::Null
        | Sym::Undefined
        | Sym::Regex(_)
        | Sym::Param { .. }
        | Sym::Enum(_)
        | Sym::Import(_) => {}
    }
}

/// As `localeCompare` sorts names of files: `_` first, small letters and capitals alike.
fn locale_key(file_path: &str) -> Vec<(u8, u8)> {
    let weight = |it: u8| match it {
        b'_' => 0,
        b'-' => 1,
        b'.' => 2,
        b'/' => 3,
        it => it.to_ascii_lowercase(),
    };
    file_path.bytes().map(|it| (weight(it), u8::from(it.is_ascii_uppercase()))).collect()
}
