/** Ceasing to be a validator, or to have as much at stake as one. */
import { UNBONDINGS_MAX } from '../../../protocol/constants.ts';
import type { BondStatus } from '../../../protocol/records.ts';
import { ensure } from '../../errors.ts';
import { subtract } from '../../integers.ts';
import type { Call } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { bondersOf, isCandidate, ownValidator } from './validators.ts';

/**
 * Takes a part of a bond, or all of it, back. It counts until the epoch ends, can be slashed until it is released, and
 * the system phase releases it (`epoch.ts`).
 * Fails: VALIDATOR_UNKNOWN, VALIDATOR_NOT_YOURS, INSUFFICIENT_BOND, BOND_BELOW_MINIMUM, VALIDATORS_TOO_FEW,
 * UNBONDINGS_FULL.
 */
export function unbond({ draft, sender, args, emit }: Call<'unbond'>): void {
  const { amount } = args;
  const before = ownValidator(draft, args.validator, sender);
  ensure(before.bond >= amount, 'INSUFFICIENT_BOND', `The bond is ${before.bond}, not ${amount}.`);
  ensure(before.unbonding.length < UNBONDINGS_MAX, 'UNBONDINGS_FULL', 'Too many unbondings of it wait already.');
  const bond = subtract(before.bond, amount);
  const { bondMin, validatorsMin } = paramsOf(draft).staking;
  const leaves = bond === 0;
  ensure(leaves || bond >= bondMin, 'BOND_BELOW_MINIMUM', `What stays is less than ${bondMin}: take all or less.`);
  if (leaves && isCandidate(before)) {
    const others = bondersOf(draft).filter((one) => one.key !== before.key && isCandidate(one)).length;
    ensure(others >= validatorsMin, 'VALIDATORS_TOO_FEW', `At least ${validatorsMin} validators have to stay.`);
  }
  const status: BondStatus = before.status === 'bonded' && leaves ? 'leaving' : before.status;
  const unbonding = [...before.unbonding, { amount, releaseAtMs: 0 }];
  draft.set('validator', { ...before, status, bond, unbonding }, before.key);
  emit('Unbonding', { validator: before.key, owner: sender, amount, bond });
}
