/**
 * What every implementation of the `Network` port must do, as one suite. A test file calls it with a way to make
 * networks that know each other. Not exported from `index.ts`: it needs vitest's runner around it.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GossipVerdict, Network, NetworkHandlers, NodeKey } from '../ports/network.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';

export interface NetworkPlan {
  /** Members of the network, which are all validators. */
  readonly members: number;
  /** Nodes that know every member, and that no member knows. */
  readonly followers?: number;
  /** Pairs of members, by index, that know each other's address. All pairs when absent. */
  readonly links?: readonly (readonly [number, number])[];
}

export interface NetworkHarness {
  /** The members, then the followers; not started. */
  create(plan: NetworkPlan): Promise<readonly Network[]>;
  dispose(): Promise<void>;
}

interface Heard {
  readonly from: NodeKey;
  readonly text: string;
}

/** Handlers that remember what they were told, and wake whoever waits for it. */
export interface Probe extends NetworkHandlers {
  readonly consensus: Heard[];
  readonly announcements: Heard[];
  readonly transactions: Heard[];
  readonly connected: Set<NodeKey>;
  verdict: (text: string) => GossipVerdict;
  answer: (text: string) => Promise<string>;
  /** Resolves once the condition holds; it is looked at after every event. */
  until(condition: () => boolean): Promise<void>;
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export function createProbe(): Probe {
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  const probe: Probe = {
    consensus: [],
    announcements: [],
    transactions: [],
    connected: new Set(),
    verdict: () => 'accept',
    answer: async (text) => `answer to ${text}`,
    onConsensus: (from, bytes) => {
      probe.consensus.push({ from, text: textOf(bytes) });
      wake();
    },
    onAnnouncement: (from, bytes) => {
      probe.announcements.push({ from, text: textOf(bytes) });
      wake();
    },
    onTransaction: async (from, bytes) => {
      const text = textOf(bytes);
      probe.transactions.push({ from, text });
      wake();
      return probe.verdict(text);
    },
    onSyncRequest: async (_from, bytes) => bytesOf(await probe.answer(textOf(bytes))),
    onPeerConnected: (key) => {
      probe.connected.add(key);
      wake();
    },
    onPeerDisconnected: (key) => {
      probe.connected.delete(key);
      wake();
    },
    until: (condition) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const check = (): void => {
        if (!condition()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
      return promise;
    },
  };
  return probe;
}

const NEVER = (): Promise<string> => new Promise(() => {});
const SLOW_MS = 60_000;
const REPEAT_MS = 100;

export function networkCompliance(name: string, createHarness: () => Promise<NetworkHarness>): void {
  describe(`${name} as a Network`, () => {
    let harness: NetworkHarness;
    let networks: readonly Network[];
    let probes: Probe[];

    beforeEach(async () => {
      harness = await createHarness();
    });
    afterEach(() => harness.dispose());

    const network = (index: number): Network => networks[index] ?? expect.fail(`no network ${index}`);
    const probe = (index: number): Probe => probes[index] ?? expect.fail(`no probe ${index}`);
    const keys = (...indices: readonly number[]): readonly NodeKey[] =>
      indices.map((index) => network(index).self).sort();
    const start = (index: number) => network(index).start(probe(index));
    const connectedTo = (index: number, ...others: readonly number[]) =>
      probe(index).until(() => keys(...others).every((key) => probe(index).connected.has(key)));

    /** Starts everything, and waits until each node is connected to each that it knows. */
    const form = async (plan: NetworkPlan): Promise<void> => {
      networks = await harness.create(plan);
      probes = networks.map(createProbe);
      await Promise.all(networks.map((_, index) => start(index)));
      const links = plan.links ?? networks.flatMap((_, a) => networks.slice(0, a).map((_other, b) => [a, b] as const));
      const isBetween = ([a, b]: readonly [number, number]) => a < plan.members || b < plan.members;
      await Promise.all(links.filter(isBetween).flatMap(([a, b]) => [connectedTo(a, b), connectedTo(b, a)]));
    };
    /**
     * Gossip finds its ways a moment after the connections: says something new until the others have heard one, and
     * waits until they have heard the last, so that none is left to travel in one parcel with what comes next.
     */
    const warmUp = async (from: number, ...to: readonly number[]): Promise<void> => {
      let count = 0;
      const timer = setInterval(() => {
        count += 1;
        network(from).publishTransaction(bytesOf(`warm-up ${from} ${count}.`));
      }, REPEAT_MS);
      const hears = ({ transactions, until }: Probe, start: string): Promise<void> =>
        until(() => transactions.some(({ text }) => text.startsWith(start)));
      const allHear = (start: string) => Promise.all(to.map((index) => hears(probe(index), start)));
      await allHear(`warm-up ${from} `);
      clearInterval(timer);
      await allHear(`warm-up ${from} ${count}.`);
    };
    /** What is said before a follower's stream stands may be lost: the next announcement says more. */
    const announceUntilHeard = async (from: number, text: string, ...to: readonly number[]): Promise<void> => {
      const timer = setInterval(() => network(from).announce(bytesOf(text)), REPEAT_MS);
      await Promise.all(
        to.map((index) => probe(index).until(() => probe(index).announcements.some((one) => one.text === text))),
      );
      clearInterval(timer);
    };
    const heard = (index: number): readonly string[] =>
      probe(index)
        .transactions.map(({ text }) => text)
        .filter((text) => !text.startsWith('warm-up'));

    test('four nodes connect, each to each, and tell who is there', async () => {
      await form({ members: 4 });
      for (const index of [0, 1, 2, 3]) {
        const others = [0, 1, 2, 3].filter((other) => other !== index);
        expect(
          network(index)
            .peers()
            .map(({ key }) => key)
            .sort(),
        ).toEqual(keys(...others));
        expect([...probe(index).connected].sort()).toEqual(keys(...others));
      }
      const [outbound, inbound] = ['outbound', 'inbound'].map(
        (direction) => networks.flatMap((one) => one.peers().filter((peer) => peer.direction === direction)).length,
      );
      expect([outbound, inbound]).toEqual([6, 6]);
    });

    test('a broadcast reaches all others in order, and not its sender', async () => {
      await form({ members: 4 });
      const texts = Array.from({ length: 200 }, (_, index) => `message ${index}`);
      for (const text of texts) network(0).broadcastConsensus(bytesOf(text));
      for (const index of [1, 2, 3]) {
        await probe(index).until(() => probe(index).consensus.length === texts.length);
        expect(probe(index).consensus).toEqual(texts.map((text) => ({ from: network(0).self, text })));
      }
      expect(probe(0).consensus).toEqual([]);
      expect(network(0).counters().messagesSent).toBe(600);
      expect(network(1).counters().messagesReceived).toBe(200);
    });

    test('a message to one reaches that one only, also when it is as large as allowed', async () => {
      await form({ members: 3 });
      const large = new Uint8Array(PEER_MESSAGE_BYTES_MAX).fill(97);
      network(0).sendConsensus(network(1).self, large);
      network(0).sendConsensus(network(1).self, bytesOf('after it'));
      await probe(1).until(() => probe(1).consensus.length === 2);
      expect(probe(1).consensus[0]?.text).toHaveLength(PEER_MESSAGE_BYTES_MAX);
      expect(probe(1).consensus[1]?.text).toBe('after it');
      network(0).broadcastConsensus(bytesOf('to all'));
      await probe(2).until(() => probe(2).consensus.length > 0);
      expect(probe(2).consensus).toEqual([{ from: network(0).self, text: 'to all' }]);
    });

    test('sending copies: the array may be used again', async () => {
      await form({ members: 2 });
      const bytes = bytesOf('first');
      network(0).broadcastConsensus(bytes);
      bytes.set(bytesOf('other'));
      await probe(1).until(() => probe(1).consensus.length === 1);
      expect(probe(1).consensus[0]?.text).toBe('first');
    });

    test('what cannot be sent is dropped and counted, and nothing throws', async () => {
      await form({ members: 2 });
      const before = network(0).counters().dropped;
      network(0).sendConsensus('ab'.repeat(32), bytesOf('to a stranger'));
      network(0).sendConsensus(network(0).self, bytesOf('to itself'));
      network(0).sendConsensus(network(1).self, new Uint8Array(PEER_MESSAGE_BYTES_MAX + 1));
      expect(network(0).counters().dropped - before).toBe(3);
      await network(0).stop();
      network(0).sendConsensus(network(1).self, bytesOf('after the end'));
      network(0).broadcastConsensus(bytesOf('after the end'));
      network(0).publishTransaction(bytesOf('after the end'));
      expect(network(0).counters().dropped - before).toBeGreaterThanOrEqual(5);
    });

    test('a sync request is answered by the peer that was asked', async () => {
      await form({ members: 3 });
      const ask = async (to: number, text: string) =>
        textOf(await network(0).requestSync(network(to).self, bytesOf(text), SLOW_MS));
      probe(2).answer = async (text) => `two says ${text}`;
      expect(await Promise.all([ask(1, 'blocks'), ask(2, 'blocks'), ask(2, '')])).toEqual([
        'answer to blocks',
        'two says blocks',
        'two says ',
      ]);
      probe(1).answer = async () => 'x'.repeat(PEER_MESSAGE_BYTES_MAX);
      expect(await ask(1, 'everything')).toHaveLength(PEER_MESSAGE_BYTES_MAX);
    });

    const refusals: readonly (readonly [code: string, what: string, run: () => Promise<unknown>])[] = [
      ['PEER_UNKNOWN', 'nobody has that key', () => network(0).requestSync('ab'.repeat(32), bytesOf('?'), SLOW_MS)],
      [
        'PEER_TIMEOUT',
        'the peer takes its time',
        () => {
          probe(1).answer = NEVER;
          return network(0).requestSync(network(1).self, bytesOf('?'), 50);
        },
      ],
      [
        'PEER_CLOSED',
        'the peer cannot answer',
        () => {
          probe(1).answer = () => Promise.reject(new Error('not that'));
          return network(0).requestSync(network(1).self, bytesOf('?'), SLOW_MS);
        },
      ],
      [
        'PEER_CLOSED',
        'the answer is above the limit',
        () => {
          probe(1).answer = async () => 'x'.repeat(PEER_MESSAGE_BYTES_MAX + 1);
          return network(0).requestSync(network(1).self, bytesOf('?'), SLOW_MS);
        },
      ],
      [
        'PEER_CLOSED',
        'the peer stops meanwhile',
        async () => {
          probe(1).answer = NEVER;
          const asked = network(0).requestSync(network(1).self, bytesOf('?'), SLOW_MS);
          asked.catch(() => {});
          await network(1).stop();
          return asked;
        },
      ],
      [
        'MESSAGE_TOO_LARGE',
        'the request is above the limit',
        () => network(0).requestSync(network(1).self, new Uint8Array(PEER_MESSAGE_BYTES_MAX + 1), SLOW_MS),
      ],
      [
        'NOT_STARTED',
        'this node has stopped',
        async () => {
          await network(0).stop();
          return network(0).requestSync(network(1).self, bytesOf('?'), SLOW_MS);
        },
      ],
    ];
    test.each(refusals)('a sync request fails with %s: %s', async (code, _, run) => {
      await form({ members: 2 });
      await expect(run()).rejects.toMatchObject({ name: 'NetworkError', code });
    });

    test('a transaction reaches everyone once, also those that its publisher does not know', async () => {
      await form({
        members: 4,
        links: [
          [0, 1],
          [1, 2],
          [2, 3],
        ],
      });
      await warmUp(0, 1, 2, 3);
      network(0).publishTransaction(bytesOf('pay'));
      network(0).publishTransaction(bytesOf('pay'));
      network(0).publishTransaction(bytesOf('pay more'));
      for (const index of [1, 2, 3]) {
        await probe(index).until(() => heard(index).length === 2);
        expect([...heard(index)].sort()).toEqual(['pay', 'pay more']);
        expect(probe(index).transactions.at(-1)?.from).toBe(network(index - 1).self);
      }
      expect(heard(0)).toEqual([]);
    });

    test.each(['ignore', 'reject'] as const)(
      'a transaction that the judge would %s goes no further',
      async (verdict) => {
        await form({
          members: 3,
          links: [
            [0, 1],
            [1, 2],
          ],
        });
        await warmUp(0, 1, 2);
        probe(1).verdict = (text) => (text === 'bad' ? verdict : 'accept');
        network(0).publishTransaction(bytesOf('bad'));
        await probe(1).until(() => heard(1).includes('bad'));
        network(0).publishTransaction(bytesOf('good'));
        await probe(2).until(() => heard(2).includes('good'));
        expect(heard(2)).toEqual(['good']);
      },
    );

    test('a transaction that is published before anybody listens arrives later', async () => {
      networks = await harness.create({ members: 2 });
      probes = networks.map(createProbe);
      await start(0);
      network(0).publishTransaction(bytesOf('early'));
      await start(1);
      await probe(1).until(() => heard(1).includes('early'));
    });

    test('a node that stops is missed, and found again when it is back', async () => {
      await form({ members: 4 });
      await network(2).stop();
      await Promise.all([0, 1, 3].map((index) => probe(index).until(() => probe(index).connected.size === 2)));
      expect(
        network(0)
          .peers()
          .map(({ key }) => key)
          .sort(),
      ).toEqual(keys(1, 3));
      expect(network(2).peers()).toEqual([]);

      probe(2).connected.clear();
      await start(2);
      await connectedTo(2, 0, 1, 3);
      await Promise.all([0, 1, 3].map((index) => connectedTo(index, 2)));
      network(0).broadcastConsensus(bytesOf('welcome back'));
      network(2).broadcastConsensus(bytesOf('here again'));
      await probe(2).until(() => probe(2).consensus.some(({ text }) => text === 'welcome back'));
      await probe(0).until(() => probe(0).consensus.some(({ text }) => text === 'here again'));
    });

    test('a follower syncs and gossips, and is not heard in consensus', async () => {
      await form({ members: 2, followers: 1 });
      expect(textOf(await network(2).requestSync(network(0).self, bytesOf('blocks'), SLOW_MS))).toBe(
        'answer to blocks',
      );
      await warmUp(2, 0, 1);
      await warmUp(0, 2);
      network(2).broadcastConsensus(bytesOf('let me vote'));
      network(2).sendConsensus(network(0).self, bytesOf('let me vote'));
      network(1).broadcastConsensus(bytesOf('a vote'));
      await probe(0).until(() => probe(0).consensus.length > 0);
      expect(probe(0).consensus).toEqual([{ from: network(1).self, text: 'a vote' }]);
      expect(probe(2).consensus).toEqual([]);
    });

    test('an announcement reaches the followers of a member, and nobody else', async () => {
      await form({ members: 2, followers: 2 });
      network(2).announce(bytesOf('nobody follows a follower'));
      await announceUntilHeard(0, 'where 0 stands', 2, 3);
      await announceUntilHeard(1, 'where 1 stands', 2, 3);
      for (const index of [2, 3]) {
        const froms = new Set(probe(index).announcements.map(({ from, text }) => `${from} ${text}`));
        expect([...froms]).toEqual([`${network(0).self} where 0 stands`, `${network(1).self} where 1 stands`]);
      }
      expect([...probe(0).announcements, ...probe(1).announcements]).toEqual([]);
    });

    test('starting and stopping twice is harmless', async () => {
      await form({ members: 2 });
      await start(0);
      await Promise.all([network(0).stop(), network(0).stop()]);
      await probe(1).until(() => probe(1).connected.size === 0);
      expect(network(0).peers()).toEqual([]);
    });
  });
}
