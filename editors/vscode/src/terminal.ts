// The command of code lenses: a terminal with a command line that the user runs by pressing Enter.
import * as vscode from 'vscode';

const NAME = 'Columnist';

/** Types a command line into a terminal in a folder; runs nothing. */
export function openTerminal(line: unknown, folder: unknown): void {
  // One line: a line break would be Enter.
  if (typeof line !== 'string' || /[\r\n]/.test(line)) return;
  const cwd = typeof folder === 'string' ? folder : undefined;
  const terminal = vscode.window.createTerminal({ name: NAME, cwd });
  terminal.show();
  terminal.sendText(line, false);
}
