// JSONL server that renders with the real drizzle-orm. See README.md.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { SQL, is, isSQLWrapper, sql as tag } from 'drizzle-orm';
import { MySqlDialect } from 'drizzle-orm/mysql-core';
import { PgDialect } from 'drizzle-orm/pg-core';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import { serve } from './jsonl.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, 'node_modules', '.cache', 'columnist-oracle', `drizzle-${process.pid}`);
mkdirSync(cache, { recursive: true });
process.on('exit', () => rmSync(cache, { recursive: true, force: true }));

const DIALECTS = { postgresql: PgDialect, mysql: MySqlDialect, sqlite: SQLiteSyncDialect };
let count = 0;

/** Bundles and imports; packages resolve from here, so drizzle-orm is the same one. */
async function load({ file, source, resolveDir }) {
  const result = await build({
    ...(source === undefined
      ? { entryPoints: [file] }
      : { stdin: { contents: source, loader: 'ts', resolveDir: resolveDir ?? here, sourcefile: 'source.ts' } }),
    bundle: true, write: false, format: 'esm', platform: 'node', target: 'node20', packages: 'external', logLevel: 'silent',
  });
  const path = join(cache, `${++count}.mjs`);
  writeFileSync(path, result.outputFiles[0].text);
  const module = await import(pathToFileURL(path).href);
  rmSync(path);
  return module;
}

const plain = (value) => {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (value instanceof Date) return { date: value.toISOString() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value === undefined) return { undefined: true };
  return value;
};

async function render(value, dialect) {
  try {
    if (typeof value === 'function') value = await value();
    let query;
    if (is(value, SQL)) query = dialect.sqlToQuery(value);
    else if (typeof value?.toSQL === 'function') query = value.toSQL();
    else if (isSQLWrapper(value)) query = dialect.sqlToQuery(tag`${value}`);
    else return { error: `neither SQL nor a query builder: ${typeof value}` };
    return { sql: query.sql, params: query.params.map(plain) };
  } catch (e) {
    return { error: String(e?.message ?? e) };
  }
}

async function handle(request) {
  const { op } = request;
  if (op === 'render') {
    const module = await load(request);
    const cases = module[request.export ?? 'cases'];
    if (!cases) return { ok: false, harness: true, message: `no export ${request.export ?? 'cases'}` };
    const dialect = new DIALECTS[request.dialect ?? 'postgresql']({ casing: request.casing });
    const results = {};
    for (const [name, value] of Object.entries(cases)) results[name] = await render(value, dialect);
    return { ok: true, results };
  }
  // What drizzle-kit would write for a schema module, starting from nothing
  // or from the module of `from`.
  if (op === 'migration') {
    const kit = (await import('drizzle-kit/api')).default ?? (await import('drizzle-kit/api'));
    const json = async (r) => kit.generateDrizzleJson(r ? await load(r) : {}, undefined, undefined, request.casing);
    const previous = await json(request.from);
    const statements = await kit.generateMigration(previous, await json(request));
    return { ok: true, statements };
  }
  return { ok: false, harness: true, message: `unknown op ${op}` };
}

await serve(handle);
process.exit(0);
