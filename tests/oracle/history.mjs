// What drizzle-kit 1.0 says of folders of migrations: reads lines of JSON `{"folders": [[name, snapshot or null], …]}` and
// answers each with `{"error": message or null, "conflicts": [[folder, folder], …]}`. Its reader of folders is not
// exported: the module is loaded with a line more.
import { readFileSync, mkdirSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const here = process.env.COLUMNIST_ORACLE ?? path.dirname(fileURLToPath(import.meta.url));
const file = path.join(here, 'next/node_modules/drizzle-kit/payload-postgres.js');
const more = ';init_folder(); module.exports = { folder: folder_exports, commutativity: (init_commutativity(), postgresCommutativity) };';
const module = { exports: {} };
const source = `(function (module, exports, require, __filename, __dirname) {${readFileSync(file, 'utf8')}\n${more}\n})`;
vm.runInThisContext(source, { filename: file })(module, module.exports, createRequire(file), file, path.dirname(file));
const { folder, commutativity } = module.exports;

const home = mkdtempSync(path.join(tmpdir(), 'history-'));
console.log = () => {};
console.error = () => {};
let n = 0;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const out = path.join(home, `${n++}`);
  mkdirSync(out);
  for (const [name, snapshot] of JSON.parse(line).folders) {
    mkdirSync(path.join(out, name));
    writeFileSync(path.join(out, name, 'migration.sql'), '');
    writeFileSync(path.join(out, name, 'snapshot.json'), snapshot === null ? '<<<<<<<' : JSON.stringify(snapshot));
  }
  const answer = { error: null, conflicts: [] };
  try {
    const { files } = folder.readFolder(out);
    const report = await commutativity.detectNonCommutative(files);
    const name = (it) => path.basename(it.source.path);
    answer.conflicts = report.conflicts.map((it) => [name(it.branchA), name(it.branchB)]);
  } catch (error) {
    answer.error = error.message.replaceAll(out, 'OUT');
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
rmSync(home, { recursive: true });
