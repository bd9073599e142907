/** The consensus core of the epoch that comes after a final block: everything about it follows from that block's state. */
import { type ConsensusState, createConsensus } from '../consensus/index.ts';
import { voteSigningRoot } from '../protocol/hashing.ts';
import { epochOf, validatorSetOf } from '../vm/index.ts';
import type { FinalTip } from './block-tree.ts';
import type { NodeDependencies } from './dependencies.ts';

/**
 * A core anchored at the tip. `self` is null where the epoch's set does not hold this node's key.
 * @param onForged told of a signature that does not hold
 */
export function coreOf(
  { genesis, signer, timing, verifier }: Pick<NodeDependencies, 'genesis' | 'signer' | 'timing' | 'verifier'>,
  { hash, header, state }: FinalTip,
  onForged: () => void,
): ConsensusState {
  const { chainId } = genesis;
  const validators = validatorSetOf(state);
  const self = validators.validators.findIndex(({ key }) => key === signer.key);
  return createConsensus(
    {
      ...timing,
      epoch: validators.epoch,
      validators,
      lastHeight: epochOf(state).lastHeight,
      self: self < 0 ? null : self,
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
