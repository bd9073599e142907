/** Votes as it should and never proposes. */
import { type ActorKind, nothing, proposalIn } from './actor.ts';

export const silentLeader: ActorKind = {
  name: 'silent-leader',
  instances: 1,
  create: () => ({ rewrite: (effect) => (proposalIn(effect) ? [] : [effect]), react: nothing }),
};
