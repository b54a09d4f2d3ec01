// What drizzle-kit demands of its snapshots. Without arguments: writes src/catalog/kit/shapes.json, of the zod schemas of 0.x
// and the definitions of 1.0. With `judge`: reads lines of JSON `{"line": 0|1, "dialect": D, "snapshot": …}` and answers each
// with `valid`, `malformed`, `nonLatest` or `unsupported`. Neither is exported: the modules are loaded with a line more.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const here = process.env.COLUMNIST_ORACLE ?? path.dirname(fileURLToPath(import.meta.url));

/** The module at `file` up to where its command line begins, which exports `what`. */
function load(file, init, what) {
  const text = readFileSync(file, 'utf8').replace(/^#!.*/, '');
  const source = text.slice(0, text.lastIndexOf('src/cli/index.ts'));
  const body = source.slice(0, source.lastIndexOf('\n'));
  const module = { exports: {} };
  const wrapped = `(function (module, exports, require, __filename, __dirname) {${body}\n${init}; module.exports = {${what}};\n})`;
  vm.runInThisContext(wrapped, { filename: file })(module, module.exports, createRequire(file), file, path.dirname(file));
  return module.exports;
}

const kit0 = () =>
  load(process.env.DRIZZLE_KIT ?? path.join(here, 'node_modules/drizzle-kit/bin.cjs'), 'init_utils2()', 'validatorForDialect');
const kit1 = () =>
  load(
    path.join(here, 'next/node_modules/drizzle-kit/bin.cjs'),
    'init_utils_node(); init_snapshot$2(); init_snapshot$3(); init_snapshot()',
    'validatorForDialect, postgresql: ddl$2, mysql: ddl$3, sqlite: ddl',
  );

/** A zod schema as data. */
function shape(zod) {
  const def = zod._def;
  switch (def.typeName) {
    case 'ZodString': return 'string';
    case 'ZodNumber': return 'number';
    case 'ZodBoolean': return 'boolean';
    case 'ZodAny': return 'any';
    case 'ZodLiteral': return { words: [def.value] };
    case 'ZodEnum': return { words: def.values };
    case 'ZodArray': return { array: shape(def.type) };
    case 'ZodRecord': return { record: shape(def.valueType) };
    case 'ZodOptional':
    case 'ZodDefault': return { optional: shape(def.innerType) };
    case 'ZodUnion': return { union: def.options.map(shape) };
    case 'ZodObject': {
      const members = Object.fromEntries(Object.entries(def.shape()).map(([name, it]) => [name, shape(it)]));
      return def.unknownKeys === 'strict' ? { strict: members } : { object: members };
    }
    default: throw new Error(`unknown: ${def.typeName}`);
  }
}

/** A field of drizzle-kit 1.0's entities as data: all of them must be there. */
function field(def) {
  if (def === 'string[]') return { array: 'string' };
  if (typeof def === 'string') return def.endsWith('?') ? { nullable: def.slice(0, -1) } : def;
  if (!Array.isArray(def)) return { nullable: row(def) };
  return typeof def[0] === 'string' || def[0] === null ? { words: def } : { array: row(def[0]) };
}
const row = (def) => ({ strict: Object.fromEntries(Object.entries(def).map(([name, it]) => [name, field(it)])) });
const rows = (defs) => Object.fromEntries(Object.entries(defs).map(([name, it]) => [name, row(it)]));

const DIALECTS = ['postgresql', 'mysql', 'sqlite'];

function dump() {
  const { validatorForDialect } = kit0();
  const objects = Object.fromEntries(DIALECTS.map((it) => [it, shape(validatorForDialect(it).validator)]));
  const next = kit1();
  const entities = Object.fromEntries(DIALECTS.map((it) => [it, rows(next[it]._.defs)]));
  return { objects, entities };
}

async function judge() {
  const [old, next] = [kit0(), kit1()];
  console.error = () => {};
  const verdict = ({ line, dialect, snapshot }) => {
    if (line === 1) {
      return typeof snapshot === 'object' && snapshot !== null ? next.validatorForDialect(dialect)(snapshot).status : 'malformed';
    }
    // drizzle-kit's `validateWithReport`
    const { validator, version } = old.validatorForDialect(dialect);
    if (snapshot?.version && Number(snapshot.version) > version) return 'unsupported';
    const result = validator.safeParse(snapshot);
    if (!result.success) return 'malformed';
    return result.data.version === String(version) ? 'valid' : 'nonLatest';
  };
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${verdict(JSON.parse(line))}\n`);
  }
}

if (process.argv[2] === 'judge') await judge();
else {
  const file = path.join(here, '../../src/catalog/kit/shapes.json');
  const text = `${JSON.stringify(dump())}\n`;
  if (process.argv[2] === 'show') process.stdout.write(text);
  else writeFileSync(file, text);
}
