import { afterEach, describe, expect, test } from 'vitest';
import { quorumPower } from '../protocol/power.ts';
import { testAgents, testSecret } from '../testing/chain-kit.ts';
import { type LiveCluster, startLiveCluster } from '../testing/live-cluster.ts';
import { createProbe, type Probe } from '../testing/network-compliance.ts';
import type { Libp2pNetwork } from './index.ts';
import { machineClock, networkAt, recordingTelemetry, type Seat, takeSeats } from './libp2p.fixture.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const SAY_AGAIN_MS = 200;
const relayed = (telemetry: ReturnType<typeof recordingTelemetry>): number =>
  telemetry.counted.get('network_relayed_total') ?? 0;

/** Cuts every pair that is not neighbours on the ring, on both sides. */
function leaveRing(networks: readonly Libp2pNetwork[]): void {
  const count = networks.length;
  for (const [index, network] of networks.entries()) {
    const isFar = (other: number): boolean => ![0, 1, count - 1].includes((other - index + count) % count);
    network.setBlocked(networks.filter((_, other) => isFar(other)).map(({ self }) => self));
  }
}

interface Party {
  readonly network: Libp2pNetwork;
  readonly probe: Probe;
  readonly telemetry: ReturnType<typeof recordingTelemetry>;
}

async function parties(seats: readonly Seat[]): Promise<readonly Party[]> {
  const all = seats.map((seat) => {
    const telemetry = recordingTelemetry();
    return { network: networkAt(seat, seats, { telemetry }), probe: createProbe(), telemetry };
  });
  endings.push(() => Promise.all(all.map(({ network }) => network.stop())));
  await Promise.all(all.map(({ network, probe }) => network.start(probe)));
  await Promise.all(all.map(({ probe }) => probe.until(() => probe.connected.size === seats.length - 1)));
  return all;
}

describe('two validators without a link', () => {
  test('hear each other through a third, each message once, and directly again when the link is back', async () => {
    const seats = await takeSeats(3);
    const [one, two, three] = (await parties(seats)) as [Party, Party, Party];
    one.network.setBlocked([two.network.self]);
    await one.probe.until(() => !one.probe.connected.has(two.network.self));
    let said = 0;
    const timer = setInterval(() => {
      said += 1;
      one.network.broadcastConsensus(bytesOf(`to all ${said}`));
      two.network.sendConsensus(one.network.self, bytesOf(`to one ${said}`));
    }, SAY_AGAIN_MS);
    endings.push(async () => clearInterval(timer));
    await two.probe.until(() => two.probe.consensus.length >= 3);
    await one.probe.until(() => one.probe.consensus.length >= 3);
    expect(two.probe.consensus.every(({ from }) => from === one.network.self)).toBe(true);
    expect(one.probe.consensus.every(({ from }) => from === two.network.self)).toBe(true);
    clearInterval(timer);
    one.network.setBlocked([]);
    await one.probe.until(() => one.probe.connected.has(two.network.self));
    await two.probe.until(() => two.probe.connected.has(one.network.self));
    one.network.sendConsensus(two.network.self, bytesOf('direct'));
    await two.probe.until(() => two.probe.consensus.some(({ text }) => text === 'direct'));
    for (const { probe } of [one, two, three]) {
      const texts = probe.consensus.map(({ text }) => text);
      expect(new Set(texts).size).toBe(texts.length);
    }
    const heardByThird = three.probe.consensus.map(({ text }) => text).filter((text) => text.startsWith('to one'));
    expect(heardByThird).toEqual([]);
  });

  test('are not relayed to while the mesh is complete, nor when one of them is gone', async () => {
    const seats = await takeSeats(4);
    const all = (await parties(seats)) as [Party, Party, Party, Party];
    const [one, two, three, four] = all;
    const sayUntilHeard = async (mark: string): Promise<void> => {
      const timer = setInterval(() => one.network.broadcastConsensus(bytesOf(mark)), SAY_AGAIN_MS / 4);
      endings.push(async () => clearInterval(timer));
      const isHeard = ({ probe }: Party) =>
        probe.until(() => probe.consensus.filter((m) => m.text === mark).length > 60);
      await Promise.all([isHeard(two), isHeard(three)]);
      clearInterval(timer);
    };
    const calls = () => all.map(({ telemetry }) => telemetry.counted.get('network_relay_calls_total') ?? 0);
    // A slow machine may take more than a moment to complete the mesh.
    const callsBefore = calls();
    await sayUntilHeard('complete');
    expect(calls()).toEqual(callsBefore);
    await four.network.stop();
    await one.probe.until(() => !one.probe.connected.has(four.network.self));
    await sayUntilHeard('one is gone');
    expect(all.map(({ telemetry }) => relayed(telemetry))).toEqual([0, 0, 0, 0]);
    expect(one.telemetry.counted.get('network_relay_calls_total')).toBeGreaterThan(callsBefore[0] ?? 0);
  });
});

describe('seven validators of which each reaches two', () => {
  test('make blocks final, though none has a quorum among its links', async () => {
    const count = testAgents.length;
    const ports = await takeSeats(count);
    const seats = testAgents.map(({ validatorKey }, index): Seat => {
      const { port } = ports[index] as Seat; // as many seats as agents
      const address = { key: validatorKey, address: `/ip4/127.0.0.1/tcp/${port}` };
      return { key: validatorKey, secretKey: testSecret(index + 1), port, address };
    });
    const networks = seats.map((seat) => networkAt(seat, seats, { chainId: 'dao-gov-test' }));
    const cluster: LiveCluster = await startLiveCluster(networks, machineClock);
    endings.push(() => cluster.stop());
    await cluster.grow(1);
    leaveRing(networks);
    await cluster.grow(1, [0]);
    while (networks.some((network) => network.peers().length !== 2)) await new Promise(setImmediate);
    expect(1 + 2).toBeLessThan(quorumPower(count));
    await cluster.grow(5);
    expect(networks.map((network) => network.peers().length)).toEqual(Array(count).fill(2));
    expect(cluster.fatal).toEqual([]);
  }, 60_000);
});
