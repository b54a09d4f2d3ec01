// What the documents of the rules on migrations say of locks and rows, asked of PostgreSQL itself: of each row of their tables
// `| Statement | Lock | Rows |`, and of each example whose message speaks of a lock, the statement is run in a transaction over the
// definitions of the document, and pg_locks, the tables' files and the scans are looked at.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const home = process.env.COLUMNIST_ORACLE ?? here;
const rules = path.join(here, '../../src/lint/rules');
const { PGlite } = await import(createRequire(path.join(home, 'package.json')).resolve('@electric-sql/pglite'));
const db = await PGlite.create();

// Weakest first; ACCESS SHARE, which every query takes, is not told.
const ORDER = ['RowShare', 'RowExclusive', 'ShareUpdateExclusive', 'Share', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive'];
const words = (mode) => mode.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase();

/** The fenced blocks of a document: language and kind, and text. */
function blocks(text) {
  return [...text.matchAll(/^```(\S+) (\S+).*\n([^]*?)^```/gm)].map(([, language, kind, body]) => ({ kind: `${language} ${kind}`, body }));
}

/** The statements of an example, each with the messages that are marked under it. */
function statements(body) {
  const res = [];
  let text = '';
  for (const line of body.split('\n')) {
    const mark = /^\s*\^+ ?(.*)$/.exec(line);
    if (mark) res.at(-1)?.messages.push(mark[1]);
    else {
      text += `${line}\n`;
      if (line.trimEnd().endsWith(';')) {
        res.push({ text: text.trim(), messages: [] });
        text = '';
      }
    }
  }
  return res;
}

/** The definitions, and three rows in each table. */
async function begin(setup) {
  const schemas = (await db.query(`select nspname from pg_namespace where nspname !~ '^(pg_|information_schema)'`)).rows;
  for (const { nspname } of schemas) await db.exec(`drop schema ${nspname} cascade`);
  await db.exec('create schema public');
  for (const text of setup) await db.exec(text);
  const tables = (await db.query(`select c.oid, relname from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace`)).rows;
  for (const { oid, relname } of tables) {
    const columns = (await db.query(`select attname, format_type(coalesce(nullif(typbasetype, 0), t.oid), -1) ty, t.typtype, t.oid from pg_attribute join pg_type t on t.oid = atttypid where attrelid = ${oid} and attnum > 0 and attgenerated = ''`)).rows;
    const values = columns.map(({ ty, typtype, oid }) => {
      if (typtype === 'e') return `(select enumlabel::text from pg_enum where enumtypid = ${oid} limit 1)::${ty}`;
      return ty === 'integer' ? 'n' : ty === 'numeric' ? 'n::numeric' : `('a' || n)::${ty}`;
    });
    await db.exec(`insert into ${relname} (${columns.map((it) => it.attname)}) select ${values} from generate_series(1, 3) n`);
  }
  const views = (await db.query(`select relname from pg_class where relkind = 'm'`)).rows;
  for (const { relname } of views) await db.exec(`refresh materialized view ${relname}`);
}

/** Of each relation that was there: the strongest lock, and what becomes of the rows. */
async function measure(statement) {
  const relations = () => db.query(`select oid, relname, relfilenode from pg_class where relkind in ('r', 'm', 'p') and relnamespace = 'public'::regnamespace order by relname`).then((it) => it.rows);
  const scans = async () => new Map((await db.query('select relid, seq_scan from pg_stat_xact_user_tables')).rows.map((it) => [it.relid, it.seq_scan]));
  const before = await relations();
  await db.exec('begin');
  const scanned = await scans();
  await db.exec(statement);
  const locks = (await db.query(`select relation, mode from pg_locks where mode <> 'AccessShareLock'`)).rows;
  const [after, scannedNow] = [await relations(), await scans()];
  await db.exec('rollback');
  return before.map(({ oid, relname, relfilenode }) => {
    const modes = locks.filter((it) => it.relation === oid).map((it) => it.mode.replace(/Lock$/, ''));
    const now = after.find((it) => it.oid === oid);
    const rewritten = now !== undefined && now.relfilenode !== relfilenode;
    const read = (scannedNow.get(oid) ?? 0) > (scanned.get(oid) ?? 0);
    const lock = ORDER.findLast((it) => modes.includes(it));
    return { relname, lock: lock && words(lock), rows: rewritten ? 'written anew' : read ? 'read' : '–' };
  }).filter((it) => it.lock);
}

let [checked, failures] = [0, 0];
function compare(rule, statement, what, expected, found) {
  checked += 1;
  if (process.argv.includes('--show')) console.log(`| ${rule} | \`${statement.replace(/\s+/g, ' ')}\` | ${found} |`);
  if (expected === found) return;
  failures += 1;
  console.log(`${rule}: ${statement}\n  ${what}, expected ${expected}\n  ${what}, found    ${found}`);
}

for (const file of readdirSync(rules).filter((it) => it.endsWith('.md')).sort()) {
  const text = readFileSync(path.join(rules, file), 'utf8');
  const rule = file.replace(/\.md$/, '');
  // What stands below the table is another dialect's.
  const [pgText] = text.split('| Statement |');
  const setup = blocks(pgText).filter((it) => it.kind === 'sql file').map((it) => it.body);
  let last = '';
  for (const [, statement, lock, rows] of text.matchAll(/^\| `(.+?)` \| (.+?) \| (.+?) \|$/gm)) {
    await begin(setup);
    // What is validated, and an index that becomes a key, is what the row before makes.
    if (/^alter table \w+ (validate|.* using index)/.test(statement)) await db.exec(last);
    last = statement;
    const found = await measure(statement);
    const kinds = [...new Set(found.map((it) => it.rows).filter((it) => it !== '–'))];
    const locks = found.map((it) => `\`${it.relname}\` ${it.lock}`).join(', ') || 'none';
    const done = kinds.includes('written anew') ? 'written anew' : (kinds[0] ?? '–');
    compare(rule, statement, 'locks and rows', `${lock} | ${rows.replace('deleted', 'written anew')}`, `${locks} | ${done}`);
  }
  // The messages, too.
  for (const { body } of blocks(pgText).filter((it) => it.kind === 'sql wrong')) {
    const all = statements(body);
    for (const [idx, { text: statement, messages }] of all.entries()) {
      const message = messages.join('; ');
      const lock = /(?:under an? |\()([A-Z ]+) lock/.exec(message)?.[1];
      const stops = /stops all writing/.test(message) ? 'SHARE' : /nobody (else )?reads/.test(message) ? 'ACCESS EXCLUSIVE' : undefined;
      const rows = /(written|writes all of .*) anew|until REFRESH/.test(message) ? 'written anew' : /reads all of|stops all writing|builds its index/.test(message) ? 'read' : undefined;
      if (!lock && !stops) continue;
      await begin(setup);
      for (const it of all.slice(0, idx)) await db.exec(it.text);
      const found = await measure(statement);
      const strongest = ORDER.map(words).findLast((mode) => found.some((it) => it.lock === mode));
      compare(rule, statement, 'lock', lock ?? stops, strongest);
      if (rows) compare(rule, statement, 'rows', true, found.some((it) => it.rows === rows));
    }
  }
}
console.log(`${checked} claims, ${failures} are not true`);
process.exitCode = failures > 0 || checked < 50 ? 1 : 0;
