// JSONL server around PGlite (PostgreSQL in WASM). See README.md.
//
//   node pglite.mjs [--postgis | --server PORT]

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './jsonl.mjs';
import { Native } from './native.mjs';
import { parse as parseSyntax } from './syntax.mjs';
import { DESCRIBE, SYNC, cstring, emptyDirectory, fields, isRaw, message, messages, parseMessage } from './wire.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const postgis = process.argv.includes('--postgis');
const at = process.argv.indexOf('--server');
const port = at > 0 ? Number(process.argv[at + 1]) : Number(process.env.COLUMNIST_SERVER ?? 0);
const host = postgis ? 'pglite-for-postgis' : '@electric-sql/pglite';

// ---------------------------------------------------------------- the server

const { PGlite } = await import(host);

async function availableExtensions() {
  const extensions = {};
  if (postgis) {
    extensions.postgis = (await import('@electric-sql/pglite-postgis')).postgis;
    return extensions;
  }
  const contrib = join(modules, host, 'dist', 'contrib');
  for (const file of readdirSync(contrib)) {
    if (!file.endsWith('.js') || file.startsWith('chunk-')) continue;
    const name = file.slice(0, -3);
    const extension = (await import(`${host}/contrib/${name}`))[name];
    if (extension) extensions[name] = extension;
  }
  extensions.vector = (await import('@electric-sql/pglite-pgvector')).vector;
  return extensions;
}

const extensions = port ? {} : await availableExtensions();
const empty = port ? null : await emptyDirectory(PGlite, host);
let db;

async function start() {
  db = port ? await Native.create(port) : await PGlite.create({ loadDataDir: empty, extensions });
  forget();
}

// ---------------------------------------------------------- the wire protocol

/** Sends, and reads the answer up to the last ReadyForQuery. */
async function exchange(bytes) {
  const answer = await guarded(() => db.execProtocolRaw(bytes));
  const result = { error: null, notices: [], params: [], columns: null, rows: [], status: null };
  messages(answer, (type, body) => {
    if (type === 'E') result.error ??= fields(body);
    else if (type === 'N') result.notices.push(fields(body));
    else if (type === 'Z') result.status = String.fromCharCode(body[0]);
    else if (type === 't') {
      for (let i = 0; i < body.readInt16BE(0); i++) result.params.push(body.readUInt32BE(2 + 4 * i));
    } else if (type === 'T') {
      result.columns = [];
      let p = 2;
      for (let i = 0; i < body.readInt16BE(0); i++) {
        const stop = body.indexOf(0, p);
        const name = body.toString('utf8', p, stop);
        p = stop + 1;
        result.columns.push({
          name, tableID: body.readUInt32BE(p), columnID: body.readInt16BE(p + 4),
          oid: body.readUInt32BE(p + 6), typmod: body.readInt32BE(p + 12),
        });
        p += 18;
      }
    } else if (type === 'D') {
      const row = [];
      let p = 2;
      for (let i = 0; i < body.readInt16BE(0); i++) {
        const length = body.readInt32BE(p);
        p += 4;
        row.push(length < 0 ? null : body.toString('utf8', p, p + length));
        if (length > 0) p += length;
      }
      result.rows.push(row);
    }
  });
  return result;
}

const simple = (sql) => exchange(message('Q', cstring(sql)));

// ------------------------------------------------------------------- crashes

// A crash of the WASM server surfaces as a rejected call or as an exception
// nobody waits for; either way the instance is replaced by an empty one.

let crashed = null;
class Crash extends Error {}

for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (e) => {
    if (crashed) crashed(e);
    else console.error(`pglite.mjs: ${event}: ${e?.stack ?? e?.message ?? e}`);
  });
}

async function guarded(action) {
  try {
    return await new Promise((resolve, reject) => {
      crashed = reject;
      action().then(resolve, reject);
    });
  } catch (e) {
    crashed = null;
    await start();
    throw new Crash(String(e?.message ?? e));
  } finally {
    crashed = null;
  }
}

// --------------------------------------------------------------------- names

const typeNames = new Map();
const columnNames = new Map();

/** After DDL: what the user created may be named otherwise. */
function forget() {
  for (const key of typeNames.keys()) if (Number.parseInt(key) >= 16384) typeNames.delete(key);
  for (const key of columnNames.keys()) if (Number.parseInt(key) >= 16384) columnNames.delete(key);
}

async function nameAll(results) {
  const types = new Set();
  const columns = new Set();
  for (const r of results) {
    for (const oid of r.params) if (!typeNames.has(`${oid} -1`)) types.add(`${oid} -1`);
    for (const c of r.columns ?? []) {
      if (!typeNames.has(`${c.oid} ${c.typmod}`)) types.add(`${c.oid} ${c.typmod}`);
      if (c.tableID && !columnNames.has(`${c.tableID} ${c.columnID}`)) columns.add(`${c.tableID} ${c.columnID}`);
    }
  }
  if (types.size) {
    const list = [...types].map((t) => `(${t.replace(' ', ',')})`).join(',');
    const { rows } = await simple(`select o, m, pg_catalog.format_type(o, m) from (values ${list}) as v(o, m)`);
    for (const [o, m, name] of rows) typeNames.set(`${o} ${m}`, name);
  }
  if (columns.size) {
    const list = [...columns].map((t) => `(${t.replace(' ', ',')})`).join(',');
    const { rows } = await simple(`select v.o, v.n, s.nspname, c.relname, a.attname from (values ${list}) as v(o, n)
      join pg_catalog.pg_class c on c.oid = v.o join pg_catalog.pg_namespace s on s.oid = c.relnamespace
      join pg_catalog.pg_attribute a on a.attrelid = v.o and a.attnum = v.n`);
    for (const [o, n, schema, table, column] of rows) columnNames.set(`${o} ${n}`, { schema, table, column });
  }
}

// ---------------------------------------------------------------- operations

/** `shift`: characters of a prefix before the text that was asked about. */
function verdict(result, shift = 0) {
  const { error, notices } = result;
  const shown = notices.map(({ severity, sqlstate, message }) => ({ severity, sqlstate, message }));
  const extra = shown.length ? { notices: shown } : {};
  if (!error) return { ok: true, ...extra };
  const { severity, file, ...rest } = error;
  if (shift && rest.position !== null) rest.position = rest.position > shift ? rest.position - shift : null;
  return { ok: false, ...rest, ...extra };
}

/** COPY from standard input would end the server. */
function copiesStdin(sql) {
  if (!/\bcopy\b[^]*\bstdin\b/i.test(sql)) return false;
  const parsed = parseSyntax(sql);
  return parsed.ok && (parsed.tree.stmts ?? []).some((s) => s.stmt?.CopyStmt && s.stmt.CopyStmt.is_from && !s.stmt.CopyStmt.filename);
}

const refusal = { ok: false, harness: true, sqlstate: null, message: 'COPY FROM STDIN is not run by the harness', position: null, hint: null, detail: null };

async function run(sql) {
  if (copiesStdin(sql)) return { error: null, notices: [], refused: true };
  const result = await simple(sql);
  // A text may leave a transaction open or failed; the session must be clean.
  if (result.status !== 'I') {
    await simple('ROLLBACK');
    result.leftOpen = true;
  }
  return result;
}

async function describeAll(sqls, oids) {
  const results = [];
  for (const sql of sqls) {
    results.push(await exchange(Buffer.concat([parseMessage(sql, oids), DESCRIBE, SYNC])));
  }
  await nameAll(results.filter((r) => !r.error));
  return results.map((r) => {
    // Too deep for the WASM stack: the Parse fails without a word.
    if (r.error?.sqlstate === '26000') return { ...verdict(r), harness: true, sqlstate: null, message: 'no answer to Parse (too complex?)' };
    if (r.error) return verdict(r);
    return {
      ...verdict(r),
      params: r.params.map((oid) => ({ oid, type: typeNames.get(`${oid} -1`) })),
      columns: (r.columns ?? []).map(({ name, oid, typmod, tableID, columnID }) => ({
        name, oid, type: typeNames.get(`${oid} ${typmod}`), tableID, columnID,
        source: columnNames.get(`${tableID} ${columnID}`) ?? null,
      })),
    };
  });
}

const EXPLAIN = 'EXPLAIN (GENERIC_PLAN) ';

/** Before PostgreSQL 16 a statement with parameters is planned for any values of them as a prepared one. */
async function prepared(sql) {
  const count = Math.max(0, ...Array.from(sql.matchAll(/\$(\d+)/g), (it) => Number(it[1])));
  const values = count ? `(${Array(count).fill('null').join(', ')})` : '';
  const head = 'PREPARE planned AS ';
  await simple('SET plan_cache_mode = force_generic_plan');
  const parsed = await simple(head + sql);
  const result = parsed.error ? parsed : await simple(`EXPLAIN EXECUTE planned${values}`);
  await simple('DEALLOCATE ALL');
  // A parameter in quotes is counted, too: then EXECUTE says so, which is no word on the statement.
  if (/^wrong number of parameters/.test(result.error?.message)) return { ok: true, plan: [] };
  const answer = verdict(result, parsed.error ? head.length : 0);
  return answer.ok ? { ...answer, plan: result.rows.map((r) => r[0]) } : { ...answer, position: parsed.error ? answer.position : null };
}

const one = {
  async explain(sql) {
    await simple('BEGIN');
    const result = await simple(EXPLAIN + sql);
    await simple('ROLLBACK');
    if (result.error?.message === 'unrecognized EXPLAIN option "generic_plan"') return prepared(sql);
    const answer = verdict(result, EXPLAIN.length);
    return answer.ok ? { ...answer, plan: result.rows.map((r) => r[0]) } : answer;
  },
  async ddl(sql) {
    if (copiesStdin(sql)) return refusal;
    await simple('BEGIN');
    const result = await simple(sql);
    // The text may hold its own COMMIT or ROLLBACK.
    const escaped = result.status === 'I';
    if (!escaped) await simple('ROLLBACK');
    else forget();
    return { ...verdict(result), ...(escaped ? { escaped } : {}) };
  },
  async exec(sql) {
    const result = await run(sql);
    forget();
    if (result.refused) return refusal;
    const answer = verdict(result);
    if (result.leftOpen) answer.rolledBack = true;
    if (answer.ok && result.columns) answer.rows = result.rows;
    return answer;
  },
  async parse(sql) {
    const { tree, ...libpg } = parseSyntax(sql);
    const { error } = await exchange(Buffer.concat([parseMessage(sql), SYNC]));
    const answer = isRaw(error) ? verdict({ error, notices: [] }) : { ok: true };
    const agrees = answer.ok === libpg.ok && (answer.ok || answer.position === libpg.position);
    return agrees ? answer : { ...answer, libpg };
  },
};
one.ddl_keep = one.exec;

const RESET = `
do $reset$ declare r record; begin
  for r in select evtname as n from pg_event_trigger loop execute format('drop event trigger %I', r.n); end loop;
  for r in select pubname as n from pg_publication loop execute format('drop publication %I', r.n); end loop;
  for r in select extname as n from pg_extension where extname <> 'plpgsql' loop execute format('drop extension if exists %I cascade', r.n); end loop;
  for r in select nspname as n from pg_namespace where nspname <> 'information_schema' and nspname !~ '^pg_' loop execute format('drop schema %I cascade', r.n); end loop;
  for r in select fdwname as n from pg_foreign_data_wrapper loop execute format('drop foreign data wrapper %I cascade', r.n); end loop;
  for r in select castsource::regtype as s, casttarget::regtype as t from pg_cast where oid >= 16384 loop execute format('drop cast (%s as %s)', r.s, r.t); end loop;
  for r in select lanname as n from pg_language where oid >= 16384 and lanname <> 'plpgsql' loop execute format('drop language if exists %I cascade', r.n); end loop;
  perform lo_unlink(oid) from pg_largeobject_metadata;
  for r in select rolname as n from pg_roles where oid >= 16384 loop execute format('drop owned by %I cascade', r.n); execute format('drop role %I', r.n); end loop;
  execute format('alter database %I reset all', current_database());
  execute format('alter role %I reset all', session_user);
end $reset$;
create schema public authorization pg_database_owner;
comment on schema public is 'standard public schema';
grant usage on schema public to public;`;

async function reset(hard) {
  if (!hard) {
    await simple('ROLLBACK');
    await simple('SET SESSION AUTHORIZATION DEFAULT');
    await simple('DISCARD ALL');
    const { error } = await simple(`set client_min_messages = error;${RESET}`);
    await simple('RESET ALL');
    forget();
    if (!error) return { ok: true };
  }
  await db.close().catch(() => {});
  await start();
  return { ok: true, hard: true };
}

async function handle(request) {
  const { op } = request;
  try {
    switch (op) {
      case 'describe':
        return (await describeAll([request.sql], request.paramOids))[0];
      case 'describe_many':
        return { ok: true, results: await describeAll(request.sqls) };
      case 'reset':
        return await reset(request.hard);
      case 'extension': {
        const answer = await one.exec(`create extension if not exists "${request.name}" cascade`);
        return answer;
      }
      case 'version':
        return { ok: true, version: (await simple('select version()')).rows[0][0] };
      // Statements one by one, each its own transaction; stops at the first error.
      case 'exec_each': {
        for (const [index, sql] of request.sqls.entries()) {
          const answer = await one.exec(sql);
          if (!answer.ok) return { ...answer, index };
        }
        return { ok: true, count: request.sqls.length };
      }
    }
    if (Object.hasOwn(one, op)) return await one[op](request.sql);
    const many = /^(.*)_many$/.exec(op)?.[1];
    if (many && Object.hasOwn(one, many)) {
      const results = [];
      for (const sql of request.sqls) results.push(await one[many](sql));
      return { ok: true, results };
    }
    return { ok: false, harness: true, message: `unknown op ${op}` };
  } catch (e) {
    if (!(e instanceof Crash)) throw e;
    return { ok: false, harness: true, crash: true, sqlstate: null, message: `the server crashed and is empty now: ${e.message}`, position: null, hint: null, detail: null };
  }
}

await start();
await serve(handle);
await db.close();
process.exit(0);
