// Random INSERT, UPDATE, DELETE, MERGE, and statements around a query.

import { statement } from './forms.mjs';
import { Queries } from './query.mjs';
import { plain, quoted } from './types.mjs';

const KEYS = ['integer', 'text', 'date', 'numeric', 'boolean', 'uuid'];

export class Statements extends Queries {
  statement() {
    const { random } = this;
    return random.weighted([
      [22, () => statement(this)],
      [50, () => ['select', this.query({ top: true, depth: 1 + random.below(3) })]],
      [11, () => ['insert', this.top(() => this.insert(2))]],
      [9, () => ['update', this.top(() => this.update(2))]],
      [5, () => ['delete', this.top(() => this.remove(2))]],
      [7, () => ['merge', this.top(() => this.merge(2))]],
      [2, () => ['values', this.query({ depth: 1 })]],
      [2, () => ['explain', this.noParams(() => `explain ${random.one(['', '(verbose) ', '(costs off) ', '(generic_plan) '])}${this.query({ top: true, depth: 1 })}`)]],
      [1, () => ['prepare', `prepare p${random.below(1e9)}${random.one(['', ' (integer)', ' (text, integer)'])} as ${this.query({ depth: 1 })}`]],
      [1, () => ['declare', this.noParams(() => `declare c cursor for ${this.query({ top: true, depth: 1 })}`)]],
      [2, () => ['view', this.noParams(() => `create view new_view as ${this.query({ top: true, depth: 2 })}`)]],
      [1, () => ['create as', this.noParams(() => `create table new_table as ${this.query({ top: true, depth: 1 })} with no data`)]],
      [1, () => ['call', this.noParams(() => `call act(${this.expr('integer', { columns: [] }, 1)}${random.one(['', `, ${this.expr('text', { columns: [] }, 1)}`])})`)]],
    ])();
  }

  noParams(make) {
    const { param } = this;
    this.param = (type) => this.constant(type);
    try {
      return make();
    } finally {
      this.param = param;
    }
  }

  top(make) {
    const text = this.random.chance(0.15) ? this.with(null, 1) : '';
    return text + make();
  }

  /** In WITH: the text and what RETURNING gives. */
  modify(depth) {
    const { random } = this;
    this.returned = [];
    const text = random.one([() => this.insert(depth, true), () => this.update(depth, true), () => this.remove(depth, true)])();
    return { text, columns: this.returned };
  }

  target() {
    const { random } = this;
    const list = this.schema.relations.filter((it) => it.kind === 'table' || this.oops(2) || (!it.closed && random.chance(0.5)));
    return random.one(list.length ? list : this.schema.relations);
  }

  value(column, scope, depth) {
    if (column.generated || column.always) return this.oops(5) ? this.expr(plain(column.type), scope, depth) : 'default';
    if (this.random.chance(0.05)) return 'default';
    const type = this.random.chance(0.1) && column.type === 'text' ? this.random.one(KEYS) : column.type;
    return this.expr(plain(type), scope, depth);
  }

  returning(columns, alias, depth, inside = false) {
    const { random } = this;
    if (!inside && !random.chance(0.45)) return '';
    let prefix = '';
    let names = ['old', 'new'];
    if (random.chance(0.1)) {
      names = ['o', 'n'];
      prefix = ` with (old as o, new as n)`;
    }
    const scope = { columns, aggregates: false };
    const taken = [];
    const one = () => random.weighted([
      [3, () => '*'],
      [2, () => `${random.one(names)}.${quoted(random.one(columns)?.name ?? 'id')}`],
      [1, () => `${random.one([alias, ...names])}.*`],
      [1, () => random.one(names)],
      [5, () => { const it = random.one(columns); if (!it) return '1'; taken.push({ name: it.name, type: it.type }); return this.column(scope, it); }],
      [3, () => { const name = this.name('c'); const type = random.one(KEYS); taken.push({ name, type }); return `${this.expr(type, scope, depth)} as ${name}`; }],
    ])();
    const list = random.times(1, 3, one);
    if (this.returned) {
      const seen = new Set();
      this.returned = taken.filter((it) => !seen.has(it.name) && seen.add(it.name));
    }
    return ` returning${prefix} ${list.join(', ')}`;
  }

  insert(depth, inside = false) {
    const { random } = this;
    const table = this.target();
    const alias = random.chance(0.2) ? this.name('i') : null;
    const of = alias ?? (/^app\./.test(table.full) ? quoted(table.name) : quoted(table.name));
    const usable = table.cols.filter((it) => (!it.generated && !it.always) || random.chance(0.08) || this.oops(2));
    let chosen = random.chance(0.15) ? table.cols : random.some(usable, 1 + random.below(usable.length));
    const listed = chosen !== table.cols || random.chance(0.3);
    let list = chosen.map((it) => quoted(it.name));
    const composite = chosen.findIndex((it) => it.type === 'place');
    let types = chosen.map((it) => it.type);
    if (listed && composite >= 0 && random.chance(0.3)) {
      list[composite] += '.street';
      types[composite] = 'text';
      chosen = chosen.map((it, at) => (at === composite ? { ...it, type: 'text' } : it));
    }
    const array = chosen.findIndex((it) => it.type.endsWith('[]'));
    if (listed && array >= 0 && random.chance(0.2)) {
      list[array] += `[${random.one(['1', '2', '1:2'])}]`;
      if (!list[array].includes(':')) chosen = chosen.map((it, at) => (at === array ? { ...it, type: it.type.slice(0, -2) } : it));
      types = chosen.map((it) => it.type);
    }
    if (this.oops(2)) list = [...list, random.one(['nosuch', list[0]])];
    let source;
    const how = random.below(100);
    if (how < 4) source = 'default values';
    else if (how < 60) {
      const row = () => `(${chosen.map((it) => this.value(it, { columns: [] }, Math.min(depth, random.below(3)))).join(', ')}${this.oops(1) ? ', 1' : ''})`;
      source = `values ${random.times(1, 3, row).join(', ')}`;
    } else source = this.query({ types: types.map(plain), depth: Math.min(1, depth) });
    const columns = how < 4 || !listed ? '' : ` (${list.join(', ')})`;
    const overriding = random.chance(0.05) || chosen.some((it) => it.always && random.chance(0.6)) ? ` overriding ${random.one(['system', 'user', 'system'])} value` : '';
    const own = table.cols.map((it) => ({ ...it, of }));
    const conflict = random.chance(0.3) ? this.conflict(table, own, depth) : '';
    return `insert into ${this.oops(0.3) ? 'nosuch' : table.full}${alias ? ` as ${alias}` : ''}${columns}${how < 4 ? '' : overriding} ${source}${conflict}${this.returning(own, of, Math.min(depth, 1), inside)}`;
  }

  conflict(table, own, depth) {
    const { random } = this;
    const key = table.keys.length ? random.one(table.keys) : [table.cols[0].name];
    const text = table.cols.find((it) => it.type === 'text');
    const target = random.weighted([
      [10, () => ` (${random.some(key, key.length).map(quoted).join(', ')})`], [2, () => ''], [table.constraint ? 3 : 0, () => ` on constraint ${table.constraint}`], [1, () => ` on constraint ${table.name.toLowerCase()}_pkey`],
      [this.oops(2) ? 4 : 0, () => ` (${quoted(random.one(table.cols).name)})`], [this.oops(1) ? 4 : 0, () => ' on constraint nosuch'], [text ? 2 : 0, () => ` (lower(${quoted(text.name)}))`],
      [1, () => ` (${quoted((table.cols[1] ?? table.cols[0]).name)}) where ${quoted(random.one(table.cols).name)} is not null`], [1, () => ` (${quoted(key[0])} collate "C")`],
    ])();
    if (!target || random.chance(0.4)) return ` on conflict${target} do ${target || !this.oops(4) ? 'nothing' : `update set ${quoted(own[0].name)} = default`}`;
    const scope = { columns: [...own, ...own.map((it) => ({ ...it, of: 'excluded' }))] };
    const where = random.chance(0.3) ? ` where ${this.expr('boolean', scope, 1)}` : '';
    return ` on conflict${target} do update set ${this.assignments(table, scope, depth)}${where}`;
  }

  assignments(table, scope, depth) {
    const { random } = this;
    const usable = table.cols.filter((it) => (!it.generated && !it.always) || random.chance(0.1) || this.oops(1));
    const chosen = random.some(usable, 1 + random.below(3));
    const parts = [];
    const of = scope.columns[0]?.of;
    const own = (it) => (this.oops(2) ? random.one(['nosuch', `${of}.${quoted(it.name)}`]) : quoted(it.name));
    if (chosen.length > 1 && random.chance(0.25)) {
      const values = random.one([
        () => `${random.one(['', 'row'])}(${chosen.map((it) => this.value(it, scope, 1)).join(', ')}${this.oops(3) ? ', 1' : ''})`,
        () => `(${this.query({ types: chosen.map((it) => plain(it.type)), outer: scope, depth: 1 })})`,
      ])();
      return `(${chosen.map(own).join(', ')}) = ${values}`;
    }
    for (const it of chosen) {
      if (it.type.endsWith('[]') && random.chance(0.4)) parts.push(`${own(it)}[${random.one(['1', this.expr('integer', scope, 1)])}] = ${this.expr(plain(it.type.slice(0, -2)), scope, 1)}`);
      else if (it.type === 'jsonb' && random.chance(0.4)) parts.push(`${own(it)}[${random.one(["'a'", '0', this.expr('text', scope, 1)])}] = ${this.expr('jsonb', scope, 1)}`);
      else if (this.schema.composites.has(it.type) && random.chance(0.5)) {
        const [name, type] = random.one(this.schema.composites.get(it.type));
        parts.push(`${own(it)}.${this.oops(3) ? 'nosuch' : name} = ${this.expr(plain(type), scope, 1)}`);
      } else parts.push(`${own(it)} = ${this.value(it, scope, Math.min(depth, 2))}`);
    }
    if (!parts.length) parts.push(`${quoted((table.cols[1] ?? table.cols[0]).name)} = default`);
    if (this.oops(1)) parts.push(parts[0]);
    return parts.join(', ');
  }

  update(depth, inside = false) {
    const { random } = this;
    const table = this.target();
    const alias = random.chance(0.4) ? this.name('u') : null;
    const of = alias ?? quoted(table.name);
    const own = table.cols.map((it) => ({ ...it, of }));
    const from = random.chance(0.35) ? this.from(this.oops(1) ? { columns: own } : null, 1) : null;
    const scope = { columns: [...own, ...(from?.columns ?? [])] };
    const set = this.assignments(table, scope, depth);
    const where = random.chance(0.7) ? ` where ${this.expr('boolean', scope, Math.min(depth, 2))}` : '';
    return `update ${random.one(['', '', 'only '])}${table.full}${alias ? ` ${random.one(['', 'as '])}${alias}` : ''} set ${set}${from ? ` from ${from.text}` : ''}${where}${this.returning(scope.columns, of, 1, inside)}`;
  }

  remove(depth, inside = false) {
    const { random } = this;
    const table = this.target();
    const alias = random.chance(0.4) ? this.name('d') : null;
    const of = alias ?? quoted(table.name);
    const own = table.cols.map((it) => ({ ...it, of }));
    const using = random.chance(0.35) ? this.from(null, 1) : null;
    const scope = { columns: [...own, ...(using?.columns ?? [])] };
    const where = random.chance(0.8) ? ` where ${this.expr('boolean', scope, Math.min(depth, 2))}` : '';
    return `delete from ${random.one(['', '', 'only '])}${table.full}${alias ? ` ${alias}` : ''}${using ? ` using ${using.text}` : ''}${where}${this.returning(scope.columns, of, 1, inside)}`;
  }

  merge(depth) {
    const { random } = this;
    const table = this.target();
    const of = this.name('m');
    const own = table.cols.map((it) => ({ ...it, of }));
    const source = this.item(null, depth, null);
    const both = { columns: [...own, ...source.columns] };
    const settled = new Set();
    const whens = random.times(1, 3, () => {
      const kind = random.one(['matched', 'matched', 'not matched', 'not matched by source', 'not matched by target'].filter((it) => this.oops(1) || !settled.has(it.replace(' by target', ''))));
      if (!kind) return '';
      const scope = this.oops(1) ? both : kind === 'matched' ? both : kind === 'not matched by source' ? { columns: own } : { columns: source.columns };
      const condition = random.chance(0.35) ? ` and ${this.expr('boolean', scope, 1)}` : '';
      if (!condition) settled.add(kind.replace(' by target', ''));
      const inserts = kind === 'not matched' || kind.endsWith('target');
      const insert = () => {
        if (random.chance(0.1)) return 'insert default values';
        const usable = table.cols.filter((it) => (!it.generated && !it.always) || this.oops(2));
        const chosen = random.some(usable, 1 + random.below(usable.length));
        const list = random.chance(0.85) ? ` (${chosen.map((it) => quoted(it.name)).join(', ')}${this.oops(2) ? ', nosuch' : ''})` : '';
        return `insert${list}${random.one(['', '', '', ' overriding system value'])} values (${chosen.map((it) => this.value(it, scope, 1)).join(', ')}${this.oops(2) ? ', 1' : ''})`;
      };
      const action = random.chance(0.15) ? 'do nothing' : inserts !== this.oops(0.5) ? insert() : random.chance(0.3) ? 'delete' : `update set ${this.assignments(table, scope, 1)}`;
      return ` when ${kind}${condition} then ${action}`;
    });
    const returning = random.chance(0.4) ? this.returning([...source.columns, ...own], of, 1).replace(/ returning /, () => random.one([' returning ', ' returning merge_action(), '])) : '';
    return `merge into ${random.one(['', '', 'only '])}${table.full} ${of} using ${source.text} on ${this.on(both, 1)}${whens.join('')}${returning}`;
  }
}
