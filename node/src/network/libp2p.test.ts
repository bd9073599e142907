import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import type { Connection } from '@libp2p/interface';
import { afterEach, describe, expect, test } from 'vitest';
import { silentTelemetry } from '../ports/telemetry.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';
import { createProbe, type Probe } from '../testing/network-compliance.ts';
import { dialAddress } from './addresses.ts';
import type { Libp2pNetwork, Libp2pNetworkConfig } from './config.ts';
import {
  CONSENSUS_MESSAGES_PER_SECOND,
  CONSENSUS_QUEUE_FRAMES_MAX,
  PARCEL_BYTES_MAX,
  SLEEP_CHECK_MS,
  SLEEP_MS,
  SYNC_REQUESTS_PER_PEER_MAX,
  VALIDATIONS_PER_PEER_MAX,
} from './constants.ts';
import { encodeFrame } from './frame.ts';
import { machineClock, networkAt, recordingTelemetry, type Seat, seatAt, takeSeats } from './libp2p.fixture.ts';
import { createNode, type Node } from './node.ts';

const CONSENSUS = '/dao-gov/test/consensus/1';
const SYNC = '/dao-gov/test/sync/1';
const TOPIC = '/dao-gov/test/transactions/1';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(endings.splice(0).map((end) => end()));
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Running {
  readonly network: Libp2pNetwork;
  readonly probe: Probe;
  readonly telemetry: ReturnType<typeof recordingTelemetry>;
}

async function run(seat: Seat, peers: readonly Seat[], changes: Partial<Libp2pNetworkConfig> = {}): Promise<Running> {
  const telemetry = recordingTelemetry();
  const network = networkAt(seat, peers, { telemetry, ...changes });
  const probe = createProbe();
  endings.push(() => network.stop());
  await network.start(probe);
  return { network, probe, telemetry };
}

const isConnected = ({ probe }: Running, ...seats: readonly Seat[]) =>
  probe.until(() => seats.every(({ key }) => probe.connected.has(key)));
const isAlone = ({ probe }: Running) => probe.until(() => probe.connected.size === 0);

/** A libp2p node that a test drives by hand: it keeps no rules and dials nobody by itself. */
async function rawNode(seat: Seat): Promise<Node> {
  const config: Libp2pNetworkConfig = {
    ...{ key: seat.key, secretKey: seat.secretKey },
    listen: { host: '127.0.0.1', port: 0 },
    peers: [],
    chainId: 'test',
    isValidator: () => true,
    preset: 'local',
    telemetry: silentTelemetry,
    clock: machineClock,
    random: Math.random,
  };
  const node = await createNode(config, { topics: [TOPIC], gater: {} });
  endings.push(() => node.stop());
  await node.start();
  return node;
}

const dial = (node: Node, { address }: Seat): Promise<Connection> => node.dial(dialAddress(address));

/** Resolves when the connection has ended. */
const ended = (connection: Connection): Promise<unknown> =>
  connection.status === 'open' ? once(connection, 'close') : Promise.resolve();

describe('who may speak', () => {
  test('a stranger may sync, and cannot open the consensus protocol', async () => {
    const [seat, stranger] = await takeSeats(2);
    const { probe } = await run(seat!, [seat!]);
    const node = await rawNode(stranger!);
    const connection = await dial(node, seat!);
    const stream = await connection.newStream([CONSENSUS]);
    if (stream.status === 'open') await once(stream, 'close');
    expect(probe.consensus).toEqual([]);
    expect(connection.status).toBe('open');
    const sync = await connection.newStream([SYNC]);
    sync.send(encodeFrame(bytesOf('blocks')));
    const [{ data }] = (await once(sync, 'message')) as [{ readonly data: Uint8Array }];
    expect(new TextDecoder().decode(data.subarray(4))).toBe('answer to blocks');
  });

  test('a member that is no validator now is connected and not heard', async () => {
    const [first, second] = await takeSeats(2);
    let isValidator = false;
    const one = await run(first!, [first!, second!]);
    const two = await run(second!, [first!, second!], { isValidator: (key) => key !== first!.key || isValidator });
    await isConnected(one, second!);
    one.network.broadcastConsensus(bytesOf('unheard'));
    while (two.network.counters().dropped === 0) await new Promise(setImmediate);
    isValidator = true;
    one.network.broadcastConsensus(bytesOf('heard'));
    await two.probe.until(() => two.probe.consensus.length > 0);
    expect(two.probe.consensus.map(({ text }) => text)).toEqual(['heard']);
    expect(two.telemetry.counted.get('network_dropped_not_a_validator_total')).toBe(1);
  });

  test('nodes of different chains do not even connect', async () => {
    const [first, second, third] = await takeSeats(3);
    const seats = [first!, second!, third!];
    const foreign = await run(first!, seats, { chainId: 'other' });
    const two = await run(second!, seats);
    const three = await run(third!, seats);
    await isConnected(two, third!);
    await isConnected(three, second!);
    await expect(dial(await rawNode(seatAt(9, 0)), first!)).rejects.toThrow();
    expect(foreign.network.peers()).toEqual([]);
    expect(two.network.peers().map(({ key }) => key)).toEqual([third!.key]);
  });
});

describe('a peer that breaks the rules', () => {
  test('by an oversized frame loses its connection and is kept out', async () => {
    const [seat, member] = await takeSeats(2);
    const one = await run(seat!, [seat!, member!]);
    const node = await rawNode(member!);
    const connection = await dial(node, seat!);
    const stream = await connection.newStream([CONSENSUS]);
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, PEER_MESSAGE_BYTES_MAX + 1);
    stream.send(header);
    await ended(connection);
    await isAlone(one);
    await expect(
      dial(node, seat!)
        .then(ended)
        .then(() => Promise.reject(new Error('ended'))),
    ).rejects.toThrow();
    expect(one.network.peers()).toEqual([]);
    expect(one.telemetry.counted.get('network_abuse_total')).toBe(1);
  });

  test('by a flood is cut off, after the part that it may send', async () => {
    const [seat, member] = await takeSeats(2);
    const one = await run(seat!, [seat!, member!]);
    const connection = await dial(await rawNode(member!), seat!);
    const stream = await connection.newStream([CONSENSUS]);
    const frame = encodeFrame(bytesOf('vote'));
    const flood = new Uint8Array(Buffer.concat(Array(10 * CONSENSUS_MESSAGES_PER_SECOND).fill(frame)));
    stream.send(flood);
    await ended(connection);
    await isAlone(one);
    expect(one.probe.consensus.length).toBeGreaterThanOrEqual(2 * CONSENSUS_MESSAGES_PER_SECOND);
    expect(one.probe.consensus.length).toBeLessThan(4 * CONSENSUS_MESSAGES_PER_SECOND);
    expect(one.telemetry.counted.get('network_dropped_rate_limited_total')).toBeGreaterThan(0);
  });

  test('by too many requests at a time is refused the excess', async () => {
    const [first, second] = await takeSeats(2);
    const one = await run(first!, [first!, second!]);
    const two = await run(second!, [first!, second!]);
    await isConnected(one, second!);
    const { promise: never, resolve } = Promise.withResolvers<string>();
    let asked = 0;
    two.probe.answer = () => {
      asked += 1;
      return never;
    };
    const ask = () => one.network.requestSync(second!.key, bytesOf('?'), 60_000);
    const running = Array.from({ length: SYNC_REQUESTS_PER_PEER_MAX }, ask);
    while (asked < SYNC_REQUESTS_PER_PEER_MAX) await new Promise(setImmediate);
    await expect(ask()).rejects.toMatchObject({ code: 'PEER_CLOSED' });
    resolve('at last');
    await expect(Promise.all(running)).resolves.toHaveLength(SYNC_REQUESTS_PER_PEER_MAX);
    await expect(ask()).resolves.toEqual(bytesOf('at last'));
  });

  test('by more transactions than can be judged is ignored beyond them', async ({ signal }) => {
    const [first, second] = await takeSeats(2);
    const one = await run(first!, [first!, second!]);
    const two = await run(second!, [first!, second!]);
    await isConnected(one, second!);
    one.network.publishTransaction(bytesOf('warm-up'));
    await two.probe.until(() => two.probe.transactions.length === 1);
    const { promise: undecided, resolve } = Promise.withResolvers<'accept'>();
    const judged: string[] = [];
    Object.assign(two.probe, {
      onTransaction: (_from: string, bytes: Uint8Array) => {
        judged.push(new TextDecoder().decode(bytes));
        return undecided;
      },
    });
    for (let index = 0; index < VALIDATIONS_PER_PEER_MAX + 5; index += 1) {
      // Too large for a parcel with others: each is judged on its own.
      one.network.publishTransaction(bytesOf(`transaction ${index}`.padEnd(PARCEL_BYTES_MAX / 2 + 1)));
    }
    const ignored = () => two.telemetry.counted.get('network_dropped_validations_full_total') ?? 0;
    while (ignored() < 5 && !signal.aborted) await new Promise(setImmediate);
    expect(judged).toHaveLength(VALIDATIONS_PER_PEER_MAX);
    resolve('accept');
  });
});

describe('a network that changes', () => {
  test('blocked peers part at once and meet again when freed', async () => {
    const seats = await takeSeats(3);
    const [first, second, third] = seats;
    const running = await Promise.all(seats.map((seat) => run(seat, seats)));
    const [one, two, three] = running as [Running, Running, Running];
    await Promise.all([isConnected(one, second!, third!), isConnected(two, first!, third!)]);
    one.network.setBlocked([second!.key]);
    await one.probe.until(() => !one.probe.connected.has(second!.key));
    await two.probe.until(() => !two.probe.connected.has(first!.key));
    one.network.sendConsensus(second!.key, bytesOf('lost'));
    one.network.broadcastConsensus(bytesOf('to the third only'));
    await three.probe.until(() => three.probe.consensus.length > 0);
    expect(one.telemetry.counted.get('network_dropped_blocked_total')).toBe(2);
    one.network.setBlocked([]);
    await isConnected(one, second!);
    await isConnected(two, first!);
    one.network.sendConsensus(second!.key, bytesOf('found'));
    await two.probe.until(() => two.probe.consensus.length > 0);
    expect(two.probe.consensus.map(({ text }) => text)).toEqual(['found']);
  });

  test('a peer that comes back before its end was noticed is taken anew', async () => {
    const [first, second] = await takeSeats(2);
    const seats = [first!, second!];
    const two = await run(second!, seats);
    const leftover = await dial(await rawNode(first!), second!);
    await isConnected(two, first!);
    const one = await run(first!, seats);
    await ended(leftover);
    // The first connection of the new life may end with the leftover: say it until it is heard, as consensus does.
    const timer = setInterval(() => {
      one.network.broadcastConsensus(bytesOf('vote'));
      two.network.broadcastConsensus(bytesOf('vote too'));
    }, 50);
    endings.push(() => clearInterval(timer));
    await one.probe.until(() => one.probe.consensus.length > 0);
    await two.probe.until(() => two.probe.consensus.length > 0);
    one.network.publishTransaction(bytesOf('pay'));
    await two.probe.until(() => two.probe.transactions.length > 0);
    expect(two.network.peers()).toHaveLength(1);
  });

  test('peers are found by name', async () => {
    const [first, second] = await takeSeats(2);
    const byName = { ...second!, address: { key: second!.key, address: `/dns4/localhost/tcp/${second!.port}` } };
    await run(second!, [first!, second!]);
    const one = await run(first!, [first!, byName]);
    await isConnected(one, second!);
    expect(one.network.peers()[0]?.address).toContain('localhost');
  });

  test('a handler that throws is told of, and the next message arrives', async () => {
    const [first, second] = await takeSeats(2);
    const one = await run(first!, [first!, second!]);
    const two = await run(second!, [first!, second!]);
    const { onConsensus } = two.probe;
    Object.assign(two.probe, {
      onConsensus: (from: string, bytes: Uint8Array) => {
        if (bytes.length === 3) throw new Error('cannot bear it');
        onConsensus(from, bytes);
      },
    });
    await isConnected(one, second!);
    one.network.broadcastConsensus(bytesOf('bad'));
    one.network.broadcastConsensus(bytesOf('good'));
    await two.probe.until(() => two.probe.consensus.length > 0);
    expect(two.telemetry.logged.join()).toContain('cannot bear it');
  });
});

describe('another process', () => {
  const start = (own: number, seats: readonly Seat[]): ChildProcess => {
    const ports = [...seats]
      .sort((a, b) => (a.secretKey[0] ?? 0) - (b.secretKey[0] ?? 0))
      .map(({ port }) => String(port));
    const child = fork(new URL('./peer.fixture.ts', import.meta.url), [String(own), ...ports]);
    endings.push(() => child.kill('SIGKILL'));
    return child;
  };
  /** Index of the seat number that `start` wants. */
  const numberOf = ({ secretKey }: Seat): number => (secretKey[0] ?? 1) - 1;

  test('ends by itself after a stop: no timer and no socket is left', async () => {
    const seats = await takeSeats(2);
    const one = await run(seats[0]!, seats);
    const child = start(numberOf(seats[1]!), seats);
    await once(child, 'message');
    await isConnected(one, seats[1]!);
    child.send('stop');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await isAlone(one);
  });

  test('that is paused holds up neither memory nor a stop', async () => {
    const seats = await takeSeats(2);
    const one = await run(seats[0]!, seats);
    const child = start(numberOf(seats[1]!), seats);
    await isConnected(one, seats[1]!);
    one.network.broadcastConsensus(bytesOf('hello'));
    const isHeard = async (): Promise<void> => {
      for await (const [message] of on(child, 'message')) if (message === 'heard hello') return;
    };
    await isHeard();
    child.kill('SIGSTOP');
    const chunk = new Uint8Array(1_000_000);
    for (let index = 0; index < 64; index += 1) {
      one.network.broadcastConsensus(chunk);
      one.network.publishTransaction(new Uint8Array(100_000).fill(index));
      await new Promise(setImmediate);
    }
    expect(one.network.counters().dropped).toBeGreaterThan(30);
    await one.network.stop();
    expect(one.network.peers()).toEqual([]);
  });

  test('that was paused hears what is said now, and next to nothing of what was said meanwhile', async () => {
    const seats = await takeSeats(2);
    const one = await run(seats[0]!, seats);
    const child = start(numberOf(seats[1]!), seats);
    const heard: string[] = [];
    child.on('message', (message) => heard.push(String(message)));
    const until = async (text: string): Promise<void> => {
      const timer = setInterval(() => one.network.broadcastConsensus(bytesOf(text)), 20);
      while (!heard.includes(`heard ${text}`)) await once(child, 'message');
      clearInterval(timer);
    };
    await isConnected(one, seats[1]!);
    await until('before');
    child.kill('SIGSTOP');
    const pausedAtMs = machineClock.monotonicMs();
    let said = 0;
    while (machineClock.monotonicMs() - pausedAtMs < SLEEP_MS + 2 * SLEEP_CHECK_MS) {
      for (let frame = 0; frame < 20; frame += 1)
        one.network.broadcastConsensus(bytesOf(`meanwhile ${'x'.repeat(300)}`));
      said += 20;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    child.kill('SIGCONT');
    await until('after');
    const history = heard.filter((text) => text.startsWith('heard meanwhile'));
    expect(said).toBeGreaterThan(1_000);
    expect(history.length).toBeLessThan(CONSENSUS_QUEUE_FRAMES_MAX);
  }, 60_000);

  test('that is killed is missed at once', async () => {
    const seats = await takeSeats(2);
    const one = await run(seats[0]!, seats);
    const child = start(numberOf(seats[1]!), seats);
    await isConnected(one, seats[1]!);
    child.kill('SIGKILL');
    await isAlone(one);
  });
});

describe('a configuration that cannot work', () => {
  const seat = seatAt(1, 0);
  const other = seatAt(2, 4_101);
  test.each<[code: string, what: string, Partial<Libp2pNetworkConfig>]>([
    ['ADDRESS_INVALID', 'a listening host that is a name', { listen: { host: 'localhost', port: 0 } }],
    ['ADDRESS_INVALID', 'a peer address of another kind', { peers: [{ key: other.key, address: '127.0.0.1:4101' }] }],
    ['KEY_INVALID', 'a peer key that is none', { peers: [{ key: 'abc', address: other.address.address }] }],
    ['KEY_INVALID', 'a secret of the wrong size', { secretKey: new Uint8Array(31) }],
  ])('is refused as %s: %s', (code, _, changes) => {
    expect(() => networkAt(seat, [], changes)).toThrow(expect.objectContaining({ name: 'NetworkSetupError', code }));
  });

  test('is refused as LISTEN_FAILED where the port is taken, and works once it is free', async () => {
    const [first, second] = await takeSeats(2);
    const holder = await run(first!, [first!]);
    const late = networkAt({ ...second!, port: first!.port }, [second!]);
    endings.push(() => late.stop());
    await expect(late.start(createProbe())).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
    await holder.network.stop();
    await late.start(createProbe());
    expect(late.addresses()).toEqual([`/ip4/127.0.0.1/tcp/${first!.port}`]);
  });
});
