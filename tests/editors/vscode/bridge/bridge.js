// Runs functions that the tests send, with the editor's API, and answers with what they return; and has a file system of
// its own, whose folders are on no disk. Only the tests install it.
const http = require('node:http');
const fs = require('node:fs');
const os = require('node:os');
const vscode = require('vscode');

const VIRTUAL = new Map(
  Object.entries({
    '/app/drizzle.config.ts': "export default { dialect: 'postgresql', schema: './schema.ts' };\n",
    '/app/schema.ts': "import { pgTable, integer } from 'drizzle-orm/pg-core';\nexport const posts = pgTable('posts', { id: integer() });\n",
    '/app/query.ts': "import { sql } from 'drizzle-orm';\nexport const query = sql`select nope from posts`;\n",
  }),
);

/** A folder that cannot be written to. */
class Virtual {
  onDidChangeFile = () => ({ dispose() {} });
  watch = () => ({ dispose() {} });
  stat({ path }) {
    const text = VIRTUAL.get(path);
    const isFolder = text === undefined && [...VIRTUAL.keys()].some((it) => it.startsWith(path === '/' ? '/' : `${path}/`));
    if (text === undefined && !isFolder) throw vscode.FileSystemError.FileNotFound(path);
    return { type: isFolder ? vscode.FileType.Directory : vscode.FileType.File, ctime: 0, mtime: 0, size: text?.length ?? 0 };
  }
  readDirectory({ path }) {
    const names = [...VIRTUAL.keys()].filter((it) => it.startsWith(`${path}/`)).map((it) => it.slice(path.length + 1));
    return names.filter((it) => !it.includes('/')).map((it) => [it, vscode.FileType.File]);
  }
  readFile({ path }) {
    if (!VIRTUAL.has(path)) throw vscode.FileSystemError.FileNotFound(path);
    return Buffer.from(VIRTUAL.get(path));
  }
}
for (const it of ['createDirectory', 'writeFile', 'delete', 'rename']) {
  Virtual.prototype[it] = () => {
    throw vscode.FileSystemError.NoPermissions();
  };
}

exports.activate = (context) => {
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (it) => (body += it));
    request.on('end', async () => {
      const { code, args } = JSON.parse(body);
      try {
        const run = new Function('vscode', 'os', `return (${code})`)(vscode, os);
        const value = await run(...args);
        response.end(JSON.stringify({ value: value ?? null }));
      } catch (error) {
        response.end(JSON.stringify({ error: String(error?.stack ?? error) }));
      }
    });
  });
  server.listen(0, '127.0.0.1', () => fs.writeFileSync(process.env.COLUMNIST_BRIDGE, String(server.address().port)));
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('columnist-virtual', new Virtual(), { isReadonly: true }));
  context.subscriptions.push({ dispose: () => server.close() });
};
