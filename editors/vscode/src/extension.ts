// The entry: says what the extension offers at once, and starts the server afterwards.
import * as vscode from 'vscode';

import type { Session } from './client';
import { Status } from './status';
import { openTerminal } from './terminal';

let session: Promise<Session> | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Columnist', { log: true });
  const status = new Status();
  context.subscriptions.push(output, status);

  const start = () => {
    // Loaded late: the client's library takes longer to load than all of the rest.
    session ??= new Promise((resolve) => setImmediate(resolve))
      .then(() => import('./client'))
      .then((it) => new it.Session(context, output, status));
    return session;
  };
  const command = (name: string, run: (session: Session) => unknown) =>
    vscode.commands.registerCommand(name, async () => run(await start()));
  context.subscriptions.push(
    vscode.commands.registerCommand('columnist.showOutput', () => output.show()),
    // Of code lenses, and in no palette.
    vscode.commands.registerCommand('columnist.openTerminal', openTerminal),
    command('columnist.restart', (it) => it.restart()),
    command('columnist.showSchema', (it) => it.showSchema()),
    command('columnist.showCoverage', (it) => it.showCoverage()),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      const ours = ['columnist.server.path', 'columnist.languages', 'columnist.trace.server'];
      if (session && ours.some((it) => event.affectsConfiguration(it))) await (await session).restart();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(async () => {
      if (session) await (await session).restart();
    }),
  );
  void start().then((it) => it.start());
}

export async function deactivate(): Promise<void> {
  if (session) await (await session).stop();
}
