/**
 * Proposes what must not be notarized: a state root that execution does not give, a wrong height, a parent that does
 * not exist, and, before its turn has come, a block beside the one that is about to become final.
 */
import { INVALID_ROOT } from '../constants.ts';
import { type ActorKind, altered, broadcast, proposalFrom, proposalIn } from './actor.ts';

export const invalidProposer: ActorKind = {
  name: 'invalid-proposer',
  instances: 1,
  create: (hands) => {
    let early = 0;
    return {
      rewrite(effect) {
        const proposal = proposalIn(effect);
        if (!proposal) return [effect];
        const { block } = proposal;
        if (block.header.view <= early) return [];
        const { height } = block.header;
        const lies = [{ stateRoot: INVALID_ROOT }, { height: height + 1 }, { parentHash: 'cd'.repeat(32) }] as const;
        return [broadcast(altered(hands, block, lies[hands.random.below(lies.length)] ?? lies[0]))];
      },
      react(input) {
        const proposal = proposalFrom(input);
        const view = (proposal?.block.header.view ?? 0) + 1;
        if (!proposal || !hands.leads(view) || view <= early || hands.random.chance(0.5)) return [];
        early = view;
        const timestampMs = proposal.block.header.timestampMs + 1;
        return [broadcast(altered(hands, proposal.block, { view, timestampMs, proposer: hands.key }))];
      },
    };
  },
};
