// Random Drizzle schemas with drizzle-kit's own reading of them: `node gen-kit.mjs --line 0|1 --seed N --n N --out DIR`
// writes DIR/<dialect>-<seed>/ with the modules and `snapshot.json`, and prints a line of JSON for each case.
// `--dialect postgresql|mysql|sqlite` asks for one only. Line 0 is drizzle-kit 0.x, line 1 the 1.0 release candidates.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packages, snapshot } from './kit/oracle.mjs';
import { generate } from './kit/schema.mjs';

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const line = Number(option('line', 0));
const first = Number(option('seed', 1));
const n = Number(option('n', 10));
const out = option('out', 'kit-cases');
const dialects = option('dialect') ? [option('dialect')] : ['postgresql', 'mysql', 'sqlite'];

const kit = packages(line);
for (let seed = first; seed < first + n; seed++) {
  const dialect = dialects[seed % dialects.length];
  const name = `${dialect}-${line}-${seed}`;
  const made = generate(seed, line, dialect);
  const answer = await snapshot(kit, made);
  const dir = path.join(out, name);
  rmSync(dir, { recursive: true, force: true });
  for (const [file, text] of Object.entries(made.files)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
  if (answer.snapshot) writeFileSync(path.join(dir, 'expected.json'), JSON.stringify(answer.snapshot, (_, it) => (typeof it === 'bigint' ? String(it) : it)));
  console.log(JSON.stringify({ name, line, dialect, seed, error: answer.error }));
}
