//! Names of objects as values: `regclass` and its kin (regproc.c).

use super::{Checked, invalid_name, invalid_text, refuse, trim};
use crate::catalog::lookup::{self, Lookup, TypeNameError};
use crate::catalog::{Catalog, Function, FunctionKind, TypeId, pg};
use crate::sema::code;
use crate::sql::hir::{ExprKind, Literal, QueryBody, Statement, StatementKind, TypeName};
use crate::sql::{Dialect, Ident, parse_statement};

pub const REGCLASS: TypeId = TypeId(2205);
pub const REGTYPE: TypeId = TypeId(2206);
pub const REGPROC: TypeId = TypeId(24);
pub const REGPROCEDURE: TypeId = TypeId(2202);
pub const REGOPER: TypeId = TypeId(2203);
pub const REGNAMESPACE: TypeId = TypeId(4089);
pub const REGROLE: TypeId = TypeId(4096);
pub const REGCONFIG: TypeId = TypeId(3734);
pub const REGOPERATOR: TypeId = TypeId(2204);
pub const REGCOLLATION: TypeId = TypeId(4191);

/// `regclass` and its kin, by number or name.
pub fn is_name_of_object(id: TypeId) -> bool {
    matches!(
        id,
        REGCLASS
            | REGTYPE
            | REGPROC
            | REGPROCEDURE
            | REGOPER
            | REGOPERATOR
            | REGNAMESPACE
            | REGROLE
            | REGCONFIG
            | REGCOLLATION
    )
}

enum Name {
    Parts(Vec<Ident>),
    Malformed,
    /// `-`, a number: not looked up.
    Number,
}

/// `stringToQualifiedNameList`.
fn name(text: &str) -> Name {
    let body = trim(text);
    if body == "-" || (!body.is_empty() && body.bytes().all(|it| it.is_ascii_digit())) {
        return Name::Number;
    }
    let mut parts = Vec::new();
    let mut rest = body;
    loop {
        rest = rest.trim_start();
        let end = if let Some(quoted) = rest.strip_prefix('"') {
            let mut at = 0;
            loop {
                let Some(next) = quoted.get(at..).and_then(|it| it.find('"')) else { return Name::Malformed };
                at += next + 1;
                if !quoted.get(at..).is_some_and(|it| it.starts_with('"')) {
                    break;
                }
                at += 1;
            }
            at + 1
        } else {
            rest.find(|c: char| c == '.' || c.is_whitespace()).unwrap_or(rest.len())
        };
        let (part, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if part.is_empty() {
            return Name::Malformed;
        }
        parts.push(Ident::from_source(part));
        let behind = behind.trim_start();
        match behind.strip_prefix('.') {
            Some(it) => rest = it,
            None if behind.is_empty() => return Name::Parts(parts),
            None => return Name::Malformed,
        }
    }
}

/// `regclassin`. Indexes are relations too.
pub fn relation(catalog: &Catalog, text: &str) -> Checked {
    let parts = match name(text) {
        Name::Parts(it) => it,
        Name::Malformed => return invalid_name(),
        Name::Number => return Ok(()),
    };
    let (schema, name) = match parts.as_slice() {
        [name] => (None, name),
        [schema, name] => (Some(schema), name),
        _ => return improper(&parts, "relation"),
    };
    if schema.is_some_and(|it| it.as_str().starts_with("pg_t"))
        || may_be_made(name.as_str()) && !makes_all(catalog, name)
    {
        return Ok(());
    }
    let gaps = &catalog.gaps;
    let certain = !gaps.partial && gaps.loose.is_none();
    if !certain || !matches!(lookup::relation(catalog, schema, name), Lookup::Missing) {
        return Ok(());
    }
    let indexes = catalog.relations.values().any(|it| {
        let keys = it.primary_key.iter().chain(&it.uniques).map(|it| &it.name);
        keys.chain(it.indexes.iter().map(|it| &it.name)).flatten().any(|it| it == name)
    });
    // So are composite types.
    if indexes || lookup::named_type(catalog, schema, name).is_some() {
        return Ok(());
    }
    let written: Vec<&str> = parts.iter().map(Ident::as_str).collect();
    refuse(code::UNDEFINED_TABLE, format!("relation \"{}\" does not exist", written.join(".")))
}

/// More than three parts; with three, the first may be the database's name.
fn improper(parts: &[Ident], what: &str) -> Checked {
    if parts.len() < 4 {
        return Ok(());
    }
    let shown: Vec<&str> = parts.iter().map(Ident::as_str).collect();
    let message = format!("improper {what} name (too many dotted names): {}", shown.join("."));
    refuse(code::SYNTAX_ERROR, message)
}

/// What names of functions and types are judged by: everything that may exist is known.
fn is_complete(catalog: &Catalog) -> bool {
    let gaps = &catalog.gaps;
    let extensions = catalog.extensions.values().all(|it| it.known);
    !gaps.partial && !gaps.functions && !gaps.types && !gaps.relations && gaps.loose.is_none() && extensions
}

enum Read {
    Type(TypeId),
    Refused(Checked),
    Unknown,
}

/// `parseTypeString`.
fn read_type(catalog: &Catalog, text: &str) -> Read {
    // Comments may stand anywhere.
    if text.contains("--") || text.contains("/*") {
        return Read::Unknown;
    }
    let sql = format!("select null::{text}");
    let parsed = parse_statement(&sql, Dialect::Postgres);
    if let Some(error) = &parsed.error {
        return match error.certain && error.since.is_none() {
            true => Read::Refused(refuse(code::of_grammar(error.sqlstate), error.message.clone())),
            false => Read::Unknown,
        };
    }
    let Some(ty) = only_cast(&parsed.hir, sql.trim_end().len()) else {
        return Read::Refused(refuse(code::SYNTAX_ERROR, format!("syntax error in type name \"{text}\"")));
    };
    if ty.of_column {
        return Read::Refused(refuse(code::SYNTAX_ERROR, String::from("syntax error at or near \"%\"")));
    }
    if ty.setof {
        return Read::Refused(refuse(code::SYNTAX_ERROR, format!("invalid type name \"{text}\"")));
    }
    let parts: Vec<Ident> = ty.name.parts.iter().map(|it| it.ident.clone()).collect();
    if parts.len() > 3 {
        return Read::Refused(improper(&parts, "qualified"));
    }
    let temporary = ty.name.schema().is_some_and(|it| it.ident.as_str().starts_with("pg_t"));
    if parts.len() > 2 || temporary {
        return Read::Unknown;
    }
    match lookup::type_name(catalog, ty, &parsed.hir.exprs) {
        Ok(ty) => Read::Type(ty.id),
        Err(TypeNameError::Missing(it)) if is_complete(catalog) => match it.sqlstate {
            "3F000" => Read::Refused(refuse(code::UNDEFINED_SCHEMA, it.message)),
            "42704" => Read::Refused(refuse(code::UNDEFINED_OBJECT, it.message)),
            _ => Read::Unknown,
        },
        Err(TypeNameError::BadModifier(it)) => match it.sqlstate {
            "22023" => Read::Refused(refuse(code::INVALID_PARAMETER_VALUE, it.message)),
            "42601" => Read::Refused(refuse(code::SYNTAX_ERROR, it.message)),
            _ => Read::Unknown,
        },
        Err(_) => Read::Unknown,
    }
}

/// The type of a statement that is `select null::type` and nothing else, up to `end`.
fn only_cast(statement: &Statement, end: usize) -> Option<&TypeName> {
    let StatementKind::Query(query) = &statement.kind else { return None };
    let QueryBody::Select(select) = &query.body else { return None };
    let [target] = select.targets.as_slice() else { return None };
    let node = statement.expr(target.expr);
    let ExprKind::Cast { expr, ty, .. } = &node.kind else { return None };
    let whole = usize::from(node.range.end()) == end && usize::from(query.range.end()) <= end;
    let plain = matches!(statement.expr(*expr).kind, ExprKind::Literal(Literal::Null));
    (whole && plain && target.alias.is_none()).then_some(ty)
}

/// `regtypein`.
pub fn type_(catalog: &Catalog, text: &str) -> Checked {
    let body = trim(text);
    if body.is_empty() {
        return refuse(code::SYNTAX_ERROR, format!("invalid type name \"{text}\""));
    }
    if matches!(name(text), Name::Number) {
        return Ok(());
    }
    match read_type(catalog, text) {
        Read::Refused(it) => it,
        Read::Type(_) | Read::Unknown => Ok(()),
    }
}

/// The functions of a name, and whether there may be others.
fn candidates<'a>(catalog: &'a Catalog, schema: Option<&Ident>, name: &Ident) -> (Vec<&'a Function>, bool) {
    let found = lookup::functions(catalog, schema, name).to_vec();
    let brought =
        pg::ext::with_function(name.as_str()).any(|it| lookup::may_be_installed(catalog, schema, it));
    let lost = pg::since::has_lost_function(catalog, name.as_str()) || catalog.server_version.is_some();
    let open = !is_complete(catalog)
        || brought
        || lost
        || catalog.gaps.named.contains(name)
        // Those of the information schema and of toast tables are not asked for.
        || schema.is_some_and(|it| {
            let hosted = lookup::is_hosted(it) || it.as_str() == "information_schema";
            it.as_str().starts_with("pg_t") || (hosted && !lookup::schema_exists(catalog, it))
        });
    (found, open)
}

/// The last two parts of a name; `None`: more are written.
fn split(parts: &[Ident]) -> Option<(Option<&Ident>, &Ident)> {
    match parts {
        [name] => Some((None, name)),
        [schema, name] => Some((Some(schema), name)),
        _ => None,
    }
}

/// `regprocin`.
pub fn function(catalog: &Catalog, text: &str) -> Checked {
    let parts = match name(text) {
        Name::Parts(it) => it,
        Name::Malformed => return invalid_name(),
        Name::Number => return Ok(()),
    };
    let Some((schema, last)) = split(&parts) else { return improper(&parts, "qualified") };
    let (found, open) = candidates(catalog, schema, last);
    if found.is_empty() && !open {
        return refuse(code::UNDEFINED_FUNCTION, format!("function \"{text}\" does not exist"));
    }
    // Those of one schema do not hide each other.
    let several =
        found.first().is_some_and(|it| found.iter().filter(|other| other.schema == it.schema).count() > 1);
    if several && is_complete(catalog) && catalog.server_version.is_none() {
        return refuse(code::AMBIGUOUS_FUNCTION, format!("more than one function named \"{text}\""));
    }
    Ok(())
}

/// `regprocedurein`: `name(type, …)` (`parseNameAndArgTypes`).
pub fn signature(catalog: &Catalog, text: &str) -> Checked {
    if matches!(name(text), Name::Number) {
        return Ok(());
    }
    let mut quoted = false;
    let mut depth = 0u32;
    let mut open = None;
    let mut commas = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' if open.is_none() => open = Some(at),
            '(' | '[' if open.is_some() => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            ',' if depth == 0 && open.is_some() => commas.push(at),
            _ => {}
        }
    }
    let Some(open) = open else { return invalid_text("expected a left parenthesis".into()) };
    let body = text.trim_end_matches(|c: char| u8::try_from(c).is_ok_and(super::is_space));
    let Some(inner) = body.get(open + 1..).and_then(|it| it.strip_suffix(')')) else {
        return invalid_text("expected a right parenthesis".into());
    };
    let parts = match self::name(text.get(..open).unwrap_or_default()) {
        Name::Parts(it) => it,
        Name::Malformed => return invalid_name(),
        Name::Number => return Ok(()),
    };
    let mut types = Vec::new();
    if !trim(inner).is_empty() {
        let mut from = open + 1;
        for end in commas.into_iter().chain([open + 1 + inner.len()]) {
            let Some(one) = text.get(from..end) else { return Ok(()) };
            if from > open + 1 && end == open + 1 + inner.len() && trim(one).is_empty() {
                return invalid_text("expected a type name".into());
            }
            match read_type(catalog, trim(one)) {
                Read::Type(it) => types.push(it),
                Read::Refused(it) => return it,
                Read::Unknown => return Ok(()),
            }
            from = end + 1;
        }
    }
    let Some((schema, last)) = split(&parts) else { return improper(&parts, "qualified") };
    let (found, open) = candidates(catalog, schema, last);
    let same = |it: &Function| {
        let params: Option<Vec<TypeId>> = it.params.iter().map(|it| it.ty).collect();
        // Procedures are named by their OUT parameters, too.
        it.kind == FunctionKind::Procedure || params.is_none_or(|it| it == types)
    };
    if open || found.iter().any(|it| same(it)) {
        return Ok(());
    }
    refuse(code::UNDEFINED_FUNCTION, format!("function \"{text}\" does not exist"))
}

/// `regoperin`.
pub fn operator(catalog: &Catalog, text: &str) -> Checked {
    let body = trim(text);
    let numeric = body == "0" || (!body.is_empty() && body.bytes().all(|it| it.is_ascii_digit()));
    let builtin = body.strip_prefix("pg_catalog.").unwrap_or(body);
    // Nothing hides those of pg_catalog.
    let own = lookup::operators(catalog, Some(&Ident::new("pg_catalog")), builtin).count();
    if own > 1 && !numeric && catalog.server_version.is_none() {
        return refuse(code::AMBIGUOUS_FUNCTION, format!("more than one operator named {text}"));
    }
    if numeric || body.is_empty() || body.contains(['.', '"']) || body != text {
        return Ok(());
    }
    let brought = pg::ext::with_operator(body).any(|it| lookup::may_be_installed(catalog, None, it));
    let own = catalog.gaps.has_operator(body);
    if own || brought || !is_complete(catalog) || catalog.server_version.is_some() {
        return Ok(());
    }
    match lookup::operators(catalog, None, body).count() {
        0 => refuse(code::UNDEFINED_FUNCTION, format!("operator does not exist: {text}")),
        1 => Ok(()),
        _ => refuse(code::AMBIGUOUS_FUNCTION, format!("more than one operator named {text}")),
    }
}

/// `regnamespacein`.
pub fn schema(catalog: &Catalog, text: &str) -> Checked {
    let parts = match name(text) {
        Name::Parts(it) => it,
        Name::Malformed => return invalid_name(),
        Name::Number => return Ok(()),
    };
    let [schema] = parts.as_slice() else { return invalid_name() };
    if !is_complete(catalog) || lookup::schema_exists(catalog, schema) || schema.as_str().starts_with("pg_") {
        return Ok(());
    }
    if lookup::is_made_by_code(catalog, schema) {
        return Ok(());
    }
    refuse(code::UNDEFINED_SCHEMA, format!("schema \"{schema}\" does not exist"))
}

/// `regrolein`: which roles a server has is not known.
pub fn role(text: &str) -> Checked {
    match name(text) {
        Name::Parts(it) if it.len() == 1 => Ok(()),
        Name::Number => Ok(()),
        _ => invalid_name(),
    }
}

/// `regconfigin`.
pub fn config(catalog: &Catalog, text: &str) -> Checked {
    let parts = match name(text) {
        Name::Parts(it) => it,
        Name::Malformed => return invalid_name(),
        Name::Number => return Ok(()),
    };
    let [config] = parts.as_slice() else { return improper(&parts, "qualified") };
    let own = config.as_str();
    let named = |it: &&crate::catalog::object::ObjectKey| {
        it.kind == "TEXT SEARCH CONFIGURATION" && it.name == *config
    };
    let mut known = catalog.objects.iter().filter(|it| named(&it.0)).peekable();
    if known.peek().is_some() && known.all(|it| it.1.gone) && is_complete(catalog) {
        return refuse(
            code::UNDEFINED_OBJECT,
            format!("text search configuration \"{text}\" does not exist"),
        );
    }
    let kind = "TEXT SEARCH CONFIGURATION";
    let made = catalog.others.iter().any(|it| it.0 == kind && it.1 == *config);
    // Extensions and hosts bring some; a name that is nearly one of PostgreSQL's is none of those.
    let nearly = |it: &str| it.len() > 4 && own.len().abs_diff(it.len()) <= 1 && differ_by_one(own, it);
    if made
        || !is_complete(catalog)
        || pg::SEARCH_CONFIGURATIONS.contains(&own)
        || !pg::SEARCH_CONFIGURATIONS.iter().any(|it| nearly(it))
            && (own.len() < 4
                || !catalog.objects.keys().any(|it| it.kind == kind && differ_by_one(own, it.name.as_str())))
    {
        return Ok(());
    }
    refuse(code::UNDEFINED_OBJECT, format!("text search configuration \"{text}\" does not exist"))
}

/// `regcollationin`.
pub fn collation(catalog: &Catalog, text: &str) -> Checked {
    let parts = match name(text) {
        Name::Parts(it) => it,
        Name::Malformed => return invalid_name(),
        Name::Number => return Ok(()),
    };
    let Some((schema, own)) = split(&parts) else { return improper(&parts, "qualified") };
    let made = catalog.others.iter().any(|it| it.0 == "COLLATION");
    let elsewhere = schema.is_some_and(|it| it.as_str() != "pg_catalog");
    let hosted = schema.is_some_and(lookup::is_hosted);
    let builtin = !elsewhere && (pg::may_be_locale(own.as_str()) || pg::collation_exists(own.as_str()));
    let may_be = made || hosted || builtin;
    if may_be || !is_complete(catalog) {
        return Ok(());
    }
    let shown: Vec<&str> = parts.iter().map(Ident::as_str).collect();
    let message = format!("collation \"{}\" for encoding \"UTF8\" does not exist", shown.join("."));
    refuse(code::UNDEFINED_OBJECT, message)
}

/// `regoperatorin`: `name(type, type)`, one of them NONE for an operator with one side. Whether there is such an operator is
/// asked of PostgreSQL's own names alone.
pub fn operator_signature(catalog: &Catalog, text: &str) -> Checked {
    let body = trim(text);
    if body == "0"
        || body.is_empty()
        || body.bytes().all(|it| it.is_ascii_digit())
        || body.contains(['"', '['])
    {
        return Ok(());
    }
    let Some((op, args)) = body.split_once('(') else {
        return invalid_text("expected a left parenthesis".into());
    };
    let Some(args) = args.strip_suffix(')') else {
        return invalid_text("expected a right parenthesis".into());
    };
    if args.contains(['(', ')']) || op.contains('.') {
        return Ok(());
    }
    let mut types = Vec::new();
    for one in args.split(',') {
        match read_type(catalog, trim(one)) {
            _ if trim(one).eq_ignore_ascii_case("none") => types.push(TypeId::NONE),
            Read::Type(it) => types.push(it),
            Read::Refused(it) => return it,
            Read::Unknown => return Ok(()),
        }
    }
    match types.as_slice() {
        [_, _] => {}
        [_] => return refuse(code::UNDEFINED_PARAMETER, "missing argument".into()),
        _ => return refuse(code::TOO_MANY_ARGUMENTS, "too many arguments".into()),
    }
    let op = trim(op);
    // Exactly these types, none that they become.
    let is_it = |it: &pg::Operator| {
        let sides = [it.left.unwrap_or(TypeId::NONE), it.right];
        sides.as_slice() == types.as_slice()
    };
    let brought = pg::ext::with_operator(op)
        .filter(|it| lookup::may_be_installed(catalog, None, it))
        .any(|it| it.operators.get(op).is_some_and(|it| it.iter().any(is_it)));
    let known = lookup::operators(catalog, None, op).any(is_it) || catalog.gaps.has_operator(op);
    if known || brought || !is_complete(catalog) || catalog.server_version.is_some() {
        return Ok(());
    }
    refuse(code::UNDEFINED_FUNCTION, format!("operator does not exist: {text}"))
}

/// One letter is missing, too many or another.
fn differ_by_one(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let before = one.iter().zip(other).take_while(|it| it.0 == it.1).count();
    let behind = one.iter().rev().zip(other.iter().rev()).take_while(|it| it.0 == it.1).count();
    before + behind + 1 >= one.len().max(other.len())
}

/// All sequences are known: every table is one that SQL makes.
fn makes_all(catalog: &Catalog, name: &Ident) -> bool {
    let written = |it: &crate::catalog::Relation| {
        matches!(it.origin, crate::catalog::Origin::Sql { .. } | crate::catalog::Origin::Builtin)
    };
    name.as_str().ends_with("_seq")
        && catalog.decls.is_empty()
        && !catalog.relations.is_empty()
        && catalog.relations.values().all(|it| written(it))
}

/// Names as PostgreSQL chooses them for sequences and indexes; not all of those are kept.
fn may_be_made(name: &str) -> bool {
    // `table_column_seq`.
    let stem = name.strip_suffix("_seq");
    let alone = stem.is_some_and(|it| !it.is_empty() && !it.contains('_'));
    !alone
        && ["_seq", "_idx", "_key", "_pkey", "_excl", "_unique", "_index", "_pk"]
            .iter()
            .any(|it| name.contains(it))
}
