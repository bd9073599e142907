/** Where this node listens, whom it dials, and where. */
import { isIP } from 'node:net';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import type { NodeKey } from '../ports/network.ts';
import type { Libp2pNetworkConfig, PeerAddress } from './config.ts';
import { NetworkSetupError, reasonOf } from './errors.ts';
import { peerIdOf } from './identity.ts';

/** @throws NetworkSetupError ADDRESS_INVALID unless the host is an IP address */
export function listenAddress({ host, port }: Libp2pNetworkConfig['listen']): string {
  const version = isIP(host);
  if (version === 0) throw new NetworkSetupError('ADDRESS_INVALID', `cannot listen on ${host}: not an IP address`);
  return `/ip${version}/${host}/tcp/${port}`;
}

/** @throws NetworkSetupError ADDRESS_INVALID, KEY_INVALID */
export function dialAddress({ key, address }: PeerAddress): Multiaddr {
  const peer = peerIdOf(key);
  try {
    return multiaddr(`${address}/p2p/${peer.toString()}`);
  } catch (error) {
    throw new NetworkSetupError('ADDRESS_INVALID', `${address} of ${key}: ${reasonOf(error)}`);
  }
}

/** An address as people know it, without the peer id. */
export const withoutPeer = (address: Multiaddr): string => address.toString().split('/p2p/')[0] ?? '';

/** Those that this node dials: members with a larger key, or all members when it is none itself. */
export function dialTargets(self: NodeKey, members: readonly PeerAddress[]): ReadonlyMap<NodeKey, Multiaddr> {
  const isMember = members.some(({ key }) => key === self);
  const targets = members.filter(({ key }) => key !== self && (!isMember || self < key));
  return new Map(targets.map((peer) => [peer.key, dialAddress(peer)]));
}
