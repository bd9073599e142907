/** The webhook against a real Alertmanager, where one is installed: it repeats, resolves, retries and has a token. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlertInput } from '../protocol/api/index.ts';
import { CaseChain } from '../testing/audit-kit.ts';
import { gatewayParts } from '../testing/gateway-kit.ts';
import { createGateway, type ServedGateway, serveGateway } from './index.ts';

const WAIT_MS_MAX = 60_000;
const TOKEN = 'ab'.repeat(32);

const program = ['prometheus-alertmanager', 'alertmanager']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
if (program === undefined) console.warn('skipped: alertmanager is not installed (npm run install-prometheus)');

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

describe.skipIf(program === undefined)('a real Alertmanager', { timeout: WAIT_MS_MAX }, () => {
  let directory: string;
  let url: string;
  let alertmanager: ChildProcess;
  let served: ServedGateway;
  let raised: AlertInput[];
  /** Webhooks that have been answered: their status. */
  let answers: number[];
  let broken: boolean;

  beforeEach(async () => {
    [raised, answers, broken] = [[], [], false];
    const { deps } = await gatewayParts(new CaseChain());
    const raiseAlert = async (alert: AlertInput) => {
      if (broken) throw new Error('not now');
      raised.push(alert);
      return { transaction: 'ab'.repeat(32) };
    };
    const gateway = createGateway({ ...deps, adminToken: TOKEN, agent: { ...deps.agent, raiseAlert } });
    const listened = {
      ...gateway,
      fetch: async (...request: Parameters<typeof gateway.fetch>): Promise<Response> => {
        const response = await gateway.fetch(...request);
        answers.push(response.status);
        return response;
      },
    };
    served = await serveGateway(() => listened, { host: '127.0.0.1', port: 0 });
    directory = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  });
  afterEach(async () => {
    const ended = new Promise((exited) => alertmanager.once('exit', exited));
    if (alertmanager.kill('SIGKILL')) await ended;
    await served.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** As short as it allows, so that it repeats itself while a test looks on. */
  async function start(token: string): Promise<void> {
    const receiver = {
      name: 'agents',
      webhook_configs: [
        {
          url: `http://127.0.0.1:${served.port}/api/alerts/alertmanager`,
          send_resolved: true,
          http_config: { authorization: { credentials: token } },
        },
      ],
    };
    const route = { receiver: 'agents', group_by: ['service'], group_wait: '0s', group_interval: '1s' };
    const config = { route: { ...route, repeat_interval: '1s' }, receivers: [receiver] };
    writeFileSync(join(directory, 'alertmanager.json'), JSON.stringify(config));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const args = ['--config.file=alertmanager.json', '--storage.path=data', '--cluster.listen-address='];
    alertmanager = spawn(program ?? '', [...args, `--web.listen-address=127.0.0.1:${port}`], {
      cwd: directory,
      stdio: 'ignore',
    });
    await until(async () => expect((await fetch(`${url}/-/ready`)).ok).toBe(true));
  }

  const until = (check: () => void | Promise<void>): Promise<void> =>
    vi.waitFor(check, { timeout: WAIT_MS_MAX, interval: 50 });

  async function tell(endsInMs: number): Promise<void> {
    const labels = { alertname: 'Slow', service: 'gateway', metric: 'request_latency_p95_ms', source: 'shop' };
    const alert = { labels, annotations: { summary: 'Requests are slow' }, startsAt: new Date(0).toISOString() };
    const response = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ ...alert, endsAt: new Date(Date.now() + endsInMs).toISOString() }]),
    });
    expect(response.ok).toBe(true);
  }

  it('raises an alert once, however often it is repeated, and nothing when it is resolved', async () => {
    await start(TOKEN);
    await tell(WAIT_MS_MAX);
    await until(() => expect(answers.length).toBeGreaterThanOrEqual(2));
    const before = answers.length;
    await tell(-1);
    await until(() => expect(answers.length).toBeGreaterThan(before));
    expect(new Set(answers)).toEqual(new Set([202]));
    expect(raised).toMatchObject([
      { node: 'gateway', metric: 'request_latency_p95_ms', source: 'shop', title: 'Requests are slow' },
    ]);
  });

  it('tries again what could not be taken, until it is', async () => {
    broken = true;
    await start(TOKEN);
    await tell(WAIT_MS_MAX);
    await until(() => expect(answers).toContain(503));
    expect(raised).toEqual([]);
    broken = false;
    await until(() => expect(answers).toContain(202));
    expect(raised).toHaveLength(1);
  });

  it('is not heard without the token', async () => {
    await start('another');
    await tell(WAIT_MS_MAX);
    await until(() => expect(answers.length).toBeGreaterThan(0));
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(raised).toEqual([]);
  });
});
