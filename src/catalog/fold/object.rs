//! Objects of which only the names are kept: made, dropped, renamed, moved.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Fold;
use crate::base::text::TextRange;
use crate::catalog::depend::{self, Dependent, Used};
use crate::catalog::object::{OPERATOR, Object, ObjectKey, SHELL, has_schema};
use crate::catalog::{QualifiedName, RelationKind, Type, TypeId};
use crate::sql::Ident;
use crate::sql::hir::ddl::{Mention, MentionChange, Mentioned, OperatorName};
use crate::sql::hir::{Name, QName, TypeName};

impl Fold<'_> {
    /// Keeps a new object; `of` is what else tells it apart.
    pub(super) fn make_object(&mut self, kind: &str, name: &QName, of: &str, on: Option<QualifiedName>) {
        let Some(last) = name.last().filter(|_| !name.is_dynamic()) else { return };
        if last.ident.as_str().is_empty() {
            return;
        }
        self.other(kind, name);
        let Some(key) = self.new_key(kind, name, of) else { return };
        let origin = self.origin(last.range);
        let made = Object { origin, on, gone: false, operator: None, parts: None };
        let objects = Arc::make_mut(&mut self.catalog.objects);
        match objects.get_mut(&key) {
            Some(old) if old.gone => *old = made,
            Some(_) => {}
            None => {
                objects.insert(key, made);
            }
        }
    }

    pub(super) fn new_key(&self, kind: &str, name: &QName, of: &str) -> Option<ObjectKey> {
        let (schema, name) = match has_schema(kind) {
            true => {
                let full = self.new_name(name, false)?;
                (full.schema, full.name)
            }
            false => (Ident::new(""), name.last()?.ident.clone()),
        };
        Some(ObjectKey { kind: kind.into(), schema, name, of: of.into() })
    }

    /// The object that a name means, of those that are there.
    pub(super) fn object_key(&self, kind: &str, name: &QName, of: &str) -> Option<ObjectKey> {
        let last = name.last()?;
        let schemas: Vec<Ident> = match has_schema(kind) {
            true => self.candidates(name).into_iter().map(|it| it.schema).collect(),
            false => vec![Ident::new("")],
        };
        let keys = schemas.into_iter().map(|schema| ObjectKey {
            kind: kind.into(),
            schema,
            name: last.ident.clone(),
            of: of.into(),
        });
        let mut found = keys.filter(|it| self.catalog.objects.get(it).is_some_and(|it| !it.gone));
        found.next()
    }

    pub(super) fn drop_object(&mut self, kind: &str, name: &QName, of: &str) {
        let key = self.object_key(kind, name, of);
        let Some(key) = key.or_else(|| self.new_key(kind, name, of)) else { return };
        depend::forget(&mut self.catalog.depends, &Dependent::Object(key.clone()));
        self.drop_keyed(&key, name.range().unwrap_or_default());
    }

    pub(super) fn drop_keyed(&mut self, key: &ObjectKey, range: TextRange) {
        let origin = self.origin(range);
        if key.kind == "PUBLICATION" {
            let member = |it: &Dependent| it.publication() == Some(key.name.as_str());
            Arc::make_mut(&mut self.catalog.depends).retain(|it, _| !member(it));
        }
        if key.kind == "OPERATOR CLASS" {
            self.class_gone(key);
        }
        let objects = Arc::make_mut(&mut self.catalog.objects);
        objects.insert(key.clone(), Object { origin, on: None, gone: true, operator: None, parts: None });
        let same = |it: (&ObjectKey, &Object)| it.0.kind == key.kind && it.0.name == key.name && !it.1.gone;
        if !objects.iter().any(same) {
            Arc::make_mut(&mut self.catalog.others).remove(&(key.kind.clone(), key.name.clone()));
        }
    }

    /// An object gets another name, or another schema.
    fn move_object(&mut self, kind: &str, name: &QName, of: &str, change: &MentionChange) {
        let Some(old) = self.object_key(kind, name, of) else {
            // One that is not known: it may be there under its new name.
            if let MentionChange::Rename(to) = change {
                self.other(kind, &QName { parts: vec![to.clone()] });
            }
            return;
        };
        let Some(object) = self.catalog.objects.get(&old).cloned() else { return };
        let new = match change {
            MentionChange::Rename(to) => ObjectKey { name: to.ident.clone(), ..old.clone() },
            MentionChange::Schema(to) => ObjectKey { schema: to.ident.clone(), ..old.clone() },
            MentionChange::Set(_) | MentionChange::Clauses(_) => return,
        };
        if new.name.is_dynamic() || new.schema.is_dynamic() {
            return;
        }
        if self.catalog.objects.get(&new).is_some_and(|it| !it.gone) {
            return;
        }
        self.drop_keyed(&old, TextRange::default());
        self.rename_parts(&old, &new);
        depend::rename_made(&mut self.catalog.depends, &old, &new);
        Arc::make_mut(&mut self.catalog.objects).insert(new.clone(), object);
        Arc::make_mut(&mut self.catalog.others).insert((new.kind, new.name));
    }

    pub(super) fn mentioned(&mut self, mentions: &[Mention]) {
        for mention in mentions {
            if let Mentioned::New(kind) = &mention.what {
                self.opaque(kind);
                self.make_object(kind, &mention.name, "", None);
                continue;
            }
            if let Mentioned::Rule(table) = &mention.what {
                self.mentioned_rule(table, mention);
                continue;
            }
            if mention.what == Mentioned::Relation(None) {
                self.clustered_on(&mention.name);
            }
            if let Mentioned::IndexOf(table) = &mention.what {
                if let (Some(table), Some(index)) = (self.find(table), mention.name.last())
                    && let Some(relation) = self.relation_mut(&table)
                {
                    Arc::make_mut(&mut relation.details).clustered = Some(index.ident.clone());
                }
                continue;
            }
            let Some(kind) = mention.what.kind() else { continue };
            let of = match &mention.what {
                Mentioned::OperatorClass(method) | Mentioned::OperatorFamily(method) => {
                    method.ident.as_str().to_owned()
                }
                Mentioned::Operator(operator) => match self.sides(operator) {
                    Some(it) => it,
                    None => continue,
                },
                _ => String::new(),
            };
            if mention.drops {
                if mention.cascade {
                    if let Some(key) = self.object_key(kind, &mention.name, &of) {
                        let texts = depend::texts::texts_of_configuration(self.catalog, &key);
                        self.drop_texts(texts);
                        self.drop_users(&|it| *it == Used::Object(key.clone()));
                    }
                    self.doubt_objects();
                    self.doubt_foreign(kind);
                }
                self.drop_object(kind, &mention.name, &of);
            } else if let Some(change) = &mention.change {
                self.move_object(kind, &mention.name, &of, change);
            }
        }
    }

    /// `CLUSTER index ON table`, as it was written once.
    fn clustered_on(&mut self, index: &QName) {
        let tokens = crate::sql::token::significant(self.text);
        let word = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(self.text, word));
        if !word(0, "cluster") || !word(2, "on") {
            return;
        }
        if let Some((table, index)) = self.find_index(index)
            && let Some(relation) = self.relation_mut(&table)
        {
            Arc::make_mut(&mut relation.details).clustered = Some(index);
        }
    }

    /// The types of an operator's sides, as its key says them.
    pub(super) fn sides(&self, operator: &OperatorName) -> Option<String> {
        let side = |it: &Option<TypeName>| -> Option<Option<Type>> {
            match it {
                Some(ty) => self.type_of(ty).map(Some),
                None => Some(None),
            }
        };
        Some(sides(side(&operator.left)?, side(&operator.right)?))
    }

    fn mentioned_rule(&mut self, table: &QName, mention: &Mention) {
        let Some(last) = mention.name.last() else { return };
        if mention.drops {
            // One that is not known may stand for it.
            let table = self.find(table);
            if let Some(relation) = table.as_ref().and_then(|it| self.relation_mut(it)) {
                relation.rules.retain(|it| it.name != last.ident);
            }
            if let Some(table) = table {
                let own = Dependent::Rule(table, last.ident.clone());
                depend::forget(&mut self.catalog.depends, &own);
            }
            self.forget_rule(&last.ident);
        } else if let Some(MentionChange::Rename(to)) = &mention.change {
            let table = self.find(table);
            if let Some(relation) = table.as_ref().and_then(|it| self.relation_mut(it)) {
                let rules = relation.rules.iter_mut().filter(|it| it.name == last.ident);
                rules.for_each(|it| it.name = to.ident.clone());
            }
            if let Some(table) = table {
                let old = Dependent::Rule(table.clone(), last.ident.clone());
                let new = Dependent::Rule(table, to.ident.clone());
                depend::rename_dependent(&mut self.catalog.depends, &old, new);
            }
            self.other("RULE", &QName { parts: vec![to.clone()] });
            self.forget_rule(&last.ident);
        }
    }

    /// No relation has a rule of this name any more.
    pub(super) fn forget_rule(&mut self, name: &Ident) {
        let has = |it: &crate::catalog::Relation| it.rules.iter().any(|it| it.name == *name);
        if !self.catalog.relations.values().any(|it| has(it)) {
            Arc::make_mut(&mut self.catalog.others).remove(&("RULE".into(), name.clone()));
        }
    }

    /// What may have gone with something else is no longer certain to be there.
    pub(super) fn doubt_objects(&mut self) {
        // What the others are made of is written down, or cannot go.
        let lasts = |kind: &str| {
            matches!(
                kind,
                "SCHEMA"
                    | "ROLE"
                    | "COLLATION"
                    | "PUBLICATION"
                    | "SUBSCRIPTION"
                    | "EVENT TRIGGER"
                    | "LANGUAGE"
            ) || kind == "STATISTICS"
                || matches!(kind, "FOREIGN DATA WRAPPER" | "SERVER" | "USER MAPPING" | "FOREIGN TABLE")
                || kind.starts_with("TEXT SEARCH")
        };
        let dead: Vec<ObjectKey> =
            self.catalog.objects.keys().filter(|it| !lasts(&it.kind)).cloned().collect();
        if dead.is_empty() {
            return;
        }
        Arc::make_mut(&mut self.catalog.objects).retain(|it, _| lasts(&it.kind));
        let operators = dead.into_iter().filter(|it| it.kind == OPERATOR || it.kind == SHELL);
        let names: Vec<Ident> = operators.map(|it| it.name).collect();
        let others = Arc::make_mut(&mut self.catalog.others);
        others.extend(names.iter().map(|it| (SmolStr::new_static(SHELL), it.clone())));
        Arc::make_mut(&mut self.catalog.gaps.operators).extend(names);
    }

    /// Foreign tables go with their server: which is whose is not kept.
    fn doubt_foreign(&mut self, kind: &str) {
        if !matches!(kind, "SERVER" | "FOREIGN DATA WRAPPER") {
            return;
        }
        let unknown = |it: &QualifiedName| !self.catalog.depends.contains_key(&Dependent::View(it.clone()));
        let all = self.catalog.relations.iter();
        let foreign = all.filter(|it| it.1.kind == RelationKind::Foreign && unknown(it.0));
        let names: Vec<QualifiedName> = foreign.map(|it| it.0.clone()).collect();
        for name in names {
            Arc::make_mut(&mut self.catalog.gaps.named).insert(name.name.clone());
            self.drop_relation(&name, true);
        }
    }

    /// Statistics go with their table.
    pub(super) fn drop_objects_on(&mut self, table: &QualifiedName) {
        let on = |it: &(&ObjectKey, &Object)| it.0.kind == "STATISTICS" && it.1.on.as_ref() == Some(table);
        let keys: Vec<ObjectKey> = self.catalog.objects.iter().filter(on).map(|it| it.0.clone()).collect();
        for key in keys {
            self.drop_keyed(&key, TextRange::default());
        }
    }

    /// Those of a table are no longer certain to be there.
    pub(super) fn doubt_objects_on(&mut self, table: &QualifiedName) {
        if self.catalog.objects.values().any(|it| it.on.as_ref() == Some(table)) {
            Arc::make_mut(&mut self.catalog.objects).retain(|_, it| it.on.as_ref() != Some(table));
        }
    }

    /// `public` is there without having been made, until it is dropped or gets another name.
    pub(super) fn public_gone(&mut self, schema: &Ident) {
        if schema.as_str() == "public" {
            let own = ObjectKey {
                kind: "SCHEMA".into(),
                schema: Ident::new(""),
                name: schema.clone(),
                of: SmolStr::default(),
            };
            self.drop_keyed(&own, TextRange::default());
        }
    }

    /// Those of a schema that is dropped, or gets another name.
    pub(super) fn objects_of_schema(&mut self, schema: &Ident, to: Option<&Ident>) {
        let all = self.catalog.objects.keys().filter(|it| it.schema == *schema);
        let keys: Vec<ObjectKey> = all.cloned().collect();
        if keys.is_empty() {
            return;
        }
        let objects = Arc::make_mut(&mut self.catalog.objects);
        for key in keys {
            let Some(object) = objects.remove(&key) else { continue };
            if let Some(to) = to {
                objects.insert(ObjectKey { schema: to.clone(), ..key }, object);
            }
        }
    }

    /// Whether a role, server and so on was made by the project's scripts; `Name` is its own.
    pub(super) fn role(&mut self, name: &Name, drops: bool) {
        let name = QName { parts: vec![name.clone()] };
        if drops { self.drop_object("ROLE", &name, "") } else { self.make_object("ROLE", &name, "", None) }
    }
}

/// The key of a cast.
pub fn cast_key(from: TypeId, to: TypeId) -> ObjectKey {
    let of = sides(Some(Type::plain(from)), Some(Type::plain(to))).into();
    ObjectKey { kind: "CAST".into(), schema: Ident::new(""), name: Ident::new(""), of }
}

/// The types of an operator's sides, as its key says them.
pub fn sides(left: Option<Type>, right: Option<Type>) -> String {
    let one = |it: Option<Type>| it.map_or(String::new(), |it| it.id.0.to_string());
    format!("{},{}", one(left), one(right))
}
