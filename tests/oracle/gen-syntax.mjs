// Random PostgreSQL statements, and broken ones, with the raw grammar's verdict.
//
//   node gen-syntax.mjs [--seed N] [--n N] [--mutants N] [--check]
//
// One JSON object a line: {sql, valid, position, message, kind}. See README.md.

import { scanSync } from 'libpg-query';
import { PGlite } from '@electric-sql/pglite';
import { parse } from './syntax.mjs';
import { emptyDirectory, isRaw, parseError } from './wire.mjs';

const args = process.argv.slice(2);
const option = (name, value) => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : value);
const seed = option('--seed', 1);
const n = option('--n', 1000);
const mutants = option('--mutants', 4);
const check = args.includes('--check');

// -------------------------------------------------------------------- chance

let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const int = (k) => Math.floor(random() * k);
const chance = (p) => random() < p;
const pick = (...list) => {
  const x = list[int(list.length)];
  return typeof x === 'function' ? x() : x;
};
const maybe = (p, f) => (chance(p) ? (typeof f === 'function' ? f() : f) : '');
const times = (k, f) => Array.from({ length: k }, f);
/** 1 to `k` of them, comma separated. */
const list = (k, f) => times(1 + int(k), f).join(maybe(0.1, ' ') + ', ');
/** Joins the non-empty parts. */
const j = (...parts) => parts.filter((p) => p !== '').join(' ');

// --------------------------------------------------------------------- names

const plain = () => pick('a', 'b', 'id', 'user_id', 'created_at', 'Total', 'x1', '_tmp', 'price$', 'größe', 'naïve', '名前', 'email', 'tags', 'meta', 'n');
const quoted = () => pick('"id"', '"userId"', '"select"', '"a b"', '"say ""hi"""', '"Größe"', '"order"', '"名前"', '"x.y"', 'U&"d\\0061t"');
const name = () => (chance(0.3) ? quoted() : plain());
const table = () => pick('users', 'posts', '"users"', '"post_tags"', 'orders', 'public.users', '"public"."posts"', 'app.orders', 'événements');
const alias = () => pick('u', 'p', 't1', '"T"', 'sub', 'x');
const column = () => pick(name, () => `${alias()}.${name()}`, () => `"users".${quoted()}`, () => `${pick('public', '"s"')}.${alias()}.${plain()}`);
const func = () => pick('lower', 'count', 'my_func', 'pg_catalog.abs', '"f"', 'jsonb_agg', 'array_agg', 'sum', 'now', 'concat', 'date_trunc', 'left', 'app."doIt"');
const collation = () => pick('"C"', 'pg_catalog."default"', '"de-x-icu"', 'en_US');

// ------------------------------------------------------------------ literals

const text = () => pick("''", "'a'", "'it''s'", "E'a\\nb\\'c'", "E'\\u00e4\\\\'", '$$raw \' text$$', '$q$ a $$ b $q$', "U&'d\\0061t'", "N'n'", "'grüße'", "'-- no'", "'/* no */'", "'a'\n'b'", "'😀'");
const number = () => pick('0', '1', '42', '3.14', '.5', '7.', '1e10', '2.5E-3', '1_000', '0x1F', '0o17', '0b101', '99999999999999999999');
const constant = () => pick(text, number, number, 'null', 'true', 'FALSE', "b'101'", "X'1f'", () => `$${1 + int(5)}`, () => `$${1 + int(5)}`);

const typeName = () => {
  const base = pick('int', 'integer', 'bigint', 'smallint', 'text', 'boolean', 'uuid', 'jsonb', 'json', 'date', 'numeric', 'numeric(10, 2)', 'decimal(5)', 'varchar(255)', 'character varying', 'char(3)', 'character(3)', 'national character varying(3)', 'double precision', 'real', 'float(24)', 'bit(3)', 'bit varying(5)', 'timestamp', 'timestamp(3)', 'timestamp with time zone', 'timestamp(6) without time zone', 'timestamptz', 'time with time zone', 'interval', 'interval year to month', 'interval(3)', 'interval day to second(3)', '"mood"', 'public.mood', '"app"."kind"', 'vector(3)', 'geometry(Point, 4326)', 'pg_catalog.int4', 'users.id%type');
  if (base.endsWith('%type')) return 'text';
  return base + pick('', '', '', '', '[]', '[][]', '[3]', ' array', ' array[4]');
};
const plainType = () => pick('int', 'text', 'date', 'jsonb', 'numeric(10,2)', 'timestamptz', 'varchar(20)', 'text[]', '"mood"', 'app.kind');

// --------------------------------------------------------------- expressions

const operator = () => pick('+', '-', '*', '/', '%', '^', '=', '<>', '!=', '<', '>', '<=', '>=', '||', '->', '->>', '#>', '#>>', '@>', '<@', '?', '?|', '?&', '&&', '~', '~*', '!~', '!~*', '&', '|', '#', '<<', '>>', '<->', '<=>', '@@', '@?', '-|-', '^@', '~~', '|/|', 'operator(pg_catalog.+)', 'OPERATOR("app".@@)');

function atom(d) {
  if (d <= 0) return pick(column, column, constant, constant);
  return pick(
    column,
    constant,
    () => `(${expr(d - 1)})`,
    () => call(d - 1),
    () => special(d - 1),
    () => `(${select(d - 2)})`,
    () => `array[${maybe(0.9, () => list(3, () => expr(d - 1)))}]`,
    () => `array(${select(d - 2)})`,
    () => `(${alias()}).${name()}`,
    () => `(${expr(d - 1)}).${name()}`,
    () => `(${expr(d - 1)})[${expr(d - 1)}]`,
    () => `${column()}[${maybe(0.6, () => expr(d - 1))}:${maybe(0.6, () => expr(d - 1))}]`,
    () => `${column()}[${expr(d - 1)}]`,
    () => `$${1 + int(3)}${pick('', '', '.f', '[1]')}`,
    () => `row(${maybe(0.8, () => list(3, () => expr(d - 1)))})`,
    () => `(${expr(d - 1)}, ${list(2, () => expr(d - 1))})`,
    () => `case ${maybe(0.4, () => expr(d - 1))} ${times(1 + int(2), () => `when ${expr(d - 1)} then ${expr(d - 1)}`).join(' ')} ${maybe(0.6, () => `else ${expr(d - 1)}`)} end`,
    () => `${pick('cast', 'CAST')}(${expr(d - 1)} as ${typeName()})`,
    () => `${pick('exists', 'not exists', 'EXISTS')} (${select(d - 2)})`,
    () => pick('date', 'timestamp', 'timestamptz', 'time', 'uuid', 'jsonb', 'public.mood', 'numeric(4,1)', 'double precision', 'interval', 'int') + ' ' + pick("'x'", "'2020-01-01'", "E'1'"),
    () => `interval ${pick("'1 day'", "'2'")} ${pick('', 'day', 'year to month', 'hour to second(2)', 'second(3)', 'minute')}`,
    () => `interval(3) '1 second'`,
    () => pick('current_date', 'current_time(2)', 'current_timestamp', 'CURRENT_TIMESTAMP(3)', 'localtime', 'localtimestamp(0)', 'current_user', 'session_user', 'user', 'current_role', 'system_user', 'current_schema', 'current_catalog'),
  );
}

function call(d) {
  const args = pick(
    () => list(3, () => expr(d)),
    '',
    '*',
    () => `distinct ${list(2, () => expr(d))}`,
    () => `${expr(d)} order by ${sort(d)}`,
    () => `distinct ${expr(d)} order by ${sort(d)}`,
    () => `variadic ${expr(d)}`,
    () => `${expr(d)}, variadic ${expr(d)}`,
    () => `${plain()} => ${expr(d)}`,
    () => `${expr(d)}, ${plain()} := ${expr(d)}`,
    () => `all ${expr(d)}`,
  );
  if (chance(0.05)) return `percentile_cont(${list(2, () => expr(d))}) within group (order by ${sort(d)})${maybe(0.3, () => ` filter (where ${expr(d)})`)}`;
  return `${func()}(${args})` + maybe(0.15, () => ` filter (where ${expr(d)})`)
    + maybe(0.2, () => ` over ${pick('w', '()', () => `(${windowSpec(d)})`)}`);
}

function windowSpec(d) {
  const bound = () => pick('unbounded preceding', 'current row', () => `${number()} preceding`, "interval '1 day' preceding");
  const after = () => pick('current row', 'unbounded following', () => `${number()} following`);
  return j(maybe(0.15, 'w0'), maybe(0.6, () => `partition by ${list(2, () => expr(d))}`), maybe(0.6, () => `order by ${sort(d)}`),
    maybe(0.3, () => `${pick('rows', 'range', 'groups')} between ${bound()} and ${after()}${maybe(0.3, () => ` exclude ${pick('ties', 'group', 'current row', 'no others')}`)}`));
}

function special(d) {
  const e = () => expr(d);
  return pick(
    () => `extract(${pick('year', 'epoch', 'dow', 'month', 'second', "'hour'", 'isodow')} from ${e()})`,
    () => `substring(${e()} ${pick('from 1 for 2', 'from 2', 'for 3', "similar 'a' escape '#'")})`,
    () => `substring(${e()}, ${e()})`,
    () => `position(${b(d)} in ${b(d)})`,
    () => `overlay(${e()} placing ${e()} from ${e()} ${maybe(0.5, () => `for ${e()}`)})`,
    () => `trim(${pick('', 'both', 'leading', 'trailing')} ${pick(() => `${e()} from ${e()}`, () => `from ${e()}`, e)})`,
    () => `coalesce(${list(3, e)})`,
    () => `${pick('greatest', 'LEAST')}(${list(3, e)})`,
    () => `nullif(${e()}, ${e()})`,
    () => `grouping(${list(2, e)})`,
    () => `collation for (${e()})`,
    () => `treat(${e()} as text)`,
    () => `normalize(${e()}${pick('', ', NFC', ', nfkd')})`,
    () => `xmlelement(name ${name()}${maybe(0.5, () => `, xmlattributes(${e()} as ${name()})`)}${maybe(0.5, () => `, ${e()}`)})`,
    () => `xmlforest(${e()} as ${name()}, ${column()})`,
    () => `xmlconcat(${list(2, e)})`,
    () => `xmlparse(${pick('document', 'content')} ${e()}${pick('', ' preserve whitespace', ' strip whitespace')})`,
    () => `xmlserialize(content ${e()} as text)`,
    () => `xmlpi(name php, ${e()})`,
    () => `xmlroot(${e()}, version ${pick("'1.0'", 'no value')}${maybe(0.5, ', standalone yes')})`,
    () => `json_object(${pick(() => `${text()}: ${e()}`, () => `${column()} value ${e()} ${pick('null', 'absent')} on null`, () => `${text()} value ${e()} with unique keys returning jsonb`, '')})`,
    () => `json_array(${pick(() => list(3, e), () => `${e()} null on null`, () => select(d - 1), '')}${maybe(0.3, ' returning jsonb')})`,
    () => `json_objectagg(${column()}: ${e()}${pick('', ' absent on null', ' with unique')})`,
    () => `json_arrayagg(${e()} ${maybe(0.5, () => `order by ${sort(d)}`)} ${maybe(0.3, 'null on null')})`,
    () => `json_value(${e()}, '$.a'${maybe(0.4, () => ` passing ${e()} as x`)}${maybe(0.4, ' returning int')}${maybe(0.4, ' default 1 on empty')}${maybe(0.3, ' error on error')})`,
    () => `json_query(${e()}, '$.a' ${pick('', 'with wrapper', 'without array wrapper', 'with conditional wrapper', 'omit quotes', 'keep quotes on scalar string')} ${pick('', 'null on empty', 'empty array on empty')})`,
    () => `json_exists(${e()}, '$.a'${pick('', ' unknown on error', ' true on error')})`,
    () => `json(${e()}${maybe(0.3, ' with unique keys')})`,
    () => `json_scalar(${e()})`,
    () => `json_serialize(${e()}${maybe(0.3, ' returning text')})`,
    () => 'merge_action()',
  );
}

/** b_expr: what may stand where keywords of a_expr may not. */
const b = (d) => (d <= 0 ? pick(column, constant) : pick(column, constant, () => `${atom(0)} ${pick('+', '||', '<', '=')} ${atom(0)}`, () => `- ${atom(d - 1)}`, () => `${atom(0)}::${plainType()}`, () => `(${expr(d - 1)})`));

// The comparisons do not associate, so their operands are atoms.
function expr(d) {
  if (d <= 0) return atom(0);
  const a = () => atom(d - 1);
  return pick(
    a, a, a,
    () => `${a()} ${operator()} ${a()}`,
    () => `${a()}${pick('+', '*', '||', '=')}${a().replace(/^([-*~!@#%^&|`?+/<>=])/, ' $1')}`,
    () => `${a()} ${pick('+', '-', '*', '/', '||')} ${a()} ${pick('+', '-', '*', '||', '=', '<')} ${a()}`,
    () => `${pick('-', '+', '@', '~', '!!', '|/', '||/')} ${a()}`,
    () => `${expr(d - 1)} ${pick('and', 'or', 'AND', 'OR')} ${expr(d - 1)}`,
    () => `not ${a()}`,
    () => `${a()} is ${maybe(0.4, 'not ')}${pick('null', 'true', 'false', 'unknown', 'document', 'json', 'json object', 'json array with unique keys', 'json scalar', 'normalized', 'nfc normalized')}`,
    () => `${a()} ${pick('isnull', 'notnull')}`,
    () => `${a()} is ${maybe(0.4, 'not ')}distinct from ${a()}`,
    () => `${a()} ${maybe(0.3, 'not ')}${pick('in', 'IN')} (${pick(() => list(4, () => expr(d - 1)), () => select(d - 2))})`,
    () => `${a()} ${maybe(0.3, 'not ')}between ${pick('', '', 'symmetric ', 'asymmetric ')}${b(d - 1)} and ${a()}`,
    () => `${a()} ${maybe(0.3, 'not ')}${pick('like', 'ilike', 'similar to')} ${a()}${maybe(0.3, ` escape ${pick("'!'", "'\\'", "''")}`)}`,
    () => `${a()} ${pick('=', '<>', '>=', 'like', 'not ilike', '~')} ${pick('any', 'all', 'some')} (${pick(() => expr(d - 1), () => select(d - 2))})`,
    () => `${a()}::${typeName()}`,
    () => `${a()}::${plainType()}::${plainType()}`,
    () => `${a()} collate ${collation()}`,
    () => `${a()} at time zone ${pick("'UTC'", () => atom(d - 1))}`,
    () => `${a()} at local`,
    () => `(${a()}, ${a()}) overlaps (${a()}, ${a()})`,
    () => `(${a()}, ${a()}) ${pick('=', '<', '<>')} (${a()}, ${a()})`,
  );
}

const sort = (d) => list(2, () => expr(d) + pick('', ' asc', ' desc', ' DESC', ' using <', ' using operator(pg_catalog.>)') + pick('', '', ' nulls first', ' nulls last'));

// -------------------------------------------------------------------- select

const aliasClause = () => pick('', () => ` ${alias()}`, () => ` as ${alias()}`, () => ` as ${alias()}(${list(2, name)})`);

function from(d) {
  const base = () => pick(
    () => `${table()}${aliasClause()}`,
    () => `${table()}${aliasClause()}`,
    () => `only ${table()}`,
    () => `${table()} *`,
    () => `${maybe(0.3, 'lateral ')}(${select(d - 1)})${pick(' ', ' as ')}${alias()}`,
    () => `${maybe(0.3, 'lateral ')}generate_series(1, ${expr(d - 1)})${maybe(0.4, ' with ordinality')}${aliasClause()}`,
    () => `jsonb_to_recordset(${expr(d - 1)}) as x(${list(2, () => `${name()} ${plainType()}`)})`,
    () => `rows from (unnest(${expr(d - 1)}), f(1) as (a int))${maybe(0.5, ' with ordinality')} as r`,
    () => `(values ${list(3, () => `(${expr(d - 1)}, ${constant()})`)}) as v(a, b)`,
    () => `${table()} ${alias()} tablesample ${pick('bernoulli', 'system')} (${number()})${maybe(0.3, ' repeatable (1)')}`,
    () => `json_table(${expr(d - 1)}, '$[*]' columns (id for ordinality, a int path '$.a', b text exists path '$.b' false on error, nested path '$.c' columns (c jsonb format json))) jt`,
    () => `xmltable('/r' passing ${pick('', 'by ref ')}$1 columns a int path 'a' default 1 not null, o for ordinality) xt`,
    () => `(${table()} cross join ${table()})`,
  );
  let out = base();
  for (let k = int(3); k > 0; k--) {
    out += pick(
      () => ` ${pick('', 'inner', 'left', 'left outer', 'right', 'full', 'full outer')} join ${base()} on ${expr(d - 1)}`,
      () => ` join ${base()} using (${list(2, name)})${maybe(0.2, ' as ju')}`,
      () => ` cross join ${base()}`,
      () => ` natural ${pick('', 'left ', 'inner ')}join ${base()}`,
      () => `, ${base()}`,
    );
  }
  return out;
}

const target = (d) => pick('*', () => `${alias()}.*`, () => expr(d), () => `${expr(d)} as ${pick(name, 'select', 'end', '"x y"', 'day')}`, () => `(${expr(d)}) ${plain()}`);

function simpleSelect(d) {
  if (d <= 0) return `select ${pick('1', () => list(2, () => atom(0)))}${maybe(0.5, () => ` from ${table()}`)}${maybe(0.3, () => ` where ${atom(0)} = ${atom(0)}`)}`;
  return j(pick('select', 'SELECT'), maybe(0.15, () => pick('distinct', 'all', () => `distinct on (${list(2, () => expr(d - 1))})`)), list(4, () => target(d - 1)),
    maybe(0.85, () => `from ${from(d - 1)}`),
    maybe(0.6, () => `where ${expr(d)}`),
    maybe(0.25, () => `group by ${pick('', '', 'distinct ')}${pick(() => list(3, () => expr(d - 1)), () => `rollup (${list(2, () => expr(d - 1))})`, () => `cube (a, (b, c)), d`, () => `grouping sets ((a), (), rollup (b), ${name()})`, '()')}`),
    maybe(0.15, () => `having ${expr(d - 1)}`),
    maybe(0.15, () => `window w as (${windowSpec(d - 1)})${maybe(0.3, ', w2 as (w order by 1)')}`));
}

function select(d) {
  if (d <= 0) return simpleSelect(0);
  const body = pick(
    () => simpleSelect(d), () => simpleSelect(d), () => simpleSelect(d),
    () => `${simpleSelect(d - 1)} ${pick('union', 'union all', 'intersect', 'except', 'except all', 'union distinct')} ${pick(() => simpleSelect(d - 1), () => `(${select(d - 1)})`)}`,
    () => `(${select(d - 1)}) union all (${select(d - 1)})`,
    () => `values ${list(2, () => `(${list(2, () => expr(d - 1))})`)}`,
    () => `table ${table()}`,
  );
  const order = maybe(0.35, () => `order by ${sort(d - 1)}`);
  const rows = order ? pick('only', 'with ties') : 'only';
  return j(maybe(0.15, () => withClause(d - 1)), body, order,
    pick('', '', '', () => `limit ${pick('10', '$1', 'all', 'null', '(1 + 2)')}`, () => `limit 5 offset ${pick('1', '$2')}`, () => `offset 3 ${pick('', 'rows')} fetch ${pick('first', 'next')} ${pick('', '5')} ${pick('row', 'rows')} ${rows}`, () => `offset 2 limit 3`),
    rows === 'with ties' ? '' : maybe(0.08, () => `for ${pick('update', 'no key update', 'share', 'key share')}${maybe(0.4, () => ` of ${alias()}`)}${pick('', ' nowait', ' skip locked')}`));
}

function withClause(d) {
  const cte = () => `${plain()}${maybe(0.3, () => ` (${list(2, name)})`)} as ${pick('', '', 'materialized ', 'not materialized ')}(${pick(() => select(d - 1), () => select(d - 1), () => dml(d - 1))})`
    + maybe(0.08, ' search depth first by a set ord') + maybe(0.08, ' cycle a set is_cycle using path');
  return `with ${maybe(0.3, 'recursive ')}${list(2, cte)}`;
}

// ----------------------------------------------------------------------- DML

const returning = (d) => maybe(0.4, () => `returning ${maybe(0.1, () => `with (old as o, new as n) `)}${list(3, () => target(d - 1))}`);
const assign = (d) => list(3, () => pick(() => `${name()} = ${pick(() => expr(d - 1), 'default')}`, () => `${name()} = ${expr(d - 1)}`, () => `(${name()}, ${name()}) = ${pick('', 'row')}(${expr(d - 1)}, default)`, () => `(${name()}, ${name()}) = (${select(d - 1)})`, () => `${name()}[1] = ${expr(d - 1)}`, () => `${plain()}.${plain()} = ${constant()}`));

function insert(d) {
  return j(maybe(0.1, () => withClause(d - 1)), `insert into ${table()}${maybe(0.2, () => ` as ${alias()}`)}`,
    pick(
      'default values',
      () => `(${list(4, name)}) ${maybe(0.15, `overriding ${pick('system', 'user')} value `)}values ${list(3, () => `(${list(3, () => pick(() => expr(d - 1), 'default', () => `$${1 + int(5)}`))})`)}`,
      () => `(${list(3, name)}) ${select(d - 1)}`,
      () => `values (${list(3, () => expr(d - 1))})`,
    ),
    maybe(0.35, () => `on conflict ${pick('do nothing', () => `(${list(2, () => pick(name, 'lower(email)', '(a + b)', 'a collate "C" text_ops'))})${maybe(0.2, () => ` where ${expr(d - 1)}`)} do ${pick('nothing', () => `update set ${assign(d)}${maybe(0.3, () => ` where ${expr(d - 1)}`)}`)}`, () => `on constraint ${name()} do update set ${name()} = excluded.${name()}`)}`),
    returning(d));
}
const update = (d) => j(maybe(0.1, () => withClause(d - 1)), `update ${maybe(0.1, 'only ')}${table()}${maybe(0.3, () => ` ${pick('', 'as ')}${alias()}`)} set ${assign(d)}`, maybe(0.3, () => `from ${from(d - 1)}`), maybe(0.8, () => `where ${pick(() => expr(d), 'current of cur')}`), returning(d));
const del = (d) => j(maybe(0.1, () => withClause(d - 1)), `delete from ${maybe(0.1, 'only ')}${table()}${maybe(0.3, () => ` ${pick('', 'as ')}${alias()}`)}`, maybe(0.3, () => `using ${from(d - 1)}`), maybe(0.8, () => `where ${expr(d)}`), returning(d));
function merge(d) {
  const when = () => `when ${pick(
    () => `matched ${maybe(0.4, () => `and ${expr(d - 1)} `)}then ${pick('delete', 'do nothing', () => `update set ${assign(d - 1)}`)}`,
    () => `not matched ${pick('', 'by target ')}${maybe(0.4, () => `and ${expr(d - 1)} `)}then ${pick('do nothing', 'insert default values', () => `insert (${list(2, name)}) ${maybe(0.1, 'overriding user value ')}values (${list(2, () => expr(d - 1))})`)}`,
    () => `not matched by source then ${pick('delete', 'do nothing', 'update set a = 1')}`,
  )}`;
  return j(maybe(0.1, () => withClause(d - 1)), `merge into ${maybe(0.1, 'only ')}${table()} ${pick('', 'as ')}t using ${pick(table, () => `(${select(d - 1)})`)} as s on ${expr(d - 1)}`, ...times(1 + int(3), when), returning(d));
}
const dml = (d) => pick(() => insert(d), () => update(d), () => del(d), () => merge(d));

// ----------------------------------------------------------------------- DDL

const fkTail = () => maybe(0.3, () => ` match ${pick('full', 'simple')}`) + maybe(0.6, () => ` on delete ${pick('cascade', 'set null', 'set default', 'restrict', 'no action', 'set null (a)')}`) + maybe(0.4, () => ` on update ${pick('cascade', 'no action')}`) + maybe(0.15, ' deferrable initially deferred') + maybe(0.05, ' not enforced');
const sequence = () => maybe(0.5, ` (${pick('sequence name "s"', 'start with 1')}${maybe(0.5, ' increment by 2')}${maybe(0.5, ' minvalue 1 maxvalue 100')}${maybe(0.5, ' cache 1')}${maybe(0.3, ' no cycle')})`);
const columnConstraint = (d) => maybe(0.2, () => `constraint ${name()} `) + pick(
  'not null', 'null', 'primary key', 'PRIMARY KEY', 'unique', 'unique nulls not distinct', 'not null no inherit',
  () => `default ${b(d)}`, 'default now()', 'default gen_random_uuid()', "default '{}'::jsonb", 'default (a + 1)',
  () => `check (${expr(d)})${maybe(0.2, ' no inherit')}`,
  () => `references ${table()}${maybe(0.7, () => ` (${name()})`)}${fkTail()}`,
  () => `generated ${pick('always', 'by default')} as identity${sequence()}`,
  () => `generated always as (${expr(d)})${pick(' stored', ' virtual', '')}`,
);
const columnDef = (d) => j(name(), typeName(), maybe(0.05, 'storage main'), maybe(0.05, 'compression lz4'), maybe(0.05, () => `collate ${collation()}`), ...times(int(3), () => columnConstraint(d)));
const idxColumns = (d) => list(3, () => pick(name, name, () => `(${expr(d)})`, () => 'lower(email)') + maybe(0.1, ' collate "C"') + maybe(0.2, () => ` ${pick('text_pattern_ops', 'gin_trgm_ops', 'vector_cosine_ops', 'app.ops', 'gist_trgm_ops(siglen=32)')}`) + pick('', '', ' asc', ' desc') + pick('', '', '', ' nulls first', ' nulls last'));
const tableConstraint = (d) => maybe(0.6, () => `constraint ${name()} `) + pick(
  () => `primary key (${list(2, name)})`,
  () => `unique${pick('', ' nulls not distinct', ' nulls distinct')} (${list(2, name)})${maybe(0.1, () => ` include (${name()})`)}`,
  () => `foreign key (${list(2, name)}) references ${table()} (${list(2, name)})${fkTail()}`,
  () => `check (${expr(d)})`,
  () => `exclude using gist (${name()} with =, ${name()} with &&)${maybe(0.3, () => ` where (${expr(d)})`)}`,
  () => `primary key (id, valid_at without overlaps)`,
  () => `not null ${name()}`,
);
const params = () => maybe(0.15, ` with (fillfactor = 70${maybe(0.5, ', autovacuum_enabled = false')})`);
const createTable = (d) => pick(
  () => `create ${pick('', '', '', 'temp ', 'temporary ', 'unlogged ')}table ${maybe(0.3, 'if not exists ')}${table()} (${maybe(0.95, () => `\n\t${times(1 + int(5), () => columnDef(d)).concat(times(int(3), () => tableConstraint(d))).join(',\n\t')}\n`)})${maybe(0.1, ' inherits (base)')}${maybe(0.1, () => ` partition by ${pick('range', 'list', 'hash')} (${pick(name, '(a + 1)')})`)}${params()}${maybe(0.05, ' on commit drop')}${maybe(0.05, ' tablespace ts')}`,
  () => `create table ${table()} partition of ${table()} ${pick('default', "for values from ('2020-01-01') to (maxvalue)", "for values in ('a', null)", 'for values with (modulus 4, remainder 0)')}`,
  () => `create table ${table()} as ${select(d)}${maybe(0.2, ' with no data')}`,
  () => `create table ${table()} (like ${table()} including all excluding indexes)`,
);
const alterAction = (d) => pick(
  () => `add column ${maybe(0.2, 'if not exists ')}${columnDef(d)}`, () => `add ${columnDef(d)}`,
  () => `drop column ${maybe(0.3, 'if exists ')}${name()}${pick('', ' cascade', ' restrict')}`,
  () => `alter column ${name()} ${pick('set', 'drop')} not null`,
  () => `alter column ${name()} set default ${expr(d)}`, () => `alter ${name()} drop default`,
  () => `alter column ${name()} ${maybe(0.6, 'set data ')}type ${typeName()}${maybe(0.1, ' collate "C"')}${maybe(0.4, () => ` using ${expr(d)}`)}`,
  () => `alter column ${name()} add generated by default as identity${sequence()}`, () => `alter column ${name()} drop identity${maybe(0.5, ' if exists')}`,
  () => `alter column ${name()} set generated always set start with 5 restart`, () => `alter column ${name()} set expression as (${expr(d)})`, () => `alter column ${name()} drop expression`,
  () => `alter column ${name()} set statistics 100`, () => `alter column ${name()} set storage external`, () => `alter column ${name()} set compression pglz`, () => `alter column ${name()} set (n_distinct = 5)`,
  () => `add ${tableConstraint(d)}`, () => `add constraint ${name()} ${pick(() => `check (${expr(d)})`, () => `foreign key (${name()}) references ${table()}`, () => `not null ${name()}`)} not valid`, () => `add constraint ${name()} unique using index ${name()}`,
  () => `drop constraint ${maybe(0.4, 'if exists ')}${name()}${maybe(0.3, ' cascade')}`, () => `validate constraint ${name()}`, () => `alter constraint ${name()} deferrable initially deferred`,
  () => `${pick('enable', 'disable', 'force', 'no force')} row level security`, () => `${pick('enable', 'disable', 'enable replica', 'enable always')} trigger ${pick('all', 'user', name)}`.replace(/(replica|always) trigger (all|user)$/, '$1 trigger t'),
  'replica identity full', () => `owner to ${pick('app', 'current_user', '"Owner"')}`, 'set (fillfactor = 80)', 'reset (fillfactor)', 'set logged', 'set unlogged', 'set tablespace ts', 'set access method heap', 'inherit base', 'no inherit base', 'cluster on idx', 'set without cluster', 'of app.kind', 'not of',
);
const alterTable = (d) => pick(
  () => `alter table ${maybe(0.2, 'if exists ')}${maybe(0.1, 'only ')}${table()} ${list(3, () => alterAction(d))}`,
  () => `alter table ${table()} ${alterAction(d)}`,
  () => `ALTER TABLE ${table()} ${alterAction(d)}`,
  () => `alter table ${table()} rename ${pick('', 'column ')}${name()} to ${name()}`, () => `alter table ${table()} rename constraint ${name()} to ${name()}`, () => `alter table ${table()} rename to ${name()}`, () => `alter table ${table()} set schema ${name()}`,
  () => `alter table ${table()} attach partition ${table()} for values in (1)`, () => `alter table ${table()} detach partition ${table()}${pick('', ' concurrently', ' finalize')}`,
);
const createIndex = (d) => `create ${maybe(0.3, 'unique ')}index ${maybe(0.1, 'concurrently ')}${pick(() => name() + ' ', () => name() + ' ', () => `if not exists ${name()} `, '')}on ${maybe(0.1, 'only ')}${table()}${maybe(0.6, () => ` using ${pick('btree', 'gin', 'gist', 'hash', 'brin', 'hnsw')}`)} (${idxColumns(d)})${maybe(0.15, () => ` include (${list(2, name)})`)}${maybe(0.1, ' nulls not distinct')}${maybe(0.15, ' with (fillfactor = 70)')}${maybe(0.25, () => ` where ${expr(d)}`)}`;
const role = () => pick('public', 'current_user', 'app', '"Admin"', 'session_user', 'authenticated');
const body = () => pick('$$ begin return new; end $$', '$body$ select 1; $body$', "'select 1'", '$$\nBEGIN\n  PERFORM 1; -- it\'s\nEND;\n$$');
const signature = (...modes) => `${pick('f', 'app.f', '"doIt"')}(${maybe(0.7, () => list(3, () => pick('', 'in ', ...modes) + maybe(0.7, () => pick('a', 'b', '"p q"') + ' ') + plainType() + maybe(0.3, () => pick(' default 1', ' = null'))))})`;
const createFunction = (d) => `create ${maybe(0.5, 'or replace ')}${pick(
  () => `function ${pick(
    () => `${signature('out ', 'inout ')} returns ${pick(plainType, 'trigger', 'void', () => `setof ${plainType()}`)}`,
    () => `${signature()} returns table (${list(2, () => `${plain()} ${plainType()}`)})`,
    () => signature('out '),
  )} ${pick(
    () => j(`language ${pick('plpgsql', 'sql', "'sql'")}`, maybe(0.3, 'immutable'), maybe(0.2, 'strict'), maybe(0.2, 'security definer'), maybe(0.2, 'set search_path = public, pg_temp'), maybe(0.2, 'parallel safe'), maybe(0.2, 'cost 100'), `as ${body()}`),
    () => `as ${body()} language plpgsql`, () => `language sql return ${expr(d)}`, () => `language sql begin atomic ${select(d)}; ${select(0)}; end`,
    () => `${pick('called', 'returns null')} on null input as ${body()} language sql`,
  )}`,
  () => `procedure ${signature('out ', 'inout ')} language plpgsql as ${body()}`,
)}`;
const trigger = (d) => `create ${maybe(0.3, 'or replace ')}trigger ${name()} ${pick('before', 'after', 'instead of')} ${pick('insert', 'update', 'delete', 'insert or update', 'update of a, b or delete', 'truncate')} on ${table()} ${maybe(0.1, 'referencing old table as o new table as n ')}${maybe(0.8, () => `for ${maybe(0.8, 'each ')}${pick('row', 'statement')} `)}${maybe(0.3, () => `when (old.* is distinct from new.*) `)}execute ${pick('function', 'procedure')} ${pick('f', 'app.f')}(${maybe(0.3, "'x', 1, foo")})`;
const policy = (d) => pick(
  () => j('create policy', name(), 'on', table(), maybe(0.4, () => `as ${pick('permissive', 'restrictive')}`), maybe(0.6, () => `for ${pick('all', 'select', 'insert', 'update', 'delete')}`), maybe(0.6, () => `to ${list(2, role)}`), maybe(0.6, () => `using (${expr(d)})`), maybe(0.4, () => `with check (${expr(d)})`)),
  () => `alter policy ${name()} on ${table()} ${pick(() => `rename to ${name()}`, () => `to ${role()} using (${expr(d)})`)}`,
  () => `drop policy ${maybe(0.5, 'if exists ')}${name()} on ${table()}${maybe(0.3, ' cascade')}`,
);
const view = (d) => `create ${pick(
  () => `${maybe(0.4, 'or replace ')}${maybe(0.1, 'temp ')}view ${table()}${maybe(0.3, () => ` (${list(3, name)})`)}${maybe(0.2, ' with (security_invoker = true, security_barrier)')} as ${select(d)}${maybe(0.15, () => ` with ${pick('', 'local ', 'cascaded ')}check option`)}`,
  () => `recursive view v (${list(2, name)}) as ${select(d)}`,
  () => `materialized view ${maybe(0.3, 'if not exists ')}${table()}${maybe(0.1, ' using heap')}${params()} as ${select(d)}${pick('', ' with no data', ' with data')}`,
)}`;
const grant = () => pick(
  () => `grant ${pick('select', 'all', 'all privileges', 'insert, update', 'select (a, b), update (c)', 'references, trigger, truncate, maintain')} on ${pick('', 'table ')}${list(2, table)} to ${list(2, role)}${maybe(0.2, ' with grant option')}${maybe(0.1, ' granted by app')}`,
  () => `grant ${pick('usage', 'create', 'all')} on schema ${list(2, () => pick('public', '"app"'))} to ${role()}`,
  () => `grant execute on function f(int, text) to ${role()}`, () => `grant select on all tables in schema public to ${role()}`, () => `grant usage, select on all sequences in schema app to ${role()}`,
  () => `revoke ${maybe(0.2, 'grant option for ')}all on ${table()} from ${role()}${pick('', ' cascade')}`, () => `grant app, "Admin" to ${role()} with admin option`, () => `alter default privileges in schema public grant select on tables to ${role()}`,
);
const comment = () => `comment on ${pick(() => `table ${table()}`, () => `column ${table()}.${name()}`, 'function f(int)', () => `index ${name()}`, () => `constraint ${name()} on ${table()}`, 'type mood', 'schema public', () => `policy ${name()} on ${table()}`, () => `trigger ${name()} on ${table()}`, 'extension pg_trgm', 'view v')} is ${pick("'note'", "'it''s'", "E'a\\nb'", '$$a$$', 'null')}`;
const drop = () => pick(
  () => `drop ${pick('table', 'view', 'materialized view', 'index', 'sequence', 'type', 'domain', 'schema', 'extension', 'foreign table', 'collation')} ${maybe(0.5, 'if exists ')}${list(2, () => pick(name, name, () => `"public".${quoted()}`))}${pick('', ' cascade', ' restrict')}`.replace(/(schema|extension)( if exists)? .*/s, '$1$2 "x" cascade'),
  () => `drop index concurrently if exists ${name()}`, () => `drop trigger ${maybe(0.5, 'if exists ')}${name()} on ${table()}`, () => 'drop function if exists f(int, text), g', () => 'drop procedure p()', () => `drop rule r on ${table()}`, () => 'drop cast if exists (text as int)', () => 'drop role if exists app', () => 'drop owned by app cascade', () => 'drop aggregate agg(int)', () => 'drop operator @@ (none, text)',
);
const other = (d) => pick(
  () => `create type ${pick('mood', '"public"."mood"', 'app.kind')} as enum(${maybe(0.95, () => list(4, () => pick("'a'", "'b c'", "'it''s'", "'ä'")))})`,
  () => `create type pair as (${list(3, () => `${name()} ${plainType()}`)})`, () => 'create type r as range (subtype = float8, subtype_diff = float8mi)', 'create type shell',
  () => `alter type ${pick('mood', '"public"."mood"')} ${pick(() => `add value ${maybe(0.4, 'if not exists ')}'x'${pick('', " before 'a'", " after 'b'")}`, "rename value 'a' to 'b'", 'rename to m2', 'set schema app', 'add attribute z int cascade', 'rename attribute a to b', 'owner to app')}`,
  () => `create domain ${name()} as ${plainType()} ${pick('', 'not null', 'default 1', () => `constraint c check (value ~ 'x')`, () => `check (${expr(d)})`)}`, () => `alter domain d ${pick('set not null', 'drop default', "add constraint c check (value <> '')", 'drop constraint c', 'validate constraint c')}`,
  () => `create ${maybe(0.2, 'temp ')}sequence ${maybe(0.3, 'if not exists ')}${table()}${maybe(0.3, ' as bigint')}${maybe(0.6, ' increment by 1 minvalue 1 maxvalue 9223372036854775807 start with 1 cache 1')}${pick('', ' no cycle', ' cycle', ' owned by users.id', ' owned by none')}`, () => `alter sequence ${table()} ${pick('restart with 10', 'restart', 'owned by users.id', 'increment 5 no maxvalue', 'rename to s2', 'set schema app')}`,
  () => `create schema ${pick(() => `if not exists ${name()}`, name, () => `${name()} authorization app`, 'authorization app', 'x create table t (a int) create view v as select 1')}`,
  () => `create extension ${maybe(0.6, 'if not exists ')}${pick('citext', '"uuid-ossp"', 'vector')}${pick('', ' with schema public', ' cascade', " version '1.0'")}`,
  () => `do ${maybe(0.2, 'language plpgsql ')}$$${pick(' begin null; end ', '\nBEGIN\n ALTER TABLE "a" ADD CONSTRAINT "b" FOREIGN KEY ("c") REFERENCES "public"."d"("e") ON DELETE no action;\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND ')}$$`,
  () => `create ${pick('role', 'user')} ${name()}${pick('', ' with login', " password 'x' createdb", ' nologin inherit connection limit 5', " valid until '2030-01-01'")}`, () => `alter role app ${pick('set search_path to app, public', 'reset all', 'nosuperuser', 'rename to b')}`,
  () => `create statistics ${name()} (ndistinct, dependencies) on a, b from ${table()}`, () => `create rule r as on ${pick('insert', 'update', 'delete')} to ${table()}${maybe(0.3, () => ` where ${expr(d)}`)} do ${pick('', 'also ', 'instead ')}${pick('nothing', () => pick(() => insert(d), () => update(d), () => del(d)), () => `(${pick(() => insert(d), () => update(d), () => del(d))}; ${select(d)})`)}`,
  () => 'create cast (text as int) with inout as implicit', () => 'create operator @@ (leftarg = text, rightarg = text, function = f)', () => 'create aggregate agg (int) (sfunc = f, stype = int, initcond = \'0\')', () => `create collation ${name()} (provider = icu, locale = 'de')`,
  () => 'create operator class o default for type int using btree as operator 1 <, function 1 f(int, int)', () => 'create event trigger e on ddl_command_end when tag in (\'CREATE TABLE\') execute function f()', () => `create publication p for ${pick('all tables', () => `table ${table()} (a, b) where (a > 1)`, 'tables in schema public')}`, () => 'create foreign table ft (a int options (n \'x\')) server s options (t \'y\')', () => "create server s foreign data wrapper w options (host 'x')",
  () => `refresh materialized view ${maybe(0.4, 'concurrently ')}${table()}${maybe(0.2, ' with no data')}`, () => `truncate ${maybe(0.5, 'table ')}${list(2, table)}${pick('', ' restart identity', ' cascade', ' continue identity restrict')}`,
  () => `explain ${pick('', 'analyze ', '(analyze, buffers off, format json) ', 'verbose ')}${select(d)}`, () => `${pick('vacuum', 'analyze', 'vacuum (full, analyze)')} ${table()}`, () => `reindex ${pick('table', 'index')} ${maybe(0.3, 'concurrently ')}${name()}`, () => `cluster ${table()} using idx`,
  () => pick('begin', 'begin isolation level serializable, read only', 'start transaction read write', 'commit', 'rollback', 'rollback to savepoint s', 'savepoint s', 'release s', 'commit and chain', 'end', 'abort', "prepare transaction 'x'"),
  () => pick("set search_path = public, \"app\"", "set local statement_timeout to '5s'", 'set time zone \'UTC\'', 'set session authorization default', 'set role app', "set names 'utf8'", 'show all', 'show search_path', 'reset all', 'set constraints all deferred', 'set transaction isolation level read committed', 'discard all', 'set x.y = 1', "set local \"request.jwt.claims\" to 'x'"),
  () => `prepare st${maybe(0.5, ' (int, text)')} as ${select(d)}`, () => `execute st${maybe(0.5, () => `(${list(2, () => expr(d))})`)}`, 'deallocate all', () => `declare c ${pick('', 'scroll ', 'no scroll ', 'insensitive ')}cursor ${pick('', 'with hold ')}for ${select(d)}`, () => pick('fetch next from c', 'fetch forward 5 from c', 'fetch all c', 'move backward all in c', 'close c', 'close all'),
  () => `copy ${pick(() => `${table()} (a, b)`, () => `(${select(d)})`)} to ${pick('stdout', "'/x'", "program 'gzip'")}${pick('', ' csv header', " with (format csv, header true, delimiter ',', null '')", ' with csv')}`, () => `copy ${table()} from stdin`, () => `lock table ${table()} in ${pick('access exclusive', 'share', 'row exclusive')} mode${maybe(0.3, ' nowait')}`, () => `call p(${list(2, () => expr(d))})`, 'listen ch', "notify ch, 'x'", 'unlisten *', 'checkpoint', "load 'x'", "security label on table t is 'x'", 'alter system set a = 1', 'create database d owner app encoding \'UTF8\'', 'drop database if exists d with (force)', 'alter database d set x to y', 'import foreign schema s limit to (a) from server v into p', 'reassign owned by a to b', 'alter view v rename to w', 'alter view v alter column a set default 1', 'alter index i rename to k', 'alter index if exists i set (fillfactor = 70)', 'alter function f(int) owner to app', 'alter function f stable security invoker', 'alter extension e update to \'2\'', 'alter materialized view m set schema s', 'alter schema a rename to b', 'alter trigger t on x rename to y', 'alter event trigger e disable', 'alter publication p add table t', 'create access method m type index handler h', 'create language l', "create text search configuration c (copy = simple)", 'alter text search configuration c add mapping for word with simple', 'create transform for int language sql (from sql with function f(internal))', 'create user mapping for current_user server s options (user \'x\')', "create tablespace t location '/x'", 'create group g', 'create conversion c for \'a\' to \'b\' from f', 'create subscription s connection \'x\' publication p',
);

const STATEMENTS = [
  ['select', 10, (d) => select(d)], ['insert', 4, insert], ['update', 3, update], ['delete', 2, del], ['merge', 2, merge],
  ['table', 4, (d) => createTable(1)], ['alter', 4, () => alterTable(1)], ['index', 2, () => createIndex(1)], ['function', 2, () => createFunction(1)],
  ['trigger', 1, () => trigger(1)], ['policy', 1, () => policy(1)], ['view', 2, () => view(2)], ['grant', 1, grant], ['comment', 1, comment], ['drop', 2, drop], ['other', 6, () => other(1)],
];
const WEIGHTED = STATEMENTS.flatMap((s) => times(s[1], () => s));

/** Comments and odd white space between tokens; tokens are byte ranges of `sql`. */
function decorate(sql) {
  if (chance(0.75)) return sql;
  const parts = tokens(sql);
  if (!parts || !parts.length) return sql;
  const bytes = Buffer.from(sql);
  const gap = () => pick(' ', '\n', '\t', '  ', ' /* c */ ', ' -- note; it\'s\n', ' /* a /* nested */ \' */ ', '\r\n', ' /* ünï */ ');
  let out = '';
  let last = 0;
  for (const t of parts) {
    const between = bytes.toString('utf8', last, t.start);
    // Only where there was white space, and not between the parts of one string constant.
    out += (/^\s+$/.test(between) && !between.includes('\n') && chance(0.15) ? gap() : between) + bytes.toString('utf8', t.start, t.end);
    last = t.end;
  }
  return out + bytes.toString('utf8', last);
}

function tokens(sql) {
  try {
    return scanSync(sql).tokens.filter((t) => t.tokenName !== 'SQL_COMMENT' && t.tokenName !== 'C_COMMENT');
  } catch {
    return null;
  }
}

const MUTATIONS = ['delete', 'swap', 'duplicate', 'truncate', 'insert'];
function mutate(sql) {
  const list = tokens(sql);
  if (!list || list.length < 2) return null;
  const bytes = Buffer.from(sql);
  const cut = (from, to) => bytes.toString('utf8', from, to);
  const kind = MUTATIONS[int(MUTATIONS.length)];
  const i = int(kind === 'swap' ? list.length - 1 : list.length);
  const t = list[i];
  const end = bytes.length;
  switch (kind) {
    case 'delete': return [kind, cut(0, t.start) + cut(t.end, end)];
    case 'duplicate': return [kind, `${cut(0, t.end)} ${cut(t.start, end)}`];
    case 'truncate': return [kind, chance(0.7) ? cut(0, t.start) : cut(0, t.start + 1 + int(Math.max(1, t.end - t.start - 1))).replace(/\ufffd/g, '')];
    case 'swap': {
      const u = list[i + 1];
      return [kind, cut(0, t.start) + cut(u.start, u.end) + cut(t.end, u.start) + cut(t.start, t.end) + cut(u.end, end)];
    }
    default: return [kind, `${cut(0, t.start)}${pick(',', '(', ')', 'from', 'select', ';', '+', "'", '"', '1', 'x', 'not', 'as', '.', '::', '[', '$1', 'end', 'where')} ${cut(t.start, end)}`];
  }
}

// ------------------------------------------------------------------- the run

let good = 0;
let disagree = 0;
const bad = new Map();

// The verdict is the server's: libpg-query takes a little more than PostgreSQL
// (`a $1`, `$1as`) and loses itself in comments.
const host = '@electric-sql/pglite';
const db = await PGlite.create({ loadDataDir: await emptyDirectory(PGlite, host) });

async function emit(sql, kind) {
  const error = await parseError(db, sql);
  const valid = !isRaw(error);
  const row = { sql, valid, position: null, sqlstate: null, message: null, kind };
  if (!valid) Object.assign(row, { position: error.position, sqlstate: error.sqlstate, message: error.message });
  const libpg = parse(sql);
  if (libpg.ok !== valid || (!valid && libpg.position !== row.position)) {
    disagree++;
    row.libpg = { valid: libpg.ok, position: libpg.ok ? null : libpg.position };
  }
  if (!check) process.stdout.write(JSON.stringify(row) + '\n');
  return row;
}
for (let i = 0; i < n; i++) {
  const [kind, , make] = WEIGHTED[int(WEIGHTED.length)];
  let sql = decorate(make(1 + int(4)));
  sql += pick('', '', ';', '\n', ' ;\n');
  const v = await emit(sql, kind);
  if (v.valid) good++;
  else if (check) {
    if (!bad.has(kind)) bad.set(kind, []);
    bad.get(kind).push(`${v.message} @${v.position}: …${[...sql].slice(Math.max(0, v.position - 60), v.position + 30).join('')}`);
  }
  for (let m = 0; m < mutants && v.valid; m++) {
    const mutant = mutate(sql);
    if (mutant) await emit(mutant[1], `${kind}/${mutant[0]}`);
  }
}
if (check) {
  for (const [kind, messages] of bad) for (const m of messages.slice(0, 6)) console.log(kind, m.replace(/\n/g, '⏎'));
  for (const [kind, messages] of bad) console.log(kind, messages.length);
  console.log(`libpg-query says otherwise: ${disagree}`);
  console.log(`valid ${good} of ${n} (${((100 * good) / n).toFixed(2)} %)`);
  process.exitCode = good / n >= 0.995 ? 0 : 1;
}
await new Promise((done) => process.stdout.write('', done));
process.exit();
