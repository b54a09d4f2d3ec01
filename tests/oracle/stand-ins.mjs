// Bundling modules of a project whose packages are not installed: tsconfig paths are esbuild's business, packages of
// the workspace are found by name, all others become stand-ins which answer every property and call with another.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

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
function workspaceFile(packages, specifier) {
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

/** esbuild's plugin for modules of the workspace around the file `from`. */
export function standIns(from) {
  const packages = workspacePackages(from);
  return { name: 'stand-ins', setup: (build) => setup(build, packages) };
}
function setup(build, packages) {
  build.onResolve({ filter: /.*/ }, async (args) => {
    if (args.kind === 'entry-point' || args.pluginData === 'seen') return;
    if (/^drizzle-orm(\/|$)/.test(args.path)) return { path: args.path, external: true };
    if (/^[./]/.test(args.path)) {
      const found = await build.resolve(args.path, { resolveDir: args.resolveDir, kind: args.kind, importer: args.importer, pluginData: 'seen' });
      if (found.errors.length === 0) return found;
      return { path: args.path, namespace: 'stand-in' };
    }
    const local = workspaceFile(packages, args.path);
    if (local) return { path: local };
    const found = await build.resolve(args.path, { resolveDir: args.resolveDir, kind: args.kind, importer: args.importer, pluginData: 'seen' });
    if (found.errors.length === 0 && !found.path.includes('node_modules')) return found;
    return { path: args.path, namespace: 'stand-in' };
  });
  build.onLoad({ filter: /.*/, namespace: 'stand-in' }, () => ({ contents: 'module.exports = globalThis.__standIn;', loader: 'js' }));
  build.onLoad({ filter: /\.(css|svg|png|md|sql)$/ }, () => ({ contents: 'module.exports = "";', loader: 'js' }));
}

/** Answers everything with itself. `once`: yields itself once when iterated over, else never; `length`: its length. */
export function standIn(once, length) {
  const get = (target, key) => {
    if (Object.hasOwn(target, key) && key !== 'prototype' && key !== 'name' && key !== 'length') return target[key];
    if (key === Symbol.toPrimitive) return () => 'stand-in';
    if (key === Symbol.iterator) return function* () { if (once) yield it; };
    // drizzle-orm takes what has it for SQL.
    if (key === 'then' || key === 'getSQL' || typeof key === 'symbol') return undefined;
    if (length !== undefined && key === 'length') return length;
    if (once && (key === 'map' || key === 'flatMap')) return (f) => [typeof f === 'function' ? f(it, 0, [it]) : it];
    return key === '__esModule' ? true : it;
  };
  // esbuild copies a module's own properties onto an object with its prototype: the prototype answers instead.
  const prototype = new Proxy({}, { get });
  const it = new Proxy(function () {}, { get, getPrototypeOf: () => prototype, apply: () => it, construct: () => it });
  return it;
}
