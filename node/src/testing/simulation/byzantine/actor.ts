/**
 * A byzantine validator is an honest core with a liar between it and the network. The liar sees every input and may
 * replace every effect; it signs with its own key only.
 */
import type { Effect, Input } from '../../../consensus/index.ts';
import { headerHash } from '../../../protocol/hashing.ts';
import type { Block, Certificate, Hash, Header, ValidatorKey, Vote, VoteKind } from '../../../protocol/types.ts';
import type { ConsensusMessage, SyncRequest, SyncResponse } from '../../../protocol/wire.ts';
import type { Random } from '../../random.ts';

export interface ActorHands {
  readonly validator: number;
  /** The other validators. */
  readonly peers: readonly number[];
  readonly random: Random;
  sign(kind: VoteKind, view: number, block: Hash): Vote;
  /** A vote that another validator signed in another epoch, which anybody may have kept. */
  foreignVote(validator: number, kind: VoteKind, view: number, block: Hash): Vote;
  leads(view: number): boolean;
  /** Own key, as headers name it. */
  readonly key: ValidatorKey;
}

export interface Actor {
  /** What happens in place of an effect that the core wants. */
  rewrite(effect: Effect): readonly Effect[];
  /** What it does besides, before its core sees the input. */
  react(input: Input): readonly Effect[];
  /** What it answers to a request of a whole node, in place of the truth. */
  answerRequest?(request: SyncRequest): SyncResponse | undefined;
  /** The same on the network of bare cores. */
  answerSync?(tip: Block | undefined): { readonly block: Block; readonly certificate: Certificate } | undefined;
}

export interface ActorKind {
  readonly name: string;
  /** Machines that run with the one key. */
  readonly instances: 1 | 2;
  /** Means something only where whole nodes run. */
  readonly wholeNodesOnly?: true;
  create(hands: ActorHands): Actor;
}

export type Proposal = Extract<ConsensusMessage, { type: 'proposal' }>;

export const broadcast = (message: ConsensusMessage): Effect => ({ type: 'broadcast', message });
export const sendTo = (to: number, message: ConsensusMessage): Effect => ({ type: 'send', to, message });
export const voteMessage = (vote: Vote): ConsensusMessage => ({ type: 'vote', vote });

/** The proposal that an effect spreads, if it is one. */
export const proposalIn = (effect: Effect): Proposal | undefined =>
  effect.type === 'broadcast' && effect.message.type === 'proposal' ? effect.message : undefined;

export const proposalFrom = (input: Input): Proposal | undefined =>
  input.type === 'message' && input.message.type === 'proposal' ? input.message : undefined;

export const voteIn = (effect: Effect): Vote | undefined =>
  effect.type === 'broadcast' && effect.message.type === 'vote' ? effect.message.vote : undefined;

/** The same block with a changed header, proposed with a vote that fits. */
export function altered({ sign }: ActorHands, block: Block, changes: Partial<Header>): Proposal {
  const header = { ...block.header, ...changes };
  return { type: 'proposal', block: { ...block, header }, vote: sign('notarize', header.view, headerHash(header)) };
}

export const nothing = (): readonly Effect[] => [];
export const asWanted = (effect: Effect): readonly Effect[] => [effect];
