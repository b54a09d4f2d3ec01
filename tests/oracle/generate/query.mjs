// Random queries: SELECT in all its parts, set operations, WITH.

import { Expressions } from './expr.mjs';
import { plain, quoted, spelled } from './types.mjs';

const SORTED = ['integer', 'text', 'date', 'numeric', 'boolean', 'uuid'];

export class Queries extends Expressions {
  /** A row type for a query that may choose. */
  row() {
    return this.random.times(1, 4, () => (this.random.chance(0.7) ? this.random.one(SORTED) : plain(this.anyType())));
  }

  /** `types`: what it must yield; the text, with `this.names` the columns' names. */
  query({ types, outer = null, depth = 2, single = false, top = false }) {
    const { random } = this;
    types ??= this.row();
    const before = this.ctes.length;
    let withText = '';
    if (depth > 0 && random.chance(top ? 0.25 : 0.04)) withText = this.with(outer, depth);
    let text;
    const shape = random.below(100);
    if (depth > 0 && shape < 9 && !single) text = this.setOperation(types, outer, depth);
    else if (shape < 12) {
      const row = () => `(${types.map((t) => this.expr(t, { columns: [], outer }, depth - 1)).join(', ')})`;
      const rows = random.times(1, single ? 1 : 3, row);
      if (this.oops(2)) rows.push('(1, 2, 3, 4, 5)');
      text = `values ${rows.join(', ')}`;
      this.names = types.map((_, at) => `column${at + 1}`);
    } else text = this.select(types, outer, depth, top, single);
    this.ctes.length = before;
    return withText + text;
  }

  setOperation(types, outer, depth) {
    const { random } = this;
    const left = this.select(types, outer, depth - 1, false, false, true);
    const { names } = this;
    const branch = () => {
      const row = this.oops(2) ? types.slice(1).concat('integer', 'text') : types;
      const text = random.chance(0.15) ? this.setOperation(row, outer, depth - 1) : this.select(row, outer, depth - 1, false, false, true);
      return random.chance(0.3) || / order by | limit | union | except | intersect | for /.test(text) ? `(${text})` : text;
    };
    const op = random.one(['union', 'union all', 'intersect', 'except', 'union distinct', 'except all', 'union all', 'union']);
    let text = `${/ order by | limit | offset | fetch | for /.test(left) ? `(${left})` : left} ${op} ${branch()}`;
    if (random.chance(0.2)) text += ` ${random.one(['union all', 'union', 'except'])} ${branch()}`;
    this.names = names;
    if (random.chance(0.3)) text += ` order by ${random.one([String(1 + random.below(types.length)), quoted(names[0] ?? 'x'), this.oops(3) ? `${quoted(names[0] ?? 'x')} + 1` : '1', this.oops(2) ? '9' : '1'])}`;
    if (random.chance(0.15)) text += ` limit ${this.expr('bigint', { columns: [] }, 0)}`;
    return text;
  }

  // -------------------------------------------------------------------- WITH

  with(outer, depth) {
    const { random } = this;
    const parts = [];
    let recursive = false;
    for (let n = 1 + random.below(2); n > 0; n--) {
      const name = this.oops(0.5) && this.ctes.length ? this.ctes[0].name : this.name('w');
      const how = random.below(10);
      if (how < 2) {
        recursive = true;
        parts.push(this.recursive(name, outer, depth));
      } else if (how < 4 && this.modify && !outer) {
        const { text, columns } = this.modify(depth - 1);
        parts.push(`${name} as (${text})`);
        this.ctes.push({ name, columns });
      } else {
        const types = this.row();
        const text = this.query({ types, outer, depth: depth - 1 });
        const names = random.chance(0.5) ? types.map((_, at) => `c${at + 1}`) : null;
        if (names && this.oops(2)) names.push('extra');
        const own = (names ?? this.names).map((it, at) => ({ name: it, type: types[at] ?? 'text' }));
        parts.push(`${name}${names ? ` (${names.join(', ')})` : ''} as ${random.one(['', '', 'materialized ', 'not materialized '])}(${text})`);
        this.ctes.push({ name, columns: own });
      }
    }
    return `with ${recursive ? 'recursive ' : ''}${parts.join(', ')} `;
  }

  recursive(name, outer, depth) {
    const { random } = this;
    const types = ['integer', random.one(['text', 'integer', 'numeric', 'text[]', 'date'])];
    const first = this.select(types, outer, depth - 1, false, false, true);
    const columns = [{ name: 'n', type: types[0] }, { name: 'v', type: types[1] }];
    const of = random.chance(0.7) ? name : 'r';
    const other = random.chance(0.4) ? random.one(this.schema.relations) : null;
    const scope = { columns: columns.map((it) => ({ ...it, of })), outer, aggregates: this.oops(1) };
    if (other) scope.columns.push(...other.cols.map((it) => ({ ...it, of: 'o' })));
    const step = [random.one(['n + 1', `${of}.n`, this.expr(types[0], scope, 1)]), this.expr(types[1], scope, 1)];
    if (this.oops(1)) step.pop();
    const join = other ? ` ${random.one(['join', 'left join', 'right join'])} ${other.full} o on ${this.expr('boolean', scope, 1)}` : '';
    const text = `${/ order by | limit | fetch | offset | for /.test(first) ? `(${first})` : first} ${random.one(['union all', 'union', this.oops(2) ? 'except' : 'union all'])} select ${step.join(', ')} from ${name}${of === name ? '' : ` ${of}`}${join} where ${random.one(['n < 5', this.expr('boolean', scope, 1)])}`;
    let tail = '';
    if (random.chance(0.15)) {
      tail = ` search ${random.one(['depth', 'breadth'])} first by ${this.oops(2) ? 'nosuch' : 'n'} set ord`;
      columns.push({ name: 'ord', type: 'record' });
    }
    if (random.chance(0.15)) {
      tail += ` cycle ${this.oops(2) ? 'nosuch' : 'n'} set looped${random.one(['', " to 'y' default 'n'", this.oops(2) ? " to 1 default 'x'" : ''])} using path`;
      columns.push({ name: 'looped', type: tail.includes("'y'") ? 'text' : 'boolean' }, { name: 'path', type: 'record[]' });
    }
    this.ctes.push({ name, columns });
    return `${name} (n, v) as (${text})${tail}`;
  }

  // -------------------------------------------------------------------- FROM

  /** One item of FROM: `{text, columns, of}`. */
  item(outer, depth, lateral) {
    const { random } = this;
    const alias = this.name('t');
    const own = (list) => list.map((it) => ({ ...it, type: it.type, of: alias }));
    const how = random.below(100);
    if (this.ctes.length && how < 40) {
      const cte = random.one(this.ctes);
      return { text: `${cte.name} ${alias}`, columns: own(cte.columns), of: alias };
    }
    if (depth > 0 && how >= 82 && how < 90) {
      const types = this.row();
      const text = this.query({ types, outer: lateral, depth: depth - 1 });
      const names = random.chance(0.6) ? types.map((_, at) => `c${at + 1}`) : this.names.slice(0, types.length);
      const list = names === this.names || !names[0]?.startsWith('c') ? '' : ` (${names.join(', ')})`;
      return { text: `${random.one(['', 'lateral '])}(${text}) ${random.one(['as ', ''])}${alias}${list}`, columns: own(names.map((name, at) => ({ name, type: types[at] ?? 'text' }))), of: alias };
    }
    if (how >= 90 && how < 96) return this.functionItem(alias, lateral, depth);
    if (how >= 96 && how < 98) return this.tableItem(alias, lateral, depth);
    const relation = random.one(this.schema.relations);
    const name = this.oops(0.5) ? random.one(['nosuch', `app.${quoted(relation.name)}`, `nosuch.${quoted(relation.name)}`, relation.name.toUpperCase()]) : relation.full;
    if (random.chance(0.25) && !/^app\./.test(relation.full)) {
      return { text: `${random.one(['', 'only '])}${name}`, columns: relation.cols.map((it) => ({ ...it, of: quoted(relation.name) })), of: quoted(relation.name), relation };
    }
    const renamed = random.chance(0.06) ? relation.cols.map((it, at) => (at < 2 ? { ...it, name: `r${at}` } : it)) : relation.cols;
    const list = renamed === relation.cols ? '' : ` (${renamed.slice(0, 2).map((it) => it.name).join(', ')}${this.oops(2) ? ', a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13' : ''})`;
    const sample = random.chance(0.03) && relation.kind === 'table' ? ` tablesample ${random.one(['system', 'bernoulli', this.oops(3) ? 'nosuch' : 'system'])} (${this.expr('real', { columns: [] }, 0)})${random.one(['', ' repeatable (1)'])}` : '';
    return { text: `${name} ${random.one(['', 'as '])}${alias}${list}${sample}`, columns: own(renamed), of: alias, relation };
  }

  functionItem(alias, lateral, depth) {
    const { random } = this;
    const scope = lateral ?? { columns: [] };
    const own = (list) => list.map(([name, type]) => ({ name, type, of: alias }));
    const ordinality = random.chance(0.2);
    const tail = (list) => (ordinality ? [...list, ['ordinality', 'bigint']] : list);
    const withOrd = ordinality ? ' with ordinality' : '';
    const how = random.below(10);
    if (how < 2) {
      const t = random.one(['integer', 'bigint', 'numeric', 'timestamp with time zone', 'date']);
      const step = /time|date/.test(t) ? `, ${this.constant('interval')}` : random.one(['', `, ${this.expr(t, scope, 0)}`]);
      const out = t === 'date' ? 'timestamp with time zone' : t;
      return { text: `generate_series(${this.expr(t, scope, 1)}, ${this.expr(t, scope, 1)}${step})${withOrd} ${alias}${random.one(['', ' (g)'])}`.replace(/(t\d+)$/, '$1 (g)'), columns: own(tail([['g', out]])), of: alias };
    }
    if (how < 4) {
      const types = random.times(1, 2, () => plain(random.one(SORTED)));
      return { text: `unnest(${types.map((t) => this.expr(`${t}[]`, scope, 1)).join(', ')})${withOrd} ${alias} (${types.map((_, at) => `u${at}`).join(', ')})`, columns: own(tail(types.map((t, at) => [`u${at}`, t]))), of: alias };
    }
    if (how < 5) {
      return { text: `${random.one(['jsonb_to_record', 'jsonb_to_recordset', 'json_to_record'])}(${this.expr('jsonb', scope, 1)}) as ${alias} (a integer, b text${this.oops(2) ? ', a nosuch' : ''})`, columns: own([['a', 'integer'], ['b', 'text']]), of: alias };
    }
    if (how < 6) {
      const it = random.one(['jsonb_each', 'jsonb_each_text', 'json_each']);
      return { text: `${it}(${this.expr(it.startsWith('jsonb') ? 'jsonb' : 'json', scope, 1)})${withOrd} ${alias}`, columns: own(tail([['key', 'text'], ['value', it === 'jsonb_each' ? 'jsonb' : it === 'json_each' ? 'json' : 'text']])), of: alias };
    }
    if (how < 7) {
      const sets = random.times(1, 2, () => this.call(random.one(random.chance(0.6) ? this.catalog.everydaySets : this.catalog.sets), scope, 1));
      return { text: `rows from (${sets.join(', ')})${withOrd} ${alias}`, columns: own(ordinality ? [['ordinality', 'bigint']] : []), of: alias };
    }
    if (how < 8) return { text: `any_row() as ${alias}${this.oops(2) ? '' : ' (a integer, b integer)'}`, columns: own([['a', 'integer'], ['b', 'integer']]), of: alias };
    const it = random.one(this.schema.functions.filter((f) => f.set || f.row));
    const columns = it.row ?? [[alias, it.ret]];
    return { text: `${random.one(['', 'lateral '])}${this.call(it, scope, depth)}${withOrd} ${alias}`, columns: own(tail(columns)), of: alias };
  }

  tableItem(alias, lateral, depth) {
    const { random } = this;
    const scope = lateral ?? { columns: [] };
    if (random.chance(0.75)) {
      const value = random.one(['jsonb', 'json', 'text', this.oops(2) ? this.anyType() : 'jsonb']);
      return {
        text: `json_table(${this.expr(value, scope, depth - 1)}, '$[*]'${random.one(['', ' as root', ` passing ${this.expr('integer', scope, 0)} as x`])} columns (n for ordinality, a ${spelled(random, random.one(SORTED))} path '$.a'${random.one(['', ` default ${this.constant('text')} on empty`, ' null on error'])}, b text${random.one(['', ` format json with wrapper`, ", nested path '$.c[*]' columns (d text)", ", e boolean exists path '$.e'"])})) ${alias}`,
        columns: [['n', 'integer'], ['b', 'text']].map(([name, type]) => ({ name, type, of: alias })), of: alias,
      };
    }
    return {
      text: `xmltable('/a/b' passing ${this.expr('xml', scope, depth - 1)} columns n for ordinality, x text path '@x'${random.one(['', ' not null', ` default ${this.expr('text', scope, 0)}`])}, y ${spelled(random, random.one(SORTED))}) ${alias}`,
      columns: [['n', 'integer'], ['x', 'text']].map(([name, type]) => ({ name, type, of: alias })), of: alias,
    };
  }

  from(outer, depth) {
    const { random } = this;
    const items = [];
    const columns = [];
    const texts = [];
    const visible = () => ({ columns: [...columns], outer });
    for (let n = random.weighted([[50, 1], [35, 2], [12, 3]]); n > 0; n--) {
      const first = this.item(outer, depth, random.chance(0.5) || this.oops(1) ? visible() : outer);
      let text = first.text;
      const own = [...first.columns];
      items.push(first);
      for (let joins = random.weighted([[55, 0], [35, 1], [10, 2]]); joins > 0; joins--) {
        const kind = random.one(['join', 'left join', 'inner join', 'right join', 'full join', 'cross join', 'left outer join', 'join', 'left join']);
        const right = this.item(outer, depth, this.oops(0.5) || /^(join|left|inner|cross)/.test(kind) ? { columns: [...own, ...columns], outer } : outer);
        items.push(right);
        if (kind === 'cross join') text = `${text} cross join ${right.text}`;
        else {
          const shared = own.filter((it) => right.columns.some((other) => other.name === it.name && plain(other.type) === plain(it.type)) && own.filter((other) => other.name === it.name).length === 1);
          const how = random.below(100);
          if (shared.length && how < 22) {
            const list = random.some([...new Set(shared.map((it) => it.name))], 1 + random.below(2));
            if (this.oops(2)) list.push('nosuch');
            const alias = random.chance(0.15) ? ` as ${this.name('j')}` : '';
            text = `${text} ${kind} ${right.text} using (${list.map(quoted).join(', ')})${alias}`;
            for (const it of [...own, ...right.columns]) if (list.includes(it.name)) it.merged = true;
          } else if (how < 26) {
            text = `${text} natural ${kind} ${right.text}`;
            for (const it of own) if (right.columns.some((other) => other.name === it.name)) it.merged = true;
          } else text = `${text} ${kind} ${right.text} on ${this.on({ columns: [...own, ...right.columns], outer, joined: true }, depth)}`;
        }
        own.push(...right.columns);
      }
      texts.push(text);
      columns.push(...own);
    }
    if (this.oops(0.3)) texts.push(texts[0]);
    return { text: texts.join(', '), columns, items };
  }

  on(scope, depth) {
    const { random } = this;
    if (random.chance(0.5)) {
      const left = random.one(scope.columns);
      const right = left && scope.columns.find((it) => it.of !== left.of && plain(it.type) === plain(left.type));
      if (right) return `${this.column(scope, left)} = ${this.column(scope, right)}`;
    }
    return this.expr('boolean', scope, Math.min(depth, 1));
  }

  // ------------------------------------------------------------------- SELECT

  select(types, outer, depth, top, single, branch = false) {
    const { random } = this;
    if (!random.chance(0.93)) return this.bare(types, outer, depth);
    const from = this.from(outer, depth);
    const scope = { columns: from.columns, outer };
    const where = random.chance(0.5) ? ` where ${this.expr('boolean', scope, depth)}` : '';
    if (random.chance(0.22)) return this.grouped(types, scope, from, where, depth, single, branch);
    const aggregated = single || random.chance(0.08);
    const windowNames = [];
    let windowText = '';
    if (!aggregated && random.chance(0.06)) {
      windowText = ` window w as ${this.window({ ...scope, windowNames: [] }, 1)}`;
      windowNames.push('w');
      if (random.chance(0.2)) {
        windowText += `, w2 as (w order by ${this.expr('integer', scope, 0)})`;
        windowNames.push('w2');
      }
    }
    const inner = { columns: aggregated ? [] : from.columns, under: aggregated ? scope : null, outer, aggregates: aggregated, windows: !aggregated && depth > 0 && (windowText !== '' || random.chance(0.25)), sets: random.chance(0.3) && !single, windowNames };
    const { targets, names, keys } = this.targets(types, inner, from, depth, top && !aggregated && !branch);
    this.names = names;
    let distinct = '';
    let order = random.chance(0.35) ? this.orderBy(inner, keys, names, depth, types.length) : '';
    if (!aggregated && random.chance(0.08)) distinct = random.one(['distinct ', 'all ', 'distinct ']);
    if (!aggregated && random.chance(0.04)) {
      let on = this.expr(random.one(SORTED), { ...inner, sets: false, windows: false }, 1);
      if (/^['\d-]|^null$|^true|^false/.test(on) && !this.oops(2)) on = '1';
      distinct = `distinct on (${on}) `;
      order = random.chance(0.5) ? ` order by ${on}` : this.oops(3) ? order : '';
    } else if (distinct === 'distinct ' && order && !this.oops(2)) order = random.chance(0.5) ? ' order by 1' : '';
    const locked = !aggregated && !branch && !distinct && random.chance(0.04) ? this.locking(from) : '';
    const ties = order && !locked && !single && random.chance(0.04);
    const limit = ties ? ` fetch first ${random.one(['', '2 ', '(1 + 1) '])}rows with ties` : this.limit(single && !aggregated);
    const text = `select ${distinct}${targets.join(', ')} from ${from.text}${where}${windowText}${order}${limit}${locked}`;
    this.names = names;
    return text;
  }

  /** Without FROM. */
  bare(types, outer, depth) {
    const scope = { columns: [], outer, sets: true };
    const names = types.map(() => this.name('c'));
    const text = `select ${types.map((t, at) => `${this.expr(t, scope, depth)} as ${names[at]}`).join(', ')}${this.random.chance(0.1) ? ` where ${this.expr('boolean', scope, 1)}` : ''}`;
    this.names = names;
    return text;
  }

  targets(types, scope, from, depth, free) {
    const { random } = this;
    const targets = [];
    const names = [];
    const keys = [];
    for (const type of types) {
      const text = this.expr(type, scope, depth);
      keys.push(text);
      const simple = /^(?:\w+\.)?([a-z_]\w*)$/.exec(text);
      if (simple && random.chance(0.6)) {
        targets.push(text);
        names.push(simple[1]);
      } else if (free && random.chance(0.3)) {
        targets.push(text);
        names.push('?column?');
      } else {
        const name = this.oops(0.5) && names.length ? names[0] : this.name('c');
        targets.push(`${text} ${random.one(['as ', 'as ', ''])}${name}`);
        names.push(name);
      }
    }
    if (free && from.items.length) {
      const it = random.one(from.items);
      const extra = random.weighted([[70, null], [8, '*'], [8, `${it.of}.*`], [3, it.of], [2, `(${it.of}).*`], [2, `count(${it.of}) over ()`], [1, `to_jsonb(${it.of})`], [1, `${it.of}.ctid`], [1, `${it.of}.tableoid`], [1, 'xmin']]);
      if (extra) random.chance(0.5) ? targets.push(extra) : targets.unshift(extra);
      if (extra) names.length = 0;
    }
    return { targets, names, keys };
  }

  orderBy(scope, keys, names, depth, count) {
    const { random } = this;
    const item = () => {
      const key = random.weighted([
        [4, () => (names.length ? quoted(random.one(names)) : '1')], [3, () => String(1 + random.below(this.oops(2) ? 9 : count))],
        [4, () => { const text = this.expr(random.one(SORTED), scope, Math.min(depth, 1)); return /^['\d-]|^null$|^true|^false/.test(text) && !this.oops(2) ? '1' : text; }], [1, () => (keys.length ? random.one(keys) : '1')], [this.oops(2) ? 4 : 0, () => `${names.length ? quoted(names[0]) : 'nosuch'} + 1`],
      ])();
      return `${key}${random.one(['', '', ' asc', ' desc', ' desc nulls last', ' nulls first', random.chance(0.2) ? ` using ${random.one(['<', '>', this.oops(2) ? '+' : '<'])}` : ''])}`;
    };
    return ` order by ${random.times(1, 2, item).join(', ')}`;
  }

  limit(one) {
    const { random } = this;
    const scope = { columns: [] };
    if (one) return random.one([' limit 1', ' fetch first row only', ' limit 1']);
    return random.weighted([
      [80, () => ''], [6, () => ` limit ${this.expr('bigint', scope, 0)}`], [4, () => ` limit ${this.param('bigint')} offset ${this.param('bigint')}`], [2, () => ' limit all'],
      [2, () => ` offset ${random.one(['5', '(2 * 3)'])} rows fetch next ${random.one(['5', '(1 + 1)', '3'])} rows only`], [this.oops(1) ? 5 : 0, () => ` limit ${this.expr('text', scope, 1)}`],
    ])();
  }

  locking(from) {
    const { random } = this;
    const of = random.chance(0.5) ? ` of ${this.oops(2) ? 'nosuch' : random.one(from.items).of}` : '';
    return ` for ${random.one(['update', 'share', 'no key update', 'key share'])}${of}${random.one(['', ' nowait', ' skip locked'])}`;
  }

  grouped(types, scope, from, where, depth, single, branch) {
    const { random } = this;
    const own = scope.columns.filter((it) => !/^(json|xml|point|polygon|jsonpath|box|circle)$|^(json|xml|point|box)\[\]/.test(it.type) || this.oops(1));
    const keys = random.some(own, random.below(3)).filter(Boolean);
    const keyTexts = keys.map((it) => `${it.of}.${quoted(it.name)}`);
    const visible = [...keys];
    for (const it of from.items) {
      const primary = it.relation?.primary;
      if (primary && primary.every((name) => keys.some((key) => key.of === it.of && key.name === name))) visible.push(...it.columns);
    }
    if (this.oops(2)) visible.push(...scope.columns);
    const inner = { columns: visible.map((it) => ({ ...it, merged: false })), under: scope, outer: scope.outer, aggregates: true, windows: depth > 1 && random.chance(0.1), sets: random.chance(0.1) && !single };
    let extra = random.chance(0.15) ? this.expr(random.one(SORTED), scope, 1) : null;
    if (extra && /^['\d-]|^null$|^true|^false/.test(extra) && !this.oops(2)) extra = null;
    if (extra) keyTexts.push(extra);
    const targets = [];
    const names = [];
    for (const type of types) {
      const name = this.name('c');
      targets.push(`${extra && random.chance(0.2) && type === 'text' ? extra : this.expr(type, inner, depth)} as ${name}`);
      names.push(name);
    }
    let group = '';
    const list = keyTexts.join(', ');
    if (keyTexts.length) {
      group = ` group by ${random.weighted([[70, list], [6, `rollup (${list})`], [6, `cube (${list})`], [6, `grouping sets ((${list}), ())`], [3, `distinct ${list}`], [3, `(), ${list}`]])}`;
      if (group.includes('(') && random.chance(0.3)) {
        targets.push(`grouping(${keyTexts[0]})${random.chance(0.3) ? ' as g' : ''}`);
        if (single || branch) targets.pop();
      }
    } else if (random.chance(0.3)) group = ' group by ()';
    const having = random.chance(0.25) ? ` having ${this.expr('boolean', inner, Math.min(depth, 1))}` : '';
    const order = random.chance(0.3) && !branch ? this.orderBy(inner, keyTexts, names, depth, types.length) : '';
    this.names = names;
    return `select ${targets.join(', ')} from ${from.text}${where}${group}${having}${order}${this.limit(single)}`;
  }
}
