// What drizzle-kit 1.0 says of folders of migrations: reads lines of JSON
// `{"dialect": "postgresql|mysql|sqlite", "folders": [[name, snapshot or null], …]}` and answers each with `{"error": message or null, "conflicts": [[folder, folder], …]}`. Its reader of folders is not
// exported: the module is loaded with a line more.
import { readFileSync, mkdirSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const here = process.env.COLUMNIST_ORACLE ?? path.dirname(fileURLToPath(import.meta.url));
const file = path.join(here, 'next/node_modules/drizzle-kit/cli.js');
const more = ';init_check$1(); module.exports = { read: readSnapshots, commutativity: getCommutativityDialect };';
const module = { exports: {} };
const source = `(function (module, exports, require, __filename, __dirname) {${readFileSync(file, 'utf8')}\n${more}\n})`;
vm.runInThisContext(source, { filename: file })(module, module.exports, createRequire(file), file, path.dirname(file));
const { read, commutativity } = module.exports;

const home = mkdtempSync(path.join(tmpdir(), 'history-'));
console.log = () => {};
console.error = () => {};
let n = 0;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const out = path.join(home, `${n++}`);
  mkdirSync(out);
  const { dialect, folders } = JSON.parse(line);
  for (const [name, snapshot] of folders) {
    mkdirSync(path.join(out, name));
    writeFileSync(path.join(out, name, 'migration.sql'), '');
    writeFileSync(path.join(out, name, 'snapshot.json'), snapshot === null ? '<<<<<<<' : JSON.stringify(snapshot));
  }
  const answer = { error: null, conflicts: [] };
  try {
    const report = await commutativity(dialect).detectNonCommutative(read(out, dialect));
    // PostgreSQL's tell which migration of a branch it is; of the others it is the last.
    const name = (it) => path.basename((it.source ?? it.chain.at(-1)).path);
    answer.conflicts = report.conflicts.map((it) => [name(it.branchA), name(it.branchB)]);
  } catch (error) {
    answer.error = error.message.replaceAll(out, 'OUT');
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
rmSync(home, { recursive: true });
