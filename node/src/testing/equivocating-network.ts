/**
 * One lie, told through an honest node's own network: in the first view that the node leads while it is connected with
 * everybody, it votes for a second block besides the one that it proposes. That is what a slash needs as evidence, and
 * it is told once, so whoever is slashed twice for it is slashed wrongly. The node behind it knows of nothing.
 */
import type { Network, ValidatorSigner } from '../ports/index.ts';
import { canonicalBytes } from '../protocol/canonical.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { hashBytes, voteSigningRoot } from '../protocol/hashing.ts';
import type { Vote } from '../protocol/types.ts';
import { decodeConsensusMessage, encodeConsensusMessage } from '../protocol/wire.ts';

/** A vote for a block that does not exist, beside the given one. */
function besides(vote: Vote, signer: ValidatorSigner, chainId: string): Vote {
  const { kind, epoch, view, validator } = vote;
  const subject = { kind, epoch, view, block: hashBytes(canonicalBytes({ besides: vote.block })) };
  return { ...subject, validator, signature: signer.sign(voteSigningRoot(chainId, subject)) };
}

export function equivocatingNetwork(
  network: Network,
  signer: ValidatorSigner,
  { chainId, validators }: Pick<Genesis, 'chainId' | 'validators'>,
): Network {
  let told = false;

  /** Goes first: who counts the second vote after a quorum for the first would not look at it any more. */
  const lieBefore = (bytes: Uint8Array): void => {
    if (told || network.peers().length < validators.length - 1) return;
    const message = decodeConsensusMessage(bytes);
    if (message.type !== 'proposal') return;
    told = true;
    const vote = besides(message.vote, signer, chainId);
    network.broadcastConsensus(encodeConsensusMessage({ type: 'vote', vote }));
  };

  return {
    ...network,
    broadcastConsensus(bytes) {
      lieBefore(bytes);
      network.broadcastConsensus(bytes);
    },
  };
}
