// `node --test test.mjs`, with the extension in COLUMNIST_VSIX and its server in COLUMNIST_SERVER: the extension in a real
// VS Code, used as a person does. One editor for all of it; each test leaves the files as they were.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Editor, until } from './harness.mjs';

const extension = join(import.meta.dirname, '../../../editors/vscode');
const scratch = mkdtempSync(join(tmpdir(), 'columnist-vsix-'));
const only = process.argv[2];
const PLANTED = 'src/modules/planted-mistakes/api/index.ts';
const COMMENTS = 'src/modules/comments/api/index.ts';
const REPORTS = 'src/modules/reports/api/index.ts';
const POSTS = 'src/lib/db/schemas/posts.ts';
const UNICODE = 'src/modules/search/api/unicode.ts';

// A server that is never done with reading.
const READS = `#!${process.execPath}
let seen = Buffer.alloc(0);
const send = (it) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...it });
  process.stdout.write('Content-Length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body);
};
process.stdin.on('data', (data) => {
  seen = Buffer.concat([seen, data]);
  for (;;) {
    const end = seen.indexOf('\\r\\n\\r\\n');
    const length = Number(/content-length: *(\\d+)/i.exec(seen.subarray(0, Math.max(end, 0)))?.[1]);
    if (!(seen.length >= end + 4 + length)) return;
    const { id, method } = JSON.parse(seen.subarray(end + 4, end + 4 + length));
    seen = seen.subarray(end + 4 + length);
    if (method === 'initialize') send({ id, result: { capabilities: {} } });
    if (method === 'initialized') send({ method: 'columnist/status', params: { state: 'loading', tables: 0, files: 12, problems: 0 } });
    if (method === 'shutdown') send({ id, result: null });
    if (method === 'exit') process.exit(0);
  }
});
`;

after(() => rmSync(scratch, { recursive: true, force: true }));

describe('the manifest', () => {
  test('its settings are those of the server', () => {
    const args = ['scripts/settings.mjs', '--check', '--server', process.env.COLUMNIST_SERVER];
    execFileSync(process.execPath, args, { cwd: extension, stdio: 'pipe' });
  });

  test('the sources type-check', () => {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit'], { cwd: extension, stdio: 'pipe' });
  });

  test('it contributes the grammars that are tested', () => {
    const grammars = (file) => JSON.parse(readFileSync(file, 'utf8')).contributes.grammars.filter((it) => it.injectTo);
    const names = (all) => all.map((it) => [it.scopeName, it.injectTo, it.path.split('/').at(-1)]);
    const tested = grammars(join(import.meta.dirname, '../colours/grammars.json'));
    assert.deepEqual(names(grammars(join(extension, 'package.json'))), names(tested));
  });
});

describe('the packaging script', () => {
  // A server of another system cannot be run here: any file stands for it.
  const packaged = (target) => {
    const out = join(scratch, `${target}.vsix`);
    const args = ['scripts/package.mjs', '--target', target, '--server', import.meta.filename, '--out', out];
    execFileSync(process.execPath, args, { cwd: extension, stdio: 'pipe' });
    const read = 'import sys, zipfile; it = zipfile.ZipFile(sys.argv[1]); print(it.read("extension.vsixmanifest").decode(), *it.namelist(), sep="\\n")';
    return execFileSync('python3', ['-c', read, out], { encoding: 'utf8' });
  };

  test('takes a target', () => {
    for (const [target, program] of [['linux-arm64', 'columnist'], ['win32-x64', 'columnist.exe']]) {
      const held = packaged(target);
      assert.match(held, new RegExp(`TargetPlatform="${target}"`));
      assert.ok(held.split('\n').includes(`extension/server/${program}`), held);
    }
    assert.throws(() => packaged('amiga'), /linux-x64, linux-arm64/);
  });

  test('packs what is needed and nothing else', () => {
    const names = execFileSync('python3', ['-m', 'zipfile', '-l', process.env.COLUMNIST_VSIX], { encoding: 'utf8' });
    for (const it of ['dist/extension.js', 'dist/client.js', 'server/columnist', 'syntaxes/columnist.ts.tmLanguage.json']) {
      assert.ok(names.includes(`extension/${it}`), names);
    }
    assert.doesNotMatch(names, /node_modules|\/src\/|scripts|\.map|package-lock/);
  });
});

describe('VS Code', () => {
  let ed;

  before(async () => {
    ed = await Editor.start({
      vsix: process.env.COLUMNIST_VSIX,
    });
    // More of the text in the pictures.
    await ed.run(() => vscode.commands.executeCommand('workbench.action.closeSidebar'));
  });
  after(() => ed?.stop());

  // A picture and the output of every failure. CASE, the last argument, chooses the steps whose names hold it.
  const step = (name, run) =>
    test(name, { skip: only && !name.includes(only) && 'not chosen' }, async () => {
      try {
        await run();
      } catch (error) {
        const kept = `failed-${name.replace(/\W+/g, '-')}`;
        ed.keepOutput(kept);
        await ed.screenshot(kept).catch(() => {});
        await ed.revertAll().catch(() => {});
        throw error;
      }
    });

  const status = () => ed.page.locator('.statusbar-item', { hasText: /\d+ tables?, \d+ problems?/ }).first();
  const diagnosticsOf = (file, n) =>
    until(
      `${n} diagnostics in ${file}`,
      async () => {
        const all = await ed.diagnostics(file);
        if (all.length !== n) throw new Error(JSON.stringify(all));
        return all;
      },
    );
  const clean = (file) => diagnosticsOf(file, 0);
  const textOf = async (file, { line, column, endLine, endColumn }) => {
    const lines = (await ed.text(file)).split(/\r?\n/);
    assert.equal(line, endLine);
    return lines[line].slice(column, endColumn);
  };
  const serverPid = () => {
    const program = join(ed.home, 'extensions');
    const found = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .map((it) => it.trim().split(/\s+/))
      .find(([, command]) => command?.startsWith(program) && command.endsWith('/server/columnist'));
    return found && Number(found[0]);
  };

  step('the planted mistakes are there, at their places', async () => {
    await ed.open(PLANTED);
    const all = await diagnosticsOf(PLANTED, 10);
    assert.deepEqual(
      all.map((it) => [it.line + 1, it.code]),
      [
        [13, 'undefined-column'],
        [19, 'undefined-table'],
        [29, 'undefined-column'],
        [40, 'undefined-function'],
        [48, 'invalid-text-representation'],
        [57, 'ambiguous-column'],
        [66, 'syntax-error'],
        [75, 'grouping-error'],
        [84, 'missing-required-column'],
        [92, 'undefined-function'],
      ],
    );
    assert.equal(await textOf(PLANTED, all[0]), 'headline');
    assert.equal(await textOf(PLANTED, all[1]), 'post_likes');
    assert.equal(await textOf(PLANTED, all[5]), 'created_at');
    await ed.page.waitForSelector('.squiggly-error');
    const severe = (await ed.diagnostics()).filter((it) => it.severity <= 1);
    assert.equal(severe.length, 10, 'and nowhere else');
  });

  step('the status item counts tables and problems', async () => {
    await ed.open(PLANTED);
    // The problems are counted while the workspace is checked.
    const counted = await until('the counts', async () => {
      const n = (await ed.diagnostics()).length;
      const text = await status().innerText();
      if (n < 10 || text.trim() !== `13 tables, ${n} problems`) throw new Error(`${n}: ${text}`);
      return String(n);
    });
    await ed.run(() => vscode.commands.executeCommand('workbench.actions.view.problems'));
    await ed.open(PLANTED, 'sql`select id, headline', 0);
    await ed.page.mouse.move(900, 420);
    // TypeScript has read the project, and has nothing to complain of.
    await ed.page.locator('.statusbar-item', { hasText: /Initializing|Saving/ }).waitFor({ state: 'detached' });
    await until('the count', async () => (await ed.page.locator('.part.panel .badge-content').first().innerText()) === counted);
    await ed.screenshot('problems');
    await ed.run(() => vscode.commands.executeCommand('workbench.action.closePanel'));
  });

  step('a wrong column is told without saving, and mended by the offered fix', async () => {
    await ed.open(COMMENTS, 'u.name as author', 'u.name'.length);
    await clean(COMMENTS);
    await ed.type('s');
    const [found] = await diagnosticsOf(COMMENTS, 1);
    assert.equal(found.code, 'undefined-column');
    assert.match(await textOf(COMMENTS, found), /names/);
    assert.equal(await ed.run(() => vscode.window.activeTextEditor.document.isDirty), true);
    await ed.press('Escape');
    await ed.press('Control+.');
    const action = ed.page.locator('.action-widget .action', { hasText: /\bname\b/ }).first();
    await action.waitFor();
    await ed.screenshot('quick-fix');
    await action.click();
    await until('the fix', async () => (await ed.text(COMMENTS)).includes('u.name as author'));
    await clean(COMMENTS);
    await ed.revertAll();
  });

  step('a column is completed in half-typed SQL', async () => {
    await ed.open(REPORTS, 'latest.created_at', 'latest.created_at'.length);
    await ed.type(', p.');
    await ed.page.locator('.suggest-widget .monaco-list-row', { hasText: 'comment_count' }).first().waitFor({ timeout: 5000 }).catch(() => {});
    await ed.screenshot('completion');
    await ed.type('view');
    const row = ed.page.locator('.suggest-widget .monaco-list-row', { hasText: 'view_count' }).first();
    // On a slow machine the last key may overtake the answer to the one before it; then a person asks again.
    await row.waitFor({ timeout: 5000 }).catch(() => ed.press('Control+Space'));
    await row.waitFor();
    await row.click();
    await until('the column', async () => (await ed.text(REPORTS)).includes('latest.created_at, p.view_count\n'));
    await clean(REPORTS);
    await ed.revertAll();
  });

  step('hover tells a column and its type', async () => {
    await ed.open(REPORTS, 'p.view_count', 'p.vi'.length);
    await ed.run(() => vscode.commands.executeCommand('editor.action.showHover'));
    const hover = ed.page.locator('.monaco-hover', { hasText: /integer/ }).first();
    await hover.waitFor();
    assert.match(await hover.innerText(), /view_count/);
    await ed.screenshot('hover');
    await ed.press('Escape');
  });

  step('from SQL to the property of the schema, and back through the references', async () => {
    await ed.open(REPORTS, 'p.view_count', 'p.vi'.length);
    await ed.press('F12');
    // The column has a further place, in a migration: the editor shows both, the schema first.
    await ed.page.waitForSelector('.peekview-widget .ref-tree .monaco-list-row.focused');
    await ed.screenshot('definitions');
    await ed.press('Enter');
    const there = await until('the schema', async () => {
      const cursor = await ed.cursor();
      return cursor.path === ed.path(POSTS) && cursor;
    });
    const line = (await ed.text(POSTS)).split('\n')[there.line];
    assert.match(line, /viewCount: integer/);
    const places = await ed.run(async () => {
      const { document, selection } = vscode.window.activeTextEditor;
      const all = await vscode.commands.executeCommand('vscode.executeReferenceProvider', document.uri, selection.active);
      return all.map((it) => ({ path: it.uri.fsPath, line: it.range.start.line, column: it.range.start.character }));
    });
    const back = places.find((it) => it.path === ed.path(REPORTS));
    assert.ok(back, `SQL in a template: ${JSON.stringify(places)}`);
    assert.ok(places.some((it) => it.path === ed.path(PLANTED)), `a hole: ${JSON.stringify(places)}`);
    await ed.press('Shift+F12');
    await ed.page.waitForSelector('.peekview-widget .ref-tree');
    const rows = ed.page.locator('.peekview-widget .ref-tree .monaco-list-row');
    await until('the files', async () => (await rows.count()) > 1);
    await ed.screenshot('references');
    await ed.press('Escape');
    await ed.revertAll();
  });

  step('a column renamed in the unsaved schema makes its queries wrong at once', async () => {
    await ed.open(REPORTS);
    await clean(REPORTS);
    await ed.open(POSTS, 'viewCount: integer', 'viewCount'.length);
    await ed.type('s');
    const [found] = await until('a query that is wrong', async () => {
      const all = await ed.diagnostics(REPORTS);
      return all.length > 0 && all;
    });
    assert.equal(found.code, 'undefined-column');
    assert.match(await textOf(REPORTS, found), /view_count/);
    await ed.press('Control+z');
    await clean(REPORTS);
    await ed.revertAll();
  });

  step('a schema that no migration holds yet: its code lens types the command that would write one', async () => {
    await ed.open(POSTS, 'viewCount: integer', 'viewCount'.length);
    await ed.type('er');
    await ed.press('Escape');
    await ed.run(() => vscode.commands.executeCommand('cursorTop'));
    const lens = ed.page.locator('.codelens-decoration a', { hasText: 'in no migration yet' }).first();
    // A lens that comes late is put above the first line, out of sight.
    await until('the lens above the first line', async () => {
      await ed.run(() => vscode.commands.executeCommand('editorScroll', { to: 'up', by: 'page', value: 1 }));
      return lens.isVisible();
    });
    await ed.screenshot('code-lens');
    await lens.click();
    const rows = ed.page.locator('.xterm-rows').first();
    await until('the command line', async () => (await rows.innerText()).includes('npm run db:generate'));
    await ed.screenshot('terminal');
    // It was not run: npm would have said so. (A shell that starts slowly shows what was typed twice.)
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.doesNotMatch(await rows.innerText(), /^> |npm (error|ERR)|not found/m);
    await ed.run(() => vscode.window.activeTerminal.dispose());
    await ed.run(() => vscode.commands.executeCommand('workbench.action.closePanel'));
    await ed.open(POSTS);
    await ed.revertAll();
  });

  step('a built-in opens as a read-only document', async () => {
    await ed.open(REPORTS, 'dense_rank()', 3);
    await ed.press('F12');
    const { uri } = await until('a document', async () => {
      const cursor = await ed.cursor();
      return cursor.uri.startsWith('columnist:') && cursor;
    });
    assert.match(uri, /pg_catalog/);
    const text = await ed.run(() => vscode.window.activeTextEditor.document.getText());
    assert.match(text, /dense_rank/);
    await ed.revertAll();
  });

  step('the schema is shown', async () => {
    await ed.open(REPORTS);
    await ed.run(() => vscode.commands.executeCommand('columnist.showSchema'));
    await until('the schema', async () => (await ed.cursor()).uri.startsWith('columnist:'));
    const text = await ed.run(() => vscode.window.activeTextEditor.document.getText());
    assert.match(text, /create table/i);
    assert.match(text, /view_count/);
    await ed.screenshot('schema');
    await ed.revertAll();
  });

  step('the commands show the output, and what was not checked', async () => {
    await ed.open(REPORTS);
    await ed.run(() => vscode.commands.executeCommand('columnist.showOutput'));
    const panel = ed.page.locator('.part.panel .view-lines', { hasText: 'Starting' });
    await panel.first().waitFor();
    await ed.run(() => vscode.commands.executeCommand('workbench.action.closePanel'));
    // Not awaited: the command ends with a choice.
    await ed.run(() => void vscode.commands.executeCommand('columnist.showCoverage'));
    const input = ed.page.locator('.quick-input-widget input[placeholder*="of SQL checked"]');
    await input.waitFor();
    assert.match(await input.getAttribute('placeholder'), /^\d+ pieces of SQL checked, 0 not$/);
    await ed.press('Escape');
  });

  step('é, emoji and CRLF: places are right', async () => {
    const lines = [
      "import { sql } from 'drizzle-orm';",
      "import { db } from '@/lib/db';",
      'export const query = () => db.execute(sql`',
      "  select id, 'naïve 😀'",
      "  /* é 😀 */, '😀é', nope",
      '  from posts`);',
      '',
    ];
    // Written from outside: the server is told of it before it is opened.
    writeFileSync(ed.path(UNICODE), lines.join('\r\n'));
    await diagnosticsOf(UNICODE, 1);
    await ed.open(UNICODE, 'nope', 0);
    assert.equal(await ed.run(() => vscode.window.activeTextEditor.document.eol), 2, 'CRLF');
    let all = await diagnosticsOf(UNICODE, 1);
    assert.equal(await textOf(UNICODE, all[0]), 'nope');
    // Typed before and behind the emoji, on the same line and the one before.
    await ed.page.keyboard.insertText('/*é😀*/ ');
    await ed.open(UNICODE, "'naïve 😀'", "'naïve 😀'".length);
    await ed.page.keyboard.insertText(' as "é😀", nada');
    await ed.press('Escape');
    all = await diagnosticsOf(UNICODE, 2);
    assert.deepEqual(await Promise.all(all.map((it) => textOf(UNICODE, it))), ['nada', 'nope']);
    await ed.screenshot('unicode');
    await ed.revertAll();
    rmSync(ed.path(UNICODE));
  });

  step('JavaScript, TSX, JSX and SQL files are served', async () => {
    const lines = ["import { sql } from 'drizzle-orm';", "import { db } from '@/lib/db';", 'await db.execute(sql`select nope from posts`);'];
    const template = lines.join('\n');
    for (const [extension, text] of Object.entries({ js: template, jsx: template, tsx: template, sql: 'select nope from posts;' })) {
      const file = `src/modules/search/api/any.${extension}`;
      writeFileSync(ed.path(file), '');
      await ed.open(file);
      // Typed, not read from disk.
      await ed.page.keyboard.insertText(text);
      await ed.press('Escape');
      const [found] = await diagnosticsOf(file, 1);
      assert.equal(await textOf(file, found), 'nope', extension);
      await ed.revertAll();
      rmSync(ed.path(file));
    }
  });

  step('a server that is killed is started again', async () => {
    await ed.open(COMMENTS, 'u.name as author', 'u.name'.length);
    await ed.type('s');
    await ed.press('Escape');
    await diagnosticsOf(COMMENTS, 1);
    const before = serverPid();
    assert.ok(before, 'the server inside the extension runs');
    process.kill(before, 'SIGKILL');
    await until('another server', () => {
      const now = serverPid();
      return now && now !== before;
    });
    await status().waitFor();
    // What was typed and not saved is known to the new server too.
    await diagnosticsOf(COMMENTS, 1);
    await ed.press('Control+z');
    await clean(COMMENTS);
    await ed.revertAll();
  });

  step('the command restarts the server', async () => {
    await ed.open(PLANTED);
    const before = serverPid();
    await ed.run(() => vscode.commands.executeCommand('columnist.restart'));
    await until('another server', () => {
      const now = serverPid();
      return now && now !== before;
    });
    await diagnosticsOf(PLANTED, 10);
  });

  step('a setting of the server takes effect', async () => {
    await ed.open(PLANTED);
    await diagnosticsOf(PLANTED, 10);
    const set = (value) =>
      ed.run((value) => vscode.workspace.getConfiguration('columnist').update('rules', value ?? undefined, true), value);
    await set({ 'undefined-column': 'off' });
    await diagnosticsOf(PLANTED, 8);
    await set(undefined);
    await diagnosticsOf(PLANTED, 10);
  });

  step('the setting of languages chooses the files', async () => {
    const set = (value) =>
      ed.run((value) => vscode.workspace.getConfiguration('columnist').update('languages', value ?? undefined, true), value);
    const before = serverPid();
    await set(['sql']);
    await until('another server', () => serverPid() && serverPid() !== before);
    await ed.open(COMMENTS, 'u.name as author', 'u.name'.length);
    await ed.type('s');
    await diagnosticsOf(PLANTED, 10);
    assert.deepEqual(await ed.diagnostics(COMMENTS), [], 'it was not sent');
    await set(undefined);
    await diagnosticsOf(COMMENTS, 1);
    await ed.revertAll();
  });

  step('the trace setting writes the messages', async () => {
    const set = (value) =>
      ed.run((value) => vscode.workspace.getConfiguration('columnist').update('trace.server', value ?? undefined, true), value);
    await ed.open(PLANTED);
    await set('messages');
    await until('a trace', () => ed.output().includes('textDocument/didOpen'));
    await set(undefined);
    await diagnosticsOf(PLANTED, 10);
  });

  step('a server that cannot be run is told, with what can be done', async () => {
    await ed.open(PLANTED);
    const set = (value) =>
      ed.run((value) => vscode.workspace.getConfiguration('columnist').update('server.path', value ?? undefined, true), value);
    await set('/no/such/columnist');
    const item = ed.page.locator('.statusbar-item.error-kind', { hasText: 'Columnist' });
    await item.waitFor();
    const toast = ed.page.locator('.notification-toast, .notifications-center .notification-list-item', {
      hasText: '/no/such/columnist',
    });
    await ed.run(() => vscode.commands.executeCommand('notifications.showList'));
    await toast.first().waitFor();
    assert.match(await toast.first().innerText(), /Open Settings/);
    await ed.screenshot('no-server');
    await set(undefined);
    await ed.run(() => vscode.commands.executeCommand('notifications.clearAll'));
    await diagnosticsOf(PLANTED, 10);
  });

  const pathSetting = (value) =>
    ed.run((value) => vscode.workspace.getConfiguration('columnist').update('server.path', value ?? undefined, true), value);
  const program = (name, text) => {
    const path = join(scratch, name);
    writeFileSync(path, text, { mode: 0o755 });
    return path;
  };

  // What is told to the user: one message, the last failure's, and none of the library's.
  const toldOnly = async (text) => {
    await ed.page.locator('.statusbar-item.error-kind', { hasText: 'Columnist' }).waitFor();
    await ed.run(() => vscode.commands.executeCommand('notifications.showList'));
    const items = ed.page.locator('.notifications-center .notification-list-item');
    await items.filter({ hasText: text }).first().waitFor();
    const all = await items.allInnerTexts();
    assert.equal(all.length, 1, all.join('\n'));
    assert.match(all[0], /Show Output/);
  };

  step('a server that ends at once is told', async () => {
    await ed.open(PLANTED);
    await ed.run(() => vscode.commands.executeCommand('notifications.clearAll'));
    await pathSetting(program('ends', '#!/bin/sh\necho "no such option" >&2\nexit 3\n'));
    await toldOnly('ended before it answered');
    await ed.screenshot('server-ends');
    assert.match(ed.output(), /no such option/);
    await pathSetting(undefined);
    await ed.run(() => vscode.commands.executeCommand('notifications.clearAll'));
    await diagnosticsOf(PLANTED, 10);
  });

  step('a server that dies again and again is told, and not started without end', async () => {
    await ed.open(PLANTED);
    await pathSetting(program('dies', READS.replace("if (method === 'initialized')", "if (method === 'initialized') process.exit(3); else if (0)")));
    await toldOnly('ended 5 times in three minutes');
    await pathSetting(undefined);
    await ed.run(() => vscode.commands.executeCommand('notifications.clearAll'));
    await diagnosticsOf(PLANTED, 10);
  });

  step('the status item tells that the workspace is read', async () => {
    await ed.open(PLANTED);
    await pathSetting(program('reads', READS));
    const item = ed.page.locator('.statusbar-item[aria-label*="reading the workspace: 12 files"]');
    await item.waitFor();
    assert.match(await item.innerText(), /Columnist/);
    await pathSetting(undefined);
    await diagnosticsOf(PLANTED, 10);
  });

  step('the activation takes less than 100 ms', async () => {
    await ed.run(() => vscode.commands.executeCommand('workbench.action.showRuntimeExtensions'));
    // The list holds only the rows that are seen: it is scrolled until ours is.
    const row = ed.page.locator('.runtime-extensions-editor .extension', { hasText: 'Columnist' }).first();
    const list = ed.page.locator('.runtime-extensions-editor .monaco-list').first();
    await list.waitFor();
    await list.hover();
    await until('the row', async () => {
      await ed.page.mouse.wheel(0, 150);
      return (await row.count()) > 0;
    });
    const text = await row.innerText();
    const milliseconds = Number(/Activation: (\d+)ms/.exec(text)?.[1]);
    console.log(`      activation: ${milliseconds} ms`);
    assert.ok(milliseconds < 100, text);
    await ed.press('Escape');
  });

  step('the walkthrough opens', async () => {
    await ed.run(() => vscode.commands.executeCommand('workbench.action.openWalkthrough', 'columnist.columnist#start'));
    await ed.page.locator('.getting-started', { hasText: 'Get started with Columnist' }).first().waitFor();
    await ed.screenshot('walkthrough');
  });
});
