/** Votes as it should, claims a chain far longer than the true one, and has no block of it to give. */
import { type ActorKind, asWanted, nothing } from './actor.ts';

const CLAIMED_HEIGHT = 1_000_000;

export const syncLiar: ActorKind = {
  name: 'sync-liar',
  instances: 1,
  wholeNodesOnly: true,
  create: () => ({
    rewrite: asWanted,
    react: nothing,
    answerRequest(request) {
      if (request.type === 'status') return { type: 'status', height: CLAIMED_HEIGHT, hash: 'ab'.repeat(32), view: 1 };
      return request.type === 'blocks' ? { type: 'blocks', blocks: [], finality: null } : undefined;
    },
  }),
};
