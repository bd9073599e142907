/**
 * Bonds and the validator set. A bond secures consensus and nothing else: claim stakes and reputation never move it,
 * so a dispute about a root cause cannot shift quorum power.
 */
import { cappedPowers } from '../../../protocol/power.ts';
import { stateKeys, type ValidatorRecord, type ValidatorsRecord } from '../../../protocol/records.ts';
import type { Address, Amount, Header, ValidatorKey, ValidatorSet } from '../../../protocol/types.ts';
import { ensure, InvariantError } from '../../errors.ts';
import { subtract, sum } from '../../integers.ts';
import type { StateDraft } from '../../state/draft.ts';
import type { State } from '../../state/state.ts';
import { accountAt } from '../token/ledger.ts';

interface Bonded {
  readonly key: ValidatorKey;
  readonly owner: Address;
  readonly name: string;
  readonly bond: Amount;
}

/** What bonds give: validators in their given order, powers capped. */
export function snapshotOf(bonded: readonly Bonded[]): Pick<ValidatorsRecord, 'validators' | 'owners'> {
  const powers = cappedPowers(bonded.map(({ bond }) => bond));
  return {
    validators: bonded.map(({ key }, index) => ({ key, power: powers[index] as number })), // one power a bond
    owners: bonded.map(({ key, owner, name }) => ({ key, owner, name })),
  };
}

/** The epoch that block 1 begins. */
export const firstEpoch = (bonded: readonly Bonded[], epochBlocks: number): ValidatorsRecord => ({
  ...{ epoch: 0, since: 0, firstHeight: 1, lastHeight: epochBlocks, epochBlocks },
  ...snapshotOf(bonded),
});

/** The epoch of the block that comes next. */
export function epochOf(state: State): ValidatorsRecord {
  const record = state.get('validators');
  if (record === undefined) throw new InvariantError('a state without validators');
  return record;
}

/** The validators of the block that comes next. */
export function validatorSetOf(state: State): ValidatorSet {
  const { epoch, validators } = epochOf(state);
  return { epoch, validators };
}

/**
 * The proof of the next epoch's validators, after a block that ends an epoch and changes them: only whoever has that
 * block's state can make it. Undefined after any other block.
 */
export function setChangeAfter({ epoch, height }: Pick<Header, 'epoch' | 'height'>, state: State) {
  const next = epochOf(state);
  if (next.since <= epoch) return undefined;
  return { epoch: next.since, height, proof: state.prove(stateKeys.validators()) };
}

/** Everything that a slash can reach: the bond and what waits for its release. */
export const heldBy = ({ bond, unbonding }: ValidatorRecord): Amount =>
  sum([bond, ...unbonding.map(({ amount }) => amount)]);

/** True for one who takes part in the next set. */
export const isCandidate = ({ status, bond }: ValidatorRecord): boolean => status === 'bonded' && bond > 0;

export const bondersOf = (draft: StateDraft): readonly ValidatorRecord[] =>
  draft.must('staking').keys.map((key) => draft.must('validator', key));

/** The sender's validator. @throws ContractError VALIDATOR_UNKNOWN, VALIDATOR_NOT_YOURS */
export function ownValidator(draft: StateDraft, key: ValidatorKey, sender: Address): ValidatorRecord {
  const validator = draft.get('validator', key);
  ensure(validator !== undefined, 'VALIDATOR_UNKNOWN', 'Nobody bonds for this key.');
  ensure(validator.owner === sender, 'VALIDATOR_NOT_YOURS', 'Another account bonds for this key.');
  return validator;
}

/** Takes tokens out of what an account has bonded; the caller says where they go. */
export function takeBonded(draft: StateDraft, owner: Address, amount: Amount): void {
  const account = accountAt(draft, owner);
  draft.set('account', { ...account, bond: subtract(account.bond, amount) }, owner);
}
