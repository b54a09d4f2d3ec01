//! CREATE RULE.

use super::super::Lower;
use super::super::lex::Kind;
use crate::sql::hir::Ddl;
use crate::sql::hir::ddl::CreateRule;

/// Behind RULE.
pub(super) fn create(lower: &mut Lower<'_>, or_replace: bool) -> Option<Ddl> {
    let name = lower.col_id()?;
    lower.eat_kw("as");
    lower.eat_kw("on");
    let token = lower.bump();
    let event = lower.str(token).to_ascii_uppercase().into();
    lower.eat_kw("to");
    let table = lower.qname();
    let where_ = if lower.eat_kw("where") { Some(lower.expr()) } else { None };
    lower.eat_kw("do");
    let instead = lower.eat_kw("instead");
    if !instead {
        lower.eat_kw("also");
    }
    let mut res = CreateRule { name, or_replace, event, table, where_, instead, actions: Vec::new() };
    if lower.eat_kw("nothing") {
        return Some(Ddl::CreateRule(Box::new(res)));
    }
    let grouped = lower.at(Kind::LParen) && !lower.at_paren_query();
    if !grouped {
        res.actions.push(lower.statement());
        return Some(Ddl::CreateRule(Box::new(res)));
    }
    lower.bump();
    while !lower.at_end() && !lower.at(Kind::RParen) {
        if lower.eat(Kind::Semi) {
            continue;
        }
        let behind = lower.end;
        lower.end = action_end(lower);
        let action = lower.statement();
        res.actions.push(action);
        lower.pos = lower.end;
        lower.end = behind;
    }
    Some(Ddl::CreateRule(Box::new(res)))
}

/// Where the action under the cursor ends: at `;` or the bracket that closes the list.
fn action_end(lower: &mut Lower<'_>) -> usize {
    let from = lower.pos;
    while !lower.at_end() && !matches!(lower.kind(), Kind::Semi | Kind::RParen) {
        lower.skip_one();
    }
    let res = lower.pos;
    lower.pos = from;
    res
}
