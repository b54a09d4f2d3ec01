// Typed random expressions: mostly of the type that is asked for, now and then (`oops`) nearly.

import { yielding } from './catalog.mjs';
import { form } from './forms.mjs';
import { literal, plain, quoted, spelled } from './types.mjs';

const COMPARABLE = ['integer', 'text', 'date', 'numeric', 'timestamp with time zone', 'uuid', 'boolean', 'bigint', 'interval', 'integer[]', 'mood', 'character varying', 'jsonb', 'inet', 'money'];
const WIDER = {
  integer: ['smallint'], bigint: ['integer', 'smallint'], numeric: ['integer', 'bigint', 'smallint'], 'double precision': ['integer', 'numeric', 'real'], real: ['integer', 'numeric'],
  text: ['character varying', 'name', 'mail'], 'timestamp with time zone': ['date', 'timestamp without time zone'], 'timestamp without time zone': ['date'], inet: ['cidr'], oid: ['integer', 'regclass'],
};

export class Expressions {
  /** `wrong`: the share of choices that are mistakes. */
  constructor(random, schema, catalog, wrong) {
    Object.assign(this, { random, schema, catalog, wrong });
    this.params = [];
    this.counter = 0;
    this.ctes = [];
  }

  oops(weight = 1) {
    return this.wrong > 0 && this.random.chance(Math.min(0.5, this.wrong * weight));
  }

  name(prefix = 'q') {
    return `${prefix}${++this.counter}`;
  }

  anyType() {
    return this.random.one(this.schema.types);
  }

  // -------------------------------------------------------------- the leaves

  literal(type) {
    const { random } = this;
    const known = this.schema.literals[type] ?? this.schema.literals[plain(type)];
    if (!known) {
      const element = type.endsWith('[]') ? type.slice(0, -2) : null;
      if (!element) return '(null,null)';
      const texts = random.times(0, 2, () => `"${this.literal(element).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
      return this.oops(2) ? random.one(['x', '{', '{1,', '{{1},{2,3}}', '{a b}', '{zz}']) : `{${texts.join(',')}}`;
    }
    return random.one(known[1].length && this.oops(3) ? known[1] : known[0]);
  }

  constant(type) {
    const { random } = this;
    switch (type) {
      case 'integer': if (random.chance(0.8)) return random.one(['1', '0', '42', '-7', '100000']); break;
      case 'bigint': if (random.chance(0.6)) return random.one(['5000000000', '1', '12']); break;
      case 'smallint': if (random.chance(0.3)) return random.one(['1', '3']); break;
      case 'numeric': if (random.chance(0.7)) return random.one(['1.5', '0.25', '12', '1e3']); break;
      case 'double precision': if (random.chance(0.4)) return random.one(['1.5', '2', '1e-3']); break;
      case 'boolean': if (random.chance(0.8)) return random.one(['true', 'false', 'true', 'null::boolean']); break;
    }
    const text = literal(this.literal(type));
    const texts = /^(text|character varying)$/.test(type);
    return random.weighted([
      [texts ? 8 : 3, () => text],
      [texts ? 2 : 8, () => `${text}::${spelled(random, type)}`],
      [1, () => `cast(${text} as ${spelled(random, type)})`],
      [1, () => (/^[a-z]+$/.test(type) ? `${type} ${text}` : `${text}::${type}`)],
      [this.random.chance(0.4) ? 1 : 0, () => 'null'],
      [1, () => `null::${type}`],
    ])();
  }

  param(type) {
    const { random, params } = this;
    const known = params.map((it, at) => (it === type ? at + 1 : 0)).filter(Boolean);
    if (known.length && random.chance(0.4)) return `$${random.one(known)}`;
    if (params.length && this.oops(4)) return `$${1 + random.below(params.length)}`;
    if (this.oops(1)) params.push(null);
    params.push(type);
    const text = `$${params.length}`;
    return random.chance(0.35) ? `${text}::${spelled(random, type)}` : text;
  }

  column(scope, it) {
    const { random } = this;
    if (this.oops()) return random.one(['nosuch', `${it.of}.nosuch`, `nosuch.${quoted(it.name)}`, `${quoted(it.name)}x`, it.name.toUpperCase()]);
    const twins = scope.columns.filter((other) => other.name === it.name).length;
    const qualify = it.of && (it.merged ? random.chance(0.2) : twins > 1 ? !this.oops(2) : random.chance(0.6));
    return qualify ? `${it.of}.${quoted(it.name)}` : quoted(it.name);
  }

  columnOf(scope, type) {
    let list = scope.columns.filter((it) => plain(it.type) === plain(type));
    if (!list.length && scope.outer && this.random.chance(0.7)) return this.columnOf(scope.outer, type);
    if (scope.outer && this.random.chance(0.15)) return this.columnOf(scope.outer, type) ?? (list.length ? this.column(scope, this.random.one(list)) : null);
    if (!list.length) return null;
    return this.column(scope, this.random.one(list));
  }

  // -------------------------------------------------------------------- calls

  call(it, scope, depth) {
    const { random } = this;
    let name = this.oops(0.5) ? random.one([`${it.name}x`, random.one(this.catalog.all)]) : it.name;
    if (random.chance(0.03) && it.name !== 'say') name = `pg_catalog.${name}`;
    const types = [...it.args];
    if (it.variadic && types.length && random.chance(0.85)) {
      const last = types.pop();
      const element = last.endsWith('[]') ? last.slice(0, -2) : 'text';
      for (let n = random.below(3) + 1; n > 0; n--) types.push(element);
    } else if (it.variadic && types.length) {
      const args = types.map((t) => this.expr(t.endsWith('[]') || t !== types.at(-1) ? t : 'text[]', scope, depth - 1));
      args[args.length - 1] = `variadic ${args.at(-1)}`;
      return `${name}(${args.join(', ')})`;
    }
    for (let n = it.defaults; n > 0 && random.chance(0.4); n--) types.pop();
    if (this.oops(0.5)) random.chance(0.5) ? types.pop() : types.push(this.anyType());
    const args = types.map((t) => this.expr(t, scope, depth - 1));
    if (it.names?.length >= args.length && it.names[0] && args.length && !it.out && random.chance(0.3)) {
      const from = random.below(args.length);
      for (let at = from; at < args.length; at++) args[at] = `${this.oops(2) ? 'nosuch' : quoted(it.names[at])} ${random.one(['=>', '=>', ':='])} ${args[at]}`;
      if (this.oops(2)) args.reverse();
    }
    return `${name}(${args.join(', ')})`;
  }

  aggregate(type, scope, depth) {
    const { random } = this;
    const inner = { ...scope.under ?? scope, aggregates: this.oops(0.5), windows: false, sets: false };
    const filter = random.chance(0.15) ? ` filter (where ${this.expr('boolean', inner, depth - 1)})` : '';
    if (type === 'bigint' && random.chance(0.5)) return `count(${random.one(['*', `distinct ${this.expr(random.one(COMPARABLE), inner, depth - 1)}`])})${filter}`;
    if (random.chance(0.06)) {
      const it = random.one(this.catalog.ordered);
      const direct = Number(it.agg.slice(1));
      const args = it.args.slice(0, direct).map((t) => this.expr(t === '"any"' || t.startsWith('any') ? 'integer' : t, inner, depth - 1));
      const sorted = (it.args.slice(direct).length ? it.args.slice(direct) : ['integer']).map((t) => this.expr(/any/.test(t) ? random.one(COMPARABLE) : t, inner, depth - 1));
      return `${it.name}(${args.join(', ')}) within group (order by ${sorted.join(', ')}${random.one(['', ' desc'])})${filter}`;
    }
    const it = yielding(random, this.catalog.aggregates, type, COMPARABLE);
    if (!it) return null;
    const args = it.args.map((t) => this.expr(t, inner, depth - 1));
    const distinct = args.length === 1 && random.chance(0.15) ? 'distinct ' : '';
    const order = args.length && random.chance(0.12) ? ` order by ${distinct && !this.oops(3) ? args[0] : this.expr(random.one(COMPARABLE), inner, depth - 1)}${random.one(['', ' desc', ' nulls first'])}` : '';
    return `${it.name}(${distinct}${args.join(', ')}${order})${filter}`;
  }

  window(scope, depth) {
    const { random } = this;
    const inner = { ...scope, windows: this.oops(0.5), sets: false };
    if (scope.windowNames?.length && random.chance(0.4)) return random.one(scope.windowNames);
    if (this.oops()) return 'nosuch';
    const parts = [];
    if (random.chance(0.05)) parts.push(`partition by (${random.times(2, 2, () => this.expr(random.one(COMPARABLE), inner, depth - 1)).join(', ')})`);
    else if (random.chance(0.5)) parts.push(`partition by ${random.times(1, 2, () => this.expr(random.one(COMPARABLE), inner, depth - 1)).join(', ')}`);
    const key = random.one(COMPARABLE);
    const ordered = random.chance(0.6);
    if (ordered) parts.push(`order by ${this.expr(key, inner, depth - 1)}${random.one(['', ' desc', ' nulls last'])}`);
    if (random.chance(0.25)) {
      const offset = random.one(['1', '1', "'1 day'", "interval '1 day'", "'x'", '1.5', 'unbounded']);
      const mode = random.one(['rows', 'rows', 'range', 'groups']);
      parts.push(`${mode} between ${random.one(['unbounded', mode === 'rows' ? '1' : offset, 'current row']).replace(/^(?!current)(.*)$/, '$1 preceding')} and ${random.one(['current row', 'unbounded following', '1 following'])}${random.one(['', '', ' exclude ties'])}`);
    }
    return `(${parts.join(' ')})`;
  }

  windowCall(type, scope, depth) {
    const { random } = this;
    const inner = { ...scope, windows: false, sets: false };
    const over = () => ` over ${this.window(scope, depth)}`;
    if (random.chance(0.4)) {
      const text = this.aggregate(type, { ...scope, under: null, aggregates: false }, depth);
      return text && !/within group|distinct|order by/.test(text) ? text + over() : null;
    }
    const it = yielding(random, this.catalog.windows, type, COMPARABLE);
    return it ? `${it.name}(${it.args.map((t) => this.expr(t, inner, depth - 1)).join(', ')})${over()}` : null;
  }

  // ------------------------------------------------------------ the expression

  expr(asked, scope, depth) {
    const { random } = this;
    let type = this.oops(0.6) ? this.anyType() : asked;
    if (type === undefined) type = 'text';
    if (!this.oops(0.5) && WIDER[type] && random.chance(0.08)) type = random.one(WIDER[type]);
    type = plain(type);
    if (depth <= 0) return this.leaf(type, scope);
    for (let tries = 0; tries < 4; tries++) {
      const text = this.shape(type, scope, depth);
      if (text) return text;
    }
    return this.leaf(type, scope);
  }

  leaf(type, scope) {
    const { random } = this;
    const column = random.chance(0.65) ? this.columnOf(scope, type) : null;
    if (column) return column;
    return random.chance(0.16) ? this.param(type) : this.constant(type);
  }

  shape(type, scope, depth) {
    const { random } = this;
    const sub = (t) => this.expr(t, scope, depth - 1);
    const choice = [
      [22, () => this.leaf(type, scope)],
      [12, () => {
        const it = yielding(random, random.chance(0.65) ? this.catalog.everyday : this.catalog.scalar, type, this.schema.types.map(plain));
        return it && this.call(it, scope, depth);
      }],
      [9, () => {
        const it = yielding(random, this.catalog.operatorsBy, type, COMPARABLE);
        return it && this.operator(it, sub);
      }],
      [3, () => this.caseOf(type, sub)],
      [3, () => `coalesce(${random.times(1, 3, () => sub(type)).join(', ')})`],
      [1, () => `nullif(${sub(type)}, ${sub(type)})`],
      [1, () => `${random.one(['greatest', 'least'])}(${random.times(1, 3, () => sub(type)).join(', ')})`],
      [2, () => `${random.one([`(${sub(type)})`, sub(random.one(['text', type, this.anyType()]))])}::${spelled(random, type)}`],
      [1, () => `(${sub(type)})`],
      [2, () => `(${this.query({ types: [type], outer: scope, depth: depth - 1, single: true })})`],
      [1, () => `(array[${sub(type)}, ${sub(type)}])[${sub('integer')}]`],
      [1, () => {
        const own = this.schema.functions.filter((it) => it.ret === type && (!it.set || scope.sets));
        return own.length ? this.call(random.one(own), scope, depth) : null;
      }],
      [3, () => form(this, type, scope, depth)],
      [1, () => this.fieldOf(type, scope)],
      [1, () => this.elementOf(type, scope, sub)],
    ];
    if (scope.aggregates) choice.push([scope.under ? 14 : 3, () => this.aggregate(type, scope, depth)]);
    else if (this.oops(0.5)) choice.push([10, () => this.aggregate(type, scope, depth)]);
    if (scope.windows || this.oops(0.3)) choice.push([4, () => this.windowCall(type, scope, depth)]);
    if ((scope.sets || this.oops(0.3)) && random.chance(0.3)) {
      choice.push([3, () => {
        const list = this.catalog.sets.filter((it) => it.ret === type);
        return list.length ? this.call(random.one(list), scope, depth) : type === 'integer' ? `generate_series(1, ${sub('integer')})` : `unnest(array[${sub(type)}])`;
      }]);
    }
    this.special(type, scope, sub, depth, choice);
    return random.weighted(choice)();
  }

  operator(it, sub) {
    const { random } = this;
    let name = this.oops(0.5) ? random.one([...this.catalog.allOperators, '=', '<', '+', '||', '->']) : it.name;
    if (random.chance(0.02)) name = `operator(pg_catalog.${name})`;
    return it.args.length === 1 ? `${name} ${sub(it.args[0])}` : `${sub(it.args[0])} ${name} ${sub(it.args[1])}`;
  }

  caseOf(type, sub) {
    const { random } = this;
    const key = random.one(COMPARABLE);
    const operand = random.chance(0.3) ? ` ${sub(key)}` : '';
    const whens = random.times(1, 2, () => ` when ${sub(operand ? key : 'boolean')} then ${sub(type)}`);
    return `case${operand}${whens.join('')}${random.chance(0.6) ? ` else ${sub(type)}` : ''} end`;
  }

  fieldOf(type, scope) {
    for (const [name, fields] of this.schema.composites) {
      const field = fields.find(([, t]) => plain(t) === type);
      if (!field) continue;
      const value = this.columnOf(scope, name) ?? `null::${name}`;
      return `(${value}).${this.oops(2) ? 'nosuch' : field[0]}`;
    }
    return null;
  }

  elementOf(type, scope, sub) {
    const { random } = this;
    if (type === 'jsonb') return `(${sub('jsonb')})[${random.one(["'a'", '1', sub('integer'), sub('text')])}]`;
    if (type.endsWith('[]')) return `(${sub(type)})[${random.one(['1:2', ':2', '1:', ':', `${sub('integer')}:${sub('integer')}`])}]`;
    const column = this.columnOf(scope, `${type}[]`);
    return column && !/^[$']/.test(column) ? `${column}[${sub('integer')}]` : null;
  }

  /** What only some types have. */
  special(type, scope, sub, depth, choice) {
    const { random } = this;
    const any = () => random.one(COMPARABLE);
    if (this.schema.composites.has(type)) {
      const fields = this.schema.composites.get(type);
      choice.push([8, () => `row(${(this.oops(1) ? fields.slice(1) : fields).map(([, t]) => sub(t)).join(', ')})::${type}`]);
    }
    if (type.endsWith('[]')) {
      const element = type.slice(0, -2);
      choice.push([10, () => `array[${random.times(1, 3, () => sub(element)).join(', ')}]${random.chance(0.2) ? `::${type}` : ''}`]);
      choice.push([2, () => `array(${this.query({ types: [element], outer: scope, depth: depth - 1 })})`]);
      choice.push([2, () => `${sub(type)} || ${sub(random.one([element, type]))}`]);
    }
    if (type === 'boolean') this.booleans(scope, sub, depth, choice, any);
    if (type === 'numeric' || this.oops(0.1)) choice.push([5, () => `extract(${random.one(['year', 'epoch', 'dow', 'month', "'day'", this.oops(3) ? 'nosuch' : 'hour'])} from ${sub(random.one(['date', 'timestamp with time zone', 'timestamp without time zone', 'interval', 'time without time zone']))})`]);
    if (/^timestamp/.test(type)) {
      const other = type.endsWith('without time zone') ? 'timestamp with time zone' : 'timestamp without time zone';
      choice.push([4, () => `${sub(other)} at ${random.one(['time zone ' + random.one(["'UTC'", "'Europe/Berlin'", sub('text'), sub('interval')]), 'local'])}`]);
      choice.push([3, () => random.one(type.endsWith('without time zone') ? ['localtimestamp', 'localtimestamp(2)'] : ['current_timestamp', 'now()'])]);
      choice.push([3, () => `${sub(type)} ${random.one(['+', '-'])} ${random.one([`interval '1 day'`, sub('interval')])}`]);
    }
    if (type === 'date') choice.push([3, () => random.one(['current_date', `${sub('date')} + ${sub('integer')}`])]);
    if (type === 'interval') choice.push([3, () => `${sub('timestamp with time zone')} - ${sub('timestamp with time zone')}`]);
    if (type === 'text') {
      choice.push([5, () => random.one([
        () => `substring(${sub('text')} from ${sub('integer')}${random.one(['', ` for ${sub('integer')}`])})`, () => `trim(${random.one(['', 'leading ', 'both ', 'trailing '])}${random.one(['', `${sub('text')} `])}from ${sub('text')})`,
        () => `overlay(${sub('text')} placing ${sub('text')} from ${sub('integer')})`, () => `${sub('text')} || ${sub(random.one(['text', any()]))}`, () => `normalize(${sub('text')})`,
        () => `${sub('text')} collate ${random.one(['"C"', '"default"', 'pg_catalog."C"', this.oops(3) ? 'nosuch' : '"C"'])}`, () => `${sub(random.one(['json', 'jsonb']))} ->> ${random.one(["'a'", '0', sub('text')])}`,
        () => `json_value(${sub(random.one(['jsonb', 'json', 'text']))}, '$.a'${random.one(['', ' returning text', ` default ${sub('text')} on empty`, ' null on error'])})`, () => random.one(['current_user', 'session_user', 'current_schema', 'user']),
        () => `string_agg(${sub('text')}, ',')`, () => `xmlserialize(content ${sub('xml')} as text)`, () => `json_serialize(${sub('jsonb')})`,
      ])()]);
    }
    if (type === 'integer') choice.push([3, () => random.one([() => `position(${sub('text')} in ${sub('text')})`, () => `json_value(${sub('jsonb')}, '$.a' returning int)`, () => `json_value(${sub('jsonb')}, '$.a ? (@ > $v)' passing ${sub('integer')} as v returning int default ${sub('integer')} on error)`])()]);
    if (type === 'json') {
      choice.push([5, () => random.one([
        () => `json_object(${random.times(0, 2, (i) => `'k${i}' ${random.one([':', 'value'])} ${sub(any())}`).join(', ')}${random.one(['', ' null on null', ' absent on null'])})`.replace('( null', '(null').replace('( absent', '(absent'),
        () => `json_array(${random.times(0, 2, () => sub(any())).join(', ')})`, () => `json_array(${this.query({ types: [any()], outer: scope, depth: depth - 1 })})`, () => `json(${sub('text')})`, () => `json_scalar(${sub(any())})`,
      ])()]);
    }
    if (type === 'jsonb') {
      choice.push([5, () => random.one([
        () => `${sub('jsonb')} -> ${random.one(["'a'", '0', sub('text'), sub('integer')])}`, () => `json_query(${sub('jsonb')}, '$.a'${random.one(['', ' with wrapper', ' returning jsonb', ' empty array on error', ' omit quotes'])})`,
        () => `json_object('a': ${sub(any())} returning jsonb)`, () => `jsonb_build_object('a', ${sub(any())}, 'b', ${sub(any())})`, () => `to_jsonb(${sub(any())})`, () => `json_array(${sub(any())} returning jsonb)`,
      ])()]);
    }
    if (type === 'xml') choice.push([6, () => random.one([() => `xmlelement(name a, ${sub(any())})`, () => `xmlforest(${sub(any())} as a)`, () => `xmlconcat(${sub('xml')}, ${sub('xml')})`, () => `xmlparse(document ${sub('text')})`, () => `xmlelement(name b, xmlattributes(${sub(any())} as c))`])()]);
    if (type === 'oid') choice.push([1, () => `${literal(this.schema.base.full)}::regclass`]);
  }

  booleans(scope, sub, depth, choice, any) {
    const { random } = this;
    const not = random.one(['', '', 'not ']);
    choice.push(
      [14, () => {
        const t = random.chance(0.7) ? any() : plain(this.anyType());
        return `${sub(t)} ${random.one(['=', '<>', '<', '>=', '!='])} ${sub(t)}`;
      }],
      [8, () => random.times(2, 3, () => sub('boolean')).join(random.one([' and ', ' or ']))],
      [3, () => `not ${sub('boolean')}`],
      [4, () => `${sub(plain(this.anyType()))} is ${not}null`],
      [2, () => `${sub('boolean')} is ${not}${random.one(['true', 'false', 'unknown'])}`],
      [3, () => `${sub('text')} ${not}${random.one(['like', 'ilike', 'similar to'])} ${sub('text')}${random.one(['', '', " escape '!'"])}`],
      [3, () => { const t = any(); return `${sub(t)} ${not}between ${random.one(['', 'symmetric '])}${sub(t)} and ${sub(t)}`; }],
      [5, () => { const t = any(); return `${sub(t)} ${not}in (${random.times(1, 3, () => sub(t)).join(', ')})`; }],
      [3, () => { const t = any(); return `${sub(t)} ${not}in (${this.query({ types: this.oops(1) ? [t, t] : [t], outer: scope, depth: depth - 1 })})`; }],
      [2, () => `exists (${this.query({ outer: scope, depth: depth - 1 })})`],
      [4, () => { const t = any(); return `${sub(t)} ${random.one(['=', '<>', '<', '~~'])} ${random.one(['any', 'all', 'some'])} (${random.chance(0.7) || t.endsWith('[]') ? random.one([() => sub(`${t.replace(/\[\]$/, '')}[]`), () => `array[${sub(t)}]`, () => this.param(`${t.replace(/\[\]$/, '')}[]`)])() : this.query({ types: [t], outer: scope, depth: depth - 1 })})`; }],
      [3, () => { const t = any(); return `${sub(t)} is ${not}distinct from ${sub(t)}`; }],
      [3, () => { const [a, b] = [any(), any()]; return `${random.one(['', 'row'])}(${sub(a)}, ${sub(b)}) ${random.one(['=', '<', '<>', '>='])} (${sub(a)}, ${sub(this.oops(1) ? any() : b)}${this.oops(2) ? ', 1' : ''})`; }],
      [2, () => { const [a, b] = [any(), any()]; return `(${sub(a)}, ${sub(b)}) ${not}in (${random.one([() => `(${sub(a)}, ${sub(b)})`, () => this.query({ types: [a, b], outer: scope, depth: depth - 1 })])()})`; }],
      [1, () => `(${sub('date')}, ${sub('date')}) overlaps (${sub('date')}, ${sub(random.one(['date', 'interval']))})`],
      [2, () => `${sub(random.one(['text', 'json', 'jsonb']))} is ${not}json${random.one(['', ' object', ' array', ' scalar', ' with unique keys'])}`],
      [1, () => `json_exists(${sub('jsonb')}, '$.a')`],
      [1, () => `${sub('text')} is ${not}normalized`],
      [1, () => `${sub('xml')} is document`],
      [2, () => `${sub('jsonb')} ${random.one(['@>', '<@'])} ${random.one([`'{"a":1}'`, sub('jsonb')])}`],
      [1, () => `${sub('jsonb')} ${random.one(['?', '?|', '@?', '@@'])} ${random.one(["'a'", "'$.a'", "'$.a ? (@ > 1)'", sub('text'), sub('jsonpath')])}`],
    );
  }
}
