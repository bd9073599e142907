/** Nodes that die in the middle of an incident: what lives goes on, what returns catches up, nothing forks. */
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor, waitReady } from '../testnet/api.ts';
import { NODES } from '../testnet/testnet.ts';
import { agreedHeight, blocksAt, type Fixture, raiseIncident, startTestnet, untilState } from './support.ts';

let fixture: Fixture | undefined;
afterEach(async () => {
  await fixture?.end();
  fixture = undefined;
});

/** Number of the node that leads the current view, as `from` sees it. */
async function leaderNode(on: Fixture, from: number): Promise<number> {
  const { leaderName } = await on.client(from).consensus();
  return Number(leaderName.replace('node-', ''));
}

describe('two of seven killed in mid-incident', () => {
  it.each([
    ['the role whose turn it is and the leader', async (on: Fixture) => [4, await leaderNode(on, 2)]],
    ['proposer and first in the ring after it', async () => [5, 6]],
  ])('%s: it still reaches Solution; they return and agree', async (_case, choose) => {
    const on = await startTestnet();
    fixture = on;
    const chosen = await choose(on);
    const witness = NODES.find((node) => !chosen.includes(node) && node !== 4) ?? 2;
    const client = on.client(witness);
    const incidentId = await raiseIncident(client);
    const killed = [...new Set(chosen)];
    if (killed.length < 2) killed.push(NODES.find((node) => node !== witness && !killed.includes(node)) ?? 6);
    await Promise.all(killed.map((node) => on.testnet.stop(node, 'SIGKILL')));
    const living = NODES.filter((node) => !killed.includes(node));
    const incident = await untilState(client, incidentId, 'Solution', 'Finalized');
    expect(incident.rootCause).toBe('food-buy');
    await agreedHeight(on, living);

    for (const node of killed) on.testnet.start(node);
    await waitReady(on.testnet, killed);
    const { height } = await client.chain();
    const blocks = await blocksAt(on, NODES, height);
    expect(new Set(blocks.map(({ hash }) => hash)).size).toBe(1);
    expect(new Set(blocks.map(({ stateRoot }) => stateRoot)).size).toBe(1);
    await agreedHeight(on);
  });
});

describe('more than the chain can bear', () => {
  it('three killed: it stops and forks nothing; it goes on by itself once one returns', async () => {
    const on = await startTestnet();
    fixture = on;
    const client = on.client(1);
    const incidentId = await raiseIncident(client);
    const killed = [3, 5, 7];
    await Promise.all(killed.map((node) => on.testnet.stop(node, 'SIGKILL')));
    // Heartbeats are due every 500 ms while an incident is open: a height that stands still has stopped.
    const { height: stopped } = await waitFor('a standstill', 30_000, async () => {
      const before = await client.chain();
      await new Promise((done) => setTimeout(done, 3_000));
      return (await client.chain()).height === before.height && before;
    });
    await agreedHeight(on, [1, 2, 4, 6]);
    on.testnet.start(5);
    await untilState(client, incidentId, 'Solution', 'Finalized');
    expect((await client.chain()).height).toBeGreaterThan(stopped);
    await agreedHeight(on, [1, 2, 4, 5, 6]);
  });

  it('all seven killed at once: they go on from disk and the incident completes', async () => {
    const on = await startTestnet();
    fixture = on;
    const incidentId = await raiseIncident(on.client(2));
    await untilState(on.client(2), incidentId, 'Data_Collected', 'Root_Cause_Proposed', 'Consensus', 'Solution');
    const { height } = await on.client(2).chain();
    await Promise.all(NODES.map((node) => on.testnet.stop(node, 'SIGKILL')));
    for (const node of NODES) on.testnet.start(node);
    await waitReady(on.testnet);
    const incident = await untilState(on.client(2), incidentId, 'Finalized');
    expect(incident.rootCause).toBe('food-buy');
    expect(await agreedHeight(on)).toBeGreaterThan(height);
  });
});
