// A native server, reached over a local port, in the shape of PGlite: for older versions and for speed.

import { connect } from 'node:net';
import { cstring, message } from './wire.mjs';

let made = 0;

/** The end of the first ReadyForQuery in `buffer`, or -1. */
const ready = (buffer, from) => {
  let at = from.at;
  while (at + 5 <= buffer.length) {
    const end = at + 1 + buffer.readInt32BE(at + 1);
    if (end > buffer.length) break;
    if (buffer[at] === 0x5a) return end;
    at = end;
  }
  from.at = at;
  return -1;
};

export class Native {
  /** A database of our own on a server at `port` of this machine, which trusts the user `postgres`. */
  static async create(port) {
    const name = `oracle_${process.pid}_${++made}`;
    const host = await Native.enter(port, 'postgres');
    await host.execProtocolRaw(message('Q', cstring(`create database ${name} template template0`)));
    await host.close();
    const self = await Native.enter(port, name);
    self.drop = async () => {
      const host = await Native.enter(port, 'postgres');
      await host.execProtocolRaw(message('Q', cstring(`drop database ${name} with (force)`)));
      await host.close();
    };
    return self;
  }

  /** A server that has crashed takes its time to come back. */
  static async enter(port, database) {
    for (let tries = 0; ; tries++) {
      try {
        return await Native.knock(port, database);
      } catch (e) {
        if (tries === 40) throw e;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  static async knock(port, database) {
    const self = new Native();
    self.socket = connect(port, '127.0.0.1');
    const words = ['user', 'postgres', 'database', database, ''];
    const body = Buffer.concat([Buffer.from([0, 3, 0, 0]), ...words.map(cstring)]);
    const head = Buffer.alloc(4);
    head.writeInt32BE(body.length + 4);
    await self.execProtocolRaw(Buffer.concat([head, body]));
    return self;
  }

  /** Sends messages; the answer up to ReadyForQuery. Fails if the server goes away. */
  execProtocolRaw(bytes) {
    return new Promise((resolve, reject) => {
      let held = Buffer.alloc(0);
      const from = { at: 0 };
      const gone = () => done(() => reject(new Error('the server is gone')));
      const read = (chunk) => {
        held = Buffer.concat([held, chunk]);
        const end = ready(held, from);
        if (end >= 0) done(() => resolve(held.subarray(0, end)));
      };
      const done = (then) => {
        this.socket.off('data', read).off('close', gone).off('error', gone);
        then();
      };
      if (this.socket.destroyed) return reject(new Error('the server is gone'));
      this.socket.on('data', read).on('close', gone).on('error', gone);
      this.socket.write(bytes);
    });
  }

  async close() {
    this.socket.destroy();
    await this.drop?.();
  }
}
