/**
 * Accountability: whoever shows two votes of one validator in one view that no honest one signs together has it slashed
 * and jailed. The votes' own signatures are the whole proof, so anybody may bring it, also the offender.
 */

import { voteSigningRoot } from '../../../protocol/hashing.ts';
import type { OffenceRecord, ValidatorRecord } from '../../../protocol/records.ts';
import { type Amount, type VoteSubject, ZERO_HASH } from '../../../protocol/types.ts';
import { equivocates } from '../../../protocol/validator-set.ts';
import { ensure } from '../../errors.ts';
import { shareOf, subtract } from '../../integers.ts';
import type { Call } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { burn, credit } from '../token/ledger.ts';
import { heldBy, takeBonded } from './validators.ts';

type Evidence = Call<'submit_equivocation'>;

/**
 * Slashes a share of everything that the validator has bonded, once for each view, and jails it: it is in no set from
 * the next epoch on.
 * Fails: EQUIVOCATION_NONE, VALIDATOR_UNKNOWN, EQUIVOCATION_EPOCH_UNKNOWN, EQUIVOCATION_TOO_OLD,
 * EQUIVOCATION_PUNISHED, EQUIVOCATION_UNSIGNED.
 */
export function submitEquivocation(call: Evidence): void {
  const { draft, block, sender, args } = call;
  const { validator: key, epoch, view } = args;
  ensure(conflict(call), 'EQUIVOCATION_NONE', 'An honest validator may sign these two votes.');
  const validator = draft.get('validator', key);
  ensure(validator !== undefined, 'VALIDATOR_UNKNOWN', 'Nobody bonds for this key.');
  assertInTime(call);
  const known = draft.get('offence', key, `${epoch}`, `${view}`);
  ensure(known === undefined, 'EQUIVOCATION_PUNISHED', 'This equivocation has been punished already.');
  for (const vote of [args.first, args.second]) {
    const root = voteSigningRoot(block.chainId, { ...vote, epoch, view });
    const signed = block.verifier.validator(key, root, vote.signature);
    ensure(signed, 'EQUIVOCATION_UNSIGNED', 'The validator did not sign both votes.');
  }
  const { slashShare, reporterShare } = paramsOf(draft).staking;
  const slashed = shareOf(heldBy(validator), slashShare, 1_000);
  const reward = shareOf(slashed, reporterShare, 1_000);
  draft.set('validator', { ...without(validator, slashed), status: 'jailed' }, key);
  takeBonded(draft, validator.owner, slashed);
  credit(draft, sender, reward);
  burn(draft, subtract(slashed, reward));
  const offence: OffenceRecord = {
    ...{ validator: key, epoch, view, reporter: sender, slashed, reward, atMs: block.timestampMs },
  };
  draft.set('offence', offence, key, `${epoch}`, `${view}`);
  const kinds: readonly string[] = [args.first.kind, args.second.kind];
  const { owner, name } = validator;
  call.emit('ValidatorSlashed', {
    ...{ validator: key, name, owner, epoch, view, kinds },
    ...{ reporter: sender, slashed, burned: subtract(slashed, reward), reward },
  });
}

function conflict({ args: { first, second } }: Evidence): boolean {
  const wellFormed = ({ kind, block }: Pick<VoteSubject, 'kind' | 'block'>): boolean =>
    (kind === 'nullify') === (block === ZERO_HASH);
  return wellFormed(first) && wellFormed(second) && equivocates(first, second);
}

/** Equivocation is punished in its epoch and for the evidence age after that epoch's end. */
function assertInTime({ draft, block, args: { epoch } }: Evidence): void {
  const now = draft.must('validators').epoch;
  ensure(epoch <= now, 'EQUIVOCATION_EPOCH_UNKNOWN', `The chain is in epoch ${now}.`);
  if (epoch === now) return;
  const ended = draft.must('staking').ended.find((one) => one.epoch === epoch);
  const { evidenceAgeMs } = paramsOf(draft).staking;
  const inTime = ended !== undefined && block.timestampMs <= ended.endedAtMs + evidenceAgeMs;
  ensure(inTime, 'EQUIVOCATION_TOO_OLD', `Epoch ${epoch} ended more than ${evidenceAgeMs} ms of block time ago.`);
}

/** The bond goes first, then what waits for its release, the oldest first. */
function without(validator: ValidatorRecord, amount: Amount): ValidatorRecord {
  const fromBond = Math.min(validator.bond, amount);
  let left = subtract(amount, fromBond);
  const unbonding = validator.unbonding.map((one) => {
    const taken = Math.min(one.amount, left);
    left = subtract(left, taken);
    return { ...one, amount: subtract(one.amount, taken) };
  });
  return {
    ...validator,
    bond: subtract(validator.bond, fromBond),
    unbonding: unbonding.filter((one) => one.amount > 0),
  };
}
