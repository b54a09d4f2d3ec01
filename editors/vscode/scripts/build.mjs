// Bundles the extension into dist/ and lays the grammars beside it.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

process.chdir(new URL('..', import.meta.url).pathname);
await rm('dist', { recursive: true, force: true });
const options = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  minify: true,
  legalComments: 'none',
  // Node's own import() would not go through the editor's require.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};
// The client's library takes several times as long to load as all of the rest: it is a bundle of its own, loaded after
// the activation.
await build({ ...options, entryPoints: ['src/extension.ts'], external: ['vscode', './client'], outfile: 'dist/extension.js' });
const { metafile } = await build({
  ...options,
  entryPoints: ['src/client.ts'],
  outfile: 'dist/client.js',
  metafile: true,
});
// The licences of what the bundle holds ask to go with it.
const inputs = Object.keys(metafile.inputs).map((it) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(it)?.[0]);
let notice = '';
for (const dir of new Set(inputs.filter(Boolean))) {
  const licence = (await readdir(dir)).find((it) => /^licen[cs]e/i.test(it));
  notice += `${dir.slice('node_modules/'.length)}\n\n${licence ? await readFile(`${dir}/${licence}`, 'utf8') : ''}\n\n`;
}
await writeFile('dist/NOTICE.txt', notice);
await rm('syntaxes', { recursive: true, force: true });
await cp('../../syntaxes', 'syntaxes', { recursive: true, filter: (it) => !it.endsWith('.mjs') });
