//! Bodies in PL/pgSQL.

mod assign;
mod call;
mod compared;
mod copied;
mod cursors;
mod grammar;
mod made;
mod record;
mod rows;
mod target;

use std::sync::Arc;

use crate::base::text::{TextSize, slice};
use crate::catalog::{Catalog, QualifiedName, Type, TypeId, fold, lookup};
use crate::sema::{Analysis, Problem, Ty, Variable, code};
use crate::sql::hir::ddl::CreateFunction;
use crate::sql::hir::{ExprKind, Statement, TypeName};
use crate::sql::plpgsql::program::{self, DeclaredType, PieceKind, Program, program, sql_of};
use crate::sql::token::{TokenKind, significant};
use crate::sql::{Dialect, Ident, parse_statement};
use crate::ts::hir::LiteralMap;

pub use record::of_triggers;

use super::{Body, Env, Language, Piece, routine, soften, sql};

/// `LANGUAGE plpgsql`.
pub fn function(
    catalog: &Catalog,
    statement: &Statement,
    create: &CreateFunction,
    body: &str,
    map: LiteralMap,
) -> Body {
    let made = Made::Function(statement, create);
    read(catalog, outer(catalog, statement, create), body, map, &made)
}

/// What the declaration of a function lets its body name.
pub fn outer(catalog: &Catalog, statement: &Statement, create: &CreateFunction) -> Env {
    let owner = create.name.last().map(|it| it.ident.clone());
    let mut outer = Vec::new();
    let mut params = Vec::new();
    for param in &create.params {
        let ty = routine::type_of(catalog, statement, &param.ty).map(|it| Type::plain(it.id));
        // What a call decides, and rows of any shape.
        let ty = ty.filter(|it| !routine::is_polymorphic(it.id) && it.id != TypeId::RECORD);
        params.push(ty);
        if let Some(name) = &param.name {
            let (name, ty) = (name.ident.clone(), ty.map_or(Ty::Unknown, Ty::Known));
            outer.push(Variable { fields: None, name, ty, owner: owner.clone(), conflicts: true });
        }
    }
    let returns =
        create.returns.as_ref().and_then(|it| it.name.last()).map(|it| it.ident.as_str().to_owned());
    let trigger: &[(&str, TypeId)] = match returns.as_deref() {
        Some("trigger") => &TRIGGER,
        Some("event_trigger") => &[("tg_event", TypeId::TEXT), ("tg_tag", TypeId::TEXT)],
        _ => &[],
    };
    let rows = if trigger.is_empty() { None } else { record::of_triggers(catalog, create) };
    for (name, id) in trigger {
        let ty = if id.is_none() { Ty::Unknown } else { Ty::Known(Type::plain(*id)) };
        let fields = if id.is_none() { rows.clone() } else { None };
        let (name, owner) = (Ident::new(*name), owner.clone());
        outer.push(Variable { fields, name, ty, owner, conflicts: !id.is_none() });
    }
    Env { params, variables: outer, search_path: routine::search_path(create) }
}

/// What a trigger function may name; the rows' types are those of the table that it is called for.
const TRIGGER: [(&str, TypeId); 12] = [
    ("new", TypeId::NONE),
    ("old", TypeId::NONE),
    ("tg_name", TypeId::NAME),
    ("tg_when", TypeId::TEXT),
    ("tg_level", TypeId::TEXT),
    ("tg_op", TypeId::TEXT),
    ("tg_relid", TypeId::OID),
    ("tg_relname", TypeId::NAME),
    ("tg_table_name", TypeId::NAME),
    ("tg_table_schema", TypeId::NAME),
    ("tg_nargs", TypeId::INT4),
    // text[]
    ("tg_argv", TypeId(1009)),
];

/// `DO`.
pub fn block(catalog: &Catalog, body: &str, map: LiteralMap) -> Body {
    read(catalog, Env::default(), body, map, &Made::Block)
}

/// What a body belongs to.
enum Made<'a> {
    Function(&'a Statement, &'a CreateFunction),
    /// DO.
    Block,
}

fn read(catalog: &Catalog, outer: Env, body: &str, map: LiteralMap, made: &Made<'_>) -> Body {
    let at_once = matches!(made, Made::Block);
    let program = program(body);
    let seen = outer.catalog(catalog);
    let mut envs = environments(&seen, &outer, &program, body);
    record::learn(&seen, &program, body, &mut envs);
    // The names of what is made on the way, and what is done only if something is there.
    let lower = body.to_ascii_lowercase();
    let asks = ["information_schema", "pg_", "to_reg"].iter().any(|it| lower.contains(it));
    let moves = lower.contains("search_path");
    let knows = program.makes && !program.dynamic && program.whole && !asks && !moves;
    let states = if knows { made::states(&seen, &program, body, &envs) } else { None };
    let unsure = program.makes && states.is_none() || asks || !program.whole;
    // All that a DO block does: nothing on the way changes what it finds.
    let lone = at_once && program.pieces.len() == 1;
    // What it surely does first: the conditions around it are known.
    let first = if at_once && asks { fold::first_statement(&seen, body) } else { None };
    let refused = grammar::refused(&seen, &program, &envs, body, made);
    // What stands before the first refusal was read as PL/pgSQL reads it.
    let sound = |end: TextSize| program.whole || refused.as_ref().is_some_and(|it| end <= it.range.start());
    let mut pieces = Vec::new();
    for (idx, found) in program.pieces.iter().enumerate() {
        let Some((text, wrapper)) = sql_of(body, found) else { continue };
        let Some(env) = envs.get(found.scope) else { continue };
        let seen = states.as_ref().and_then(|it| it.get(idx)).unwrap_or(&seen);
        let parsed = parse_statement(&text, Dialect::Postgres);
        let mut analysis = Analysis::default();
        let defines = found.kind == PieceKind::Definition;
        // What makes nothing finds what a query finds.
        let surely = first.is_some_and(|it| it.start() == found.range.start());
        let empties = !program.makes && made::is_truncate(&parsed);
        let judged = !defines || states.is_some() || empties || lone && !found.conditional || surely;
        if parsed.error.is_none() && judged {
            analysis = sql::check(env, seen, &parsed.hir, &text);
            rows::check(seen, made, &program, found, &parsed.hir, &mut analysis);
            target::check(seen, env, &program, body, found, &mut analysis);
            assign::check(seen, env, body, found, &parsed.hir, &mut analysis);
            call::check(seen, env, &parsed.hir, &mut analysis);
            compared::check(seen, env, &program, body, found, &mut analysis);
            if found.kind != PieceKind::Type && found.guarded {
                grammar::handled(&program, found, &mut analysis.problems);
            }
            if !program.whole || is_idle(&program, body, found) {
                analysis.problems.clear();
            }
            analysis.problems.retain(|it| lone && defines || !unsure || !is_missing(it));
            if program.resolves_conflicts {
                analysis.problems.retain(|it| it.code != code::AMBIGUOUS_COLUMN);
            }
            // What is declared is looked up when the function is made.
            if found.kind != PieceKind::Type && (!at_once || found.conditional && !surely) {
                analysis.problems.iter_mut().for_each(soften);
            }
        }
        // A syntax error may be ours: what PL/pgSQL makes of its text is not all known.
        let target = found.kind == PieceKind::Target;
        let error = parsed.error.filter(|_| !found.cut && !target && sound(found.range.end()));
        pieces.push(Piece {
            text: text.into(),
            wrapper,
            range: found.range,
            parsed: Arc::new(crate::sql::ParsedStatement { error, ..parsed }),
            analysis: Arc::new(analysis),
            env: Arc::clone(env),
        });
    }
    let earlier = refused.as_ref().is_some_and(|it| {
        pieces.iter().any(|piece| piece.parsed.error.is_some() && piece.range.end() <= it.range.start())
    });
    if let Some(problem) = refused.filter(|_| !earlier)
        && let Some(env) = envs.first()
    {
        pieces.push(grammar::piece(problem, body, env));
    }
    let len = TextSize::of(body);
    Body { language: Language::Plpgsql, at_once, map, len, pieces }
}

/// The query of a cursor that nothing opens.
fn is_idle(program: &Program, body: &str, piece: &program::Piece) -> bool {
    let Some((name, _)) = program.cursors.iter().find(|it| it.1 == piece.range) else { return false };
    let named = |at| Ident::from_source(slice(body, at));
    let name = named(*name);
    let tokens = significant(body);
    let words = tokens.iter().filter(|it| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent { .. }));
    words.filter(|it| named(it.range) == name).count() == 1
}

/// It blames a name.
fn is_missing(problem: &Problem) -> bool {
    let codes = [
        code::UNDEFINED_COLUMN,
        code::UNDEFINED_FUNCTION,
        code::UNDEFINED_OBJECT,
        code::UNDEFINED_SCHEMA,
        code::UNDEFINED_TABLE,
        code::DATATYPE_MISMATCH,
        code::WRONG_COLUMN_COUNT,
        code::INVALID_COLUMN_REFERENCE,
        code::MISSING_REQUIRED_COLUMN,
    ];
    codes.iter().any(|it| it.name == problem.code.name)
}

/// What each scope sees, innermost first.
pub fn environments(catalog: &Catalog, outer: &Env, program: &Program, body: &str) -> Vec<Arc<Env>> {
    let mut res: Vec<Arc<Env>> = Vec::with_capacity(program.scopes.len());
    for scope in &program.scopes {
        let above: Vec<Variable> = match scope.parent.and_then(|it| res.get(it)) {
            Some(parent) => parent.variables.clone(),
            None => {
                let mut all = outer.variables.clone();
                all.push(implicit("found", Type::plain(TypeId::BOOL), true));
                all
            }
        };
        let mut own: Vec<Variable> = Vec::new();
        for declared in &scope.variables {
            let visible = Env { variables: [&own[..], &above[..]].concat(), ..outer.clone() };
            let ty = match declared.ty {
                DeclaredType::Written(at) => written(catalog, &visible, slice(body, at)),
                DeclaredType::Alias(at) => alias(&visible, slice(body, at)),
                DeclaredType::Integer => Ty::Known(Type::plain(TypeId::INT4)),
                DeclaredType::Cursor => Ty::Known(Type::plain(TypeId::REFCURSOR)),
                DeclaredType::Unknown => Ty::Unknown,
            };
            let (name, owner) = (declared.name.clone(), scope.label.clone());
            let conflicts = declared.ty != DeclaredType::Unknown;
            own.insert(0, Variable { fields: None, name, ty, owner, conflicts });
        }
        if scope.handles {
            own.push(implicit("sqlstate", Type::plain(TypeId::TEXT), false));
            own.push(implicit("sqlerrm", Type::plain(TypeId::TEXT), false));
        }
        own.extend(above);
        let env =
            Env { variables: own, params: outer.params.clone(), search_path: outer.search_path.clone() };
        res.push(Arc::new(env));
    }
    res
}

fn implicit(name: &str, ty: Type, conflicts: bool) -> Variable {
    Variable { fields: None, name: Ident::new(name), ty: Ty::Known(ty), owner: None, conflicts }
}

/// `ALIAS FOR $1`, `ALIAS FOR name`.
fn alias(env: &Env, text: &str) -> Ty {
    if let Some(number) = text.strip_prefix('$').and_then(|it| it.parse::<usize>().ok()) {
        let param = number.checked_sub(1).and_then(|it| env.params.get(it)).copied().flatten();
        return param.map_or(Ty::Unknown, Ty::Known);
    }
    variable(env, text).unwrap_or(Ty::Unknown)
}

fn variable(env: &Env, text: &str) -> Option<Ty> {
    let name = Ident::from_source(text.trim());
    env.variables.iter().find(|it| it.name == name).map(|it| it.ty)
}

/// A declaration's type.
fn written(catalog: &Catalog, env: &Env, text: &str) -> Ty {
    let text = text.trim();
    if text.eq_ignore_ascii_case("record") {
        return Ty::Unknown;
    }
    let folded = text.to_ascii_lowercase();
    if let Some((name, rest)) =
        folded.rfind('%').and_then(|at| Some((text.get(..at)?, folded.get(at + 1..)?)))
    {
        let name = name.trim();
        let first = name.split('.').next().unwrap_or(name);
        if let Some(ty) = variable(env, first) {
            let same = first == name && rest.trim() == "type";
            return if same { ty } else { Ty::Unknown };
        }
        return match rest.trim() {
            "rowtype" => row_type(catalog, name),
            "type" => type_named(catalog, &format!("{name}%type")),
            _ => Ty::Unknown,
        };
    }
    type_named(catalog, text)
}

fn type_named(catalog: &Catalog, text: &str) -> Ty {
    let Some((ty, exprs)) = type_tree(text) else { return Ty::Unknown };
    lookup::type_of(catalog, &ty, &exprs)
        .filter(|it| !routine::is_polymorphic(it.id))
        .map_or(Ty::Unknown, Ty::Known)
}

fn type_tree(text: &str) -> Option<(TypeName, Vec<crate::sql::hir::Expr>)> {
    if text.contains("--") || text.contains("/*") {
        return None;
    }
    let parsed = parse_statement(&format!("SELECT NULL::{text}"), Dialect::Postgres);
    if parsed.error.is_some() && !text.ends_with("%type") {
        return None;
    }
    let ty = parsed.hir.exprs.iter().find_map(|it| match &it.kind {
        ExprKind::Cast { ty, .. } => Some(ty.clone()),
        _ => None,
    })?;
    Some((ty, parsed.hir.exprs))
}

/// `table%ROWTYPE`.
fn row_type(catalog: &Catalog, name: &str) -> Ty {
    let Some((ty, _)) = type_tree(name) else { return Ty::Unknown };
    let Some(last) = ty.name.last() else { return Ty::Unknown };
    let schema = ty.name.schema().map(|it| &it.ident);
    let lookup::Lookup::Found(relation) = lookup::relation(catalog, schema, &last.ident) else {
        return Ty::Unknown;
    };
    let name = QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() };
    catalog.types.id(&name).map_or(Ty::Unknown, |it| Ty::Known(Type::plain(it)))
}
