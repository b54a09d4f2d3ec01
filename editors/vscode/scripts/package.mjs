// Makes the .vsix with the server inside: `npm run package -- --target linux-x64`. Without --server FILE the server is
// built for the target by cargo, which needs that target installed (rustup target add …) if it is not this machine's.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const TARGETS = {
  'linux-x64': 'x86_64-unknown-linux-gnu',
  'linux-arm64': 'aarch64-unknown-linux-gnu',
  'alpine-x64': 'x86_64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
  'win32-x64': 'x86_64-pc-windows-msvc',
  'win32-arm64': 'aarch64-pc-windows-msvc',
};
const host = `${process.platform}-${process.arch}`;
const { values } = parseArgs({
  options: {
    target: { type: 'string', default: host },
    server: { type: 'string' },
    out: { type: 'string' },
  },
});
const { target } = values;
if (!(target in TARGETS)) {
  console.error(`no target ${target}; there are ${Object.keys(TARGETS).join(', ')}`);
  process.exit(2);
}
const given = values.server && resolve(values.server);
const out = resolve(values.out ?? `${import.meta.dirname}/../columnist-${target}.vsix`);
process.chdir(`${import.meta.dirname}/..`);

const run = (command, args, options = {}) => execFileSync(command, args, { stdio: 'inherit', ...options });
const exe = target.startsWith('win32') ? 'columnist.exe' : 'columnist';

function built() {
  const cross = target === host ? [] : ['--target', TARGETS[target]];
  run('cargo', ['build', '--release', '--bin', 'columnist', ...cross], { cwd: '../..' });
  const metadata = execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps'], { cwd: '../..' });
  const dir = JSON.parse(metadata).target_directory;
  return [dir, ...(cross.length ? [TARGETS[target]] : []), 'release', exe].join('/');
}

const server = given ?? built();
if (!existsSync(server)) {
  console.error(`there is no ${server}`);
  process.exit(1);
}
rmSync('server', { recursive: true, force: true });
mkdirSync('server');
copyFileSync(server, `server/${exe}`);
chmodSync(`server/${exe}`, 0o755);
copyFileSync('../../LICENSE', 'LICENSE');
run(process.execPath, ['scripts/build.mjs']);
run(process.execPath, [
  'node_modules/@vscode/vsce/vsce',
  ...['package', '--no-dependencies', '--allow-missing-repository', '--target', target, '--out', out],
]);
