/** Breaks the one rule that safety rests on: nullifies and finalizes the same views. */
import { type Hash, ZERO_HASH } from '../../../protocol/types.ts';
import { type ActorKind, broadcast, proposalFrom, voteIn, voteMessage } from './actor.ts';

export const nuller: ActorKind = {
  name: 'nuller',
  instances: 1,
  create: (hands) => {
    const proposed = new Map<number, Hash>();
    return {
      rewrite(effect) {
        const vote = voteIn(effect);
        if (!vote) return [effect];
        const block = proposed.get(vote.view);
        const also = block ? [hands.sign('finalize', vote.view, block)] : [];
        const lies = [...also, hands.sign('nullify', vote.view, ZERO_HASH)];
        return [effect, ...lies.map((lie) => broadcast(voteMessage(lie)))];
      },
      react(input) {
        const proposal = proposalFrom(input);
        if (proposal) proposed.set(proposal.block.header.view, proposal.vote.block);
        return [];
      },
    };
  },
};
