// Validates a SARIF log on standard input against the schema of SARIF 2.1.0 and prints what is wrong with it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = process.env.COLUMNIST_ORACLE ?? here;
const require = createRequire(path.join(modules, 'package.json'));
const matchers = path.dirname(require.resolve('@microsoft/jest-sarif/package.json'));
const Ajv = createRequire(path.join(matchers, 'package.json'))('ajv');
const schema = JSON.parse(readFileSync(path.join(matchers, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'));

const ajv = new Ajv({ allErrors: true, schemaId: 'id', format: 'full', unknownFormats: ['uri-reference'], logger: false });
ajv.addMetaSchema(createRequire(path.join(matchers, 'package.json'))('ajv/lib/refs/json-schema-draft-04.json'));
const validate = ajv.compile(schema);
const log = JSON.parse(readFileSync(0, 'utf8'));
if (!validate(log)) {
  for (const error of validate.errors) console.log(`${error.dataPath} ${error.message} ${JSON.stringify(error.params)}`);
  process.exit(1);
}
console.log(`valid: ${log.runs[0].results.length} results`);
