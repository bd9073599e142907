import type { StepRecord } from '../../../protocol/records.ts';

/**
 * The steps that the standing claim rests on or led to. What a claim led to that was overturned is not done: another
 * claim has its own fault web and its own solution.
 */
export function standingSteps(steps: readonly StepRecord[]): readonly StepRecord[] {
  const first = steps.findIndex(({ step }) => step === 'propose_root_cause');
  const last = steps.findLastIndex(({ step }) => step === 'propose_root_cause');
  return steps.filter((_, index) => index < first || index >= last);
}
