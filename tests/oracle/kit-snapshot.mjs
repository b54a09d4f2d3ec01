// The snapshot that drizzle-kit makes for schema modules, without a configuration, a database or the project's
// node_modules: `node kit-snapshot.mjs postgresql|mysql|sqlite none|snake_case|camelCase FILE…` prints its JSON.
//
// With `--next` first, it is drizzle-kit 1.0's (`next/`), which knows no casing. With `--sql` first, it prints the statements of drizzle-kit's migration from nothing instead. The modules are bundled
// with this folder's drizzle-orm and stand-ins for other packages.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { standIn, standIns } from './stand-ins.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = process.env.COLUMNIST_ORACLE
  ? path.join(process.env.COLUMNIST_ORACLE, 'package.json')
  : path.join(here, 'package.json');
const flag = process.argv[2].startsWith('--') ? process.argv[2] : '';
const [dialect, casing, ...files] = process.argv.slice(flag ? 3 : 2);
const asSql = flag === '--sql';
const isNext = flag === '--next';
const require = createRequire(isNext ? path.join(path.dirname(modules), 'next', 'package.json') : modules);
const esbuild = require('esbuild');
const kit = isNext
  ? require(`drizzle-kit/payload/${dialect === 'postgresql' ? 'postgres' : dialect}`)
  : require('drizzle-kit/api');

// What the modules print must not stand in the answer.
for (const name of ['log', 'info', 'debug', 'table']) console[name] = console.error;


const exported = {};
const plugin = standIns(files[0]);
for (const [idx, file] of files.entries()) {
  const result = await esbuild.build({
    entryPoints: [file], bundle: true, write: false, format: 'cjs', platform: 'node', logLevel: 'silent', plugins: [plugin], target: 'node22',
  });
  const module = { exports: {} };
  const wrapper = vm.runInThisContext(`(function (module, exports, require) {${result.outputFiles[0].text}\n})`, { filename: file });
  globalThis.__standIn = standIn(false);
  wrapper(module, module.exports, require);
  for (const [name, value] of Object.entries(module.exports)) exported[`${idx}_${name}`] = value;
}
// Files are bundled one by one, so a shared table comes several times: the first of each name counts.
const { is, Table, View, getTableName, getTableUniqueName, getViewName } = require('drizzle-orm');
const seen = new Set();
for (const [key, value] of Object.entries(exported)) {
  let name;
  if (value && is(value, Table)) name = `t ${getTableUniqueName(value)}`;
  else if (value && is(value, View)) name = `v ${getViewName(value)}`;
  else if (typeof value === 'function' && value.enumName) name = `e ${value.schema ?? ''}.${value.enumName}`;
  if (!name) continue;
  if (seen.has(name)) delete exported[key];
  seen.add(name);
}
const casingOption = casing === 'none' ? undefined : casing;
const snapshot = isNext
  ? await kit.generateDrizzleJson(exported)
  : dialect === 'mysql'
  ? await kit.generateMySQLDrizzleJson(exported, undefined, casingOption)
  : dialect === 'sqlite'
    ? await kit.generateSQLiteDrizzleJson(exported, undefined, casingOption)
    : kit.generateDrizzleJson(exported, undefined, undefined, casingOption);
if (asSql) {
  const statements = dialect === 'mysql'
    ? await kit.generateMySQLMigration(await kit.generateMySQLDrizzleJson({}), snapshot)
    : dialect === 'sqlite'
      ? await kit.generateSQLiteMigration(await kit.generateSQLiteDrizzleJson({}), snapshot)
      : await kit.generateMigration(kit.generateDrizzleJson({}), snapshot);
  process.stdout.write(JSON.stringify(statements));
} else {
  process.stdout.write(JSON.stringify({ ...snapshot, dialect: snapshot.dialect ?? dialect }));
}
