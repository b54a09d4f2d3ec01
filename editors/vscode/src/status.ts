// The item in the status bar.
import * as vscode from 'vscode';

/** What `columnist/coverage` tells of a file. */
export interface Coverage {
  uri: string;
  database: string | null;
  tables: number;
  checked: number;
  skipped: { range: { start: { line: number; character: number } }; reason: string; detail: string }[];
}

/** What `columnist/status` tells. */
export interface ServerStatus {
  state: 'loading' | 'ready';
  tables: number;
  files: number;
  problems: number;
  /** Of the document that was last opened or edited. */
  file?: Coverage;
}

export class Status implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('columnist', vscode.StatusBarAlignment.Right, 90);

  constructor() {
    this.#item.name = 'Columnist';
    this.starting();
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }

  starting(): void {
    this.#show('$(sync~spin) Columnist', 'Columnist is starting');
  }

  failed(problem: string): void {
    this.#show('$(error) Columnist', problem, 'statusBarItem.errorBackground');
  }

  tell(status: ServerStatus): void {
    const tables = plural(status.tables, 'table');
    const problems = plural(status.problems, 'problem');
    if (status.state === 'loading') {
      this.#show('$(sync~spin) Columnist', `Columnist is reading the workspace: ${plural(status.files, 'file')}`);
      return;
    }
    const lines = [`**Columnist** read ${plural(status.files, 'file')}: ${tables}, ${problems}`];
    const { file } = status;
    if (file) {
      const database = file.database === null ? 'belongs to no database' : `is checked against \`${file.database}\``;
      lines.push(`This file ${database}: ${plural(file.checked, 'piece')} of SQL checked`);
      if (file.skipped.length > 0) lines.push(`[${file.skipped.length} not checked](command:columnist.showCoverage)`);
    }
    lines.push('[Schema](command:columnist.showSchema) · [Output](command:columnist.showOutput)');
    const tooltip = new vscode.MarkdownString(lines.join('\n\n'));
    tooltip.isTrusted = { enabledCommands: ['columnist.showCoverage', 'columnist.showSchema', 'columnist.showOutput'] };
    this.#show(`$(database) ${tables}, ${problems}`, tooltip, undefined, 'columnist.showSchema');
  }

  #show(text: string, tooltip: string | vscode.MarkdownString, background?: string, command = 'columnist.showOutput'): void {
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.backgroundColor = background ? new vscode.ThemeColor(background) : undefined;
    this.#item.command = command;
  }
}

export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
