/**
 * Which parameters held when. The genesis file has the first ones; motions change them, and the chain numbers motions,
 * so a bundle proves all of them and the auditor changes the parameters again, in the order in which the chain did.
 */
import { canonicalText } from '../canonical.ts';
import type { Params } from '../genesis.ts';
import { changedParams, isParamProblem } from '../param-bounds.ts';
import type { MotionRecord } from '../records.ts';
import type { CaseRecords } from './case-records.ts';
import { check } from './errors.ts';

/** Parameters of a block. Two where a change took effect in its epoch: a full receipt may put it off for a block. */
export type TermsAt = (epoch: number) => readonly Params[];

const isEnacted = ({ kind, enactment }: MotionRecord): boolean => kind === 'parameters' && enactment === 'enacted';

/** By the epoch that they took effect in, then as they were decided; those decided in one block by their number. */
const inOrder = (a: MotionRecord, b: MotionRecord): number =>
  a.enactedEpoch - b.enactedEpoch || a.decidedAtMs - b.decidedAtMs || a.number - b.number;

/** @throws CheckError when the motions do not lead from the genesis file's parameters to those on record */
export function termsOf(genesis: Params, { params, motions }: Pick<CaseRecords, 'params' | 'motions'>): TermsAt {
  const stages: { readonly epoch: number; readonly params: Params }[] = [{ epoch: 0, params: genesis }];
  let current = genesis;
  for (const { number, enactedEpoch: epoch, changes } of [...motions].filter(isEnacted).sort(inOrder)) {
    const changed = changedParams(current, changes);
    check(!isParamProblem(changed), `motion ${number} was enacted against its bounds`);
    current = changed;
    stages.push({ epoch, params: current });
  }
  const led = canonicalText(current) === canonicalText(params);
  check(led, 'the parameters on record are not those that the motions lead to');
  return (epoch) => {
    const now = stages.findLast((stage) => stage.epoch <= epoch);
    const before = stages.findLast((stage) => stage.epoch < epoch);
    return [now, ...(now?.epoch === epoch ? [before] : [])].flatMap((stage) => (stage ? [stage.params] : []));
  };
}
