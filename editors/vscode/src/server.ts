// Which server is run.
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';

const EXE = process.platform === 'win32' ? 'columnist.exe' : 'columnist';

/** A server to run, or why there is none. */
export type Found = { path: string; origin: 'setting' | 'extension' | 'PATH' } | { problem: string };

/** The server that the setting names, else the one inside the extension, else the one on the PATH. */
export function findServer(context: vscode.ExtensionContext): Found {
  const setting = vscode.workspace.getConfiguration('columnist').get<string | null>('server.path')?.trim();
  if (setting) {
    const path = expand(setting);
    return isProgram(path)
      ? { path, origin: 'setting' }
      : { problem: `The setting columnist.server.path names ${path}, which is no program that can be run.` };
  }
  const bundled = context.asAbsolutePath(join('server', EXE));
  if (isProgram(bundled)) return { path: bundled, origin: 'extension' };
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(dir, EXE);
    if (dir && isProgram(path)) return { path, origin: 'PATH' };
  }
  return { problem: 'This build of the extension holds no server, and there is no columnist on the PATH.' };
}

/** `~` and `${workspaceFolder}` as people write them; a relative path starts at the first folder. */
function expand(path: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const res = path.replace(/^~(?=$|[/\\])/, homedir()).replaceAll('${workspaceFolder}', folder);
  return isAbsolute(res) ? res : join(folder, res);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
