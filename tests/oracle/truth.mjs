// What drizzle-orm and PostgreSQL say of a project as Columnist has read it: `node truth.mjs DUMP VERSION`, DUMP made by
// `tests/truth.rs`, VERSION that of the project's drizzle-orm. Prints {summary, differences, counts}. `--verbose` shows
// on standard error what could not be judged.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const verbose = process.argv.includes('--verbose');
const [dumpFile, version] = process.argv.slice(2);
const dump = JSON.parse(readFileSync(dumpFile, 'utf8'));
const name = path.basename(dump.root);
const MARK = '\u{E000}';
const differences = [];
const counts = {};
const count = (key) => { counts[key] = (counts[key] ?? 0) + 1; };
const place = (file, line) => `${path.relative(dump.root, file.path)}:${line}`;
const note = (...words) => { if (verbose) console.error(...words); };

// ------------------------------------------------------------------ PostgreSQL

const server = spawn('node', [path.join(here, 'pglite.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
async function ask(request) {
  server.stdin.write(`${JSON.stringify(request)}\n`);
  return JSON.parse((await answers.next()).value);
}

// ------------------------------------------------------------------- templates

/** Whether a text is ours with anything in place of what we do not know. Parameters are counted differently then. */
function fits(ours, theirs) {
  const plain = (it) => it.replace(/\$\d+(\s*,\s*\$\d+)*/g, '$$');
  const several = (it) => it.replace(/\$\d+/g, '$$');
  return matches(plain(ours), plain(theirs)) || matches(several(ours), several(theirs));
}
function matches(ours, theirs) {
  const pieces = ours.split(new RegExp(`"?${MARK}\\w*"?`));
  const last = pieces.pop();
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const found = i === 0 ? (theirs.startsWith(piece) ? 0 : -1) : theirs.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return theirs.length - last.length >= at && theirs.endsWith(last);
}

/** Lists of parameters are as long as their arrays, whose lengths nobody knows. */
function listed(text) {
  let count = 0;
  return text.replace(/\$\d+(\s*,\s*\$\d+)*/g, () => `$${++count}`);
}

/** Where two texts part, and a little of each. */
function gistOf(theirs, ours) {
  const [a, b] = [theirs, ours].map((it) => it.replace(/\s+/g, ' ').trim());
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const cut = (it) => it.slice(Math.max(0, at - 16), at + 24);
  return `${cut(a)} <> ${cut(b)}`;
}

async function templates() {
  const files = dump.files.filter((it) => it.templates.length && dump.databases[it.database]?.dialect === 'postgresql');
  if (!files.length) return;
  // Modules of the project may never come to rest: they run in a process of their own.
  const request = { version, root: path.join(dump.root, 'x'), jobs: files.map((it) => ({ path: it.path, templates: it.templates, casing: dump.databases[it.database].casing })) };
  const scratch = mkdtempSync(path.join(tmpdir(), 'columnist-render-'));
  const [ask, answer] = ['request.json', 'answer.json'].map((it) => path.join(scratch, it));
  writeFileSync(ask, JSON.stringify(request));
  const limit = Number(process.env.COLUMNIST_RENDER_SECONDS ?? 900) * 1000;
  try {
    execFileSync('node', [path.join(here, 'render-project.mjs'), ask, answer], { stdio: ['ignore', 'ignore', 'inherit'], timeout: limit, killSignal: 'SIGKILL' });
  } catch (e) {
    // What was rendered until then counts.
    note(`rendering ended early: ${e.message.split('\n')[0]}`);
  }
  const all = new Map(Object.entries(JSON.parse(existsSync(answer) ? readFileSync(answer, 'utf8') : '{}')).map(([key, it]) => [key, new Map(it)]));
  rmSync(scratch, { recursive: true });
  for (const file of files) {
    const results = all.get(file.path);
    for (const it of file.templates) {
      count('templates');
      const theirs = results?.get(it.id) ?? { error: 'no time' };
      if (theirs.error) {
        count('not rendered');
        note(`not rendered ${place(file, it.line)}: ${theirs.error}`);
      } else if (it.ours.some((ours) => listed(ours) === listed(theirs.sql))) {
        count('equal');
      } else if (it.ours.some((ours) => ours.includes(MARK) && fits(ours, theirs.sql))) {
        count('equal around unknown holes');
      } else {
        count('different');
        differences.push({ kind: 'render', place: place(file, it.line), what: gistOf(theirs.sql, it.ours[0]) });
      }
    }
  }
}

// -------------------------------------------------------------------- verdicts

const DESCRIBED = /^(\s|--[^\n]*\n|\/\*[^]*?\*\/|\()*(select|insert|update|delete|with|values|merge|table|explain)\b/i;

/** The unit without what stands for unknown relations; null where more is unknown. */
function known(text) {
  let res = text
    .replace(new RegExp(` from ${MARK}scope$`), '')
    .replace(new RegExp(`, ${MARK}scope$`), '')
    .replace(new RegExp(`on conflict on constraint ${MARK}key do update set ("(?:[^"]|"")*")`), 'on conflict ($1) do update set $1');
  return res.includes(MARK) ? null : res;
}

function judge(file, unit, theirs, opened, drifted) {
  const ours = unit.problems;
  const at = place(file, unit.line);
  const gist = (it) => `${it.sqlstate ?? it[0]} ${it.message ?? it[1]}`;
  if (theirs.harness) return count('not given: harness');
  if (theirs.ok) {
    if (!ours.length) return count('accepted by both');
    count('false alarm');
    differences.push({ kind: 'false-alarm', place: at, what: `accepted <> ${gist(ours[0])}` });
    return;
  }
  const same = ours.find((it) => it[0] === theirs.sqlstate && (opened || it[2] === theirs.position));
  if (same) return count('refused by both');
  if (ours.length) {
    count('refused differently');
    differences.push({ kind: 'different', place: at, what: `${gist(theirs)} at ${theirs.position} <> ${gist(ours[0])} at ${ours[0][2]}` });
    return;
  }
  if (opened && /^(42P01|42703|42702|42P18|42883|42725)$/.test(theirs.sqlstate)) return count('not judged: more relations may be in scope');
  if (!unit.whole && theirs.sqlstate === '42P18') return count("not judged: a parameter's type comes from elsewhere");
  if (!unit.whole && theirs.sqlstate === '42803') return count('not judged: GROUP BY stands in another call');
  if (!unit.whole && /access method/.test(theirs.message)) return count("not judged: the index's method stands in another call");
  // VACUUM, CREATE INDEX CONCURRENTLY.
  if (theirs.sqlstate === '25001') return count('not given: it runs outside of transactions only');
  const relation = theirs.sqlstate === '42P01' && /relation "(?:public\.)?(\w+)"/.exec(theirs.message)?.[1];
  if (relation && dump.databases.some((it, i) => i !== unit.database && it.sql.some((sql) => sql.startsWith(`CREATE TABLE ${relation} (`)))) {
    return count('not judged: another database of the project has the table');
  }
  if (unit.others) return count('not judged: one of several alternatives, of which some are accepted');
  if (drifted) return count('not judged: the schema is not complete');
  count('missed');
  differences.push({ kind: 'missed', place: at, what: gist(theirs) });
  note(`missed ${at}: ${gist(theirs)}\n    ${unit.text.replace(/\s+/g, ' ').slice(0, 600)}`);
}

// What a hosted PostgreSQL of Supabase has before any migration.
const HOSTED = ['anon', 'authenticated', 'service_role'].map((it) => `create role ${it}`).concat(
  'create schema auth',
  "create function auth.uid() returns uuid language sql as 'select null::uuid'",
  "create function auth.jwt() returns jsonb language sql as 'select null::jsonb'",
  "create function auth.role() returns text language sql as 'select null::text'",
);

// Projects install these by hand.
const EXTENSIONS = ['vector', 'pg_trgm', 'citext', 'unaccent', 'btree_gin', 'btree_gist', 'pgcrypto', 'uuid-ossp', 'fuzzystrmatch'];

async function empty() {
  await ask({ op: 'reset' });
  for (const sql of HOSTED) await ask({ op: 'exec', sql });
}

/** Runs the schema as it is printed, with the functions of the migrations, of which it has the names only. */
async function build(database, history, tell) {
  const functions = history.flatMap((file) => file.units).map((it) => it.text).filter((it) => /^\s*create\s+(or\s+replace\s+)?function/i.test(it));
  const make = async () => {
    for (const it of functions) await ask({ op: 'exec', sql: `set check_function_bodies = off; ${it}` });
  };
  for (const sql of database.sql.filter((it) => /^create (extension|schema|type|domain)/i.test(it))) await ask({ op: 'exec', sql });
  await make();
  const reached = new Set();
  for (let sql of database.sql) {
    if (/^create (schema|type|domain)/i.test(sql)) continue;
    let answer = await ask({ op: 'exec', sql });
    if (!answer.ok && /GENERATED ALWAYS AS \(/.test(sql) && answer.sqlstate === '42883') {
      // Functions that the project creates by hand: the columns are there all the same.
      if (tell) count('schema: a function of the project is in no file');
      sql = sql.replace(/ GENERATED ALWAYS AS \(.*\) STORED/g, '');
      answer = await ask({ op: 'exec', sql });
    }
    if (answer.ok || !tell || reached.has(answer.message)) continue;
    reached.add(answer.message);
    count('schema statements refused');
    differences.push({ kind: 'schema', place: database.name, what: `${answer.sqlstate} ${answer.message}` });
    note(`schema of ${database.name}: ${answer.sqlstate} ${answer.message}\n   ${sql.slice(0, 600)}`);
  }
  // Those whose parameters are rows of tables.
  await make();
}

async function verdicts(idx) {
  const database = dump.databases[idx];
  const files = dump.files.filter((file) => file.units.some((unit) => unit.database === idx));
  // History: every statement on the state that those before it leave.
  await empty();
  for (const name of EXTENSIONS) await ask({ op: 'extension', name });
  const order = new Map(database.migrations.map((it, i) => [it, i]));
  const history = files.filter((it) => it.history).sort((a, b) => order.get(a.path) - order.get(b.path));
  let broken = false;
  for (const file of history) {
    for (const unit of file.units) {
      const theirs = await ask({ op: 'exec', sql: unit.text });
      count('units');
      judge(file, unit, theirs, false, broken);
      // What follows from a statement that did not run is not PostgreSQL's word on the project.
      broken ||= !theirs.ok && !/^42P0[67]$|^42701$|^42710$/.test(theirs.sqlstate ?? '');
    }
  }
  // Everything else: on the schema as it is printed.
  await empty();
  for (const name of EXTENSIONS) await ask({ op: 'extension', name });
  await build(database, history, true);
  for (const file of files.filter((it) => !it.history)) {
    const accepted = new Set();
    const judged = [];
    for (const unit of file.units.filter((it) => it.database === idx)) {
      count('units');
      const sql = known(unit.text);
      if (sql === null) {
        count(unit.problems.length ? 'not given: unknown holes, with a problem of ours' : 'not given: unknown holes');
        continue;
      }
      const opened = sql !== unit.text;
      const theirs = await ask({ op: DESCRIBED.test(sql) ? 'describe' : 'ddl', sql });
      if (theirs.crash) await build(database, history, false);
      if (theirs.ok) accepted.add(unit.fragment);
      judged.push([unit, theirs, opened]);
    }
    for (const [unit, theirs, opened] of judged) {
      unit.others = unit.fragment !== null && accepted.has(unit.fragment);
      judge(file, unit, theirs, opened, false);
    }
  }
}

await templates();
for (const [idx, database] of dump.databases.entries()) {
  if (database.dialect === 'postgresql') await verdicts(idx);
}
server.stdin.end();
const c = (key) => counts[key] ?? 0;
const others = Object.entries(counts).filter(([key]) => key.startsWith('not ') && key !== 'not rendered').map(([key, n]) => `${n} ${key}`);
const summary = `${name} (drizzle-orm ${version}): ${c('templates')} templates, ${c('templates') - c('not rendered')} rendered, `
  + `${c('equal')} equal, ${c('equal around unknown holes')} equal around unknown holes, ${c('different')} different; `
  + `${c('units')} statements, ${c('accepted by both')} accepted by both, ${c('refused by both')} refused by both, ${c('missed')} missed, `
  + `${c('refused differently')} differently, ${c('false alarm')} false alarms${others.length ? `; ${others.join(', ')}` : ''}`;
// One line for what is said again and again.
const merged = new Map();
for (const it of differences) {
  const key = `${it.kind} ${it.what}`;
  const found = merged.get(key);
  if (found) found.more++;
  else merged.set(key, { ...it, more: 0 });
}
const listedOnce = [...merged.values()].map(({ more, ...it }) => ({ ...it, place: more ? `${it.place} and ${more} more` : it.place }));
process.stdout.write(JSON.stringify({ summary, counts, differences: listedOnce }), () => process.exit(0));
