//! `pg_cast`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::tsv;
use crate::catalog::TypeId;

/// Where a cast is applied without being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CastContext {
    Implicit,
    Assignment,
    Explicit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CastMethod {
    Function,
    /// Through the text form.
    Io,
    /// The same bits.
    Binary,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cast {
    pub context: CastContext,
    pub method: CastMethod,
}

impl Cast {
    pub(super) fn read(context: char, method: char) -> Cast {
        Cast {
            context: match context {
                'i' => CastContext::Implicit,
                'a' => CastContext::Assignment,
                _ => CastContext::Explicit,
            },
            method: match method {
                'f' => CastMethod::Function,
                'i' => CastMethod::Io,
                _ => CastMethod::Binary,
            },
        }
    }
}

/// The cast between two types, PostgreSQL's own or of a known extension.
pub fn cast(source: TypeId, target: TypeId) -> Option<Cast> {
    static CASTS: OnceLock<FxHashMap<(TypeId, TypeId), Cast>> = OnceLock::new();
    if source.is_user() || target.is_user() {
        return None;
    }
    if source.is_extension() || target.is_extension() {
        return super::ext::cast(source, target);
    }
    let casts = CASTS.get_or_init(|| {
        tsv::rows(include_str!("data/casts.tsv"))
            .map(|mut row| {
                let key = (TypeId(row.number()), TypeId(row.number()));
                (key, Cast::read(row.char(), row.char()))
            })
            .collect()
    });
    casts.get(&(source, target)).copied()
}

/// The function that a cast calls.
pub fn function(source: TypeId, target: TypeId) -> Option<u32> {
    let mut rows = tsv::rows(include_str!("data/casts.tsv"));
    rows.find_map(|mut row| {
        let is_it = (TypeId(row.number()), TypeId(row.number())) == (source, target);
        row.skip(2);
        let function = row.number();
        (is_it && function != 0).then_some(function)
    })
}
