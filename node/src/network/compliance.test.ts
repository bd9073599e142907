import type { Network } from '../ports/network.ts';
import { networkCompliance } from '../testing/network-compliance.ts';
import { networkAt, takeSeats } from './libp2p.fixture.ts';

networkCompliance('libp2p', async () => {
  let networks: readonly Network[] = [];
  return {
    create: async ({ members, followers = 0, links }) => {
      const seats = await takeSeats(members + followers);
      const isLinked = (a: number, b: number): boolean =>
        !links || links.some((pair) => pair.includes(a) && pair.includes(b));
      networks = seats.map((seat, index) => {
        const known = seats.slice(0, members).filter((_, other) => other === index || isLinked(index, other));
        return networkAt(seat, known);
      });
      return networks;
    },
    dispose: async () => {
      await Promise.all(networks.map((network) => network.stop()));
    },
  };
});
