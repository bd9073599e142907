import { describe, expect, it } from 'vitest';
import { breakdownOf, type CpuProfile, roomOf } from './profile.ts';

describe('the room of a script', () => {
  it.each([
    ['file:///x/node_modules/@noble/hashes/sha2.js', '@noble/hashes'],
    ['file:///x/node_modules/libp2p/node_modules/it-queue/index.js', 'it-queue'],
    ['file:///x/node/src/host/engine.ts', 'node/host'],
    ['file:///x/agent-runtime/src/core/executor.ts', 'agent-runtime/core'],
    ['node:internal/crypto/sig', 'node:crypto'],
    ['node:buffer', 'node:buffer'],
    ['', 'other'],
  ])('%s', (url, room) => expect(roomOf(url)).toBe(room));
});

describe('a profile', () => {
  const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 6 });
  const profile: CpuProfile = {
    nodes: [
      { id: 1, callFrame: frame('(root)', ''), children: [2, 4, 5] },
      { id: 2, callFrame: frame('step', 'file:///x/node/src/consensus/simplex.ts'), children: [3] },
      { id: 3, callFrame: frame('set', '') },
      { id: 4, callFrame: frame('(idle)', '') },
      { id: 5, callFrame: frame('(garbage collector)', '') },
    ],
    samples: [2, 3, 4, 5, 4],
    timeDeltas: [100, 200, 500, 100, 100],
  };

  it('counts busy time by room, native functions with their callers', () => {
    const { busy, rooms, functions } = breakdownOf(profile);
    expect(busy).toBeCloseTo(0.4);
    expect(rooms).toEqual([
      { name: 'node/consensus', share: 0.75 },
      { name: 'garbage collection', share: 0.25 },
    ]);
    expect(functions[0]).toEqual({ name: 'step (simplex.ts:7)', share: 0.75 });
  });

  it('does not take the time without a processor for work', () => {
    const waited = { ...profile, timeDeltas: [100, 200, 500, 60_000, 100] };
    expect(breakdownOf(waited).rooms[0]).toEqual({ name: 'garbage collection', share: 1_000 / 1_300 });
  });

  it('of nothing is nothing', () => expect(breakdownOf({ nodes: [], samples: [], timeDeltas: [] }).busy).toBe(0));
});
