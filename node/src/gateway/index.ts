/** The gateway: a node's HTTP API and its explorer. An adapter: it sees the node through ports, and speaks protocol. */
export { createGateway, type Gateway } from './app.ts';
export type { GatewayAddress, GatewayAgent, GatewayDeps, RateLimit } from './deps.ts';
export { type ServedGateway, type ServeOptions, serveGateway } from './serve.ts';
