// Has PostgreSQL confirm exprs.txt (each line accepted as `SELECT <line>`) and
// exprs-invalid.txt (each refused).

import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { emptyDirectory, isRaw, parseError } from './wire.mjs';

const db = await PGlite.create({ loadDataDir: await emptyDirectory(PGlite, '@electric-sql/pglite') });
let wrong = 0;
for (const [file, valid] of [['exprs.txt', true], ['exprs-invalid.txt', false]]) {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8').split('\n').filter((l) => l && !l.startsWith('#'));
  let right = 0;
  for (const [i, line] of lines.entries()) {
    const error = await parseError(db, `SELECT ${line}`);
    if (isRaw(error) !== valid) right++;
    else console.log(`${file}: ${line}: ${error?.message ?? 'accepted'}`);
    if (lines.indexOf(line) !== i) console.log(`${file}: twice: ${line}`);
  }
  wrong += lines.length - right;
  console.log(`${file}: ${right} of ${lines.length} as said`);
}
process.exit(wrong ? 1 : 0);
