//! Random statements of every other kind over a schema of its own: domains, composites, functions of the user's, views,
//! changes with RETURNING, MERGE, merged columns, LATERAL, sets in the select list, grouping sets, windows.

use super::pick::{self, Pick};

/// The schema, in order.
pub const SCHEMA: [&str; 25] = [
    "create domain dn as int not null",
    "create domain dt as text check (value <> 'zz')",
    "create type pt as (x int, y text)",
    "create type mood as enum ('ok', 'bad')",
    "create table g (id int primary key, n int not null, m int, d dn, t text not null, u dt, v dt not null,
     p pt not null, q pt, arr int[] not null, brr text[] not null, j jsonb not null, k jsonb, s json not null,
     num numeric not null, f float8 not null, ts timestamp not null, iv interval not null, r int4range not null,
     mr int4multirange not null, c lseg not null, bx box not null, o mood not null, w mood, b boolean not null, h boolean,
     tv tsvector not null, by bytea not null, gen int generated always as (m + 1) stored)",
    "create table h (id int generated always as identity primary key, n int not null, m int, t text not null default 'q',
     u text, b boolean not null default true, unique (n, t))",
    "create table par (id int not null no inherit, n int not null, t text)",
    "create table chi (extra int not null) inherits (par)",
    "create table prt (id int not null, n int not null, t text, primary key (id, n)) partition by range (n)",
    "create table prt1 partition of prt for values from (0) to (100)",
    "create table old_nv (n int, t text not null)",
    "create function strict_f(int) returns int language sql strict as 'select nullif($1, 1)'",
    "create function lax_f(int) returns int language sql as 'select coalesce($1, 7)'",
    "create function null_f() returns text language sql as 'select null::text'",
    "create function abs(pt) returns int language sql strict as 'select null::int'",
    "create function length(mood) returns int language sql strict as 'select null::int'",
    "create function set_f(int) returns setof int language sql as 'select 1 union all select null'",
    "create function none_f() returns setof int language sql as 'select 1 where false'",
    "create function row_f(int) returns table (a int, c text) language sql as 'select 1, null::text'",
    "create function out_f(int, out a int, out c text) language sql as 'select null::int, ''x''::text'",
    "create function pts_f() returns setof pt language sql as 'select null::pt union all select row(1, null)::pt'",
    "create function gs() returns setof g language sql as 'select (case when id > 2 then g end).* from g'",
    "create function pick(int, int) returns int language sql as 'select null::int'",
    "create view gv as select g.id, g.n, h.n as hn, h.t as ht, coalesce(h.u, g.t) as cu, g.j, count(*) over () as cnt
     from g left join h on h.m = g.id",
    "create view up as select id, n, m, t, u, b from h",
];

pub const DATA: [&str; 6] = [
    "insert into g (id, n, m, d, t, u, v, p, q, arr, brr, j, k, s, num, f, ts, iv, r, mr, c, bx, o, w, b, h, tv, by)
     select i, i % 4, nullif(i % 3, 0), i, case i % 3 when 0 then '' when 1 then 'x' else 'Ab ' || i end,
     case when i % 2 = 0 then 'u' end, 'v', row(case when i % 2 = 0 then i end, null::text)::pt, case when i % 2 = 1 then row(i, 'y')::pt end,
     case i % 3 when 0 then '{}' when 1 then array[i, null] else array[i, 2] end, array['p', null],
     case i % 4 when 0 then 'null' when 1 then '{\"a\": null, \"b\": {\"c\": 1}}' when 2 then '[1, \"z\", null]' else '{}' end::jsonb,
     case when i % 2 = 1 then '{\"a\": 2}'::jsonb end, case when i % 2 = 0 then 'null' else '{\"a\": null}' end::json,
     case when i % 3 = 0 then 'NaN' else i::numeric end, case when i % 3 = 1 then 'infinity' else i::float8 end,
     case when i % 3 = 0 then 'infinity' else '2024-01-01'::timestamp + i * interval '1 day' end, i * interval '1 hour',
     case i % 4 when 0 then 'empty' when 1 then '[1,5)' when 2 then '(,3]' else '[2,)' end::int4range,
     case when i % 2 = 0 then '{}' else '{[1,3)}' end::int4multirange, lseg(point(i, 0), point(i, 2)), box(point(0, 0), point(i, i)),
     'ok', case when i % 2 = 0 then 'bad'::mood end, i % 2 = 0, case i % 3 when 0 then null when 1 then true else false end,
     to_tsvector('simple', 'a b ' || i), decode('00ff', 'hex') from generate_series(1, 5) i",
    "insert into h (n, m, t, u, b) select i % 3, case when i % 2 = 0 then i end, 'y' || i, case when i % 3 = 0 then 'w' end, i % 3 = 0
     from generate_series(1, 4) i",
    "insert into par values (1, 1, null), (2, 2, 'a')",
    "insert into chi values (null, 5, null, 3)",
    "insert into prt values (1, 1, null), (2, 3, 'b')",
    "insert into old_nv values (null, 'x'), (1, 'y')",
];

/// What comes after the data: constraints that old rows do not keep.
pub const AFTER: [&str; 1] = ["alter table old_nv add constraint nv not null n not valid"];

#[derive(Clone)]
struct Item {
    alias: String,
    /// Name and the letter of its type.
    columns: Vec<(String, char)>,
}

pub struct Wide {
    state: u64,
    n_names: u32,
    ctes: Vec<Item>,
}

const G: &str = "id:i n:i m:i d:i t:t u:t v:t p:p q:p arr:r brr:a j:j k:j s:s num:n f:d ts:z iv:v r:g mr:m c:l bx:x o:o w:o b:b h:b tv:q by:y gen:i";
const H: &str = "id:i n:i m:i t:t u:t b:b";
const PAR: &str = "id:i n:i t:t";
const NV: &str = "n:i t:t";
const GV: &str = "id:i n:i hn:i ht:t cu:t j:j cnt:L";

fn columns(spec: &str) -> Vec<(String, char)> {
    let pair = |it: &str| {
        let (name, ty) = it.split_once(':')?;
        Some((name.to_owned(), ty.chars().next()?))
    };
    spec.split(' ').filter_map(pair).collect()
}

/// Per type: constants, then expressions; `{x}` is an expression of type x.
fn forms(ty: char) -> (&'static [&'static str], &'static [&'static str]) {
    match ty {
        'i' => (
            &["1", "0", "null::int", "-3"],
            &[
                "{i} + {i}",
                "- {i}",
                "abs({i})",
                "abs({p})",
                "length({t})",
                "length({o})",
                "({r})[1]",
                "({r} || {i})[2]",
                "({j} -> 'a')::int",
                "greatest({i}, {i})",
                "least({i}, 5)",
                "strict_f({i})",
                "lax_f({i})",
                "pick({i}, {i})",
                "(out_f({i})).a",
                "({p}).x",
                "cardinality({r})",
                "array_length({r}, 1)",
                "array_position({r}, {i})",
                "lower({g})",
                "upper({g})",
                "lower({m})",
                "extract(day from {z})::int",
                "num_nulls(variadic {r})",
                "num_nonnulls({i}, {t})",
                "json_value({j}, '$.a' returning int)",
                "json_array_length(json_build_array({i}))",
                "jsonb_array_length(jsonb_build_array({t}))",
                "strpos({t}, {t})",
                "position({t} in 'abc')",
                "octet_length({t})",
                "bit_length({t})",
                "ascii({t})",
                "case {i} when 1 then {i} else {i} end",
                "case when {b} then {i} end",
                "coalesce({i}, {i})",
                "nullif({i}, {i})",
                "(select {i} from h limit 1)",
                "(select count(*) from h where h.n = {i})",
                "(select {i})",
                "(select max({i}) from h)",
                "(select count({i}) from h where false)",
                "(select {i} offset 1)",
                "(values ({i}))",
                "(table none_t)",
                "(row({i}, {t})).f1",
                "(array[{i}, {i}])[{i}]",
                "cast({i} as dn)",
                "{i}::dn + 1",
                "{i} # {i}",
                "~ {i}",
                "@ {i}",
                "width_bucket({i}::numeric, 0, 10, 3)",
                "div({i}::numeric, 2)::int",
                "mod({i}, 7)",
                "gcd({i}, {i})",
                "floor({d})::int",
                "date_part('day', {v})::int",
                "ntile_c({i})",
                "({j} ->> 'a')::int",
                "jsonb_path_query_first({j}, '$.a')::int",
                "unicode_c({t})",
                "length({y})",
                "get_byte({y}, 0)",
                "levenshtein_c({t})",
                "array_ndims({r})",
                "array_upper({r}, 1)",
                "scale({n})",
                "min_scale({n})",
                "length({q})",
                "numnode('a'::tsquery)",
                "json_value({s}, '$.a' returning int default 3 on empty)",
                "bit_count({y})::int",
                "random(1, 5)",
                "json_value({j}, '$.a' returning int default {i} on empty default {i} on error)",
                "array_length({a}, 1)",
                "generate_c({i})",
                "({l} # {l})[0]::int",
                "(center({x}))[0]::int",
                "any_value_c({i})",
                "regexp_count({t}, 'x')",
                "regexp_instr({t}, 'x')",
                "isfinite({z})::int",
            ],
        ),
        't' => (
            &["'x'::text", "''::text", "null::text", "text 'b'"],
            &[
                "lower({t})",
                "upper({t})",
                "initcap({t})",
                "{t} || {t}",
                "{t} || {i}",
                "concat({t}, {i})",
                "concat(variadic {a})",
                "concat(variadic null::text[])",
                "concat_ws(',', {t})",
                "concat_ws({t}, 'a', 'b')",
                "concat_ws(',', variadic {a})",
                "format('%s', {t})",
                "format('%s', variadic {a} || 'q'::text)",
                "format({t})",
                "substring({t} from 1)",
                "substring({t} from 'q')",
                "substring({t}, '(z)?')",
                "substr({t}, 2)",
                "substring({t} similar 'a#\"b#\"c' escape '#')",
                "overlay({t} placing {t} from 1)",
                "{j} ->> 'a'",
                "{s} ->> 'a'",
                "{j} #>> '{a,b}'",
                "json_value({j}, '$.a')",
                "json_value({j}, '$.a' default 'q' on empty)",
                "json_value({j}, '$.a' default {t} on empty default {t} on error)",
                "json_query({j}, '$.a')::text",
                "json_serialize({s})",
                "{i}::text",
                "{j}::text",
                "{b}::text",
                "{o}::text",
                "{n}::text",
                "{g}::text",
                "{p}::text",
                "{r}::text",
                "{x}::text",
                "cast({t} as varchar(3))",
                "{t}::char(2)::text",
                "to_char({z}, 'YYYY')",
                "to_char({z}, {t})",
                "to_char({n}, {t})",
                "to_char({i}, '999')",
                "to_char({v}, '')",
                "array_to_string({r}, ',')",
                "array_to_string({r}, {t}, {t})",
                "array_dims({r})",
                "null_f()",
                "(out_f({i})).c",
                "({p}).y",
                "({a})[1]",
                "split_part({t}, 'x', 1)",
                "regexp_replace({t}, 'x', 'y')",
                "regexp_substr({t}, 'x')",
                "(regexp_match({t}, 'x'))[1]",
                "md5({t})",
                "quote_ident({t})",
                "quote_literal({t})",
                "quote_nullable({t})",
                "quote_nullable({i})",
                "jsonb_typeof({j})",
                "json_typeof({s})",
                "pg_typeof({i})::text",
                "chr(65)",
                "repeat({t}, 2)",
                "lpad({t}, 3)",
                "translate({t}, 'a', {t})",
                "replace({t}, {t}, 'z')",
                "reverse({t})",
                "left({t}, {i})",
                "trim(both from {t})",
                "trim(leading {t} from {t})",
                "case when {b} then {t} else {t} end",
                "coalesce({t}, {t})",
                "coalesce(null, {t})",
                "nullif({t}, '')",
                "greatest({t}, {t})",
                "{t} collate \"C\"",
                "(select {t} from h where false)",
                "(select string_agg({t}, ',') from h)",
                "(select max(h.t) from h)",
                "current_schema::text",
                "current_user::text",
                "version()",
                "encode({y}, 'hex')",
                "string_agg_c({t})",
                "normalize({t})",
                "to_hex({i})",
                "merge_c()",
                "{t}::dt",
                "case {t} when {t} then 'x' end",
                "xmlserialize(content xmlelement(name a, {t}) as text)",
                "enum_first({o})::text",
                "jsonb_pretty({j})",
                "jsonb_path_query_first({j}, '$.a')::text",
                "jsonb_extract_path_text({j}, 'a')",
                "current_setting('nosuch.x', true)",
                "obj_description(1, 'pg_class')",
                "inet_client_addr()::text",
                "to_json({t}) #>> '{}'",
                "to_jsonb({t}) #>> '{}'",
                "col_description(1, 1)",
                "host('1.2.3.4'::inet)",
                "ts_headline({t}, 'x'::tsquery)",
                "strip({q})::text",
                "querytree('a'::tsquery)",
                "unistr({t})",
                "casefold_c({t})",
                "({j} -> 'a') ->> 'b'",
            ],
        ),
        'b' => (
            &["true", "false", "null::boolean"],
            &[
                "{i} = {i}",
                "{t} < {t}",
                "{r} = {r}",
                "{p} = {p}",
                "row({i}, {t}) = row({i}, {t})",
                "row({i}, {t}) < row({i}, 'x')",
                "row({i}, {t}) is null",
                "{p} is not null",
                "{i} is distinct from {i}",
                "not {b}",
                "{b} and {b}",
                "{b} or {b}",
                "{b} is true",
                "{b} is not unknown",
                "{t} like {t}",
                "{t} like {t} escape null",
                "{t} like 'x' escape '!'",
                "{t} similar to {t}",
                "{t} similar to 'x' escape null::text",
                "{t} ilike {t}",
                "{t} ~ 'x'",
                "{i} between {i} and {i}",
                "{i} between symmetric {i} and {i}",
                "{i} in ({i}, {i})",
                "{i} not in ({i}, null)",
                "{i} in (select n from h)",
                "{i} in (select m from h)",
                "{i} not in (select n from h where false)",
                "({i}, {t}) in (select n, t from h)",
                "{i} = any({r})",
                "{i} <> all({r})",
                "{i} = any(array[{i}, null])",
                "{i} > all(select m from h)",
                "exists (select {i} from h where false)",
                "{j} ? 'a'",
                "{j} @> {j}",
                "{j} @? '$.a'",
                "{j} @@ '$.a == 1'",
                "{j} is json object",
                "{t} is json",
                "{t} is normalized",
                "{g} @> {i}",
                "{g} && {g}",
                "isempty({g})",
                "lower_inc({g})",
                "upper_inf({m})",
                "({i}, {i}) = ({i}, 1)",
                "isfinite({z})",
                "({z}, {z}) overlaps ({z}, {z})",
                "json_exists({j}, '$.a')",
                "json_exists({j}, 'strict $.a.b' unknown on error)",
                "{i}::boolean",
                "{q} @@ 'a'::tsquery",
                "starts_with({t}, {t})",
                "{l} ?# {l}",
                "{x} && {x}",
                "{x} @> {x}",
                "coalesce({b}, {b})",
                "case when {b} then {b} else {b} end",
                "(select bool_or(h.b) from h where false)",
                "grouping_c({i})",
                "num_nulls({i}) = 0",
                "booleq({b}, {b})",
                "{i} is null",
                "{o} = {o}",
                "{i} operator(pg_catalog.<) {i}",
                "pg_c({b})",
                "pg_input_is_valid({t}, 'int')",
                "jsonb_path_exists({j}, '$.a')",
                "jsonb_path_match({j}, '$.a == 1', '{}', true)",
                "{r} @> {r}",
                "{r} && {r}",
                "{r} < {r}",
                "({p}).x = {i}",
                "{p} is distinct from {p}",
                "{g} -|- {g}",
                "regexp_like({t}, 'x')",
                "(null, {i}) < (1, {i})",
                "{y} = {y}",
                "{v} > {v}",
            ],
        ),
        'L' => (
            &["1::bigint", "null::bigint"],
            &[
                "{i}::bigint",
                "count_c({i})",
                "{L} + {i}",
                "length({t})::bigint",
                "jsonb_array_length('[]')::bigint",
                "currval_c({i})",
                "hashtextextended({t}, 0)",
                "greatest({L}, {i})",
            ],
        ),
        'j' => (
            &["'{}'::jsonb", "'null'::jsonb", "null::jsonb", "'[1, null]'::jsonb"],
            &[
                "{j} -> 'a'",
                "{j} #> '{b,c}'",
                "{j} || {j}",
                "({j})['a']",
                "({j})['a']['b']",
                "to_jsonb({i})",
                "to_jsonb({p})",
                "to_jsonb({r})",
                "jsonb_build_object('a', {t})",
                "jsonb_build_object(variadic {a})",
                "jsonb_build_array({i}, {t})",
                "jsonb_build_array(variadic {r})",
                "jsonb_build_array()",
                "jsonb_build_object()",
                "jsonb_strip_nulls({j})",
                "jsonb_path_query_array({j}, '$.*')",
                "jsonb_path_query_first({j}, '$.a')",
                "json_query({j}, '$.a')",
                "json_query({j}, '$.a' with wrapper)",
                "json_query({j}, '$.a' empty array on empty null on error)",
                "json_object('a': {t} returning jsonb)",
                "json_object('a': {t} absent on null returning jsonb)",
                "json_array({i}, {t} returning jsonb)",
                "json_scalar({t})::jsonb",
                "json({t})::jsonb",
                "{s}::jsonb",
                "jsonb_agg_c({i})",
                "coalesce({j}, {j})",
                "row_to_json(row({i}))::jsonb",
                "json_array(select n from h where false returning jsonb)",
                "jsonb_object({a}, {a})",
                "(select jsonb_agg(h.n) from h where false)",
                "jsonb_extract_path({j}, 'a')",
                "jsonb_extract_path({j}, variadic {a})",
                "array_to_json({r})::jsonb",
            ],
        ),
        's' => (
            &["'{}'::json", "null::json"],
            &[
                "{s} -> 'a'",
                "to_json({i})",
                "json_build_object('a', {i})",
                "json_build_object(variadic {a})",
                "json_build_array({t})",
                "json_build_array(variadic {a})",
                "row_to_json({p})",
                "json_scalar({i})",
                "json_object('k': {t})",
                "json_array({t})",
                "json('{}')",
                "json_strip_nulls({s})",
                "{j}::json",
                "array_to_json({r})",
            ],
        ),
        'r' => (
            &["'{}'::int[]", "array[1]", "null::int[]", "array[null]::int[]"],
            &[
                "array[{i}, {i}]",
                "array[{i}]::int[]",
                "{r} || {i}",
                "{i} || {r}",
                "{r} || {r}",
                "({r})[1:2]",
                "({r})[:]",
                "array_append({r}, {i})",
                "array_cat({r}, {r})",
                "array_remove({r}, {i})",
                "array_replace({r}, {i}, {i})",
                "array(select m from h)",
                "array(select n from h where false)",
                "array_positions({r}, {i})",
                "coalesce({r}, {r})",
                "trim_array({r}, 0)",
                "array_fill({i}, array[1])",
                "case when {b} then {r} end",
                "(select array_agg(h.n) from h where false)",
                "array_sort({r})",
                "array_reverse({r})",
                "array_sample({r}, 0)",
            ],
        ),
        'a' => (
            &["array['k', 'v']", "null::text[]", "array['k', null]"],
            &[
                "array[{t}, {t}]",
                "string_to_array({t}, ',')",
                "regexp_split_to_array({t}, 'x')",
                "regexp_match({t}, 'q')",
                "{a} || {t}",
                "array(select u from h)",
                "{r}::text[]",
                "array_remove({a}, {t})",
                "tsvector_to_array({q})",
                "current_schemas(true)::text[]",
                "parse_ident('a')",
            ],
        ),
        'n' => (
            &["1.5", "null::numeric", "'NaN'::numeric"],
            &[
                "{n} + {n}",
                "{n} * {i}",
                "round({n}, 1)",
                "abs({n})",
                "sqrt(4::numeric)",
                "trunc({n})",
                "{i}::numeric",
                "(jsonb 'null')::numeric",
                "(jsonb_build_array({i}))[0]::numeric",
                "extract(year from {z})",
                "extract(epoch from {z})",
                "extract(hour from {v})",
                "coalesce({n}, 0)",
                "power({n}, 2)",
                "(select sum(h.n) from h where false)::numeric",
                "greatest({n}, {i})",
                "to_number('12', '99')",
                "ceil({n})",
                "case when {b} then {n} else 0 end",
                "mod({n}, 3)",
            ],
        ),
        'd' => (
            &["1.5::float8", "null::float8"],
            &[
                "{d} + 1",
                "{i}::float8",
                "sqrt(abs({i}))",
                "random()",
                "{l} <-> {l}",
                "area({x})",
                "date_part('epoch', {z})",
                "date_part('hour', {z})",
                "@-@ {l}",
                "pi()",
                "exp(0)",
                "degrees({d})",
                "ts_rank({q}, 'a'::tsquery)::float8",
                "height({x})",
                "cbrt({d})",
                "similarity_c({t})",
            ],
        ),
        'z' => (
            &["timestamp '2024-01-01'", "null::timestamp", "timestamp 'infinity'"],
            &[
                "{z} + {v}",
                "date_trunc('day', {z})",
                "date_trunc('month', {z})",
                "now()::timestamp",
                "localtimestamp",
                "now() at time zone 'UTC'",
                "{z} at time zone 'UTC' at time zone 'UTC'",
                "greatest({z}, {z})",
                "coalesce({z}, {z})",
                "make_timestamp(2024, 1, 1, 0, 0, 0)",
                "date_bin('1 day', {z}, {z})",
                "clock_timestamp()::timestamp",
                "to_timestamp(5)::timestamp",
                "current_date::timestamp",
                "to_date('2024', 'YYYY')::timestamp",
                "timezone('UTC', now())",
                "{z} at local at local",
            ],
        ),
        'v' => (
            &["interval '1 day'", "null::interval"],
            &[
                "{v} + {v}",
                "{v} * 2",
                "age({z}, {z})",
                "justify_days({v})",
                "{z} - timestamp '2024-01-01'",
                "make_interval(days => {i})",
                "make_interval(0, 1)",
                "date_trunc('hour', {v})",
            ],
        ),
        'g' => (
            &["'empty'::int4range", "null::int4range", "int4range(1, 5)"],
            &[
                "int4range(1, {i} * {i} + 2)",
                "int4range({i}, null)",
                "{g} * {g}",
                "range_merge({m})",
                "range_merge({g}, {g})",
                "coalesce({g}, {g})",
            ],
        ),
        'm' => (
            &["'{}'::int4multirange", "null::int4multirange"],
            &[
                "multirange({g})",
                "{m} + {m}",
                "{m} * {m}",
                "{m} - {m}",
                "int4multirange({g})",
                "int4multirange(variadic null::int4range[])",
            ],
        ),
        'p' => (
            &["row(1, 'a')::pt", "null::pt", "row(null, null)::pt"],
            &[
                "row({i}, {t})::pt",
                "case when {b} then {p} end",
                "coalesce({p}, {p})",
                "jsonb_populate_record(null::pt, jsonb_build_object('x', {i}))",
                "({p})",
            ],
        ),
        'l' => {
            (&["lseg '((0,0),(1,1))'", "null::lseg"], &["lseg(point(0, 0), point({i}, 1))", "diagonal({x})"])
        }
        'x' => (
            &["box '((0,0),(1,1))'", "null::box"],
            &["{x} # {x}", "box(point({i}, 0), point(1, 1))", "bound_box({x}, {x})", "{x} + point(1, 1)"],
        ),
        'o' => (
            &["'ok'::mood", "null::mood"],
            &[
                "coalesce({o}, {o})",
                "case when {b} then {o} else 'ok' end",
                "enum_last({o})",
                "'bad'::mood",
                "greatest({o}, {o})",
            ],
        ),
        'q' => (
            &["'a b'::tsvector", "null::tsvector"],
            &["to_tsvector('simple', {t})", "{q} || {q}", "setweight({q}, 'A')", "strip({q})"],
        ),
        _ => (
            &["'\\x00'::bytea", "null::bytea"],
            &[
                "decode('ff', 'hex')",
                "{y} || {y}",
                "convert_to({t}, 'UTF8')",
                "sha256({y})",
                "set_byte({y}, 0, 1)",
                "substring({y} from 1)",
            ],
        ),
    }
}

/// Types that can be compared in DISTINCT and set operations.
const SIMPLE: [char; 6] = ['i', 't', 'b', 'r', 'n', 'o'];

impl Pick for Wide {
    fn state(&mut self) -> &mut u64 {
        &mut self.state
    }
}

impl Wide {
    pub fn new(seed: u64) -> Wide {
        Wide { state: pick::state(seed), n_names: 0, ctes: Vec::new() }
    }

    fn name(&mut self) -> String {
        self.n_names += 1;
        format!("x{}", self.n_names)
    }

    fn types(&mut self, n: usize) -> Vec<char> {
        let all = [
            'i', 't', 'b', 'j', 'r', 'n', 'i', 't', 'p', 'z', 'g', 'o', 'a', 's', 'd', 'v', 'm', 'x', 'q',
            'y', 'l',
        ];
        (0..n).map(|_| all[self.below(all.len())]).collect()
    }

    // ------------------------------------------------------------ expressions

    /// `{x}` becomes an expression of type x.
    fn fill(&mut self, template: &str, items: &[Item], depth: u32) -> String {
        let mut res = String::new();
        let mut chars = template.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let slot = template[at..].strip_prefix('{').and_then(|it| it.split_once('}')).map(|it| it.0);
            match slot {
                Some(it)
                    if it.len() == 1 && !matches!(it, "a" | "0")
                        || slot == Some("a") && !template.contains("'{a}'") =>
                {
                    let ty = it_char(slot);
                    res.push_str(&self.expr(ty, items, depth));
                    chars.next();
                    chars.next();
                }
                _ => res.push(c),
            }
        }
        res
    }

    fn column(&mut self, items: &[Item], ty: char) -> Option<String> {
        let mut found = Vec::new();
        for item in items {
            for (name, own) in &item.columns {
                if *own == ty {
                    found.push(if item.alias.is_empty() {
                        name.clone()
                    } else {
                        format!("{}.{name}", item.alias)
                    });
                }
            }
        }
        if found.is_empty() { None } else { Some(found[self.below(found.len())].clone()) }
    }

    fn leaf(&mut self, ty: char, items: &[Item]) -> String {
        if self.chance(85)
            && let Some(it) = self.column(items, ty)
        {
            return it;
        }
        self.one(forms(ty).0).to_owned()
    }

    fn expr(&mut self, ty: char, items: &[Item], depth: u32) -> String {
        if depth == 0 || self.chance(20) {
            return self.leaf(ty, items);
        }
        let own = forms(ty).1;
        // Some names stand for nothing: they keep the lists apart from what PostgreSQL knows.
        let mut template = self.one(own);
        while template.contains("_c(") || template.contains("none_t") {
            template = self.one(own);
        }
        format!("({})", self.fill(template, items, depth - 1))
    }

    // -------------------------------------------------------------------- FROM

    fn item(&mut self, visible: &[Item], depth: u32) -> (String, Item) {
        let alias = self.name();
        let of = |spec: &str| Item { alias: alias.clone(), columns: columns(spec) };
        if !self.ctes.is_empty() && self.chance(40) {
            let at = self.below(self.ctes.len());
            let cte = self.ctes[at].clone();
            return (format!("{} {alias}", cte.alias), Item { alias, columns: cte.columns });
        }
        match self.below(26) {
            0..=5 => (format!("g {alias}"), of(G)),
            6..=8 => (format!("h {alias}"), of(H)),
            9 => (format!("par {alias}"), of(PAR)),
            10 => (format!("only par {alias}"), of(PAR)),
            11 => (format!("prt {alias}"), of(PAR)),
            12 => (format!("old_nv {alias}"), of(NV)),
            13 => (format!("gv {alias}"), of(GV)),
            14 => (format!("gs() {alias}"), of(G)),
            15 => {
                let arg = self.expr('i', visible, 1);
                (format!("row_f({arg}) {alias}"), of("a:i c:t"))
            }
            16 => {
                let arg = self.expr('i', visible, 1);
                (format!("out_f({arg}) {alias}"), of("a:i c:t"))
            }
            17 => (format!("pts_f() {alias}"), of("x:i y:t")),
            18 => {
                let arg = self.expr('r', visible, 1);
                (
                    format!("unnest({arg}, array['a', 'b', 'c']) with ordinality {alias} (e, s, o)"),
                    of("e:i s:t o:L"),
                )
            }
            19 => {
                let two = self.one(&[
                    "generate_series(1, 3)",
                    "set_f(1)",
                    "none_f()",
                    "unnest(array[1, null])",
                    "jsonb_array_length('[]')",
                ]);
                let one =
                    self.one(&["generate_series(1, 2)", "none_f()", "set_f(2)", "generate_series(5, 1)"]);
                (format!("rows from ({one}, {two}) with ordinality {alias} (e, s, o)"), of("e:i s:i o:L"))
            }
            20 => {
                let one = self.one(&[
                    "generate_series(1, 2)",
                    "none_f()",
                    "set_f(2)",
                    "generate_series(1, null)",
                    "lax_f(null)",
                    "strict_f(1)",
                    "abs(-3)",
                    "length('x')",
                ]);
                (format!("{one} {alias} (e)"), of("e:i"))
            }
            21 => {
                let arg = self.expr('j', visible, 1);
                let more = self.one(&[
                    "",
                    ", nested path '$[*]' columns (z int path '$')",
                    ", ex boolean exists path '$.b'",
                    ", w text path '$.q' default 'w' on empty",
                ]);
                (
                    format!(
                        "json_table({arg}, '$' columns (o for ordinality, e int path '$.a', s text path '$.b'{more})) {alias}"
                    ),
                    of("o:i e:i s:t"),
                )
            }
            22 => {
                let arg = self.expr('t', visible, 1);
                (
                    format!(
                        "xmltable('/r/a' passing xmlelement(name r, xmlelement(name a, {arg})) columns o for ordinality, s text path '@x', e int path 'b' default 4) {alias}"
                    ),
                    of("o:i s:t e:i"),
                )
            }
            23 => {
                let rows = self.one(&["(1, 'x'), (2, null)", "(1, 'x')", "(null, 'y'), (3, 'z')"]);
                (format!("(values {rows}) {alias} (e, s)"), of("e:i s:t"))
            }
            24 => (
                format!("jsonb_to_recordset('[{{\"e\":1}},{{}}]') as {alias} (e int, s text)"),
                of("e:i s:t"),
            ),
            _ => {
                let types = self.types(2);
                let query = self.query(&types, visible, depth.saturating_sub(1));
                let item = Item {
                    alias: alias.clone(),
                    columns: vec![("e".into(), types[0]), ("s".into(), types[1])],
                };
                (format!("lateral ({query}) {alias} (e, s)"), item)
            }
        }
    }

    fn from(&mut self, outer: &[Item], depth: u32) -> (String, Vec<Item>) {
        let (mut text, item) = self.item(outer, depth);
        let mut items = vec![item];
        let n_joins = self.below(if depth < 2 { 2 } else { 3 });
        for at in 0..n_joins {
            let mut kind = self.one(&[
                "join",
                "left join",
                "right join",
                "full join",
                "left join",
                "cross join",
                "join",
                ",",
            ]);
            if kind == "," && at + 1 < n_joins {
                kind = "cross join";
            }
            let mut visible = outer.to_vec();
            if matches!(kind, "join" | "left join" | "cross join" | ",") {
                visible.extend(items.iter().filter(|it| !it.alias.is_empty()).cloned());
            }
            let (other, item) = self.item(&visible, depth);
            if (kind == "right join" || kind == "full join") && other.contains("lateral") {
                kind = "left join";
            }
            if kind == "cross join" || kind == "," {
                text = if kind == "," {
                    format!("{text}, {other}")
                } else {
                    format!("{text} cross join {other}")
                };
                items.push(item);
                continue;
            }
            let has = |it: &Item, name: &str| it.columns.iter().any(|it| it.0 == name && it.1 == 'i');
            let shared = ["n", "e", "id", "m"]
                .into_iter()
                .find(|it| items.len() == 1 && !text.contains(',') && has(&items[0], it) && has(&item, it));
            if let Some(name) = shared
                && self.chance(40)
            {
                let alias = if at + 1 < n_joins || self.chance(30) { self.name() } else { String::new() };
                let as_ = if alias.is_empty() { String::new() } else { format!(" as {alias}") };
                text = format!("{text} {kind} {other} using ({name}){as_}");
                items.push(item);
                items.push(Item { alias, columns: vec![(name.to_owned(), 'i')] });
                continue;
            }
            let left = self.column(&items, 'i').unwrap_or("1".into());
            let right = self.column(std::slice::from_ref(&item), 'i').unwrap_or("1".into());
            let on = if kind != "full join" && self.chance(20) {
                self.one(&["true", "false"]).to_owned()
            } else {
                format!("{left} = {right}")
            };
            text = format!("{text} {kind} {other} on {on}");
            items.push(item);
        }
        if self.chance(8)
            && !text.contains(',')
            && items.len() > 1
            && items.iter().all(|it| !it.alias.is_empty())
        {
            // An alias for the join as a whole hides what is inside.
            let alias = self.name();
            let first = items[0].columns.clone();
            let (name, ty) = first[0].clone();
            return (format!("({text}) {alias} ({name})"), vec![Item { alias, columns: vec![(name, ty)] }]);
        }
        (text, items)
    }

    // ----------------------------------------------------------------- queries

    fn query(&mut self, types: &[char], outer: &[Item], depth: u32) -> String {
        let simple = types.iter().all(|it| SIMPLE.contains(it));
        match self.below(12) {
            0 | 1 if simple => {
                let (l, r) = (self.select(types, outer, depth), self.select(types, outer, depth));
                let op =
                    self.one(&["union", "union all", "intersect", "except", "intersect all", "except all"]);
                format!("({l}) {op} ({r})")
            }
            2 => {
                let mut row = || {
                    let cells: Vec<String> = types.iter().map(|ty| self.expr(*ty, outer, 1)).collect();
                    format!("({})", cells.join(", "))
                };
                format!("values {}, {}", row(), row())
            }
            _ => self.select(types, outer, depth),
        }
    }

    fn select(&mut self, types: &[char], outer: &[Item], depth: u32) -> String {
        let (from, own) = self.from(outer, depth);
        let mut items = own.clone();
        items.extend(outer.iter().filter(|it| !it.alias.is_empty()).cloned());
        let where_ =
            if self.chance(30) { format!(" where {}", self.expr('b', &items, 1)) } else { String::new() };
        let limit = if outer.is_empty() { "" } else { " limit 1" };
        if self.chance(35) {
            return self.grouped(types, &from, &own, &where_, limit, depth);
        }
        let mut targets = Vec::new();
        for ty in types {
            let text = if *ty == 'i' && outer.is_empty() && self.chance(25) {
                self.special(&items)
            } else {
                self.expr(*ty, &items, depth)
            };
            targets.push(text);
        }
        if outer.is_empty() && depth == 2 && types.len() > 1 && self.chance(8) {
            let it = &own[0].alias;
            if !it.is_empty() {
                targets.push(format!("{it}.*"));
            }
        }
        let distinct = if types.iter().all(|it| SIMPLE.contains(it))
            && !targets.iter().any(|it| it.ends_with(".*"))
            && self.chance(8)
        {
            "distinct "
        } else {
            ""
        };
        format!("select {distinct}{} from {from}{where_}{limit}", targets.join(", "))
    }

    /// Windows and sets in the select list.
    fn special(&mut self, items: &[Item]) -> String {
        if self.chance(45) {
            let set = self.one(&[
                "generate_series(1, 3)",
                "generate_series(1, 2)",
                "unnest(array[1, null])",
                "unnest({r})",
                "set_f({i})",
                "none_f()",
                "generate_series({i}, {i} + 1)",
                "(row_f(1)).a",
                "jsonb_array_length(jsonb_array_elements('[[]]'))",
                "abs(generate_series(1, 2))",
                "generate_series(1, generate_series(1, 2))",
            ]);
            let set = self.fill(set, items, 0);
            let wrap = self.one(&[
                "@",
                "@",
                "@ + 1",
                "cardinality(array[@])",
                "greatest(@, 1)",
                "length(concat(@))",
                "(@)::int",
            ]);
            return wrap.replace('@', &set);
        }
        let call = self.one(&[
            "row_number()",
            "rank()",
            "dense_rank()",
            "percent_rank()",
            "cume_dist()",
            "ntile({i})",
            "ntile(3)",
            "lag({i})",
            "lead({i})",
            "lag({i}, 1, {i})",
            "lead({i}, 1, 0)",
            "lag({i}, 0)",
            "first_value({i})",
            "last_value({i})",
            "nth_value({i}, 1)",
            "nth_value({i}, 2)",
            "sum({i})",
            "count({i})",
            "count(*)",
            "max({i})",
            "min({i}) filter (where {b})",
            "count(*) filter (where {b})",
            "sum(1)",
            "array_length(array_agg({i}), 1)",
            "avg({i})",
            "bit_or({i})",
            "any_value({i})",
        ]);
        let call = self.fill(call, items, 0);
        let frame = self.one(&[
            "",
            "",
            "",
            " rows between 1 following and 2 following",
            " rows between 2 preceding and 1 preceding",
            " rows between current row and unbounded following exclude current row",
            " groups between 1 preceding and 1 preceding",
            " range between 1 preceding and 1 following exclude ties",
            " rows between unbounded preceding and unbounded following",
        ]);
        let order = self.column(items, 'i').unwrap_or("1".into());
        let partition = if self.chance(30) { format!("partition by {order} ") } else { String::new() };
        if call.starts_with("array_length") {
            let (head, tail) = call.split_at(call.len() - 4);
            return format!("{head} over ({partition}order by {order}{frame}){tail}");
        }
        format!("({call} over ({partition}order by {order}{frame}))::int")
    }

    fn grouped(
        &mut self,
        types: &[char],
        from: &str,
        own: &[Item],
        where_: &str,
        limit: &str,
        depth: u32,
    ) -> String {
        let mut keys: Vec<(String, char)> = Vec::new();
        for _ in 0..self.below(3) {
            let ty = ['i', 't', 'b'][self.below(3)];
            if let Some(it) = self.column(own, ty)
                && !keys.iter().any(|key| key.0 == it)
            {
                keys.push((it, ty));
            }
        }
        let list: Vec<&str> = keys.iter().map(|it| it.0.as_str()).collect();
        let list = list.join(", ");
        let group = match self.below(7) {
            _ if keys.is_empty() => {
                self.one(&["", "", " group by ()", " group by grouping sets ((), ())"]).to_owned()
            }
            0 => format!(" group by rollup ({list})"),
            1 => format!(" group by cube ({list})"),
            2 => format!(" group by grouping sets (({list}), ())"),
            3 => format!(" group by (), {list}"),
            4 => format!(" group by distinct {list}, ({list})"),
            _ => format!(" group by {list}"),
        };
        let mut targets = Vec::new();
        for ty in types {
            targets.push(self.aggregate(*ty, own, &keys, depth));
        }
        let having = if self.chance(15) {
            self.one(&[" having count(*) > 1", " having true", " having false"])
        } else {
            ""
        };
        format!("select {} from {from}{where_}{group}{having}{limit}", targets.join(", "))
    }

    fn aggregate(&mut self, ty: char, own: &[Item], keys: &[(String, char)], depth: u32) -> String {
        if self.chance(30)
            && let Some(key) = keys.iter().find(|it| it.1 == ty)
        {
            let wrap = match ty {
                'i' => self.one(&[
                    "@",
                    "@",
                    "abs(@)",
                    "@ + 1",
                    "coalesce(@, 0)",
                    "grouping(@)",
                    "(select @)",
                    "greatest(@, 1)",
                    "lag(@) over ()",
                    "count(*) filter (where @ = 1)::int",
                    "nullif(@, 1)",
                ]),
                't' => self.one(&[
                    "@",
                    "upper(@)",
                    "@ || 'x'",
                    "concat(@)",
                    "(select @)",
                    "case when @ = 'x' then @ else @ end",
                ]),
                _ => self.one(&["@", "not @", "@ is null", "(select @)", "@ and true"]),
            };
            return wrap.replace('@', &key.0);
        }
        let filter = if self.chance(20) {
            format!(" filter (where {})", self.expr('b', own, 0))
        } else {
            String::new()
        };
        let call = match ty {
            'i' => self.one(&[
                "count(*)",
                "count({i})",
                "max({i})",
                "min({i})",
                "sum({i})",
                "avg({i})",
                "stddev({i})",
                "variance({i})",
                "mode() within group (order by {i})",
                "percentile_disc(0.5) within group (order by {i})",
                "percentile_cont(0.5) within group (order by {i})",
                "bit_and({i})",
                "bit_xor({i})",
                "any_value({i})",
                "sum(distinct {i})",
                "count(distinct {t})",
                "regr_count({i}, {i})",
                "corr({i}, {i})",
                "covar_pop({i}, {i})",
                "rank({i}) within group (order by {i})",
                "max({i} order by {i})",
            ]),
            't' => self.one(&[
                "max({t})",
                "min({t})",
                "string_agg({t}, ',')",
                "string_agg({t}, {t})",
                "string_agg(distinct {t}, ',')",
                "any_value({t})",
                "sum({t})",
                "max(current_user)",
                "mode() within group (order by {t})",
            ]),
            'b' => self.one(&["bool_and({b})", "bool_or({b})", "every({b})", "max({b})", "any_value({b})"]),
            'j' => self.one(&[
                "jsonb_agg({i})",
                "jsonb_object_agg({t}, {i})",
                "jsonb_agg_strict({t})",
                "json_arrayagg({t} returning jsonb)",
                "json_objectagg({t}: {i} returning jsonb)",
                "jsonb_object_agg_unique({i}::text, {i})",
                "json_arrayagg({t} null on null returning jsonb)",
            ]),
            's' => self.one(&[
                "json_agg({t})",
                "json_object_agg({i}, {t})",
                "json_arrayagg({t})",
                "json_objectagg({i}: {t})",
                "json_agg_strict({t})",
            ]),
            'r' => self.one(&[
                "array_agg({i})",
                "array_agg({i} order by {t})",
                "array_agg(distinct {i})",
                "array_agg({r})",
            ]),
            'a' => self.one(&["array_agg({t})", "array_agg({u})"]),
            'n' => self.one(&["sum({n})", "avg({n})", "max({n})", "sum({i})::numeric", "stddev_pop({n})"]),
            'g' => self.one(&["range_intersect_agg({g})", "any_value({g})"]),
            'm' => self.one(&["range_agg({g})", "range_agg({m})"]),
            _ => {
                let value = self.expr(ty, own, 1);
                return format!("(array_agg({value}))[1]");
            }
        };
        let call = call.replace("{u}", "{t}");
        let text = self.fill(&call, own, depth.min(1));
        let text = if text.contains("::") && !text.contains("{") && text.ends_with("::numeric") {
            text
        } else {
            format!("{text}{filter}")
        };
        let cast = if ty == 'i' { "::int" } else { "" };
        let wrap = self.one(&["@", "@", "@", "coalesce(@)", "(@)"]);
        format!("({}){cast}", wrap.replace('@', &text))
    }

    // ----------------------------------------------------------------- changes

    fn returning(&mut self, own: &Item, others: &[Item], merge: bool) -> String {
        let mut items = vec![own.clone()];
        for alias in ["old", "new"] {
            items.push(Item { alias: alias.into(), columns: own.columns.clone() });
        }
        items.extend(others.iter().cloned());
        let mut targets = Vec::new();
        for _ in 0..1 + self.below(3) {
            let ty = ['i', 't', 'b', 'i'][self.below(4)];
            targets.push(match self.below(8) {
                0 => self.one(&["*", "old.*", "new.*"]).to_owned(),
                1 if merge => "merge_action()".to_owned(),
                2 | 3 => self.expr(ty, &items, 1),
                4 => self
                    .one(&["old.ctid", "new.tableoid", "old", "new", "old is null", "to_jsonb(old)"])
                    .to_owned(),
                _ => self.leaf(ty, &items),
            });
        }
        targets.join(", ")
    }

    fn change(&mut self) -> String {
        let alias = self.name();
        let own = Item { alias: alias.clone(), columns: columns(H) };
        let assign = |this: &mut Self, items: &[Item]| {
            let options = [
                "m = {i}",
                "u = {t}",
                "n = {x}.n + 1",
                "t = {x}.t || 'x'",
                "(m, u) = (select {i}, {t})",
                "b = not {x}.b",
                "t = default",
                "u = default, m = null",
            ];
            let it = this.one(&options).replace("{x}", &items[0].alias);
            this.fill(&it, items, 1)
        };
        let table = self.one(&["h", "h", "h", "up"]);
        match self.below(5) {
            0 => {
                let values = self.one(&[
                    "(n, m, t) values ({i}, {i}, {t})",
                    "(n) values (1), (2)",
                    "(n, t) select n, t from g",
                    "(n, u) select 5, null union all select 6, 'q'",
                ]);
                let values = self.fill(values, &[], 1);
                let conflict = if self.chance(50) {
                    self.one(&[
                        " on conflict (n, t) do update set m = excluded.m",
                        " on conflict do nothing",
                        " on conflict (n, t) do update set u = 'c', n = 40 where excluded.n > 0",
                    ])
                } else {
                    ""
                };
                let returning = self.returning(&own, &[], false);
                format!("insert into {table} as {alias} {values}{conflict} returning {returning}")
            }
            1 | 2 => {
                let (from, others) =
                    if self.chance(60) { self.from(&[], 1) } else { (String::new(), Vec::new()) };
                let mut items = vec![own.clone()];
                items.extend(others.iter().cloned());
                let set = assign(self, &items);
                let from = if from.is_empty() { from } else { format!(" from {from}") };
                let where_ = if self.chance(50) {
                    format!(" where {}", self.expr('b', &items, 1))
                } else {
                    String::new()
                };
                let returning = self.returning(&own, &others, false);
                format!("update {table} {alias} set {set}{from}{where_} returning {returning}")
            }
            3 => {
                let (from, others) =
                    if self.chance(60) { self.from(&[], 1) } else { (String::new(), Vec::new()) };
                let using = if from.is_empty() { from } else { format!(" using {from}") };
                let returning = self.returning(&own, &others, false);
                format!("delete from {table} {alias}{using} returning {returning}")
            }
            _ => {
                let (source, item) = self.item(&[], 1);
                let items = vec![own.clone(), item.clone()];
                let on = match self.column(std::slice::from_ref(&item), 'i') {
                    Some(it) => format!("{alias}.n = {it} and {alias}.id = {it}"),
                    None => "false".into(),
                };
                let mut whens = String::new();
                if self.chance(60) {
                    let set = assign(self, &items);
                    whens += &match self.below(3) {
                        0 => " when matched then delete".to_owned(),
                        1 => " when matched then do nothing".to_owned(),
                        _ => format!(" when matched then update set {set}"),
                    };
                }
                if self.chance(50) {
                    whens += self
                        .one(&[
                            " when not matched by source then update set m = 5",
                            " when not matched by source and b then delete",
                            " when not matched by source then do nothing",
                        ])
                        .replace(" b ", &format!(" {alias}.b "))
                        .as_str();
                }
                if self.chance(60) || whens.is_empty() {
                    let n = self.column(std::slice::from_ref(&item), 'i').unwrap_or("1".into());
                    whens += &format!(
                        " when not matched then insert (n, t) values (coalesce({n}, 0), 'm' || random())"
                    );
                }
                let returning = self.returning(&own, &[item], true);
                format!("merge into {table} {alias} using {source} on {on}{whens} returning {returning}")
            }
        }
    }

    pub fn statement(&mut self) -> String {
        self.n_names = 0;
        self.ctes.clear();
        if self.chance(22) {
            return self.change();
        }
        let mut with = Vec::new();
        for _ in 0..[0, 0, 0, 1, 2][self.below(5)] {
            let name = self.name();
            if self.chance(25) {
                let first = self.select(&['i', 't'], &[], 1);
                let step = self.one(&["e + 1, s", "null::int, s", "e + 1, null::text", "e + 1, upper(s)"]);
                let tail = self.one(&["", "", " search depth first by e set sq", " cycle e set cy using pa"]);
                with.push(format!("{name} (e, s) as (({first}) union all select {step} from {name} where e between -3 and 3){tail}"));
                self.ctes.push(Item { alias: name, columns: columns("e:i s:t") });
                continue;
            }
            if self.chance(30) {
                let alias = self.name();
                let what = self.one(&[
                    "old.n, new.t",
                    "new.n, old.t",
                    "old.id, old.t",
                    "n, t",
                    "old.n + new.n, concat(old.t)",
                ]);
                let change = self.one(&["insert into h as {} (n) values (77), (78)", "update h {} set m = 1", "delete from h {}", "insert into h as {} (n, t) values (1, 'y1'), (55, 'z') on conflict (n, t) do update set m = 4"]).replace("{}", &alias);
                with.push(format!("{name} (e, s) as ({change} returning {what})"));
                self.ctes.push(Item { alias: name, columns: columns("e:i s:t") });
                continue;
            }
            let types = self.types(2);
            let body = self.query(&types, &[], 1);
            with.push(format!("{name} (e, s) as ({body})"));
            self.ctes
                .push(Item { alias: name, columns: vec![("e".into(), types[0]), ("s".into(), types[1])] });
        }
        let n = 1 + self.below(3);
        let types = self.types(n);
        let body = self.query(&types, &[], 2);
        if with.is_empty() { body } else { format!("with recursive {} {body}", with.join(", ")) }
    }
}

fn it_char(slot: Option<&str>) -> char {
    slot.and_then(|it| it.chars().next()).unwrap_or('i')
}
