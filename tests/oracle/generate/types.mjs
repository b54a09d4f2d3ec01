// Types and texts of their literals: some that the input function takes, some that it refuses.

const U = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
export const LITERALS = {
  integer: [['1', '0', '-5', '2147483647', ' 7 ', '0x1F', '1_000'], ['abc', '1.5', '99999999999', '', '1 2', 'null']],
  bigint: [['1', '9223372036854775807', '-2'], ['9223372036854775808', 'x', '1e3']],
  smallint: [['1', '-32768', '12'], ['32768', 'a', '']],
  numeric: [['1.5', '-2', 'NaN', '1e10', 'Infinity', '.5'], ['abc', '1.2.3', '', '1,5']],
  'double precision': [['1.5', '-2e3', 'NaN', '-Infinity'], ['abc', '1e400', '']],
  real: [['1.5', '2'], ['x', '1e40', '1..2']],
  text: [['a', 'hello world', '', '%x_', 'ü'], []],
  'character varying': [['abc', ''], []],
  'character(3)': [['ab', 'abc'], []],
  'character varying(10)': [['ab', 'abcdef'], []],
  boolean: [['true', 'f', 'yes', 'off', '1', ' t '], ['maybe', '2', '', 'tru e']],
  date: [['2024-01-31', 'today', 'infinity', '1999-12-01', 'Jan 8, 1999', 'epoch', '20240131'], ['2024-02-30', 'someday', '2024-13-01', '', '1 day', '31/31/2024']],
  'timestamp without time zone': [['2024-01-31 10:00', 'now', '2024-01-31', 'infinity'], ['2024-01-31 25:00', 'x', '1 day', '']],
  'timestamp with time zone': [['2024-01-31 10:00+02', 'now', '2024-01-31T10:00:00Z', '2024-01-31'], ['2024-01-32', 'abc', '1 day', '2024-01-31 10:00 Mars/Base']],
  'time without time zone': [['10:00', '24:00', '23:59:59.5', '10:00 PM'], ['25:00', 'noon', '10', '10:61']],
  'time with time zone': [['10:00+02', '10:00', '10:00 UTC', '10:00 PST'], ['x', '10:00 Nowhere/City', '25:00+01', '10:00+40']],
  interval: [['1 day', '2 hours 3 min', 'P1D', '1:30', '1 mon ago', '-1 year', 'PT1H2M', '1-2', '@ 1 week', 'infinity'], ['1 dya', 'abc', '', '1 day 2', 'P1', '1 day 1 day']],
  uuid: [[U, U.toUpperCase(), `{${U}}`], ['abc', U.slice(1), '']],
  json: [['{"a": 1}', '[]', 'null', '"x"', '1'], ["{'a': 1}", '{', '', '[1,]', '{"a"}', 'abc']],
  jsonb: [['{"a": {"b": [1]}}', '[1, "x"]', 'true'], ['{a: 1}', '[', 'nul', '{"a" 1}']],
  bytea: [['\\xdeadbeef', 'abc', ''], ['\\xabc', '\\x0g']],
  inet: [['192.168.0.1', '10.0.0.0/8', '::1', '1.2.3.4/32', 'fe80::1/64', '::ffff:1.2.3.4'], ['300.1.1.1', 'localhost', '10.0.0.0/40', '1.2.3', '1.2.3.4.5', ':::1']],
  cidr: [['10.0.0.0/8', '2001:db8::/32', '10', '10.1/16', '::/0'], ['10.0.0.1/8', 'x', '10.0.0.0/33', '1.2.3.4.5', '2001:db8::1/32']],
  macaddr: [['08:00:2b:01:02:03'], ['08:00:2b', 'zz']],
  'bit(3)': [['101'], ['102', 'x2']],
  bit: [['1', '0', 'b1', 'x1'], ['2', 'xG']],
  'bit varying': [['10101', '', 'x1F', 'B11'], ['12', 'x1G']],
  money: [['$1.50', '1000', '-2', '$1,234.50', '(1.25)', ' 7 '], ['1e5', '--1', '99999999999999999999', 'abc', '1.2.3', '', '1e3', '$-1x']],
  point: [['(1,2)', '1,2'], ['x', '(1)', '(1,2']],
  box: [['(1,2),(3,4)'], ['(1,2)', 'b']],
  circle: [['<(1,2),3>'], ['(1,2)']],
  polygon: [['((0,0),(1,1),(1,0))'], ['(1']],
  xml: [['<a/>', 'x', '<a b="1">x &amp; y</a><c/>', '<!-- c --><a/>'], ['<a>', '<a></b>', 'a & b', '<a b=1/>', '1 < 2']],
  tsvector: [['a b', "'x':1", 'a:1A b:2,3', "'x y':4 z", 'a:1*', ':1'], ['a:0', 'a:1,', 'a:1ABC', "'a", 'a:', 'a:x']],
  tsquery: [['a & b', 'x', '!a | (b & c)', 'a <-> b', 'a:*', "'x y'", '', 'a <2> b', '!!a:ab'], ['()', 'a ! b', 'a <99999> b', 'a:x', '| a', 'a &', '& a', '(a', 'a b', 'a)']],
  int4range: [['[1,5)', 'empty', '(,3]'], ['[5,1)', '1,5', '[a,b]', '[1,2']],
  numrange: [['[1.5,2.5]', '(,)'], ['[2,1]', 'x']],
  daterange: [['[2024-01-01,2024-02-01)'], ['[2024-02-01,2024-01-01)', '[x,y]']],
  tstzrange: [['[2024-01-01,)'], ['[', 'abc']],
  int4multirange: [['{[1,2),[3,4)}', '{}'], ['[1,2)', '{[2,1)}']],
  oid: [['1', '4294967295'], ['x', '-9999999999']],
  name: [['abc'], []],
  '"char"': [['a', 'ab'], []],
  pg_lsn: [['16/B374D848'], ['x', '1']],
  jsonpath: [['$.a', '$[*] ? (@ > 1)'], ['$.', 'a b', '$[']],
  regtype: [['integer', 'pg_catalog.int4', 'text[]', 'mood', '23', '-', 'timestamp(3) with time zone'], ['nosuch', 'nosuch.x', '']],
  regproc: [['now', 'pg_catalog.version', '-', 'series'], ['lower', 'nosuch', '']],
  regnamespace: [['public', 'app', 'pg_catalog'], ['nosuch', 'a.b']],
  regclass: [['pg_class', 'pg_catalog.pg_type', '1259'], ['nosuch', 'a.b.c.d']],
};

export const EVERYDAY = ['integer', 'bigint', 'smallint', 'numeric', 'double precision', 'text', 'character varying(10)', 'boolean', 'date', 'timestamp without time zone', 'timestamp with time zone', 'interval', 'uuid', 'json', 'jsonb', 'bytea', 'real', 'time without time zone', 'character varying', 'character(3)'];
export const EXOTIC = ['inet', 'cidr', 'macaddr', 'bit(3)', 'bit varying', 'money', 'point', 'box', 'circle', 'polygon', 'xml', 'tsvector', 'tsquery', 'int4range', 'numrange', 'daterange', 'tstzrange', 'int4multirange', 'oid', 'name', '"char"', 'pg_lsn', 'jsonpath', 'time with time zone', 'regclass', 'regtype', 'regproc', 'regnamespace'];

/** Without modifiers: what resolution sees. */
export const plain = (type) => type.replace(/\(\d+(,\d+)?\)/, '');

/** How applications write it. */
const SPELLINGS = {
  integer: ['int', 'int4', 'integer'], bigint: ['bigint', 'int8'], smallint: ['smallint', 'int2'], 'double precision': ['float8', 'double precision', 'float'],
  real: ['real', 'float4'], 'character varying': ['varchar', 'character varying'], 'timestamp without time zone': ['timestamp', 'timestamp(3)'],
  'timestamp with time zone': ['timestamptz', 'timestamp with time zone'], boolean: ['bool', 'boolean'], 'time without time zone': ['time'],
  'time with time zone': ['timetz'], 'bit varying': ['varbit', 'bit varying(5)'], numeric: ['numeric', 'decimal(10,2)', 'numeric(6)'], character: ['bpchar', 'char(5)'],
  'character varying(10)': ['varchar(10)'], 'character(3)': ['char(3)'],
};
export function spelled(random, type) {
  const array = type.endsWith('[]') ? '[]' : '';
  const base = array ? type.slice(0, -2) : type;
  return random.one(SPELLINGS[base] ?? [base]) + array;
}

const RESERVED = new Set(['user', 'order', 'table', 'default', 'select']);
export const quoted = (text) => (/^[a-z_][a-z0-9_]*$/.test(text) && !RESERVED.has(text) ? text : `"${text}"`);
export const literal = (text) => `'${text.replaceAll("'", "''")}'`;
