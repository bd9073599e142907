/** Keeps what it hears and says it again much later: certificates, votes and proposals of views long gone. */
import type { ConsensusMessage } from '../../../protocol/wire.ts';
import { type ActorKind, asWanted, broadcast } from './actor.ts';

const KEPT_MAX = 128;
const REPLAY_CHANCE = 0.1;

export const replayer: ActorKind = {
  name: 'stale-replayer',
  instances: 1,
  create: ({ random }) => {
    const kept: ConsensusMessage[] = [];
    return {
      rewrite: asWanted,
      react(input) {
        if (input.type !== 'message') return [];
        if (kept.length < KEPT_MAX) kept.push(input.message);
        else if (random.chance(REPLAY_CHANCE)) kept[random.below(KEPT_MAX)] = input.message;
        const old = kept[random.below(kept.length)];
        return old && random.chance(REPLAY_CHANCE) ? [broadcast(old)] : [];
      },
    };
  },
};
