//! What PostgreSQL says of names that it does not find (`errorMissingRTE`, `errorMissingColumn`), and which name was
//! probably meant. Only ever run for a problem.

use crate::base::text::TextRange;
use crate::catalog::{Origin, QualifiedName};
use crate::sema::{Fix, Place, Related, code};
use crate::sql::Ident;
use crate::sql::hir::{Name, QName};

use super::binder::Binder;
use super::scope::{RteId, RteKind};

impl Binder<'_> {
    /// No FROM item has this name.
    pub fn missing_item(&mut self, full: &QName, schema: Option<&Name>, table: &Name, range: TextRange) {
        let near = self.search_range_table(schema.map(|it| &it.ident), &table.ident);
        let missing = format!("missing FROM-clause entry for table \"{}\"", table.ident);
        let invalid = format!("invalid reference to FROM-clause entry for table \"{}\"", table.ident);
        let Some(rte) = near else {
            let candidates = self.visible_names();
            let similar =
                nearest(table.ident.as_str(), candidates.iter().map(Ident::as_str)).map(str::to_owned);
            let problem = self.report(code::UNDEFINED_TABLE, range, missing);
            if let (Some(name), None) = (similar, schema) {
                problem.hint(format!("Perhaps you meant to reference the table \"{name}\"."));
                problem.fixes.push(rename(table.range, &Ident::new(name)));
            }
            return;
        };
        let entry = self.rte(rte);
        let alias = entry.name.clone();
        let declared =
            Related { place: Place::Here(entry.range), message: format!("\"{alias}\" is declared here") };
        let bad_alias = entry.aliased && alias != table.ident && self.is_visible(rte);
        let lateral = self.visible_if_lateral(rte);
        let problem = self.report(code::UNDEFINED_TABLE, range, invalid);
        problem.related.push(declared);
        if bad_alias {
            problem.hint(format!("Perhaps you meant to reference the table alias \"{alias}\"."));
            let last = full.parts.len().saturating_sub(2);
            let end = full.parts.get(last).map_or(table.range, |it| it.range);
            problem.fixes.push(rename(TextRange::new(range.start(), end.end().max(range.start())), &alias));
        } else {
            let mut hint = format!(
                "There is an entry for table \"{alias}\", but it cannot be referenced from this part of the query."
            );
            if lateral {
                hint.push_str(" To reference that table, you must mark this subquery with LATERAL.");
            }
            problem.hint(hint);
        }
    }

    /// No visible column has this name.
    pub fn missing_column(&mut self, qualifier: Option<(&Name, RteId)>, column: &Name, range: TextRange) {
        let message = match qualifier {
            Some((table, _)) => format!("column {}.{} does not exist", table.ident, column.ident),
            None => format!("column \"{}\" does not exist", column.ident),
        };
        let hidden = self.hidden_column(qualifier.map(|it| it.1), &column.ident);
        let near =
            if hidden.is_none() { self.near_column(qualifier.map(|it| it.1), &column.ident) } else { None };
        let lateral = hidden.is_some_and(|it| self.visible_if_lateral(it));
        let owner = qualifier.map(|it| it.1).or(near.as_ref().map(|it| it.0)).or(hidden);
        let related = owner.and_then(|it| self.declaration(it));
        let hint = match (&near, hidden) {
            (_, Some(rte)) => {
                let table = &self.rte(rte).name;
                let mut res = format!(
                    "There is a column named \"{}\" in table \"{table}\", but it cannot be referenced from this part of the query.",
                    column.ident
                );
                if lateral {
                    res.push_str(" To reference that column, you must mark this subquery with LATERAL.");
                } else if qualifier.is_none() {
                    res.push_str(" To reference that column, you must use a table-qualified name.");
                }
                Some(res)
            }
            (Some((rte, name)), None) => {
                Some(format!("Perhaps you meant to reference the column \"{}.{name}\".", self.rte(*rte).name))
            }
            (None, None) => None,
        };
        let sure = near.as_ref().is_some_and(|(_, name)| {
            let names = self.candidates(qualifier.map(|it| it.1));
            is_slip(column.ident.as_str(), name.as_str(), names.into_iter().map(Ident::as_str))
        });
        let problem = self.report(code::UNDEFINED_COLUMN, range, message);
        problem.hint = hint;
        problem.related.extend(related);
        if let Some((_, name)) = near {
            problem.fixes.push(Fix { safe: sure, ..rename(column.range, &name) });
        }
    }

    /// Where a FROM item's relation, or the item itself, was declared.
    pub fn declaration(&self, rte: RteId) -> Option<Related> {
        let entry = self.rte(rte);
        match &entry.relation {
            Some(relation) if relation.origin != Origin::Builtin => Some(Related {
                place: Place::Origin(relation.origin),
                message: format!("\"{}\" is declared here", relation.name),
            }),
            Some(_) => None,
            None => Some(Related {
                place: Place::Here(entry.range),
                message: format!("\"{}\" is declared here", entry.name),
            }),
        }
    }

    /// The declarations of every visible column of this name, for an ambiguous reference.
    pub fn homonyms(&self, depth: usize, name: &Ident) -> Vec<Related> {
        let Some(level) = self.levels.get(depth) else { return Vec::new() };
        let items = level.namespace.iter().filter(|it| it.columns);
        let rtes = items.filter(|it| self.rte(it.rte).find(name).is_some());
        rtes.map(|it| {
            let entry = self.rte(it.rte);
            Related {
                place: Place::Here(entry.range),
                message: format!("\"{}\" has a column \"{name}\"", entry.name),
            }
        })
        .collect()
    }

    /// Any entry of this or an outer level, visible or not, that the name may have meant.
    fn search_range_table(&self, schema: Option<&Ident>, name: &Ident) -> Option<RteId> {
        let relation = match crate::catalog::lookup::relation(self.catalog, schema, name) {
            crate::catalog::lookup::Lookup::Found(it) => {
                Some(QualifiedName { schema: it.schema.clone(), name: it.name.clone() })
            }
            _ => None,
        };
        for level in self.levels.iter().rev() {
            for &id in &level.rtes {
                let entry = self.rte(id);
                let same = match (&entry.relation, &relation) {
                    (Some(it), Some(wanted)) => it.schema == wanted.schema && it.name == wanted.name,
                    _ => false,
                };
                if same
                    || (entry.kind != RteKind::Join && entry.name == *name)
                    || (schema.is_none() && entry.cte.as_ref() == Some(name))
                {
                    return Some(id);
                }
            }
        }
        None
    }

    fn is_visible(&self, rte: RteId) -> bool {
        self.levels.iter().any(|level| {
            level
                .namespace
                .iter()
                .any(|it| it.rte == rte && it.named && (!it.lateral_only || level.lateral_active))
        })
    }

    /// It would be visible if the subquery were LATERAL.
    fn visible_if_lateral(&self, rte: RteId) -> bool {
        self.levels.iter().any(|level| {
            !level.lateral_active
                && level.namespace.iter().any(|it| it.rte == rte && it.lateral_only && it.lateral_ok)
        })
    }

    fn visible_names(&self) -> Vec<Ident> {
        let items = self.levels.iter().rev().flat_map(|it| it.namespace.iter());
        items.filter(|it| it.named).map(|it| self.rte(it.rte).name.clone()).collect()
    }

    /// An entry that has exactly this column and that cannot be seen from here.
    fn hidden_column(&self, within: Option<RteId>, name: &Ident) -> Option<RteId> {
        if within.is_some() {
            return None;
        }
        let rtes = self.levels.iter().rev().flat_map(|it| it.rtes.iter().copied());
        rtes.into_iter().find(|it| self.rte(*it).kind != RteKind::Join && self.rte(*it).find(name).is_some())
    }

    /// The columns that a name may have meant.
    fn candidates(&self, within: Option<RteId>) -> Vec<&Ident> {
        let rtes: Vec<RteId> = match within {
            Some(rte) => vec![rte],
            None => self.levels.iter().flat_map(|it| it.rtes.iter().copied()).collect(),
        };
        let entries = rtes.into_iter().map(|it| self.rte(it)).filter(|it| it.kind != RteKind::Join);
        entries.flat_map(|it| it.columns.iter().map(|it| &it.name)).collect()
    }

    fn near_column(&self, within: Option<RteId>, name: &Ident) -> Option<(RteId, Ident)> {
        let rtes: Vec<RteId> = match within {
            Some(rte) => vec![rte],
            None => self.levels.iter().rev().flat_map(|it| it.rtes.iter().copied()).collect(),
        };
        let mut best: Option<(usize, RteId, Ident)> = None;
        for id in rtes {
            let entry = self.rte(id);
            if entry.kind == RteKind::Join {
                continue;
            }
            for column in &entry.columns {
                let Some(distance) = near(name.as_str(), column.name.as_str()) else { continue };
                if best.as_ref().is_none_or(|it| distance < it.0) {
                    best = Some((distance, id, column.name.clone()));
                }
            }
        }
        best.map(|(_, rte, name)| (rte, name))
    }
}

/// A fix that writes another name.
pub fn rename(range: TextRange, name: &Ident) -> Fix {
    let text = name.quoted();
    Fix { title: format!("Change to {text}"), safe: false, edits: vec![(range, text)] }
}

/// Whether `meant` can hardly be other than what was meant by `written`, and is the only such name: the same but for
/// case and underscores, or with a letter too many, a letter too few or two neighbours swapped. Numbers mean
/// something: `line1` is not `line2`.
pub fn is_slip<'n>(written: &str, meant: &str, mut candidates: impl Iterator<Item = &'n str>) -> bool {
    let only = candidates.all(|it| it == meant || !is_near_slip(written, it));
    only && is_near_slip(written, meant)
}

fn is_near_slip(a: &str, b: &str) -> bool {
    if letters_apart(a, b) > 1 {
        return false;
    }
    let squash = |it: &str| it.to_lowercase().replace('_', "");
    if squash(a) == squash(b) {
        return a != b;
    }
    const MIN_CHARS: usize = 4;
    let chars = |it: &str| it.to_lowercase().chars().collect::<Vec<char>>();
    let (mut short, mut long) = (chars(a), chars(b));
    if short.len() > long.len() {
        std::mem::swap(&mut short, &mut long);
    }
    let differ = short.iter().zip(&long).position(|(a, b)| a != b).unwrap_or(short.len());
    let at = |it: &[char], idx: usize| it.get(idx).copied();
    let is_digit = |it: Option<char>| it.is_some_and(char::is_numeric);
    if short.len() < MIN_CHARS {
        return false;
    }
    match long.len() - short.len() {
        0 => {
            let (x, y) = (at(&short, differ), at(&short, differ + 1));
            x == at(&long, differ + 1)
                && y == at(&long, differ)
                && short.get(differ + 2..) == long.get(differ + 2..)
                && !is_digit(x)
                && !is_digit(y)
        }
        1 => short.get(differ..) == long.get(differ + 1..) && !is_digit(at(&long, differ)),
        _ => false,
    }
}

/// The name that was probably meant, if one is near.
pub fn nearest<'n>(name: &str, candidates: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let scored = candidates.filter_map(|it| near(name, it).map(|distance| (distance, it)));
    scored.min_by_key(|it| it.0).map(|it| it.1)
}

/// Edit distance of two names where it is small enough for a slip: at most a third of the longer name, 3 at most.
fn near(a: &str, b: &str) -> Option<usize> {
    let longest = a.len().max(b.len());
    let limit = (longest / 3).clamp(1, 3);
    if a == b || longest > 128 || a.len().abs_diff(b.len()) > limit || longest < 2 {
        return None;
    }
    // An edit takes one letter and brings one.
    if letters_apart(a, b) > 2 * limit as u32 {
        return None;
    }
    let distance = edit_distance(a, b);
    // `createdAt` and `created_at` are one name in two casings.
    let squash = |it: &str| it.to_ascii_lowercase().replace('_', "");
    if squash(a) == squash(b) {
        return Some(0);
    }
    (distance <= limit && distance < longest).then_some(distance)
}

/// How many letters (without regard to case, without `_`) only one of the names has: a lower bound that costs next to
/// nothing, for thousands of candidates.
fn letters_apart(a: &str, b: &str) -> u32 {
    let set = |it: &str| {
        it.bytes().filter(|it| *it != b'_').fold(0_u64, |set, it| match it {
            // Other scripts have no place in 64 bits and take part in no bound.
            128.. => set,
            _ => set | 1 << (it.to_ascii_lowercase() & 63),
        })
    };
    (set(a) ^ set(b)).count_ones()
}

/// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (col, y) in b.iter().enumerate() {
            let mut best = (above[col] + usize::from(x != y)).min(above[col + 1] + 1).min(current[col] + 1);
            let swapped = row > 0 && col > 0 && a[row - 1] == *y && b[col - 1] == *x;
            if swapped {
                best = best.min(before[col - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn slips_are_case_underscores_swaps_and_single_letters() {
        let check = |written: &str, meant: &str| is_slip(written, meant, [meant].into_iter());
        for (written, meant) in [
            ("createdat", "created_at"),
            ("CreatedAt", "created_at"),
            ("emial", "email"),
            ("user", "users"),
            ("titel", "title"),
            ("titlle", "title"),
        ] {
            assert!(check(written, meant), "{written}");
        }
        for (written, meant) in [
            ("emael", "email"),
            ("line1", "line2"),
            ("line", "line1"),
            ("line12", "line21"),
            ("lat", "lot"),
            ("id", "ids"),
            ("min", "mni"),
            ("unread", "read"),
            ("title", "title"),
        ] {
            assert!(!check(written, meant), "{written}");
        }
        assert!(!is_slip("emal", "email", ["email", "emayl"].into_iter()));
        assert!(!is_slip("post", "posts", ["posts", "post_", "x"].into_iter()));
    }
}
