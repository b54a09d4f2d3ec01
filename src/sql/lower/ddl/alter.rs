//! ALTER of every object.

use super::super::Lower;
use super::super::lex::Kind;
use super::{
    cascade, create, foreign, if_exists, if_not_exists, inside, mysql, named, object, operator, options,
    routine, skip_item, string_value, table,
};
use crate::sql::Dialect;
use crate::sql::hir::ddl::{
    AlterDomain, AlterEnum, AlterMysql, AlterTable, ConstraintChange, Mention, MentionChange, Mentioned,
    ObjectKind, RelationKind, SequenceOption, SequenceOptionKind, Setting,
};
use crate::sql::hir::{Ddl, Name, QName, TypeName};

/// Behind ALTER.
pub(super) fn alter(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kws(&["default", "privileges"]) {
        return named::default_privileges(lower);
    }
    if lower.at_kws(&["user", "mapping"]) {
        return named::alter(lower);
    }
    let from = lower.pos;
    let Some(kind) = object(lower) else {
        lower.pos = from;
        return named::alter(lower);
    };
    match kind {
        ObjectKind::Relation(kind) => relation(lower, kind),
        ObjectKind::Type => type_(lower),
        ObjectKind::Domain => domain(lower),
        ObjectKind::Schema | ObjectKind::Extension => {
            let name = lower.qname();
            if let Some(moved) = moved(lower, kind, name.clone(), None, false) {
                return Some(moved);
            }
            let what = if kind == ObjectKind::Schema { Mentioned::Schema } else { Mentioned::Extension };
            Some(Ddl::Named(vec![named::mention(what, name)]))
        }
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
            lower.suspect = true;
            let first = lower.label()?;
            let name = lower.qname_rest(first);
            let args = named::arguments(lower);
            if let Some(moved) = moved(lower, kind, name.clone(), args.clone(), false) {
                return Some(moved);
            }
            let what = Mentioned::Function { object: kind, args };
            let change = Some(MentionChange::Clauses(routine::clauses(lower)));
            Some(Ddl::Named(vec![Mention { change, ..named::mention(what, name) }]))
        }
        ObjectKind::Trigger => {
            let name = create::name_on_table(lower)?;
            let moved = moved(lower, kind, name.clone(), None, false);
            Some(moved.unwrap_or_else(|| Ddl::Named(vec![named::mention(Mentioned::Trigger, name)])))
        }
        ObjectKind::Policy => {
            lower.suspect = true;
            let from = lower.pos;
            let if_exists = if_exists(lower);
            let name = create::name_on_table(lower)?;
            if lower.at_kw("rename") {
                return moved(lower, kind, name, None, if_exists);
            }
            lower.pos = from;
            create::policy(lower).map(Ddl::AlterPolicy)
        }
        ObjectKind::Role if lower.dialect == Dialect::Postgres && !lower.at_kw("mapping") => {
            let name = QName { parts: vec![lower.col_id()?] };
            if let Some(moved) = moved(lower, kind, name.clone(), None, false) {
                return Some(moved);
            }
            operator::role_options(lower);
            Some(Ddl::Named(vec![named::mention(Mentioned::Hosted("ROLE"), name)]))
        }
        _ => None,
    }
}

/// `RENAME TO new`, `SET SCHEMA s`.
fn moved(
    lower: &mut Lower<'_>,
    object: ObjectKind,
    name: QName,
    args: Option<Vec<TypeName>>,
    if_exists: bool,
) -> Option<Ddl> {
    if lower.eat_kws(&["rename", "to"]) {
        lower.suspect = true;
        return Some(Ddl::Rename { object, name, args, if_exists, new_name: lower.label()? });
    }
    if lower.eat_kws(&["set", "schema"]) {
        return Some(Ddl::SetSchema { object, name, args, if_exists, schema: lower.col_id()? });
    }
    None
}

fn relation(lower: &mut Lower<'_>, kind: RelationKind) -> Option<Ddl> {
    let if_exists = if_exists(lower);
    if lower.at_kws(&["all", "in"]) {
        return None;
    }
    let only = lower.eat_kw("only");
    let name = lower.qname();
    lower.eat_star(only);
    if let Some(ddl) = moved(lower, ObjectKind::Relation(kind), name.clone(), None, if_exists) {
        return Some(ddl);
    }
    if kind == RelationKind::Sequence {
        return Some(sequence(lower, name, if_exists));
    }
    let mut actions = Vec::new();
    loop {
        // RENAME stands alone.
        let alone = lower.at_any_kw(&["rename", "attach", "detach"]);
        lower.suspect |= !actions.is_empty() && alone;
        match action(lower) {
            Some(action) => {
                lower.suspect |= !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::Semi);
                actions.push(action);
            }
            None => {
                lower.suspect |= lower.at_any_kw(&["enable", "disable", "set", "alter", "add", "drop"]);
                actions.push(AlterTable::Other);
            }
        }
        while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::Semi) {
            lower.skip_one();
        }
        if !lower.eat(Kind::Comma) {
            break;
        }
        lower.suspect |= alone;
    }
    Some(Ddl::AlterTable { name, kind, if_exists, only, actions })
}

fn sequence(lower: &mut Lower<'_>, name: QName, if_exists: bool) -> Ddl {
    let (ty, owned_by, options) = sequence_options(lower);
    Ddl::AlterSequence { name, if_exists, ty, owned_by, options }
}

/// What is said of a sequence: its type, its owner, all options in order.
pub(super) fn sequence_options(
    lower: &mut Lower<'_>,
) -> (Option<TypeName>, Option<QName>, Vec<SequenceOption>) {
    let (mut ty, mut owned_by, mut all) = (None, None, Vec::new());
    while !lower.at_end() && !lower.at_any_kw(&["create", "grant"]) && !lower.at(Kind::Semi) {
        let start = lower.start();
        let kind = if lower.eat_kw("as") {
            ty = Some(lower.type_name());
            SequenceOptionKind::As
        } else if lower.eat_kws(&["owned", "by"]) {
            owned_by = create::owner(lower);
            SequenceOptionKind::OwnedBy
        } else {
            match options::sequence(lower) {
                Some(option) => all.push(option),
                None => lower.skip_one(),
            }
            continue;
        };
        all.push(SequenceOption { range: lower.span(start), kind, value: None, odd: None });
    }
    (ty, owned_by, all)
}

/// One action of ALTER TABLE; `None` when it changes no names and types.
fn action(lower: &mut Lower<'_>) -> Option<AlterTable> {
    if let Some(action) = mysql::action(lower) {
        return Some(action);
    }
    if lower.eat_kw("add") {
        return add(lower);
    }
    if lower.eat_kw("drop") {
        return drop(lower);
    }
    if lower.eat_kw("alter") {
        return alter_column(lower);
    }
    if lower.eat_kws(&["rename", "constraint"]) {
        lower.suspect = true;
        let (name, new_name) = renamed(lower)?;
        return Some(AlterTable::RenameConstraint { name, new_name });
    }
    if lower.eat_kw("rename") {
        lower.eat_kw("column");
        let (name, new_name) = renamed(lower)?;
        return Some(AlterTable::RenameColumn { name, new_name });
    }
    if lower.eat_kws(&["validate", "constraint"]) {
        return Some(AlterTable::ValidateConstraint { name: lower.col_id()? });
    }
    if lower.eat_kws(&["enable", "row", "level", "security"]) {
        return Some(AlterTable::RowSecurity { enabled: true });
    }
    if lower.eat_kws(&["disable", "row", "level", "security"]) {
        return Some(AlterTable::RowSecurity { enabled: false });
    }
    if lower.eat_kw("inherit") {
        return Some(AlterTable::Inherit { parent: lower.qname(), inherit: true });
    }
    if lower.eat_kws(&["no", "inherit"]) {
        return Some(AlterTable::Inherit { parent: lower.qname(), inherit: false });
    }
    if lower.eat_kws(&["attach", "partition"]) {
        let partition = lower.qname();
        return Some(AlterTable::AttachPartition { partition, bound: options::bound(lower) });
    }
    if lower.eat_kws(&["detach", "partition"]) {
        return Some(AlterTable::DetachPartition(lower.qname()));
    }
    if lower.eat_any_kw(&["enable", "disable"]) {
        lower.eat_any_kw(&["always", "replica"]);
        if lower.eat_kw("trigger") {
            lower.suspect = true;
            return lower.col_id().map(AlterTable::Trigger);
        }
        return if lower.eat_kw("rule") { lower.col_id().map(AlterTable::Rule) } else { None };
    }
    if lower.eat_kws(&["cluster", "on"]) {
        return lower.col_id().map(AlterTable::ClusterOn);
    }
    for (words, plain) in PLAIN {
        if lower.eat_kws(words) {
            return Some(AlterTable::Plain(plain));
        }
    }
    if lower.eat_kws(&["replica", "identity", "using", "index"]) {
        return lower.col_id().map(AlterTable::ReplicaIdentity);
    }
    if lower.eat_kws(&["set", "access", "method"]) {
        return lower.col_id().map(AlterTable::SetAccessMethod);
    }
    if lower.eat_kws(&["not", "of"]) {
        return Some(AlterTable::NotOf);
    }
    if lower.eat_kw("of") {
        return Some(AlterTable::Of(lower.qname()));
    }
    if lower.at_kw("options") && lower.nth(1).kind == Kind::LParen {
        return Some(AlterTable::Generic { column: None, options: foreign::options(lower) });
    }
    column_or_own_options(lower).map(|(options, reset)| AlterTable::Options { options, reset })
}

const PLAIN: [(&[&str], &str); 8] = [
    (&["force", "row", "level", "security"], "FORCE ROW SECURITY"),
    (&["no", "force", "row", "level", "security"], "NO FORCE ROW SECURITY"),
    (&["replica", "identity", "full"], "REPLICA IDENTITY"),
    (&["replica", "identity", "nothing"], "REPLICA IDENTITY"),
    (&["replica", "identity", "default"], "REPLICA IDENTITY"),
    (&["set", "logged"], "SET LOGGED"),
    (&["set", "unlogged"], "SET UNLOGGED"),
    (&["set", "without", "cluster"], "SET WITHOUT CLUSTER"),
];

/// `SET (…)` and `RESET (…)`; `true` for RESET.
fn column_or_own_options(lower: &mut Lower<'_>) -> Option<(Vec<Setting>, bool)> {
    let reset = lower.at_kw("reset");
    if (reset || lower.at_kw("set")) && lower.nth(1).kind == Kind::LParen {
        lower.bump();
        return Some((options::settings(lower), reset));
    }
    None
}

/// `a TO b`.
fn renamed(lower: &mut Lower<'_>) -> Option<(Name, Name)> {
    let name = lower.col_id()?;
    lower.eat_kw("to");
    Some((name, lower.col_id()?))
}

fn add(lower: &mut Lower<'_>) -> Option<AlterTable> {
    if table::at_table_constraint(lower) {
        return table::table_constraint(lower).map(AlterTable::AddConstraint);
    }
    lower.eat_kw("column");
    let if_not_exists = if_not_exists(lower);
    let column = table::column(lower, false)?;
    Some(AlterTable::AddColumn { column, if_not_exists })
}

fn drop(lower: &mut Lower<'_>) -> Option<AlterTable> {
    let constraint = lower.eat_kw("constraint");
    if !constraint {
        lower.eat_kw("column");
    }
    let if_exists = if_exists(lower);
    let name = lower.col_id()?;
    let cascade = cascade(lower);
    Some(if constraint {
        AlterTable::DropConstraint { name, if_exists, cascade }
    } else {
        AlterTable::DropColumn { name, if_exists, cascade }
    })
}

fn alter_column(lower: &mut Lower<'_>) -> Option<AlterTable> {
    if lower.eat_kw("constraint") {
        let name = lower.col_id()?;
        let from = lower.pos;
        let mut attributes = super::attributes::Attributes::default();
        while attributes.step(lower) {}
        lower.pos = from;
        let change = if lower.at_end() || matches!(lower.kind(), Kind::Comma | Kind::Semi) {
            ConstraintChange::Nothing
        } else if lower.at_any_kw(&["inherit", "no"]) {
            ConstraintChange::Inheritability(lower.at_kw("inherit"))
        } else if lower.at_kw("enforced") || lower.at_kws(&["not", "enforced"]) {
            ConstraintChange::Enforceability(lower.at_kw("enforced"))
        } else {
            let mut words = lower.at_kw("deferrable");
            let mut deferred = lower.at_kws(&["initially", "deferred"]);
            if words && lower.nth_kw(1, "initially") {
                deferred = lower.nth_kw(2, "deferred");
            }
            words |= deferred;
            ConstraintChange::Deferrability { deferrable: words, deferred }
        };
        return Some(AlterTable::AlterConstraint { name, change });
    }
    lower.eat_kw("column");
    let name = lower.col_id()?;
    if lower.dialect == Dialect::Sqlite && lower.eat_kw("to") {
        // libSQL: `ALTER COLUMN a TO a text NOT NULL`.
        let column = table::column(lower, false)?;
        return Some(AlterTable::Mysql(AlterMysql::Redefine { from: Some(name), column }));
    }
    if lower.eat_kw("type") || lower.eat_kws(&["set", "data", "type"]) {
        let ty = lower.type_name();
        let collation = if lower.eat_kw("collate") { Some(lower.qname()) } else { None };
        let using = if lower.eat_kw("using") { Some(lower.expr()) } else { None };
        return Some(AlterTable::SetType { name, ty, using, collation });
    }
    if lower.eat_kws(&["set", "default"]) {
        return Some(AlterTable::SetDefault { name, expr: lower.expr() });
    }
    if lower.eat_kws(&["drop", "default"]) {
        return Some(AlterTable::DropDefault { name });
    }
    if lower.eat_kws(&["set", "not", "null"]) {
        return Some(AlterTable::SetNotNull { name });
    }
    if lower.eat_kws(&["drop", "not", "null"]) {
        return Some(AlterTable::DropNotNull { name });
    }
    if lower.eat_kws(&["add", "generated"]) {
        let always = lower.at_kw("always");
        while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::LParen | Kind::Semi) {
            lower.bump();
        }
        return Some(AlterTable::AddIdentity { name, always, options: table::identity_options(lower) });
    }
    if lower.eat_kws(&["drop", "identity"]) {
        return Some(AlterTable::DropIdentity { name });
    }
    if lower.eat_kws(&["set", "expression", "as"]) {
        return Some(AlterTable::SetExpression { name, expr: lower.expr() });
    }
    if lower.eat_kws(&["drop", "expression"]) {
        return Some(AlterTable::DropExpression { name });
    }
    if lower.eat_kws(&["set", "storage"]) {
        return Some(AlterTable::SetStorage { name, storage: lower.label_or_missing() });
    }
    if lower.eat_kws(&["set", "compression"]) {
        return Some(AlterTable::SetCompression { name, method: lower.label_or_missing() });
    }
    if lower.eat_kws(&["set", "statistics"]) {
        lower.eat_op("-");
        lower.bump();
        return Some(AlterTable::ColumnOptions { name, options: Vec::new(), reset: false });
    }
    if lower.at_kw("options") && lower.nth(1).kind == Kind::LParen {
        return Some(AlterTable::Generic { column: Some(name), options: foreign::options(lower) });
    }
    if let Some((options, reset)) = column_or_own_options(lower) {
        return Some(AlterTable::ColumnOptions { name, options, reset });
    }
    if !lower.at_any_kw(&["set", "restart"]) {
        return None;
    }
    // `SET GENERATED ALWAYS SET START 5 …` in any order.
    let (mut always, mut all) = (None, Vec::new());
    while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::Semi) {
        if lower.eat_kws(&["set", "generated"]) {
            always = Some(lower.at_kw("always"));
            lower.skip_one();
            continue;
        }
        let set = lower.eat_kw("set");
        let word = lower.peek();
        let name = lower.str(word).to_ascii_lowercase();
        if set && matches!(name.as_str(), "as" | "owned" | "restart") {
            let at = lower.token_range(word);
            lower.skip_one();
            let name = if name == "owned" { "owned_by" } else { &name };
            lower.refuse(at, format!("sequence option \"{name}\" not supported here"));
            continue;
        }
        match options::sequence(lower) {
            Some(option) => all.push(option),
            None => lower.skip_one(),
        }
    }
    Some(AlterTable::SetIdentity { name, always, options: all })
}

fn type_(lower: &mut Lower<'_>) -> Option<Ddl> {
    let name = lower.qname();
    if let Some(ddl) = moved(lower, ObjectKind::Type, name.clone(), None, false) {
        return Some(ddl);
    }
    if lower.eat_kws(&["add", "value"]) {
        let if_not_exists = if_not_exists(lower);
        let (label, range) = string_value(lower)?;
        let before = if lower.eat_kw("before") { string_value(lower) } else { None };
        let after = if lower.eat_kw("after") { string_value(lower) } else { None };
        let (before, after) = (before.map(|it| it.0), after.map(|it| it.0));
        return Some(Ddl::AlterEnum {
            name,
            action: AlterEnum::AddValue { label, range, if_not_exists, before, after },
        });
    }
    if lower.eat_kws(&["rename", "value"]) {
        let (from, from_range) = string_value(lower)?;
        lower.eat_kw("to");
        let (to, to_range) = string_value(lower)?;
        let action = AlterEnum::RenameValue { from, from_range, to, to_range };
        return Some(Ddl::AlterEnum { name, action });
    }
    let mut actions = Vec::new();
    loop {
        actions.extend(attribute(lower));
        skip_item(lower);
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    if actions.is_empty() {
        return Some(Ddl::Named(vec![named::mention(Mentioned::AlteredType, name)]));
    }
    Some(Ddl::AlterComposite { name, actions })
}

fn attribute(lower: &mut Lower<'_>) -> Option<AlterTable> {
    if lower.eat_kws(&["add", "attribute"]) {
        let column = table::column(lower, false)?;
        return Some(AlterTable::AddColumn { column, if_not_exists: false });
    }
    if lower.eat_kws(&["drop", "attribute"]) {
        let if_exists = if_exists(lower);
        let name = lower.col_id()?;
        return Some(AlterTable::DropColumn { name, if_exists, cascade: cascade(lower) });
    }
    if lower.eat_kws(&["alter", "attribute"]) {
        let name = lower.col_id()?;
        lower.eat_kws(&["set", "data"]);
        lower.eat_kw("type");
        let ty = lower.type_name();
        let collation = if lower.eat_kw("collate") { Some(lower.qname()) } else { None };
        return Some(AlterTable::SetType { name, ty, using: None, collation });
    }
    if lower.eat_kws(&["rename", "attribute"]) {
        let (name, new_name) = renamed(lower)?;
        return Some(AlterTable::RenameColumn { name, new_name });
    }
    None
}

fn domain(lower: &mut Lower<'_>) -> Option<Ddl> {
    let name = lower.qname();
    if lower.at_kws(&["rename", "constraint"]) {
        lower.bump();
        lower.bump();
        let (old, new_name) = renamed(lower)?;
        return Some(Ddl::Rename {
            object: ObjectKind::Constraint,
            name: inside(name, old),
            args: None,
            if_exists: false,
            new_name,
        });
    }
    if let Some(ddl) = moved(lower, ObjectKind::Domain, name.clone(), None, false) {
        return Some(ddl);
    }
    let domain = name.clone();
    let action = if lower.eat_kws(&["set", "default"]) {
        AlterDomain::SetDefault(lower.expr())
    } else if lower.eat_kws(&["drop", "default"]) {
        AlterDomain::DropDefault
    } else if lower.eat_kws(&["set", "not", "null"]) {
        AlterDomain::SetNotNull
    } else if lower.eat_kws(&["drop", "not", "null"]) {
        AlterDomain::DropNotNull
    } else if lower.eat_kw("add") {
        let name = if lower.eat_kw("constraint") { lower.col_id() } else { None };
        if lower.eat_kw("check") {
            AlterDomain::AddCheck { name, expr: lower.expr() }
        } else {
            if lower.eat_kws(&["not", "null"]) {
                return Some(Ddl::AlterDomain { name: domain, action: AlterDomain::AddNotNull { name } });
            }
            const REFUSED: [(&[&str], &str); 4] = [
                (&["unique"], "unique constraints"),
                (&["primary", "key"], "primary key constraints"),
                (&["references"], "foreign key constraints"),
                (&["exclude"], "exclusion constraints"),
            ];
            let refused = REFUSED.iter().find(|(words, _)| lower.at_kws(words));
            refused
                .map_or(AlterDomain::Other, |it| AlterDomain::Refused(lower.token_range(lower.peek()), it.1))
        }
    } else if lower.eat_kws(&["drop", "constraint"]) {
        let if_exists = if_exists(lower);
        AlterDomain::DropConstraint { name: lower.col_id()?, if_exists }
    } else if lower.eat_kws(&["validate", "constraint"]) {
        AlterDomain::ValidateConstraint(lower.col_id()?)
    } else {
        AlterDomain::Other
    };
    Some(Ddl::AlterDomain { name, action })
}
