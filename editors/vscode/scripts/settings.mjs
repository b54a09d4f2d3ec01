// Writes the server's settings into package.json, from the server's own registry: `npm run settings`; with --check,
// fails where package.json is stale. The server is --server FILE, else what cargo built.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { server: { type: 'string' }, check: { type: 'boolean', default: false } } });
const root = `${import.meta.dirname}/../../..`;

// Settings of the editor's side, which the server knows nothing of; all others are the server's.
const OWN = ['columnist.server.path', 'columnist.languages', 'columnist.trace.server'];

const asked = ['lsp', '--settings-schema'];
const printed = values.server
  ? execFileSync(values.server, asked, { encoding: 'utf8' })
  : execFileSync('cargo', ['run', '--quiet', '--', ...asked], { encoding: 'utf8', cwd: root });
const servers = JSON.parse(printed);

const file = `${import.meta.dirname}/../package.json`;
const manifest = JSON.parse(readFileSync(file, 'utf8'));
const { properties } = manifest.contributes.configuration;
const own = Object.fromEntries(OWN.map((it) => [it, properties[it]]));
const wanted = { ...own };
for (const name of Object.keys(servers).sort()) wanted[name] = { scope: 'window', ...servers[name] };

if (JSON.stringify(properties) === JSON.stringify(wanted)) process.exit(0);
if (values.check) {
  console.error('the settings in editors/vscode/package.json are stale: npm run settings');
  process.exit(1);
}
manifest.contributes.configuration.properties = wanted;
writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
