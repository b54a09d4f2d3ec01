// Every column builder of drizzle-orm with the types that it gives them: for each module and each way to call a builder a line
// of JSON `{"line": 0|1, "module": "gel-core", "maker": "gelTable", "call": "text()", "type": "text"}`. Line 0 is 0.x.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = process.env.COLUMNIST_ORACLE ?? path.dirname(fileURLToPath(import.meta.url));
const OPTIONS = [
  '', '{}', '{ length: 10 }', '{ precision: 10 }', '{ precision: 10, scale: 2 }', '{ precision: 3 }', "{ mode: 'number' }", "{ mode: 'bigint' }",
  "{ mode: 'string' }", "{ mode: 'date' }", "{ mode: 'json' }", "{ mode: 'boolean' }", "{ mode: 'timestamp' }", "{ mode: 'buffer' }", '{ withTimezone: true }',
  '{ withTimezone: true, precision: 3 }', '{ dimensions: 3 }', "{ dimensions: 4, elementType: 'I8' }", '{ unsigned: true }', "{ mode: 'number', unsigned: true }",
  '{ fsp: 3 }', "{ fields: 'day to second', precision: 3 }", "{ type: 'point', srid: 4326 }", "{ length: 'max' }", "['a', \"it's\"]",
];
const MODULES = {
  0: { pg: 'pgTable', mysql: 'mysqlTable', sqlite: 'sqliteTable', singlestore: 'singlestoreTable', gel: 'gelTable' },
  1: { pg: 'pgTable', mysql: 'mysqlTable', sqlite: 'sqliteTable', singlestore: 'singlestoreTable', mssql: 'mssqlTable', cockroach: 'cockroachTable' },
};

// Functions that are no builders may fail later.
process.on('unhandledRejection', () => {});

for (const line of [0, 1]) {
  const require = createRequire(path.join(here, line === 0 ? '' : 'next', 'package.json'));
  const { getTableColumns, getColumns } = require('drizzle-orm');
  for (const [family, maker] of Object.entries(MODULES[line])) {
    const module = `${family}-core`;
    const core = require(`drizzle-orm/${module}`);
    for (const [name, make] of Object.entries(core)) {
      if (typeof make !== 'function' || !/^[a-z]/.test(name) || name === 'customType') continue;
      const seen = new Set();
      for (const options of OPTIONS) {
        // Labels are for enums, and nothing else is.
        if (options.startsWith('[') !== /Enum$/.test(name)) continue;
        let type;
        try {
          const builder = options === '' ? make() : make(eval(`(${options})`));
          if (!/Builder$/.test(builder?.constructor?.name ?? '')) continue;
          const table = core[maker]('t', { c: builder });
          type = (getColumns ?? getTableColumns)(table).c.getSQLType();
        } catch {
          continue;
        }
        if (/undefined|NaN|\[object/.test(type) || (seen.has(type) && options !== '')) continue;
        seen.add(type);
        console.log(JSON.stringify({ line, module, maker, call: `${name}(${options})`, type }));
      }
    }
  }
}
