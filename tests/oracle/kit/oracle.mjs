// drizzle-kit's snapshot of modules that are in memory.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const here = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** drizzle-orm and drizzle-kit of a line: 0 is 0.x, 1 the 1.0 release candidates. */
export function packages(line) {
  const home = process.env.COLUMNIST_ORACLE ?? here;
  const require = createRequire(path.join(home, line === 0 ? '' : 'next', 'package.json'));
  const esbuild = require('esbuild');
  const makers = {};
  if (line === 0) {
    const kit = require('drizzle-kit/api');
    makers.postgresql = (it, casing) => kit.generateDrizzleJson(it, undefined, undefined, casing);
    makers.mysql = (it, casing) => kit.generateMySQLDrizzleJson(it, undefined, casing);
    makers.sqlite = (it, casing) => kit.generateSQLiteDrizzleJson(it, undefined, casing);
  } else {
    for (const [dialect, name] of [['postgresql', 'postgres'], ['mysql', 'mysql'], ['sqlite', 'sqlite']]) {
      let kit;
      makers[dialect] = (it) => (kit ??= require(`drizzle-kit/payload/${name}`)).generateDrizzleJson(it);
    }
  }
  return { require, esbuild, makers };
}

/** Runs the modules and gives the exports of `entries`, as drizzle-kit would import them. */
function exportsOf({ require, esbuild }, files, entries) {
  const loaded = new Map();
  const find = (from, specifier) => {
    const base = specifier.startsWith('@/') ? path.posix.join('src', specifier.slice(2)) : path.posix.join(path.posix.dirname(from), specifier);
    return [base, `${base}.ts`, base.replace(/\.js$/, '.ts'), `${base}/index.ts`].find((it) => it in files);
  };
  const load = (file) => {
    if (loaded.has(file)) return loaded.get(file).exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const { code } = esbuild.transformSync(files[file], { loader: 'ts', format: 'cjs', target: 'node20' });
    const wrapper = vm.runInThisContext(`(function (module, exports, require) {${code}\n})`, { filename: file });
    wrapper(module, module.exports, (specifier) => {
      const found = /^[.@]\/|^\.\./.test(specifier) ? find(file, specifier) : undefined;
      return found ? load(found) : require(specifier);
    });
    return module.exports;
  };
  const res = {};
  for (const [idx, file] of entries.entries()) {
    for (const [name, value] of Object.entries(load(file))) res[`${idx}_${name}`] = value;
  }
  return res;
}

/** The snapshot, or why there is none. */
export async function snapshot(kit, { files, entries, dialect, casing }) {
  const exit = process.exit;
  const { log, error, warn, info } = console;
  let said = '';
  process.exit = () => {
    throw new Error(`drizzle-kit refused: ${said.replace(/\x1b\[[0-9;]*m/g, '').trim().slice(0, 300)}`);
  };
  console.log = console.error = console.warn = console.info = (...args) => {
    said += `${args.join(' ')}\n`;
  };
  try {
    const res = await kit.makers[dialect](exportsOf(kit, files, entries), casing === 'none' ? undefined : casing);
    return { snapshot: { ...res, dialect: res.dialect ?? dialect } };
  } catch (e) {
    return { error: String(e?.stack ?? e).slice(0, 600) };
  } finally {
    process.exit = exit;
    Object.assign(console, { log, error, warn, info });
  }
}
