/** Whom a node that is behind asks how far it is, and when it counts as following. */
import { describe, expect, it } from 'vitest';
import { type NodeKey, silentTelemetry } from '../ports/index.ts';
import type { Block } from '../protocol/types.ts';
import { ManualClock } from '../testing/node-cluster.ts';
import { CatchUp } from './catch-up.ts';
import type { BlockRange } from './peers-client.ts';
import { Timers } from './timers.ts';

const PEERS: readonly NodeKey[] = ['a1', 'b2', 'c3'];
const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A node and its peers: they say how far they are, and give blocks, when the test says so. */
function scene() {
  const clock = new ManualClock(0);
  const questions = new Map<NodeKey, (height: number | undefined) => void>();
  const asked: NodeKey[] = [];
  const ranges: { readonly from: number; readonly count: number; readonly give: () => void }[] = [];
  let own = 0;
  let changes = 0;
  const catchUp = new CatchUp({
    asking: {
      peers: () => PEERS,
      height: (peer) => {
        asked.push(peer);
        return new Promise((resolve) => questions.set(peer, resolve));
      },
      range: (peer, from, count) => {
        const { promise, resolve } = Promise.withResolvers<BlockRange>();
        const blocks = Array.from({ length: count }, () => ({}) as Block);
        const give = (): void => resolve({ peer, from, blocks, finality: {} as BlockRange['finality'], bytes: count });
        ranges.push({ from, count, give });
        return promise;
      },
    },
    clock,
    timers: new Timers(clock),
    telemetry: silentTelemetry,
    height: () => own,
    gather: async () => {},
    adopt: async ({ from, blocks }) => {
      own = from + blocks.length - 1;
    },
    isBehind: () => true,
    onChange: () => {
      changes += 1;
    },
  });
  const says = async (peer: NodeKey, height: number | undefined): Promise<void> => {
    questions.get(peer)?.(height);
    await answered();
  };
  const give = async (from: number): Promise<void> => {
    ranges.find((range) => range.from === from)?.give();
    await answered();
  };
  return { catchUp, clock, asked, ranges, says, give, changes: () => changes };
}

describe('who is behind', () => {
  it('asks nobody again who owes an answer, however often it hears that it is', async () => {
    const { catchUp, asked, says } = scene();
    for (let heard = 0; heard < 20; heard += 1) catchUp.start();
    catchUp.start(PEERS[0]);
    expect(asked).toEqual(PEERS);
    await says('b2', 0);
    for (let heard = 0; heard < 20; heard += 1) catchUp.start();
    expect(asked).toEqual([...PEERS, 'b2']);
  });

  it('asks again after a pause when the answers bring nothing', async () => {
    const { catchUp, asked, says, clock } = scene();
    catchUp.start();
    for (const peer of PEERS) await says(peer, undefined);
    expect(asked).toEqual(PEERS);
    expect(await clock.advance(10_000, () => asked.length > PEERS.length)).toBe(true);
    expect(asked).toEqual([...PEERS, ...PEERS]);
  });

  it('follows once it is where its peers were when they had all answered, though they have gone on', async () => {
    const { catchUp, ranges, says, give, changes } = scene();
    catchUp.start();
    await says('a1', 10);
    await says('b2', 12);
    expect(catchUp.active).toBe(true);
    await says('c3', 11);
    catchUp.hear('b2', 15);
    await give(1);
    expect(catchUp.active).toBe(true);
    catchUp.hear('b2', 20);
    await give(11);
    expect({ active: catchUp.active, changes: changes(), going: ranges.length > 2 }).toEqual({
      ...{ active: false, changes: 1, going: true },
    });
  });

  it('does not wait for a height that nobody claims any more', async () => {
    const { catchUp, says, give } = scene();
    catchUp.start();
    for (const peer of PEERS) await says(peer, peer === 'c3' ? 1_000_000 : 10);
    catchUp.lost('c3');
    catchUp.hear('a1', 10);
    await give(1);
    expect(catchUp.active).toBe(false);
  });
});
