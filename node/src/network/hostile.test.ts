import { once } from 'node:events';
import type { Connection } from '@libp2p/interface';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentTelemetry } from '../ports/telemetry.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';
import { voteSigningRoot } from '../protocol/hashing.ts';
import { type Vote, ZERO_HASH } from '../protocol/types.ts';
import { encodeConsensusMessage, encodeEnvelope, encodeSyncRequest } from '../protocol/wire.ts';
import { testAgent, testAgents, testSecret } from '../testing/chain-kit.ts';
import { type LiveCluster, startLiveCluster, transferOf } from '../testing/live-cluster.ts';
import { dialAddress } from './addresses.ts';
import { FOLLOWERS_MAX, GOSSIP_BURST_SECONDS, GOSSIP_USELESS_PER_SECOND } from './constants.ts';
import { encodeFrame } from './frame.ts';
import { machineClock, networkAt, recordingTelemetry, type Seat, seatAt, takeSeats } from './libp2p.fixture.ts';
import { createNode, type Node } from './node.ts';
import { encodeParcel } from './parcel.ts';

const CHAIN = 'dao-gov-test';
const CONSENSUS = `/dao-gov/${CHAIN}/consensus/1`;
const SYNC = `/dao-gov/${CHAIN}/sync/1`;
const TOPIC = `/dao-gov/${CHAIN}/transactions/1`;
const VALIDATORS = 4;
/** Seat of the attacker that is a validator; the three others are a quorum without it. */
const TRAITOR = 3;
const FRAMES_AT_ONCE = 512;
/** Bytes that the whole process, attacker and cluster, may hold more after an attack than before. */
const MEMORY_GROWTH_MAX = 256 * 1_048_576;

const endings: (() => Promise<unknown>)[] = [];
let seats: readonly Seat[];
let cluster: LiveCluster;
let telemetry: ReturnType<typeof recordingTelemetry>;
let memoryBefore: number;

const memoryNow = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

beforeEach(async () => {
  const ports = await takeSeats(VALIDATORS);
  seats = ports.map(({ port }, index) => {
    const key = testAgents[index]?.validatorKey ?? '';
    return { key, secretKey: testSecret(index + 1), port, address: { key, address: `/ip4/127.0.0.1/tcp/${port}` } };
  });
  telemetry = recordingTelemetry();
  const honest = seats.slice(0, TRAITOR);
  const networks = honest.map((seat, index) =>
    networkAt(seat, seats, { chainId: CHAIN, ...(index === 0 && { telemetry }) }),
  );
  cluster = await startLiveCluster(networks, machineClock, VALIDATORS);
  endings.push(() => cluster.stop());
  await cluster.grow(1);
  memoryBefore = memoryNow();
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const victim = (): Seat => seats[0] as Seat; // made before each test
const victimNode = () => cluster.nodes[0] ?? expect.fail('no victim');
const counted = (name: string): number => telemetry.counted.get(name) ?? 0;

/** A libp2p node that keeps no rules. */
async function attacker(seat: Seat): Promise<Node> {
  const node = await createNode(
    {
      ...{ key: seat.key, secretKey: seat.secretKey },
      ...{ listen: { host: '127.0.0.1', port: 0 }, peers: [], chainId: CHAIN },
      ...{ isValidator: () => true, preset: 'local', telemetry: silentTelemetry },
      ...{ clock: machineClock, random: Math.random },
    },
    { topics: [TOPIC], gater: {} },
  );
  endings.push(async () => node.stop());
  await node.start();
  return node;
}
const traitor = (): Promise<Node> => attacker(seats[TRAITOR] as Seat); // made before each test
const stranger = (number = 99): Promise<Node> => attacker(seatAt(number, 0));
const dial = (node: Node): Promise<Connection> => node.dial(dialAddress(victim().address));
/** A connection that the victim's upper layers know of too: streams that come before are cut off by the muxer itself. */
async function settled(node: Node): Promise<Connection> {
  const connection = await dial(node);
  await connection.newStream([SYNC]);
  return connection;
}
const ended = (connection: Connection): Promise<unknown> =>
  connection.status === 'open' ? once(connection, 'close') : Promise.resolve();

/** Sends until the connection ends, as fast as the victim takes it: many messages at a time. */
async function floodUntilCut(node: Node, next: (index: number) => Uint8Array): Promise<void> {
  const connection = await dial(node);
  const stream = await connection.newStream([CONSENSUS]);
  for (let sent = 0; connection.status === 'open' && stream.status === 'open'; sent += FRAMES_AT_ONCE) {
    const frames = Array.from({ length: FRAMES_AT_ONCE }, (_, index) => encodeFrame(next(sent + index)));
    const isFull = !stream.send(new Uint8Array(Buffer.concat(frames)));
    if (isFull) await Promise.race([once(stream, 'drain'), once(stream, 'close'), ended(connection)]);
    await new Promise(setImmediate);
  }
  await ended(connection);
}

function voteOf(validator: number, isSigned: boolean, view = victimNode().consensus().view + 2): Vote {
  const subject = { kind: 'nullify', epoch: 0, view, block: ZERO_HASH } as const;
  const sign = testAgents[validator]?.signAsValidator;
  const signature = isSigned && sign ? sign(voteSigningRoot(CHAIN, subject)) : 'ab'.repeat(64);
  return { ...subject, validator, signature };
}
const asBytes = (vote: Vote): Uint8Array => encodeConsensusMessage({ type: 'vote', vote });

/** What every attack has in common: the others go on, no node gives up, memory stays. */
async function expectUnimpressed(): Promise<void> {
  await cluster.grow(3);
  expect(cluster.fatal).toEqual([]);
  expect(memoryNow() - memoryBefore).toBeLessThan(MEMORY_GROWTH_MAX);
}
/** Cut off, and not let in again now. */
async function expectBanned(node: Node): Promise<void> {
  expect(counted('network_abuse_total')).toBeGreaterThan(0);
  const again = await dial(node).catch(() => undefined);
  if (again) await ended(again);
  expect(
    victimNode()
      .peers()
      .map(({ key }) => key),
  ).not.toContain((seats[TRAITOR] as Seat).key);
}

describe('a validator that turns on the others is cut off while they go on', () => {
  test.each<[what: string, next: () => (index: number) => Uint8Array]>([
    ['rubbish', () => (index) => new Uint8Array(200).fill(index)],
    ['votes with forged signatures', () => () => asBytes(voteOf(TRAITOR, false))],
    ['votes in the name of another', () => () => asBytes(voteOf(1, true))],
    [
      'the same genuine vote without end',
      () => {
        const bytes = asBytes(voteOf(TRAITOR, true, 1));
        return () => bytes;
      },
    ],
    ['empty messages', () => () => new Uint8Array()],
  ])(
    'after %s',
    async (_, make) => {
      const node = await traitor();
      const growing = cluster.grow(2);
      await floodUntilCut(node, make());
      await growing;
      await expectBanned(node);
      await expectUnimpressed();
    },
    60_000,
  );

  test('after a flood of genuine certificates', async () => {
    const stored = await victimNode().store.blockAt(1);
    const certificate = stored?.finality.certificate ?? expect.fail('no final block');
    const bytes = encodeConsensusMessage({ type: 'certificate', certificate });
    const node = await traitor();
    await floodUntilCut(node, () => bytes);
    await expectBanned(node);
    await expectUnimpressed();
  }, 60_000);

  test('after a frame that announces too much', async () => {
    const node = await traitor();
    const connection = await dial(node);
    const stream = await connection.newStream([CONSENSUS]);
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, PEER_MESSAGE_BYTES_MAX + 1);
    stream.send(header);
    await ended(connection);
    await expectBanned(node);
    await expectUnimpressed();
  });

  test('after connections one upon the other', async () => {
    const node = await traitor();
    const again = () => node.dial(dialAddress(victim().address), { force: true }).catch(() => {});
    while (counted('network_abuse_total') === 0) await Promise.all(Array.from({ length: 10 }, again));
    await expectBanned(node);
    await expectUnimpressed();
  }, 60_000);
});

describe('a stranger cannot hold up the validators', () => {
  test('by gossiping transactions that are none', async () => {
    const node = await stranger();
    const connection = await dial(node);
    const { pubsub } = node.services;
    pubsub.subscribe(TOPIC);
    const { transaction } = transferOf(testAgent('alert_receiver'), 0, CHAIN);
    for (let index = 0; connection.status === 'open'; index += 1) {
      const forged = { ...transaction, gasLimit: 300 + index };
      await pubsub.publish(TOPIC, encodeParcel([encodeEnvelope({ transaction: forged, blobs: [] })]));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expectUnimpressed();
    expect(counted('network_abuse_total')).toBe(1);
    expect(victimNode().pending()).toEqual([]);
  });

  test('by gossiping what was final long ago: most of it goes unread', async () => {
    const envelope = transferOf(testAgent('alert_receiver'), 0, CHAIN);
    await victimNode().submit(envelope);
    await cluster.grow(3);
    const node = await stranger();
    await dial(node);
    const { pubsub } = node.services;
    pubsub.subscribe(TOPIC);
    const unread = () =>
      counted('network_dropped_rate_limited_total') + counted('network_dropped_validations_full_total');
    const blob = new Uint8Array(8);
    const enough = 2 * GOSSIP_USELESS_PER_SECOND * GOSSIP_BURST_SECONDS;
    for (let index = 0; counted('network_dropped_rate_limited_total') === 0 && index < 10 * enough; index += 1) {
      new DataView(blob.buffer).setUint32(0, index);
      await pubsub.publish(TOPIC, encodeParcel([encodeEnvelope({ ...envelope, blobs: [blob] })]));
      if (index % 32 === 0) await new Promise(setImmediate);
    }
    expect(unread()).toBeGreaterThan(0);
    await expectUnimpressed();
  }, 60_000);

  test('by beginning requests and ending none', async () => {
    const node = await stranger();
    const connection = await settled(node);
    while (connection.status === 'open') {
      const begin = async (): Promise<void> => {
        const stream = await connection.newStream([SYNC], { maxOutboundStreams: 10_000 });
        stream.send(new Uint8Array(1));
      };
      const opening = Array.from({ length: 50 }, () => begin().catch(() => {}));
      await Promise.all(opening);
      // A stream that is refused at once would leave the sockets no turn.
      await new Promise(setImmediate);
    }
    expect(counted('network_abuse_total')).toBe(1);
    await expectUnimpressed();
  }, 60_000);

  test('by asking for ranges without end and taking no answer', async () => {
    const node = await stranger();
    const connection = await settled(node);
    const request = encodeFrame(encodeSyncRequest({ type: 'blocks', fromHeight: 1, count: 128 }));
    const ask = async (): Promise<void> => {
      const stream = await connection.newStream([SYNC], { maxOutboundStreams: 10_000 });
      stream.pause();
      stream.send(request);
    };
    while (connection.status === 'open') {
      await Promise.all(Array.from({ length: 60 }, () => ask().catch(() => {})));
      await new Promise(setImmediate);
    }
    expect(counted('network_abuse_total')).toBe(1);
    await expectUnimpressed();
  }, 60_000);

  test('by coming as a crowd', async () => {
    const crowd = await Promise.all(Array.from({ length: FOLLOWERS_MAX + 16 }, (_, index) => stranger(100 + index)));
    const connections = await Promise.all(crowd.map((node) => dial(node).catch(() => undefined)));
    expect(connections.some((connection) => connection !== undefined)).toBe(true);
    await cluster.grow(1);
    const keys = new Set(seats.map(({ key }) => key));
    expect(
      victimNode()
        .peers()
        .filter(({ key }) => !keys.has(key)).length,
    ).toBeLessThanOrEqual(FOLLOWERS_MAX);
    await expectUnimpressed();
  }, 60_000);
});
