//! What analysis knows of the names of a file, by place.

use rustc_hash::FxHashMap;

use super::{Token, TokenKind};
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::pg;
use crate::db::SqlUnit;
use crate::ide::names;
use crate::sema::Target;
use crate::sql::Ident;

/// Names in bytes of the file.
#[derive(Default)]
pub struct Marks {
    by_start: FxHashMap<TextSize, Token>,
    /// Types may have several words.
    types: Vec<(TextRange, bool)>,
}

impl Marks {
    /// Adds what a unit knows; of alternatives the first one counts.
    pub fn add(&mut self, unit: &SqlUnit) {
        let exact = |range: TextRange| unit.placement.to_host_exact(range).filter(|it| !it.is_empty());
        let mut own: FxHashMap<TextSize, Token> = FxHashMap::default();
        for named in names::names(&unit.parsed.hir, &unit.text) {
            let Some(range) = exact(named.range) else { continue };
            if named.kind == TokenKind::Type && !named.declaration {
                self.types.push((range, named.builtin));
                continue;
            }
            let builtin = named.kind == TokenKind::Function
                && !named.declaration
                && !pg::functions(Ident::from_source(slice(&unit.text, named.range)).as_str()).is_empty();
            let token = Token { range, kind: named.kind, declaration: named.declaration, builtin };
            own.insert(range.start(), token);
        }
        for reference in &unit.analysis.references {
            let (kind, builtin) = match &reference.target {
                Target::Relation(it) => (TokenKind::Table, is_builtin(it.schema.as_str())),
                Target::Column(it, _) => (TokenKind::Column, is_builtin(it.schema.as_str())),
                Target::EnumLabel(..) => (TokenKind::EnumLabel, false),
                Target::Function(_) => (TokenKind::Function, false),
                Target::Type(id) => {
                    let Some(range) = exact(reference.range) else { continue };
                    self.types.push((range, !id.is_user()));
                    continue;
                }
                // What it is, the tree says.
                Target::Local(_) => continue,
            };
            let Some(range) = exact(reference.range) else { continue };
            let declaration = own.get(&range.start()).is_some_and(|it| it.declaration);
            own.insert(range.start(), Token { range, kind, declaration, builtin });
        }
        for (start, token) in own {
            self.by_start.entry(start).or_insert(token);
        }
    }

    /// To be called when all units were added.
    pub fn sort(&mut self) {
        // Of the same range, what is known of the type comes first.
        self.types.sort_by_key(|it| (it.0.start(), std::cmp::Reverse(it.0.end()), it.1));
        self.types.dedup_by_key(|it| it.0);
    }

    /// What the token at exactly this range is.
    pub fn at(&self, range: TextRange) -> Option<Token> {
        if let Some(found) = self.by_start.get(&range.start()).filter(|it| it.range == range) {
            return Some(*found);
        }
        let idx = self.types.partition_point(|it| it.0.start() <= range.start());
        // A name inside what is written of the type is looked at first.
        let (_, builtin) = self.types.iter().take(idx).rev().take(4).find(|it| it.0.contains_range(range))?;
        Some(Token { range, kind: TokenKind::Type, declaration: false, builtin: *builtin })
    }
}

fn is_builtin(schema: &str) -> bool {
    matches!(schema, "pg_catalog" | "information_schema")
}
