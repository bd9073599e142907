/** Real libp2p nodes on the loopback interface, for the tests of this room. */
import { createServer } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import type { NodeKey } from '../ports/network.ts';
import { silentTelemetry, type TelemetrySink } from '../ports/telemetry.ts';
import { validatorKeyOf } from '../protocol/crypto/validator.ts';
import { type Libp2pNetwork, type Libp2pNetworkConfig, libp2pNetwork, type PeerAddress } from './index.ts';

export const machineClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  at: (monotonicMs, callback) => {
    const timer = setTimeout(callback, Math.max(0, monotonicMs - performance.now()));
    return () => clearTimeout(timer);
  },
};

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

export interface Seat {
  readonly key: NodeKey;
  readonly secretKey: Uint8Array;
  readonly port: number;
  readonly address: PeerAddress;
}

/** The same number gives the same key. */
export function seatAt(number: number, port: number): Seat {
  const secretKey = new Uint8Array(32).fill(number);
  const key = validatorKeyOf(secretKey);
  return { key, secretKey, port, address: { key, address: `/ip4/127.0.0.1/tcp/${port}` } };
}

/** Seats 1, 2, ... in the order of their keys, so that an earlier one dials a later one. */
export async function takeSeats(count: number): Promise<readonly Seat[]> {
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  return ports.map((port, index) => seatAt(index + 1, port)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

export const networkAt = (
  { key, secretKey, port }: Seat,
  peers: readonly Seat[],
  changes: Partial<Libp2pNetworkConfig> = {},
): Libp2pNetwork =>
  libp2pNetwork({
    ...{ key, secretKey },
    listen: { host: '127.0.0.1', port },
    peers: peers.map(({ address }) => address),
    chainId: 'test',
    isValidator: () => true,
    preset: 'local',
    telemetry: silentTelemetry,
    clock: machineClock,
    random: Math.random,
    ...changes,
  });

/** Keeps what was logged and counted. */
export function recordingTelemetry(): TelemetrySink & {
  readonly logged: string[];
  readonly counted: Map<string, number>;
} {
  const logged: string[] = [];
  const counted = new Map<string, number>();
  return {
    logged,
    counted,
    log: (_level, message, fields) => logged.push(`${message} ${JSON.stringify(fields ?? {})}`),
    count: (name, by = 1) => counted.set(name, (counted.get(name) ?? 0) + by),
    observe: () => {},
  };
}
