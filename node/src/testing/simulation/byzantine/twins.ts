/** Two honest machines with one key (Bano et al., "Twins: BFT Systems Made Robust"): neither lies, together they do. */
import { type ActorKind, asWanted, nothing } from './actor.ts';

export const twins: ActorKind = {
  name: 'twins',
  instances: 2,
  create: () => ({ rewrite: asWanted, react: nothing }),
};
