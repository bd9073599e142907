/**
 * Loaded into a process before its own code (`--import`): notes every address that it ever tries to reach, its worker
 * threads included, in the file named by SOCKET_LOG. One line of JSON an attempt.
 */
import { Socket as Datagrams } from 'node:dgram';
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

const file = process.env.SOCKET_LOG ?? '';
const note = (kind: string, to: string): void => {
  appendFileSync(file, `${JSON.stringify({ pid: process.pid, kind, to })}\n`);
};

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  this.on('connectionAttempt', (address: string, port: number) => note('tcp', `${address}:${port}`));
  this.on('lookup', (_error, _address, _family, host: string) => note('lookup', host));
  return Reflect.apply(connect, this, args);
} as typeof connect;

const send = Datagrams.prototype.send;
Datagrams.prototype.send = function (this: Datagrams, ...args: unknown[]) {
  note(
    'udp',
    args
      .slice(1)
      .filter((arg) => typeof arg !== 'function')
      .join(' '),
  );
  return Reflect.apply(send, this, args);
} as typeof send;
