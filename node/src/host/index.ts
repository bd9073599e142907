/** The host: the loop that performs consensus effects, mempool, block tree, sync. */
export { type ConsensusTiming, LOCAL_TIMING, WIDE_AREA_TIMING } from './constants.ts';
export { ChainNode, type NodeDependencies } from './node.ts';
