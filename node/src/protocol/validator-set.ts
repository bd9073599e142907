/** The validators of epoch 0, which everything else is verified from: the genesis file names them. */
import type { Genesis } from './genesis.ts';
import { cappedPowers } from './power.ts';
import type { ValidatorSet } from './types.ts';

/** Validators in the order of the genesis file, each with its capped power. */
export function validatorSetOfGenesis({ validators }: Pick<Genesis, 'validators'>): ValidatorSet {
  const powers = cappedPowers(validators.map(({ bond }) => bond));
  return {
    epoch: 0,
    validators: validators.map(({ key }, index) => ({ key, power: powers[index] as number })), // one power a bond
  };
}
