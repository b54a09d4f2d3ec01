// Runs functions that the tests send, with the editor's API, and answers with what they return. Only the tests install it.
const http = require('node:http');
const fs = require('node:fs');
const os = require('node:os');
const vscode = require('vscode');

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
  context.subscriptions.push({ dispose: () => server.close() });
};
