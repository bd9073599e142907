/**
 * Bonds and the validator set. A bond secures consensus and nothing else: claim stakes and reputation never move it,
 * so a dispute about a root cause cannot shift quorum power.
 */
import { cappedPowers } from '../../../protocol/power.ts';
import type { ValidatorsRecord } from '../../../protocol/records.ts';
import type { Address, Amount, ValidatorKey, ValidatorSet } from '../../../protocol/types.ts';
import { InvariantError } from '../../errors.ts';
import type { State } from '../../state/state.ts';

export interface Bonded {
  readonly key: ValidatorKey;
  readonly owner: Address;
  readonly name: string;
  readonly bond: Amount;
}

/** The snapshot that one epoch keeps: validators in their given order, powers capped. */
export function snapshotValidators(epoch: number, bonded: readonly Bonded[]): ValidatorsRecord {
  const powers = cappedPowers(bonded.map(({ bond }) => bond));
  return {
    epoch,
    validators: bonded.map(({ key }, index) => ({ key, power: powers[index] as number })), // one power a bond
    owners: bonded.map(({ key, owner, name }) => ({ key, owner, name })),
  };
}

/** The validators of the epoch that the state is in. */
export function validatorSetOf(state: State): ValidatorSet {
  const record = state.get('validators');
  if (record === undefined) throw new InvariantError('a state without validators');
  return { epoch: record.epoch, validators: record.validators };
}
