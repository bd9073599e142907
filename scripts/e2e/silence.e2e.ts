/** Agents that are told to ask a model, and are given neither its address nor a key, talk to nobody but each other. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { NODES } from '../testnet/testnet.ts';
import { raiseIncident, startTestnet, untilState } from './support.ts';

const directory = mkdtempSync(join(tmpdir(), 'silence-'));
const log = join(directory, 'sockets.jsonl');
const TEST_MS_MAX = 400_000;

const attempts = () =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => z.object({ kind: z.string(), to: z.string() }).parse(JSON.parse(line)));

beforeEach(() => {
  writeFileSync(log, '');
  vi.stubEnv('SOCKET_LOG', log);
  vi.stubEnv('NODE_OPTIONS', `--import ${fileURLToPath(new URL('socket-log.ts', import.meta.url))}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

test(
  'seven processes open sockets to the configured ports and to nothing else',
  async () => {
    // That the log sees what a process asks of the outside is proved first, with a request and a name.
    const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    const ask = `await fetch('http://127.0.0.1:${port}'); await fetch('https://nowhere.invalid').catch(() => {})`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', ask]);
    server.close();
    expect(attempts()).toEqual([
      { kind: 'tcp', to: `127.0.0.1:${port}` },
      { kind: 'lookup', to: 'nowhere.invalid' },
    ]);

    writeFileSync(log, '');
    for (const name of ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_ADMIN_KEY']) vi.stubEnv(name, undefined);
    const fixture = await startTestnet(undefined, NODES.length, { reasoner: 'openai' });
    try {
      const client = fixture.client(1);
      const incident = await untilState(client, await raiseIncident(client), 'Finalized', 'Inconclusive');
      expect(incident).toMatchObject({ state: 'Finalized', rootCause: 'food-buy' });
      const { gatewayPorts, p2pPorts } = z
        .object({ gatewayPorts: z.array(z.number()), p2pPorts: z.array(z.number()) })
        .parse(JSON.parse(readFileSync(join(fixture.testnet.directory, 'testnet.json'), 'utf8')));
      const configured = [...gatewayPorts, ...p2pPorts].map((own) => `127.0.0.1:${own}`);
      const seen = new Set(attempts().map(({ kind, to }) => `${kind} ${to}`));
      expect(seen.size).toBeGreaterThan(0);
      expect([...seen].filter((one) => !configured.some((own) => one === `tcp ${own}`))).toEqual([]);
    } finally {
      await fixture.end();
    }
  },
  TEST_MS_MAX,
);
