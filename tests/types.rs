//! Types against PostgreSQL itself: operators, functions, conversions, common types and literals, tens of thousands of
//! combinations.
//!
//! Needs node and the packages of `tests/oracle` (or of `COLUMNIST_ORACLE`); without them it says so and passes.
//! `COLUMNIST_FULL` tries every pair of types with every operator; `COLUMNIST_VERBOSE` prints what is
//! only missed, too.

#[path = "types/oracle.rs"]
mod oracle;
#[path = "types/schema.rs"]
mod schema;

use columnist::catalog::types::format_type;
use columnist::catalog::{Catalog, Type, TypeId, lookup};
use columnist::sema::resolve::{
    self, ArgTy, CallShape, Coercion, CoercionContext, CommonOutcome, FuncOutcome, OpOutcome, Refusal,
};
use columnist::sema::{Ty, literal};
use columnist::sql::Ident;
use oracle::{Case, Ours};

/// Everyday types, and what the schema of the tests adds.
const TYPES: &[&str] = &[
    "int2",
    "int4",
    "int8",
    "numeric",
    "float4",
    "float8",
    "text",
    "varchar",
    "bpchar",
    "\"char\"",
    "name",
    "bool",
    "bytea",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "interval",
    "uuid",
    "json",
    "jsonb",
    "inet",
    "cidr",
    "money",
    "oid",
    "regclass",
    "\"bit\"",
    "varbit",
    "tsvector",
    "tsquery",
    "int4range",
    "tstzrange",
    "int4multirange",
    "point",
    "xml",
    "int4[]",
    "text[]",
    "jsonb[]",
    "mood",
    "mood[]",
    "posint",
    "email",
    "pair",
    "citext",
    "hstore",
];

const OPERATORS: &[&str] = &[
    "=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "^", "||", "~", "!~", "~*", "!~*", "~~", "!~~",
    "~~*", "!~~*", "->", "->>", "#>", "#>>", "@>", "<@", "?", "?|", "?&", "&&", "&", "|", "#", "<<", ">>",
    "@@", "#-", "-|-", "<->", "@?", "&<", "^@", "=>>",
];

const PREFIX: &[&str] = &["-", "+", "@", "~", "!!", "|/", "||/", "#", "@@", "!"];

fn type_id(catalog: &Catalog, name: &str) -> TypeId {
    if let Some(elem) = name.strip_suffix("[]") {
        let id = type_id(catalog, elem);
        return catalog.array_type(id).expect("every type of the list has an array type");
    }
    let ident = Ident::from_source(name);
    lookup::named_type(catalog, None, &ident).unwrap_or_else(|| panic!("no type {name}"))
}

fn known(id: TypeId) -> Ty {
    Ty::Known(Type::plain(id))
}

/// An undecided literal.
const UNKNOWN: Ty = Ty::Known(Type { id: TypeId::UNKNOWN, typmod: -1 });

fn accept(catalog: &Catalog, ty: Ty) -> Ours {
    // The protocol describes a domain as the type under it.
    let ty = match ty {
        Ty::Known(ty) => Ty::Known(catalog.base_type(ty)),
        Ty::Unknown => Ty::Unknown,
    };
    match ty {
        Ty::Unknown => Ours::Unknown,
        // A query's column never stays undecided.
        Ty::Known(ty) if ty.id == TypeId::UNKNOWN => Ours::Accept(Some(String::from("text"))),
        Ty::Known(ty) => Ours::Accept(Some(format_type(catalog, ty))),
    }
}

fn refuse(refusal: Refusal) -> Ours {
    Ours::Refuse(refusal.code.sqlstate.unwrap_or("").to_owned(), refusal.message)
}

fn operator(catalog: &Catalog, name: &str, lhs: Option<Ty>, rhs: Ty) -> Ours {
    match resolve::operator(catalog, None, name, lhs, rhs) {
        OpOutcome::Resolved(it) => accept(catalog, known(it.result)),
        OpOutcome::Refused(it) => refuse(it),
        OpOutcome::Unknown(_) => Ours::Unknown,
    }
}

#[test]
fn operators() {
    let catalog = schema::catalog();
    let mut cases = Vec::new();
    let everything = std::env::var_os("COLUMNIST_FULL").is_some();
    for (n, op) in OPERATORS.iter().enumerate() {
        for (x, left) in TYPES.iter().enumerate() {
            let lhs = known(type_id(&catalog, left));
            for (y, right) in TYPES.iter().enumerate() {
                // A third of the pairs of rarer types with each operator.
                if !everything && x >= 8 && y >= 8 && x != y && (n + x + y) % 3 != 0 {
                    continue;
                }
                let rhs = known(type_id(&catalog, right));
                let sql = format!("select (null::{left}) {op} (null::{right})");
                cases.push(Case { sql, ours: operator(&catalog, op, Some(lhs), rhs) });
            }
            let sql = format!("select (null::{left}) {op} null");
            cases.push(Case { sql, ours: operator(&catalog, op, Some(lhs), UNKNOWN) });
            let sql = format!("select null {op} (null::{left})");
            cases.push(Case { sql, ours: operator(&catalog, op, Some(UNKNOWN), lhs) });
        }
        cases.push(Case {
            sql: format!("select null {op} null"),
            ours: operator(&catalog, op, Some(UNKNOWN), UNKNOWN),
        });
    }
    for op in PREFIX {
        for right in TYPES {
            let rhs = known(type_id(&catalog, right));
            cases.push(Case {
                sql: format!("select {op} (null::{right})"),
                ours: operator(&catalog, op, None, rhs),
            });
        }
        cases.push(Case { sql: format!("select {op} null"), ours: operator(&catalog, op, None, UNKNOWN) });
    }
    oracle::compare("operators", cases);
}

#[test]
fn casts_and_assignments() {
    let catalog = schema::catalog();
    let mut cases = Vec::new();
    for from in TYPES {
        let source = known(type_id(&catalog, from));
        for (idx, to) in TYPES.iter().enumerate() {
            let target = known(type_id(&catalog, to));
            let (source_id, target_id) = (type_id(&catalog, from), type_id(&catalog, to));
            let ours = match resolve::coerce(&catalog, source, target, CoercionContext::Explicit) {
                Coercion::Yes | Coercion::ViaIo => accept(&catalog, target),
                Coercion::Unknown => Ours::Unknown,
                Coercion::No => refuse(resolve::cast_refusal(&catalog, source_id, target_id)),
            };
            cases.push(Case { sql: format!("select (null::{from})::{to}"), ours });
            let ours = match resolve::assignment(&catalog, source, target) {
                Coercion::Yes | Coercion::ViaIo => Ours::Accept(None),
                Coercion::Unknown => Ours::Unknown,
                Coercion::No => {
                    let column = Ident::new(format!("c{idx}"));
                    refuse(resolve::assignment_refusal(&catalog, &column, target_id, source_id))
                }
            };
            cases.push(Case { sql: format!("insert into every(c{idx}) values (null::{from})"), ours });
        }
    }
    oracle::compare("casts", cases);
}

#[test]
fn common_types() {
    let catalog = schema::catalog();
    let mut cases = Vec::new();
    let all: Vec<(&str, Ty)> = TYPES
        .iter()
        .map(|it| (*it, known(type_id(&catalog, it))))
        .chain([("unknown", UNKNOWN), ("varchar(3)", Ty::Known(Type { id: TypeId::VARCHAR, typmod: 7 }))])
        .collect();
    let text = |name: &str| if name == "unknown" { String::from("null") } else { format!("null::{name}") };
    let outcome = |types: &[Ty], construct| match resolve::common_type(&catalog, types, construct) {
        CommonOutcome::Common(ty) => accept(&catalog, Ty::Known(ty)),
        CommonOutcome::Mismatch { refusal, .. } | CommonOutcome::CannotConvert { refusal, .. } => {
            refuse(refusal)
        }
        CommonOutcome::Unknown => Ours::Unknown,
    };
    for (a, a_ty) in &all {
        for (b, b_ty) in &all {
            let (x, y) = (text(a), text(b));
            cases.push(Case {
                sql: format!("select case when true then {x} else {y} end"),
                ours: outcome(&[*b_ty, *a_ty], "CASE"),
            });
            cases.push(Case {
                sql: format!("select coalesce({x}, {y})"),
                ours: outcome(&[*a_ty, *b_ty], "COALESCE"),
            });
            // json, xml, point … have no equality, which UNION needs.
            cases.push(Case {
                sql: format!("select {x} union all select {y}"),
                ours: outcome(&[*a_ty, *b_ty], "UNION"),
            });
            cases
                .push(Case { sql: format!("values ({x}), ({y})"), ours: outcome(&[*a_ty, *b_ty], "VALUES") });
            for (c, c_ty) in all.iter().step_by(11) {
                cases.push(Case {
                    sql: format!("select coalesce({x}, {y}, {})", text(c)),
                    ours: outcome(&[*a_ty, *b_ty, *c_ty], "COALESCE"),
                });
            }
        }
    }
    oracle::compare("common types", cases);
}

/// Functions that applications call, each with the numbers of arguments to try.
const FUNCTIONS: &str = "
abs:1 ceil:1 floor:1 round:12 trunc:12 mod:2 power:2 sqrt:1 exp:1 ln:1 log:12 sign:1 random:02 div:2 gcd:2
lower:1 upper:1 length:12 char_length:1 substr:23 substring:23 replace:3 trim:1 btrim:12 ltrim:12 rtrim:12 lpad:23
rpad:23 left:2 right:2 repeat:2 reverse:1 initcap:1 concat:123 concat_ws:23 split_part:3 strpos:2 position:2
starts_with:2 regexp_replace:34 regexp_match:23 regexp_matches:23 regexp_split_to_array:2 regexp_split_to_table:2
string_to_array:23 array_to_string:23 string_agg:2 translate:3 ascii:1 chr:1 md5:1 encode:2 decode:2 format:123
quote_ident:1 quote_literal:1 quote_nullable:1 to_char:2 to_date:2 to_timestamp:12 to_number:2 to_hex:1 overlay:34
now:0 clock_timestamp:0 age:12 date_trunc:23 date_part:2 extract:2 make_date:3 make_interval:01 make_timestamp:1
justify_days:1 date_bin:3 timezone:2 isfinite:1 overlaps:4
count:1 sum:1 avg:1 min:1 max:1 array_agg:1 bool_and:1 bool_or:1 every:1 json_agg:1 jsonb_agg:1 json_object_agg:2
jsonb_object_agg:2 bit_and:1 stddev:1 variance:1 corr:2 any_value:1 xmlagg:1
array_length:2 array_append:2 array_prepend:2 array_cat:2 array_position:23 array_positions:2 array_remove:2
array_replace:3 unnest:1 cardinality:1 array_upper:2 array_lower:2 array_dims:1 array_ndims:1 array_fill:2
array_sample:2 array_shuffle:1 trim_array:2 width_bucket:24 array_sort:1 array_reverse:1
generate_series:23 generate_subscripts:2
json_build_object:012 jsonb_build_object:02 json_build_array:01 to_json:1 to_jsonb:1 row_to_json:1 jsonb_set:34
jsonb_insert:3 jsonb_extract_path:2 jsonb_extract_path_text:23 json_extract_path_text:2 jsonb_array_elements:1
json_array_elements:1 jsonb_array_elements_text:1 jsonb_each:1 json_each:1 jsonb_each_text:1 jsonb_object_keys:1
json_array_length:1 jsonb_array_length:1 jsonb_typeof:1 json_typeof:1 jsonb_strip_nulls:1 jsonb_pretty:1
jsonb_path_query:2 jsonb_path_exists:2 jsonb_populate_record:2 array_to_json:1
gen_random_uuid:0 uuidv7:0 nextval:1 currval:1 setval:2 lastval:0 pg_typeof:1 coalesce_not:1 version:0
to_tsvector:12 to_tsquery:12 plainto_tsquery:12 websearch_to_tsquery:12 ts_rank:2 ts_headline:23 setweight:2
similarity_none:2 current_database:0 current_schema:0 current_setting:12 set_config:3 pg_sleep:1 pg_advisory_lock:12
num_nulls:12 num_nonnulls:2 greatest_none:2 int4range:23 tstzrange:2 lower_inc:1 isempty:1 range_merge:12
upper_inf:1 multirange:1 int4multirange:01 host:1 masklen:1 network:1 inet_merge:2 broadcast:1 abbrev:1
enum_range:12 enum_first:1 enum_last:1 area:1 point:2 bit_length:1 octet_length:1 get_bit:2 sha256:1 crc32:1
text:1 int4:1 int8:1 float8:1 numeric:1 date:1 timestamp:1 timestamptz:1 varchar:1 bool:1 name:1 json:1 jsonb:1
citext:1 hstore:2 akeys:1 avals:1 each:1 skeys:1 row_number:0 rank:0 pg_get_viewdef:12 pg_total_relation_size:1
obj_description:12 has_table_privilege:23 hashtext:1 pg_size_pretty:1 nullif_none:2 add_one:1 twice:12 first_of:1
many:123 named:1 mood:1 posint:1 pair:1 a:1 xpath:2 pg_notify:2 txid_current:0 cbrt:1 degrees:1 factorial:1 scale:1
normalize:1 unistr:1 string_to_table:2 casefold:1 erf:1 lcm:2 to_regclass:1 array_to_tsvector:1 jsonb_object:12
";

const ARGUMENTS: &[&str] = &[
    "unknown",
    "int4",
    "text",
    "int8",
    "numeric",
    "timestamptz",
    "jsonb",
    "float8",
    "bool",
    "date",
    "text[]",
    "varchar",
    "uuid",
    "interval",
    "timestamp",
    "int4[]",
    "json",
    "bytea",
    "mood",
    "posint",
    "email",
    "pair",
    "int2",
    "tsvector",
    "int4range",
    "citext",
    "inet",
    "bpchar",
    "name",
    "hstore",
    "oid",
    "time",
];

fn call(catalog: &Catalog, name: &str, args: &[Ty]) -> Ours {
    let args: Vec<ArgTy<'_>> = args.iter().map(|it| ArgTy { name: None, ty: *it }).collect();
    named_call(catalog, name, &args, CallShape::default())
}

fn named_call(catalog: &Catalog, name: &str, args: &[ArgTy<'_>], shape: CallShape) -> Ours {
    let name = Ident::new(name);
    match resolve::function(catalog, None, &name, args, shape) {
        FuncOutcome::Resolved(it) => accept(catalog, it.result),
        FuncOutcome::Cast(id) => accept(catalog, known(id)),
        FuncOutcome::Column(ty) => accept(catalog, ty),
        FuncOutcome::Refused(it) => refuse(it),
        FuncOutcome::Unknown(_) => Ours::Unknown,
    }
}

#[test]
fn functions() {
    let catalog = schema::catalog();
    let arguments: Vec<(String, Ty)> = ARGUMENTS
        .iter()
        .map(|it| match *it {
            "unknown" => (String::from("null"), UNKNOWN),
            name => (format!("null::{name}"), known(type_id(&catalog, name))),
        })
        .collect();
    let mut cases = Vec::new();
    let mut generator = Random(7);
    let mut random = |n: usize| generator.below(n);
    let mut push = |name: &str, picked: &[usize]| {
        let texts: Vec<&str> = picked.iter().map(|it| arguments[*it].0.as_str()).collect();
        let types: Vec<Ty> = picked.iter().map(|it| arguments[*it].1).collect();
        // Reserved words and grammar forms are called by their quoted name.
        let sql = format!("select \"{name}\"({})", texts.join(", "));
        cases.push(Case { sql, ours: call(&catalog, name, &types) });
    };
    for item in FUNCTIONS.split_whitespace() {
        let (name, arities) = item.split_once(':').expect("name:arities");
        for arity in arities.bytes().map(|it| usize::from(it - b'0')) {
            match arity {
                0 => push(name, &[]),
                1 => (0..arguments.len()).for_each(|it| push(name, &[it])),
                2 => {
                    // The first eight with each other, and a sample of the rest.
                    for a in 0..8 {
                        (0..8).for_each(|b| push(name, &[a, b]));
                    }
                    for _ in 0..90 {
                        push(name, &[random(arguments.len()), random(arguments.len())]);
                    }
                }
                n => {
                    for _ in 0..120 {
                        // Mostly likely types, or nothing ever matches.
                        let picked: Vec<usize> = (0..n)
                            .map(|_| if random(3) == 0 { random(arguments.len()) } else { random(8) })
                            .collect();
                        push(name, &picked);
                    }
                }
            }
        }
    }
    oracle::compare("functions", cases);
}

#[test]
fn call_shapes() {
    let catalog = schema::catalog();
    let int = known(TypeId::INT4);
    let text = known(TypeId::TEXT);
    let texts = known(catalog.array_type(TypeId::TEXT).expect("text[]"));
    let name = |it: &str| Ident::from_source(it);
    let mut cases = Vec::new();
    let mut push = |sql: &str, function: &str, args: &[(Option<&str>, Ty)], shape: CallShape| {
        let names: Vec<Option<Ident>> = args.iter().map(|it| it.0.map(name)).collect();
        let args: Vec<ArgTy<'_>> =
            args.iter().zip(&names).map(|(it, name)| ArgTy { name: name.as_ref(), ty: it.1 }).collect();
        cases.push(Case { sql: format!("select {sql}"), ours: named_call(&catalog, function, &args, shape) });
    };
    let plain = CallShape::default();
    let star = CallShape { star: true, ..plain };
    let over = CallShape { over: true, ..plain };
    let variadic = CallShape { variadic: true, ..plain };
    let distinct = CallShape { distinct: true, ..plain };
    let order = CallShape { order_by: 1, ..plain };
    let filter = CallShape { filter: true, ..plain };
    let group = CallShape { within_group: Some(1), ..plain };
    push("count(*)", "count", &[], star);
    push("count()", "count", &[], plain);
    push("sum(*)", "sum", &[], star);
    push("now(*)", "now", &[], star);
    push("count(*) over ()", "count", &[], CallShape { over: true, ..star });
    push("row_number() over ()", "row_number", &[], over);
    push("row_number()", "row_number", &[], plain);
    push("lower('x'::text) over ()", "lower", &[(None, text)], over);
    push("lower(distinct 'x'::text)", "lower", &[(None, text)], distinct);
    push("lower('x'::text order by 1)", "lower", &[(None, text)], order);
    push("lower('x'::text) filter (where true)", "lower", &[(None, text)], filter);
    push("sum(distinct 1)", "sum", &[(None, int)], distinct);
    push("sum(distinct 1) over ()", "sum", &[(None, int)], CallShape { over: true, ..distinct });
    push("string_agg('a'::text, 'b'::text order by 1)", "string_agg", &[(None, text), (None, text)], order);
    push("rank() filter (where true) over ()", "rank", &[], CallShape { over: true, ..filter });
    push("concat(variadic array['a'::text])", "concat", &[(None, texts)], variadic);
    push("concat(variadic 'a'::text)", "concat", &[(None, text)], variadic);
    push("format('%s'::text, variadic array['a'::text])", "format", &[(None, text), (None, texts)], variadic);
    push("lower(variadic 'a'::text)", "lower", &[(None, text)], variadic);
    push(
        "jsonb_extract_path('{}'::jsonb, variadic array['a'::text])",
        "jsonb_extract_path",
        &[(None, known(TypeId::JSONB)), (None, texts)],
        variadic,
    );
    push("many(variadic array[1])", "many", &[(None, known(TypeId(1007)))], variadic);
    push("make_interval(days => 1)", "make_interval", &[(Some("days"), int)], plain);
    push(
        "make_interval(hours => 1, days => 1)",
        "make_interval",
        &[(Some("hours"), int), (Some("days"), int)],
        plain,
    );
    push("make_interval(1, days => 1)", "make_interval", &[(None, int), (Some("days"), int)], plain);
    push("make_interval(1, years => 1)", "make_interval", &[(None, int), (Some("years"), int)], plain);
    push("make_interval(fortnights => 1)", "make_interval", &[(Some("fortnights"), int)], plain);
    push("make_interval(days => 'x'::text)", "make_interval", &[(Some("days"), text)], plain);
    push("make_interval(days => 1, days => 2)", "make_interval", &[(Some("days"), int); 2], plain);
    push("named(x => 1)", "named", &[(Some("x"), int)], plain);
    push("named(y => 'a'::text, x => 1)", "named", &[(Some("y"), text), (Some("x"), int)], plain);
    push("named(y => 'a'::text)", "named", &[(Some("y"), text)], plain);
    push("do_it(1)", "do_it", &[(None, int)], plain);
    push(
        "percentile_cont(0.5::float8) within group (order by 1::float8)",
        "percentile_cont",
        &[(None, known(TypeId::FLOAT8)); 2],
        group,
    );
    push(
        "percentile_cont(0.5::float8, 0.5::float8)",
        "percentile_cont",
        &[(None, known(TypeId::FLOAT8)); 2],
        plain,
    );
    push("mode() within group (order by 1)", "mode", &[(None, int)], group);
    push("mode(1) within group (order by 1)", "mode", &[(None, int); 2], group);
    push("sum(1) within group (order by 1)", "sum", &[(None, int); 2], group);
    push("rank(1) within group (order by 1)", "rank", &[(None, int); 2], group);
    push("rank(1, 2) within group (order by 1)", "rank", &[(None, int); 3], group);
    push("lower(1) within group (order by 1)", "lower", &[(None, int); 2], group);
    push("count(1, 2)", "count", &[(None, int); 2], plain);
    push("count(1) within group (order by 1)", "count", &[(None, int); 2], group);
    oracle::compare("call shapes", cases);
}

/// Every function of PostgreSQL and of the schema's extensions: with its own types, with an undecided argument, with one
/// of another type.
#[test]
fn every_function() {
    let catalog = schema::catalog();
    let mut random = Random(11);
    let concrete = |id: TypeId| match id {
        TypeId::ANY | TypeId::ANYELEMENT | TypeId::ANYNONARRAY | TypeId::ANYCOMPATIBLE => TypeId::INT4,
        TypeId::ANYCOMPATIBLENONARRAY => TypeId::TEXT,
        TypeId::ANYARRAY | TypeId::ANYCOMPATIBLEARRAY => TypeId(1007),
        TypeId::ANYRANGE | TypeId::ANYCOMPATIBLERANGE => TypeId(3904),
        TypeId::ANYMULTIRANGE | TypeId::ANYCOMPATIBLEMULTIRANGE => TypeId(4451),
        other => other,
    };
    // Values of these cannot be written.
    let usable = |id: TypeId| {
        let pseudo = catalog.type_info(id).is_none_or(|it| it.kind == columnist::catalog::TypeKind::Pseudo);
        !pseudo && id != TypeId::RECORD && id != TypeId(32) && id != TypeId(3361) && id != TypeId(5017)
    };
    let everyday: Vec<TypeId> = ARGUMENTS.iter().skip(1).map(|it| type_id(&catalog, it)).collect();
    let mut names: Vec<&str> = columnist::catalog::pg::function_names().collect();
    for extension in ["citext", "hstore"] {
        let data = columnist::catalog::pg::ext::extension(extension).expect("a known extension");
        names.extend(data.functions.keys().copied());
    }
    names.sort_unstable();
    names.dedup();
    let mut cases = Vec::new();
    for name in names {
        for function in lookup::functions(&catalog, None, &Ident::new(name)) {
            let own: Option<Vec<TypeId>> = function.params.iter().map(|it| it.ty.map(concrete)).collect();
            let Some(own) = own.filter(|it| it.iter().all(|it| usable(*it))) else { continue };
            let mut push = |types: &[Option<TypeId>]| {
                let texts: Vec<String> = types
                    .iter()
                    .map(|it| match it {
                        Some(id) => format!("null::{}", format_type(&catalog, Type::plain(*id))),
                        None => String::from("null"),
                    })
                    .collect();
                let types: Vec<Ty> = types.iter().map(|it| it.map_or(UNKNOWN, known)).collect();
                let sql = format!("select \"{name}\"({})", texts.join(", "));
                cases.push(Case { sql, ours: call(&catalog, name, &types) });
            };
            let exact: Vec<Option<TypeId>> = own.iter().copied().map(Some).collect();
            push(&exact);
            if !exact.is_empty() {
                let mut changed = exact.clone();
                changed[random.below(exact.len())] = None;
                push(&changed);
                let mut changed = exact.clone();
                changed[random.below(exact.len())] = Some(everyday[random.below(everyday.len())]);
                push(&changed);
                push(&exact[1..]);
            }
        }
    }
    oracle::compare("every function", cases);
}

/// A linear congruential generator: the same choices in every run.
struct Random(u32);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % n.max(1)
    }
}

/// Types as written, with what the grammar makes of them: name, modifiers, array bounds.
const TYPE_NAMES: &[(&str, &str, &[i64], u32)] = &[
    ("int", "pg_catalog.int4", &[], 0),
    ("integer[]", "pg_catalog.int4", &[], 1),
    ("int4[][]", "int4", &[], 2),
    ("_text", "_text", &[], 0),
    ("_text[]", "_text", &[], 1),
    ("varchar(20)", "pg_catalog.varchar", &[20], 0),
    ("varchar(0)", "pg_catalog.varchar", &[0], 0),
    ("varchar(10485761)", "pg_catalog.varchar", &[10_485_761], 0),
    ("char(3)[]", "pg_catalog.bpchar", &[3], 1),
    ("char(0)", "pg_catalog.bpchar", &[0], 0),
    ("bpchar", "bpchar", &[], 0),
    ("numeric(10,2)", "pg_catalog.numeric", &[10, 2], 0),
    ("numeric(10)", "pg_catalog.numeric", &[10], 0),
    ("numeric(0)", "pg_catalog.numeric", &[0], 0),
    ("numeric(1001)", "pg_catalog.numeric", &[1001], 0),
    ("numeric(5,1001)", "pg_catalog.numeric", &[5, 1001], 0),
    ("numeric(1,2,3)", "pg_catalog.numeric", &[1, 2, 3], 0),
    ("timestamp(3)", "pg_catalog.timestamp", &[3], 0),
    ("timestamp(3) with time zone", "pg_catalog.timestamptz", &[3], 0),
    ("timestamptz(9)", "timestamptz", &[9], 0),
    ("time(0)", "pg_catalog.time", &[0], 0),
    ("timetz(2)", "timetz", &[2], 0),
    ("interval(3)", "pg_catalog.interval", &[0x7fff, 3], 0),
    ("interval day to second(2)", "pg_catalog.interval", &[8 | 1024 | 2048 | 4096, 2], 0),
    ("interval year", "pg_catalog.interval", &[4], 0),
    ("interval", "pg_catalog.interval", &[], 0),
    ("bit(3)", "pg_catalog.bit", &[3], 0),
    ("bit(0)", "pg_catalog.bit", &[0], 0),
    ("bit varying(5)", "pg_catalog.varbit", &[5], 0),
    ("varbit(0)", "varbit", &[0], 0),
    ("text(3)", "text", &[3], 0),
    ("uuid(1)", "uuid", &[1], 0),
    ("mood", "mood", &[], 0),
    ("mood(3)", "mood", &[3], 0),
    ("public.mood[]", "public.mood", &[], 1),
    ("pg_catalog.mood", "pg_catalog.mood", &[], 0),
    ("nowhere.mood", "nowhere.mood", &[], 0),
    ("nothing", "nothing", &[], 0),
    ("nothing[]", "nothing", &[], 1),
    ("nothing(3)", "nothing", &[3], 0),
    ("serial", "serial", &[], 0),
    ("string", "string", &[], 0),
    ("datetime", "datetime", &[], 0),
    ("posint[]", "posint", &[], 1),
    ("pair", "pair", &[], 0),
    ("citext(3)", "citext", &[3], 0),
    ("information_schema.sql_identifier", "information_schema.sql_identifier", &[], 0),
    ("sql_identifier", "sql_identifier", &[], 0),
    ("pg_class", "pg_class", &[], 0),
    ("regclass", "regclass", &[], 0),
    ("oidvector", "oidvector", &[], 0),
    ("int2vector[]", "int2vector", &[], 1),
    ("name[]", "name", &[], 1),
    ("\"char\"[]", "char", &[], 1),
    ("float(10)", "pg_catalog.float4", &[], 0),
    ("dec(4)", "pg_catalog.numeric", &[4], 0),
];

#[test]
fn type_names() {
    use columnist::base::text::range;
    use columnist::sql::hir::{Expr, ExprId, ExprKind, Literal, Name, QName, TypeName};
    let catalog = schema::catalog();
    let mut cases = Vec::new();
    for (text, name, modifiers, array_dims) in TYPE_NAMES {
        let literal = |it: &i64| Expr { range: range(0, 0), kind: ExprKind::Literal(Literal::Integer(*it)) };
        let exprs: Vec<Expr> = modifiers.iter().map(literal).collect();
        let part = |it: &str| Name { ident: Ident::new(it), range: range(0, 0) };
        let ty = TypeName {
            range: range(0, 0),
            name: QName { parts: name.split('.').map(part).collect() },
            modifiers: (0..exprs.len()).map(|it| ExprId(it as u32)).collect(),
            array_dims: *array_dims,
            setof: false,
            of_column: false,
        };
        let ours = match lookup::type_name(&catalog, &ty, &exprs) {
            Ok(ty) => accept(&catalog, Ty::Known(ty)),
            Err(lookup::TypeNameError::Unknown) => Ours::Unknown,
            Err(lookup::TypeNameError::Missing(it) | lookup::TypeNameError::BadModifier(it)) => {
                Ours::Refuse(it.sqlstate.to_owned(), it.message)
            }
        };
        cases.push(Case { sql: format!("select null::{text}"), ours });
    }
    oracle::compare("type names", cases);
}

/// Texts that one type or another reads.
const TEXTS: &[&str] = &[
    "",
    " ",
    "abc",
    "1",
    " 1 ",
    "-1",
    "+1",
    "1.5",
    "1e3",
    "1e400",
    ".5",
    "5.",
    "0x1F",
    "0b101",
    "0o17",
    "1_000",
    "1__0",
    "_1",
    "32767",
    "32768",
    "2147483647",
    "2147483648",
    "-2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "NaN",
    "infinity",
    "-Infinity",
    "inf",
    "true",
    "t",
    "yes",
    "on",
    "off",
    "of",
    "o",
    "2",
    "2024-01-31",
    "2024-02-30",
    "2024-13-01",
    "01/02/2024",
    "31/12/2024",
    "Jan 5, 2024",
    "5 Jan 2024",
    "20240131",
    "2024-01-31 10:00",
    "2024-01-31T10:00:00Z",
    "2024-01-31 25:00",
    "2024-01-31 10:00:00+02",
    "2024-01-31 10:00 Europe/Berlin",
    "now",
    "today",
    "tomorrow",
    "yesterday",
    "epoch",
    "allballs",
    "10:00",
    "10:00:00.5",
    "24:00:00",
    "24:00:01",
    "10:60",
    "10:00 PM",
    "13:00 PM",
    "10:00+02",
    "not a date",
    "2024",
    "1 day",
    "1 day 2 hours",
    "1 fortnight",
    "P1D",
    "PT1H",
    "1 mon ago",
    "@ 1 minute",
    "1:30",
    "day",
    "1 xyz",
    "3 4",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
    "a0eebc999c0b4ef8bb6d6bb9bd380a11",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
    "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "{}",
    "{1,2}",
    "{1,2",
    "{a,b}",
    "{\"a\",\"b c\"}",
    "{{1,2},{3,4}}",
    "{{1,2},{3}}",
    "{1,}",
    "{,}",
    "{null}",
    "[0:1]={1,2}",
    "{1}x",
    "[]",
    "[1,2]",
    "{\"a\": 1}",
    "{'a': 1}",
    "{\"a\": 1,}",
    "{\"a\"}",
    "\"a\"",
    "null",
    "nul",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\x\"",
    "01",
    "-",
    "[1,2)",
    "(,)",
    "empty",
    "[2,1]",
    "[1,2",
    "(1,2]",
    "[2024-01-01,2024-02-01)",
    "{[1,2),[3,4)}",
    "192.168.0.1",
    "192.168.0.1/24",
    "192.168.0.0/24",
    "192.168.0",
    "192.168.0.256",
    "::1",
    "::1/64",
    "2001:db8::/32",
    "08:00:2b:01:02:03",
    "08-00-2b-01-02-03",
    "08002b010203",
    "08:00:2b:01:02",
    "08:00:2b:01:02:03:04:05",
    "\\xDEADBEEF",
    "\\xD",
    "\\xZZ",
    "\\000",
    "\\9",
    "a\\\\b",
    "0101",
    "b101",
    "x1F",
    "102",
    "(1,2)",
    "1,2",
    "((1,2),(3,4))",
    "$1.50",
    "sad",
    "ok",
    "Sad",
    "<a/>",
    "<a>",
    "a & b",
    "a &",
    "'a':1",
    "a@b.c",
    "0",
    "-0",
    "1e-400",
    "123456789012345678901234567890",
    "a=>1",
    "a=>",
    "2024-1-1",
    "24-01-01",
    "2024-001",
    "J2451187",
    "2024-W01",
    "99999-01-01",
    "4713-01-01 BC",
    "4714-01-01 BC",
    "294277-01-01",
    "2024-06-31 10:00",
    "2024-01-31 10:00 XYZ",
    "2024-01-31 10",
    "2024-01-31T10",
    "2024.01.31",
    "2024/01/31",
    "Monday",
    "10",
    "1000000",
    "101010",
    "10:00:61",
    "10:00:60",
    "10:0",
    "1:2:3:4",
    "1-2",
    "1-2 3",
    "+1-2 -3 4:5:6",
    "P1Y2M",
    "P",
    "PT",
    "P1W",
    "1y",
    "1 year 2",
    "century",
    "1.5 days",
    "1e2 days",
    "999999999999 days",
];

const LITERAL_TYPES: &[&str] = &[
    "int2",
    "int4",
    "int8",
    "numeric",
    "numeric(4,2)",
    "float4",
    "float8",
    "bool",
    "text",
    "varchar(2)",
    "uuid",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "interval",
    "json",
    "jsonb",
    "bytea",
    "bit(4)",
    "varbit",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "oid",
    "int4[]",
    "text[]",
    "uuid[]",
    "date[]",
    "jsonb[]",
    "mood",
    "mood[]",
    "posint",
    "email",
    "int4range",
    "numrange",
    "daterange",
    "int4multirange",
    "money",
    "point",
    "xml",
    "tsvector",
    "name",
    "\"char\"",
    "xid",
    "pg_lsn",
    "interval day",
    "int8range",
    "tstzrange",
    "jsonpath",
    "citext",
    "bool[]",
    "int2vector",
    "pair",
    "box[]",
    "int4[][]",
    "float8[]",
    "bpchar(3)",
];

/// A text with one character dropped, doubled, swapped with the next, or another put in.
fn mutate(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = random.below(chars.len());
    match random.below(4) {
        0 if !chars.is_empty() => drop(chars.remove(at)),
        1 if !chars.is_empty() => chars.insert(at, chars[at]),
        2 if at + 1 < chars.len() => chars.swap(at, at + 1),
        _ => {
            let others: Vec<char> = "0159-+:./ ,{}[]()\"\\eEtTzZxn_ü".chars().collect();
            chars.insert(at, others[random.below(others.len())]);
        }
    }
    chars.into_iter().collect()
}

#[test]
fn literals() {
    let catalog = schema::catalog();
    let mut random = Random(3);
    let setting = std::env::var("COLUMNIST_FULL").ok();
    // `COLUMNIST_FULL=8` tries eight broken variants of each text.
    let n_mutants = setting.map_or(0, |it| it.parse().unwrap_or(1));
    let mut texts: Vec<String> = TEXTS.iter().map(|it| String::from(*it)).collect();
    for _ in 0..n_mutants {
        texts.extend(TEXTS.iter().map(|it| mutate(it, &mut random)));
    }
    let mut cases = Vec::new();
    for name in LITERAL_TYPES {
        let base = name.split('(').next().unwrap_or(name).trim_end_matches(" day");
        let base = if base.ends_with("[][]") { "int4[]" } else { base };
        let mut ty = Type::plain(type_id(&catalog, base));
        if *name == "interval day" {
            ty.typmod = (8 << 16) | 0xffff;
        }
        for text in texts.iter().map(String::as_str) {
            let ours = match literal::check(&catalog, ty, text) {
                Ok(()) => Ours::Accept(None),
                Err(it) => Ours::Refuse(it.code.sqlstate.unwrap_or("").to_owned(), it.message),
            };
            let quoted = text.replace('\'', "''");
            cases.push(Case { sql: format!("select cast('{quoted}' as {name})"), ours });
        }
    }
    oracle::compare_lenient("literals", cases);
}
