// JSONL server around libpg-query. See README.md.

import { scanSync } from 'libpg-query';
import { serve } from './jsonl.mjs';
import { parse } from './syntax.mjs';

const one = {
  parse: (sql) => parse(sql),
  check: (sql) => {
    const { tree, ...verdict } = parse(sql);
    return verdict;
  },
  // An expression: the tree of the only target of `SELECT <expr>`.
  expr: (sql) => {
    const verdict = parse(`SELECT ${sql}`);
    if (!verdict.ok) {
      return { ...verdict, position: verdict.position === null ? null : verdict.position - 7 };
    }
    const targets = verdict.tree.stmts?.[0]?.stmt?.SelectStmt?.targetList ?? [];
    return { ok: true, tree: targets[0]?.ResTarget?.val ?? null, count: targets.length };
  },
  scan: (sql) => ({ ok: true, ...scanSync(sql) }),
};

await serve((request) => {
  const { op } = request;
  if (op in one) return one[op](request.sql);
  const many = /^(.*)_many$/.exec(op)?.[1];
  if (many in one) return { ok: true, results: request.sqls.map((sql) => one[many](sql)) };
  return { ok: false, harness: true, message: `unknown op ${op}` };
});
