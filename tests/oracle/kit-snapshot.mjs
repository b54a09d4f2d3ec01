// The snapshot that drizzle-kit makes for schema modules, without a configuration, a database or the project's
// node_modules: `node kit-snapshot.mjs postgresql|mysql|sqlite none|snake_case|camelCase FILE…` prints its JSON.
//
// The modules are bundled with this folder's drizzle-orm; tsconfig paths are esbuild's business; packages that
// cannot be found become stand-ins which answer every property and call with another stand-in.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = process.env.COLUMNIST_ORACLE
  ? path.join(process.env.COLUMNIST_ORACLE, 'package.json')
  : path.join(here, 'package.json');
const require = createRequire(modules);
const esbuild = require('esbuild');
const kit = require('drizzle-kit/api');

// What the modules print must not stand in the answer.
for (const name of ['log', 'info', 'debug', 'table']) console[name] = console.error;

const [dialect, casing, ...files] = process.argv.slice(2);

// Packages of the workspace, by name, so that a monorepo needs no install.
function workspacePackages(from) {
  const found = new Map();
  let root = path.dirname(path.resolve(from));
  while (root !== '/' && !existsSync(path.join(root, 'pnpm-workspace.yaml')) && !isWorkspaceRoot(root)) root = path.dirname(root);
  if (root === '/') return found;
  const walk = (dir, depth) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      const sub = path.join(dir, entry.name);
      const manifest = path.join(sub, 'package.json');
      if (existsSync(manifest)) {
        try { const json = JSON.parse(readFileSync(manifest, 'utf8')); if (json.name) found.set(json.name, { dir: sub, json }); } catch {}
      }
      if (depth < 4) walk(sub, depth + 1);
    }
  };
  walk(root, 0);
  return found;
}
function isWorkspaceRoot(dir) {
  try { return Boolean(JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8')).workspaces); } catch { return false; }
}
const packages = workspacePackages(files[0]);

const EXTENSIONS = ['', '.ts', '.tsx', '.mts', '.js', '.mjs', '/index.ts', '/index.tsx', '/index.js'];
function locate(base) {
  for (const ext of EXTENSIONS) {
    const file = base + ext;
    if (existsSync(file) && !readdirable(file)) return file;
  }
}
function readdirable(file) {
  try { readdirSync(file); return true; } catch { return false; }
}
function target(entry) {
  if (typeof entry === 'string') return entry;
  if (Array.isArray(entry)) return entry.map(target).find(Boolean);
  if (entry && typeof entry === 'object') {
    for (const key of ['source', 'development', 'import', 'default', 'types', 'require']) {
      if (entry[key]) return target(entry[key]);
    }
  }
}
function workspaceFile(specifier) {
  const parts = specifier.split('/');
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
  const found = packages.get(name);
  if (!found) return;
  const sub = specifier.slice(name.length).replace(/^\//, '');
  const exports = found.json.exports;
  if (exports && typeof exports === 'object') {
    const key = sub ? `./${sub}` : '.';
    const direct = target(exports[key]);
    if (direct) return locate(path.join(found.dir, direct)) ?? locate(path.join(found.dir, direct.replace(/^\.\/dist\//, 'src/').replace(/\.(d\.ts|js)$/, '')));
    for (const [pattern, entry] of Object.entries(exports)) {
      if (!pattern.includes('*')) continue;
      const [head, tail] = pattern.split('*');
      if (key.startsWith(head) && key.endsWith(tail)) {
        const star = key.slice(head.length, key.length - tail.length);
        const file = target(entry)?.replace('*', star);
        if (file) return locate(path.join(found.dir, file));
      }
    }
  }
  return locate(path.join(found.dir, sub || 'index')) ?? locate(path.join(found.dir, 'src', sub || 'index')) ?? (found.json.main && locate(path.join(found.dir, found.json.main)));
}

const plugin = {
  name: 'stand-ins',
  setup(build) {
    build.onResolve({ filter: /.*/ }, async (args) => {
      if (args.kind === 'entry-point' || args.pluginData === 'seen') return;
      if (/^drizzle-orm(\/|$)/.test(args.path)) return { path: args.path, external: true };
      if (/^[./]/.test(args.path)) {
        const found = await build.resolve(args.path, { resolveDir: args.resolveDir, kind: args.kind, importer: args.importer, pluginData: 'seen' });
        if (found.errors.length === 0) return found;
        return { path: args.path, namespace: 'stand-in' };
      }
      const local = workspaceFile(args.path);
      if (local) return { path: local };
      const found = await build.resolve(args.path, { resolveDir: args.resolveDir, kind: args.kind, importer: args.importer, pluginData: 'seen' });
      if (found.errors.length === 0 && !found.path.includes('node_modules')) return found;
      return { path: args.path, namespace: 'stand-in' };
    });
    build.onLoad({ filter: /.*/, namespace: 'stand-in' }, () => ({ contents: 'module.exports = globalThis.__standIn;', loader: 'js' }));
    build.onLoad({ filter: /\.(css|svg|png|md|sql)$/ }, () => ({ contents: 'module.exports = "";', loader: 'js' }));
  },
};

const get = (_, key) => {
  if (key === Symbol.toPrimitive) return () => 'stand-in';
  if (key === Symbol.iterator) return function* () {};
  if (key === 'then' || typeof key === 'symbol') return undefined;
  return key === '__esModule' ? true : standIn;
};
// esbuild copies a module's own properties onto an object with its prototype: the prototype answers instead.
const prototype = new Proxy({}, { get });
const standIn = new Proxy(function () {}, {
  get,
  getPrototypeOf: () => prototype,
  apply: () => standIn,
  construct: () => standIn,
});

const exported = {};
for (const [idx, file] of files.entries()) {
  const result = await esbuild.build({
    entryPoints: [file], bundle: true, write: false, format: 'cjs', platform: 'node', logLevel: 'silent', plugins: [plugin], target: 'node22',
  });
  const module = { exports: {} };
  const wrapper = vm.runInThisContext(`(function (module, exports, require) {${result.outputFiles[0].text}\n})`, { filename: file });
  globalThis.__standIn = standIn;
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
const snapshot = dialect === 'mysql'
  ? await kit.generateMySQLDrizzleJson(exported, undefined, casingOption)
  : dialect === 'sqlite'
    ? await kit.generateSQLiteDrizzleJson(exported, undefined, casingOption)
    : kit.generateDrizzleJson(exported, undefined, undefined, casingOption);
const reported = { ...snapshot, dialect: snapshot.dialect ?? dialect };
process.stdout.write(JSON.stringify(reported));
