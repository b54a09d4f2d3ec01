//! What objects are made of, written down as they are made (`recordDependencyOn`).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Fold, cast_key};
use crate::catalog::depend::{self, Dependent, FunctionKey, Used};
use crate::catalog::object::ObjectKey;
use crate::catalog::{QualifiedName, TypeId};
use crate::sql::Ident;
use crate::sql::hir::ddl::{
    CastBy, ClassItemKind, ClassKind, CreateAggregate, CreateCast, CreateFunction, CreateIndex,
    CreateOperator, CreatePublication, CreateView, OperatorClass, PublicationChange, TriggerDetails,
    ViewKind,
};
use crate::sql::hir::{self, Ddl, Name, OpName, QName, StatementKind, TypeName};
use crate::sql::parse_statement;

type Made = Option<(Dependent, BTreeSet<Used>)>;

impl<'a> Fold<'a> {
    /// What a definition is about to make, and of what; before it is applied.
    pub(super) fn made_of(&self, ddl: &Ddl) -> Made {
        match ddl {
            Ddl::CreateView(view) => self.view_made_of(ddl, view),
            Ddl::CreateRule(rule) if rule.event != "SELECT" => {
                let table = self.find(&rule.table)?;
                let mut used = self.uses(ddl)?;
                used.remove(&Used::Relation(table.clone()));
                Some((Dependent::Rule(table, rule.name.ident.clone()), used))
            }
            Ddl::CreateTrigger { name, table, function, details, .. } => {
                self.trigger_made_of(ddl, name, table, function, details)
            }
            Ddl::CreateFunction(create) => self.function_made_of(ddl, create),
            Ddl::CreateIndex(index) => self.index_made_of(ddl, index),
            Ddl::CreateAggregate(aggregate) => self.aggregate_made_of(aggregate),
            Ddl::CreateOperator(made) => self.operator_made_of(made),
            Ddl::CreateCast(cast) => self.cast_made_of(cast),
            Ddl::OperatorClass(made) => self.class_made_of(made),
            Ddl::CreateEventTrigger(made) => {
                let key = self.function_key(&made.function, Some(&[]))?;
                let event = self.hosted_key("EVENT TRIGGER", &made.name.ident);
                Some((Dependent::Object(event), [Used::Function(key)].into()))
            }
            _ => None,
        }
    }

    pub(super) fn note_made_of(&mut self, made: Made) {
        if let Some((dependent, used)) = made {
            Arc::make_mut(&mut self.catalog.depends).insert(dependent, used);
        }
    }

    fn uses(&self, ddl: &Ddl) -> Option<BTreeSet<Used>> {
        let kind = StatementKind::Ddl(Box::new(ddl.clone()));
        let range = crate::base::text::range(0, self.text.len());
        let statement = hir::Statement { range, kind, exprs: self.exprs.to_vec(), utility: None };
        self.infer?.uses(self.catalog, &statement, self.text)
    }

    fn view_made_of(&self, ddl: &Ddl, view: &CreateView) -> Made {
        let name = self.new_name(&view.name, self.is_temporary(view))?;
        if view.kind == ViewKind::Table || self.relation(&name).is_some() && !view.or_replace {
            return None;
        }
        let mut used = self.uses(ddl)?;
        // One that reads itself.
        used.retain(|it| !it.is_of(&name));
        Some((Dependent::View(name), used))
    }

    fn trigger_made_of(
        &self,
        ddl: &Ddl,
        name: &Name,
        table: &QName,
        function: &QName,
        details: &TriggerDetails,
    ) -> Made {
        let table = self.find(table)?;
        let mut used = self.uses(ddl)?;
        used.remove(&Used::Relation(table.clone()));
        // `FROM other`: it goes with that, too.
        if let Some(from) = details.from.as_ref().and_then(|it| self.find(it)) {
            used.remove(&Used::Relation(from));
        }
        used.extend(details.columns.iter().map(|it| Used::Column(table.clone(), it.ident.clone())));
        used.extend(self.function_key(function, Some(&[])).map(Used::Function));
        Some((Dependent::Trigger(table, name.ident.clone()), used))
    }

    fn function_made_of(&self, ddl: &Ddl, create: &CreateFunction) -> Made {
        let name = self.new_name(&create.name, false)?;
        let input = |it: &&hir::ddl::FunctionParam| {
            !matches!(it.mode, hir::ddl::ParamMode::Out | hir::ddl::ParamMode::Table)
        };
        let params = create.params.iter().filter(input).map(|it| self.type_of(&it.ty).map(|it| it.id));
        let key = FunctionKey { name, params: params.collect::<Option<Vec<_>>>()? };
        let defaults = create.params.iter().any(|it| it.default.is_some());
        let mut used = match create.inline.is_some() || defaults {
            true => self.uses(ddl).unwrap_or_default(),
            false => BTreeSet::new(),
        };
        // Types of its signature are known from that.
        used.retain(|it| !matches!(it, Used::Type(_)) && *it != Used::Function(key.clone()));
        Some((Dependent::Function(key), used))
    }

    fn index_made_of(&self, ddl: &Ddl, index: &CreateIndex) -> Made {
        let table = self.find(&index.table)?;
        let name = index.name.as_ref()?.ident.clone();
        let plain = |id: hir::ExprId| {
            let node = self.exprs.get(id.0 as usize);
            node.is_some_and(|it| matches!(it.kind, hir::ExprKind::Column(_)))
        };
        let mut used = match index.where_.is_none() && index.items.iter().all(|it| plain(it.expr)) {
            true => BTreeSet::new(),
            false => self.uses(ddl)?,
        };
        used.retain(|it| matches!(it, Used::Function(_) | Used::Object(_)));
        let method = index.method.as_ref().map_or("btree", |it| it.ident.as_str());
        for item in &index.items {
            let class = item.opclass.as_ref().and_then(|it| self.object_key("OPERATOR CLASS", it, method));
            let collation = item.collation.as_ref().and_then(|it| self.object_key("COLLATION", it, ""));
            used.extend(class.into_iter().chain(collation).map(Used::Object));
        }
        (!used.is_empty()).then_some((Dependent::Index(table, name), used))
    }

    /// The functions of a range or base type.
    pub(super) fn note_type(&mut self, name: &QName, options: &[hir::ddl::Setting]) {
        const FUNCTIONS: [&str; 9] = [
            "subtype_diff",
            "canonical",
            "input",
            "output",
            "receive",
            "send",
            "typmod_in",
            "typmod_out",
            "analyze",
        ];
        let Some(id) = self.find_type(name).and_then(|it| self.catalog.types.id(&it)) else { return };
        let mut used = BTreeSet::new();
        for option in options {
            let Some(word) = option.name.last() else { continue };
            let Some(value) = option.value.as_deref().filter(|_| FUNCTIONS.contains(&word.ident.as_str()))
            else {
                continue;
            };
            let part = |it| Name { ident: Ident::from_source(it), range: option.value_range };
            let name = QName { parts: value.split('.').map(part).collect() };
            used.extend(self.function_key(&name, None).map(Used::Function));
        }
        if !used.is_empty() {
            Arc::make_mut(&mut self.catalog.depends).insert(Dependent::Type(id), used);
        }
    }

    fn aggregate_made_of(&self, made: &CreateAggregate) -> Made {
        let name = self.new_name(&made.name, false)?;
        let params = made.params.iter().map(|it| self.type_of(&it.ty).map(|it| it.id));
        let params = params.collect::<Option<Vec<_>>>()?;
        let state = made.state.as_ref().and_then(|it| self.type_of(it)).map(|it| it.id);
        let step: Option<Vec<TypeId>> = state.map(|it| [it].into_iter().chain(params.clone()).collect());
        let finish: Option<Vec<TypeId>> = state.map(|it| vec![it]);
        let mut used = BTreeSet::new();
        for (function, args) in [(&made.step, step), (&made.finish, finish)] {
            let key = function.as_ref().and_then(|it| self.function_key(it, args.as_deref()));
            used.extend(key.map(Used::Function));
        }
        Some((Dependent::Function(FunctionKey { name, params }), used))
    }

    fn operator_made_of(&self, made: &CreateOperator) -> Made {
        let side = |it: &Option<TypeName>| it.as_ref().map(|it| self.type_of(it));
        let (left, right) = (side(&made.left), side(&made.right));
        if matches!(left, Some(None)) || matches!(right, Some(None)) {
            return None;
        }
        let (left, right) = (left.flatten(), right.flatten());
        let args: Vec<TypeId> = [left, right].into_iter().flatten().map(|it| it.id).collect();
        let full = self.new_name(&made.name, false)?;
        let of = super::sides(left, right).into();
        let key = ObjectKey { kind: "OPERATOR".into(), schema: full.schema, name: full.name, of };
        let function = self.function_key(made.function.as_ref()?, Some(&args));
        Some((Dependent::Object(key), function.map(Used::Function).into_iter().collect()))
    }

    fn cast_made_of(&self, cast: &CreateCast) -> Made {
        let (from, to) = (self.type_of(&cast.source)?.id, self.type_of(&cast.target)?.id);
        let CastBy::Function { name, args } = &cast.by else { return None };
        let args = match args {
            Some(args) => {
                Some(args.iter().map(|it| self.type_of(it).map(|it| it.id)).collect::<Option<Vec<_>>>()?)
            }
            None => None,
        };
        let key = self.function_key(name, args.as_deref())?;
        Some((Dependent::Object(cast_key(from, to)), [Used::Function(key)].into()))
    }

    /// Operators and functions of a class (`storeOperators`, `storeProcedures`); what ALTER OPERATOR FAMILY adds is loose.
    fn class_made_of(&self, made: &OperatorClass) -> Made {
        if made.what != ClassKind::Class {
            return None;
        }
        let ty = self.type_of(made.ty.as_ref()?)?.id;
        let full = self.new_name(&made.name, false)?;
        let of = made.method.ident.as_str().into();
        let key = ObjectKey { kind: "OPERATOR CLASS".into(), schema: full.schema, name: full.name, of };
        let mut used = BTreeSet::new();
        if let Some(family) = &made.family {
            let family = self.object_key("OPERATOR FAMILY", family, made.method.ident.as_str());
            used.extend(family.map(Used::Object));
        }
        for item in &made.items {
            match &item.kind {
                ClassItemKind::Operator { op, sides, .. } => {
                    let side = |it: &Option<TypeName>| it.as_ref().and_then(|it| self.type_of(it));
                    let plain = Some(crate::catalog::Type::plain(ty));
                    let (left, right) = match sides {
                        Some((left, right)) => (side(left), side(right)),
                        None => (plain, plain),
                    };
                    used.extend(self.operator_key(op, &super::sides(left, right)).map(Used::Object));
                }
                ClassItemKind::Function { name, args, .. } => {
                    let args: Option<Vec<TypeId>> = args.as_ref().and_then(|it| {
                        it.iter().map(|it| self.type_of(it).map(|it| it.id)).collect::<Option<Vec<_>>>()
                    });
                    used.extend(self.function_key(name, args.as_deref()).map(Used::Function));
                }
                _ => {}
            }
        }
        Some((Dependent::Object(key), used))
    }

    fn operator_key(&self, op: &OpName, of: &str) -> Option<ObjectKey> {
        let name = |it: &Ident| Name { ident: it.clone(), range: op.range };
        let parts = op.schema.iter().map(|it| it.ident.clone()).chain([Ident::new(op.op.as_str())]);
        let parts = parts.map(|it| name(&it)).collect();
        self.object_key("OPERATOR", &QName { parts }, of)
    }

    fn hosted_key(&self, kind: &str, name: &Ident) -> ObjectKey {
        ObjectKey { kind: kind.into(), schema: Ident::new(""), name: name.clone(), of: "".into() }
    }

    /// A function of the project's own: that with these arguments, else the only one of the name.
    fn function_key(&self, name: &QName, args: Option<&[TypeId]>) -> Option<FunctionKey> {
        let full = self.own_function(name)?;
        let all = self.catalog.functions.get(&full)?;
        let same = |it: &&Arc<crate::catalog::Function>| {
            args.is_some_and(|args| it.params.iter().map(|it| it.ty).eq(args.iter().map(|it| Some(*it))))
        };
        let found = all.iter().find(same).or(all.first().filter(|_| all.len() == 1))?;
        FunctionKey::of(found)
    }

    // ------------------------------------------------------------- policies

    /// What the conditions of a policy read, both of them.
    pub(super) fn note_policy(&mut self, table: &QualifiedName, name: &Ident) {
        let entry = Dependent::Policy(table.clone(), name.clone());
        depend::forget(&mut self.catalog.depends, &entry);
        let Some(policy) = self.relation(table).and_then(|it| it.policies.iter().find(|it| it.name == *name))
        else {
            return;
        };
        // Under a name that no policy of the table has.
        let mut text =
            format!("create policy \"\u{1}\" on {}.{}", table.schema.quoted(), table.name.quoted());
        for (words, condition) in [("using", &policy.using), ("with check", &policy.with_check)] {
            if let Some(condition) = condition {
                text.push_str(&format!(" {words} ({condition})"));
            }
        }
        let parsed = parse_statement(&text, self.catalog.dialect);
        if parsed.error.is_some() {
            return;
        }
        let used = self.infer.and_then(|it| it.uses(self.catalog, &parsed.hir, &text));
        if let Some(mut used) = used {
            used.remove(&Used::Relation(table.clone()));
            Arc::make_mut(&mut self.catalog.depends).insert(entry, used);
        }
    }

    // --------------------------------------------------------- publications

    pub(super) fn publish(&mut self, made: &CreatePublication) {
        let name = &made.name.ident;
        let own = |it: &Dependent| match it {
            Dependent::Member(publication, _) | Dependent::MemberSchema(publication, _) => {
                publication == name
            }
            _ => false,
        };
        let tables: Vec<(QualifiedName, BTreeSet<Used>)> = made
            .tables
            .iter()
            .filter_map(|(table, columns, where_)| {
                let table = self.find(table)?;
                let mut names: Vec<Ident> = columns.iter().map(|it| it.ident.clone()).collect();
                if let Some(text) = where_.and_then(|it| self.expr_text(it)) {
                    let own = self.relation(&table).into_iter().flat_map(|it| &it.columns);
                    let said = own.map(|it| &it.name).filter(|it| super::naming::mentions(&text, it));
                    names.extend(said.cloned());
                }
                let used = names.into_iter().map(|it| Used::Column(table.clone(), it)).collect();
                Some((table, used))
            })
            .collect();
        let depends = Arc::make_mut(&mut self.catalog.depends);
        if matches!(made.change, None | Some(PublicationChange::Set)) {
            depends.retain(|it, _| !own(it));
        }
        match made.change {
            Some(PublicationChange::Options) => {}
            Some(PublicationChange::Drop) => {
                for (table, _) in tables {
                    depends.remove(&Dependent::Member(name.clone(), table));
                }
                for schema in &made.schemas {
                    depends.remove(&Dependent::MemberSchema(name.clone(), schema.ident.clone()));
                }
            }
            _ => {
                for (table, used) in tables {
                    depends.insert(Dependent::Member(name.clone(), table), used);
                }
                for schema in &made.schemas {
                    let entry = Dependent::MemberSchema(name.clone(), schema.ident.clone());
                    depends.insert(entry, BTreeSet::new());
                }
            }
        }
    }
}
