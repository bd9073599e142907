/** The consensus core of the epoch that comes after a final block: everything about it follows from that block's state. */
import { type ConsensusState, createConsensus } from '../consensus/index.ts';
import { voteSigningRoot } from '../protocol/hashing.ts';
import { epochOf, validatorSetOf } from '../vm/index.ts';
import type { FinalTip } from './block-tree.ts';
import type { NodeDependencies } from './dependencies.ts';

export interface CoreRules {
  /** False as long as this node may have signed where its log no longer tells: then it follows and signs nothing. */
  readonly maySign: () => boolean;
  /** Told of a signature that does not hold. */
  readonly onForged: () => void;
}

/** A core anchored at the tip. `self` is null where the epoch's set does not hold this node's key. */
export function coreOf(
  { genesis, signer, timing, verifier }: Pick<NodeDependencies, 'genesis' | 'signer' | 'timing' | 'verifier'>,
  { hash, header, state }: FinalTip,
  { maySign, onForged }: CoreRules,
): ConsensusState {
  const { chainId } = genesis;
  const validators = validatorSetOf(state);
  const index = validators.validators.findIndex(({ key }) => key === signer.key);
  return createConsensus(
    {
      ...timing,
      epoch: validators.epoch,
      validators,
      lastHeight: epochOf(state).lastHeight,
      get self() {
        return index < 0 || !maySign() ? null : index;
      },
      verify: (subject, validator, signature) => {
        const key = validators.validators[validator]?.key ?? '';
        const holds = verifier.validator(key, voteSigningRoot(chainId, subject), signature);
        if (!holds) onForged();
        return holds;
      },
      sign: (subject) => signer.sign(voteSigningRoot(chainId, subject)),
    },
    { hash, height: header.height, view: header.view },
  );
}
