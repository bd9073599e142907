/** This node: its chain, its agent, its peers. */
import type { ChainInfo, Peers } from '../../protocol/api/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { validatorName } from './parties.ts';

export function chainInfoOf({ node, agent, gateways, version }: GatewayDeps): ChainInfo {
  const { chainId, network, validators } = node.genesis;
  const { height, hash, timestampMs, state } = node.final();
  const { epoch, view } = node.consensus();
  return {
    ...{ chainId, network, height, hash, timestampMs, epoch, view },
    genesisHash: node.genesisHash,
    pending: node.pending().length,
    peers: node.peers().length,
    ready: node.ready(),
    node: {
      name: node.name,
      key: node.key,
      validator: (state.get('validators')?.validators ?? validators).some(({ key }) => key === node.key),
      agent: agent ? { address: agent.address, role: agent.role, name: agent.name } : null,
      startedAtMs: Math.trunc(node.startedAtMs),
      version,
    },
    gateways: gateways.map(({ name, url, role }) => ({ name, url, role })),
  };
}

export function peersOf({ node }: GatewayDeps): Peers {
  const { state } = node.final();
  const validators = new Set(node.validators().validators.map(({ key }) => key));
  return {
    items: node.peers().map(({ key, address, direction, connectedAtMs }) => ({
      ...{ key, address, direction },
      name: validatorName(state, node.genesis, key),
      validator: validators.has(key),
      connectedAtMs: Math.trunc(connectedAtMs),
    })),
  };
}
