/** Composition roots: the only place that wires adapters. `@dao-gov/node/bin` is for the bin folders of other workspaces. */
export { ConfigError, type NodeConfig, readNodeConfig, readSecret } from './config.ts';
export { endingOf } from './exit.ts';
export { nativeWallet } from './native-crypto.ts';
export { type AgentContext, type AgentHandle, type NodeProcess, startNode } from './start-node.ts';
export { systemClock } from './system-clock.ts';
