// The verdict of PostgreSQL's raw grammar (libpg-query) on a text.

import { hasSqlDetails, loadModule, parseSync, scanSync } from 'libpg-query';

await loadModule();

/**
 * libpg-query's scanner keeps comments as tokens, which breaks the grammar's
 * one-token lookahead: it refuses `NULLS /* c *\/ LAST`, which PostgreSQL takes.
 * So comments become blanks, except between two string constants, where a block
 * comment is not white space to PostgreSQL either.
 */
function blankComments(sql) {
  if (!sql.includes('--') && !sql.includes('/*')) return sql;
  let tokens;
  try {
    ({ tokens } = scanSync(sql));
  } catch {
    return sql;
  }
  const bytes = Buffer.from(sql);
  const isComment = (t) => t?.tokenName === 'SQL_COMMENT' || t?.tokenName === 'C_COMMENT';
  const quoted = (t) => t && bytes[t.end - 1] === 0x27;
  let out = '';
  let last = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (!isComment(tokens[i])) continue;
    let before = i;
    let after = i;
    while (isComment(tokens[before])) before--;
    while (isComment(tokens[after])) after++;
    if (quoted(tokens[before]) && tokens[after] && bytes[tokens[after].start] === 0x27) continue;
    const { start, end } = tokens[i];
    out += bytes.toString('utf8', last, start);
    // As many characters as there were, so that positions stay.
    out += bytes.toString('utf8', start, end).replace(/[^\n\r]/gu, ' ');
    last = end;
  }
  return out + bytes.toString('utf8', last);
}

/** @returns {{ok: true, tree: object} | {ok: false, sqlstate: '42601', message: string, position: number | null}} */
export function parse(sql) {
  const text = blankComments(sql);
  // The binding refuses blank text itself; to PostgreSQL it is no statement.
  if (!text.trim()) return { ok: true, tree: { version: 0, stmts: [] } };
  try {
    return { ok: true, tree: parseSync(text) };
  } catch (e) {
    if (!hasSqlDetails(e)) throw e;
    const at = e.sqlDetails.cursorPosition;
    // The binding counts characters from 0, the server from 1.
    return { ok: false, sqlstate: '42601', message: e.sqlDetails.message, position: at >= 0 ? at + 1 : null };
  }
}
