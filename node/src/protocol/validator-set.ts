/**
 * Validators by epoch: those of epoch 0, which everything else is verified from, and the two rules by which anybody can
 * follow them to later epochs.
 */
import type { Genesis } from './genesis.ts';
import { cappedPowers } from './power.ts';
import { type Header, type ValidatorSet, type VoteSubject, ZERO_HASH } from './types.ts';

/** Validators in the order of the genesis file, each with its capped power. */
export function validatorSetOfGenesis({ validators }: Pick<Genesis, 'validators'>): ValidatorSet {
  const powers = cappedPowers(validators.map(({ bond }) => bond));
  return {
    epoch: 0,
    validators: validators.map(({ key }, index) => ({ key, power: powers[index] as number })), // one power a bond
  };
}

/**
 * Whether a header is a tail: an empty block above the last one of its epoch, there only so that finalizing it makes
 * the last one final. It names no validators, so nobody takes it for a block of the chain.
 */
export const isTail = ({ validatorSetHash }: Pick<Header, 'validatorSetHash'>): boolean =>
  validatorSetHash === ZERO_HASH;

/** Votes of one validator in one view that no honest one signs together: two blocks of a kind, or nullify and finalize. */
export function equivocates(
  first: Pick<VoteSubject, 'kind' | 'block'>,
  second: Pick<VoteSubject, 'kind' | 'block'>,
): boolean {
  if (first.kind === second.kind) return first.kind !== 'nullify' && first.block !== second.block;
  return first.kind !== 'notarize' && second.kind !== 'notarize';
}
