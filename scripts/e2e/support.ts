/** A real seven-node testnet for one test file: own folder, free ports, gone when the file is done. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCapture } from '@dao-gov/agent-runtime/telemetry';
import type { ApiClient } from '@dao-gov/node/client';
import type { BlockSummary, IncidentDetail, SopState } from '@dao-gov/node/protocol';
import { clientOf, waitFor, waitReady } from '../testnet/api.ts';
import { NODES, ROOT, Testnet, type UpOptions } from '../testnet/testnet.ts';

export const REPORT_CAPTURE = join(ROOT, 'data/report-train-buy');
/** Generous: machines are shared, and nothing here asserts speed. */
export const INCIDENT_MS_MAX = 120_000;

export interface Fixture {
  readonly testnet: Testnet;
  client(node: number): ApiClient;
  end(): Promise<void>;
}

/** Generous too: seven processes start at once. */
const READY_MS_MAX = 300_000;

export async function startTestnet(
  captures = REPORT_CAPTURE,
  validators: number = NODES.length,
  more: Pick<UpOptions, 'preset' | 'agents' | 'reasoner' | 'settings'> = {},
): Promise<Fixture> {
  const directory = mkdtempSync(join(tmpdir(), 'dao-gov-'));
  const testnet = await Testnet.up({
    ...{ directory: join(directory, 'net'), captures, validators },
    ...{ attached: true, ports: 'free', ...more },
  });
  const killNow = (): void => testnet.killNow();
  process.once('exit', killNow);
  const end = async (): Promise<void> => {
    await testnet.down();
    process.off('exit', killNow);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await waitReady(testnet, testnet.nodes, undefined, READY_MS_MAX);
  } catch (error) {
    await end();
    throw error;
  }
  return { testnet, client: (node) => clientOf(testnet, node), end };
}

/** Raises a capture's alert at one node and waits for the incident that comes of it. */
export async function raiseIncident(client: ApiClient, capture = REPORT_CAPTURE): Promise<string> {
  const { id, title, alert } = await readCapture(capture);
  const { node, metric, atMs } = alert;
  const known = new Set((await client.incidents()).items.map(({ incidentId }) => incidentId));
  await client.raiseAlert({ node, metric, at: new Date(atMs).toISOString(), source: id, title });
  return waitFor('the incident', INCIDENT_MS_MAX, async () =>
    (await client.incidents()).items.map(({ incidentId }) => incidentId).find((one) => !known.has(one)),
  );
}

export function untilState(
  client: ApiClient,
  incidentId: string,
  ...states: readonly SopState[]
): Promise<IncidentDetail> {
  return waitFor(`${incidentId} in ${states.join(' or ')}`, INCIDENT_MS_MAX, async () => {
    const incident = await client.incident(incidentId);
    return states.includes(incident.state) && incident;
  });
}

/** Waits until the nodes have reached `height`, then gives each one's block there. */
export async function blocksAt(fixture: Fixture, nodes: readonly number[], height: number) {
  return Promise.all(
    nodes.map((node) =>
      waitFor(`node ${node} at height ${height}`, 60_000, async () => {
        const client = fixture.client(node);
        return (await client.chain()).height >= height && client.block(height);
      }),
    ),
  );
}

/** Every block hash up to the lowest common height, read from each node. Throws where two differ. */
export async function agreedHeight(fixture: Fixture, nodes: readonly number[] = NODES): Promise<number> {
  const heights = await Promise.all(nodes.map(async (node) => (await fixture.client(node).chain()).height));
  const common = Math.min(...heights);
  const chains = await Promise.all(nodes.map((node) => hashesOf(fixture.client(node), common)));
  chains.forEach((hashes, index) => {
    const fork = hashes.findIndex((hash, place) => hash !== chains[0]?.[place]);
    if (fork >= 0 || hashes.length !== common)
      throw new Error(`node ${nodes[index]} differs at height ${fork + 1} of ${common}`);
  });
  const states = await Promise.all(nodes.map(async (node) => (await fixture.client(node).block(common)).stateRoot));
  if (new Set(states).size !== 1) throw new Error(`state roots differ at height ${common}`);
  return common;
}

/** Hashes of blocks 1 to `height`, lowest first. */
async function hashesOf(client: ApiClient, height: number): Promise<string[]> {
  const blocks: BlockSummary[] = [];
  let before: string | undefined = String(height + 1);
  while (before) {
    const page: Awaited<ReturnType<ApiClient['blocks']>> = await client.blocks({ limit: 200, before });
    blocks.push(...page.items);
    before = page.next ?? undefined;
  }
  return blocks
    .sort((a, b) => a.height - b.height)
    .filter((block) => block.height <= height && block.height > 0)
    .map(({ hash }) => hash);
}
