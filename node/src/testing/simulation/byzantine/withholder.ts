/** Says everything to some only: proposals, votes and certificates reach a new random part of the others each time. */
import { type ActorKind, nothing, sendTo } from './actor.ts';

export const withholder: ActorKind = {
  name: 'withholder',
  instances: 1,
  create: ({ peers, random }) => ({
    rewrite(effect) {
      if (effect.type !== 'broadcast') return [effect];
      const share = random.next();
      return peers.filter(() => random.chance(share)).map((to) => sendTo(to, effect.message));
    },
    react: nothing,
  }),
};
