// A real VS Code: code-server with a folder of its own, Chromium, and a bridge to the editor's API.
import { spawn, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const here = import.meta.dirname;
const root = join(here, '../../..');
const ENTRY = join(here, 'node_modules/code-server/out/node/entry.js');
export const OUT = join(here, '../out/vscode');

const SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  // TypeScript's own complaints about packages that are not installed say nothing of Columnist.
  'json.validate.enable': false,
  'typescript.validate.enable': false,
  'javascript.validate.enable': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'git.enabled': false,
  'files.eol': '\n',
  // Its text is in the page then.
  'terminal.integrated.gpuAcceleration': 'off',
  // In the browser it is on.
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.quickSuggestionsDelay': 10,
  'editor.stickyScroll.enabled': false,
};

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Calls until the answer is truthy; says what was awaited if it never is. */
export async function until(what, probe, { timeout = 20_000, every = 50 } = {}) {
  const end = Date.now() + timeout;
  let last;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${what}; last: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** A copy of the sample application that tests may write to. */
export function copyOfSample(dir) {
  const from = join(root, 'tests/workspaces/blog');
  cpSync(from, dir, { recursive: true, filter: (it) => !it.includes('node_modules') });
  // Of packages that are not installed TypeScript would complain, in the pictures too.
  const config = join(dir, 'tsconfig.json');
  const lines = readFileSync(config, 'utf8').split('\n');
  writeFileSync(config, lines.filter((it) => !/"(types|baseUrl)":/.test(it)).join('\n'));
}

export class Editor {
  static async start({ vsix, settings = {}, prepare = () => {}, env = {} }) {
    const it = new Editor();
    it.home = mkdtempSync(join(tmpdir(), 'columnist-vscode-'));
    it.workspace = join(it.home, 'blog');
    copyOfSample(it.workspace);
    prepare(it.workspace);
    const user = join(it.home, 'user');
    mkdirSync(join(user, 'User'), { recursive: true });
    writeFileSync(join(user, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
    const extensions = join(it.home, 'extensions');
    const common = ['--user-data-dir', user, '--extensions-dir', extensions, '--disable-telemetry', '--disable-update-check'];
    const bridge = join(it.home, 'bridge.vsix');
    const vsce = join(root, 'editors/vscode/node_modules/@vscode/vsce/vsce');
    const packed = ['package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', bridge];
    execFileSync(process.execPath, [vsce, ...packed], { cwd: join(here, 'bridge'), stdio: 'pipe' });
    it.portFile = join(it.home, 'bridge-port');
    const options = { env: { ...process.env, HOME: it.home, COLUMNIST_BRIDGE: it.portFile, ...env } };
    for (const file of [bridge, vsix]) {
      execFileSync(process.execPath, [ENTRY, ...common, '--install-extension', file], { ...options, stdio: 'pipe' });
    }
    it.port = await freePort();
    const address = ['--auth', 'none', '--bind-addr', `127.0.0.1:${it.port}`];
    it.server = spawn(process.execPath, [ENTRY, ...common, ...address], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    it.log = '';
    it.server.stdout.on('data', (data) => (it.log += data));
    it.server.stderr.on('data', (data) => (it.log += data));
    const url = `http://127.0.0.1:${it.port}/healthz`;
    await until('code-server', async () => (await fetch(url)).ok, { timeout: 60_000 });
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    it.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
    it.page = await it.browser.newPage({ viewport: { width: 1200, height: 760 } });
    await it.openFolder(it.workspace);
    return it;
  }

  /** Shows a folder, a path on disk or a URI, instead of the one before. */
  async openFolder(folder) {
    rmSync(this.portFile, { force: true });
    await this.page.goto(`http://127.0.0.1:${this.port}/?folder=${encodeURIComponent(folder)}`);
    await this.page.waitForSelector('.monaco-workbench .part.editor', { timeout: 90_000 });
    await until('the bridge', () => existsSync(this.portFile) && readFileSync(this.portFile, 'utf8') !== '', { timeout: 90_000 });
    await this.run(() => null);
  }

  async stop() {
    await this.browser?.close();
    if (this.server && this.server.exitCode === null) {
      const gone = new Promise((resolve) => this.server.once('exit', resolve));
      this.server.kill('SIGTERM');
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5000))]);
      if (this.server.exitCode === null) this.server.kill('SIGKILL');
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Runs a function inside the editor, where `vscode` is its API. */
  async run(fn, ...args) {
    const port = readFileSync(this.portFile, 'utf8');
    const body = JSON.stringify({ code: fn.toString(), args });
    const answer = await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).json();
    if (answer.error) throw new Error(answer.error);
    return answer.value;
  }

  path(file) {
    return join(this.workspace, file);
  }

  /** Opens a file as a person's double click does, with the cursor behind `needle`'s `at`-th character. */
  async open(file, needle, at = 0) {
    await this.run(
      async (path, needle, at) => {
        const document = await vscode.workspace.openTextDocument(path);
        const editor = await vscode.window.showTextDocument(document, { preview: false });
        if (needle == null) return;
        const offset = document.getText().indexOf(needle);
        if (offset < 0) throw new Error(`${path} holds no ${needle}`);
        const position = document.positionAt(offset + at);
        editor.selection = new vscode.Selection(position, position);
        editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
      },
      this.path(file),
      needle,
      at,
    );
    await this.page.locator('.editor-group-container.active .monaco-editor').first().click({ position: { x: 300, y: 6 }, trial: true });
    await this.run(() => vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup'));
  }

  async press(key) {
    await this.page.keyboard.press(key);
  }

  async type(text) {
    await this.page.keyboard.type(text, { delay: 60 });
  }

  /** The text of a file as the editor has it. */
  text(file) {
    return this.run(async (path) => (await vscode.workspace.openTextDocument(path)).getText(), this.path(file));
  }

  /** Columnist's diagnostics: of one file, or of all with their paths. Lines and UTF-16 columns from 0. */
  async diagnostics(file) {
    const all = await this.run(() =>
      vscode.languages.getDiagnostics().flatMap(([uri, list]) =>
        list
          .filter((it) => it.source === 'columnist')
          .map(({ range, message, code, severity }) => ({
            path: uri.fsPath,
            line: range.start.line,
            column: range.start.character,
            endLine: range.end.line,
            endColumn: range.end.character,
            message,
            code: typeof code === 'object' ? String(code.value) : String(code),
            severity,
          })),
      ),
    );
    const mine = file ? all.filter((it) => it.path === this.path(file)) : all;
    return mine.sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line || a.column - b.column);
  }

  /** Where the cursor is: file, line and column from 0. */
  cursor() {
    return this.run(() => {
      const editor = vscode.window.activeTextEditor;
      const { active } = editor.selection;
      return { uri: editor.document.uri.toString(), path: editor.document.uri.fsPath, line: active.line, column: active.character };
    });
  }

  /** Undoes every change that was not saved. */
  async revertAll() {
    await this.press('Escape');
    await this.run(async () => {
      for (const document of vscode.workspace.textDocuments) {
        if (!document.isDirty) continue;
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand('workbench.action.files.revert');
      }
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });
  }

  /** What Columnist wrote to its output. */
  output() {
    const logs = join(this.home, 'user/logs');
    const files = existsSync(logs) ? readdirSync(logs, { recursive: true }) : [];
    return files
      .filter((it) => /[Cc]olumnist[^/]*\.log$/.test(it))
      .map((it) => readFileSync(join(logs, it), 'utf8'))
      .join('\n');
  }

  keepOutput(name) {
    mkdirSync(OUT, { recursive: true });
    writeFileSync(join(OUT, `${name}.log`), this.output());
  }

  async screenshot(name) {
    mkdirSync(OUT, { recursive: true });
    await this.page.screenshot({ path: join(OUT, `${name}.png`) });
  }
}
