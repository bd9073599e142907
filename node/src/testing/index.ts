/** Public fakes and kits for tests. */
export * from './chain-kit.ts';
export * from './chain-simulator.ts';
export { challengeTransaction, outcomeTransaction } from './dispute-kit.ts';
export { type ExecutionCost, measureExecution } from './execution-cost.ts';
export * from './incident-kit.ts';
export * from './memory-network.ts';
export * from './random.ts';
export * from './simulation/index.ts';
