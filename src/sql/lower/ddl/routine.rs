//! Functions, procedures and DO.

use super::super::Lower;
use super::super::lex::Kind;
use super::{items, string_value};
use crate::sql::hir::ddl::{
    CreateAggregate, CreateFunction, FunctionClause, FunctionParam, InlineBody, ParamMode, Setting,
};
use crate::sql::hir::{Ddl, Name, Query, QueryBody, Select, StatementKind, Target};

/// Behind FUNCTION or PROCEDURE.
pub(super) fn create(lower: &mut Lower<'_>, procedure: bool, or_replace: bool) -> Ddl {
    lower.suspect = true;
    let name = function_name(lower);
    let mut res = CreateFunction {
        name,
        or_replace,
        procedure,
        params: items(lower, param),
        returns: None,
        returns_table: false,
        language: None,
        body: None,
        strict: false,
        window: false,
        volatility: None,
        inline: None,
        search_path: None,
        clauses: Vec::new(),
    };
    if lower.eat_kw("returns") {
        if lower.at_kw("table") && lower.nth(1).kind == Kind::LParen {
            lower.bump();
            res.returns_table = true;
            let columns = items(lower, |it| {
                let name = Some(it.label()?);
                Some(FunctionParam { mode: ParamMode::Table, name, ty: it.type_name(), default: None })
            });
            res.params.extend(columns);
        } else if !lower.at_kws(&["null", "on"]) {
            res.returns = Some(lower.type_name());
        }
    }
    options(lower, &mut res);
    Ddl::CreateFunction(res)
}

/// Behind AGGREGATE.
pub(super) fn aggregate(lower: &mut Lower<'_>, or_replace: bool) -> Ddl {
    let name = function_name(lower);
    // `(BASETYPE = type, …)`: one list for all.
    let old = lower.at(Kind::LParen)
        && lower.nth(1).kind == Kind::Word
        && lower.nth(2).kind == Kind::Op
        && lower.str(lower.nth(2)) == "=";
    let mut res = CreateAggregate {
        name,
        or_replace,
        params: Vec::new(),
        direct: None,
        old,
        settings: Vec::new(),
        step: None,
        state: None,
        finish: None,
    };
    if !old {
        aggregated(lower, &mut res);
    }
    items(lower, |it| aggregate_option(it, &mut res));
    Ddl::CreateAggregate(res)
}

/// `(a, b ORDER BY c)`, `(*)`.
fn aggregated(lower: &mut Lower<'_>, res: &mut CreateAggregate) {
    if !lower.eat(Kind::LParen) {
        return;
    }
    while !lower.at_end() && !lower.at(Kind::RParen) {
        if lower.eat_kws(&["order", "by"]) {
            res.direct = u32::try_from(res.params.len()).ok();
        }
        let from = lower.pos;
        if !lower.eat_op("*") {
            let at = lower.token_range(lower.peek());
            let param = param(lower);
            if param.as_ref().is_some_and(|it| matches!(it.mode, ParamMode::Out | ParamMode::InOut)) {
                lower.refuse_feature(at, "aggregates cannot have output arguments");
            }
            // One VARIADIC stands on both sides.
            let both =
                res.direct.is_some() && res.params.last().is_some_and(|it| it.mode == ParamMode::Variadic);
            res.params.extend(param.filter(|_| !both));
        }
        if lower.pos == from {
            lower.skip_one();
        }
        lower.eat(Kind::Comma);
    }
    lower.eat(Kind::RParen);
}

fn aggregate_option(lower: &mut Lower<'_>, res: &mut CreateAggregate) -> Option<()> {
    let first = lower.label()?;
    let word = first.ident.as_str().to_ascii_lowercase();
    let mut setting = Setting {
        value_range: first.range,
        name: crate::sql::hir::QName { parts: vec![first] },
        value: None,
    };
    if lower.eat_op("=") {
        let start = lower.start();
        let quoted = lower.at(Kind::Str);
        match word.as_str() {
            "stype" | "stype1" => res.state = Some(lower.type_name()),
            "sfunc" | "sfunc1" => res.step = Some(lower.qname()),
            "finalfunc" => res.finish = Some(lower.qname()),
            "basetype" if lower.at_kw("any") || !matches!(lower.kind(), Kind::Word | Kind::Quoted) => {}
            "basetype" => {
                let ty = lower.type_name();
                res.params.push(FunctionParam { mode: ParamMode::In, name: None, ty, default: None });
            }
            _ => {}
        }
        if quoted {
            setting.value = string_value(lower).map(|it| it.0);
        }
        while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::RParen) {
            lower.skip_one();
        }
        setting.value_range = lower.span(start);
        if !quoted {
            let written = crate::base::text::slice(lower.text, setting.value_range);
            setting.value = Some(written.trim().into());
        }
    }
    res.settings.push(setting);
    None
}

/// A function's name may be a word that is no column's.
fn function_name(lower: &mut Lower<'_>) -> crate::sql::hir::QName {
    match lower.label() {
        Some(first) => lower.qname_rest(first),
        None => lower.qname(),
    }
}

fn options(lower: &mut Lower<'_>, res: &mut CreateFunction) {
    while !lower.at_end() && !lower.at(Kind::Semi) {
        clause(lower, &mut res.clauses);
        if lower.eat_kw("language") {
            res.language = word_or_string(lower);
        } else if lower.at_any_kw(&["cost", "rows", "parallel"]) {
            lower.bump();
            lower.eat_op("-");
            lower.skip_one();
        } else if lower.at_kw("as") && lower.nth(1).kind == Kind::Str {
            lower.bump();
            res.body = string_value(lower);
            if lower.at(Kind::Comma) {
                // `AS 'library', 'symbol'`.
                res.body = None;
                lower.bump();
                lower.bump();
            }
        } else if lower.eat_kw("strict") || lower.eat_kws(&["returns", "null", "on", "null", "input"]) {
            res.strict = true;
        } else if lower.eat_kw("window") {
            res.window = true;
        } else if lower.at_any_kw(&["immutable", "stable", "volatile"]) {
            let token = lower.bump();
            res.volatility = Some(lower.str(token).to_ascii_uppercase().into());
        } else if lower.at_kw("return") || lower.at_kws(&["begin", "atomic"]) {
            res.inline = Some(inline(lower));
            break;
        } else if lower.at_kws(&["set", "search_path"]) || lower.at_kws(&["set", "schema"]) {
            lower.bump();
            if let Some(Ddl::SetSearchPath { schemas, .. }) = super::search_path(lower) {
                res.search_path = Some(schemas);
            }
        } else if !lower.eat_kws(&["not", "leakproof"]) && !lower.eat_kws(&["external", "security"]) {
            lower.skip_one();
        }
    }
}

/// What ALTER FUNCTION says, but for SET.
pub(super) fn clauses(lower: &mut Lower<'_>) -> Vec<FunctionClause> {
    let mut res = Vec::new();
    while !lower.at_end() && !lower.at(Kind::Semi) && !lower.at_any_kw(&["owner", "depends", "no"]) {
        let n_before = res.len();
        clause(lower, &mut res);
        let valued = lower.at_any_kw(&["cost", "rows", "parallel", "support", "set", "reset"]);
        lower.eat_any_kw(&["not", "called", "external"]);
        if res.len() > n_before && lower.at_kw("returns") {
            lower.bump();
            lower.eat_kws(&["null", "on", "null"]);
        }
        lower.skip_one();
        if valued && !lower.at_end() {
            lower.eat_op("-");
            lower.skip_one();
            while lower.at(Kind::Dot) {
                lower.bump();
                lower.skip_one();
            }
        }
    }
    res
}

/// Notes the clause under the cursor.
fn clause(lower: &Lower<'_>, acc: &mut Vec<FunctionClause>) {
    const WORDS: [(&[&str], &str); 18] = [
        (&["language"], "language"),
        (&["immutable"], "volatility"),
        (&["stable"], "volatility"),
        (&["volatile"], "volatility"),
        (&["strict"], "strict"),
        (&["returns", "null", "on"], "strict"),
        (&["called", "on"], "strict"),
        (&["security"], "security"),
        (&["external", "security"], "security"),
        (&["leakproof"], "leakproof"),
        (&["not", "leakproof"], "leakproof"),
        (&["cost"], "cost"),
        (&["rows"], "rows"),
        (&["parallel"], "parallel"),
        (&["window"], "window"),
        (&["support"], "support"),
        (&["transform"], "transform"),
        (&["as"], "as"),
    ];
    let Some((_, name)) = WORDS.iter().find(|it| lower.at_kws(it.0)) else { return };
    let range = lower.token_range(lower.peek());
    if *name == "as" && lower.nth(2).kind == Kind::Comma {
        acc.push(FunctionClause { range, name: "link", value: Default::default() });
    }
    let negative = lower.nth(1).kind == Kind::Op && lower.str(lower.nth(1)) == "-";
    let mut value = match negative {
        true => format!("-{}", lower.str(lower.nth(2))),
        false => lower.str(lower.nth(1)).to_owned(),
    };
    // `SUPPORT schema.f`.
    if *name == "support" && lower.nth(2).kind == Kind::Dot {
        value.push('.');
        value.push_str(lower.str(lower.nth(3)));
    }
    let value = value.into();
    acc.push(FunctionClause { range, name, value });
}

/// A body that is written in SQL itself.
fn inline(lower: &mut Lower<'_>) -> InlineBody {
    let start = lower.start();
    let mut statements = Vec::new();
    if lower.at_kw("return") {
        statements.push(select_of(lower));
    } else {
        lower.bump();
        lower.bump();
        while !lower.at_end() && !lower.eat_kw("end") {
            if lower.eat(Kind::Semi) {
                continue;
            }
            let behind = lower.end;
            lower.end = lower.next_semicolon();
            let statement = if lower.at_kw("return") { select_of(lower) } else { lower.statement() };
            if lower.pos < lower.end {
                lower.clean = false;
            }
            statements.push(statement);
            lower.pos = lower.end;
            lower.end = behind;
        }
    }
    InlineBody { range: lower.span(start), statements }
}

/// `RETURN x` and `CALL x` as `SELECT x`.
pub(super) fn select_of(lower: &mut Lower<'_>) -> StatementKind {
    let start = lower.start();
    lower.bump();
    let expr = lower.expr();
    let range = lower.span(start);
    let select = Select::of(range, vec![Target { range: lower.range_of_expr(expr), expr, alias: None }]);
    StatementKind::Query(Box::new(Query::of(range, QueryBody::Select(Box::new(select)))))
}

fn word_or_string(lower: &mut Lower<'_>) -> Option<Name> {
    if lower.at(Kind::Str) {
        let (value, range) = string_value(lower)?;
        return Some(Name { ident: crate::sql::Ident::new(value.to_ascii_lowercase()), range });
    }
    lower.label()
}

/// `[mode] [name] type [DEFAULT expr]`, the mode before or behind the name.
pub(super) fn param(lower: &mut Lower<'_>) -> Option<FunctionParam> {
    let mut mode = mode(lower);
    let name = if at_param_name(lower) { lower.label() } else { None };
    if mode.is_none() {
        mode = self::mode(lower);
    }
    let ty = lower.type_name();
    let default = if lower.eat_kw("default") || lower.eat_op("=") || lower.eat(Kind::ColonEquals) {
        Some(lower.expr())
    } else {
        None
    };
    Some(FunctionParam { mode: mode.unwrap_or(ParamMode::In), name, ty, default })
}

fn mode(lower: &mut Lower<'_>) -> Option<ParamMode> {
    // `in`, `out`, `inout`, `variadic` are reserved or column words: never types.
    let word = matches!(lower.nth(1).kind, Kind::Word | Kind::Quoted);
    if !word {
        return None;
    }
    if lower.eat_kws(&["in", "out"]) || lower.eat_kw("inout") {
        Some(ParamMode::InOut)
    } else if lower.eat_kw("in") {
        Some(ParamMode::In)
    } else if lower.eat_kw("out") {
        Some(ParamMode::Out)
    } else if lower.eat_kw("variadic") {
        Some(ParamMode::Variadic)
    } else {
        None
    }
}

/// Whether the word under the cursor is a parameter's name, with its type behind it.
fn at_param_name(lower: &Lower<'_>) -> bool {
    let next = lower.nth(1);
    if !matches!(lower.kind(), Kind::Word | Kind::Quoted) || !matches!(next.kind, Kind::Word | Kind::Quoted) {
        return false;
    }
    if lower.nth_kw(1, "order") {
        // `(float8 ORDER BY text)`: of an aggregate.
        return false;
    }
    if lower.at(Kind::Quoted) {
        return !lower.nth_kw(1, "default") && !lower.nth_kw(1, "array");
    }
    let two_words = [
        ("double", &["precision"] as &[&str]),
        ("character", &["varying"]),
        ("char", &["varying"]),
        ("nchar", &["varying"]),
        ("bit", &["varying"]),
        ("national", &["character", "char"]),
        ("timestamp", &["with", "without"]),
        ("time", &["with", "without"]),
        ("interval", &["year", "month", "day", "hour", "minute", "second"]),
    ];
    let is_type =
        two_words.iter().any(|(word, rest)| lower.at_kw(word) && rest.iter().any(|it| lower.nth_kw(1, it)));
    !is_type && !lower.at_kw("setof") && !lower.nth_kw(1, "default") && !lower.nth_kw(1, "array")
}

/// Behind DO.
pub(super) fn do_block(lower: &mut Lower<'_>) -> Option<Ddl> {
    let mut language = None;
    let mut body = None;
    while !lower.at_end() && !lower.at(Kind::Semi) {
        if lower.eat_kw("language") {
            language = word_or_string(lower);
        } else if lower.at(Kind::Str) {
            body = string_value(lower);
        } else {
            lower.skip_one();
        }
    }
    let (body, body_range) = body?;
    Some(Ddl::Do { language, body, body_range })
}
