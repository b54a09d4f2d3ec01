// PostgreSQL's wire protocol, as far as the harness needs it, and a quick start of PGlite.

import { existsSync, mkdirSync, openAsBlob, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(fileURLToPath(import.meta.url)), 'node_modules');

export const cstring = (s) => Buffer.concat([Buffer.from(s, 'utf8'), Buffer.from([0])]);

export function message(type, ...parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export const SYNC = message('S');
export const DESCRIBE = message('D', Buffer.from('S'), cstring(''));

export function parseMessage(sql, oids = []) {
  const types = Buffer.alloc(2 + 4 * oids.length);
  types.writeInt16BE(oids.length, 0);
  oids.forEach((oid, i) => types.writeInt32BE(oid, 2 + 4 * i));
  return message('P', cstring(''), cstring(sql), types);
}

const FIELDS = {
  S: 'severity', C: 'sqlstate', M: 'message', D: 'detail', H: 'hint', P: 'position', p: 'internalPosition',
  q: 'internalQuery', W: 'where', s: 'schema', t: 'table', c: 'column', d: 'datatype', n: 'constraint', F: 'file',
};

/** The fields of an ErrorResponse or a NoticeResponse. */
export function fields(buffer) {
  const result = { severity: null, sqlstate: null, message: null, position: null, hint: null, detail: null };
  let at = 0;
  while (buffer[at] !== 0) {
    const end = buffer.indexOf(0, at + 1);
    const name = FIELDS[String.fromCharCode(buffer[at])];
    const value = buffer.toString('utf8', at + 1, end);
    if (name) result[name] = name === 'position' || name === 'internalPosition' ? Number(value) : value;
    at = end + 1;
  }
  return result;
}

/**
 * Whether an error is of the raw grammar, not of the analysis after it. An error
 * with a context is about text inside the statement ('x y'::regtype).
 */
export const isRaw = (error) => error !== null && ['scan.l', 'gram.y', 'parser.c'].includes(error.file) && !error.where;

/** Calls `each(type, body)` for every message. */
export function messages(bytes, each) {
  const answer = Buffer.from(bytes);
  let at = 0;
  while (at < answer.length) {
    const end = at + 1 + answer.readInt32BE(at + 1);
    each(String.fromCharCode(answer[at]), answer.subarray(at + 5, end));
    at = end;
  }
}

/** Parse only: the error the server gives, or null. */
export async function parseError(db, sql) {
  let error = null;
  messages(await db.execProtocolRaw(Buffer.concat([parseMessage(sql), SYNC])), (type, body) => {
    if (type === 'E') error ??= fields(body);
  });
  return error;
}

/** A data directory of an empty database; initdb takes seconds, loading one does not. */
export async function emptyDirectory(PGlite, host) {
  const version = JSON.parse(readFileSync(join(modules, host, 'package.json'), 'utf8')).version;
  const cache = join(modules, '.cache', 'columnist-oracle');
  const file = join(cache, `pglite-${version}.tar`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const db = await PGlite.create();
    const blob = await db.dumpDataDir('none');
    await db.close();
    const part = `${file}.${process.pid}`;
    writeFileSync(part, Buffer.from(await blob.arrayBuffer()));
    renameSync(part, file);
  }
  return openAsBlob(file);
}
