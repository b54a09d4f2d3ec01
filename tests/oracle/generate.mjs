// Random schemas and statements with PostgreSQL's answers, as JSON lines. See README.md.
//
//   node generate.mjs --seed TEXT --n N [--per N]

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { load } from './generate/catalog.mjs';
import { Statements } from './generate/modify.mjs';
import { mutate } from './generate/mutate.mjs';
import { Random } from './generate/random.mjs';
import { makeSchema } from './generate/schema.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const seed = option('seed', '1');
const total = Number(option('n', '1000'));
const per = Number(option('per', '400'));

const own = dirname(fileURLToPath(import.meta.url));
const folder = existsSync(join(own, 'node_modules')) ? own : (process.env.COLUMNIST_ORACLE ?? own);
const server = spawn('node', [join(folder, 'pglite.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
const ask = async (request) => {
  server.stdin.write(`${JSON.stringify(request)}\n`);
  return JSON.parse((await lines.next()).value);
};
const emit = async (value) => {
  if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
};

/** What PostgreSQL only looks into when it runs. */
const UTILITY = new Set(['prepare', 'declare', 'view', 'create as', 'explain', 'call']);
/** Refusals that planning alone raises. */
const PLANNED = /\bon conflict\b|\bfull (outer )?join\b|\bfor (update|share|no|key)\b|\bunion\b|\bexcept\b|\bintersect\b|\bdistinct\b|\bgroup by\b|\brecursive\b|\bmerge\b/;

const catalog = await load(ask);
let made = 0;
for (let round = 0; made < total; round++) {
  const random = new Random(`${seed}/${round}`);
  const reset = await ask({ op: 'reset' });
  if (!reset.ok) throw new Error(JSON.stringify(reset));
  const schema = makeSchema(random);
  const kept = [];
  for (const sql of schema.ddl) {
    const answer = await ask({ op: 'exec', sql });
    if (answer.ok) kept.push(sql);
    else if (process.env.COLUMNIST_VERBOSE) console.error(sql, answer.message);
  }
  schema.relations = schema.relations.filter((it) => kept.some((sql) => sql.startsWith(`create ${it.kind} ${it.full} `)));
  for (let n = 0; n < 4; n++) {
    const maker = new Statements(random, schema, catalog, 0);
    const text = maker.noParams(() => maker.query({ depth: 2 }));
    const name = `view_${n}`;
    const sql = `create view ${name} as ${text}`;
    if (!(await ask({ op: 'exec', sql })).ok) continue;
    const [{ columns }] = (await ask({ op: 'describe_many', sqls: [`select * from ${name}`] })).results;
    kept.push(sql);
    schema.relations.push({ full: name, name, cols: columns.map((it) => ({ name: it.name, type: it.type })), keys: [], primary: null, kind: 'view', closed: true });
  }
  await emit({ schema: kept });
  const batch = [];
  while (batch.length < Math.min(per, total - made)) {
    const wrong = random.one([0, 0, 0, 0, 0, 0.01, 0.03]);
    const [kind, sql] = new Statements(random, schema, catalog, wrong).statement();
    if (sql.length > 4000) continue;
    const mutant = random.chance(0.3) ? mutate(random, sql) : null;
    batch.push({ kind, how: mutant ? mutant.name : wrong ? 'nearly' : 'right', sql: mutant?.sql ?? sql });
  }
  made += batch.length;
  const utilities = batch.filter((it) => UTILITY.has(it.kind));
  const others = batch.filter((it) => !UTILITY.has(it.kind));
  const ran = utilities.length ? (await ask({ op: 'ddl_many', sqls: utilities.map((it) => it.sql) })).results : [];
  utilities.forEach((it, at) => { it.answer = ran[at]; });
  const answers = (await ask({ op: 'describe_many', sqls: others.map((it) => it.sql) })).results;
  if (!answers) {
    console.error('generate.mjs: the server crashed; the batch is left out');
    continue;
  }
  others.forEach((it, at) => { it.answer = answers[at]; });
  const planned = others.filter((it) => it.answer.ok && PLANNED.test(it.sql));
  const plans = planned.length ? (await ask({ op: 'explain_many', sqls: planned.map((it) => it.sql) })).results : [];
  if (plans) planned.forEach((it, at) => { if (plans[at] && !plans[at].ok && !plans[at].harness) it.plan = { sqlstate: plans[at].sqlstate, message: plans[at].message, position: plans[at].position }; });
  for (const it of batch) if (it.answer && !it.answer.harness) await emit(it);
}
server.stdin.end();
