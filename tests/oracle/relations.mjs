// What drizzle-orm throws for relations: `[{ line, text }]` on standard input, one list of messages each on standard output.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { packages } from './kit/oracle.mjs';

const lines = [packages(0), packages(1)];

/** Runs a module of the line and gives its exports. */
function run({ require, esbuild }, text) {
  const { code } = esbuild.transformSync(text, { loader: 'ts', format: 'cjs', target: 'node20' });
  const module = { exports: {} };
  vm.runInThisContext(`(function (module, exports, require) {${code}\n})`)(module, module.exports, require);
  return module.exports;
}

/** 0.x throws when a relation is used: each is asked for. */
function first(kit, exports) {
  const { extractTablesRelationalConfig, createTableRelationsHelpers, normalizeRelation } = kit.require('drizzle-orm');
  const { tables, tableNamesMap } = extractTablesRelationalConfig(exports, createTableRelationsHelpers);
  const res = [];
  for (const { relations } of Object.values(tables)) {
    for (const relation of Object.values(relations)) {
      try {
        normalizeRelation(tables, tableNamesMap, relation);
      } catch (error) {
        res.push(error.message);
      }
    }
  }
  return res;
}

const answers = JSON.parse(readFileSync(0, 'utf8')).map(({ line, text }) => {
  try {
    const exports = run(lines[line], text);
    return line === 0 ? first(lines[line], exports) : [];
  } catch (error) {
    return [error.message];
  }
});
console.log(JSON.stringify(answers));
