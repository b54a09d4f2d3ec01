// One JSON object a line on stdin, one answer a line on stdout, in order.

import { createInterface } from 'node:readline';

/**
 * @param {(request: object) => object | Promise<object>} handle
 *   the answer, without `id`; what it throws becomes `{ok: false, message}`
 */
export async function serve(handle) {
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  for await (const line of lines) {
    if (!line.trim()) continue;
    let id = null;
    let answer;
    try {
      const request = JSON.parse(line);
      id = request.id ?? null;
      answer = await handle(request);
    } catch (e) {
      answer = { ok: false, harness: true, message: String(e?.message ?? e) };
    }
    process.stdout.write(JSON.stringify({ id, ...answer }) + '\n');
  }
}
