/**
 * What staking does at the end of a block: pays the proposer, releases what was unbonded long enough ago, and, after the
 * last block of an epoch, makes the next one out of the bonds.
 */
import { ENDED_EPOCHS_MAX } from '../../../protocol/constants.ts';
import type { Params } from '../../../protocol/genesis.ts';
import type { StakingRecord, ValidatorRecord, ValidatorsRecord } from '../../../protocol/records.ts';
import type { Amount, TimestampMs, Validator } from '../../../protocol/types.ts';
import { add, shareOf, sum } from '../../integers.ts';
import type { Effects } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { credit, debitTreasury } from '../token/ledger.ts';
import { bondersOf, heldBy, isCandidate, snapshotOf, takeBonded } from './validators.ts';

/** @param fees tokens that the block's transactions paid for gas; the treasury has them already */
export function runStakingPhase(effects: Effects, fees: Amount): void {
  const { draft, block } = effects;
  payProposer(effects, fees);
  release(effects);
  if (block.height === draft.must('validators').lastHeight) endEpoch(effects);
}

function payProposer({ draft, block, emit }: Effects, fees: Amount): void {
  const share = shareOf(fees, paramsOf(draft).staking.proposerGasShare, 1_000);
  const amount = Math.min(share, draft.must('treasury').balance);
  const validator = block.proposer && draft.get('validator', block.proposer);
  if (amount === 0 || !validator) return;
  debitTreasury(draft, amount);
  credit(draft, validator.owner, amount);
  emit('ProposerRewarded', { validator: validator.key, owner: validator.owner, amount });
}

/** Unbonded tokens whose time has come go back to their owners. */
function release({ draft, block, emit }: Effects): void {
  const staking = draft.must('staking');
  if (staking.nextReleaseAtMs === 0 || block.timestampMs < staking.nextReleaseAtMs) return;
  const isDue = ({ releaseAtMs }: ValidatorRecord['unbonding'][number]): boolean =>
    releaseAtMs > 0 && releaseAtMs <= block.timestampMs;
  const gone = new Set<string>();
  for (const before of bondersOf(draft)) {
    const amount = sum(before.unbonding.filter(isDue).map((one) => one.amount));
    if (amount === 0) continue;
    const { key, owner } = before;
    const validator = { ...before, unbonding: before.unbonding.filter((one) => !isDue(one)) };
    draft.set('validator', validator, key);
    takeBonded(draft, owner, amount);
    credit(draft, owner, amount);
    emit('Unbonded', { validator: key, owner, amount });
    if (validator.status !== 'leaving' || heldBy(validator) > 0) continue;
    draft.delete('validator', key);
    gone.add(key);
  }
  const keys = staking.keys.filter((key) => !gone.has(key));
  const nextReleaseAtMs = nextRelease(keys.map((key) => draft.must('validator', key)));
  draft.set('staking', { ...staking, keys, nextReleaseAtMs });
}

const nextRelease = (bonders: readonly ValidatorRecord[]): TimestampMs => {
  const times = bonders.flatMap(({ unbonding }) => unbonding.map(({ releaseAtMs }) => releaseAtMs));
  return times.filter((time) => time > 0).reduce((first, time) => Math.min(first || time, time), 0);
};

/**
 * Whoever has a bond and is not jailed is in the next set. Nobody at all would end the chain, so the set then stays as
 * it is: more than a third has equivocated, and people have to decide what becomes of it.
 */
function endEpoch(effects: Effects): void {
  const { draft, block } = effects;
  const ended = draft.must('validators');
  const params = paramsOf(draft);
  startUnbondingTimes(effects, params);
  rememberEnd(effects, ended.epoch, params);
  const candidates = bondersOf(draft).filter(isCandidate);
  const { validators, owners } = candidates.length > 0 ? snapshotOf(candidates) : ended;
  const changed = !sameSet(validators, ended.validators);
  const next: ValidatorsRecord = {
    epoch: ended.epoch + 1,
    since: changed ? ended.epoch + 1 : ended.since,
    firstHeight: block.height + 1,
    lastHeight: add(block.height, ended.epochBlocks),
    epochBlocks: ended.epochBlocks,
    ...{ validators, owners },
  };
  draft.set('validators', next);
  const totalPower = sum(validators.map(({ power }) => power));
  const { epoch, firstHeight, lastHeight } = next;
  effects.emit('EpochStarted', { epoch, firstHeight, lastHeight, validators: validators.length, totalPower, changed });
}

/** What was unbonded in this epoch counted in it to the end: only now its time runs. */
function startUnbondingTimes({ draft, block }: Effects, { staking, challengeWindowMs }: Params): void {
  const delayMs = Math.max(staking.unbondDelayMs, add(staking.evidenceAgeMs, challengeWindowMs));
  const releaseAtMs = add(block.timestampMs, delayMs);
  for (const validator of bondersOf(draft)) {
    if (validator.unbonding.every((one) => one.releaseAtMs > 0)) continue;
    const unbonding = validator.unbonding.map((one) => (one.releaseAtMs > 0 ? one : { ...one, releaseAtMs }));
    draft.set('validator', { ...validator, unbonding }, validator.key);
  }
  const record = draft.must('staking');
  const nextReleaseAtMs = nextRelease(bondersOf(draft));
  if (nextReleaseAtMs !== record.nextReleaseAtMs) draft.set('staking', { ...record, nextReleaseAtMs });
}

function rememberEnd({ draft, block }: Effects, epoch: number, { staking }: Params): void {
  const record: StakingRecord = draft.must('staking');
  const oldest = Math.max(0, block.timestampMs - staking.evidenceAgeMs);
  const ended = [...record.ended, { epoch, endedAtMs: block.timestampMs }].filter((one) => one.endedAtMs >= oldest);
  draft.set('staking', { ...record, ended: ended.slice(-ENDED_EPOCHS_MAX) });
}

const sameSet = (a: readonly Validator[], b: readonly Validator[]): boolean =>
  a.length === b.length && a.every(({ key, power }, index) => b[index]?.key === key && b[index]?.power === power);
