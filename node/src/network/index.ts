/**
 * Network: the port over libp2p, with direct streams for consensus, gossip for transactions and requests for sync.
 * A configuration that cannot work is refused with a `NetworkSetupError` (see `errors.ts`).
 */
export type { Libp2pNetwork, Libp2pNetworkConfig, PeerAddress } from './config.ts';
export { libp2pNetwork } from './libp2p-network.ts';
