/**
 * The seam to consensus: which epoch the chain is in. Epochs turn where the validator set is snapshotted; everything
 * here follows that record and the header, and never decides it.
 */
import type { Effects } from '../call.ts';

/** The epoch that the next block belongs to, as far as this block knows. */
export const epochOf = ({ draft, block }: Effects): number => Math.max(block.epoch, draft.must('validators').epoch);

/** Tells whether an epoch has begun since the one given. */
export const isEpochBoundary = (effects: Effects, since: number): boolean => epochOf(effects) > since;
