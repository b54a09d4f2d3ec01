//! RETURNING (`transformReturningClause`), with `old` and `new`.

use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::{Name, Target};

use super::binder::Binder;
use super::place::Place;
use super::scope::{NsItem, Rte, RteId, Shape};

impl<'a> Binder<'a> {
    /// `items`: what is visible by name and column; `target`: the relation that `old` and `new` are rows of.
    /// `aliases`: their names as WITH gives them. `nulled`: whether some rows have no old row, no new row.
    pub fn returning(
        &mut self,
        targets: &'a [Target],
        aliases: &'a [(Name, Name)],
        items: &[RteId],
        target: RteId,
        nulled: [bool; 2],
    ) -> Shape {
        if targets.is_empty() {
            return Shape::default();
        }
        let mut namespace: Vec<NsItem> = items.iter().map(|it| NsItem::new(*it)).collect();
        // What FROM and USING brought is visible too.
        let present: Vec<NsItem> =
            self.level().namespace.iter().filter(|it| !items.contains(&it.rte)).cloned().collect();
        namespace.extend(present);
        if self.typed && self.catalog.serves(18) {
            self.returning_names(aliases, &namespace);
            for (name, nulled) in ["old", "new"].into_iter().zip(nulled) {
                let alias = aliases.iter().find(|it| it.0.ident.as_str() == name);
                let name = alias.map_or_else(|| Ident::new(name), |it| it.1.ident.clone());
                if namespace.iter().any(|it| it.named && self.rte(it.rte).name == name) {
                    continue;
                }
                let row = Rte { name, aliased: true, ..self.rte(target).clone() };
                let rte = self.add_rte(row);
                namespace.push(NsItem { columns: false, nulled, ..NsItem::new(rte) });
                // Names of missing columns must not be looked for there.
                self.level().rtes.retain(|it| *it != rte);
            }
        }
        self.level().namespace = namespace;
        let targets = self.in_place(Place::Returning, |it| it.targets(targets));
        self.decide_targets(&targets);
        self.shape(targets)
    }

    /// `WITH (old AS a, new AS b)`: each once, by names that nothing else has.
    fn returning_names(&mut self, aliases: &[(Name, Name)], namespace: &[NsItem]) {
        for (idx, (what, name)) in aliases.iter().enumerate() {
            let before = aliases.get(..idx).unwrap_or_default();
            if before.iter().any(|it| it.0.ident == what.ident) {
                let word = what.ident.as_str().to_ascii_uppercase();
                let message = format!("{word} cannot be specified multiple times");
                self.refuse(code::SYNTAX_ERROR, what.range, message);
                return;
            }
            let taken = before.iter().any(|it| it.1.ident == name.ident)
                || namespace.iter().any(|it| it.named && self.rte(it.rte).name == name.ident);
            if taken && !name.ident.is_dynamic() {
                let message = format!("table name \"{}\" specified more than once", name.ident);
                self.refuse(code::DUPLICATE_ALIAS, what.range, message);
                return;
            }
        }
    }
}
