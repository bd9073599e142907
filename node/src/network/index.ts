/** Network: the port over libp2p, with direct streams for consensus, gossip for transactions, requests for sync. */
export type { Libp2pNetwork, Libp2pNetworkConfig, NetworkPreset, PeerAddress } from './config.ts';
export { type NetworkSetupCode, NetworkSetupError } from './errors.ts';
export { libp2pNetwork } from './libp2p-network.ts';
