/** Becoming a validator, and having more at stake as one. */
import { VALIDATORS_MAX } from '../../../protocol/constants.ts';
import { bondSigningRoot } from '../../../protocol/hashing.ts';
import type { StakingRecord, ValidatorRecord } from '../../../protocol/records.ts';
import type { ValidatorKey } from '../../../protocol/types.ts';
import { ensure } from '../../errors.ts';
import { add } from '../../integers.ts';
import type { StateDraft } from '../../state/draft.ts';
import type { Call } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { debit } from '../token/ledger.ts';
import { heldBy } from './validators.ts';

/**
 * Balance to bond. It counts from the next epoch on.
 * Fails: INSUFFICIENT_BALANCE, BOND_BELOW_MINIMUM, VALIDATOR_UNKNOWN, VALIDATOR_NOT_YOURS, VALIDATOR_JAILED,
 * VALIDATOR_KEY_UNPROVEN, VALIDATORS_FULL.
 */
export function bond(call: Call<'bond'>): void {
  const { draft, sender } = call;
  const { amount } = call.args;
  const { balance } = draft.must('account', sender);
  ensure(balance >= amount, 'INSUFFICIENT_BALANCE', `The balance is ${balance}, not ${amount}.`);
  const before = draft.get('validator', call.args.validator) ?? join(call);
  ensure(before.owner === sender, 'VALIDATOR_NOT_YOURS', 'Another account bonds for this key.');
  ensure(before.status !== 'jailed', 'VALIDATOR_JAILED', 'A key that equivocated never validates again.');
  const validator: ValidatorRecord = { ...before, status: 'bonded', bond: add(before.bond, amount) };
  const { bondMin } = paramsOf(draft).staking;
  ensure(validator.bond >= bondMin, 'BOND_BELOW_MINIMUM', `A validator bonds at least ${bondMin}.`);
  debit(draft, sender, amount);
  const account = draft.must('account', sender);
  draft.set('account', { ...account, bond: add(account.bond, amount) }, sender);
  draft.set('validator', validator, validator.key);
  call.emit('Bonded', { validator: validator.key, owner: sender, amount, bond: validator.bond });
}

/** A key that nobody bonds for yet gets a place. */
function join({ draft, block, sender, args }: Call<'bond'>): ValidatorRecord {
  const key = args.validator;
  ensure('possession' in args, 'VALIDATOR_UNKNOWN', 'Nobody bonds for this key; a new one comes with its proof.');
  const proven = block.verifier.validator(key, bondSigningRoot(block.chainId, key, sender), args.possession);
  ensure(proven, 'VALIDATOR_KEY_UNPROVEN', 'The key did not sign that this account bonds for it.');
  const staking = draft.must('staking');
  draft.set('staking', { ...staking, keys: [...roomIn(draft, staking), key] });
  return { key, owner: sender, name: args.name, status: 'bonded', bond: 0, unbonding: [] };
}

/** Where the list is full, the oldest that has nothing left to lose makes room; its record stays. */
function roomIn(draft: StateDraft, { keys }: StakingRecord): readonly ValidatorKey[] {
  if (keys.length < VALIDATORS_MAX) return keys;
  const idle = keys.findIndex((key) => heldBy(draft.must('validator', key)) === 0);
  ensure(idle >= 0, 'VALIDATORS_FULL', `There are ${VALIDATORS_MAX} validators already.`);
  return keys.filter((_, index) => index !== idle);
}
