/**
 * Makes up certificates: too few signers, one signer many times, others' names, votes of another epoch. Asked for final
 * blocks, it makes those up too.
 */
import { headerHash } from '../../../protocol/hashing.ts';
import type { Certificate, Hash, Vote, VoteKind } from '../../../protocol/types.ts';
import { VOTE_KINDS, ZERO_HASH } from '../../../protocol/types.ts';
import { type ActorHands, type ActorKind, altered, asWanted, broadcast, proposalFrom, voteMessage } from './actor.ts';

const FORGE_CHANCE = 0.05;

const certify = (votes: readonly Vote[], [first] = votes): Certificate | undefined =>
  first && {
    kind: first.kind,
    epoch: first.epoch,
    view: first.view,
    block: first.block,
    signers: votes.map(({ validator }) => validator),
    signatures: votes.map(({ signature }) => signature),
  };

function forge(hands: ActorHands, kind: VoteKind, view: number, block: Hash): Certificate | undefined {
  const all = [hands.validator, ...hands.peers].sort((a, b) => a - b);
  const own = hands.sign(kind, view, block);
  switch (hands.random.below(4)) {
    case 0:
      return certify([own]);
    case 1:
      return certify(all.map(() => own));
    case 2:
      return certify(all.map((validator) => ({ ...own, validator })));
    default:
      return certify(all.map((validator) => hands.foreignVote(validator, kind, view, block)));
  }
}

export const forger: ActorKind = {
  name: 'certificate-forger',
  instances: 1,
  create: (hands) => {
    let newest: { readonly view: number; readonly block: Hash } | undefined;
    return {
      rewrite: asWanted,
      answerSync(tip) {
        if (!tip || hands.random.chance(0.5)) return undefined;
        const { height, view } = tip.header;
        const changes = { height: height + 1, view: view + 1, parentHash: headerHash(tip.header) };
        const { block, vote } = altered(hands, tip, changes);
        const certificate = certify([hands.sign('finalize', view + 1, vote.block)]);
        return certificate && { block, certificate };
      },
      react(input) {
        const proposal = proposalFrom(input);
        if (proposal) newest = { view: proposal.block.header.view, block: proposal.vote.block };
        if (!newest || !hands.random.chance(FORGE_CHANCE)) return [];
        const kind = VOTE_KINDS[hands.random.below(VOTE_KINDS.length)] ?? 'nullify';
        const block = kind === 'nullify' ? ZERO_HASH : newest.block;
        const certificate = forge(hands, kind, newest.view, block);
        const stolen = { ...hands.sign(kind, newest.view, block), validator: hands.peers[0] ?? 0 };
        return [
          ...(certificate ? [broadcast({ type: 'certificate', certificate })] : []),
          broadcast(voteMessage(stolen)),
        ];
      },
    };
  },
};
