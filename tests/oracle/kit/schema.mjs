// A random Drizzle schema as TypeScript modules, in the forms that people write them in.
import { Random } from './random.mjs';
import { BUILDERS, enumOption, pgRaw, raw } from './columns.mjs';

const FAMILY = { postgresql: 'pg', mysql: 'mysql', sqlite: 'sqlite' };
const KEYS = ['id', 'name', 'fullName', 'URLPath', 'oauth2Token', 'html5', 'aB', 'v2Id', 'userID2', 'OAuthToken', 'createdBy', 'snake_key', 'Title', 'x1y2', 'isActive', 'APIKey', 'parentId', 'amountUSD', 'line1', 'JSONData', 'mixed_CaseKey', 'order', 'group', 'emailVerified', 'ip4Address', "'kebab-key'", 'ABTest', 'someVeryLongColumnKeyThatGoesOnAndOnForever', '$ref', '_private'];
const NAMES = ['users', 'posts', 'user', 'order_items', 'Accounts', 'auditLog', 'tags', 'a_very_long_table_name_for_the_sake_of_names', 'sessions', 'files', 'select', 'memberships', 'UPPER', 'teams'];

class Module {
  constructor(gen, path) {
    this.gen = gen;
    this.path = path;
    this.body = [];
    this.imports = new Map();
    this.style = gen.r.weighted([[6, 'named'], [2, 'namespace'], [2, 'aliased']]);
    this.taken = new Set();
  }

  /** How an export of another module is written here. */
  use(from, name, style = 'named') {
    if (!this.imports.has(from)) this.imports.set(from, { named: new Map(), namespace: null });
    const entry = this.imports.get(from);
    if (style === 'namespace') {
      entry.namespace ??= this.fresh(from.replace(/[^a-z0-9]/gi, '').slice(-8) || 'ns');
      return `${entry.namespace}.${name}`;
    }
    if (!entry.named.has(name)) {
      const alias = style === 'aliased' && this.gen.r.chance(0.6) ? this.fresh(`${name}_`) : this.taken.has(name) ? this.fresh(name) : name;
      this.taken.add(alias);
      entry.named.set(name, alias);
    }
    return entry.named.get(name);
  }

  fresh(base) {
    let name = base;
    for (let i = 2; this.taken.has(name); i++) name = `${base}${i}`;
    this.taken.add(name);
    return name;
  }

  core(name) {
    return this.use(this.gen.core, name, this.style);
  }

  /** Of `drizzle-orm` itself. */
  orm(name) {
    return this.use('drizzle-orm', name, this.style === 'aliased' ? 'aliased' : 'named');
  }

  /** A declaration of another module of the schema. */
  of(module, name) {
    if (module === this) return name;
    const r = this.gen.r;
    this.links ??= new Map();
    if (!this.links.has(module)) {
      const relative = `./${module.path.split('/').pop().replace(/\.ts$/, '')}`;
      const forms = [[5, relative], [2, `@/db/${module.path.split('/').slice(2).join('/').replace(/\.ts$/, '')}`]];
      if (this.gen.options.jsExtension) forms.push([2, `${relative}.js`]);
      this.links.set(module, { from: r.weighted(forms), style: r.weighted([[5, 'named'], [2, 'namespace'], [2, 'aliased']]) });
    }
    const { from, style } = this.links.get(module);
    return this.use(from, name, style);
  }

  text() {
    const head = [];
    for (const [from, { named, namespace }] of this.imports) {
      if (namespace) head.push(`import * as ${namespace} from '${from}';`);
      if (named.size > 0) {
        const names = [...named].map(([name, alias]) => (name === alias ? name : `${name} as ${alias}`));
        head.push(`import { ${names.join(', ')} } from '${from}';`);
      }
    }
    return `${[...head, '', ...this.body].join('\n')}\n`;
  }
}

const indent = (text) => text.split('\n').map((it) => `  ${it}`).join('\n');
const literal = (text) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
const bare = (key) => key.replace(/'/g, '');
const access = (object, key) => (key.startsWith("'") ? `${object}[${key}]` : `${object}.${key}`);

class Generator {
  constructor(seed, line, dialect) {
    this.r = new Random(seed);
    this.line = line;
    this.dialect = dialect;
    this.family = FAMILY[dialect];
    this.core = `drizzle-orm/${this.family}-core`;
    this.pg = dialect === 'postgresql';
    this.options = { jsExtension: this.r.chance(0.2) };
    // A builder that tables of several casings share is named by the first of them.
    this.bound = line === 0 ? null : this.r.weighted([[4, null], [2, 'snakeCase'], [1, 'camelCase']]);
    this.casing = line === 0 ? this.r.weighted([[5, 'none'], [4, 'snake_case'], [2, 'camelCase']]) : 'none';
    this.modules = [];
    this.tables = [];
    this.enums = [];
    this.schemas = [];
    this.mixins = [];
    this.helpers = [];
    this.customs = [];
    this.roles = [];
    this.creators = [];
    this.serial = 0;
    this.indexNames = new Set();
    this.tableNames = new Set();
    this.builders = BUILDERS[dialect].filter((it) => line === 1 || !it.next);
  }

  module(path) {
    const res = new Module(this, path);
    this.modules.push(res);
    return res;
  }

  /** A name that no other declaration of the schema has. */
  declared(base) {
    this.serial += 1;
    return `${base.replace(/[^A-Za-z0-9_]/g, '')}${this.serial}`;
  }

  run() {
    const { r } = this;
    if (r.chance(0.4)) this.declareBase(this.module('src/db/schema/base.ts'));
    const shared = this.module('src/db/schema/shared.ts');
    this.shared = shared;
    shared.body.push(`export const PREFIX = 'app';`, `export const MAX = ${r.pick(["64", "2_000", "16 ", "8 * 8", "2 ** 6", "100 - 36"])};`, `export const LETTERS = ['a', 'b', 'c'] as const;`);
    shared.body.push(`export const NAME = { one: 'first_name', two: \`\${PREFIX}_second\`, deep: { three: 'third' } } as const;`);
    shared.body.push(`export class Names {\n  static readonly first = 'cls_first';\n  static second = \`\${PREFIX}_cls\`;\n  static readonly deep = { third: 'cls_third' } as const;\n  private constructor() {}\n}`);
    shared.body.push(`export const Status = { Low: 'low', High: 'high it', Other: LETTERS[1] } as const;`, `export enum Columns { One = 'enum_one', Two = 'enum_two' }`);
    shared.body.push(`export function valuesOf<T extends Record<string, any>>(it: T): [T[keyof T], ...T[keyof T][]] {\n  return Object.values(it).map((value: any) => \`\${value}\`) as any;\n}`);
    const kinds = this.module('src/db/schema/kinds.ts');
    this.kinds = kinds;
    if (this.pg) this.declareKinds(kinds);
    if (this.dialect === 'mysql' && r.chance(0.2)) {
      // drizzle-kit passes over the tables of other databases.
      const name = this.declared('elsewhere');
      kinds.body.push(`export const ${name} = ${this.bound ? `${kinds.core(this.bound)}.schema` : kinds.core('mysqlSchema')}('${name}');`);
      this.schemas.push({ name, module: kinds });
    }
    this.declareCustoms(kinds);
    this.declareHelpers(shared);
    const n = r.int(1, 3);
    const modules = [];
    for (let i = 0; i < n; i++) modules.push(this.module(`src/db/schema/m${i}.ts`));
    const plans = [];
    for (const module of modules) {
      const count = r.int(1, 3);
      for (let i = 0; i < count; i++) plans.push(this.plan(module));
    }
    for (const table of plans) this.fill(table);
    for (const table of plans) this.print(table);
    for (const module of modules) if (r.chance(0.35)) this.view(module);
    for (const table of plans) this.after(table);
    return this.files(modules);
  }

  /** A table that mixins lead to: it needs nothing of their module. */
  declareBase(module) {
    const make = module.core(`${this.family}Table`);
    const number = module.core(this.dialect === 'mysql' ? 'int' : 'integer');
    const text = this.dialect === 'mysql' ? `${module.core('varchar')}('owner_code', { length: 20 })` : `${module.core('text')}('owner_code')`;
    module.body.push(`export const owners = ${make}('owners', { id: ${number}('owner_id').primaryKey(), code: ${text}.notNull().unique('owners_code') });`);
    this.base = module;
  }

  declareKinds(module) {
    const { r } = this;
    for (let i = r.int(0, 2); i > 0; i--) {
      const name = this.declared('schema');
      const dbName = `s_${name}`;
      const maker = this.bound ? `${module.core(this.bound)}.schema` : module.core('pgSchema');
      const existing = this.line === 1 && r.chance(0.1) ? '.existing()' : '';
      module.body.push(`export const ${name} = ${maker}(${literal(dbName)})${existing};`);
      this.schemas.push({ name, module, casing: /snakeCase|camelCase/.exec(maker)?.[0] });
    }
    for (let i = r.int(0, 3); i > 0; i--) {
      const name = this.declared('kind');
      const dbName = r.pick([`k_${name}`, `Kind${name}`, `kind ${name}`]);
      const form = r.weighted([[4, 'array'], [2, 'constant'], [1, 'enum'], [1, 'object'], [1, 'typed'], [1.5, 'values'], [0.7, 'keys'], [0.7, 'mapped'], [1, 'helped']]);
      let values = `['low', 'it''s', 'High Level']`.replace(`''`, `\\'`);
      if (form === 'constant') values = module.of(this.shared, 'LETTERS');
      if (form === 'typed') values = `['one', 'two'] satisfies string[] as [string, ...string[]]`;
      if (form === 'object') values = `{ A: 'a', B: 'b-b' }`;
      if (form === 'values') values = `Object.values(${module.of(this.shared, 'Status')}) as [string, ...string[]]`;
      if (form === 'keys') values = `Object.keys(${module.of(this.shared, 'Status')}) as [string, ...string[]]`;
      if (form === 'mapped') values = `${module.of(this.shared, 'LETTERS')}.map((it) => \`x_\${it}\`) as [string, ...string[]]`;
      if (form === 'helped') values = `${module.of(this.shared, 'valuesOf')}(${module.of(this.shared, r.pick(['Status', 'Columns']))})`;
      if (form === 'enum') {
        const enumName = this.declared('Level');
        module.body.push(`export enum ${enumName} { Lo = 'lo', Hi = 'hi' }`);
        values = enumName;
      }
      const schema = this.schemas.length > 0 && r.chance(0.3) ? r.pick(this.schemas) : null;
      const maker = schema ? `${schema.name}.enum` : module.core('pgEnum');
      const exported = r.chance(0.93) || (schema && ['enum', 'object'].includes(form));
      const declaration = `const ${name} = ${maker}(${literal(dbName)}, ${values});`;
      module.body.push(exported ? `export ${declaration}` : `${declaration}\nexport const ${name}Column = () => ${name}();`);
      const first = { array: `'low'`, constant: `'a'`, enum: `'lo'`, object: `'b-b'`, typed: `'two'`, values: `'low'`, keys: `'High'`, mapped: `'x_b'`, helped: values.endsWith('Status)') || /Status\w*\)$/.test(values) ? `'low'` : `'enum_one'` }[form];
      this.enums.push({ name, module, exported, first });
    }
    if (r.chance(0.4)) {
      const options = r.some([`startWith: ${r.int(1, 9)}`, `increment: ${r.pick(['5', '-1', '2'])}`, `maxValue: 1000`, `minValue: '1'`, `cache: 10`, `cycle: true`], 0, 4);
      const schema = this.schemas.length > 0 && r.chance(0.3) ? r.pick(this.schemas) : null;
      const maker = schema ? `${schema.name}.sequence` : module.core('pgSequence');
      const name = this.declared('seq');
      module.body.push(`export const ${name} = ${maker}(${literal(name)}${options.length > 0 || r.chance(0.5) ? `, { ${options.join(', ')} }` : ''});`);
    }
    if (r.chance(0.4)) {
      const name = this.declared('role');
      const options = r.some(['createDb: true', 'createRole: false', 'inherit: true'], 0, 3);
      const existing = r.chance(0.3) ? '.existing()' : '';
      module.body.push(`export const ${name} = ${module.core('pgRole')}(${literal(name)}${options.length > 0 ? `, { ${options.join(', ')} }` : ''})${existing};`);
      this.roles.push({ name, module });
    }
  }

  declareCustoms(module) {
    const { r } = this;
    if (r.chance(0.5)) {
      const name = this.declared('custom');
      const types = { postgresql: ['citext', 'tsvector', 'money', 'varchar(7)'], mysql: ['varchar(36)', 'point', 'bit(1)'], sqlite: ['text', 'integer', 'varchar(7)'] };
      const type = r.pick(types[this.dialect]);
      const body = r.pick([`dataType() { return '${type}'; }`, `dataType: () => '${type}'`, `dataType: () => { return \`${type}\`; }`]);
      module.body.push(`export const ${name} = ${module.core('customType')}<{ data: string }>({ ${body}${r.chance(0.3) ? `, toDriver: (value) => value.trim()` : ''} });`);
      this.customs.push({ name, module });
    }
    if (r.chance(0.4)) {
      const name = this.declared('sized');
      const body = r.pick([
        'dataType(config) { return `varchar(${config?.length ?? 3})`; }',
        "dataType: (config) => (config?.length ? `varchar(${config.length})` : 'text')",
        "dataType(config) { return config && config.length ? 'varchar(' + config.length + ')' : 'text'; }",
      ]);
      module.body.push(`export const ${name} = ${module.core('customType')}<{ data: string; config: { length?: number } }>({ ${body} });`);
      this.customs.push({ name, module, config: true });
    }
  }

  declareHelpers(module) {
    const { r } = this;
    for (let i = r.int(0, 2); i > 0; i--) {
      const name = this.declared('make');
      const builder = this.builder((it) => !it.labels && !it.serial);
      const options = builder.options(r);
      const rest = options.length > 0 ? `, { ${options.join(', ')} }` : '';
      const suffix = r.pick(['', '.notNull()', '']);
      const make = module.core(builder.name);
      module.body.push(
        r.pick([
          `export const ${name} = (name: string) => ${make}(name${rest})${suffix};`,
          `export function ${name}(name: string) {\n  return ${make}(name${rest})${suffix};\n}`,
          `export const ${name} = function (name = 'made') { return ${make}(name${rest})${suffix}; };`,
          `export const ${name} = { made: (name: string) => ${make}(name${rest})${suffix}, other: 1 };`,
          `export class ${name} {\n  static made(name: string) {\n    return ${make}(name${rest})${suffix};\n  }\n}`,
        ]),
      );
      const isObject = /^export (const \w+ = \{|class)/.test(module.body[module.body.length - 1]);
      this.helpers.push({ name, module, builder, options, member: isObject ? '.made' : '' });
    }
    for (let i = r.int(0, 2); i > 0; i--) {
      const name = this.declared('mixin');
      const form = r.weighted([[4, 'object'], [3, 'function'], [2, 'arrow'], [1, 'nested'], [2, 'rest'], [1, 'omit'], [1, 'called'], [1, 'around']]);
      const taken = new Set([...this.mixins.flatMap((it) => it.columns.map((it) => flat(it.key)))]);
      const columns = [];
      for (let j = r.int(1, 3); j > 0; j--) {
        const column = this.column(module, taken, { mixin: true, receiver: null });
        if (column) columns.push(column);
      }
      if (columns.length === 0) continue;
      const entries = columns.map((it) => `${it.key}: ${it.text},`);
      let all = columns;
      if (form === 'nested' && this.mixins.length > 0 && this.mixins[0].module === module) {
        const inner = this.mixins[0];
        entries.unshift(`...${inner.call ? `${inner.name}()` : inner.name},`);
        all = [...inner.columns, ...columns];
      }
      const object = `{\n${indent(entries.join('\n'))}\n}`;
      if (form === 'object' || form === 'nested') module.body.push(`export const ${name} = ${object}${r.chance(0.15) ? ' as const' : ''};`);
      if (form === 'rest') {
        const whole = this.declared('whole');
        module.body.push(`const ${whole} = { dropped${whole}: ${module.core('customType')}<{ data: string }>({ dataType: () => 'text' })(), ...${object} };`);
        module.body.push(`export const { dropped${whole}, ...${name} } = ${whole};`);
      }
      if (form === 'omit') {
        const whole = this.declared('omit');
        module.body.push(`const ${whole} = ({ gone, ...kept }: any) => kept;`, `export const ${name} = ${whole}({ gone: 1, ...${object} });`);
      }
      if (form === 'called') module.body.push(`export const ${name} = ((more: any) => ({ ...more, ...${object} }))({});`);
      if (form === 'around') {
        const around = this.declared('around');
        module.body.push(`const ${around} = <T extends object>(it: T, on = true) => ({ ...(on ? ${object} : {}), ...it });`, `export const ${name} = ${around}({});`);
      }
      if (form === 'function') module.body.push(`export function ${name}() {\n  return ${object};\n}`);
      if (form === 'arrow') module.body.push(`export const ${name} = () => (${object});`);
      this.mixins.push({ name, module, columns: all, call: form === 'function' || form === 'arrow' });
    }
  }

  builder(test = () => true) {
    return this.r.weighted(this.builders.filter(test).map((it) => [it.weight ?? 1, it]));
  }

  key(taken) {
    for (let i = 0; i < 20; i++) {
      const key = this.r.pick(KEYS);
      if (!taken.has(flat(key))) {
        taken.add(flat(key));
        return key;
      }
    }
    return null;
  }

  /** The name argument of a builder; empty when the key names the column. */
  columnName(module, key) {
    const { r } = this;
    const plain = bare(key).toLowerCase().replace(/[^a-z0-9_]/g, '_');
    const tail = `${plain}_${(this.serial += 1)}`;
    return r.weighted([
      [6, null],
      [5, () => literal(tail)],
      [1, () => literal(`${bare(key)}${this.serial}`)],
      [1, () => `\`${tail}\``],
      [1, () => `\`\${${module.of(this.shared, 'PREFIX')}}_${tail}\``],
      [1, () => `${module.of(this.shared, 'PREFIX')} + ${literal(`_${tail}`)}`],
      [0.5, () => literal(`Name ${tail}`)],
      [0.7, () => `\`\${${module.of(this.shared, 'NAME')}.${r.pick(['one', 'two', 'deep.three'])}}_${this.serial}\``],
      [0.3, () => `${module.of(this.shared, 'NAME')}['two'] + "_${this.serial}"`],
      [0.7, () => `\`\${${module.of(this.shared, 'Names')}.${r.pick(['first', 'second', 'deep.third'])}}_${this.serial}\``],
      [0.4, () => `${module.of(this.shared, 'Columns')}.${r.pick(['One', 'Two'])} + '_${this.serial}'`],
    ])?.();
  }

  /** `{ key, text, … }`: a column as an entry of an object. */
  column(module, taken, { mixin = false, receiver = null, table = null }) {
    const { r } = this;
    const key = this.key(taken);
    if (!key) return null;
    // A callback's builders have no aliases.
    const make = (name) => (receiver && !(name === 'int' && this.dialect === 'sqlite') && !(name === 'decimal' && this.pg) ? `${receiver}.${name}` : module.core(name));
    const source = r.weighted([
      [14, 'builder'],
      [this.enums.length && !mixin ? 2 : 0, 'enum'],
      [this.customs.length ? 1 : 0, 'custom'],
      [this.helpers.length && !mixin ? 2 : 0, 'helper'],
    ]);
    const args = [];
    let builder = { options: () => [], value: null, index: true };
    let options = [];
    let text;
    let isEnum = null;
    if (source === 'helper') {
      const helper = r.pick(this.helpers);
      ({ builder, options } = helper);
      text = `${module.of(helper.module, helper.name)}${helper.member}(${literal(`made_${(this.serial += 1)}`)})`;
    } else if (source === 'enum') {
      isEnum = r.pick(this.enums);
      const name = isEnum.exported ? this.columnName(module, key) : null;
      text = `${module.of(isEnum.module, isEnum.exported ? isEnum.name : `${isEnum.name}Column`)}(${name ?? ''})`;
      builder = { ...builder, value: () => isEnum.first, text: false };
    } else if (source === 'custom') {
      const custom = r.pick(this.customs);
      const name = this.columnName(module, key);
      if (name) args.push(name);
      if (custom.config && r.chance(0.7)) args.push(`{ length: ${r.int(1, 99)} }`);
      text = `${module.of(custom.module, custom.name)}(${args.join(', ')})`;
      builder = { ...builder, index: false };
    } else {
      builder = this.builder();
      const name = this.columnName(module, key);
      options = builder.options(r).map((it) => it.replace(/\b(MAX|LETTERS)\b/, (it) => module.of(this.shared, it)));
      if (name) args.push(name);
      if (builder.labels) args.push(r.pick([`['a', 'b']`, `["it's", 'x,y'.replace(',', '-')]`.replace(`'x,y'.replace(',', '-')`, `'z'`), module.of(this.shared, 'LETTERS')]));
      else if (options.length > 0) args.push(`{ ${options.join(', ')} }`);
      text = `${make(builder.name)}(${args.join(', ')})`;
    }
    const res = { key, builder, options, isEnum, notNull: false };
    res.text = text + this.modifiers(module, res, { mixin, table });
    return res;
  }

  modifiers(module, column, { mixin, table }) {
    const { r } = this;
    const { builder, options } = column;
    const res = [];
    let array = 0;
    if (this.pg && !builder.serial && r.chance(0.08)) {
      array = this.line === 0 && r.chance(0.2) ? 2 : 1;
      if (this.line === 0) for (let i = 0; i < array; i++) res.push(`.array(${r.chance(0.2) ? r.int(1, 9) : ''})`);
      else res.push(r.chance(0.3) ? `.array('[][]')` : `.array()`);
      column.array = true;
    }
    const tail = [];
    const generated = !mixin && !array && !builder.serial && !builder.labels && r.chance(0.05);
    const identity = !generated && !array && builder.identity && this.pg && r.chance(0.1);
    if (builder.generic && r.chance(0.5)) tail.push(`.$type<${builder.generic(r)}>()`);
    if (generated) {
      const own = table && r.chance(0.5) ? r.pick(table.columns) : null;
      const text = own ? `\`lower(\${${access(table.variable, own.key)}})\`` : r.pick(['`1 + 1`', '`lower(\'A\')`']);
      const options = this.pg ? '' : r.pick(['', `, { mode: 'virtual' }`, `, { mode: 'stored' }`]);
      tail.push(`.generatedAlwaysAs(${own ? r.pick(['() => ', '(): any => ']) : r.pick(['', '() => ', '() : any => '])}${module.orm('sql')}${text}${options})`);
    } else if (identity) {
      const options = r.some([`startWith: ${r.int(1, 50)}`, `increment: ${r.pick(['1', '10'])}`, `maxValue: ${r.pick(['1000', "'9000'"])}`, `minValue: ${r.pick(['1', "'-5'"])}`, `cache: 2`, `cycle: ${r.chance(0.7)}`, `name: 'seq_${this.serial}'`], 0, 4);
      const given = options.length > 0 ? `{ ${options.join(', ')} }` : '';
      tail.push(`.${r.pick(['generatedAlwaysAsIdentity', 'generatedByDefaultAsIdentity'])}(${given})`);
    } else if (!builder.serial) {
      const kind = r.weighted([[10, 'none'], [builder.value && !array ? 5 : 0, 'value'], [array && builder.value ? 4 : 0, 'array'], [1, 'raw'], [builder.methods ? 4 : 0, 'method'], [1, 'fn'], [1, 'update']]);
      if (kind === 'value') tail.push(`.default(${this.fix(module, builder.value(r, options))})`);
      if (kind === 'array') {
        const item = () => this.fix(module, builder.value(r, options));
        const nested = (this.line === 0 ? array > 1 : res[0].includes('[][]'));
        tail.push(r.chance(0.3) ? '.default([])' : nested ? `.default([[${item()}, ${item()}], [${item()}, ${item()}]])` : `.default([${item()}, ${item()}])`);
      }
      if (kind === 'raw') tail.push(`.default(${this.fix(module, (this.pg ? pgRaw : raw)(r))})`);
      if (kind === 'method' && !array) tail.push(`.${r.pick(builder.methods)}()`);
      if (kind === 'fn') tail.push(`.${r.pick(['$defaultFn', '$default'])}(() => 'x' as never)`);
      if (kind === 'update') tail.push(`.${r.pick(['$onUpdate', '$onUpdateFn'])}(() => 'x' as never)`);
    }
    if (r.chance(0.4)) {
      tail.push('.notNull()');
      column.notNull = true;
    }
    if (!generated && builder.key && !array && r.chance(mixin ? 0.25 : 0.08)) tail.push(this.unique());
    if (mixin && this.base && !generated && !array && builder.key && r.chance(0.4)) {
      const options = this.actions();
      const arrow = r.pick(['() => ', '(): any => ']);
      tail.push(`.references(${arrow}${module.of(this.base, 'owners')}.${r.pick(['id', 'code'])}${options.length > 0 ? `, { ${options.join(', ')} }` : ''})`);
    }
    if (!mixin && !generated && table && !array && builder.key && this.tables.length > 0 && r.chance(0.2)) {
      const reference = this.reference(module, table, column);
      if (reference) tail.push(reference);
    }
    return res.concat(r.shuffle(tail)).join('');
  }

  unique() {
    const { r } = this;
    if (r.chance(0.6)) return '.unique()';
    const name = literal(`uq_${(this.serial += 1)}`);
    return this.pg && r.chance(0.4) ? `.unique(${name}, { nulls: '${r.pick(['distinct', 'not distinct'])}' })` : `.unique(${name})`;
  }

  /** Names of constants and of `sql` as this module writes them. */
  fix(module, text) {
    return text.replace(/\bsql\b/g, () => module.orm('sql'));
  }

  actions() {
    const { r } = this;
    return r.some([`onDelete: '${r.pick(['cascade', 'set null', 'restrict', 'no action', 'set default'])}'`, `onUpdate: '${r.pick(['cascade', 'no action', 'restrict'])}'`], 0, 2);
  }

  reference(module, table, own) {
    const { r } = this;
    const target = r.pick(this.targets(module));
    if (!target) return null;
    const columns = target === table ? [own, ...target.columns] : target.columns;
    const candidates = columns.filter((it) => it.builder.key && !it.array);
    if (candidates.length === 0) return null;
    const column = r.pick(candidates);
    const arrow = r.weighted([[5, '() => '], [2, `(): ${this.pg ? 'AnyPgColumn' : 'any'} => `], [1, 'block']]);
    if (arrow.includes('AnyPgColumn')) module.anyColumn = true;
    const place = access(module.of(target.module, target.variable), column.key);
    const options = this.actions();
    if (this.line === 1 && r.chance(0.1) && this.pg) options.push(`name: 'fk_${(this.serial += 1)}'`);
    const rest = options.length > 0 ? `, { ${options.join(', ')} }` : '';
    if (arrow === 'block') return `.references(() => { return ${place}; }${rest})`;
    return `.references(${arrow}${place}${rest})`;
  }

  plan(module) {
    const { r } = this;
    const base = r.pick(NAMES);
    const variable = this.declared(base);
    let dbName = base;
    while (this.tableNames.has(dbName.toLowerCase())) dbName = `${base}_${(this.serial += 1)}`;
    this.tableNames.add(dbName.toLowerCase());
    const table = { module, variable, dbName, columns: [], schema: null, exported: r.chance(0.95), mixins: [] };
    if (this.schemas.length > 0 && r.chance(0.25)) table.schema = r.pick(this.schemas);
    this.tables.push(table);
    return table;
  }

  /** Decides and prints the columns, so that every table knows every other's. */
  fill(table) {
    const { r } = this;
    const taken = new Set();
    table.callback = r.chance(0.2) ? r.pick(['t', 'builders']) : null;
    const spread = this.mixins.length > 0 && r.chance(0.4) ? [r.pick(this.mixins)] : [];
    for (const mixin of spread) for (const column of mixin.columns) taken.add(flat(column.key));
    const own = [];
    for (let i = r.int(1, 7); i > 0; i--) {
      const column = this.column(table.module, taken, { receiver: table.callback, table });
      if (column) own.push(column);
    }
    const entries = own.map((it) => `${it.key}: ${it.text},`);
    for (const mixin of spread) {
      const place = `...${table.module.of(mixin.module, mixin.name)}${mixin.call ? '()' : ''},`;
      entries.splice(r.int(0, entries.length), 0, place);
    }
    if (r.chance(0.05)) entries.push(`...(${r.pick(['true', 'false'])} ? { extraColumn: ${table.module.core(this.pg || this.dialect === 'sqlite' ? 'text' : 'int')}() } : {}),`);
    if (r.chance(0.05)) {
      const side = `side${(this.serial += 1)}`;
      const make = table.module.core(this.dialect === 'mysql' ? 'int' : 'integer');
      entries.push(`...Object.fromEntries(['left', 'right'].map((it) => [\`\${it}${side}\`, ${make}(\`\${it}_${side}\`)])),`);
    }
    table.entries = entries;
    table.columns = [...own, ...spread.flatMap((it) => it.columns)];
    if (own.length > 0 && r.chance(0.6)) {
      const candidates = own.filter((it) => it.builder.key && !it.array && !/references|unique|generated|nulls|\.default\(/.test(it.text));
      if (candidates.length > 0) {
        const column = r.pick(candidates);
        const at = entries.findIndex((it) => it.startsWith(`${column.key}: `));
        const increment = column.builder.increment && r.chance(0.4);
        const suffix = this.dialect === 'sqlite' && increment ? '.primaryKey({ autoIncrement: true })' : this.dialect === 'mysql' && increment ? '.autoincrement().primaryKey()' : '.primaryKey()';
        column.text += suffix;
        entries[at] = `${column.key}: ${column.text},`;
        table.primary = column;
      }
    }
  }

  maker(table) {
    const { r, family } = this;
    const { module } = table;
    if (table.schema) {
      const schema = module.of(table.schema.module, table.schema.name);
      return this.line === 1 && this.pg && r.chance(0.15) ? `${schema}.table.withRLS` : `${schema}.table`;
    }
    const plain = () => (this.bound ? `${module.core(this.bound)}.table` : module.core(`${family}Table`));
    const forms = [[8, plain], [1, () => this.creator(module)]];
    if (this.line === 1 && this.pg) forms.push([0.5, () => `${plain()}.withRLS`]);
    return r.weighted(forms)();
  }

  creator(module) {
    const { r } = this;
    let creator = this.creators.find((it) => it.module === module);
    if (!creator) {
      const name = this.declared('createTable');
      const callback = r.pick(['(name) => `app_${name}`', "(name) => 'p_' + name", '(name) => { return `${name}_x`; }']);
      const casing = this.bound ? `, '${{ snakeCase: 'snake_case', camelCase: 'camelCase' }[this.bound]}'` : '';
      module.body.push(`${r.chance(0.5) ? 'export ' : ''}const ${name} = ${module.core(`${this.family}TableCreator`)}(${callback}${casing});`);
      creator = { name, module };
      this.creators.push(creator);
    }
    return creator.name;
  }

  print(table) {
    const { r } = this;
    const { module } = table;
    const maker = this.maker(table);
    const name = r.weighted([[6, literal(table.dbName)], [1, `\`${table.dbName}\``], [1, `"${table.dbName}"`]]);
    const body = `{\n${indent(table.entries.join('\n'))}\n}`;
    const columns = table.callback ? `(${table.callback}) => (${body})` : body;
    const extras = r.chance(0.6) ? this.extras(table) : null;
    const rls = this.pg && r.chance(0.06) && !maker.includes('withRLS') ? '.enableRLS()' : '';
    const text = `const ${table.variable} = ${maker}(${name}, ${columns}${extras ? `, ${extras}` : ''})${rls};`;
    const form = table.exported ? r.weighted([[9, 'const'], [1, 'list'], [1, 'made']]) : r.pick(['none', 'default']);
    if (form === 'default' && !module.hasDefault) {
      // Other modules cannot name it, drizzle-kit sees it.
      module.hasDefault = true;
      module.body.push(text, `export default ${table.variable};`);
      return;
    }
    if (form === 'made') {
      const make = this.declared('makeTable');
      module.body.push(`const ${make} = <T extends string>(name: T) => ${maker}(name, ${columns}${extras ? `, ${extras}` : ''})${rls};`, `export const ${table.variable}: any = ${make}(${name});`);
      return;
    }
    if (form === 'const') module.body.push(`export ${text}`);
    else module.body.push(text);
    if (form === 'list') module.body.push(`export { ${table.variable} };`);
    // Other modules must be able to name it.
    if (form === 'none') table.exported = false;
  }

  /** What is declared beside a table: a policy linked to it, relations of the query API. */
  after(table) {
    const { r } = this;
    const { module } = table;
    if (this.pg && r.chance(0.05)) {
      const policy = this.policy(table, (it) => access(table.variable, it.key));
      module.body.push(`export const ${this.declared('policy')} = ${policy}.link(${table.variable});`);
    }
    const target = r.pick(this.tables.filter((it) => it.exported || it.module === module));
    if (r.chance(0.15) && this.line === 0 && target && table.columns.length > 0 && target.columns.length > 0) {
      const fields = `fields: [${access(table.variable, r.pick(table.columns).key)}], references: [${access(module.of(target.module, target.variable), r.pick(target.columns).key)}]`;
      module.body.push(`export const ${this.declared('relations')} = ${module.orm('relations')}(${table.variable}, ({ one, many }) => ({\n  first: one(${module.of(target.module, target.variable)}, { ${fields} }),\n  rest: many(${module.of(target.module, target.variable)}),\n}));`);
    }
  }

  /** Tables that foreign keys may lead to from a module. */
  targets(module) {
    return this.tables.filter((it) => (it.exported || it.module === module) && (this.pg || !it.schema));
  }

  /** A name that no other index or constraint has. */
  indexName(base) {
    this.serial += 1;
    return literal(`${base}_${this.serial}`);
  }

  extras(table) {
    const { r } = this;
    const { module } = table;
    const param = r.pick(['t', 'table', 'self']);
    const destructured = r.chance(0.1) && table.columns.every((it) => /^[a-zA-Z_$][\w$]*$/.test(it.key));
    const place = (column) => (destructured ? column.key : access(param, column.key));
    const plain = table.columns.filter((it) => it.builder.index !== false && !it.array);
    const keys = table.columns.filter((it) => it.builder.key && !it.array);
    const numbers = plain.filter((it) => it.builder.number && !/mode: '(timestamp|boolean)/.test(it.options.join()));
    const texts = plain.filter((it) => it.builder.text);
    const items = [];
    const add = (p, make) => {
      if (r.chance(p)) {
        const text = make();
        if (text) items.push(text);
      }
    };
    const sql = () => module.orm('sql');
    const expression = (from) => (from.length === 0 ? null : r.pick([`${sql()}\`\${${place(r.pick(from))}} gin_trgm_ops\``, `${sql()}\`(\${${place(r.pick(from))}} || 'x') desc\``, `${sql()}\`lower(\${${place(r.pick(from))}})\``, `${sql()}\`coalesce(\${${place(r.pick(from))}}, 'x')\``]));
    const predicate = () => {
      const column = r.pick(plain);
      const forms = [`${sql()}\`\${${place(column)}} is not null\``, `${module.orm('isNull')}(${place(column)})`, `${sql()}.raw('1 = 1')`];
      if (numbers.length > 0) forms.push(`${sql()}\`\${${place(r.pick(numbers))}} > 0\``);
      if (numbers.length > 0) forms.push(`${module.orm('gt')}(${place(r.pick(numbers))}, 5)`);
      if (plain.length > 1) forms.push(`${module.orm('and')}(${module.orm('isNull')}(${place(plain[0])}), ${module.orm('not')}(${module.orm('isNull')}(${place(plain[1])})), ${r.chance(0.3) ? 'undefined' : `${module.orm('or')}(${sql()}\`true\`, ${sql()}\`false\`)`})`);
      if (texts.length > 0) forms.push(`${module.orm('inArray')}(${place(r.pick(texts))}, ['a', "it's"])`, `${sql()}\`\${${place(r.pick(texts))}} in (\${${sql()}.raw("'a'")})\``, `${module.orm('like')}(${place(r.pick(texts))}, 'a%')`);
      return r.pick(forms);
    };
    const indexItem = (column) => {
      if (!this.pg) return place(column);
      const suffix = r.weighted([[6, ''], [1, '.asc()'], [1, '.desc()'], [1, '.desc().nullsLast()'], [1, '.nullsFirst()'], [1, '.asc().nullsLast()']]);
      const op = column.builder.text && r.chance(0.1) ? `.op('text_pattern_ops')` : '';
      return `${place(column)}${suffix}${op}`;
    };
    // In 0.x `onOnly` mixes up the modifiers of several indexes over one column.
    const index = (kind) => {
      if (plain.length === 0) return null;
      const columns = r.some(plain, 1, 2);
      const list = columns.map(indexItem);
      const text = r.chance(0.15) ? expression(texts) : null;
      if (text) list.push(text);
      const base = { index: 'idx', uniqueIndex: 'uidx' }[kind];
      const unnamed = this.pg && !text && !this.indexNames.has(`${table.variable} ${columns.map((it) => it.key)}`) && r.chance(0.3);
      if (unnamed) this.indexNames.add(`${table.variable} ${columns.map((it) => it.key)}`);
      const name = unnamed ? '' : r.chance(0.1) ? `\`${table.dbName}_${this.indexName('i').slice(1, -1)}\`` : this.indexName(base);
      let res = `${module.core(kind)}(${name})`;
      if (this.pg && r.chance(0.25)) res += `.using('${r.pick(['btree', 'gin', 'hash', 'gist'])}', ${list.join(', ')})`;
      else res += `.${this.pg && this.line === 1 && r.chance(0.05) ? 'onOnly' : 'on'}(${list.join(', ')})`;
      if (this.dialect === 'mysql' && r.chance(0.2)) res += r.pick([`.using('btree')`, `.algorithm('inplace')`, `.lock('none')`]);
      if (this.dialect !== 'mysql' && r.chance(0.2)) res += `.where(${predicate()})`;
      if (this.pg && r.chance(0.1)) res += '.concurrently()';
      if (this.pg && r.chance(0.1)) res += r.pick(['.with({ fillfactor: 70 })', `.with({ fillfactor: '80', deduplicate_items: false })`, `.with({ fastupdate: true, gin_pending_list_limit: 128 })`, `.with({ buffering: 'auto' })`]);
      return res;
    };
    add(0.5, () => index('index'));
    add(0.3, () => index('index'));
    add(0.3, () => index('uniqueIndex'));
    add(0.25, () => {
      if (plain.length === 0 || this.dialect === 'mysql' && keys.length === 0) return null;
      const columns = r.some(this.dialect === 'mysql' ? keys : plain, 1, 2);
      const name = r.chance(0.5) ? this.indexName('uc') : '';
      if (!name && columns.length === 1) return null;
      return `${module.core('unique')}(${name}).on(${columns.map(place).join(', ')})${this.pg && r.chance(0.2) ? '.nullsNotDistinct()' : ''}`;
    });
    if (!table.primary) {
      add(0.5, () => {
        if (keys.length === 0) return null;
        const columns = r.some(keys, 1, 3);
        if (this.line === 0 && columns.length > 1 && r.chance(0.1)) return `${module.core('primaryKey')}(${columns.map(place).join(', ')})`;
        const name = r.chance(0.3) ? `, name: ${this.indexName('pk')}` : '';
        return `${module.core('primaryKey')}({ columns: [${columns.map(place).join(', ')}]${name} })`;
      });
    }
    add(0.25, () => {
      const target = r.pick(this.targets(module));
      if (!target) return null;
      const theirs = target.columns.filter((it) => it.builder.key && !it.array);
      const n = Math.min(keys.length, theirs.length, r.int(1, 2));
      if (n === 0) return null;
      const own = r.shuffle(keys).slice(0, n).map(place);
      const object = target === table && !destructured ? param : module.of(target.module, target.variable);
      const others = r.shuffle(theirs).slice(0, n).map((it) => access(object, it.key));
      const name = r.chance(0.4) ? `, name: ${this.indexName('fk')}` : '';
      const actions = this.actions().map((it) => `.${it.replace(/^(\w+): (.*)$/, '$1($2)')}`);
      return `${module.core('foreignKey')}({ columns: [${own.join(', ')}], foreignColumns: [${others.join(', ')}]${name} })${actions.join('')}`;
    });
    add(0.3, () => (plain.length === 0 ? null : `${module.core('check')}(${this.indexName('chk')}, ${predicate()})`));
    if (this.pg) add(0.12, () => this.policy(table, place));
    if (this.pg && (param || destructured)) {
      add(0.05, () => {
        const neon = (name) => module.use('drizzle-orm/neon', name);
        const condition = () => r.pick(['true', 'false', 'null', `${module.orm('sql')}\`1 = 1\``, plain.length > 0 ? `${neon('authUid')}(${place(plain[0])})` : 'true']);
        const role = r.pick([() => neon('authenticatedRole'), () => neon('anonymousRole'), () => `'clerk'`, () => `['zed', ${neon('authenticatedRole')}]`])();
        return `${r.chance(0.5) ? '...' : ''}${neon('crudPolicy')}({ role: ${role}, read: ${condition()}, modify: ${condition()} })`;
      });
    }
    if (items.length === 0) return null;
    const head = destructured ? `({ ${table.columns.map((it) => it.key).join(', ')} })` : `(${param})`;
    const form = r.weighted([[6, 'array'], [3, 'object'], [1, 'block'], [1, 'nested']]);
    // 0.x does not look into objects in a list.
    if (this.line === 0 && form === 'array' && r.chance(0.1)) items.push(`{ unseen: ${module.core('index')}('unseen_${(this.serial += 1)}').on(${place(table.columns[0])}) } as never`);
    if (form === 'object' && !items.some((it) => it.startsWith('...'))) return `${head} => ({\n${indent(items.map((it, i) => `e${i}: ${it},`).join('\n'))}\n})`;
    if (form === 'block') return `${head} => {\n  return [\n${indent(indent(items.join(',\n')))}\n  ];\n}`;
    const isUnseen = (it) => this.line === 0 && /^\w*\.?crudPolicy/.test(it);
    if (form === 'nested' && items.length > 1 && !items.slice(1).some(isUnseen)) return `${head} => [${items[0]}, [${items.slice(1).join(', ')}]]`;
    return `${head} => [\n${indent(items.map((it) => `${it},`).join('\n'))}\n]`;
  }

  policy(table, place) {
    const { r } = this;
    const { module } = table;
    const options = r.some([`as: '${r.pick(['permissive', 'restrictive'])}'`, `for: '${r.pick(['all', 'select', 'insert', 'update', 'delete'])}'`], 0, 2);
    const role = () => (this.roles.length > 0 && r.chance(0.6) ? module.of(r.pick(this.roles).module, this.roles[0].name) : r.pick([`'public'`, `'current_user'`, `'admin'`]));
    if (r.chance(0.6)) options.push(`to: ${r.chance(0.3) ? `['zed', ${role()}]` : role()}`);
    const column = r.pick(table.columns);
    if (r.chance(0.6)) options.push(`using: ${module.orm('sql')}\`${r.pick(['true', `\${${place(column)}} is not null`])}\``);
    if (r.chance(0.4)) options.push(`withCheck: ${module.orm('sql')}\`${r.pick(['true', `\${${place(column)}} is null`])}\``);
    return `${module.core('pgPolicy')}(${this.indexName('pol')}, { ${options.join(', ')} })`;
  }

  view(module) {
    const { r } = this;
    const sources = this.tables.filter((it) => it.module === module && it.columns.length > 0 && it.columns.every((it) => /^[a-zA-Z_$][\w$]*$/.test(it.key)));
    if (sources.length === 0) return;
    const table = r.pick(sources);
    const variable = this.declared('view');
    const materialized = this.pg && r.chance(0.3);
    const schema = this.pg && this.schemas.length > 0 && r.chance(0.2) ? r.pick(this.schemas) : null;
    const maker = schema
      ? `${module.of(schema.module, schema.name)}.${materialized ? 'materializedView' : 'view'}`
      : module.core(materialized ? 'pgMaterializedView' : `${this.family}View`);
    const name = literal(`v_${variable}`);
    const head = () => `${maker}(${name})`;
    const source = table.variable;
    const form = r.pick(['fields', 'all', 'sql', 'existing', 'where', 'join', 'group', 'literal', 'cte', 'cte', 'union', 'union', 'subquery']);
    const fields = r.some(table.columns, 1, 3);
    const list = fields.map((it) => `${it.key}: ${access(source, it.key)}`).join(', ');
    const column = access(source, r.pick(table.columns).key);
    const stored = () => r.some([`.using('heap')`, `.with({ fillfactor: 90, ${r.pick(['autovacuumEnabled: true', 'toastTupleTarget: 256', 'userCatalogTable: false'])} })`, `.tablespace('fast')`, `.withNoData()`], 1, 3).join('');
    const plainOptions = () => `.with({ ${r.some(['securityInvoker: true', 'securityBarrier: false', `checkOption: '${r.pick(['local', 'cascaded'])}'`], 1, 3).join(', ')} })`;
    const ofMysql = () => r.some([`.algorithm('${r.pick(['undefined', 'merge', 'temptable'])}')`, `.sqlSecurity('${r.pick(['definer', 'invoker'])}')`, `.withCheckOption('${r.pick(['local', 'cascaded'])}')`], 1, 3).join('');
    const options = this.dialect === 'mysql' && r.chance(0.3) ? ofMysql() : this.pg && r.chance(0.3) ? (materialized ? stored() : plainOptions()) : '';
    let text;
    if (form === 'fields') text = `${head()}${options}.as((qb) => qb.select({ ${list} }).from(${source}))`;
    if (form === 'all') text = `${head()}${options}.as(${r.chance(0.4) ? `new ${module.core('QueryBuilder')}()` : '(qb) => qb'}.select().from(${source}))`;
    if (form === 'where') text = `${head()}${options}.as((qb) => qb.select({ ${list}, n: ${module.orm('sql')}<number>\`count(*)\`.as('n') }).from(${source}).where(${module.orm('isNotNull')}(${column})).groupBy(${fields.map((it) => access(source, it.key)).join(', ')}).orderBy(${module.orm('desc')}(${column})))`;
    if (form === 'join') {
      const other = r.pick(sources);
      if (other === table) text = `${head()}.as((qb) => qb.selectDistinct({ ${list} }).from(${source}).limit(10))`;
      else text = `${head()}.as((qb) => qb.select({ ${list} }).from(${source}).${r.pick(['leftJoin', 'innerJoin'])}(${other.variable}, ${module.orm('eq')}(${column}, ${access(other.variable, r.pick(other.columns).key)})))`;
    }
    if (form === 'group') text = `${head()}.as((qb) => qb.select({ ${list}, most: ${module.orm('max')}(${column}).as('most'), n: ${module.orm('count')}().as('n') }).from(${source}).groupBy(${column}).having(${module.orm('sql')}\`count(*) > 1\`))`;
    if (form === 'cte') {
      const inner = this.declared('w');
      const rest = r.pick([`.select().from(${inner})`, `.select({ ${fields.map((it) => `${it.key}: ${inner}.${it.key}`).join(', ')} }).from(${inner})`]);
      const where = r.chance(0.4) ? `.where(${module.orm('isNotNull')}(${column}))` : '';
      if (r.chance(0.5)) {
        text = `${head()}${options}.as((qb) => {\n  const ${inner} = qb.$with('${inner}').as(qb.select({ ${list} }).from(${source})${where});\n  return qb.with(${inner})${rest};\n})`;
      } else {
        module.body.push(`const ${inner} = new ${module.core('QueryBuilder')}().$with('${inner}').as((qb) => qb.select({ ${list} }).from(${source})${where});`);
        text = `${head()}${options}.as((qb) => qb.with(${inner})${rest})`;
      }
    }
    if (form === 'union') {
      const part = (more) => `qb.select({ ${list} }).from(${source})${more}`;
      const kind = r.pick(this.dialect === 'sqlite' ? ['union', 'unionAll', 'intersect', 'except'] : ['union', 'unionAll', 'intersect', 'except', 'intersectAll', 'exceptAll']);
      const second = part(`.where(${module.orm('isNull')}(${column}))`);
      text = r.chance(0.5) ? `${head()}${options}.as((qb) => ${part('')}.${kind}(${second}))` : `${head()}${options}.as((qb) => ${module.core(kind)}(${part('')}, ${second}))`;
    }
    if (form === 'subquery') {
      const inner = this.declared('sq');
      text = `${head()}${options}.as((qb) => qb.select().from(qb.select({ ${list} }).from(${source}).as('${inner}')))`;
    }
    const named = table.columns.find((it) => it.builder.text && !it.array);
    if (form === 'literal') text = `${head()}.as((qb) => qb.select({ ${list} }).from(${source})${named ? `.where(${module.orm('eq')}(${access(source, named.key)}, 'x' as never))` : ''})`;
    const typed = `{ one: ${module.core(this.dialect === 'mysql' ? 'int' : 'integer')}('one'), two: ${module.core('text')}() }`;
    if (form === 'sql') text = `${maker}(${name}, ${typed})${options}.as(${module.orm('sql')}\`select 1 as one, 'x' as two\`)`;
    if (form === 'existing') text = `${maker}(${name}, ${typed}).existing()`;
    module.body.push(`export const ${variable} = ${text};`);
  }

  files(modules) {
    const { r } = this;
    const files = {};
    // A schema module may be a table's only exporter, and must be seen once: through a barrel or by itself.
    const form = r.weighted([[3, 'barrel'], [2, 'list'], [2, 'directory'], [2, 'glob']]);
    const all = this.modules.filter((it) => it.body.length > 0);
    for (const module of all) {
      if (module.anyColumn) module.imports.set(`type ${this.core}`, { named: new Map(), namespace: null });
      files[module.path] = (module.anyColumn ? `import type { AnyPgColumn } from '${this.core}';\n` : '') + module.text();
    }
    let schema = all.map((it) => `./${it.path}`);
    if (form === 'barrel') {
      const lines = all.map((it) => {
        const from = `./schema/${it.path.split('/').pop().replace(/\.ts$/, '')}`;
        const own = this.tables.filter((table) => table.module === it && table.exported).map((table) => table.variable);
        const form = it.path.includes('/m') ? r.weighted([[12, 'all'], [1, 'namespace'], [own.length > 0 ? 2 : 0, 'named']]) : 'all';
        if (form === 'namespace') return `export * as ${this.declared('space')} from '${from}';`;
        if (form === 'named') return `export { ${own.map((name) => (r.chance(0.3) ? `${name} as ${this.declared('renamed')}` : name)).join(', ')} } from '${from}';`;
        return `export * from '${from}';`;
      });
      files['src/db/index.ts'] = `${r.shuffle(lines).join('\n')}\n`;
      schema = ['./src/db/index.ts'];
    } else if (form === 'directory') schema = ['./src/db/schema'];
    else if (form === 'glob') schema = [r.pick(['./src/db/schema/*.ts', './src/**/schema/*.ts'])];
    const config = { dialect: this.dialect, schema: schema.length === 1 ? schema[0] : schema, ...(this.casing === 'none' ? {} : { casing: this.casing }) };
    const body = JSON.stringify(config, null, 2);
    files['drizzle.config.ts'] = r.pick([
      `import { defineConfig } from 'drizzle-kit';\n\nexport default defineConfig(${body});\n`,
      `import type { Config } from 'drizzle-kit';\n\nexport default ${body} satisfies Config;\n`,
    ]);
    files['tsconfig.json'] = `{ "compilerOptions": { "strict": true, "baseUrl": ".", "paths": { "@/*": ["./src/*"] } } }\n`;
    const version = this.line === 0 ? '^0.45.4' : '1.0.0-rc.5';
    files['package.json'] = `${JSON.stringify({ name: 'random', dependencies: { 'drizzle-orm': version }, devDependencies: { 'drizzle-kit': this.line === 0 ? '^0.31.11' : '1.0.0-rc.5' } }, null, 2)}\n`;
    const entries = form === 'barrel' ? ['src/db/index.ts'] : all.map((it) => it.path);
    return { files, entries, casing: this.casing, dialect: this.dialect };
  }
}

/** What is left of a key in every casing, so that no two columns get one name. */
const flat = (key) => key.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

export function generate(seed, line, dialect) {
  return new Generator(seed, line, dialect).run();
}

export { enumOption };
