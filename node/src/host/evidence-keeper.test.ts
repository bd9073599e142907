import { describe, expect, it } from 'vitest';
import type { ChainStore } from '../ports/index.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { evidenceHash } from '../protocol/hashing.ts';
import type { Block, Hash } from '../protocol/types.ts';
import { ManualClock } from '../testing/node-cluster.ts';
import { EvidenceKeeper } from './evidence-keeper.ts';
import type { Mempool } from './mempool.ts';
import type { PeersClient } from './peers-client.ts';
import { Timers } from './timers.ts';

const blob = utf8Bytes('a snapshot of metrics');
const hash = evidenceHash(blob);
/** A final block that names the blob; nothing else of it matters here. */
const block = { transactions: [{ evidence: [hash] }] } as unknown as Block;

/** A keeper whose peers have the blob from the second time on, over a disk that takes what `write` takes. */
function scene(write: (blobs: ReadonlyMap<Hash, Uint8Array>) => void) {
  const clock = new ManualClock(0);
  const timers = new Timers(clock);
  const held = new Set<Hash>();
  const failures: unknown[] = [];
  let asked = 0;
  const keeper = new EvidenceKeeper(
    {
      store: {
        hasEvidence: async (one: Hash) => held.has(one),
        putEvidence: async (blobs: ReadonlyMap<Hash, Uint8Array>) => {
          if (blobs.size > 0) write(blobs);
          for (const one of blobs.keys()) held.add(one);
        },
      } as unknown as ChainStore,
      pool: { blob: () => undefined } as unknown as Mempool,
      asking: {
        evidence: async () => new Map(asked++ === 0 ? [] : [[hash, blob]]),
      } as unknown as PeersClient,
      timers,
    },
    (error) => failures.push(error),
  );
  return { keeper, clock, held, failures, asked: () => asked };
}

describe('evidence of final blocks that is not held', () => {
  it('is asked for until somebody has it', async () => {
    const { keeper, clock, held, failures, asked } = scene(() => {});
    await keeper.noteFinal([block]);
    expect(await clock.advance(60_000, () => held.has(hash))).toBe(true);
    expect(failures).toEqual([]);
    expect(asked()).toBe(2);
  });

  it('ends the node when it cannot be written', async () => {
    const broken = new Error('no space left on device');
    const { keeper, clock, failures } = scene(() => {
      throw broken;
    });
    await keeper.noteFinal([block]);
    expect(await clock.advance(60_000, () => failures.length > 0)).toBe(true);
    expect(failures[0]).toBe(broken);
  });

  it('is left for the next start when the node is stopping', async () => {
    const { keeper, clock, failures, asked } = scene(() => {
      keeper.stop();
      throw new Error('the store is closed');
    });
    await keeper.noteFinal([block]);
    expect(await clock.advance(60_000, () => asked() === 2)).toBe(true);
    await clock.advance(60_000, () => failures.length > 0);
    expect(failures).toEqual([]);
  });
});
