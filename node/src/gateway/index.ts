/** The gateway: a node's HTTP API and its explorer. An adapter: it sees the node through ports, and speaks protocol. */
export { createGateway, type Gateway } from './app.ts';
export type { GatewayDeps } from './deps.ts';
export { type ServedGateway, serveGateway } from './serve.ts';
