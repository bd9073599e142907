import { describe, expect, test } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import type { Network, NodeKey } from '../ports/network.ts';
import { type Fate, type MemoryMessage, memoryHub } from './memory-network.ts';
import { createProbe, networkCompliance } from './network-compliance.ts';

const keyOf = (index: number): NodeKey => index.toString(16).padStart(64, '0');

const machineClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  at: (monotonicMs, callback) => {
    const timer = setTimeout(callback, Math.max(0, monotonicMs - performance.now()));
    return () => clearTimeout(timer);
  },
};

networkCompliance('memory', async () => {
  let networks: readonly Network[] = [];
  return {
    create: async ({ members, followers = 0, links }) => {
      const indexOf = (key: NodeKey): number => Number.parseInt(key, 16);
      const hub = memoryHub({
        clock: machineClock,
        isMember: (key) => indexOf(key) < members,
        areLinked: (a, b) => !links || links.some((pair) => pair.includes(indexOf(a)) && pair.includes(indexOf(b))),
      });
      networks = Array.from({ length: members + followers }, (_, index) => hub.join(keyOf(index)));
      return networks;
    },
    dispose: async () => {
      await Promise.all(networks.map((network) => network.stop()));
    },
  };
});

/** Time that stands still until it is told to move. */
function stillClock(): Clock & { advanceTo(ms: number): void } {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  return {
    monotonicMs: () => nowMs,
    wallMs: () => nowMs,
    at: (atMs, run) => {
      const timer = { atMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advanceTo(ms) {
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= ms).sort((a, b) => a.atMs - b.atMs);
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.run();
      }
      nowMs = ms;
    },
  };
}

describe('the memory hub', () => {
  const start = async (count: number, fate?: (message: MemoryMessage) => Fate) => {
    const clock = stillClock();
    const hub = memoryHub({ clock, ...(fate && { fate }) });
    const networks = Array.from({ length: count }, (_, index) => hub.join(keyOf(index)));
    const probes = networks.map(createProbe);
    await Promise.all(networks.map((network, index) => network.start(probes[index]!)));
    const say = (from: number, text: string) => networks[from]!.broadcastConsensus(new TextEncoder().encode(text));
    const heard = (index: number) => probes[index]!.consensus.map(({ text }) => text);
    return { clock, hub, networks, probes, say, heard };
  };

  test('delays as the rule says, and nothing moves before the clock does', async () => {
    const { clock, say, heard } = await start(3, ({ to }) => (to === keyOf(1) ? 10 : 30));
    say(0, 'hello');
    expect([heard(1), heard(2)]).toEqual([[], []]);
    clock.advanceTo(10);
    expect([heard(1), heard(2)]).toEqual([['hello'], []]);
    clock.advanceTo(30);
    expect(heard(2)).toEqual(['hello']);
  });

  test('a later message never overtakes an earlier one of its kind', async () => {
    const delays = [50, 0, 20];
    const { clock, say, heard } = await start(2, () => delays.shift() ?? 0);
    for (const text of ['first', 'second', 'third']) say(0, text);
    clock.advanceTo(49);
    expect(heard(1)).toEqual([]);
    clock.advanceTo(50);
    expect(heard(1)).toEqual(['first', 'second', 'third']);
  });

  test('loses what the rule loses', async () => {
    const { clock, say, heard } = await start(3, ({ to, bytes }) =>
      to === keyOf(1) && bytes.length === 4 ? 'lost' : 0,
    );
    say(0, 'lost');
    say(0, 'found');
    clock.advanceTo(1);
    expect([heard(1), heard(2)]).toEqual([['found'], ['lost', 'found']]);
  });

  test('a lost request times out on the clock', async () => {
    const { clock, networks } = await start(2, () => 'lost');
    const asked = networks[0]!.requestSync(keyOf(1), new Uint8Array(), 1_000);
    asked.catch(() => {});
    clock.advanceTo(1_000);
    await expect(asked).rejects.toMatchObject({ code: 'PEER_TIMEOUT' });
  });

  test('a partition ends connections and what is under way, and heals', async () => {
    const { clock, hub, networks, probes, say, heard } = await start(4, () => 5);
    say(0, 'too late');
    hub.partition([[keyOf(0), keyOf(1)], [keyOf(2)]]);
    expect(networks.map((network) => network.peers().length)).toEqual([1, 1, 0, 0]);
    say(0, 'inside');
    clock.advanceTo(5);
    expect([heard(1), heard(2), heard(3)]).toEqual([['too late', 'inside'], [], []]);
    hub.heal();
    expect(probes.map(({ connected }) => connected.size)).toEqual([3, 3, 3, 3]);
    say(2, 'together');
    clock.advanceTo(10);
    expect([heard(0), heard(1), heard(3)]).toEqual([['together'], ['too late', 'inside', 'together'], ['together']]);
  });
});
