/** Votes to finalize every proposal on sight, and a block that does not exist besides. */
import { type ActorKind, asWanted, broadcast, proposalFrom, voteMessage } from './actor.ts';

export const conflictingFinalizer: ActorKind = {
  name: 'conflicting-finalizer',
  instances: 1,
  create: (hands) => ({
    rewrite: asWanted,
    react(input) {
      const proposal = proposalFrom(input);
      if (!proposal) return [];
      const { view } = proposal.block.header;
      return [proposal.vote.block, 'ab'.repeat(32)].map((block) =>
        broadcast(voteMessage(hands.sign('finalize', view, block))),
      );
    },
  }),
};
