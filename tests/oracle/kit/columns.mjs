// The column builders of each dialect: what options they take, and what their defaults may be written as.

const str = (r) => r.pick([`'x'`, `"it's"`, `''`, `'a "b" c'`, '`plain`', `'two words'`, `'100%'`, `'ü'`, `'a,b'`, `'null'`, `'12'`]);
const int = (r) => r.pick(['0', '1', '-1', '42', '1_000', '100 ', '0x10']).trim();
const float = (r) => r.pick(['0', '1.5', '-2.25', '0.10', '1e3', '10']);
const bool = (r) => r.pick(['true', 'false']);
const big = (r) => r.pick(['0n', '10n', '-5n', 'BigInt(12)', '9007199254740993n']);
const json = (r) => r.pick(['{}', '[]', `{ a: 1, b: 'x' }`, `['a', 'b']`, `{ nested: { list: [1, 2, null], on: true } }`, `{ 'key-1': "it" }`, `[1, 2]`]);
const date = (r) => r.pick([`new Date('2024-01-31')`, `new Date('2024-01-31T10:20:30.000Z')`, `new Date(0)`, `new Date("2020-06-01T00:00:00Z")`]);
const raw = (r) => r.pick(['sql`now()`', 'sql`1`', "sql`'x'`", "sql.raw('1 + 1')", 'sql`(1)`', 'sql`CURRENT_TIMESTAMP`', 'sql`(unixepoch())`', 'sql`null`', "sql`'it''s'`"]);
/** With what only PostgreSQL writes. */
const pgRaw = (r) => r.pick([raw(r), "sql`'{}'::text[]`", 'sql`now()::date`', "sql`'x'::character varying(3)`", "sql`'2024-01-01'::timestamp with time zone`", "sql`(now() at time zone 'utc')`", "sql`'{}'::jsonb`", 'sql<string>`gen_random_uuid()`', "sql`nextval('s'::regclass)`"]);
const enumOption = (r) => r.pick([`['a', 'b']`, `['x']`, `LETTERS`, `['a', 'b'] as const`]);
const uuidText = (r) => `'00000000-0000-4000-8000-00000000000${r.int(0, 9)}'`;

/** Options are tried one by one: `[text of an option, default for the type with it]`. */
function opts(r, ...choices) {
  return choices.filter(([p]) => r.chance(p)).map(([, text]) => (typeof text === 'function' ? text(r) : text));
}

const b = (name, more = {}) => ({ name, options: () => [], value: null, key: false, index: true, ...more });

export const PG = [
  b('integer', { value: int, key: true, number: true, identity: true, weight: 4 }),
  b('smallint', { value: int, key: true, number: true, identity: true }),
  b('bigint', { options: (r) => [`mode: ${r.pick([`'number'`, `'bigint'`])}`], value: (r, o) => (o.includes(`mode: 'bigint'`) ? big(r) : int(r)), key: true, number: true, identity: true, weight: 2 }),
  b('serial', { key: true, number: true, serial: true, weight: 2 }),
  b('smallserial', { number: true, serial: true }),
  b('bigserial', { options: (r) => [`mode: ${r.pick([`'number'`, `'bigint'`])}`], number: true, serial: true }),
  b('boolean', { value: bool, weight: 2 }),
  b('text', { options: (r) => opts(r, [0.2, (r) => `enum: ${enumOption(r)}`]), value: str, key: true, text: true, weight: 5 }),
  b('varchar', { options: (r) => opts(r, [0.7, (r) => `length: ${r.pick(['10', '255', '1_024', 'MAX'])}`], [0.1, (r) => `enum: ${enumOption(r)}`]), value: str, key: true, text: true, weight: 3 }),
  b('char', { options: (r) => opts(r, [0.7, (r) => `length: ${r.int(1, 20)}`]), value: str, text: true }),
  b('numeric', { options: numeric, value: (r, o) => (o.includes(`mode: 'number'`) ? float(r) : o.includes(`mode: 'bigint'`) ? big(r) : r.pick([`'0'`, `'1.50'`, `'-2'`, `'10'`])), number: true, weight: 2 }),
  b('decimal', { options: numeric, value: (r, o) => (o.includes(`mode: 'number'`) ? float(r) : o.includes(`mode: 'bigint'`) ? big(r) : r.pick([`'0'`, `'1.50'`])), number: true }),
  b('real', { value: float, number: true }),
  b('doublePrecision', { value: float, number: true }),
  b('json', { value: json, index: false }),
  b('jsonb', { value: json, index: false, generic: (r) => r.pick(['{ a: string }', 'string[]', 'Record<string, unknown>']), weight: 2 }),
  b('uuid', { value: uuidText, key: true, methods: ['defaultRandom'], weight: 2 }),
  b('time', { options: (r) => opts(r, [0.3, `withTimezone: true`], [0.3, (r) => `precision: ${r.int(0, 6)}`]), value: (r) => r.pick([`'10:00:00'`, `'23:59:59.5'`]), methods: ['defaultNow'] }),
  b('timestamp', { options: timestamp, value: (r, o) => (o.includes(`mode: 'string'`) ? r.pick([`'2024-01-31 10:00:00'`, `'2024-01-31T10:00:00.000Z'`]) : date(r)), methods: ['defaultNow'], weight: 4 }),
  b('date', { options: (r) => opts(r, [0.5, (r) => `mode: ${r.pick([`'date'`, `'string'`])}`]), value: (r, o) => (o.includes(`mode: 'date'`) ? date(r) : `'2024-01-31'`), methods: ['defaultNow'] }),
  b('interval', { options: (r) => opts(r, [0.3, (r) => `fields: ${r.pick([`'day'`, `'day to second'`, `'year'`])}`], [0.2, (r) => `precision: ${r.int(0, 6)}`]), value: (r) => r.pick([`'1 day'`, `'00:10:00'`]) }),
  b('inet', { value: () => `'127.0.0.1'` }),
  b('cidr', { value: () => `'10.0.0.0/8'` }),
  b('macaddr', { value: () => `'08:00:2b:01:02:03'` }),
  b('macaddr8', { value: () => `'08:00:2b:01:02:03:04:05'` }),
  b('point', { options: (r) => opts(r, [0.5, (r) => `mode: ${r.pick([`'xy'`, `'tuple'`])}`]), value: (r, o) => (o.includes(`mode: 'xy'`) ? '{ x: 1, y: 2 }' : '[1, 2]'), index: false }),
  b('line', { options: (r) => opts(r, [0.5, (r) => `mode: ${r.pick([`'abc'`, `'tuple'`])}`]), value: (r, o) => (o.includes(`mode: 'abc'`) ? '{ a: 1, b: 2, c: 3 }' : '[1, 2, 3]'), index: false }),
  b('geometry', { options: (r) => opts(r, [0.6, `type: 'point'`], [0.5, (r) => `mode: ${r.pick([`'xy'`, `'tuple'`])}`], [0.5, `srid: 4326`]), value: (r, o) => (o.includes(`mode: 'xy'`) ? '{ x: 1, y: 2 }' : '[1, 2]'), index: false }),
  b('vector', { options: (r) => [`dimensions: ${r.int(1, 1536)}`], value: () => '[1, 2.5, 3]', index: false }),
  b('halfvec', { options: (r) => [`dimensions: ${r.int(1, 64)}`], index: false }),
  b('sparsevec', { options: (r) => [`dimensions: ${r.int(1, 64)}`], index: false }),
  b('bit', { options: (r) => [`dimensions: ${r.int(1, 8)}`], index: false }),
  b('bytea', { next: true, index: false }),
  b('bigint', { next: true, options: () => [`mode: 'string'`], value: () => `'12'`, number: true }),
];

function numeric(r) {
  const res = opts(r, [0.25, (r) => `mode: ${r.pick([`'number'`, `'bigint'`, `'string'`])}`]);
  if (r.chance(0.6)) res.push(`precision: ${r.int(5, 20)}`);
  if (res.some((it) => it.startsWith('precision')) && r.chance(0.6)) res.push(`scale: ${r.int(0, 4)}`);
  return res;
}

function timestamp(r) {
  return opts(r, [0.5, (r) => `withTimezone: ${r.chance(0.9)}`], [0.3, (r) => `precision: ${r.int(0, 6)}`], [0.3, (r) => `mode: ${r.pick([`'date'`, `'string'`])}`]);
}

const unsigned = (r) => opts(r, [0.3, (r) => `unsigned: ${r.chance(0.9)}`]);
const fsp = (r) => opts(r, [0.4, (r) => `fsp: ${r.int(0, 6)}`], [0.3, (r) => `mode: ${r.pick([`'date'`, `'string'`])}`]);
const moment = (r, o) => (o.includes(`mode: 'string'`) ? `'2024-01-31 10:00:00'` : date(r));
const sized = (r) => opts(r, [0.9, (r) => `length: ${r.pick(['10', '255', 'MAX'])}`]);

function mysqlNumeric(r) {
  const res = numeric(r).filter((it) => !it.startsWith('mode'));
  return [...res, ...unsigned(r)];
}

export const MYSQL = [
  b('int', { options: unsigned, value: int, key: true, number: true, increment: true, weight: 4 }),
  b('tinyint', { options: unsigned, value: int, number: true }),
  b('smallint', { options: unsigned, value: int, number: true, key: true }),
  b('mediumint', { options: unsigned, value: int, number: true }),
  b('bigint', { options: (r) => [`mode: ${r.pick([`'number'`, `'bigint'`])}`, ...unsigned(r)], value: (r, o) => (o.includes(`mode: 'bigint'`) ? big(r) : int(r)), key: true, number: true, increment: true, weight: 2 }),
  b('boolean', { value: bool, weight: 2 }),
  b('varchar', { options: (r) => [`length: ${r.pick(['10', '255', 'MAX'])}`, ...opts(r, [0.15, (r) => `enum: ${enumOption(r)}`])], value: str, key: true, text: true, weight: 5 }),
  b('char', { options: sized, value: str, text: true }),
  b('binary', { options: sized }),
  b('varbinary', { options: () => ['length: 16'] }),
  b('text', { options: (r) => opts(r, [0.15, (r) => `enum: ${enumOption(r)}`]), value: str, index: false, weight: 2 }),
  b('tinytext', { value: str, index: false }),
  b('mediumtext', { value: str, index: false }),
  b('longtext', { value: str, index: false }),
  b('json', { value: json, index: false, generic: () => '{ a: string }' }),
  b('date', { options: (r) => opts(r, [0.4, (r) => `mode: ${r.pick([`'date'`, `'string'`])}`]), value: (r, o) => (o.includes(`mode: 'string'`) ? `'2024-01-31'` : date(r)) }),
  b('datetime', { options: fsp, value: moment }),
  b('timestamp', { options: fsp, value: moment, methods: ['defaultNow', 'onUpdateNow'], weight: 3 }),
  b('time', { options: (r) => opts(r, [0.4, (r) => `fsp: ${r.int(1, 6)}`]), value: () => `'10:00:00'` }),
  b('year', { value: () => '2024' }),
  b('decimal', { options: mysqlNumeric, value: () => `'1.50'`, number: true }),
  b('double', { options: mysqlNumeric, value: float, number: true }),
  b('float', { options: mysqlNumeric, value: float, number: true }),
  b('real', { options: (r) => mysqlNumeric(r).filter((it) => !it.startsWith('unsigned')), value: float, number: true }),
  b('serial', { key: true, number: true, serial: true }),
  b('mysqlEnum', { labels: true, weight: 2 }),
  b('blob', { next: true, index: false }),
  b('tinyblob', { next: true, index: false }),
  b('mediumblob', { next: true, index: false }),
  b('longblob', { next: true, index: false }),
  b('bigint', { next: true, options: (r) => [`mode: 'string'`, ...unsigned(r)], value: () => `'12'`, number: true }),
];

export const SQLITE = [
  b('integer', { options: (r) => opts(r, [0.5, (r) => `mode: ${r.pick([`'number'`, `'boolean'`, `'timestamp'`, `'timestamp_ms'`])}`]), value: (r, o) => (o.includes(`mode: 'boolean'`) ? bool(r) : /timestamp/.test(o.join()) ? r.pick([raw, date])(r) : int(r)), key: true, number: true, increment: true, weight: 5 }),
  b('int', { value: int, number: true }),
  b('real', { value: float, number: true, weight: 2 }),
  b('text', { options: (r) => opts(r, [0.2, (r) => `enum: ${enumOption(r)}`], [0.2, (r) => `length: ${r.pick(['10', 'MAX', '0'])}`]), value: str, key: true, text: true, weight: 6 }),
  b('text', { options: () => [`mode: 'json'`], value: json, index: false, generic: () => 'string[]' }),
  b('blob', { options: (r) => opts(r, [0.6, (r) => `mode: ${r.pick([`'buffer'`, `'bigint'`, `'json'`])}`]), index: false }),
  b('numeric', { options: (r) => opts(r, [0.4, (r) => `mode: ${r.pick([`'number'`, `'bigint'`, `'string'`])}`]), value: (r, o) => (o.includes(`mode: 'number'`) ? float(r) : o.includes(`mode: 'bigint'`) ? big(r) : `'1.5'`), number: true }),
];

export const BUILDERS = { postgresql: PG, mysql: MYSQL, sqlite: SQLITE };
export { raw, pgRaw, enumOption, str, int };
