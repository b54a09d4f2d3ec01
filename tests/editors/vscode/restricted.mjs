// `node --test restricted.mjs`, with the extension in COLUMNIST_VSIX: where the extension is not given everything. A folder
// that is not trusted, whose settings name a program of its own; a folder that is on no disk.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Editor, until } from './harness.mjs';

const PLANTED = 'src/modules/planted-mistakes/api/index.ts';
const COMMENTS = 'src/modules/comments/api/index.ts';
const only = process.argv[2];

describe('VS Code, restricted', () => {
  let ed;
  let marker;

  before(async () => {
    ed = await Editor.start({
      vsix: process.env.COLUMNIST_VSIX,
      settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
      prepare(workspace) {
        // A server of the folder's own: it leaves a mark, then is the real one.
        marker = join(workspace, 'was-run');
        const program = join(workspace, 'server.sh');
        writeFileSync(program, `#!/bin/sh\ntouch '${marker}'\nexec '${process.env.COLUMNIST_SERVER}' "$@"\n`);
        chmodSync(program, 0o755);
        mkdirSync(join(workspace, '.vscode'));
        writeFileSync(join(workspace, '.vscode/settings.json'), JSON.stringify({ 'columnist.server.path': './server.sh' }));
      },
    });
  });
  after(() => ed?.stop());

  const step = (name, run) =>
    test(name, { skip: only && !name.includes(only) && 'not chosen' }, async () => {
      try {
        await run();
      } catch (error) {
        const kept = `failed-${name.replace(/\W+/g, '-')}`;
        ed.keepOutput(kept);
        await ed.screenshot(kept).catch(() => {});
        throw error;
      }
    });
  const problems = (n, file) => until(`${n} problems`, async () => (await ed.diagnostics(file)).length === n);

  step('a folder that is not trusted is checked, by the server of the extension', async () => {
    assert.equal(await ed.run(() => vscode.workspace.isTrusted), false);
    await ed.open(PLANTED);
    await problems(10, PLANTED);
    assert.equal(existsSync(marker), false, 'the program that the folder names was run');
    assert.match(ed.output(), /Starting .*\(from the extension\)/);
    // Unsaved text too.
    await ed.open(COMMENTS, 'u.name as author', 'u.name'.length);
    await problems(0, COMMENTS);
    await ed.type('s');
    await problems(1, COMMENTS);
    await ed.screenshot('untrusted');
    await ed.revertAll();
  });

  step('the settings of a folder count once it is trusted', async () => {
    await ed.run(() => vscode.commands.executeCommand('workbench.trust.manage'));
    await ed.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
    await until('trust', () => ed.run(() => vscode.workspace.isTrusted));
    await until('the server of the folder', () => existsSync(marker));
    await ed.open(PLANTED);
    await problems(10, PLANTED);
    await ed.revertAll();
  });

  step('a folder that is on no disk: the extension stays away', async () => {
    const extension = () => ed.run(() => vscode.extensions.getExtension('columnist.columnist')?.isActive);
    await ed.open(PLANTED);
    await until('the extension', async () => (await extension()) === true);
    await ed.openFolder('columnist-virtual:/app');
    await ed.run(async () => {
      const uri = vscode.Uri.parse('columnist-virtual:/app/query.ts');
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    });
    await ed.page.locator('.view-line', { hasText: 'select nope from posts' }).first().waitFor();
    assert.equal(await extension(), null, 'it is switched off');
    assert.deepEqual(await ed.diagnostics(), []);
    assert.equal(await ed.page.locator('.statusbar-item', { hasText: /Columnist|\d+ tables/ }).count(), 0);
    // It is listed with the reason, in our words.
    await ed.run(() => vscode.commands.executeCommand('workbench.extensions.search', '@workspaceUnsupported'));
    const list = ed.page.locator('.extensions-viewlet .pane', { hasText: 'Disabled In Virtual Workspaces' });
    const entry = list.locator('.extension-list-item', { hasText: 'Columnist' }).first();
    await entry.hover();
    await ed.page.locator('.monaco-hover', { hasText: "reads the project's files from disk" }).first().waitFor();
    await ed.screenshot('virtual');
  });
});
