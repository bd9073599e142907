/** Consensus: the sans-IO Simplex core. See `simplex.ts` for the protocol, its deviations and why they are safe. */
export { leaderCycle, leaderOf } from './leader.ts';
export { leaderSilent } from './pacing.ts';
export { verifyCertificate } from './quorum.ts';
export { isClosed } from './rounds.ts';
export { createConsensus, liveRecords, restore, step } from './simplex.ts';
export type * from './types.ts';
