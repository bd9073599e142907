/** Ports: the interfaces that the host needs and adapters implement. */
export type { Clock } from './clock.ts';
export * from './network.ts';
export * from './node-view.ts';
export type { ValidatorSigner } from './signer.ts';
export * from './store.ts';
export * from './telemetry.ts';
