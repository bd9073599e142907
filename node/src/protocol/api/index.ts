/** Schemas of the HTTP API, one source for gateway, OpenAPI document, client and explorer. */
export * from './chain.ts';
export * from './common.ts';
export * from './disputes.ts';
export * from './operations.ts';
