/** The host: the loop that performs consensus effects, mempool, block tree, sync. */
export { type ConsensusTiming, LOCAL_TIMING, WIDE_AREA_TIMING } from './constants.ts';
export type { NodeDependencies } from './dependencies.ts';
export { ChainNode } from './node.ts';
