// Statements of another source (Debian's sqlsmith, or written by hand) with PostgreSQL's answers, in the lines of
// generate.mjs.
//
//   sqlsmith --target=… --dry-run --max-queries=N | node judge.mjs SCHEMA.sql [--mutate SEED]
//
// SCHEMA.sql holds the statements that make the schema. Statements on standard input end with `;` at a line's end. Of
// definitions and commands PostgreSQL looks at the grammar alone before they run: those that pass are left out.

import { readFileSync } from 'node:fs';
import { answer, connect } from './generate/answer.mjs';
import { mutate } from './generate/mutate.mjs';
import { Random } from './generate/random.mjs';

const [file, flag, seed] = process.argv.slice(2);
const { ask, end } = connect();
const emit = async (value) => {
  if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
};

await ask({ op: 'reset' });
const kept = [];
for (const text of readFileSync(file, 'utf8').split(/;[ \t]*\n/)) {
  const sql = text.replace(/^\s*--.*\n/gm, '').trim();
  if (!sql) continue;
  const made = await ask({ op: 'exec', sql });
  if (made.ok) kept.push(sql);
  else console.error(`${made.message}: ${sql.slice(0, 200)}`);
}
const version = Number(/\d+/.exec((await ask({ op: 'version' })).version)?.[0]);
await emit({ schema: kept, ...(version < 18 ? { version } : {}) });

const ANALYSED = /^[\s(]*(select|with|values|table|insert|update|delete|merge)\b/i;

const random = new Random(seed ?? '');
let batch = [];
const flush = async () => {
  if (await answer(ask, batch)) {
    for (const it of batch) {
      const told = it.answer && !it.answer.harness && (!it.answer.ok || ANALYSED.test(it.sql));
      if (told) await emit(it);
    }
  }
  batch = [];
};
let rest = '';
for await (const chunk of process.stdin.setEncoding('utf8')) {
  const texts = (rest + chunk).split(/;[ \t]*\n/);
  rest = texts.pop();
  for (const text of texts) {
    const sql = text.replace(/^(\s*--.*\n)+/, '').trim();
    if (!sql || sql.length > 20000) continue;
    const mutant = flag === '--mutate' ? mutate(random, sql) : null;
    batch.push({ kind: 'other', how: mutant?.name ?? 'right', sql: mutant?.sql ?? sql });
    if (batch.length === 200) await flush();
  }
}
await flush();
end();
