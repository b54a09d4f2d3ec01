// PostgreSQL's answers to many statements over one schema.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server of its own: `ask` sends a request of pglite.mjs, `end` lets it go. */
export const connect = () => {
  const own = dirname(dirname(fileURLToPath(import.meta.url)));
  const folder = existsSync(join(own, 'node_modules')) ? own : (process.env.COLUMNIST_ORACLE ?? own);
  const server = spawn('node', [join(folder, 'pglite.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (request) => {
      server.stdin.write(`${JSON.stringify(request)}\n`);
      return JSON.parse((await lines.next()).value);
    },
    end: () => server.stdin.end(),
  };
};

/** What PostgreSQL only looks into when it runs. */
const UTILITY = new Set(['prepare', 'declare', 'view', 'create as', 'explain', 'call', 'copy', 'grant', 'analyze']);
/** Refusals that planning alone raises. */
const PLANNED = /^\s*(insert|update|delete)\b|\bon conflict\b|\bfull (outer )?join\b|\bfor (update|share|no|key)\b|\bunion\b|\bexcept\b|\bintersect\b|\bdistinct\b|\bgroup by\b|\brecursive\b|\bmerge\b/i;

/** Gives each `{kind, sql}` its `answer`, and its `plan` where planning alone refuses. False if the server crashed. */
export const answer = async (ask, batch) => {
  const utilities = batch.filter((it) => UTILITY.has(it.kind));
  const others = batch.filter((it) => !UTILITY.has(it.kind));
  const ran = utilities.length ? (await ask({ op: 'ddl_many', sqls: utilities.map((it) => it.sql) })).results : [];
  utilities.forEach((it, at) => { it.answer = ran[at]; });
  const answers = (await ask({ op: 'describe_many', sqls: others.map((it) => it.sql) })).results;
  if (!answers) return false;
  others.forEach((it, at) => { it.answer = answers[at]; });
  const planned = others.filter((it) => it.answer.ok && PLANNED.test(it.sql));
  const plans = planned.length ? (await ask({ op: 'explain_many', sqls: planned.map((it) => it.sql) })).results : [];
  if (plans) planned.forEach((it, at) => { if (plans[at] && !plans[at].ok && !plans[at].harness) it.plan = { sqlstate: plans[at].sqlstate, message: plans[at].message, position: plans[at].position }; });
  return true;
};
