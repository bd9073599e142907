/**
 * A node as a process of its own, for tests that pause it or watch it end. Arguments: own seat number, then the port of
 * each seat. Says `connected` when it has a peer, and `heard` with the beginning of
 * each consensus message; stops and must end by itself on `stop`.
 */
import { networkAt, seatAt } from './libp2p.fixture.ts';

const [, , own, ...ports] = process.argv.map(Number);
const seats = ports.map((port, index) => seatAt(index + 1, port));
const seat = seats[own ?? 0];
if (!seat) throw new Error('wants a seat number and ports');
const network = networkAt(seat, seats);

await network.start({
  onConsensus: (_from, bytes) => process.send?.(`heard ${new TextDecoder().decode(bytes.subarray(0, 40))}`),
  onTransaction: async () => 'accept',
  onAnnouncement: () => {},
  onSyncRequest: async (_from, bytes) => bytes,
  onPeerConnected: () => process.send?.('connected'),
  onPeerDisconnected: () => {},
});
process.once('message', async () => {
  await network.stop();
  process.disconnect();
});
