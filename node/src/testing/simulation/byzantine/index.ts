/** All byzantine actors. */
import type { ActorKind } from './actor.ts';
import { conflictingFinalizer } from './conflicting-finalizer.ts';
import { equivocator } from './equivocator.ts';
import { forger } from './forger.ts';
import { invalidProposer } from './invalid-proposer.ts';
import { nuller } from './nuller.ts';
import { replayer } from './replayer.ts';
import { silentLeader } from './silent-leader.ts';
import { syncLiar } from './sync-liar.ts';
import { twins } from './twins.ts';
import { withholder } from './withholder.ts';

export type { Actor, ActorHands, ActorKind } from './actor.ts';

export const ACTORS: readonly ActorKind[] = [
  equivocator,
  conflictingFinalizer,
  nuller,
  silentLeader,
  withholder,
  replayer,
  forger,
  invalidProposer,
  twins,
  syncLiar,
];
