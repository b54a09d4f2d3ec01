// Random schemas and statements with PostgreSQL's answers, as JSON lines. See README.md.
//
//   node generate.mjs --seed TEXT --n N [--per N]

import { answer, connect } from './generate/answer.mjs';
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

const { ask, end } = connect();
const emit = async (value) => {
  if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
};

const version = Number(/\d+/.exec((await ask({ op: 'version' })).version)?.[0]);
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
  await emit({ schema: kept, ...(version < 18 ? { version } : {}) });
  const batch = [];
  while (batch.length < Math.min(per, total - made)) {
    const wrong = random.one([0, 0, 0, 0, 0, 0.01, 0.03]);
    const [kind, sql] = new Statements(random, schema, catalog, wrong).statement();
    if (sql.length > 4000) continue;
    const mutant = random.chance(0.3) ? mutate(random, sql) : null;
    batch.push({ kind, how: mutant ? mutant.name : wrong ? 'nearly' : 'right', sql: mutant?.sql ?? sql });
  }
  made += batch.length;
  if (!(await answer(ask, batch))) {
    console.error('generate.mjs: the server crashed; the batch is left out');
    continue;
  }
  for (const it of batch) if (it.answer && !it.answer.harness) await emit(it);
}
end();
