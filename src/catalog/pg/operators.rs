//! `pg_operator`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::tsv::{self, Row};
use crate::catalog::TypeId;

/// PostgreSQL's own, an extension's, or one that the project makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    pub name: SmolStr,
    /// `None`: a prefix operator.
    pub left: Option<TypeId>,
    pub right: TypeId,
    /// None at all: only a shell, of which another operator's definition speaks.
    pub result: TypeId,
    /// Usable by merge and hash joins: the equality operators among others.
    pub can_merge: bool,
    pub can_hash: bool,
    /// It has a commutator: what `USING` in ORDER BY and index use need.
    pub has_commutator: bool,
    /// The oid of the function behind it; 0: not known.
    pub code: u32,
    /// The extension it comes from.
    pub extension: Option<&'static str>,
}

impl Operator {
    /// PostgreSQL's own.
    pub fn is_core(&self) -> bool {
        self.code != 0
    }
}

struct Operators {
    /// Sorted by name, then operand types.
    all: Vec<Operator>,
    by_name: FxHashMap<SmolStr, (u32, u32)>,
}

pub fn named(name: &str) -> &'static [Operator] {
    let operators = operators();
    let Some((start, end)) = operators.by_name.get(name) else { return &[] };
    operators.all.get(*start as usize..*end as usize).unwrap_or(&[])
}

pub fn all() -> &'static [Operator] {
    &operators().all
}

pub fn exact(name: &str, left: TypeId, right: TypeId) -> Option<&'static Operator> {
    let slice = named(name);
    let idx = slice.binary_search_by_key(&(left, right), key).ok()?;
    slice.get(idx)
}

fn key(it: &Operator) -> (TypeId, TypeId) {
    (it.left.unwrap_or(TypeId::NONE), it.right)
}

/// One line after its oid; `resolve` turns the table's spelling of a type into its id.
pub fn read(
    mut row: Row,
    extension: Option<&'static str>,
    resolve: impl Fn(&'static str) -> TypeId,
) -> Operator {
    row.skip(1);
    let name = SmolStr::new_static(row.text());
    row.skip(2);
    let left = Some(resolve(row.text())).filter(|it| !it.is_none());
    let right = resolve(row.text());
    let result = resolve(row.text());
    let code = row.text().parse().unwrap_or(0);
    let has_commutator = !matches!(row.text(), "0" | "-");
    row.skip(1);
    let (can_merge, can_hash) = (row.flag(), row.flag());
    Operator { name, left, right, result, can_merge, can_hash, has_commutator, code, extension }
}

fn operators() -> &'static Operators {
    static OPERATORS: OnceLock<Operators> = OnceLock::new();
    OPERATORS.get_or_init(|| {
        let oid = |text: &'static str| TypeId(text.parse().unwrap_or(0));
        let mut all: Vec<Operator> =
            tsv::rows(include_str!("data/operators.tsv")).map(|it| read(it, None, oid)).collect();
        all.sort_by(|a, b| (&a.name, key(a)).cmp(&(&b.name, key(b))));
        let mut by_name = FxHashMap::default();
        for (idx, op) in all.iter().enumerate() {
            let idx = u32::try_from(idx).unwrap_or(0);
            by_name.entry(op.name.clone()).or_insert((idx, idx)).1 = idx + 1;
        }
        Operators { all, by_name }
    })
}
