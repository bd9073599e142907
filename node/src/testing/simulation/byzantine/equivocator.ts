/** Proposes two blocks in its view, one to each half, and notarizes every proposal that it ever sees. */
import type { Effect } from '../../../consensus/index.ts';
import { type ActorKind, altered, broadcast, proposalFrom, proposalIn, sendTo, voteMessage } from './actor.ts';

export const equivocator: ActorKind = {
  name: 'equivocator',
  instances: 1,
  create: (hands) => {
    const plans = new Map<number, readonly Effect[]>();
    return {
      rewrite(effect) {
        const proposal = proposalIn(effect);
        if (!proposal) return [effect];
        const { view, timestampMs } = proposal.block.header;
        const other = altered(hands, proposal.block, { timestampMs: timestampMs + 1 });
        const plan = plans.get(view) ?? [
          ...hands.peers.map((to) => sendTo(to, hands.random.chance(0.5) ? proposal : other)),
          broadcast(voteMessage(other.vote)),
          broadcast(voteMessage(proposal.vote)),
        ];
        plans.set(view, plan);
        return plan;
      },
      react(input) {
        const proposal = proposalFrom(input);
        if (!proposal) return [];
        const { view } = proposal.block.header;
        return [broadcast(voteMessage(hands.sign('notarize', view, proposal.vote.block)))];
      },
    };
  },
};
