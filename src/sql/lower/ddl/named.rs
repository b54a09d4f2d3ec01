//! Statements that name objects and change nothing which is modelled (COMMENT, GRANT, CLUSTER, REINDEX and the like): what
//! they name.

use super::super::Lower;
use super::super::lex::Kind;
use super::{drop, if_exists, items, skip_item};
use crate::sql::hir::ddl::{Mention, Mentioned, ObjectKind, RelationKind};
use crate::sql::hir::{Ddl, QName, TypeName};

fn one(what: Mentioned, name: QName, if_exists: bool) -> Ddl {
    Ddl::Named(vec![Mention { what, name, if_exists }])
}

/// The argument types behind a function's name, where they are written.
pub(super) fn arguments(lower: &mut Lower<'_>) -> Option<Vec<TypeName>> {
    if !lower.eat(Kind::LParen) {
        return None;
    }
    let mut res = Vec::new();
    // `(float8 ORDER BY text)`, `(*)`: of aggregates. One VARIADIC is both sides'.
    let (mut variadic, mut ordered) = (false, false);
    while !lower.at_end() && !lower.at(Kind::RParen) {
        ordered |= lower.eat_kws(&["order", "by"]);
        let from = lower.pos;
        let is_variadic = lower.at_kw("variadic");
        if !lower.eat_op("*") {
            let ty = drop::argument(lower);
            res.extend(ty.filter(|_| !(ordered && variadic)));
        }
        variadic |= is_variadic;
        if !lower.at_kw("order") {
            lower.suspect |= !matches!(lower.kind(), Kind::Comma | Kind::RParen);
            skip_item(lower);
        }
        if lower.pos == from {
            lower.skip_one();
        }
        lower.eat(Kind::Comma);
    }
    lower.eat(Kind::RParen);
    Some(res)
}

/// `CLUSTER [t USING i]`, `REINDEX INDEX i`, `VACUUM t`.
pub(super) fn maintenance(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kw("cluster") {
        options(lower);
        lower.eat_kw("verbose");
        if lower.at_end() {
            return None;
        }
        let table = lower.qname();
        let mut res = vec![relation(table.clone())];
        if lower.eat_kw("using") {
            res.push(Mention { what: Mentioned::IndexOf(table), name: lower.qname(), if_exists: false });
        }
        return Some(Ddl::Named(res));
    }
    if lower.eat_kw("reindex") {
        options(lower);
        let what = if lower.eat_kw("index") {
            Mentioned::Relation(Some(RelationKind::Index))
        } else if lower.eat_kw("table") {
            Mentioned::Relation(None)
        } else if lower.eat_kw("schema") {
            Mentioned::Schema
        } else {
            return None;
        };
        lower.eat_kw("concurrently");
        return Some(one(what, lower.qname(), false));
    }
    None
}

fn options(lower: &mut Lower<'_>) {
    if lower.at(Kind::LParen) {
        lower.skip_one();
    }
}

fn relation(name: QName) -> Mention {
    Mention { what: Mentioned::Relation(None), name, if_exists: false }
}

/// Behind `GRANT … ON` and `REVOKE … ON`, for all but tables.
pub(super) fn privileges(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_any_kw(&["function", "procedure", "routine"]) {
        let mut res = Vec::new();
        while let Some(first) = lower.label() {
            let name = lower.qname_rest(first);
            let args = arguments(lower);
            // GRANT takes a function for a procedure and the other way round.
            let what = Mentioned::Function { object: ObjectKind::Other, args };
            res.push(Mention { what, name, if_exists: false });
            if !lower.eat(Kind::Comma) {
                break;
            }
        }
        return Some(Ddl::Named(res));
    }
    let what = if lower.eat_kw("sequence") {
        Mentioned::Relation(Some(RelationKind::Sequence))
    } else if lower.eat_kw("schema")
        || lower.eat_kws(&["all", "tables", "in", "schema"])
        || lower.eat_kws(&["all", "sequences", "in", "schema"])
        || lower.eat_kws(&["all", "functions", "in", "schema"])
    {
        Mentioned::Schema
    } else if lower.eat_any_kw(&["type", "domain"]) {
        Mentioned::Type
    } else {
        return None;
    };
    let mut res = Vec::new();
    while lower.at_col_id() {
        let name = if what == Mentioned::Type { lower.type_name().name } else { lower.qname() };
        res.push(Mention { what: what.clone(), name, if_exists: false });
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    Some(Ddl::Named(res))
}

/// The kinds of objects of which only the names are kept.
fn class(lower: &mut Lower<'_>) -> Option<Mentioned> {
    const KINDS: [(&[&str], Mentioned); 7] = [
        (&["statistics"], Mentioned::Statistics),
        (&["collation"], Mentioned::Collation),
        (&["access", "method"], Mentioned::AccessMethod),
        (&["text", "search", "parser"], Mentioned::TextSearchParser),
        (&["text", "search", "template"], Mentioned::TextSearchTemplate),
        (&["text", "search", "dictionary"], Mentioned::TextSearchDictionary),
        (&["text", "search", "configuration"], Mentioned::TextSearchConfiguration),
    ];
    KINDS.iter().find(|(words, _)| lower.eat_kws(words)).map(|it| it.1.clone())
}

/// Behind COMMENT ON.
pub(super) fn comment(lower: &mut Lower<'_>) -> Option<Ddl> {
    if let Some(rule) = rule(lower) {
        return Some(rule);
    }
    let what = class(lower)?;
    Some(one(what, lower.qname(), false))
}

fn rule(lower: &mut Lower<'_>) -> Option<Ddl> {
    if !lower.eat_kw("rule") {
        return None;
    }
    let if_exists = if_exists(lower);
    let name = lower.col_id()?;
    lower.eat_kw("on");
    let table = lower.qname();
    let name = QName { parts: vec![name] };
    Some(one(Mentioned::Rule(table), name, if_exists))
}

/// Behind DROP.
pub(super) fn drop(lower: &mut Lower<'_>) -> Option<Ddl> {
    if let Some(rule) = rule(lower) {
        return Some(rule);
    }
    let what = class(lower)?;
    let if_exists = if_exists(lower);
    Some(one(what, lower.qname(), if_exists))
}

/// Behind ALTER.
pub(super) fn alter(lower: &mut Lower<'_>) -> Option<Ddl> {
    drop(lower)
}

/// Behind CREATE: what is made is not modelled, but names objects.
pub(super) fn create(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kw("rule") {
        let made = QName { parts: lower.col_id().into_iter().collect() };
        while !lower.at_end() && !lower.eat_kw("to") {
            lower.skip_one();
        }
        let made = Mention { what: Mentioned::New("RULE"), name: made, if_exists: false };
        return Some(Ddl::Named(vec![made, relation(lower.qname())]));
    }
    if lower.eat_kw("statistics") {
        super::if_not_exists(lower);
        let name = if lower.at_kw("on") || lower.at(Kind::LParen) { QName::default() } else { lower.qname() };
        while !lower.at_end() && !lower.eat_kw("from") {
            lower.skip_one();
        }
        let made = Mention { what: Mentioned::New("STATISTICS"), name, if_exists: false };
        return Some(Ddl::Named(vec![made, relation(lower.qname())]));
    }
    if lower.eat_kw("cast") {
        let mut res =
            vec![Mention { what: Mentioned::New("CAST"), name: QName::default(), if_exists: false }];
        if lower.eat(Kind::LParen) {
            res.push(ty(lower));
            lower.eat_kw("as");
            res.push(ty(lower));
            lower.eat(Kind::RParen);
        }
        if lower.eat_kws(&["with", "function"])
            && let Some(first) = lower.label()
        {
            let name = lower.qname_rest(first);
            let what = Mentioned::Function { object: ObjectKind::Function, args: arguments(lower) };
            res.push(Mention { what, name, if_exists: false });
        }
        return Some(Ddl::Named(res));
    }
    if lower.eat_kw("collation") {
        super::if_not_exists(lower);
        let made = Mention { what: Mentioned::New("COLLATION"), name: lower.qname(), if_exists: false };
        let mut res = vec![made];
        if lower.eat_kw("from") {
            res.push(Mention { what: Mentioned::Collation, name: lower.qname(), if_exists: false });
        }
        return Some(Ddl::Named(res));
    }
    for (words, kind) in [
        (["text", "search", "configuration"], "TEXT SEARCH CONFIGURATION"),
        (["text", "search", "dictionary"], "TEXT SEARCH DICTIONARY"),
    ] {
        if lower.eat_kws(&words) {
            return Some(text_search(lower, kind));
        }
    }
    if lower.eat_kw("publication") {
        lower.col_id();
        let mut res = Vec::new();
        if lower.eat_kws(&["for", "table"]) {
            while lower.at_col_id() {
                if lower.at_kws(&["tables", "in"]) {
                    break;
                }
                lower.eat_kw("only");
                res.push(relation(lower.qname()));
                while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::Semi) {
                    lower.skip_one();
                }
                if !lower.eat(Kind::Comma) {
                    break;
                }
            }
        } else if lower.eat_kws(&["for", "tables", "in", "schema"]) && !lower.at_kw("current_schema") {
            res.push(Mention { what: Mentioned::Schema, name: lower.qname(), if_exists: false });
        }
        return Some(Ddl::Named(res));
    }
    None
}

fn ty(lower: &mut Lower<'_>) -> Mention {
    Mention { what: Mentioned::Type, name: lower.type_name().name, if_exists: false }
}

/// Behind `TEXT SEARCH …`: the name, then `(option = name, …)`.
fn text_search(lower: &mut Lower<'_>, kind: &'static str) -> Ddl {
    let mut res = vec![Mention { what: Mentioned::New(kind), name: lower.qname(), if_exists: false }];
    items(lower, |it| {
        let what = if it.eat_kw("copy") {
            Mentioned::TextSearchConfiguration
        } else if it.eat_kw("parser") {
            Mentioned::TextSearchParser
        } else if it.eat_kw("template") {
            Mentioned::TextSearchTemplate
        } else {
            while !it.at_end() && !matches!(it.kind(), Kind::Comma | Kind::RParen) {
                it.skip_one();
            }
            return None::<()>;
        };
        it.eat_op("=");
        res.push(Mention { what, name: it.qname(), if_exists: false });
        None
    });
    Ddl::Named(res)
}
